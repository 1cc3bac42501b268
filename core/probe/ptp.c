/* SPDX-License-Identifier: MIT */
/* The probes "ptp", "ptp_long" and "ptp_ethernet": is there a clock of the
 * precision time protocol (IEEE 1588-2008, facts 5.8)? They only listen: over
 * UDP to ports 319 and 320 in the groups 224.0.1.129 and 224.0.0.107, which
 * needs cap_net_bind_service, or to Ethernet frames of type 88F7, which needs
 * cap_net_raw. An Announce or a Sync is app_reply, other PTP is transport.
 *
 * Detail: "grandmaster" (16 hexadecimal digits), "domain", "steps" (removed
 * from it), "priority1", "clock_class", "time_source" of the first Announce,
 * "source" (the sender's IP or MAC address), "announces", "syncs",
 * "announce_interval_us" and "sync_interval_us" (mean, from that sender),
 * "sync_jitter_us" (longest interval less the shortest), "others" (other PTP
 * messages), "strange" (what was no PTP), "sources" (different senders, at
 * most 8), "listened_s", "elsewhere" (another adapter on which it was heard),
 * "why". */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/probe/listener.h"
#include "core/probe/ptp_message.h"

#define EVENT_PORT 319
#define GENERAL_PORT 320
#define ETHERTYPE 0x88f7
#define UDP_PADDING 2       /* IEEE 1588 annexes D and E */
#define ETHERNET_PADDING 46 /* of the shortest frame */
#define LISTEN_MS 4500      /* an Announce comes every 2 s by default */
#define LONG_MS 20000
#define ENOUGH_SYNCS 3
#define SOURCES_MAX 8
#define LOOKED_MAX 100000

static const struct {
	const char *group;
	uint16_t port;
} ears[] = {
    {"224.0.1.129", EVENT_PORT},
    {"224.0.1.129", GENERAL_PORT},
    {"224.0.0.107", EVENT_PORT},
    {"224.0.0.107", GENERAL_PORT},
};

struct rhythm {
	int count;
	int64_t first_us, last_us, shortest_us, longest_us;
};

struct ptp_state {
	struct listener ears;
	struct pace_ticket ticket;
	struct event *end, *io;
	int fd; /* of Ethernet frames */
	int64_t begun_us;
	uint8_t source[SOURCES_MAX][10];
	size_t nsources;
	bool announced, elsewhere;
	uint8_t master[10]; /* sender of the first Announce */
	struct rhythm announce, sync;
	int nothers, nstrange, nlooked, nsyncs;
};

/* --- the result --- */

static void
add_rhythm(struct probe *p, const char *name, const struct rhythm *r)
{
	if (r->count > 1)
		probe_detail_int(p, name,
		    (r->last_us - r->first_us) / (r->count - 1));
}

static void
ptp_result(struct probe *p)
{
	struct ptp_state *s = p->state;
	int64_t now = clock_mono_us();
	bool clock = s->announced || s->nsyncs > 0;
	enum rung rung = RUNG_SILENCE;
	enum cause cause = CAUSE_NONE;

	if (s->begun_us != 0) {
		probe_add_attempt(p, s->begun_us, now,
		    clock ? "reply" : "silence");
		probe_detail_int(p, "listened_s",
		    (now - s->begun_us) / 1000000);
	}
	probe_detail_int(p, "announces", s->announce.count);
	probe_detail_int(p, "syncs", s->nsyncs);
	probe_detail_int(p, "others", s->nothers);
	probe_detail_int(p, "strange", s->nstrange);
	probe_detail_int(p, "sources", (int64_t)s->nsources);
	add_rhythm(p, "announce_interval_us", &s->announce);
	add_rhythm(p, "sync_interval_us", &s->sync);
	if (s->sync.count > 2)
		probe_detail_int(p, "sync_jitter_us",
		    s->sync.longest_us - s->sync.shortest_us);
	if (clock) {
		rung = RUNG_APP_REPLY;
	} else if (s->nothers > 0) {
		rung = RUNG_TRANSPORT;
		probe_detail_str(p, "why", "no_master");
	} else if (s->elsewhere) {
		cause = CAUSE_WRONG_INTERFACE;
	} else {
		cause = CAUSE_UDP_SILENT;
		probe_detail_str(p, "why", "no_clock");
	}
	probe_finish(p, rung, cause);
}

/* Before it listened there is nothing to tell. */
static void
ptp_conclude(struct probe *p)
{
	struct ptp_state *s = p->state;

	if (s->begun_us == 0)
		probe_cancel(p);
	else
		ptp_result(p);
}

static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	ptp_result(arg);
}

/* --- what comes --- */

