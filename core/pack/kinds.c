/* SPDX-License-Identifier: MIT */
/* Owns the list of probe types that packs may name. */
#include "core/pack/kinds.h"

#include <string.h>

#include "core/base/i18n.h"

/* A label NULL: there is a check since the first version. The others say
 * what will prove a requirement; once the vocabulary has a probe of that
 * name it is used, and the label is not. */
static const struct probe_kind kinds[] = {
    {"dns", NULL, SHAPE_NAMES},
    {"dns_server", NULL, SHAPE_NAMES_AT},
    {"tcp", NULL, SHAPE_FLOW},
    {"tls", NULL, SHAPE_FLOW},
    {"http", NULL, SHAPE_PAGE},
    {"https", NULL, SHAPE_PAGE},
    {"ntp", NULL, SHAPE_HOST},
    {"icmp", NULL, SHAPE_HOST},
    {"path", NULL, SHAPE_PATH},
    {"manual", N_("what only a person can see"), SHAPE_PERSON},
    {"bacnet", N_("BACnet"), SHAPE_FLOW},
    {"broadcast", N_("broadcasts"), SHAPE_FLOW},
    {"captive_portal", N_("login pages of a Wi-Fi network"), SHAPE_FLOW},
    {"device", N_("the device's own services"), SHAPE_FLOW},
    {"dhcp", N_("the assignment of addresses by DHCP"), SHAPE_FLOW},
    {"dns_ttl", N_("how long the DNS server keeps answers"), SHAPE_NAMES},
    {"dtls", N_("encrypted UDP (DTLS)"), SHAPE_FLOW},
    {"ftp", N_("file transfer by FTP"), SHAPE_FLOW},
    {"gateway_series", N_("a long series of pings to the gateway"), SHAPE_HOST},
    {"knx", N_("KNX"), SHAPE_FLOW},
    {"lan_udp", N_("UDP between devices on site"), SHAPE_FLOW},
    {"loxone_search", N_("Loxone's search for devices"), SHAPE_FLOW},
    {"mdns", N_("the search for devices by mDNS"), SHAPE_FLOW},
    {"mqtt", N_("MQTT"), SHAPE_FLOW},
    {"multicast", N_("multicast groups"), SHAPE_FLOW},
    {"ptp", N_("the time protocol PTP"), SHAPE_FLOW},
    {"rpc", N_("remote procedure calls (RPC)"), SHAPE_FLOW},
    {"sip", N_("telephony by SIP"), SHAPE_FLOW},
    {"ssdp", N_("the search for devices by UPnP (SSDP)"), SHAPE_FLOW},
    {"ssh", N_("SSH"), SHAPE_FLOW},
    {"stun", N_("STUN"), SHAPE_FLOW},
    {"tcp_idle", N_("how long an idle connection is kept open"), SHAPE_FLOW},
    {"tls_psk", N_("encryption with a key agreed before (TLS-PSK)"),
	SHAPE_FLOW},
    {"tpi", N_("zencontrol's third party interface"), SHAPE_FLOW},
    {"wifi", N_("the settings of a Wi-Fi network"), SHAPE_FLOW},
};

const struct probe_kind *
probe_kind_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

bool
vocabulary_has(const struct pack_vocabulary *vocab, const char *name)
{
	const struct probe_kind *kind;
	size_t i;

	if (vocab == NULL) {
		kind = probe_kind_find(name);
		return kind != NULL && kind->label == NULL;
	}
	for (i = 0; i < vocab->nprobe_types; i++) {
		if (strcmp(vocab->probe_types[i], name) == 0)
			return true;
	}
	return false;
}
