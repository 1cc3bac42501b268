/* SPDX-License-Identifier: MIT */
/* Owns the command "judge": old observations, judged by today's packs. */
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/judge/compare.h"
#include "core/judge/judge.h"
#include "core/pack/answers.h"
#include "core/record/json.h"
#include "tui/app.h"
#include "tui/command_table.h"
#include "tui/findings.h"
#include "tui/options.h"
#include "tui/say.h"
#include "tui/subject.h"

#define FILE_MAX ((size_t)32 << 20)

/* The judgement as it was written, beside the record judged anew. */
struct case_file {
	struct app app;
	struct record *record;
	const struct need *needs; /* as stored */
	size_t nneeds;
	const struct pack_ref *packs; /* by which it was judged */
	size_t npacks;
};

static int
open_case(struct case_file *c, const struct options *o, struct error *err)
{
	struct buf data;

	memset(c, 0, sizeof *c);
	if (app_init(&c->app, &o->app, err) != 0)
		return -1;
	buf_init(&data, FILE_MAX);
	if (file_read(o->args.item[0], FILE_MAX, &data, err) == 0)
		c->record = record_from_json(buf_str(&data), data.len, err);
	buf_free(&data);
	if (c->record == NULL)
		return -1;
	c->needs = c->record->needs;
	c->nneeds = c->record->nneeds;
	c->packs = c->record->packs;
	c->npacks = c->record->npacks;
	return 0;
}

static void
close_case(struct case_file *c)
{
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

static void
write_text(struct buf *out, struct arena *a, const struct case_file *c,
    const struct changes *list)
{
	size_t i;

	add_packs(out, a, c);
	if (list->count == 0)
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
	for (i = 0; i < list->count; i++)
		add_change(out, a, &list->item[i]);
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

static void
write_json(struct buf *out, const struct changes *list)
{
	json_t *doc = json_object(), *rows = json_array(), *row;
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct change *c = &list->item[i];

		row = json_object();
		json_object_set_new(row, "id",
		    json_string((c->now != NULL ? c->now : c->then)->id));
		json_object_set_new(row, "then", judgement_json(c->then));
		json_object_set_new(row, "now", judgement_json(c->now));
		json_array_append_new(rows, row);
	}
	json_object_set_new(doc, "schema", json_string("sitewalk/judge/1"));
	json_object_set_new(doc, "same", json_integer((json_int_t)list->same));
	json_object_set_new(doc, "differences", rows);
	json_write(doc, out);
	json_decref(doc);
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
	needs_build(c.app.packs, &c.app.vocab, c.record);
	judge_record(c.record);
	a = arena_new();
	changes_find(a, c.needs, c.nneeds, c.record->needs, c.record->nneeds,
	    &list);
	buf_init(&out, OUTPUT_MAX);
	if (strcmp(o->format, "json") == 0)
		write_json(&out, &list);
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

const struct command command_judge = {
    .name = "judge",
    .usage = N_("sitewalk judge HANDOVER.json"),
    .summary = N_("Judges old observations again, by today's packs."),
    .about = N_("Nothing is sent. What would be judged differently today is "
		"listed, with both judgements; the exit status is that of "
		"today's."),
    .options = OPTION_PACKS | OPTION_FORMAT | OPTION_OUT,
    .formats = "text json",
    .min_args = 1,
    .max_args = 1,
    .run = cmd_judge,
};
