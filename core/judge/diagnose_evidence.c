/* SPDX-License-Identifier: MIT */
/* What diagnoses start from: the lines that want an explanation, the flows
 * that were cut, and those that passed at the same time. */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/judge/diagnosing.h"
#include "core/judge/standing.h"

bool
is_zone_open(enum zone zone)
{
	return zone == ZONE_NONE || zone == ZONE_UNDETERMINED;
}

const struct observation *
listed_observation(const struct record *r, const char *id)
{
	size_t at = id[0] == 'o' ? strtoul(id + 1, NULL, 10) : 0;

	/* They are numbered from one, in order. */
	if (at > 0 && at <= r->nobservations &&
	    strcmp(r->observations[at - 1].id, id) == 0)
		return &r->observations[at - 1];
	return record_observation(r, id);
}

/* Addresses next to each other stand in one place, near enough: 256 of IPv4,
 * three groups of IPv6. */
static const char *
network_of(struct arena *a, const char *address)
{
	size_t len = 0, n = 0;
	char between = strchr(address, ':') != NULL ? ':' : '.';

	while (address[len] != '\0' && n < 3)
		n += address[len++] == between;
	return arena_strndup(a, address, len);
}

const char *
flow_owner(struct arena *a, const char *host)
{
	const char *dot = strrchr(host, '.');
	struct ip ip;

	if (ip_parse(host, &ip))
		return network_of(a, host);
	if (dot == NULL)
		return host;
	while (dot > host && *--dot != '.')
		;
	return *dot == '.' ? dot + 1 : dot;
}

/* --- what passed --- */

static bool
is_six(const struct observation *o)
{
	return o->address != NULL && strchr(o->address, ':') != NULL;
}

static bool
has_port(struct heard_ports *const rows[3][2], enum protocol protocol,
    uint16_t port, bool six)
{
	const struct heard_ports *h = protocol <= PROTO_ICMP ?
	    rows[protocol][six] :
	    NULL;

	return h != NULL && (h->bit[port / 8] & (1u << (port % 8))) != 0;
}

static void
hear_port(struct bench *b, struct heard_ports *rows[3][2], size_t *count,
    const struct flow *f)
{
	struct heard_ports **h = &rows[f->protocol][f->six];

	count[f->protocol] += !has_port(rows, f->protocol, f->port, false) &&
	    !has_port(rows, f->protocol, f->port, true);
	if (*h == NULL)
		*h = arena_alloc(b->r->judged, sizeof **h);
	(*h)->bit[f->port / 8] |= (unsigned char)(1u << (f->port % 8));
}

/* An answer that need not be the server's own. */
static bool
is_doubtful(const struct observation *o)
{
	static const enum cause causes[] = {
	    CAUSE_CAPTIVE_PORTAL,
	    CAUSE_HTTP_BLOCKPAGE,
	    CAUSE_TLS_UNTRUSTED,
	    CAUSE_TLS_NAME_MISMATCH,
	    CAUSE_TLS_INTERCEPTED,
	    CAUSE_TLS_PROTOCOL,
	    CAUSE_WRONG_PROTOCOL,
	    CAUSE_PROXY_ONLY,
	    CAUSE_NTP_INTERCEPTED,
	    CAUSE_DNS_INTERCEPTED,
	};
	size_t i;

	for (i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (causes[i] == o->failure)
			return true;
	}
	return detail_is(o, "answered_near") ||
	    detail_int(o, "near_hops", 0) == 1;
}

/* What something on the way answered proves nothing about the way. */
static bool *
find_tainted(const struct record *r)
{
	bool *tainted = arena_array(r->judged, r->nobservations + 1,
	    sizeof *tainted);
	const struct observation *o;
	size_t i, k;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (n->path == PATH_DIRECT && n->cause != CAUSE_PROXY_ONLY &&
		    n->cause != CAUSE_CAPTIVE_PORTAL)
			continue;
		for (k = 0; k < n->probes.count; k++) {
			o = listed_observation(r, n->probes.item[k]);
			if (o != NULL)
				tainted[o - r->observations] = true;
		}
	}
	return tainted;
}

static void
flow_of(const struct observation *o, struct flow *f)
{
	memset(f, 0, sizeof *f);
	f->protocol = o->protocol;
	f->port = o->protocol == PROTO_ICMP ? 0 : o->port;
	/* A DNS server is asked for names of others. */
	f->host = o->host != NULL && o->nature != NATURE_NAME_SERVER ?
	    o->host :
	    o->address;
	f->six = is_six(o);
}

static bool
is_far(const struct record *r, const struct observation *o)
{
	return o->address != NULL && o->nature != NATURE_NAME &&
	    o->protocol <= PROTO_ICMP && !address_is_near(r, o->address) &&
	    !address_is_gateway(r, o->address);
}

