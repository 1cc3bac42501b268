/* SPDX-License-Identifier: MIT */
/* What the run's controls say of what the others saw. */
#include "core/judge/canary.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/cause_words.h"
#include "core/judge/judges.h"
#include "core/judge/sentences.h"

#define WEB_PORT 80
#define SECURE_PORT 443

/* --- the life of packets --- */

/* Did a packet with that life, or a longer one, end on the way? Who gives all
 * a new life, whatever they had, lets none end behind himself. */
static bool
shows_life(const struct observation *o, int64_t ttl)
{
	size_t i;

	if (strcmp(o->probe, "path") != 0 && strcmp(o->probe, "locate") != 0)
		return detail_int(o, "life_counts", 0) >= ttl;
	for (i = 0; i < o->nattempts; i++) {
		const struct attempt *t = &o->attempts[i];

		if (t->ttl >= ttl && strcmp(t->result, "time_exceeded") == 0)
			return true;
	}
	return false;
}

static bool
is_v6(const char *address)
{
	return address != NULL && strchr(address, ':') != NULL;
}

bool
life_is_doubtful(const struct record *r, const char *address, int64_t ttl)
{
	bool doubtful = false;
	int64_t life;
	size_t i;

	/* Who renews it for one family may do so for the other. */
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (is_v6(o->address) == is_v6(address) && shows_life(o, ttl))
			return false;
		life = detail_is(o, "life_ignored") ?
		    1 :
		    detail_int(o, "life_doubtful", 0);
		doubtful = doubtful || (life > 0 && life <= ttl);
	}
	return doubtful;
}

/* --- canaries --- */

/* What is near may answer; a laptop that could not send saw nothing. */
static bool
is_canary(const struct record *r, const struct observation *o)
{
	return strcmp(o->probe, "canary") == 0 && o->rung != RUNG_NONE &&
	    o->rung != RUNG_LOCAL_ERROR && o->address != NULL &&
	    !address_is_near(r, o->address) && !address_is_private(o->address);
}

static bool
is_accepted(const struct observation *o)
{
	return o->rung == RUNG_TRANSPORT && evidence_ended(o, "accepted");
}

/* With a life of one hop, and that ends there: it stands on the first. */
static bool
is_at_gateway(const struct record *r, const struct observation *canary)
{
	return detail_int(canary, "near_hops", 0) == 1 &&
	    (detail_int(canary, "life_counts", 0) >= 1 ||
		detail_int(canary, "life_doubtful", 0) == 0) &&
	    !life_is_doubtful(r, canary->address, 1);
}

/* A vendor may have a box of his own that accepts for all his hosts; one that
 * nobody owns, or one at the site's gateway, speaks of the site. */
static bool
is_of_site(const struct record *r, const struct observation *canary)
{
	return canary->host == NULL || is_at_gateway(r, canary);
}

const struct observation *
canary_against(const struct record *r, const struct observation *o)
{
	const struct observation *elsewhere = NULL;
	bool has_own = false;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *c = &r->observations[i];

		if (!is_canary(r, c) ||
		    (!is_of_site(r, c) && !same_owner(c->host, o->host)))
			continue;
		if (c->port == o->port && is_accepted(c))
			return c;
		has_own = has_own || c->port == o->port;
		if (elsewhere == NULL && is_accepted(c) &&
		    c->port != WEB_PORT && c->port != SECURE_PORT)
			elsewhere = c;
	}
	return has_own ? NULL : elsewhere;
}

bool
canary_takes_port(const struct record *r, unsigned port)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *c = &r->observations[i];

		if (c->port == port && is_canary(r, c) && is_accepted(c) &&
		    is_of_site(r, c))
			return true;
	}
	return false;
}

/* --- what becomes of a verdict --- */

/* "203.0.113.9, an address that nobody owns" */
static const char *
canary_phrase(struct record *r, const struct observation *canary)
{
	if (canary->host == NULL)
		return arena_printf(r->judged,
		    _("%1$s (TCP port %2$u), an address that nobody owns"),
		    canary->address, (unsigned)canary->port);
	return arena_printf(r->judged,
	    _("%1$s (TCP port %2$u), where nothing listens"), canary->host,
	    (unsigned)canary->port);
}

static char *
flow_of(struct record *r, const struct observation *o)
{
	return arena_printf(r->judged, _("%1$s (TCP port %2$u)"),
	    o->host != NULL ? o->host : o->address, (unsigned)o->port);
}

static enum zone
zone_of_box(const struct record *r, const struct observation *canary)
{
	return is_at_gateway(r, canary) ? ZONE_GATEWAY : ZONE_UNDETERMINED;
}

static void
name_box(struct record *r, const struct observation *canary, struct verdict *v)
{
	v->cause = CAUSE_PROXY_ONLY;
	v->path = PATH_INTERMEDIATED;
	if (v->zone != ZONE_GATEWAY)
		v->zone = zone_of_box(r, canary);
}

/* A sign-in page that was found is who took it. */
static void
name_portal(struct record *r, struct verdict *v)
{
	const struct observation *portal = evidence_sign_in(r);

	if (portal == NULL)
		return;
	v->cause = CAUSE_CAPTIVE_PORTAL;
	v->path = PATH_CAPTIVE;
	v->say = NULL;
}

static void
proves_nothing(struct record *r, const struct observation *o,
    const struct observation *canary, struct verdict *v)
{
	v->outcome = OUTCOME_UNPROVEN;
	v->zone = ZONE_NONE;
	name_box(r, canary, v);
	v->say = arena_printf(r->judged,
	    _("The connection to %1$s was accepted, but so was one to %2$s. "
	      "Something %3$s accepts connections in place of others, so this "
	      "proves nothing."),
	    flow_of(r, o), canary_phrase(r, canary), zone_phrase(r, v->zone));
	name_portal(r, v);
}

