/* SPDX-License-Identifier: MIT */
/* Owns the command "check": runs, and prints what was found. */
#include "core/base/i18n.h"
#include "tui/command_table.h"
#include "tui/findings.h"
#include "tui/found.h"
#include "tui/options.h"
#include "tui/say.h"
#include "tui/subject.h"

static int
check_subject(const struct options *o)
{
	struct subject s;
	int status = subject_open(&s, o, false);

	if (status == EXIT_OK)
		status = subject_run(&s, o);
	if (status == EXIT_OK && s.from_file && o->app.only != NULL)
		say(_("Only a part was checked now, and the papers of this "
		      "site show the last check. Check everything before you "
		      "hand over."));
	if (status == EXIT_OK)
		found_say(s.site);
	if (status == EXIT_OK)
		status = document_write(s.site->record, EXPORT_FINDINGS, o,
		    SCOPE_NEEDED);
	if (status == EXIT_OK)
		status = subject_status(&s);
	subject_close(&s);
	return status;
}

static int
cmd_check(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_check, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = check_subject(&o);
	options_free(&o);
	return status;
}

const struct command command_check = {
    .name = "check",
    .usage = N_("sitewalk check FILE | --product ID[,ID...]|all "
		"[--set PRODUCT.QUESTION=VALUE]..."),
    .summary = N_("Checks the network and prints what was found."),
    .about = N_("Each measurement is kept in the site file as soon as it is "
		"made, if one is given. Ctrl-C stops the check; what was "
		"measured until then is shown."),
    .options = OPTIONS_RUN | OPTIONS_SITE | OPTION_FORMAT | OPTION_OUT |
	OPTION_PLAIN,
    .formats = "text json",
    .max_args = 1,
    .run = cmd_check,
};
