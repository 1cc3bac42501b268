/* SPDX-License-Identifier: MIT */
/* The results: may I leave, what causes the trouble, then each need. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/judge.h"
#include "tui/screen/view.h"
#include "tui/work/words.h"

#define DIAGNOSIS_ID "@diagnosis:"
#define CAUSE_ID "@cause:" /* the same, on the first lines */
#define DEVIATIONS_ID "@deviations"
#define INDENT 3

struct state {
	bool problems;
};

static void
open_results(struct screen *sc, struct frame *f)
{
	(void)f;
	if (screen_is_running(sc))
		judge_record(sc->site->record);
	else
		site_assess(sc->site);
}

static void
build_sentence(struct page *p, const char *label, const char *text)
{
	if (text != NULL && *text != '\0')
		page_textf(p, ROLE_NORMAL, INDENT, "%s: %s", label, text);
}

/* What stands in the way because of d, or NULL: it is in nobody's way. */
static const struct block *
block_of(const struct record *r, const struct diagnosis *d)
{
	size_t i;

	for (i = 0; i < r->nblocks; i++) {
		if (r->blocks[i].why == BLOCK_FAILED &&
		    strcmp(r->blocks[i].summary, d->summary) == 0)
			return &r->blocks[i];
	}
	return NULL;
}

static bool
has_diagnosis(const struct record *r, const struct block *b)
{
	size_t i;

	for (i = 0; i < r->ndiagnoses; i++) {
		if (block_of(r, &r->diagnoses[i]) == b)
			return true;
	}
	return false;
}

/* Each cause in three lines: what, whose, what to do now. In full below. */
static void
build_causes(struct page *p, const struct record *r)
{
	size_t i;

	for (i = 0; i < r->ndiagnoses; i++) {
		const struct diagnosis *d = &r->diagnoses[i];
		const struct block *b = block_of(r, d);
		struct item *row;

		if (b == NULL)
			continue;
		row = page_row(p, arena_printf(p->arena, CAUSE_ID "%zu", i),
		    arena_printf(p->arena, "%zu. %s", i + 1, b->brief));
		row->glyph = GLYPH_FAIL;
		row->role = ROLE_BAD;
		row->numbered = true;
		build_sentence(p, _("Whose it is"), d->whose);
		build_sentence(p, _("What you do now"), d->advice_installer);
	}
}

/* What else is left to do: each with its order. */
static void
build_rest(struct page *p, const struct record *r)
{
	size_t i;

	for (i = 0; i < r->nblocks; i++) {
		const struct block *b = &r->blocks[i];

		if (b->why == BLOCK_FAILED && has_diagnosis(r, b))
			continue;
		page_textf(p, ROLE_NORMAL, 0, "%s %s", b->brief, b->todo)
		    ->glyph = b->why == BLOCK_FAILED ? GLYPH_FAIL :
						       GLYPH_UNSURE;
	}
}

static void
build_deviations(struct page *p, const struct record *r)
{
	size_t i, held = 0;

	for (i = 0; i < r->ndeviations; i++)
		held += r->deviations[i].state == DEVIATION_HOLDS;
	if (r->ndeviations == 0)
		return;
	page_row(p, DEVIATIONS_ID,
	    arena_printf(p->arena,
		_("Accepted by name: %1$zu of %2$zu in force"), held,
		r->ndeviations))
	    ->glyph = GLYPH_SKIP;
}

static void
build_readiness(struct page *p, const struct record *r)
{
	enum readiness ready = judge_readiness(r);
	const struct state_look *look = words_of_readiness(ready);
	struct item *it;

	page_text(p, ROLE_TITLE, 0, _("May I leave?"));
	it = page_text(p, look->role, 0, judge_readiness_text(ready));
	it->glyph = look->glyph;
	it->word = _(look->word);
	build_causes(p, r);
	build_rest(p, r);
	build_deviations(p, r);
}

static void
build_counts(struct page *p, const struct record *r)
{
	struct judge_counts c;
	struct buf line;
	size_t i;

	judge_count(r, &c);
	buf_init(&line, 1024);
	for (i = 0; i <= OUTCOME_WAIVED; i++) {
		if (c.of[i] == 0 || i == OUTCOME_NOT_APPLICABLE)
			continue;
		buf_addf(&line, "%s%zu %s", line.len > 0 ? ", " : "", c.of[i],
		    word_label(&words_outcome, (int)i));
	}
	page_textf(p, ROLE_NORMAL, 0,
	    P_("%zu need applies: %s.", "%zu needs apply: %s.", c.total),
	    c.total, buf_str(&line));
	buf_free(&line);
}

/* What the first lines have not said of it. */
static void
build_diagnosis(struct page *p, const struct record *r,
    const struct diagnosis *d, size_t index)
{
	page_textf(p, ROLE_TITLE, 0, "%zu. %s", index + 1, d->summary);
	if (block_of(r, d) == NULL) {
		build_sentence(p, _("Whose it is"), d->whose);
		build_sentence(p, _("What you do now"), d->advice_installer);
	}
	build_sentence(p, _("What the IT desk does"), d->advice_it);
	build_sentence(p, _("What the customer should know"),
	    d->advice_customer);
	page_row(p, arena_printf(p->arena, DIAGNOSIS_ID "%zu", index),
	    arena_printf(p->arena,
		P_("How this is known, and the %zu need that it explains",
		    "How this is known, and the %zu needs that it explains",
		    d->explains.count),
		d->explains.count))
	    ->indent = INDENT;
}

