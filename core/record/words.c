/* SPDX-License-Identifier: MIT */
/* Owns the stable words of the record and their labels on a screen. */
#include "core/record/words.h"

#include <string.h>

#include "core/base/i18n.h"

static const struct word readinesses[] = {
    [NOT_READY] = {"not_ready", N_("Not ready for handover")},
    [READY_WITH_DEVIATIONS] = {"ready_with_deviations",
	N_("Ready with deviations")},
    [READY] = {"ready", N_("Ready for handover")},
};

static const struct word block_whys[] = {
    [BLOCK_NEVER_RUN] = {"never_run", N_("never checked")},
    [BLOCK_RUN_INCOMPLETE] = {"run_incomplete", N_("the check was cut short")},
    [BLOCK_NOTHING_CHOSEN] = {"nothing_chosen", N_("no product is chosen")},
    [BLOCK_FAILED] = {"failed", N_("failed")},
    [BLOCK_PREREQUISITE] = {"prerequisite_failed",
	N_("something else must work first")},
    [BLOCK_DEVIATION_EXPIRED] = {"deviation_expired",
	N_("an acceptance has ended")},
    [BLOCK_DEVIATION_INCOMPLETE] = {"deviation_incomplete",
	N_("an acceptance is incomplete")},
    [BLOCK_QUESTION] = {"question_unanswered",
	N_("a question is not answered")},
    [BLOCK_UNPROVEN] = {"unproven", N_("cannot be proved from here")},
    [BLOCK_NOT_CHECKED] = {"not_checked", N_("not checked")},
    [BLOCK_TOOL_ERROR] = {"tool_error", N_("the check itself failed")},
    [BLOCK_WARNING] = {"warning", N_("a warning")},
};

static const struct word deviation_states[] = {
    [DEVIATION_UNJUDGED] = {"", N_("not looked at yet")},
    [DEVIATION_HOLDS] = {"holds", N_("in force")},
    [DEVIATION_NOT_NEEDED] = {"not_needed", N_("no longer needed")},
    [DEVIATION_EXPIRED] = {"expired", N_("ended")},
    [DEVIATION_INCOMPLETE] = {"incomplete", N_("incomplete")},
    [DEVIATION_STRANGER] = {"unknown_requirement",
	N_("for a line that this site does not have")},
};

static const struct word parties[PARTY_COUNT] = {
    [PARTY_HANDS_OVER] = {"hands_over", N_("Handed over by")},
    [PARTY_ACCEPTS] = {"accepts", N_("Accepted by")},
};

#define TABLE(rows) \
	{ \
		rows, sizeof rows / sizeof *(rows) \
	}

static const struct word directions[] = {
    [DIR_OUTBOUND] = {"outbound", N_("from the site to the internet")},
    [DIR_INBOUND] = {"inbound", N_("from the internet to the site")},
    [DIR_LAN] = {"lan", N_("inside the site")},
};

static const struct word protocols[] = {
    [PROTO_TCP] = {"tcp", N_("TCP")},
    [PROTO_UDP] = {"udp", N_("UDP")},
    [PROTO_ICMP] = {"icmp", N_("ICMP")},
    [PROTO_IGMP] = {"igmp", N_("IGMP")},
    [PROTO_ETHERNET] = {"ethernet", N_("Ethernet")},
    [PROTO_NONE] = {"none", N_("no protocol")},
};

static const struct word dest_kinds[] = {
    [DEST_FQDN] = {"fqdn", N_("host name")},
    [DEST_WILDCARD] = {"wildcard", N_("all names below a domain")},
    [DEST_ADDRESS] = {"address", N_("IP address")},
    [DEST_RESOLVER] = {"resolver", N_("the site's DNS server")},
    [DEST_GATEWAY] = {"gateway", N_("the site's gateway")},
    [DEST_MULTICAST] = {"multicast", N_("multicast group")},
    [DEST_BROADCAST] = {"broadcast", N_("broadcast")},
    [DEST_PEER] = {"peer", N_("another device on site")},
    [DEST_ANY] = {"any", N_("any destination")},
    [DEST_NONE] = {"none", N_("no destination")},
};

