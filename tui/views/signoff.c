/* SPDX-License-Identifier: MIT */
/* The sign-off: what is handed over, in short, and what each party declares
 * of it by name. Words of people, never measurements; they hold for the
 * results that they were given for. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/judge/judge.h"
#include "core/record/declaration.h"
#include "tui/screen/view.h"
#include "tui/work/words.h"

#define DEVIATIONS_ID "@deviations"
#define RESULTS_ID "@results"
#define MOST_BLOCKS 4 /* that are told here; the results tell all */

static const struct {
	const char *heading;
	const char *role; /* label */
	const char *text; /* what is declared */
} parties[PARTY_COUNT] = {
    [PARTY_HANDS_OVER] = {N_("Who hands over"), N_("Company"),
	N_("I checked this site as the results say, and I hand it over with "
	   "the deviations and open points above.")},
    [PARTY_ACCEPTS] = {N_("Who accepts"), N_("Role or company"),
	N_("I have read the results, and I accept the handover with the "
	   "deviations and open points above.")},
};

enum { FIELD_NAME, FIELD_ROLE, FIELD_REMARKS, FIELD_COUNT };

static const char *const fields[FIELD_COUNT] = {"name", "role", "remarks"};

struct state {
	char asked[DIGEST_HEX_SIZE]; /* what the question was asked about */
};

/* What is stored, else what the site's page says already. */
static struct declaration
current(const struct record *r, enum party party)
{
	const struct declaration *d = declaration_of(r, party);
	struct declaration fresh = {.party = party};
	char *none = (char *)(uintptr_t) "";

	if (d != NULL)
		return *d;
	fresh.name = party == PARTY_HANDS_OVER ? r->site.engineer : none;
	fresh.role = party == PARTY_HANDS_OVER ? r->site.installer : none;
	fresh.remarks = fresh.text = fresh.state = none;
	return fresh;
}

static char **
member(struct declaration *d, size_t field)
{
	return field == FIELD_NAME ? &d->name :
	    field == FIELD_ROLE    ? &d->role :
				     &d->remarks;
}

static char *
id_of(struct arena *a, enum party party, const char *what)
{
	return arena_printf(a, "sign:%s:%s",
	    word_name(&words_party, (int)party), what);
}

/* --- what is signed ---------------------------------------------------- */

static void
build_answer(struct page *p, const struct record *r)
{
	const struct state_look *look = words_of_readiness(r->readiness);
	struct item *it = page_text(p, look->role, 0,
	    judge_readiness_text(judge_readiness(r)));
	size_t i;

	it->glyph = look->glyph;
	it->word = _(look->word);
	for (i = 0; i < r->nblocks && i < MOST_BLOCKS; i++)
		page_text(p, ROLE_NORMAL, 2, r->blocks[i].brief)
		    ->glyph = r->blocks[i].why == BLOCK_FAILED ? GLYPH_FAIL :
								 GLYPH_UNSURE;
}

/* Why lines were not checked, in three kinds; the results tell each. */
static void
build_not_run(struct page *p, const struct record *r)
{
	size_t i, open = 0, person = 0, other = 0;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!n->applies || n->outcome != OUTCOME_NOT_RUN)
			continue;
		if (n->open_ask != NULL)
			open++;
		else if (n->nspecs == 0)
			person++;
		else
			other++;
	}
	if (open > 0)
		page_textf(p, ROLE_NORMAL, 2,
		    P_("%zu waits for an answer that is not given yet.",
			"%zu wait for answers that are not given yet.", open),
		    open)
		    ->glyph = GLYPH_UNSURE;
	if (person > 0)
		page_textf(p, ROLE_NORMAL, 2,
		    P_("%zu can be seen by no check, only by a person.",
			"%zu can be seen by no check, only by a person.",
			person),
		    person)
		    ->glyph = GLYPH_UNSURE;
	if (other > 0)
		page_textf(p, ROLE_NORMAL, 2,
		    P_("%zu could not be tried from here.",
			"%zu could not be tried from here.", other),
		    other)
		    ->glyph = GLYPH_UNSURE;
}

static size_t
count_deviations(const struct record *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->ndeviations; i++)
		n += r->deviations[i].state == DEVIATION_HOLDS;
	return n;
}

