/* SPDX-License-Identifier: MIT */
/* Owns the stack of views, what keys do above a page, and the way through
 * the walk. Draws nothing itself and knows no terminal. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/command.h"
#include "tui/view.h"

static const struct view *const pages[WALK_KIND_COUNT] = {
    [WALK_SITE] = &view_site,
    [WALK_PRODUCTS] = &view_products,
    [WALK_QUESTIONS] = &view_questions,
    [WALK_PLAN] = &view_plan,
    [WALK_RUN] = &view_run,
    [WALK_RESULTS] = &view_results,
    [WALK_STEP] = &view_step,
    [WALK_EXPORT] = &view_export,
};

/* --- the stack --------------------------------------------------------- */

struct frame *
screen_top(const struct screen *sc)
{
	return sc->nframes > 0 ? sc->frame[sc->nframes - 1] : NULL;
}

static void
changed_view(struct screen *sc)
{
	sc->dirty = true;
	sc->moved = true;
}

void
screen_push(struct screen *sc, const struct view *v, const char *arg)
{
	struct frame *f;

	if (sc->nframes == sizeof sc->frame / sizeof *sc->frame)
		return;
	f = mem_alloc(sizeof *f);
	f->view = v;
	f->arg = mem_strdup(arg);
	f->state = mem_alloc(v->state_size + 1);
	page_init(&f->page);
	sc->frame[sc->nframes++] = f;
	if (v->open != NULL)
		v->open(sc, f);
	changed_view(sc);
}

void
screen_pop(struct screen *sc)
{
	struct frame *f = screen_top(sc);

	if (f == NULL)
		return;
	sc->nframes--;
	if (f->view->close != NULL)
		f->view->close(sc, f);
	page_free(&f->page);
	mem_free(f->arg);
	mem_free(f->state);
	mem_free(f);
	changed_view(sc);
}

static bool
is_walk_page(const struct screen *sc, const struct view *v)
{
	size_t i;

	for (i = 0; sc->walk != NULL && i < WALK_KIND_COUNT; i++) {
		if (pages[i] == v)
			return true;
	}
	return false;
}

/* --- what is typed but not stored -------------------------------------- */

/* The place in the file: the page, then a line for each draft. */
static void
save_place(struct screen *sc)
{
	struct error err;
	struct buf out;
	size_t i;

	if (sc->site == NULL || sc->site->file == NULL || sc->walk == NULL)
		return;
	buf_init(&out, 16384);
	buf_adds(&out, walk_current(sc->walk)->place);
	for (i = 0; i < sc->ndrafts; i++)
		buf_addf(&out, "\n%s\t%s", sc->draft[i].id, sc->draft[i].text);
	if (!out.overflowed &&
	    sitefile_save_place(sc->site->file, buf_str(&out), &err) != 0)
		screen_say_error(sc, &err);
	buf_free(&out);
}

const struct draft *
screen_draft(const struct screen *sc, const char *id)
{
	size_t i;

	for (i = 0; i < sc->ndrafts; i++) {
		if (strcmp(sc->draft[i].id, id) == 0)
			return &sc->draft[i];
	}
	return NULL;
}

static void
forget_draft(struct screen *sc, size_t i)
{
	mem_free(sc->draft[i].id);
	mem_free(sc->draft[i].text);
	mem_free(sc->draft[i].problem);
	sc->draft[i] = sc->draft[--sc->ndrafts];
}

static void
put_draft(struct screen *sc, const char *id, const char *text,
    const char *problem)
{
	const struct draft *old = screen_draft(sc, id);
	struct draft *d;

	if (old != NULL)
		forget_draft(sc, (size_t)(old - sc->draft));
	if (text == NULL)
		return;
	sc->draft =
	    mem_grow(sc->draft, sc->ndrafts + 1, sizeof *sc->draft);
	d = &sc->draft[sc->ndrafts++];
	d->id = mem_strdup(id);
	d->text = mem_strdup(text);
	d->problem = mem_strdup(problem);
}

void
screen_set_draft(struct screen *sc, const char *id, const char *text,
    const char *problem)
{
	if (text == NULL && screen_draft(sc, id) == NULL)
		return;
	put_draft(sc, id, text, problem);
	sc->dirty = true;
	save_place(sc);
}

