/* SPDX-License-Identifier: MIT */
/* What the answers of DNS servers mean. */
#include "core/judge/judges.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"

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
zone_of_hops(const struct observation *o, enum zone otherwise)
{
	int64_t hops = detail_int(o, "near_hops", 0);

	if (hops == 0)
		return otherwise;
	return hops == 1 ? ZONE_GATEWAY : ZONE_BEYOND_SITE;
}

void
verdict_place(struct verdict *v, const struct observation *o)
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
	v->zone = zone_of_hops(o, v->zone);
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

/* --- natures --- */

struct verdict
judge_name(struct record *r, const struct need *n, const struct observation *o)
{
	bool is_dns = strcmp(o->probe, "dns") == 0;
	enum cause cause = is_dns ? evidence_name_cause(o) : o->failure;
	enum zone zone = evidence_resolver_zone(r);
	struct verdict v;

	/* The resolver says that there is no such name; only the owner's own
	 * server could tell whether that is true. */
	if (cause == CAUSE_DNS_NXDOMAIN)
		zone = ZONE_UNDETERMINED;
	if (cause != CAUSE_NONE)
		v = verdict_make(detail_is(o, "warn") ? OUTCOME_WARN :
							OUTCOME_FAIL,
		    o, cause, zone);
	else if (is_dns && disagrees(r, n, o))
		v = verdict_make(OUTCOME_WARN, o, CAUSE_DNS_DISAGREE, zone);
	else if (o->rung == RUNG_NONE)
		v = verdict_make(OUTCOME_NOT_RUN, o, CAUSE_NONE, ZONE_NONE);
	else if (is_dns || o->rung <= n->required_rung)
		v = verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	else
		v = verdict_make(OUTCOME_UNPROVEN, o, CAUSE_NONE, ZONE_NONE);
	verdict_place(&v, o);
	return v;
}

static struct verdict
intercepted(const struct observation *o)
{
	struct verdict v = verdict_make(OUTCOME_FAIL, o, CAUSE_DNS_INTERCEPTED,
	    ZONE_UNDETERMINED);

	v.about = o->address;
	verdict_place(&v, o);
	return v;
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
	    !address_is_near(r, o->address))
		return intercepted(o);
	if (!detail_is(o, "aa") && detail_is(o, "ra"))
		return intercepted(o);
	if (detail_is(o, "aa"))
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	return verdict_make(OUTCOME_FAIL, o,
	    o->failure == CAUSE_NONE ? CAUSE_WRONG_PROTOCOL : o->failure,
	    ZONE_UNDETERMINED);
}