static void
build_need(struct page *p, const struct need *n)
{
	const struct state_look *look = words_of_outcome(n->outcome);
	struct item *row = page_row(p, n->id, words_need(p->arena, n));

	row->data = n->id;
	row->glyph = look->glyph;
	row->role = look->role;
	row->word = _(look->word);
	row->on = words_is_problem(n) && n->strength == STRENGTH_REQUIRED;
	if (n->strength != STRENGTH_REQUIRED)
		row->note = word_label(&words_strength, (int)n->strength);
	else if (n->source.assumed != NULL)
		row->note = _("assumed");
}

/* "Z5 video phone: 2 of 41 failed" */
static char *
product_title(struct screen *sc, struct arena *a, const char *product)
{
	const struct pack *pack = pack_find(sc->app.packs, product);
	const struct record *r = sc->site->record;
	const char *title = pack != NULL ? pack_text(pack->title) : product;
	size_t i, total = 0, failed = 0, passed = 0;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (strcmp(n->product, product) != 0 || !n->applies ||
		    n->outcome == OUTCOME_NOT_APPLICABLE)
			continue;
		total++;
		failed += n->outcome == OUTCOME_FAIL;
		passed += n->outcome == OUTCOME_PASS ||
		    n->outcome == OUTCOME_MARGINAL ||
		    n->outcome == OUTCOME_WARN;
	}
	if (failed > 0)
		return arena_printf(a, _("%1$s: %2$zu of %3$zu failed"), title,
		    failed, total);
	return arena_printf(a, _("%1$s: %2$zu of %3$zu passed"), title, passed,
	    total);
}

static void
build_product(struct screen *sc, struct frame *f, const char *product)
{
	const struct state *s = f->state;
	const struct record *r = sc->site->record;
	struct page *p = &f->page;
	size_t i, before;

	page_heading(p, product_title(sc, p->arena, product));
	before = p->nitems;
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (strcmp(n->product, product) != 0 || !n->applies ||
		    (s->problems && !words_is_problem(n)))
			continue;
		build_need(p, n);
	}
	if (p->nitems == before)
		page_text(p, ROLE_NORMAL, 2,
		    s->problems ? _("No problem here.") :
				  _("Nothing applies with these answers."));
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	struct page *p = &f->page;
	size_t i;

	screen_judge(sc);
	if (r->started_us == 0) {
		page_text(p, ROLE_WARN, 0,
		    _("The checks have not been run yet, so nothing is known. "
		      "Go back to start them."))
		    ->glyph = GLYPH_WARN;
		page_blank(p);
	} else {
		if (screen_is_running(sc) || !r->complete) {
			page_text(p, ROLE_WARN, 0,
			    screen_is_running(sc) ?
				_("Checks are still running; this is what is "
				  "known so far.") :
				_("The last run was cut short; what it did "
				  "not reach counts as not run."))
			    ->glyph = GLYPH_WARN;
			page_blank(p);
		}
		build_readiness(p, r);
	}
	build_counts(p, r);
	view_build_background(sc, p);
	if (r->ndiagnoses > 0)
		page_heading(p, _("What is behind it"));
	for (i = 0; i < r->ndiagnoses; i++)
		build_diagnosis(p, r, &r->diagnoses[i], i);
	for (i = 0; i < r->products.count; i++)
		build_product(sc, f, r->products.item[i]);
	p->next = screen_next_label(sc, p->arena);
	p->first = PAGE_NEXT_ID;
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	static const char *const prefixes[] = {DIAGNOSIS_ID, CAUSE_ID};
	size_t k, len;

	(void)f;
	for (k = 0; k < sizeof prefixes / sizeof *prefixes; k++) {
		len = strlen(prefixes[k]);
		if (strncmp(i->id, prefixes[k], len) == 0) {
			screen_push(sc, &view_diagnosis, i->id + len);
			return;
		}
	}
	if (strcmp(i->id, DEVIATIONS_ID) == 0)
		screen_push(sc, &view_deviations, NULL);
	else
		screen_push(sc, &view_finding, i->data);
}

static void
act_filter(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->problems = !s->problems;
	screen_say(sc, ROLE_NORMAL, "%s",
	    s->problems ? _("Only problems are shown; f shows all again.") :
			  _("All needs are shown."));
}

