/* SPDX-License-Identifier: MIT */
/* What the answers of DNS servers mean. */
#include "core/judge/judges.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/judge/canary.h"

/* Outcomes that the words for their cause do not tell well enough. */
static const struct {
	const char *probe;
	enum outcome outcome;
	const char *why; /* the detail's word, or NULL for any */
	const char *text;
} sayings[] = {
    {"captive_portal", OUTCOME_PASS, NULL,
	N_("The product's own hosts answered as themselves, so no sign-in "
	   "page stands before them.")},
    {"captive_portal", OUTCOME_UNPROVEN, NULL,
	N_("None of the product's own hosts answered as itself, so it is not "
	   "known whether a sign-in page stands before them.")},
    {"captive_portal", OUTCOME_NOT_RUN, NULL,
	N_("No host of the product is known that could be asked for a page.")},
    {"dns_redirect", OUTCOME_PASS, NULL,
	N_("A DNS question to an address without a DNS server left the site "
	   "as it was, and nobody else answered it.")},
    {"dns_redirect", OUTCOME_UNPROVEN, NULL,
	N_("Nobody answered in place of a DNS server, but whether DNS "
	   "questions leave the site is not known.")},
    {"dns_honesty", OUTCOME_WARN, NULL,
	N_("The site's DNS server does not say that a name does not exist: "
	   "it invents an address, or stays silent.")},
    {"dns_rebind", OUTCOME_PASS, NULL,
	N_("The site's DNS server gives the private address that the name "
	   "stands for.")},
    {"dns_rebind", OUTCOME_UNPROVEN, "not_in_zone",
	N_("The site's DNS server gives no private address for the name, but "
	   "neither does the vendor's.")},
    {"dns_rebind", OUTCOME_UNPROVEN, "authority_near",
	N_("The site's DNS server gives no private address for the name, and "
	   "names a server inside of this site for it, which was not "
	   "asked.")},
    {"dns_rebind", OUTCOME_UNPROVEN, NULL,
	N_("The site's DNS server gives no private address for the name, and "
	   "the vendor's could not be asked directly.")},
    {"dns_rebind", OUTCOME_NOT_RUN, NULL,
	N_("The laptop has no private address here, so there is no name to "
	   "ask for.")},
    {"dns_ttl", OUTCOME_PASS, NULL,
	N_("The site's DNS server keeps names no longer than their time to "
	   "live allows.")},
    {"dns_ttl", OUTCOME_UNPROVEN, "authority_unknown",
	N_("How long a name may be kept is not known, because the site's DNS "
	   "server does not tell which server holds it.")},
    {"dns_ttl", OUTCOME_UNPROVEN, "authority_silent",
	N_("How long a name may be kept is not known, because the server "
	   "that holds it could not be asked directly.")},
    {"dns_ttl", OUTCOME_UNPROVEN, "authority_near",
	N_("How long a name may be kept is not known, because the site's DNS "
	   "server names a server inside of this site for it, which was not "
	   "asked.")},
    {"dns_ttl", OUTCOME_UNPROVEN, "authority_not",
	N_("How long a name may be kept is not known, because something else "
	   "answered for the server that holds it.")},
    {"dns_ttl", OUTCOME_UNPROVEN, "constant",
	N_("The site's DNS server always gives the same time to live, so it "
	   "cannot be told how long it keeps a name.")},
    {"dns_ttl", OUTCOME_UNPROVEN, NULL,
	N_("The answers of the site's DNS server and of the server that holds "
	   "the name have nothing in common to compare.")},
};

static const char *
saying_of(const struct observation *o, enum outcome outcome)
{
	const char *why = detail_text(o, "why");
	const char *probe = o->probe;
	size_t i;

	if (strcmp(probe, "dns_ttl_slow") == 0)
		probe = "dns_ttl";
	for (i = 0; i < sizeof sayings / sizeof *sayings; i++) {
		if (strcmp(sayings[i].probe, probe) == 0 &&
		    sayings[i].outcome == outcome &&
		    (sayings[i].why == NULL ||
			(why != NULL && strcmp(sayings[i].why, why) == 0)))
			return _(sayings[i].text);
	}
	return NULL;
}

