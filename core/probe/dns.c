/* SPDX-License-Identifier: MIT */
/* The probe "dns": A and AAAA of a name through the site's resolver, over the
 * protocol of the requirement (facts 5.11). Detail: "server", "rcode",
 * "addresses", "ttls" (seconds), "aliases", "aa", "ra", "tc" (cut short),
 * "tcp_failed" (and not to be had over TCP), "aaaa_rcode", "passed_over" (the
 * site's servers that were asked before and had not answered). */
#include "core/base/i18n.h"
#include "core/probe/dns_question.h"

#define TIMES 2 /* that a name is asked for */

struct dns_state {
	struct dns_question q[2]; /* A, AAAA */
	struct event *grace;
	bool again; /* asked a second time */
	bool finished;
};

static void
add_answers(const struct dns_question *q, json_t *addresses, json_t *ttls,
    json_t *aliases)
{
	size_t i;

	for (i = 0;
	     q->done && q->result == DNS_ANSWERED && i < q->answer.nrecords;
	     i++) {
		const struct dns_record *r = &q->answer.records[i];

		if (r->type == DNS_TYPE_CNAME) {
			json_array_append_new(aliases, json_string(r->data));
		} else if (r->type == q->setup.type) {
			json_array_append_new(addresses, json_string(r->data));
			json_array_append_new(ttls,
			    json_integer((json_int_t)r->ttl));
		}
	}
}

/* What was cut short and cannot be had whole says nothing of the name. */
static enum cause
no_address(const struct dns_question *a)
{
	return a->answer.tc ? CAUSE_DNS_TIMEOUT :
			      dns_rcode_cause(a->answer.rcode);
}

static void
conclude(struct probe *p)
{
	struct dns_state *s = p->state;
	struct dns_question *a = &s->q[0], *b = &s->q[1];
	json_t *addresses = json_array(), *ttls = json_array(),
	       *aliases = json_array(), *passed_over;
	char text[ADDR_TEXT_SIZE];
	enum rung rung;
	enum cause failure;
	size_t n;

	s->finished = true;
	dns_question_stop(a);
	dns_question_stop(b);
	add_answers(a, addresses, ttls, aliases);
	add_answers(b, addresses, ttls, aliases);
	n = json_array_size(addresses);
	json_object_set_new(p->obs.detail, "addresses", addresses);
	json_object_set_new(p->obs.detail, "ttls", ttls);
	json_object_set_new(p->obs.detail, "aliases", aliases);
	passed_over = dns_question_passed_over(a);
	if (json_array_size(passed_over) > 0)
		json_object_set(p->obs.detail, "passed_over", passed_over);
	json_decref(passed_over);
	if (a->server.len != 0)
		probe_detail_str(p, "server", addr_text(&a->server, text));
	if (b->result == DNS_ANSWERED)
		probe_detail_str(p, "aaaa_rcode",
		    dns_rcode_text(b->answer.rcode));
	if (a->result != DNS_ANSWERED) {
		dns_question_failure(a, &rung, &failure);
		probe_finish(p, rung, failure);
		return;
	}
	p->obs.source_port = a->source_port;
	probe_detail_str(p, "rcode", dns_rcode_text(a->answer.rcode));
	probe_detail_bool(p, "aa", a->answer.aa);
	probe_detail_bool(p, "ra", a->answer.ra);
	probe_detail_bool(p, "tc", a->answer.tc);
	if (a->tcp_failed)
		probe_detail_bool(p, "tcp_failed", true);
	probe_finish(p, RUNG_APP_REPLY, n > 0 ? CAUSE_NONE : no_address(a));
}

static void ask(struct probe *p, int which);

/* A server that answers other questions does not do so for this one: on a
 * poor line it may not have heard from its own. */
static bool
ask_again(struct probe *p)
{
	struct dns_state *s = p->state;
	int i;

	if (s->again || s->q[0].result != DNS_TIMEOUT ||
	    p->obs.protocol == PROTO_TCP ||
	    !dns_was_heard(p->env->pace, &s->q[0].server))
		return false;
	s->again = true;
	for (i = 0; i < 2; i++) {
		if (s->q[i].result == DNS_TIMEOUT)
			ask(p, i);
	}
	return true;
}

/* The addresses are here; the other family gets a moment more, and is told
 * as silent after that. */
static void
on_question(void *arg)
{
	struct probe *p = arg;
	struct dns_state *s = p->state;
	struct timeval tv = {DNS_STEP_MS / 1000, DNS_STEP_MS % 1000 * 1000};

	if (s->finished)
		return;
	if (s->q[0].done && s->q[1].done) {
		if (!ask_again(p))
			conclude(p);
	} else if (s->q[0].done && s->q[0].result == DNS_ANSWERED)
		evtimer_add(s->grace, &tv);
}

static void
on_grace(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct dns_state *s = p->state;

	(void)fd;
	(void)what;
	if (!s->finished)
		conclude(p);
}

static void
ask(struct probe *p, int which)
{
	static const int types[] = {DNS_TYPE_A, DNS_TYPE_AAAA};
	struct dns_state *s = p->state;
	struct dns_question_setup setup = {
	    .probe = p,
	    .name = p->spec->host,
	    .type = types[which],
	    .tcp = p->obs.protocol == PROTO_TCP,
	    .tries = DNS_TRIES,
	    .silence_ms = DNS_SILENCE_MS,
	    .done = on_question,
	    .arg = p,
	};

	dns_question_ask(&s->q[which], &setup);
}

static void
dns_start(struct probe *p)
{
	struct dns_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->grace = evtimer_new(p->env->base, on_grace, p);
	ask(p, 0);
	ask(p, 1);
}

static void
dns_stop(struct probe *p)
{
	struct dns_state *s = p->state;

	dns_question_close(&s->q[0]);
	dns_question_close(&s->q[1]);
	event_free(s->grace);
	mem_free(s);
}

const struct probe_type probe_dns = {
    .name = "dns",
    .shape = SHAPE_NAMES,
    .nature = NATURE_NAME,
    .label = N_("Name"),
    .sends = N_("It asks the site's DNS server for the addresses of a "
		"name."),
    .carrier = PROTO_UDP,
    .flows = 2 * TIMES * (DNS_TRIES + 1),
    .packets = 2 * TIMES * DNS_TRIES * DNS_TCP_PACKETS,
    .bytes = 2 * TIMES * DNS_TRIES * DNS_TCP_BYTES,
    .longest_ms = TIMES * DNS_SILENCE_MS,
    .at_once = 6, /* small resolvers take no more (dnsmasq: 20 by TCP) */
    .start = dns_start,
    .stop = dns_stop,
};
