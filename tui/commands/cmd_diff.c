/* SPDX-License-Identifier: MIT */
/* Owns the command "diff": what changed between two handovers, two change
 * requests or two packs, and for whom that is work. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/judge/judge.h"
#include "tui/commands/command_table.h"
#include "tui/commands/diff.h"
#include "tui/work/say.h"
#include "tui/work/words.h"

#define PATH_BYTES 400

/* --- in words ---------------------------------------------------------- */

static void
add_side(struct buf *out, struct arena *a, const char *label,
    const struct side *v)
{
	const char *path = text_sanitise(a, v->path, strlen(v->path),
	    PATH_BYTES, false);
	const char *signer = review_signer(a, &v->seal);
	int64_t when = side_when(v);

	/* TRANSLATORS: Then: a handover of 2026-11-21 10:42, NOT READY: FILE */
	say_wrap(out,
	    when == 0 ?
		arena_printf(a, _("%1$s: %2$s: %3$s"), label,
		    side_kind_label(v->kind), path) :
		v->has_answer ?
		arena_printf(a, _("%1$s: %2$s of %3$s, %4$s: %5$s"), label,
		    side_kind_label(v->kind), words_when(a, when),
		    judge_readiness_text(v->record->readiness), path) :
		arena_printf(a, _("%1$s: %2$s of %3$s: %4$s"), label,
		    side_kind_label(v->kind), words_when(a, when), path),
	    0);
	if (signer[0] != '\0')
		say_wrap(out, arena_printf(a, _("Signed by %s"), signer), 2);
}

static void
add_summary(struct buf *out, struct arena *a, const struct diff *d)
{
	const struct impacts *list = &d->impacts;

	if (list->count == 0)
		say_wrap(out, _("No requirement changed."), 0);
	else
		say_wrap(out, arena_printf(a, "%s.", impact_summary(a, list)),
		    0);
	say_wrap(out,
	    arena_printf(a,
		P_("%zu need is as it was.", "%zu needs are as they were.",
		    list->same),
		list->same),
	    0);
}

static void
add_changes(struct buf *out, struct arena *a, const struct impacts *list)
{
	enum impact impact = IMPACT_COUNT;
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct impact_row *row = &list->row[i];
		const struct need *n = row->now != NULL ? row->now : row->then;

		if (row->impact != impact) {
			impact = row->impact;
			buf_addc(out, '\n');
			say_wrap(out,
			    arena_printf(a, "%s (%s):", impact_label(impact),
				impact_name(impact)),
			    0);
		}
		say_wrap(out,
		    arena_printf(a, "%s: %s", n->id,
			n->service != NULL ? n->service : ""),
		    2);
		say_wrap(out, impact_sentence(a, row), 4);
	}
}

static void
add_facts(struct buf *out, struct arena *a, const struct diff *d)
{
	const char *section = "";
	size_t i;

	for (i = 0; i < d->nfacts; i++) {
		const struct diff_fact *x = &d->fact[i];

		if (strcmp(x->section, section) != 0) {
			section = x->section;
			buf_addc(out, '\n');
			say_wrap(out, arena_printf(a, "%s:", x->heading), 0);
		}
		say_wrap(out,
		    arena_printf(a, _("%1$s: then %2$s, now %3$s"), x->label,
			x->then != NULL ? x->then : _("nothing"),
			x->now != NULL ? x->now : _("nothing")),
		    2);
	}
}

void
diff_text(const struct diff *d, struct buf *out)
{
	struct arena *a = d->arena;
	size_t i;

	for (i = 0; i < d->warnings.count; i++)
		say_wrap(out,
		    arena_printf(a, _("Note: %s"), d->warnings.item[i]), 0);
	add_summary(out, a, d);
	add_side(out, a, _("Then"), &d->then);
	add_side(out, a, _("Now"), &d->now);
	add_changes(out, a, &d->impacts);
	add_facts(out, a, d);
}

/* --- the command ------------------------------------------------------- */

/* What was changed by somebody is no proof that nothing got worse. */
static bool
is_broken(const struct side *v)
{
	return v->kind == SIDE_HANDOVER && v->seal.verdict == SEAL_BROKEN;
}

static int
compare(struct diff *d, const struct options *o)
{
	struct buf out;
	int status;

	if (!side_is_like(&d->then, &d->now)) {
		say(_("These cannot be compared: one is %1$s, and the other "
		      "is %2$s."),
		    side_kind_label(d->then.kind),
		    side_kind_label(d->now.kind));
		return EXIT_USAGE;
	}
	diff_make(d);
	buf_init(&out, OUTPUT_MAX);
	if (strcmp(o->format, "json") == 0)
		diff_json(d, &out);
	else
		diff_text(d, &out);
	status = say_result(&out, o->out);
	if (status == EXIT_OK &&
	    (impact_is_worse(&d->impacts) || is_broken(&d->then) ||
		is_broken(&d->now)))
		status = EXIT_FAILED;
	return status;
}

int
diff_run(const struct options *o, const char *then, const char *now)
{
	struct diff d = {.arena = arena_new()};
	struct error err = {0};
	struct app app;
	int status;

	if (app_init_told(&app, &o->app, &err) != 0 ||
	    side_open(&app, then, &d.then, &err) != 0 ||
	    side_open(&app, now, &d.now, &err) != 0) {
		say_error(&err);
		status = EXIT_USAGE;
	} else {
		status = compare(&d, o);
	}
	side_close(&d.then);
	side_close(&d.now);
	app_fini(&app);
	arena_free(d.arena);
	return status;
}

static int
cmd_diff(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_diff, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = diff_run(&o, o.args.item[0], o.args.item[1]);
	options_free(&o);
	return status;
}

static const char *const exits[] = {
    N_("0  nothing got worse, and nothing new is asked of the network"),
    N_("1  something got worse, something new is asked of the network, or a "
       "seal is broken"),
    N_("2  wrong usage, or a file cannot be read"),
    N_("4  interrupted, or the program itself failed"),
    NULL,
};

static const struct example examples[] = {
    {"sitewalk diff papers copy.json"},
    {NULL},
};

const struct command command_diff = {
    .name = "diff",
    .usage = N_("sitewalk diff OLD NEW"),
    .summary = N_("Tells what changed between two handovers, two change "
		  "requests or two packs, and for whom that is work."),
    .about = N_("OLD and NEW are two handovers (handover.json, the folder of "
		"an export, or a site file), two change requests "
		"(rules.json), or two packs (a YAML file, or a folder of "
		"them). The seal of a handover is looked at first. What a "
		"file says stands as it says it; nothing is sent."),
    .options = OPTION_PACKS | OPTION_FORMAT | OPTION_OUT | OPTION_ALLOWED,
    .formats = "text json",
    .exits = exits,
    .examples = examples,
    .min_args = 2,
    .max_args = 2,
    .run = cmd_diff,
};