/* How near what answered in another's place stands, by the life in hops with
 * which it could still be reached. */
static enum zone
zone_of_hops(const struct record *r, const struct observation *o,
    enum zone otherwise)
{
	int64_t hops = detail_int(o, "near_hops", 0);

	if (hops == 0)
		return otherwise;
	/* A packet that was given a new life may have gone anywhere. */
	if (life_is_doubtful(r, o->address, hops))
		return ZONE_UNDETERMINED;
	return hops == 1 ? ZONE_GATEWAY : ZONE_BEYOND_SITE;
}

void
verdict_place(const struct record *r, struct verdict *v,
    const struct observation *o)
{
	const char *about = detail_text(o, "about");

	if (about != NULL)
		v->about = about;
	if (v->say == NULL)
		v->say = saying_of(o, v->outcome);
	if (v->outcome != OUTCOME_FAIL && v->outcome != OUTCOME_WARN)
		return;
	if (v->cause == CAUSE_CAPTIVE_PORTAL)
		v->path = PATH_CAPTIVE;
	else if (v->cause == CAUSE_DNS_INTERCEPTED)
		v->path = PATH_INTERCEPTED;
	v->zone = zone_of_hops(r, o, v->zone);
}

/* --- the site's answer against the owner's own --- */

/* Load balancers hand out other addresses of the same network each time. */
static bool
is_same_network(const struct ip *a, const struct ip *b)
{
	return a->len == 4 && b->len == 4 && memcmp(a->byte, b->byte, 3) == 0;
}

static bool
is_in_answer(const struct ip *ip, const struct observation *o)
{
	const json_t *list = json_object_get(o->detail, "addresses");
	struct ip other;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		if (ip_parse(json_string_value(json_array_get(list, i)),
			&other) &&
		    is_same_network(ip, &other))
			return true;
	}
	return false;
}

/* An address that the product's own document names. */
static bool
is_documented(const struct record *r, const char *product, const struct ip *ip)
{
	struct ip other;
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (n->to.kind == DEST_ADDRESS &&
		    strcmp(n->product, product) == 0 &&
		    ip_parse(n->to.name, &other) && is_same_network(ip, &other))
			return true;
	}
	return false;
}

/* The owner's own server said where the name leads: with authority, and from
 * where it stands. */
static bool
is_authority(const struct observation *x, const char *host)
{
	return x->nature == NATURE_NAME_SERVER && x->host != NULL &&
	    strcmp(x->host, host) == 0 && x->rung == RUNG_APP_REPLY &&
	    x->failure == CAUSE_NONE && detail_is(x, "aa") &&
	    detail_int(x, "near_hops", 0) == 0 &&
	    json_array_size(json_object_get(x->detail, "addresses")) > 0;
}

static bool
is_elsewhere(const struct record *r, const struct need *n,
    const struct observation *o, const struct ip *ip)
{
	bool asked = false;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (!is_authority(x, o->host))
			continue;
		asked = true;
		if (is_in_answer(ip, x))
			return false;
	}
	return asked && !is_documented(r, n->product, ip);
}

/* Does the site's server name an address that neither the owner's servers nor
 * the document know? Addresses that rotate are no such thing. */
static bool
disagrees(const struct record *r, const struct need *n,
    const struct observation *o)
{
	const json_t *list = json_object_get(o->detail, "addresses");
	struct ip ip;
	size_t i;

	for (i = 0; o->host != NULL && i < json_array_size(list); i++) {
		if (ip_parse(json_string_value(json_array_get(list, i)), &ip) &&
		    ip.len == 4 && is_elsewhere(r, n, o, &ip))
			return true;
	}
	return false;
}

/* --- one of the site's own servers --- */

#define MIN_PASSED_OVER 2 /* once, a packet may have been lost */

static bool
names_server(const struct observation *o, const char *server)
{
	const json_t *list = json_object_get(o->detail, "passed_over");
	const char *one;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		one = json_string_value(json_array_get(list, i));
		if (one != NULL && strcmp(one, server) == 0)
			return true;
	}
	return false;
}

