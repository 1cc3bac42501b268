/* SPDX-License-Identifier: MIT */
/* A diagnosis in one sentence: how many failures, what is cut or changed, and
 * where. */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/diagnosing.h"
#include "core/judge/sentences.h"
#include "core/judge/standing.h"

#define MAX_HOSTS 4

/* What became of a flow; and the same of several. */
static const char *
fate(enum cut how, bool several)
{
	static const char *const one[] = {
	    [CUT_NOT] = N_("is cut off"),
	    [CUT_DROP] = N_("is dropped without a word"),
	    [CUT_RESET] = N_("is cut off by a reset"),
	    [CUT_REFUSE] = N_("is refused"),
	    [CUT_REJECT] = N_("is rejected"),
	};
	static const char *const many[] = {
	    [CUT_NOT] = N_("are cut off"),
	    [CUT_DROP] = N_("are dropped without a word"),
	    [CUT_RESET] = N_("are cut off by resets"),
	    [CUT_REFUSE] = N_("are refused"),
	    [CUT_REJECT] = N_("are rejected"),
	};

	return _(several ? many[how] : one[how]);
}

/* "TCP ports 80 and 443", or NULL. */
static char *
heard_phrase(struct bench *b, const struct members *m, enum protocol protocol)
{
	bool through = m->h->zone != ZONE_GATEWAY;
	char *ports = heard_text(b, protocol, through);

	if (ports == NULL)
		return NULL;
	return arena_printf(b->r->judged,
	    heard_count(b, protocol, through) == 1 ? _("%1$s port %2$s") :
						     _("%1$s ports %2$s"),
	    word_label(&words_protocol, (int)protocol), ports);
}

/* "TCP ports 80 and 443, and UDP port 53"; NULL: nothing, or too much to be
 * named. */
static char *
allowed_text(struct bench *b, const struct members *m)
{
	char *tcp = heard_phrase(b, m, PROTO_TCP);
	char *udp = heard_phrase(b, m, PROTO_UDP);

	if (udp == NULL ||
	    heard_count(b, PROTO_UDP, m->h->zone != ZONE_GATEWAY) > MAX_HOSTS)
		return tcp;
	return tcp == NULL ?
	    udp :
	    arena_printf(b->r->judged, _("%1$s, and %2$s"), tcp, udp);
}

static char *
policy_text(struct bench *b, const struct members *m, const char *where)
{
	struct arena *a = b->r->judged;
	char *allowed = allowed_text(b, m);
	const char *end = fate(m->h->how, false);
	bool through = m->h->zone != ZONE_GATEWAY;

	if (allowed != NULL)
		return arena_printf(a,
		    _("nothing gets out but %1$s; all else %2$s %3$s."),
		    allowed, end, where);
	return heard_count(b, PROTO_UDP, through) > 0 ||
		heard_count(b, PROTO_ICMP, through) > 0 ?
	    arena_printf(a, _("no TCP gets out; all of it %1$s %2$s."), end,
		where) :
	    arena_printf(a,
		_("nothing that was tried gets out; all of it %1$s "
		  "%2$s."),
		end, where);
}

static char *
udp_text(struct bench *b, const struct members *m, const char *where)
{
	struct arena *a = b->r->judged;
	char *allowed = heard_text(b, PROTO_UDP, m->h->zone != ZONE_GATEWAY);
	struct port_range *range;

	if (m->h->scope == SCOPE_UDP_ABOVE &&
	    members_ports(b, m, PROTO_UDP, &range) > 0)
		return arena_printf(a,
		    _("UDP from port %1$u up %2$s %3$s, while lower ports "
		      "pass."),
		    range[0].low, fate(m->h->how, false), where);
	return allowed == NULL ?
	    arena_printf(a, _("no UDP gets out; all of it %1$s %2$s."),
		fate(m->h->how, false), where) :
	    arena_printf(a,
		_("of UDP nothing gets out but to port %1$s; all else %2$s "
		  "%3$s."),
		allowed, fate(m->h->how, false), where);
}

