/* SPDX-License-Identifier: MIT */
/* Owns the network adapters of the laptop: the chosen one's addresses, the
 * others, and VPNs (getifaddrs(3)). */
#include <ifaddrs.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netpacket/packet.h>
#include <string.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/net/addr.h"
#include "core/net/vantage_parts.h"

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

/* By the kind of link, and by names that VPN programs give to links that
 * look like Ethernet. */
static bool
is_tunnel(const struct ifaddrs *list, const char *name)
{
	static const char *const prefix[] = {
	    "tun",
	    "tap",
	    "wg",
	    "ppp",
	    "utun",
	    "zt",
	    "tailscale",
	    "nordlynx",
	};
	const struct ifaddrs *i;
	size_t k;

	for (k = 0; k < sizeof prefix / sizeof *prefix; k++) {
		if (strncmp(name, prefix[k], strlen(prefix[k])) == 0)
			return true;
	}
	for (i = list; i != NULL; i = i->ifa_next) {
		const struct sockaddr_ll *link = (const void *)i->ifa_addr;

		if (link == NULL || link->sll_family != AF_PACKET ||
		    strcmp(i->ifa_name, name) != 0)
			continue;
		return link->sll_hatype == ARPHRD_PPP ||
		    link->sll_hatype == ARPHRD_NONE;
	}
	return false;
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
	if (access(arena_printf(a, "/sys/class/net/%s/device", name), F_OK) ==
	    0)
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
	vantage_warn(a, v,
	    strcmp(name, v->interface) == 0 ?
		_("The default route goes through "
		  "a VPN; disconnect it, since the devices do not use "
		  "it.") :
		arena_printf(a,
		    _("A VPN seems to be "
		      "connected (interface %s); disconnect "
		      "it, since "
		      "the devices do not use it."),
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
		if (is_tunnel(list, i->ifa_name))
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