static void
seek(struct screen *sc, struct frame *f, int direction)
{
	if (!page_seek(&f->page, direction))
		screen_say(sc, ROLE_GOOD, "%s",
		    _("There is no problem with a required need."));
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

static bool
can_retry_all(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return view_can_retry(sc, NULL);
}

static void
act_retry_all(struct screen *sc, struct frame *f)
{
	(void)f;
	view_retry(sc, NULL);
}

/* The need that the focus is on, or NULL. */
static const struct need *
focused_need(const struct screen *sc, const struct frame *f)
{
	const struct item *i = page_focused(&f->page);

	return i != NULL && i->data != NULL ?
	    record_need(sc->site->record, i->data) :
	    NULL;
}

static bool
can_retry(const struct screen *sc, const struct frame *f)
{
	const struct need *n = focused_need(sc, f);

	return n != NULL && view_can_retry(sc, n->id);
}

static void
act_retry(struct screen *sc, struct frame *f)
{
	view_retry(sc, focused_need(sc, f)->id);
}

static bool
can_accept(const struct screen *sc, const struct frame *f)
{
	const struct need *n = focused_need(sc, f);

	return n != NULL && !sc->site->read_only &&
	    view_can_accept(sc->site->record, n);
}

static void
act_accept(struct screen *sc, struct frame *f)
{
	screen_push(sc, &view_deviation, focused_need(sc, f)->id);
}

static bool
has_deviations(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return sc->site->record->ndeviations > 0;
}

static void
act_deviations(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_deviations, NULL);
}

/* As on every page; here it is what most want next, so the key bar has it. */
static void
act_papers(struct screen *sc, struct frame *f)
{
	(void)f;
	if (walk_go(sc->walk, "export"))
		screen_show_page(sc);
}

static bool
can_run(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return !screen_is_running(sc) && !sc->site->read_only &&
	    sc->site->record->started_us != 0;
}

static void
act_again(struct screen *sc, struct frame *f)
{
	struct error err;

	(void)f;
	if (screen_start_run(sc, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	if (walk_go(sc->walk, "run"))
		screen_show_page(sc);
}

static void
act_compare(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_review, REVIEW_TO_COMPARE);
}

static void
open_cause(struct screen *sc, size_t number)
{
	struct arena *a;

	if (number > sc->site->record->ndiagnoses) {
		screen_say(sc, ROLE_NORMAL, _("There is no cause number %zu."),
		    number);
		return;
	}
	a = arena_new();
	screen_push(sc, &view_diagnosis, arena_printf(a, "%zu", number - 1));
	arena_free(a);
}

#define CAUSE(number) \
	static void act_cause_##number(struct screen *sc, struct frame *f) \
	{ \
		(void)f; \
		open_cause(sc, number); \
	} \
\
	static bool has_cause_##number(const struct screen *sc, \
	    const struct frame *f) \
	{ \
		(void)f; \
		return sc->site->record->ndiagnoses >= (number); \
	}

CAUSE(1)
CAUSE(2)
CAUSE(3)
CAUSE(4)
CAUSE(5)
CAUSE(6)
CAUSE(7)
CAUSE(8)
CAUSE(9)

static const struct action actions[] = {
    {'e', "e", N_("Papers"),
	N_("To the page on which the papers are written, at any time."),
	act_papers, NULL},
    {'n', "n", N_("Next problem"), N_("Go to the next problem."),
	act_next_problem, NULL},
    {'N', "N", NULL, N_("Go to the previous problem."), act_last_problem, NULL},
    {'a', "a", N_("Accept"),
	N_("Accept this as it is, with a reason and a name."), act_accept,
	can_accept},
    {'r', "r", N_("Retry"),
	N_("Measure this again; what was seen before is kept."), act_retry,
	can_retry},
    {'R', "R", N_("Retry failed"),
	N_("Measure again what failed, what is doubtful and what was "
	   "stopped; what was seen before is kept."),
	act_retry_all, can_retry_all},
    {'f', "f", N_("Problems only"),
	N_("Show only problems, or everything again."), act_filter, NULL},
    {'d', "d", N_("Deviations"),
	N_("Show what is accepted by name, to change it or take it back."),
	act_deviations, has_deviations},
    {'c', "c", N_("Compare"),
	N_("What changed at this site since an older handover."), act_compare,
	can_run},
    {'A', "A", NULL,
	N_("Run all checks again; the old results stay in the site's file."),
	act_again, can_run},
    {'1', "1", NULL, N_("Show cause 1; 2 to 9 show the others."), act_cause_1,
	has_cause_1},
    {'2', "2", NULL, N_("Show cause 2."), act_cause_2, has_cause_2},
    {'3', "3", NULL, N_("Show cause 3."), act_cause_3, has_cause_3},
    {'4', "4", NULL, N_("Show cause 4."), act_cause_4, has_cause_4},
    {'5', "5", NULL, N_("Show cause 5."), act_cause_5, has_cause_5},
    {'6', "6", NULL, N_("Show cause 6."), act_cause_6, has_cause_6},
    {'7', "7", NULL, N_("Show cause 7."), act_cause_7, has_cause_7},
    {'8', "8", NULL, N_("Show cause 8."), act_cause_8, has_cause_8},
    {'9', "9", NULL, N_("Show cause 9."), act_cause_9, has_cause_9},
};

const struct view view_results = {
    .name = "results",
    .help = N_("First whether you may leave, then the causes, then every need "
	       "of every product. Enter on a line shows everything about it "
	       "and what to do."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_results,
    .build = build,
    .activate = activate,
};
