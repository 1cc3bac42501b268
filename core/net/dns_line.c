/* SPDX-License-Identifier: MIT */
/* The flows to DNS servers: a c-ares channel each, kept by the pace that they
 * count for. */
#include "core/net/dns_line.h"

#include <ares.h>
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/net/conn.h"
#include "core/net/way.h"

#define NSOCKETS 4        /* c-ares opens one; a retry may open another */
#define NHEARD 4          /* a site names no more servers than three */
#define MAX_USES 64       /* questions of one flow */
#define OVERDUE_US 500000 /* so long unanswered, it takes no more */

struct dns_asked {
	struct dns_call *call; /* NULL once it has left */
};

struct dns_line {
	struct dns_line *next;
	struct dns_lines *all; /* NULL: it belongs to one question */
	struct event_base *base;
	struct addr server;
	int ttl;
	ares_channel channel;
	struct {
		struct event *event;
		ares_socket_t fd;
	} socket[NSOCKETS];
	struct dns_call *calls;
	unsigned nuses;
	unsigned nheld; /* questions that have not left */
	uint16_t source_port;
	const char *interface; /* to bind to, or NULL */
	int send_error;        /* errno of the last packet that was refused */
	bool answered;         /* once */
	bool lost;             /* something was, and it takes no more */
};

struct dns_lines {
	struct dns_line *first;
	struct addr heard[NHEARD]; /* servers that have answered */
	size_t nheard;
};

static void
free_events(struct dns_line *l)
{
	size_t i;

	for (i = 0; i < NSOCKETS; i++) {
		if (l->socket[i].event != NULL)
			event_free(l->socket[i].event);
		l->socket[i].event = NULL;
	}
}

static void
line_free(struct dns_line *l)
{
	if (l->channel != NULL)
		ares_destroy(l->channel);
	free_events(l);
	mem_free(l);
}

static void
lines_free(void *arg)
{
	struct dns_lines *all = arg;
	struct dns_line *l, *next;

	for (l = all->first; l != NULL; l = next) {
		next = l->next;
		line_free(l);
	}
	mem_free(all);
}

static void
unlink_call(struct dns_call *c)
{
	struct dns_call **at = &c->line->calls;

	while (*at != NULL && *at != c)
		at = &(*at)->next;
	if (*at == c)
		*at = c->next;
	c->next = NULL;
}

static void
unlink_line(struct dns_line *l)
{
	struct dns_line **at = &l->all->first;

	while (*at != NULL && *at != l)
		at = &(*at)->next;
	if (*at == l)
		*at = l->next;
	l->all = NULL;
}

/* An error of the flow is one of every question on it. The socket is not
 * looked at again, since the error would stay. */
static void
line_failed(struct dns_line *l, const struct icmp_error *e)
{
	struct dns_call *c;

	l->lost = true;
	free_events(l);
	while ((c = l->calls) != NULL) {
		unlink_call(c);
		if (c->asked != NULL)
			c->asked->call = NULL;
		c->asked = NULL;
		c->failed(c->arg, e);
	}
}

/* The error queue must be read before c-ares sees the error and closes. */
static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct dns_line *l = arg;
	struct icmp_error e;

	if (errqueue_read(fd, &e))
		line_failed(l, &e);
	else
		ares_process_fd(l->channel,
		    what & EV_READ ? fd : ARES_SOCKET_BAD,
		    what & EV_WRITE ? fd : ARES_SOCKET_BAD);
}

static void
on_state(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct dns_line *l = arg;
	short what = EV_PERSIST;
	size_t i;

	for (i = 0; i < NSOCKETS; i++) {
		if (l->socket[i].event != NULL && l->socket[i].fd == fd) {
			event_free(l->socket[i].event);
			l->socket[i].event = NULL;
		}
	}
	if (!readable && !writable)
		return;
	for (i = 0; i < NSOCKETS && l->socket[i].event != NULL; i++)
		;
	if (i == NSOCKETS)
		return;
	what |= (short)((readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));
	l->socket[i].fd = fd;
	l->socket[i].event = event_new(l->base, fd, what, on_socket, l);
	event_add(l->socket[i].event, NULL);
}

