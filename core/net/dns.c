/* SPDX-License-Identifier: MIT */
/* DNS questions through c-ares, one server and one transport at a time. */
#include "core/net/dns.h"

#include <ares.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"

#define NSOCKETS 4 /* c-ares opens one; a retry may open another */

struct dns_query {
	struct dns_setup setup;
	struct arena *arena;
	ares_channel channel;
	struct {
		struct dns_query *query;
		struct event *event;
		ares_socket_t fd;
	} socket[NSOCKETS];
	struct dns_exchange x;
	struct pace_ticket ticket;
	struct event *timeout;
	struct event *finish;
	bool have_icmp;
	bool finished;
	bool closing;
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
on_answer(void *arg, int status, int timeouts, unsigned char *msg, int len)
{
	struct dns_query *q = arg;

	(void)timeouts;
	if (q->closing || q->finished)
		return;
	if (msg != NULL && len > 0) {
		q->x.received = (uint32_t)len;
		query_finish(q,
		    dns_parse(q->arena, msg, (size_t)len, &q->x.answer) ?
			DNS_ANSWERED :
			DNS_MALFORMED);
		return;
	}
	if (q->have_icmp)
		query_finish(q, q->x.icmp.local ? DNS_LOCAL_ERROR : DNS_ICMP);
	else if (status == ARES_ECONNREFUSED)
		query_finish(q,
		    q->setup.tcp ? DNS_CONN_FAILED : DNS_LOCAL_ERROR);
	else if (status == ARES_ETIMEOUT)
		query_finish(q, DNS_TIMEOUT);
	else if (status == ARES_EBADRESP)
		query_finish(q, DNS_MALFORMED);
	else
		query_finish(q, DNS_CONN_FAILED);
}

/* The error queue must be read before c-ares sees the error and closes. */
static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct dns_query *q = arg;
	struct icmp_error e;

	if (errqueue_read(fd, &e)) {
		q->x.icmp = e;
		q->x.error = e.error;
		q->have_icmp = true;
		query_finish(q, e.local ? DNS_LOCAL_ERROR : DNS_ICMP);
		return;
	}
	ares_process_fd(q->channel, what & EV_READ ? fd : ARES_SOCKET_BAD,
	    what & EV_WRITE ? fd : ARES_SOCKET_BAD);
}

static void
on_state(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct dns_query *q = arg;
	short what = EV_PERSIST;
	size_t i;

	for (i = 0; i < NSOCKETS; i++) {
		if (q->socket[i].event != NULL && q->socket[i].fd == fd) {
			event_free(q->socket[i].event);
			q->socket[i].event = NULL;
		}
	}
	if (!readable && !writable)
		return;
	for (i = 0; i < NSOCKETS && q->socket[i].event != NULL; i++)
		;
	if (i == NSOCKETS)
		return;
	what |= (short)((readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));
	q->socket[i].fd = fd;
	q->socket[i].event = event_new(q->setup.base, fd, what, on_socket, q);
	event_add(q->socket[i].event, NULL);
}

static int
on_configure(ares_socket_t fd, int type, void *arg)
{
	struct dns_query *q = arg;

	(void)type;
	errqueue_enable(fd, q->setup.server.sa.sa_family);
	if (q->setup.ttl == 0)
		return 0;
	return q->setup.server.sa.sa_family == AF_INET6 ?
	    setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &q->setup.ttl,
		sizeof q->setup.ttl) :
	    setsockopt(fd, IPPROTO_IP, IP_TTL, &q->setup.ttl,
		sizeof q->setup.ttl);
}

static int
on_connected(ares_socket_t fd, int type, void *arg)
{
	struct dns_query *q = arg;
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	struct addr local;

	(void)type;
	if (getsockname(fd, (struct sockaddr *)&me, &len) == 0 &&
	    addr_from_sockaddr(&local, (struct sockaddr *)&me, len))
		q->x.source_port = addr_port(&local);
	return 0;
}

static void
on_timeout(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	query_finish(arg, DNS_TIMEOUT);
}

static bool
set_server(struct dns_query *q)
{
	struct ares_addr_port_node node = {0};
	const struct addr *to = &q->setup.server;

	node.family = to->sa.sa_family;
	if (node.family == AF_INET6)
		memcpy(&node.addr.addr6, &to->in6.sin6_addr,
		    sizeof node.addr.addr6);
	else
		node.addr.addr4 = to->in.sin_addr;
	node.udp_port = node.tcp_port = addr_port(to);
	return ares_set_servers_ports(q->channel, &node) == ARES_SUCCESS;
}

static bool
open_channel(struct dns_query *q)
{
	struct ares_options o;

	memset(&o, 0, sizeof o);
	o.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC |
	    (q->setup.tcp ? ARES_FLAG_USEVC : 0);
	o.timeout = 60000; /* the timer here decides */
	o.tries = 1;
	o.sock_state_cb = on_state;
	o.sock_state_cb_data = q;
	if (ares_init_options(&q->channel, &o,
		ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		    ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS)
		return false;
	ares_set_socket_configure_callback(q->channel, on_configure, q);
	ares_set_socket_callback(q->channel, on_connected, q);
	if (q->setup.interface != NULL)
		ares_set_local_dev(q->channel, q->setup.interface);
	return set_server(q);
}

static void
on_go(void *arg)
{
	struct dns_query *q = arg;
	struct timeval tv = {q->setup.timeout_ms / 1000,
	    q->setup.timeout_ms % 1000 * 1000};
	unsigned char *msg = NULL;
	unsigned short id;
	int len = 0;

	q->x.start_us = clock_mono_us();
	random_bytes(&id, sizeof id);
	evtimer_add(q->timeout, &tv);
	if (!open_channel(q) ||
	    ares_create_query(q->setup.name, 1, q->setup.type, id,
		q->setup.recurse, &msg, &len,
		(int)q->setup.edns_size) != ARES_SUCCESS) {
		query_finish(q, DNS_LOCAL_ERROR);
		return;
	}
	q->x.sent = (uint32_t)len;
	ares_send(q->channel, msg, len, on_answer, q);
	ares_free_string(msg);
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
	pace_wait(setup->pace, &q->ticket,
	    setup->recurse ? NULL : addr_text(&setup->server, text), on_go, q);
	return q;
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
	size_t i;

	if (q == NULL)
		return;
	q->closing = true;
	pace_cancel(q->setup.pace, &q->ticket);
	if (q->channel != NULL)
		ares_destroy(q->channel);
	for (i = 0; i < NSOCKETS; i++) {
		if (q->socket[i].event != NULL)
			event_free(q->socket[i].event);
	}
	event_free(q->timeout);
	event_free(q->finish);
	mem_free(q);
}
