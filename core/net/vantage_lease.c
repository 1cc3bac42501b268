/* SPDX-License-Identifier: MIT */
/* Owns how the laptop came by its address, and its Wi-Fi: of several sources
 * the first that knows counts. Files are asked first, since they cannot make
 * anybody wait; then NetworkManager; then the kernel, which knows an end of
 * the address only where somebody has a lease. */
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/net/netmanager.h"
#include "core/net/vantage_parts.h"
#include "core/net/wifi.h"

#define SSID_TEXT_MAX 128
#define SECOND INT64_C(1000000)

static void
take_lease(struct arena *a, struct vantage *v, const struct dhcp_lease *l)
{
	v->dhcp = arena_strdup(a, "lease");
	v->dhcp_server = l->server;
	v->dhcp_lease_s = l->lease_s;
	v->dhcp_given_us = l->given_us;
	v->time_servers = l->time_servers;
	v->portal_api = l->portal;
}

/* The kernel saw when the address was set last, whoever did it. */
static void
ask_kernel(const struct lease_search *s, struct vantage *v)
{
	struct address_life life;
	char *address;
	size_t i;

	for (i = 0; i < v->addresses.count; i++) {
		address = arena_strdup(s->arena, v->addresses.item[i]);
		address[strcspn(address, "/")] = '\0';
		address_life(s->index, address, &life);
		if (!life.found || life.forever)
			continue;
		v->dhcp = arena_strdup(s->arena, "lease");
		v->dhcp_given_us = s->now_us - life.age_s * SECOND;
		if (v->dhcp_lease_s == 0)
			v->dhcp_lease_s = life.left_s + life.age_s;
		return;
	}
}

void
vantage_lease(const struct vantage_paths *paths, struct arena *a,
    struct vantage *v)
{
	struct lease_search s = {
	    .paths = paths->dhcp,
	    .interface = v->interface,
	    .index = if_nametoindex(v->interface),
	    .addresses = &v->addresses,
	    .now_us = clock_wall_us(),
	    .arena = a,
	};
	struct dhcp_lease lease;
	enum lease_found found;

	if (v->interface[0] == '\0' || v->addresses.count == 0)
		return;
	found = lease_from_files(&s, &lease);
	if (found == LEASE_UNKNOWN)
		found = lease_from_netmanager(paths->bus, &s, &lease);
	if (found == LEASE_FOUND)
		take_lease(a, v, &lease);
	else if (found == LEASE_NONE)
		v->dhcp = arena_strdup(a, "static");
	if (found != LEASE_NONE)
		ask_kernel(&s, v);
}

void
vantage_wifi(struct arena *a, struct vantage *v)
{
	struct wifi w = {0};

	if (v->interface[0] == '\0')
		return;
	if (wifi_read(v->interface, true, a, &w) &&
	    strcmp(w.adapter.name, v->interface) == 0)
		v->wifi = text_sanitise(a, w.adapter.ssid, w.adapter.ssid_len,
		    SSID_TEXT_MAX, false);
	else if (access(arena_printf(a, "/sys/class/net/%s/wireless",
			    v->interface),
		     F_OK) == 0)
		v->wifi = arena_strdup(a, "");
	if (v->wifi != NULL)
		vantage_warn(a, v,
		    _("The laptop is on Wi-Fi; devices on a "
		      "cable may stand in another network."));
}
