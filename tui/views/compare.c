/* SPDX-License-Identifier: MIT */
/* What changed between an older handover and now, or between two handovers:
 * the counts first, then what got worse. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/summary.h"
#include "core/judge/difference.h"
#include "core/judge/judge.h"
#include "tui/screen/view.h"
#include "tui/work/review.h"
#include "tui/work/words.h"

#define KIND_ID "@kind:"
#define NAME_COLS 120
#define TEXT_COLS 400
#define ROWS_MAX 300 /* of one kind */

/* One side: a file that was read for this, or the site at work. */
struct side {
	struct record *record; /* owned; NULL: the site that is open */
	const char *path;      /* borrowed; NULL: the same */
};

struct state {
	struct side then, now;
	bool swapped; /* the site at work was laid aside, and is back here */
	bool failed;
	char *pair; /* two paths, or NULL */
	struct error err;
	struct arena *arena; /* of what follows; NULL: made for each page */
	struct difference difference;
};

static const struct {
	enum glyph glyph;
	enum role role;
} looks[] = {
    [DIFFERENCE_BROKEN] = {GLYPH_FAIL, ROLE_BAD},
    [DIFFERENCE_FAILING] = {GLYPH_FAIL, ROLE_BAD},
    [DIFFERENCE_LOST] = {GLYPH_UNSURE, ROLE_WARN},
    [DIFFERENCE_NEW] = {GLYPH_WARN, ROLE_WARN},
    [DIFFERENCE_UNDECIDED] = {GLYPH_UNSURE, ROLE_WARN},
    [DIFFERENCE_OTHER] = {GLYPH_SKIP, ROLE_NORMAL},
    [DIFFERENCE_MENDED] = {GLYPH_PASS, ROLE_GOOD},
    [DIFFERENCE_PROVED] = {GLYPH_PASS, ROLE_GOOD},
    [DIFFERENCE_GONE] = {GLYPH_SKIP, ROLE_NORMAL},
};

/* --- life -------------------------------------------------------------- */

static bool
load(struct screen *sc, struct state *s, struct side *side, const char *path)
{
	side->path = path;
	side->record = review_record(&sc->app, path, &s->err);
	s->failed = s->failed || side->record == NULL;
	return side->record != NULL;
}

static void
order(struct state *s)
{
	struct side side = s->then;

	if (s->then.record->started_us <= s->now.record->started_us)
		return;
	s->then = s->now;
	s->now = side;
}

static void
compare(struct state *s)
{
	order(s);
	s->arena = arena_new();
	record_difference(s->arena, s->then.record, s->now.record,
	    &s->difference);
}

/* Two files that have nothing to do with what is open. */
static void
open_pair(struct screen *sc, struct state *s, const char *arg)
{
	const char *behind = strstr(arg, COMPARE_AND);

	s->pair = mem_strdup(arg);
	s->pair[behind - arg] = '\0';
	if (load(sc, s, &s->then, s->pair) &&
	    load(sc, s, &s->now,
		s->pair + (behind - arg) + strlen(COMPARE_AND)))
		compare(s);
}

/* arg: two paths, or what to hold against the handover or the site that is
 * shown; NULL: the site that was laid aside for the handover. */
static void
open_compare(struct screen *sc, struct frame *f)
{
	const char *below = view_handover_path(sc);
	struct state *s = f->state;

	if (f->arg != NULL && strstr(f->arg, COMPARE_AND) != NULL) {
		open_pair(sc, s, f->arg);
		return;
	}
	if (below == NULL) {
		load(sc, s, &s->then, f->arg);
		site_assess(sc->site);
		return;
	}
	if (f->arg == NULL) {
		if (load(sc, s, &s->then, below)) {
			screen_swap_aside(sc);
			s->swapped = true;
			site_assess(sc->site);
		}
		return;
	}
	if (!load(sc, s, &s->then, below) || !load(sc, s, &s->now, f->arg))
		return;
	compare(s);
}

static void
close_compare(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	if (s->swapped)
		screen_swap_aside(sc);
	record_free(s->then.record);
	record_free(s->now.record);
	arena_free(s->arena);
	mem_free(s->pair);
}

/* --- the two sides ----------------------------------------------------- */

