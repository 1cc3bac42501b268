/* SPDX-License-Identifier: MIT */
/* Owns the sample record: every member set, every kind of value used. */
#include "tests/unit/sample_record.h"

#include <errno.h>

#define S(text) arena_strdup(a, text)

static void
fill_site(struct record *r)
{
	struct arena *a = r->arena;

	r->site.name = S("Café Zürich, 2nd floor");
	r->site.address = S("1 Example Street\n8000 Zürich");
	r->site.customer = S("Example AG");
	r->site.project = S("2026-117");
	r->site.customer_contact = S("M. Muster, +41 44 000 00 00");
	r->site.installer_contact = S("office@lights.example");
	r->site.installer = S("Lights & Co");
	r->site.engineer = S("A. Fitter");
	r->site.it_contact = S("helpdesk@customer.example");
	r->site.notes = S("Key at the \"front\" desk\\left.\nSecond line.");
	r->site.device_zone = S("VLAN 30");
	strlist_add(a, &r->products, "zencontrol");
	strlist_add(a, &r->products, "z5");
	record_set_answer(r, "zencontrol", "wifi", "no");
	record_set_answer(r, "z5", "source_range", "unknown");
}

static void
fill_vantage(struct record *r)
{
	struct arena *a = r->arena;
	struct vantage *v = &r->vantage;

	v->hostname = S("laptop");
	v->os = S("Linux 6.1");
	v->interface = S("eth0");
	strlist_add(a, &v->addresses, "192.0.2.10/24");
	strlist_add(a, &v->addresses, "2001:db8::10/64");
	v->gateway = S("192.0.2.1");
	v->gateway_mac = S("02:00:00:00:00:01");
	strlist_add(a, &v->resolvers, "192.0.2.53");
	v->dhcp = S("lease");
	strlist_add(a, &v->warnings, "A VPN is switched on.");
	v->has_ipv6 = true;
	v->clock_source = S("NTP");
}

struct observation
sample_observation(struct record *r, const char *host, uint16_t port)
{
	struct arena *a = r->arena;
	struct observation o = {0};

	o.key = arena_printf(a, "tcp tcp %s:%u @192.0.2.80", host,
	    (unsigned)port);
	o.probe = S("tcp");
	o.host = S(host);
	o.address = S("192.0.2.80");
	o.port = port;
	o.protocol = PROTO_TCP;
	o.started_us = SAMPLE_START_US + 123456;
	o.duration_us = 25011;
	o.source_port = 40001;
	o.nattempts = 2;
	o.attempts = arena_array(a, 2, sizeof *o.attempts);
	o.attempts[0] = (struct attempt){.duration_us = 1000000,
	    .source_port = 40000,
	    .ttl = 2,
	    .result = S("icmp"),
	    .from = S("192.0.2.1"),
	    .icmp_type = 3,
	    .icmp_code = 13,
	    .error = EHOSTUNREACH};
	o.attempts[1] = (struct attempt){.offset_us = 1000000,
	    .duration_us = 25011,
	    .source_port = 40001,
	    .sent = 48,
	    .received = 48,
	    .result = S("accepted"),
	    .icmp_type = -1,
	    .icmp_code = -1};
	o.rung = RUNG_REJECTED;
	o.failure = CAUSE_ADMIN_PROHIBITED;
	o.offender = S("192.0.2.1");
	return o;
}

static void
fill_observations(struct record *r)
{
	struct observation o = sample_observation(r, "a.example", 443);

	o.detail = json_pack("{s:s, s:i, s:[s,n,b], s:{s:s}}", "issuer",
	    "CN=Example", "days", 30, "list", "x", 1, "inner", "k", "v");
	record_add_observation(r, &o);
	json_decref(o.detail);
	o = sample_observation(r, "b.example", 123);
	o.protocol = PROTO_UDP;
	o.rung = RUNG_APP_REPLY;
	o.failure = CAUSE_NONE;
	o.offender = NULL;
	o.host = NULL;
	o.nattempts = 0;
	o.source_port = 0;
	record_add_observation(r, &o);
}

static void
fill_need(struct record *r, const char *id)
{
	struct arena *a = r->arena;
	struct need *n = arena_push(a, r->needs, r->nneeds);
	char *empty = S("");

	*n = (struct need){.id = S(id),
	    .product = S("zencontrol"),
	    .service = S("Cloud"),
	    .application = S("TLS 1.2"),
	    .reason = S("The controllers talk to the cloud."),
	    .breaks_installer = S("Call the IT desk."),
	    .breaks_customer = S("No remote control."),
	    .source = {S("zencontrol.txt"), S("17,23"), NULL},
	    .probe_type = S("tcp"),
	    .applies = true,
	    .summary = empty,
	    .advice_installer = empty,
	    .advice_it = empty,
	    .advice_customer = empty,
	    .outcome = OUTCOME_NOT_RUN,
	    .rung = RUNG_NONE,
	    .required_rung = RUNG_TLS_EXPECTED};
}

