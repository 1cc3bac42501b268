/* SPDX-License-Identifier: MIT */
/* Searching the local network: a UDP socket on each adapter. The adapter of
 * what is sent and of what comes is told by IP_PKTINFO (ip(7)), so that it
 * works where an ordinary user may not bind to a device, too. */
#include "core/net/lan.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"

#define OWN_MAX 64

struct lan_socket {
	struct lan *lan;
	struct lan_adapter adapter;
	int fd;
	uint16_t port;
	struct event *io;
};

struct lan {
	struct lan_setup setup;
	struct lan_socket socket[LAN_ADAPTERS];
	size_t count;
	struct addr own[OWN_MAX]; /* the laptop's, of every adapter */
	size_t nown;
	unsigned sent;
	uint8_t data[LAN_MAX_IN];
};

/* --- adapters --- */

/* Most tunnels are point to point; these look like a network of their own. */
static bool
is_tunnel(const char *name)
{
	static const char *const prefix[] = {"tun", "tap", "wg", "zt", "utun"};
	size_t i;

	for (i = 0; i < sizeof prefix / sizeof *prefix; i++) {
		if (strncmp(name, prefix[i], strlen(prefix[i])) == 0)
			return true;
	}
	return false;
}

static bool
is_usable(const struct ifaddrs *i)
{
	return i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET &&
	    (i->ifa_flags & IFF_UP) && (i->ifa_flags & IFF_RUNNING) &&
	    (i->ifa_flags & (IFF_BROADCAST | IFF_MULTICAST)) &&
	    !(i->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) &&
	    !is_tunnel(i->ifa_name);
}

static void
fill_adapter(struct lan_adapter *a, const struct ifaddrs *i, bool chosen)
{
	memset(a, 0, sizeof *a);
	snprintf(a->name, sizeof a->name, "%.15s", i->ifa_name);
	a->index = if_nametoindex(i->ifa_name);
	a->chosen = chosen;
	addr_from_sockaddr(&a->address, i->ifa_addr, sizeof a->address.in);
	if (i->ifa_netmask != NULL)
		addr_from_sockaddr(&a->netmask, i->ifa_netmask,
		    sizeof a->netmask.in);
	/* Some systems leave the family of the mask empty. */
	a->netmask.in.sin_family = AF_INET;
	if ((i->ifa_flags & IFF_BROADCAST) && i->ifa_broadaddr != NULL)
		addr_from_sockaddr(&a->broadcast, i->ifa_broadaddr,
		    sizeof a->broadcast.in);
}

static size_t
add_adapters(const struct ifaddrs *list, const char *chosen, bool wanted,
    struct lan_adapter out[LAN_ADAPTERS], size_t count)
{
	const struct ifaddrs *i;
	size_t k;

	for (i = list; i != NULL && count < LAN_ADAPTERS; i = i->ifa_next) {
		bool is = chosen != NULL && i->ifa_name != NULL &&
		    strcmp(i->ifa_name, chosen) == 0;

		if (is != wanted || !is_usable(i))
			continue;
		/* Of several addresses the first is what it sends from. */
		for (k = 0; k < count; k++) {
			if (strncmp(out[k].name, i->ifa_name, IFNAMSIZ) == 0)
				break;
		}
		if (k < count)
			continue;
		fill_adapter(&out[count], i, is);
		count += out[count].index != 0;
	}
	return count;
}

size_t
lan_adapters(const char *chosen, struct lan_adapter out[LAN_ADAPTERS])
{
	struct ifaddrs *list;
	size_t count;

	if (getifaddrs(&list) != 0)
		return 0;
	count = add_adapters(list, chosen, true, out, 0);
	count = add_adapters(list, chosen, false, out, count);
	freeifaddrs(list);
	return count;
}

/* --- what comes --- */

static void
learn_own(struct lan *l)
{
	struct ifaddrs *list, *i;

	if (getifaddrs(&list) != 0)
		return;
	for (i = list; i != NULL && l->nown < OWN_MAX; i = i->ifa_next) {
		if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET &&
		    addr_from_sockaddr(&l->own[l->nown], i->ifa_addr,
			sizeof l->own[0].in))
			l->nown++;
	}
	freeifaddrs(list);
}

static bool
is_own(const struct lan *l, const struct addr *from)
{
	size_t i;

	for (i = 0; i < l->nown; i++) {
		if (addr_equal(&l->own[i], from))
			return true;
	}
	return false;
}

static bool
read_pktinfo(struct msghdr *msg, struct in_pktinfo *out)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO &&
		    c->cmsg_len >= CMSG_LEN(sizeof *out)) {
			memcpy(out, CMSG_DATA(c), sizeof *out);
			return true;
		}
	}
	return false;
}

