/* SPDX-License-Identifier: MIT */
/* Owns the reading and writing of mDNS messages. */
#include "core/probe/mdns_message.h"

#include <string.h>

#define HEADER 12
#define TOP_BIT 0x8000 /* of a class: cache flush, or QU (RFC 6762 5.4) */

static unsigned
get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* Reads the name at *at and moves on behind it. Each pointer leads to before
 * the piece that it ends, so the way is finite. */
static bool
read_name(const uint8_t *msg, size_t len, size_t *at, struct mdns_name *out)
{
	size_t i = *at, limit = *at, next = 0;

	out->len = 0;
	while (i < len) {
		unsigned n = msg[i];

		if ((n & 0xc0) == 0xc0) {
			if (i + 1 >= len)
				return false;
			if (next == 0)
				next = i + 2;
			i = get16(msg + i) & 0x3fff;
			if (i >= limit || i < HEADER)
				return false;
			limit = i;
			continue;
		}
		if (n > 63 || i + 1 + n > len ||
		    out->len + 1 + n > sizeof out->wire)
			return false;
		memcpy(out->wire + out->len, msg + i, n + 1);
		out->len += n + 1;
		i += n + 1;
		if (n == 0) {
			*at = next == 0 ? i : next;
			return true;
		}
	}
	return false;
}

/* PTR and SRV end in a name, which must fill their data. */
static bool
read_target(const struct mdns_walk *w, struct mdns_entry *e)
{
	size_t skip = e->type == MDNS_SRV ? 6 : 0;
	size_t at = (size_t)(e->data - w->msg) + skip;

	if (e->type != MDNS_PTR && e->type != MDNS_SRV)
		return e->type != MDNS_A || e->len == 4;
	return e->len > skip && read_name(w->msg, w->len, &at, &e->target) &&
	    at == (size_t)(e->data - w->msg) + e->len;
}

static bool
read_entry(struct mdns_walk *w, struct mdns_entry *e)
{
	const uint8_t *p;

	memset(e, 0, sizeof *e);
	e->question = w->done < w->header.questions;
	e->answer = !e->question &&
	    w->done < w->header.questions + w->header.answers;
	if (!read_name(w->msg, w->len, &w->at, &e->name) || w->len - w->at < 4)
		return false;
	p = w->msg + w->at;
	e->type = (uint16_t)get16(p);
	e->class = (uint16_t)(get16(p + 2) & ~(unsigned)TOP_BIT);
	w->at += 4;
	w->done++;
	if (e->question)
		return true;
	if (w->len - w->at < 6)
		return false;
	e->ttl = (uint32_t)get16(p + 4) << 16 | get16(p + 6);
	e->len = get16(p + 8);
	e->data = p + 10;
	w->at += 6;
	if (w->len - w->at < e->len)
		return false;
	w->at += e->len;
	return read_target(w, e);
}

static unsigned
entries(const struct mdns_header *h)
{
	return h->questions + h->answers + h->others;
}

void
mdns_walk_begin(struct mdns_walk *w, const uint8_t *msg, size_t len)
{
	w->msg = msg;
	w->len = len;
	w->at = HEADER;
	w->done = 0;
	w->header.id = (uint16_t)get16(msg);
	w->header.response = msg[2] & 0x80;
	w->header.questions = get16(msg + 4);
	w->header.answers = get16(msg + 6);
	w->header.others = get16(msg + 8) + get16(msg + 10);
}

bool
mdns_walk_next(struct mdns_walk *w, struct mdns_entry *out)
{
	return w->done < entries(&w->header) && read_entry(w, out);
}

bool
mdns_check(const uint8_t *msg, size_t len, struct mdns_header *out)
{
	struct mdns_walk w;
	struct mdns_entry e;

	/* Opcode and rcode: RFC 6762 sections 18.3 and 18.11. */
	if (len < HEADER || (msg[2] & 0x78) != 0 || (msg[3] & 0x0f) != 0)
		return false;
	mdns_walk_begin(&w, msg, len);
	*out = w.header;
	if (entries(out) == 0 || entries(out) > MDNS_ENTRIES)
		return false;
	while (w.done < entries(out)) {
		if (!read_entry(&w, &e))
			return false;
	}
	return w.at == len;
}

bool
mdns_name_parse(struct mdns_name *out, const char *dotted)
{
	size_t n;

	out->len = 0;
	while (*dotted != '\0') {
		n = strcspn(dotted, ".");
		if (n == 0 || n > 63 || out->len + n + 2 > sizeof out->wire)
			return false;
		out->wire[out->len++] = (uint8_t)n;
		memcpy(out->wire + out->len, dotted, n);
		out->len += n;
		dotted += n + (dotted[n] == '.');
	}
	out->wire[out->len++] = 0;
	return out->len > 1;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Lengths of labels are below the letters, so they take part. */
static bool
same_bytes(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (lower(a[i]) != lower(b[i]))
			return false;
	}
	return true;
}

bool
mdns_name_equal(const struct mdns_name *a, const struct mdns_name *b)
{
	return a->len == b->len && same_bytes(a->wire, b->wire, a->len);
}

bool
mdns_name_is_below(const struct mdns_name *name, const struct mdns_name *parent)
{
	size_t skip = name->len == 0 ? 0 : (size_t)name->wire[0] + 1;

	return skip > 1 && name->len == skip + parent->len &&
	    same_bytes(name->wire + skip, parent->wire, parent->len);
}

const uint8_t *
mdns_name_label(const struct mdns_name *name, size_t *len)
{
	*len = name->len == 0 ? 0 : name->wire[0];
	return name->wire + 1;
}

size_t
mdns_ask(uint8_t *out, size_t size, uint16_t id, bool unicast,
    const struct mdns_name *names, size_t count)
{
	size_t i, at = HEADER;

	if (size < HEADER)
		return 0;
	memset(out, 0, HEADER);
	out[0] = (uint8_t)(id >> 8);
	out[1] = (uint8_t)id;
	out[5] = (uint8_t)count;
	for (i = 0; i < count; i++) {
		if (size - at < names[i].len + 4)
			return 0;
		memcpy(out + at, names[i].wire, names[i].len);
		at += names[i].len;
		out[at++] = 0;
		out[at++] = MDNS_PTR;
		out[at++] = unicast ? 0x80 : 0;
		out[at++] = 1;
	}
	return at;
}
