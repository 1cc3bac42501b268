/* SPDX-License-Identifier: MIT */
/* The probe types: one line each. */
#include <string.h>

#include "core/probe/probe.h"

extern const struct probe_type probe_dns, probe_dns_server, probe_tcp,
    probe_tls, probe_http, probe_https, probe_ntp, probe_icmp, probe_path,
    probe_locate, probe_bacnet, probe_knx, probe_lan_udp, probe_loxone_search,
    probe_tpi,
    probe_broadcast, probe_gateway_series, probe_gateway_series_long,
    probe_mdns, probe_multicast, probe_multicast_long, probe_ptp,
    probe_ptp_ethernet, probe_ptp_long, probe_ssdp;

const struct probe_type *const probe_types[] = {
    &probe_dns,
    &probe_dns_server,
    &probe_tcp,
    &probe_tls,
    &probe_http,
    &probe_https,
    &probe_ntp,
    &probe_icmp,
    &probe_path,
    &probe_locate,
    &probe_bacnet,
    &probe_knx,
    &probe_lan_udp,
    &probe_loxone_search,
    &probe_tpi,
    &probe_broadcast,
    &probe_gateway_series,
    &probe_gateway_series_long,
    &probe_mdns,
    &probe_multicast,
    &probe_multicast_long,
    &probe_ptp,
    &probe_ptp_ethernet,
    &probe_ptp_long,
    &probe_ssdp,
};

const size_t probe_type_count = sizeof probe_types / sizeof *probe_types;

const struct probe_type *
probe_type_find(const char *name)
{
	size_t i;

	for (i = 0; i < probe_type_count; i++) {
		if (strcmp(probe_types[i]->name, name) == 0)
			return probe_types[i];
	}
	return NULL;
}
