/* SPDX-License-Identifier: MIT */
/* Where the laptop stands, on Linux: /proc, /sys, getifaddrs(3) and
 * resolv.conf(5). Everything here may be read by any user. */
#include "core/net/vantage.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <net/route.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/net/addr.h"

#define FILE_MAX (256 * 1024)

/* /proc and /sys files say size 0, so they are read by hand, bounded. */
static bool
read_text(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "re");
	char chunk[4096];
	size_t n;

	buf_init(out, FILE_MAX);
	if (f == NULL)
		return false;
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(out, chunk, n);
	fclose(f);
	return !out->overflowed;
}

/* Calls fn for each line of a file. */
static void
each_line(const char *path, void (*fn)(void *arg, char *line), void *arg)
{
	struct buf b;
	char *line, *rest;

	if (read_text(path, &b)) {
		for (rest = b.data; rest != NULL;) {
			line = strsep(&rest, "\n");
			fn(arg, line);
		}
	}
	buf_free(&b);
}

struct route_search {
	const char *interface; /* wanted, or NULL */
	char found[IFNAMSIZ];
	struct in_addr gateway;
	struct in6_addr gateway6;
	unsigned long metric;
	int ndefaults; /* interfaces with a default route */
	bool have, have6;
};

static void
route_line(void *arg, char *line)
{
	struct route_search *s = arg;
	char name[IFNAMSIZ + 1];
	unsigned long dest, gw, mask, metric;
	unsigned flags;

	if (sscanf(line, "%16s %lx %lx %x %*d %*d %lu %lx", name, &dest, &gw,
		&flags, &metric, &mask) != 6)
		return;
	if (dest != 0 || mask != 0 || !(flags & RTF_UP) ||
	    !(flags & RTF_GATEWAY))
		return;
	s->ndefaults++;
	if (s->interface != NULL && strcmp(name, s->interface) != 0)
		return;
	if (s->have && metric >= s->metric)
		return;
	s->have = true;
	s->metric = metric;
	s->gateway.s_addr = (in_addr_t)gw;
	snprintf(s->found, sizeof s->found, "%.15s", name);
}

static void
route6_line(void *arg, char *line)
{
	struct route_search *s = arg;
	char dest[33], gw[33], name[IFNAMSIZ + 1];
	unsigned plen, flags;
	size_t i;

	if (sscanf(line, "%32s %x %*s %*x %32s %*x %*x %*x %x %16s", dest,
		&plen, gw, &flags, name) != 5)
		return;
	if (plen != 0 || !(flags & RTF_GATEWAY) || s->have6 || strlen(gw) != 32)
		return;
	if (s->found[0] != '\0' && strcmp(name, s->found) != 0)
		return;
	for (i = 0; i < 16; i++) {
		char hex[3] = {gw[2 * i], gw[2 * i + 1], '\0'};

		s->gateway6.s6_addr[i] = (uint8_t)strtoul(hex, NULL, 16);
	}
	s->have6 = true;
	if (s->found[0] == '\0')
		snprintf(s->found, sizeof s->found, "%.15s", name);
}

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

static bool
is_tunnel(const char *name)
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
	size_t i;

	for (i = 0; i < sizeof prefix / sizeof *prefix; i++) {
		if (strncmp(name, prefix[i], strlen(prefix[i])) == 0)
			return true;
	}
	return false;
}

static void
warn(struct arena *a, struct vantage *v, char *sentence)
{
	if (!strlist_has(&v->warnings, sentence))
		strlist_add(a, &v->warnings, sentence);
}

static void
add_address(struct arena *a, struct vantage *v, const struct ifaddrs *i)
{
	struct addr at;
	char text[ADDR_TEXT_SIZE];
	socklen_t len = i->ifa_addr->sa_family == AF_INET6 ?
	    sizeof(struct sockaddr_in6) :
	    sizeof(struct sockaddr_in);

	if (!addr_from_sockaddr(&at, i->ifa_addr, len))
		return;
	if (at.sa.sa_family == AF_INET6) {
		if (IN6_IS_ADDR_LINKLOCAL(&at.in6.sin6_addr))
			return;
		v->has_ipv6 = true;
	}
	strlist_add(a, &v->addresses,
	    arena_printf(a, "%s/%d", addr_text(&at, text),
		prefix_length(i->ifa_netmask)));
}

static void
read_addresses(struct arena *a, struct vantage *v)
{
	struct ifaddrs *list, *i;

	if (getifaddrs(&list) != 0)
		return;
	for (i = list; i != NULL; i = i->ifa_next) {
		if (i->ifa_addr == NULL || (i->ifa_flags & IFF_LOOPBACK) ||
		    !(i->ifa_flags & IFF_UP))
			continue;
		if (strcmp(i->ifa_name, v->interface) == 0)
			add_address(a, v, i);
		else if (is_tunnel(i->ifa_name) &&
		    i->ifa_addr->sa_family == AF_INET)
			warn(a, v,
			    arena_printf(a,
				_("A VPN seems to be "
				  "connected (interface %s); disconnect "
				  "it, since "
				  "the devices do not use it."),
				i->ifa_name));
	}
	freeifaddrs(list);
}

struct mac_search {
	struct arena *a;
	const char *address;
	const char *interface;
	char *mac;
};

static void
arp_line(void *arg, char *line)
{
	struct mac_search *s = arg;
	char ip[64], mac[32], dev[32];
	unsigned flags;

	if (sscanf(line, "%63s 0x%*x 0x%x %31s %*s %31s", ip, &flags, mac,
		dev) == 4 &&
	    strcmp(ip, s->address) == 0 && strcmp(dev, s->interface) == 0 &&
	    (flags & 2))
		s->mac = arena_strdup(s->a, mac);
}

