/* SPDX-License-Identifier: MIT */
/* Certificates, interception and cut hellos in words: whose authority it is,
 * how that is known, and exactly what the IT desk is asked to exempt. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/cause_words.h"
#include "core/judge/diagnose.h"
#include "core/judge/judges.h"
#include "core/judge/sentences.h"

#define MAX_LISTED 100 /* hosts that are to be exempted */
#define MAX_ALONE 6    /* flows that show that it can be done */

/* "login.a.example, TCP port 443" */
static char *
flow_of(struct record *r, const struct observation *o)
{
	const char *name = o->host != NULL ? o->host : o->address;

	return arena_printf(r->judged, _("%1$s, %2$s port %3$u"),
	    name == NULL ? "?" : name,
	    word_label(&words_protocol, (int)o->protocol), (unsigned)o->port);
}

/* "Acme TLS Inspection CA" (Acme Corp) */
static char *
authority_of(struct record *r, const struct observation *o)
{
	const char *name = detail_text(o, "authority");
	const char *org = detail_text(o, "authority_org");

	if (name != NULL && org != NULL)
		return arena_printf(r->judged, _("\"%1$s\" (%2$s)"), name, org);
	if (name == NULL)
		name = org != NULL ? org : detail_text(o, "top_issuer");
	if (name == NULL)
		return arena_strdup(r->judged, _("an unknown authority"));
	/* TRANSLATORS: a name or a question, quoted as the language does. */
	return arena_printf(r->judged, _("\"%s\""), name);
}

static const char *
proof_of(const struct record *r, const struct observation *o)
{
	switch (interception_proof(r, o)) {
	case INTERCEPTION_LAPTOP_ROOT:
		return _("This laptop trusts that authority, so a browser on "
			 "it shows nothing of this; the product does not.");
	case INTERCEPTION_KEY:
		return _("A name can be copied, but the key of the vendor's "
			 "own authority did not sign it.");
	case INTERCEPTION_OWNERS:
		return _("The same authority signs for hosts of other owners, "
			 "which no vendor's own does.");
	case INTERCEPTION_NOT_PROVED:
		break;
	}
	return "";
}

static char *
say_of_certificate(struct record *r, const struct observation *o,
    const struct verdict *v)
{
	const char *flow = flow_of(r, o), *whose = authority_of(r, o);

	if (v->zone == ZONE_LAPTOP)
		return arena_printf(r->judged,
		    _("A program on this laptop opens and reads the secure "
		      "connection to %1$s before it leaves it, as virus "
		      "scanners do. Its certificate comes from %2$s. What a "
		      "device would meet cannot be seen past it."),
		    flow, whose);
	if (v->cause == CAUSE_TLS_INTERCEPTED)
		return arena_printf(r->judged,
		    _("The secure connection to %1$s is opened and read %2$s, "
		      "which the product will not accept. The certificate "
		      "comes from %3$s. %4$s"),
		    flow, zone_phrase(r, v->zone), whose, proof_of(r, o));
	if (v->cause == CAUSE_TLS_NAME_MISMATCH)
		return arena_printf(r->judged,
		    _("The server that answered for %1$s has a certificate for "
		      "another name: %2$s. Either the connection is "
		      "redirected, or the vendor's server is set up wrongly."),
		    flow, detail_text(o, "subject"));
	return arena_printf(r->judged,
	    _("The certificate of %1$s comes from %2$s, which is not the "
	      "expected authority. Nothing shows whether a device on the way "
	      "made it or the vendor did."),
	    flow, whose);
}

static char *
say_of_dates(struct record *r, const struct observation *o,
    const struct verdict *v)
{
	bool expired = v->cause == CAUSE_TLS_EXPIRED;
	const char *date = detail_text(o, expired ? "not_after" : "not_before");
	char *said;

	said = arena_printf(r->judged,
	    expired ? _("The certificate of %1$s expired on %2$.10s.") :
		      _("The certificate of %1$s is valid only from %2$.10s "
			"on."),
	    flow_of(r, o), date);
	if (v->zone != ZONE_VENDOR)
		return said;
	return arena_printf(r->judged, "%s %s", said,
	    _("It is the vendor's own: authority and name are right, and the "
	      "server holds its key. The network lets the connection "
	      "through."));
}

