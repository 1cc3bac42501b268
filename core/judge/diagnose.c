/* SPDX-License-Identifier: MIT */
/* Causes that explain many judgements, each told once: failures of one kind
 * at one place, with the passes that rule another explanation out. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/sentences.h"

/* Which failures are one diagnosis. Names and certificates belong together
 * whatever the port; a drop belongs to its place. */
static bool
is_bad(const struct need *n)
{
	return n->applies &&
	    (n->outcome == OUTCOME_FAIL || n->outcome == OUTCOME_WARN ||
		n->outcome == OUTCOME_MARGINAL);
}

static struct diagnosis *
find(struct record *r, const struct need *n)
{
	size_t i;

	for (i = 0; i < r->ndiagnoses; i++) {
		if (r->diagnoses[i].cause == n->cause &&
		    r->diagnoses[i].zone == n->zone)
			return &r->diagnoses[i];
	}
	return NULL;
}

static struct diagnosis *
add(struct record *r, const struct need *n)
{
	struct diagnosis *d = arena_push(r->judged, r->diagnoses,
	    r->ndiagnoses);

	memset(d, 0, sizeof *d);
	d->cause = n->cause;
	d->zone = n->zone;
	return d;
}

/* "TCP port 5113, TCP port 5112": each flow once, the first eight. */
static char *
flows_text(struct record *r, const struct strlist *ids)
{
	struct strlist seen = {NULL, 0};
	char *out = NULL, *flow;
	size_t i;

	for (i = 0; i < ids->count; i++) {
		flow = flow_phrase(r, record_need(r, ids->item[i]));
		if (strlist_has(&seen, flow))
			continue;
		strlist_add(r->judged, &seen, flow);
		if (seen.count > 8)
			continue;
		out = out == NULL ?
		    flow :
		    arena_printf(r->judged, "%s, %s", out, flow);
	}
	if (seen.count > 8)
		out = arena_printf(r->judged, _("%1$s and %2$zu more"), out,
		    seen.count - 8);
	return out;
}

static char *
names_text(struct record *r, const struct strlist *ids)
{
	struct strlist seen = {NULL, 0};
	char *out = NULL;
	size_t i, k;

	for (i = 0; i < ids->count; i++) {
		const struct need *n = record_need(r, ids->item[i]);

		for (k = 0; k < n->probes.count; k++) {
			const struct observation *o = record_observation(r,
			    n->probes.item[k]);
			const char *name = o == NULL ? NULL : o->host;

			if (name == NULL || strlist_has(&seen, name) ||
			    (o->failure == CAUSE_NONE &&
				strcmp(o->probe, "dns") != 0) ||
			    (strcmp(o->probe, "dns") == 0 &&
				evidence_name_cause(o) == CAUSE_NONE))
				continue;
			strlist_add(r->judged, &seen, name);
			if (seen.count > 6)
				continue;
			out = out == NULL ?
			    arena_strdup(r->judged, name) :
			    arena_printf(r->judged, "%s, %s", out, name);
		}
	}
	if (seen.count > 6)
		out = arena_printf(r->judged, _("%1$s and %2$zu more"), out,
		    seen.count - 6);
	return out != NULL ? out : flows_text(r, ids);
}

/* %1$s the flows or names, %2$s how many requirements, %3$s where. */
struct kind {
	enum cause cause;
	bool by_name;
	const char *text;
};

