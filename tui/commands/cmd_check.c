/* SPDX-License-Identifier: MIT */
/* Owns the command "check": runs, and prints what was found. */
#include <string.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/export/summary.h"
#include "core/probe/probe.h"
#include "tui/commands/command_table.h"
#include "tui/commands/findings.h"
#include "tui/work/found.h"
#include "tui/commands/options.h"
#include "tui/work/say.h"
#include "tui/commands/subject.h"

#define PROGRAM_MAX 4096

/* This program's own file, as setcap(8) wants it. */
static const char *
program_file(char out[PROGRAM_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PROGRAM_MAX - 1);

	out[n > 0 ? n : 0] = '\0';
	return n > 0 && strpbrk(out, "' \t\n") == NULL ? out : "sitewalk";
}

/* What could not be tried for want of a right, and how to grant it: once. */
static void
say_rights(const struct record *r)
{
	struct strlist rights = {NULL, 0}, types = {NULL, 0};
	struct arena *a = arena_new();
	char program[PROGRAM_MAX];
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];
		const struct probe_type *type = probe_type_find(o->probe);

		if (type == NULL || type->right == NULL ||
		    json_object_get(o->detail, "right") == NULL)
			continue;
		if (!strlist_has(&rights, type->right))
			strlist_add(a, &rights, type->right);
		if (!strlist_has(&types, _(type->label)))
			strlist_add(a, &types, _(type->label));
	}
	if (rights.count > 0) {
		say(_("This was not tried, since the program has no right to "
		      "it: %s. To grant it, once, run:"),
		    summary_join(a, &types, ", "));
		say("sudo setcap %s+ep %s", summary_join(a, &rights, ","),
		    program_file(program));
	}
	arena_free(a);
}

static int
check_subject(const struct options *o)
{
	struct subject s;
	int status = subject_open(&s, o, false);

	if (status == EXIT_OK)
		status = subject_run(&s, o);
	if (status == EXIT_OK && s.merged)
		say(_("Only a part was checked now. The rest is as it was at "
		      "the last check, and what was measured before is kept "
		      "as earlier evidence."));
	else if (status == EXIT_OK && s.from_file && o->app.only != NULL)
		say(_("Only a part was checked now, and the papers of this "
		      "site show no more. Check everything before you hand "
		      "over."));
	if (status == EXIT_OK)
		found_say(s.site);
	if (status == EXIT_OK)
		status = document_write(s.site->record, EXPORT_FINDINGS, o,
		    SCOPE_NEEDED);
	if (status == EXIT_OK) {
		say_rights(s.site->record);
		status = subject_status(&s);
	}
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

static const struct example examples[] = {
    {"sitewalk check office.sitewalk --wait"},
    {NULL},
};

const struct command command_check = {
    .name = "check",
    .usage = N_("sitewalk check FILE | --product ID[,ID...]|all "
		"[--set PRODUCT.QUESTION=VALUE]..."),
    .summary = N_("Checks the network and prints what was found."),
    .about = N_("Each measurement is kept in the site file as soon as it is "
		"made, if one is given. Ctrl-C stops the check; what was "
		"measured until then is shown."),
    .options = OPTIONS_RUN | OPTIONS_SITE | OPTION_FORMAT | OPTION_OUT |
	OPTION_PLAIN | OPTION_WAIT | OPTION_ORDER,
    .writes_document = true,
    .document = EXPORT_FINDINGS,
    .examples = examples,
    .max_args = 1,
    .run = cmd_check,
};
