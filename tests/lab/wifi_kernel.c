/* SPDX-License-Identifier: MIT */
/* A kernel with a Wi-Fi adapter, for a machine that has none: preloaded into
 * the command of a scenario, it answers that command's nl80211 questions from
 * the file SITEWALK_LAB_WIFI. All else goes to the real kernel. The file is a
 * row of answers, each with the type and the command of the question that it
 * belongs to (32 bits each), its length, and the netlink message itself. */
#include <dlfcn.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX 8192

/* The one conversation that is open, and where the answers go in. */
static struct {
	int fd, in;
	uint32_t port;
} talk = {-1, -1, 0};

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

int
socket(int domain, int type, int protocol)
{
	int pair[2];

	if (domain != AF_NETLINK || protocol != NETLINK_GENERIC ||
	    getenv("SITEWALK_LAB_WIFI") == NULL)
		return REAL(socket)(domain, type, protocol);
	if (talk.in >= 0)
		close(talk.in);
	if (socketpair(AF_UNIX,
		SOCK_DGRAM | (type & (SOCK_CLOEXEC | SOCK_NONBLOCK)), 0,
		pair) != 0)
		return -1;
	talk.fd = pair[0];
	talk.in = pair[1];
	return talk.fd;
}

int
close(int fd)
{
	if (fd >= 0 && fd == talk.fd)
		talk.fd = -1;
	return REAL(close)(fd);
}

int
bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	if (fd != talk.fd)
		return REAL(bind)(fd, sa, len);
	talk.port = ((const struct sockaddr_nl *)(const void *)sa)->nl_pid;
	return 0;
}

int
getsockname(int fd, struct sockaddr *sa, socklen_t *len)
{
	struct sockaddr_nl me = {.nl_family = AF_NETLINK};

	if (fd != talk.fd)
		return REAL(getsockname)(fd, sa, len);
	me.nl_pid = talk.port;
	memcpy(sa, &me, *len < sizeof me ? *len : sizeof me);
	*len = sizeof me;
	return 0;
}

static void
put(struct nlmsghdr *h, const struct nlmsghdr *question)
{
	h->nlmsg_seq = question->nlmsg_seq;
	h->nlmsg_pid = question->nlmsg_pid;
	if (send(talk.in, h, h->nlmsg_len, 0) < 0)
		perror("wifi_kernel");
}

static void
put_end(const struct nlmsghdr *question)
{
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
	} end;

	memset(&end, 0, sizeof end);
	end.h.nlmsg_len = sizeof end;
	end.h.nlmsg_type = NLMSG_ERROR;
	if ((question->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
		end.h.nlmsg_type = NLMSG_DONE;
		end.h.nlmsg_flags = NLM_F_MULTI;
		end.h.nlmsg_len = NLMSG_LENGTH(sizeof(int));
	}
	put(&end.h, question);
}

static void
answer(const struct nlmsghdr *question)
{
	const struct genlmsghdr *g = NLMSG_DATA(question);
	uint32_t head[3];
	union {
		struct nlmsghdr h;
		char bytes[ANSWER_MAX];
	} m;
	FILE *f = fopen(getenv("SITEWALK_LAB_WIFI"), "re");

	while (f != NULL && fread(head, sizeof head, 1, f) == 1 &&
	    head[2] <= sizeof m && fread(&m, head[2], 1, f) == 1) {
		if (head[0] == question->nlmsg_type && head[1] == g->cmd)
			put(&m.h, question);
	}
	if (f != NULL)
		fclose(f);
	put_end(question);
}

ssize_t
sendmsg(int fd, const struct msghdr *msg, int flags)
{
	if (fd != talk.fd)
		return REAL(sendmsg)(fd, msg, flags);
	answer(msg->msg_iov[0].iov_base);
	return (ssize_t)msg->msg_iov[0].iov_len;
}

ssize_t
recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	void *name = msg->msg_name;
	socklen_t size = msg->msg_namelen;
	ssize_t n;

	if (fd != talk.fd)
		return REAL(recvmsg)(fd, msg, flags);
	msg->msg_name = NULL;
	msg->msg_namelen = 0;
	n = REAL(recvmsg)(fd, msg, flags);
	msg->msg_name = name;
	if (name != NULL && size >= sizeof kernel) {
		memcpy(name, &kernel, sizeof kernel);
		msg->msg_namelen = sizeof kernel;
	}
	return n;
}