static const struct kind kinds[] = {
    {CAUSE_TCP_TIMEOUT, false, N_("%1$s (%2$s): this is dropped %3$s.")},
    {CAUSE_UDP_SILENT, false, N_("%1$s (%2$s): this is dropped %3$s.")},
    {CAUSE_TCP_RESET, false,
	N_("%1$s (%2$s): this is cut off by resets %3$s.")},
    {CAUSE_TCP_REFUSED, false, N_("%1$s (%2$s): this is refused %3$s.")},
    {CAUSE_ADMIN_PROHIBITED, false,
	N_("%1$s (%2$s): this is forbidden by a rule %3$s.")},
    {CAUSE_NET_UNREACHABLE, false,
	N_("%1$s (%2$s): this is rejected as unreachable %3$s.")},
    {CAUSE_HOST_UNREACHABLE, false,
	N_("%1$s (%2$s): this is rejected as unreachable %3$s.")},
    {CAUSE_NONE, false, N_("%1$s (%2$s): nothing came back.")},
    {CAUSE_DNS_TIMEOUT, false,
	N_("%1$s (%2$s): no DNS server answers; the questions are lost "
	   "%3$s.")},
    {CAUSE_DNS_NXDOMAIN, true,
	N_("The site's DNS server does not know %1$s (%2$s).")},
    {CAUSE_DNS_REWRITTEN, true,
	N_("The site's DNS server rewrites %1$s (%2$s).")},
    {CAUSE_DNS_SINKHOLE, true, N_("The site's DNS server blocks %1$s (%2$s).")},
    {CAUSE_NTP_INTERCEPTED, true,
	N_("Something answers in place of the time servers %1$s (%2$s) "
	   "%3$s.")},
    {CAUSE_SIP_ALG, false,
	N_("%1$s (%2$s): telephony messages are rewritten %3$s.")},
    {CAUSE_SERVICE_SILENT, false,
	N_("%1$s (%2$s): connections are accepted, but no answer comes.")},
    {CAUSE_SERVICE_UNAVAILABLE, false,
	N_("%1$s (%2$s): the server answers that it cannot serve.")},
    {CAUSE_NAT_SYMMETRIC, false,
	N_("%1$s (%2$s): each destination sees another port of the site.")},
    {CAUSE_DNS_DISAGREE, true,
	N_("The site's DNS server gives other addresses for %1$s (%2$s) than "
	   "the vendor's own.")},
    {CAUSE_DNS_TTL_STRETCHED, true,
	N_("The site's DNS server keeps %1$s (%2$s) for too long.")},
    {CAUSE_DNS_REBIND_FILTER, true,
	N_("The site's DNS server withholds the private addresses of %1$s "
	   "(%2$s).")},
    {CAUSE_DNS_INTERCEPTED, false,
	N_("%1$s (%2$s): something else answers in place of the DNS servers "
	   "that were asked, %3$s.")},
    {CAUSE_CAPTIVE_PORTAL, true,
	N_("A sign-in page answers in place of %1$s (%2$s), %3$s.")},
    {CAUSE_HTTP_BLOCKPAGE, true,
	N_("A page that is not the vendor's came for %1$s (%2$s), %3$s.")},
    {CAUSE_TLS_INTERCEPTED, true,
	N_("Secure connections to %1$s (%2$s) are opened and read "
	   "%3$s.")},
    {CAUSE_TLS_RESET_AFTER_HELLO, true,
	N_("Secure connections to %1$s (%2$s) are cut off %3$s as soon as "
	   "they begin.")},
    {CAUSE_TLS_UNTRUSTED, true,
	N_("The certificates of %1$s (%2$s) come from an unexpected "
	   "authority.")},
};

/* States of the network have each a sentence of its own; NULL where a flow is
 * among them. */
static char *
states_text(struct record *r, const struct strlist *ids)
{
	struct strlist seen = {NULL, 0};
	char *out = NULL;
	size_t i;

	for (i = 0; i < ids->count; i++) {
		const struct need *n = record_need(r, ids->item[i]);

		if (n->protocol != PROTO_NONE)
			return NULL;
		if (strlist_has(&seen, n->summary))
			continue;
		strlist_add(r->judged, &seen, n->summary);
		out = out == NULL ?
		    n->summary :
		    arena_printf(r->judged, "%s %s", out, n->summary);
	}
	return out;
}

static void
describe(struct record *r, struct diagnosis *d)
{
	const struct kind *k = NULL;
	const char *what, *where = zone_phrase(r, d->zone);
	char *many;
	size_t i;

	if (d->cause == CAUSE_CLOCK_SKEW) {
		d->summary = clock_diagnosis(r, d->zone);
		return;
	}
	d->summary = states_text(r, &d->explains);
	if (d->summary != NULL)
		return;
	many = arena_printf(r->judged,
	    P_("%zu requirement", "%zu requirements", d->explains.count),
	    d->explains.count);
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i].cause == d->cause)
			k = &kinds[i];
	}
	what = k != NULL && !k->by_name ? flows_text(r, &d->explains) :
					  names_text(r, &d->explains);
	if (k != NULL)
		d->summary = arena_printf(r->judged, _(k->text), what, many,
		    where);
	else
		d->summary = arena_printf(r->judged,
		    _("%1$s (%2$s): %3$s "
		      "%4$s."),
		    what, many, word_label(&words_cause, (int)d->cause), where);
}

