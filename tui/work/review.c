/* SPDX-License-Identifier: MIT */
/* Owns the reading and the judging of handovers that others wrote. */
#include "tui/work/review.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/judge/deviation.h"
#include "core/judge/judge.h"
#include "core/pack/answers.h"
#include "core/record/json.h"

#define FILE_MAX ((size_t)32 << 20)
#define SITE_MAGIC "SQLite format 3"

/* --- judging ----------------------------------------------------------- */

static void
find_strange(struct app *app, const struct record *r, struct arena *a,
    struct strlist *strange)
{
	size_t i;

	for (i = 0; i < r->products.count; i++) {
		const char *id = r->products.item[i];

		if (pack_find(app->packs, id) == NULL &&
		    !strlist_has(strange, id))
			strlist_add(a, strange, id);
	}
	/* A file may name lines of a product that it does not name. */
	for (i = 0; i < r->nneeds; i++) {
		const char *id = r->needs[i].product;

		if (pack_find(app->packs, id) == NULL &&
		    !strlist_has(strange, id))
			strlist_add(a, strange, id);
	}
}

/* What cannot be judged again stays among the needs as it was read. */
static void
keep_strange(struct record *r, const struct need *old, size_t count,
    const struct strlist *strange)
{
	struct need *all;
	size_t i;

	if (strange->count == 0)
		return;
	all = arena_array(r->judged, r->nneeds + count, sizeof *all);
	for (i = 0; i < r->nneeds; i++)
		all[i] = r->needs[i];
	r->needs = all;
	for (i = 0; i < count; i++) {
		if (strlist_has(strange, old[i].product))
			all[r->nneeds++] = old[i];
	}
}

void
review_judge(struct app *app, struct record *r, struct arena *a,
    struct strlist *strange)
{
	/* What was read lies in r->arena, and outlives the judging. */
	const struct need *old = r->needs;
	struct pack_ref *packs = r->packs;
	size_t nold = r->nneeds, npacks = r->npacks;
	char today[DEVIATION_DATE_SIZE];

	find_strange(app, r, a, strange);
	deviation_suggest(clock_wall_us(), 0, today);
	r->as_of = arena_strdup(r->arena, today);
	needs_build(app->packs, &app->vocab, r);
	judge_record(r);
	/* A site file names none of its own. */
	if (npacks > 0) {
		r->packs = packs;
		r->npacks = npacks;
	}
	keep_strange(r, old, nold, strange);
}

/* --- reading ----------------------------------------------------------- */

static struct record *
parse(const struct buf *data, const char *path, struct error *err)
{
	struct record *r = record_from_json(buf_str(data), data->len, err);

	if (r == NULL && err->where[0] == '\0')
		error_where(err, "%s", path);
	return r;
}

struct review *
review_open(struct app *app, const char *path, struct error *err)
{
	struct review *v = mem_alloc(sizeof *v);
	struct buf data;

	v->arena = arena_new();
	v->path = arena_strdup(v->arena, path);
	buf_init(&data, FILE_MAX);
	if (file_read(path, FILE_MAX, &data, err) == 0) {
		v->stated = parse(&data, path, err);
		/* Once more, since judging changes what it judges. */
		v->today = v->stated == NULL ? NULL : parse(&data, path, err);
		review_seal(v->arena, path, buf_str(&data), data.len,
		    app_allowed(app), &v->seal);
		digest_sha256_hex(buf_str(&data), data.len, v->sha256);
	}
	buf_free(&data);
	if (v->today == NULL) {
		review_close(v);
		return NULL;
	}
	/* Handovers of earlier versions have no answer, but they say why not:
	 * every line that was judged is in them. */
	v->has_answer = v->stated->nblocks > 0 ||
	    v->stated->readiness != NOT_READY;
	review_judge(app, v->today, v->arena, &v->strange);
	changes_find(v->arena, v->stated->needs, v->stated->nneeds,
	    v->today->needs, v->today->nneeds, &v->changes);
	return v;
}

void
review_close(struct review *v)
{
	if (v == NULL)
		return;
	record_free(v->stated);
	record_free(v->today);
	arena_free(v->arena);
	mem_free(v);
}

struct site *
review_site(struct app *app, struct review *v)
{
	struct site *s = mem_alloc(sizeof *s);

	s->app = app;
	s->read_only = true;
	s->record = v->stated;
	v->stated = NULL;
	return s;
}

static struct record *
load_site_file(const char *path, struct error *err)
{
	struct sitefile *f = sitefile_open(path, true, err);
	struct record *r = f == NULL ? NULL : sitefile_load(f, err);

	sitefile_close(f);
	return r;
}

struct record *
review_record(struct app *app, const char *path, struct error *err)
{
	struct arena *a = arena_new();
	struct strlist strange = {0};
	struct record *r = NULL;
	struct buf data;

	buf_init(&data, FILE_MAX);
	if (file_read(path, FILE_MAX, &data, err) != 0)
		r = NULL;
	else if (data.len >= sizeof SITE_MAGIC &&
	    memcmp(buf_str(&data), SITE_MAGIC, sizeof SITE_MAGIC) == 0)
		r = load_site_file(path, err);
	else
		r = parse(&data, path, err);
	buf_free(&data);
	if (r != NULL)
		review_judge(app, r, a, &strange);
	arena_free(a);
	return r;
}
