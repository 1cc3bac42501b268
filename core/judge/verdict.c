/* SPDX-License-Identifier: MIT */
/* What one spec's observations mean for the requirement that asked. */
#include "core/judge/verdict.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/canary.h"
#include "core/judge/judges.h"
#include "core/judge/standing.h"

struct verdict
verdict_make(enum outcome outcome, const struct observation *o,
    enum cause cause, enum zone zone)
{
	struct verdict v = {outcome, RUNG_NONE, cause, PATH_DIRECT, zone, o,
	    NULL, NULL};

	if (o != NULL) {
		v.rung = o->rung;
		v.about = o->host != NULL ? o->host : o->address;
	}
	return v;
}

struct verdict
verdict_failed(struct record *r, const struct observation *o)
{
	enum cause cause = o->failure;
	enum zone zone = zone_of(r, o, &cause);

	return verdict_make(OUTCOME_FAIL, o, cause, zone);
}

/* UDP silence alone is neither open nor closed: it fails only where it was
 * held against something that was heard. */
struct verdict
verdict_unanswered(struct record *r, const struct observation *o)
{
	struct verdict v = verdict_failed(r, o);

	if (o->rung == RUNG_SILENCE && o->protocol == PROTO_UDP &&
	    (v.zone == ZONE_UNDETERMINED || v.zone == ZONE_LAN))
		v.outcome = OUTCOME_UNPROVEN;
	return v;
}

struct verdict
verdict_by_rung(const struct need *n, const struct observation *o)
{
	return verdict_make(o->rung <= n->required_rung ? OUTCOME_PASS :
							  OUTCOME_UNPROVEN,
	    o, CAUSE_NONE, ZONE_NONE);
}

/* The first hop took the connection itself, so that nothing is known of what
 * lies behind it. */
struct verdict
verdict_intermediated(const struct observation *o)
{
	struct verdict v = verdict_make(OUTCOME_UNPROVEN, o, CAUSE_PROXY_ONLY,
	    ZONE_GATEWAY);

	v.path = PATH_INTERMEDIATED;
	return v;
}

/* What the laptop could not send says nothing about the network. */
static struct verdict
local_error(struct record *r, const struct need *n, const struct observation *o)
{
	struct verdict v = verdict_make(OUTCOME_NOT_RUN, o, o->failure,
	    ZONE_LAPTOP);
	const char *right = detail_text(o, "right");

	if (o->failure == CAUSE_PERMISSION && right != NULL) {
		v.say = arena_printf(r->judged,
		    _("This check needs a right that this laptop's user does "
		      "not have: %1$s. It is granted once by \"sudo setcap "
		      "%1$s+ep FILE\", where FILE is the program sitewalk."),
		    right);
	} else if (o->failure == CAUSE_PERMISSION && o->nature == NATURE_PING &&
	    !detail_is(o, "firewall")) {
		v.say = _("This laptop's user may not send pings. It is "
			  "allowed until the next start by \"sudo sysctl -w "
			  "net.ipv4.ping_group_range='0 2147483647'\".");
	} else if (o->failure == CAUSE_PERMISSION) {
		v.say = _("This laptop's user may not send this kind of "
			  "packet.");
	} else if (o->address != NULL && strchr(o->address, ':') != NULL &&
	    !r->vantage.has_ipv6) {
		v.say = _("This network has no IPv6 here, so the IPv6 address "
			  "was not tried.");
	} else if (strcmp(o->probe, "dns") == 0) {
		v = verdict_make(OUTCOME_FAIL, o, CAUSE_DNS_TIMEOUT,
		    ZONE_LAPTOP);
		if (r->vantage.resolvers.count == 0)
			v.say = _("The laptop was given no DNS server.");
	} else if (o->failure == CAUSE_HOST_UNREACHABLE &&
	    (n->direction == DIR_LAN || address_is_near(r, o->address))) {
		/* Nobody there answered for the address. */
		v = verdict_make(OUTCOME_FAIL, o, CAUSE_HOST_UNREACHABLE,
		    ZONE_LAN);
	}
	return v;
}

/* One row a nature. */
static struct verdict (*const judges[])(struct record *r, const struct need *n,
    const struct observation *o) = {
    [NATURE_NAME] = judge_name,
    [NATURE_NAME_SERVER] = judge_name_server,
    [NATURE_TIME] = judge_time,
    [NATURE_PAGE] = judge_page,
    [NATURE_PATH] = judge_path,
    [NATURE_PING] = judge_ping,
    [NATURE_CONNECTION] = judge_connection,
    [NATURE_ANSWER] = judge_answer,
    [NATURE_SEARCH] = judge_search,
    [NATURE_CONDITION] = judge_condition,
};

