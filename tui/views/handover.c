/* SPDX-License-Identifier: MIT */
/* A handover that somebody wrote: what it says, what today's program makes of
 * it, and what speaks for or against trusting it. Everything in it is foreign
 * and nothing of it can be changed here. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/standpoint.h"
#include "core/export/summary.h"
#include "core/judge/judge.h"
#include "tui/screen/view.h"
#include "tui/views/edition_lines.h"
#include "tui/work/review.h"
#include "tui/work/words.h"

#define NAME_COLS 120 /* of foreign names: the rest is cut */
#define TEXT_COLS 400 /* and of sentences */
#define ROWS_MAX 300  /* of one list; no site needs more */
#define DIAGNOSIS_ID "@diagnosis:"
#define CHANGED_ID "@changed:"
#define LINE_ID "@line:"
#define NOW_ID "@now"
#define OTHER_ID "@other"

struct state {
	struct review *review; /* NULL: it cannot be read */
	struct error err;
	bool all; /* lines without a problem too */
};

static const struct {
	enum glyph glyph;
	enum role role;
} looks[] = {
    [NOT_READY] = {GLYPH_FAIL, ROLE_BAD},
    [READY_WITH_DEVIATIONS] = {GLYPH_WARN, ROLE_WARN},
    [READY] = {GLYPH_PASS, ROLE_GOOD},
};

const char *
view_handover_path(const struct screen *sc)
{
	size_t i;

	for (i = 0; i < sc->nframes; i++) {
		if (sc->frame[i]->view == &view_handover)
			return sc->frame[i]->arg;
	}
	return NULL;
}

/* --- life -------------------------------------------------------------- */

static void
open_handover(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->review = review_open(&sc->app, f->arg, &s->err);
	if (s->review != NULL)
		screen_lay_aside(sc, review_site(&sc->app, s->review));
}

static void
close_handover(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	if (s->review != NULL)
		screen_take_back(sc);
	review_close(s->review);
}

/* --- what and by whom -------------------------------------------------- */

static size_t
count_other_packs(const struct screen *sc, const struct record *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->npacks; i++) {
		const struct pack *p = pack_find(sc->app.packs,
		    r->packs[i].product);

		n += p == NULL || strcmp(p->sha256, r->packs[i].sha256) != 0;
	}
	return n;
}

static void
build_origin(struct screen *sc, struct page *p, const struct review *v)
{
	const struct record *r = sc->site->record;
	size_t other = count_other_packs(sc, r);
	struct arena *a = p->arena;

	if (r->started_us != 0)
		page_textf(p, ROLE_NORMAL, 0, _("Checked: %s"),
		    words_when(a, r->started_us));
	page_textf(p, ROLE_NORMAL, 0, _("By: %1$s, %2$s"),
	    text_is_space(r->site.engineer) ?
		_("somebody not named") :
		words_clip(a, r->site.engineer, NAME_COLS),
	    text_is_space(r->site.installer) ?
		_("a company not named") :
		words_clip(a, r->site.installer, NAME_COLS));
	page_textf(p, ROLE_NORMAL, 0,
	    P_("Written by sitewalk %1$s, judged by %2$zu pack.",
		"Written by sitewalk %1$s, judged by %2$zu packs.", r->npacks),
	    words_clip(a, r->tool_version, NAME_COLS), r->npacks);
	if (other > 0)
		page_textf(p, ROLE_WARN, 0,
		    P_("%zu of these packs is another one here, or none.",
			"%zu of these packs are others here, or none.", other),
		    other)
		    ->glyph = GLYPH_WARN;
	edition_lines_build(p, &r->edition);
	page_textf(p, ROLE_NORMAL, 0,
	    _("SHA-256 of the file, as its handover sheet says it: %s"),
	    v->sha256);
}

/* What speaks for believing the rest, before the rest. */
static void
build_seal(struct page *p, const struct review *v)
{
	static const struct {
		enum glyph glyph;
		enum role role;
	} seals[REVIEW_SEALS] = {
	    [SEAL_NONE] = {GLYPH_WARN, ROLE_WARN},
	    [SEAL_UNSIGNED] = {GLYPH_WARN, ROLE_WARN},
	    [SEAL_SIGNED] = {GLYPH_PASS, ROLE_GOOD},
	    [SEAL_BROKEN] = {GLYPH_FAIL, ROLE_BAD},
	};
	size_t i;

	page_text(p, seals[v->seal.verdict].role, 0, v->seal.why)
	    ->glyph = seals[v->seal.verdict].glyph;
	for (i = 0; i < v->seal.notes.count; i++)
		page_text(p, ROLE_WARN, 2,
		    words_clip(p->arena, v->seal.notes.item[i], TEXT_COLS));
}

/* --- may I leave ------------------------------------------------------- */

