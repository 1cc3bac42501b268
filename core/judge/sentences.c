/* SPDX-License-Identifier: MIT */
/* Judgements in words: what was seen, and what installer, IT desk and
 * customer should do or know. One row of a table for each cause. */
#include "core/judge/sentences.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/range_words.h"

/* %1$s is the flow or name it is about, %2$s the place in words. */
struct cause_words {
	enum cause cause;
	const char *seen;
	const char *installer;
};

static const struct cause_words words[] = {
    {CAUSE_DNS_NXDOMAIN,
	N_("The site's DNS server says that there is no name %1$s."),
	N_("Ask the IT desk to let this name through; if it is missing "
	   "elsewhere too, ask the vendor.")},
    {CAUSE_DNS_SERVFAIL, N_("The site's DNS server could not look up %1$s."),
	N_("Ask the IT desk why the DNS server fails for this name.")},
    {CAUSE_DNS_REFUSED, N_("The DNS server refused to answer for %1$s."),
	N_("Ask the IT desk to allow this name on the DNS server.")},
    {CAUSE_DNS_TIMEOUT, N_("No DNS server answered for %1$s."),
	N_("Check the cable and the DHCP settings, then ask the IT desk "
	   "which DNS server the devices must use.")},
    {CAUSE_DNS_REWRITTEN,
	N_("The site's DNS server gives %1$s an address of a private "
	   "network, which is not the vendor's."),
	N_("Ask the IT desk to stop rewriting this name.")},
    {CAUSE_DNS_SINKHOLE,
	N_("The site's DNS server sends %1$s to nowhere on purpose."),
	N_("Ask the IT desk to take this name off the block list.")},
    {CAUSE_DNS_DISAGREE,
	N_("The site's DNS server gives %1$s an address that neither the "
	   "vendor's own DNS servers nor the vendor's document know."),
	N_("Ask the IT desk whether this name is redirected; if it is not, "
	   "ask the vendor whether the addresses have changed.")},
    {CAUSE_DNS_TTL_STRETCHED,
	N_("The site's DNS server keeps %1$s for longer than its owner "
	   "allows, so that devices may be led to a server that is gone."),
	N_("Ask the IT desk to switch off minimum cache times and stale "
	   "answers on the DNS server.")},
    {CAUSE_DNS_REBIND_FILTER,
	N_("The site's DNS server withholds the private address that belongs "
	   "to %1$s: its protection against DNS rebinding removes it."),
	N_("Ask the IT desk to exempt this domain from DNS rebinding "
	   "protection.")},
    {CAUSE_DNS_INTERCEPTED,
	N_("Something on the way answered in place of the DNS server "
	   "%1$s."),
	N_("Ask the IT desk to let DNS to this server pass "
	   "unchanged.")},
    {CAUSE_TCP_REFUSED, N_("The connection to %1$s was refused %2$s."),
	N_("If the host itself refuses, ask the vendor; otherwise ask "
	   "the IT desk to allow it.")},
    {CAUSE_TCP_RESET, N_("The connection to %1$s was cut off by a reset %2$s."),
	N_("Ask the IT desk to allow this connection.")},
    {CAUSE_TCP_TIMEOUT,
	N_("Nothing came back from %1$s in several attempts; it is "
	   "dropped %2$s."),
	N_("Ask the IT desk to allow this connection.")},
    {CAUSE_NET_UNREACHABLE,
	N_("The network of %1$s was reported as unreachable %2$s."),
	N_("Ask the IT desk to allow this connection.")},
    {CAUSE_HOST_UNREACHABLE,
	N_("The host %1$s was reported as unreachable %2$s."),
	N_("Check the address and whether the device has power and a "
	   "link; on the internet side ask the IT desk.")},
    {CAUSE_ADMIN_PROHIBITED, N_("A firewall rule forbids %1$s %2$s."),
	N_("Ask the IT desk to allow this connection.")},
    {CAUSE_TLS_EXPIRED, N_("The certificate of %1$s has expired."),
	N_("Tell the vendor; nothing on the site can mend this.")},
    {CAUSE_TLS_NOT_YET_VALID, N_("The certificate of %1$s is not valid yet."),
	N_("Tell the vendor; nothing on the site can mend this.")},
    {CAUSE_TLS_NAME_MISMATCH,
	N_("The server that answered for %1$s has a certificate for "
	   "another name."),
	N_("Ask the IT desk whether the connection is redirected.")},
    {CAUSE_TLS_INTERCEPTED,
	N_("The secure connection to %1$s is opened and read by a "
	   "device %2$s, which the product will not accept."),
	N_("Ask the IT desk to exempt this host from TLS "
	   "inspection.")},
    {CAUSE_TLS_UNTRUSTED,
	N_("The certificate of %1$s does not come from the expected "
	   "authority."),
	N_("Ask the IT desk whether secure connections are "
	   "inspected.")},
    {CAUSE_TLS_PROTOCOL, N_("No secure connection to %1$s could be agreed on."),
	N_("Ask the IT desk whether secure connections are inspected or "
	   "limited.")},
    {CAUSE_TLS_RESET_AFTER_HELLO,
	N_("The connection to %1$s is cut off as soon as a secure "
	   "connection begins."),
	N_("Ask the IT desk to exempt this host from TLS filtering.")},
    {CAUSE_ALPN_MISSING,
	N_("The server %1$s did not agree to the protocol that the "
	   "product needs inside the secure connection."),
	N_("Ask the IT desk whether a proxy stands in between.")},
    {CAUSE_WRONG_PROTOCOL,
	N_("Something answered for %1$s, but not in the protocol "
	   "expected."),
	N_("Ask the IT desk whether the connection is redirected.")},
    {CAUSE_HTTP_BLOCKPAGE,
	N_("A page came back for %1$s, but not the vendor's."),
	N_("Ask the IT desk to allow this web host.")},
    {CAUSE_HTTP_STATUS,
	N_("The web server for %1$s answered with an unexpected "
	   "status."),
	N_("Ask the IT desk to allow this web host; if they do, ask the "
	   "vendor.")},
    {CAUSE_CAPTIVE_PORTAL, N_("A sign-in page answers in place of %1$s."),
	N_("Ask the IT desk for a network without a sign-in page for the "
	   "devices.")},
    {CAUSE_PROXY_ONLY,
	N_("Something %2$s takes every connection to %1$s itself."),
	N_("Ask the IT desk to let the devices through without a "
	   "proxy.")},
    {CAUSE_CLOCK_SKEW,
	N_("The time server %1$s answers, but its time and this "
	   "laptop's differ."),
	N_("Set the clock of this laptop, then check again.")},
    {CAUSE_NTP_UNSYNCHRONISED,
	N_("The time server %1$s answers, but it does not know the time "
	   "itself."),
	N_("Ask the IT desk or the vendor about this time server.")},
    {CAUSE_NTP_INTERCEPTED,
	N_("Something %2$s answers in place of the time server %1$s."),
	N_("Ask the IT desk to let time (NTP) pass to this server "
	   "unchanged.")},
    {CAUSE_SIP_ALG,
	N_("Something %2$s rewrites telephony messages (SIP) to and from "
	   "%1$s."),
	N_("Ask the IT desk to switch off the SIP helper (ALG) of the "
	   "router or firewall.")},
    {CAUSE_SERVICE_SILENT,
	N_("%1$s accepts the connection, but then does not answer in its "
	   "own protocol."),
	N_("Ask the IT desk whether a filter holds this traffic back; if "
	   "not, ask the vendor.")},
    {CAUSE_SERVICE_UNAVAILABLE,
	N_("The server %1$s answers, but says that it cannot serve at the "
	   "moment."),
	N_("Try again later; if it stays so, ask the vendor.")},
    {CAUSE_NAT_SYMMETRIC,
	N_("The server %1$s answers, but the router gives the same "
	   "traffic another port for each destination, so calls from "
	   "outside may fail."),
	N_("Ask the IT desk for a translation of addresses that keeps the "
	   "port the same for all destinations.")},
    {CAUSE_UDP_SILENT,
	N_("Nothing came back from %1$s in several attempts; it is "
	   "dropped %2$s."),
	N_("Ask the IT desk to allow this traffic.")},
    {CAUSE_BROADCAST_LOST,
	N_("The device answers at its own address, but a broadcast does not "
	   "reach it: %1$s."),
	N_("Plug the laptop into the network of the devices; if it is there, "
	   "ask the IT desk to let broadcasts pass inside of this network.")},
    {CAUSE_MULTICAST_LOST,
	N_("Devices answer this laptop alone, but what they send to a "
	   "multicast group does not reach it: %1$s."),
	N_("Ask the IT desk to let multicast pass in this network: on a Wi-Fi "
	   "it may be filtered, on a switch IGMP snooping needs a querier.")},
    {CAUSE_WRONG_INTERFACE,
	N_("The answer came on another network adapter of this laptop than "
	   "the one that the checks stand on: %1$s."),
	N_("Unplug or switch off the other network adapter, or choose the one "
	   "of the devices' network, and check again.")},
    {CAUSE_NAT_IDLE_SHORT,
	N_("The network forgets a connection to %1$s on which nothing was "
	   "said for a while."),
	N_("Ask the IT desk to keep idle connections for longer, or set a "
	   "shorter interval in the device.")},
    {CAUSE_GATEWAY_SILENT, N_("The gateway does not answer pings."),
	N_("Ask the IT desk to let the gateway answer pings from the "
	   "devices.")},
    {CAUSE_NO_DHCP,
	N_("No DHCP server offered an address, though it was asked several "
	   "times."),
	N_("Check that this is the outlet and the network of the devices, "
	   "then ask the IT desk to hand out addresses by DHCP there.")},
    {CAUSE_WIFI_STANDARD, N_("The Wi-Fi does not offer 802.11g."),
	N_("Ask the IT desk for a Wi-Fi on 2.4 GHz with the data rates of "
	   "802.11g.")},
    {CAUSE_WIFI_CHANNEL,
	N_("The Wi-Fi is not on a channel that the devices can hear."),
	N_("Ask the IT desk to keep the Wi-Fi of the devices on channels 1 "
	   "to 11.")},
    {CAUSE_WIFI_SECURITY,
	N_("The Wi-Fi is not secured in the way that the devices know."),
	N_("Ask the IT desk for a Wi-Fi with WPA2 personal, which is a "
	   "password, for the devices.")},
    {CAUSE_PERMISSION, N_("This laptop did not allow the check of %1$s."),
	N_("Run the check from a laptop where it is allowed.")},
    {CAUSE_CANCELLED, N_("The check of %1$s was cancelled."),
	N_("Run it again.")},
    {CAUSE_NETWORK_CHANGED,
	N_("The network changed while %1$s was being checked."),
	N_("Run it again and stay on one network.")},
};