/* It was passed over more than once, and never answered anything. */
static bool
is_dead_server(const struct record *r, const char *server)
{
	size_t i, passed = 0;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];
		const char *by = detail_text(o, "server");

		if (o->nature != NATURE_NAME)
			continue;
		if (o->rung == RUNG_APP_REPLY && by != NULL &&
		    strcmp(by, server) == 0)
			return false;
		passed += names_server(o, server);
	}
	return passed >= MIN_PASSED_OVER;
}

/* One that the name had to wait for in vain, or NULL. */
static const char *
dead_server(const struct record *r, const struct observation *o)
{
	const json_t *list = json_object_get(o->detail, "passed_over");
	const char *one;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		one = json_string_value(json_array_get(list, i));
		if (one != NULL && is_dead_server(r, one))
			return one;
	}
	return NULL;
}

static enum zone
zone_of_server(const struct record *r, const char *server)
{
	if (address_is_gateway(r, server))
		return ZONE_GATEWAY;
	return address_is_near(r, server) ? ZONE_LAN : ZONE_UNDETERMINED;
}

static struct verdict
half_dead(struct record *r, const struct observation *o, const char *server)
{
	struct verdict v = verdict_make(OUTCOME_MARGINAL, o, CAUSE_DNS_TIMEOUT,
	    zone_of_server(r, server));

	v.about = server;
	v.say = arena_printf(r->judged,
	    _("The name is found, but only after a wait: of the site's DNS "
	      "servers %s does not answer."),
	    server);
	return v;
}

/* --- an address that stands for every name --- */

/* The site's server gave it for a name that nobody has. */
static bool
is_invented(const struct record *r, const char *address)
{
	const json_t *list;
	const char *one;
	size_t i, k;

	for (i = 0; i < r->nobservations; i++) {
		list = json_object_get(r->observations[i].detail, "invented");
		for (k = 0; k < json_array_size(list); k++) {
			one = json_string_value(json_array_get(list, k));
			if (one != NULL && strcmp(one, address) == 0)
				return true;
		}
	}
	return false;
}

static bool
leads_to_invention(const struct record *r, const struct observation *o)
{
	const json_t *list = json_object_get(o->detail, "addresses");
	const char *one;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		one = json_string_value(json_array_get(list, i));
		if (one != NULL && is_invented(r, one))
			return true;
	}
	return false;
}

/* A site may answer for the name of a time server with the address of its
 * own, and does well if that gives the time. */
static bool
is_time_server(const struct record *r, const char *host)
{
	size_t i;

	for (i = 0; host != NULL && i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (x->nature == NATURE_TIME && x->host != NULL &&
		    strcmp(x->host, host) == 0 && x->rung == RUNG_APP_REPLY &&
		    x->failure == CAUSE_NONE)
			return true;
	}
	return false;
}

/* --- natures --- */

static bool
is_server_near(const struct record *r, const struct observation *o)
{
	const char *server = detail_text(o, "server");

	return server != NULL &&
	    (address_is_gateway(r, server) || address_is_near(r, server));
}

/* --- a name that does not exist --- */

static const struct observation *
owner_of_name(const struct record *r, const char *host)
{
	size_t i;

	for (i = 0; host != NULL && i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (strcmp(x->probe, "dns_owner") == 0 && x->host != NULL &&
		    strcmp(x->host, host) == 0 && x->rung == RUNG_APP_REPLY)
			return x;
	}
	return NULL;
}

/* The resolver says that there is no such name. Only the name's own server
 * can tell whether that is true: one that gives addresses shows that the
 * resolver, or whom it asks, keeps them back. */
static void
place_unknown_name(struct record *r, const struct observation *o,
    struct verdict *v)
{
	const struct observation *own = owner_of_name(r, o->host);

	v->zone = ZONE_UNDETERMINED;
	if (own == NULL)
		return;
	if (own->failure == CAUSE_DNS_NXDOMAIN) {
		v->zone = ZONE_VENDOR;
		v->say = arena_printf(r->judged,
		    _("The site's DNS server says that there is no name %s, "
		      "and the name's own DNS server says so too."),
		    o->host);
	} else if (json_array_size(json_object_get(own->detail, "addresses")) >
	    0) {
		v->zone = evidence_resolver_zone(r);
		v->say = arena_printf(r->judged,
		    _("The site's DNS server says that there is no name %s, "
		      "but the name's own DNS server gives its address."),
		    o->host);
	}
}

