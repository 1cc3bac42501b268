/* SPDX-License-Identifier: MIT */
/* What web pages mean: the vendor's own, or somebody else's. */
#include "core/judge/judges.h"

#include <stdio.h>
#include <string.h>

/* Does one product name hosts of both owners? Then a link between them is its
 * vendor's business. */
static bool
is_related(const struct record *r, const char *a, const char *b)
{
	size_t i, k;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *x = &r->needs[i];

		if (x->to.name == NULL || !same_owner(x->to.name, a))
			continue;
		for (k = 0; k < r->nneeds; k++) {
			const struct need *y = &r->needs[k];

			if (y->to.name != NULL && same_owner(y->to.name, b) &&
			    strcmp(x->product, y->product) == 0)
				return true;
		}
	}
	return false;
}

/* Where the page leads to, as far as that is a stranger to its host. */
static bool
leads_to_stranger(const struct record *r, const struct observation *o)
{
	const char *location = detail_text(o, "location");
	const char *host = location == NULL ? NULL : strstr(location, "://");
	char name[256];

	if (host == NULL || o->host == NULL)
		return false;
	snprintf(name, sizeof name, "%.*s", (int)strcspn(host + 3, "/:?#"),
	    host + 3);
	return !same_owner(name, o->host) && !is_related(r, name, o->host);
}

/* What got the same page under another host's name: one whose own page is
 * known and is not this one, or one that no product has in common with this
 * one. Or NULL. */
static const struct observation *
anothers_page(const struct record *r, const struct observation *o)
{
	const char *mine = detail_text(o, "body_sha256"), *other;
	size_t i;

	for (i = 0; mine != NULL && o->host != NULL && i < r->nobservations;
	     i++) {
		const struct observation *x = &r->observations[i];

		other = detail_text(x, "body_sha256");
		if (other == NULL || x->host == NULL ||
		    strcmp(other, mine) != 0 || strcmp(x->host, o->host) == 0)
			continue;
		if (x->failure == CAUSE_HTTP_BLOCKPAGE ||
		    (!same_owner(x->host, o->host) &&
			!is_related(r, x->host, o->host)))
			return x;
	}
	return NULL;
}

static bool
wants_status(const struct need *n, const struct observation *o)
{
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		if (n->specs[i].status != 0 && n->specs[i].host != NULL &&
		    o->host != NULL && strcmp(n->specs[i].host, o->host) == 0)
			return true;
	}
	return false;
}

static struct verdict
blocked_page(const struct record *r, const struct observation *o,
    const struct observation *other)
{
	bool near = is_taken_near(r, o) ||
	    (other != NULL && is_taken_near(r, other));

	/* Two vendors may well show the page that came with the same web
	 * server, or say no more than "OK". */
	if (other != NULL && other->failure != CAUSE_HTTP_BLOCKPAGE && !near)
		return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_HTTP_BLOCKPAGE,
		    ZONE_UNDETERMINED);
	return verdict_make(OUTCOME_FAIL, o, CAUSE_HTTP_BLOCKPAGE,
	    near ? ZONE_GATEWAY : ZONE_UNDETERMINED);
}

/* Anybody can write a plain page. One that refuses, or leads to somebody
 * else's host, may be a filter's as well as the vendor's. */
struct verdict
judge_page(struct record *r, const struct need *n, const struct observation *o)
{
	const json_t *wanted = json_object_get(o->detail, "wanted");
	const struct observation *other;

	if (o->rung == RUNG_APP_REPLY && o->failure == CAUSE_HTTP_BLOCKPAGE)
		return blocked_page(r, o, NULL);
	if (o->failure == CAUSE_HTTP_STATUS && !wants_status(n, o))
		return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_HTTP_STATUS,
		    ZONE_UNDETERMINED);
	if (o->rung != RUNG_APP_REPLY || o->failure != CAUSE_NONE)
		return judge_connection(r, n, o);
	if (json_is_true(wanted))
		return verdict_make(OUTCOME_PASS, o, CAUSE_NONE, ZONE_NONE);
	other = detail_int(o, "status", 0) == 200 ? anothers_page(r, o) : NULL;
	if (other != NULL)
		return blocked_page(r, o, other);
	if (leads_to_stranger(r, o) && evidence_portal(r, o) != NULL)
		return verdict_make(OUTCOME_FAIL, o, CAUSE_HTTP_BLOCKPAGE,
		    ZONE_UNDETERMINED);
	if (leads_to_stranger(r, o))
		return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_HTTP_BLOCKPAGE,
		    ZONE_UNDETERMINED);
	if (detail_int(o, "status", 0) >= 400 || wanted != NULL)
		return verdict_make(OUTCOME_UNPROVEN, o, CAUSE_HTTP_STATUS,
		    ZONE_UNDETERMINED);
	return verdict_make(o->rung <= n->required_rung ? OUTCOME_PASS :
							  OUTCOME_UNPROVEN,
	    o, CAUSE_NONE, ZONE_NONE);
}
