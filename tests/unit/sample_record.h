/* SPDX-License-Identifier: MIT */
/* A record with everything in it, for tests of what reads or writes one. */
#ifndef UNIT_SAMPLE_RECORD_H
#define UNIT_SAMPLE_RECORD_H

#include "core/record/model.h"

/* 2026-11-21T10:42:00Z */
#define SAMPLE_START_US INT64_C(1795257720000000)

struct record *sample_record(void);		/* returns owned */
/* One TCP observation for host:port; id NULL, lives in r's arena. */
struct observation sample_observation(struct record *r, const char *host,
	    uint16_t port);

#endif