/* How a hello without a name fared, against one with it. */
static bool
is_answered(const char *how)
{
	return how != NULL && strcmp(how, "reset") != 0 &&
	    strcmp(how, "silence") != 0 && strcmp(how, "unconnected") != 0;
}

static bool
is_cut_by_name(const struct observation *o)
{
	return is_answered(detail_text(o, "hello_nameless"));
}

static bool
is_cut_for_all(const struct observation *o)
{
	const char *how = detail_text(o, "hello_nameless");

	return how != NULL && !is_answered(how) &&
	    strcmp(how, "unconnected") != 0;
}

static char *
say_of_hello(struct record *r, const struct observation *o,
    const struct verdict *v)
{
	bool silent = v->cause == CAUSE_SERVICE_SILENT;
	char *said;

	said = arena_printf(r->judged,
	    silent ? _("%1$s accepts the connection, but the first message of "
		       "a secure connection gets no answer; it is lost %2$s.") :
		     _("The connection to %1$s is cut off %2$s as soon as a "
		       "secure connection begins."),
	    flow_of(r, o), zone_phrase(r, v->zone));
	if (is_cut_by_name(o))
		return arena_printf(r->judged, "%s %s", said,
		    _("Without the name in it the same message is answered, so "
		      "the filter goes by the name."));
	if (is_cut_for_all(o))
		return arena_printf(r->judged, "%s %s", said,
		    _("The same message without the name is not answered "
		      "either, so it is not about the name."));
	return said;
}

static char *
say_of_size(struct record *r, const struct observation *o,
    const struct verdict *v)
{
	return arena_printf(r->judged,
	    _("%1$s accepts the connection, but large packets are lost %2$s "
	      "and nobody is told: twice it stayed silent, and twice it "
	      "answered as soon as only small packets were asked for."),
	    flow_of(r, o), zone_phrase(r, v->zone));
}

char *
trust_say(struct record *r, const struct observation *o,
    const struct verdict *v)
{
	switch (v->cause) {
	case CAUSE_TLS_INTERCEPTED:
	case CAUSE_TLS_UNTRUSTED:
	case CAUSE_TLS_NAME_MISMATCH:
		return say_of_certificate(r, o, v);
	case CAUSE_TLS_EXPIRED:
	case CAUSE_TLS_NOT_YET_VALID:
		return say_of_dates(r, o, v);
	case CAUSE_TLS_RESET_AFTER_HELLO:
	case CAUSE_SERVICE_SILENT:
		return say_of_hello(r, o, v);
	case CAUSE_MTU_BLACKHOLE:
		return say_of_size(r, o, v);
	default:
		return NULL;
	}
}

/* --- what to ask for --- */

static const char *
size_grant(void)
{
	return _("Let the ICMP messages that a packet is too large pass (IPv4 "
		 "type 3 code 4, IPv6 type 2), in both directions, or limit "
		 "the size of TCP segments (MSS clamping) on the router.");
}

static char *
hello_grant(struct record *r, const struct observation *o)
{
	if (is_cut_by_name(o) && o->host != NULL)
		return arena_printf(r->judged,
		    _("Allow the name %s in the filter that reads the names "
		      "in secure connections (SNI)."),
		    o->host);
	return arena_printf(r->judged,
	    _("Allow secure connections (TLS) to %s."), flow_of(r, o));
}

char *
trust_grant(struct record *r, const struct verdict *v)
{
	switch (v->by == NULL ? CAUSE_NONE : v->cause) {
	case CAUSE_TLS_INTERCEPTED:
		return v->zone == ZONE_LAPTOP ?
		    NULL :
		    arena_printf(r->judged,
			_("Exempt this host from TLS inspection: %s."),
			flow_of(r, v->by));
	case CAUSE_TLS_RESET_AFTER_HELLO:
		return hello_grant(r, v->by);
	case CAUSE_SERVICE_SILENT:
		return detail_text(v->by, "handshake") == NULL ?
		    NULL :
		    hello_grant(r, v->by);
	case CAUSE_MTU_BLACKHOLE:
		return arena_strdup(r->judged, size_grant());
	default:
		return NULL;
	}
}

