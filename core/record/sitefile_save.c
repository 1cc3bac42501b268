/* SPDX-License-Identifier: MIT */
/* Owns writing into a site file: each call one committed transaction. */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/record/json.h"
#include "core/record/sitefile.h"
#include "core/record/sitefile_db.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* Ends a transaction well or not at all. */
static int
end(struct sitefile *f, int rc, struct error *err)
{
	if (rc == 0)
		rc = db_run(f, ST_COMMIT, NULL, 0, err);
	/* A full disk may have ended it already. */
	if (rc != 0 && f->db != NULL && !sqlite3_get_autocommit(f->db))
		db_run(f, ST_ROLLBACK, NULL, 0, NULL);
	if (rc == 0)
		db_settle(f);
	return rc;
}

static int
save(struct sitefile *f, enum statement which, const struct bind *values,
    int count, struct error *err)
{
	int rc = db_spoil(f, err);

	if (rc == 0)
		rc = db_run(f, which, values, count, err);
	if (rc == 0)
		db_settle(f);
	return rc;
}

/* During a run: safe from a kill at once, from a dead battery soon. Nobody
 * brings a result a second time, so that it is kept even where the file has
 * no place now, for when it has one again. */
static int
save_quickly(struct sitefile *f, enum statement which,
    const struct bind *values, int count, struct error *err)
{
	int away = db_stay_now_and_then(f, err), rc;

	f->measuring = true;
	rc = db_spoil(f, away == 0 ? err : NULL);
	if (rc == 0)
		rc = db_run(f, which, values, count, away == 0 ? err : NULL);
	f->measuring = false;
	if (rc == 0 && away == 0 &&
	    clock_mono_us() - f->settled_us > DB_SETTLE_US)
		db_settle(f);
	return away == 0 ? rc : away;
}

static int
save_info(struct sitefile *f, const char *name, const char *value,
    struct error *err)
{
	const struct bind values[] = {TEXT(name), TEXT(value)};

	return db_run(f, ST_SAVE_INFO, values, COUNT(values), err);
}

int
sitefile_save_site(struct sitefile *f, const struct site_info *s,
    struct error *err)
{
	const struct {
		const char *name, *value;
	} rows[] = {
	    {"name", s->name},
	    {"address", s->address},
	    {"project", s->project},
	    {"customer", s->customer},
	    {"customer_contact", s->customer_contact},
	    {"installer", s->installer},
	    {"installer_contact", s->installer_contact},
	    {"engineer", s->engineer},
	    {"it_contact", s->it_contact},
	    {"notes", s->notes},
	    {"device_zone", s->device_zone},
	    {"language", s->language},
	};
	int rc = db_run(f, ST_BEGIN, NULL, 0, err);
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows && rc == 0; i++)
		rc = save_info(f, rows[i].name, rows[i].value, err);
	return end(f, rc, err);
}

int
sitefile_save_products(struct sitefile *f, const struct strlist *p,
    struct error *err)
{
	int rc = db_run(f, ST_BEGIN, NULL, 0, err);
	size_t i;

	if (rc == 0)
		rc = db_spoil(f, err);
	if (rc == 0)
		rc = db_run(f, ST_CLEAR_PRODUCTS, NULL, 0, err);
	for (i = 0; i < p->count && rc == 0; i++) {
		const struct bind values[] = {NUMBER((int64_t)i + 1),
		    TEXT(p->item[i])};

		rc = db_run(f, ST_SAVE_PRODUCT, values, COUNT(values), err);
	}
	return end(f, rc, err);
}

int
sitefile_save_answer(struct sitefile *f, const char *product,
    const char *question, const char *value, struct error *err)
{
	const struct bind values[] = {TEXT(product), TEXT(question),
	    TEXT(value)};

	if (value == NULL)
		return save(f, ST_FORGET_ANSWER, values, 2, err);
	return save(f, ST_SAVE_ANSWER, values, COUNT(values), err);
}

static bool
is_empty(const char *s)
{
	return s == NULL || s[0] == '\0';
}

int
sitefile_save_equipment(struct sitefile *f, const struct equipment *e,
    struct error *err)
{
	const struct bind values[] = {TEXT(e->product), TEXT(e->item),
	    TEXT(e->label), TEXT(e->value), TEXT(e->how), NUMBER(e->when_us)};

