/* SPDX-License-Identifier: MIT */
/* Owns what is told of a run while it goes on. */
#include "tui/line/watch.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "tui/line/talk.h"
#include "tui/work/words.h"

#define TOTALS_US 10000000 /* between two lines of totals */
#define PROBLEMS 8         /* told one by one; more are only counted */

void
watch_free(struct watch *w)
{
	mem_free(w->told);
	mem_free(w->product);
	memset(w, 0, sizeof *w);
}

static void
begin(struct talk *t)
{
	struct watch *w = &t->watch;

	watch_free(w);
	w->run = t->sc->site->run;
	w->nproducts = t->sc->site->record->products.count;
	w->product = mem_array(w->nproducts + 1, sizeof *w->product);
	w->totals_us = clock_mono_us();
}

static void
make_room(struct watch *w, size_t count)
{
	if (count <= w->ntold)
		return;
	w->told = mem_grow(w->told, count, sizeof *w->told);
	memset(w->told + w->ntold, 0, (count - w->ntold) * sizeof *w->told);
	w->ntold = count;
}

/* A search for what blocks is no problem of its own. */
static bool
is_news(const struct task *task)
{
	return task->state == TASK_DONE && !task->follow_up &&
	    words_of_task(task)->role == ROLE_BAD;
}

/* Many checks can be made for one need; the first that is bad is news. */
static bool
is_repeated(const struct watch *w, const struct run *run, size_t index)
{
	const char *need = run_task(run, index)->need, *other;
	size_t i;

	for (i = 0; need != NULL && i < w->ntold; i++) {
		other = run_task(run, i)->need;
		if (i != index && w->told[i] && other != NULL &&
		    strcmp(other, need) == 0)
			return true;
	}
	return false;
}

/* With the server and the protocol, where several are asked the same. */
static const char *
task_name(struct arena *a, const struct task *task)
{
	const struct probe_spec *s = task->spec;

	if (s->host == NULL || s->address == NULL)
		return task->title;
	return words_probe(a, s->type, s->host, s->address, s->port,
	    s->protocol);
}

static void
tell_problem(struct talk *t, const struct task *task)
{
	struct teller to = talk_teller(t);
	const char *word = _(words_of_task(task)->word);

	if (++t->watch.problems > PROBLEMS)
		return;
	/* TRANSLATORS: FAIL, the check, what was seen */
	tell_textf(&to, 0, _("%1$s: %2$s: %3$s"), word,
	    task_name(screen_top(t->sc)->page.arena, task),
	    word_label(&words_cause, (int)task->result->failure));
	if (t->watch.problems == PROBLEMS)
		tell_text(&to, 0,
		    _("More problems are only counted from here on; .l lists "
		      "every check."));
}

static void
look_for_problems(struct talk *t, const struct run *run)
{
	struct watch *w = &t->watch;
	size_t i, n = run_task_count(run);

	make_room(w, n);
	for (i = 0; i < n; i++) {
		if (w->told[i] || !is_news(run_task(run, i)))
			continue;
		w->told[i] = true;
		if (!is_repeated(w, run, i))
			tell_problem(t, run_task(run, i));
	}
}

struct tally {
	size_t done, open, bad;
};

static void
count_product(struct talk *t, const struct run *run, const char *product,
    struct tally *out)
{
	const struct record *r = t->sc->site->record;
	size_t i, n = run_task_count(run);

	memset(out, 0, sizeof *out);
	for (i = 0; i < n && i < t->sc->planned; i++) {
		const struct task *task = run_task(run, i);
		const struct need *need = task->need != NULL ?
		    record_need(r, task->need) :
		    NULL;

		if (need == NULL || task->background ||
		    strcmp(need->product, product) != 0)
			continue;
		if (task->state == TASK_DONE)
			out->done++;
		else
			out->open++;
		out->bad += words_of_task(task)->role == ROLE_BAD;
	}
}

static void
look_for_products(struct talk *t, const struct run *run)
{
	const struct strlist *products = &t->sc->site->record->products;
	struct teller to = talk_teller(t);
	struct watch *w = &t->watch;
	const struct pack *pack;
	struct tally n;
	size_t i;

	for (i = 0; i < products->count && i < w->nproducts; i++) {
		if (w->product[i])
			continue;
		count_product(t, run, products->item[i], &n);
		if (n.open > 0 || n.done == 0)
			continue;
		w->product[i] = true;
		pack = pack_find(t->sc->app.packs, products->item[i]);
		tell_textf(&to, 0,
		    P_("%1$s: its %2$zu check is done, %3$zu failed.",
			"%1$s: all %2$zu checks are done, %3$zu failed.",
			n.done),
		    pack != NULL ? pack_text(pack->title) : products->item[i],
		    n.done, n.bad);
	}
}

void
watch_totals(struct talk *t)
{
	struct teller to = talk_teller(t);

	t->watch.totals_us = clock_mono_us();
	tell_text(&to, 0, screen_title(t->sc));
}

static void
look_for_totals(struct talk *t, const struct run *run)
{
	struct watch *w = &t->watch;
	struct run_totals now;

	run_totals(run, &now);
	if (clock_mono_us() - w->totals_us < TOTALS_US || now.done == w->done)
		return;
	w->done = now.done;
	watch_totals(t);
}

/* The screen shows them among its rows, which are told only when asked for. */
static void
tell_background(struct talk *t)
{
	struct teller to = talk_teller(t);
	struct outline none = {0};
	struct page p;

	page_init(&p);
	page_begin(&p);
	view_build_background(t->sc, &p);
	page_end(&p);
	tell_items(&to, &p, &none, 0, p.nitems);
	page_free(&p);
}

/* The sentence about Enter fits the page of the run only. */
static void
look_for_end(struct talk *t)
{
	struct teller to = talk_teller(t);
	struct screen *sc = t->sc;
	struct frame *f = screen_top(sc);

	t->watch.run = NULL;
	if (!f->view->live) {
		if (sc->message == NULL || sc->message_role != ROLE_GOOD)
			return;
		screen_say(sc, ROLE_GOOD, "%s",
		    _("All checks are done. The page Results says what they "
		      "mean; .g lists all pages."));
		return;
	}
	/* The last ones end in the same moment as all. */
	if (sc->site != NULL && sc->site->ended != NULL &&
	    sc->site->record->complete) {
		look_for_problems(t, sc->site->ended);
		look_for_products(t, sc->site->ended);
	}
	if (sc->message != NULL)
		tell_text(&to, 0, sc->message);
	mem_free(sc->message);
	sc->message = NULL;
	if (sc->site != NULL)
		tell_background(t);
	f->told = 0;
}

void
watch_notice(struct talk *t)
{
	if (screen_is_running(t->sc) && t->sc->site->run != t->watch.run)
		begin(t);
}

void
watch_look(struct talk *t)
{
	const struct run *run = t->sc->site != NULL ? t->sc->site->run : NULL;

	watch_notice(t);
	if (run != NULL && talk_is_live(t)) {
		look_for_problems(t, run);
		look_for_products(t, run);
		look_for_totals(t, run);
	} else if (run == NULL && t->watch.run != NULL) {
		look_for_end(t);
	}
}

void
talk_look(struct talk *t)
{
	size_t before = t->text.len;

	if (t->sc->quit)
		return;
	screen_build(t->sc);
	/* What waits for Enter stays in front of the news of a run. */
	if (!t->more || !screen_top(t->sc)->view->live)
		watch_look(t);
	if (t->text.len != before || t->sc->message != NULL ||
	    screen_top(t->sc)->told == 0 || screen_top(t->sc) != t->shown)
		talk_settle(t);
}
