/* SPDX-License-Identifier: MIT */
/* Reading a DNS message (RFC 1035 section 4). The bytes are hostile: every
 * length is checked, names are unpacked by c-ares, which bounds them. */
#include <ares.h>
#include <arpa/inet.h>
#include <string.h>

#include "core/base/text.h"
#include "core/net/dns.h"

#define MAX_RECORDS 64

struct reader {
	const uint8_t *msg;
	size_t len;
	size_t at;
};

static bool
read16(struct reader *r, unsigned *out)
{
	if (r->len - r->at < 2)
		return false;
	*out = (unsigned)r->msg[r->at] << 8 | r->msg[r->at + 1];
	r->at += 2;
	return true;
}

/* Unpacks the name at the reader; NULL when it is malformed. */
static char *
read_name(struct arena *a, struct reader *r)
{
	char *name, *copy;
	long used;

	if (r->at >= r->len ||
	    ares_expand_name(r->msg + r->at, r->msg, (int)r->len, &name,
		&used) != ARES_SUCCESS)
		return NULL;
	copy = text_sanitise(a, name, strlen(name), 255, false);
	ares_free_string(name);
	if (used <= 0 || (size_t)used > r->len - r->at)
		return NULL;
	r->at += (size_t)used;
	return copy;
}

static bool
read_data(struct arena *a, const struct reader *r, unsigned type, size_t len,
    struct dns_record *out)
{
	char text[INET6_ADDRSTRLEN];
	struct reader inner = {r->msg, r->at + len, r->at};

	out->type = (int)type;
	if (type == DNS_TYPE_A && len == 4) {
		inet_ntop(AF_INET, r->msg + r->at, text, sizeof text);
		out->data = arena_strdup(a, text);
	} else if (type == DNS_TYPE_AAAA && len == 16) {
		inet_ntop(AF_INET6, r->msg + r->at, text, sizeof text);
		out->data = arena_strdup(a, text);
	} else if (type == DNS_TYPE_CNAME) {
		out->data = read_name(a, &inner);
	}
	return out->data != NULL;
}

static bool
read_record(struct arena *a, struct reader *r, struct dns_answer *out)
{
	struct dns_record rec = {0};
	unsigned type, class, hi, lo, len;

	if (read_name(a, r) == NULL || !read16(r, &type) ||
	    !read16(r, &class) || !read16(r, &hi) || !read16(r, &lo) ||
	    !read16(r, &len) || r->len - r->at < len)
		return false;
	/* 31 bits; with the top bit set it is none (RFC 2181 section 8). */
	rec.ttl = hi & 0x8000 ? 0 : hi << 16 | lo;
	if (class == 1 && out->nrecords < MAX_RECORDS &&
	    read_data(a, r, type, len, &rec))
		*arena_push(a, out->records, out->nrecords) = rec;
	r->at += len;
	return true;
}

bool
dns_parse(struct arena *a, const uint8_t *msg, size_t len,
    struct dns_answer *out)
{
	struct reader r = {msg, len, 0};
	unsigned id, flags, nq, na, skip, type;

	memset(out, 0, sizeof *out);
	if (len > 65535 || !read16(&r, &id) || !read16(&r, &flags) ||
	    !read16(&r, &nq) || !read16(&r, &na) || !read16(&r, &skip) ||
	    !read16(&r, &skip))
		return false;
	if (!(flags & 0x8000) || nq > 1)
		return false;
	out->aa = flags & 0x0400;
	out->tc = flags & 0x0200;
	out->rd = flags & 0x0100;
	out->ra = flags & 0x0080;
	out->rcode = (int)(flags & 0xf);
	while (nq-- > 0) {
		if (read_name(a, &r) == NULL || !read16(&r, &type) ||
		    !read16(&r, &type))
			return false;
	}
	while (na-- > 0) {
		if (!read_record(a, &r, out))
			return out->tc; /* cut where it says so */
	}
	return true;
}
