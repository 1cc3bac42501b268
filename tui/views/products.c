/* SPDX-License-Identifier: MIT */
/* Choice of the products; several may be chosen. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/pack/answers.h"
#include "tui/screen/view.h"
#include "tui/views/unanswered.h"
#include "tui/work/left_out.h"
#include "tui/work/words.h"

/* What a product asks and needs, by the answers as they are now. */
struct extent {
	size_t required, others; /* needs that apply */
	size_t questions;        /* open now */
	size_t checks;
	unsigned packets;
	unsigned shortest_ms, longest_ms;
	struct strlist ready; /* questions in words: what to have at hand */
};

struct state {
	struct arena *arena;
	struct extent *extent; /* one a pack */
	struct extent all;     /* of what is ticked */
};

/* What has to be read off a device or a paper, so that it cannot be made up
 * at the keyboard. */
static bool
is_at_hand(const struct question *q)
{
	return q->initial == NULL &&
	    (q->type == QUESTION_SERIAL || q->type == QUESTION_ADDRESS ||
		q->type == QUESTION_HOST);
}

/* The site with other products, and nothing found yet. */
static struct record *
imagine(struct screen *sc, const struct strlist *products)
{
	const struct record *now = sc->site->record;
	struct record *r = record_new();
	size_t i;

	for (i = 0; i < products->count; i++)
		strlist_add(r->arena, &r->products, products->item[i]);
	for (i = 0; i < now->nanswers; i++)
		record_set_answer(r, now->answers[i].product,
		    now->answers[i].question, now->answers[i].value);
	needs_build(sc->app.packs, &sc->app.vocab, r);
	return r;
}

static void
add_product(struct screen *sc, struct arena *a, const struct record *r,
    const struct pack *p, struct extent *x)
{
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!n->applies || strcmp(n->product, p->product) != 0)
			continue;
		if (n->strength == STRENGTH_REQUIRED)
			x->required++;
		else
			x->others++;
	}
	for (i = 0; i < p->nquestions; i++) {
		const struct question *q = &p->questions[i];

		if (!question_is_open(sc->app.packs, r, p, q))
			continue;
		x->questions++;
		if (is_at_hand(q))
			strlist_add(a, &x->ready, pack_text(q->ask));
	}
}

static void
add_plan(struct screen *sc, const struct record *r, const char *only,
    struct extent *x)
{
	struct arena *a = arena_new();
	const struct plan *plan = plan_make(a, r, only, sc->app.opt.pace);

	x->checks = plan->count;
	x->packets = plan->packets;
	x->shortest_ms = plan->shortest_ms;
	x->longest_ms = plan->longest_ms;
	arena_free(a);
}

/* Each product as if it were ticked too, since one can answer another's
 * question. */
static void
reckon(struct screen *sc, struct state *s)
{
	const struct pack_set *packs = sc->app.packs;
	const struct strlist *ticked = &sc->site->record->products;
	struct strlist with;
	struct record *r;
	size_t i, k;

	arena_free(s->arena);
	memset(s, 0, sizeof *s);
	s->arena = arena_new();
	s->extent = arena_array(s->arena, packs->count, sizeof *s->extent);
	for (i = 0; i < packs->count; i++) {
		const struct pack *p = packs->pack[i];

		with = (struct strlist){NULL, 0};
		for (k = 0; k < ticked->count; k++)
			strlist_add(s->arena, &with, ticked->item[k]);
		if (!strlist_has(ticked, p->product))
			strlist_add(s->arena, &with, p->product);
		r = imagine(sc, &with);
		s->extent[i] = (struct extent){0};
		add_product(sc, s->arena, r, p, &s->extent[i]);
		add_plan(sc, r, p->product, &s->extent[i]);
		record_free(r);
	}
	r = imagine(sc, ticked);
	for (i = 0; i < packs->count; i++) {
		if (strlist_has(ticked, packs->pack[i]->product))
			add_product(sc, s->arena, r, packs->pack[i], &s->all);
	}
	add_plan(sc, r, NULL, &s->all);
	record_free(r);
}

