/* SPDX-License-Identifier: MIT */
/* Where the laptop stands, on Linux: /proc, /sys and resolv.conf(5); adapters
 * and leases in files of their own. Everything may be read by any user. */
#include "core/net/vantage.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <net/route.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/base/text.h"
#include "core/net/addr.h"
#include "core/net/netmanager.h"
#include "core/net/vantage_parts.h"
#include "core/net/way.h"

#define FILE_MAX (256 * 1024)
#define PROXY_TEXT_MAX 128

const struct vantage_paths vantage_system_paths = {
    .resolv_conf = "/etc/resolv.conf",
    .resolved_conf = "/run/systemd/resolve/resolv.conf",
    .bus = NETMANAGER_BUS,
    .dhcp = &dhcp_system_paths,
};

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
	char local[IFNAMSIZ];  /* an adapter that has any route */
	char tunnel[IFNAMSIZ]; /* a VPN that takes what is left */
	char other[IFNAMSIZ];  /* another adapter with a way out */
	struct in_addr gateway;
	struct in6_addr gateway6;
	unsigned long metric;
	bool have, have6, local_leads;
};

static void
set_name(char out[IFNAMSIZ], const char *name)
{
	snprintf(out, IFNAMSIZ, "%.15s", name);
}

/* Where only a VPN leads out, the laptop still stands on an adapter: on one
 * that the VPN's own packets leave by, or else on any. */
static void
note_local(struct route_search *s, const char *name, bool leads)
{
	if (s->local[0] != '\0' && (s->local_leads || !leads))
		return;
	if (if_nametoindex(name) == 0 ||
	    (!leads && !link_has_device(name) && s->local[0] != '\0'))
		return;
	set_name(s->local, name);
	s->local_leads = leads;
}

static void
note_default(struct route_search *s, const char *name, unsigned long metric,
    unsigned long gateway)
{
	if (s->interface != NULL && strcmp(name, s->interface) != 0) {
		set_name(s->other, name);
		return;
	}
	if (s->have && metric >= s->metric) {
		if (strcmp(s->found, name) != 0)
			set_name(s->other, name);
		return;
	}
	if (s->have && strcmp(s->found, name) != 0)
		set_name(s->other, s->found);
	s->have = true;
	s->metric = metric;
	s->gateway.s_addr = (in_addr_t)gateway;
	set_name(s->found, name);
}

/* A VPN owns the default route, or covers it by two halves. What stands on it
 * by name is an adapter like any other. */
