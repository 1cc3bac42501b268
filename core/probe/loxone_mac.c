/* SPDX-License-Identifier: MIT */
/* Owns the search for a Loxone device's serial number. */
#include "core/probe/loxone_mac.h"

#include <stdint.h>
#include <string.h>

#define PAIRS 6

static int
digit(uint8_t c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at;

	if (c >= 'A' && c <= 'F')
		c = (uint8_t)(c + 32);
	at = c == '\0' ? NULL : strchr(digits, c);
	return at == NULL ? -1 : (int)(at - digits);
}

/* Six pairs that begin at d; false when there are not exactly so many. */
static bool
read_pairs(const uint8_t *d, size_t len, uint8_t out[PAIRS])
{
	size_t at = 0;
	int i;

	for (i = 0; i < PAIRS; i++) {
		if (i > 0 && at < len && (d[at] == ':' || d[at] == '-'))
			at++;
		if (len - at < 2 || digit(d[at]) < 0 || digit(d[at + 1]) < 0)
			return false;
		out[i] = (uint8_t)(digit(d[at]) << 4 | digit(d[at + 1]));
		at += 2;
	}
	return at == len || digit(d[at]) < 0;
}

bool
loxone_mac_find(const void *data, size_t len, char serial[LOXONE_SERIAL_SIZE],
    char mac[LOXONE_MAC_SIZE])
{
	static const uint8_t oui[] = {0x50, 0x4f, 0x94};
	const uint8_t *d = data;
	uint8_t pair[PAIRS];
	size_t at;
	int i;

	for (at = 0; at + 2 * PAIRS <= len; at++) {
		if ((at > 0 && digit(d[at - 1]) >= 0) ||
		    !read_pairs(d + at, len - at, pair) ||
		    memcmp(pair, oui, sizeof oui) != 0)
			continue;
		for (i = 0; i < PAIRS; i++) {
			serial[2 * i] = "0123456789ABCDEF"[pair[i] >> 4];
			serial[2 * i + 1] = "0123456789ABCDEF"[pair[i] & 15];
			mac[3 * i] = "0123456789abcdef"[pair[i] >> 4];
			mac[3 * i + 1] = "0123456789abcdef"[pair[i] & 15];
			mac[3 * i + 2] = i + 1 < PAIRS ? ':' : '\0';
		}
		serial[2 * PAIRS] = '\0';
		return true;
	}
	return false;
}
