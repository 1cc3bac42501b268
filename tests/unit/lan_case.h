/* SPDX-License-Identifier: MIT */
/* The table by which probes of the local network are tried against good and
 * hostile devices. Each row runs in a process and a network of its own, all of
 * them at once, since many of them wait for what never comes. */
#ifndef UNIT_LAN_CASE_H
#define UNIT_LAN_CASE_H

#include "tests/unit/fake_lan.h"
#include "tests/unit/fake_probe.h"

struct lan_case;

/* Sends whatever it likes; nasked counts from 1. */
typedef void lan_device_fn(int fd, const uint8_t *data, size_t len,
	    const struct addr *from, struct lan_case *c);

struct lan_case {
	const char *name;
	const char *type;
	uint16_t port;			/* that is asked */
	const char *address;		/* of the spec, or NULL */
	const char *want;
	const char *device;		/* where it listens, or NULL: nobody */
	lan_device_fn *answer;
	const char *group;		/* that the device joins, or NULL */
	uint16_t taken;			/* port kept by another program */
	int	 cancel_ms;		/* then it is cancelled; 0 = at once,
					 * -1 = never */
	enum rung rung;
	enum cause failure;
	bool	 (*look)(struct lan_case *c);	/* more to see, or NULL */
	/* for device and look */
	int	 nasked;
	struct fake_probe p;
};

/* Prints what does not hold. True also where no private network can be had,
 * which it says. */
bool	 lan_cases_hold(const struct lan_case *rows, size_t count);

/* Hostile devices that suit every protocol. */
lan_device_fn lan_silent, lan_garbage, lan_web_page, lan_single_bytes,
	 lan_giants;
/* A member of the first device in the detail, or "". */
const char *lan_first_device(const struct lan_case *c, const char *member);
const char *lan_device(const struct lan_case *c, size_t i,
	    const char *member);
void	 lan_reply(int fd, const struct addr *to, const void *data,
	    size_t len);

#endif