/* The address in the packet and the one that an answer would come from are
 * the same only if it was for this laptop alone (ip(7), IP_PKTINFO). */
static enum lan_cast
cast_of(const struct in_pktinfo *to)
{
	if (IN_MULTICAST(ntohl(to->ipi_addr.s_addr)))
		return LAN_GROUP;
	if (to->ipi_addr.s_addr != to->ipi_spec_dst.s_addr)
		return LAN_BROADCAST;
	return LAN_UNICAST;
}

/* What is for many comes to each socket, so it counts on its own alone. */
static const struct lan_adapter *
adapter_of(const struct lan_socket *s, int index, enum lan_cast cast)
{
	const struct lan *l = s->lan;
	size_t i;

	if ((int)s->adapter.index == index)
		return &s->adapter;
	for (i = 0; cast == LAN_UNICAST && i < l->count; i++) {
		if ((int)l->socket[i].adapter.index == index)
			return &l->socket[i].adapter;
	}
	return NULL;
}

/* One at a time, so that a flood does not keep the loop from its clocks, and
 * so that the callback may close all this. */
static void
read_datagram(struct lan_socket *s)
{
	char control[256] __attribute__((aligned(16)));
	struct lan *l = s->lan;
	struct lan_input in = {.data = l->data};
	struct sockaddr_storage from;
	struct iovec iov = {l->data, sizeof l->data};
	struct msghdr msg = {.msg_name = &from,
	    .msg_namelen = sizeof from,
	    .msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof control};
	struct in_pktinfo to;
	ssize_t n = recvmsg(s->fd, &msg, MSG_DONTWAIT);

	if (n < 0 || !read_pktinfo(&msg, &to) ||
	    !addr_from_sockaddr(&in.from, (struct sockaddr *)&from,
		msg.msg_namelen))
		return;
	in.len = (size_t)n;
	in.truncated = msg.msg_flags & MSG_TRUNC;
	in.cast = cast_of(&to);
	in.adapter = adapter_of(s, to.ipi_ifindex, in.cast);
	if (in.adapter != NULL && !is_own(l, &in.from))
		l->setup.input(l->setup.arg, &in);
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct lan_socket *s = arg;
	struct lan *l = s->lan;
	struct icmp_error e;

	(void)what;
	if (!errqueue_read(fd, &e))
		read_datagram(s);
	else if (l->setup.error != NULL && !e.local)
		l->setup.error(l->setup.arg, &e);
}

/* --- sockets --- */

static void
set_int(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof value);
}

static bool
join(const struct lan_socket *s, const struct addr *group)
{
	struct ip_mreqn m = {group->in.sin_addr, s->adapter.address.in.sin_addr,
	    (int)s->adapter.index};

	return setsockopt(s->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m) ==
	    0;
}

static bool
bind_port(struct lan_socket *s, uint16_t port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	    .sin_port = htons(port)};
	socklen_t len = sizeof at;

	if (bind(s->fd, (struct sockaddr *)&at, sizeof at) != 0 ||
	    getsockname(s->fd, (struct sockaddr *)&at, &len) != 0)
		return false;
	s->port = ntohs(at.sin_port);
	return true;
}

/* A port is shared in both ways, since the other program may have allowed
 * either. Bound to a device, this socket is the nearer one for what is sent
 * to the laptop alone; where that is not allowed, IP_PKTINFO does without. */
