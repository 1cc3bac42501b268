/* SPDX-License-Identifier: MIT */
/* The table of the commands; each one's file ends in its row. */
#include "tui/commands/command_table.h"

#include <string.h>

#include "core/base/i18n.h"

const struct command *const commands[] = {
    &command_new,
    &command_plan,
    &command_check,
    &command_handover,
    &command_request,
    &command_export,
    &command_retest,
    &command_verify,
    &command_share,
    &command_judge,
    &command_review,
    &command_diff,
    &command_accept,
    &command_packs,
    &command_help,
};
const int command_count = sizeof commands / sizeof *commands;

const char *const exits_judged[] = {
    N_("0  every required line passed or is accepted"),
    N_("1  a required line failed"),
    N_("2  wrong usage, or an input that cannot be read; nothing was run"),
    N_("3  nothing failed, but a required line is not proven or not checked"),
    N_("4  interrupted, or the program itself failed"),
    NULL,
};

const char *const exits_done[] = {
    N_("0  it is done"),
    N_("2  wrong usage, or an input that cannot be read; nothing was run"),
    N_("4  interrupted, or the program itself failed"),
    NULL,
};

const struct command *
command_find(const char *name)
{
	int i;

	for (i = 0; i < command_count; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

const char *
command_formats(struct arena *a, const struct command *c)
{
	char *out = arena_strdup(a, "");
	size_t i;

	if (!c->writes_document)
		return c->formats == NULL ? "" : c->formats;
	for (i = 0; i < export_format_count; i++) {
		if (export_formats[i]->document == c->document)
			out = arena_printf(a, "%s%s%s", out,
			    out[0] == '\0' ? "" : " ", export_formats[i]->name);
	}
	return out;
}
