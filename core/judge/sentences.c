/* SPDX-License-Identifier: MIT */
/* Judgements in words: what was seen, and what installer, IT desk and
 * customer should do or know. The causes' own words are in cause_words.c. */
#include "core/judge/sentences.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/cause_words.h"
#include "core/judge/judges.h"
#include "core/judge/range_words.h"
#include "core/judge/standing.h"

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

/* What gets lost on the gateway's outer side is lost as what the router behind
 * it does not take in: the packet that expires there tells of neither. */
const char *
zone_phrase_cut(const struct record *r, enum zone zone)
{
	if (zone != ZONE_GATEWAY)
		return zone_phrase(r, zone);
	if (r->vantage.gateway == NULL)
		return _("at the site's gateway or right behind it");
	return arena_printf(r->judged,
	    _("at the site's gateway (%s) or right behind it"),
	    r->vantage.gateway);
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
	const char *name = v->about, *missing;

	if (name == NULL)
		name = n->to.name;
	if (name == NULL)
		return flow_phrase(r, n);
	missing = range_missing(r, n);
	if (missing != NULL)
		return arena_printf(r->judged, _("%1$s (%2$s ports %3$s)"),
		    name, word_label(&words_protocol, (int)n->protocol),
		    missing);
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

char *
span_text(struct record *r, int64_t us)
{
	unsigned long s = (unsigned long)(llabs(us) / 1000000);

	if (s >= 2 * 86400)
		return arena_printf(r->judged,
		    P_("%lu day", "%lu days", s / 86400), s / 86400);
	if (s >= 7200)
		return arena_printf(r->judged,
		    P_("%lu hour", "%lu hours", s / 3600), s / 3600);
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

	if (zone != ZONE_LAPTOP && witnesses > 1)
		return arena_strdup(r->judged,
		    _("A time server gives a wrong time: the others agree with "
		      "each other, and not with it."));
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
	const struct cause_words *w = cause_words(v->cause);

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
	    v->rung == RUNG_SILENCE ? zone_phrase_cut(r, v->zone) :
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
	    n->outcome == OUTCOME_BLOCKED_BY ||
	    n->outcome == OUTCOME_UNPROVEN || standing_is_trouble(n);
}

/* The flow arrives, and what is wrong is wrong at its other end. */
static bool
is_granted(const struct verdict *v)
{
	return v->zone == ZONE_VENDOR || v->zone == ZONE_LAPTOP ?
	    v->cause == CAUSE_TLS_EXPIRED ||
		v->cause == CAUSE_TLS_NOT_YET_VALID ||
		v->cause == CAUSE_CLOCK_SKEW :
	    false;
}

/* What the IT desk must do: the pack's words, or the row itself. */
static char *
it_advice(struct record *r, const struct need *n, const struct verdict *v)
{
	char *grant = n->grant, *besides = trust_grant(r, v);

	if (is_granted(v))
		return arena_strdup(r->judged,
		    _("Nothing: the network lets this through."));

	if (grant == NULL && n->direction == DIR_OUTBOUND && n->to.name != NULL)
		grant = arena_printf(r->judged,
		    _("Allow %1$s from the "
		      "devices to %2$s."),
		    flow_phrase(r, n), n->to.name);
	if (grant == NULL)
		grant = arena_strdup(r->judged, "");
	if (besides == NULL)
		return grant;
	return arena_printf(r->judged, "%s %s", besides, grant);
}

/* One cause may ask for something else at another place. */
static char *
installer_advice(struct record *r, const struct cause_words *w,
    const struct verdict *v)
{
	const char *text = _(w->installer);

	if (v->cause == CAUSE_TLS_INTERCEPTED && v->zone == ZONE_LAPTOP)
		text = laptop_advice();
	if (v->cause == CAUSE_CLOCK_SKEW && v->by != NULL &&
	    is_wrong_server(r, v->by))
		text = wrong_server_advice();
	return arena_strdup(r->judged, text);
}

void
sentences_fill(struct record *r, struct need *n, const struct verdict *v)
{
	const struct cause_words *w = cause_words(v->cause);

	n->summary = summary_of(r, n, v);
	if (wants_advice(n) && n->outcome != OUTCOME_BLOCKED_BY &&
	    range_is_sampled(n) && !standing_is_trouble(n))
		n->summary = arena_printf(r->judged, "%s %s", n->summary,
		    range_rest(r, n));
	n->advice_installer = n->advice_it = n->advice_customer =
	    arena_strdup(r->judged, "");
	if (!wants_advice(n))
		return;
	if (standing_advice(v) != NULL)
		n->advice_installer = arena_strdup(r->judged,
		    standing_advice(v));
	else if (w != NULL)
		n->advice_installer = installer_advice(r, w, v);
	/* The IT desk cannot mend what is on the laptop. */
	if (standing_is_trouble(n))
		return;
	n->advice_it = it_advice(r, n, v);
	if (n->outcome != OUTCOME_UNPROVEN && n->breaks_customer != NULL)
		n->advice_customer = n->breaks_customer;
}
