/* SPDX-License-Identifier: MIT */
/* The probe "dhcp": is there a DHCP server for the devices? (RFC 2131)
 *
 * With the right to packet sockets it sends DISCOVERs from 0.0.0.0 to
 * everybody, and counts the OFFERs to its own xid and MAC. It never sends a
 * REQUEST, so it takes no address. A packet socket hears what the laptop's
 * firewall would throw away, so silence is the network's: "no_dhcp".
 *
 * Without the right the laptop's own lease on this interface is looked at: a
 * server gave this very laptop an address here, which is less than an offer
 * now, so the rung is "transport". It counts while the lease is in the first
 * half of its life; after that it should have been renewed (section 4.4.5).
 *
 * Detail: "how" ("offer" or "lease"), "server" (the servers, with commas),
 * "offers", "servers" (numbers), "offered" (address), "lease_s", "age_s" (of
 * the lease), "time_servers", "portal_api" (of the first offer), "strange"
 * (packets to the client port that are no offer to us), "why" and "right". */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/net/dhcp_lease.h"
#include "core/probe/probe.h"

#define NDISCOVERS 3
#define MORE_MS 1200  /* after the first offer: is there another server? */
#define LAST_MS 4000  /* after the last question */
#define SERVERS_MAX 4 /* that are told apart */
#define READS_MAX 64  /* packets in one go of the loop */
#define IP_SIZE 20
#define UDP_SIZE 8
#define PACKET_SIZE (IP_SIZE + UDP_SIZE + DHCP_DISCOVER_SIZE)
#define ETHERTYPE_IP 0x0800

/* RFC 2131 section 4.1 doubles from 4 s; a person is waiting here. */
static const int wait_ms[NDISCOVERS] = {1500, 3000, LAST_MS};

struct dhcp_state {
	int fd;
	unsigned index;
	uint8_t mac[6];
	uint32_t xid;
	int nsent;
	bool answered; /* the newest question */
	int64_t sent_us[NDISCOVERS];
	struct in_addr server[SERVERS_MAX];
	size_t nservers;
	int noffers, nstrange;
	struct pace_ticket ticket;
	struct event *io;
	struct event *next;
};

/* --- the question, as it goes out (RFC 791, RFC 768) --- */

static uint32_t
sum16(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	return sum;
}

static void
put_checksum(uint8_t *at, uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum & 0xffff;
	at[0] = (uint8_t)(sum >> 8);
	at[1] = (uint8_t)sum;
}

static void
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
compose(const struct dhcp_state *s, uint8_t out[PACKET_SIZE], unsigned seconds)
{
	uint8_t *udp = out + IP_SIZE;
	unsigned length = UDP_SIZE + DHCP_DISCOVER_SIZE;

	memset(out, 0, IP_SIZE + UDP_SIZE);
	out[0] = 4 << 4 | IP_SIZE / 4;
	put16(out + 2, PACKET_SIZE);
	out[8] = 64;
	out[9] = IPPROTO_UDP;
	memset(out + 16, 255, 4);
	put_checksum(out + 10, sum16(out, IP_SIZE));
	put16(udp, DHCP_CLIENT_PORT);
	put16(udp + 2, DHCP_SERVER_PORT);
	put16(udp + 4, length);
	dhcp_discover(udp + UDP_SIZE, s->xid, s->mac, seconds);
	/* The pseudo header: addresses, protocol, length. */
	put_checksum(udp + 6,
	    sum16(out + 12, 8) + IPPROTO_UDP + length + sum16(udp, length));
}

/* --- what comes back --- */

static struct attempt *
note(struct probe *p, const char *result)
{
	struct dhcp_state *s = p->state;
	struct attempt *t = probe_add_attempt(p, s->sent_us[s->nsent - 1],
	    clock_mono_us(), result);

	t->source_port = DHCP_CLIENT_PORT;
	t->sent = DHCP_DISCOVER_SIZE;
	p->obs.source_port = DHCP_CLIENT_PORT;
	return t;
}

