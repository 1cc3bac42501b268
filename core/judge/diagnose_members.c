/* SPDX-License-Identifier: MIT */
/* What the members of a diagnosis have in common, in words: their ports, their
 * hosts, and how many they are. */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/diagnosing.h"
#include "core/judge/sentences.h"

#define MAX_HOSTS 4
#define MAX_PORTS 10

static int
compare_ranges(const void *a, const void *b)
{
	const struct port_range *x = a, *y = b;

	return x->low != y->low ? (int)x->low - (int)y->low :
				  (int)x->high - (int)y->high;
}

static bool
is_wide(const struct need *n)
{
	return n->ports.count > 0 &&
	    n->ports.range[0].low != n->ports.range[0].high;
}

size_t
members_ports(struct bench *b, const struct members *m, enum protocol protocol,
    struct port_range **out)
{
	struct arena *a = b->r->judged;
	size_t i, k, n = 0, kept = 0;

	*out = NULL;
	for (i = 0; i < m->count; i++) {
		const struct trouble *t = m->item[i];

		for (k = 0; t->nflows == 0 && t->need->protocol == protocol &&
		     k < t->need->ports.count;
		     k++)
			*arena_push(a, *out, n) = t->need->ports.range[k];
		for (k = 0; k < t->nflows; k++) {
			if (t->flow[k].protocol != protocol)
				continue;
			*arena_push(a, *out, n) = is_wide(t->need) ?
			    t->need->ports.range[0] :
			    (struct port_range){t->flow[k].port,
				t->flow[k].port};
		}
	}
	if (n > 0)
		qsort(*out, n, sizeof **out, compare_ranges);
	for (i = 0; i < n; i++) {
		if (kept == 0 ||
		    compare_ranges(&(*out)[i], &(*out)[kept - 1]) != 0)
			(*out)[kept++] = (*out)[i];
	}
	return kept;
}

/* "TCP ports 5112, 5113" */
static char *
protocol_text(struct bench *b, const struct members *m, enum protocol protocol)
{
	struct arena *a = b->r->judged;
	struct port_range *range;
	char text[PORT_RANGE_SIZE], *out = NULL;
	size_t i, n = members_ports(b, m, protocol, &range);
	const char *name = word_label(&words_protocol, (int)protocol);

	if (n == 0)
		return NULL;
	if (protocol == PROTO_ICMP)
		return arena_strdup(a, _("ping (ICMP)"));
	for (i = 0; i < n && i < MAX_PORTS; i++)
		out = out == NULL ?
		    arena_strdup(a, port_range_text(&range[i], text)) :
		    arena_printf(a, "%s, %s", out,
			port_range_text(&range[i], text));
	if (n > MAX_PORTS)
		out = arena_printf(a, _("%1$s and %2$zu more"), out,
		    n - MAX_PORTS);
	return n == 1 && range[0].low == range[0].high ?
	    arena_printf(a, _("%1$s port %2$s"), name, out) :
	    arena_printf(a, _("%1$s ports %2$s"), name, out);
}

/* Of how many ports it is told; of a range, of two. */
size_t
members_port_count(struct bench *b, const struct members *m)
{
	static const enum protocol all[] = {PROTO_TCP, PROTO_UDP, PROTO_ICMP};
	struct port_range *range;
	size_t i, k, n, told = 0;

	for (i = 0; i < sizeof all / sizeof *all; i++) {
		n = members_ports(b, m, all[i], &range);
		for (k = 0; k < n; k++)
			told += range[k].low == range[k].high ? 1 : 2;
	}
	return told;
}

char *
members_flows(struct bench *b, const struct members *m)
{
	static const enum protocol order[] = {PROTO_TCP, PROTO_UDP, PROTO_ICMP};
	struct arena *a = b->r->judged;
	struct strlist seen = {NULL, 0};
	char *out = NULL, *one;
	size_t i;

	for (i = 0; i < sizeof order / sizeof *order; i++) {
		one = protocol_text(b, m, order[i]);
		if (one != NULL)
			out = out == NULL ? one :
					    arena_printf(a, "%s; %s", out, one);
	}
	/* What has no flows of the far side is called what it asks for. */
	for (i = 0; out == NULL && i < m->count; i++) {
		one = flow_phrase(b->r, m->item[i]->need);
		if (!strlist_has(&seen, one))
			strlist_add(a, &seen, one);
	}
	for (i = 0; i < seen.count; i++)
		out = out == NULL ?
		    seen.item[i] :
		    arena_printf(a, "%s, %s", out, seen.item[i]);
	return out;
}