/* Reads back what save_place() wrote: returns the page's place. */
static void
load_place(struct screen *sc, char *place)
{
	char *line, *tab, *rest = place;

	line = strsep(&rest, "\n");
	if (line != NULL && !walk_go(sc->walk, line))
		walk_go_index(sc->walk, 0);
	while ((line = strsep(&rest, "\n")) != NULL) {
		tab = strchr(line, '\t');
		if (tab == NULL)
			continue;
		*tab = '\0';
		put_draft(sc, line, tab + 1, NULL);
	}
}

struct item *
screen_field(struct screen *sc, struct page *p, const char *id,
    const char *label, const char *value)
{
	const struct draft *d = screen_draft(sc, id);
	size_t at;

	page_field(p, id, label,
	    arena_strdup(p->arena, d != NULL ? d->text : value));
	at = p->nitems - 1;
	if (d != NULL && d->problem != NULL)
		page_text(p, ROLE_BAD, 2, arena_strdup(p->arena, d->problem))
		    ->glyph = GLYPH_WARN;
	return &p->item[at];
}

bool
screen_has_problem(struct screen *sc, struct frame *f)
{
	const struct draft *d;
	size_t i;

	for (i = 0; i < f->page.nitems; i++) {
		const struct item *it = &f->page.item[i];

		if (it->kind != ITEM_FIELD)
			continue;
		d = screen_draft(sc, it->id);
		if (d == NULL || d->problem == NULL)
			continue;
		screen_say(sc, ROLE_BAD, "%s", d->problem);
		page_focus(&f->page, it->id);
		return true;
	}
	return false;
}

/* --- messages ---------------------------------------------------------- */

void
screen_say(struct screen *sc, enum role role, const char *fmt, ...)
{
	va_list ap;
	struct buf text;

	buf_init(&text, 2048);
	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	mem_free(sc->message);
	sc->message = buf_take(&text);
	sc->message_role = role;
	sc->dirty = true;
}

void
screen_say_error(struct screen *sc, const struct error *err)
{
	screen_say(sc, ROLE_BAD, "%s%s%s", err->what,
	    *err->hint != '\0' ? " " : "", err->hint);
}

void
screen_ask(struct screen *sc, const char *question, const char *no,
    const char *yes, void (*run)(struct screen *sc))
{
	struct confirm *c;

	screen_push(sc, &view_confirm, NULL);
	c = screen_top(sc)->state;
	c->question = question;
	c->no = no;
	c->yes = yes;
	c->run = run;
}

bool
screen_is_running(const struct screen *sc)
{
	return sc->site != NULL && sc->site->run != NULL;
}

/* --- the walk ---------------------------------------------------------- */

void
screen_show_page(struct screen *sc)
{
	while (sc->nframes > 1)
		screen_pop(sc);
	screen_push(sc, pages[walk_current(sc->walk)->kind], NULL);
	save_place(sc);
}

void
screen_refresh_walk(struct screen *sc)
{
	if (sc->walk != NULL)
		walk_refresh(sc->walk);
	sc->dirty = true;
}