const char *
laptop_advice(void)
{
	return _("Switch off the inspection of secure connections in the "
		 "virus scanner of this laptop, or take another laptop, then "
		 "check again.");
}

/* --- for a whole diagnosis --- */

struct list {
	struct strlist flows;
	size_t most;
};

static void
add_flow(struct record *r, struct list *l, const struct observation *o)
{
	const char *name = o->host != NULL ? o->host : o->address;
	char *flow;

	if (name == NULL)
		return;
	flow = arena_printf(r->judged, "%s:%u", name, (unsigned)o->port);
	if (o->protocol == PROTO_UDP)
		flow = arena_printf(r->judged, "%s/udp", flow);
	if (!strlist_has(&l->flows, flow))
		strlist_add(r->judged, &l->flows, flow);
}

/* By name: what was observed first says nothing. */
static char *
list_text(struct record *r, struct list *l)
{
	char *out = NULL;
	size_t i;

	strlist_sort(&l->flows);
	for (i = 0; i < l->flows.count && i < l->most; i++)
		out = out == NULL ?
		    l->flows.item[i] :
		    arena_printf(r->judged, "%s, %s", out, l->flows.item[i]);
	if (l->flows.count <= l->most)
		return out;
	return arena_printf(r->judged, _("%1$s and %2$zu more"), out,
	    l->flows.count - l->most);
}

/* What came through unopened, by way of a box that opens others. */
static void
find_alone(struct record *r, struct list *l)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (o->nature == NATURE_CONNECTION &&
		    o->rung <= RUNG_TLS_EXPECTED && o->failure == CAUSE_NONE &&
		    detail_text(o, "top_issuer") != NULL &&
		    !address_is_near(r, o->address))
			add_flow(r, l, o);
	}
}

static bool
is_opened(const struct record *r, const struct observation *o)
{
	return is_interception(r, o);
}

static bool
is_cut_hello(const struct record *r, const struct observation *o)
{
	(void)r;
	return detail_text(o, "handshake") != NULL &&
	    (o->failure == CAUSE_TLS_RESET_AFTER_HELLO ||
		o->failure == CAUSE_SERVICE_SILENT);
}

/* Those of d's lines that are meant; returns the first. */
static const struct observation *
find_meant(struct record *r, const struct diagnosis *d,
    bool (*is_meant)(const struct record *, const struct observation *),
    struct list *l)
{
	const struct observation *o, *first = NULL;
	const struct need *n;
	size_t i, k;

	for (i = 0; i < d->explains.count; i++) {
		n = record_need(r, d->explains.item[i]);
		for (k = 0; n != NULL && k < n->probes.count; k++) {
			o = record_observation(r, n->probes.item[k]);
			if (o == NULL || !is_meant(r, o))
				continue;
			first = first == NULL ? o : first;
			add_flow(r, l, o);
		}
	}
	return first;
}

static char *
exemption(struct record *r, const struct diagnosis *d)
{
	struct list opened = {.most = MAX_LISTED}, alone = {.most = MAX_ALONE};
	const struct observation *o = find_meant(r, d, is_opened, &opened);
	char *text;

	if (o == NULL)
		return NULL;
	text = arena_printf(r->judged,
	    _("Exempt these hosts from TLS inspection by %1$s: %2$s."),
	    authority_of(r, o), list_text(r, &opened));
	find_alone(r, &alone);
	if (alone.flows.count == 0)
		return text;
	return arena_printf(r->judged,
	    _("%1$s That exemptions are possible shows in what is left alone "
	      "already: %2$s."),
	    text, list_text(r, &alone));
}

static char *
hello_grants(struct record *r, const struct diagnosis *d)
{
	struct list cut = {.most = MAX_LISTED};
	const struct observation *o = find_meant(r, d, is_cut_hello, &cut);

	if (o == NULL)
		return NULL;
	return arena_printf(r->judged,
	    is_cut_by_name(o) ?
		_("Allow these names in the filter that reads the names in "
		  "secure connections (SNI): %s.") :
		_("Allow secure connections (TLS) to these: %s."),
	    list_text(r, &cut));
}

/* Clock before certificates, but after what hides the servers from it. */
static bool
is_before_clock(enum cause cause)
{
	return cause == CAUSE_NETWORK_CHANGED ||
	    cause == CAUSE_CAPTIVE_PORTAL ||
	    (cause >= CAUSE_DNS_NXDOMAIN && cause <= CAUSE_DNS_REBIND_FILTER);
}

