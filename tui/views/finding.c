/* SPDX-License-Identifier: MIT */
/* One need and what was found about it: the judgement's axes in words, what
 * to do, why it matters, where it is written, and the evidence. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/judge.h"
#include "tui/views/evidence.h"
#include "tui/work/words.h"

#define CAUSE_ID "@cause:"

static void
line(struct page *p, const char *label, const char *value)
{
	if (value != NULL && *value != '\0')
		page_textf(p, ROLE_NORMAL, 2, "%s: %s", label, value);
}

static void
paragraph(struct page *p, const char *heading, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	page_heading(p, heading);
	page_text(p, ROLE_NORMAL, 2, text);
}

/* A text of the pack that does not stand above already. */
static void
unless_told(struct page *p, const char *heading, const char *text,
    const char *told)
{
	if (text == NULL)
		return;
	text = pack_text(text);
	if (told == NULL || strcmp(text, told) != 0)
		paragraph(p, heading, text);
}

/* In few words, where the first lines of the results have them. */
static const char *
brief_of(const struct record *r, const struct diagnosis *d)
{
	size_t i;

	for (i = 0; i < r->nblocks; i++) {
		if (strcmp(r->blocks[i].summary, d->summary) == 0)
			return r->blocks[i].brief;
	}
	return d->summary;
}

/* The cause that explains n, to be looked at. */
static void
build_cause(struct page *p, const struct record *r, const struct need *n)
{
	size_t i;

	for (i = 0; i < r->ndiagnoses; i++) {
		const struct diagnosis *d = &r->diagnoses[i];

		if (!strlist_has(&d->explains, n->id))
			continue;
		page_row(p, arena_printf(p->arena, CAUSE_ID "%zu", i),
		    arena_printf(p->arena, _("Cause %1$zu: %2$s"), i + 1,
			brief_of(r, d)));
		line(p, _("Whose it is"), d->whose);
	}
}

static void
build_families(struct page *p, const struct need *n)
{
	static const char *const names[] = {"IPv4", "IPv6"};
	size_t i;

	if (!n->family[0].tried || !n->family[1].tried)
		return;
	for (i = 0; i < 2; i++)
		line(p, names[i],
		    word_label(&words_outcome, (int)n->family[i].outcome));
}

/* What is judged, each for itself. */
static void
build_axes(struct page *p, const struct need *n)
{
	page_heading(p, _("The judgement in words"));
	line(p, _("Outcome"), word_label(&words_outcome, (int)n->outcome));
	/* A state of the network has no rungs that say much. */
	if (n->protocol != PROTO_NONE) {
		line(p, _("Expected"),
		    word_label(&words_rung, (int)n->required_rung));
		line(p, _("Seen"), word_label(&words_rung, (int)n->rung));
	}
	if (n->cause != CAUSE_NONE)
		line(p, _("Cause"), word_label(&words_cause, (int)n->cause));
	if (n->zone != ZONE_NONE)
		line(p, _("Where"), word_label(&words_zone, (int)n->zone));
	build_families(p, n);
	if (n->path != PATH_DIRECT)
		line(p, _("Path"), word_label(&words_path, (int)n->path));
	line(p, _("How strongly it is needed"),
	    word_label(&words_strength, (int)n->strength));
	line(p, _("Direction"),
	    word_label(&words_direction, (int)n->direction));
	if (n->open_question)
		page_text(p, ROLE_NORMAL, 2,
		    _("It is listed because an answer is not known yet."));
	if (n->blocked_by.count > 0)
		line(p, _("Blocked by"), words_list(p->arena, &n->blocked_by));
	line(p, _("Why it was not checked"), n->unprobed);
}

