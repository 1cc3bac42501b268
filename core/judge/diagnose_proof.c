/* SPDX-License-Identifier: MIT */
/* What speaks against other explanations, and what will clear once a cause is
 * mended. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/diagnosing.h"

#define MAX_EXAMPLES 3

/* --- examples --- */

/* By name: what was observed first says nothing. */
static char *
examples_text(struct record *r, struct strlist *l)
{
	char *out = NULL;
	size_t i;

	strlist_sort(l);
	for (i = 0; i < l->count && i < MAX_EXAMPLES; i++)
		out = out == NULL ?
		    arena_strdup(r->judged, l->item[i]) :
		    arena_printf(r->judged, "%s, %s", out, l->item[i]);
	if (l->count > MAX_EXAMPLES)
		out = arena_printf(r->judged, _("%1$s and %2$zu more"), out,
		    l->count - MAX_EXAMPLES);
	return out;
}

static void
add_once(struct record *r, struct strlist *l, const char *s)
{
	if (!strlist_has(l, s))
		strlist_add(r->judged, l, s);
}

static void
say(struct bench *b, struct diagnosis *d, const char *sentence)
{
	strlist_add(b->r->judged, &d->ruled_out, sentence);
}

/* --- passes that rule other explanations out --- */

static size_t
count_web(const struct bench *b)
{
	struct strlist seen = {NULL, 0};
	size_t i;

	for (i = 0; i < b->nflows; i++) {
		const struct flow *f = &b->flow[i];

		if (f->protocol == PROTO_TCP && f->through &&
		    (f->port == 80 || f->port == 443))
			add_once(b->r, &seen,
			    arena_printf(b->r->judged, "%u %s", f->port,
				f->host));
	}
	return seen.count;
}

static void
rule_out_uplink(struct bench *b, struct diagnosis *d)
{
	size_t web = count_web(b);

	if (web > 0)
		say(b, d,
		    arena_printf(b->r->judged,
			P_("The internet connection works: %zu flow on ports "
			   "80 and 443 passed at the same time.",
			    "The internet connection works: %zu flows on ports "
			    "80 and 443 passed at the same time.",
			    web),
			web));
}

static bool
is_good_name(const struct observation *o)
{
	return strcmp(o->probe, "dns") == 0 && o->rung == RUNG_APP_REPLY &&
	    o->host != NULL && evidence_name_cause(o) == CAUSE_NONE;
}

static void
rule_out_names(struct bench *b, struct diagnosis *d, const struct members *m)
{
	struct strlist names = {NULL, 0};
	size_t i;

	for (i = 0; i < b->r->nobservations; i++) {
		if (is_good_name(&b->r->observations[i]))
			add_once(b->r, &names, b->r->observations[i].host);
	}
	if (names.count == 0)
		return;
	if (m->h->scope == SCOPE_NAMES && d->cause <= CAUSE_DNS_SINKHOLE)
		say(b, d,
		    arena_printf(b->r->judged,
			P_("The site's DNS server works: it gave the addresses "
			   "of %1$zu other name (%2$s).",
			    "The site's DNS server works: it gave the "
			    "addresses of %1$zu other names (%2$s).",
			    names.count),
			names.count, examples_text(b->r, &names)));
	else
		say(b, d,
		    arena_printf(b->r->judged,
			P_("The site's DNS server answers: %zu name was looked "
			   "up.",
			    "The site's DNS server answers: %zu names were "
			    "looked up.",
			    names.count),
			names.count));
}

/* The same host on another port, or another host on the same port. */
static void
collect_controls(const struct bench *b, const struct members *m, bool same_host,
    struct strlist *out)
{
	size_t i, k, j;

