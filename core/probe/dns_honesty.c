/* SPDX-License-Identifier: MIT */
/* The probes "dns_honesty" and "dns_redirect" (facts 5.11).
 *
 * dns_honesty asks the site's resolver for two names that cannot exist,
 * random labels under "invalid" (RFC 6761 section 6.4) and under
 * "example.com" (RFC 2606 section 3), with EDNS (RFC 6891). An address in
 * the answer was invented. No OPT in the answer, or FORMERR, is told and
 * harmless. Detail: "server", "names", "rcodes", "invented" (addresses),
 * "edns" (an OPT record came), "edns_size" (bytes), "warn".
 *
 * dns_redirect sends a question to an address where no DNS server is; `want`
 * names it, in the pack's words: the literal of a host of the product. An
 * answer comes from who redirects port 53. That host's own refusal, or one
 * with a life of two hops that comes back from beyond the gateway, shows that
 * it is let out as it is. Detail: "answered_as" (rcode), "near_hops",
 * "passed" (refused there, or expired beyond the gateway), "expired_at",
 * "about". */
#include <stdio.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/probe/dns_question.h"

#define NAMES 2
#define REDIRECT_TRIES 2
#define REDIRECT_MS 2500
#define EXPIRE_HOPS 2

struct honesty_state {
	struct dns_question q[NAMES];
	char name[NAMES][48];
};