static const struct word strengths[] = {
    [STRENGTH_REQUIRED] = {"required", N_("required")},
    [STRENGTH_OPTIONAL] = {"optional", N_("optional")},
    [STRENGTH_INFORMATIVE] = {"informative", N_("for information")},
    [STRENGTH_MUST_NOT] = {"must_not", N_("must not be")},
};

static const struct word outcomes[] = {
    [OUTCOME_PASS] = {"pass", N_("passed")},
    [OUTCOME_MARGINAL] = {"marginal", N_("passed, barely")},
    [OUTCOME_WARN] = {"warn", N_("with a warning")},
    [OUTCOME_FAIL] = {"fail", N_("failed")},
    [OUTCOME_UNPROVEN] = {"unproven", N_("not proven")},
    [OUTCOME_BLOCKED_BY] = {"blocked_by", N_("blocked by another failure")},
    [OUTCOME_NOT_APPLICABLE] = {"not_applicable", N_("does not apply")},
    [OUTCOME_NOT_RUN] = {"not_run", N_("not checked")},
    [OUTCOME_TOOL_ERROR] = {"tool_error", N_("the check itself failed")},
    [OUTCOME_WAIVED] = {"waived", N_("accepted by name")},
};

static const struct word rungs[] = {
    [RUNG_APP_REPLY] = {"app_reply", N_("the service itself answered")},
    [RUNG_TLS_EXPECTED] = {"tls_expected",
	N_("encrypted connection, the right certificate")},
    [RUNG_TLS_OTHER] = {"tls_other",
	N_("encrypted connection, another certificate")},
    [RUNG_TRANSPORT] = {"transport", N_("something answered")},
    [RUNG_PASSED_GATEWAY] = {"passed_gateway", N_("the gateway lets it out")},
    [RUNG_REJECTED] = {"rejected", N_("refused")},
    [RUNG_SILENCE] = {"silence", N_("no answer")},
    [RUNG_LOCAL_ERROR] = {"local_error", N_("this computer could not send")},
    [RUNG_NONE] = {"none", N_("nothing was tried")},
};

