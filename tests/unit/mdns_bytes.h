/* SPDX-License-Identifier: MIT */
/* For tests of what reads mDNS messages: messages put together by hand. */
#ifndef UNIT_MDNS_BYTES_H
#define UNIT_MDNS_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t	 data[1500];
	size_t	 len;
};

void	 bytes_put(struct bytes *b, const void *data, size_t len);
void	 bytes_put16(struct bytes *b, unsigned v);
/* Labels as strings, up to NULL; the root's label is not added. */
void	 bytes_put_labels(struct bytes *b, const char *const *label);
/* Begins anew. */
void	 bytes_put_header(struct bytes *b, unsigned id, unsigned flags,
	    unsigned questions, unsigned answers, unsigned additional);
/* "TYPE._tcp.local PTR instance.TYPE._tcp.local", with its SRV and A. */
void	 bytes_service_answer(struct bytes *b, unsigned id, const char *type,
	    const char *instance, const char *address);
/* "_services._dns-sd._udp.local PTR _ipp._tcp.local" */
void	 bytes_enumeration_answer(struct bytes *b, unsigned id);

#endif
