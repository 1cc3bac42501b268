/* SPDX-License-Identifier: MIT */
/* A Loxone device's serial number is its MAC address, and that begins with
 * 50:4F:94 (facts 1.1); many of its names hold it. */
#ifndef PROBE_LOXONE_MAC_H
#define PROBE_LOXONE_MAC_H

#include <stdbool.h>
#include <stddef.h>

#define LOXONE_SERIAL_SIZE	13
#define LOXONE_MAC_SIZE		18

/* Looks for one anywhere in foreign bytes: twelve hexadecimal digits, in pairs
 * that ":" or "-" may part, not within more digits. serial gets
 * "504F94A00001", mac "50:4f:94:a0:00:01". */
bool	 loxone_mac_find(const void *data, size_t len,
	    char serial[LOXONE_SERIAL_SIZE], char mac[LOXONE_MAC_SIZE]);

#endif
