/* SPDX-License-Identifier: MIT */
/* Owns one DNS question of a probe with all its attempts. */
#include "core/probe/dns_question.h"

#include <string.h>

#include "core/base/clock.h"

#define AGAIN_MS 200 /* before a refusal is asked again */

static void send_next(struct dns_question *q, bool tcp);

const char *
dns_rcode_text(int rcode)
{
	static const char *const name[] = {
	    [DNS_NOERROR] = "NOERROR",
	    [DNS_FORMERR] = "FORMERR",
	    [DNS_SERVFAIL] = "SERVFAIL",
	    [DNS_NXDOMAIN] = "NXDOMAIN",
	    [DNS_NOTIMP] = "NOTIMP",
	    [DNS_REFUSED] = "REFUSED",
	};

	return rcode >= 0 && (size_t)rcode < sizeof name / sizeof *name ?
	    name[rcode] :
	    "OTHER";
}

enum cause
dns_rcode_cause(int rcode)
{
	switch (rcode) {
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

bool
dns_answer_has(const struct dns_answer *a, int type, const char *data)
{
	size_t i;

	for (i = 0; i < a->nrecords; i++) {
		if (a->records[i].type == type &&
		    strcmp(a->records[i].data, data) == 0)
			return true;
	}
	return false;
}

const char *
dns_answer_first(const struct dns_answer *a, int type)
{
	size_t i;

	for (i = 0; i < a->nrecords; i++) {
		if (a->records[i].type == type)
			return a->records[i].data;
	}
	return NULL;
}

bool
dns_question_is_good(const struct dns_question *q)
{
	return q->done && q->result == DNS_ANSWERED &&
	    q->answer.rcode == DNS_NOERROR;
}

void
dns_question_failure(const struct dns_question *q, enum rung *rung,
    enum cause *failure)
{
	*rung = RUNG_REJECTED;
	switch (q->done ? q->result : DNS_TIMEOUT) {
	case DNS_ICMP:
		*failure = probe_icmp_cause(&q->icmp);
		break;
	case DNS_CONN_FAILED:
		*failure = CAUSE_TCP_RESET;
		break;
	case DNS_MALFORMED:
		*rung = RUNG_TRANSPORT;
		*failure = CAUSE_WRONG_PROTOCOL;
		break;
	case DNS_LOCAL_ERROR:
		*rung = RUNG_LOCAL_ERROR;
		*failure = q->nqueries == 0 ? CAUSE_DNS_TIMEOUT :
					      probe_local_cause(q->error);
		break;
	default:
		*rung = RUNG_SILENCE;
		*failure = CAUSE_DNS_TIMEOUT;
	}
}

static void
note(struct dns_question *q, const struct dns_exchange *x)
{
	static const char *const word[] = {
	    [DNS_ANSWERED] = "reply",
	    [DNS_TIMEOUT] = "silence",
	    [DNS_ICMP] = "icmp",
	    [DNS_CONN_FAILED] = "reset",
	    [DNS_MALFORMED] = "malformed",
	    [DNS_LOCAL_ERROR] = "error",
	};
	struct probe *p = q->setup.probe;
	struct attempt *t = probe_add_attempt(p, x->start_us, x->end_us,
	    word[x->result]);

	t->source_port = x->source_port;
	t->sent = x->sent;
	t->received = x->received;
	t->error = x->error;
	t->ttl = q->setup.ttl;
	if (x->result == DNS_ICMP)
		probe_add_icmp(p, t, &x->icmp);
	/* A packet that was made to expire offends nobody. */
	if (q->setup.ttl != 0)
		p->obs.offender = NULL;
}

static void
set_result(struct dns_question *q, const struct dns_exchange *x)
{
	q->result = x->result;
	q->answer = x->answer;
	q->icmp = x->icmp;
	q->error = x->error;
	q->start_us = x->start_us;
	q->end_us = x->end_us;
	q->source_port = x->source_port;
}

static void
end(struct dns_question *q)
{
	struct timeval now = {0, 0};

	q->done = true;
	event_del(q->next);
	event_del(q->deadline);
	evtimer_add(q->finish, &now);
}

static bool
site_server(const struct dns_question *q, unsigned k, struct addr *out)
{
	const struct strlist *l = &q->setup.probe->env->vantage->resolvers;

	return l->count > 0 && addr_parse(out, l->item[k % l->count], DNS_PORT);
}

/* Whose port was it? Several questions of a line share one. */
static void
note_server(struct dns_question *q, const struct dns_exchange *x)
{
	struct dns_exchange mine;
	unsigned k;

	for (k = 0; q->setup.server == NULL && k < q->nqueries; k++) {
		dns_pending(q->query[k], &mine);
		if (mine.start_us == x->start_us &&
		    mine.source_port == x->source_port &&
		    site_server(q, k, &q->server)) {
			q->decided = k;
			return;
		}
	}
}

/* Another server may still answer, or be asked. */
static bool
is_hope_left(const struct dns_question *q)
{
	struct dns_exchange x;
	unsigned k;

	for (k = 0; k < q->nqueries; k++) {
		if (dns_pending(q->query[k], &x))
			return true;
	}
	return q->nqueries < q->setup.tries &&
	    q->setup.probe->env->vantage->resolvers.count > 1;
}

static void
on_exchange(void *arg, const struct dns_exchange *x)
{
	struct dns_question *q = arg;
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
		q->tcp_failed = true;
		end(q);
		return;
	}
	set_result(q, x);
	note_server(q, x);
	if (x->result == DNS_ANSWERED && x->answer.tc && !q->setup.tcp &&
	    q->nqueries <= DNS_TRIES) {
		event_del(q->next);
		q->setup.tcp = true; /* once */
		send_next(q, true);
	} else if (bad && q->nqueries < 2 && q->setup.tries > 1) {
		event_del(q->next);
		evtimer_add(q->next, &again);
	} else if (x->result != DNS_ANSWERED && q->setup.server == NULL &&
	    is_hope_left(q)) {
		return; /* that server is not there; the others are */
	} else {
		end(q);
	}
}

static bool
server_of(const struct dns_question *q, struct addr *out)
{
	if (q->setup.server != NULL) {
		*out = *q->setup.server;
		return true;
	}
	return site_server(q, q->nqueries, out);
}

static void
send_next(struct dns_question *q, bool tcp)
{
	struct probe *p = q->setup.probe;
	struct timeval tv = {DNS_STEP_MS / 1000, DNS_STEP_MS % 1000 * 1000};
	struct dns_setup setup = {
	    .base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .tcp = tcp,
	    .recurse = q->setup.server == NULL || q->setup.recurse,
	    .edns_size = q->setup.edns ? DNS_EDNS_SIZE : 0,
	    .ttl = q->setup.ttl,
	    .name = q->setup.name,
	    .type = q->setup.type,
	    .timeout_ms = q->setup.silence_ms,
	    .done = on_exchange,
	    .arg = q,
	};

	if (!server_of(q, &setup.server)) {
		q->result = DNS_LOCAL_ERROR;
		end(q);
		return;
	}
	q->server = setup.server;
	q->query[q->nqueries++] = dns_ask(p->arena, &setup);
	if (q->nqueries < q->setup.tries && !(tcp && q->answer.tc))
		evtimer_add(q->next, &tv);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct dns_question *q = arg;

	(void)fd;
	(void)what;
	if (q->nqueries == 1)
		probe_is_slow(q->setup.probe);
	/* With a short life, each packet is to be told from the others. */
	if (q->setup.ttl == 0)
		dns_repeat(q->query[0]);
	send_next(q, q->setup.tcp);
}

json_t *
dns_question_passed_over(const struct dns_question *q)
{
	json_t *list = json_array();
	struct strlist seen = {NULL, 0};
	char text[ADDR_TEXT_SIZE];
	struct addr at;
	unsigned k;

	for (k = 0; q->setup.server == NULL && q->result == DNS_ANSWERED &&
	     k < q->decided;
	     k++) {
		if (!site_server(q, k, &at))
			continue;
		addr_text(&at, text);
		if (addr_equal(&at, &q->server) || strlist_has(&seen, text))
			continue;
		strlist_add(q->setup.probe->arena, &seen, text);
		json_array_append_new(list, json_string(text));
	}
	return list;
}

int64_t
dns_question_sent(const struct dns_question *q)
{
	struct dns_exchange x;
	unsigned k;

	for (k = 0; k < q->nqueries; k++) {
		/* One that ended a moment ago counts as well. */
		dns_pending(q->query[k], &x);
		if (x.start_us != 0)
			return x.start_us;
	}
	return 0;
}

void
dns_question_stop(struct dns_question *q)
{
	struct dns_exchange x;
	unsigned k;

	if (q->next == NULL || q->done)
		return;
	/* Those still open have been silent so far. */
	for (k = 0; k < q->nqueries; k++) {
		if (dns_pending(q->query[k], &x))
			note(q, &x);
	}
	q->done = true;
	if (q->result == DNS_ANSWERED && q->answer.tc)
		q->tcp_failed = true;
	event_del(q->next);
	event_del(q->deadline);
}

/* Waiting for a turn is no silence. */
static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct dns_question *q = arg;
	int64_t sent = dns_question_sent(q), left;
	struct timeval tv, now = {0, 0};

	(void)fd;
	(void)what;
	left = (int64_t)q->setup.silence_ms * 1000 -
	    (sent == 0 ? 0 : clock_mono_us() - sent);
	if (left > 20000) {
		tv.tv_sec = left / 1000000;
		tv.tv_usec = left % 1000000;
		evtimer_add(q->deadline, &tv);
		return;
	}
	dns_question_stop(q);
	evtimer_add(q->finish, &now);
}

static void
on_finish(evutil_socket_t fd, short what, void *arg)
{
	struct dns_question *q = arg;

	(void)fd;
	(void)what;
	q->setup.done(q->setup.arg);
}

void
dns_question_ask(struct dns_question *q, const struct dns_question_setup *setup)
{
	struct event_base *base = setup->probe->env->base;
	struct timeval tv = {setup->silence_ms / 1000,
	    setup->silence_ms % 1000 * 1000};

	dns_question_close(q);
	q->setup = *setup;
	q->result = DNS_TIMEOUT;
	q->next = evtimer_new(base, on_next, q);
	q->deadline = evtimer_new(base, on_deadline, q);
	q->finish = evtimer_new(base, on_finish, q);
	evtimer_add(q->deadline, &tv);
	send_next(q, setup->tcp);
}

void
dns_question_close(struct dns_question *q)
{
	unsigned k;

	for (k = 0; k < q->nqueries; k++)
		dns_close(q->query[k]);
	if (q->next != NULL) {
		event_free(q->next);
		event_free(q->deadline);
		event_free(q->finish);
	}
	memset(q, 0, sizeof *q);
}