	if (is_empty(e->value))
		return save(f, ST_FORGET_EQUIPMENT, values, 2, err);
	return save(f, ST_SAVE_EQUIPMENT, values, COUNT(values), err);
}

/* Takes j; returns owned, for free(). */
static char *
compact(json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);

	if (text == NULL)
		mem_fatal("out of memory");
	json_decref(j);
	return text;
}

/* Beside the table, not in a column of it: a table that changes needs a new
 * version of the file. */
static int
save_reason(struct sitefile *f, const struct attestation *t, struct error *err)
{
	struct arena *a = arena_new();
	const struct bind values[] = {TEXT(arena_printf(a, "reason:%s.%s.%s",
					  t->product, t->step, t->id)),
	    TEXT(t->reason)};
	int rc;

	if (is_empty(t->answer) || is_empty(t->reason))
		rc = db_run(f, ST_FORGET_INFO, values, 1, err);
	else
		rc = db_run(f, ST_SAVE_INFO, values, COUNT(values), err);
	arena_free(a);
	return rc;
}

int
sitefile_save_attestation(struct sitefile *f, const struct attestation *t,
    struct error *err)
{
	const struct bind values[] = {TEXT(t->product), TEXT(t->step),
	    TEXT(t->id), TEXT(t->text), TEXT(t->answer), TEXT(t->who),
	    NUMBER(t->when_us)};

	const struct bind place[] = {values[0], values[1], values[2]};
	int rc = db_run(f, ST_BEGIN, NULL, 0, err);

	if (rc == 0)
		rc = db_spoil(f, err);
	if (rc == 0 && is_empty(t->answer))
		rc = db_run(f, ST_FORGET_ATTESTATION, place, COUNT(place), err);
	else if (rc == 0)
		rc = db_run(f, ST_SAVE_ATTESTATION, values, COUNT(values), err);
	if (rc == 0)
		rc = save_reason(f, t, err);
	return end(f, rc, err);
}

int
sitefile_save_declaration(struct sitefile *f, const struct declaration *d,
    struct error *err)
{
	const char *party = word_name(&words_party, (int)d->party);
	struct arena *a = arena_new();
	char *text, *name = arena_printf(a, DECLARATION "%s", party);
	const struct bind key = TEXT(name);
	int rc;

	if (d->when_us == 0 && is_empty(d->name) && is_empty(d->role) &&
	    is_empty(d->remarks)) {
		rc = db_run(f, ST_FORGET_INFO, &key, 1, err);
	} else {
		text = compact(declaration_to_json(d));
		rc = save_info(f, name, text, err);
		free(text);
	}
	if (rc == 0)
		db_settle(f);
	arena_free(a);
	return rc;
}

int
sitefile_save_deviation(struct sitefile *f, const struct deviation *d,
    struct error *err)
{
	const struct bind values[] = {TEXT(d->requirement), TEXT(d->owner),
	    TEXT(d->reason), TEXT(d->expires), TEXT(d->initials),
	    NUMBER(d->when_us)};

	if (is_empty(d->owner) && is_empty(d->reason))
		return save(f, ST_FORGET_DEVIATION, values, 1, err);
	return save(f, ST_SAVE_DEVIATION, values, COUNT(values), err);
}

/* One that is there already is no reason to write into a file. */
static bool
is_kept(struct sitefile *f, const char *place)
{
	struct arena *a = arena_new();
	const char *kept = f->db == NULL ? NULL : sitefile_place(f, a);
	bool same = kept != NULL && strcmp(kept, place) == 0;

	arena_free(a);
	return same;
}

int
sitefile_save_place(struct sitefile *f, const char *place, struct error *err)
{
	int rc;

	if (strlen(place) > DB_TEXT_MAX) {
		error_set(err, ERR_INPUT,
		    _("An entry is too large for the site file."));
		error_hint(err, "%s", _("Shorten it."));
		return -1;
	}
	if (!f->written && is_kept(f, place))
		return 0;
	rc = save_info(f, "place", place, err);
	if (rc == 0)
		db_settle(f);
	return rc;
}

int
sitefile_save_judgement(struct sitefile *f, const struct record *r,
    struct error *err)
{
	json_t *j = record_to_json(r);
	char *text;
	int rc;

