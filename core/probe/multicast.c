/* SPDX-License-Identifier: MIT */
/* The probes "multicast" and "multicast_long": does this laptop hear a group
 * that it joins? Nothing but the join (IGMP) is sent. The group decides what is
 * listened for: zencontrol's TPI events (facts 2.1) in 239.255.90.67 port 6969,
 * KNXnet/IP (facts 1.11) in 224.0.23.12 port 3671; of another group only that
 * something comes. What is of the expected protocol is app_reply, anything
 * else heard there is transport.
 *
 * multicast_long listens for more than five minutes: a switch that snoops IGMP
 * without a querier forgets a group after some 260 s (facts 5.8), so only what
 * is heard after that shows that it is kept.
 *
 * Detail: "heard" (datagrams), "frames" (of the expected protocol),
 * "listened_s" and "last_heard_s" (seconds after the join), "source", "event"
 * (type of the first TPI event), "elsewhere" (another adapter on which it was
 * heard), "own_heard" (did the laptop hear what it sent to the group itself,
 * with a life of 0), "devices", "why". */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/group_echo.h"
#include "core/probe/listener.h"

#define LISTEN_MS 3400
#define LONG_MS 300000
#define SNOOPING_S 260
#define LOOKED_MAX 100000 /* datagrams that are looked into, whatever comes */

enum frame { FRAME_OTHER, FRAME_EXPECTED };

struct multicast_state {
	struct listener ears;
	struct pace_ticket ticket;
	struct event *end;
	const struct group *group;
	int64_t joined_us, last_us; /* last: of the expected protocol */
	int heard, frames;
	bool elsewhere;
	struct group_echo echo;
};

struct group {
	const char *address;
	uint16_t port; /* where the pack names none */
	enum frame (*read)(struct probe *p, const struct lan_input *in);
};

/* 5A 43, MAC, target (2), event, length, data, XOR of all before. */
static enum frame
read_tpi(struct probe *p, const struct lan_input *in)
{
	const uint8_t *d = in->data;
	char mac[24], from[ADDR_TEXT_SIZE];
	struct probe_device device = {.kind = "controller", .mac = mac};
	uint8_t sum = 0;
	size_t i;

	if (in->len < 13 || d[0] != 0x5a || d[1] != 0x43 || d[11] > 48 ||
	    in->len != 13 + (size_t)d[11])
		return FRAME_OTHER;
	for (i = 0; i < in->len; i++)
		sum ^= d[i];
	if (sum != 0)
		return FRAME_OTHER;
	snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", d[2], d[3],
	    d[4], d[5], d[6], d[7]);
	device.address = addr_text(&in->from, from);
	probe_add_device(p, &device);
	if (json_object_get(p->obs.detail, "event") == NULL)
		probe_detail_int(p, "event", d[10]);
	return FRAME_EXPECTED;
}

/* Header length 6, version 1.0, a service of its families, whole length. */
static enum frame
read_knx(struct probe *p, const struct lan_input *in)
{
	const uint8_t *d = in->data;

	(void)p;
	return in->len >= 6 && d[0] == 6 && d[1] == 0x10 && d[2] >= 2 &&
		d[2] <= 9 && (size_t)(d[4] << 8 | d[5]) == in->len ?
	    FRAME_EXPECTED :
	    FRAME_OTHER;
}

static enum frame
read_any(struct probe *p, const struct lan_input *in)
{
	(void)p;
	(void)in;
	return FRAME_OTHER;
}

static const struct group groups[] = {
    {"239.255.90.67", 6969, read_tpi},
    {"224.0.23.12", 3671, read_knx},
    {"", 0, read_any},
};

static const struct group *
group_of(const char *address)
{
	size_t i = 0;

	while (groups[i].port != 0 && strcmp(groups[i].address, address) != 0)
		i++;
	return &groups[i];
}

static int64_t
seconds(const struct multicast_state *s, int64_t at_us)
{
	return (at_us - s->joined_us) / 1000000;
}

static void
multicast_result(struct probe *p)
{
	struct multicast_state *s = p->state;
	bool is_long = p->type->background;
	int64_t now = clock_mono_us();
	enum rung rung = RUNG_SILENCE;
	enum cause cause = CAUSE_NONE;
	int echoed;

	if (s->joined_us != 0) {
		probe_detail_int(p, "listened_s", seconds(s, now));
		probe_add_attempt(p, s->joined_us, now,
		    s->heard > 0 ? "reply" : "silence");
	}
	echoed = group_echo_end(&s->echo);
	if (echoed >= 0)
		probe_detail_bool(p, "own_heard", echoed > 0);
	probe_detail_int(p, "heard", s->heard);
	probe_detail_int(p, "frames", s->frames);
	if (s->frames > 0)
		probe_detail_int(p, "last_heard_s", seconds(s, s->last_us));
	if (s->frames > 0) {
		rung = RUNG_APP_REPLY;
		/* Heard at first and then no more: the group may have been
		 * forgotten, or nothing happened. */
		if (is_long && seconds(s, now) >= SNOOPING_S &&
		    seconds(s, s->last_us) < SNOOPING_S) {
			rung = RUNG_TRANSPORT;
			probe_detail_str(p, "why", "no_longer_heard");
		}
	} else if (s->heard > 0) {
		rung = RUNG_TRANSPORT;
		probe_detail_str(p, "why", "group_heard");
	} else if (s->elsewhere) {
		cause = CAUSE_WRONG_INTERFACE;
	} else {
		cause = CAUSE_UDP_SILENT;
		probe_detail_str(p, "why", "no_event");
	}
	probe_finish(p, rung, cause);
}

