/* SPDX-License-Identifier: MIT */
/* The results: may I leave, what causes the trouble, then each need. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/judge.h"
#include "tui/view.h"
#include "tui/view_words.h"

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
build_readiness(struct page *p, const struct record *r)
{
	static const struct {
		enum glyph glyph;
		enum role role;
		const char *word;
	} looks[] = {
	    [READY] = {GLYPH_PASS, ROLE_GOOD, N_("YES")},
	    [READY_WITH_DEVIATIONS] = {GLYPH_WARN, ROLE_WARN, N_("YES, BUT")},
	    [NOT_READY] = {GLYPH_FAIL, ROLE_BAD, N_("NOT YET")},
	};
	enum readiness ready = judge_readiness(r);
	struct item *it;

	page_text(p, ROLE_TITLE, 0, _("May I leave?"));
	it = page_text(p, looks[ready].role, 0, judge_readiness_text(ready));
	it->glyph = looks[ready].glyph;
	it->word = _(looks[ready].word);
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

static void
build_diagnosis(struct page *p, const struct record *r,
    const struct diagnosis *d, size_t index)
{
	size_t i;

	page_textf(p, ROLE_TITLE, 0, "%zu. %s", index + 1, d->summary);
	if (d->zone != ZONE_NONE)
		page_textf(p, ROLE_NORMAL, 3, _("Where: %s"),
		    word_label(&words_zone, (int)d->zone));
	for (i = 0; i < d->ruled_out.count; i++)
		page_text(p, ROLE_NORMAL, 3, d->ruled_out.item[i])
		    ->glyph = GLYPH_SKIP;
	for (i = 0; i < d->explains.count; i++) {
		const struct need *n = record_need(r, d->explains.item[i]);

		if (n == NULL)
			continue;
		page_row(p, arena_printf(p->arena, "d%zu:%s", index, n->id),
		    arena_printf(p->arena, _("explains: %s"),
			words_need(p->arena, n)))
		    ->data = n->id;
		p->item[p->nitems - 1].indent = 3;
	}
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

static void
build_product(struct screen *sc, struct frame *f, const char *product)
{
	const struct state *s = f->state;
	const struct record *r = sc->site->record;
	const struct pack *pack = pack_find(sc->app.packs, product);
	struct page *p = &f->page;
	size_t i, before;

	page_heading(p, pack != NULL ? pack_text(pack->title) : product);
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

	if (screen_is_running(sc))
		judge_record(sc->site->record);
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
	(void)f;
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

static bool
can_run(const struct screen *sc, const struct frame *f)
{
	(void)f;
	return !screen_is_running(sc) && sc->site->record->started_us != 0;
}

static const struct action actions[] = {
    {'n', "n", N_("Next problem"), N_("Go to the next problem."),
	act_next_problem, NULL},
    {'N', "N", NULL, N_("Go to the previous problem."), act_last_problem, NULL},
    {'f', "f", N_("Problems only"),
	N_("Show only problems, or everything again."), act_filter, NULL},
    {'r', "r", N_("Run again"),
	N_("Run all checks again; the old results stay in the site's file."),
	act_again, can_run},
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