static void
build_side(struct page *p, const char *label, const struct side *side,
    const struct record *r)
{
	struct arena *a = p->arena;
	const char *partial, *what;
	struct summary sum;

	what = side->path == NULL ?
	    _("this site as it is") :
	    text_sanitise(a, side->path, strlen(side->path), TEXT_COLS, false);
	/* TRANSLATORS: Then: checked 2026-11-21 10:42, not ready, FILE */
	page_textf(p, ROLE_NORMAL, 0, _("%1$s: checked %2$s, %3$s (%4$s)"),
	    label,
	    r->started_us == 0 ? _("never") : words_when(a, r->started_us),
	    judge_readiness_text(r->readiness), what);
	summary_make(r, NULL, &sum);
	partial = summary_partial(&sum, a, r);
	if (partial != NULL)
		page_text(p, ROLE_WARN, 2, partial)->glyph = GLYPH_WARN;
}

static void
build_warnings(struct page *p, const struct record *then,
    const struct record *now, const struct difference *d)
{
	if (d->other_site)
		page_textf(p, ROLE_WARN, 0,
		    _("The sites have different names, \"%1$s\" and \"%2$s\": "
		      "are these two the same site?"),
		    words_clip(p->arena, summary_site(then), NAME_COLS),
		    words_clip(p->arena, summary_site(now), NAME_COLS))
		    ->glyph = GLYPH_WARN;
	if (d->other_network)
		page_text(p, ROLE_WARN, 0,
		    _("They were not measured from the same network, or its "
		      "gateway was replaced: what changed may be the place and "
		      "not the site."))
		    ->glyph = GLYPH_WARN;
	if (then->started_us > now->started_us && now->started_us != 0)
		page_text(p, ROLE_WARN, 0,
		    _("The handover is newer than the site's last check: "
		      "\"then\" is after \"now\"."))
		    ->glyph = GLYPH_WARN;
}

/* Each leads to its lines. */
static void
build_counts(struct page *p, const struct difference *d)
{
	struct item *row;
	int k;

	for (k = 0; k < DIFFERENCE_KINDS; k++) {
		if (d->of[k] == 0)
			continue;
		row = page_row(p, arena_printf(p->arena, KIND_ID "%d", k),
		    arena_printf(p->arena, "%s: %zu",
			difference_kind_label((enum difference_kind)k),
			d->of[k]));
		row->glyph = looks[k].glyph;
		row->role = looks[k].role;
		row->index = (size_t)k;
		row->verb = _("Go there");
	}
	page_textf(p, ROLE_NORMAL, 0,
	    P_("%zu need is as it was.", "%zu needs are as they were.",
		d->same),
	    d->same);
	page_blank(p);
}

/* --- what changed ------------------------------------------------------ */

static void
build_line(struct page *p, const struct difference_line *l)
{
	const struct need *n = l->now != NULL ? l->now : l->then;
	const struct state_look *look = words_of_outcome(n->outcome);
	struct arena *a = p->arena;
	struct item *row;

	row = page_row(p, n->id, words_clip(a, words_need(a, n), TEXT_COLS));
	row->data = n->id;
	row->glyph = look->glyph;
	row->role = look->role;
	row->word = _(look->word);
	row->on = l->kind <= DIFFERENCE_LOST;
	row->index = (size_t)l->kind;
	if (n->strength != STRENGTH_REQUIRED)
		row->note = word_label(&words_strength, (int)n->strength);
	if (l->then != NULL)
		page_textf(p, ROLE_NORMAL, 4, _("Then: %s."),
		    words_judgement(a, l->then));
	if (l->now != NULL)
		page_textf(p, ROLE_NORMAL, 4, _("Now: %1$s. %2$s"),
		    words_judgement(a, l->now),
		    l->now->summary != NULL ?
			words_clip(a, l->now->summary, TEXT_COLS) :
			"");
}

static void
build_lines(struct page *p, const struct difference *d)
{
	enum difference_kind kind = DIFFERENCE_KINDS;
	size_t i, n = 0;

	for (i = 0; i < d->nlines; i++) {
		if (d->line[i].kind != kind) {
			kind = d->line[i].kind;
			n = 0;
			page_heading(p, difference_kind_label(kind));
		}
		if (n++ < ROWS_MAX)
			build_line(p, &d->line[i]);
		else if (n == ROWS_MAX + 1)
			page_text(p, ROLE_WARN, 2,
			    _("There are more, which are not shown."))
			    ->glyph = GLYPH_WARN;
	}
}

