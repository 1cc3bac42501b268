/* SPDX-License-Identifier: MIT */
/* Owns the command "judge": old observations, judged by today's packs. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/judge/compare.h"
#include "core/judge/deviation.h"
#include "core/judge/judge.h"
#include "core/pack/answers.h"
#include "core/record/json.h"
#include "core/record/sitefile.h"
#include "tui/work/app.h"
#include "tui/commands/command_table.h"
#include "tui/commands/findings.h"
#include "tui/commands/options.h"
#include "tui/work/say.h"
#include "tui/commands/subject.h"

#define FILE_MAX ((size_t)256 << 20)
#define SECOND_US 1000000

#define MAGIC "SQLite format 3"

/* The judgement as it was written, beside the record judged anew. */
struct case_file {
	struct app app;
	struct record *record;
	struct record *old;       /* of a site file: what it was judged to be */
	const struct need *needs; /* as stored */
	size_t nneeds;
	const struct pack_ref *packs; /* by which it was judged */
	size_t npacks;
	bool has_old; /* there is a judgement to hold it against */
	bool has_answer;
	enum readiness answer; /* the stored one */
};

static void
keep_old(struct case_file *c, const struct record *old)
{
	c->has_old = true;
	/* Handovers of earlier versions have no answer, but they say why not:
	 * every line that was judged is in them. */
	c->has_answer = old->nblocks > 0 || old->readiness != NOT_READY;
	c->answer = old->readiness;
	c->needs = old->needs;
	c->nneeds = old->nneeds;
	c->packs = old->packs;
	c->npacks = old->npacks;
}

/* A site's file keeps what its last run was judged to be, beside what was
 * seen; a run that was cut short by force has none. */
static int
open_site(struct case_file *c, const char *path, struct error *err)
{
	struct sitefile *f = sitefile_open(path, true, err);

	if (f == NULL)
		return -1;
	c->record = sitefile_load(f, err);
	c->old = c->record == NULL ? NULL : sitefile_judgement(f);
	sitefile_close(f);
	if (c->old != NULL &&
	    c->old->started_us / SECOND_US == c->record->started_us / SECOND_US)
		keep_old(c, c->old);
	return c->record == NULL ? -1 : 0;
}

static int
open_case(struct case_file *c, const struct options *o, struct error *err)
{
	struct buf data;
	int rc = -1;

	memset(c, 0, sizeof *c);
	if (app_init_told(&c->app, &o->app, err) != 0)
		return -1;
	buf_init(&data, FILE_MAX);
	if (file_read(o->args.item[0], FILE_MAX, &data, err) != 0) {
		rc = -1;
	} else if (data.len >= sizeof MAGIC &&
	    memcmp(buf_str(&data), MAGIC, sizeof MAGIC) == 0) {
		rc = open_site(c, o->args.item[0], err);
	} else {
		c->record = record_from_json(buf_str(&data), data.len, err);
		if (c->record != NULL)
			keep_old(c, c->record);
		rc = c->record == NULL ? -1 : 0;
	}
	buf_free(&data);
	return rc;
}

static void
close_case(struct case_file *c)
{
	record_free(c->old);
	record_free(c->record);
	app_fini(&c->app);
}

/* --- in words --- */

static void
add_packs(struct buf *out, struct arena *a, const struct case_file *c)
{
	const struct record *r = c->record;
	size_t i, k;

	for (i = 0; i < r->npacks; i++) {
		for (k = 0; k < c->npacks; k++) {
			if (strcmp(c->packs[k].product, r->packs[i].product) !=
				0 ||
			    strcmp(c->packs[k].sha256, r->packs[i].sha256) == 0)
				continue;
			say_wrap(out,
			    arena_printf(a,
				_("The pack of %1$s was version %2$u then, and "
				  "is version %3$u now."),
				r->packs[i].title, c->packs[k].version,
				r->packs[i].version),
			    0);
		}
	}
}

static char *
judgement_text(struct arena *a, const struct need *n)
{
	const char *outcome = word_label(&words_outcome, (int)n->outcome);

	if (n->cause == CAUSE_NONE)
		return arena_strdup(a, outcome);
	return arena_printf(a, _("%1$s, %2$s (%3$s)"), outcome,
	    word_label(&words_cause, (int)n->cause),
	    word_label(&words_zone, (int)n->zone));
}

