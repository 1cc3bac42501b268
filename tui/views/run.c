/* SPDX-License-Identifier: MIT */
/* The run: one line of totals, rows that keep their place, the next problem
 * by key. After the run it shows what was measured. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/pack/found.h"
#include "tui/views/run_line.h"
#include "tui/views/run_rows.h"

#define FOUND_ID "@found"

struct state {
	/* While the page stands still: what it shows, and in what arena. */
	struct arena *still;
	struct run_rows rows;
	int number;  /* of the run that they are of */
	int waiting; /* changes that are not shown; -1: it does not */
	/* A row that keeps its line when others come in above it. */
	char anchor[64];
	size_t anchor_at;
};

/* The run under way, else the last whole one of this session; NULL: what the
 * record holds is shown. */
static const struct run *
shown_run(const struct screen *sc)
{
	if (sc->site->run != NULL)
		return sc->site->run;
	return sc->again ? NULL : sc->site->ended;
}

static void
thaw(struct frame *f)
{
	struct state *s = f->state;

	arena_free(s->still);
	s->still = NULL;
	s->waiting = -1;
}

/* Where one was when the page was left. */
static void
open_run(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->waiting = -1;
	if (*sc->run_look.focus != '\0')
		page_focus(&f->page, sc->run_look.focus);
	/* The same lines are on the page, in a window of the same size. */
	f->page.top = sc->run_look.top;
	f->page.nrows = sc->run_look.nrows;
	f->page.ncols = sc->run_look.ncols;
	f->page.reveal = sc->run_look.nrows == 0;
}

static void
close_run(struct screen *sc, struct frame *f)
{
	struct run_look *look = &sc->run_look;

	snprintf(look->focus, sizeof look->focus, "%s",
	    f->page.focus != NULL ? f->page.focus : "");
	look->top = f->page.top;
	look->nrows = f->page.nrows;
	look->ncols = f->page.ncols;
	thaw(f);
}

static const char *
subtitle(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	const struct state *s = f->state;
	struct arena *a = f->page.arena;

	if (screen_is_running(sc))
		return run_line_running(sc, a, sc->surface.ncols, s->waiting);
	if (r->started_us == 0)
		return _("The checks have not been started yet");
	return run_line_ended(sc, a, sc->surface.ncols, s->waiting);
}

static size_t
count_found(const struct screen *sc, struct arena *a, struct founds *list)
{
	memset(list, 0, sizeof *list);
	if (!screen_is_running(sc))
		found_answers(a, sc->app.packs, sc->site->record, list);
	return list->count;
}

static void
build_found(struct screen *sc, struct page *p)
{
	struct founds list;
	size_t n = count_found(sc, p->arena, &list);

	if (n == 0)
		return;
	page_heading(p, _("What devices told"));
	page_row(p, FOUND_ID,
	    arena_printf(p->arena,
		P_("%zu answer was found; the question offers it.",
		    "%zu answers were found; the questions offer them.", n),
		n))
	    ->verb = _("Go there");
}

/* The one line above the rows, so that they never move for it. */
static void
build_top(struct screen *sc, struct frame *f, const struct run_rows *rows)
{
	struct state *s = f->state;
	struct page *p = &f->page;

	if (s->still != NULL)
		page_textf(p, ROLE_WARN, 0,
		    P_("The rows stand still; %d change waits. p goes on.",
			"The rows stand still; %d changes wait. p goes on.",
			s->waiting),
		    s->waiting)
		    ->glyph = GLYPH_WAIT;
	else if (sc->again && screen_is_running(sc))
		page_textf(p, ROLE_NORMAL, 0, "%s %s",
		    _("Measured again; all else stays as it was."),
		    run_rows_filter_text(sc, p->arena, rows));
	else if (rows->count > 0)
		page_text(p, ROLE_NORMAL, 0,
		    run_rows_filter_text(sc, p->arena, rows));
}

static size_t
index_of(const struct page *p, const char *id)
{
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (p->item[i].id != NULL && strcmp(p->item[i].id, id) == 0)
			return i;
	}
	return p->nitems;
}

