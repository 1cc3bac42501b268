/* SPDX-License-Identifier: MIT */
/* Owns the opening of what is compared. */
#include "tui/work/side.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/record/json.h"
#include "tui/work/review.h"

#define FILE_MAX ((size_t)32 << 20)
#define PACK_MAX ((size_t)1 << 20)
#define PACKS_MAX 200
#define SITE_MAGIC "SQLite format 3"
#define USUAL_NAME "handover.json"
#define SCHEMA_RULES "sitewalk/rules/"
#define SUFFIX ".yaml"
#define LOOKED_AT 65536 /* bytes in which a schema's name is looked for */

static const struct {
	const char *name, *label;
} kinds[] = {
    [SIDE_HANDOVER] = {"handover", N_("a handover")},
    [SIDE_SITE] = {"site", N_("a site file")},
    [SIDE_REQUEST] = {"request", N_("a change request")},
    [SIDE_PACKS] = {"packs", N_("packs")},
};

const char *
side_kind_name(enum side_kind kind)
{
	return kinds[kind].name;
}

const char *
side_kind_label(enum side_kind kind)
{
	return _(kinds[kind].label);
}

bool
side_is_like(const struct side *x, const struct side *y)
{
	bool records = x->kind <= SIDE_SITE && y->kind <= SIDE_SITE;

	return records || x->kind == y->kind;
}

int64_t
side_when(const struct side *v)
{
	return v->kind == SIDE_REQUEST ? v->request.created_us :
					 v->record->started_us;
}

/* --- packs ------------------------------------------------------------- */

/* As it would be if each of its variants applied. */
static struct need
need_of(const struct pack *p, const struct requirement *q)
{
	struct need n = {
	    .id = q->id,
	    .product = p->product,
	    .service = q->service,
	    .strength = q->strength,
	    .direction = q->direction,
	    .protocol = q->protocol,
	    .ports = q->ports,
	    .to = q->to,
	    .application = q->application,
	    .group = q->group,
	    .when = q->when,
	    .applies = true,
	    .reason = q->reason,
	    .breaks_installer = q->breaks_installer,
	    .breaks_customer = q->breaks_customer,
	    .note = q->note,
	    .source = q->source,
	    .outcome = OUTCOME_NOT_RUN,
	    .rung = RUNG_NONE,
	    .required_rung = q->rung,
	};

	return n;
}

static void
add_pack(struct side *v, const struct pack *p)
{
	struct record *r = v->record;
	struct pack_ref *ref = arena_push(r->arena, r->packs, r->npacks);
	size_t i;

	*arena_push(v->arena, v->pack, v->npacks) = p;
	*ref = (struct pack_ref){.product = p->product,
	    .title = arena_strdup(r->arena, pack_text(p->title)),
	    .version = p->version,
	    .sha256 = p->sha256,
	    .origin = p->origin,
	    .document = p->document,
	    .retrieved = p->retrieved};
	for (i = 0; i < p->nrequirements; i++)
		*arena_push(r->arena, r->needs, r->nneeds) = need_of(p,
		    &p->requirements[i]);
}

/* Any probe type is taken: packs of another version may know others. */
static int
read_pack(struct side *v, const char *path, struct error *err)
{
	struct mistakes mistakes = {0};
	const struct pack *p = NULL;
	struct buf data;
	int rc;

	buf_init(&data, PACK_MAX);
	rc = file_read(path, PACK_MAX, &data, err);
	if (rc == 0)
		p = pack_parse(v->arena, path, buf_str(&data), data.len, NULL,
		    &mistakes);
	buf_free(&data);
	if (rc == 0 && p == NULL) {
		rc = error_set(err, ERR_INPUT,
		    _("This file is neither a handover, a site file, a change "
		      "request nor a pack. As a pack it has this mistake: %s"),
		    mistakes.count > 0 ? mistakes.item[0].text : "");
		if (mistakes.count > 0)
			error_where(err, "%s:%u:%u", path,
			    mistakes.item[0].place.line,
			    mistakes.item[0].place.column);
	}
	if (rc == 0)
		add_pack(v, p);
	return rc;
}

static bool
ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n > k && strcmp(s + n - k, suffix) == 0;
}