static void
add_change(struct buf *out, struct arena *a, const struct change *c)
{
	const struct need *n = c->now != NULL ? c->now : c->then;

	say_wrap(out, arena_printf(a, "%s: %s", n->id, n->service), 2);
	if (c->then != NULL)
		say_wrap(out,
		    arena_printf(a, _("then: %s"), judgement_text(a, c->then)),
		    4);
	if (c->kind == CHANGE_NEW)
		say_wrap(out, _("then: not asked for"), 4);
	if (c->now != NULL)
		say_wrap(out,
		    arena_printf(a, _("now: %1$s. %2$s"),
			judgement_text(a, c->now), c->now->summary),
		    4);
	else
		say_wrap(out, _("now: not asked for"), 4);
}

/* May I leave: then, and today. */
static void
add_answer(struct buf *out, struct arena *a, const struct case_file *c)
{
	const char *now = judge_readiness_text(c->record->readiness);
	const char *day = c->record->as_of;

	if (!c->has_answer)
		say_wrap(out, arena_printf(a, _("As of %1$s: %2$s."), day, now),
		    0);
	else if (c->answer == c->record->readiness)
		say_wrap(out,
		    arena_printf(a, _("As of %1$s: %2$s, as before."), day,
			now),
		    0);
	else
		say_wrap(out,
		    arena_printf(a, _("As of %1$s: %2$s. It was: %3$s."), day,
			now, judge_readiness_text(c->answer)),
		    0);
}

static void
add_count(struct buf *out, struct arena *a, const struct case_file *c,
    const struct changes *list)
{
	if (!c->has_old)
		say_wrap(out,
		    _("The file keeps no earlier judgement to hold this "
		      "against."),
		    0);
	else if (list->count == 0)
		say_wrap(out,
		    arena_printf(a,
			P_("%zu line was judged again, with the same result.",
			    "%zu lines were judged again, all with the same "
			    "result.",
			    list->same),
			list->same),
		    0);
	else
		say_wrap(out,
		    arena_printf(a,
			P_("%1$zu line would be judged differently today; "
			   "%2$zu would not.",
			    "%1$zu lines would be judged differently today; "
			    "%2$zu would not.",
			    list->count),
			list->count, list->same),
		    0);
}

static void
add_blocks(struct buf *out, struct arena *a, const struct record *r)
{
	size_t i;

	if (r->nblocks > 0)
		say_wrap(out, _("What still blocks the handover:"), 0);
	for (i = 0; i < r->nblocks; i++) {
		const struct block *b = &r->blocks[i];

		say_wrap(out, arena_printf(a, "%zu. %s", i + 1, b->summary), 2);
		say_wrap(out,
		    arena_printf(a, _("%1$s (whose it is: %2$s)"), b->todo,
			b->owner),
		    5);
	}
}

static void
write_text(struct buf *out, struct arena *a, const struct case_file *c,
    const struct changes *list)
{
	size_t i;

	add_answer(out, a, c);
	add_packs(out, a, c);
	add_count(out, a, c, list);
	for (i = 0; i < list->count; i++)
		add_change(out, a, &list->item[i]);
	add_blocks(out, a, c->record);
}

/* --- as JSON --- */

static json_t *
judgement_json(const struct need *n)
{
	json_t *j = json_object();

	if (n == NULL) {
		json_decref(j);
		return json_null();
	}
	json_object_set_new(j, "outcome",
	    json_string(word_name(&words_outcome, (int)n->outcome)));
	json_object_set_new(j, "rung",
	    json_string(word_name(&words_rung, (int)n->rung)));
	json_object_set_new(j, "cause",
	    n->cause == CAUSE_NONE ?
		json_null() :
		json_string(word_name(&words_cause, (int)n->cause)));
	json_object_set_new(j, "path",
	    json_string(word_name(&words_path, (int)n->path)));
	json_object_set_new(j, "zone",
	    n->zone == ZONE_NONE ?
		json_null() :
		json_string(word_name(&words_zone, (int)n->zone)));
	json_object_set_new(j, "summary", json_string(n->summary));
	return j;
}

static json_t *
pack_json(const struct pack_ref *p)
{
	json_t *j = json_object();

	json_object_set_new(j, "version", json_integer(p->version));
	json_object_set_new(j, "sha256", json_string(p->sha256));
	return j;
}