struct verdict
judge_name(struct record *r, const struct need *n, const struct observation *o)
{
	bool is_dns = strcmp(o->probe, "dns") == 0;
	enum cause cause = is_dns ? evidence_name_cause(o) : o->failure;
	enum zone zone = evidence_resolver_zone(r);
	struct verdict v;

	/* It could not find out, and that may be the name's own fault: what its
	 * own server gives need not pass DNSSEC. */
	if (cause == CAUSE_DNS_SERVFAIL)
		zone = ZONE_UNDETERMINED;
	/* From next door it is no other's reset: nobody listens there. */
	if (cause == CAUSE_TCP_RESET && is_server_near(r, o))
		cause = CAUSE_TCP_REFUSED;
	if (is_dns && cause == CAUSE_NONE && leads_to_invention(r, o))
		cause = CAUSE_DNS_REWRITTEN;
	if (is_dns && cause == CAUSE_DNS_REWRITTEN &&
	    is_time_server(r, o->host)) {
		v = verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
		v.say = _("The site's DNS server leads this name to a time "
			  "server of the site, which gives the time.");
	} else if (cause != CAUSE_NONE)
		v = verdict_make(detail_is(o, "warn") ? OUTCOME_WARN :
							OUTCOME_FAIL,
		    o, cause, zone);
	else if (is_dns && disagrees(r, n, o))
		v = verdict_make(OUTCOME_WARN, o, CAUSE_DNS_DISAGREE, zone);
	else if (is_dns && dead_server(r, o) != NULL)
		return half_dead(r, o, dead_server(r, o));
	else if (o->rung == RUNG_NONE)
		v = verdict_make(OUTCOME_NOT_RUN, o, CAUSE_NONE, ZONE_NONE);
	else if (is_dns || o->rung <= n->required_rung)
		v = verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	else
		v = verdict_make(OUTCOME_UNPROVEN, o, CAUSE_NONE, ZONE_NONE);
	if (cause == CAUSE_DNS_NXDOMAIN)
		place_unknown_name(r, o, &v);
	verdict_place(r, &v, o);
	return v;
}

static struct verdict
intercepted(const struct record *r, const struct observation *o)
{
	struct verdict v = verdict_make(OUTCOME_FAIL, o, CAUSE_DNS_INTERCEPTED,
	    ZONE_UNDETERMINED);

	v.about = o->address;
	verdict_place(r, &v, o);
	return v;
}

/* What answers where no DNS server is stands as near as what answers here: it
 * is the same box, whatever flags it passes on. */
static bool
is_where_redirected(const struct record *r, const struct observation *o)
{
	int64_t hops = detail_int(o, "near_hops", 0);
	size_t i;

	for (i = 0; hops != 0 && i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (strcmp(x->probe, "dns_redirect") == 0 &&
		    x->failure == CAUSE_DNS_INTERCEPTED &&
		    detail_int(x, "near_hops", 0) == hops)
			return true;
	}
	return false;
}

/* An authority answers with authority, from where it stands; a box in between
 * cannot. */
struct verdict
judge_name_server(struct record *r, const struct need *n,
    const struct observation *o)
{
	(void)n;
	if (o->rung != RUNG_APP_REPLY)
		return verdict_unanswered(r, o);
	if (detail_int(o, "near_hops", 0) == 1 &&
	    !address_is_near(r, o->address) &&
	    !life_is_doubtful(r, o->address, 1))
		return intercepted(r, o);
	if (is_where_redirected(r, o))
		return intercepted(r, o);
	if (!detail_is(o, "aa") && detail_is(o, "ra"))
		return intercepted(r, o);
	if (detail_is(o, "aa"))
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	return verdict_make(OUTCOME_FAIL, o,
	    o->failure == CAUSE_NONE ? CAUSE_WRONG_PROTOCOL : o->failure,
	    ZONE_UNDETERMINED);
}