static bool
has_port(const struct need *n, uint16_t port)
{
	size_t i;

	for (i = 0; i < n->ports.count; i++) {
		if (n->ports.range[i].low <= port &&
		    n->ports.range[i].high >= port)
			return true;
	}
	return false;
}

/* Passes through the same gateway at the same time show that the uplink and
 * the vendor's hosts are not at fault. */
static void
rule_out(struct record *r, struct diagnosis *d)
{
	size_t i, names = 0, web = 0, tls = 0;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!n->applies || n->outcome != OUTCOME_PASS)
			continue;
		names += strcmp(n->probe_type, "dns") == 0;
		if (n->direction != DIR_OUTBOUND || n->protocol != PROTO_TCP)
			continue;
		web += has_port(n, 443) || has_port(n, 80);
		tls += n->rung <= RUNG_TLS_EXPECTED && n->cause == CAUSE_NONE;
	}
	if (web > 0 && d->zone != ZONE_LAPTOP)
		strlist_add(r->judged, &d->ruled_out,
		    arena_printf(r->judged,
			_("The internet connection works: %zu flows on ports "
			  "80 and 443 passed at the same time."),
			web));
	if (names > 0 && d->zone != ZONE_LAPTOP)
		strlist_add(r->judged, &d->ruled_out,
		    arena_strdup(r->judged,
			_("The site's DNS server answers.")));
	if (tls > 0 &&
	    (d->cause == CAUSE_CLOCK_SKEW || d->cause == CAUSE_TLS_INTERCEPTED))
		strlist_add(r->judged, &d->ruled_out,
		    arena_printf(r->judged,
			_("Not all secure connections are affected: %zu passed "
			  "unchanged."),
			tls));
}

/* What could not be checked because of one of these will be, once mended. */
static void
add_clears(struct record *r, struct diagnosis *d)
{
	size_t i, k;

	for (i = 0; i < d->explains.count; i++)
		strlist_add(r->judged, &d->clears, d->explains.item[i]);
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		for (k = 0; k < n->blocked_by.count; k++) {
			if (strlist_has(&d->explains, n->blocked_by.item[k]) &&
			    !strlist_has(&d->clears, n->id))
				strlist_add(r->judged, &d->clears, n->id);
		}
	}
}

/* A portal hides names, names hide flows, a clock hides certificates: what
 * lies deeper is told first. */
static int
depth(enum cause c)
{
	static const enum cause order[] = {
	    CAUSE_NETWORK_CHANGED,
	    CAUSE_CAPTIVE_PORTAL,
	    CAUSE_DNS_TIMEOUT,
	    CAUSE_DNS_INTERCEPTED,
	    CAUSE_DNS_REWRITTEN,
	    CAUSE_DNS_SINKHOLE,
	    CAUSE_DNS_NXDOMAIN,
	    CAUSE_CLOCK_SKEW,
	    CAUSE_ADMIN_PROHIBITED,
	    CAUSE_TCP_TIMEOUT,
	    CAUSE_TCP_RESET,
	    CAUSE_UDP_SILENT,
	    CAUSE_TLS_INTERCEPTED,
	};
	int i, n = sizeof order / sizeof *order;

	for (i = 0; i < n && order[i] != c; i++)
		;
	return i;
}

static void
sort(struct record *r)
{
	size_t i, k;

	for (i = 1; i < r->ndiagnoses; i++) {
		struct diagnosis d = r->diagnoses[i];

		for (k = i;
		     k > 0 && depth(r->diagnoses[k - 1].cause) > depth(d.cause);
		     k--)
			r->diagnoses[k] = r->diagnoses[k - 1];
		r->diagnoses[k] = d;
	}
}

void
diagnose(struct record *r)
{
	struct diagnosis *d;
	size_t i;

	r->diagnoses = NULL;
	r->ndiagnoses = 0;
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!is_bad(n))
			continue;
		d = find(r, n);
		if (d == NULL)
			d = add(r, n);
		strlist_add(r->judged, &d->explains, n->id);
	}
	for (i = 0; i < r->ndiagnoses; i++) {
		describe(r, &r->diagnoses[i]);
		rule_out(r, &r->diagnoses[i]);
		add_clears(r, &r->diagnoses[i]);
	}
	sort(r);
}