struct resolver_search {
	struct arena *a;
	struct strlist *list;
};

static void
resolver_line(void *arg, char *line)
{
	struct resolver_search *s = arg;
	char word[80];
	struct addr at;

	if (sscanf(line, "nameserver %79s", word) != 1)
		return;
	word[strcspn(word, "%")] = '\0';
	if (addr_parse(&at, word, 53) && s->list->count < 3)
		strlist_add(s->a, s->list, word);
}

/* systemd-resolved's stub hides the site's resolver and rewrites TTLs, so
 * the servers behind it are asked. */
static void
read_resolvers(struct arena *a, struct vantage *v)
{
	struct resolver_search s = {a, &v->resolvers};

	each_line("/etc/resolv.conf", resolver_line, &s);
	if (v->resolvers.count > 0 &&
	    strncmp(v->resolvers.item[0], "127.0.0.5", 9) == 0 &&
	    access("/run/systemd/resolve/resolv.conf", R_OK) == 0) {
		struct strlist behind = {NULL, 0};

		s.list = &behind;
		each_line("/run/systemd/resolve/resolv.conf", resolver_line,
		    &s);
		if (behind.count > 0)
			v->resolvers = behind;
	}
}

static void
read_proxy(struct arena *a, struct vantage *v)
{
	static const char *const name[] = {
	    "http_proxy",
	    "https_proxy",
	    "HTTPS_PROXY",
	    "all_proxy",
	    "ALL_PROXY",
	};
	size_t i;

	for (i = 0; i < sizeof name / sizeof *name; i++) {
		const char *s = getenv(name[i]);

		if (s == NULL || *s == '\0')
			continue;
		warn(a, v,
		    arena_strdup(a,
			_("A proxy is set on this laptop; "
			  "the checks go around it, as the devices do.")));
		return;
	}
}

static void
read_wireless(struct arena *a, struct vantage *v)
{
	char *path = arena_printf(a, "/sys/class/net/%s/wireless",
	    v->interface);

	if (access(path, F_OK) != 0)
		return;
	v->wifi = arena_strdup(a, "");
	warn(a, v,
	    arena_strdup(a,
		_("The laptop is on Wi-Fi; devices on a "
		  "cable may stand in another network.")));
}

static void
read_system(struct arena *a, struct vantage *v)
{
	struct utsname u;

	v->hostname = arena_strdup(a, "");
	v->os = arena_strdup(a, "");
	if (uname(&u) == 0) {
		v->hostname = text_sanitise(a, u.nodename, strlen(u.nodename),
		    128, false);
		v->os = text_sanitise(a,
		    arena_printf(a, "%s %s", u.sysname, u.release),
		    strlen(u.sysname) + 1 + strlen(u.release), 128, false);
	}
	v->clock_source = arena_strdup(a, "system");
	v->dhcp = arena_strdup(a, "unknown");
}

int
vantage_read(const char *interface, struct arena *a, struct vantage *v,
    struct error *err)
{
	struct route_search r = {.interface = interface};
	char text[INET6_ADDRSTRLEN];

	memset(v, 0, sizeof *v);
	read_system(a, v);
	if (interface != NULL && if_nametoindex(interface) == 0) {
		error_set(err, ERR_USAGE,
		    _("There is no network interface named %s."), interface);
		error_hint(err, "%s",
		    _("Leave --interface out to use the one "
		      "with the default route."));
		return -1;
	}
	if (interface != NULL)
		snprintf(r.found, sizeof r.found, "%.15s", interface);
	each_line("/proc/net/route", route_line, &r);
	each_line("/proc/net/ipv6_route", route6_line, &r);
	v->interface = arena_strdup(a, r.found);
	read_resolvers(a, v);
	read_proxy(a, v);
	if (r.found[0] == '\0') {
		warn(a, v,
		    arena_strdup(a,
			_("This laptop has no network "
			  "connection with a default gateway.")));
		return 0;
	}
	read_addresses(a, v);
	if (r.have && inet_ntop(AF_INET, &r.gateway, text, sizeof text)) {
		struct mac_search m = {a, text, v->interface, NULL};

		v->gateway = arena_strdup(a, text);
		each_line("/proc/net/arp", arp_line, &m);
		v->gateway_mac = m.mac;
	}
	if (r.have6 && inet_ntop(AF_INET6, &r.gateway6, text, sizeof text))
		v->gateway6 = arena_strdup(a, text);
	else
		v->has_ipv6 = false;
	if (r.ndefaults > 1)
		warn(a, v,
		    arena_strdup(a,
			_("More than one network adapter "
			  "is connected; unplug the others so that "
			  "the checks take "
			  "the devices' way.")));
	if (is_tunnel(v->interface))
		warn(a, v,
		    arena_strdup(a,
			_("The default route goes through "
			  "a VPN; disconnect it, since the devices do not use "
			  "it.")));
	read_wireless(a, v);
	return 0;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_list(const struct strlist *a, const struct strlist *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		if (strcmp(a->item[i], b->item[i]) != 0)
			return false;
	}
	return true;
}

bool
vantage_same(const struct vantage *a, const struct vantage *b)
{
	/* The MAC is unknown until the first packet has gone out. */
	if (a->gateway_mac != NULL && b->gateway_mac != NULL &&
	    strcmp(a->gateway_mac, b->gateway_mac) != 0)
		return false;
	return same_text(a->interface, b->interface) &&
	    same_text(a->gateway, b->gateway) && same_text(a->wifi, b->wifi) &&
	    same_list(&a->addresses, &b->addresses) &&
	    same_list(&a->resolvers, &b->resolvers);
}
