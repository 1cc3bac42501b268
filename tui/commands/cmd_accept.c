/* SPDX-License-Identifier: MIT */
/* Owns the command "accept": a failure that a named person accepts, written
 * into the site file without the screen; or taken back. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/judge/deviation.h"
#include "core/judge/judge.h"
#include "tui/work/app.h"
#include "tui/commands/command_table.h"
#include "tui/commands/options.h"
#include "tui/work/say.h"
#include "tui/commands/suggest.h"

#define SUGGESTED_DAYS 30
#define FIELD_MAX 1000

static int
unknown_line(const struct site *s, const struct options *o, const char *id,
    struct error *err)
{
	const struct record *r = s->record;
	struct strlist ids = {NULL, 0};
	const char *nearest;
	size_t i;

	for (i = 0; i < r->nneeds; i++)
		strlist_add(o->arena, &ids, r->needs[i].id);
	nearest = suggest_nearest(id, &ids);
	error_set(err, ERR_USAGE,
	    _("There is no requirement called \"%s\" on this site."), id);
	if (nearest != NULL)
		error_hint(err, _("Did you mean %s?"), nearest);
	else
		error_hint(err, "%s",
		    _("The command \"plan\" lists the requirements of a "
		      "site."));
	return -1;
}

static const struct deviation *
find(const struct record *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement, id) == 0)
			return &r->deviations[i];
	}
	return NULL;
}

/* Nothing is accepted that nobody has to accept. */
static int
check_line(const struct site *s, const struct options *o, const char *id,
    struct error *err)
{
	const struct need *n = record_need(s->record, id);

	if (o->withdraw && find(s->record, id) == NULL)
		return error_set(err, ERR_USAGE,
		    _("Nothing is accepted for \"%s\"."), id);
	if (o->withdraw)
		return 0;
	if (n == NULL)
		return unknown_line(s, o, id, err);
	if (!record_is_blocking(s->record, n) && find(s->record, id) == NULL) {
		error_set(err, ERR_USAGE,
		    _("\"%1$s\" does not stand in the way of the handover "
		      "(%2$s, %3$s), so there is nothing to accept."),
		    id, word_label(&words_strength, (int)n->strength),
		    word_label(&words_outcome, (int)n->outcome));
		return -1;
	}
	return 0;
}

static char *
clean(const struct options *o, const char *text)
{
	if (text == NULL)
		return arena_strdup(o->arena, "");
	return text_sanitise(o->arena, text, strlen(text), FIELD_MAX, false);
}

static int
check_words(const struct options *o, const struct deviation *d,
    struct error *err)
{
	const char *problem = deviation_problem(d);
	char day[DEVIATION_DATE_SIZE];

	if (problem != NULL) {
		error_set(err, ERR_USAGE, "%s", problem);
		error_hint(err,
		    _("An acceptance needs --owner NAME --reason TEXT --until "
		      "%s --initials LETTERS."),
		    deviation_suggest(clock_wall_us(), SUGGESTED_DAYS, day));
		return -1;
	}
	if (strcmp(d->expires, deviation_suggest(clock_wall_us(), 0, day)) <
	    0) {
		error_set(err, ERR_USAGE, _("The day %s has passed."),
		    o->until);
		error_hint(err, "%s", _("Name today or a later day."));
		return -1;
	}
	return 0;
}

static int
accept_lines(struct site *s, const struct options *o, struct error *err)
{
	struct deviation d = {
	    .owner = clean(o, o->owner),
	    .reason = clean(o, o->reason),
	    .expires = clean(o, o->until),
	    .initials = clean(o, o->initials),
	    .when_us = clock_wall_us(),
	};
	size_t i;

	if (o->withdraw &&
	    (o->owner != NULL || o->reason != NULL || o->until != NULL ||
		o->initials != NULL))
		return error_set(err, ERR_USAGE,
		    _("The option --withdraw stands alone: it takes back what "
		      "was accepted."));
	if (!o->withdraw && check_words(o, &d, err) != 0)
		return -1;
	/* All of them, or none. */
	for (i = 1; i < o->args.count; i++) {
		if (check_line(s, o, o->args.item[i], err) != 0)
			return -1;
	}
	for (i = 1; i < o->args.count; i++) {
		d.requirement = arena_strdup(o->arena, o->args.item[i]);
		if (site_deviate(s, &d, err) != 0)
			return -1;
	}
	site_assess(s);
	return 0;
}

static void
add_deviation(struct buf *out, struct arena *a, const struct deviation *d)
{
	say_wrap(out,
	    arena_printf(a, "%1$s (%2$s)", d->requirement,
		word_label(&words_deviation_state, (int)d->state)),
	    0);
	say_wrap(out, d->says, 2);
	say_wrap(out, arena_printf(a, _("Initials: %s"), d->initials), 2);
}

/* What is accepted now, and what it makes of the whole. */
static int
print(const struct site *s, const struct options *o)
{
	const struct record *r = s->record;
	struct arena *a = arena_new();
	struct buf out;
	size_t i;
	int status;

	buf_init(&out, OUTPUT_MAX);
	say_wrap(&out, judge_readiness_text(r->readiness), 0);
	if (r->ndeviations == 0)
		say_wrap(&out, _("Nothing is accepted on this site."), 0);
	for (i = 0; i < r->ndeviations; i++)
		add_deviation(&out, a, &r->deviations[i]);
	status = say_result(&out, o->out);
	arena_free(a);
	return status;
}

static int
accept_file(const struct options *o)
{
	struct app app = {0};
	struct error err = {0};
	struct site *s = NULL;
	bool only_list = o->args.count == 1;
	int status;

	if (app_init_told(&app, &o->app, &err) == 0)
		s = site_open(&app, o->args.item[0], only_list, &err);
	if (s == NULL || (!only_list && accept_lines(s, o, &err) != 0))
		status = say_error(&err);
	else
		status = print(s, o);
	site_close(s);
	app_fini(&app);
	return status;
}

static int
cmd_accept(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_accept, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = accept_file(&o);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk accept office.sitewalk"},
    {NULL},
};

const struct command command_accept = {
    .name = "accept",
    .usage = N_("sitewalk accept FILE REQUIREMENT... --owner NAME "
		"--reason TEXT --until DATE --initials LETTERS"),
    .summary = N_("Accepts failures by name, or takes that back."),
    .about = N_("A required line that fails or is not proved stays so, with "
		"the name of who accepts it, and no longer stands in the way "
		"of the handover until the day that is given. Without a "
		"requirement what is accepted is listed."),
    .options = OPTION_PACKS | OPTION_ACCEPT | OPTION_OUT,
    .exits = exits_done,
    .examples = examples,
    .min_args = 1,
    .max_args = 1000,
    .run = cmd_accept,
};