static void
went_no_further(struct record *r, const struct observation *o,
    const struct observation *canary, struct verdict *v)
{
	v->outcome = OUTCOME_FAIL;
	name_box(r, canary, v);
	v->say = arena_printf(r->judged,
	    _("The connection to %1$s was accepted, but the service never "
	      "answered. One to %2$s was accepted too, so something %3$s "
	      "accepts connections in place of others and does not pass this "
	      "one on."),
	    flow_of(r, o), canary_phrase(r, canary), zone_phrase(r, v->zone));
	name_portal(r, v);
}

/* Nothing better than an accepted connection stands behind it. What an idle
 * connection goes through is the box's own. */
static bool
rests_on_accept(const struct observation *o, const struct verdict *v)
{
	if (strcmp(o->probe, "tcp_idle") == 0)
		return o->rung <= RUNG_TRANSPORT && o->failure == CAUSE_NONE;
	if (strcmp(o->probe, "path") == 0)
		return evidence_ended(o, "accepted") ||
		    evidence_ended(o, "reply");
	if (o->rung == RUNG_TRANSPORT && o->failure == CAUSE_NONE)
		return true;
	/* Any certificate would do, also one of the box's own. */
	return is_certificate_trouble(o->failure) && v->outcome == OUTCOME_PASS;
}

/* It was accepted, and then the service did not show itself. A cut that spares
 * a hello without the name is about that name. */
static bool
failed_after_accept(const struct record *r, const struct observation *o)
{
	static const enum cause causes[] = {
	    CAUSE_SERVICE_SILENT,
	    CAUSE_TCP_TIMEOUT,
	    CAUSE_TCP_RESET,
	    CAUSE_TLS_PROTOCOL,
	    CAUSE_TLS_RESET_AFTER_HELLO,
	    CAUSE_WRONG_PROTOCOL,
	};
	const char *nameless = detail_text(o, "hello_nameless");
	size_t i;

	/* Over TCP the probes of names do not tell that it was accepted. */
	if (o->rung == RUNG_SILENCE && o->nature == NATURE_NAME_SERVER)
		return evidence_ended(evidence_locate(r, o->address, PROTO_TCP,
					  o->port),
		    "accepted");
	if (o->rung != RUNG_TRANSPORT ||
	    (nameless != NULL && strcmp(nameless, "complete") == 0))
		return false;
	for (i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (causes[i] == o->failure)
			return true;
	}
	return false;
}

void
canary_apply(struct record *r, const struct need *n,
    const struct observation *o, struct verdict *v)
{
	const struct observation *canary;

	if (n->direction != DIR_OUTBOUND || o->protocol != PROTO_TCP ||
	    o->address == NULL || address_is_near(r, o->address))
		return;
	canary = canary_against(r, o);
	if (canary == NULL)
		return;
	if (rests_on_accept(o, v))
		proves_nothing(r, o, canary, v);
	else if (failed_after_accept(r, o) && is_of_site(r, canary))
		went_no_further(r, o, canary, v);
}

/* --- the laptop's proxy --- */

/* Was a direct connection to the same host and port tried, and none accepted?
 */
static bool
is_closed_directly(const struct record *r, const char *host, unsigned port)
{
	bool tried = false;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (o->host == NULL || o->protocol != PROTO_TCP ||
		    o->port != port || strcmp(o->host, host) != 0 ||
		    strcmp(o->probe, "life") == 0)
			continue;
		if (o->rung <= RUNG_PASSED_GATEWAY)
			return false;
		tried = tried || o->rung == RUNG_SILENCE ||
		    o->rung == RUNG_REJECTED;
	}
	return tried;
}

static const char *
proxy_sentence(struct record *r)
{
	const char *to, *colon;
	char *host;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		to = detail_text(o, "tunnel_to");
		colon = to == NULL ? NULL : strrchr(to, ':');
		if (colon == NULL || strcmp(o->probe, "proxy") != 0 ||
		    !detail_is(o, "tunnel"))
			continue;
		host = arena_strndup(r->judged, to, (size_t)(colon - to));
		if (!is_closed_directly(r, host, SECURE_PORT))
			continue;
		return arena_printf(r->judged,
		    _("only a proxy gets out. The one that this laptop is "
		      "set to (%1$s) opens a way to %2$s, and a direct "
		      "connection there is not let out. The devices use no "
		      "proxy."),
		    r->vantage.proxy != NULL ? r->vantage.proxy : o->address,
		    host);
	}
	return NULL;
}

static bool
is_lost_outbound(const struct record *r, const struct diagnosis *d)
{
	const struct need *n;
	size_t i;

	for (i = 0; i < d->explains.count; i++) {
		n = record_need(r, d->explains.item[i]);
		if (n != NULL && n->direction == DIR_OUTBOUND &&
		    n->protocol == PROTO_TCP)
			return d->cause == CAUSE_TCP_TIMEOUT;
	}
	return false;
}

void
proxy_tell(struct record *r, struct diagnosis *d, const char *count)
{
	const struct cause_words *w = cause_words(CAUSE_PROXY_ONLY);
	const char *sentence;

	if (!is_lost_outbound(r, d))
		return;
	sentence = proxy_sentence(r);
	if (sentence == NULL)
		return;
	d->cause = CAUSE_PROXY_ONLY;
	d->summary = arena_printf(r->judged, _("%1$s: %2$s"), count, sentence);
	d->advice_installer = arena_strdup(r->judged, _(w->installer));
}
