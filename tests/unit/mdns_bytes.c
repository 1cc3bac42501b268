/* SPDX-License-Identifier: MIT */
/* Owns the putting together of mDNS messages, by the layout of RFC 1035
 * section 4 and by hand, so that what reads them is held against it. */
#include "tests/unit/mdns_bytes.h"

#include <arpa/inet.h>
#include <string.h>

void
bytes_put(struct bytes *b, const void *data, size_t len)
{
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

void
bytes_put16(struct bytes *b, unsigned v)
{
	uint8_t d[2] = {(uint8_t)(v >> 8), (uint8_t)v};

	bytes_put(b, d, 2);
}

/* Labels as strings, up to NULL; the root's label is not added. */
void
bytes_put_labels(struct bytes *b, const char *const *label)
{
	for (; *label != NULL; label++) {
		uint8_t n = (uint8_t)strlen(*label);

		bytes_put(b, &n, 1);
		bytes_put(b, *label, n);
	}
}

void
bytes_put_header(struct bytes *b, unsigned id, unsigned flags,
    unsigned questions, unsigned answers, unsigned additional)
{
	b->len = 0;
	bytes_put16(b, id);
	bytes_put16(b, flags);
	bytes_put16(b, questions);
	bytes_put16(b, answers);
	bytes_put16(b, 0);
	bytes_put16(b, additional);
}

static void
put_record(struct bytes *b, unsigned type, unsigned class, unsigned len)
{
	bytes_put16(b, type);
	bytes_put16(b, class);
	bytes_put16(b, 0);
	bytes_put16(b, 120); /* TTL */
	bytes_put16(b, len);
}

/* A PTR answer "service -> instance.service" at offset 12, with SRV and A. */
void
bytes_service_answer(struct bytes *b, unsigned id, const char *type,
    const char *instance, const char *address)
{
	const char *const service[] = {type, "_tcp", "local", NULL};
	const char *const name[] = {instance, NULL};
	size_t n = strlen(instance), at;
	struct in_addr a;

	bytes_put_header(b, id, 0x8400, 0, 1, 2);
	bytes_put_labels(b, service);
	bytes_put(b, "", 1);
	put_record(b, 12, 1, (unsigned)n + 3);
	at = b->len;
	bytes_put_labels(b, name);
	bytes_put16(b, 0xc00c);
	bytes_put16(b, 0xc000 | (unsigned)at);
	put_record(b, 33, 0x8001, 6 + 5 + 2);
	bytes_put16(b, 0);
	bytes_put16(b, 0);
	bytes_put16(b, 7091);
	bytes_put(b, "\4host", 5);
	/* "local" of the first name */
	bytes_put16(b, 0xc000 | (unsigned)(12 + 1 + strlen(type) + 5));
	bytes_put(b, "\4host", 5);
	bytes_put16(b, 0xc000 | (unsigned)(12 + 1 + strlen(type) + 5));
	put_record(b, 1, 0x8001, 4);
	inet_pton(AF_INET, address, &a);
	bytes_put(b, &a, 4);
}

/* "_services._dns-sd._udp.local -> _ipp._tcp.local" */
void
bytes_enumeration_answer(struct bytes *b, unsigned id)
{
	static const char *const all[] = {"_services", "_dns-sd", "_udp",
	    "local", NULL};
	static const char *const ipp[] = {"_ipp", "_tcp", NULL};

	bytes_put_header(b, id, 0x8400, 0, 1, 0);
	bytes_put_labels(b, all);
	bytes_put(b, "", 1);
	put_record(b, 12, 1, 5 + 5 + 2);
	bytes_put_labels(b, ipp);
	bytes_put16(b, 0xc000 | (12 + 10 + 8 + 5));
}