static char *
flows_text(struct bench *b, const struct members *m, const char *where)
{
	struct arena *a = b->r->judged;
	char *flows = members_flows(b, m);
	size_t count;
	char *hosts = members_hosts(b, m, &count);
	const char *end = fate(m->h->how, members_port_count(b, m) > 1);

	switch (m->h->scope) {
	case SCOPE_NO_UPLINK:
		return arena_strdup(a,
		    _("nothing beyond the site's gateway answered at all; "
		      "there is no way to the internet."));
	case SCOPE_POLICY:
		return policy_text(b, m, where);
	case SCOPE_ALL_UDP:
	case SCOPE_UDP_ABOVE:
		return udp_text(b, m, where);
	case SCOPE_IPV6:
		return arena_printf(a,
		    _("IPv6 does not work: what is sent by it (%1$s) %2$s "
		      "%3$s. IPv4 works."),
		    flows, fate(m->h->how, false), where);
	case SCOPE_PORTS:
		return count > 1 ?
		    arena_printf(a, _("%1$s %2$s %3$s, whatever the host."),
			flows, end, where) :
		    arena_printf(a, _("%1$s to %2$s %3$s %4$s."), flows, hosts,
			end, where);
	case SCOPE_HOST:
	case SCOPE_HOSTS:
		/* Of one port alone nobody speaks of everything. */
		if (members_port_count(b, m) == 1)
			return arena_printf(a, _("%1$s to %2$s %3$s %4$s."),
			    flows, hosts, end, where);
		return arena_printf(a,
		    _("everything that is sent to %1$s (%2$s) %3$s %4$s."),
		    hosts, flows, fate(m->h->how, false), where);
	default:
		return arena_printf(a, _("%1$s to %2$s %3$s %4$s."), flows,
		    hosts, end, where);
	}
}

/* What is told of each, in the order of its words: h the hosts, w where, f the
 * flows. */
