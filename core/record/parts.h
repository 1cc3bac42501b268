/* SPDX-License-Identifier: MIT */
/* The parts of a record to JSON and back. For the files of core/record only;
 * what others need is in core/record/json.h. */
#ifndef RECORD_PARTS_H
#define RECORD_PARTS_H

#include "core/record/codec.h"
#include "core/record/model.h"

/* A list of "443" or "20000-49000". */
extern const struct codec codec_ports;

/* Each pair writes an owned value and reads one element, -1 with an error. */
json_t	*need_put(const void *need);		/* with its judgement */
int	 need_get(struct reader *rd, const json_t *j, void *need);
json_t	*observation_put(const void *observation);
int	 observation_get(struct reader *rd, const json_t *j, void *observation);

/* Bounds of one number that this program writes or reads: no file can make
 * an addition overflow. */
#define PARTS_US_MAX INT64_C(1000000000000000)	/* 31 years */

/* Foreign JSON kept as it is: texts and names sanitised, no fractions.
 * Returns owned or NULL after reader_fail(). */
json_t	*value_sanitised(struct reader *rd, const json_t *j);

#endif
