/* SPDX-License-Identifier: MIT */
/* Help, made of the same tables as the keys themselves. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/view.h"

/* What every page understands by itself. */
static const struct {
	const char *label;
	const char *help;
} page_keys[] = {
    {N_("Up Down"), N_("To the next line, or scroll.")},
    {N_("Tab"), N_("To the next field, list or button; Shift-Tab back.")},
    {N_("Enter"), N_("Does what stands first in the bottom line.")},
    {N_("Space"), N_("Chooses or ticks, as Enter.")},
    {N_("PgUp PgDn"), N_("One screen up or down.")},
    {N_("Home End"), N_("To the beginning or the end.")},
};

static const struct {
	const char *label;
	const char *help;
} typing_keys[] = {
    {N_("Left Right"), N_("Move in the text; Home and End too.")},
    {N_("Ctrl-U"), N_("Delete all before the cursor.")},
    {N_("Ctrl-K"), N_("Delete all behind the cursor.")},
    {N_("Ctrl-W"), N_("Delete the word before the cursor.")},
};

static void
key_line(struct page *p, const char *label, const char *help)
{
	page_text(p, ROLE_NORMAL, 2, help)->word = label;
}

static void
build_actions(struct page *p, const struct action *table, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		key_line(p, _(table[i].label), _(table[i].help));
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct view *v = sc->nframes > 1 ?
	    sc->frame[sc->nframes - 2]->view :
	    f->view;
	struct page *p = &f->page;
	size_t i;

	if (v->help != NULL)
		page_text(p, ROLE_NORMAL, 0, _(v->help));
	if (v->nactions > 0)
		page_heading(p, _("On this page"));
	build_actions(p, v->actions, v->nactions);
	page_heading(p, _("On every page"));
	for (i = 0; i < sizeof page_keys / sizeof *page_keys; i++)
		key_line(p, _(page_keys[i].label), _(page_keys[i].help));
	build_actions(p, screen_actions, screen_action_count);
	key_line(p, _("Ctrl-Z"),
	    _("Put the program aside; fg brings it back."));
	page_heading(p, _("While typing"));
	page_text(p, ROLE_NORMAL, 2,
	    _("Letters go into the text, so use the keys with Ctrl or F. Where "
	      "the F keys do not work, press Esc and the digit."));
	for (i = 0; i < sizeof typing_keys / sizeof *typing_keys; i++)
		key_line(p, _(typing_keys[i].label), _(typing_keys[i].help));
	page_heading(p, _("Words"));
	page_text(p, ROLE_NORMAL, 2,
	    _("A need is one thing that the network must grant. A check "
	      "measures it. PASS means proved; NOT PROVEN means that it was "
	      "tried and cannot be decided from here; BLOCKED means that "
	      "something else has to work first; NOT RUN means that nobody "
	      "looked."));
	page_text(p, ROLE_NORMAL, 2,
	    _("To mark text with the mouse for copying, just do so: this "
	      "program does not take the mouse."));
}

const struct view view_help = {
    .name = "help",
    .title = N_("Help"),
    .build = build,
};