	for (i = 0; i < m->count; i++) {
		for (k = 0; k < m->item[i]->nflows; k++) {
			const struct flow *c = &m->item[i]->flow[k];

			for (j = 0; j < b->nflows; j++) {
				const struct flow *f = &b->flow[j];
				bool host = strcmp(f->host, c->host) == 0;
				bool port = f->protocol == c->protocol &&
				    f->port == c->port;

				if (!f->through || f->six != c->six ||
				    f->protocol == PROTO_ICMP ||
				    (same_host ? !host || port : host || !port))
					continue;
				add_once(b->r, out, f->host);
			}
		}
	}
}

static void
rule_out_hosts(struct bench *b, struct diagnosis *d, const struct members *m)
{
	struct strlist same = {NULL, 0}, other = {NULL, 0};

	collect_controls(b, m, true, &same);
	collect_controls(b, m, false, &other);
	if (same.count > 0)
		say(b, d,
		    arena_printf(b->r->judged,
			_("The same hosts answer on other ports, so they are "
			  "up: %s."),
			examples_text(b->r, &same)));
	if (other.count > 0 && m->h->scope != SCOPE_PORTS)
		say(b, d,
		    arena_printf(b->r->judged,
			_("Other hosts answer on the same port, so the port "
			  "itself is open: %s."),
			examples_text(b->r, &other)));
}

static void
rule_out_all_tls(struct bench *b, struct diagnosis *d)
{
	struct strlist own = {NULL, 0};
	size_t i;

	for (i = 0; i < b->r->nobservations; i++) {
		const struct observation *o = &b->r->observations[i];

		if (o->protocol == PROTO_TCP && o->host != NULL &&
		    o->failure == CAUSE_NONE &&
		    detail_text(o, "top_issuer") != NULL &&
		    o->rung <= RUNG_TLS_EXPECTED)
			add_once(b->r, &own, o->host);
	}
	if (own.count > 0)
		say(b, d,
		    arena_printf(b->r->judged,
			P_("Not every secure connection is opened: %1$zu host "
			   "shows the vendor's own certificate (%2$s).",
			    "Not every secure connection is opened: %1$zu "
			    "hosts show the vendor's own certificate (%2$s).",
			    own.count),
			own.count, examples_text(b->r, &own)));
}

static void
rule_out_servers_clock(struct bench *b, struct diagnosis *d)
{
	size_t witnesses;

	(void)evidence_clock_offset_us(b->r, &witnesses);
	if (witnesses > 1 && d->zone == ZONE_LAPTOP)
		say(b, d,
		    arena_printf(b->r->judged,
			_("The time servers are right: %zu answers of servers "
			  "agree with each other."),
			witnesses));
}

static void
rule_out_family(struct bench *b, struct diagnosis *d, const struct members *m)
{
	size_t i, n = 0;

	for (i = 0; i < m->count; i++)
		n += m->item[i]->six;
	if (n > 0)
		say(b, d,
		    arena_printf(b->r->judged,
			P_("Host and port are not at fault: %zu of these "
			   "lines passes by IPv4.",
			    "Hosts and ports are not at fault: %zu of these "
			    "lines pass by IPv4.",
			    n),
			n));
}

/* What else answers in the local network. */
static void
rule_out_network(struct bench *b, struct diagnosis *d, const struct members *m)
{
	struct strlist other = {NULL, 0};
	bool gateway = false;
	size_t i;

	for (i = 0; i < b->r->nobservations; i++) {
		const struct observation *o = &b->r->observations[i];

		if (o->address == NULL || o->rung > RUNG_TRANSPORT)
			continue;
		if (address_is_gateway(b->r, o->address))
			gateway = true;
		else if (address_is_near(b->r, o->address) &&
		    !address_is_own(b->r, o->address))
			add_once(b->r, &other, o->address);
	}
	if (gateway)
		say(b, d,
		    _("The laptop itself is connected: the gateway answers."));
	if (m->h->scope == SCOPE_DEVICE && other.count > 0)
		say(b, d,
		    arena_printf(b->r->judged,
			_("Other devices of the local network answer: %s."),
			examples_text(b->r, &other)));
}

