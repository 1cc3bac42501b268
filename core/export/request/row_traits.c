/* SPDX-License-Identifier: MIT */
/* Owns what a row of a request says of its flow by the kind of its probe. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/request/rows.h"

/* A proxy that opens the encryption shows a certificate which the device
 * refuses; where the demanded proof is the expected certificate, it must be
 * left alone. What devices keep idle is such a connection, too. */
const char *
row_tls_inspection(const struct need *n)
{
	static const char *const encrypted[] = {"tls", "https", "mqtt", "dtls",
	    "tls_psk", "tcp_idle"};
	size_t i;

	for (i = 0; i < sizeof encrypted / sizeof *encrypted; i++) {
		if (strcmp(n->probe_type, encrypted[i]) == 0)
			return "must_bypass";
	}
	return n->protocol == PROTO_TCP ? "ok" : "";
}

/* A firewall that permits such a flow and drops it when it is idle, or changes
 * what it carries, breaks it. */
const char *
row_more(const struct rule_row *row)
{
	static const char *const types[] = {"tcp_idle", "sip"};
	const struct need *n = row->need;
	size_t i;

	for (i = 0; i < sizeof types / sizeof *types; i++) {
		if (row->part != ROWS_CONDITIONS && n->probe_type != NULL &&
		    strcmp(n->probe_type, types[i]) == 0)
			return n->grant == NULL ? "" : n->grant;
	}
	return "";
}

const char *
row_data_class(const struct need *n)
{
	static const struct {
		const char *probe;
		const char *words;
	} classes[] = {
	    {"dns", N_("names of servers")},
	    {"dns_server", N_("names of servers")},
	    {"ntp", N_("time of day")},
	    {"icmp", N_("reachability only")},
	    {"sip", N_("call signalling")},
	    {"stun", N_("calls")},
	};
	size_t i;

	for (i = 0; i < sizeof classes / sizeof *classes; i++) {
		if (strcmp(n->probe_type, classes[i].probe) == 0)
			return _(classes[i].words);
	}
	return "";
}