static void
open_products(struct screen *sc, struct frame *f)
{
	reckon(sc, f->state);
}

static void
close_products(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

/* "13 questions, 36 needs (23 must be granted), about 2-68 s" */
static const char *
extent_text(struct arena *a, const struct extent *x)
{
	const char *questions = arena_printf(a,
	    P_("%zu question", "%zu questions", x->questions), x->questions);
	const char *needs = arena_printf(a,
	    P_("%1$zu need (%2$zu must be granted)",
		"%1$zu needs (%2$zu must be granted)", x->required + x->others),
	    x->required + x->others, x->required);

	if (x->checks == 0)
		return arena_printf(a, _("%1$s, %2$s, nothing to send"),
		    questions, needs);
	return arena_printf(a, _("%1$s, %2$s, %3$s"), questions, needs,
	    words_span(a, x->shortest_ms, x->longest_ms));
}

/* All that is ticked, together. */
static void
build_sum(struct screen *sc, struct page *p, const struct state *s)
{
	size_t i;

	if (sc->site->record->products.count == 0)
		return;
	page_heading(p, _("Together"));
	page_text(p, ROLE_NORMAL, 2, extent_text(p->arena, &s->all));
	page_textf(p, ROLE_NORMAL, 2,
	    _("%1$zu checks send at most %2$u packets, and only once you have "
	      "agreed."),
	    s->all.checks, s->all.packets);
	if (s->all.ready.count == 0)
		return;
	page_text(p, ROLE_NORMAL, 2,
	    _("Good to have at hand, to answer these:"));
	for (i = 0; i < s->all.ready.count; i++)
		page_text(p, ROLE_NORMAL, 4, s->all.ready.item[i]);
}

static void
build(struct screen *sc, struct frame *f)
{
	struct page *p = &f->page;
	struct state *s = f->state;
	const struct record *r = sc->site->record;
	size_t i;

	page_text(p, ROLE_NORMAL, 0,
	    _("Tick what is or will be installed here."));
	page_hint(p, _("Space or Enter ticks; Tab leads to the button below."));
	page_blank(p);
	for (i = 0; i < sc->app.packs->count; i++) {
		const struct pack *pack = sc->app.packs->pack[i];
		struct item *it = page_check(p, pack->product,
		    pack_text(pack->title),
		    strlist_has(&r->products, pack->product));

		it->verb = it->on ? _("Take off") : _("Tick");
		it->data = pack;
		page_text(p, ROLE_QUIET, 4, pack_text(pack->about));
		page_text(p, ROLE_QUIET, 4,
		    extent_text(p->arena, &s->extent[i]));
	}
	for (i = 0; i < sc->app.packs->nleft_out; i++)
		page_text(p, ROLE_WARN, 0,
		    left_out_text(p->arena, sc->app.packs, i))
		    ->glyph = GLYPH_WARN;
	build_sum(sc, p, s);
	p->next = screen_next_label(sc, p->arena);
}

/* Keeps the order of the packs, whatever the order of ticking. */
static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const struct record *r = sc->site->record;
	struct strlist chosen = {NULL, 0};
	struct arena *a = arena_new();
	struct error err;
	size_t k;

	for (k = 0; k < sc->app.packs->count; k++) {
		char *product = sc->app.packs->pack[k]->product;
		bool on = strlist_has(&r->products, product);

		if (strcmp(product, i->id) == 0)
			on = !on;
		if (on)
			strlist_add(a, &chosen, product);
	}
	if (site_set_products(sc->site, &chosen, &err) != 0)
		screen_say_error(sc, &err);
	arena_free(a);
	reckon(sc, f->state);
	screen_refresh_walk(sc);
}

static const struct action actions[] = {TO_THE_CHECKS_ACTION,
    UNANSWERED_ACTION};

const struct view view_products = {
    .name = "products",
    .help = N_("Each product brings its own questions, checks and steps. "
	       "Taking a product off keeps its answers."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_products,
    .close = close_products,
    .build = build,
    .activate = activate,
};