static void
route_line(void *arg, char *line)
{
	struct route_search *s = arg;
	char name[IFNAMSIZ + 1];
	unsigned long dest, gw, mask, metric;
	unsigned flags;
	bool wanted, tunnel;

	if (sscanf(line, "%16s %lx %lx %x %*d %*d %lu %lx", name, &dest, &gw,
		&flags, &metric, &mask) != 6 ||
	    !(flags & RTF_UP))
		return;
	wanted = s->interface != NULL && strcmp(name, s->interface) == 0;
	tunnel = link_is_tunnel(name);
	if (tunnel && (ntohl((uint32_t)mask) & 0x7fffffff) == 0)
		set_name(s->tunnel, name);
	if (tunnel && !wanted)
		return;
	if (dest == 0 && mask == 0 && ((flags & RTF_GATEWAY) || wanted))
		note_default(s, name, metric, gw);
	else if (strcmp(name, "lo") != 0)
		note_local(s, name, (flags & RTF_GATEWAY) != 0);
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
	if (s->found[0] == '\0' && link_is_tunnel(name))
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

void
vantage_warn(struct arena *a, struct vantage *v, const char *sentence)
{
	if (!strlist_has(&v->warnings, sentence))
		strlist_add(a, &v->warnings, sentence);
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
read_resolvers(const struct vantage_paths *paths, struct arena *a,
    struct vantage *v)
{
	struct resolver_search s = {a, &v->resolvers};

	each_line(paths->resolv_conf, resolver_line, &s);
	if (v->resolvers.count > 0 &&
	    strncmp(v->resolvers.item[0], "127.0.0.5", 9) == 0) {
		struct strlist behind = {NULL, 0};

		s.list = &behind;
		each_line(paths->resolved_conf, resolver_line, &s);
		if (behind.count > 0)
			v->resolvers = behind;
	}
}

/* A proxy's name and password are nobody's business. */
static char *
without_password(struct arena *a, const char *proxy)
{
	const char *scheme = strstr(proxy, "://"), *at;
	char *head = arena_strdup(a, "");

	if (scheme != NULL) {
		head = arena_strndup(a, proxy, (size_t)(scheme - proxy) + 3);
		proxy = scheme + 3;
	}
	at = strrchr(proxy, '@');
	if (at != NULL)
		proxy = at + 1;
	head = arena_printf(a, "%s%s", head, proxy);
	return text_sanitise(a, head, strlen(head), PROXY_TEXT_MAX, false);
}

static void
read_proxy(struct arena *a, struct vantage *v)
{
	static const char *const name[] = {
	    "https_proxy",
	    "HTTPS_PROXY",
	    "http_proxy",
	    "HTTP_PROXY",
	    "all_proxy",
	    "ALL_PROXY",
	};
	size_t i;

	for (i = 0; i < sizeof name / sizeof *name; i++) {
		const char *s = getenv(name[i]);

		if (s == NULL || *s == '\0')
			continue;
		v->proxy = without_password(a, s);
		vantage_warn(a, v,
		    _("A proxy is set on this laptop; "
		      "the checks go around it, as the devices do."));
		return;
	}
}

/* "CapEff:	0000000000002000" of /proc/self/status: what counts. */
static void
rights_line(void *arg, char *line)
{
	static const char name[] = "CapEff:";

	if (strncmp(line, name, sizeof name - 1) == 0)
		*(uint64_t *)arg = strtoull(line + sizeof name - 1, NULL, 16);
}

/* Those that a probe can ask for, by their numbers (capabilities(7)). */
static char *
read_rights(struct arena *a)
{
	static const struct {
		unsigned bit;
		const char *name;
	} rights[] = {{10, "cap_net_bind_service"}, {12, "cap_net_admin"},
	    {13, "cap_net_raw"}};
	uint64_t effective = 0;
	char *text = arena_strdup(a, "");
	size_t i;

	each_line("/proc/self/status", rights_line, &effective);
	for (i = 0; i < sizeof rights / sizeof *rights; i++) {
		if ((effective >> rights[i].bit & 1) != 0)
			text = arena_printf(a, "%s%s%s", text,
			    *text == '\0' ? "" : " ", rights[i].name);
	}
	return text;
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
	v->rights = read_rights(a);
	v->dhcp = arena_strdup(a, "unknown");
}

static void
read_gateways(const struct route_search *r, struct arena *a, struct vantage *v)
{
	char text[INET6_ADDRSTRLEN];

	if (r->have && r->gateway.s_addr != 0 &&
	    inet_ntop(AF_INET, &r->gateway, text, sizeof text)) {
		struct mac_search m = {a, text, v->interface, NULL};

		v->gateway = arena_strdup(a, text);
		each_line("/proc/net/arp", arp_line, &m);
		v->gateway_mac = m.mac;
	}
	if (r->have6 && inet_ntop(AF_INET6, &r->gateway6, text, sizeof text))
		v->gateway6 = arena_strdup(a, text);
}

static void
warn_of_others(const struct route_search *r, struct arena *a, struct vantage *v)
{
	if (r->other[0] == '\0' || strcmp(r->other, v->interface) == 0)
		return;
	vantage_warn(a, v,
	    arena_printf(a,
		_("The network adapter %1$s has a way out of its own. The "
		  "checks go by %2$s; unplug the other one, or choose it with "
		  "--interface where the devices are on it."),
		text_sanitise(a, r->other, strlen(r->other), 64, false),
		v->interface));
}

static int
read_place(const struct vantage_paths *paths, const char *interface,
    struct arena *a, struct vantage *v, struct error *err)
{
	struct route_search r = {.interface = interface};

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
	if (r.found[0] == '\0' && r.tunnel[0] != '\0')
		set_name(r.found, r.local[0] != '\0' ? r.local : r.tunnel);
	v->interface = arena_strdup(a, r.found);
	read_resolvers(paths, a, v);
	read_proxy(a, v);
	if (r.found[0] == '\0') {
		vantage_warn(a, v,
		    _("This laptop has no network "
		      "connection with a default gateway."));
		return 0;
	}
	read_gateways(&r, a, v);
	vantage_adapters(a, v);
	if (v->gateway6 == NULL)
		v->has_ipv6 = false;
	warn_of_others(&r, a, v);
	vantage_wifi(a, v);
	return 0;
}

int
vantage_read_from(const struct vantage_paths *paths, const char *interface,
    struct arena *a, struct vantage *v, struct error *err)
{
	if (read_place(paths, interface, a, v, err) != 0)
		return -1;
	vantage_lease(paths, a, v);
	return 0;
}

int
vantage_read(const char *interface, struct arena *a, struct vantage *v,
    struct error *err)
{
	return vantage_read_from(&vantage_system_paths, interface, a, v, err);
}

int
vantage_glance(const char *interface, struct arena *a, struct vantage *v,
    struct error *err)
{
	return read_place(&vantage_system_paths, interface, a, v, err);
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

/* Is each IPv6 address of a in a network that b has too? */
static bool
same_prefixes(const struct strlist *a, const struct strlist *b)
{
	size_t i, k;
	struct ip ip;

	for (i = 0; i < a->count; i++) {
		const char *slash = strchr(a->item[i], '/');
		char text[ADDR_TEXT_SIZE];
		bool found = false;

		if (strchr(a->item[i], ':') == NULL)
			continue;
		snprintf(text, sizeof text, "%.*s",
		    slash == NULL ? (int)strlen(a->item[i]) :
				    (int)(slash - a->item[i]),
		    a->item[i]);
		for (k = 0; ip_parse(text, &ip) && k < b->count && !found; k++)
			found = ip_in_prefix(&ip, b->item[k]);
		if (!found)
			return false;
	}
	return true;
}

/* A laptop makes itself new temporary addresses now and then (RFC 8981); its
 * place is told by the network that they are in. */
static bool
same_addresses(const struct strlist *a, const struct strlist *b)
{
	struct strlist four[2] = {{NULL, 0}, {NULL, 0}};
	const struct strlist *both[2] = {a, b};
	struct arena *arena = arena_new();
	bool same;
	size_t i, k;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < both[k]->count; i++) {
			if (strchr(both[k]->item[i], ':') == NULL)
				strlist_add(arena, &four[k], both[k]->item[i]);
		}
	}
	same = same_list(&four[0], &four[1]) && same_prefixes(a, b) &&
	    same_prefixes(b, a);
	arena_free(arena);
	return same;
}

bool
vantage_same(const struct vantage *a, const struct vantage *b)
{
	/* The MAC is unknown until the first packet has gone out. */
	if (a->gateway_mac != NULL && b->gateway_mac != NULL &&
	    strcmp(a->gateway_mac, b->gateway_mac) != 0)
		return false;
	/* While the laptop roams, its Wi-Fi has no name for a moment. */
	if (a->wifi != NULL && b->wifi != NULL && a->wifi[0] != '\0' &&
	    b->wifi[0] != '\0' && strcmp(a->wifi, b->wifi) != 0)
		return false;
	return same_text(a->interface, b->interface) &&
	    same_text(a->gateway, b->gateway) && same_text(a->vpn, b->vpn) &&
	    same_addresses(&a->addresses, &b->addresses) &&
	    same_list(&a->resolvers, &b->resolvers);
}