/* Does o show what h says? */
static bool
is_bad_observation(const struct observation *o, const struct members *m)
{
	if (strcmp(o->probe, "dns") == 0)
		return m->h->scope <= SCOPE_NAMES &&
		    evidence_name_cause(o) == m->h->cause;
	return o->failure != CAUSE_NONE || m->h->scope == SCOPE_PROXY;
}

/* Of a DNS server that something stands in for, its address is what counts. */
static const char *
name_of(const struct observation *o, const struct members *m)
{
	return o->host != NULL && m->h->cause != CAUSE_DNS_INTERCEPTED ?
	    o->host :
	    o->address;
}

static void
collect_observed(struct bench *b, const struct members *m, const struct need *n,
    bool all, struct strlist *out)
{
	const struct observation *o;
	const char *name;
	size_t i;

	for (i = 0; i < n->probes.count; i++) {
		o = listed_observation(b->r, n->probes.item[i]);
		if (o == NULL || strcmp(o->probe, "locate") == 0 ||
		    (!all && !is_bad_observation(o, m)))
			continue;
		name = name_of(o, m);
		if (name != NULL && !strlist_has(out, name))
			strlist_add(b->r->judged, out, name);
	}
}

static void
collect_hosts(struct bench *b, const struct members *m, struct strlist *out)
{
	size_t i, k, before;

	for (i = 0; i < m->count; i++) {
		const struct trouble *t = m->item[i];

		for (k = 0; k < t->nflows; k++) {
			if (!strlist_has(out, t->flow[k].host))
				strlist_add(b->r->judged, out, t->flow[k].host);
		}
		if (t->nflows > 0)
			continue;
		before = out->count;
		collect_observed(b, m, t->need, false, out);
		/* A page that is false in itself was seen for one of them. */
		if (out->count == before && !t->name)
			collect_observed(b, m, t->need, true, out);
	}
}

char *
members_hosts(struct bench *b, const struct members *m, size_t *count)
{
	struct arena *a = b->r->judged;
	struct strlist hosts = {NULL, 0};
	char *out = NULL;
	size_t i;

	collect_hosts(b, m, &hosts);
	for (i = 0; i < hosts.count && i < MAX_HOSTS; i++)
		out = out == NULL ?
		    hosts.item[i] :
		    arena_printf(a, "%s, %s", out, hosts.item[i]);
	if (hosts.count > MAX_HOSTS)
		out = arena_printf(a, _("%1$s and %2$zu more"), out,
		    hosts.count - MAX_HOSTS);
	*count = hosts.count;
	return out != NULL ? out : members_flows(b, m);
}

/* --- how many --- */

/* "All 14 failures", "3 of 14 failures"; the words of a warning where nothing
 * fails. */
static char *
failures_text(struct arena *a, const struct members *m)
{
	bool only = m->all_failed == 0;

	if (m->failed == 1 && m->all_failed == 1)
		return arena_strdup(a, _("The only failure"));
	if (m->failed > 0 && m->failed == m->all_failed)
		return arena_printf(a, _("All %zu failures"), m->failed);
	if (m->failed > 0)
		return arena_printf(a, _("%1$zu of %2$zu failures"), m->failed,
		    m->all_failed);
	if (m->warned == 0)
		return NULL;
	if (only && m->warned == 1 && m->all_warned == 1)
		return arena_strdup(a, _("The only warning"));
	if (only && m->warned == m->all_warned)
		return arena_printf(a, _("All %zu warnings"), m->warned);
	return arena_printf(a, _("%1$zu of %2$zu warnings"), m->warned,
	    m->all_warned);
}

char *
members_count_text(struct bench *b, const struct members *m)
{
	struct arena *a = b->r->judged;
	char *failures = failures_text(a, m), *blocked = NULL;

	if (m->blocked > 0)
		blocked = arena_printf(a,
		    P_("%zu line that could not be checked",
			"%zu lines that could not be checked", m->blocked),
		    m->blocked);
	if (failures != NULL)
		return blocked == NULL ?
		    failures :
		    arena_printf(a, _("%1$s, and %2$s"), failures, blocked);
	if (blocked != NULL)
		return blocked;
	return arena_printf(a,
	    P_("%zu line that is not decided", "%zu lines that are not decided",
		m->left),
	    m->left);
}

/* --- what it is --- */
