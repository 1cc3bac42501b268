/* SPDX-License-Identifier: MIT */
/* ICMP errors from a socket's error queue (ip(7), ipv6(7)). */
#include "core/net/errqueue.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* ICMPv6 unreachable codes (RFC 4443 section 3.1) in ICMPv4 terms. */
static const int unreachable6[] = {
    [0] = 0,
    [1] = 13,
    [2] = 1,
    [3] = 1,
    [4] = 3,
    [5] = 13,
    [6] = 13,
};

void
errqueue_enable(int fd, int family)
{
	int on = 1;

	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
	else
		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
}

static void
set_type(struct icmp_error *out, const struct sock_extended_err *e)
{
	out->type = e->ee_type;
	out->code = e->ee_code;
	if (e->ee_origin != SO_EE_ORIGIN_ICMP6)
		return;
	if (e->ee_type == 3) { /* time exceeded */
		out->type = 11;
	} else if (e->ee_type == 1) { /* unreachable */
		out->type = 3;
		if (e->ee_code < sizeof unreachable6 / sizeof *unreachable6)
			out->code = unreachable6[e->ee_code];
	}
}

static bool
read_control(struct msghdr *msg, struct icmp_error *out)
{
	struct cmsghdr *c;
	struct sock_extended_err e;
	bool found = false;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		bool v4 = c->cmsg_level == IPPROTO_IP &&
		    c->cmsg_type == IP_RECVERR;
		bool v6 = c->cmsg_level == IPPROTO_IPV6 &&
		    c->cmsg_type == IPV6_RECVERR;
		size_t len = c->cmsg_len - CMSG_LEN(0);

		if ((!v4 && !v6) || len < sizeof e)
			continue;
		memcpy(&e, CMSG_DATA(c), sizeof e);
		out->error = (int)e.ee_errno;
		out->local = e.ee_origin == SO_EE_ORIGIN_LOCAL;
		set_type(out, &e);
		if (!out->local && len > sizeof e) {
			struct sockaddr_storage ss;
			size_t n = len - sizeof e;

			memset(&ss, 0, sizeof ss);
			memcpy(&ss, CMSG_DATA(c) + sizeof e,
			    n < sizeof ss ? n : sizeof ss);
			addr_from_sockaddr(&out->offender,
			    (struct sockaddr *)&ss, (socklen_t)n);
		}
		found = true;
	}
	return found;
}

bool
errqueue_read(int fd, struct icmp_error *out)
{
	char control[512] __attribute__((aligned(16)));
	struct iovec iov;
	struct msghdr msg;
	ssize_t n;

	for (;;) {
		memset(out, 0, sizeof *out);
		memset(&msg, 0, sizeof msg);
		iov.iov_base = out->payload;
		iov.iov_len = sizeof out->payload;
		msg.msg_iov = &iov;
		msg.msg_iovlen = 1;
		msg.msg_control = control;
		msg.msg_controllen = sizeof control;
		n = recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (!read_control(&msg, out))
			continue;
		out->payload_len = (size_t)n;
		return true;
	}
}
