/* SPDX-License-Identifier: MIT */
/* Before anything is sent: where this computer stands, what would be sent to
 * whom, how long it takes. The button is the consent. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/standpoint.h"
#include "core/net/vantage.h"
#include "tui/screen/view.h"
#include "tui/views/unanswered.h"
#include "tui/work/consent.h"
#include "tui/work/followups.h"
#include "tui/work/words.h"

struct state {
	struct arena *arena;
	struct vantage vantage;
	struct plan *plan;
	size_t unprobed;
	enum consent consent; /* to this plan */
	int64_t agreed_us;
	size_t nplaces; /* names and addresses that are contacted */
	char *problem;
};

static size_t
places_of(const struct plan *plan)
{
	struct strlist seen = {NULL, 0};
	struct arena *a = arena_new();
	size_t i, n;

	for (i = 0; i < plan->count; i++) {
		const struct probe_spec *spec = plan->item[i].spec;
		const char *place = spec->host != NULL ? spec->host :
							 spec->address;

		if (place != NULL && !strlist_has(&seen, place))
			strlist_add(a, &seen, place);
	}
	n = seen.count;
	arena_free(a);
	return n;
}

static void
look(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	const struct record *r = sc->site->record;
	struct error err;
	size_t i;

	arena_free(s->arena);
	memset(s, 0, sizeof *s);
	s->arena = arena_new();
	if (!screen_is_running(sc))
		site_assess(sc->site);
	s->plan = consent_plan(sc->site, s->arena, &s->vantage, &err);
	if (err.code != ERR_NONE)
		s->problem = arena_strdup(s->arena, err.what);
	for (i = 0; i < r->nneeds; i++)
		s->unprobed += r->needs[i].applies && r->needs[i].nspecs == 0;
	s->consent = consent_now(sc->site, s->plan, &s->agreed_us);
	s->nplaces = places_of(s->plan);
}