static void
build_source(struct page *p, const struct need *n)
{
	const struct source *s = &n->source;

	page_heading(p, _("Where this is written"));
	if (s->document != NULL && s->lines != NULL && *s->lines != '\0')
		page_textf(p, ROLE_NORMAL, 2, _("%s, lines %s"), s->document,
		    s->lines);
	if (s->assumed != NULL)
		page_textf(p, ROLE_WARN, 2, _("Assumed, not documented: %s"),
		    pack_text(s->assumed))
		    ->glyph = GLYPH_UNSURE;
	if (n->note != NULL)
		page_text(p, ROLE_NORMAL, 2, pack_text(n->note));
	page_textf(p, ROLE_QUIET, 2, _("Id: %s"), n->id);
}

static const struct deviation *
deviation_of(const struct record *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement, id) == 0)
			return &r->deviations[i];
	}
	return NULL;
}

static void
build_deviation(struct page *p, const struct record *r, const struct need *n)
{
	const struct deviation *d = deviation_of(r, n->id);

	if (d == NULL)
		return;
	page_heading(p, _("Accepted as it is"));
	line(p, _("Owner"), d->owner);
	line(p, _("Reason"), d->reason);
	line(p, _("Until"), d->expires);
	line(p, _("Initials"), d->initials);
	line(p, _("Today"), d->says);
}

/* First what a person does now, then what the judgement rests on. */
static void
build_need(struct page *p, const struct record *r, const struct need *n)
{
	build_cause(p, r, n);
	evidence_build_ladder(p, r, n);
	build_deviation(p, r, n);
	paragraph(p, _("What you do now"), n->advice_installer);
	paragraph(p, _("What the IT desk does"), n->advice_it);
	paragraph(p, _("What the customer should know"), n->advice_customer);
	paragraph(p, _("Why it is needed"), pack_text(n->reason));
	unless_told(p, _("What breaks without it"), n->breaks_customer,
	    n->advice_customer);
	unless_told(p, _("What must be granted"), n->grant, n->advice_it);
	build_axes(p, n);
	build_source(p, n);
	evidence_build_seen(p, r, n);
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	const struct need *n;
	const struct state_look *look;
	struct page *p = &f->page;
	struct item *it;

	screen_judge(sc);
	n = record_need(r, f->arg);
	if (n == NULL) {
		page_text(p, ROLE_NORMAL, 0,
		    _("This need is no longer among those of the site."));
		return;
	}
	look = words_of_outcome(n->outcome);
	evidence_build_top(p, words_need(p->arena, n))->verb = _(
	    "Next problem");
	it = page_text(p, look->role, 0,
	    n->summary != NULL && *n->summary != '\0' ?
		n->summary :
		word_label(&words_outcome, (int)n->outcome));
	it->glyph = look->glyph;
	it->word = _(look->word);
	if (screen_is_running(sc))
		page_text(p, ROLE_WARN, 0,
		    _("Checks are still running; this is what is known so "
		      "far."))
		    ->glyph = GLYPH_WARN;
	build_need(p, r, n);
}

static const char *
subtitle(struct screen *sc, struct frame *f)
{
	const struct need *n = record_need(sc->site->record, f->arg);
	const struct pack *pack = n == NULL ?
	    NULL :
	    pack_find(sc->app.packs, n->product);

	return pack == NULL ? _("One need") :
			      arena_printf(f->page.arena, _("One need of %s"),
				  pack_text(pack->title));
}

/* --- what can be done with it ------------------------------------------ */

bool
view_can_accept(const struct record *r, const struct need *n)
{
	return record_is_blocking(r, n) || deviation_of(r, n->id) != NULL;
}

static bool
can_accept(const struct screen *sc, const struct frame *f)
{
	const struct need *n = record_need(sc->site->record, f->arg);

	return n != NULL && !sc->site->read_only &&
	    view_can_accept(sc->site->record, n);
}

static void
act_accept(struct screen *sc, struct frame *f)
{
	screen_push(sc, &view_deviation, f->arg);
}

static bool
can_retry(const struct screen *sc, const struct frame *f)
{
	return view_can_retry(sc, f->arg);
}

static void
act_retry(struct screen *sc, struct frame *f)
{
	view_retry(sc, f->arg);
}

/* The needs in the order of the results page: products as they were chosen,
 * needs as the pack has them. In a. */
