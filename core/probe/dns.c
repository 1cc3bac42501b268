/* SPDX-License-Identifier: MIT */
/* The probes "dns" (A and AAAA through the site's resolver) and "dns_server"
 * (A straight to a named server, RD=0, over UDP or TCP). Detail: "server",
 * "rcode", "addresses", "ttls", "aliases", "aa", "ra", "tc", "aaaa_rcode". */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/dns.h"
#include "core/probe/probe.h"

#define NTRIES 3
#define STEP_MS 1100 /* between attempts; each stays open */
#define ALL_MS 3500  /* then it is silence */
/* A question over TCP: the handshake, it, the close; some are sent again. */
#define TCP_PACKETS 9
#define TCP_BYTES (TCP_PACKETS * 80 + 2 + 12 + 255 + 4)
#define AGAIN_MS 200 /* before a refusal is asked again */

struct question { /* one record type, all its attempts */
	struct probe *probe;
	int type;
	struct dns_query *query[NTRIES + 1]; /* one more over TCP */
	int nqueries;
	struct event *next;
	bool done;
	enum dns_result result;
	struct dns_answer answer;
	struct icmp_error icmp;
};

struct dns_state {
	struct question q[2]; /* A, AAAA */
	int nq;
	struct event *deadline;
	char server[ADDR_TEXT_SIZE];
};

static const char *const rcode_name[16] = {
    "NOERROR",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
};

static const char *
rcode_text(int rcode)
{
	return rcode_name[rcode] != NULL ? rcode_name[rcode] : "OTHER";
}

static bool
is_direct(const struct probe *p)
{
	return p->type->needs_address;
}

static void ask(struct question *q, bool tcp);

static void
add_answers(const struct question *q, json_t *addresses, json_t *ttls,
    json_t *aliases)
{
	size_t i;

	for (i = 0;
	     q->done && q->result == DNS_ANSWERED && i < q->answer.nrecords;
	     i++) {
		const struct dns_record *r = &q->answer.records[i];

		if (r->type == DNS_TYPE_CNAME) {
			json_array_append_new(aliases, json_string(r->data));
		} else if (r->type == q->type) {
			json_array_append_new(addresses, json_string(r->data));
			json_array_append_new(ttls,
			    json_integer((json_int_t)r->ttl));
		}
	}
}

static enum cause
rcode_cause(const struct dns_answer *a)
{
	switch (a->rcode) {
	case DNS_NOERROR:
	case DNS_NXDOMAIN:
		return CAUSE_DNS_NXDOMAIN; /* or no address at all */
	case DNS_REFUSED:
	case DNS_NOTIMP:
		return CAUSE_DNS_REFUSED;
	default:
		return CAUSE_DNS_SERVFAIL;
	}
}

static void
conclude(struct probe *p)
{
	struct dns_state *s = p->state;
	struct question *a = &s->q[0];
	json_t *addresses = json_array(), *ttls = json_array(),
	       *aliases = json_array();
	size_t n;

	add_answers(a, addresses, ttls, aliases);
	if (s->nq > 1)
		add_answers(&s->q[1], addresses, ttls, aliases);
	n = json_array_size(addresses);
	json_object_set_new(p->obs.detail, "addresses", addresses);
	json_object_set_new(p->obs.detail, "ttls", ttls);
	json_object_set_new(p->obs.detail, "aliases", aliases);
	probe_detail_str(p, "server", s->server);
	if (s->nq > 1 && s->q[1].done && s->q[1].result == DNS_ANSWERED)
		probe_detail_str(p, "aaaa_rcode",
		    rcode_text(s->q[1].answer.rcode));
	if (!a->done) {
		probe_finish(p, RUNG_SILENCE, CAUSE_DNS_TIMEOUT);
		return;
	}
	switch (a->result) {
	case DNS_ANSWERED:
		probe_detail_str(p, "rcode", rcode_text(a->answer.rcode));
		probe_detail_bool(p, "aa", a->answer.aa);
		probe_detail_bool(p, "ra", a->answer.ra);
		probe_detail_bool(p, "tc", a->answer.tc);
		probe_finish(p, RUNG_APP_REPLY,
		    n > 0 ? CAUSE_NONE : rcode_cause(&a->answer));
		break;
	case DNS_ICMP:
		probe_finish(p, RUNG_REJECTED, probe_icmp_cause(&a->icmp));
		break;
	case DNS_CONN_FAILED:
		probe_finish(p, RUNG_REJECTED, CAUSE_TCP_RESET);
		break;
	case DNS_MALFORMED:
		probe_finish(p, RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL);
		break;
	case DNS_LOCAL_ERROR:
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_NET_UNREACHABLE);
		break;
	default:
		probe_finish(p, RUNG_SILENCE, CAUSE_DNS_TIMEOUT);
	}
}

