/* SPDX-License-Identifier: MIT */
/* Holds the packets of netfilter queues for a while, loses some, or lets only
 * so many through: netem's stand-in. */

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
	/* Of a packet, as far as its length stands in it. */
	HEAD_BYTES = 40,
	/* What waits longer than this for a slow line is lost. */
	LINE_BUFFER_US = 1000000,
};

struct held {
	uint32_t id;
	uint64_t due_us;
};

/* One queue with one delay. What is held stands in the order in which it is
 * due, which is the order in which it came unless there is jitter. */
struct lane {
	uint16_t queue;
	uint64_t delay_us;
	uint64_t jitter_us;  /* up to so much more, for each its own */
	uint64_t loss_ppm;   /* of a million are lost */
	uint64_t bits_per_s; /* 0: as fast as they come */
	uint64_t busy_us;    /* until then the line has enough to send */
	uint64_t *random;    /* the state that all lanes share */
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

/* Marsaglia's xorshift64*. */
static uint64_t
random_next(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 2685821657736338717u;
}

static uint64_t
random_below(uint64_t *state, uint64_t limit)
{
	return limit == 0 ? 0 : (random_next(state) >> 16) % limit;
}

/* By its own header. */
static uint64_t
packet_bits(struct nfq_data *data)
{
	unsigned char *head;
	int n = nfq_get_payload(data, &head);

	if (n >= 20 && head[0] >> 4 == 4)
		return 8u * (uint64_t)(head[2] << 8 | head[3]);
	if (n >= HEAD_BYTES && head[0] >> 4 == 6)
		return 8u * (40 + (uint64_t)(head[4] << 8 | head[5]));
	return 0;
}

/* When it leaves a line that sends one packet after the other; false when it
 * finds no room to wait. */
static bool
line_pass(struct lane *lane, struct nfq_data *data, uint64_t now_us,
    uint64_t *leaves_us)
{
	uint64_t begin_us = lane->busy_us > now_us ? lane->busy_us : now_us;

	*leaves_us = now_us;
	if (lane->bits_per_s == 0)
		return true;
	if (begin_us - now_us > LINE_BUFFER_US)
		return false;
	lane->busy_us = begin_us +
	    packet_bits(data) * 1000000u / lane->bits_per_s;
	*leaves_us = lane->busy_us;
	return true;
}

static void
lane_hold(struct lane *lane, uint32_t id, uint64_t due_us)
{
	size_t i;

	for (i = lane->count; i > 0; i--) {
		struct held
		    *before = &lane->held[(lane->first + i - 1) % LANE_PACKETS];

		if (before->due_us <= due_us)
			break;
		lane->held[(lane->first + i) % LANE_PACKETS] = *before;
	}
	lane->held[(lane->first + i) % LANE_PACKETS] = (struct held){id,
	    due_us};
	lane->count++;
}

static int
lane_receive(struct nfq_q_handle *handle, struct nfgenmsg *msg,
    struct nfq_data *data, void *arg)
{
	struct lane *lane = arg;
	struct nfqnl_msg_packet_hdr *hdr = nfq_get_msg_packet_hdr(data);
	uint64_t leaves_us;
	uint32_t id;

	(void)msg;
	if (hdr == NULL)
		return 0;
	id = ntohl(hdr->packet_id);
	if (random_below(lane->random, 1000000) < lane->loss_ppm ||
	    !line_pass(lane, data, clock_now_us(), &leaves_us))
		return nfq_set_verdict(handle, id, NF_DROP, 0, NULL);
	if (lane->count == LANE_PACKETS)
		return nfq_set_verdict(handle, id, NF_ACCEPT, 0, NULL);
	lane_hold(lane, id,
	    leaves_us + lane->delay_us +
		random_below(lane->random, lane->jitter_us));
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
	return nfq_set_mode(lane->handle,
		   lane->bits_per_s == 0 ? NFQNL_COPY_META : NFQNL_COPY_PACKET,
		   lane->bits_per_s == 0 ? 0 : HEAD_BYTES) == 0;
}

/* Reads QUEUE:MICROSECONDS[:JITTER_MICROSECONDS[:LOSS_PPM[:BITS_PER_S]]]. */
static bool
lane_parse(struct lane *lane, const char *text)
{
	static const uint64_t most[] = {UINT16_MAX, 10000000, 10000000, 1000000,
	    10000000000u};
	uint64_t value[sizeof most / sizeof *most] = {0};
	size_t i;
	char *end;

	for (i = 0; i < sizeof most / sizeof *most; i++) {
		errno = 0;
		value[i] = strtoull(text, &end, 10);
		if (errno != 0 || end == text || value[i] > most[i])
			return false;
		if (*end == '\0')
			break;
		if (*end != ':')
			return false;
		text = end + 1;
	}
	lane->queue = (uint16_t)value[0];
	lane->delay_us = value[1];
	lane->jitter_us = value[2];
	lane->loss_ppm = value[3];
	lane->bits_per_s = value[4];
	return i > 0 && i < sizeof most / sizeof *most;
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
	uint64_t random = clock_now_us() * 2 + 1;
	int timer, size = RECEIVE_BUFFER_BYTES;

	if (argc < 2 || argc > MAX_LANES + 1) {
		fprintf(stderr,
		    "usage: delay QUEUE:MICROSECONDS"
		    "[:JITTER[:LOSS_PPM[:BITS_PER_S]]]...\n");
		return 2;
	}
	for (size_t i = 0; i < nlanes; i++) {
		lanes[i].random = &random;
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