static void
beat(struct rhythm *r, int64_t now)
{
	int64_t span = now - r->last_us;

	if (r->count++ == 0) {
		r->first_us = r->last_us = now;
		return;
	}
	if (r->count == 2 || span < r->shortest_us)
		r->shortest_us = span;
	if (span > r->longest_us)
		r->longest_us = span;
	r->last_us = now;
}

static void
note_source(struct ptp_state *s, const uint8_t id[10])
{
	size_t i;

	for (i = 0; i < s->nsources; i++) {
		if (memcmp(s->source[i], id, 10) == 0)
			return;
	}
	if (s->nsources < SOURCES_MAX)
		memcpy(s->source[s->nsources++], id, 10);
}

static void
describe(struct probe *p, const struct ptp_message *m, const char *from)
{
	char hex[17];
	int i;

	for (i = 0; i < 8; i++)
		snprintf(hex + 2 * i, 3, "%02x", m->grandmaster[i]);
	probe_detail_str(p, "grandmaster", hex);
	probe_detail_int(p, "domain", m->domain);
	probe_detail_int(p, "steps", m->steps);
	probe_detail_int(p, "priority1", m->priority1);
	probe_detail_int(p, "clock_class", m->clock_class);
	probe_detail_int(p, "time_source", m->time_source);
	probe_detail_str(p, "source", from);
}

static void
got_message(struct probe *p, const struct ptp_message *m, const char *from)
{
	struct ptp_state *s = p->state;
	int64_t now = clock_mono_us();
	bool master;

	note_source(s, m->source);
	if (m->type == PTP_ANNOUNCE && !s->announced) {
		s->announced = true;
		memcpy(s->master, m->source, sizeof s->master);
		memset(&s->sync, 0, sizeof s->sync); /* of whom it may be */
		describe(p, m, from);
	}
	master = !s->announced || memcmp(m->source, s->master, 10) == 0;
	if (m->type == PTP_ANNOUNCE && master)
		beat(&s->announce, now);
	else if (m->type == PTP_SYNC && master)
		beat(&s->sync, now);
	s->nsyncs += m->type == PTP_SYNC;
	s->nothers += m->type != PTP_ANNOUNCE && m->type != PTP_SYNC;
	if (m->type == PTP_SYNC && s->nsyncs == 1 && !s->announced)
		probe_detail_str(p, "source", from);
	if (!p->type->background && s->announced &&
	    s->sync.count >= ENOUGH_SYNCS)
		ptp_result(p);
}

static void
on_input(struct probe *p, size_t which, const struct lan_input *in)
{
	struct ptp_state *s = p->state;
	struct ptp_message m;
	char text[ADDR_TEXT_SIZE];

	if (s->nlooked++ >= LOOKED_MAX)
		return;
	if (in->truncated || in->cast != LAN_GROUP ||
	    !ptp_parse(in->data, in->len, UDP_PADDING, &m) ||
	    ptp_is_event(&m) != (ears[which].port == EVENT_PORT)) {
		s->nstrange++;
		return;
	}
	if (listener_is_here(&s->ears, in)) {
		got_message(p, &m, addr_text(&in->from, text));
		return;
	}
	s->elsewhere = true;
	probe_detail_str(p, "elsewhere", in->adapter->name);
}

static void
on_frame(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct ptp_state *s = p->state;
	struct sockaddr_ll from;
	socklen_t len = sizeof from;
	struct ptp_message m;
	uint8_t data[1600];
	char mac[24];
	ssize_t n;

	(void)what;
	n = recvfrom(fd, data, sizeof data, MSG_DONTWAIT | MSG_TRUNC,
	    (struct sockaddr *)&from, &len);
	if (n < 0 || p->finished || from.sll_pkttype == PACKET_OUTGOING ||
	    s->nlooked++ >= LOOKED_MAX)
		return;
	if ((size_t)n > sizeof data || from.sll_halen != 6 ||
	    !ptp_parse(data, (size_t)n, ETHERNET_PADDING, &m)) {
		s->nstrange++;
		return;
	}
	snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x",
	    from.sll_addr[0], from.sll_addr[1], from.sll_addr[2],
	    from.sll_addr[3], from.sll_addr[4], from.sll_addr[5]);
	got_message(p, &m, mac);
}

/* --- sockets --- */

static void
begin(struct probe *p)
{
	struct ptp_state *s = p->state;
	unsigned ms = p->type->background ? LONG_MS : LISTEN_MS;
	struct timeval all = {ms / 1000, ms % 1000 * 1000};

	s->begun_us = clock_mono_us();
	evtimer_add(s->end, &all);
}

/* Joining sends packets, too. */
static void
on_turn(void *arg)
{
	struct probe *p = arg;
	struct ptp_state *s = p->state;
	size_t i;

	for (i = 0; i < sizeof ears / sizeof *ears; i++) {
		if (!listener_add(&s->ears, ears[i].group, ears[i].port))
			return;
	}
	begin(p);
}

