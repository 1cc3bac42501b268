/* SPDX-License-Identifier: MIT */
/* Owns the command "request": the firewall change request of a site. */
#include "core/base/i18n.h"
#include "tui/command_table.h"
#include "tui/findings.h"
#include "tui/options.h"
#include "tui/say.h"
#include "tui/subject.h"

/* Without a check nothing has failed yet, and all that applies is asked. */
static enum request_scope
scope_of(const struct options *o, const struct record *r)
{
	if (o->has_scope)
		return o->scope;
	if (r->started_us != 0)
		return SCOPE_NEEDED;
	say(_("This site was never checked, so the request holds everything "
	      "that applies."));
	return SCOPE_ALL;
}

static int
request(const struct options *o)
{
	struct subject s;
	int status = subject_open(&s, o, true), result = EXIT_OK;

	if (status == EXIT_OK && !s.from_file) {
		status = subject_run(&s, o);
		result = status == EXIT_OK ? subject_status(&s) : EXIT_OK;
	} else if (status == EXIT_OK) {
		result = subject_verdict(s.site->record, o->app.only);
	}
	if (status == EXIT_OK)
		status = document_write(s.site->record, EXPORT_REQUEST, o,
		    scope_of(o, s.site->record));
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

const struct command command_request = {
    .name = "request",
    .usage = N_("sitewalk request FILE | --product ID[,ID...]|all "
		"[--set PRODUCT.QUESTION=VALUE]..."),
    .summary = N_("Writes the firewall change request of a site."),
    .about = N_("From a site file nothing is sent: the request follows from "
		"the last check. With --product a check is run first."),
    .options = OPTIONS_RUN | OPTIONS_SITE | OPTION_SCOPE | OPTION_FORMAT |
	OPTION_OUT | OPTION_PLAIN,
    .formats = "text csv json",
    .max_args = 1,
    .run = cmd_request,
};
