/* SPDX-License-Identifier: MIT */
/* What to do about a diagnosis: the installer, the IT desk, the customer. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/cause_words.h"
#include "core/judge/diagnosing.h"
#include "core/judge/standing.h"
#include "core/judge/sentences.h"

#define MAX_GRANTS 6
#define MAX_TARGETS 2
#define MAX_BREAKS 3

/* --- the installer --- */

/* What is cut on the way is opened by whoever keeps that place. */
static const char *const call[] = {
    [ZONE_NONE] = N_("Call the IT desk and hand over the firewall request; "
		     "the place is not known yet, and the firewall's own log "
		     "is where to look first."),
    [ZONE_LAPTOP] = N_("Mend it on this laptop, then check again."),
    [ZONE_LAN] = N_("Check that the device has power and a link, and that the "
		    "laptop is in its network; then ask the IT desk."),
    [ZONE_GATEWAY] = N_("Call the IT desk and hand over the firewall request; "
			"nothing on the laptop or the devices can mend this."),
    [ZONE_SITE_PERIMETER] = N_(
	"Call the IT desk and hand over the firewall request; nothing on "
	"the laptop or the devices can mend this."),
    [ZONE_BEYOND_SITE] = N_(
	"Call the IT desk: whoever runs the internet connection must let "
	"this through. The site's own gateway and the devices are not at "
	"fault."),
    [ZONE_VENDOR] = N_("Tell the vendor's support; nothing on the site can "
		       "mend this. Check again later."),
    [ZONE_UNDETERMINED] = N_(
	"Call the IT desk and hand over the firewall request; the place is "
	"not known yet, and the firewall's own log is where to look "
	"first."),
};

static const struct {
	enum cause cause;
	const char *installer;
} own_words[] = {
    {CAUSE_CAPTIVE_PORTAL,
	N_("Ask the IT desk for a network without a sign-in page for the "
	   "devices; signing in on the laptop helps only the laptop. Then "
	   "check again.")},
    {CAUSE_DNS_TIMEOUT,
	N_("Check the cable and the DHCP settings, then ask the IT desk which "
	   "DNS server the devices must use.")},
    {CAUSE_CLOCK_SKEW, N_("Set the clock of this laptop, then check again.")},
    {CAUSE_TLS_INTERCEPTED,
	N_("Call the IT desk and hand over the list of hosts; nothing on the "
	   "laptop or the devices can mend this.")},
    {CAUSE_PROXY_ONLY,
	N_("Call the IT desk: the devices need a way out without a proxy. "
	   "Then check again.")},
    {CAUSE_NETWORK_CHANGED,
	N_("Stay on one network, the one of the devices, and check again.")},
    {CAUSE_PERMISSION,
	N_("Allow sitewalk in this laptop's own firewall, then check "
	   "again.")},
};

static bool
is_cut_scope(const struct members *m)
{
	return m->h->scope == SCOPE_NO_UPLINK || m->h->scope == SCOPE_POLICY ||
	    m->h->scope == SCOPE_ALL_UDP || m->h->scope == SCOPE_UDP_ABOVE ||
	    m->h->scope == SCOPE_IPV6 ||
	    (m->h->scope >= SCOPE_PORTS && m->h->scope <= SCOPE_FLOWS);
}

static const char *
installer_words(const struct diagnosis *d, const struct members *m)
{
	const struct cause_words *w = cause_words(d->cause);
	size_t i;

	/* What the laptop's own place decided has words of its own. */
	if (standing_is_trouble(m->item[0]->need))
		return m->item[0]->need->advice_installer;
	if (m->h->scope == SCOPE_NO_UPLINK)
		return _("Check the cable and the plug of the router, then "
			 "call the IT desk or whoever runs the internet "
			 "connection.");
	if (is_cut_scope(m))
		return _(call[d->zone]);
	if (m->h->scope == SCOPE_LOCAL || m->h->scope == SCOPE_DEVICE)
		return _(call[ZONE_LAN]);
	for (i = 0; i < sizeof own_words / sizeof *own_words; i++) {
		if (own_words[i].cause == d->cause)
			return _(own_words[i].installer);
	}
	if (w != NULL)
		return _(w->installer);
	return _("Tell the IT desk what was seen, and check again once they "
		 "have looked.");
}