static const struct word causes[] = {
    [CAUSE_NONE] = {"", N_("no cause")},
    [CAUSE_DNS_NXDOMAIN] = {"dns_nxdomain",
	N_("the DNS server says that the name does not exist")},
    [CAUSE_DNS_SERVFAIL] = {"dns_servfail",
	N_("the DNS server could not look the name up")},
    [CAUSE_DNS_REFUSED] = {"dns_refused",
	N_("the DNS server refuses to answer")},
    [CAUSE_DNS_TIMEOUT] = {"dns_timeout", N_("the DNS server does not answer")},
    [CAUSE_DNS_REWRITTEN] = {"dns_rewritten",
	N_("the DNS answer was changed on the way")},
    [CAUSE_DNS_SINKHOLE] = {"dns_sinkhole",
	N_("the DNS server blocks the name")},
    [CAUSE_DNS_DISAGREE] = {"dns_disagree",
	N_("the DNS servers give different answers")},
    [CAUSE_DNS_INTERCEPTED] = {"dns_intercepted",
	N_("something else answers in the DNS server's place")},
    [CAUSE_DNS_TTL_STRETCHED] = {"dns_ttl_stretched",
	N_("the DNS server keeps old answers too long")},
    [CAUSE_DNS_REBIND_FILTER] = {"dns_rebind_filter",
	N_("the DNS server hides answers with local addresses")},
    [CAUSE_TCP_REFUSED] = {"tcp_refused", N_("the connection was refused")},
    [CAUSE_TCP_RESET] = {"tcp_reset", N_("the connection was cut off")},
    [CAUSE_TCP_TIMEOUT] = {"tcp_timeout", N_("the connection got no answer")},
    [CAUSE_NET_UNREACHABLE] = {"net_unreachable",
	N_("there is no way to that network")},
    [CAUSE_HOST_UNREACHABLE] = {"host_unreachable",
	N_("there is no way to that computer")},
    [CAUSE_ADMIN_PROHIBITED] = {"admin_prohibited",
	N_("a firewall forbids it")},
    [CAUSE_TLS_EXPIRED] = {"tls_expired", N_("the certificate has expired")},
    [CAUSE_TLS_NOT_YET_VALID] = {"tls_not_yet_valid",
	N_("the certificate is not valid yet")},
    [CAUSE_TLS_NAME_MISMATCH] = {"tls_name_mismatch",
	N_("the certificate is for another name")},
    [CAUSE_TLS_INTERCEPTED] = {"tls_intercepted",
	N_("the encrypted connection is opened and inspected on the way")},
    [CAUSE_TLS_PROTOCOL] = {"tls_protocol",
	N_("no encrypted connection could be agreed on")},
    [CAUSE_TLS_RESET_AFTER_HELLO] = {"tls_reset_after_hello",
	N_("the connection is cut off once the name is seen")},
    [CAUSE_ALPN_MISSING] = {"alpn_missing",
	N_("the wanted protocol was not agreed on")},
    [CAUSE_WRONG_PROTOCOL] = {"wrong_protocol",
	N_("something else answers on this port")},
    [CAUSE_HTTP_BLOCKPAGE] = {"http_blockpage",
	N_("a block page came instead of the answer")},
    [CAUSE_HTTP_STATUS] = {"http_status",
	N_("the web server gave another answer than expected")},
    [CAUSE_CAPTIVE_PORTAL] = {"captive_portal",
	N_("a login page stands in front of the internet")},
    [CAUSE_PROXY_ONLY] = {"proxy_only",
	N_("the internet can be reached through a proxy only")},
    [CAUSE_CLOCK_SKEW] = {"clock_skew", N_("the clock is wrong")},
    [CAUSE_NTP_UNSYNCHRONISED] = {"ntp_unsynchronised",
	N_("the time server does not know the time itself")},
    [CAUSE_NTP_INTERCEPTED] = {"ntp_intercepted",
	N_("something else answers in the time server's place")},
    [CAUSE_UDP_SILENT] = {"udp_silent", N_("no answer over UDP")},
    [CAUSE_SIP_ALG] = {"sip_alg", N_("the gateway rewrites call signalling")},
    [CAUSE_NAT_IDLE_SHORT] = {"nat_idle_short",
	N_("the gateway forgets quiet connections too soon")},
    [CAUSE_CLIENT_ISOLATION] = {"client_isolation",
	N_("devices on this network are kept apart")},
    [CAUSE_BROADCAST_LOST] = {"broadcast_lost", N_("broadcasts do not arrive")},
    [CAUSE_MULTICAST_LOST] = {"multicast_lost",
	N_("multicast does not arrive")},
    [CAUSE_WIFI_SECURITY] = {"wifi_security",
	N_("the Wi-Fi uses another kind of security")},
    [CAUSE_WIFI_CHANNEL] = {"wifi_channel",
	N_("the Wi-Fi uses a channel that the device cannot use")},
    [CAUSE_WIFI_STANDARD] = {"wifi_standard",
	N_("the Wi-Fi uses a standard that the device cannot use")},
    [CAUSE_NO_DHCP] = {"no_dhcp",
	N_("no address is given out on this network")},
    [CAUSE_GATEWAY_SILENT] = {"gateway_silent",
	N_("the gateway does not answer")},
    [CAUSE_MTU_BLACKHOLE] = {"mtu_blackhole",
	N_("large packets get lost on the way")},
    [CAUSE_WRONG_INTERFACE] = {"wrong_interface",
	N_("this computer would send it through another network")},
    [CAUSE_NETWORK_CHANGED] = {"network_changed",
	N_("the network changed during the check")},
    [CAUSE_PERMISSION] = {"permission",
	N_("this computer's system does not allow the check")},
    [CAUSE_CANCELLED] = {"cancelled", N_("the check was stopped")},
    [CAUSE_TLS_UNTRUSTED] = {"tls_untrusted",
	N_("the certificate does not come from the expected authority")},
    [CAUSE_SERVICE_SILENT] = {"service_silent",
	N_("connections are accepted, but the service does not answer")},
    [CAUSE_SERVICE_UNAVAILABLE] = {"service_unavailable",
	N_("the service answers that it cannot serve")},
    [CAUSE_NAT_SYMMETRIC] = {"nat_symmetric",
	N_("the translation of addresses differs for each destination")},
};