static void
build_facts(struct page *p, const struct difference *d)
{
	int section = DIFFERENCE_SECTIONS;
	struct arena *a = p->arena;
	size_t i, n = 0;

	for (i = 0; i < d->nfacts; i++) {
		const struct difference_fact *x = &d->fact[i];

		if ((int)x->section != section) {
			section = (int)x->section;
			n = 0;
			page_heading(p, difference_section_label(x->section));
		}
		if (n++ < ROWS_MAX)
			page_textf(p, ROLE_NORMAL, 2,
			    _("%1$s: then %2$s, now %3$s"),
			    words_clip(a, x->label, NAME_COLS),
			    x->then != NULL ?
				words_clip(a, x->then, TEXT_COLS) :
				_("nothing"),
			    x->now != NULL ? words_clip(a, x->now, TEXT_COLS) :
					     _("nothing"));
		else if (n == ROWS_MAX + 1)
			page_text(p, ROLE_WARN, 2,
			    _("There are more, which are not shown."))
			    ->glyph = GLYPH_WARN;
	}
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;
	const struct record *then = s->then.record, *now;
	struct page *p = &f->page;
	struct difference d;

	if (s->failed) {
		page_text(p, ROLE_BAD, 0, s->err.what)->glyph = GLYPH_WARN;
		page_text(p, ROLE_NORMAL, 0, s->err.where);
		page_text(p, ROLE_NORMAL, 0, s->err.hint);
		return;
	}
	now = s->now.record != NULL ? s->now.record : sc->site->record;
	/* A site at work may be judged anew meanwhile; two files stay. */
	if (s->arena != NULL)
		d = s->difference;
	else
		record_difference(p->arena, then, now, &d);
	build_warnings(p, then, now, &d);
	build_counts(p, &d);
	if (d.nlines == 0 && d.nfacts == 0)
		page_text(p, ROLE_GOOD, 0, _("Nothing changed."))
		    ->glyph = GLYPH_PASS;
	build_side(p, _("Then"), &s->then, then);
	build_side(p, _("Now"), &s->now, now);
	page_text(p, ROLE_QUIET, 0,
	    _("Both are judged by this program as of today, so that what "
	      "differs is not the judging."));
	build_lines(p, &d);
	build_facts(p, &d);
}

static void
go_to_kind(struct page *p, size_t kind)
{
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		const struct item *it = &p->item[i];

		if (it->kind == ITEM_ROW && it->data != NULL &&
		    it->index == kind) {
			page_focus(p, it->id);
			return;
		}
	}
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const struct state *s = f->state;

	if (i->data == NULL)
		go_to_kind(&f->page, i->index);
	else if (s->pair != NULL || sc->site == NULL ||
	    record_need(sc->site->record, i->data) == NULL)
		screen_say(sc, ROLE_NORMAL, "%s",
		    _("This need is not among those that are open here; what "
		      "is known of it stands below it."));
	else
		screen_push(sc, &view_finding, i->data);
}

static void
seek(struct screen *sc, struct frame *f, int direction)
{
	if (!page_seek(&f->page, direction))
		screen_say(sc, ROLE_GOOD, "%s", _("Nothing got worse."));
}

static void
act_next(struct screen *sc, struct frame *f)
{
	seek(sc, f, 1);
}

static void
act_previous(struct screen *sc, struct frame *f)
{
	seek(sc, f, -1);
}

static const struct action actions[] = {
    {'n', "n", N_("Next worse"), N_("Go to the next need that got worse."),
	act_next, NULL},
    {'N', "N", NULL, N_("Go to the previous need that got worse."),
	act_previous, NULL},
};

const struct view view_compare = {
    .name = "compare",
    .title = N_("What changed"),
    .help = N_("What got worse comes first. Enter on a line shows everything "
	       "about it."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_compare,
    .close = close_compare,
    .build = build,
    .activate = activate,
};
