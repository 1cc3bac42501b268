/* SPDX-License-Identifier: MIT */
/* Help, made of the same tables as the keys themselves, and the words that
 * are used. Typing shows only what contains it. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/record/words.h"
#include "tui/screen/match.h"
#include "tui/screen/view.h"
#include "tui/views/glossary.h"
#include "tui/work/words.h"

struct key_help {
	const char *label;
	const char *help;
};

/* What every page understands by itself. */
static const struct key_help page_keys[] = {
    {N_("Up Down"), N_("To the next line, or scroll.")},
    {N_("j k G"), N_("Down, up, and to the end.")},
    {N_("Tab"), N_("To the next field, list or button; Shift-Tab back.")},
    {N_("Enter"), N_("Does what stands first in the bottom line.")},
    {N_("Space"), N_("Chooses or ticks, as Enter.")},
    {N_("PgUp PgDn"), N_("One screen up or down.")},
    {N_("Ctrl-F/B"), N_("One screen down or up.")},
    {N_("Ctrl-D/U"), N_("Half a screen down or up.")},
    {N_("Home End"), N_("To the beginning or the end.")},
    {N_("Ctrl-Z"), N_("Put the program aside; fg brings it back.")},
};

static const struct key_help typing_keys[] = {
    {N_("Left Right"), N_("Move in the text; Home and End too.")},
    {N_("Ctrl-U"), N_("Delete all before the cursor.")},
    {N_("Ctrl-K"), N_("Delete all behind the cursor.")},
    {N_("Ctrl-W"), N_("Delete the word before the cursor.")},
    {N_("Ctrl-Y"), N_("Bring back what was deleted so.")},
};

struct state {
	char *text;
	size_t shown, total;
};

static void
open_help(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	s->text = mem_strdup("");
}

static void
close_help(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	mem_free(s->text);
}

/* An entry is counted, and shown if it contains what was typed. */
static bool
is_wanted(struct frame *f, const char *word, const char *text)
{
	const char *const texts[] = {word, text};
	struct state *s = f->state;

	s->total++;
	if (!match_words(texts, sizeof texts / sizeof *texts, s->text))
		return false;
	s->shown++;
	return true;
}

/* A heading appears with the first entry below it. */
static struct item *
begin(struct frame *f, const char **heading)
{
	struct item *it = NULL;

	if (*heading != NULL)
		it = page_heading(&f->page, *heading);
	*heading = NULL;
	return it;
}

/* Keys are of the screen; line mode has its own help for what it takes. */
static void
begin_keys(struct frame *f, const char **heading)
{
	struct item *it = begin(f, heading);

	if (it != NULL)
		it->hint = true;
}

static void
add_key(struct frame *f, const char **heading, const char *label,
    const char *help)
{
	struct item *it;

	if (!is_wanted(f, label, help))
		return;
	begin_keys(f, heading);
	it = page_hint(&f->page, help);
	it->indent = 2;
	it->word = label;
}

static void
add_actions(struct frame *f, const char **heading, const struct action *table,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		add_key(f, heading, _(table[i].label), _(table[i].help));
}

static void
add_keys(struct frame *f, const char **heading, const struct key_help *table,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		add_key(f, heading, _(table[i].label), _(table[i].help));
}

static void
add_note(struct frame *f, const char **heading, const char *text)
{
	if (!is_wanted(f, NULL, text))
		return;
	begin_keys(f, heading);
	page_hint(&f->page, text)->indent = 2;
}

static void
add_all_keys(struct screen *sc, struct frame *f)
{
	const struct view *v = screen_below(sc, f)->view;
	const char *heading = _("On this page");

	add_actions(f, &heading, v->actions, v->nactions);
	heading = _("On every page");
	add_keys(f, &heading, page_keys, sizeof page_keys / sizeof *page_keys);
	add_actions(f, &heading, screen_actions, screen_action_count);
	add_note(f, &heading,
	    _("Letters are always commands, never the beginning of a name: to "
	      "find a line by its name, press / and type."));
	add_note(f, &heading,
	    _("To mark text with the mouse for copying, just do so: this "
	      "program does not take the mouse."));
	heading = _("While typing");
	add_note(f, &heading,
	    _("Letters go into the text, so use the keys with Ctrl or F. Where "
	      "the F keys do not work, press Esc and the digit."));
	add_keys(f, &heading, typing_keys,
	    sizeof typing_keys / sizeof *typing_keys);
}

static void
add_outcomes(struct frame *f)
{
	const char *heading = _("What a need can be");
	struct item *it;
	int o;

	for (o = 0; glossary_outcome(o) != NULL; o++) {
		const struct state_look *look = words_of_outcome(
		    (enum outcome)o);

		if (!is_wanted(f, _(look->word), _(glossary_outcome(o))))
			continue;
		begin(f, &heading);
		it = page_text(&f->page, ROLE_NORMAL, 2,
		    _(glossary_outcome(o)));
		it->glyph = look->glyph;
		it->word = _(look->word);
		it->role = look->role;
	}
}

static void
add_term(struct frame *f, const char **heading, const char *word,
    const char *means)
{
	if (!is_wanted(f, word, means))
		return;
	begin(f, heading);
	page_textf(&f->page, ROLE_NORMAL, 2, "%s: %s", word, means);
}

static void
add_words(struct frame *f)
{
	const char *heading = _("Evidence, the best first");
	size_t i;
	int r;

	add_outcomes(f);
	for (r = 0; glossary_rung(r) != NULL; r++)
		add_term(f, &heading, word_label(&words_rung, r),
		    _(glossary_rung(r)));
	heading = _("Other words");
	for (i = 0; i < glossary_term_count; i++)
		add_term(f, &heading, _(glossary_terms[i].word),
		    _(glossary_terms[i].means));
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct view *v = screen_below(sc, f)->view;
	struct state *s = f->state;
	struct page *p = &f->page;

	s->shown = s->total = 0;
	page_field(p, "search", _("Search"), arena_strdup(p->arena, s->text));
	if (v->help != NULL && *s->text == '\0')
		page_text(p, ROLE_NORMAL, 0, _(v->help));
	add_all_keys(sc, f);
	add_words(f);
	if (s->shown == 0)
		page_text(p, ROLE_NORMAL, 0,
		    _("Nothing here contains that. Delete some of it to see "
		      "more."));
	/* TRANSLATORS: 3 entries of 27 are shown */
	p->item[0].note = arena_printf(p->arena, _("%1$zu of %2$zu"), s->shown,
	    s->total);
}

/* A question mark alone closes what a question mark has opened. */
static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;

	(void)i;
	if (strcmp(text, "?") == 0 && !leaving) {
		screen_pop(sc);
		return;
	}
	if (strcmp(text, s->text) == 0)
		return;
	mem_free(s->text);
	s->text = mem_strdup(text);
	page_focus(&f->page, "search");
}

const struct view view_help = {
    .name = "help",
    .title = N_("Help"),
    .help = N_("Type a word to see only what contains it. Up, Down and PgDn "
	       "scroll; ? or Esc closes the help."),
    .state_size = sizeof(struct state),
    .open = open_help,
    .close = close_help,
    .build = build,
    .typed = typed,
};
