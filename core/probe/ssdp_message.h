/* SPDX-License-Identifier: MIT */
/* SSDP messages (UPnP Device Architecture 1.1 section 1): a start line and
 * header lines in one datagram. What comes in is hostile and only pointed at,
 * never copied, until ssdp_text(). */
#ifndef PROBE_SSDP_MESSAGE_H
#define PROBE_SSDP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/mem.h"

struct ssdp_field {		/* without surrounding blanks; len 0 = none */
	const char *at;
	size_t	 len;
};

enum ssdp_kind { SSDP_ANSWER, SSDP_NOTIFY, SSDP_SEARCH };

struct ssdp_message {
	enum ssdp_kind kind;
	struct ssdp_field st, usn, server, location;
};

/* False for anything but "HTTP/1.1 200", NOTIFY or M-SEARCH, whole lines of
 * which each holds a colon, ended by an empty one. */
bool	 ssdp_parse(const void *data, size_t len, struct ssdp_message *out);
bool	 ssdp_is(const struct ssdp_field *f, const char *text);
/* Sanitised, at most 128 bytes; never NULL. */
char	*ssdp_text(struct arena *a, const struct ssdp_field *f);
/* "http://ADDRESS[:PORT]/..." and of no other host. */
bool	 ssdp_location_is_at(const struct ssdp_field *f, const char *address);

#endif