/* A label that nobody has: 60 random bits. */
static void
random_name(char *out, size_t size, const char *below)
{
	static const char letter[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t r[12];
	char label[13] = "";
	size_t i;

	random_bytes(r, sizeof r);
	for (i = 0; i < 12; i++)
		label[i] = letter[r[i] % 32];
	snprintf(out, size, "%s.%s", label, below);
}

/* --- dns_honesty --- */

static void
tell(struct probe *p, const struct dns_question *q, json_t *names,
    json_t *rcodes, json_t *invented)
{
	size_t i;

	json_array_append_new(names, json_string(q->setup.name));
	if (q->result != DNS_ANSWERED) {
		json_array_append_new(rcodes, json_string(""));
		return;
	}
	json_array_append_new(rcodes,
	    json_string(dns_rcode_text(q->answer.rcode)));
	for (i = 0; i < q->answer.nrecords; i++) {
		if (q->answer.records[i].type == DNS_TYPE_A)
			json_array_append_new(invented,
			    json_string(q->answer.records[i].data));
	}
	probe_detail_bool(p, "edns", q->answer.edns);
	if (q->answer.edns)
		probe_detail_int(p, "edns_size", q->answer.edns_size);
}

static void
honesty_result(struct probe *p)
{
	struct honesty_state *s = p->state;
	json_t *names = json_array(), *rcodes = json_array(),
	       *invented = json_array();
	char text[ADDR_TEXT_SIZE];
	enum rung rung;
	enum cause failure;
	size_t n;
	int i, answered = 0;

	for (i = 0; i < NAMES; i++) {
		tell(p, &s->q[i], names, rcodes, invented);
		answered += s->q[i].result == DNS_ANSWERED;
	}
	n = json_array_size(invented);
	json_object_set_new(p->obs.detail, "names", names);
	json_object_set_new(p->obs.detail, "rcodes", rcodes);
	json_object_set_new(p->obs.detail, "invented", invented);
	if (s->q[0].server.len != 0)
		probe_detail_str(p, "server", addr_text(&s->q[0].server, text));
	/* The names of the products are looked up all the same. */
	probe_detail_bool(p, "warn", true);
	if (answered == 0) {
		dns_question_failure(&s->q[0], &rung, &failure);
		probe_finish(p, rung, failure);
		return;
	}
	probe_finish(p, RUNG_APP_REPLY,
	    n > 0 ? CAUSE_DNS_REWRITTEN : CAUSE_NONE);
}

static void
on_honesty(void *arg)
{
	struct probe *p = arg;
	struct honesty_state *s = p->state;
	int i;

	for (i = 0; i < NAMES; i++) {
		if (!s->q[i].done)
			return;
	}
	honesty_result(p);
}

static void
honesty_start(struct probe *p)
{
	static const char *const below[NAMES] = {"invalid", "example.com"};
	struct honesty_state *s = mem_alloc(sizeof *s);
	struct dns_question_setup setup = {
	    .probe = p,
	    .type = DNS_TYPE_A,
	    .edns = true,
	    .tries = DNS_TRIES,
	    .silence_ms = DNS_SILENCE_MS,
	    .done = on_honesty,
	    .arg = p,
	};
	int i;

	p->state = s;
	for (i = 0; i < NAMES; i++) {
		random_name(s->name[i], sizeof s->name[i], below[i]);
		setup.name = s->name[i];
		dns_question_ask(&s->q[i], &setup);
	}
}

static void
honesty_stop(struct probe *p)
{
	struct honesty_state *s = p->state;
	int i;

	for (i = 0; i < NAMES; i++)
		dns_question_close(&s->q[i]);
	mem_free(s);
}

const struct probe_type probe_dns_honesty = {
    .name = "dns_honesty",
    .shape = SHAPE_SITE,
    .nature = NATURE_NAME,
    .label = N_("Names that do not exist"),
    .sends = N_("It asks the site's DNS server for two names that cannot "
		"exist."),
    .whom = N_("the site's DNS server"),
    .reaches = "resolver:53/udp",
    .carrier = PROTO_UDP,
    .flows = NAMES * (DNS_TRIES + 1),
    .packets = NAMES * (DNS_TRIES + DNS_TCP_PACKETS),
    .bytes = NAMES * (DNS_TRIES * DNS_UDP_BYTES + DNS_TCP_BYTES),
    .longest_ms = DNS_SILENCE_MS,
    .start = honesty_start,
    .stop = honesty_stop,
};

/* --- dns_redirect --- */

struct redirect_state {
	struct dns_question whole;
	struct dns_question expiring;
	struct dns_question near;
	struct addr to;
	char name[48];
};

static bool
is_expired_beyond(const struct probe *p, const struct dns_question *q)
{
	char text[ADDR_TEXT_SIZE];
	const char *gateway = p->env->vantage->gateway;

	return q->result == DNS_ICMP && q->icmp.type == 11 &&
	    q->icmp.offender.len != 0 && gateway != NULL &&
	    strcmp(addr_text(&q->icmp.offender, text), gateway) != 0;
}

/* The host itself says that nothing listens there. */
static bool
is_refused_there(const struct redirect_state *s)
{
	const struct icmp_error *e = &s->whole.icmp;

	return s->whole.result == DNS_ICMP && e->offender.len != 0 &&
	    addr_equal(&e->offender, &s->to);
}

static void
redirect_result(struct probe *p)
{
	struct redirect_state *s = p->state;
	bool passed = is_expired_beyond(p, &s->expiring) || is_refused_there(s);
	char text[ADDR_TEXT_SIZE];
	enum rung rung;
	enum cause failure;

	probe_detail_bool(p, "passed", passed);
	if (s->expiring.result == DNS_ICMP &&
	    s->expiring.icmp.offender.len != 0)
		probe_detail_str(p, "expired_at",
		    addr_text(&s->expiring.icmp.offender, text));
	if (s->near.done && s->near.result == DNS_ANSWERED)
		probe_detail_int(p, "near_hops", 1);
	else if (s->expiring.result == DNS_ANSWERED)
		probe_detail_int(p, "near_hops", EXPIRE_HOPS);
	if (s->whole.result == DNS_ANSWERED ||
	    s->expiring.result == DNS_ANSWERED) {
		probe_finish(p, RUNG_APP_REPLY, CAUSE_DNS_INTERCEPTED);
		return;
	}
	if (passed) {
		p->obs.offender = NULL;
		probe_finish(p, RUNG_PASSED_GATEWAY, CAUSE_NONE);
		return;
	}
	/* Nobody answered, so nobody redirects; whether it was let out is
	 * not known. */
	dns_question_failure(&s->whole, &rung, &failure);
	probe_finish(p, rung, rung == RUNG_LOCAL_ERROR ? failure : CAUSE_NONE);
}

static void
on_redirect(void *arg)
{
	struct probe *p = arg;
	struct redirect_state *s = p->state;
	struct dns_question_setup setup;

	if (!s->whole.done || !s->expiring.done)
		return;
	if (s->near.setup.probe != NULL) {
		if (s->near.done)
			redirect_result(p);
		return;
	}
	if (s->whole.result != DNS_ANSWERED &&
	    s->expiring.result != DNS_ANSWERED) {
		redirect_result(p);
		return;
	}
	probe_detail_str(p, "answered_as",
	    dns_rcode_text(s->whole.result == DNS_ANSWERED ?
		    s->whole.answer.rcode :
		    s->expiring.answer.rcode));
	setup = s->expiring.setup;
	setup.ttl = 1;
	dns_question_ask(&s->near, &setup);
}

static void
redirect_start(struct probe *p)
{
	struct redirect_state *s = mem_alloc(sizeof *s);
	struct dns_question_setup setup = {
	    .probe = p,
	    .server = &s->to,
	    .name = s->name,
	    .type = DNS_TYPE_A,
	    .tries = REDIRECT_TRIES,
	    .silence_ms = REDIRECT_MS,
	    .done = on_redirect,
	    .arg = p,
	};

	p->state = s;
	random_name(s->name, sizeof s->name, "invalid");
	if (p->spec->want == NULL ||
	    !addr_parse(&s->to, p->spec->want, DNS_PORT)) {
		probe_detail_str(p, "why", "no_address");
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
		return;
	}
	probe_detail_str(p, "about", p->spec->want);
	dns_question_ask(&s->whole, &setup);
	setup.ttl = EXPIRE_HOPS;
	dns_question_ask(&s->expiring, &setup);
}

static void
redirect_stop(struct probe *p)
{
	struct redirect_state *s = p->state;

	dns_question_close(&s->whole);
	dns_question_close(&s->expiring);
	dns_question_close(&s->near);
	mem_free(s);
}

const struct probe_type probe_dns_redirect = {
    .name = "dns_redirect",
    .shape = SHAPE_SITE,
    .nature = NATURE_CONDITION,
    .label = N_("Redirected DNS"),
    .sends = N_("It sends DNS questions to an address where no DNS server "
		"is; nobody should answer."),
    .reaches = "want:53/udp",
    .carrier = PROTO_UDP,
    .flows = 3 * REDIRECT_TRIES,
    .packets = 3 * REDIRECT_TRIES,
    .bytes = 3 * REDIRECT_TRIES * DNS_UDP_BYTES,
    .longest_ms = 2 * REDIRECT_MS,
    .start = redirect_start,
    .stop = redirect_stop,
};