/* Rows that come in above what is being read push nothing: the page scrolls
 * by as many lines. All items but the first line are one line high. */
static void
hold_place(struct state *s, struct page *p)
{
	size_t i = *s->anchor != '\0' ? index_of(p, s->anchor) : p->nitems;

	if (i < p->nitems)
		p->top += (int)i - (int)s->anchor_at;
	if (p->top < 0)
		p->top = 0;
	*s->anchor = '\0';
	i = p->focus != NULL ? index_of(p, p->focus) : p->nitems;
	if (i == p->nitems && p->top > 0) {
		for (i = (size_t)p->top; i < p->nitems; i++) {
			if (p->item[i].id != NULL)
				break;
		}
	}
	if (i >= p->nitems)
		return;
	snprintf(s->anchor, sizeof s->anchor, "%s", p->item[i].id);
	s->anchor_at = i;
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;
	struct run_rows live;

	/* Rows of a run that is gone, as when a need was measured again from
	 * a page above this one: nothing that they name is there any more. */
	if (s->still != NULL && s->number != sc->run_look.number)
		thaw(f);
	run_rows_collect(sc, shown_run(sc), p->arena, &live);
	if (s->still != NULL)
		s->waiting = (int)run_rows_changed(&s->rows, &live);
	run_rows_keep_choice(sc, p, s->still != NULL ? &s->rows : &live);
	build_top(sc, f, &live);
	run_rows_build(sc, p, s->still != NULL ? &s->rows : &live,
	    shown_run(sc) != NULL);
	build_found(sc, p);
	p->next = screen_is_running(sc) ? _("Next: results so far") :
					  screen_next_label(sc, p->arena);
	p->first = PAGE_NEXT_ID;
	hold_place(s, p);
}

/* --- what a person does --------------------------------------------------- */

static const struct run_row *
focused_row(const struct frame *f)
{
	const struct item *i = page_focused(&f->page);

	return i != NULL && i->kind == ITEM_ROW ? i->data : NULL;
}

/* To the first question that a device answered. */
static void
act_found(struct screen *sc, struct frame *f)
{
	struct founds list;
	const struct walk_page *to = NULL;
	struct frame *there;
	char *id = NULL;
	struct arena *a = arena_new();
	size_t i, n;

	(void)f;
	n = count_found(sc, a, &list);
	for (i = 0; to == NULL && i < n; i++) {
		const struct found *g = &list.item[i];

		to = walk_page_of_question(sc->walk, g->pack->product, g->id);
		id = arena_printf(a, "q:%s.%s=found:%s", g->pack->product,
		    g->id, g->value);
	}
	if (to != NULL && walk_go(sc->walk, to->place)) {
		screen_show_page(sc);
		there = screen_top(sc);
		page_focus(&there->page, id);
	}
	arena_free(a);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const struct run_row *row = i->data;

	if (strcmp(i->id, FOUND_ID) == 0)
		act_found(sc, f);
	else if (row != NULL && row->observation != NULL)
		screen_push(sc, &view_task, row->observation);
	else if (row != NULL && row->state == TASK_WAITING)
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("This check waits for its turn; it has no result yet."));
	else if (row != NULL && row->state == TASK_RUNNING)
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("This check is under way; it has no result yet. c stops "
		      "it."));
	else
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("This check was not made: what it needs was not there, "
		      "or it was stopped."));
}

static void
act_outcome(struct screen *sc, struct frame *f)
{
	static const char *const texts[] = {
	    [RUN_ALL] = N_("All outcomes are shown."),
	    [RUN_PROBLEMS] = N_("Only problems are shown; f shows others."),
	    [RUN_TO_DO] = N_("Only what is still to do is shown; f shows "
			     "others."),
	};
	enum run_outcome *o = &sc->run_look.outcome;

	(void)f;
	*o = *o == RUN_ALL     ? RUN_PROBLEMS :
	    *o == RUN_PROBLEMS ? RUN_TO_DO :
				 RUN_ALL;
	screen_say(sc, ROLE_NORMAL, "%s", _(texts[*o]));
}