/* Before it listened there is nothing to tell. */
static void
multicast_conclude(struct probe *p)
{
	struct multicast_state *s = p->state;

	if (s->joined_us == 0)
		probe_cancel(p);
	else
		multicast_result(p);
}

static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	multicast_result(arg);
}

static void
on_input(struct probe *p, size_t which, const struct lan_input *in)
{
	struct multicast_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	(void)which;
	if (in->cast != LAN_GROUP)
		return;
	if (!listener_is_here(&s->ears, in)) {
		s->elsewhere = true;
		probe_detail_str(p, "elsewhere", in->adapter->name);
		return;
	}
	if (s->heard++ >= LOOKED_MAX || in->truncated ||
	    s->group->read(p, in) != FRAME_EXPECTED)
		return;
	s->last_us = clock_mono_us();
	if (s->frames++ == 0)
		probe_detail_str(p, "source", addr_text(&in->from, text));
	if (!p->type->background || seconds(s, s->last_us) >= SNOOPING_S)
		multicast_result(p);
}

/* Joining sends packets, too. */
static void
on_turn(void *arg)
{
	struct probe *p = arg;
	struct multicast_state *s = p->state;
	unsigned ms = p->type->background ? LONG_MS : LISTEN_MS;
	struct timeval all = {ms / 1000, ms % 1000 * 1000};
	uint16_t port = p->spec->port != 0 ? p->spec->port : s->group->port;
	struct addr group;

	if (!listener_add(&s->ears, p->spec->address, port))
		return;
	s->joined_us = clock_mono_us();
	if (p->env->interface != NULL &&
	    addr_parse(&group, p->spec->address, port))
		group_echo_send(&s->echo, p->env->interface, &group);
	evtimer_add(s->end, &all);
}

static void
multicast_start(struct probe *p)
{
	struct multicast_state *s = mem_alloc(sizeof *s);
	const char *address = p->spec->address != NULL ? p->spec->address : "";

	p->state = s;
	s->ears.probe = p;
	s->ears.input = on_input;
	s->end = evtimer_new(p->env->base, on_end, p);
	s->group = group_of(address);
	if (address[0] == '\0' || (p->spec->port == 0 && s->group->port == 0)) {
		/* Nobody knows where to listen. */
		probe_detail_str(p, "why", "no_port");
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
		return;
	}
	pace_wait(p->env->pace, &s->ticket, address, on_turn, p);
}

static void
multicast_stop(struct probe *p)
{
	struct multicast_state *s = p->state;

	pace_cancel(p->env->pace, &s->ticket);
	event_free(s->end);
	group_echo_end(&s->echo);
	listener_close(&s->ears);
	mem_free(s);
}

const struct probe_type probe_multicast = {
    .name = "multicast",
    .shape = SHAPE_SITE,
    .nature = NATURE_SEARCH,
    .label = N_("Listening to a multicast group"),
    .sends = N_("It joins the group (IGMP) and listens for a few seconds."),
    .reaches = "224.0.0.22:0/igmp",
    .flows = 1,
    .packets = LISTENER_JOIN_PACKETS * LAN_ADAPTERS,
    .bytes = LISTENER_JOIN_BYTES * LAN_ADAPTERS,
    .longest_ms = LISTEN_MS,
    .start = multicast_start,
    .stop = multicast_stop,
};

/* A querier asks every 125 s (RFC 3376 section 8.2). */
#define LONG_ANSWERS (LONG_MS / 125000 + 1)

const struct probe_type probe_multicast_long = {
    .name = "multicast_long",
    .shape = SHAPE_SITE,
    .nature = NATURE_SEARCH,
    .label = N_("Listening to a multicast group for five minutes"),
    .sends = N_("It joins the group (IGMP) and listens for five minutes, to "
		"see whether a switch forgets the group."),
    .reaches = "224.0.0.22:0/igmp",
    .flows = 1,
    .packets = (LISTENER_JOIN_PACKETS + LONG_ANSWERS) * LAN_ADAPTERS,
    .bytes = (LISTENER_JOIN_BYTES + LONG_ANSWERS * 40) * LAN_ADAPTERS,
    .longest_ms = LONG_MS,
    .background = true,
    .start = multicast_start,
    .stop = multicast_stop,
    .conclude = multicast_conclude,
};
