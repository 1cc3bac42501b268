/* SPDX-License-Identifier: MIT */
/* Owns what keys do above a page: the actions that every view has, and who
 * sees a key first. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/screen/view.h"

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
	if (sc->nframes <= 1)
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("This is the first page. To leave the program press q."));
	else
		screen_back(sc);
}

/* Closes v and what lies on it, or shows it: never twice, so that the stack
 * stays low however often these keys are pressed. */
static void
toggle(struct screen *sc, const struct view *v)
{
	bool was_top = screen_top(sc)->view == v;
	size_t i;

	for (i = 1; i < sc->nframes && sc->frame[i]->view != v; i++)
		continue;
	while (sc->nframes > i)
		screen_pop(sc);
	if (!was_top)
		screen_push(sc, v, NULL);
}

static void
act_help(struct screen *sc, struct frame *f)
{
	(void)f;
	toggle(sc, &view_help);
}

static void
act_commands(struct screen *sc, struct frame *f)
{
	(void)f;
	toggle(sc, &view_palette);
}

static void
act_find(struct screen *sc, struct frame *f)
{
	if (f->view != &view_palette)
		toggle(sc, &view_find);
}

/* What was looked for last, without asking. */
static void
act_find_next(struct screen *sc, struct frame *f)
{
	struct page_count n;

	if (sc->find == NULL) {
		act_find(sc, f);
		return;
	}
	if (page_find(&f->page, sc->find, page_place(&f->page) + 1, 1, &n))
		screen_say(sc, ROLE_NORMAL, _("\"%1$s\": %2$zu of %3$zu."),
		    sc->find, n.nth, n.count);
	else
		screen_say(sc, ROLE_NORMAL, _("Nothing here contains \"%s\"."),
		    sc->find);
}

static void
act_pages(struct screen *sc, struct frame *f)
{
	(void)f;
	if (sc->walk != NULL)
		toggle(sc, &view_pages);
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

static void
act_looks(struct screen *sc, struct frame *f)
{
	if (f->view == &view_looks)
		screen_pop(sc);
	else
		screen_push(sc, &view_looks, NULL);
}

static void
act_export(struct screen *sc, struct frame *f)
{
	(void)f;
	if (sc->walk != NULL && walk_go(sc->walk, "export"))
		screen_show_page(sc);
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
	return sc->walk != NULL && f->view != &view_pages;
}

static bool
has_find(const struct screen *sc, const struct frame *f)
{
	(void)sc;
	return f->view != &view_palette && f->view != &view_find;
}

static bool
has_found(const struct screen *sc, const struct frame *f)
{
	return sc->find != NULL && has_find(sc, f);
}

static bool
has_commands(const struct screen *sc, const struct frame *f)
{
	(void)sc;
	return f->view != &view_palette;
}

static bool
has_export(const struct screen *sc, const struct frame *f)
{
	return sc->walk != NULL && f->view != &view_export;
}

static bool
never(const struct screen *sc, const struct frame *f)
{
	(void)sc;
	(void)f;
	return false;
}

/* What works everywhere, in the order of the key bar; those with a letter not
 * while typing. Rows that are never shown are other keys for the same, and
 * each row with an F key has one of them. */
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
    {'/', "/", N_("Find"), N_("Find a text on this page."), act_find, has_find},
    {UI_KEY_F4, "F4", NULL, N_("Find a text on this page, as /."), act_find,
	never},
    {UI_CTRL_G, N_("Ctrl-G"), NULL, N_("To the next place with that text."),
	act_find_next, has_found},
    {':', ":", N_("Commands"),
	N_("All that can be done now, found by typing a part of its name."),
	act_commands, has_commands},
    {UI_KEY_F3, "F3", NULL, N_("All that can be done now, as :."), act_commands,
	never},
    {'e', "e", NULL,
	N_("To the page on which the papers are written, at any time."),
	act_export, has_export},
    {'q', "q", N_("Quit"), N_("Leave the program. Everything is saved."),
	act_quit, NULL},
    {UI_KEY_F10, "F10", NULL, N_("Leave the program, as q."), act_quit, never},
    {'T', "T", NULL, N_("Colours and signs of the screen."), act_looks, never},
    {UI_CTRL_L, N_("Ctrl-L"), NULL, N_("Draw the screen anew."), act_repaint,
	never},
};
const size_t screen_action_count = sizeof screen_actions /
    sizeof *screen_actions;

bool
action_is_alias(const struct action *a)
{
	const struct action *other;

	if (a->shown != never)
		return false;
	for (other = screen_actions; other < a; other++) {
		if (other->run == a->run)
			return true;
	}
	return false;
}

bool
action_is_shown(const struct action *a, const struct screen *sc,
    const struct frame *f)
{
	return a->shown == NULL || a->shown == never || a->shown(sc, f);
}

