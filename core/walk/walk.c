/* SPDX-License-Identifier: MIT */
/* Owns the list of the wizard's pages and where the user stands in it. */
#include "core/walk/walk.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/pack/answers.h"
#include "core/record/declaration.h"

struct walk {
	struct arena *arena; /* of the pages; renewed by each refresh */
	const struct pack_set *packs;
	const struct record *record;
	struct walk_page *page;
	size_t npages;
	size_t current;
	bool exported;
};

/* The pages that every walk has; questions stand before the plan, steps
 * before the export. */
static const struct {
	const char *place;
	const char *title;
} fixed[WALK_KIND_COUNT] = {
    [WALK_SITE] = {"site", N_("The site")},
    [WALK_PRODUCTS] = {"products", N_("Products")},
    [WALK_PLAN] = {"plan", N_("Before the checks")},
    [WALK_RUN] = {"run", N_("The checks")},
    [WALK_RESULTS] = {"results", N_("Results")},
    [WALK_SIGN] = {"sign", N_("Sign-off")},
    [WALK_EXPORT] = {"export", N_("Handover and request")},
};

static struct walk_page *
add(struct walk *w, enum walk_kind kind, const struct pack *p, char *place)
{
	struct walk_page *page = arena_push(w->arena, w->page, w->npages);

	memset(page, 0, sizeof *page);
	page->kind = kind;
	page->pack = p;
	page->place = place;
	return page;
}

static void
add_fixed(struct walk *w, enum walk_kind kind)
{
	add(w, kind, NULL, arena_strdup(w->arena, fixed[kind].place));
}

static const struct pack *
chosen(const struct walk *w, size_t i)
{
	return pack_find(w->packs, w->record->products.item[i]);
}

/* Is this the first question of its topic? Its id then names the page. */
static bool
begins_topic(const struct pack *p, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++) {
		if (strcmp(p->questions[k].topic, p->questions[i].topic) == 0)
			return false;
	}
	return true;
}

static bool
is_of_page(const struct walk *w, const struct pack *p, const char *topic,
    const struct question *q)
{
	return strcmp(q->topic, topic) == 0 &&
	    question_is_open(w->packs, w->record, p, q);
}

static void
add_questions(struct walk *w, const struct pack *p)
{
	struct walk_page *page;
	size_t i, k;

	for (i = 0; i < p->nquestions; i++) {
		const struct question *first = &p->questions[i];

		if (!begins_topic(p, i))
			continue;
		for (k = i; k < p->nquestions; k++) {
			if (!is_of_page(w, p, first->topic, &p->questions[k]))
				continue;
			page = add(w, WALK_QUESTIONS, p,
			    arena_printf(w->arena, "ask:%s.%s", p->product,
				first->id));
			page->topic = first->topic;
			break;
		}
	}
}

static void
add_steps(struct walk *w, const struct pack *p)
{
	struct walk_page *page;
	size_t i;

	for (i = 0; i < p->nsteps; i++) {
		if (clauses_hold(w->packs, w->record, p, &p->steps[i].when) ==
		    TRUTH_NO)
			continue;
		page = add(w, WALK_STEP, p,
		    arena_printf(w->arena, "step:%s.%s", p->product,
			p->steps[i].id));
		page->step = &p->steps[i];
	}
}

static void
build(struct walk *w)
{
	size_t i, nproducts = w->record->products.count;

	add_fixed(w, WALK_SITE);
	add_fixed(w, WALK_PRODUCTS);
	if (nproducts == 0)
		return;
	for (i = 0; i < nproducts; i++) {
		if (chosen(w, i) != NULL)
			add_questions(w, chosen(w, i));
	}
	add_fixed(w, WALK_PLAN);
	add_fixed(w, WALK_RUN);
	add_fixed(w, WALK_RESULTS);
	for (i = 0; i < nproducts; i++) {
		if (chosen(w, i) != NULL)
			add_steps(w, chosen(w, i));
	}
	add_fixed(w, WALK_SIGN);
	add_fixed(w, WALK_EXPORT);
}

struct walk *
walk_new(const struct pack_set *packs, const struct record *r)
{
	struct walk *w = mem_alloc(sizeof *w);

	w->packs = packs;
	w->record = r;
	w->arena = arena_new();
	build(w);
	return w;
}

