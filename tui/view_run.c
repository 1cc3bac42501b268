/* SPDX-License-Identifier: MIT */
/* The run: one line of totals, rows that keep their place, the next problem
 * by key. After the run it shows what was measured. */
#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "tui/view.h"
#include "tui/view_words.h"

#define ETA_AFTER_US 10000000 /* or a tenth of the tasks */
#define TOTALS_COLS 60        /* from here on all totals fit */

struct state {
	bool problems;
};

/* An honest range for what is left, or NULL while nothing can be said. */
static char *
time_left(struct screen *sc, struct arena *a, const struct run_totals *t)
{
	size_t total = t->done + t->running + t->waiting,
	       open = total - t->done;
	int64_t left, high;

	if (open == 0 || t->done == 0 ||
	    (t->elapsed_us < ETA_AFTER_US && t->done * 10 < total))
		return NULL;
	left = t->elapsed_us / 1000 * (int64_t)open / (int64_t)t->done;
	high = left * 2;
	if (sc->plan != NULL && sc->plan->longest_ms > t->elapsed_us / 1000 &&
	    high > sc->plan->longest_ms - t->elapsed_us / 1000)
		high = sc->plan->longest_ms - t->elapsed_us / 1000;
	if (high < left)
		high = left;
	return arena_printf(a, _("(%s left)"), words_span(a, left, high));
}

static const char *
running_totals(struct screen *sc, struct arena *a)
{
	struct run_totals t;
	const char *left;

	run_totals(sc->site->run, &t);
	left = time_left(sc, a, &t);
	if (sc->surface.ncols < TOTALS_COLS)
		/* TRANSLATORS: the same for a narrow screen, max 40 columns */
		return arena_printf(a, _("%zu/%zu done  %zu bad  %s"), t.done,
		    t.done + t.running + t.waiting, t.bad,
		    words_clock(a, t.elapsed_us));
	/* TRANSLATORS: checks done/all, bad ones, running, waiting, minutes
	 * and seconds since the start, time left */
	return arena_printf(a,
	    _("%zu/%zu done  %zu bad  %zu running  %zu waiting  %s %s"), t.done,
	    t.done + t.running + t.waiting, t.bad, t.running, t.waiting,
	    words_clock(a, t.elapsed_us), left != NULL ? left : "");
}

/* The run under way, else the last one of this session, or NULL. */
static const struct run *
shown_run(const struct screen *sc)
{
	return sc->site->run != NULL ? sc->site->run : sc->site->ended;
}

static const char *
subtitle(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	struct arena *a = f->page.arena;
	size_t i, measured = 0, bad = 0;

	if (screen_is_running(sc))
		return running_totals(sc, a);
	if (r->started_us == 0)
		return _("The checks have not been started yet");
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		/* A search for what blocks is no check of its own. */
		if (strcmp(o->probe, "locate") == 0)
			continue;
		measured++;
		bad += words_of_observation(o)->role == ROLE_BAD;
	}
	return arena_printf(a,
	    r->complete ? _("%zu measured  %zu bad  finished %s") :
			  _("%zu measured  %zu bad  cut short %s"),
	    measured, bad,
	    words_when(a, r->ended_us != 0 ? r->ended_us : r->started_us));
}

static char *
task_note(struct arena *a, const struct task *t)
{
	const struct observation *o = t->result;

	if (t->state != TASK_DONE || o == NULL)
		return NULL;
	if (o->failure != CAUSE_NONE)
		return arena_strdup(a,
		    word_label(&words_cause, (int)o->failure));
	return arena_strdup(a, word_label(&words_rung, (int)o->rung));
}

/* The name that is asked about and the server that is asked. */
static char *
task_title(struct arena *a, const struct task *t)
{
	const struct probe_spec *s = t->spec;

	if ((s->host != NULL && s->address != NULL) ||
	    strcmp(s->type, "dns") == 0)
		return words_probe(a, s->type, s->host, s->address,
		    s->address != NULL ? s->port : 0, s->protocol);
	return arena_strdup(a, t->title);
}

static void
build_task(struct page *p, const struct task *t, size_t index, bool problems)
{
	const struct state_look *look = words_of_task(t);
	struct arena *a = p->arena;
	struct item *row;

	if (problems && look->role != ROLE_BAD)
		return;
	row = page_row(p, arena_printf(a, "t%zu", index), task_title(a, t));
	row->glyph = look->glyph;
	row->role = look->role;
	row->word = _(look->word);
	row->note = task_note(a, t);
	row->on = look->role == ROLE_BAD;
	row->index = index;
	if (t->state == TASK_DONE && t->result != NULL)
		row->value = words_ms(a, t->result->duration_us);
	else if (t->state == TASK_RUNNING)
		row->value = arena_printf(a, _("%d s"),
		    (int)((clock_mono_us() - t->started_us) / 1000000));
}

/* Tasks of the start stand under their product; what is added later always
 * comes last, so that no row ever moves. */
