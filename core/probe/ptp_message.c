/* SPDX-License-Identifier: MIT */
/* Owns the reading of PTP messages. */
#include "core/probe/ptp_message.h"

#include <string.h>

#define HEADER 34
#define STEPS_MAX 254 /* an Announce of 255 is not valid (section 9.3.2.5) */

/* Whole length of each type, of the fixed part where more may follow. */
static const uint8_t least[16] = {
    [PTP_SYNC] = 44,
    [PTP_DELAY_REQ] = 44,
    [PTP_PDELAY_REQ] = 54,
    [PTP_PDELAY_RESP] = 54,
    [PTP_FOLLOW_UP] = 44,
    [PTP_DELAY_RESP] = 54,
    [PTP_PDELAY_RESP_FOLLOW_UP] = 54,
    [PTP_ANNOUNCE] = 64,
    [PTP_SIGNALING] = 44,
    [PTP_MANAGEMENT] = 48,
};

static unsigned
get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* Neither nobody's nor everybody's. */
static bool
is_source(const uint8_t *id)
{
	static const uint8_t none[8],
	    all[8] = {255, 255, 255, 255, 255, 255, 255, 255};
	unsigned port = get16(id + 8);

	return memcmp(id, none, 8) != 0 && memcmp(id, all, 8) != 0 &&
	    port != 0 && port != 0xffff;
}

static bool
read_announce(const uint8_t *d, struct ptp_message *out)
{
	static const uint8_t none[8];

	out->priority1 = d[47];
	out->clock_class = d[48];
	memcpy(out->grandmaster, d + 53, sizeof out->grandmaster);
	out->steps = get16(d + 61);
	out->time_source = d[63];
	return out->steps <= STEPS_MAX &&
	    memcmp(out->grandmaster, none, 8) != 0;
}

bool
ptp_parse(const uint8_t *d, size_t len, size_t padding, struct ptp_message *out)
{
	size_t said;

	memset(out, 0, sizeof *out);
	if (len < HEADER || (d[1] & 0x0f) != 2)
		return false;
	out->type = d[0] & 0x0f;
	said = get16(d + 2);
	if (least[out->type] == 0 || said < least[out->type] || said > len ||
	    len - said > padding)
		return false;
	out->domain = d[4];
	memcpy(out->source, d + 20, sizeof out->source);
	out->sequence = (uint16_t)get16(d + 30);
	return is_source(out->source) &&
	    (out->type != PTP_ANNOUNCE || read_announce(d, out));
}

bool
ptp_is_event(const struct ptp_message *m)
{
	return m->type <= PTP_PDELAY_RESP;
}
