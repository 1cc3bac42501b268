/* SPDX-License-Identifier: MIT */
/* Owns the small servers on loopback that tests of network code talk to. */
#include "tests/unit/fake_net.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

struct fake_tcp {
	int fd;
	int wake[2];
	uint16_t port;
	atomic_int accepted;
	void (*serve)(int fd, void *arg);
	void *arg;
	pthread_t thread;
};

struct fake_udp {
	int fd;
	int wake[2];
	uint16_t port;
	atomic_int received;
	void (*answer)(int fd, const uint8_t *data, size_t len,
	    const struct addr *from, void *arg);
	void *arg;
	pthread_t thread;
};

bool
fake_loop(struct event_base *base, const bool *done, int ms)
{
	int64_t end = clock_mono_us() + ms * INT64_C(1000);

	while (!*done && clock_mono_us() < end) {
		struct timeval tick = {0, 20000};

		event_base_loopexit(base, &tick);
		event_base_dispatch(base);
		if (event_base_get_num_events(base,
			EVENT_BASE_COUNT_ADDED | EVENT_BASE_COUNT_ACTIVE) == 0)
			usleep(1000);
	}
	return *done;
}

static int
bound_socket(const char *address, uint16_t port, int type, uint16_t *got)
{
	struct addr at;
	struct sockaddr_storage me;
	socklen_t len = sizeof me;
	int on = 1, fd;

	if (!addr_parse(&at, address, port))
		abort();
	fd = socket(at.sa.sa_family, type | SOCK_CLOEXEC, 0);
	/* By UDP two servers could be given one and the same free port. */
	if (type == SOCK_STREAM || port != 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (fd < 0 || bind(fd, &at.sa, at.len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&me, &len) != 0) {
		perror("a fake server cannot start");
		abort();
	}
	addr_from_sockaddr(&at, (struct sockaddr *)&me, len);
	*got = addr_port(&at);
	return fd;
}

/* False when the server is to stop. */
static bool
wait_for(int fd, int wake)
{
	struct pollfd p[2] = {{fd, POLLIN, 0}, {wake, POLLIN, 0}};

	while (poll(p, 2, -1) < 0 && errno == EINTR)
		;
	return p[1].revents == 0;
}

static void *
tcp_thread(void *arg)
{
	struct fake_tcp *s = arg;

	while (wait_for(s->fd, s->wake[0])) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		atomic_fetch_add(&s->accepted, 1);
		s->serve(fd, s->arg);
		close(fd);
	}
	return NULL;
}

struct fake_tcp *
fake_tcp_start_at(const char *address, uint16_t port,
    void (*serve)(int fd, void *arg), void *arg)
{
	struct fake_tcp *s = mem_alloc(sizeof *s);

	s->fd = bound_socket(address, port, SOCK_STREAM, &s->port);
	s->serve = serve;
	s->arg = arg;
	if (listen(s->fd, 16) != 0 || pipe2(s->wake, O_CLOEXEC) != 0 ||
	    pthread_create(&s->thread, NULL, tcp_thread, s) != 0)
		abort();
	return s;
}

struct fake_tcp *
fake_tcp_start(const char *address, void (*serve)(int fd, void *arg), void *arg)
{
	return fake_tcp_start_at(address, 0, serve, arg);
}

uint16_t
fake_tcp_port(const struct fake_tcp *s)
{
	return s->port;
}

int
fake_tcp_accepted(const struct fake_tcp *s)
{
	return atomic_load(&s->accepted);
}

static void
stop_thread(pthread_t thread, int wake[2], int fd)
{
	if (write(wake[1], "", 1) != 1)
		abort();
	pthread_join(thread, NULL);
	close(wake[0]);
	close(wake[1]);
	close(fd);
}

void
fake_tcp_stop(struct fake_tcp *s)
{
	if (s == NULL)
		return;
	stop_thread(s->thread, s->wake, s->fd);
	mem_free(s);
}

size_t
fake_read_until(int fd, const char *end, char *out, size_t size)
{
	struct timeval tv = {2, 0};
	size_t len = 0;
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	out[0] = '\0';
	while (len + 1 < size && strstr(out, end) == NULL) {
		n = read(fd, out + len, size - len - 1);
		if (n <= 0)
			break;
		len += (size_t)n;
		out[len] = '\0';
	}
	return len;
}

void
fake_reset_on_close(int fd)
{
	struct linger l = {1, 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
}

bool
fake_large_vanish(int fd)
{
	struct timeval tv = {10, 0};
	struct tcp_info info;
	socklen_t len = sizeof info;
	char data[1024];

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
	    info.tcpi_snd_mss <= 536)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	while (read(fd, data, sizeof data) > 0)
		;
	return true;
}