static void
build_extent(struct page *p, const struct record *r)
{
	struct judge_counts c;
	size_t open, held = count_deviations(r);

	judge_count(r, &c);
	open = c.of[OUTCOME_NOT_RUN];
	page_textf(p, ROLE_NORMAL, 0,
	    P_("%zu need applies here, of which %zu was not checked.",
		"%zu needs apply here, of which %zu were not checked.",
		c.total),
	    c.total, open);
	build_not_run(p, r);
	page_row(p, RESULTS_ID, _("All results"))->verb = _("Show");
	if (r->ndeviations > 0)
		page_row(p, DEVIATIONS_ID,
		    arena_printf(p->arena,
			P_("Deviations: %zu accepted by name",
			    "Deviations: %zu accepted by name", held),
			held))
		    ->verb = _("Show");
	else
		page_text(p, ROLE_NORMAL, 0, _("No deviation is accepted."));
}

/* --- who signs --------------------------------------------------------- */

static void
build_state(struct page *p, const struct record *r, const struct declaration *d)
{
	struct item *it;

	if (d->when_us == 0) {
		page_text(p, ROLE_NORMAL, 2,
		    _("Not declared here. It can stay open: the paper has "
		      "lines to sign by hand."))
		    ->glyph = GLYPH_WAIT;
		return;
	}
	if (declaration_holds(r, d)) {
		it = page_textf(p, ROLE_GOOD, 2,
		    _("Declared by %1$s on %2$s, by the clock of this "
		      "computer."),
		    d->name, words_when(p->arena, d->when_us));
		it->glyph = GLYPH_PASS;
		return;
	}
	it = page_textf(p, ROLE_WARN, 2,
	    _("%1$s declared this on %2$s for an earlier state; the results "
	      "have changed since. Declare it again."),
	    d->name, words_when(p->arena, d->when_us));
	it->glyph = GLYPH_WARN;
}

static void
build_party(struct screen *sc, struct page *p, enum party party)
{
	const struct record *r = sc->site->record;
	struct declaration d = current(r, party);
	const char *labels[FIELD_COUNT] = {_("Name"), _(parties[party].role),
	    _("Remarks")};
	size_t i;
	struct item *it;

	page_heading(p, _(parties[party].heading));
	for (i = 0; i < FIELD_COUNT; i++)
		screen_field(sc, p, id_of(p->arena, party, fields[i]),
		    labels[i], *member(&d, i))
		    ->index = (size_t)party * FIELD_COUNT + i;
	it = page_check(p, id_of(p->arena, party, "declare"),
	    _(parties[party].text), declaration_holds(r, &d));
	it->index = (size_t)party * FIELD_COUNT;
	it->group = NULL;
	build_state(p, r, &d);
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	struct page *p = &f->page;
	enum party party;

	page_text(p, ROLE_TITLE, 0, _("What is handed over"));
	if (screen_is_running(sc))
		page_text(p, ROLE_WARN, 0,
		    _("Checks are still running, so nothing can be declared "
		      "yet."))
		    ->glyph = GLYPH_WARN;
	build_answer(p, r);
	build_extent(p, r);
	for (party = 0; party < PARTY_COUNT; party++)
		build_party(sc, p, party);
	p->next = screen_next_label(sc, p->arena);
	p->first = PAGE_NEXT_ID;
}

/* --- doing it ---------------------------------------------------------- */

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	enum party party = (enum party)(i->index / FIELD_COUNT);
	struct declaration d = current(sc->site->record, party);
	char **to = member(&d, i->index % FIELD_COUNT);
	struct error err;
	bool declared = d.when_us != 0;

	(void)leaving;
	if (strcmp(*to, text) == 0) {
		screen_set_draft(sc, i->id, NULL, NULL);
		return;
	}
	*to = arena_strdup(f->page.arena, text);
	/* Whoever declared it did so under what stood there. */
	d.when_us = 0;
	if (site_declare(sc->site, &d, &err) != 0) {
		screen_set_draft(sc, i->id, text, err.what);
		screen_say_error(sc, &err);
		return;
	}
	screen_set_draft(sc, i->id, NULL, NULL);
	if (declared)
		screen_say(sc, ROLE_WARN, "%s",
		    _("This was changed, so it has to be declared again."));
}