	/* They stand in the file themselves. */
	if (json_object_set_new(j, "observations", json_array()) != 0 ||
	    json_object_set_new(j, "earlier", json_array()) != 0)
		mem_fatal("out of memory");
	text = compact(j);
	rc = save_info(f, "judgement", text, err);
	free(text);
	if (rc == 0)
		db_settle(f);
	return rc;
}

static int
fail_without_run(struct error *err)
{
	return error_set(err, ERR_INTERNAL,
	    _("A result came before the check had begun."));
}

static int
add_run(struct sitefile *f, const struct vantage *v, int64_t started_us,
    struct error *err)
{
	char *text = compact(vantage_to_json(v));
	const struct bind values[] = {NUMBER(started_us), TEXT(text)};
	int rc = db_spoil(f, err);

	if (rc == 0)
		rc = db_run(f, ST_RUN_BEGIN, values, COUNT(values), err);
	free(text);
	return rc;
}

int
sitefile_run_begin(struct sitefile *f, const struct vantage *v,
    int64_t started_us, struct error *err)
{
	int rc = add_run(f, v, started_us, err);

	if (rc == 0) {
		f->run = f->base = sqlite3_last_insert_rowid(f->db);
		db_settle(f);
	}
	return rc;
}

int
sitefile_retry_begin(struct sitefile *f, const struct vantage *v,
    int64_t started_us, struct error *err)
{
	int64_t run = 0;
	int rc;

	if (f->base == 0)
		return fail_without_run(err);
	rc = db_run(f, ST_BEGIN, NULL, 0, err);
	if (rc == 0)
		rc = add_run(f, v, started_us, err);
	if (rc == 0) {
		run = sqlite3_last_insert_rowid(f->db);
		rc = db_run(f, ST_RETRY_BEGIN,
		    (const struct bind[]){NUMBER(run), NUMBER(f->base)}, 2,
		    err);
	}
	rc = end(f, rc, err);
	if (rc == 0)
		f->run = run;
	return rc;
}

int
sitefile_replaced(struct sitefile *f, const char *older, const char *newer,
    struct error *err)
{
	const struct bind values[] = {NUMBER(f->run), TEXT(older), TEXT(newer)};

	if (f->run == 0)
		return fail_without_run(err);
	return save_quickly(f, ST_REPLACED, values, COUNT(values), err);
}

int
sitefile_probe_started(struct sitefile *f, const char *key, struct error *err)
{
	const struct bind values[] = {NUMBER(f->run), TEXT(key)};

	if (f->run == 0)
		return fail_without_run(err);
	return save_quickly(f, ST_STARTED, values, COUNT(values), err);
}

int
sitefile_observation(struct sitefile *f, const struct observation *o,
    struct error *err)
{
	char *text;
	int rc;

	if (f->run == 0)
		return fail_without_run(err);
	text = compact(observation_to_json(o));
	rc = save_quickly(f, ST_OBSERVATION,
	    (const struct bind[]){NUMBER(f->run), TEXT(o->key), TEXT(text)}, 3,
	    err);
	free(text);
	return rc;
}

int
sitefile_run_end(struct sitefile *f, int64_t ended_us, bool complete,
    struct error *err)
{
	const struct bind values[] = {NUMBER(f->run), NUMBER(ended_us),
	    NUMBER(complete)};

	if (f->run == 0)
		return fail_without_run(err);
	return save(f, ST_RUN_END, values, COUNT(values), err);
}

int
sitefile_retry_end(struct sitefile *f, int64_t ended_us, bool complete,
    bool whole, struct error *err)
{
	int rc;

	if (f->run == 0 || f->run == f->base)
		return fail_without_run(err);
	rc = db_run(f, ST_BEGIN, NULL, 0, err);
	if (rc == 0)
		rc = db_spoil(f, err);
	if (rc == 0)
		rc = db_run(f, ST_RUN_END,
		    (const struct bind[]){NUMBER(f->run), NUMBER(ended_us),
			NUMBER(complete)},
		    3, err);
	if (rc == 0)
		rc = db_run(f, ST_RUN_IS_WHOLE,
		    (const struct bind[]){NUMBER(f->base), NUMBER(whole)}, 2,
		    err);
	return end(f, rc, err);
}