void
screen_next(struct screen *sc)
{
	struct frame *f = screen_top(sc);
	struct error err;

	if (sc->walk == NULL)
		return;
	if (screen_has_problem(sc, f))
		return;
	if (walk_blocked(sc->walk, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	if (walk_next(sc->walk))
		screen_show_page(sc);
}

void
screen_go(struct screen *sc, size_t index)
{
	if (sc->walk != NULL && walk_go_index(sc->walk, index))
		screen_show_page(sc);
}

static void
leave_for_list(struct screen *sc)
{
	screen_leave_site(sc);
}

void
screen_back(struct screen *sc)
{
	struct frame *f = screen_top(sc);

	if (sc->nframes <= 1)
		return;
	if (!is_walk_page(sc, f->view)) {
		screen_pop(sc);
		return;
	}
	if (walk_back(sc->walk))
		screen_show_page(sc);
	else if (screen_is_running(sc))
		screen_ask(sc,
		    _("Checks are still running at this site. Stop them and "
		      "go to the list of sites?"),
		    _("No, stay here"), _("Yes, stop the checks"),
		    leave_for_list);
	else
		screen_leave_site(sc);
}

static void
quit_now(struct screen *sc)
{
	sc->quit = true;
}

void
screen_quit(struct screen *sc)
{
	struct frame *f = screen_top(sc);

	if (!screen_is_running(sc)) {
		quit_now(sc);
		return;
	}
	if (f->view == &view_confirm) {
		/* Asked for a second time: it is meant. */
		quit_now(sc);
		return;
	}
	screen_ask(sc,
	    _("Checks are still running. What was found so far is kept. "
	      "Stop them and quit?"),
	    _("No, let them run"), _("Yes, stop and quit"), quit_now);
}

void
screen_enter_site(struct screen *sc, struct site *s)
{
	struct arena *a = arena_new();
	char *place = NULL;

	sc->site = s;
	site_assess(s);
	sc->walk = walk_new(sc->app.packs, s->record);
	if (s->file != NULL)
		place = sitefile_place(s->file, a);
	if (place != NULL)
		load_place(sc, place);
	arena_free(a);
	screen_show_page(sc);
}

void
screen_leave_site(struct screen *sc)
{
	while (sc->nframes > 0)
		screen_pop(sc);
	while (sc->ndrafts > 0)
		forget_draft(sc, sc->ndrafts - 1);
	if (sc->site != NULL && sc->site->file != NULL) {
		mem_free(sc->last_path);
		sc->last_path = mem_strdup(sitefile_path(sc->site->file));
	}
	walk_free(sc->walk);
	sc->walk = NULL;
	site_close(sc->site);
	sc->site = NULL;
	screen_push(sc, &view_sites, NULL);
}

/* --- keys -------------------------------------------------------------- */

static void
press_next(struct screen *sc, struct frame *f)
{
	if (f->view->next != NULL)
		f->view->next(sc, f);
	else if (is_walk_page(sc, f->view))
		screen_next(sc);
}

static void
act_next(struct screen *sc, struct frame *f)
{
	if (f->page.next != NULL)
		press_next(sc, f);
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
    {UI_CTRL_N, "Ctrl-N", N_("Next page"),
	N_("Go on to the next page, also while typing."), act_next, has_next},
    {UI_KEY_RIGHT, N_("Right"), NULL, N_("Go on to the next page."), act_next,
	never},
    {UI_CTRL_P, "Ctrl-P", NULL, N_("Back, as Esc."), act_back, never},
    {'b', "b", NULL, N_("Back, as Esc."), act_back, never},
    {UI_KEY_LEFT, N_("Left"), NULL, N_("Back, as Esc."), act_back, never},
    {'?', "?", N_("Help"), N_("This help; F1 opens it while typing."),
	act_help, NULL},
    {UI_KEY_F1, "F1", NULL, N_("This help."), act_help, never},
    {'g', "g", N_("All pages"),
	N_("The list of all pages: what is done, and jump to any of them."),
	act_pages, has_walk},
    {UI_KEY_F2, "F2", NULL, N_("The list of all pages, as g."), act_pages,
	never},
    {'q', "q", N_("Quit"), N_("Leave the program. Everything is saved."),
	act_quit, NULL},
    {UI_KEY_F10, "F10", NULL, N_("Leave the program, as q."), act_quit, never},
    {UI_CTRL_L, "Ctrl-L", NULL, N_("Draw the screen anew."), act_repaint,
	never},
};
const size_t screen_action_count =
    sizeof screen_actions / sizeof *screen_actions;

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
	static const uint32_t keys[] = {UI_KEY_ENTER, UI_KEY_TAB, UI_KEY_BACKTAB,
	    UI_KEY_UP, UI_KEY_DOWN, UI_KEY_PGUP, UI_KEY_PGDN, UI_KEY_ESC,
	    UI_CTRL_N, UI_CTRL_P, UI_KEY_F1, UI_KEY_F2, UI_KEY_F10};
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

/* --- life -------------------------------------------------------------- */

void
screen_init(struct screen *sc, bool utf8)
{
	memset(sc, 0, sizeof *sc);
	surface_init(&sc->surface, utf8);
	sc->dirty = true;
	sc->status = EXIT_OK;
}

void
screen_fini(struct screen *sc)
{
	while (sc->nframes > 0)
		screen_pop(sc);
	while (sc->ndrafts > 0)
		forget_draft(sc, sc->ndrafts - 1);
	mem_free(sc->draft);
	walk_free(sc->walk);
	site_close(sc->site);
	surface_free(&sc->surface);
	mem_free(sc->message);
	mem_free(sc->exported);
	mem_free(sc->last_path);
}