void
diagnosis_rule_out(struct bench *b, struct diagnosis *d,
    const struct members *m)
{
	switch (m->h->scope) {
	case SCOPE_CHANGED:
	case SCOPE_PORTAL:
	case SCOPE_NO_UPLINK:
	case SCOPE_NO_DNS:
		return;
	case SCOPE_CLOCK:
		rule_out_servers_clock(b, d);
		return;
	case SCOPE_LOCAL:
	case SCOPE_DEVICE:
		rule_out_network(b, d, m);
		return;
	default:
		break;
	}
	if (d->zone == ZONE_LAPTOP || d->zone == ZONE_LAN)
		return;
	rule_out_uplink(b, d);
	rule_out_names(b, d, m);
	if (m->h->scope == SCOPE_IPV6)
		rule_out_family(b, d, m);
	else if (m->h->scope >= SCOPE_POLICY && m->h->scope <= SCOPE_FLOWS)
		rule_out_hosts(b, d, m);
	else if (m->h->scope == SCOPE_INTERCEPTED)
		rule_out_all_tls(b, d);
}

/* --- what will clear --- */

/* A DNS question to a server of the internet. */
static bool
covers_dns(const struct bench *b, const struct diagnosis *d,
    const struct members *m)
{
	struct flow f = {.protocol = PROTO_UDP, .port = 53, .host = ""};

	if (d->cause == CAUSE_DNS_INTERCEPTED)
		return true;
	return guess_covers_flow(b, m->h, &f);
}

static bool
covers_page(const struct members *m)
{
	return m->h->scope == SCOPE_PORTAL || m->h->scope == SCOPE_NO_UPLINK ||
	    m->h->scope == SCOPE_INTERCEPTED || m->h->scope == SCOPE_PROXY ||
	    m->h->scope == SCOPE_NO_DNS;
}

/* Could n not be decided because of d? Lines that nobody can decide from a
 * laptop are none of these. */
static bool
leaves_open(const struct bench *b, const struct diagnosis *d,
    const struct members *m, const struct need *n)
{
	const struct observation *o;
	struct flow *flow;
	const char *why;
	size_t i, k;

	if (n->outcome != OUTCOME_UNPROVEN || n->direction == DIR_LAN)
		return false;
	k = cut_flows(b, n, &flow);
	for (i = 0; i < k; i++) {
		if (!guess_covers_flow(b, m->h, &flow[i]))
			return false;
	}
	if (k > 0)
		return true;
	if (n->cause != CAUSE_NONE && n->cause == d->cause)
		return true;
	for (i = 0; i < n->probes.count; i++) {
		o = listed_observation(b->r, n->probes.item[i]);
		why = detail_text(o, "why");
		if (o != NULL && strcmp(o->probe, "captive_portal") == 0)
			return covers_page(m);
		if (why != NULL && strncmp(why, "authority_", 10) == 0)
			return covers_dns(b, d, m);
	}
	return false;
}

static bool
waits_for(const struct need *n, const struct diagnosis *d)
{
	size_t i;

	for (i = 0; i < n->blocked_by.count; i++) {
		if (strlist_has(&d->explains, n->blocked_by.item[i]))
			return true;
	}
	return false;
}

static bool
is_member(const struct members *m, const struct need *n)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (m->item[i]->need == n)
			return true;
	}
	return false;
}

/* Already told by one before. */
static bool
is_cleared(const struct record *r, const struct diagnosis *d,
    const struct need *n)
{
	const struct diagnosis *x;

	for (x = r->diagnoses; x < d; x++) {
		if (strlist_has(&x->clears, n->id))
			return true;
	}
	return false;
}

void
diagnosis_clears(struct bench *b, struct diagnosis *d, const struct members *m)
{
	struct record *r = b->r;
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!n->applies)
			continue;
		if (is_member(m, n) ||
		    (!is_cleared(r, d, n) &&
			((n->outcome == OUTCOME_BLOCKED_BY &&
			     waits_for(n, d)) ||
			    leaves_open(b, d, m, n))))
			strlist_add(r->judged, &d->clears, n->id);
	}
}