static const struct cause_words *
words_of(enum cause cause)
{
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		if (words[i].cause == cause)
			return &words[i];
	}
	return NULL;
}

const char *
zone_phrase(const struct record *r, enum zone zone)
{
	static const char *const phrase[] = {
	    [ZONE_NONE] = N_("on the way"),
	    [ZONE_LAPTOP] = N_("on this laptop"),
	    [ZONE_LAN] = N_("in the local network"),
	    [ZONE_GATEWAY] = N_("at the site's gateway"),
	    [ZONE_SITE_PERIMETER] = N_("at the edge of the site"),
	    [ZONE_BEYOND_SITE] = N_("behind the site's gateway"),
	    [ZONE_VENDOR] = N_("at the vendor's server"),
	    [ZONE_UNDETERMINED] = N_("somewhere on the way"),
	};

	if (zone == ZONE_GATEWAY && r->vantage.gateway != NULL)
		return arena_printf(r->judged,
		    _("at the site's gateway "
		      "(%s)"),
		    r->vantage.gateway);
	return _(phrase[zone]);
}

char *
flow_phrase(struct record *r, const struct need *n)
{
	const char *proto = word_label(&words_protocol, (int)n->protocol);
	char *ports;

	if (n->protocol == PROTO_ICMP)
		return arena_strdup(r->judged, _("ping (ICMP)"));
	/* What is no flow is called what it is. */
	if (n->protocol == PROTO_NONE && n->application != NULL)
		return arena_strdup(r->judged, n->application);
	if (n->ports.count == 0)
		return arena_strdup(r->judged, proto);
	ports = ports_text(r->judged, &n->ports);
	if (n->ports.count == 1 &&
	    n->ports.range[0].low == n->ports.range[0].high)
		return arena_printf(r->judged, _("%1$s port %2$s"), proto,
		    ports);
	return arena_printf(r->judged, _("%1$s ports %2$s"), proto, ports);
}