static void
note(struct question *q, const struct dns_exchange *x)
{
	static const char *const word[] = {
	    [DNS_ANSWERED] = "reply",
	    [DNS_TIMEOUT] = "silence",
	    [DNS_ICMP] = "icmp",
	    [DNS_CONN_FAILED] = "reset",
	    [DNS_MALFORMED] = "malformed",
	    [DNS_LOCAL_ERROR] = "error",
	};
	struct probe *p = q->probe;
	struct attempt *t = probe_add_attempt(p, x->start_us, x->end_us,
	    word[x->result]);

	t->source_port = x->source_port;
	t->sent = x->sent;
	t->received = x->received;
	t->error = x->error;
	if (x->result == DNS_ICMP)
		probe_add_icmp(p, t, &x->icmp);
	if (x->result == DNS_ANSWERED)
		p->obs.source_port = x->source_port;
}

static void
question_done(struct question *q)
{
	struct probe *p = q->probe;
	struct dns_state *s = p->state;
	struct timeval tv = {STEP_MS / 1000, STEP_MS % 1000 * 1000};
	int i;

	q->done = true;
	event_del(q->next);
	for (i = 0; i < s->nq; i++) {
		if (!s->q[i].done) {
			/* The addresses are here; the other family gets a
			 * moment more, and is told as silent after that. */
			if (q == &s->q[0] && q->result == DNS_ANSWERED)
				evtimer_add(s->deadline, &tv);
			return;
		}
	}
	conclude(p);
}

static void
on_exchange(void *arg, const struct dns_exchange *x)
{
	struct question *q = arg;
	struct timeval again = {0, AGAIN_MS * 1000};
	bool bad = x->result != DNS_ANSWERED ||
	    x->answer.rcode == DNS_SERVFAIL || x->answer.rcode == DNS_REFUSED;

	note(q, x);
	if (q->done)
		return;
	if (x->result == DNS_TIMEOUT)
		return; /* the next attempt is on its way */
	/* A truncated answer is better than none over TCP. */
	if (x->result != DNS_ANSWERED && q->result == DNS_ANSWERED &&
	    q->answer.tc) {
		question_done(q);
		return;
	}
	q->result = x->result;
	q->answer = x->answer;
	q->icmp = x->icmp;
	if (x->result == DNS_ANSWERED && x->answer.tc &&
	    q->nqueries <= NTRIES && q->probe->obs.protocol == PROTO_UDP) {
		ask(q, true);
		event_del(q->next);
	} else if (bad && q->nqueries < 2) {
		event_del(q->next);
		evtimer_add(q->next, &again);
	} else {
		question_done(q);
	}
}

static bool
server_of(struct probe *p, int try, struct addr *out)
{
	const struct strlist *l = &p->env->vantage->resolvers;

	if (is_direct(p)) {
		*out = p->to;
		addr_set_port(out, 53);
		return true;
	}
	return l->count > 0 &&
	    addr_parse(out, l->item[(size_t)try % l->count], 53);
}

static void
ask(struct question *q, bool tcp)
{
	struct probe *p = q->probe;
	struct dns_state *s = p->state;
	struct timeval tv = {STEP_MS / 1000, STEP_MS % 1000 * 1000};
	struct dns_setup setup = {
	    .base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .tcp = tcp,
	    .recurse = !is_direct(p),
	    .name = p->spec->host,
	    .type = q->type,
	    .timeout_ms = ALL_MS,
	    .done = on_exchange,
	    .arg = q,
	};

	if (!server_of(p, q->nqueries, &setup.server)) {
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_DNS_TIMEOUT);
		return;
	}
	addr_text(&setup.server, s->server);
	q->query[q->nqueries++] = dns_ask(p->arena, &setup);
	if (q->nqueries < NTRIES)
		evtimer_add(q->next, &tv);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct question *q = arg;

	(void)fd;
	(void)what;
	if (q->nqueries == 1)
		probe_is_slow(q->probe);
	ask(q, q->probe->obs.protocol == PROTO_TCP);
}