/* --- the IT desk --- */

/* One flow and where it goes to. */
struct grant {
	const char *flow;
	struct strlist to;
	bool needed;
};

static void
collect_grants(struct bench *b, const struct members *m, struct grant **out,
    size_t *count)
{
	struct grant *g;
	const char *flow;
	size_t i, k;

	for (i = 0; i < m->count; i++) {
		const struct need *n = m->item[i]->need;

		if (n->protocol > PROTO_ICMP)
			continue;
		flow = flow_phrase(b->r, n);
		for (k = 0; k < *count && strcmp((*out)[k].flow, flow) != 0;
		     k++)
			;
		if (k == *count) {
			g = arena_push(b->r->judged, *out, *count);
			memset(g, 0, sizeof *g);
			g->flow = flow;
		}
		g = &(*out)[k];
		g->needed = g->needed || n->strength == STRENGTH_REQUIRED;
		if (n->to.name != NULL && !strlist_has(&g->to, n->to.name))
			strlist_add(b->r->judged, &g->to, n->to.name);
	}
}

static char *
grant_text(struct arena *a, const struct grant *g)
{
	char *to = NULL;
	size_t i;

	for (i = 0; i < g->to.count && i < MAX_TARGETS; i++)
		to = to == NULL ? g->to.item[i] :
				  arena_printf(a, "%s, %s", to, g->to.item[i]);
	if (to == NULL)
		return arena_strdup(a, g->flow);
	if (g->to.count > MAX_TARGETS)
		to = arena_printf(a, _("%1$s and %2$zu more"), to,
		    g->to.count - MAX_TARGETS);
	return arena_printf(a, _("%1$s to %2$s"), g->flow, to);
}

/* "TCP port 5113 to connect.zencontrol.com; UDP port 123 to ..."; what a
 * product cannot do without comes first. */
static char *
grants_text(struct bench *b, const struct members *m)
{
	struct arena *a = b->r->judged;
	struct grant *g = NULL;
	size_t i, n = 0, told = 0;
	char *out = NULL;
	int pass;

	collect_grants(b, m, &g, &n);
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < n; i++) {
			if (g[i].needed != (pass == 0) || told == MAX_GRANTS)
				continue;
			told++;
			out = out == NULL ? grant_text(a, &g[i]) :
					    arena_printf(a, "%s; %s", out,
						grant_text(a, &g[i]));
		}
	}
	return n <= MAX_GRANTS ?
	    out :
	    arena_printf(a, _("%1$s; and %2$zu more"), out, n - MAX_GRANTS);
}

/* Who signs in place of the vendors, as the certificates say. */
static char *
authorities_text(struct bench *b, const struct members *m)
{
	struct arena *a = b->r->judged;
	struct strlist seen = {NULL, 0};
	const char *issuer;
	char *out = NULL;
	size_t i, k;

	for (i = 0; i < m->count; i++) {
		const struct need *n = m->item[i]->need;

		for (k = 0; k < n->probes.count; k++) {
			const struct observation *o = listed_observation(b->r,
			    n->probes.item[k]);

			issuer = detail_text(o, "top_issuer");
			if (issuer == NULL || o->failure == CAUSE_NONE ||
			    strlist_has(&seen, issuer) || seen.count == 3)
				continue;
			strlist_add(a, &seen, issuer);
			out = out == NULL ?
			    arena_strdup(a, issuer) :
			    arena_printf(a, "%s; %s", out, issuer);
		}
	}
	return out;
}

static char *
intercepted_words(struct bench *b, const struct members *m)
{
	size_t count;
	char *hosts = members_hosts(b, m, &count);
	char *issuer = authorities_text(b, m);

	return issuer == NULL ?
	    arena_printf(b->r->judged,
		_("Exempt from TLS inspection: %s. The devices know only the "
		  "vendor's certificates."),
		hosts) :
	    arena_printf(b->r->judged,
		_("Exempt from TLS inspection: %1$s. The certificates shown "
		  "are signed by \"%2$s\"; the devices know only the "
		  "vendor's."),
		hosts, issuer);
}