static void
build_answer(struct page *p, const char *who, enum readiness x)
{
	page_textf(p, looks[x].role, 0, "%s: %s", who, judge_readiness_text(x))
	    ->glyph = looks[x].glyph;
}

static void
build_answers(struct page *p, const struct record *r, const struct review *v)
{
	struct strlist strange = v->strange;

	page_blank(p);
	page_text(p, ROLE_TITLE, 0, _("May I leave?"));
	if (v->has_answer)
		build_answer(p, _("The file says"), r->readiness);
	else
		page_text(p, ROLE_WARN, 0,
		    _("The file does not say: an earlier version wrote it."))
		    ->glyph = GLYPH_UNSURE;
	if (strange.count > 0) {
		if (strange.count > 10)
			strange.count = 10;
		page_textf(p, ROLE_WARN, 0,
		    _("This program cannot say: it has no pack for %s. Their "
		      "needs stand as the file states them."),
		    words_clip(p->arena, words_list(p->arena, &strange),
			TEXT_COLS))
		    ->glyph = GLYPH_UNSURE;
	} else {
		build_answer(p, _("Judged by this program, as of today"),
		    v->today->readiness);
	}
	if (v->changes.count > 0)
		page_textf(p, ROLE_WARN, 0,
		    P_("%zu need would be judged differently today; it stands "
		       "below.",
			"%zu needs would be judged differently today; they "
			"stand below.",
			v->changes.count),
		    v->changes.count)
		    ->glyph = GLYPH_WARN;
	else
		page_text(p, ROLE_NORMAL, 0,
		    _("No need would be judged differently today."));
}

/* --- what is wrong ----------------------------------------------------- */

static void
build_more(struct page *p, size_t count)
{
	if (count > ROWS_MAX)
		page_textf(p, ROLE_WARN, 2,
		    P_("%zu more is in the file and not shown.",
			"%zu more are in the file and not shown.",
			count - ROWS_MAX),
		    count - ROWS_MAX)
		    ->glyph = GLYPH_WARN;
}

static void
build_causes(struct page *p, const struct record *r)
{
	size_t i;

	page_heading(p, _("What is wrong, as the file says"));
	if (r->ndiagnoses == 0 && r->nblocks == 0)
		page_text(p, ROLE_NORMAL, 2, _("It names no cause."));
	for (i = 0; i < r->ndiagnoses && i < ROWS_MAX; i++) {
		struct item *row = page_row(p,
		    arena_printf(p->arena, DIAGNOSIS_ID "%zu", i),
		    words_clip(p->arena, r->diagnoses[i].summary, TEXT_COLS));

		row->glyph = GLYPH_FAIL;
		row->role = ROLE_BAD;
	}
	build_more(p, r->ndiagnoses);
	for (i = 0; i < r->nblocks && i < ROWS_MAX; i++) {
		if (r->blocks[i].why == BLOCK_FAILED && r->ndiagnoses > 0)
			continue;
		page_text(p, ROLE_NORMAL, 0,
		    words_clip(p->arena, r->blocks[i].brief, TEXT_COLS))
		    ->glyph = GLYPH_UNSURE;
	}
}

/* --- deviations -------------------------------------------------------- */

static enum role
role_of_deviation(enum deviation_state state)
{
	return state == DEVIATION_HOLDS ? ROLE_NORMAL : ROLE_WARN;
}

static void
build_deviations(struct page *p, const struct record *r, const struct review *v)
{
	struct arena *a = p->arena;
	size_t i;

	if (r->ndeviations == 0)
		return;
	page_heading(p, _("Accepted failures"));
	/* Judging keeps their number and order. */
	for (i = 0; i < r->ndeviations && i < ROWS_MAX; i++) {
		const struct deviation *d = &r->deviations[i];
		const struct deviation *now = &v->today->deviations[i];

		page_textf(p, ROLE_NORMAL, 2,
		    _("%1$s, accepted by %2$s until %3$s: %4$s"),
		    words_clip(a, d->requirement, NAME_COLS),
		    words_clip(a, d->owner, NAME_COLS),
		    text_is_space(d->expires) ?
			_("no date") :
			words_clip(a, d->expires, NAME_COLS),
		    words_clip(a, d->reason, TEXT_COLS));
		page_textf(p, role_of_deviation(now->state), 4,
		    _("In the file: %1$s. Today: %2$s."),
		    word_label(&words_deviation_state, (int)d->state),
		    word_label(&words_deviation_state, (int)now->state));
	}
	build_more(p, r->ndeviations);
}

/* --- lines ------------------------------------------------------------- */

static struct item *
build_line(struct page *p, const char *prefix, size_t index,
    const struct need *n)
{
	const struct state_look *look = words_of_outcome(n->outcome);
	struct item *row = page_row(p,
	    arena_printf(p->arena, "%s%zu", prefix, index),
	    words_clip(p->arena, words_need(p->arena, n), TEXT_COLS));

	row->data = n->id;
	row->glyph = look->glyph;
	row->role = look->role;
	row->word = _(look->word);
	return row;
}