static struct verdict
judge_observation(struct record *r, const struct need *n,
    const struct observation *o)
{
	const struct observation *portal;
	struct verdict v;

	if (o->failure == CAUSE_NETWORK_CHANGED)
		return standing_changed(o);
	if (o->failure == CAUSE_CANCELLED)
		return verdict_make(OUTCOME_NOT_RUN, o, o->failure, ZONE_NONE);
	if (standing_is_blocked(r, o, &v))
		return v;
	if (o->rung == RUNG_LOCAL_ERROR)
		return local_error(r, n, o);
	v = judges[o->nature](r, n, o);
	canary_apply(r, n, o, &v);
	if (v.zone == ZONE_GATEWAY && v.path != PATH_DIRECT &&
	    is_taken_here(r, o))
		v.zone = ZONE_LAPTOP;
	portal = evidence_portal(r, o);
	if (portal != NULL &&
	    (v.outcome == OUTCOME_FAIL ||
		(v.outcome == OUTCOME_UNPROVEN && o->failure != CAUSE_NONE))) {
		v.outcome = OUTCOME_FAIL;
		v.cause = CAUSE_CAPTIVE_PORTAL;
		verdict_place(r, &v, portal);
		v.about = o->host;
	}
	standing_weigh(r, n, o, &v);
	return v;
}

/* The name did not lead to the vendor: nothing else can be said. A local
 * time server under the vendor's name is allowed (facts on zencontrol). */
static bool
is_blocked_by_name(struct record *r, const struct need *n,
    const struct probe_spec *spec, struct strlist *ids, struct verdict *v)
{
	const struct observation *dns;
	struct verdict name;

	if (spec->host == NULL || spec->address != NULL ||
	    strcmp(spec->type, "dns") == 0)
		return false;
	dns = evidence_name(r, spec->host);
	if (dns == NULL)
		return false;
	if (!standing_is_blocked(r, dns, &name))
		name = dns->rung == RUNG_LOCAL_ERROR ?
		    verdict_make(OUTCOME_FAIL, dns, CAUSE_DNS_TIMEOUT,
			ZONE_LAPTOP) :
		    judge_name(r, n, dns);
	if (dns->failure == CAUSE_CANCELLED ||
	    dns->failure == CAUSE_NETWORK_CHANGED) {
		*v = dns->failure == CAUSE_NETWORK_CHANGED ?
		    standing_changed(NULL) :
		    verdict_make(OUTCOME_NOT_RUN, NULL, dns->failure,
			ZONE_NONE);
		return true;
	}
	if (name.outcome == OUTCOME_PASS || name.outcome == OUTCOME_MARGINAL ||
	    name.outcome == OUTCOME_WARN ||
	    (strcmp(spec->type, "ntp") == 0 &&
		name.cause == CAUSE_DNS_REWRITTEN))
		return false;
	strlist_add(r->judged, ids, dns->id);
	*v = name;
	standing_weigh(r, n, dns, v);
	if (v->cause == CAUSE_WRONG_INTERFACE)
		return true;
	v->outcome = OUTCOME_BLOCKED_BY;
	v->rung = RUNG_NONE;
	return true;
}

static void
add_locates(struct record *r, const struct observation *o, struct strlist *ids)
{
	const struct observation *found;

	found = evidence_locate(r, o->address, o->protocol, o->port);
	if (found != NULL && found != o && !strlist_has(ids, found->id))
		strlist_add(r->judged, ids, found->id);
}

static bool
is_pass(const struct verdict *v)
{
	return v->outcome == OUTCOME_PASS || v->outcome == OUTCOME_MARGINAL;
}

/* Several addresses of one name, by what became of them. */
struct addresses {
	struct verdict good, failed, open;
	size_t ngood, nfailed, nopen;
};

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

/* Of two of a kind the worse speaks for both, then the one that has a place;
 * never the one that came first, since names are answered in turns. */
static bool
speaks_before(const struct verdict *a, const struct verdict *b)
{
	int x = verdict_severity(a->outcome), y = verdict_severity(b->outcome);

	if (x != y)
		return x > y;
	if ((a->zone == ZONE_UNDETERMINED) != (b->zone == ZONE_UNDETERMINED))
		return b->zone == ZONE_UNDETERMINED;
	if (a->cause != b->cause)
		return a->cause < b->cause;
	if (a->zone != b->zone)
		return a->zone < b->zone;
	return a->by != NULL && b->by != NULL &&
	    compare_text(a->by->address, b->by->address) < 0;
}

