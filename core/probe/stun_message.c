/* SPDX-License-Identifier: MIT */
/* STUN messages, written and read (RFC 5389). */
#include "core/probe/stun_message.h"

#include <string.h>

#define COOKIE 0x2112A442u
#define BINDING_REQUEST 0x0001
#define BINDING_SUCCESS 0x0101
#define BINDING_ERROR 0x0111
#define MUST_BE_KNOWN 0x8000 /* types below it: section 15 */

enum {
	MAPPED_ADDRESS = 0x0001,
	ERROR_CODE = 0x0009,
	XOR_MAPPED_ADDRESS = 0x0020,
	SOFTWARE = 0x8022,
	OTHER_ADDRESS = 0x802c,
};

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

void
stun_request(uint8_t out[STUN_HEADER], const uint8_t id[STUN_ID])
{
	put16(out, BINDING_REQUEST);
	put16(out + 2, 0);
	put16(out + 4, COOKIE >> 16);
	put16(out + 6, COOKIE & 0xffff);
	memcpy(out + 8, id, STUN_ID);
}

/* Sections 15.1 and 15.2: mixed with the cookie and the transaction id, which
 * stand one behind the other in the header, or with zeros. */
static bool
read_address(const uint8_t *v, size_t len, const uint8_t mask[16],
    struct addr *out)
{
	uint8_t raw[16];
	size_t i, n = len == 8 ? 4 : 16;

	if ((len != 8 && len != 20) || v[1] != (len == 8 ? 1 : 2))
		return false;
	for (i = 0; i < n; i++)
		raw[i] = v[4 + i] ^ mask[i];
	memset(out, 0, sizeof *out);
	if (n == 4) {
		out->in.sin_family = AF_INET;
		memcpy(&out->in.sin_addr, raw, n);
		out->len = sizeof out->in;
	} else {
		out->in6.sin6_family = AF_INET6;
		memcpy(&out->in6.sin6_addr, raw, n);
		out->len = sizeof out->in6;
	}
	addr_set_port(out, get16(v + 2) ^ get16(mask));
	return addr_port(out) != 0;
}

/* Those of RFC 5389, RFC 5780 and the elder RFC 3489 that an answer to a
 * binding may hold. */
static bool
is_known(unsigned type)
{
	static const uint16_t known[] = {MAPPED_ADDRESS, 0x0003, 0x0004, 0x0005,
	    0x0006, 0x0008, ERROR_CODE, 0x000a, 0x000b, 0x0014, 0x0015,
	    XOR_MAPPED_ADDRESS, 0x0026, 0x0027};
	size_t i;

	for (i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i] == type)
			return true;
	}
	return type >= MUST_BE_KNOWN;
}

static bool
read_attribute(unsigned type, const uint8_t *v, size_t len,
    const uint8_t *header, struct stun_reply *out, struct addr *mixed)
{
	static const uint8_t zero[16];

	switch (type) {
	case XOR_MAPPED_ADDRESS:
		return mixed->len != 0 ||
		    read_address(v, len, header + 4, mixed);
	case MAPPED_ADDRESS:
		return out->plain.len != 0 ||
		    read_address(v, len, zero, &out->plain);
	case OTHER_ADDRESS:
		if (!read_address(v, len, zero, &out->other))
			out->other.len = 0;
		return true;
	case ERROR_CODE:
		if (len < 4 || (v[2] & 7) < 3 || (v[2] & 7) > 6 || v[3] > 99)
			return false;
		out->error_code = (v[2] & 7) * 100 + v[3];
		return true;
	case SOFTWARE:
		out->software = v;
		out->software_len = len;
		return true;
	default:
		return is_known(type);
	}
}

enum stun_kind
stun_read(const uint8_t *data, size_t len, const uint8_t id[STUN_ID],
    struct stun_reply *out)
{
	struct addr mixed;
	uint8_t head[8];
	size_t at, n;
	unsigned type;

	memset(out, 0, sizeof *out);
	memset(&mixed, 0, sizeof mixed);
	put16(head, COOKIE >> 16);
	put16(head + 2, COOKIE & 0xffff);
	if (len < STUN_HEADER || len % 4 != 0 ||
	    get16(data + 2) != len - STUN_HEADER ||
	    memcmp(data + 4, head, 4) != 0 ||
	    memcmp(data + 8, id, STUN_ID) != 0)
		return STUN_NOT;
	type = get16(data);
	if (type != BINDING_SUCCESS && type != BINDING_ERROR)
		return STUN_NOT;
	for (at = STUN_HEADER; at < len; at += 4 + (n + 3) / 4 * 4) {
		n = get16(data + at + 2);
		if (n > len - at - 4 ||
		    !read_attribute(get16(data + at), data + at + 4, n, data,
			out, &mixed))
			return STUN_NOT;
	}
	if (type == BINDING_ERROR)
		return out->error_code != 0 ? STUN_ERROR : STUN_NOT;
	out->mapped = mixed.len != 0 ? mixed : out->plain;
	return out->mapped.len != 0 ? STUN_SUCCESS : STUN_NOT;
}
