/* SPDX-License-Identifier: MIT */
/* Owns where choices about the papers are kept. */
#include "tui/views/export_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/work/key.h"
#include "tui/work/paper_size.h"

#define SCOPE_ID "export.scope"
#define FILES_ID "export.files"
#define FIREWALLS_ID "export.firewalls"
#define NOTHING "-"
#define OWN_KEY "signing-key"
#define LIST_MAX ((size_t)64 << 10)

static const char *const group_labels[EXPORT_NGROUPS] = {
    [EXPORT_SHEET] = N_("Handover sheet: PDF, web page, text, data"),
    [EXPORT_CHANGE] = N_("Change request: PDF, web page, text, table, data"),
    [EXPORT_TICKETS] = N_("Tickets to import: ServiceNow, Jira"),
    [EXPORT_LISTS] = N_("Lists that a firewall fetches (EDL)"),
    [EXPORT_RULES] = N_("Rules for the firewall"),
};

const char *
choice_group_label(enum export_group g)
{
	return group_labels[g] == NULL ? "" : _(group_labels[g]);
}

const char *
choice_firewall(const struct export_format *f)
{
	size_t i;

	for (i = 0; f->firewall != NULL && i < export_format_count; i++) {
		const struct export_format *x = export_formats[i];

		if (x->firewall != NULL &&
		    strcmp(x->firewall, f->firewall) == 0)
			return x->name;
	}
	return NULL;
}

/* --- lists ---------------------------------------------------------------- */

static void
read_list(struct arena *a, const char *text, const char *between,
    struct strlist *out)
{
	char *rest = arena_strdup(a, text), *word;

	while ((word = strsep(&rest, between)) != NULL) {
		if (*word != '\0' && strcmp(word, NOTHING) != 0)
			strlist_add(a, out, word);
	}
}

static char *
write_list(struct arena *a, const struct strlist *l, const char *between)
{
	struct buf text;
	char *out;
	size_t i;

	buf_init(&text, LIST_MAX);
	for (i = 0; i < l->count; i++)
		buf_addf(&text, "%s%s", i > 0 ? between : "", l->item[i]);
	out = arena_strdup(a, buf_str(&text));
	buf_free(&text);
	return out;
}

static void
drop(struct strlist *l, const char *word)
{
	size_t i, n = 0;

	for (i = 0; i < l->count; i++) {
		if (strcmp(l->item[i], word) != 0)
			l->item[n++] = l->item[i];
	}
	l->count = n;
}

/* --- what was chosen ------------------------------------------------------ */

void
choice_load(const struct screen *sc, struct arena *a, struct paper_choice *out)
{
	const struct draft *scope = screen_draft(sc, SCOPE_ID);
	const struct draft *files = screen_draft(sc, FILES_ID);
	const struct draft *firewalls = screen_draft(sc, FIREWALLS_ID);

	memset(out, 0, sizeof *out);
	out->arena = a;
	/* Of what was never checked nothing failed: all of it is meant. */
	out->scope = scope != NULL ?
	    (strcmp(scope->text, "all") == 0 ? SCOPE_ALL : SCOPE_NEEDED) :
	    sc->site->record->started_us == 0 ? SCOPE_ALL :
						SCOPE_NEEDED;
	if (strcmp(sc->settings.paper, "letter") == 0)
		out->size = SHEET_LETTER;
	else if (strcmp(sc->settings.paper, "a4") == 0)
		out->size = SHEET_A4;
	else
		out->size = paper_usual();
	if (files != NULL)
		read_list(a, files->text, " ", &out->files);
	read_list(a,
	    firewalls != NULL ? firewalls->text : sc->settings.firewalls, ",",
	    &out->firewalls);
}

bool
choice_has_firewall(const struct paper_choice *c, const char *firewall)
{
	return strlist_has(&c->firewalls, firewall);
}

/* Without looking at single files. */
static bool
is_usual(const struct paper_choice *c, const struct export_format *f)
{
	return f->group == EXPORT_SHEET || f->group == EXPORT_CHANGE ||
	    (f->group == EXPORT_RULES &&
		choice_has_firewall(c, choice_firewall(f)));
}

static const char *
marked(const struct paper_choice *c, const struct export_format *f, char mark)
{
	return arena_printf(c->arena, "%c%s", mark, f->file);
}

static bool
is_marked(const struct paper_choice *c, const struct export_format *f,
    char mark)
{
	size_t i;

	for (i = 0; i < c->files.count; i++) {
		if (c->files.item[i][0] == mark &&
		    strcmp(c->files.item[i] + 1, f->file) == 0)
			return true;
	}
	return false;
}

bool
choice_has(const struct paper_choice *c, const struct export_format *f)
{
	if (f->group == EXPORT_NO_GROUP)
		return false;
	if (is_marked(c, f, '+'))
		return true;
	return is_usual(c, f) && !is_marked(c, f, '-');
}

