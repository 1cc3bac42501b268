/* SPDX-License-Identifier: MIT */
/* Owns what the tests of searches share. */
#include "tests/unit/search_lan.h"

#include <arpa/inet.h>
#include <check.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
search_init(struct fake_probe *p, const char *type, const char *address,
    uint16_t port, const char *want)
{
	/* Never in the machine's own network: these probes use each adapter
	 * that there is. */
	if (if_nametoindex("lan0") == 0 || if_nametoindex("eth0") != 0)
		abort();
	fake_probe_init(p, type, PROTO_UDP, NULL, address, port);
	p->vantage.interface = (char *)(uintptr_t) "lan0";
	p->vantage.gateway = (char *)(uintptr_t) "10.20.30.60";
	p->spec.want = (char *)(uintptr_t)want;
}

size_t
search_garbage(int i, uint8_t *out, bool *more)
{
	static const char text[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	uint32_t x = 1;
	size_t k, len = i == 3 ? 512 : 9000;

	*more = i < 5;
	if (i == 0)
		return 0;
	if (i == 5) {
		memcpy(out, text, sizeof text - 1);
		return sizeof text - 1;
	}
	memset(out, i == 1 ? 0 : 0xff, 9000);
	for (k = 0; i >= 3 && k < 9000; k++) {
		x = x * 1103515245 + 12345;
		out[k] = (uint8_t)(x >> 16);
	}
	return i == 1 || i == 2 ? 600 : len;
}

void
search_cancel(const char *type, const char *address, uint16_t port,
    const char *want)
{
	static const int after_ms[] = {0, 1, 5, 20, 100, 500, 1500};
	bool never = false;
	int before = fake_count_fds();
	size_t i, k;

	for (i = 0; i < sizeof after_ms / sizeof *after_ms; i++) {
		for (k = 0; k < 2; k++) {
			struct fake_probe p;

			search_init(&p, type, address, port, want);
			fake_probe_start(&p);
			fake_loop(p.env.base, &never, after_ms[i]);
			if (k == 0 && !p.done) {
				probe_cancel(p.probe);
				ck_assert(fake_loop(p.env.base, &p.done, 1000));
				ck_search(&p, RUNG_NONE, CAUSE_CANCELLED);
			}
			ck_assert_int_le(p.ndone, 1);
			fake_probe_free(&p);
			ck_assert_int_eq(fake_count_fds(), before);
		}
	}
}

int
search_member(const char *group, int lan)
{
	int fd = fake_lan_socket(true, lan == 0 ? "10.20.30.60" : "10.20.40.60",
	    0);

	fake_lan_join(fd, group, lan);
	return fd;
}

void
search_send(int fd, const char *address, uint16_t port, const void *data,
    size_t len)
{
	struct in_addr from;

	inet_pton(AF_INET, "10.20.30.60", &from);
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &from, sizeof from);
	fake_lan_send(fd, address, port, data, len);
}

const char *
search_device(const struct fake_probe *p, size_t index, const char *member)
{
	const char *s = json_string_value(
	    json_object_get(json_array_get(json_object_get(p->obs->detail,
					       "devices"),
				index),
		member));

	return s == NULL ? "" : s;
}

size_t
search_devices(const struct fake_probe *p)
{
	return json_array_size(json_object_get(p->obs->detail, "devices"));
}