static void
tell_servers(struct probe *p)
{
	struct dhcp_state *s = p->state;
	char text[INET_ADDRSTRLEN];
	const char *all = "";
	size_t i;

	for (i = 0; i < s->nservers; i++) {
		inet_ntop(AF_INET, &s->server[i], text, sizeof text);
		all = arena_printf(p->arena, i == 0 ? "%s%s" : "%s, %s", all,
		    text);
	}
	probe_detail_str(p, "server", all);
	probe_detail_int(p, "servers", (int64_t)s->nservers);
	probe_detail_int(p, "offers", s->noffers);
}

static bool
has_lease(const struct probe *p)
{
	const char *dhcp = p->env->vantage->dhcp;

	return dhcp != NULL && strcmp(dhcp, "lease") == 0;
}

static void
dhcp_result(struct probe *p)
{
	struct dhcp_state *s = p->state;

	if (!s->answered)
		note(p, "silence");
	if (s->nstrange > 0)
		probe_detail_int(p, "strange", s->nstrange);
	if (s->noffers > 0) {
		tell_servers(p);
		probe_detail_str(p, "how", "offer");
		probe_detail_str(p, "why",
		    s->nservers > 1 ? "two_servers" : "offer");
		if (s->nservers > 1)
			probe_detail_bool(p, "warn", true);
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	} else if (has_lease(p)) {
		/* One of the two must be wrong; nobody can tell which. */
		probe_detail_str(p, "why", "lease_but_silent");
		probe_finish(p, RUNG_SILENCE, CAUSE_NONE);
	} else {
		probe_finish(p, RUNG_SILENCE, CAUSE_NO_DHCP);
	}
}

/* What the server would give, of the first offer. */
static void
describe(struct probe *p, const struct dhcp_message *m)
{
	struct dhcp_lease l = {NULL};
	const char *times = "";
	size_t i;

	lease_from_message(p->arena, m, &l);
	probe_detail_str(p, "offered", l.address);
	if (l.lease_s > 0)
		probe_detail_int(p, "lease_s", l.lease_s);
	for (i = 0; i < l.time_servers.count; i++)
		times = arena_printf(p->arena, i == 0 ? "%s%s" : "%s, %s",
		    times, l.time_servers.item[i]);
	if (l.time_servers.count > 0)
		probe_detail_str(p, "time_servers", times);
	probe_detail_str(p, "portal_api", l.portal);
}

static void
take_offer(struct probe *p, const struct dhcp_message *m, size_t len)
{
	struct dhcp_state *s = p->state;
	struct timeval more = {MORE_MS / 1000, MORE_MS % 1000 * 1000};
	char text[INET_ADDRSTRLEN];
	struct attempt *t;
	size_t i;

	for (i = 0; i < s->nservers; i++) {
		if (s->server[i].s_addr == m->server.s_addr)
			break;
	}
	if (i == s->nservers && i < SERVERS_MAX)
		s->server[s->nservers++] = m->server;
	if (s->noffers++ == 0) {
		describe(p, m);
		evtimer_add(s->next, &more);
	}
	if (s->answered)
		return;
	s->answered = true;
	t = note(p, "reply");
	t->received = (uint32_t)len;
	t->from = arena_strdup(p->arena,
	    inet_ntop(AF_INET, &m->server, text, sizeof text));
}

/* The UDP checksum is not looked at: of packets that never left a machine
 * the kernel has not made it yet. */
