/* SPDX-License-Identifier: MIT */
/* PTP messages of version 2 (IEEE 1588-2008 section 13, facts 5.8). */
#ifndef PROBE_PTP_MESSAGE_H
#define PROBE_PTP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PTP_SYNC = 0, PTP_DELAY_REQ = 1, PTP_PDELAY_REQ = 2,
	PTP_PDELAY_RESP = 3, PTP_FOLLOW_UP = 8, PTP_DELAY_RESP = 9,
	PTP_PDELAY_RESP_FOLLOW_UP = 10, PTP_ANNOUNCE = 11, PTP_SIGNALING = 12,
	PTP_MANAGEMENT = 13,
};

struct ptp_message {
	int	 type;
	int	 domain;
	uint8_t	 source[10];	/* clock identity (8), port number (2) */
	uint16_t sequence;
	/* Announce only: */
	uint8_t	 grandmaster[8];
	int	 priority1, clock_class, time_source;
	unsigned steps;		/* removed from the grandmaster */
};

/* padding: bytes that may follow the message. False for what is none. */
bool	 ptp_parse(const uint8_t *data, size_t len, size_t padding,
	    struct ptp_message *out);
/* Messages that are timed go to port 319, the others to 320. */
bool	 ptp_is_event(const struct ptp_message *m);

#endif
