/* SPDX-License-Identifier: MIT */
/* The hypotheses, one row each: which trouble suggests it, which troubles it
 * would explain, and whether anything that passed contradicts it. */
#include "core/judge/diagnose_rules.h"

#include <string.h>

static bool
is_one_of(enum cause c, const enum cause *causes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (causes[i] == c)
			return true;
	}
	return false;
}

/* --- a sign-in page --- */

static bool
suggest_portal(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	h->zone = t->need->zone;
	return t->need->cause == CAUSE_CAPTIVE_PORTAL;
}

/* It stands before the web, and all else waits for it. */
static bool
explained_by_portal(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	static const enum cause fakes[] = {
	    CAUSE_HTTP_BLOCKPAGE,
	    CAUSE_HTTP_STATUS,
	    CAUSE_TLS_UNTRUSTED,
	    CAUSE_TLS_NAME_MISMATCH,
	    CAUSE_TLS_PROTOCOL,
	    CAUSE_WRONG_PROTOCOL,
	    CAUSE_SERVICE_SILENT,
	    CAUSE_PROXY_ONLY,
	};

	if (t->need->cause == CAUSE_CAPTIVE_PORTAL)
		return is_zone_open(t->need->zone) || is_zone_open(h->zone) ||
		    t->need->zone == h->zone;
	if (t->need->direction != DIR_OUTBOUND || !fits_zone(h, t))
		return false;
	if (is_far_cut(t))
		return are_ports_cut(h, t) &&
		    heard_count(b, trouble_protocol(t), true) <= MAX_ALLOWED;
	return is_one_of(t->need->cause, fakes, sizeof fakes / sizeof *fakes);
}

/* --- names --- */

bool
is_dead_name(const struct trouble *t)
{
	static const enum cause causes[] = {
	    CAUSE_DNS_TIMEOUT,
	    CAUSE_DNS_SERVFAIL,
	    CAUSE_DNS_REFUSED,
	    CAUSE_TCP_TIMEOUT,
	    CAUSE_TCP_RESET,
	    CAUSE_TCP_REFUSED,
	};

	return (t->name || t->need->to.kind == DEST_RESOLVER) &&
	    is_one_of(t->need->cause, causes, sizeof causes / sizeof *causes);
}

static bool
suggest_no_dns(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	(void)h;
	return is_dead_name(t);
}

static bool
explained_by_no_dns(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	(void)b;
	(void)h;
	return is_dead_name(t);
}

static bool
holds_no_dns(const struct bench *b, const struct hypothesis *h)
{
	(void)h;
	return !b->name_answered;
}

static bool
suggest_names(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	h->cause = t->need->cause;
	h->zone = t->need->zone;
	return t->name;
}

static bool
explained_by_names(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	(void)b;
	return t->name && t->need->cause == h->cause && fits_zone(h, t);
}

/* --- the laptop --- */

static bool
suggest_clock(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	(void)h;
	return t->need->cause == CAUSE_CLOCK_SKEW;
}

static bool
explained_by_clock(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	(void)b;
	(void)h;
	return t->need->cause == CAUSE_CLOCK_SKEW;
}

static bool
suggest_changed(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	(void)h;
	return t->need->cause == CAUSE_NETWORK_CHANGED;
}

static bool
explained_by_changed(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	(void)b;
	(void)h;
	return t->need->cause == CAUSE_NETWORK_CHANGED;
}

/* --- something in between --- */

static bool
suggest_proxy(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	h->zone = t->need->zone;
	return t->need->cause == CAUSE_PROXY_ONLY;
}

/* It accepts for everybody, also where nobody then says a word. */
static bool
explained_by_proxy(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	(void)b;
	if (t->need->cause == CAUSE_PROXY_ONLY)
		return fits_zone(h, t);
	return t->need->path == PATH_INTERMEDIATED &&
	    t->need->cause == CAUSE_SERVICE_SILENT && t->need->zone == h->zone;
}

static bool
suggest_intercepted(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	h->zone = t->need->zone;
	return t->need->cause == CAUSE_TLS_INTERCEPTED;
}

static const char *
issuer_of(const struct record *r, const struct need *n)
{
	const char *issuer;
	size_t i;

	for (i = 0; i < n->probes.count; i++) {
		issuer = detail_text(listed_observation(r, n->probes.item[i]),
		    "top_issuer");
		if (issuer != NULL)
			return issuer;
	}
	return NULL;
}

static bool
shares_port(const struct need *a, const struct need *b)
{
	size_t i, k;

	for (i = 0; i < a->ports.count; i++) {
		for (k = 0; k < b->ports.count; k++) {
			if (a->ports.range[i].low <= b->ports.range[k].high &&
			    b->ports.range[k].low <= a->ports.range[i].high)
				return true;
		}
	}
	return false;
}

/* Something opened n's connections, by the same authority or, where all that
 * is known is that it took them itself, on the same port. */
static bool
is_like_intercepted(const struct bench *b, const struct hypothesis *h,
    const struct need *n, bool by_port)
{
	const char *mine = issuer_of(b->r, n), *other;
	size_t i;

	for (i = 0; i < b->ntroubles; i++) {
		const struct need *x = b->trouble[i].need;

		if (x->cause != CAUSE_TLS_INTERCEPTED || x->zone != h->zone)
			continue;
		other = issuer_of(b->r, x);
		if ((by_port && shares_port(x, n)) ||
		    (mine != NULL && other != NULL && strcmp(mine, other) == 0))
			return true;
	}
	return false;
}