static bool
open_socket(struct lan_socket *s, const struct lan_setup *setup)
{
	struct ip_mreqn out = {.imr_address = s->adapter.address.in.sin_addr,
	    .imr_ifindex = (int)s->adapter.index};

	s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return false;
	if (setup->port != 0) {
		set_int(s->fd, SOL_SOCKET, SO_REUSEADDR, 1);
		set_int(s->fd, SOL_SOCKET, SO_REUSEPORT, 1);
	}
	setsockopt(s->fd, SOL_SOCKET, SO_BINDTODEVICE, s->adapter.name,
	    (socklen_t)strlen(s->adapter.name));
	set_int(s->fd, SOL_SOCKET, SO_BROADCAST, 1);
	set_int(s->fd, IPPROTO_IP, IP_PKTINFO, 1);
	/* Not what other sockets of the laptop joined, and not to itself. */
	set_int(s->fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
	set_int(s->fd, IPPROTO_IP, IP_MULTICAST_LOOP, 0);
	setsockopt(s->fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof out);
	errqueue_enable(s->fd, AF_INET);
	return bind_port(s, setup->port) &&
	    (setup->group == NULL || join(s, setup->group));
}

static void
close_socket(struct lan_socket *s)
{
	if (s->io != NULL)
		event_free(s->io);
	if (s->fd >= 0)
		close(s->fd);
	s->io = NULL;
	s->fd = -1;
}

struct lan *
lan_open(const struct lan_setup *setup, int *error)
{
	struct lan_adapter found[LAN_ADAPTERS];
	struct lan *l = mem_alloc(sizeof *l);
	size_t n = lan_adapters(setup->interface, found), i;

	l->setup = *setup;
	*error = ENETDOWN;
	for (i = 0; i < n; i++) {
		struct lan_socket *s = &l->socket[l->count];

		if (!found[i].chosen && !setup->others)
			continue;
		s->lan = l;
		s->adapter = found[i];
		if (!open_socket(s, setup)) {
			*error = errno;
			close_socket(s);
			continue;
		}
		s->io = event_new(setup->base, s->fd, EV_READ | EV_PERSIST,
		    on_io, s);
		event_add(s->io, NULL);
		l->count++;
	}
	learn_own(l);
	if (l->count > 0)
		return l;
	mem_free(l);
	return NULL;
}

void
lan_close(struct lan *l)
{
	size_t i;

	if (l == NULL)
		return;
	for (i = 0; i < l->count; i++)
		close_socket(&l->socket[i]);
	mem_free(l);
}

/* --- what is sent --- */

static bool
send_on(struct lan_socket *s, const struct addr *to, int ttl, const void *data,
    size_t len, int *error)
{
	char control[CMSG_SPACE(sizeof(struct in_pktinfo))]
	    __attribute__((aligned(16)));
	struct in_pktinfo from = {.ipi_ifindex = (int)s->adapter.index,
	    .ipi_spec_dst = s->adapter.address.in.sin_addr};
	struct iovec iov = {(void *)(uintptr_t)data, len};
	struct sockaddr_in at = to->in;
	struct msghdr msg = {.msg_name = &at,
	    .msg_namelen = sizeof at,
	    .msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof control};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	bool group = IN_MULTICAST(ntohl(at.sin_addr.s_addr));
	int try;

	memset(control, 0, sizeof control);
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof from);
	memcpy(CMSG_DATA(c), &from, sizeof from);
	if (group)
		set_int(s->fd, IPPROTO_IP, IP_MULTICAST_TTL, ttl ? ttl : 1);
	else
		set_int(s->fd, IPPROTO_IP, IP_TTL, ttl ? ttl : -1);
	/* The first may only tell of an ICMP error that came before. */
	for (try = 0; try < 2; try++) {
		if (sendmsg(s->fd, &msg, MSG_DONTWAIT) >= 0) {
			s->lan->sent++;
			return true;
		}
		*error = errno;
	}
	return false;
}

static bool
is_near(const struct lan_adapter *a, const struct addr *to)
{
	return a->netmask.in.sin_addr.s_addr != 0 &&
	    ((a->address.in.sin_addr.s_addr ^ to->in.sin_addr.s_addr) &
		a->netmask.in.sin_addr.s_addr) == 0;
}

static struct lan_socket *
way_to(struct lan *l, const struct addr *to)
{
	size_t i;

	if (l->socket[0].adapter.chosen)
		return &l->socket[0];
	for (i = 0; i < l->count; i++) {
		if (is_near(&l->socket[i].adapter, to))
			return &l->socket[i];
	}
	return &l->socket[0];
}

static bool
send_to_subnet(struct lan_socket *s, const struct addr *to, int ttl,
    const void *data, size_t len, int *error)
{
	struct addr there = s->adapter.broadcast;

	if (there.len == 0 || addr_equal(&there, to))
		return false;
	addr_set_port(&there, addr_port(to));
	return send_on(s, &there, ttl, data, len, error);
}

bool
lan_send(struct lan *l, const struct addr *to, bool directed, int ttl,
    const void *data, size_t len, int *error)
{
	bool all = to->in.sin_addr.s_addr == htonl(INADDR_BROADCAST);
	bool ok = false;
	size_t i;

	*error = 0;
	if (to->sa.sa_family != AF_INET) {
		*error = EAFNOSUPPORT;
		return false;
	}
	if (!all && !IN_MULTICAST(ntohl(to->in.sin_addr.s_addr)))
		return send_on(way_to(l, to), to, ttl, data, len, error);
	for (i = 0; i < l->count; i++) {
		ok |= send_on(&l->socket[i], to, ttl, data, len, error);
		if (all && directed)
			ok |= send_to_subnet(&l->socket[i], to, ttl, data, len,
			    error);
	}
	return ok;
}

const struct lan_adapter *
lan_chosen(const struct lan *l)
{
	const struct lan_adapter *a = &l->socket[0].adapter;

	return a->chosen ? a : NULL;
}

uint16_t
lan_port(const struct lan *l)
{
	return l->socket[0].port;
}

unsigned
lan_sent(const struct lan *l)
{
	return l->sent;
}