static bool
udp_payload(const uint8_t *ip, size_t len, const uint8_t **data, size_t *size)
{
	size_t header, total, udp_len;
	const uint8_t *udp;

	if (len < IP_SIZE || ip[0] >> 4 != 4 || ip[9] != IPPROTO_UDP)
		return false;
	header = (size_t)(ip[0] & 15) * 4;
	total = (size_t)(ip[2] << 8 | ip[3]);
	/* No fragments. */
	if (header < IP_SIZE || total > len || total < header + UDP_SIZE ||
	    (ip[6] & 0x3f) != 0 || ip[7] != 0)
		return false;
	udp = ip + header;
	udp_len = (size_t)(udp[4] << 8 | udp[5]);
	if (udp[0] != 0 || udp[1] != DHCP_SERVER_PORT || udp[2] != 0 ||
	    udp[3] != DHCP_CLIENT_PORT || udp_len < UDP_SIZE ||
	    udp_len > total - header)
		return false;
	*data = udp + UDP_SIZE;
	*size = udp_len - UDP_SIZE;
	return true;
}

static void
got_packet(struct probe *p, const uint8_t *packet, size_t len)
{
	struct dhcp_state *s = p->state;
	struct dhcp_message m;
	const uint8_t *data;
	size_t size;

	if (!udp_payload(packet, len, &data, &size))
		return;
	if (s->nsent == 0 || !dhcp_parse(data, size, &m) ||
	    m.type != DHCP_OFFER || m.xid != s->xid ||
	    memcmp(m.mac, s->mac, sizeof m.mac) != 0 || m.address.s_addr == 0 ||
	    m.server.s_addr == 0)
		s->nstrange++;
	else
		take_offer(p, &m, size);
}

/* Everything on the wire comes here, so a busy one must not hold the loop. */
static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct sockaddr_ll from;
	uint8_t packet[2048];
	socklen_t len;
	ssize_t n;
	int i;

	(void)what;
	for (i = 0; i < READS_MAX && !p->finished; i++) {
		len = sizeof from;
		n = recvfrom(fd, packet, sizeof packet, MSG_DONTWAIT,
		    (struct sockaddr *)&from, &len);
		if (n < 0)
			return;
		if (from.sll_pkttype != PACKET_OUTGOING)
			got_packet(p, packet, (size_t)n);
	}
}

/* --- sending --- */

static void
send_discover(void *arg)
{
	struct probe *p = arg;
	struct dhcp_state *s = p->state;
	struct sockaddr_ll to = {
	    .sll_family = AF_PACKET,
	    .sll_protocol = htons(ETHERTYPE_IP),
	    .sll_ifindex = (int)s->index,
	    .sll_halen = 6,
	};
	struct timeval tv = {wait_ms[s->nsent] / 1000,
	    wait_ms[s->nsent] % 1000 * 1000};
	uint8_t packet[PACKET_SIZE];
	int64_t now = clock_mono_us();

	if (s->noffers > 0)
		return;
	memset(to.sll_addr, 255, 6);
	compose(s, packet,
	    s->nsent == 0 ? 0 : (unsigned)((now - s->sent_us[0]) / 1000000));
	s->sent_us[s->nsent++] = now;
	s->answered = false;
	if (sendto(s->fd, packet, sizeof packet, MSG_DONTWAIT,
		(struct sockaddr *)&to, sizeof to) < 0 &&
	    errno != EAGAIN && errno != ENOBUFS) {
		note(p, "error")->error = errno;
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_NET_UNREACHABLE);
		return;
	}
	evtimer_add(s->next, &tv);
}

static void
on_next(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;
	struct dhcp_state *s = p->state;

	(void)fd;
	(void)what;
	if (s->noffers > 0 || s->nsent == NDISCOVERS) {
		dhcp_result(p);
		return;
	}
	note(p, "silence");
	if (s->nsent == 1)
		probe_is_slow(p);
	pace_wait(p->env->pace, &s->ticket, NULL, send_discover, p);
}

/* --- without the right to ask --- */

