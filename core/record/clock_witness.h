/* SPDX-License-Identifier: MIT */
/* What the clock of the computer is worth, by those who told the time. */
#ifndef RECORD_CLOCK_WITNESS_H
#define RECORD_CLOCK_WITNESS_H

#include "core/record/model.h"

struct clock_witnesses {
	int64_t	 offset_us;	/* their time minus the computer's: the median
				 * of all of the run (time servers, dates of
				 * HTTP replies) */
	size_t	 count;		/* that agree with it within ten seconds, and a
				 * certificate of a public authority that
				 * begins later than the computer's now */
	size_t	 heard;		/* time servers and dates, agreeing or not */
	/* Of the time servers alone, that agree with it: dates of replies are
	 * exact to a second at best. */
	int64_t	 server_offset_us;
	size_t	 servers;
};

void	 record_clock(const struct record *r, struct clock_witnesses *out);

#endif
