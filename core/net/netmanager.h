/* SPDX-License-Identifier: MIT */
/* NetworkManager's DHCP lease of an interface, read over D-Bus as any user
 * may (interfaces org.freedesktop.NetworkManager, .Device, .DHCP4Config).
 * NetworkManager is never started for it, and nothing waits longer than
 * NETMANAGER_WAIT_MS in all. */
#ifndef NET_NETMANAGER_H
#define NET_NETMANAGER_H

#include "core/net/dhcp_lease.h"

#define NETMANAGER_WAIT_MS 200
#define NETMANAGER_BUS "unix:path=/run/dbus/system_bus_socket"

/* bus: a D-Bus address. No bus, no NetworkManager, an interface that it does
 * not manage, or no answer in time: LEASE_UNKNOWN. LEASE_NONE: it set the
 * interface up without DHCP. */
enum lease_found lease_from_netmanager(const char *bus,
	    const struct lease_search *s, struct dhcp_lease *out);

#endif
