/* SPDX-License-Identifier: MIT */
/* Owns the command "export": all documents of a site into one folder. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/export.h"
#include "tui/commands/command_table.h"
#include "tui/commands/options.h"
#include "tui/work/key.h"
#include "tui/work/papers.h"
#include "tui/work/say.h"
#include "tui/commands/subject.h"

static void
wrote(void *arg, const char *path)
{
	text_sanitise_into(arg, path, strlen(path), false);
	buf_addc(arg, '\n');
}

static int
export_site(const struct options *o)
{
	struct options site = *o;
	struct export_options opt = {.ncols = SAY_COLUMNS};
	struct error err = {0};
	struct subject s;
	struct buf out;
	int status;

	if (key_open(o->key, &opt.signer, &err) != 0)
		return say_error(&err);
	site.args.count = 1;
	buf_init(&out, OUTPUT_MAX);
	status = subject_open_to_issue(&s, &site);
	if (status == EXIT_OK) {
		opt.size = o->paper;
		opt.now_us = clock_wall_us();
		opt.scope = o->has_scope            ? o->scope :
		    s.site->record->started_us == 0 ? SCOPE_ALL :
						      SCOPE_NEEDED;
		papers_begin(s.site);
		if (site_issue(s.site, &err) != 0 ||
		    export_all(s.site->record, &opt, o->args.item[1], wrote,
			&out, &err) != 0)
			status = say_error(&err);
		papers_end(s.site);
		if (status == EXIT_OK)
			status = say_result(&out, NULL);
		if (status == EXIT_OK)
			key_tell(opt.signer);
	}
	buf_free(&out);
	subject_close(&s);
	signer_close(opt.signer);
	return status;
}

static int
cmd_export(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_export, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = export_site(&o);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk export office.sitewalk papers"},
    {NULL},
};

const struct command command_export = {
    .name = "export",
    .usage = N_("sitewalk export FILE FOLDER"),
    .summary = N_("Writes the handover sheet and the change request in all "
		  "their forms into a folder."),
    .about = N_("Nothing is sent: the papers show the last check. The names "
		"of the files are printed. The folder changes as a whole: the "
		"new files are there when all are written, with SHA256SUMS "
		"over them; your own files in it stay."),
    .options = OPTION_PACKS | OPTION_SCOPE | OPTION_PAPER | OPTION_KEY,
    .exits = exits_done,
    .examples = examples,
    .min_args = 2,
    .max_args = 2,
    .run = cmd_export,
};
