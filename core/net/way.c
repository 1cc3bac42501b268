/* SPDX-License-Identifier: MIT */
/* Owns what the kernel says of routes, and the choice between it and the
 * adapter that the checks stand on. */
#include "core/net/way.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include "core/base/ip.h"
#include "core/net/conn.h"

#define WAIT_US 100000
#define WIDE4 1 /* a route of so few bits stands for the default: 0/1, 128/1 */
#define WIDE6 3 /* 2000::/3 */

struct route {
	bool found, local;
	bool has_gateway;
	unsigned bits; /* of the route, where it was asked for */
	unsigned oif;
	struct addr source;
};

bool
link_is_tunnel(const char *name)
{
	static const char *const prefix[] = {
	    "tun",
	    "tap",
	    "wg",
	    "ppp",
	    "utun",
	    "zt",
	    "tailscale",
	    "nordlynx",
	};
	struct ifreq r = {0};
	bool tunnel = false;
	size_t k;
	int fd;

	for (k = 0; k < sizeof prefix / sizeof *prefix; k++) {
		if (strncmp(name, prefix[k], strlen(prefix[k])) == 0)
			return true;
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	snprintf(r.ifr_name, sizeof r.ifr_name, "%.15s", name);
	if (ioctl(fd, SIOCGIFHWADDR, &r) == 0) {
		switch (r.ifr_hwaddr.sa_family) {
		case ARPHRD_PPP:
		case ARPHRD_NONE:
		case ARPHRD_TUNNEL:
		case ARPHRD_TUNNEL6:
		case ARPHRD_SIT:
		case ARPHRD_IPGRE:
			tunnel = true;
		}
	}
	close(fd);
	return tunnel;
}

static void
set_source(struct route *r, int family, const struct nlattr *at)
{
	if (at == NULL)
		return;
	memset(&r->source, 0, sizeof r->source);
	r->source.sa.sa_family = (sa_family_t)family;
	if (family == AF_INET && nla_len(at) == 4) {
		memcpy(&r->source.in.sin_addr, nla_data(at), 4);
		r->source.len = sizeof r->source.in;
	} else if (family == AF_INET6 && nla_len(at) == 16) {
		memcpy(&r->source.in6.sin6_addr, nla_data(at), 16);
		r->source.len = sizeof r->source.in6;
	}
}

static int
on_route(struct nl_msg *msg, void *arg)
{
	struct route *r = arg;
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct nlattr *at[RTA_MAX + 1];
	struct rtmsg *m;

	if (h->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse(h, sizeof *m, at, RTA_MAX, NULL) != 0)
		return NL_OK;
	m = nlmsg_data(h);
	r->found = m->rtm_type == RTN_UNICAST || m->rtm_type == RTN_LOCAL;
	r->local = m->rtm_type == RTN_LOCAL;
	r->bits = m->rtm_dst_len;
	r->has_gateway = at[RTA_GATEWAY] != NULL || at[RTA_VIA] != NULL;
	if (at[RTA_OIF] != NULL && nla_len(at[RTA_OIF]) == sizeof r->oif)
		memcpy(&r->oif, nla_data(at[RTA_OIF]), sizeof r->oif);
	set_source(r, m->rtm_family, at[RTA_PREFSRC]);
	return NL_OK;
}

static struct nl_msg *
question(const struct addr *to, unsigned oif, bool match)
{
	bool six = to->sa.sa_family == AF_INET6;
	struct rtmsg m = {.rtm_family = to->sa.sa_family,
	    .rtm_dst_len = six ? 128 : 32,
	    .rtm_flags = match ? RTM_F_FIB_MATCH : 0};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_REQUEST);

	if (msg == NULL)
		return NULL;
	nlmsg_append(msg, &m, sizeof m, NLMSG_ALIGNTO);
	nla_put(msg, RTA_DST, six ? 16 : 4,
	    six ? (const void *)&to->in6.sin6_addr :
		  (const void *)&to->in.sin_addr);
	if (oif != 0)
		nla_put(msg, RTA_OIF, sizeof oif, &oif);
	return msg;
}

/* oif 0: as the kernel likes; otherwise as for what is bound to it. match:
 * the route in the table, not what would come of it. */
