/* SPDX-License-Identifier: MIT */
/* One question by UDP, repeated on one connected socket: tries, their times,
 * and the ICMP errors that came back. */
#include "core/net/dgram.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/net/way.h"

#define RETRY_MS 250 /* after an ICMP error */
#define ONE_TRY_MS 1000
#define BURST 16 /* datagrams read before timers have their turn */
#define OUT_SIZE 2048

struct dgram {
	struct dgram_setup setup;
	int fd;
	struct dgram_try try[DGRAM_TRIES];
	int ntries, nmost;
	int nrefused;
	struct icmp_error icmp; /* the last that came */
	struct addr source;
	unsigned strange;
	bool finished, closed;
	int inside; /* callbacks of the owner under way */
	struct pace_ticket ticket;
	struct event *io;
	struct event *next;
};

static void
release(struct dgram *d)
{
	if (d->setup.pace != NULL)
		pace_cancel(d->setup.pace, &d->ticket);
	if (d->io != NULL)
		event_free(d->io);
	event_free(d->next);
	if (d->fd >= 0)
		close(d->fd);
	mem_free(d);
}

/* The owner may close from within its callbacks, so whoever calls one holds
 * on, and lets go when it needs d no longer. */
static void
hold(struct dgram *d)
{
	d->inside++;
}

static void
let_go(struct dgram *d)
{
	if (--d->inside == 0 && d->closed)
		release(d);
}

static bool
is_over(const struct dgram *d)
{
	return d->finished || d->closed;
}

static void
after_ms(struct event *e, unsigned ms)
{
	struct timeval tv = {(time_t)(ms / 1000),
	    (suseconds_t)(ms % 1000 * 1000)};

	evtimer_add(e, &tv);
}

static void
finish(struct dgram *d, enum dgram_result result)
{
	static const struct icmp_error none;
	int64_t now = clock_mono_us();
	int i;

	if (is_over(d))
		return;
	d->finished = true;
	event_del(d->next);
	if (d->io != NULL)
		event_del(d->io);
	for (i = 0; i < d->ntries; i++) {
		if (d->try[i].end_us == 0)
			d->try[i].end_us = now;
	}
	hold(d);
	d->setup.done(d->setup.arg, result,
	    result == DGRAM_ICMP || result == DGRAM_LOCAL ? &d->icmp : &none);
	let_go(d);
}

/* Believed when it comes a second time, or when nothing better has come by
 * the end: a single ICMP error may be a forged or a passing one. */
static void
refused(struct dgram *d, const struct icmp_error *e)
{
	struct dgram_try *t = &d->try[d->ntries - 1];

	d->icmp = *e;
	if (!t->failed) {
		t->failed = true;
		t->icmp = *e;
		t->end_us = clock_mono_us();
		d->nrefused++;
	}
	if (d->nrefused >= 2)
		finish(d, e->local ? DGRAM_LOCAL : DGRAM_ICMP);
	else if (d->ntries < d->nmost)
		after_ms(d->next, RETRY_MS);
}

/* True when there was any. */
static bool
read_errors(struct dgram *d)
{
	struct icmp_error e;
	bool any = false;
	int i;

	for (i = 0; i < BURST && !is_over(d) && errqueue_read(d->fd, &e); i++) {
		refused(d, &e);
		any = true;
	}
	return any;
}

static void
failed_locally(struct dgram *d, int error)
{
	struct icmp_error e = {.local = true, .error = error};

	refused(d, &e);
}

/* A pending ICMP error of an earlier try makes the first send fail, and only
 * that one. */
