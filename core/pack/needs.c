/* SPDX-License-Identifier: MIT */
/* Owns the list of a site's needs: every requirement of every chosen pack,
 * worked out with the answers of the record. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/pack/adopt.h"
#include "core/pack/answers.h"
#include "core/pack/specs.h"

/* --- what the IT desk must grant, where the pack does not say it --- */

static const char *
destination_text(const struct need *n)
{
	return n->to.name != NULL ? n->to.name :
				    word_label(&words_dest_kind, n->to.kind);
}

/* TRANSLATORS: protocol, destination, ports, as in "Allow TCP to
 * update.example.com, port 443, ...". */
static const struct {
	const char *with_ports;
	const char *without;
} grants[] = {
    [DIR_OUTBOUND] =
	{
	    N_("Allow %s to %s, ports %s, from the device to the internet."),
	    N_("Allow %s to %s from the device to the internet."),
	},
    [DIR_INBOUND] =
	{
	    N_("Allow %s to %s, ports %s, from the internet."),
	    N_("Allow %s to %s from the internet."),
	},
    [DIR_LAN] =
	{
	    N_("Allow %s to %s, ports %s, inside the site."),
	    N_("Allow %s to %s inside the site."),
	},
};

#pragma GCC diagnostic push
/* The formats are those of the table above, each with its own count of %s. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static const char *
derived_grant(struct arena *a, const struct need *n)
{
	const char *protocol = word_label(&words_protocol, n->protocol);
	const char *to = destination_text(n);

	if (n->strength == STRENGTH_MUST_NOT)
		return arena_printf(a, _("Do not allow %s to %s, ports %s."),
		    protocol, to, ports_text(a, &n->ports));
	if (n->protocol == PROTO_NONE)
		return arena_printf(a,
		    _("Provide what \"%s\" asks for; it is not a matter of "
		      "ports."),
		    n->service);
	if (n->ports.count == 0)
		return arena_printf(a, _(grants[n->direction].without),
		    protocol, to);
	return arena_printf(a, _(grants[n->direction].with_ports), protocol, to,
	    ports_text(a, &n->ports));
}
#pragma GCC diagnostic pop

/* --- one need --- */

static char *
said(const char *s)
{
	/* The model's strings are not const; nobody writes to them. */
	return (char *)(uintptr_t)pack_text(s);
}

static struct destination
destination_said(const struct destination *to)
{
	struct destination d = *to;

	if (d.kind == DEST_PEER || d.kind == DEST_ANY)
		d.name = said(d.name);
	return d;
}

static void
describe(const struct pack *p, const struct requirement *req, struct need *n)
{
	const struct step *step = pack_step_of(p, req->id);

	memset(n, 0, sizeof *n);
	n->id = req->id;
	n->product = p->product;
	n->service = said(req->service);
	n->step = step == NULL ? NULL : step->id;
	n->strength = req->strength;
	n->direction = req->direction;
	n->protocol = req->protocol;
	n->ports = req->ports;
	n->to = destination_said(&req->to);
	n->application = said(req->application);
	n->group = req->group;
	n->when = req->when;
	n->applies = true;
	n->reason = said(req->reason);
	n->breaks_installer = said(req->breaks_installer);
	n->breaks_customer = said(req->breaks_customer);
	n->grant = said(req->grant);
	n->note = said(req->note);
	n->source = req->source;
	n->source.assumed = said(req->source.assumed);
	n->required_rung = req->rung;
	n->probe_type = req->probe.type;
	n->needs = req->needs;
}

static void
unjudged(struct arena *a, struct need *n)
{
	char *empty = arena_strdup(a, "");

	n->outcome = n->applies ? OUTCOME_NOT_RUN : OUTCOME_NOT_APPLICABLE;
	n->rung = RUNG_NONE;
	n->cause = CAUSE_NONE;
	n->path = PATH_DIRECT;
	n->zone = ZONE_NONE;
	n->summary = n->advice_installer = empty;
	n->advice_it = n->advice_customer = empty;
}

static void
finish(struct arena *a, struct need *n)
{
	if (n->grant == NULL)
		n->grant = arena_strdup(a, derived_grant(a, n));
	unjudged(a, n);
}

void
need_describe(struct arena *a, const struct pack *p,
    const struct requirement *req, struct need *out)
{
	describe(p, req, out);
	finish(a, out);
}

static void
build_need(struct spec_context *c, struct need *n)
{
	enum truth truth;

	describe(c->pack, c->req, n);
	c->need = n;
	truth = clauses_hold(c->packs, c->record, c->pack, &c->req->when);
	n->applies = truth != TRUTH_NO;
	n->open_question = truth == TRUTH_UNKNOWN;
	n->ports = specs_ports(c);
	if (n->applies)
		specs_build(c);
	finish(c->arena, n);
}

/* --- all needs --- */

static size_t
count_needs(const struct pack_set *packs, const struct record *r)
{
	size_t i, count = 0;

	for (i = 0; i < packs->count; i++) {
		if (strlist_has(&r->products, packs->pack[i]->product))
			count += packs->pack[i]->nrequirements;
	}
	return count;
}

/* Builds in a: an arena for this once. */
static void
build_all(struct arena *a, const struct pack_set *packs,
    const struct pack_vocabulary *vocab, const struct record *r,
    struct need *needs)
{
	struct spec_context c = {a, packs, vocab, r, NULL, NULL, NULL};
	size_t i, k;

	for (i = 0; i < packs->count; i++) {
		c.pack = packs->pack[i];
		if (!strlist_has(&r->products, c.pack->product))
			continue;
		for (k = 0; k < c.pack->nrequirements; k++) {
			c.req = &c.pack->requirements[k];
			build_need(&c, needs++);
		}
	}
}

static void
build_refs(const struct pack_set *packs, struct record *r)
{
	struct arena *a = r->arena;
	struct pack_ref *ref;
	size_t i;

	for (i = 0; i < packs->count; i++) {
		const struct pack *p = packs->pack[i];

		if (!strlist_has(&r->products, p->product))
			continue;
		ref = arena_push(a, r->packs, r->npacks);
		ref->product = arena_strdup(a, p->product);
		ref->title = arena_strdup(a, pack_text(p->title));
		ref->version = p->version;
		ref->sha256 = arena_strdup(a, p->sha256);
		ref->origin = arena_strdup(a, p->origin);
		ref->document = arena_strdup(a, p->document);
		ref->retrieved = arena_strdup(a, p->retrieved);
	}
}

void
needs_build(const struct pack_set *packs, const struct pack_vocabulary *vocab,
    struct record *r)
{
	struct arena *a = arena_new();
	struct need *old = r->needs, *built;
	size_t nold = r->nneeds, count = count_needs(packs, r), i;

	built = arena_array(a, count, sizeof *built);
	build_all(a, packs, vocab, r, built);
	record_clear_judgement(r);
	build_refs(packs, r);
	/* A wizard builds after every answer, and the record's arena never
	 * shrinks: keep what stayed the same. */
	for (i = 0; i < count; i++)
		need_adopt(r->arena, i < nold ? &old[i] : NULL, &built[i]);
	r->needs = old;
	if (count > nold || old == NULL)
		r->needs = arena_array(r->arena, count, sizeof *built);
	if (count > 0)
		memcpy(r->needs, built, count * sizeof *built);
	r->nneeds = count;
	arena_free(a);
}
