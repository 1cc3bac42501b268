/* SPDX-License-Identifier: MIT */
/* How long a run may still take, as a range. Pure: numbers in, numbers out. */
#ifndef TUI_ETA_H
#define TUI_ETA_H

#include <stddef.h>
#include <stdint.h>

/* What one check is expected to take at most, in ms: bound is that of its
 * kind, measured the longest that one of its kind took in this run, or 0. */
unsigned eta_expected_ms(unsigned bound_ms, unsigned measured_ms);
/* What one that began age ms ago may still take. */
unsigned eta_running_ms(unsigned expected_ms, int64_t age_ms);

struct eta_facts {
	int64_t	 elapsed_ms;
	size_t	 done, running, waiting;	/* checks */
	size_t	 certain;	/* of those that wait: will be made */
	unsigned pace_ms;	/* between two that begin, at least */
	unsigned waiting_ms;	/* the longest of those that wait */
	unsigned running_ms;	/* the longest of those under way */
	unsigned searches_ms;	/* of what follows from failures seen so far */
	unsigned longest_ms;	/* of the whole run, by its plan; 0: unknown */
};

enum eta_kind {
	ETA_UNKNOWN,		/* too early to say, or nothing is left */
	ETA_RANGE,
	ETA_LONGER,		/* past all that was expected */
};

struct eta {
	enum eta_kind kind;
	int64_t	 low_ms;	/* is certainly still needed */
	int64_t	 high_ms;
};

struct eta eta_estimate(const struct eta_facts *f);
/* The range in numbers that are told: seconds below two minutes, the upper
 * one in steps of 5; whole minutes above. Never narrower. */
struct eta eta_round(struct eta e);

#endif
