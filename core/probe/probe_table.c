/* SPDX-License-Identifier: MIT */
/* The probe types: one line each. */
#include <string.h>

#include "core/probe/probe.h"

extern const struct probe_type probe_bacnet, probe_broadcast, probe_canary,
    probe_captive_portal, probe_device, probe_dhcp, probe_distance, probe_dns,
    probe_dns_honesty, probe_dns_owner, probe_dns_rebind, probe_dns_redirect,
    probe_dns_server, probe_dns_ttl, probe_dns_ttl_slow, probe_dtls, probe_ftp,
    probe_gateway_series, probe_gateway_series_long, probe_http, probe_https,
    probe_icmp, probe_knx, probe_lan_udp, probe_life, probe_locate,
    probe_loxone_search, probe_mdns, probe_mqtt, probe_multicast,
    probe_multicast_long, probe_ntp, probe_own_firewall, probe_path,
    probe_proxy, probe_ptp, probe_ptp_ethernet, probe_ptp_long, probe_rpc,
    probe_sip, probe_ssdp, probe_ssh, probe_stun, probe_tcp, probe_tcp_idle,
    probe_tls, probe_tls_psk, probe_tpi, probe_wifi;

const struct probe_type *const probe_types[] = {
    &probe_bacnet,
    &probe_broadcast,
    &probe_canary,
    &probe_captive_portal,
    &probe_device,
    &probe_dhcp,
    &probe_distance,
    &probe_dns,
    &probe_dns_honesty,
    &probe_dns_owner,
    &probe_dns_rebind,
    &probe_dns_redirect,
    &probe_dns_server,
    &probe_dns_ttl,
    &probe_dns_ttl_slow,
    &probe_dtls,
    &probe_ftp,
    &probe_gateway_series,
    &probe_gateway_series_long,
    &probe_http,
    &probe_https,
    &probe_icmp,
    &probe_knx,
    &probe_lan_udp,
    &probe_life,
    &probe_locate,
    &probe_loxone_search,
    &probe_mdns,
    &probe_mqtt,
    &probe_multicast,
    &probe_multicast_long,
    &probe_ntp,
    &probe_own_firewall,
    &probe_path,
    &probe_proxy,
    &probe_ptp,
    &probe_ptp_ethernet,
    &probe_ptp_long,
    &probe_rpc,
    &probe_sip,
    &probe_ssdp,
    &probe_ssh,
    &probe_stun,
    &probe_tcp,
    &probe_tcp_idle,
    &probe_tls,
    &probe_tls_psk,
    &probe_tpi,
    &probe_wifi,
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