void
walk_free(struct walk *w)
{
	if (w == NULL)
		return;
	arena_free(w->arena);
	mem_free(w);
}

static bool
find(const struct walk *w, const char *place, size_t *index)
{
	size_t i;

	for (i = 0; i < w->npages; i++) {
		if (strcmp(w->page[i].place, place) == 0) {
			*index = i;
			return true;
		}
	}
	return false;
}

void
walk_refresh(struct walk *w)
{
	struct arena *old = w->arena;
	const struct walk_page *before = w->page;
	size_t at = w->current;

	w->arena = arena_new();
	w->page = NULL;
	w->npages = 0;
	build(w);
	while (!find(w, before[at].place, &w->current) && at > 0)
		at--;
	arena_free(old);
}

size_t
walk_count(const struct walk *w)
{
	return w->npages;
}

const struct walk_page *
walk_page(const struct walk *w, size_t index)
{
	return &w->page[index];
}

size_t
walk_index(const struct walk *w)
{
	return w->current;
}

const struct walk_page *
walk_current(const struct walk *w)
{
	return &w->page[w->current];
}

char *
walk_title(const struct walk_page *page, struct arena *a)
{
	if (page->kind == WALK_QUESTIONS)
		return arena_printf(a, "%s: %s", pack_text(page->pack->title),
		    pack_text(page->topic));
	if (page->kind == WALK_STEP)
		return arena_printf(a, "%s: %s", pack_text(page->pack->title),
		    pack_text(page->step->title));
	return arena_strdup(a, _(fixed[page->kind].title));
}

/* --- what is done ------------------------------------------------------ */

static bool
is_decided(const struct walk *w, const struct pack *p, const struct question *q)
{
	const char *own = record_answer(w->record, p->product, q->id);

	if (own != NULL)
		return !q->must || strcmp(own, "unknown") != 0;
	return answer_effective(w->packs, w->record, p, q) != NULL;
}

static enum walk_state
amount(size_t done, size_t total)
{
	return done >= total ? WALK_DONE : done > 0 ? WALK_BEGUN : WALK_TO_DO;
}

static enum walk_state
site_state(const struct walk *w, const struct walk_page *page)
{
	(void)page;
	return *w->record->site.name != '\0' ? WALK_DONE : WALK_TO_DO;
}

static enum walk_state
products_state(const struct walk *w, const struct walk_page *page)
{
	(void)page;
	return w->record->products.count > 0 ? WALK_DONE : WALK_TO_DO;
}

static enum walk_state
questions_state(const struct walk *w, const struct walk_page *page)
{
	size_t i, done = 0, total = 0;

	for (i = 0; i < page->pack->nquestions; i++) {
		const struct question *q = &page->pack->questions[i];

		if (!is_of_page(w, page->pack, page->topic, q))
			continue;
		total++;
		done += is_decided(w, page->pack, q);
	}
	return amount(done, total);
}

static enum walk_state
run_state(const struct walk *w, const struct walk_page *page)
{
	(void)page;
	if (w->record->started_us == 0)
		return WALK_TO_DO;
	return w->record->complete ? WALK_DONE : WALK_BEGUN;
}

static enum walk_state
step_state(const struct walk *w, const struct walk_page *page)
{
	size_t done, total;

	walk_step_progress(w, page, &done, &total);
	return total > 0 ? amount(done, total) : run_state(w, page);
}

/* Both have declared, and for what is there now. */
static enum walk_state
sign_state(const struct walk *w, const struct walk_page *page)
{
	size_t i, begun = w->record->ndeclarations, done = 0;

	(void)page;
	for (i = 0; i < w->record->ndeclarations; i++)
		done += declaration_holds(w->record,
		    &w->record->declarations[i]);
	return done >= PARTY_COUNT ? WALK_DONE :
	    begun > 0              ? WALK_BEGUN :
				     WALK_TO_DO;
}

static enum walk_state
export_state(const struct walk *w, const struct walk_page *page)
{
	(void)page;
	return w->exported ? WALK_DONE : WALK_TO_DO;
}

