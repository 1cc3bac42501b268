/* SPDX-License-Identifier: MIT */
/* Owns the addresses that stand for others in a masked document. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "core/record/mask_text.h"

void
mask_digest(const struct mask *m, const char *what, const void *data,
    size_t len, uint8_t out[MASK_DIGEST])
{
	struct arena *a = arena_new();
	size_t front = strlen(what) + 1;
	uint8_t *text = arena_alloc(a, front + len + 1);
	unsigned n = MASK_DIGEST;

	memcpy(text, what, front);
	if (len > 0)
		memcpy(text + front, data, len);
	if (HMAC(EVP_sha256(), m->key, (int)strlen(m->key), text, front + len,
		out, &n) == NULL)
		mem_fatal("HMAC is not available from OpenSSL");
	arena_free(a);
}

/* A byte behind others, of which the first `fixed` bits stay: whether a bit is
 * turned over depends on all bits before it and on no other, so neighbours
 * stay neighbours and no two become one. apart: the first bit that may be
 * turned over is, so that the byte is never what it was. */
static uint8_t
turn_byte(const struct mask *m, const char *what, const uint8_t *address,
    size_t at, int fixed, bool apart)
{
	uint8_t digest[MASK_DIGEST], old = address[at], new = 0;
	int i;

	mask_digest(m, what, address, at, digest);
	for (i = 0; i < 8; i++) {
		/* The number of the branch in the tree of all bytes. */
		unsigned branch = (1u << i) - 1 +
		    (unsigned)(i == 0 ? 0 : old >> (8 - i));
		int bit = (old >> (7 - i)) & 1;
		int turn = (digest[branch / 8] >> (branch % 8)) & 1;

		if (i == fixed && apart)
			turn = 1;
		if (i >= fixed)
			bit ^= turn;
		new = (uint8_t)(new << 1 | bit);
	}
	return new;
}

/* The last byte stays: .1 and .255 say what stands there, and not whose it
 * is. */
static void
mask_v4(const struct mask *m, const uint8_t *in, uint8_t *out)
{
	static const struct {
		uint8_t byte[2];
		int bits;
	} inner[] = {{{10, 0}, 8}, {{172, 16}, 12}, {{192, 168}, 16},
	    {{169, 254}, 16}, {{100, 64}, 10}};
	uint8_t digest[MASK_DIGEST];
	struct ip ip = {.len = 4};
	int fixed = 8;
	size_t i;

	memcpy(ip.byte, in, 4);
	memcpy(out, in, 4);
	for (i = 0; i < sizeof inner / sizeof *inner; i++) {
		if (in[0] == inner[i].byte[0] &&
		    (inner[i].bits == 8 ||
			(in[1] & (0xff << (16 - inner[i].bits))) ==
			    inner[i].byte[1]))
			fixed = inner[i].bits;
	}
	if (!ip_is_private(&ip)) {
		mask_digest(m, "net", in, 1, digest);
		out[0] = (uint8_t)(240 + digest[0] % 15);
	}
	if (fixed < 16)
		out[1] = turn_byte(m, "v4", in, 1, fixed - 8, true);
	out[2] = turn_byte(m, "v4", in, 2, 0, true);
}

/* A small number of a host says what it is, as the last byte of IPv4 does;
 * any other may be made of its MAC address. */
static bool
is_small_host(const uint8_t *byte)
{
	static const uint8_t none[6];

	return memcmp(byte + 8, none, sizeof none) == 0;
}

static void
mask_v6(const struct mask *m, const uint8_t *in, uint8_t *out)
{
	uint8_t digest[MASK_DIGEST];
	struct ip ip = {.len = 16};
	size_t i, first = 4;

	memcpy(ip.byte, in, 16);
	memcpy(out, in, 16);
	if (ip_is_link_local(&ip)) {
		first = 8;
	} else if (ip_is_private(&ip)) {
		first = 1;
	} else {
		mask_digest(m, "net6", in, 4, digest);
		out[0] = 0x3f;
		out[1] = 0xff;
		out[2] = digest[0] & 0x0f;
		out[3] = digest[1];
	}
	for (i = first; i < 16; i++) {
		if (i == 8 && is_small_host(in))
			break;
		out[i] = turn_byte(m, "v6", in, i, 0, i == 7 || i == 8);
	}
}

/* Group addresses and the like name nobody. */
static bool
is_common(const struct ip *ip)
{
	if (ip_is_nowhere(ip))
		return true;
	if (ip->len == 4)
		return ip->byte[0] == 0 || ip->byte[0] == 127 ||
		    ip->byte[0] >= 224;
	return ip->byte[0] == 0xff;
}

/* Where an address of IPv4 stands in one of IPv6: ::ffff:0:0/96 (RFC 4291)
 * and 64:ff9b::/96 (RFC 6052). */
static bool
holds_v4(const struct ip *ip)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const uint8_t translated[12] = {0x00, 0x64, 0xff, 0x9b};

	return ip->len == 16 &&
	    (memcmp(ip->byte, mapped, 12) == 0 ||
		memcmp(ip->byte, translated, 12) == 0);
}

bool
mask_ip(const struct mask *m, const struct ip *ip, struct ip *out)
{
	struct ip inner = {.len = 4};

	*out = *ip;
	if (holds_v4(ip)) {
		memcpy(inner.byte, ip->byte + 12, 4);
		if (!mask_ip(m, &inner, &inner))
			return false;
		memcpy(out->byte + 12, inner.byte, 4);
		return true;
	}
	if (is_common(ip))
		return false;
	if (ip->len == 4)
		mask_v4(m, ip->byte, out->byte);
	else
		mask_v6(m, ip->byte, out->byte);
	return true;
}

void
mask_mac(const struct mask *m, const char mac[MASK_MAC], char out[MASK_MAC])
{
	uint8_t d[MASK_DIGEST];

	mask_digest(m, "mac", mac, MASK_MAC - 1, d);
	snprintf(out, MASK_MAC, "%02x:%02x:%02x:%02x:%02x:%02x",
	    (d[0] & 0xfcu) | 0x02u, d[1], d[2], d[3], d[4], d[5]);
}