static void
add_address(struct addresses *all, const struct verdict *v)
{
	struct verdict *kept = is_pass(v) ? &all->good :
	    v->outcome == OUTCOME_FAIL    ? &all->failed :
					    &all->open;
	size_t *n = is_pass(v)         ? &all->ngood :
	    v->outcome == OUTCOME_FAIL ? &all->nfailed :
					 &all->nopen;

	if ((*n)++ == 0 || speaks_before(v, kept))
		*kept = *v;
}

/* A part that fails is a marginal pass; where none passes a failure speaks for
 * all; what is open beside a pass is open for the whole. */
static struct verdict
verdict_of_addresses(const struct addresses *all)
{
	struct verdict v;

	if (all->ngood == 0)
		return all->nfailed > 0 ? all->failed : all->open;
	if (all->nopen > 0)
		return all->open;
	if (all->nfailed == 0)
		return all->good;
	v = all->failed;
	v.outcome = OUTCOME_MARGINAL;
	v.rung = all->good.rung;
	return v;
}

static size_t
count_addresses(const struct addresses *all)
{
	return all->ngood + all->nfailed + all->nopen;
}

int
verdict_severity(enum outcome outcome)
{
	static const int severity[] = {
	    [OUTCOME_PASS] = 0,
	    [OUTCOME_MARGINAL] = 1,
	    [OUTCOME_WARN] = 2,
	    [OUTCOME_UNPROVEN] = 3,
	    [OUTCOME_NOT_RUN] = 4,
	    [OUTCOME_BLOCKED_BY] = 5,
	    [OUTCOME_FAIL] = 6,
	    [OUTCOME_WAIVED] = 0,
	    [OUTCOME_NOT_APPLICABLE] = 0,
	    [OUTCOME_TOOL_ERROR] = 7,
	};

	return severity[outcome];
}

static void
note_family(struct family_judgement *f, const struct verdict *v)
{
	if (f->tried &&
	    verdict_severity(f->outcome) >= verdict_severity(v->outcome))
		return;
	*f = (struct family_judgement){true, v->outcome, v->rung, v->cause,
	    v->zone};
}

/* No document asks for IPv6, so IPv4 decides where both were tried; what
 * fails by IPv6 alone slows down whoever tries it first. */
static struct verdict
both_families(const struct verdict *v4, const struct verdict *v6)
{
	struct verdict v = *v4;

	if (!is_pass(v4) || v6->outcome != OUTCOME_FAIL)
		return v;
	v = *v6;
	v.outcome = OUTCOME_MARGINAL;
	v.rung = v4->rung;
	v.say = _("It works by IPv4, but not by IPv6. A device that tries "
		  "IPv6 first waits, or never gets through.");
	return v;
}

/* The address of a question for a name is the resolver's. */
static bool
has_family(const struct observation *o)
{
	return o->address != NULL && o->nature != NATURE_NAME;
}

struct verdict
verdict_of_spec(struct record *r, struct need *n, const struct probe_spec *spec)
{
	const struct observation *o;
	struct addresses all[2];
	struct verdict v, one, family[2];
	size_t at = 0, count[2];
	bool is_by_address = false;
	int six;

	if (is_blocked_by_name(r, n, spec, &n->probes, &v))
		return v;
	memset(all, 0, sizeof all);
	while ((o = evidence_next(r, spec, &at)) != NULL) {
		if (!strlist_has(&n->probes, o->id))
			strlist_add(r->judged, &n->probes, o->id);
		add_locates(r, o, &n->probes);
		one = judge_observation(r, n, o);
		is_by_address = is_by_address || has_family(o);
		six = has_family(o) && strchr(o->address, ':') != NULL;
		add_address(&all[six], &one);
	}
	for (six = 0; six < 2; six++) {
		count[six] = count_addresses(&all[six]);
		family[six] = verdict_of_addresses(&all[six]);
		if (count[six] > 0 && is_by_address)
			note_family(&n->family[six], &family[six]);
	}
	if (count[0] > 0 && count[1] > 0)
		return both_families(&family[0], &family[1]);
	if (count[0] + count[1] > 0)
		return family[count[0] == 0];
	if (standing_is_changed(r))
		return standing_changed(NULL);
	v = verdict_make(OUTCOME_NOT_RUN, NULL, CAUSE_NONE, ZONE_NONE);
	v.about = spec->host != NULL ? spec->host : spec->address;
	return v;
}
