/* SPDX-License-Identifier: MIT */
/* The probe "dns_server": A of a name straight from a named server, RD=0,
 * over the protocol of the requirement (facts 4, 5.11; RFC 1035 section
 * 4.1.1). An authority answers with authority (AA) and offers no recursion
 * (RA). Where that is not so, the question is sent again with a life of one
 * hop, then two: what answers then stands that near. Detail: "server",
 * "rcode", "addresses", "ttls" (seconds), "aliases", "aa", "ra", "tc",
 * "near_hops" (the life in hops with which a question was still answered),
 * "life_ignored" (but nothing shows that the life counts here, see life.h),
 * "expired_at" (list of addresses where one did not get on). */
#include "core/base/i18n.h"
#include "core/probe/dns_question.h"
#include "core/probe/life.h"

#define NEAR_HOPS 2
#define NEAR_MS 1500

struct server_state {
	struct dns_question q;
	struct dns_question near;
	struct life life;
	json_t *expired;
	int hops;
};

static void
describe(struct probe *p, const struct dns_question *q)
{
	json_t *addresses = json_array(), *ttls = json_array(),
	       *aliases = json_array();
	size_t i;

	for (i = 0; i < q->answer.nrecords; i++) {
		const struct dns_record *r = &q->answer.records[i];

		if (r->type == DNS_TYPE_CNAME) {
			json_array_append_new(aliases, json_string(r->data));
		} else if (r->type == DNS_TYPE_A) {
			json_array_append_new(addresses, json_string(r->data));
			json_array_append_new(ttls,
			    json_integer((json_int_t)r->ttl));
		}
	}
	p->obs.source_port = q->source_port;
	probe_detail_str(p, "rcode", dns_rcode_text(q->answer.rcode));
	probe_detail_bool(p, "aa", q->answer.aa);
	probe_detail_bool(p, "ra", q->answer.ra);
	probe_detail_bool(p, "tc", q->answer.tc);
	json_object_set_new(p->obs.detail, "addresses", addresses);
	json_object_set_new(p->obs.detail, "ttls", ttls);
	json_object_set_new(p->obs.detail, "aliases", aliases);
}

/* An alias answers the question: where it leads may be another's zone. */
static void
server_result(struct probe *p)
{
	struct server_state *s = p->state;
	const struct dns_question *q = &s->q;
	enum cause failure = CAUSE_NONE;

	if (dns_answer_first(&q->answer, DNS_TYPE_A) == NULL &&
	    dns_answer_first(&q->answer, DNS_TYPE_CNAME) == NULL)
		failure = q->answer.tc ? CAUSE_DNS_TIMEOUT :
					 dns_rcode_cause(q->answer.rcode);
	probe_finish(p, RUNG_APP_REPLY, failure);
}

static void on_near(void *arg);

static void
ask_near(struct probe *p)
{
	struct server_state *s = p->state;
	struct dns_question_setup setup = s->q.setup;

	setup.tcp = p->obs.protocol == PROTO_TCP;
	setup.ttl = ++s->hops;
	setup.tries = 1;
	setup.silence_ms = NEAR_MS;
	setup.done = on_near;
	dns_question_ask(&s->near, &setup);
}

static void
on_life(struct probe *p, bool counts)
{
	struct server_state *s = p->state;

	if (!counts)
		probe_detail_bool(p, "life_ignored", true);
	json_object_set(p->obs.detail, "expired_at", s->expired);
	server_result(p);
}

static void
on_near(void *arg)
{
	struct probe *p = arg;
	struct server_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	if (s->near.result == DNS_ANSWERED) {
		probe_detail_int(p, "near_hops", s->hops);
		life_ask(&s->life, p, s->hops, on_life);
		return;
	}
	if (s->near.result == DNS_ICMP && s->near.icmp.offender.len != 0)
		json_array_append_new(s->expired,
		    json_string(addr_text(&s->near.icmp.offender, text)));
	if (s->hops < NEAR_HOPS) {
		ask_near(p);
		return;
	}
	json_object_set(p->obs.detail, "expired_at", s->expired);
	server_result(p);
}

static void
on_answer(void *arg)
{
	struct probe *p = arg;
	struct server_state *s = p->state;
	enum rung rung;
	enum cause failure;
	char text[ADDR_TEXT_SIZE];

	probe_detail_str(p, "server", addr_text(&s->q.server, text));
	if (s->q.result != DNS_ANSWERED) {
		dns_question_failure(&s->q, &rung, &failure);
		probe_finish(p, rung, failure);
		return;
	}
	describe(p, &s->q);
	if (s->q.answer.aa && !s->q.answer.ra)
		server_result(p);
	else
		ask_near(p);
}

static void
server_start(struct probe *p)
{
	struct server_state *s = mem_alloc(sizeof *s);
	struct addr to = p->to;
	struct dns_question_setup setup = {
	    .probe = p,
	    .server = &p->to,
	    .name = p->spec->host,
	    .type = DNS_TYPE_A,
	    .tcp = p->obs.protocol == PROTO_TCP,
	    .tries = DNS_TRIES,
	    .silence_ms = DNS_SILENCE_MS,
	    .done = on_answer,
	    .arg = p,
	};

	addr_set_port(&to, DNS_PORT);
	p->to = to;
	p->state = s;
	s->expired = json_array();
	dns_question_ask(&s->q, &setup);
}

static void
server_stop(struct probe *p)
{
	struct server_state *s = p->state;

	dns_question_close(&s->q);
	dns_question_close(&s->near);
	life_stop(&s->life);
	json_decref(s->expired);
	mem_free(s);
}

const struct probe_type probe_dns_server = {
    .name = "dns_server",
    .shape = SHAPE_NAMES_AT,
    .nature = NATURE_NAME_SERVER,
    .label = N_("DNS server"),
    .sends = N_("It asks a named DNS server directly; if the answer is not "
		"its own, twice again with a life of a few hops, and if "
		"that is answered, it sends a packet that can only expire."),
    .reaches = "itself:33434/udp",
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_UDP,
    .flows = DNS_TRIES + 2 + NEAR_HOPS,
    .packets = (DNS_TRIES + NEAR_HOPS) * DNS_TCP_PACKETS + LIFE_PACKETS,
    .bytes = (DNS_TRIES + NEAR_HOPS) * DNS_TCP_BYTES + LIFE_BYTES,
    .longest_ms = DNS_SILENCE_MS + NEAR_HOPS * NEAR_MS + LIFE_MS,
    .start = server_start,
    .stop = server_stop,
};
