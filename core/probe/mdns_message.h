/* SPDX-License-Identifier: MIT */
/* mDNS messages (RFC 6762, the layout of RFC 1035 section 4). What comes in
 * is hostile: a message is checked as a whole before anything of it is used,
 * and a compressed name may only point backwards, so none goes in circles. */
#ifndef PROBE_MDNS_MESSAGE_H
#define PROBE_MDNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MDNS_NAME_MAX	255	/* RFC 1035 section 2.3.4 */
#define MDNS_ENTRIES	256	/* more in one message is malformed */

enum { MDNS_A = 1, MDNS_PTR = 12, MDNS_TXT = 16, MDNS_SRV = 33 };

/* Without compression, with the root's empty label. */
struct mdns_name {
	uint8_t	 wire[MDNS_NAME_MAX];
	size_t	 len;
};

struct mdns_header {
	uint16_t id;
	bool	 response;
	unsigned questions, answers, others;	/* others: also additional */
};

struct mdns_entry {
	bool	 question, answer;	/* by its section */
	struct mdns_name name;
	uint16_t type;
	uint16_t class;		/* without the top bit (cache flush, QU) */
	uint32_t ttl;		/* seconds; 0 = goodbye */
	const uint8_t *data;	/* in the message */
	size_t	 len;
	struct mdns_name target; /* PTR, SRV */
};

struct mdns_walk {
	const uint8_t *msg;
	size_t	 len, at;
	struct mdns_header header;
	unsigned done;		/* entries so far */
};

/* False for what is no well-formed message of opcode and rcode 0, to its last
 * byte. */
bool	 mdns_check(const uint8_t *msg, size_t len, struct mdns_header *out);
/* Entry by entry of a message that mdns_check() accepted. */
void	 mdns_walk_begin(struct mdns_walk *w, const uint8_t *msg, size_t len);
bool	 mdns_walk_next(struct mdns_walk *w, struct mdns_entry *out);

/* "_http._tcp.local"; false for what is no name. */
bool	 mdns_name_parse(struct mdns_name *out, const char *dotted);
bool	 mdns_name_equal(const struct mdns_name *a, const struct mdns_name *b);
/* One label more than parent: "Kitchen._airplay._tcp.local". */
bool	 mdns_name_is_below(const struct mdns_name *name,
	    const struct mdns_name *parent);
/* The first label; borrowed. */
const uint8_t *mdns_name_label(const struct mdns_name *name, size_t *len);

/* Questions for PTR records, class IN; unicast sets the QU bit. Returns the
 * length, 0 when they do not fit. */
size_t	 mdns_ask(uint8_t *out, size_t size, uint16_t id, bool unicast,
	    const struct mdns_name *names, size_t count);

#endif