/* %s the hosts or names. */
static const struct {
	enum cause cause;
	const char *it;
} changes[] = {
    {CAUSE_DNS_NXDOMAIN,
	N_("Let the DNS server look these names up on the internet: %s.")},
    {CAUSE_DNS_SERVFAIL,
	N_("See in the DNS server's log why it fails for these names: %s.")},
    {CAUSE_DNS_REFUSED,
	N_("Allow the devices to ask the DNS server for these names: %s.")},
    {CAUSE_DNS_TIMEOUT,
	N_("Let the devices reach a DNS server, by UDP and TCP port 53, that "
	   "knows these names: %s.")},
    {CAUSE_DNS_REWRITTEN,
	N_("Take these names out of the rewriting of the DNS server: %s.")},
    {CAUSE_DNS_SINKHOLE,
	N_("Take these names off the DNS server's block list: %s.")},
    {CAUSE_DNS_DISAGREE,
	N_("Say whether these names are redirected on purpose; if not, stop "
	   "it: %s.")},
    {CAUSE_DNS_TTL_STRETCHED,
	N_("Switch off minimum cache times and stale answers on the DNS "
	   "server.")},
    {CAUSE_DNS_REBIND_FILTER,
	N_("Exempt these names from the protection against DNS rebinding: "
	   "%s.")},
    {CAUSE_DNS_INTERCEPTED,
	N_("Let DNS to these servers pass unchanged, UDP and TCP port 53: "
	   "%s.")},
    {CAUSE_NTP_INTERCEPTED,
	N_("Let NTP, UDP port 123, pass unchanged to these servers: %s.")},
    {CAUSE_CAPTIVE_PORTAL,
	N_("Give the devices a network without a sign-in page, or exempt "
	   "their MAC addresses from it; devices cannot sign in.")},
    {CAUSE_PROXY_ONLY, N_("Let the devices connect without a proxy to: %s.")},
    {CAUSE_HTTP_BLOCKPAGE,
	N_("Allow these web hosts, without a page in between: %s.")},
    {CAUSE_TLS_RESET_AFTER_HELLO,
	N_("Exempt these hosts from the filtering of TLS: %s.")},
    {CAUSE_TLS_UNTRUSTED,
	N_("Say whether secure connections to these hosts are inspected; if "
	   "so, exempt them: %s.")},
    {CAUSE_SIP_ALG,
	N_("Switch off the SIP helper (ALG) of the router or firewall.")},
    {CAUSE_NAT_SYMMETRIC,
	N_("Let the translation of addresses keep one port for all "
	   "destinations (endpoint-independent mapping).")},
    {CAUSE_NAT_IDLE_SHORT,
	N_("Keep idle TCP connections for longer than the devices are "
	   "silent, to: %s.")},
    {CAUSE_BROADCAST_LOST,
	N_("Let broadcasts pass between all machines in the network of the "
	   "devices: no isolation, and no filter on a switch or a Wi-Fi.")},
    {CAUSE_MULTICAST_LOST,
	N_("Let multicast pass in the network of the devices; where switches "
	   "snoop IGMP, one of them must be the querier.")},
    {CAUSE_CLOCK_SKEW, N_("Nothing: the network is not at fault.")},
};

/* Is it the site's own DNS server, by TCP alone? */
static bool
is_dns_by_tcp_alone(const struct members *m)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (m->item[i]->need->to.kind != DEST_RESOLVER ||
		    m->item[i]->need->protocol != PROTO_TCP)
			return false;
	}
	return true;
}