static const struct {
	enum cause cause;
	const char *tells;
	const char *text;
} kinds[] = {
    {CAUSE_DNS_TIMEOUT, "hw",
	N_("no DNS server answers for %1$s; the questions are lost %2$s.")},
    {CAUSE_DNS_SERVFAIL, "h", N_("the site's DNS server cannot look up %s.")},
    {CAUSE_DNS_REFUSED, "h", N_("the DNS server refuses to answer for %s.")},
    {CAUSE_DNS_NXDOMAIN, "h", N_("the site's DNS server does not know %s.")},
    {CAUSE_DNS_REWRITTEN, "h",
	N_("the site's DNS server gives false addresses for %s.")},
    {CAUSE_DNS_SINKHOLE, "h", N_("the site's DNS server blocks %s.")},
    {CAUSE_DNS_DISAGREE, "h",
	N_("the site's DNS server gives other addresses for %s than the "
	   "vendor's own.")},
    {CAUSE_DNS_TTL_STRETCHED, "h",
	N_("the site's DNS server keeps names (%s) for too long.")},
    {CAUSE_DNS_REBIND_FILTER, "h",
	N_("the site's DNS server withholds the private addresses of %s.")},
    {CAUSE_DNS_INTERCEPTED, "hw",
	N_("something else answers in place of the DNS servers that were "
	   "asked (%1$s), %2$s.")},
    {CAUSE_NTP_INTERCEPTED, "hw",
	N_("something answers in place of the time servers (%1$s) %2$s.")},
    {CAUSE_CAPTIVE_PORTAL, "w",
	N_("a sign-in page stands before the internet, %s. Until somebody "
	   "signs in, nothing else gets out.")},
    {CAUSE_HTTP_BLOCKPAGE, "hw",
	N_("a page that is not the vendor's comes for %1$s, %2$s.")},
    {CAUSE_HTTP_STATUS, "h",
	N_("web servers answer with an unexpected status: %s.")},
    {CAUSE_PROXY_ONLY, "wf",
	N_("something takes the connections itself, %1$s, so that nothing is "
	   "known of what lies behind it (%2$s).")},
    {CAUSE_TLS_INTERCEPTED, "hw",
	N_("secure connections to %1$s are opened and read %2$s.")},
    {CAUSE_TLS_RESET_AFTER_HELLO, "hfw",
	N_("secure connections to %1$s (%2$s) are cut off %3$s as soon as "
	   "they begin.")},
    {CAUSE_TLS_UNTRUSTED, "h",
	N_("the certificates of %s come from an unexpected authority.")},
    {CAUSE_TLS_EXPIRED, "h", N_("the certificates of %s have expired.")},
    {CAUSE_TLS_NOT_YET_VALID, "h",
	N_("the certificates of %s are not valid yet.")},
    {CAUSE_TLS_NAME_MISMATCH, "h",
	N_("the servers that answer for %s have certificates for another "
	   "name.")},
    {CAUSE_TLS_PROTOCOL, "h",
	N_("no secure connection to %s could be agreed on.")},
    {CAUSE_SIP_ALG, "hw", N_("telephony messages to %1$s are rewritten %2$s.")},
    {CAUSE_SERVICE_SILENT, "hfw",
	N_("connections to %1$s (%2$s) are accepted %3$s, but no answer "
	   "comes.")},
    {CAUSE_SERVICE_UNAVAILABLE, "h",
	N_("this answers, but says that it cannot serve: %s.")},
    {CAUSE_TCP_TIMEOUT, "hfw",
	N_("connections to %1$s (%2$s) come up, but then not a word gets "
	   "through, %3$s.")},
    {CAUSE_TCP_RESET, "hfw",
	N_("connections to %1$s (%2$s) come up and are then torn down, "
	   "%3$s.")},
    {CAUSE_NAT_SYMMETRIC, "h",
	N_("each destination sees another port of the site (%s).")},
    {CAUSE_NAT_IDLE_SHORT, "h",
	N_("the network forgets idle connections to %s too soon.")},
    {CAUSE_MTU_BLACKHOLE, "hw", N_("large packets to %1$s get lost %2$s.")},
    {CAUSE_BROADCAST_LOST, "h",
	N_("broadcasts get lost in the local network: devices answer at their "
	   "own addresses, but are not found by a search (%s).")},
    {CAUSE_MULTICAST_LOST, "h",
	N_("multicast gets lost in the local network: devices answer this "
	   "laptop alone, but what they send to a group (%s) does not reach "
	   "it.")},
    {CAUSE_NETWORK_CHANGED, "",
	N_("the network changed while the checks ran.")},
    {CAUSE_PERMISSION, "f",
	N_("this laptop's own firewall keeps the checks from sending "
	   "(%s).")},
};

/* The same, or the same with more behind it. */
static bool
is_told(const struct strlist *seen, const char *summary)
{
	size_t i, len;

	for (i = 0; i < seen->count; i++) {
		len = strlen(seen->item[i]);
		if (len > strlen(summary))
			len = strlen(summary);
		if (strncmp(seen->item[i], summary, len) == 0)
			return true;
	}
	return false;
}

/* States of the network have each a sentence of their own. */
static char *
states_text(struct bench *b, const struct members *m)
{
	struct arena *a = b->r->judged;
	struct strlist seen = {NULL, 0};
	char *out = NULL;
	size_t i;

	for (i = 0; i < m->count; i++) {
		char *summary = m->item[i]->need->summary;

		if (is_told(&seen, summary) || seen.count == 2 ||
		    (m->item[i]->need->outcome == OUTCOME_BLOCKED_BY &&
			m->blocked < m->count))
			continue;
		strlist_add(a, &seen, summary);
		out = out == NULL ? summary :
				    arena_printf(a, "%s %s", out, summary);
	}
	return out;
}

