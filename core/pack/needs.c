/* SPDX-License-Identifier: MIT */
/* Owns the list of a site's needs: every requirement of every chosen pack,
 * worked out with the answers of the record. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/pack/own.h"
#include "core/pack/answers.h"
#include "core/pack/specs.h"
#include "core/pack/targets.h"

/* --- what the IT desk must grant, where the pack does not say it --- */

static const char *
destination_text(const struct need *n)
{
	return n->to.name != NULL ?
	    n->to.name :
	    word_label(&words_dest_kind, (int)n->to.kind);
}

/* TRANSLATORS: protocol, destination, ports, as in "Allow the device outgoing
 * TCP to update.example.com, port 443." */
static const struct {
	const char *one;  /* port */
	const char *many; /* ports */
	const char *none;
} grants[] = {
    [DIR_OUTBOUND] =
	{
	    N_("Allow the device outgoing %s to %s, port %s."),
	    N_("Allow the device outgoing %s to %s, ports %s."),
	    N_("Allow the device outgoing %s to %s."),
	},
    [DIR_INBOUND] =
	{
	    N_("Allow %s from the internet to %s, port %s."),
	    N_("Allow %s from the internet to %s, ports %s."),
	    N_("Allow %s from the internet to %s."),
	},
    [DIR_LAN] =
	{
	    N_("Allow %s inside the site to %s, port %s."),
	    N_("Allow %s inside the site to %s, ports %s."),
	    N_("Allow %s inside the site to %s."),
	},
};

static bool
is_one_port(const struct ports *p)
{
	return p->count == 1 && p->range[0].low == p->range[0].high;
}

#pragma GCC diagnostic push
/* The formats are those of the table above, each with its own count of %s. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *
derived_grant(struct arena *a, const struct need *n)
{
	const char *protocol = word_label(&words_protocol, (int)n->protocol);
	const char *to = destination_text(n);
	const char *format;

	if (n->protocol == PROTO_NONE)
		return arena_printf(a,
		    _("Provide what \"%s\" asks for; it is not a matter of "
		      "ports."),
		    n->service);
	if (n->strength == STRENGTH_MUST_NOT)
		return arena_printf(a, _("Do not allow %s to %s (ports: %s)."),
		    protocol, to,
		    n->ports.count > 0 ? ports_text(a, &n->ports) : _("all"));
	if (n->ports.count == 0)
		return arena_printf(a, _(grants[n->direction].none), protocol,
		    to);
	format = is_one_port(&n->ports) ? grants[n->direction].one :
					  grants[n->direction].many;
	return arena_printf(a, _(format), protocol, to,
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

void
need_describe(struct arena *a, const struct pack *p,
    const struct requirement *req, struct need *out)
{
	describe(p, req, out);
	if (out->grant == NULL)
		out->grant = derived_grant(a, out);
	unjudged(a, out);
}

static const char *
answer_words(const struct question *q, const char *value)
{
	size_t i;

	for (i = 0; i < q->nchoices; i++) {
		if (strcmp(q->choices[i].id, value) == 0)
			return pack_text(q->choices[i].label);
	}
	if (strcmp(value, "unknown") == 0)
		return _("not known yet");
	if (q->type == QUESTION_YESNO)
		return strcmp(value, "yes") == 0 ? _("yes") : _("no");
	return value;
}

/* Conditions in words too, in an array of the need's own. */
static void
word_clauses(struct spec_context *c, struct need *n)
{
	struct clause *item = arena_array(c->arena, n->when.count + 1,
	    sizeof *item);
	const struct question *q;
	size_t i, k;

	for (i = 0; i < n->when.count; i++) {
		item[i] = n->when.item[i];
		q = pack_question(c->pack, item[i].question);
		if (q == NULL)
			continue;
		item[i].ask = arena_strdup(c->arena, pack_text(q->ask));
		memset(&item[i].says, 0, sizeof item[i].says);
		for (k = 0; k < item[i].values.count; k++)
			strlist_add(c->arena, &item[i].says,
			    answer_words(q, item[i].values.item[k]));
	}
	n->when.item = item;
}

/* The first question that would decide whether this applies. */
static char *
open_ask(const struct spec_context *c, const struct need *n)
{
	size_t i;

	for (i = 0; n->open_question && i < n->when.count; i++) {
		const struct clauses one = {&c->req->when.item[i], 1};

		if (clauses_hold(c->packs, c->record, c->pack, &one) ==
		    TRUTH_UNKNOWN)
			return n->when.item[i].ask;
	}
	return NULL;
}

static void
build_need(struct spec_context *c, struct need *n)
{
	enum truth truth;

	describe(c->pack, c->req, n);
	c->need = n;
	word_clauses(c, n);
	truth = clauses_hold(c->packs, c->record, c->pack, &c->req->when);
	n->applies = truth != TRUTH_NO;
	n->open_question = truth == TRUTH_UNKNOWN;
	n->open_ask = open_ask(c, n);
	n->ports = targets_ports(c);
	if (n->applies)
		specs_build(c);
	if (n->nspecs > 0 && !n->open_question)
		n->open_ask = NULL; /* it is checked all the same */
	if (n->grant == NULL)
		n->grant = derived_grant(c->arena, n);
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

/* scratch is for what is needed on the way only. */
static void
build_pack(struct arena *scratch, const struct pack_set *packs,
    const struct pack_vocabulary *vocab, struct record *r, const struct pack *p)
{
	struct spec_context c = {scratch, packs, vocab, r, p, NULL, NULL};
	struct need *n;
	size_t i;

	for (i = 0; i < p->nrequirements; i++) {
		n = &r->needs[r->nneeds++];
		c.req = &p->requirements[i];
		build_need(&c, n);
		need_own(r->judged, n);
		unjudged(r->judged, n);
	}
}

static void
build_ref(struct record *r, const struct pack *p)
{
	struct pack_ref *ref = arena_push(r->judged, r->packs, r->npacks);

	ref->product = arena_strdup(r->judged, p->product);
	ref->title = arena_strdup(r->judged, pack_text(p->title));
	ref->version = p->version;
	ref->sha256 = arena_strdup(r->judged, p->sha256);
	ref->origin = arena_strdup(r->judged, p->origin);
	ref->document = arena_strdup(r->judged, p->document);
	ref->retrieved = arena_strdup(r->judged, p->retrieved);
	ref->device = arena_strdup(r->judged, p->device);
}

/* The answers in words, so that they can be read without the pack. */
static void
word_answers(const struct pack_set *packs, struct record *r)
{
	const struct question *q;
	const struct pack *p;
	size_t i;

	for (i = 0; i < r->nanswers; i++) {
		struct answer *a = &r->answers[i];

		p = pack_find(packs, a->product);
		q = p == NULL ? NULL : pack_question(p, a->question);
		if (q == NULL)
			continue;
		a->ask = arena_strdup(r->judged, pack_text(q->ask));
		a->says = arena_strdup(r->judged, answer_words(q, a->value));
	}
}

void
needs_build(const struct pack_set *packs, const struct pack_vocabulary *vocab,
    struct record *r)
{
	struct arena *scratch = arena_new();
	const struct pack *p;
	size_t i;

	record_clear_judgement(r);
	r->needs = arena_array(r->judged, count_needs(packs, r),
	    sizeof *r->needs);
	for (i = 0; i < packs->count; i++) {
		p = packs->pack[i];
		if (!strlist_has(&r->products, p->product))
			continue;
		build_ref(r, p);
		build_pack(scratch, packs, vocab, r, p);
	}
	word_answers(packs, r);
	arena_free(scratch);
}