static int
on_configure(ares_socket_t fd, int type, void *arg)
{
	struct dns_line *l = arg;
	int family = l->server.sa.sa_family;

	(void)type;
	errqueue_enable(fd, family);
	if (l->ttl == 0)
		return 0;
	return family == AF_INET6 ?
	    setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &l->ttl,
		sizeof l->ttl) :
	    setsockopt(fd, IPPROTO_IP, IP_TTL, &l->ttl, sizeof l->ttl);
}

static int
on_connected(ares_socket_t fd, int type, void *arg)
{
	struct dns_line *l = arg;
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	struct addr local;

	(void)type;
	if (getsockname(fd, (struct sockaddr *)&me, &len) == 0 &&
	    addr_from_sockaddr(&local, (struct sockaddr *)&me, len))
		l->source_port = addr_port(&local);
	return 0;
}

/* --- sockets: as c-ares makes them, but bound, and errors are kept --- */

static ares_socket_t
own_socket(int family, int type, int protocol, void *arg)
{
	const struct dns_line *l = arg;

	return conn_socket(family, type, protocol, l->interface);
}

static int
own_close(ares_socket_t fd, void *arg)
{
	(void)arg;
	return close(fd);
}

static int
own_connect(ares_socket_t fd, const struct sockaddr *to, ares_socklen_t len,
    void *arg)
{
	(void)arg;
	return connect(fd, to, len);
}

static ares_ssize_t
own_receive(ares_socket_t fd, void *data, size_t size, int flags,
    struct sockaddr *from, ares_socklen_t *len, void *arg)
{
	(void)arg;
	return recvfrom(fd, data, size, flags, from, len);
}

static ares_ssize_t
own_send(ares_socket_t fd, const struct iovec *data, int count, void *arg)
{
	struct dns_line *l = arg;
	ssize_t n = writev(fd, data, count);

	if (n < 0)
		l->send_error = errno;
	return n;
}

static const struct ares_socket_functions own_sockets = {
    .asocket = own_socket,
    .aclose = own_close,
    .aconnect = own_connect,
    .arecvfrom = own_receive,
    .asendv = own_send,
};

static bool
set_server(struct dns_line *l)
{
	struct ares_addr_port_node node = {0};
	const struct addr *to = &l->server;

	node.family = to->sa.sa_family;
	if (node.family == AF_INET6)
		memcpy(&node.addr.addr6, &to->in6.sin6_addr,
		    sizeof node.addr.addr6);
	else
		node.addr.addr4 = to->in.sin_addr;
	node.udp_port = node.tcp_port = addr_port(to);
	return ares_set_servers_ports(l->channel, &node) == ARES_SUCCESS;
}

