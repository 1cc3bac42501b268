/* SPDX-License-Identifier: MIT */
/* Owns the local network that tests of searches run in: two network
 * namespaces joined by two pairs of virtual adapters. */
#include "tests/unit/fake_lan.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/net/lan.h"

#define NS "/proc/self/ns/net"
#define HERE 198 /* descriptors that no test is in the way of */
#define THERE 199

static void
enter(int fd)
{
	if (setns(fd, CLONE_NEWNET) != 0)
		abort();
}

static void
keep(int as)
{
	int fd = open(NS, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || dup3(fd, as, O_CLOEXEC) < 0)
		abort();
	close(fd);
}

/* Without a shell: the words are parted at blanks. */
static bool
run_ip(const char *words)
{
	char copy[160], *argv[24] = {(char *)(uintptr_t) "ip"}, *rest = copy;
	int n = 1, status;
	pid_t pid;

	snprintf(copy, sizeof copy, "%s", words);
	while (n < 23 && rest != NULL)
		argv[n++] = strsep(&rest, " ");
	pid = fork();
	if (pid == 0) {
		setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
		execvp("ip", argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

void
fake_lan_ip(bool there, const char *words)
{
	bool ok;

	enter(there ? THERE : HERE);
	ok = run_ip(words);
	enter(HERE);
	if (!ok) {
		fprintf(stderr, "ip %s\n", words);
		abort();
	}
}

void
fake_lan_forward(void)
{
	int fd;

	enter(THERE);
	fd = open("/proc/sys/net/ipv4/ip_forward", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) != 1)
		abort();
	close(fd);
	enter(HERE);
}

/* Its state follows the other end's after a moment. */
static void
await_adapters(void)
{
	struct lan_adapter a[LAN_ADAPTERS];
	int64_t end = clock_mono_us() + 5000000;

	while (lan_adapters(NULL, a) < 2 && clock_mono_us() < end)
		usleep(1000);
	if (lan_adapters(NULL, a) != 2)
		abort();
}

bool
fake_lan_start(void)
{
	static const struct {
		bool there;
		const char *words;
	} rows[] = {
	    {true, "addr add 10.20.30.60/24 brd + dev dev0"},
	    {true, "addr add 10.20.30.61/24 brd + dev dev0"},
	    {true, "addr add 10.20.30.62/24 brd + dev dev0"},
	    {true, "addr add 10.20.30.63/24 brd + dev dev0"},
	    {true, "addr add 10.20.40.60/24 brd + dev dev1"},
	    {true, "link set dev0 up"},
	    {true, "link set dev1 up"},
	    {false, "addr add 10.20.30.50/24 brd + dev lan0"},
	    {false, "addr add 10.20.40.50/24 brd + dev lan1"},
	    {false, "link set lan0 up"},
	    {false, "link set lan1 up"},
	};
	char words[160];
	size_t i;

	if (!fake_private_network(NULL))
		return false;
	keep(HERE);
	if (unshare(CLONE_NEWNET) != 0)
		return false;
	keep(THERE);
	enter(HERE);
	for (i = 0; i < 2; i++) {
		snprintf(words, sizeof words,
		    "link add lan%zu type veth peer name dev%zu netns "
		    "/proc/%d/fd/%d",
		    i, i, (int)getpid(), THERE);
		fake_lan_ip(false, words);
	}
	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		fake_lan_ip(rows[i].there, rows[i].words);
	await_adapters();
	return true;
}

struct fake_udp *
fake_lan_device(const char *address, uint16_t port,
    void (*answer)(int fd, const uint8_t *data, size_t len,
	const struct addr *from, void *arg),
    void *arg)
{
	struct fake_udp *s;

	enter(THERE);
	s = fake_udp_start(address, port, answer, arg);
	enter(HERE);
	return s;
}

int
fake_lan_socket(bool there, const char *address, uint16_t port)
{
	struct addr at;
	int on = 1, fd;

	enter(there ? THERE : HERE);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	enter(HERE);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
	if (!addr_parse(&at, address, port) || bind(fd, &at.sa, at.len) != 0)
		abort();
	return fd;
}

void
fake_lan_join(int fd, const char *group, int lan)
{
	struct ip_mreqn m = {.imr_ifindex = 0};
	int off = 0;

	inet_pton(AF_INET, group, &m.imr_multiaddr);
	inet_pton(AF_INET, lan == 0 ? "10.20.30.60" : "10.20.40.60",
	    &m.imr_address);
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off);
	if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m) != 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &m, sizeof m) != 0)
		abort();
}

void
fake_lan_send(int fd, const char *address, uint16_t port, const void *data,
    size_t len)
{
	struct addr to;
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
	if (!addr_parse(&to, address, port) ||
	    sendto(fd, data, len, 0, &to.sa, to.len) != (ssize_t)len)
		abort();
}
