/* SPDX-License-Identifier: MIT */
/* The probe "broadcast": are broadcasts of other machines heard? What devices
 * send on these ports is not documented (facts 1.1 and 1.8), so nothing is
 * sent, and nothing that is heard can be matched to a question: it is
 * transport, and silence proves nothing.
 *
 * want: the ports, "7070-7077"; without it the port of the requirement. Port
 * 7071 is left out: it takes the answers to Loxone's search, for which another
 * probe waits.
 *
 * Detail: "heard" (broadcasts), "port" and "source" of the first, "bytes" of
 * it, "listened_ms", "elsewhere" (another adapter on which one was heard),
 * "why". */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/probe/listener.h"

#define LISTEN_MS 3400
#define TAKEN 7071

struct broadcast_state {
	struct listener ears;
	uint16_t port[LISTENER_EARS];
	int64_t begun_us;
	int heard;
	bool elsewhere;
	struct event *end;
};

static void
broadcast_result(struct probe *p)
{
	struct broadcast_state *s = p->state;
	int64_t now = clock_mono_us();
	enum rung rung = RUNG_SILENCE;
	enum cause cause = CAUSE_NONE;

	probe_add_attempt(p, s->begun_us, now,
	    s->heard > 0 ? "reply" : "silence");
	probe_detail_int(p, "heard", s->heard);
	probe_detail_int(p, "listened_ms", (now - s->begun_us) / 1000);
	if (s->heard > 0) {
		rung = RUNG_TRANSPORT;
		probe_detail_str(p, "why", "broadcast_heard");
	} else if (s->elsewhere) {
		cause = CAUSE_WRONG_INTERFACE;
	} else {
		cause = CAUSE_UDP_SILENT;
		probe_detail_str(p, "why", "no_broadcast");
	}
	probe_finish(p, rung, cause);
}

static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	broadcast_result(arg);
}

static void
on_input(struct probe *p, size_t which, const struct lan_input *in)
{
	struct broadcast_state *s = p->state;
	char text[ADDR_TEXT_SIZE];

	if (in->cast != LAN_BROADCAST)
		return;
	if (!listener_is_here(&s->ears, in)) {
		s->elsewhere = true;
		probe_detail_str(p, "elsewhere", in->adapter->name);
		return;
	}
	s->heard++;
	probe_detail_int(p, "port", s->port[which]);
	probe_detail_str(p, "source", addr_text(&in->from, text));
	probe_detail_int(p, "bytes", (int64_t)in->len);
	broadcast_result(p);
}

/* "7070-7077", "7079"; false for what is neither. */
static bool
read_ports(const char *want, uint64_t *low, uint64_t *high)
{
	char first[8];
	size_t n = strcspn(want, "-");

	if (n >= sizeof first)
		return false;
	memcpy(first, want, n);
	first[n] = '\0';
	return text_to_uint(first, 1, 65535, low) &&
	    text_to_uint(want[n] == '-' ? want + n + 1 : first, *low, 65535,
		high);
}

static void
broadcast_start(struct probe *p)
{
	struct broadcast_state *s = mem_alloc(sizeof *s);
	struct timeval all = {LISTEN_MS / 1000, LISTEN_MS % 1000 * 1000};
	uint64_t low = p->spec->port, high = p->spec->port, port;

	p->state = s;
	s->ears.probe = p;
	s->ears.input = on_input;
	s->end = evtimer_new(p->env->base, on_end, p);
	s->begun_us = clock_mono_us();
	if ((p->spec->want != NULL &&
		!read_ports(p->spec->want, &low, &high)) ||
	    low == 0) {
		probe_detail_str(p, "why", "no_port");
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
		return;
	}
	for (port = low; port <= high && s->ears.count < LISTENER_EARS;
	     port++) {
		if (port == TAKEN && high > low)
			continue;
		s->port[s->ears.count] = (uint16_t)port;
		if (!listener_add(&s->ears, NULL, (uint16_t)port))
			return;
	}
	evtimer_add(s->end, &all);
}

static void
broadcast_stop(struct probe *p)
{
	struct broadcast_state *s = p->state;

	event_free(s->end);
	listener_close(&s->ears);
	mem_free(s);
}

const struct probe_type probe_broadcast = {
    .name = "broadcast",
    .shape = SHAPE_SITE,
    .nature = NATURE_SEARCH,
    .label = N_("Listening for broadcasts"),
    .sends = N_("It sends nothing; it listens for broadcasts for a few "
		"seconds."),
    .whom = N_("nobody"),
    .longest_ms = LISTEN_MS,
    .start = broadcast_start,
    .stop = broadcast_stop,
};
