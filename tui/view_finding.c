/* SPDX-License-Identifier: MIT */
/* One need and what was found about it: the judgement's axes in words, what
 * to do, why it matters, where it is written, and the evidence. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/view.h"
#include "tui/view_words.h"

static void
line(struct page *p, const char *label, const char *value)
{
	if (value != NULL && *value != '\0')
		page_textf(p, ROLE_NORMAL, 0, "%s: %s", label, value);
}

static void
paragraph(struct page *p, const char *heading, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	page_heading(p, heading);
	page_text(p, ROLE_NORMAL, 2, text);
}

static void
build_axes(struct page *p, const struct need *n)
{
	page_blank(p);
	if (n->rung != RUNG_NONE)
		line(p, _("Best evidence"),
		    word_label(&words_rung, (int)n->rung));
	line(p, _("Evidence that counts as proof"),
	    word_label(&words_rung, (int)n->required_rung));
	if (n->cause != CAUSE_NONE)
		line(p, _("Cause"), word_label(&words_cause, (int)n->cause));
	if (n->zone != ZONE_NONE)
		line(p, _("Where"), word_label(&words_zone, (int)n->zone));
	if (n->family[0].tried && n->family[1].tried) {
		line(p, "IPv4",
		    word_label(&words_outcome, (int)n->family[0].outcome));
		line(p, "IPv6",
		    word_label(&words_outcome, (int)n->family[1].outcome));
	}
	if (n->path != PATH_DIRECT)
		line(p, _("Path"), word_label(&words_path, (int)n->path));
	line(p, _("How strongly it is needed"),
	    word_label(&words_strength, (int)n->strength));
	line(p, _("Direction"),
	    word_label(&words_direction, (int)n->direction));
	if (n->open_question)
		page_text(p, ROLE_NORMAL, 0,
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
}

static void
build_evidence(struct page *p, const struct record *r, const struct need *n)
{
	size_t i, shown = 0;

	for (i = 0; i < n->probes.count; i++) {
		const struct observation *o = record_observation(r,
		    n->probes.item[i]);

		if (o == NULL)
			continue;
		if (shown++ == 0)
			page_heading(p, _("What was sent and seen"));
		else
			page_blank(p);
		view_build_observation(p, o);
	}
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	const struct need *n = record_need(r, f->arg);
	const struct state_look *look;
	struct page *p = &f->page;
	struct item *it;

	if (n == NULL) {
		page_text(p, ROLE_NORMAL, 0,
		    _("This need is no longer among those of the site."));
		return;
	}
	look = words_of_outcome(n->outcome);
	page_text(p, ROLE_TITLE, 0, words_need(p->arena, n));
	it = page_text(p, look->role, 0,
	    n->summary != NULL && *n->summary != '\0' ?
		n->summary :
		word_label(&words_outcome, (int)n->outcome));
	it->glyph = look->glyph;
	it->word = _(look->word);
	build_axes(p, n);
	build_deviation(p, r, n);
	paragraph(p, _("What you do now"), n->advice_installer);
	paragraph(p, _("What the IT desk does"), n->advice_it);
	paragraph(p, _("What the customer should know"), n->advice_customer);
	paragraph(p, _("Why it is needed"), pack_text(n->reason));
	paragraph(p, _("What breaks without it"),
	    pack_text(n->breaks_customer));
	paragraph(p, _("What must be granted"),
	    n->grant != NULL ? pack_text(n->grant) : NULL);
	build_source(p, n);
	build_evidence(p, r, n);
}

static bool
can_accept(const struct screen *sc, const struct frame *f)
{
	const struct need *n = record_need(sc->site->record, f->arg);

	return n != NULL &&
	    (words_is_problem(n) || n->outcome == OUTCOME_WAIVED);
}

static void
act_accept(struct screen *sc, struct frame *f)
{
	screen_push(sc, &view_deviation, f->arg);
}

static const struct action actions[] = {
    {'a', "a", N_("Accept"),
	N_("Accept this as it is, with a reason and a name."), act_accept,
	can_accept},
};

const struct view view_finding = {
    .name = "finding",
    .title = N_("One need"),
    .help = N_("Everything that is known about this need, and what to do. "
	       "Up and Down scroll."),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .build = build,
};