/* A name is looked up, whatever port it is for. */
static bool
is_about_name(enum cause cause)
{
	static const enum cause names[] = {
	    CAUSE_DNS_NXDOMAIN,
	    CAUSE_DNS_SERVFAIL,
	    CAUSE_DNS_REFUSED,
	    CAUSE_DNS_TIMEOUT,
	    CAUSE_DNS_REWRITTEN,
	    CAUSE_DNS_SINKHOLE,
	    CAUSE_DNS_DISAGREE,
	    CAUSE_DNS_TTL_STRETCHED,
	    CAUSE_DNS_REBIND_FILTER,
	};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i] == cause)
			return true;
	}
	return false;
}

/* "connect.zencontrol.com, TCP port 5113" */
static char *
about_phrase(struct record *r, const struct need *n, const struct verdict *v)
{
	const char *name = v->about;

	if (name == NULL)
		name = n->to.name;
	if (name == NULL)
		return flow_phrase(r, n);
	if (n->to.kind == DEST_RESOLVER || n->ports.count == 0 ||
	    is_about_name(v->cause))
		return arena_strdup(r->judged, name);
	return arena_printf(r->judged, _("%1$s (%2$s)"), name,
	    flow_phrase(r, n));
}

static char *
proof_sentence(struct record *r, const struct need *n, const struct verdict *v)
{
	static const char *const proof[] = {
	    [RUNG_APP_REPLY] = N_("It answered in its own protocol: "
				  "%s."),
	    [RUNG_TLS_EXPECTED] = N_(
		"A secure connection was made and "
		"the certificate is the expected one: %s."),
	    [RUNG_TLS_OTHER] = N_("A secure connection was made: %s."),
	    [RUNG_TRANSPORT] = N_("The connection was accepted: %s."),
	    [RUNG_PASSED_GATEWAY] = N_("The site's gateway lets it out: "
				       "%s."),
	};

	if (range_is_sampled(n) && v->rung <= RUNG_PASSED_GATEWAY)
		return range_proof(r, n, v, about_phrase(r, n, v));
	if (v->rung == RUNG_PASSED_GATEWAY && n->nspecs > 1)
		return arena_printf(r->judged,
		    _("The site's gateway lets out all %1$zu ports that were "
		      "tried of %2$s."),
		    n->nspecs, about_phrase(r, n, v));
	if (v->rung > RUNG_PASSED_GATEWAY)
		return arena_strdup(r->judged, _("It works."));
	return arena_printf(r->judged, _(proof[v->rung]),
	    about_phrase(r, n, v));
}