static int
open_packs(struct side *v, const char *dir, struct error *err)
{
	struct strlist names = {0};
	struct dirent *entry;
	struct error why;
	DIR *d = opendir(dir);
	char *path;
	size_t i;

	if (d == NULL)
		return error_set_errno(err, errno, _("%s cannot be opened"),
		    dir);
	while (names.count < PACKS_MAX && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] != '.' && ends_with(entry->d_name, SUFFIX))
			strlist_add(v->arena, &names, entry->d_name);
	}
	closedir(d);
	strlist_sort(&names);
	for (i = 0; i < names.count; i++) {
		path = arena_printf(v->arena, "%s/%s", dir, names.item[i]);
		if (read_pack(v, path, &why) != 0)
			strlist_add(v->arena, &v->left_out,
			    arena_printf(v->arena, "%s %s", why.where,
				why.what));
	}
	if (v->npacks > 0)
		return 0;
	error_set(err, ERR_INPUT,
	    _("There is neither a pack nor a handover in this folder."));
	error_where(err, "%s", dir);
	return -1;
}

/* --- files ------------------------------------------------------------- */

static bool
is_site_file(const struct buf *data)
{
	return data->len >= sizeof SITE_MAGIC &&
	    memcmp(buf_str(data), SITE_MAGIC, sizeof SITE_MAGIC) == 0;
}

static bool
is_json(const struct buf *data)
{
	const char *s = buf_str(data);

	return s[strspn(s, " \t\r\n")] == '{';
}

/* Which of the two it is tells its own schema; it is checked afterwards. */
static bool
names_rules(const struct buf *data)
{
	size_t len = data->len < LOOKED_AT ? data->len : LOOKED_AT;
	const char *at = memmem(buf_str(data), len, "\n  \"schema\": \"", 14);

	if (at == NULL && data->len > LOOKED_AT)
		at = memmem(buf_str(data), data->len, "\n  \"schema\": \"", 14);
	return at != NULL &&
	    memcmp(at + 14, SCHEMA_RULES, strlen(SCHEMA_RULES)) == 0;
}

static int
open_site(struct app *app, struct side *v, struct error *err)
{
	struct error why = {0};

	v->kind = SIDE_SITE;
	v->record = review_record(app, v->path, &why);
	v->has_answer = true;
	if (v->record == NULL && err != NULL)
		*err = why;
	return v->record == NULL ? -1 : 0;
}

static int
open_handover(const struct app *app, struct side *v, const char *path,
    const struct buf *data, struct error *err)
{
	v->kind = SIDE_HANDOVER;
	review_seal(v->arena, path, buf_str(data), data->len, app_allowed(app),
	    &v->seal);
	v->record = record_from_json(buf_str(data), data->len, err);
	if (v->record == NULL)
		return -1;
	v->has_answer = v->record->nblocks > 0 ||
	    v->record->readiness != NOT_READY;
	return 0;
}

static int
open_request(struct side *v, const struct buf *data, struct error *err)
{
	v->kind = SIDE_REQUEST;
	if (request_from_json(buf_str(data), data->len, &v->request, err) != 0)
		return -1;
	v->record = v->request.record;
	v->request.record = NULL;
	return 0;
}

static int
open_file(struct app *app, struct side *v, const char *path, struct error *err)
{
	struct buf data;
	int rc;

	buf_init(&data, FILE_MAX);
	if (file_read(path, FILE_MAX, &data, err) != 0) {
		rc = -1;
	} else if (is_site_file(&data)) {
		rc = open_site(app, v, err);
	} else if (!is_json(&data)) {
		v->kind = SIDE_PACKS;
		v->record = record_new();
		rc = read_pack(v, path, err);
	} else if (names_rules(&data)) {
		rc = open_request(v, &data, err);
	} else {
		rc = open_handover(app, v, path, &data, err);
	}
	buf_free(&data);
	if (rc != 0 && err->where[0] == '\0')
		error_where(err, "%s", path);
	return rc;
}

int
side_open(struct app *app, const char *path, struct side *v, struct error *err)
{
	struct stat st;
	char *inside;

	memset(v, 0, sizeof *v);
	v->arena = arena_new();
	v->path = path;
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return open_file(app, v, path, err);
	inside = arena_printf(v->arena, "%s/" USUAL_NAME, path);
	if (access(inside, F_OK) == 0)
		return open_file(app, v, inside, err);
	v->kind = SIDE_PACKS;
	v->record = record_new();
	return open_packs(v, path, err);
}

void
side_close(struct side *v)
{
	record_free(v->record);
	arena_free(v->arena);
	memset(v, 0, sizeof *v);
}