/* Packs that are not those of then. */
static json_t *
packs_json(const struct case_file *c)
{
	const struct record *r = c->record;
	json_t *rows = json_array(), *row;
	size_t i, k;

	for (i = 0; i < r->npacks; i++) {
		for (k = 0; k < c->npacks; k++) {
			if (strcmp(c->packs[k].product, r->packs[i].product) !=
				0 ||
			    strcmp(c->packs[k].sha256, r->packs[i].sha256) == 0)
				continue;
			row = json_object();
			json_object_set_new(row, "product",
			    json_string(r->packs[i].product));
			json_object_set_new(row, "then",
			    pack_json(&c->packs[k]));
			json_object_set_new(row, "now",
			    pack_json(&r->packs[i]));
			json_array_append_new(rows, row);
		}
	}
	return rows;
}

static json_t *
answer_json(bool known, enum readiness x)
{
	return known ? json_string(word_name(&words_readiness, (int)x)) :
		       json_null();
}

static void
write_json(struct buf *out, const struct case_file *c,
    const struct changes *list)
{
	json_t *doc = json_object(), *rows = json_array(), *row, *whole;
	json_t *answer = json_object();
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct change *x = &list->item[i];

		row = json_object();
		json_object_set_new(row, "id",
		    json_string((x->now != NULL ? x->now : x->then)->id));
		json_object_set_new(row, "then", judgement_json(x->then));
		json_object_set_new(row, "now", judgement_json(x->now));
		json_array_append_new(rows, row);
	}
	json_object_set_new(answer, "then",
	    answer_json(c->has_answer, c->answer));
	json_object_set_new(answer, "now",
	    answer_json(true, c->record->readiness));
	whole = record_to_json(c->record);
	json_object_set_new(doc, "schema", json_string("sitewalk/judge/1"));
	json_object_set_new(doc, "as_of", json_string(c->record->as_of));
	json_object_set_new(doc, "answer", answer);
	json_object_set(doc, "readiness", json_object_get(whole, "readiness"));
	json_object_set(doc, "diagnoses", json_object_get(whole, "diagnoses"));
	json_object_set_new(doc, "packs", packs_json(c));
	json_object_set_new(doc, "judged_before", json_boolean(c->has_old));
	json_object_set_new(doc, "same", json_integer((json_int_t)list->same));
	json_object_set_new(doc, "differences", rows);
	json_write(doc, out);
	json_decref(whole);
	json_decref(doc);
}

/* By today's packs, as of today or the day that is named. */
static void
judge_again(struct case_file *c, const struct options *o)
{
	struct record *r = c->record;
	char today[DEVIATION_DATE_SIZE];

	deviation_suggest(clock_wall_us(), 0, today);
	r->as_of = arena_strdup(r->arena, o->as_of != NULL ? o->as_of : today);
	needs_build(c->app.packs, &c->app.vocab, r);
	judge_record(r);
}

static int
judge_file(const struct options *o)
{
	struct case_file c;
	struct changes list;
	struct arena *a;
	struct error err = {0};
	struct buf out;
	int status;

	if (open_case(&c, o, &err) != 0) {
		close_case(&c);
		return say_error(&err);
	}
	judge_again(&c, o);
	a = arena_new();
	memset(&list, 0, sizeof list);
	if (c.has_old)
		changes_find(a, c.needs, c.nneeds, c.record->needs,
		    c.record->nneeds, &list);
	buf_init(&out, OUTPUT_MAX);
	if (strcmp(o->format, "json") == 0)
		write_json(&out, &c, &list);
	else
		write_text(&out, a, &c, &list);
	status = say_result(&out, o->out);
	if (status == EXIT_OK)
		status = subject_verdict(c.record, NULL);
	arena_free(a);
	close_case(&c);
	return status;
}

static int
cmd_judge(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_judge, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = judge_file(&o);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk judge papers/handover.json --as-of 2026-12-31"},
    {NULL},
};

const struct command command_judge = {
    .name = "judge",
    .usage = N_("sitewalk judge HANDOVER.json|FILE [--as-of DATE]"),
    .summary = N_("Judges old observations again, by today's packs."),
    .about = N_("Nothing is sent. What would be judged differently today is "
		"listed, with both judgements, and what still blocks the "
		"handover; the exit status is that of today's. Of a site file "
		"the last check is judged."),
    .options = OPTION_PACKS | OPTION_FORMAT | OPTION_OUT | OPTION_AS_OF,
    .formats = "text json",
    .examples = examples,
    .min_args = 1,
    .max_args = 1,
    .run = cmd_judge,
};
