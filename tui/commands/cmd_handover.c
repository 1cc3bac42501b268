/* SPDX-License-Identifier: MIT */
/* Owns the command "handover": the handover sheet of a site. */
#include "core/base/i18n.h"
#include "tui/commands/command_table.h"
#include "tui/commands/findings.h"
#include "tui/commands/options.h"
#include "tui/work/papers.h"
#include "tui/work/say.h"
#include "tui/commands/subject.h"

/* In the language of the papers, which is part of what is issued. */
static int
write_sheet(struct site *s, const struct options *o)
{
	struct error err = {0};
	int status;

	papers_begin(s);
	status = site_issue(s, &err) != 0 ?
	    say_error(&err) :
	    document_write(s->record, EXPORT_HANDOVER, o, SCOPE_NEEDED);
	papers_end(s);
	return status;
}

/* A site file holds what was found; products alone must be checked first. */
static int
hand_over(const struct options *o)
{
	struct subject s;
	int status = document_check(EXPORT_HANDOVER, o), result = EXIT_OK;

	if (status != EXIT_OK)
		return status;
	status = subject_open_to_issue(&s, o);
	if (status == EXIT_OK && !s.from_file) {
		status = subject_run(&s, o);
		result = status == EXIT_OK ? subject_status(&s) : EXIT_OK;
	} else if (status == EXIT_OK && s.site->record->started_us == 0) {
		say(_("This site was never checked, so the sheet holds no "
		      "results."));
	}
	if (status == EXIT_OK && s.from_file)
		result = subject_verdict(s.site->record, o->app.only);
	if (status == EXIT_OK)
		status = write_sheet(s.site, o);
	subject_close(&s);
	return status == EXIT_OK ? result : status;
}

static int
cmd_handover(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_handover, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = hand_over(&o);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk handover office.sitewalk --format pdf -o handover.pdf"},
    {NULL},
};

const struct command command_handover = {
    .name = "handover",
    .usage = N_("sitewalk handover FILE | --product ID[,ID...]|all "
		"[--set PRODUCT.QUESTION=VALUE]..."),
    .summary = N_("Writes the handover sheet of a site."),
    .about = N_("From a site file nothing is sent: the sheet shows the last "
		"check. With --product a check is run first."),
    .options = OPTIONS_RUN | OPTIONS_SITE | OPTION_FORMAT | OPTION_OUT |
	OPTION_PLAIN | OPTION_PAPER | OPTION_KEY,
    .writes_document = true,
    .document = EXPORT_HANDOVER,
    .examples = examples,
    .max_args = 1,
    .run = cmd_handover,
};
