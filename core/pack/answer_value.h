/* SPDX-License-Identifier: MIT */
/* Single answers as texts: whether one fits its question, and what a
 * comparison with it gives. For the files of core/pack only. */
#ifndef PACK_ANSWER_VALUE_H
#define PACK_ANSWER_VALUE_H

#include <stdbool.h>

#include "core/pack/pack.h"

#define ANSWER_UNKNOWN "unknown"	/* I don't know yet */

/* A normalised answer: what answer_check() gives. */
bool	 answer_is_valid(const struct question *q, const char *value);

/* value is valid. The clause's values are valid answers, or the comparison
 * is false. */
bool	 answer_compare(const struct question *q, const char *value,
	    const struct clause *c);

/* An IPv4 or IPv6 literal. "This host" and loopback are nobody's address on
 * a network: a check sent there would find the laptop itself. */
enum literal {
	LITERAL_NONE, LITERAL_UNICAST, LITERAL_MULTICAST, LITERAL_BROADCAST,
	LITERAL_NOWHERE,
};
enum literal literal_kind(const char *s);

#endif