/* When the first question really went out; 0 = it still waits its turn. */
static int64_t
first_sent(const struct dns_state *s)
{
	struct dns_exchange x;
	int i, k;

	for (i = 0; i < s->nq; i++) {
		for (k = 0; k < s->q[i].nqueries; k++) {
			/* One that ended a moment ago counts as well. */
			dns_pending(s->q[i].query[k], &x);
			if (x.start_us != 0)
				return x.start_us;
		}
	}
	return 0;
}

/* Questions still open have been silent so far. */
static void
note_pending(struct question *q)
{
	struct dns_exchange x;
	int k;

	for (k = 0; k < q->nqueries; k++) {
		if (dns_pending(q->query[k], &x))
			note(q, &x);
	}
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct dns_state *s = p->state;
	int64_t sent = first_sent(s), left;
	struct timeval tv;
	int i;

	(void)fd;
	(void)what;
	left = ALL_MS * 1000 - (sent == 0 ? 0 : clock_mono_us() - sent);
	if (!s->q[0].done && left > 20000) {
		tv.tv_sec = left / 1000000;
		tv.tv_usec = left % 1000000;
		evtimer_add(s->deadline, &tv);
		return;
	}
	for (i = 0; i < s->nq; i++)
		note_pending(&s->q[i]);
	/* A refusal that was to be asked again still counts. */
	if (s->q[0].result != DNS_TIMEOUT)
		s->q[0].done = true;
	conclude(p);
}

static void
dns_begin(struct probe *p, int nq)
{
	static const int types[] = {DNS_TYPE_A, DNS_TYPE_AAAA};
	struct dns_state *s = mem_alloc(sizeof *s);
	struct timeval tv = {ALL_MS / 1000, ALL_MS % 1000 * 1000};
	int i;

	p->state = s;
	s->nq = nq;
	s->deadline = evtimer_new(p->env->base, on_deadline, p);
	evtimer_add(s->deadline, &tv);
	for (i = 0; i < nq; i++) {
		s->q[i].probe = p;
		s->q[i].type = types[i];
		s->q[i].result = DNS_TIMEOUT;
		s->q[i].next = evtimer_new(p->env->base, on_next, &s->q[i]);
		ask(&s->q[i], p->obs.protocol == PROTO_TCP);
	}
}

static void
dns_start(struct probe *p)
{
	dns_begin(p, 2);
}

static void
dns_server_start(struct probe *p)
{
	dns_begin(p, 1);
}

static void
dns_stop(struct probe *p)
{
	struct dns_state *s = p->state;
	int i, k;

	for (i = 0; i < s->nq; i++) {
		for (k = 0; k < s->q[i].nqueries; k++)
			dns_close(s->q[i].query[k]);
		if (s->q[i].next != NULL)
			event_free(s->q[i].next);
	}
	event_free(s->deadline);
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
    .flows = 2 * (NTRIES + 1),
    .packets = 2 * NTRIES * TCP_PACKETS,
    .bytes = 2 * NTRIES * TCP_BYTES,
    .longest_ms = ALL_MS,
    .at_once = 6, /* small resolvers take no more (dnsmasq: 20 by TCP) */
    .start = dns_start,
    .stop = dns_stop,
};

const struct probe_type probe_dns_server = {
    .name = "dns_server",
    .shape = SHAPE_NAMES_AT,
    .nature = NATURE_NAME_SERVER,
    .label = N_("DNS server"),
    .sends = N_("It asks a named DNS server directly."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_UDP,
    .flows = NTRIES + 1,
    .packets = NTRIES * TCP_PACKETS,
    .bytes = NTRIES * TCP_BYTES,
    .longest_ms = ALL_MS,
    .start = dns_server_start,
    .stop = dns_stop,
};