static char *
it_words(struct bench *b, const struct diagnosis *d, const struct members *m)
{
	struct arena *a = b->r->judged;
	size_t i, count;
	char *grants, *hosts;

	if (m->h->scope == SCOPE_INTERCEPTED)
		return intercepted_words(b, m);
	if (d->cause == CAUSE_DNS_NXDOMAIN && d->zone == ZONE_VENDOR)
		return arena_strdup(a,
		    _("Nothing: the name's own DNS server does not know it "
		      "either."));
	if (is_cut_scope(m) && d->zone == ZONE_VENDOR)
		return arena_strdup(a,
		    _("Nothing: the site lets this out, and the vendor's "
		      "server does not take it."));
	if (m->h->scope == SCOPE_LOCAL || m->h->scope == SCOPE_DEVICE)
		return arena_strdup(a,
		    _("Say which outlet or Wi-Fi is the network of the "
		      "devices, and let its machines reach each other: no "
		      "client isolation, no private VLAN between them."));
	if (m->h->scope == SCOPE_NO_UPLINK)
		return arena_strdup(a,
		    _("Connect the network of the devices to the internet, or "
		      "say why it is cut off."));
	if (is_dns_by_tcp_alone(m))
		return arena_strdup(a,
		    _("Let the site's DNS server answer by TCP port 53 as "
		      "well as by UDP."));
	grants = is_cut_scope(m) || d->cause == CAUSE_TCP_TIMEOUT ||
		d->cause == CAUSE_TCP_RESET ?
	    grants_text(b, m) :
	    NULL;
	if (grants != NULL && d->zone == ZONE_BEYOND_SITE)
		return arena_printf(a,
		    _("The site's gateway lets this out, and it is cut behind "
		      "it. Have it allowed there: %s."),
		    grants);
	if (grants != NULL)
		return arena_printf(a,
		    _("Allow from the devices: %s. Each is a row of the "
		      "firewall request, with its reason."),
		    grants);
	for (i = 0; i < sizeof changes / sizeof *changes; i++) {
		if (changes[i].cause != d->cause)
			continue;
		hosts = members_hosts(b, m, &count);
		if (count > 0 || strstr(changes[i].it, "%s") == NULL)
			return arena_printf(a, _(changes[i].it), hosts);
	}
	if (d->cause == CAUSE_NONE)
		return arena_printf(a, _("See to this: %s"),
		    m->item[0]->need->summary);
	if (d->cause == CAUSE_DNS_REWRITTEN)
		return arena_strdup(a,
		    _("Let the DNS server say so when there is no such name, "
		      "instead of leading to a page of its own."));
	return m->item[0]->need->advice_it;
}

/* --- the customer --- */

static int
weight(const struct need *n)
{
	int w = n->strength == STRENGTH_REQUIRED ? 4 : 0;

	w += n->outcome == OUTCOME_FAIL || n->outcome == OUTCOME_BLOCKED_BY ?
	    2 :
	    0;
	return w + (n->to.name != NULL);
}

/* The most important line of each product, in the order of the record; what
 * is only wished for where nothing more is at stake. */
static const struct need *
most_important(const struct bench *b, const struct diagnosis *d,
    const char *product)
{
	const struct need *best = NULL, *n;
	size_t i;

	for (i = 0; i < d->explains.count; i++) {
		n = record_need(b->r, d->explains.item[i]);
		if (n == NULL || strcmp(n->product, product) != 0 ||
		    n->breaks_customer == NULL || *n->breaks_customer == '\0')
			continue;
		if (best == NULL || weight(n) > weight(best))
			best = n;
	}
	return best;
}

static char *
customer_words(struct bench *b, const struct diagnosis *d)
{
	struct arena *a = b->r->judged;
	struct strlist products = {NULL, 0}, told = {NULL, 0};
	const struct need *n;
	char *out = arena_strdup(a, "");
	int pass;
	size_t i;

	for (i = 0; i < d->explains.count; i++) {
		n = record_need(b->r, d->explains.item[i]);
		if (n != NULL && !strlist_has(&products, n->product))
			strlist_add(a, &products, n->product);
	}
	/* First the products that cannot do without, then the others. */
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < products.count; i++) {
			n = most_important(b, d, products.item[i]);
			if (n == NULL || told.count == MAX_BREAKS ||
			    strlist_has(&told, n->breaks_customer) ||
			    (n->strength == STRENGTH_REQUIRED) != (pass == 0))
				continue;
			strlist_add(a, &told, n->breaks_customer);
			out = arena_printf(a, _("%1$s%2$s%3$s: %4$s"), out,
			    *out == '\0' ? "" : " ",
			    record_product_title(b->r, n->product),
			    n->breaks_customer);
		}
	}
	return out;
}

void
diagnosis_advise(struct bench *b, struct diagnosis *d, const struct members *m)
{
	d->advice_installer = arena_strdup(b->r->judged, installer_words(d, m));
	d->advice_it = it_words(b, d, m);
	d->advice_customer = customer_words(b, d);
}
