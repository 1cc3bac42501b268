/* SPDX-License-Identifier: MIT */
/* For tests of probes that ask one peer: a table of peers that misbehave, all
 * tried at the same time. Each probe must end once, within its own deadline,
 * and may pass only where an answer to its own question came. */
#ifndef UNIT_HOSTILE_PEER_H
#define UNIT_HOSTILE_PEER_H

#include "core/probe/probe.h"

/* The right answer to question q that came from `from`, by the documents, not
 * by the code that is tested; its length, 0 for none. other: the same with an
 * id that nobody asked with. */
typedef size_t hostile_answer(const uint8_t *q, size_t len,
	    const struct addr *from, bool other, uint8_t *out, size_t size);

struct hostile {
	const char *type;		/* of the probe */
	hostile_answer *answer;
	int	 samples;		/* answers that make a pass by UDP */
};

/* UDP: silence, garbage of all sizes, its own question, cut answers, answers
 * to another question, from another sender, doubled and late; and a probe
 * that is cancelled, or dropped, at every stage. */
void	 hostile_udp(const struct hostile *h);
/* TCP: silence, a byte at a time, megabytes, garbage, closing and resetting
 * at once and in the middle of the answer; cancelled at every stage. */
void	 hostile_tcp(const struct hostile *h);

#endif
