/* SPDX-License-Identifier: MIT */
/* Inside of the vantage: what its files share. */
#ifndef NET_VANTAGE_PARTS_H
#define NET_VANTAGE_PARTS_H

#include "core/net/vantage.h"

/* Adds a sentence for the installer, once. */
void	 vantage_warn(struct arena *a, struct vantage *v,
	    const char *sentence);
/* Is it more than a bridge or the like of the laptop itself? */
bool	 link_has_device(const char *name);
/* Addresses of the interface, other adapters, VPN. */
void	 vantage_adapters(struct arena *a, struct vantage *v);
/* How the address was given, and what came with it. */
void	 vantage_lease(const struct vantage_paths *paths, struct arena *a,
	    struct vantage *v);
/* The Wi-Fi that the interface is in. */
void	 vantage_wifi(struct arena *a, struct vantage *v);

#endif