static void
fill_wildcard_need(struct record *r)
{
	struct arena *a = r->arena;
	struct need *n;
	struct clause *c;

	fill_need(r, "zencontrol.cloud");
	n = &r->needs[r->nneeds - 1];
	n->step = S("cloud");
	n->ports.range = arena_array(a, 2, sizeof *n->ports.range);
	n->ports.range[0] = (struct port_range){443, 443};
	n->ports.range[1] = (struct port_range){20000, 49000};
	n->ports.count = 2;
	n->to = (struct destination){.kind = DEST_WILDCARD,
	    .name = S("*.example"),
	    .from = S("region"),
	    .depth = 2,
	    .apex = true};
	strlist_add(a, &n->to.examples, "eu.one.example");
	n->group = S("cloud-443");
	c = arena_push(a, n->when.item, n->when.count);
	*c = (struct clause){S("cloud"), CLAUSE_IS, {0}, S("Cloud?"), {0}};
	strlist_add(a, &c->says, "yes");
	strlist_add(a, &c->values, "yes");
	c = arena_push(a, n->when.item, n->when.count);
	*c = (struct clause){S("generation"), CLAUSE_ANY_OF, {0}, NULL, {0}};
	strlist_add(a, &c->values, "gen1");
	strlist_add(a, &c->values, "gen2");
	n->open_question = true;
	n->grant = S("Allow TCP 443 to *.example.");
	n->note = S("To be confirmed.");
	strlist_add(a, &n->needs, "zencontrol.dns");
	n->nspecs = 1;
	n->specs = arena_array(a, 1, sizeof *n->specs);
	n->specs[0] = (struct probe_spec){.key = S("tcp tcp a.example:443"),
	    .type = S("tcp"),
	    .host = S("a.example"),
	    .port = 443,
	    .alpn = S("h2"),
	    .status = 200};
	n->outcome = OUTCOME_FAIL;
	n->rung = RUNG_REJECTED;
	n->cause = CAUSE_ADMIN_PROHIBITED;
	n->zone = ZONE_GATEWAY;
	n->summary = S("192.0.2.1 forbids it.");
	n->advice_it = S("Allow TCP 443 to *.example.");
	strlist_add(a, &n->probes, "o1");
}

static void
fill_diagnoses(struct record *r)
{
	struct arena *a = r->arena;
	struct diagnosis *d = arena_push(a, r->diagnoses, r->ndiagnoses);

	*d = (struct diagnosis){
	    .cause = CAUSE_ADMIN_PROHIBITED,
	    .zone = ZONE_GATEWAY,
	    .whose = S("the IT desk of the site"),
	    .summary = S("The firewall forbids it."),
	    .advice_installer = arena_strdup(a, "Call the desk."),
	    .advice_it = arena_strdup(a, "Allow it."),
	    .advice_customer = arena_strdup(a, "It waits."),
	};
	strlist_add(a, &d->explains, "zencontrol.cloud");
	strlist_add(a, &d->ruled_out, "The name resolves.");
	strlist_add(a, &d->clears, "zencontrol.cloud");
}

static void
fill_people(struct record *r)
{
	struct arena *a = r->arena;

	*arena_push(a, r->packs, r->npacks) = (struct pack_ref){S("zencontrol"),
	    S("zencontrol controllers"), 2026112101,
	    S("0123456789abcdef0123456789abcdef"
	      "0123456789abcdef0123456789abcdef"),
	    S("built-in"), S("zencontrol.txt"), S("2026-11-21")};
	*arena_push(a, r->equipment,
	    r->nequipment) = (struct equipment){S("zencontrol"), S("serial"),
	    S("Serial number"), S("ZC-0001"), S("typed"), SAMPLE_START_US};
	*arena_push(a, r->attestations,
	    r->nattestations) = (struct attestation){S("zencontrol"),
	    S("cloud"), S("led"), S("The status LED is green."), S("skipped"),
	    S("A. Fitter"), SAMPLE_START_US, S("It is not mounted yet.")};
	*arena_push(a, r->declarations,
	    r->ndeclarations) = (struct declaration){PARTY_ACCEPTS,
	    S("B. Owner"), S("Example AG"), S("Not the cellar."),
	    S("I accept it."), SAMPLE_START_US, READY_WITH_DEVIATIONS,
	    SAMPLE_START_US,
	    S("fedcba9876543210fedcba9876543210"
	      "fedcba9876543210fedcba9876543210")};
	*arena_push(a, r->deviations,
	    r->ndeviations) = (struct deviation){S("zencontrol.cloud"),
	    S("B. Owner"), S("Next week."), S("2026-12-01"), S("BO"),
	    SAMPLE_START_US};
}

struct record *
sample_record(void)
{
	struct record *r = record_new();
	struct need *n;

	fill_site(r);
	fill_vantage(r);
	r->started_us = SAMPLE_START_US;
	r->ended_us = SAMPLE_START_US + 60000000;
	r->complete = true;
	fill_observations(r);
	fill_wildcard_need(r);
	fill_need(r, "zencontrol.clock");
	n = &r->needs[r->nneeds - 1];
	n->protocol = PROTO_NONE;
	n->to.kind = DEST_NONE;
	n->applies = false;
	n->outcome = OUTCOME_NOT_APPLICABLE;
	n->source.lines = arena_strdup(r->arena, "");
	n->source.assumed = arena_strdup(r->arena, "Practice needs it.");
	n->unprobed = arena_strdup(r->arena, "No probe covers it yet.");
	fill_diagnoses(r);
	fill_people(r);
	return r;
}