/* All products, then each alone. */
static void
act_product(struct screen *sc, struct frame *f)
{
	const struct strlist *list = &sc->site->record->products;
	struct run_look *look = &sc->run_look;
	const struct pack *pack;
	size_t i = 0;

	thaw(f);
	if (*look->product != '\0') {
		while (i < list->count &&
		    strcmp(list->item[i], look->product) != 0)
			i++;
		i++;
	}
	if (i >= list->count) {
		look->product[0] = '\0';
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("The checks of all products are shown."));
		return;
	}
	snprintf(look->product, sizeof look->product, "%s", list->item[i]);
	pack = pack_find(sc->app.packs, list->item[i]);
	screen_say(sc, ROLE_NORMAL,
	    _("Only checks of %s are shown; o shows "
	      "others."),
	    pack != NULL ? pack_text(pack->title) : list->item[i]);
}

static void
act_text(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_run_text, NULL);
}

static void
act_still(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	if (s->still != NULL) {
		thaw(f);
		screen_say(sc, ROLE_NORMAL, "%s", _("The rows go on."));
		return;
	}
	s->still = arena_new();
	s->number = sc->run_look.number;
	s->waiting = 0;
	run_rows_collect(sc, shown_run(sc), s->still, &s->rows);
	screen_say(sc, ROLE_NORMAL, "%s",
	    _("The rows stand still; the checks and the totals go on. p "
	      "shows what has changed."));
}

static void
seek(struct screen *sc, struct frame *f, int direction)
{
	const struct run_look *look = &sc->run_look;
	bool filtered = look->outcome != RUN_ALL || *look->product != '\0' ||
	    *look->text != '\0';

	if (page_seek(&f->page, direction))
		return;
	screen_say(sc, ROLE_NORMAL, "%s",
	    filtered ? _("There is no problem among the checks that are "
			 "shown.") :
		       _("There is no problem so far."));
}

static void
act_next_problem(struct screen *sc, struct frame *f)
{
	seek(sc, f, 1);
}

static void
act_last_problem(struct screen *sc, struct frame *f)
{
	seek(sc, f, -1);
}

static void
act_cancel_one(struct screen *sc, struct frame *f)
{
	const struct run_row *row = focused_row(f);

	if (row == NULL || row->task == RUN_NO_TASK || shown_run(sc) == NULL) {
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("Go to a check first; c stops that one alone."));
		return;
	}
	if (row->task >= run_task_count(shown_run(sc)) ||
	    run_task(shown_run(sc), row->task)->state == TASK_DONE) {
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("This check is done already."));
		return;
	}
	if (row->need == NULL) {
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("All others are compared with this check, so it is not "
		      "stopped alone; x stops all."));
		return;
	}
	sc->run_look.stopped_one = true;
	site_run_cancel_task(sc->site, row->task);
	screen_say(sc, ROLE_NORMAL, "%s",
	    _("This check is stopped, and the others go on. When they are "
	      "done, r measures it again."));
}

static void
cancel_run(struct screen *sc)
{
	/* It came to its end while one was asked. What goes on behind it is
	 * another question. */
	if (!screen_is_running(sc))
		return;
	sc->run_look.stopped_all = true;
	site_run_cancel(sc->site);
}

static void
cancel_rest(struct screen *sc)
{
	if (screen_is_running(sc) || !sc->site->kept)
		return;
	sc->run_look.stopped_rest = true;
	site_run_cancel(sc->site);
}

static void
act_cancel(struct screen *sc, struct frame *f)
{
	(void)f;
	if (!screen_is_running(sc)) {
		screen_ask(sc,
		    _("Stop the background tests? All else is done; they "
		      "count as not run."),
		    _("No, let them go on"), _("Yes, stop them"), cancel_rest);
		return;
	}
	screen_ask(sc,
	    _("Stop the checks? What was found so far is kept, and the rest "
	      "counts as not run."),
	    _("No, let them run"), _("Yes, stop the checks"), cancel_run);
}

static void
again(struct screen *sc, struct frame *f, const struct strlist *needs)
{
	thaw(f);
	screen_retry(sc, needs);
}

