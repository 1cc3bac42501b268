/* SPDX-License-Identifier: MIT */
/* Owns the command "export": all documents of a site into one folder. */
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/export/export.h"
#include "tui/command_table.h"
#include "tui/options.h"
#include "tui/say.h"
#include "tui/subject.h"

static void
wrote(void *arg, const char *path)
{
	buf_addf(arg, "%s\n", path);
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

	site.args.count = 1;
	buf_init(&out, OUTPUT_MAX);
	status = subject_open(&s, &site, true);
	if (status == EXIT_OK) {
		opt.now_us = clock_wall_us();
		opt.scope = o->has_scope            ? o->scope :
		    s.site->record->started_us == 0 ? SCOPE_ALL :
						      SCOPE_NEEDED;
		if (export_all(s.site->record, &opt, o->args.item[1], wrote,
			&out, &err) != 0)
			status = say_error(&err);
		if (status == EXIT_OK || out.len > 0) {
			int told = say_result(&out, NULL);

			status = status == EXIT_OK ? told : status;
		}
	}
	buf_free(&out);
	subject_close(&s);
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

const struct command command_export = {
    .name = "export",
    .usage = N_("sitewalk export FILE FOLDER"),
    .summary = N_("Writes the handover sheet and the change request in all "
		  "their forms into a folder."),
    .about = N_("Nothing is sent: the papers show the last check. The names "
		"of the files are printed."),
    .options = OPTION_PACKS | OPTION_SCOPE,
    .min_args = 2,
    .max_args = 2,
    .run = cmd_export,
};