void
choice_without(const struct paper_choice *c, struct arena *a,
    struct strlist *out)
{
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < export_format_count; i++) {
		if (!choice_has(c, export_formats[i]))
			strlist_add(a, out, export_formats[i]->file);
	}
}

void
choice_sum(const struct paper_choice *c, enum export_group g,
    const size_t *sizes, struct choice_sum *out)
{
	size_t i;

	memset(out, 0, sizeof *out);
	for (i = 0; i < export_format_count; i++) {
		const struct export_format *f = export_formats[i];

		if (f->group == EXPORT_NO_GROUP ||
		    (g != EXPORT_NO_GROUP && f->group != g))
			continue;
		out->all++;
		out->all_bytes += sizes[i];
		if (!choice_has(c, f))
			continue;
		out->count++;
		out->bytes += sizes[i];
	}
}

/* --- choosing ------------------------------------------------------------- */

static void
keep_files(struct screen *sc, const struct paper_choice *c)
{
	screen_set_draft(sc, FILES_ID,
	    c->files.count == 0 ? NULL : write_list(c->arena, &c->files, " "),
	    NULL);
}

static void
keep_settings(struct screen *sc)
{
	struct error err;

	if (settings_save(&sc->settings, &err) != 0)
		screen_say_error(sc, &err);
	sc->dirty = true;
}

void
choice_set_scope(struct screen *sc, struct paper_choice *c,
    enum request_scope scope)
{
	c->scope = scope;
	screen_set_draft(sc, SCOPE_ID, scope == SCOPE_ALL ? "all" : "needed",
	    NULL);
}

void
choice_set_size(struct screen *sc, struct paper_choice *c, enum sheet_size size)
{
	c->size = size;
	snprintf(sc->settings.paper, sizeof sc->settings.paper, "%s",
	    size == SHEET_LETTER ? "letter" : "a4");
	keep_settings(sc);
}

static void
forget_file(struct paper_choice *c, const struct export_format *f)
{
	drop(&c->files, marked(c, f, '+'));
	drop(&c->files, marked(c, f, '-'));
}

static void
set_file(struct paper_choice *c, const struct export_format *f, bool on)
{
	forget_file(c, f);
	if (on != is_usual(c, f))
		strlist_add(c->arena, &c->files, marked(c, f, on ? '+' : '-'));
}

void
choice_set_file(struct screen *sc, struct paper_choice *c,
    const struct export_format *f, bool on)
{
	set_file(c, f, on);
	keep_files(sc, c);
}

void
choice_set_group(struct screen *sc, struct paper_choice *c, enum export_group g,
    bool on)
{
	size_t i;

	for (i = 0; i < export_format_count; i++) {
		if (export_formats[i]->group == g)
			set_file(c, export_formats[i], on);
	}
	keep_files(sc, c);
}

void
choice_set_firewall(struct screen *sc, struct paper_choice *c,
    const char *firewall, bool on)
{
	const char *list;
	size_t i;

	drop(&c->firewalls, firewall);
	if (on)
		strlist_add(c->arena, &c->firewalls, firewall);
	for (i = 0; i < export_format_count; i++) {
		const char *name = choice_firewall(export_formats[i]);

		if (name != NULL && strcmp(name, firewall) == 0)
			forget_file(c, export_formats[i]);
	}
	keep_files(sc, c);
	list = write_list(c->arena, &c->firewalls, ",");
	screen_set_draft(sc, FIREWALLS_ID, *list == '\0' ? NOTHING : list,
	    NULL);
	snprintf(sc->settings.firewalls, sizeof sc->settings.firewalls, "%s",
	    list);
	keep_settings(sc);
}

/* --- who signs ------------------------------------------------------------ */

void
choice_set_key(struct screen *sc, const char *key)
{
	snprintf(sc->settings.key, sizeof sc->settings.key, "%s", key);
	keep_settings(sc);
}

/* As key_open() takes it. */
static const char *
key_named(const struct screen *sc)
{
	const char *key = sc->settings.key;

	if (strcmp(key, "none") == 0)
		return "";
	return key[0] == '\0' ? NULL : key;
}

int
choice_signer(struct screen *sc, struct signer **out, struct error *err)
{
	return screen_open_key(sc, key_named(sc), out, err);
}

const char *
choice_signer_name(const struct screen *sc, struct arena *a)
{
	const char *key = key_named(sc);

	if (key == NULL)
		key = getenv("SITEWALK_KEY");
	if (key == NULL || key[0] == '\0')
		return _("not signed");
	if (strcmp(key, "agent") == 0)
		return _("by the ssh-agent");
	return arena_printf(a, _("by the key %s"),
	    text_sanitise(a, key, strlen(key), SETTING_LONG, false));
}

const char *
choice_own_key(struct arena *a)
{
	const char *dir = file_config_dir(a);

	return dir == NULL ? NULL : arena_printf(a, "%s/" OWN_KEY, dir);
}
