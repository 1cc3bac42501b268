/* SPDX-License-Identifier: MIT */
/* Owns the network adapters of the laptop: the chosen one's addresses, the
 * others, and VPNs (getifaddrs(3)). */
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/net/addr.h"
#include "core/net/vantage_parts.h"
#include "core/net/way.h"

#define ADAPTERS_MAX 16

static int
prefix_length(const struct sockaddr *mask)
{
	const uint8_t *p;
	size_t n, i;
	int bits = 0;

	if (mask == NULL)
		return 0;
	if (mask->sa_family == AF_INET6) {
		p = ((const struct sockaddr_in6 *)mask)->sin6_addr.s6_addr;
		n = 16;
	} else {
		p = (const uint8_t *)&((const struct sockaddr_in *)mask)
			->sin_addr;
		n = 4;
	}
	for (i = 0; i < n; i++)
		bits += __builtin_popcount(p[i]);
	return bits;
}

bool
link_has_device(const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "/sys/class/net/%.15s/device", name);
	return access(path, F_OK) == 0;
}

/* "192.168.1.5/24", or NULL for what is no use to anybody. */
static char *
address_text(struct arena *a, const struct ifaddrs *i)
{
	char text[ADDR_TEXT_SIZE];
	struct addr at;
	socklen_t len = i->ifa_addr->sa_family == AF_INET6 ?
	    sizeof(struct sockaddr_in6) :
	    sizeof(struct sockaddr_in);

	if (!addr_from_sockaddr(&at, i->ifa_addr, len))
		return NULL;
	if (at.sa.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_LINKLOCAL(&at.in6.sin6_addr))
		return NULL;
	return arena_printf(a, "%s/%d", addr_text(&at, text),
	    prefix_length(i->ifa_netmask));
}

static void
add_adapter(struct arena *a, struct vantage *v, const char *name,
    const char *address)
{
	char *safe = text_sanitise(a, name, strlen(name), 64, false);

	if (v->adapters.count < ADAPTERS_MAX)
		strlist_add(a, &v->adapters,
		    arena_printf(a, "%s %s", safe, address));
	/* Bridges and the like of the laptop itself are no way out. */
	if (link_has_device(name))
		vantage_warn(a, v,
		    arena_printf(a,
			_("Another network adapter is connected too (%s)."),
			safe));
}

static void
add_vpn(struct arena *a, struct vantage *v, const char *name)
{
	if (v->vpn != NULL)
		return;
	v->vpn = text_sanitise(a, name, strlen(name), 64, false);
	if (strcmp(name, v->interface) == 0 ||
	    (v->gateway == NULL && v->gateway6 == NULL))
		vantage_warn(a, v,
		    arena_printf(a,
			_("The only way out of this laptop goes through a VPN "
			  "(interface %s). Disconnect it and check again, "
			  "since the devices do not use it."),
			v->vpn));
	else
		vantage_warn(a, v,
		    arena_printf(a,
			_("A VPN is connected (interface %s). The checks go "
			  "around it, as the devices do."),
			v->vpn));
}

void
vantage_adapters(struct arena *a, struct vantage *v)
{
	struct ifaddrs *list, *i;
	char *address;

	if (getifaddrs(&list) != 0)
		return;
	for (i = list; i != NULL; i = i->ifa_next) {
		if (i->ifa_addr == NULL || (i->ifa_flags & IFF_LOOPBACK) ||
		    !(i->ifa_flags & IFF_UP))
			continue;
		address = address_text(a, i);
		if (address == NULL)
			continue;
		if (link_is_tunnel(i->ifa_name))
			add_vpn(a, v, i->ifa_name);
		else if (strcmp(i->ifa_name, v->interface) != 0)
			add_adapter(a, v, i->ifa_name, address);
		if (strcmp(i->ifa_name, v->interface) != 0)
			continue;
		v->has_ipv6 |= i->ifa_addr->sa_family == AF_INET6;
		strlist_add(a, &v->addresses, address);
	}
	freeifaddrs(list);
}
