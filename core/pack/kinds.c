/* SPDX-License-Identifier: MIT */
/* Owns the list of probe types that packs may name. */
#include "core/pack/kinds.h"

#include <string.h>

#include "core/base/i18n.h"

/* What will prove a requirement one day, and what only a person can tell. */
static const struct probe_kind kinds[] = {
    {PROBE_MANUAL, N_("what only a person can see")},
    {"captive_portal", N_("login pages of a Wi-Fi network")},
    {"device", N_("the device's own services")},
    {"dhcp", N_("the assignment of addresses by DHCP")},
    {"dns_ttl", N_("how long the DNS server keeps answers")},
    {"dtls", N_("encrypted UDP (DTLS)")},
    {"ftp", N_("file transfer by FTP")},
    {"mqtt", N_("MQTT")},
    {"rpc", N_("remote procedure calls (RPC)")},
    {"sip", N_("telephony by SIP")},
    {"ssh", N_("SSH")},
    {"stun", N_("STUN")},
    {"tcp_idle", N_("how long an idle connection is kept open")},
    {"tls_psk", N_("encryption with a key agreed before (TLS-PSK)")},
    {"wifi", N_("the settings of a Wi-Fi network")},
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

const struct probe_word *
vocabulary_find(const struct pack_vocabulary *vocab, const char *name)
{
	size_t i;

	for (i = 0; vocab != NULL && i < vocab->count; i++) {
		if (strcmp(vocab->item[i].name, name) == 0)
			return &vocab->item[i];
	}
	return NULL;
}