static struct ptp_state *
prepare(struct probe *p)
{
	struct ptp_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->fd = -1;
	s->ears.probe = p;
	s->ears.input = on_input;
	s->end = evtimer_new(p->env->base, on_end, p);
	return s;
}

static void
ptp_start(struct probe *p)
{
	struct ptp_state *s = prepare(p);

	pace_wait(p->env->pace, &s->ticket, ears[0].group, on_turn, p);
}

/* Taking part in an Ethernet group sends nothing. */
static bool
open_frames(struct ptp_state *s, unsigned index)
{
	static const uint8_t groups[2][6] = {
	    {0x01, 0x1b, 0x19, 0x00, 0x00, 0x00},
	    {0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e},
	};
	struct sockaddr_ll at = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(ETHERTYPE),
	    .sll_ifindex = (int)index};
	struct packet_mreq m = {.mr_ifindex = (int)index,
	    .mr_type = PACKET_MR_MULTICAST,
	    .mr_alen = 6};
	size_t i;

	/* Protocol 0 until it is bound, so that no other adapter is heard. */
	s->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&at, sizeof at) != 0)
		return false;
	for (i = 0; i < 2; i++) {
		memcpy(m.mr_address, groups[i], 6);
		if (setsockopt(s->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m,
			sizeof m) != 0)
			return false;
	}
	return true;
}

static void
ethernet_start(struct probe *p)
{
	struct ptp_state *s = prepare(p);
	const struct vantage *v = p->env->vantage;
	const char *interface = p->env->interface;
	unsigned index;

	if (interface == NULL && v != NULL)
		interface = v->interface;
	index = interface == NULL || interface[0] == '\0' ?
	    0 :
	    if_nametoindex(interface);
	if (index == 0) {
		probe_finish(p, RUNG_NONE, CAUSE_WRONG_INTERFACE);
		return;
	}
	if (!open_frames(s, index)) {
		probe_finish(p, RUNG_LOCAL_ERROR,
		    errno == EPERM || errno == EACCES ? CAUSE_PERMISSION :
							CAUSE_NET_UNREACHABLE);
		return;
	}
	s->io = event_new(p->env->base, s->fd, EV_READ | EV_PERSIST, on_frame,
	    p);
	event_add(s->io, NULL);
	begin(p);
}

static void
ptp_stop(struct probe *p)
{
	struct ptp_state *s = p->state;

	pace_cancel(p->env->pace, &s->ticket);
	event_free(s->end);
	if (s->io != NULL)
		event_free(s->io);
	if (s->fd >= 0)
		close(s->fd);
	listener_close(&s->ears);
	mem_free(s);
}

const struct probe_type probe_ptp = {
    .name = "ptp",
    .shape = SHAPE_SITE,
    .nature = NATURE_SEARCH,
    .label = N_("Listening for PTP clocks"),
    .sends = N_("It joins the groups 224.0.1.129 and 224.0.0.107 (IGMP) and "
		"listens for a few seconds."),
    .whom = N_("the routers and switches of the local network"),
    .reaches = "224.0.0.22:0/igmp",
    .flows = 1,
    .packets = 2 * LISTENER_JOIN_PACKETS * LAN_ADAPTERS,
    .bytes = 2 * LISTENER_JOIN_BYTES * LAN_ADAPTERS,
    .longest_ms = LISTEN_MS,
    .right = "cap_net_bind_service",
    .start = ptp_start,
    .stop = ptp_stop,
};

const struct probe_type probe_ptp_long = {
    .name = "ptp_long",
    .shape = SHAPE_SITE,
    .nature = NATURE_SEARCH,
    .label = N_("Listening for PTP clocks, longer"),
    .sends = N_("It joins the groups 224.0.1.129 and 224.0.0.107 (IGMP) and "
		"listens for twenty seconds."),
    .whom = N_("the routers and switches of the local network"),
    .reaches = "224.0.0.22:0/igmp",
    .flows = 1,
    .packets = 2 * LISTENER_JOIN_PACKETS * LAN_ADAPTERS,
    .bytes = 2 * LISTENER_JOIN_BYTES * LAN_ADAPTERS,
    .longest_ms = LONG_MS,
    .background = true,
    .right = "cap_net_bind_service",
    .start = ptp_start,
    .stop = ptp_stop,
    .conclude = ptp_conclude,
};

const struct probe_type probe_ptp_ethernet = {
    .name = "ptp_ethernet",
    .shape = SHAPE_SITE,
    .nature = NATURE_SEARCH,
    .label = N_("Listening for PTP clocks on Ethernet"),
    .sends = N_("It sends nothing; it listens for Ethernet frames of PTP for "
		"a few seconds."),
    .whom = N_("nobody"),
    .longest_ms = LISTEN_MS,
    .right = "cap_net_raw",
    .start = ethernet_start,
    .stop = ptp_stop,
};
