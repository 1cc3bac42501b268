/* SPDX-License-Identifier: MIT */
/* Causes that explain many judgements, each told once, in the order in which
 * they are to be mended. */
#include "core/judge/diagnose.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/canary.h"
#include "core/judge/diagnosing.h"

const char *
diagnosis_whose(enum cause cause, enum zone zone)
{
	static const char *const whose[] = {
	    [ZONE_NONE] = N_("not known yet: the IT desk of the site looks "
			     "first"),
	    [ZONE_LAPTOP] = N_("you: this laptop"),
	    [ZONE_LAN] = N_("you and the IT desk of the site: the local "
			    "network"),
	    [ZONE_GATEWAY] = N_("the IT desk of the site"),
	    [ZONE_SITE_PERIMETER] = N_("the IT desk of the site"),
	    [ZONE_BEYOND_SITE] = N_("whoever runs the internet connection"),
	    [ZONE_VENDOR] = N_("the vendor"),
	    [ZONE_UNDETERMINED] = N_("not known yet: the IT desk of the site "
				     "looks first"),
	};

	/* One server says that there is no such name; whether it lies, the
	 * vendor knows. */
	if (cause == CAUSE_DNS_NXDOMAIN && is_zone_open(zone))
		return _("not known yet: the IT desk of the site or the "
			 "vendor");
	return _(whose[zone]);
}

/* --- members --- */

static void
count_member(struct members *m, const struct trouble *t)
{
	switch (t->need->outcome) {
	case OUTCOME_FAIL:
		m->failed++;
		break;
	case OUTCOME_WARN:
	case OUTCOME_MARGINAL:
		m->warned++;
		break;
	case OUTCOME_BLOCKED_BY:
		m->blocked++;
		break;
	default:
		m->left++;
	}
}

/* Every trouble goes to one of those chosen: the deepest that explains it. */
static size_t
assign(struct bench *b, struct members **out)
{
	struct members *list = arena_array(b->r->judged, b->nguesses + 1,
	    sizeof *list);
	size_t i, k, n = 0;

	for (k = 0; k < b->nguesses; k++) {
		if (b->guess[k].chosen)
			list[n++].h = &b->guess[k];
	}
	for (i = 0; i < b->ntroubles; i++) {
		for (k = 0; k < n && !list[k].h->explains[i]; k++)
			;
		if (k == n)
			continue;
		*arena_push(b->r->judged, list[k].item,
		    list[k].count) = &b->trouble[i];
		count_member(&list[k], &b->trouble[i]);
	}
	*out = list;
	return n;
}

/* --- cause and place of the whole --- */

/* Of a rule that cuts several kinds of flow the most telling one. */
static const enum cause telling[] = {
    CAUSE_TCP_TIMEOUT,
    CAUSE_TCP_RESET,
    CAUSE_ADMIN_PROHIBITED,
    CAUSE_TCP_REFUSED,
    CAUSE_NET_UNREACHABLE,
    CAUSE_HOST_UNREACHABLE,
    CAUSE_UDP_SILENT,
    CAUSE_DNS_TIMEOUT,
    CAUSE_DNS_SERVFAIL,
    CAUSE_DNS_REFUSED,
};

/* Where no name is answered, it is the questions for names that tell; else the
 * flows. */
static bool
has_cause(const struct members *m, enum cause cause)
{
	bool names = m->h->scope == SCOPE_NO_DNS;
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (m->item[i]->need->cause == cause &&
		    (names ? m->item[i]->name : m->item[i]->how != CUT_NOT))
			return true;
	}
	return false;
}

/* The gateway has no way out itself, and said so of anything: it says so only
 * now and then, and silence else. */
static bool
is_said_to_have_no_way(const struct record *r)
{
	size_t i, k;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		for (k = 0; k < o->nattempts; k++) {
			const struct attempt *t = &o->attempts[k];

			/* RFC 792: "net unreachable" */
			if (t->icmp_type == 3 && t->icmp_code == 0 &&
			    address_is_gateway(r, t->from))
				return true;
		}
	}
	return false;
}

static enum cause
cause_of(const struct record *r, const struct members *m)
{
	size_t i;

	switch (m->h->scope) {
	case SCOPE_CHANGED:
		return CAUSE_NETWORK_CHANGED;
	case SCOPE_PORTAL:
		return CAUSE_CAPTIVE_PORTAL;
	case SCOPE_NO_UPLINK:
		if (is_said_to_have_no_way(r))
			return CAUSE_NET_UNREACHABLE;
		break;
	case SCOPE_CLOCK:
		return CAUSE_CLOCK_SKEW;
	case SCOPE_PROXY:
		return CAUSE_PROXY_ONLY;
	case SCOPE_INTERCEPTED:
		return CAUSE_TLS_INTERCEPTED;
	case SCOPE_NAMES:
	case SCOPE_LOCAL:
	case SCOPE_DEVICE:
	case SCOPE_ALIKE:
		return m->h->cause;
	default:
		break;
	}
	for (i = 0; i < sizeof telling / sizeof *telling; i++) {
		if (has_cause(m, telling[i]))
			return telling[i];
	}
	return m->item[0]->need->cause;
}

