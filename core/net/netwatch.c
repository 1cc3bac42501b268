/* SPDX-License-Identifier: MIT */
/* Owns the socket that hears of links, addresses and routes. */
#include "core/net/netwatch.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"

struct netwatch {
	const struct vantage *vantage;
	unsigned index;
	struct nl_sock *sock;
	struct event *io;
	void (*changed)(void *arg, bool certain);
	void *arg;
	bool any, certain; /* heard in this turn */
};

/* One of the addresses that were there in the beginning? */
static bool
is_known(const struct netwatch *w, const struct nlattr *at)
{
	const struct strlist *l = &w->vantage->addresses;
	char text[INET_ADDRSTRLEN];
	size_t i, len;

	if (at == NULL || nla_len(at) != 4 ||
	    inet_ntop(AF_INET, nla_data(at), text, sizeof text) == NULL)
		return false;
	len = strlen(text);
	for (i = 0; i < l->count; i++) {
		if (strncmp(l->item[i], text, len) == 0 &&
		    l->item[i][len] == '/')
			return true;
	}
	return false;
}

/* A renewed lease tells of the same address again. */
static bool
is_address_change(const struct netwatch *w, struct nlmsghdr *h)
{
	struct nlattr *at[IFA_MAX + 1];
	struct ifaddrmsg *m = nlmsg_data(h);

	if (m->ifa_index != w->index || m->ifa_family != AF_INET ||
	    nlmsg_parse(h, sizeof *m, at, IFA_MAX, NULL) != 0)
		return false;
	return is_known(w, at[IFA_LOCAL]) == (h->nlmsg_type == RTM_DELADDR);
}

static bool
is_route_loss(const struct netwatch *w, struct nlmsghdr *h)
{
	struct nlattr *at[RTA_MAX + 1];
	struct rtmsg *m = nlmsg_data(h);
	struct in_addr gateway;
	unsigned oif;

	if (h->nlmsg_type != RTM_DELROUTE || m->rtm_family != AF_INET ||
	    m->rtm_dst_len != 0 || w->vantage->gateway == NULL ||
	    nlmsg_parse(h, sizeof *m, at, RTA_MAX, NULL) != 0 ||
	    at[RTA_OIF] == NULL || at[RTA_GATEWAY] == NULL ||
	    nla_len(at[RTA_GATEWAY]) != 4 ||
	    inet_pton(AF_INET, w->vantage->gateway, &gateway) != 1)
		return false;
	oif = nla_get_u32(at[RTA_OIF]);
	return oif == w->index &&
	    memcmp(nla_data(at[RTA_GATEWAY]), &gateway, 4) == 0;
}

static bool
is_link_loss(const struct netwatch *w, struct nlmsghdr *h)
{
	struct ifinfomsg *m = nlmsg_data(h);

	return (unsigned)m->ifi_index == w->index &&
	    (h->nlmsg_type == RTM_DELLINK || !(m->ifi_flags & IFF_UP) ||
		!(m->ifi_flags & IFF_RUNNING));
}

static int
on_message(struct nl_msg *msg, void *arg)
{
	struct netwatch *w = arg;
	struct nlmsghdr *h = nlmsg_hdr(msg);

	w->any = true;
	switch (h->nlmsg_type) {
	case RTM_NEWADDR:
	case RTM_DELADDR:
		w->certain |= nlmsg_valid_hdr(h, sizeof(struct ifaddrmsg)) &&
		    is_address_change(w, h);
		break;
	case RTM_DELROUTE:
		w->certain |= nlmsg_valid_hdr(h, sizeof(struct rtmsg)) &&
		    is_route_loss(w, h);
		break;
	case RTM_NEWLINK:
	case RTM_DELLINK:
		w->certain |= nlmsg_valid_hdr(h, sizeof(struct ifinfomsg)) &&
		    is_link_loss(w, h);
		break;
	}
	return NL_OK;
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct netwatch *w = arg;

	(void)fd;
	(void)what;
	w->any = w->certain = false;
	/* What was too much to hear may concern it. */
	if (nl_recvmsgs_default(w->sock) < 0)
		w->any = true;
	if (w->any)
		w->changed(w->arg, w->certain);
}

struct netwatch *
netwatch_new(struct event_base *base, const struct vantage *v,
    void (*changed)(void *arg, bool certain), void *arg)
{
	struct netwatch *w;
	struct nl_sock *sock = nl_socket_alloc();

	if (sock == NULL)
		return NULL;
	nl_socket_disable_seq_check(sock);
	if (nl_connect(sock, NETLINK_ROUTE) != 0 ||
	    nl_socket_add_memberships(sock, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
		RTNLGRP_IPV4_ROUTE, RTNLGRP_NONE) != 0 ||
	    nl_socket_set_nonblocking(sock) != 0) {
		nl_socket_free(sock);
		return NULL;
	}
	w = mem_alloc(sizeof *w);
	w->vantage = v;
	w->index = v->interface[0] == '\0' ? 0 : if_nametoindex(v->interface);
	w->sock = sock;
	w->changed = changed;
	w->arg = arg;
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_message, w);
	w->io = event_new(base, nl_socket_get_fd(sock), EV_READ | EV_PERSIST,
	    on_io, w);
	event_add(w->io, NULL);
	return w;
}

void
netwatch_free(struct netwatch *w)
{
	if (w == NULL)
		return;
	event_free(w->io);
	nl_socket_free(w->sock);
	mem_free(w);
}
