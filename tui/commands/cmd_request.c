/* SPDX-License-Identifier: MIT */
/* Owns the command "request": the firewall change request of a site. */
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/export/request/lint.h"
#include "core/export/request/request_words.h"
#include "tui/commands/command_table.h"
#include "tui/commands/findings.h"
#include "tui/commands/options.h"
#include "tui/work/papers.h"
#include "tui/work/say.h"
#include "tui/commands/subject.h"

/* Without a check nothing has failed yet, and all that applies is asked. */
static enum request_scope
scope_of(const struct options *o, const struct record *r)
{
	if (o->has_scope)
		return o->scope;
	return r->started_us != 0 ? SCOPE_NEEDED : SCOPE_ALL;
}

/* Only what is needed follows from evidence. All that applies is known from
 * the packs and the answers: an IT desk asks for it before any visit. */
static bool
wants_check(const struct subject *s, const struct options *o)
{
	return !s->from_file && !(o->has_scope && o->scope == SCOPE_ALL);
}

/* Beside the document, so that whoever sends it knows first. */
static void
tell_lint(const struct options *o, const struct record *r)
{
	const struct export_options opt = {.scope = scope_of(o, r),
	    .now_us = clock_wall_us()};
	struct arena *a = arena_new();
	struct lint l;
	size_t i;

	lint_request(a, r, &opt, &l);
	if (l.count > 0)
		say(_("An IT desk will ask about this request: %s. The text, "
		      "HTML and JSON forms say what to do."),
		    lint_counts(a, &l));
	for (i = 0; i < l.count && l.finding[i].severity == LINT_SERIOUS; i++)
		say("%s (%s)", l.finding[i].text,
		    request_some_ids(a, &l.finding[i].rows));
	arena_free(a);
}

static int
request(const struct options *o)
{
	struct subject s;
	int status = document_check(EXPORT_REQUEST, o), result = EXIT_OK;

	if (status != EXIT_OK)
		return status;
	status = subject_open(&s, o, true);
	if (status == EXIT_OK && wants_check(&s, o)) {
		status = subject_run(&s, o);
		result = status == EXIT_OK ? subject_status(&s) : EXIT_OK;
	} else if (status == EXIT_OK) {
		result = subject_verdict(s.site->record, o->app.only);
		if (!s.from_file)
			say(_("No check was run and nothing was sent: the "
			      "request holds everything that applies, and "
			      "nothing of it is proven."));
	}
	if (status == EXIT_OK && !o->has_scope &&
	    s.site->record->started_us == 0)
		say(_("This site was never checked, so the request holds "
		      "everything that applies."));
	if (status == EXIT_OK) {
		papers_begin(s.site);
		status = document_write(s.site->record, EXPORT_REQUEST, o,
		    scope_of(o, s.site->record));
		papers_end(s.site);
	}
	if (status == EXIT_OK)
		tell_lint(o, s.site->record);
	subject_close(&s);
	return status == EXIT_OK ? result : status;
}

static int
cmd_request(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_request, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = request(&o);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk request office.sitewalk --format fortios -o rules.txt"},
    {NULL},
};

const struct command command_request = {
    .name = "request",
    .usage = N_("sitewalk request FILE | --product ID[,ID...]|all "
		"[--set PRODUCT.QUESTION=VALUE]..."),
    .summary = N_("Writes the firewall change request of a site."),
    .about = N_("From a site file nothing is sent: the request follows from "
		"the last check. With --product a check is run first, but for "
		"--scope all: that needs no evidence, so nothing is sent."),
    .options = OPTIONS_RUN | OPTIONS_SITE | OPTION_SCOPE | OPTION_FORMAT |
	OPTION_OUT | OPTION_PLAIN | OPTION_PAPER | OPTION_KEY,
    .writes_document = true,
    .document = EXPORT_REQUEST,
    .examples = examples,
    .max_args = 1,
    .run = cmd_request,
};