/* Where all members that have a place agree, it is the place of all. */
static enum zone
zone_of_members(const struct members *m)
{
	enum zone zone = ZONE_UNDETERMINED;
	size_t i;

	for (i = 0; i < m->count; i++) {
		enum zone z = m->item[i]->need->zone;

		if (is_zone_open(z))
			continue;
		if (!is_zone_open(zone) && z != zone)
			return ZONE_UNDETERMINED;
		zone = z;
	}
	return zone;
}

/* --- order --- */

static bool
is_blocking(const struct need *n)
{
	return n->strength == STRENGTH_REQUIRED ||
		n->strength == STRENGTH_MUST_NOT ?
	    n->outcome == OUTCOME_FAIL || n->outcome == OUTCOME_BLOCKED_BY ||
		n->outcome == OUTCOME_UNPROVEN ||
		n->outcome == OUTCOME_NOT_RUN :
	    false;
}

bool
diagnosis_blocks(const struct record *r, const struct diagnosis *d)
{
	const struct need *n;
	size_t i;

	for (i = 0; i < d->explains.count; i++) {
		n = record_need(r, d->explains.item[i]);
		if (n != NULL && is_blocking(n))
			return true;
	}
	return false;
}

static bool
is_tls(enum cause c)
{
	return (c >= CAUSE_TLS_EXPIRED && c <= CAUSE_ALPN_MISSING) ||
	    c == CAUSE_TLS_UNTRUSTED;
}

static bool
blocks(const struct members *m)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (is_blocking(m->item[i]->need))
			return true;
	}
	return false;
}

/* Certificates mean nothing before the clock is right. */
static bool
is_before_tls(const struct record *r, const struct members *m,
    const struct members *all, size_t n)
{
	size_t i;

	for (i = 0; m->h->scope == SCOPE_CLOCK && i < n; i++) {
		if (all[i].count > 0 && is_tls(cause_of(r, &all[i])) &&
		    blocks(&all[i]))
			return true;
	}
	return false;
}

/* Those chosen stand in the order of depth already. */
static size_t
sort_members(struct bench *b, struct members *list, size_t n,
    struct members **out)
{
	struct members *sorted = arena_array(b->r->judged, n + 1,
	    sizeof *sorted);
	size_t i, count = 0;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < n; i++) {
			bool first = blocks(&list[i]) ||
			    is_before_tls(b->r, &list[i], list, n);

			if (list[i].count > 0 && first == (pass == 0))
				sorted[count++] = list[i];
		}
	}
	*out = sorted;
	return count;
}

/* --- into the record --- */

/* In the order of the record, whatever the order of thinking was. What is
 * only not decided is not explained but cleared, unless that is all. */
static void
list_explained(struct bench *b, struct diagnosis *d, const struct members *m)
{
	struct record *r = b->r;
	bool *mine = arena_array(r->judged, r->nneeds, sizeof *mine);
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (!m->item[i]->soft || m->left == m->count)
			mine[m->item[i]->need - r->needs] = true;
	}
	for (i = 0; i < r->nneeds; i++) {
		if (mine[i])
			strlist_add(r->judged, &d->explains, r->needs[i].id);
	}
}

static void
add_diagnosis(struct bench *b, const struct members *m)
{
	struct record *r = b->r;
	struct diagnosis *d = arena_push(r->judged, r->diagnoses,
	    r->ndiagnoses);

	memset(d, 0, sizeof *d);
	d->cause = cause_of(r, m);
	d->zone = zone_of_members(m);
	list_explained(b, d, m);
	diagnosis_clears(b, d, m);
	diagnosis_describe(b, d, m);
	diagnosis_advise(b, d, m);
	diagnosis_rule_out(b, d, m);
	proxy_tell(r, d, members_count_text(b, m));
	d->whose = arena_strdup(r->judged, diagnosis_whose(d->cause, d->zone));
}

void
diagnose(struct record *r)
{
	struct bench b;
	struct members *list, *sorted;
	size_t i, k, n;

	r->diagnoses = NULL;
	r->ndiagnoses = 0;
	bench_fill(&b, r);
	if (b.ntroubles == 0)
		return;
	guesses_fill(&b);
	cover_choose(&b);
	n = assign(&b, &list);
	n = sort_members(&b, list, n, &sorted);
	for (i = 0; i < n; i++) {
		for (k = 0; k < n; k++) {
			sorted[i].all_failed += sorted[k].failed;
			sorted[i].all_warned += sorted[k].warned;
		}
	}
	for (i = 0; i < n; i++)
		add_diagnosis(&b, &sorted[i]);
}