static char *
unproven_sentence(struct record *r, const struct need *n,
    const struct verdict *v)
{
	if (v->cause == CAUSE_TCP_REFUSED)
		return arena_printf(r->judged,
		    _("The network lets it "
		      "through, but nothing listens there: %s."),
		    about_phrase(r, n, v));
	if (v->rung == RUNG_TRANSPORT)
		return arena_printf(r->judged,
		    _("The connection was "
		      "accepted, but nothing that came back shows that the "
		      "right service is there: %s."),
		    about_phrase(r, n, v));
	if (v->rung == RUNG_PASSED_GATEWAY)
		return arena_printf(r->judged,
		    _("The site's gateway lets it "
		      "out, but the service itself did not answer: %s."),
		    about_phrase(r, n, v));
	return arena_printf(r->judged,
	    _("It cannot be decided from here "
	      "whether this works: %s."),
	    about_phrase(r, n, v));
}

/* "40 days", "3 minutes", in the unit that a person would use. */
static char *
span_text(struct record *r, int64_t us)
{
	unsigned long s = (unsigned long)(llabs(us) / 1000000);

	if (s >= 2 * 86400)
		return arena_printf(r->judged,
		    P_("%lu day", "%lu days", s / 86400), s / 86400);
	if (s >= 120)
		return arena_printf(r->judged,
		    P_("%lu minute", "%lu minutes", s / 60), s / 60);
	return arena_printf(r->judged, P_("%lu second", "%lu seconds", s), s);
}

static char *
clock_sentence(struct record *r, const struct verdict *v)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);

	if (v->zone != ZONE_LAPTOP)
		return arena_printf(r->judged,
		    _("The time server %1$s "
		      "answers; its time and this laptop's differ by %2$s, and "
		      "nothing else tells which is right."),
		    v->about, span_text(r, offset));
	return arena_printf(r->judged,
	    offset < 0 ?
		_("The time server %1$s answers; the clock of this laptop is "
		  "%2$s fast.") :
		_("The time server %1$s answers; the clock of "
		  "this laptop is %2$s slow."),
	    v->about, span_text(r, offset));
}