static void
add_flow(struct bench *b, const struct observation *o, bool tainted)
{
	struct record *r = b->r;
	struct flow *f;

	if (!is_far(r, o) || o->rung > RUNG_PASSED_GATEWAY)
		return;
	/* An error message is an answer to something else than a ping. */
	if (o->protocol == PROTO_ICMP && detail_int(o, "icmp_type", 0) == 3)
		return;
	f = arena_push(r->judged, b->flow, b->nflows);
	flow_of(o, f);
	f->out = o->rung == RUNG_PASSED_GATEWAY || detail_is(o, "passed");
	f->through = o->rung <= RUNG_TRANSPORT && !tainted && !is_doubtful(o) &&
	    !is_taken_near(r, o) && evidence_portal(r, o) == NULL &&
	    (strcmp(o->probe, "locate") != 0 || f->out);
	if (f->through)
		hear_port(b, b->through, b->nthrough, f);
	if (f->through || f->out)
		hear_port(b, b->out, b->nout, f);
}

size_t
heard_count(const struct bench *b, enum protocol protocol, bool through_only)
{
	if (protocol > PROTO_ICMP)
		return 0;
	return through_only ? b->nthrough[protocol] : b->nout[protocol];
}

char *
heard_text(const struct bench *b, enum protocol protocol, bool through_only)
{
	struct heard_ports *const(*rows)[2] = through_only ? b->through :
							     b->out;
	struct arena *a = b->r->judged;
	char *text = NULL, *last = NULL;
	unsigned port;

	for (port = 1; port <= UINT16_MAX; port++) {
		if (!has_port(rows, protocol, (uint16_t)port, false) &&
		    !has_port(rows, protocol, (uint16_t)port, true))
			continue;
		if (last != NULL)
			text = text == NULL ?
			    last :
			    arena_printf(a, "%s, %s", text, last);
		last = arena_printf(a, "%u", port);
	}
	return text == NULL ? last :
			      arena_printf(a, _("%1$s and %2$s"), text, last);
}

static void
note_neighbour(struct bench *b, const struct observation *o)
{
	if (o->nature == NATURE_NAME) {
		b->name_answered = b->name_answered ||
		    (strcmp(o->probe, "dns") == 0 &&
			o->rung == RUNG_APP_REPLY &&
			o->failure != CAUSE_DNS_SERVFAIL &&
			o->failure != CAUSE_DNS_REFUSED &&
			o->failure != CAUSE_DNS_TIMEOUT);
		return;
	}
	if (o->address != NULL && o->rung <= RUNG_TRANSPORT &&
	    address_is_near(b->r, o->address) &&
	    !address_is_gateway(b->r, o->address) &&
	    !address_is_own(b->r, o->address))
		b->device_answered = true;
}

/* --- what was cut --- */

/* Pings have no word for silence. */
static bool
is_six_silent(const struct need *n)
{
	return n->outcome == OUTCOME_MARGINAL && n->family[1].tried &&
	    n->family[1].outcome == OUTCOME_FAIL &&
	    n->family[1].rung == RUNG_SILENCE;
}

enum cut
cut_of(const struct need *n)
{
	if (n->rung != RUNG_SILENCE && n->rung != RUNG_REJECTED &&
	    n->outcome != OUTCOME_MARGINAL)
		return CUT_NOT;
	switch (n->cause) {
	case CAUSE_TCP_TIMEOUT:
	case CAUSE_UDP_SILENT:
	case CAUSE_DNS_TIMEOUT:
		return CUT_DROP;
	case CAUSE_NONE:
		return n->rung == RUNG_SILENCE || is_six_silent(n) ? CUT_DROP :
								     CUT_NOT;
	case CAUSE_TCP_RESET:
		return CUT_RESET;
	case CAUSE_TCP_REFUSED:
		return CUT_REFUSE;
	case CAUSE_NET_UNREACHABLE:
	case CAUSE_HOST_UNREACHABLE:
	case CAUSE_ADMIN_PROHIBITED:
		return CUT_REJECT;
	default:
		return CUT_NOT;
	}
}

static void
compare_with_passes(const struct bench *b, struct flow *f)
{
	size_t i;

	f->port_through = has_port(b->through, f->protocol, f->port, f->six);
	f->port_out = has_port(b->out, f->protocol, f->port, f->six);
	for (i = 0; i < b->nflows; i++) {
		const struct flow *x = &b->flow[i];

		if (!x->through || x->six != f->six ||
		    strcmp(x->host, f->host) != 0)
			continue;
		f->host_any = true;
		f->host_through = f->host_through || x->protocol == f->protocol;
	}
}

static bool
has_flow(const struct flow *flow, size_t n, const struct flow *f)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (flow[i].protocol == f->protocol &&
		    flow[i].port == f->port && flow[i].six == f->six &&
		    strcmp(flow[i].host, f->host) == 0)
			return true;
	}
	return false;
}

