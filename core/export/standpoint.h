/* SPDX-License-Identifier: MIT */
/* Where the laptop stood, in words, as every paper and screen says it. */
#ifndef EXPORT_STANDPOINT_H
#define EXPORT_STANDPOINT_H

#include "core/base/mem.h"
#include "core/record/model.h"

/* One fact; NULL where there is nothing to say. In a or borrowed. */
struct standpoint_fact {
	const char *label;	/* translated, without colon */
	const char *value;
};

#define STANDPOINT_FACTS 8

/* How the address was given, what came with it, Wi-Fi, other adapters, VPN,
 * proxy. Returns how many are there. */
size_t	 standpoint_facts(struct arena *a, const struct vantage *v,
	    struct standpoint_fact out[STANDPOINT_FACTS]);

#endif