static const struct need **
in_order(const struct record *r, struct arena *a, size_t *count)
{
	const struct need **list = NULL;
	size_t i, k;

	*count = 0;
	for (k = 0; k < r->products.count; k++) {
		for (i = 0; i < r->nneeds; i++) {
			if (strcmp(r->needs[i].product, r->products.item[k]) ==
			    0)
				*arena_push(a, list, *count) = &r->needs[i];
		}
	}
	return list;
}

/* Shows another need in this frame; the page below follows, so that one
 * comes back to where one is. */
static void
show(struct screen *sc, struct frame *f, const char *id)
{
	struct frame *below = sc->nframes > 1 ? sc->frame[sc->nframes - 2] :
						NULL;
	char *arg = mem_strdup(id);

	mem_free(f->arg);
	f->arg = arg;
	page_focus(&f->page, NULL);
	f->page.top = 0;
	if (below != NULL && below->view == &view_results)
		page_focus(&below->page, id);
	sc->dirty = true;
}

static void
seek(struct screen *sc, struct frame *f, int direction)
{
	size_t at = 0, count, i, k;
	const struct need **list = in_order(sc->site->record, f->page.arena,
	    &count);

	for (i = 0; i < count; i++) {
		if (strcmp(list[i]->id, f->arg) == 0)
			at = i;
	}
	for (k = 1; k < count; k++) {
		i = (at + (direction > 0 ? k : count - k)) % count;
		if (words_is_problem(list[i]) &&
		    list[i]->strength == STRENGTH_REQUIRED) {
			show(sc, f, list[i]->id);
			return;
		}
	}
	screen_say(sc, ROLE_NORMAL, "%s",
	    _("There is no other problem with a required need."));
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const size_t cause = strlen(CAUSE_ID), raw = strlen(EVIDENCE_RAW_ID);

	if (strcmp(i->id, EVIDENCE_TOP_ID) == 0)
		seek(sc, f, 1);
	else if (strncmp(i->id, CAUSE_ID, cause) == 0)
		screen_push(sc, &view_diagnosis, i->id + cause);
	else if (strncmp(i->id, EVIDENCE_RAW_ID, raw) == 0)
		screen_push(sc, &view_raw, i->id + raw);
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

/* The facts behind it, for who wants to judge for himself. */
static void
add_raw(struct screen *sc, struct frame *f, struct buf *out)
{
	const struct record *r = sc->site->record;
	const struct need *n = record_need(r, f->arg);
	struct arena *a = arena_new();
	size_t i;

	for (i = 0; n != NULL && i < n->probes.count; i++) {
		const struct observation *o = record_observation(r,
		    n->probes.item[i]);

		if (o != NULL)
			buf_addf(out, "\n%s\n%s\n",
			    arena_printf(a,
				_("All facts of %s (times are UTC)"), o->id),
			    evidence_json(a, o));
	}
	arena_free(a);
}

static void
replace(struct screen *sc)
{
	evidence_copy(sc, screen_top(sc)->arg, add_raw, NULL);
}

static void
act_copy(struct screen *sc, struct frame *f)
{
	evidence_copy(sc, f->arg, add_raw, replace);
}

static const struct action actions[] = {
    {'n', "n", N_("Next problem"), N_("Show the next problem."),
	act_next_problem, NULL},
    {'N', "N", NULL, N_("Show the previous problem."), act_last_problem, NULL},
    {'a', "a", N_("Accept"),
	N_("Accept this as it is, with a reason and a name."), act_accept,
	can_accept},
    {'r', "r", N_("Retry"),
	N_("Measure this again; what was seen before is kept."), act_retry,
	can_retry},
    {'y', "y", N_("To a file"),
	N_("Write this page as text to a file beside the site's, to be "
	   "mailed."),
	act_copy, NULL},
};

const struct view view_finding = {
    .name = "finding",
    .title = N_("One need"),
    .help = N_("Everything that is known about this need, and what to do. "
	       "Up and Down scroll."),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .subtitle = subtitle,
    .build = build,
    .activate = activate,
};