bool
action_is_taken(const struct action *a, const struct screen *sc,
    const struct frame *f)
{
	size_t i;

	for (i = 0; i < f->view->nactions; i++) {
		const struct action *own = &f->view->actions[i];

		if (own != a && own->key == a->key &&
		    action_is_shown(own, sc, f))
			return true;
	}
	return false;
}

static bool
run_view_action(struct screen *sc, struct frame *f, uint32_t key)
{
	size_t i;

	for (i = 0; i < f->view->nactions; i++) {
		const struct action *a = &f->view->actions[i];

		if (a->key == key && action_is_shown(a, sc, f)) {
			a->run(sc, f);
			return true;
		}
	}
	return false;
}

/* Where they can do nothing they say so, or do nothing. */
static bool
run_global_action(struct screen *sc, struct frame *f, uint32_t key)
{
	size_t i;

	for (i = 0; i < screen_action_count; i++) {
		if (screen_actions[i].key == key) {
			screen_actions[i].run(sc, f);
			return true;
		}
	}
	return false;
}

bool
screen_press_next(struct screen *sc)
{
	struct frame *f = screen_top(sc);

	if (f->page.next == NULL)
		return false;
	press_next(sc, f);
	return true;
}

void
screen_activate(struct screen *sc)
{
	struct frame *f = screen_top(sc);
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
	    UI_KEY_ESC, UI_CTRL_N, UI_CTRL_P, UI_CTRL_G};
	size_t i;

	if (!page_in_field(p))
		return false;
	for (i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (keys[i] == key)
			return true;
	}
	return key >= UI_KEY_F1 && key <= UI_KEY_F10;
}

static bool
is_typable(uint32_t key)
{
	return key >= ' ' && key < UI_KEY_SPECIAL;
}

bool
screen_act(struct screen *sc, uint32_t key)
{
	struct frame *f = screen_top(sc);

	return run_view_action(sc, f, key) || run_global_action(sc, f, key);
}

void
screen_enter_text(struct screen *sc, const char *text)
{
	struct frame *f = screen_top(sc);
	size_t nframes = sc->nframes;

	if (!page_in_field(&f->page))
		return;
	page_set_field(&f->page, text);
	if (f->view->typed != NULL)
		f->view->typed(sc, f, page_focused(&f->page), text, false);
	/* What is typed may close the view. */
	if (sc->nframes == nframes)
		complete_field(sc, f);
}

/* A bar is one line: what leads from line to line means the page below. */
static bool
pass_below(struct screen *sc, const struct frame *f, uint32_t key)
{
	struct page *p;

	if (!f->view->bar ||
	    (key != UI_KEY_PGUP && key != UI_KEY_PGDN && key != UI_KEY_TAB &&
		key != UI_KEY_BACKTAB))
		return false;
	p = &screen_below(sc, f)->page;
	page_forget_found(p);
	page_key(p, key);
	return true;
}

/* A clipboard can hold millions of letters: what they lead to is worked out
 * once, not for each. */
static void
take_pasted(struct screen *sc, struct frame *f, uint32_t key)
{
	if (!page_in_field(&f->page))
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("What was pasted is left out here. Go to a field first, "
		      "then paste again."));
	else if (page_key(&f->page, key) == PAGE_TYPED)
		sc->pasted = true;
}

void
screen_settle_paste(struct screen *sc)
{
	struct frame *f = screen_top(sc);

	if (!sc->pasted)
		return;
	sc->pasted = false;
	if (page_in_field(&f->page) && f->view->typed != NULL)
		f->view->typed(sc, f, page_focused(&f->page),
		    buf_str(&f->page.edit), false);
}

void
screen_key(struct screen *sc, uint32_t key)
{
	struct frame *f;
	enum page_event event;

	sc->dirty = true;
	sc->interrupted = false;
	mem_free(sc->message);
	sc->message = NULL;
	screen_renew(sc);
	if ((key & UI_KEY_PASTED) != 0) {
		take_pasted(sc, screen_top(sc), key);
		return;
	}
	screen_settle_paste(sc);
	f = screen_top(sc);
	if (leaves_field(&f->page, key))
		complete_field(sc, f);
	if (key != UI_CTRL_G)
		page_forget_found(&f->page);
	if (!(page_in_field(&f->page) && is_typable(key)) &&
	    run_view_action(sc, f, key))
		return;
	if (pass_below(sc, f, key))
		return;
	event = page_key(&f->page, key);
	if (event == PAGE_TYPED && f->view->typed != NULL)
		f->view->typed(sc, f, page_focused(&f->page),
		    buf_str(&f->page.edit), false);
	else if (event == PAGE_ACTIVATE)
		screen_activate(sc);
	else if (event == PAGE_IGNORED)
		run_global_action(sc, f, key);
}
