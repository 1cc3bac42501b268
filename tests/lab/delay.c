/* SPDX-License-Identifier: MIT */
/* Holds the packets of netfilter queues for a fixed time: netem's stand-in. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <libnetfilter_queue/libnetfilter_queue.h>

enum {
	MAX_LANES = 8,
	/* Packets in flight of one lane; more are passed on at once. */
	LANE_PACKETS = 8192,
	KERNEL_QUEUE_PACKETS = 16384,
	RECEIVE_BUFFER_BYTES = 4 << 20,
};

struct held {
	uint32_t id;
	uint64_t due_us;
};

/* One queue with one delay: first in, first out, so order is kept. */
struct lane {
	uint16_t queue;
	uint64_t delay_us;
	struct nfq_q_handle *handle;
	struct held held[LANE_PACKETS];
	size_t first;
	size_t count;
};

static uint64_t
clock_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000u + (uint64_t)ts.tv_nsec / 1000u;
}

static int
lane_receive(struct nfq_q_handle *handle, struct nfgenmsg *msg,
    struct nfq_data *data, void *arg)
{
	struct lane *lane = arg;
	struct nfqnl_msg_packet_hdr *hdr = nfq_get_msg_packet_hdr(data);
	struct held *held;

	(void)msg;
	if (hdr == NULL)
		return 0;
	if (lane->count == LANE_PACKETS)
		return nfq_set_verdict(handle, ntohl(hdr->packet_id), NF_ACCEPT,
		    0, NULL);
	held = &lane->held[(lane->first + lane->count) % LANE_PACKETS];
	held->id = ntohl(hdr->packet_id);
	held->due_us = clock_now_us() + lane->delay_us;
	lane->count++;
	return 0;
}

static void
lane_release(struct lane *lane, uint64_t now_us)
{
	while (lane->count > 0) {
		struct held *held = &lane->held[lane->first];

		if (held->due_us > now_us)
			return;
		nfq_set_verdict(lane->handle, held->id, NF_ACCEPT, 0, NULL);
		lane->first = (lane->first + 1) % LANE_PACKETS;
		lane->count--;
	}
}

static bool
lane_open(struct lane *lane, struct nfq_handle *nfq)
{
	lane->handle = nfq_create_queue(nfq, lane->queue, lane_receive, lane);
	if (lane->handle == NULL)
		return false;
	nfq_set_queue_maxlen(lane->handle, KERNEL_QUEUE_PACKETS);
	return nfq_set_mode(lane->handle, NFQNL_COPY_META, 0) == 0;
}

/* Reads QUEUE:MICROSECONDS. */
static bool
lane_parse(struct lane *lane, const char *text)
{
	char *end;
	unsigned long queue, delay_us;

	errno = 0;
	queue = strtoul(text, &end, 10);
	if (errno != 0 || end == text || *end != ':' || queue > UINT16_MAX)
		return false;
	text = end + 1;
	delay_us = strtoul(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || delay_us > 10000000)
		return false;
	lane->queue = (uint16_t)queue;
	lane->delay_us = delay_us;
	return true;
}

static void
timer_arm(int timer, const struct lane *lanes, size_t nlanes)
{
	struct itimerspec spec = {0};
	uint64_t next_us = UINT64_MAX;

	for (size_t i = 0; i < nlanes; i++) {
		const struct lane *lane = &lanes[i];

		if (lane->count > 0 && lane->held[lane->first].due_us < next_us)
			next_us = lane->held[lane->first].due_us;
	}
	if (next_us != UINT64_MAX) {
		spec.it_value.tv_sec = (time_t)(next_us / 1000000u);
		spec.it_value.tv_nsec = (long)(next_us % 1000000u) * 1000;
	}
	timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, NULL);
}

static int
delay_run(struct nfq_handle *nfq, struct lane *lanes, size_t nlanes, int timer)
{
	static char buffer[65536]
	    __attribute__((aligned(__alignof__(struct nlmsghdr))));
	struct pollfd fds[2] = {
	    {.fd = nfq_fd(nfq), .events = POLLIN},
	    {.fd = timer, .events = POLLIN},
	};

	for (;;) {
		uint64_t expired;

		timer_arm(timer, lanes, nlanes);
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return 1;
		if (fds[0].revents != 0) {
			ssize_t n = recv(fds[0].fd, buffer, sizeof(buffer), 0);

			/* A full socket buffer loses packets, as a full
			 * line would. */
			if (n < 0 && errno != ENOBUFS && errno != EINTR)
				return 1;
			if (n > 0)
				nfq_handle_packet(nfq, buffer, (int)n);
		}
		if (fds[1].revents != 0 &&
		    read(timer, &expired, sizeof(expired)) < 0 &&
		    errno != EAGAIN)
			return 1;
		for (size_t i = 0; i < nlanes; i++)
			lane_release(&lanes[i], clock_now_us());
	}
}

int
main(int argc, char **argv)
{
	static struct lane lanes[MAX_LANES];
	size_t nlanes = (size_t)argc - 1;
	struct nfq_handle *nfq;
	int timer, size = RECEIVE_BUFFER_BYTES;

	if (argc < 2 || argc > MAX_LANES + 1) {
		fprintf(stderr, "usage: delay QUEUE:MICROSECONDS...\n");
		return 2;
	}
	for (size_t i = 0; i < nlanes; i++) {
		if (!lane_parse(&lanes[i], argv[i + 1])) {
			fprintf(stderr, "delay: not a queue and a time: %s\n",
			    argv[i + 1]);
			return 2;
		}
	}
	nfq = nfq_open();
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (nfq == NULL || timer < 0) {
		fprintf(stderr, "delay: %s\n", strerror(errno));
		return 1;
	}
	setsockopt(nfq_fd(nfq), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (size_t i = 0; i < nlanes; i++) {
		if (!lane_open(&lanes[i], nfq)) {
			fprintf(stderr, "delay: queue %u: %s\n",
			    (unsigned)lanes[i].queue, strerror(errno));
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	return delay_run(nfq, lanes, nlanes, timer);
}