static bool
is_told(const struct record *r, enum cause cause, enum zone zone)
{
	size_t i;

	for (i = 0; i < r->ndiagnoses; i++) {
		if (r->diagnoses[i].cause == cause &&
		    r->diagnoses[i].zone == zone)
			return true;
	}
	return false;
}

/* What is wrong with the laptop is told before certificates are. */
static struct diagnosis *
add_laptop(struct record *r, enum cause cause, char *summary,
    const char *installer)
{
	struct diagnosis d;
	size_t at;

	memset(&d, 0, sizeof d);
	d.cause = cause;
	d.zone = ZONE_LAPTOP;
	d.whose = arena_strdup(r->judged, diagnosis_whose(cause, d.zone));
	d.summary = summary;
	d.advice_installer = arena_strdup(r->judged, installer);
	d.advice_it = d.advice_customer = arena_strdup(r->judged, "");
	arena_push(r->judged, r->diagnoses, r->ndiagnoses);
	for (at = r->ndiagnoses - 1;
	     at > 0 && !is_before_clock(r->diagnoses[at - 1].cause); at--)
		r->diagnoses[at] = r->diagnoses[at - 1];
	r->diagnoses[at] = d;
	return &r->diagnoses[at];
}

/* Its lines fail nowhere, since nothing is known past it; but it is why. */
static void
tell_inspector(struct record *r)
{
	struct strlist ids = {NULL, 0};
	struct diagnosis *d;
	char *many;
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (n->applies && n->outcome == OUTCOME_UNPROVEN &&
		    n->cause == CAUSE_TLS_INTERCEPTED && n->zone == ZONE_LAPTOP)
			strlist_add(r->judged, &ids, n->id);
	}
	if (ids.count == 0 || is_told(r, CAUSE_TLS_INTERCEPTED, ZONE_LAPTOP))
		return;
	many = arena_printf(r->judged,
	    P_("%zu requirement", "%zu requirements", ids.count), ids.count);
	d = add_laptop(r, CAUSE_TLS_INTERCEPTED,
	    arena_printf(r->judged,
		_("A program on this laptop opens and reads secure "
		  "connections before they leave it, and what is behind it "
		  "cannot be seen (%s)."),
		many),
	    laptop_advice());
	d->explains = d->clears = ids;
}

/* Of a line where no time server answers nothing but the silence is known;
 * that the laptop is wrong all the same, others have told. */
static void
tell_clock(struct record *r)
{
	const struct cause_words *w = cause_words(CAUSE_CLOCK_SKEW);

	if (clock_is_off(r) && !is_told(r, CAUSE_CLOCK_SKEW, ZONE_LAPTOP))
		add_laptop(r, CAUSE_CLOCK_SKEW, clock_diagnosis(r, ZONE_LAPTOP),
		    _(w->installer));
}

void
trust_diagnoses(struct record *r)
{
	size_t i;

	for (i = 0; i < r->ndiagnoses; i++) {
		struct diagnosis *d = &r->diagnoses[i];
		char *text = NULL;

		if (d->cause == CAUSE_TLS_INTERCEPTED && d->zone != ZONE_LAPTOP)
			text = exemption(r, d);
		else if (d->cause == CAUSE_TLS_INTERCEPTED) {
			d->advice_installer = arena_strdup(r->judged,
			    laptop_advice());
			text = arena_strdup(r->judged,
			    _("Nothing: the network is not at fault."));
		} else if (d->cause == CAUSE_TLS_RESET_AFTER_HELLO ||
		    d->cause == CAUSE_SERVICE_SILENT)
			text = hello_grants(r, d);
		else if (d->cause == CAUSE_MTU_BLACKHOLE)
			text = arena_strdup(r->judged, size_grant());
		if (text != NULL)
			d->advice_it = text;
		if (d->cause == CAUSE_CLOCK_SKEW && d->zone != ZONE_LAPTOP &&
		    has_wrong_server(r))
			d->advice_installer = arena_strdup(r->judged,
			    wrong_server_advice());
	}
	tell_inspector(r);
	tell_clock(r);
}
