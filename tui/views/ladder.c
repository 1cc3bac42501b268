/* SPDX-License-Identifier: MIT */
/* Owns the ladder of a finding: from the name that is looked up to the answer
 * of the service itself, which rung was seen and which counts as proof. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/probe/probe.h"
#include "tui/views/evidence.h"
#include "tui/work/words.h"

#define MOST_ADDRESSES 4

enum sight { NOT_TRIED, SEEN, MISSED };

static const struct {
	enum glyph glyph;
	enum role role;
	const char *word;
} looks[] = {
    /* TRANSLATORS: this and the two below: max 10 columns */
    [NOT_TRIED] = {GLYPH_WAIT, ROLE_QUIET, N_("NOT TRIED")},
    [SEEN] = {GLYPH_PASS, ROLE_GOOD, N_("SEEN")},
    [MISSED] = {GLYPH_FAIL, ROLE_BAD, N_("NOT SEEN")},
};

static void
add(struct page *p, enum sight sight, bool proof, const char *text)
{
	struct item *it = page_text(p, looks[sight].role, 2,
	    proof ?
		arena_printf(p->arena, _("%s (this counts as proof)"), text) :
		text);

	it->glyph = looks[sight].glyph;
	it->word = _(looks[sight].word);
	/* Only the sign and the word are of that colour. */
	if (sight == NOT_TRIED)
		it->role = ROLE_NORMAL;
}

static bool
is_dns_cause(enum cause c)
{
	return c >= CAUSE_DNS_NXDOMAIN && c <= CAUSE_DNS_REBIND_FILTER;
}

/* The name that has to be looked up for n, or NULL. */
static const char *
name_of(const struct need *n)
{
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		if (n->specs[i].host != NULL && n->specs[i].address == NULL)
			return n->specs[i].host;
	}
	return NULL;
}

static void
add_lookup(struct page *p, const struct record *r, const struct need *n)
{
	const char *name = name_of(n);
	struct strlist addresses = {0};
	size_t i;

	if (name == NULL)
		return;
	for (i = 0; i < n->probes.count; i++) {
		const struct observation *o = record_observation(r,
		    n->probes.item[i]);

		if (o != NULL && o->host != NULL && o->address != NULL &&
		    strcmp(o->host, name) == 0 &&
		    !strlist_has(&addresses, o->address) &&
		    addresses.count < MOST_ADDRESSES)
			strlist_add(p->arena, &addresses, o->address);
	}
	if (addresses.count > 0)
		add(p, SEEN, false,
		    arena_printf(p->arena,
			_("The name %1$s is looked up: %2$s"), name,
			words_list(p->arena, &addresses)));
	else
		add(p, is_dns_cause(n->cause) ? MISSED : NOT_TRIED, false,
		    arena_printf(p->arena, _("The name %s is looked up"),
			name));
}

static const char *
rung_text(struct arena *a, const struct need *n, enum rung rung)
{
	if (rung != RUNG_TRANSPORT)
		return word_label(&words_rung, (int)rung);
	if (n->protocol == PROTO_TCP)
		return _("the TCP connection is accepted");
	if (n->protocol == PROTO_UDP)
		return _("something answers by UDP");
	(void)a;
	return word_label(&words_rung, (int)rung);
}

/* Where it ended, in place of the next rung. */
static void
add_end(struct page *p, const struct need *n)
{
	struct arena *a = p->arena;
	const char *text = word_label(&words_rung, (int)n->rung);
	struct item *it;

	if (n->rung != RUNG_REJECTED && n->rung != RUNG_SILENCE &&
	    n->rung != RUNG_LOCAL_ERROR)
		return;
	if (n->cause != CAUSE_NONE)
		text = arena_printf(a, "%s, %s", text,
		    word_label(&words_cause, (int)n->cause));
	if (n->zone != ZONE_NONE)
		text = arena_printf(a, "%s (%s)", text,
		    word_label(&words_zone, (int)n->zone));
	it = page_textf(p, ROLE_BAD, 2, _("Here it ends: %s"), text);
	it->glyph = GLYPH_BLOCKED;
	/* TRANSLATORS: max 10 columns */
	it->word = _("END");
}

/* Is this rung one that n's ladder has? */
static bool
has_rung(const struct need *n, enum rung rung)
{
	if (rung == n->required_rung || rung == n->rung)
		return true;
	/* Below the proof, a connection has to be there first. */
	return rung == RUNG_TRANSPORT && n->required_rung < RUNG_TRANSPORT;
}

static enum sight
sight_of(const struct need *n, enum rung rung)
{
	if (n->rung == RUNG_NONE)
		return NOT_TRIED;
	return n->rung <= rung ? SEEN : MISSED;
}

static bool
is_flow(const struct need *n)
{
	const struct probe_type *t = n->nspecs == 0 ?
	    NULL :
	    probe_type_find(n->specs[0].type);

	return t != NULL &&
	    (n->protocol == PROTO_TCP || n->protocol == PROTO_UDP) &&
	    (t->nature == NATURE_CONNECTION || t->nature == NATURE_ANSWER ||
		t->nature == NATURE_TIME || t->nature == NATURE_PAGE ||
		t->nature == NATURE_PATH);
}

void
evidence_build_ladder(struct page *p, const struct record *r,
    const struct need *n)
{
	static const enum rung rungs[] = {RUNG_PASSED_GATEWAY, RUNG_TRANSPORT,
	    RUNG_TLS_OTHER, RUNG_TLS_EXPECTED, RUNG_APP_REPLY};
	bool ended = false;
	size_t i;

	if (!is_flow(n))
		return;
	page_heading(p, _("How far it came"));
	add_lookup(p, r, n);
	for (i = 0; i < sizeof rungs / sizeof *rungs; i++) {
		enum sight sight = sight_of(n, rungs[i]);

		if (!has_rung(n, rungs[i]))
			continue;
		if (sight == MISSED && !ended) {
			add_end(p, n);
			ended = true;
		}
		add(p, sight, rungs[i] == n->required_rung,
		    rung_text(p->arena, n, rungs[i]));
	}
}