static char *
local_text(struct bench *b, const struct members *m)
{
	struct arena *a = b->r->judged;
	size_t count;
	char *hosts = members_hosts(b, m, &count);

	return m->h->scope == SCOPE_LOCAL && count > 1 ?
	    arena_printf(a,
		_("no device of the local network can be reached (%s). Either "
		  "this network keeps its devices apart, or the laptop is not "
		  "in their network, or they are off."),
		hosts) :
	    arena_printf(a,
		_("the device %1$s (%2$s) cannot be reached in the local "
		  "network."),
		hosts, members_flows(b, m));
}

static bool
is_state(const struct members *m)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (m->item[i]->need->protocol != PROTO_NONE)
			return false;
	}
	return true;
}

/* The site's own DNS server, by the protocol for long answers. */
static bool
is_dns_by_tcp(const struct bench *b, const struct members *m)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (m->item[i]->need->to.kind != DEST_RESOLVER ||
		    m->item[i]->need->protocol != PROTO_TCP ||
		    (m->h->cause != CAUSE_TCP_REFUSED &&
			m->h->cause != CAUSE_TCP_RESET &&
			m->h->cause != CAUSE_TCP_TIMEOUT &&
			m->h->cause != CAUSE_DNS_TIMEOUT))
			return false;
	}
	return b->name_answered;
}

static char *
alike_text(struct bench *b, const struct members *m, const char *where)
{
	const char *part[3] = {"", "", ""}, *tells;
	size_t i, k, count;

	if (m->h->scope == SCOPE_CLOCK ||
	    (m->h->scope == SCOPE_ALIKE && is_state(m)))
		return states_text(b, m);
	if (is_dns_by_tcp(b, m))
		return arena_printf(b->r->judged,
		    _("the site's DNS server answers questions by UDP, but "
		      "takes none by TCP port 53, %s."),
		    where);
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i].cause == m->h->cause)
			break;
	}
	members_hosts(b, m, &count);
	/* Its own sentence tells what is the matter with no name at all. */
	if (i == sizeof kinds / sizeof *kinds ||
	    (m->h->scope == SCOPE_NAMES && count == 0))
		return states_text(b, m);
	tells = kinds[i].tells;
	for (k = 0; tells[k] != '\0' && k < 3; k++)
		part[k] = tells[k] == 'h' ? members_hosts(b, m, &count) :
		    tells[k] == 'w'       ? where :
					    members_flows(b, m);
	return arena_printf(b->r->judged, _(kinds[i].text), part[0], part[1],
	    part[2]);
}

void
diagnosis_describe(struct bench *b, struct diagnosis *d,
    const struct members *m)
{
	const char *where = m->h->how == CUT_DROP || m->h->how == CUT_RESET ?
	    zone_phrase_cut(b->r, d->zone) :
	    zone_phrase(b->r, d->zone);
	struct members told = *m;
	struct hypothesis h = *m->h;
	char *text;

	h.cause = d->cause;
	told.h = &h;
	if (standing_is_trouble(m->item[0]->need))
		text = states_text(b, m);
	else if (h.scope == SCOPE_CLOCK && d->zone == ZONE_LAPTOP)
		text = clock_diagnosis(b->r, d->zone);
	else if (h.scope == SCOPE_NO_UPLINK ||
	    (h.scope >= SCOPE_POLICY && h.scope <= SCOPE_FLOWS &&
		h.scope != SCOPE_PROXY))
		text = flows_text(b, &told, where);
	else if (h.scope == SCOPE_LOCAL || h.scope == SCOPE_DEVICE)
		text = local_text(b, &told);
	else
		text = alike_text(b, &told, where);
	d->summary = arena_printf(b->r->judged, _("%1$s: %2$s"),
	    members_count_text(b, m), text);
}
