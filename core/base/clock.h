/* SPDX-License-Identifier: MIT */
/* Time: the wall clock for records, the monotonic clock for durations. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t	 clock_wall_us(void);		/* microseconds since 1970, UTC */
int64_t	 clock_mono_us(void);		/* microseconds, CLOCK_MONOTONIC */

#define CLOCK_ISO_SIZE 32
/* "2026-11-21T10:42:00Z"; with_us gives "...00.123456Z". */
const char *clock_iso(int64_t wall_us, bool with_us, char out[CLOCK_ISO_SIZE]);
/* Strict, "Z" only, years 0001 to 9999, up to six digits of fraction; on
 * false *wall_us is as it was. */
bool	 clock_parse_iso(const char *s, int64_t *wall_us);

#endif