static const struct word paths[] = {
    [PATH_DIRECT] = {"direct", N_("direct")},
    [PATH_PROXY] = {"proxy", N_("through a proxy")},
    [PATH_INTERCEPTED] = {"intercepted", N_("intercepted on the way")},
    [PATH_INTERMEDIATED] = {"intermediated", N_("through a middle box")},
    [PATH_VPN] = {"vpn", N_("through a VPN")},
    [PATH_CAPTIVE] = {"captive", N_("behind a login page")},
};

static const struct word zones[] = {
    [ZONE_NONE] = {"", N_("nowhere")},
    [ZONE_LAPTOP] = {"laptop", N_("this computer")},
    [ZONE_LAN] = {"lan", N_("the local network")},
    [ZONE_GATEWAY] = {"gateway", N_("the site's gateway")},
    [ZONE_SITE_PERIMETER] = {"site_perimeter", N_("the site's firewall")},
    [ZONE_BEYOND_SITE] = {"beyond_site", N_("beyond the site")},
    [ZONE_VENDOR] = {"vendor", N_("the vendor's own service")},
    [ZONE_UNDETERMINED] = {"undetermined", N_("not known where")},
};

static const struct word natures[] = {
    [NATURE_NAME] = {"name", N_("a question for a name")},
    [NATURE_NAME_SERVER] = {"name_server", N_("a question to a DNS server")},
    [NATURE_TIME] = {"time", N_("a question for the time")},
    [NATURE_PAGE] = {"page", N_("a web page")},
    [NATURE_PATH] = {"path", N_("packets that expire on the way")},
    [NATURE_PING] = {"ping", N_("pings")},
    [NATURE_CONNECTION] = {"connection", N_("a connection")},
    [NATURE_ANSWER] = {"answer", N_("questions by UDP")},
    [NATURE_SEARCH] = {"search", N_("a search in the local network")},
    [NATURE_CONDITION] = {"condition", N_("a look at the network")},
};

const struct words words_direction = TABLE(directions);
const struct words words_protocol = TABLE(protocols);
const struct words words_dest_kind = TABLE(dest_kinds);
const struct words words_strength = TABLE(strengths);
const struct words words_outcome = TABLE(outcomes);
const struct words words_rung = TABLE(rungs);
const struct words words_cause = TABLE(causes);
const struct words words_path = TABLE(paths);
const struct words words_zone = TABLE(zones);
const struct words words_nature = TABLE(natures);
const struct words words_readiness = TABLE(readinesses);
const struct words words_block_why = TABLE(block_whys);
const struct words words_deviation_state = TABLE(deviation_states);
const struct words words_party = TABLE(parties);

static const struct word *
find(const struct words *w, int value)
{
	return value >= 0 && value < w->count ? &w->row[value] : NULL;
}

const char *
word_name(const struct words *w, int value)
{
	const struct word *row = find(w, value);

	return row == NULL ? "" : row->name;
}

const char *
word_label(const struct words *w, int value)
{
	const struct word *row = find(w, value);

	return row == NULL ? "" : _(row->label);
}

bool
word_parse(const struct words *w, const char *name, int *value)
{
	int i;

	for (i = 0; name != NULL && i < w->count; i++) {
		if (strcmp(w->row[i].name, name) == 0) {
			*value = i;
			return true;
		}
	}
	return false;
}
