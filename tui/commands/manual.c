/* SPDX-License-Identifier: MIT */
/* Owns what a manual page is made of, and in which order. */
#include "tui/commands/manual.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/commands/command_table.h"
#include "tui/commands/help.h"
#include "tui/commands/manual_tables.h"
#include "tui/commands/mdoc.h"
#include "tui/commands/options.h"

#define PROGRAM "sitewalk"
/* The day of this version's manual, not of a build; mdoc wants it so. */
#define MANUAL_DATE "November 22, 2026"

#ifndef SITEWALK_VERSION
#define SITEWALK_VERSION "0"
#endif

static const char *
page_name(struct arena *a, const struct command *c)
{
	return c == NULL ? PROGRAM : arena_printf(a, PROGRAM "-%s", c->name);
}

/* The first sentence as lists of pages have it: without its stop, and begun
 * with a small letter. */
static const char *
short_summary(struct arena *a, const char *summary)
{
	const char *stop = strchr(summary, '.');
	char *text = arena_strndup(a, summary,
	    stop != NULL ? (size_t)(stop - summary) : strlen(summary));

	if (text[0] >= 'A' && text[0] <= 'Z')
		text[0] = (char)(text[0] - 'A' + 'a');
	return text;
}

static void
add_head(struct buf *out, struct arena *a, const struct command *c)
{
	const char *name = page_name(a, c);
	char *title = arena_strdup(a, name), *s;

	for (s = title; *s != '\0'; s++) {
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 'a' + 'A');
	}
	buf_adds(out, ".Dd " MANUAL_DATE "\n");
	buf_addf(out, ".Dt %s 1\n", title);
	buf_adds(out, ".Os " PROGRAM " " SITEWALK_VERSION "\n");
	mdoc_section(out, _("NAME"));
	buf_addf(out, ".Nm %s\n", name);
	mdoc_summary(out,
	    c != NULL ? short_summary(a, _(c->summary)) :
			_("checks what products need of a customer's network"));
}

/* What of the usage stands behind the words that are said already. */
static const char *
usage_rest(const char *usage, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(usage, word, n) == 0 && usage[n] == ' ')
		usage += n + 1;
	return usage;
}

static void
add_synopsis(struct buf *out, const struct command *c)
{
	const char *usage = _(c->usage);

	mdoc_section(out, _("SYNOPSIS"));
	usage = usage_rest(usage, PROGRAM);
	buf_adds(out, ".Nm " PROGRAM "\n");
	if (c != &help_wizard) {
		usage = usage_rest(usage, c->name);
		buf_addf(out, ".Cm %s\n", c->name);
	}
	mdoc_usage(out, usage);
	buf_addc(out, '\n');
}

static void
add_description(struct buf *out, const struct command *c)
{
	mdoc_section(out, _("DESCRIPTION"));
	if (c == &help_wizard) {
		mdoc_text(out, help_about());
		buf_adds(out, ".Pp\n");
	}
	mdoc_text(out, _(c->summary));
	if (c->about != NULL) {
		buf_adds(out, ".Pp\n");
		mdoc_text(out, _(c->about));
	}
}

/* "-o, --output": a dash less than it is typed with, as the macro adds it. */
static void
add_flag(struct buf *out, const char *name)
{
	buf_adds(out, " Fl ");
	mdoc_escape(out, name + 1, strlen(name) - 1);
}

static void
add_options(struct buf *out, const struct command *c)
{
	struct option_text t;
	size_t at = 0;

	mdoc_section(out, _("OPTIONS"));
	buf_adds(out, ".Bl -tag -width Ds\n");
	while (options_next(help_options(c), &at, &t)) {
		buf_adds(out, ".It");
		add_flag(out, t.name);
		if (t.alias != NULL) {
			buf_adds(out, " ,");
			add_flag(out, t.alias);
		}
		if (t.value != NULL) {
			buf_adds(out, " No ");
			mdoc_usage(out, t.value);
		}
		buf_addc(out, '\n');
		mdoc_text(out, t.help);
	}
	buf_adds(out, ".El\n");
}

