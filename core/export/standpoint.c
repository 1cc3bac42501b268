/* SPDX-License-Identifier: MIT */
/* Owns the words for how the laptop came into the network that it is in. */
#include "core/export/standpoint.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/export/summary.h"

static const char *
by_lease(struct arena *a, const struct vantage *v)
{
	if (v->dhcp_server == NULL)
		return _("DHCP");
	if (v->dhcp_given_us == 0)
		return arena_printf(a, _("DHCP, from %s"), v->dhcp_server);
	return arena_printf(a, _("DHCP, from %1$s on %2$s"), v->dhcp_server,
	    summary_time(a, v->dhcp_given_us));
}

static const char *
addressed(struct arena *a, const struct vantage *v)
{
	if (v->dhcp != NULL && strcmp(v->dhcp, "lease") == 0)
		return by_lease(a, v);
	if (v->dhcp != NULL && strcmp(v->dhcp, "static") == 0)
		return _("fixed");
	return _("not known");
}

static const char *
wifi_name(const struct vantage *v)
{
	if (v->wifi == NULL || v->wifi[0] != '\0')
		return v->wifi;
	return _("its name is not known");
}

static const char *
list_or_null(struct arena *a, const struct strlist *l)
{
	return l->count == 0 ? NULL : summary_join(a, l, ", ");
}

size_t
standpoint_facts(struct arena *a, const struct vantage *v,
    struct standpoint_fact out[STANDPOINT_FACTS])
{
	const struct standpoint_fact facts[] = {
	    {_("Address by"), addressed(a, v)},
	    {_("Time by DHCP"), list_or_null(a, &v->time_servers)},
	    {_("Portal by DHCP"), v->portal_api},
	    {_("Wi-Fi"), wifi_name(v)},
	    {_("Other adapters"), list_or_null(a, &v->adapters)},
	    {_("VPN"), v->vpn},
	    {_("Proxy"), v->proxy},
	};
	size_t i, n = 0;

	for (i = 0; i < sizeof facts / sizeof *facts; i++) {
		if (facts[i].value != NULL && facts[i].value[0] != '\0')
			out[n++] = facts[i];
	}
	return n;
}
