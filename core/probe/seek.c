/* SPDX-License-Identifier: MIT */
/* What the searches for devices share: asking everybody, then one, and what
 * the answers come to (facts 1.1: a unicast answer without a broadcast answer
 * shows that broadcasts are lost). */
#include "core/probe/seek.h"

#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/digest.h"

#define NSAMPLES 2
#define GAP_MS 250    /* between two answered questions */
#define SETTLE_MS 200 /* for those who answer later */
#define COUNT_MAX 10000

enum phase { ALL, ONE };

struct seek {
	const struct seek_setup *setup;
	struct lan *lan;
	struct addr wanted; /* len 0 = any device */
	bool never;         /* wanted, but its address is not known */
	bool has_interface; /* whose answers alone count */
	enum phase phase;   /* of the newest question */
	bool turns;         /* the next is the first to one alone */
	int asked[2], samples[2];
	uint8_t number;
	bool answered; /* the newest question */
	bool enough;   /* only waiting for others */
	int nothers, nstrange, nicmp, nfailed;
	bool near_strange; /* the wanted one sent what is no answer */
	bool elsewhere;    /* answered on another adapter */
	bool port_taken;
	int64_t sent_us;
	struct icmp_error icmp;
	struct pace_ticket ticket;
	struct event *next;
};

static void ask(void *arg);

static void
after(struct event *e, int ms)
{
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	evtimer_add(e, &tv);
}

static void
count(int *n)
{
	if (*n < COUNT_MAX)
		(*n)++;
}

/* --- the result --- */

static struct attempt *
note(struct probe *p, const char *result)
{
	struct seek *s = p->state;
	struct attempt *t = probe_add_attempt(p, s->sent_us, clock_mono_us(),
	    result);

	t->source_port = lan_port(s->lan);
	p->obs.source_port = t->source_port;
	return t;
}

static void
describe(struct probe *p)
{
	struct seek *s = p->state;

	probe_detail_int(p, "asked_all", s->asked[ALL]);
	probe_detail_int(p, "answered_all", s->samples[ALL]);
	if (s->asked[ONE] > 0) {
		probe_detail_int(p, "asked_one", s->asked[ONE]);
		probe_detail_int(p, "answered_one", s->samples[ONE]);
	}
	if (s->nothers > 0)
		probe_detail_int(p, "others", s->nothers);
	if (s->nstrange > 0)
		probe_detail_int(p, "strange", s->nstrange);
	if (s->port_taken)
		probe_detail_bool(p, "port_taken", true);
}

static void
finish(struct probe *p, enum rung rung, enum cause failure)
{
	struct seek *s = p->state;

	event_del(s->next);
	pace_cancel(p->env->pace, &s->ticket);
	describe(p);
	probe_finish(p, rung, failure);
}

/* One answer to many questions is less than two samples, and what is not in
 * the form is no answer: either shows only that something is there. */
static void
conclude(struct probe *p)
{
	struct seek *s = p->state;
	int total = s->samples[ALL] + s->samples[ONE];

	if (total >= NSAMPLES)
		finish(p, RUNG_APP_REPLY,
		    s->samples[ALL] > 0 ? CAUSE_NONE : s->setup->lost);
	else if (total > 0 || s->near_strange)
		finish(p, RUNG_TRANSPORT, CAUSE_NONE);
	else if (s->elsewhere)
		finish(p, RUNG_APP_REPLY, CAUSE_WRONG_INTERFACE);
	else if (s->nicmp > 0)
		finish(p, RUNG_REJECTED, probe_icmp_cause(&s->icmp));
	else
		finish(p, RUNG_SILENCE, CAUSE_UDP_SILENT);
}

/* --- what comes --- */

static struct seek_question
question(const struct seek *s)
{
	return (struct seek_question){s->phase == ALL, s->asked[s->phase] - 1,
	    s->number, lan_chosen(s->lan), lan_port(s->lan)};
}