static bool
open_channel(struct dns_line *l, const struct dns_setup *setup)
{
	struct ares_options o;

	memset(&o, 0, sizeof o);
	o.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC |
	    (setup->tcp ? ARES_FLAG_USEVC : ARES_FLAG_STAYOPEN);
	o.timeout = 60000; /* the timer of the question decides */
	o.tries = 1;
	o.sock_state_cb = on_state;
	o.sock_state_cb_data = l;
	if (ares_init_options(&l->channel, &o,
		ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		    ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS)
		return false;
	ares_set_socket_configure_callback(l->channel, on_configure, l);
	ares_set_socket_callback(l->channel, on_connected, l);
	l->interface = way_binds(&setup->server, setup->interface);
	ares_set_socket_functions(l->channel, &own_sockets, l);
	return set_server(l);
}

/* Has it been answered, with nothing that has waited for long? */
static bool
takes_more(const struct dns_line *l, const struct addr *server, int64_t now)
{
	const struct dns_call *c;

	if (!l->answered || l->lost || l->nuses >= MAX_USES ||
	    !addr_equal(&l->server, server) ||
	    addr_port(&l->server) != addr_port(server))
		return false;
	for (c = l->calls; c != NULL; c = c->next) {
		if (now - c->since_us > OVERDUE_US)
			return false;
	}
	return true;
}

static struct dns_lines *
lines_of(struct pace *pace)
{
	struct dns_lines *all = pace_shared(pace);

	if (all == NULL) {
		all = mem_alloc(sizeof *all);
		pace_share(pace, all, lines_free);
	}
	return all;
}

/* A flow that takes the question, or NULL. */
static struct dns_line *
find_line(const struct dns_setup *setup)
{
	const struct dns_lines *all = pace_shared(setup->pace);
	struct dns_line *l;
	int64_t now = clock_mono_us();

	if (setup->tcp || setup->ttl != 0 || all == NULL)
		return NULL;
	for (l = all->first; l != NULL; l = l->next) {
		if (takes_more(l, &setup->server, now))
			return l;
	}
	return NULL;
}

bool
dns_line_is_there(const struct dns_setup *setup)
{
	return find_line(setup) != NULL;
}

static struct dns_line *
line_for(const struct dns_setup *setup)
{
	struct dns_line *l = find_line(setup);

	if (l != NULL)
		return l;
	l = mem_alloc(sizeof *l);
	l->base = setup->base;
	l->server = setup->server;
	l->ttl = setup->ttl;
	if (!open_channel(l, setup)) {
		line_free(l);
		return NULL;
	}
	if (!setup->tcp && setup->ttl == 0) {
		l->all = lines_of(setup->pace);
		l->next = l->all->first;
		l->all->first = l;
	}
	return l;
}

static bool
is_heard(const struct dns_lines *all, const struct addr *server)
{
	size_t i;

	for (i = 0; i < all->nheard; i++) {
		if (addr_equal(&all->heard[i], server))
			return true;
	}
	return false;
}

static void
note_heard(struct dns_line *l)
{
	struct dns_lines *all = l->all;

	l->answered = true;
	if (all != NULL && all->nheard < NHEARD && !is_heard(all, &l->server))
		all->heard[all->nheard++] = l->server;
}

bool
dns_line_was_heard(struct pace *pace, const struct addr *server)
{
	const struct dns_lines *all = pace_shared(pace);

	return all != NULL && is_heard(all, server);
}

static void
on_answer(void *arg, int status, int timeouts, unsigned char *msg, int len)
{
	struct dns_asked *asked = arg;
	struct dns_call *c = asked->call;

	(void)timeouts;
	mem_free(asked);
	if (c == NULL)
		return;
	c->asked = NULL;
	unlink_call(c);
	if (msg != NULL && len > 0)
		note_heard(c->line);
	else
		c->line->lost = true;
	c->answered(c->arg, status, msg, msg == NULL ? 0 : (size_t)len);
}

bool
dns_line_ask(struct dns_call *c, const struct dns_setup *setup,
    const uint8_t *msg, size_t len)
{
	struct dns_line *l = line_for(setup);

	if (l == NULL)
		return false;
	l->nuses++;
	l->nheld++;
	c->line = l;
	c->next = l->calls;
	l->calls = c;
	c->since_us = clock_mono_us();
	c->asked = mem_alloc(sizeof *c->asked);
	c->asked->call = c;
	ares_send(l->channel, msg, (int)len, on_answer, c->asked);
	return true;
}

bool
dns_line_repeat(const struct dns_call *c, const uint8_t *msg, size_t len)
{
	const struct dns_line *l = c->line;

	if (l == NULL || c->asked == NULL || l->all == NULL ||
	    l->socket[0].event == NULL)
		return false;
	return send(l->socket[0].fd, msg, len, MSG_DONTWAIT | MSG_NOSIGNAL) ==
	    (ssize_t)len;
}

uint16_t
dns_line_port(const struct dns_call *c)
{
	return c->line == NULL ? 0 : c->line->source_port;
}

int
dns_line_error(const struct dns_call *c)
{
	return c->line == NULL ? 0 : c->line->send_error;
}

void
dns_line_leave(struct dns_call *c)
{
	struct dns_line *l = c->line;

	if (l == NULL)
		return;
	/* What leaves unanswered casts doubt on the flow. */
	if (c->asked != NULL) {
		c->asked->call = NULL;
		c->asked = NULL;
		unlink_call(c);
		l->lost = true;
	}
	c->line = NULL;
	l->nheld--;
	/* Nobody will ask there any more; a server that is silent must not
	 * cost a descriptor for each question. */
	if (l->all != NULL && l->lost && l->nheld == 0)
		unlink_line(l);
	if (l->all == NULL)
		line_free(l);
}
