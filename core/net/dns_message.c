/* SPDX-License-Identifier: MIT */
/* Reading a DNS message (RFC 1035 section 4). The bytes are hostile: every
 * length is checked, names are unpacked by c-ares, which bounds them. */
#include <ares.h>
#include <arpa/inet.h>
#include <string.h>

#include "core/base/text.h"
#include "core/net/dns.h"

#define MAX_RECORDS 64
#define TYPE_OPT 41

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
	} else if (type == DNS_TYPE_CNAME || type == DNS_TYPE_NS) {
		out->data = read_name(a, &inner);
	}
	return out->data != NULL;
}

/* The head of a record: what stands before its data. */
struct head {
	char *name;
	unsigned type, class, ttl_high, ttl_low, len;
};

static bool
read_head(struct arena *a, struct reader *r, struct head *h)
{
	h->name = read_name(a, r);
	return h->name != NULL && read16(r, &h->type) && read16(r, &h->class) &&
	    read16(r, &h->ttl_high) && read16(r, &h->ttl_low) &&
	    read16(r, &h->len) && r->len - r->at >= h->len;
}

static bool
read_record(struct arena *a, struct reader *r, struct dns_answer *out)
{
	struct dns_record rec = {0};
	struct head h;

	if (!read_head(a, r, &h))
		return false;
	rec.name = h.name;
	/* 31 bits; with the top bit set it is none (RFC 2181 section 8). */
	rec.ttl = h.ttl_high & 0x8000 ? 0 : h.ttl_high << 16 | h.ttl_low;
	if (h.class == 1 && out->nrecords < MAX_RECORDS &&
	    read_data(a, r, h.type, h.len, &rec))
		*arena_push(a, out->records, out->nrecords) = rec;
	r->at += h.len;
	return true;
}

/* Looks for OPT (RFC 6891 section 6.1.2) behind the answers. What is wrong
 * there spoils no answer: it is only not looked at. */
static void
read_rest(struct arena *a, struct reader *r, unsigned count,
    struct dns_answer *out)
{
	struct head h;

	while (count-- > 0 && read_head(a, r, &h)) {
		if (h.type == TYPE_OPT && h.name[0] == '\0') {
			out->edns = true;
			out->edns_size = h.class;
		}
		r->at += h.len;
	}
}

bool
dns_parse(struct arena *a, const uint8_t *msg, size_t len,
    struct dns_answer *out)
{
	struct reader r = {msg, len, 0};
	unsigned id, flags, nq, na, ns, nx, type;

	memset(out, 0, sizeof *out);
	if (len > 65535 || !read16(&r, &id) || !read16(&r, &flags) ||
	    !read16(&r, &nq) || !read16(&r, &na) || !read16(&r, &ns) ||
	    !read16(&r, &nx))
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
	read_rest(a, &r, ns + nx, out);
	return true;
}