static enum walk_state (*const states[WALK_KIND_COUNT])(const struct walk *w,
    const struct walk_page *page) = {
    [WALK_SITE] = site_state,
    [WALK_PRODUCTS] = products_state,
    [WALK_QUESTIONS] = questions_state,
    [WALK_PLAN] = run_state,
    [WALK_RUN] = run_state,
    [WALK_RESULTS] = run_state,
    [WALK_STEP] = step_state,
    [WALK_SIGN] = sign_state,
    [WALK_EXPORT] = export_state,
};

enum walk_state
walk_state(const struct walk *w, size_t index)
{
	const struct walk_page *page = &w->page[index];

	return states[page->kind](w, page);
}

/* --- moving ------------------------------------------------------------ */

int
walk_blocked(const struct walk *w, struct error *err)
{
	const struct walk_page *page = walk_current(w);
	size_t i;

	if (page->kind == WALK_PRODUCTS && w->record->products.count == 0)
		return error_set(err, ERR_USAGE,
		    _("Tick at least one product first."));
	if (page->kind != WALK_QUESTIONS)
		return 0;
	for (i = 0; i < page->pack->nquestions; i++) {
		const struct question *q = &page->pack->questions[i];

		if (q->must && is_of_page(w, page->pack, page->topic, q) &&
		    !is_decided(w, page->pack, q))
			return error_set(err, ERR_USAGE,
			    _("This has to be answered before you can go on: "
			      "%s"),
			    pack_text(q->ask));
	}
	return 0;
}

bool
walk_go_index(struct walk *w, size_t index)
{
	if (index >= w->npages)
		return false;
	w->current = index;
	return true;
}

bool
walk_next(struct walk *w)
{
	return walk_go_index(w, w->current + 1);
}

bool
walk_back(struct walk *w)
{
	return w->current > 0 && walk_go_index(w, w->current - 1);
}

bool
walk_go(struct walk *w, const char *place)
{
	return find(w, place, &w->current);
}

/* --- parts of a page --------------------------------------------------- */

size_t
walk_questions(const struct walk *w, const struct walk_page *page,
    struct arena *a, const struct question ***out)
{
	const struct question **list = NULL;
	size_t i, n = 0;

	for (i = 0; i < page->pack->nquestions; i++) {
		const struct question *q = &page->pack->questions[i];

		if (is_of_page(w, page->pack, page->topic, q))
			*arena_push(a, list, n) = q;
	}
	*out = list;
	return n;
}

const struct walk_page *
walk_page_of_question(const struct walk *w, const char *product,
    const char *question)
{
	const struct pack *p = pack_find(w->packs, product);
	const struct question *q = p == NULL ? NULL :
					       pack_question(p, question);
	size_t i;

	for (i = 0; q != NULL && i < w->npages; i++) {
		const struct walk_page *page = &w->page[i];

		if (page->kind == WALK_QUESTIONS && page->pack == p &&
		    strcmp(page->topic, q->topic) == 0)
			return page;
	}
	return NULL;
}

const struct attestation *
walk_attestation(const struct record *r, const char *product, const char *step,
    const char *id)
{
	size_t i;

	for (i = 0; i < r->nattestations; i++) {
		const struct attestation *t = &r->attestations[i];

		if (strcmp(t->product, product) == 0 &&
		    strcmp(t->step, step) == 0 && strcmp(t->id, id) == 0)
			return t;
	}
	return NULL;
}

const struct equipment *
walk_equipment(const struct record *r, const char *product, const char *item)
{
	size_t i;

	for (i = 0; i < r->nequipment; i++) {
		const struct equipment *e = &r->equipment[i];

		if (strcmp(e->product, product) == 0 &&
		    strcmp(e->item, item) == 0)
			return e;
	}
	return NULL;
}

void
walk_step_progress(const struct walk *w, const struct walk_page *page,
    size_t *done, size_t *total)
{
	const struct step *s = page->step;
	const char *product = page->pack->product;
	const struct equipment *e;
	size_t i;

	*done = 0;
	*total = s->nconfirm + s->nwrite_down;
	for (i = 0; i < s->nconfirm; i++)
		*done += walk_attestation(w->record, product, s->id,
			     s->confirm[i].id) != NULL;
	for (i = 0; i < s->nwrite_down; i++) {
		e = walk_equipment(w->record, product, s->write_down[i].id);
		*done += e != NULL && *e->value != '\0';
	}
}

void
walk_exported(struct walk *w)
{
	w->exported = true;
}
