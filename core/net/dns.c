/* SPDX-License-Identifier: MIT */
/* DNS questions, one server and one transport at a time. */
#include "core/net/dns.h"

#include <ares.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/net/dns_line.h"

struct dns_query {
	struct dns_setup setup;
	struct arena *arena;
	struct dns_call call;
	struct dns_exchange x;
	unsigned char *msg; /* as it went out */
	int len;
	struct pace_ticket ticket;
	struct event *timeout;
	struct event *finish;
	bool finished;
};

static void
query_finish(struct dns_query *q, enum dns_result result)
{
	struct timeval now = {0, 0};

	if (q->finished)
		return;
	q->finished = true;
	q->x.result = result;
	q->x.end_us = clock_mono_us();
	event_del(q->timeout);
	evtimer_add(q->finish, &now);
}

static void
on_finish(evutil_socket_t fd, short what, void *arg)
{
	struct dns_query *q = arg;

	(void)fd;
	(void)what;
	q->setup.done(q->setup.arg, &q->x);
}

static void
on_answer(void *arg, int status, const uint8_t *msg, size_t len)
{
	struct dns_query *q = arg;

	if (q->finished)
		return;
	if (msg != NULL && len > 0) {
		q->x.received = (uint32_t)len;
		query_finish(q,
		    dns_parse(q->arena, msg, len, &q->x.answer) ?
			DNS_ANSWERED :
			DNS_MALFORMED);
	} else if (status == ARES_ECONNREFUSED) {
		q->x.error = dns_line_error(&q->call);
		query_finish(q,
		    q->setup.tcp ? DNS_CONN_FAILED : DNS_LOCAL_ERROR);
	} else if (status == ARES_ETIMEOUT) {
		query_finish(q, DNS_TIMEOUT);
	} else if (status == ARES_EBADRESP) {
		query_finish(q, DNS_MALFORMED);
	} else {
		query_finish(q, DNS_CONN_FAILED);
	}
}

static void
on_failed(void *arg, const struct icmp_error *e)
{
	struct dns_query *q = arg;

	if (q->finished)
		return;
	q->x.icmp = *e;
	q->x.error = e->error;
	query_finish(q, e->local ? DNS_LOCAL_ERROR : DNS_ICMP);
}

static void
on_timeout(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	query_finish(arg, DNS_TIMEOUT);
}

static void
on_go(void *arg)
{
	struct dns_query *q = arg;
	struct timeval tv = {q->setup.timeout_ms / 1000,
	    q->setup.timeout_ms % 1000 * 1000};
	unsigned short id;

	/* The flow on which it was to go has been lost meanwhile. */
	if (q->ticket.light && !dns_line_is_there(&q->setup)) {
		pace_wait(q->setup.pace, &q->ticket, NULL, on_go, q);
		return;
	}
	q->x.start_us = clock_mono_us();
	random_bytes(&id, sizeof id);
	evtimer_add(q->timeout, &tv);
	if (ares_create_query(q->setup.name, 1, q->setup.type, id,
		q->setup.recurse, &q->msg, &q->len,
		(int)q->setup.edns_size) != ARES_SUCCESS) {
		query_finish(q, DNS_LOCAL_ERROR);
		return;
	}
	q->x.sent = (uint32_t)q->len;
	q->call.answered = on_answer;
	q->call.failed = on_failed;
	q->call.arg = q;
	if (!dns_line_ask(&q->call, &q->setup, q->msg, (size_t)q->len))
		query_finish(q, DNS_LOCAL_ERROR);
	q->x.source_port = dns_line_port(&q->call);
}

struct dns_query *
dns_ask(struct arena *a, const struct dns_setup *setup)
{
	struct dns_query *q = mem_alloc(sizeof *q);
	char text[ADDR_TEXT_SIZE];

	q->setup = *setup;
	q->arena = a;
	q->timeout = evtimer_new(setup->base, on_timeout, q);
	q->finish = evtimer_new(setup->base, on_finish, q);
	/* The site's own server is made for many questions: not spaced. */
	if (dns_line_is_there(setup))
		pace_wait_light(setup->pace, &q->ticket, on_go, q);
	else
		pace_wait(setup->pace, &q->ticket,
		    setup->recurse ? NULL : addr_text(&setup->server, text),
		    on_go, q);
	return q;
}

void
dns_repeat(struct dns_query *q)
{
	if (!q->finished && q->msg != NULL &&
	    dns_line_repeat(&q->call, q->msg, (size_t)q->len))
		q->x.sent += (uint32_t)q->len;
}

bool
dns_was_heard(struct pace *pace, const struct addr *server)
{
	return dns_line_was_heard(pace, server);
}

bool
dns_pending(const struct dns_query *q, struct dns_exchange *out)
{
	*out = q->x;
	out->result = DNS_TIMEOUT;
	out->end_us = clock_mono_us();
	return !q->finished && q->x.start_us != 0;
}

void
dns_close(struct dns_query *q)
{
	if (q == NULL)
		return;
	pace_cancel(q->setup.pace, &q->ticket);
	dns_line_leave(&q->call);
	event_free(q->timeout);
	event_free(q->finish);
	ares_free_string(q->msg);
	mem_free(q);
}