static void
build_changes(struct page *p, const struct review *v)
{
	struct arena *a = p->arena;
	size_t i;

	if (v->changes.count == 0)
		return;
	page_heading(p, _("Judged differently today"));
	for (i = 0; i < v->changes.count && i < ROWS_MAX; i++) {
		const struct change *c = &v->changes.item[i];
		const struct need *n = c->then != NULL ? c->then : c->now;

		build_line(p, CHANGED_ID, i, n);
		page_textf(p, ROLE_NORMAL, 4, _("In the file: %s."),
		    c->then != NULL ? words_judgement(a, c->then) :
				      _("not asked for"));
		page_textf(p, ROLE_NORMAL, 4, _("Today: %1$s. %2$s"),
		    c->now != NULL ? words_judgement(a, c->now) :
				     _("not asked for"),
		    c->now != NULL ? words_clip(a, c->now->summary, TEXT_COLS) :
				     "");
	}
	build_more(p, v->changes.count);
}

static bool
is_listed(const struct need *n, bool all, bool failed)
{
	if (!n->applies)
		return false;
	if (all)
		return !failed;
	return words_is_problem(n) && (n->outcome == OUTCOME_FAIL) == failed;
}

/* What failed comes first, unless all lines are told. */
static void
build_lines(struct page *p, const struct record *r, bool all)
{
	struct summary sum;
	size_t i, n = 0;
	int failed;

	summary_make(r, NULL, &sum);
	page_heading(p,
	    all ? _("All needs, as the file says") :
		  _("Needs with a problem, as the file says"));
	page_textf(p, ROLE_NORMAL, 0,
	    P_("%zu need applies: %s.", "%zu needs apply: %s.", sum.total),
	    sum.total, summary_counts(&sum, p->arena));
	for (failed = 1; failed >= 0; failed--) {
		for (i = 0; i < r->nneeds; i++) {
			const struct need *need = &r->needs[i];

			if (!is_listed(need, all, failed) || n++ >= ROWS_MAX)
				continue;
			build_line(p, LINE_ID, i, need)->on = words_is_problem(
								  need) &&
			    need->strength == STRENGTH_REQUIRED;
		}
	}
	build_more(p, n);
}

/* --- the rest ---------------------------------------------------------- */

static void
build_packs(struct screen *sc, struct page *p, const struct record *r)
{
	size_t i;

	page_heading(p, _("Packs that it was judged by"));
	for (i = 0; i < r->npacks && i < ROWS_MAX; i++) {
		const struct pack_ref *ref = &r->packs[i];
		const struct pack *here = pack_find(sc->app.packs,
		    ref->product);
		const char *title = words_clip(p->arena, ref->title, NAME_COLS);

		if (here == NULL)
			page_textf(p, ROLE_WARN, 2, _("%1$s %2$u: not here"),
			    title, ref->version);
		else if (strcmp(here->sha256, ref->sha256) == 0)
			page_textf(p, ROLE_NORMAL, 2,
			    _("%1$s %2$u: the same here"), title, ref->version);
		else
			page_textf(p, ROLE_WARN, 2,
			    _("%1$s %2$u: here it is %3$u, or another text"),
			    title, ref->version, here->version);
	}
	build_more(p, r->npacks);
}

static void
build_vantage(struct page *p, const struct record *r)
{
	const struct vantage *v = &r->vantage;
	struct standpoint_fact fact[STANDPOINT_FACTS];
	struct arena *a = p->arena;
	size_t i, n;

	if (r->started_us == 0)
		return;
	page_heading(p, _("Where the computer stood"));
	page_textf(p, ROLE_NORMAL, 2, _("%1$s: %2$s, gateway %3$s"),
	    words_clip(a, v->interface, NAME_COLS),
	    words_clip(a, words_list(a, &v->addresses), NAME_COLS),
	    v->gateway != NULL ? words_clip(a, v->gateway, NAME_COLS) :
				 _("none"));
	n = standpoint_facts(a, v, fact);
	for (i = 0; i < n; i++)
		page_textf(p, ROLE_NORMAL, 2, "%s: %s", fact[i].label,
		    words_clip(a, fact[i].value, TEXT_COLS));
}

static void
build_equipment(struct page *p, const struct record *r)
{
	struct arena *a = p->arena;
	size_t i;

	if (r->nequipment > 0)
		page_heading(p, _("Equipment"));
	for (i = 0; i < r->nequipment && i < ROWS_MAX; i++) {
		const struct equipment *e = &r->equipment[i];

		page_textf(p, ROLE_NORMAL, 2, "%s: %s: %s",
		    words_clip(a, record_product_title(r, e->product),
			NAME_COLS),
		    words_clip(a, e->label, NAME_COLS),
		    words_clip(a, e->value, NAME_COLS));
	}
	build_more(p, r->nequipment);
}