static void
close_plan(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

static bool
has_network(const struct state *s)
{
	return s->problem == NULL && s->vantage.interface != NULL &&
	    *s->vantage.interface != '\0';
}

static void
fact(struct page *p, const char *label, const char *value)
{
	if (value != NULL && *value != '\0')
		page_textf(p, ROLE_NORMAL, 2, "%s: %s", label, value);
}

static void
build_vantage(struct page *p, const struct state *s)
{
	const struct vantage *v = &s->vantage;
	struct standpoint_fact known[STANDPOINT_FACTS];
	size_t i, n = standpoint_facts(p->arena, v, known);

	page_heading(p, _("Where this computer stands"));
	if (!has_network(s)) {
		page_text(p, ROLE_BAD, 2,
		    s->problem != NULL ?
			s->problem :
			_("This computer is not connected to any network. "
			  "Plug in a cable or join the Wi-Fi of the devices, "
			  "then press r."))
		    ->glyph = GLYPH_FAIL;
		return;
	}
	fact(p, _("Connection"), v->interface);
	fact(p, _("Address"), words_list(p->arena, &v->addresses));
	fact(p, _("Gateway (the way out)"), v->gateway);
	fact(p, _("DNS servers (names to addresses)"),
	    words_list(p->arena, &v->resolvers));
	for (i = 0; i < n; i++)
		fact(p, known[i].label, known[i].value);
	for (i = 0; i < v->warnings.count; i++)
		page_text(p, ROLE_WARN, 2, v->warnings.item[i])
		    ->glyph = GLYPH_WARN;
	page_text(p, ROLE_NORMAL, 2,
	    _("The checks tell about the place where this computer is "
	      "plugged in. Stand in the network of the devices."));
}

static void
build_list(struct page *p, const struct plan *plan)
{
	struct strlist more = {0};
	size_t i;

	page_heading(p, _("This will be sent"));
	for (i = 0; i < plan->count; i++) {
		const struct plan_item *it = &plan->item[i];
		const struct probe_spec *spec = it->spec;
		struct item *row;

		row = page_text(p, ROLE_NORMAL, 2,
		    arena_printf(p->arena,
			P_("%s, %u packet at most", "%s, %u packets at most",
			    it->most.packets),
			words_probe(p->arena, spec->type, spec->host,
			    spec->address, spec->port, spec->protocol),
			it->most.packets));
		row->glyph = GLYPH_WAIT;
	}
	followups_tell(p->arena, plan, &more);
	for (i = 0; i < more.count; i++)
		page_text(p, ROLE_NORMAL, 2, more.item[i])->glyph = GLYPH_WAIT;
}

static void
build_consent(struct page *p, const struct state *s)
{
	if (s->consent == CONSENT_GIVEN) {
		page_textf(p, ROLE_NORMAL, 0,
		    _("You agreed to this on %s, and it is the same now."),
		    words_when(p->arena, s->agreed_us));
		return;
	}
	if (s->consent == CONSENT_CHANGED)
		page_textf(p, ROLE_WARN, 0,
		    _("This is not what you agreed to on %s."),
		    words_when(p->arena, s->agreed_us))
		    ->glyph = GLYPH_WARN;
	page_text(p, ROLE_NORMAL, 0,
	    _("Nothing is sent before you press the button below. It is your "
	      "consent to send what is listed here, and nothing else; no "
	      "password and nothing of the customer's is in it."));
}

static void
build_unanswered(struct screen *sc, struct page *p)
{
	size_t n = unanswered_pages(sc);

	if (n > 0)
		page_textf(p, ROLE_NORMAL, 0,
		    P_("Questions on %zu page have no answer; all variants "
		       "are checked. u goes there.",
			"Questions on %zu pages have no answer; all variants "
			"are checked. u goes there.",
			n),
		    n);
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;
	const struct plan *plan = s->plan;
	size_t i, k;

	page_textf(p, ROLE_TITLE, 0,
	    P_("%zu check, at most %u packets, %s.",
		"%zu checks, at most %u packets, %s.", plan->count),
	    plan->count, plan->packets,
	    words_span(p->arena, plan->shortest_ms, plan->longest_ms));
	if (plan->count > 0)
		page_textf(p, ROLE_NORMAL, 0,
		    P_("They go to %1$zu name or address, %2$u kilobytes at "
		       "most.",
			"They go to %1$zu names and addresses, %2$u kilobytes "
			"at most.",
			s->nplaces),
		    s->nplaces, plan->bytes / 1000 + 1);
	build_consent(p, s);
	build_unanswered(sc, p);
	build_vantage(p, s);
	for (i = 0; i < sc->site->record->products.count; i++) {
		const struct pack *pack = pack_find(sc->app.packs,
		    sc->site->record->products.item[i]);

		if (pack == NULL || pack->notes.count == 0)
			continue;
		page_heading(p,
		    arena_printf(p->arena, _("Good to know: %s"),
			pack_text(pack->title)));
		for (k = 0; k < pack->notes.count; k++)
			page_text(p, ROLE_NORMAL, 2,
			    pack_text(pack->notes.item[k]))
			    ->glyph = GLYPH_SKIP;
	}
	build_list(p, plan);
	if (s->unprobed > 0) {
		page_blank(p);
		page_textf(p, ROLE_NORMAL, 0,
		    P_("%zu need cannot be checked from a computer by this "
		       "version. It is listed in the results as not run.",
			"%zu needs cannot be checked from a computer by this "
			"version. They are listed in the results as not run.",
			s->unprobed),
		    s->unprobed);
	}
	p->next = !screen_is_running(sc) && plan->count > 0 ?
	    _("Start the checks") :
	    screen_next_label(sc, p->arena);
	/* Pages are leafed through; only pressing the button starts. */
	if (!screen_is_running(sc) && plan->count > 0)
		p->next_verb = _("Start");
	p->first = PAGE_NEXT_ID;
}

static void
start(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct error err;

	if (screen_is_running(sc) || s->plan->count == 0) {
		screen_next(sc);
		return;
	}
	if (!has_network(s)) {
		screen_say(sc, ROLE_BAD, "%s",
		    _("Nothing can be checked without a network. Connect this "
		      "computer, then press r to look again; s goes on "
		      "without checks."));
		return;
	}
	if (s->consent != CONSENT_GIVEN &&
	    consent_give(sc->site, s->plan, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	if (screen_start_run(sc, &err) != 0)
		screen_say_error(sc, &err);
	else
		screen_next(sc);
}

static void
act_look(struct screen *sc, struct frame *f)
{
	look(sc, f);
	screen_say(sc, ROLE_NORMAL, "%s", _("Looked again."));
}

static void
act_skip(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_next(sc);
}

static const struct action actions[] = {
    UNANSWERED_ACTION,
    {'r', "r", N_("Look again"),
	N_("Look again where this computer stands; sends nothing."), act_look,
	NULL},
    {'s', "s", N_("Skip"),
	N_("Go on without checking; what was found before stays."), act_skip,
	NULL},
};

const struct view view_plan = {
    .name = "plan",
    .help = N_("What the checks would send, to whom, and from where. Nothing "
	       "is sent before you press the button."),
    .consent = N_("Press Enter to start the checks, or s to go on without "
		  "them."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = look,
    .close = close_plan,
    .build = build,
    .next = start,
};