static void
build_tasks(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;
	const struct record *r = sc->site->record;
	const struct run *run = shown_run(sc);
	size_t n = run_task_count(run), i, k;

	for (k = 0; k < r->products.count; k++) {
		const char *product = r->products.item[k];
		const struct pack *pack = pack_find(sc->app.packs, product);
		size_t before;

		page_heading(&f->page,
		    pack != NULL ? pack_text(pack->title) : product);
		before = f->page.nitems;
		for (i = 0; i < n && i < sc->planned; i++) {
			const struct task *t = run_task(run, i);
			const struct need *need = t->need != NULL ?
			    record_need(r, t->need) :
			    NULL;

			if (need != NULL && strcmp(need->product, product) == 0)
				build_task(&f->page, t, i, s->problems);
		}
		if (f->page.nitems == before)
			page_text(&f->page, ROLE_QUIET, 2,
			    s->problems ? _("No problem here so far.") :
					  _("Measured with the products "
					    "above."));
	}
	if (n > sc->planned)
		page_heading(&f->page,
		    _("More addresses, and the search for what blocks"));
	for (i = sc->planned; i < n; i++)
		build_task(&f->page, run_task(run, i), i, s->problems);
}

static void
build_observations(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;
	const struct record *r = sc->site->record;
	struct page *p = &f->page;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];
		const struct state_look *look = words_of_observation(o);
		struct item *row;

		if (s->problems && look->role != ROLE_BAD)
			continue;
		row = page_row(p, o->id,
		    words_probe(p->arena, o->probe, o->host, o->address,
			o->port, o->protocol));
		row->glyph = look->glyph;
		row->role = look->role;
		row->word = _(look->word);
		row->note = o->failure != CAUSE_NONE ?
		    word_label(&words_cause, (int)o->failure) :
		    word_label(&words_rung, (int)o->rung);
		row->value = words_ms(p->arena, o->duration_us);
		row->on = look->role == ROLE_BAD;
	}
	if (p->nitems == 0)
		page_text(p, ROLE_NORMAL, 0,
		    s->problems ? _("No problem was seen.") :
				  _("Nothing has been measured yet. Go back "
				    "one page to start the checks."));
}

void
view_build_background(struct screen *sc, struct page *p)
{
	size_t n = site_background(sc->site);

	if (n == 0 || screen_is_running(sc))
		return;
	page_textf(p, ROLE_NORMAL, 0,
	    P_("%zu background test is going on. You need not wait for it; "
	       "what it finds is added to the results.",
		"%zu background tests are going on. You need not wait for "
		"them; what they find is added to the results.",
		n),
	    n);
}

static void
build(struct screen *sc, struct frame *f)
{
	struct page *p = &f->page;

	view_build_background(sc, p);
	if (shown_run(sc) != NULL)
		build_tasks(sc, f);
	else
		build_observations(sc, f);
	p->next = screen_is_running(sc) ? _("Next: results so far") :
					  screen_next_label(sc, p->arena);
	p->first = PAGE_NEXT_ID;
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const struct task *t;

	(void)f;
	if (shown_run(sc) == NULL) {
		screen_push(sc, &view_task, i->id);
		return;
	}
	t = run_task(shown_run(sc), i->index);
	if (t->result != NULL)
		screen_push(sc, &view_task, t->result->id);
	else
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("This check has no result yet."));
}

static void
act_filter(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->problems = !s->problems;
	screen_say(sc, ROLE_NORMAL, "%s",
	    s->problems ? _("Only problems are shown; f shows all again.") :
			  _("All checks are shown."));
}

static void
seek(struct screen *sc, struct frame *f, int direction)
{
	if (!page_seek(&f->page, direction))
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("There is no problem so "
		      "far."));
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
cancel_run(struct screen *sc)
{
	if (screen_is_running(sc))
		site_run_cancel(sc->site);
}

static void
act_cancel(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_ask(sc,
	    _("Stop the checks? What was found so far is kept, and the rest "
	      "counts as not run."),
	    _("No, let them run"), _("Yes, stop the checks"), cancel_run);
}

static void
act_again(struct screen *sc, struct frame *f)
{
	struct error err;

	(void)f;
	if (screen_start_run(sc, &err) != 0)
		screen_say_error(sc, &err);
}

static bool
is_running(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return screen_is_running(sc);
}

static bool
was_running(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return !screen_is_running(sc) && sc->site->record->started_us != 0;
}

static const struct action actions[] = {
    {'x', "x", N_("Stop"), N_("Stop the checks; what was found is kept."),
	act_cancel, is_running},
    {'f', "f", N_("Problems only"),
	N_("Show only problems, or everything again."), act_filter, NULL},
    {'n', "n", N_("Next problem"), N_("Go to the next problem."),
	act_next_problem, NULL},
    {'N', "N", NULL, N_("Go to the previous problem."), act_last_problem, NULL},
    {'r', "r", N_("Run again"),
	N_("Run all checks again; the old results stay in the site's file."),
	act_again, was_running},
};

const struct view view_run = {
    .name = "run",
    .help = N_("OK means that the service answered this check, BAD that "
	       "something is in the way. What that means for each need stands "
	       "on the next page. You may go on to other pages meanwhile."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .subtitle = subtitle,
    .build = build,
    .activate = activate,
};