static void
act_retry_one(struct screen *sc, struct frame *f)
{
	const struct run_row *row = focused_row(f);
	struct arena *a;
	struct strlist needs = {0};

	if (row == NULL) {
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("Go to a check first; r measures that one again."));
		return;
	}
	if (row->need == NULL) {
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("This check serves no need of its own; A runs all "
		      "checks again."));
		return;
	}
	a = arena_new();
	strlist_add(a, &needs, row->need);
	again(sc, f, &needs);
	arena_free(a);
}

/* What failed, what is doubtful, and what was stopped before its end. */
static void
act_retry_failed(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	struct arena *a = arena_new();
	struct strlist needs = {0};
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (words_is_problem(n) && n->nspecs > 0)
			strlist_add(a, &needs, n->id);
	}
	if (needs.count > 0)
		again(sc, f, &needs);
	else
		screen_say(sc, ROLE_GOOD, "%s",
		    _("Nothing failed, so there is nothing to measure "
		      "again."));
	arena_free(a);
}

static void
start_all(struct screen *sc)
{
	struct frame *f = screen_top(sc);
	struct error err;

	if (f->view == &view_run)
		thaw(f);
	if (screen_start_run(sc, &err) != 0)
		screen_say_error(sc, &err);
}

static void
act_all_again(struct screen *sc, struct frame *f)
{
	(void)f;
	if (sc->site->record->nobservations == 0) {
		start_all(sc);
		return;
	}
	screen_ask(sc,
	    _("Run all checks again, from the start? The results of this run "
	      "stay in the site's file as history, and no longer count. r "
	      "and R measure only a part again."),
	    _("No, keep these results"), _("Yes, run all again"), start_all);
}

static bool
can_stop(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return screen_is_running(sc) || sc->site->kept;
}

static bool
was_running(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return !screen_is_running(sc) && sc->site->record->started_us != 0;
}

static bool
has_found(const struct screen *sc, const struct frame *f)
{
	size_t i;

	(void)sc;
	for (i = 0; i < f->page.nitems; i++) {
		if (f->page.item[i].id != NULL &&
		    strcmp(f->page.item[i].id, FOUND_ID) == 0)
			return true;
	}
	return false;
}

static const struct action actions[] = {
    {'x', "x", N_("Stop"), N_("Stop the checks; what was found is kept."),
	act_cancel, can_stop},
    {'c', "c", N_("Stop this"), N_("Stop this one check; the others go on."),
	act_cancel_one, can_stop},
    {'r', "r", N_("Retry"),
	N_("Measure this one again; what was seen before is kept."),
	act_retry_one, was_running},
    {'R', "R", N_("Retry failed"),
	N_("Measure again what failed, what is doubtful and what was "
	   "stopped; what was seen before is kept."),
	act_retry_failed, was_running},
    {'n', "n", N_("Next problem"), N_("Go to the next problem."),
	act_next_problem, NULL},
    {'N', "N", NULL, N_("Go to the previous problem."), act_last_problem, NULL},
    {'f', "f", N_("Filter"),
	N_("Show only problems, only what is still to do, or all."),
	act_outcome, NULL},
    {'p', "p", N_("Stand still"),
	N_("Let the rows stand still to read them, and go on again; the "
	   "checks and the totals go on."),
	act_still, NULL},
    {'a', "a", N_("Found answers"),
	N_("Go to the first question that a device answered."), act_found,
	has_found},
    {'o', "o", N_("Product"),
	N_("Show only the checks of one product, then of the next, then of "
	   "all."),
	act_product, NULL},
    {'t', "t", N_("Text"), N_("Show only checks with a certain text in them."),
	act_text, NULL},
    {'A', "A", N_("All again"),
	N_("Run all checks again from the start; the old results stay in the "
	   "site's file."),
	act_all_again, was_running},
};

const struct view view_run = {
    .name = "run",
    .help = N_("OK means that the service answered this check, FAIL that "
	       "something is in the way, WARN that no answer came where none "
	       "is promised. What that means for each need stands on the next "
	       "page. You may go on to other pages meanwhile."),
    .live = true,
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_run,
    .close = close_run,
    .subtitle = subtitle,
    .build = build,
    .activate = activate,
};
