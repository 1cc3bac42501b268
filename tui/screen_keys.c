/* SPDX-License-Identifier: MIT */
/* Owns what keys do above a page: the actions that every view has, and who
 * sees a key first. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/view.h"

static void
press_next(struct screen *sc, struct frame *f)
{
	if (f->view->next != NULL)
		f->view->next(sc, f);
	else if (screen_is_walk_page(sc, f->view))
		screen_next(sc);
}

static void
act_next(struct screen *sc, struct frame *f)
{
	if (f->page.next == NULL)
		return;
	if (f->view->consent == NULL || f->page.next_verb == NULL) {
		press_next(sc, f);
		return;
	}
	page_focus(&f->page, PAGE_NEXT_ID);
	screen_say(sc, ROLE_NORMAL, "%s", _(f->view->consent));
}

static void
act_back(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_back(sc);
}

static void
act_help(struct screen *sc, struct frame *f)
{
	if (f->view == &view_help)
		screen_pop(sc);
	else
		screen_push(sc, &view_help, NULL);
}

static void
act_pages(struct screen *sc, struct frame *f)
{
	if (f->view == &view_pages)
		screen_pop(sc);
	else if (sc->walk != NULL)
		screen_push(sc, &view_pages, NULL);
}

static void
act_quit(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_quit(sc);
}

static void
act_repaint(struct screen *sc, struct frame *f)
{
	(void)f;
	sc->dirty = true;
	if (sc->ui != NULL)
		ui_repaint(sc->ui);
}

static bool
has_next(const struct screen *sc, const struct frame *f)
{
	(void)sc;
	return f->page.next != NULL;
}

static bool
has_back(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return sc->nframes > 1;
}

static bool
has_walk(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return sc->walk != NULL;
}

static bool
never(const struct screen *sc, const struct frame *f)
{
	(void)sc;
	(void)f;
	return false;
}

/* What works everywhere; those with a letter not while typing. Rows that are
 * never shown in the key bar are other keys for the same. */
const struct action screen_actions[] = {
    {UI_KEY_ESC, N_("Esc"), N_("Back"),
	N_("One page or one level back; nothing is lost."), act_back, has_back},
    {UI_CTRL_N, N_("Ctrl-N"), N_("Next page"),
	N_("Go on to the next page, also while typing."), act_next, has_next},
    {UI_KEY_RIGHT, N_("Right"), NULL, N_("Go on to the next page."), act_next,
	never},
    {UI_CTRL_P, N_("Ctrl-P"), NULL, N_("Back, as Esc."), act_back, never},
    {'b', "b", NULL, N_("Back, as Esc."), act_back, never},
    {UI_KEY_LEFT, N_("Left"), NULL, N_("Back, as Esc."), act_back, never},
    {'?', "?", N_("Help"), N_("This help; F1 opens it while typing."), act_help,
	NULL},
    {UI_KEY_F1, "F1", NULL, N_("This help."), act_help, never},
    {'g', "g", N_("All pages"),
	N_("The list of all pages: what is done, and jump to any of them."),
	act_pages, has_walk},
    {UI_KEY_F2, "F2", NULL, N_("The list of all pages, as g."), act_pages,
	never},
    {'q', "q", N_("Quit"), N_("Leave the program. Everything is saved."),
	act_quit, NULL},
    {UI_KEY_F10, "F10", NULL, N_("Leave the program, as q."), act_quit, never},
    {UI_CTRL_L, N_("Ctrl-L"), NULL, N_("Draw the screen anew."), act_repaint,
	never},
};
const size_t screen_action_count = sizeof screen_actions /
    sizeof *screen_actions;

static bool
run_action(struct screen *sc, struct frame *f, const struct action *table,
    size_t count, uint32_t key)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (table[i].key != key)
			continue;
		if (table[i].shown != NULL && table[i].shown != never &&
		    !table[i].shown(sc, f))
			continue;
		table[i].run(sc, f);
		return true;
	}
	return false;
}

static void
activate(struct screen *sc, struct frame *f)
{
	const struct item *i = page_focused(&f->page);

	if (page_on_next(&f->page))
		press_next(sc, f);
	else if (i != NULL && f->view->activate != NULL)
		f->view->activate(sc, f, i);
}

/* The text of the field is complete before the focus or the view changes. */
static void
complete_field(struct screen *sc, struct frame *f)
{
	const struct item *i = page_focused(&f->page);

	if (page_in_field(&f->page) && f->page.edit_id != NULL &&
	    f->view->typed != NULL)
		f->view->typed(sc, f, i, buf_str(&f->page.edit), true);
}

static bool
leaves_field(const struct page *p, uint32_t key)
{
	static const uint32_t keys[] = {UI_KEY_ENTER, UI_KEY_TAB,
	    UI_KEY_BACKTAB, UI_KEY_UP, UI_KEY_DOWN, UI_KEY_PGUP, UI_KEY_PGDN,
	    UI_KEY_ESC, UI_CTRL_N, UI_CTRL_P, UI_KEY_F1, UI_KEY_F2, UI_KEY_F10};
	size_t i;

	for (i = 0; page_in_field(p) && i < sizeof keys / sizeof *keys; i++) {
		if (keys[i] == key)
			return true;
	}
	return false;
}

void
screen_key(struct screen *sc, uint32_t key)
{
	struct frame *f = screen_top(sc);
	enum page_event event;

	sc->dirty = true;
	sc->interrupted = false;
	mem_free(sc->message);
	sc->message = NULL;
	if (leaves_field(&f->page, key))
		complete_field(sc, f);
	if (!page_in_field(&f->page) &&
	    run_action(sc, f, f->view->actions, f->view->nactions, key))
		return;
	event = page_key(&f->page, key);
	if (event == PAGE_TYPED && f->view->typed != NULL)
		f->view->typed(sc, f, page_focused(&f->page),
		    buf_str(&f->page.edit), false);
	else if (event == PAGE_ACTIVATE)
		activate(sc, f);
	else if (event == PAGE_IGNORED)
		run_action(sc, f, screen_actions, screen_action_count, key);
}
