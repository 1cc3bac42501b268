/* SPDX-License-Identifier: MIT */
/* The probe types: one line each. */
#include <string.h>

#include "core/probe/probe.h"

extern const struct probe_type probe_captive_portal, probe_dns,
    probe_dns_honesty, probe_dns_rebind, probe_dns_redirect, probe_dns_server,
    probe_dns_ttl, probe_dns_ttl_slow, probe_tcp, probe_tls, probe_http,
    probe_https, probe_ntp, probe_icmp, probe_path, probe_locate;

const struct probe_type *const probe_types[] = {
    &probe_captive_portal,
    &probe_dns,
    &probe_dns_honesty,
    &probe_dns_rebind,
    &probe_dns_redirect,
    &probe_dns_server,
    &probe_dns_ttl,
    &probe_dns_ttl_slow,
    &probe_tcp,
    &probe_tls,
    &probe_http,
    &probe_https,
    &probe_ntp,
    &probe_icmp,
    &probe_path,
    &probe_locate,
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