/* It may answer by another of its addresses, if it says which it is. */
static bool
is_wanted(const struct probe *p, const struct addr *from,
    const struct seek_answer *a)
{
	const struct seek *s = p->state;
	const char *kind = p->spec->want;

	if (s->never ||
	    (kind != NULL && (a->kind == NULL || strcmp(a->kind, kind) != 0)))
		return false;
	return s->wanted.len == 0 || addr_equal(&s->wanted, from) ||
	    addr_equal(&a->stated, &s->wanted);
}

static void
note_cast(struct probe *p, const struct lan_input *in)
{
	if (in->cast != LAN_UNICAST)
		probe_detail_str(p, "answer_cast",
		    in->cast == LAN_GROUP ? "group" : "broadcast");
}

static void
add_device(struct probe *p, const struct lan_input *in,
    const struct seek_answer *a)
{
	char from[ADDR_TEXT_SIZE];
	struct probe_device d = {a->kind, a->name, a->serial, a->firmware,
	    a->generation, a->mac, addr_text(&in->from, from)};

	if (a->kind != NULL)
		probe_add_device(p, &d);
}

static void
sample(struct probe *p, const struct lan_input *in, const struct seek_answer *a)
{
	struct seek *s = p->state;
	char text[ADDR_TEXT_SIZE];
	struct attempt *t;

	if (s->answered)
		return; /* a second copy, or a second device */
	s->answered = true;
	s->samples[s->phase]++;
	t = note(p, "reply");
	t->received = (uint32_t)in->len;
	t->from = arena_strdup(p->arena, addr_text(&in->from, text));
	if (a->stated.len != 0 && !addr_equal(&a->stated, &in->from))
		probe_detail_str(p, "stated_address",
		    addr_text(&a->stated, text));
	note_cast(p, in);
	s->enough = s->samples[ALL] + s->samples[ONE] >= NSAMPLES;
	after(s->next, s->enough ? SETTLE_MS : GAP_MS);
}

static void
on_input(void *arg, const struct lan_input *in)
{
	struct probe *p = arg;
	struct seek *s = p->state;
	struct seek_question q = question(s);
	struct seek_answer a;

	if (p->finished || s->asked[ALL] == 0)
		return;
	memset(&a, 0, sizeof a);
	if (in->truncated || !s->setup->read(p, &q, in, &a)) {
		count(&s->nstrange);
		s->near_strange |= in->cast == LAN_UNICAST &&
		    s->wanted.len != 0 && !s->never &&
		    addr_equal(&s->wanted, &in->from);
		return;
	}
	if (s->has_interface && !in->adapter->chosen) {
		s->elsewhere |= is_wanted(p, &in->from, &a);
		probe_detail_str(p, "other_adapter", in->adapter->name);
		return;
	}
	add_device(p, in, &a);
	if (is_wanted(p, &in->from, &a))
		sample(p, in, &a);
	else
		count(&s->nothers);
}

/* Only what goes to one address is ever rejected. It is asked once more
 * before that is believed. */
static void
on_error(void *arg, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct seek *s = p->state;

	if (p->finished || s->phase != ONE || s->answered ||
	    s->asked[ONE] == 0 || s->enough)
		return;
	s->answered = true;
	s->icmp = *e;
	probe_add_icmp(p, note(p, "icmp"), e);
	if (++s->nicmp >= 2)
		conclude(p);
	else
		after(s->next, GAP_MS);
}

/* --- what is asked --- */

static void
ask_soon(struct probe *p)
{
	struct seek *s = p->state;

	pace_wait(p->env->pace, &s->ticket, NULL, ask, p);
}

static void
send_failed(struct probe *p, int error)
{
	struct seek *s = p->state;

	note(p, "error")->error = error;
	s->answered = true;
	if (++s->nfailed < 2)
		return;
	finish(p, RUNG_LOCAL_ERROR, probe_local_cause(error));
}