static void
look_at_lease(struct probe *p)
{
	const struct vantage *v = p->env->vantage;
	int64_t age_s = v->dhcp_given_us == 0 ?
	    -1 :
	    (clock_wall_us() - v->dhcp_given_us) / 1000000;
	bool fresh;

	if (!has_lease(p)) {
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_PERMISSION);
		return;
	}
	fresh = age_s >= 0 && v->dhcp_lease_s > 0 &&
	    age_s <= v->dhcp_lease_s / 8 * 5; /* T1 is a half */
	probe_detail_str(p, "right", p->type->right);
	probe_detail_str(p, "how", "lease");
	probe_detail_str(p, "server", v->dhcp_server);
	if (v->dhcp_lease_s > 0)
		probe_detail_int(p, "lease_s", v->dhcp_lease_s);
	if (age_s >= 0)
		probe_detail_int(p, "age_s", age_s);
	if (fresh && v->dhcp_server != NULL) {
		probe_detail_str(p, "why", "lease");
		probe_finish(p, RUNG_TRANSPORT, CAUSE_NONE);
	} else {
		probe_detail_str(p, "why",
		    fresh ? "lease_of_nobody" : "lease_old");
		probe_finish(p, RUNG_SILENCE, CAUSE_NONE);
	}
}

/* Is it a link with Ethernet's addresses? Wi-Fi is. */
static bool
get_mac(int fd, const char *interface, uint8_t mac[6])
{
	struct ifreq r;

	memset(&r, 0, sizeof r);
	snprintf(r.ifr_name, sizeof r.ifr_name, "%s", interface);
	if (ioctl(fd, SIOCGIFHWADDR, &r) != 0 ||
	    r.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return false;
	memcpy(mac, r.ifr_hwaddr.sa_data, 6);
	return true;
}

static const char *
interface_of(const struct probe *p)
{
	const char *name = p->env->interface != NULL ?
	    p->env->interface :
	    p->env->vantage->interface;

	return name == NULL ? "" : name;
}

static void
dhcp_start(struct probe *p)
{
	struct dhcp_state *s = mem_alloc(sizeof *s);
	struct sockaddr_ll here = {
	    .sll_family = AF_PACKET,
	    .sll_protocol = htons(ETHERTYPE_IP),
	};

	p->state = s;
	s->next = evtimer_new(p->env->base, on_next, p);
	s->index = if_nametoindex(interface_of(p));
	s->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0) {
		look_at_lease(p);
		return;
	}
	here.sll_ifindex = (int)s->index;
	if (s->index == 0 || !get_mac(s->fd, interface_of(p), s->mac)) {
		probe_detail_str(p, "why", "no_ethernet");
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
		return;
	}
	if (bind(s->fd, (struct sockaddr *)&here, sizeof here) != 0) {
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_NET_UNREACHABLE);
		return;
	}
	random_bytes(&s->xid, sizeof s->xid);
	s->io = event_new(p->env->base, s->fd, EV_READ | EV_PERSIST, on_io, p);
	event_add(s->io, NULL);
	pace_wait(p->env->pace, &s->ticket, NULL, send_discover, p);
}

static void
dhcp_stop(struct probe *p)
{
	struct dhcp_state *s = p->state;

	pace_cancel(p->env->pace, &s->ticket);
	if (s->io != NULL)
		event_free(s->io);
	event_free(s->next);
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s);
}

const struct probe_type probe_dhcp = {
    .name = "dhcp",
    .shape = SHAPE_SITE,
    .nature = NATURE_CONDITION,
    .label = N_("Assignment of addresses (DHCP)"),
    .sends = N_("It asks everybody in the local network for an offer of an "
		"address, and takes none."),
    .reaches = "255.255.255.255:67/udp",
    .whom = N_("everybody in the local network"),
    .flows = NDISCOVERS,
    .packets = NDISCOVERS,
    .bytes = NDISCOVERS * PACKET_SIZE,
    .longest_ms = 1500 + 3000 + LAST_MS,
    .at_once = 1,
    .right = "cap_net_raw",
    .start = dhcp_start,
    .stop = dhcp_stop,
};