static void
add_commands(struct buf *out)
{
	int i;

	mdoc_section(out, _("COMMANDS"));
	buf_adds(out, ".Bl -tag -width Ds\n");
	for (i = 0; i < command_count; i++) {
		buf_addf(out, ".It Xr " PROGRAM "-%s 1\n", commands[i]->name);
		mdoc_text(out, _(commands[i]->summary));
	}
	buf_adds(out, ".El\n");
}

static void
add_formats(struct buf *out, struct arena *a, const struct command *c)
{
	const struct export_format *f;
	size_t i;

	if (command_formats(a, c)[0] == '\0')
		return;
	mdoc_section(out, _("FORMATS"));
	if (!c->writes_document) {
		mdoc_usage(out, c->formats);
		buf_addc(out, '\n');
		return;
	}
	buf_adds(out, ".Bl -tag -width Ds\n");
	for (i = 0; i < export_format_count; i++) {
		f = export_formats[i];
		if (f->document != c->document)
			continue;
		mdoc_line(out, "It Cm", f->name);
		mdoc_text(out, arena_printf(a, "%s.", _(f->label)));
	}
	buf_adds(out, ".El\n");
}

static void
add_entries(struct buf *out, const char *title, const char *macro,
    const struct manual_entry *e)
{
	mdoc_section(out, title);
	buf_adds(out, ".Bl -tag -width Ds\n");
	for (; e->name != NULL; e++) {
		mdoc_items(out, macro, e->name);
		mdoc_text(out, _(e->what));
	}
	buf_adds(out, ".El\n");
}

static void
add_exits(struct buf *out, const struct command *c)
{
	const char *const *row;
	const char *text;
	int status;

	mdoc_section(out, _("EXIT STATUS"));
	buf_adds(out, ".Bl -tag -width Ds\n");
	for (row = help_exits(c); *row != NULL; row++) {
		text = help_exit(_(*row), &status);
		buf_addf(out, ".It %d\n", status);
		mdoc_text(out, text);
	}
	buf_adds(out, ".El\n");
}

static void
add_examples(struct buf *out, const struct command *c)
{
	const struct example *e = c->examples;

	if (e == NULL)
		return;
	mdoc_section(out, _("EXAMPLES"));
	for (; e->line != NULL; e++) {
		if (e != c->examples)
			buf_adds(out, ".Pp\n");
		if (e->what != NULL)
			mdoc_text(out, _(e->what));
		mdoc_line(out, "Dl", e->line);
	}
}

/* One page a line, with a comma but for the last; by name. */
static void
add_references(struct buf *out, const struct strlist *pages)
{
	size_t i;

	mdoc_section(out, _("SEE ALSO"));
	for (i = 0; i < pages->count; i++)
		buf_addf(out, ".Xr %s 1%s\n", pages->item[i],
		    i + 1 < pages->count ? " ," : "");
}

static void
add_see_also(struct buf *out, struct arena *a, const struct command *c)
{
	struct strlist pages = {0};
	int i;

	if (c != &help_wizard)
		strlist_add(a, &pages, PROGRAM);
	for (i = 0; c == &help_wizard && i < command_count; i++)
		strlist_add(a, &pages, page_name(a, commands[i]));
	if ((c->options & OPTION_PRODUCT) != 0)
		strlist_add(a, &pages, PROGRAM "-packs");
	if (c == &help_wizard || (c->options & (OPTION_KEY | OPTION_ALLOWED)))
		strlist_add(a, &pages, "ssh-keygen");
	strlist_sort(&pages);
	add_references(out, &pages);
}

void
manual_page(struct buf *out, const struct command *c)
{
	const struct command *of = c != NULL ? c : &help_wizard;
	struct arena *a = arena_new();

	add_head(out, a, c);
	add_synopsis(out, of);
	add_description(out, of);
	add_options(out, of);
	if (c == NULL)
		add_commands(out);
	add_formats(out, a, of);
	if (c == NULL) {
		add_entries(out, _("ENVIRONMENT"), "Ev", manual_environment);
		add_entries(out, _("FILES"), "Pa", manual_files);
	}
	add_exits(out, of);
	add_examples(out, of);
	add_see_also(out, a, of);
	arena_free(a);
}