static void
ask(const struct addr *to, unsigned oif, bool match, struct route *out)
{
	struct nl_msg *msg = question(to, oif, match);
	struct nl_sock *sock = nl_socket_alloc();
	struct timeval wait = {0, WAIT_US};

	memset(out, 0, sizeof *out);
	if (msg != NULL && sock != NULL) {
		nl_socket_disable_auto_ack(sock);
		nl_socket_disable_seq_check(sock);
		nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_route,
		    out);
		if (nl_connect(sock, NETLINK_ROUTE) == 0) {
			setsockopt(nl_socket_get_fd(sock), SOL_SOCKET,
			    SO_RCVTIMEO, &wait, sizeof wait);
			if (nl_send_auto(sock, msg) >= 0)
				nl_recvmsgs_default(sock);
		}
	}
	if (sock != NULL)
		nl_socket_free(sock);
	if (msg != NULL)
		nlmsg_free(msg);
}

/* Does the chosen adapter have a way there, and may a socket be told to take
 * it? Without a route the kernel would take any address for a neighbour. */
static bool
can_bind(const struct addr *to, const char *chosen, unsigned index,
    struct route *out)
{
	struct route table;
	int fd;

	ask(to, index, true, &table);
	ask(to, index, false, out);
	if (!table.found || table.oif != index || !out->found ||
	    out->oif != index || out->local)
		return false;
	fd = conn_socket(to->sa.sa_family, SOCK_DGRAM, 0, chosen);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Has the destination a route of its own there, such as a network of devices
 * has? What is left, and the world's addresses in a tunnel, have not. */
static bool
is_special(const struct addr *to, const struct route *table, bool tunnel)
{
	char text[ADDR_TEXT_SIZE];
	struct ip ip;

	if (!table->found ||
	    table->bits <= (to->sa.sa_family == AF_INET6 ? WIDE6 : WIDE4))
		return false;
	if (!table->has_gateway && !tunnel)
		return true;
	return ip_parse(addr_text(to, text), &ip) && ip_is_private(&ip);
}

/* Of two adapters in the same network, the chosen one counts. */
static bool
is_in_network_of(const struct addr *to, unsigned index)
{
	struct route table;

	ask(to, index, true, &table);
	return table.found && table.oif == index && !table.has_gateway;
}

static void
describe(struct way *out, enum way_kind kind, const struct route *r)
{
	char name[IF_NAMESIZE] = "";

	out->kind = kind;
	if_indextoname(r->oif, name);
	snprintf(out->interface, sizeof out->interface, "%.15s", name);
	out->source[0] = '\0';
	if (r->source.len != 0)
		addr_text(&r->source, out->source);
}

void
way_to(const struct addr *to, const char *chosen, struct way *out)
{
	unsigned index = chosen == NULL || *chosen == '\0' ?
	    0 :
	    if_nametoindex(chosen);
	struct route kernel, table, bound;
	char name[IF_NAMESIZE] = "";
	bool tunnel;

	memset(out, 0, sizeof *out);
	if (index == 0 || to->len == 0)
		return;
	ask(to, 0, false, &kernel);
	if (kernel.local || (kernel.found && kernel.oif == index)) {
		describe(out, WAY_CHOSEN, &kernel);
		if (!kernel.local && link_is_tunnel(chosen))
			out->kind = WAY_VPN;
		return;
	}
	tunnel = if_indextoname(kernel.oif, name) != NULL &&
	    link_is_tunnel(name);
	ask(to, 0, true, &table);
	if ((!is_special(to, &table, tunnel) || is_in_network_of(to, index)) &&
	    can_bind(to, chosen, index, &bound))
		describe(out, WAY_BOUND, &bound);
	else if (kernel.found)
		describe(out, tunnel ? WAY_VPN : WAY_ADAPTER, &kernel);
}

const char *
way_word(enum way_kind kind)
{
	static const char *const word[] = {
	    [WAY_CHOSEN] = NULL,
	    [WAY_BOUND] = "bound",
	    [WAY_ADAPTER] = "adapter",
	    [WAY_VPN] = "vpn",
	};

	return word[kind];
}

const char *
way_binds(const struct addr *to, const char *chosen)
{
	struct way way;

	if (chosen == NULL || *chosen == '\0')
		return NULL;
	/* One that is gone must not be made up for by another; and fe80::1, the
	 * DNS server of many a router, is there on each adapter anew. */
	if (if_nametoindex(chosen) == 0 ||
	    (to->sa.sa_family == AF_INET6 &&
		IN6_IS_ADDR_LINKLOCAL(&to->in6.sin6_addr)))
		return chosen;
	way_to(to, chosen, &way);
	return way.kind == WAY_BOUND ? chosen : NULL;
}

int
way_socket(const struct addr *to, int type, int protocol, const char *chosen)
{
	return conn_socket(to->sa.sa_family, type, protocol,
	    way_binds(to, chosen));
}