char *
clock_diagnosis(struct record *r, enum zone zone)
{
	size_t witnesses;
	int64_t offset = evidence_clock_offset_us(r, &witnesses);
	char *span = span_text(r, offset);

	if (zone != ZONE_LAPTOP)
		return arena_printf(r->judged,
		    _("The time servers and the "
		      "clock of this laptop differ by %s."),
		    span);
	return arena_printf(r->judged,
	    offset < 0 ? _("The clock of this laptop is %s fast.") :
			 _("The clock of this laptop is %s slow."),
	    span);
}

static char *
failure_sentence(struct record *r, const struct need *n,
    const struct verdict *v)
{
	const struct cause_words *w = words_of(v->cause);

	if (v->cause == CAUSE_CLOCK_SKEW)
		return clock_sentence(r, v);
	if (w == NULL && v->rung == RUNG_SILENCE)
		return arena_printf(r->judged,
		    _("Nothing came back from %s "
		      "in several attempts."),
		    about_phrase(r, n, v));
	if (w == NULL)
		return arena_printf(r->judged, _("It does not work: %s."),
		    about_phrase(r, n, v));
	return arena_printf(r->judged, _(w->seen), about_phrase(r, n, v),
	    zone_phrase(r, v->zone));
}

static char *
summary_of(struct record *r, const struct need *n, const struct verdict *v)
{
	if (v->say != NULL)
		return arena_strdup(r->judged, v->say);
	switch (v->outcome) {
	case OUTCOME_NOT_APPLICABLE:
		return arena_strdup(r->judged,
		    _("It does not apply to this "
		      "site, by the answers given."));
	case OUTCOME_NOT_RUN:
		return v->cause == CAUSE_NONE ?
		    arena_strdup(r->judged, _("It has not been checked yet.")) :
		    failure_sentence(r, n, v);
	case OUTCOME_PASS:
		return proof_sentence(r, n, v);
	case OUTCOME_UNPROVEN:
		return v->cause == CAUSE_NONE ||
			v->cause == CAUSE_TCP_REFUSED ||
			v->cause == CAUSE_UDP_SILENT ||
			v->cause == CAUSE_TCP_TIMEOUT ?
		    unproven_sentence(r, n, v) :
		    failure_sentence(r, n, v);
	case OUTCOME_MARGINAL:
		return arena_printf(r->judged,
		    _("Some of the addresses "
		      "behind the name work, but not all. %s"),
		    failure_sentence(r, n, v));
	case OUTCOME_BLOCKED_BY:
		return arena_printf(r->judged,
		    _("It could not be checked, "
		      "because the name does not lead to the vendor. %s"),
		    failure_sentence(r, n, v));
	default:
		return failure_sentence(r, n, v);
	}
}

static bool
wants_advice(const struct need *n)
{
	return n->outcome == OUTCOME_FAIL || n->outcome == OUTCOME_WARN ||
	    n->outcome == OUTCOME_MARGINAL ||
	    n->outcome == OUTCOME_BLOCKED_BY || n->outcome == OUTCOME_UNPROVEN;
}

/* What the IT desk must do: the pack's words, or the row itself. */
static char *
it_advice(struct record *r, const struct need *n)
{
	char *grant = n->grant;

	if (grant == NULL && n->direction == DIR_OUTBOUND && n->to.name != NULL)
		grant = arena_printf(r->judged,
		    _("Allow %1$s from the "
		      "devices to %2$s."),
		    flow_phrase(r, n), n->to.name);
	if (grant == NULL)
		grant = arena_strdup(r->judged, "");
	if (n->cause != CAUSE_TLS_INTERCEPTED)
		return grant;
	return arena_printf(r->judged,
	    _("Exempt this host from TLS "
	      "inspection. %s"),
	    grant);
}

void
sentences_fill(struct record *r, struct need *n, const struct verdict *v)
{
	const struct cause_words *w = words_of(v->cause);

	n->summary = summary_of(r, n, v);
	if (wants_advice(n) && n->outcome != OUTCOME_BLOCKED_BY &&
	    range_is_sampled(n))
		n->summary = arena_printf(r->judged, "%s %s", n->summary,
		    range_rest(r, n));
	n->advice_installer = n->advice_it = n->advice_customer =
	    arena_strdup(r->judged, "");
	if (!wants_advice(n))
		return;
	if (w != NULL)
		n->advice_installer = arena_strdup(r->judged, _(w->installer));
	n->advice_it = it_advice(r, n);
	if (n->outcome != OUTCOME_UNPROVEN && n->breaks_customer != NULL)
		n->advice_customer = n->breaks_customer;
}
