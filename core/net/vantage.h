/* SPDX-License-Identifier: MIT */
/* Where the laptop stands: read from the system, nothing sent. One source
 * file per operating system implements this (vantage_linux.c). */
#ifndef NET_VANTAGE_H
#define NET_VANTAGE_H

#include "core/base/error.h"
#include "core/base/mem.h"
#include "core/record/model.h"

/* interface NULL: the one with the default route. No interface at all is not
 * an error: v->interface is "". -1 only for an interface that is not there. */
int	 vantage_read(const char *interface, struct arena *a,
	    struct vantage *v, struct error *err) MUST_CHECK;
/* Same network: interface, addresses, gateway and its MAC, resolvers, SSID. */
bool	 vantage_same(const struct vantage *a, const struct vantage *b);

#endif
