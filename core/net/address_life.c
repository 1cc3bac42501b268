/* SPDX-License-Identifier: MIT */
/* Owns what the kernel knows of how long an IPv4 address holds: rtnetlink(7),
 * RTM_GETADDR with IFA_CACHEINFO. Only who has a lease gives an address an
 * end, and it sets it anew each time that the lease is renewed. */
#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "core/net/dhcp_lease.h"

#define WAIT_US 100000

struct life_search {
	unsigned index;
	struct in_addr address;
	struct address_life *out;
};

static int64_t
uptime_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static int
on_address(struct nl_msg *msg, void *arg)
{
	struct life_search *s = arg;
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct nlattr *at[IFA_MAX + 1];
	struct ifa_cacheinfo cache;
	struct ifaddrmsg *m;

	if (h->nlmsg_type != RTM_NEWADDR ||
	    nlmsg_parse(h, sizeof *m, at, IFA_MAX, NULL) != 0)
		return NL_OK;
	m = nlmsg_data(h);
	if (m->ifa_index != s->index || m->ifa_family != AF_INET ||
	    at[IFA_LOCAL] == NULL || nla_len(at[IFA_LOCAL]) != 4 ||
	    memcmp(nla_data(at[IFA_LOCAL]), &s->address, 4) != 0)
		return NL_OK;
	s->out->found = true;
	s->out->forever = true;
	if (at[IFA_CACHEINFO] == NULL ||
	    nla_len(at[IFA_CACHEINFO]) < (int)sizeof cache)
		return NL_OK;
	memcpy(&cache, nla_data(at[IFA_CACHEINFO]), sizeof cache);
	s->out->forever = cache.ifa_valid == UINT32_MAX;
	s->out->left_s = cache.ifa_valid;
	/* In hundredths of a second since the system started. */
	s->out->age_s = uptime_s() - cache.tstamp / 100;
	if (s->out->age_s < 0)
		s->out->age_s = 0;
	return NL_OK;
}

void
address_life(unsigned index, const char *address, struct address_life *out)
{
	struct life_search s = {.index = index, .out = out};
	struct ifaddrmsg ask = {.ifa_family = AF_INET};
	struct timeval wait = {0, WAIT_US};
	struct nl_sock *sock;

	memset(out, 0, sizeof *out);
	if (inet_pton(AF_INET, address, &s.address) != 1)
		return;
	sock = nl_socket_alloc();
	if (sock == NULL)
		return;
	if (nl_connect(sock, NETLINK_ROUTE) == 0) {
		setsockopt(nl_socket_get_fd(sock), SOL_SOCKET, SO_RCVTIMEO,
		    &wait, sizeof wait);
		nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_address,
		    &s);
		if (nl_send_simple(sock, RTM_GETADDR, NLM_F_DUMP, &ask,
			sizeof ask) >= 0)
			nl_recvmsgs_default(sock);
	}
	nl_socket_free(sock);
}