static void
send_out(struct dgram *d, const uint8_t *data, size_t len)
{
	int i, error = 0;

	for (i = 0; i < 2; i++) {
		if (send(d->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
			d->try[d->ntries - 1].sent = (uint32_t)len;
			return;
		}
		error = errno; /* reading errors sets another */
		if (error == EAGAIN || error == ENOBUFS)
			return; /* as good as lost */
		if (i == 1 || !read_errors(d))
			break;
		if (is_over(d))
			return;
	}
	failed_locally(d, error);
}

static bool
bind_source(struct dgram *d)
{
	struct addr any;
	int on = 1;

	if (d->setup.share_port)
		setsockopt(d->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (d->setup.source_port == 0 && !d->setup.share_port)
		return true;
	if (d->setup.to.sa.sa_family == AF_INET6) {
		setsockopt(d->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
		addr_parse(&any, "::", d->setup.source_port);
	} else {
		addr_parse(&any, "0.0.0.0", d->setup.source_port);
	}
	if (bind(d->fd, &any.sa, any.len) == 0)
		return true;
	return d->setup.source_port != 0 && errno == EADDRINUSE;
}

static void
read_data(struct dgram *d)
{
	uint8_t data[DGRAM_MAX_IN];
	struct dgram_try *t;
	ssize_t n;
	int i;

	for (i = 0; i < BURST && !is_over(d); i++) {
		n = recv(d->fd, data, sizeof data, MSG_DONTWAIT);
		if (n < 0)
			return;
		t = &d->try[d->ntries - 1];
		if (t->received <= UINT32_MAX - (uint32_t)n)
			t->received += (uint32_t)n;
		if (d->setup.accept(d->setup.arg, data, (size_t)n))
			finish(d, DGRAM_ACCEPTED);
		else if (d->strange < UINT_MAX)
			d->strange++;
	}
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct dgram *d = arg;

	(void)fd;
	(void)what;
	hold(d);
	/* An answer counts for more than an error that came before it. */
	read_data(d);
	if (!is_over(d) && read_errors(d) && !is_over(d))
		read_data(d);
	let_go(d);
}

/* False: the laptop does not let it out, and no repetition will help. */
static bool
open_socket(struct dgram *d)
{
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	int family = d->setup.to.sa.sa_family;

	d->fd = way_socket(&d->setup.to, SOCK_DGRAM, 0, d->setup.interface);
	if (d->fd < 0 || !bind_source(d) ||
	    connect(d->fd, &d->setup.to.sa, d->setup.to.len) != 0)
		return false;
	errqueue_enable(d->fd, family);
	if (getsockname(d->fd, (struct sockaddr *)&me, &len) == 0)
		addr_from_sockaddr(&d->source, (struct sockaddr *)&me, len);
	d->io = event_new(d->setup.base, d->fd, EV_READ | EV_PERSIST, on_io, d);
	event_add(d->io, NULL);
	return true;
}

static unsigned
patience_ms(const struct dgram *d)
{
	int i = d->ntries - 1;

	if (d->ntries == d->nmost && d->setup.last_ms != 0)
		return d->setup.last_ms;
	if (d->setup.wait_ms[0] == 0)
		return ONE_TRY_MS;
	return d->setup.wait_ms[i] != 0 ? d->setup.wait_ms[i] :
					  d->setup.wait_ms[i - 1];
}

static void
start_try(struct dgram *d)
{
	uint8_t out[OUT_SIZE];
	size_t len;

	d->try[d->ntries++].start_us = clock_mono_us();
	if (d->ntries == 1 && !open_socket(d)) {
		d->icmp = (struct icmp_error){.local = true, .error = errno};
		d->try[0].failed = true;
		d->try[0].icmp = d->icmp;
		finish(d, DGRAM_LOCAL);
		return;
	}
	after_ms(d->next, patience_ms(d));
	len = d->setup.compose(d->setup.arg, d->ntries - 1, out, sizeof out);
	if (!is_over(d))
		send_out(d, out, len);
}

static void
on_go(void *arg)
{
	struct dgram *d = arg;

	hold(d);
	start_try(d);
	let_go(d);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct dgram *d = arg;

	(void)fd;
	(void)what;
	hold(d);
	if (d->ntries == 1 && !d->try[0].failed && d->setup.slow != NULL)
		d->setup.slow(d->setup.arg);
	if (is_over(d))
		;
	else if (d->ntries < d->nmost)
		start_try(d);
	else if (d->nrefused > 0)
		finish(d, d->icmp.local ? DGRAM_LOCAL : DGRAM_ICMP);
	else
		finish(d, DGRAM_SILENT);
	let_go(d);
}

struct dgram *
dgram_open(const struct dgram_setup *setup)
{
	struct dgram *d = mem_alloc(sizeof *d);
	char text[ADDR_TEXT_SIZE];

	d->setup = *setup;
	d->fd = -1;
	d->nmost = 1;
	while (d->nmost < DGRAM_TRIES && setup->wait_ms[d->nmost - 1] != 0)
		d->nmost++;
	d->next = evtimer_new(setup->base, on_next, d);
	if (setup->pace == NULL)
		after_ms(d->next, 0);
	else
		pace_wait(setup->pace, &d->ticket, addr_text(&setup->to, text),
		    on_go, d);
	return d;
}

const struct dgram_try *
dgram_tries(const struct dgram *d, size_t *count)
{
	*count = (size_t)d->ntries;
	return d->try;
}

uint16_t
dgram_source_port(const struct dgram *d)
{
	return d->source.len == 0 ? 0 : addr_port(&d->source);
}

bool
dgram_source(const struct dgram *d, struct addr *out)
{
	*out = d->source;
	return d->source.len != 0;
}

unsigned
dgram_strange(const struct dgram *d)
{
	return d->strange;
}

void
dgram_close(struct dgram *d)
{
	if (d == NULL || d->closed)
		return;
	d->closed = true;
	if (d->inside == 0)
		release(d);
	else if (d->setup.pace != NULL)
		pace_cancel(d->setup.pace, &d->ticket);
}