/* Why nothing can be declared now, or NULL. */
static const char *
obstacle(const struct screen *sc, const struct declaration *d)
{
	if (screen_is_running(sc))
		return _("Wait until the checks are done, or stop them.");
	if (sc->site->record->started_us == 0)
		return _("Nothing was checked yet, so there is nothing to "
			 "declare.");
	if (text_is_space(d->name))
		return _("Write the name first: it is said by name.");
	return NULL;
}

/* Of the box that the focus is on. */
static enum party
focused_party(const struct frame *f)
{
	const struct item *i = page_focused(&f->page);

	return i == NULL ? PARTY_HANDS_OVER :
			   (enum party)(i->index / FIELD_COUNT);
}

static void
store(struct screen *sc, struct declaration *d, const char *said)
{
	struct error err;

	if (site_declare(sc->site, d, &err) != 0)
		screen_say_error(sc, &err);
	else
		screen_say(sc, ROLE_GOOD, "%s", said);
}

/* The question is gone: the page is on top again. */
static void
declare(struct screen *sc)
{
	struct frame *f = screen_top(sc);
	const struct record *r = sc->site->record;
	const struct state *s;
	struct declaration d;
	char state[DIGEST_HEX_SIZE];
	enum party party;

	if (f->view != &view_signoff)
		return;
	s = f->state;
	party = focused_party(f);
	d = current(r, party);
	if (obstacle(sc, &d) != NULL)
		return;
	/* A test in the background may end while the question is read. */
	if (strcmp(declaration_state(r, state), s->asked) != 0) {
		screen_say(sc, ROLE_WARN, "%s",
		    _("Nothing is declared: the results changed while you "
		      "were asked. Look at them first."));
		return;
	}
	d.when_us = clock_wall_us();
	d.text = (char *)(uintptr_t)_(parties[party].text);
	d.state = state;
	d.readiness = r->readiness;
	d.results_us = r->ended_us;
	store(sc, &d, _("It is declared, and recorded as stated by a person."));
}

static void
take_back(struct screen *sc)
{
	struct frame *f = screen_top(sc);
	struct declaration d;

	if (f->view != &view_signoff)
		return;
	d = current(sc->site->record, focused_party(f));
	d.when_us = 0;
	store(sc, &d, _("The declaration is taken back."));
}

static void
ask(struct screen *sc, struct frame *f, enum party party)
{
	struct arena *a = f->page.arena;
	struct state *s = f->state;
	struct declaration d = current(sc->site->record, party);
	const char *why = obstacle(sc, &d);

	if (declaration_holds(sc->site->record, &d)) {
		screen_ask(sc, _("Take this declaration back?"),
		    _("No, it stands"), _("Yes, take it back"), take_back);
		return;
	}
	if (why == NULL) {
		declaration_state(sc->site->record, s->asked);
		screen_ask(sc,
		    arena_printf(a, _("As %1$s: \"%2$s\" Is that declared?"),
			d.name, _(parties[party].text)),
		    _("No, leave it open"), _("Yes, it is declared"), declare);
		return;
	}
	if (text_is_space(d.name))
		page_focus(&f->page, id_of(a, party, "name"));
	screen_say(sc, ROLE_BAD, "%s", why);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	if (i->kind == ITEM_CHECK)
		ask(sc, f, (enum party)(i->index / FIELD_COUNT));
	else if (strcmp(i->id, DEVIATIONS_ID) == 0)
		screen_push(sc, &view_deviations, NULL);
	else if (strcmp(i->id, RESULTS_ID) == 0 && walk_go(sc->walk, "results"))
		screen_show_page(sc);
}

static void
open_signoff(struct screen *sc, struct frame *f)
{
	(void)f;
	if (!screen_is_running(sc))
		site_assess(sc->site);
}

static void
act_deviations(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_push(sc, &view_deviations, NULL);
}

static const struct action actions[] = {
    {'d', "d", N_("Deviations"),
	N_("Show what is accepted by name, to change it or take it back."),
	act_deviations, NULL},
};

const struct view view_signoff = {
    .name = "signoff",
    .help = N_("Both parties may declare here what they hand over and "
	       "accept, or leave it open and sign on paper. It counts for the "
	       "results as they are now: when these change, it has to be "
	       "declared again. Space ticks and takes back."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_signoff,
    .build = build,
    .activate = activate,
    .typed = typed,
};
