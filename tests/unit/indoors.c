/* SPDX-License-Identifier: MIT */
/* Owns the private network of a test program (network_namespaces(7)). */
#include "tests/unit/indoors.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The same for a test that is started alone; see tests/lsan.supp. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so\n";
}

const char *
__lsan_default_options(void)
{
	return "print_suppressions=0";
}

static bool
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* An ordinary user must own the namespace, and be himself in it. */
static bool
leave(void)
{
	unsigned uid = (unsigned)getuid(), gid = (unsigned)getgid();
	char map[64];

	if (unshare(CLONE_NEWNET) == 0)
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return false;
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "%u %u 1", gid, gid);
	if (!put("/proc/self/gid_map", map))
		return false;
	snprintf(map, sizeof map, "%u %u 1", uid, uid);
	return put("/proc/self/uid_map", map);
}

static bool
raise_loopback(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq r;
	bool ok;

	memset(&r, 0, sizeof r);
	snprintf(r.ifr_name, sizeof r.ifr_name, "lo");
	r.ifr_flags = IFF_UP | IFF_RUNNING | IFF_LOOPBACK;
	ok = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &r) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

bool
indoors_enter(void)
{
	return leave() && raise_loopback();
}