/* These come first, so that the page begins at its beginning. */
static void
build_compare(struct screen *sc, struct page *p)
{
	if (sc->aside != NULL)
		page_row(p, NOW_ID,
		    arena_printf(p->arena, _("Compare with now: %s"),
			sc->aside->record->site.name))
		    ->verb = _("Compare");
	page_row(p, OTHER_ID, _("Compare with another handover or site file"))
	    ->verb = _("Compare");
}

static void
build_broken(struct page *p, const struct state *s, const char *path)
{
	page_text(p, ROLE_BAD, 0, _("This file cannot be read as a handover."))
	    ->glyph = GLYPH_WARN;
	page_text(p, ROLE_NORMAL, 0, s->err.what);
	if (s->err.where[0] != '\0')
		page_textf(p, ROLE_NORMAL, 0, _("Where: %s"), s->err.where);
	page_text(p, ROLE_NORMAL, 0, s->err.hint);
	page_text(p, ROLE_QUIET, 0,
	    text_sanitise(p->arena, path, strlen(path), TEXT_COLS, false));
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	const struct review *v = s->review;
	struct page *p = &f->page;
	const struct record *r;
	const char *partial;
	struct summary sum;

	if (v == NULL) {
		build_broken(p, s, f->arg);
		return;
	}
	r = sc->site->record;
	summary_make(r, NULL, &sum);
	partial = summary_partial(&sum, p->arena, r);
	page_text(p, ROLE_TITLE, 0,
	    words_clip(p->arena, summary_site(r), NAME_COLS));
	build_compare(sc, p);
	build_origin(sc, p, v);
	if (partial != NULL)
		page_text(p, ROLE_WARN, 0, partial)->glyph = GLYPH_WARN;
	else
		page_text(p, ROLE_NORMAL, 0,
		    _("Complete: the check went to its end."));
	build_seal(p, v);
	build_answers(p, r, v);
	build_causes(p, r);
	build_deviations(p, r, v);
	build_changes(p, v);
	build_lines(p, r, s->all);
	build_packs(sc, p, r);
	build_vantage(p, r);
	build_equipment(p, r);
}

/* --- keys -------------------------------------------------------------- */

static void
act_now(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_compare, NULL);
}

static void
act_compare(struct screen *sc, struct frame *f)
{
	if (sc->aside != NULL)
		act_now(sc, f);
	else
		screen_push(sc, &view_review, REVIEW_TO_COMPARE);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	if (strncmp(i->id, DIAGNOSIS_ID, strlen(DIAGNOSIS_ID)) == 0)
		screen_push(sc, &view_diagnosis, i->id + strlen(DIAGNOSIS_ID));
	else if (strcmp(i->id, NOW_ID) == 0)
		act_now(sc, f);
	else if (strcmp(i->id, OTHER_ID) == 0)
		screen_push(sc, &view_review, REVIEW_TO_COMPARE);
	else
		screen_push(sc, &view_finding, i->data);
}

static void
act_filter(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->all = !s->all;
	screen_say(sc, ROLE_NORMAL, "%s",
	    s->all ? _("All needs are shown.") :
		     _("Only needs with a problem are shown; f shows all."));
}

static void
act_next_problem(struct screen *sc, struct frame *f)
{
	if (!page_seek(&f->page, 1))
		screen_say(sc, ROLE_GOOD, "%s",
		    _("There is no problem with a required need."));
}

static void
act_last_problem(struct screen *sc, struct frame *f)
{
	if (!page_seek(&f->page, -1))
		screen_say(sc, ROLE_GOOD, "%s",
		    _("There is no problem with a required need."));
}

static bool
is_readable(const struct screen *sc, const struct frame *f)
{
	const struct state *s = f->state;

	(void)sc;
	return s->review != NULL;
}

static const struct action actions[] = {
    {'d', "d", N_("Compare"), N_("What changed since this handover."),
	act_compare, is_readable},
    {'n', "n", N_("Next problem"), N_("Go to the next problem."),
	act_next_problem, is_readable},
    {'N', "N", NULL, N_("Go to the previous problem."), act_last_problem,
	is_readable},
    {'f', "f", N_("All needs"), N_("Show all needs, or only problems again."),
	act_filter, is_readable},
};

const struct view view_handover = {
    .name = "handover",
    .title = N_("A handover, as somebody wrote it"),
    .help = N_("What the file says, and what this program makes of what was "
	       "seen then. Enter on a line shows everything about it. Nothing "
	       "is checked, sent or changed."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_handover,
    .close = close_handover,
    .build = build,
    .activate = activate,
};