static void
ask(void *arg)
{
	struct probe *p = arg;
	struct seek *s = p->state;
	uint8_t out[SEEK_MAX_OUT];
	struct seek_question q;
	struct addr to = s->wanted;
	size_t len;
	int error;

	if (s->turns)
		s->phase = ONE;
	s->turns = false;
	if (s->phase == ALL)
		addr_parse(&to, s->setup->all, 0);
	addr_set_port(&to, p->spec->port);
	s->asked[s->phase]++;
	s->number++;
	q = question(s);
	len = s->setup->compose(&q, out);
	s->answered = false;
	s->sent_us = clock_mono_us();
	after(s->next, SEEK_STEP_MS);
	if (!lan_send(s->lan, &to, s->setup->directed, s->setup->ttl, out, len,
		&error))
		send_failed(p, error);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct seek *s = p->state;
	bool one = s->wanted.len != 0 && !s->never &&
	    s->wanted.sa.sa_family == AF_INET;

	(void)fd;
	(void)what;
	if (s->enough) {
		conclude(p);
		return;
	}
	if (!s->answered) {
		note(p, "silence");
		probe_is_slow(p);
	}
	if (s->asked[s->phase] < SEEK_ROUNDS) {
		ask_soon(p);
	} else if (s->phase == ALL && one) {
		/* Until it is asked, what comes answers an older question. */
		s->turns = true;
		ask_soon(p);
	} else {
		conclude(p);
	}
}

/* --- the beginning and the end --- */

static bool
is_many(const struct addr *a)
{
	uint32_t ip = ntohl(a->in.sin_addr.s_addr);

	return a->sa.sa_family == AF_INET &&
	    (ip == INADDR_BROADCAST || IN_MULTICAST(ip));
}

static void
choose_wanted(struct probe *p, struct seek *s)
{
	struct addr to;

	s->never = p->spec->host != NULL;
	if (p->spec->address == NULL ||
	    !addr_parse(&to, p->spec->address, p->spec->port) || is_many(&to))
		return;
	s->wanted = to;
	p->obs.address = arena_strdup(p->arena, p->spec->address);
}

static struct lan *
open_lan(struct probe *p, struct seek *s, int *error)
{
	const char *name = p->env->interface != NULL ?
	    p->env->interface :
	    p->env->vantage->interface;
	struct lan_setup setup = {.base = p->env->base,
	    .others = s->setup->others,
	    .port = s->setup->port,
	    .input = on_input,
	    .error = on_error,
	    .arg = p};
	struct lan *lan;

	if (name != NULL && name[0] != '\0')
		setup.interface = name;
	else
		setup.others = true;
	s->has_interface = setup.interface != NULL;
	lan = lan_open(&setup, error);
	if (lan == NULL && *error == EADDRINUSE) {
		s->port_taken = true;
		setup.port = 0;
		lan = lan_open(&setup, error);
	}
	return lan;
}

void
seek_start(struct probe *p, const struct seek_setup *setup)
{
	struct seek *s = mem_alloc(sizeof *s);
	int error;

	p->state = s;
	s->setup = setup;
	random_bytes(&s->number, sizeof s->number);
	s->next = evtimer_new(p->env->base, on_next, p);
	choose_wanted(p, s);
	s->lan = open_lan(p, s, &error);
	if (s->lan != NULL)
		ask_soon(p);
	else if (error == ENETDOWN)
		probe_finish(p, RUNG_NONE, CAUSE_WRONG_INTERFACE);
	else
		probe_finish(p, RUNG_LOCAL_ERROR,
		    error == EPERM || error == EACCES ? CAUSE_PERMISSION :
							CAUSE_NET_UNREACHABLE);
}

void
seek_stop(struct probe *p)
{
	struct seek *s = p->state;

	pace_cancel(p->env->pace, &s->ticket);
	event_free(s->next);
	lan_close(s->lan);
	mem_free(s);
}