static void *
udp_thread(void *arg)
{
	struct fake_udp *s = arg;
	uint8_t data[2048];
	struct sockaddr_storage ss;
	struct addr from;

	while (wait_for(s->fd, s->wake[0])) {
		socklen_t len = sizeof ss;
		ssize_t n = recvfrom(s->fd, data, sizeof data, MSG_DONTWAIT,
		    (struct sockaddr *)&ss, &len);

		if (n < 0 ||
		    !addr_from_sockaddr(&from, (struct sockaddr *)&ss, len))
			continue;
		atomic_fetch_add(&s->received, 1);
		s->answer(s->fd, data, (size_t)n, &from, s->arg);
	}
	return NULL;
}

struct fake_udp *
fake_udp_start(const char *address, uint16_t port,
    void (*answer)(int fd, const uint8_t *data, size_t len,
	const struct addr *from, void *arg),
    void *arg)
{
	struct fake_udp *s = mem_alloc(sizeof *s);

	s->fd = bound_socket(address, port, SOCK_DGRAM, &s->port);
	s->answer = answer;
	s->arg = arg;
	if (pipe2(s->wake, O_CLOEXEC) != 0 ||
	    pthread_create(&s->thread, NULL, udp_thread, s) != 0)
		abort();
	return s;
}

uint16_t
fake_udp_port(const struct fake_udp *s)
{
	return s->port;
}

int
fake_udp_received(const struct fake_udp *s)
{
	return atomic_load(&s->received);
}

void
fake_udp_stop(struct fake_udp *s)
{
	if (s == NULL)
		return;
	stop_thread(s->thread, s->wake, s->fd);
	mem_free(s);
}

uint16_t
fake_closed_port(void)
{
	uint16_t port;
	int fd = bound_socket("127.0.0.1", 0, SOCK_STREAM, &port);

	close(fd);
	return port;
}

void
fake_silent_start(struct fake_silent *s)
{
	struct addr at;
	size_t i;

	s->fd[0] = bound_socket("127.0.0.1", 0, SOCK_STREAM, &s->port);
	if (listen(s->fd[0], 0) != 0)
		abort();
	addr_parse(&at, "127.0.0.1", s->port);
	for (i = 1; i < sizeof s->fd / sizeof *s->fd; i++) {
		s->fd[i] = socket(AF_INET,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (connect(s->fd[i], &at.sa, at.len) != 0 &&
		    errno != EINPROGRESS)
			abort();
	}
}

void
fake_silent_stop(struct fake_silent *s)
{
	size_t i;

	for (i = 0; i < sizeof s->fd / sizeof *s->fd; i++)
		close(s->fd[i]);
}

int
fake_count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static bool
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 &&
	    write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool
add_loopback(int fd, int index, const char *address)
{
	struct ifreq r;
	struct sockaddr_in *in = (struct sockaddr_in *)&r.ifr_addr;

	memset(&r, 0, sizeof r);
	snprintf(r.ifr_name, sizeof r.ifr_name, "lo:%d", index);
	in->sin_family = AF_INET;
	if (inet_pton(AF_INET, address, &in->sin_addr) != 1 ||
	    ioctl(fd, SIOCSIFADDR, &r) != 0)
		return false;
	in->sin_addr.s_addr = 0xffffffff;
	return ioctl(fd, SIOCSIFNETMASK, &r) == 0;
}

static bool
raise_loopback(const char *const *addresses)
{
	struct ifreq r;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), i;
	bool ok;

	memset(&r, 0, sizeof r);
	snprintf(r.ifr_name, sizeof r.ifr_name, "lo");
	r.ifr_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK;
	ok = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &r) == 0;
	for (i = 0; ok && addresses != NULL && addresses[i] != NULL; i++)
		ok = add_loopback(fd, i + 1, addresses[i]);
	close(fd);
	return ok;
}

bool
fake_private_network(const char *const *addresses)
{
	char map[64];
	unsigned uid = (unsigned)getuid(), gid = (unsigned)getgid();
	bool ok = unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;

	if (ok) {
		snprintf(map, sizeof map, "0 %u 1", uid);
		ok = write_file("/proc/self/uid_map", map);
		write_file("/proc/self/setgroups", "deny");
		snprintf(map, sizeof map, "0 %u 1", gid);
		ok = ok && write_file("/proc/self/gid_map", map);
	}
	ok = ok && raise_loopback(addresses);
	if (!ok)
		fprintf(stderr, "left out: no private network here\n");
	return ok;
}