static bool
explained_by_intercepted(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	switch (t->need->cause) {
	case CAUSE_TLS_INTERCEPTED:
		return t->need->zone == h->zone ||
		    (is_zone_open(t->need->zone) &&
			is_like_intercepted(b, h, t->need, true));
	case CAUSE_TLS_UNTRUSTED:
		return fits_zone(h, t) &&
		    is_like_intercepted(b, h, t->need, false);
	case CAUSE_PROXY_ONLY:
		return fits_zone(h, t) &&
		    is_like_intercepted(b, h, t->need, true);
	default:
		return false;
	}
}

/* --- the local network, and whatever is left --- */

static bool
suggest_local(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	h->how = t->how;
	h->cause = t->need->cause;
	h->zone = ZONE_LAN;
	return t->how != CUT_NOT && t->lan;
}

static bool
explained_by_local(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	(void)b;
	return t->how == h->how && t->lan && t->need->cause == h->cause;
}

static bool
holds_local(const struct bench *b, const struct hypothesis *h)
{
	(void)h;
	return !b->device_answered;
}

static bool
suggest_device(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	const struct need *n = t->need;
	const struct observation *o = n->probes.count == 0 ?
	    NULL :
	    listed_observation(b->r, n->probes.item[0]);

	h->owner = o != NULL && o->address != NULL ? o->address : n->product;
	return suggest_local(b, t, h);
}

static bool
explained_by_device(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	struct hypothesis mine = {.scope = SCOPE_DEVICE};

	return explained_by_local(b, h, t) && suggest_device(b, t, &mine) &&
	    strcmp(mine.owner, h->owner) == 0;
}

static bool
suggest_alike(const struct bench *b, const struct trouble *t,
    struct hypothesis *h)
{
	(void)b;
	h->cause = t->need->cause;
	h->zone = t->need->zone;
	/* Without a word for it, each kind is its own. */
	if (h->cause == CAUSE_NONE && !is_zone_open(h->zone))
		h->owner = t->need->probe_type;
	return t->how == CUT_NOT && !t->name;
}

/* Where the others agree on a place, what has none is there too. */
static bool
is_only_place(const struct bench *b, const struct hypothesis *h)
{
	size_t i;

	for (i = 0; i < b->ntroubles; i++) {
		const struct need *n = b->trouble[i].need;

		if (b->trouble[i].how == CUT_NOT && n->cause == h->cause &&
		    !is_zone_open(n->zone) && n->zone != h->zone)
			return false;
	}
	return true;
}

static bool
explained_by_alike(const struct bench *b, const struct hypothesis *h,
    const struct trouble *t)
{
	if (t->how != CUT_NOT || t->name || t->need->cause != h->cause)
		return false;
	if (h->owner != NULL && strcmp(h->owner, t->need->probe_type) != 0)
		return false;
	if (t->need->zone == h->zone)
		return true;
	return is_zone_open(t->need->zone) &&
	    (is_zone_open(h->zone) ||
		(h->cause != CAUSE_NONE && is_only_place(b, h)));
}

static const struct rule rules[] = {
    {SCOPE_CHANGED, suggest_changed, explained_by_changed, NULL},
    {SCOPE_PORTAL, suggest_portal, explained_by_portal, NULL},
    {SCOPE_NO_DNS, suggest_no_dns, explained_by_no_dns, holds_no_dns},
    {SCOPE_NAMES, suggest_names, explained_by_names, NULL},
    {SCOPE_CLOCK, suggest_clock, explained_by_clock, NULL},
    {SCOPE_PROXY, suggest_proxy, explained_by_proxy, NULL},
    {SCOPE_INTERCEPTED, suggest_intercepted, explained_by_intercepted, NULL},
    {SCOPE_LOCAL, suggest_local, explained_by_local, holds_local},
    {SCOPE_DEVICE, suggest_device, explained_by_device, NULL},
    {SCOPE_ALIKE, suggest_alike, explained_by_alike, NULL},
};

static bool
is_known(const struct bench *b, const struct hypothesis *h)
{
	size_t i;

	for (i = 0; i < b->nguesses; i++) {
		const struct hypothesis *x = &b->guess[i];

		if (x->scope == h->scope && x->cause == h->cause &&
		    x->how == h->how && x->protocol == h->protocol &&
		    x->zone == h->zone && x->six == h->six &&
		    (x->owner == NULL) == (h->owner == NULL) &&
		    (x->owner == NULL || strcmp(x->owner, h->owner) == 0))
			return true;
	}
	return false;
}

static void
add_guess(struct bench *b, const struct rule *rule, const struct trouble *t)
{
	struct hypothesis h = {.scope = rule->scope, .protocol = PROTO_NONE};
	size_t i;

	if (!rule->suggest(b, t, &h))
		return;
	if (is_zone_open(h.zone))
		h.zone = ZONE_UNDETERMINED;
	if (is_known(b, &h))
		return;
	h.explains = arena_array(b->r->judged, b->ntroubles,
	    sizeof *h.explains);
	for (i = 0; i < b->ntroubles; i++) {
		h.explains[i] = rule->explains(b, &h, &b->trouble[i]);
		h.count += h.explains[i];
	}
	/* One that a pass contradicts is kept too, so that nobody tries it
	 * again; it explains nothing. */
	if (h.count > 0 && rule->holds != NULL && !rule->holds(b, &h)) {
		memset(h.explains, 0, b->ntroubles * sizeof *h.explains);
		h.count = 0;
	}
	*arena_push(b->r->judged, b->guess, b->nguesses) = h;
}

static void
add_rules(struct bench *b, const struct rule *row, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < b->ntroubles; k++)
			add_guess(b, &row[i], &b->trouble[k]);
	}
}

void
guesses_fill(struct bench *b)
{
	add_rules(b, rules, sizeof rules / sizeof *rules);
	add_rules(b, flow_rules, flow_rule_count);
}
