/* SPDX-License-Identifier: MIT */
/* Owns what a site file says about itself in short: how the site stood, and
 * what its user agreed to. */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/record/json.h"
#include "core/record/sitefile.h"
#include "core/record/sitefile_db.h"

#define STANDING "standing"
#define CONSENT "consent"
#define STANDING_TEXT_MAX 1000 /* bytes of one member */
#define STANDING_PACKS 100

/* An info row's text as it is in the file, or NULL; until the next use of the
 * statement. */
static const char *
peek(struct sitefile *f, const char *name, sqlite3_stmt **s)
{
	const struct bind value = TEXT(name);

	*s = db_bind(f, ST_LOAD_INFO, &value, 1, NULL);
	if (*s == NULL || db_step(f, *s, NULL) != 1 ||
	    sqlite3_column_type(*s, 0) != SQLITE_TEXT)
		return NULL;
	return (const char *)sqlite3_column_text(*s, 0);
}

static int
put(struct sitefile *f, const char *name, const char *text, struct error *err)
{
	const struct bind values[] = {TEXT(name), TEXT(text)};
	int rc = db_run(f, ST_SAVE_INFO, values, 2, err);

	if (rc == 0)
		db_settle(f);
	return rc;
}

int
db_spoil(struct sitefile *f, struct error *err)
{
	if (f->spoilt)
		return 0;
	if (db_run(f, ST_FORGET_STANDING, NULL, 0, err) != 0)
		return -1;
	/* A transaction around it may still fail, and then it stands. */
	f->spoilt = sqlite3_get_autocommit(f->db) != 0;
	return 0;
}

/* --- writing ----------------------------------------------------------- */

/* The day on which the first acceptance that counts will end. */
static const char *
first_end(const struct record *r)
{
	const char *first = "";
	size_t i;

	for (i = 0; i < r->ndeviations; i++) {
		const struct deviation *d = &r->deviations[i];

		if (d->state == DEVIATION_HOLDS && d->expires != NULL &&
		    (*first == '\0' || strcmp(d->expires, first) < 0))
			first = d->expires;
	}
	return first;
}

static json_t *
packs_of(const struct record *r, struct arena *a)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < r->npacks; i++)
		json_array_append_new(list,
		    json_string(arena_printf(a, "%s %s", r->packs[i].product,
			r->packs[i].sha256)));
	return list;
}

int
sitefile_save_standing(struct sitefile *f, const struct record *r,
    struct error *err)
{
	struct arena *a = arena_new();
	char language[I18N_LANGUAGE_SIZE];
	sqlite3_stmt *s;
	const char *old;
	char *text;
	json_t *j;
	int rc = 0;

	/* One that was only looked at may have been deleted. */
	if (f->read_only || (!f->written && f->watched && !db_is_in_place(f))) {
		arena_free(a);
		return 0;
	}
	i18n_language(language);
	j = json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:o}", "readiness",
	    word_name(&words_readiness, (int)r->readiness), "blocks",
	    (json_int_t)r->nblocks, "brief",
	    r->nblocks > 0 ? r->blocks[0].brief : "", "language", language,
	    "day", r->as_of != NULL ? r->as_of : "", "until", first_end(r),
	    "tool", r->tool_version, "packs", packs_of(r, a));
	text = j == NULL ? NULL : json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	if (text == NULL)
		mem_fatal("out of memory");
	old = peek(f, STANDING, &s);
	/* A file that is only looked at stays as it is. */
	if (old == NULL || strcmp(old, text) != 0)
		rc = put(f, STANDING, text, err);
	else
		sqlite3_reset(s);
	if (rc == 0)
		f->spoilt = false;
	free(text);
	json_decref(j);
	arena_free(a);
	return rc;
}

int
sitefile_save_consent(struct sitefile *f, const char *consent,
    struct error *err)
{
	return put(f, CONSENT, consent, err);
}

/* --- reading ----------------------------------------------------------- */

char *
sitefile_consent(struct sitefile *f, struct arena *a)
{
	sqlite3_stmt *s;
	char *text = NULL;

	if (peek(f, CONSENT, &s) != NULL)
		text = db_text(s, 0, a, false);
	if (s != NULL)
		sqlite3_reset(s);
	return text == NULL || *text == '\0' ? NULL : text;
}

static char *
text_of(struct arena *a, const json_t *j, const char *name)
{
	const json_t *v = json_object_get(j, name);

	if (!json_is_string(v))
		return arena_strdup(a, "");
	return text_sanitise(a, json_string_value(v), json_string_length(v),
	    STANDING_TEXT_MAX, false);
}

static struct site_standing *
read_standing(struct arena *a, const json_t *j)
{
	struct site_standing *s = arena_alloc(a, sizeof *s);
	const json_t *packs = json_object_get(j, "packs");
	json_int_t n = json_integer_value(json_object_get(j, "blocks"));
	int word = 0;
	size_t i;

	if (!word_parse(&words_readiness, text_of(a, j, "readiness"), &word) ||
	    n < 0)
		return NULL;
	memset(s, 0, sizeof *s);
	s->readiness = (enum readiness)word;
	s->nblocks = (size_t)n;
	s->brief = text_of(a, j, "brief");
	s->language = text_of(a, j, "language");
	s->day = text_of(a, j, "day");
	s->until = text_of(a, j, "until");
	s->tool = text_of(a, j, "tool");
	for (i = 0; i < json_array_size(packs) && i < STANDING_PACKS; i++) {
		const json_t *v = json_array_get(packs, i);

		if (json_is_string(v))
			strlist_add(a, &s->packs,
			    text_sanitise(a, json_string_value(v),
				json_string_length(v), STANDING_TEXT_MAX,
				false));
	}
	/* One that is ready has nothing in its way, and the other way round. */
	return (s->readiness == NOT_READY) == (s->nblocks > 0) ? s : NULL;
}

struct site_standing *
db_standing(struct sitefile *f, struct arena *a)
{
	struct site_standing *out = NULL;
	const char *text;
	sqlite3_stmt *s;
	json_t *j;

	text = peek(f, STANDING, &s);
	j = text == NULL ? NULL :
			   json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(j))
		out = read_standing(a, j);
	json_decref(j);
	if (s != NULL)
		sqlite3_reset(s);
	return out;
}
