/* SPDX-License-Identifier: MIT */
/* Where the laptop stands: read from the system, nothing sent. One source
 * file per operating system implements this (vantage_linux.c). */
#ifndef NET_VANTAGE_H
#define NET_VANTAGE_H

#include "core/base/error.h"
#include "core/base/mem.h"
#include "core/net/dhcp_lease.h"
#include "core/record/model.h"

/* What is read by name; a test has its own. */
struct vantage_paths {
	const char *resolv_conf;
	const char *resolved_conf;	/* what systemd-resolved asks */
	const char *bus;		/* D-Bus address of NetworkManager */
	const struct dhcp_paths *dhcp;
};

extern const struct vantage_paths vantage_system_paths;

/* interface NULL: the one with the default route. No interface at all is not
 * an error: v->interface is "". -1 only for an interface that is not there.
 * May wait for NetworkManager, NETMANAGER_WAIT_MS at most. */
int	 vantage_read(const char *interface, struct arena *a,
	    struct vantage *v, struct error *err) MUST_CHECK;
int	 vantage_read_from(const struct vantage_paths *paths,
	    const char *interface, struct arena *a, struct vantage *v,
	    struct error *err) MUST_CHECK;
/* Only what vantage_same() looks at; waits for nobody. */
int	 vantage_glance(const char *interface, struct arena *a,
	    struct vantage *v, struct error *err) MUST_CHECK;
/* Same network: interface, addresses, gateway and its MAC, resolvers, SSID. */
bool	 vantage_same(const struct vantage *a, const struct vantage *b);

#endif