size_t
cut_flows(const struct bench *b, const struct need *n, struct flow **out)
{
	const struct observation *o;
	struct flow f;
	size_t i, count = 0;

	*out = NULL;
	for (i = 0; i < n->probes.count; i++) {
		o = listed_observation(b->r, n->probes.item[i]);
		if (o == NULL || !is_far(b->r, o) ||
		    strcmp(o->probe, "locate") == 0 ||
		    (o->rung != RUNG_SILENCE && o->rung != RUNG_REJECTED))
			continue;
		flow_of(o, &f);
		if (has_flow(*out, count, &f))
			continue;
		compare_with_passes(b, &f);
		*arena_push(b->r->judged, *out, count) = f;
	}
	return count;
}

/* --- troubles --- */

/* What the laptop's own software or place decided. */
static bool
is_laptops_own(const struct need *n)
{
	return standing_is_trouble(n) ||
	    (n->zone == ZONE_LAPTOP && n->cause == CAUSE_TLS_INTERCEPTED);
}

/* Not decided, or not run, for a reason that no healthy site has. */
static bool
is_soft(const struct record *r, const struct need *n)
{
	const struct observation *o;
	size_t i;

	if (n->outcome == OUTCOME_UNPROVEN)
		return n->cause == CAUSE_PROXY_ONLY || is_laptops_own(n);
	if (n->outcome != OUTCOME_NOT_RUN)
		return false;
	if (n->cause == CAUSE_NETWORK_CHANGED || is_laptops_own(n))
		return true;
	/* This laptop's own firewall; a missing right is no trouble. */
	for (i = 0; n->cause == CAUSE_PERMISSION && i < n->probes.count; i++) {
		o = listed_observation(r, n->probes.item[i]);
		if (o != NULL && detail_is(o, "firewall"))
			return true;
	}
	return false;
}

static bool
is_hard(const struct need *n)
{
	return n->outcome == OUTCOME_FAIL || n->outcome == OUTCOME_WARN ||
	    n->outcome == OUTCOME_MARGINAL || n->outcome == OUTCOME_BLOCKED_BY;
}

static bool
is_of_name(const struct record *r, const struct need *n)
{
	const struct observation *o;
	size_t i;

	if (n->cause < CAUSE_DNS_NXDOMAIN || n->cause > CAUSE_DNS_REBIND_FILTER)
		return false;
	if (n->outcome == OUTCOME_BLOCKED_BY || n->to.kind == DEST_RESOLVER)
		return true;
	for (i = 0; i < n->probes.count; i++) {
		o = listed_observation(r, n->probes.item[i]);
		if (o != NULL && o->nature != NATURE_NAME)
			return false;
	}
	return n->cause != CAUSE_DNS_INTERCEPTED;
}

static bool
is_local(const struct record *r, const struct need *n)
{
	const struct observation *o;
	size_t i;

	if (n->direction == DIR_LAN || n->zone == ZONE_LAN)
		return true;
	for (i = 0; i < n->probes.count; i++) {
		o = listed_observation(r, n->probes.item[i]);
		if (o != NULL && o->address != NULL &&
		    (o->rung == RUNG_SILENCE || o->rung == RUNG_REJECTED) &&
		    !address_is_near(r, o->address))
			return false;
	}
	return n->probes.count > 0;
}

static void
add_trouble(struct bench *b, const struct need *n)
{
	struct record *r = b->r;
	struct trouble *t = arena_push(r->judged, b->trouble, b->ntroubles);

	memset(t, 0, sizeof *t);
	t->need = n;
	t->soft = !is_hard(n);
	t->name = is_of_name(r, n);
	if (t->soft || t->name || n->to.kind == DEST_RESOLVER ||
	    n->to.kind == DEST_GATEWAY)
		return;
	t->how = cut_of(n);
	if (t->how == CUT_NOT)
		return;
	t->lan = is_local(r, n);
	t->nflows = cut_flows(b, n, &t->flow);
	if (t->nflows == 0 && !t->lan)
		t->how = CUT_NOT;
	t->owner = t->nflows > 0 ? flow_owner(r->judged, t->flow[0].host) :
				   n->product;
	t->only_six = n->family[1].tried && !n->family[0].tried;
	t->six = n->outcome == OUTCOME_MARGINAL && n->family[1].tried &&
	    n->family[1].outcome == OUTCOME_FAIL && n->family[0].tried &&
	    n->family[0].outcome == OUTCOME_PASS;
}

static int
compare_troubles(const void *a, const void *b)
{
	const struct trouble *x = a, *y = b;

	return strcmp(x->need->id, y->need->id);
}

void
bench_fill(struct bench *b, struct record *r)
{
	const bool *tainted;
	size_t i;

	memset(b, 0, sizeof *b);
	b->r = r;
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (n->applies && (is_hard(n) || is_soft(r, n)))
			break;
	}
	if (i == r->nneeds)
		return;
	tainted = find_tainted(r);
	for (i = 0; i < r->nobservations; i++) {
		add_flow(b, &r->observations[i], tainted[i]);
		note_neighbour(b, &r->observations[i]);
	}
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (n->applies && (is_hard(n) || is_soft(r, n)))
			add_trouble(b, n);
	}
	qsort(b->trouble, b->ntroubles, sizeof *b->trouble, compare_troubles);
}
