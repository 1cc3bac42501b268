/* SPDX-License-Identifier: MIT */
/* The stable words of the record: each enumeration, its name in files, and
 * its label on a screen. Names never change; members are only added. */
#ifndef RECORD_WORDS_H
#define RECORD_WORDS_H

#include <stdbool.h>

enum direction { DIR_OUTBOUND, DIR_INBOUND, DIR_LAN };

enum protocol {
	PROTO_TCP, PROTO_UDP, PROTO_ICMP, PROTO_IGMP, PROTO_ETHERNET,
	PROTO_NONE,
};

enum dest_kind {
	DEST_FQDN, DEST_WILDCARD, DEST_ADDRESS, DEST_RESOLVER, DEST_GATEWAY,
	DEST_MULTICAST, DEST_BROADCAST, DEST_PEER, DEST_ANY, DEST_NONE,
};

enum strength {
	STRENGTH_REQUIRED, STRENGTH_OPTIONAL, STRENGTH_INFORMATIVE,
	STRENGTH_MUST_NOT,
};

enum outcome {
	OUTCOME_PASS, OUTCOME_MARGINAL, OUTCOME_WARN, OUTCOME_FAIL,
	OUTCOME_UNPROVEN, OUTCOME_BLOCKED_BY, OUTCOME_NOT_APPLICABLE,
	OUTCOME_NOT_RUN, OUTCOME_TOOL_ERROR, OUTCOME_WAIVED,
};

/* Highest evidence first; a smaller value is better evidence. RUNG_NONE says
 * that nothing was tried. */
enum rung {
	RUNG_APP_REPLY, RUNG_TLS_EXPECTED, RUNG_TLS_OTHER, RUNG_TRANSPORT,
	RUNG_PASSED_GATEWAY, RUNG_REJECTED, RUNG_SILENCE, RUNG_LOCAL_ERROR,
	RUNG_NONE,
};

enum cause {
	CAUSE_NONE,
	CAUSE_DNS_NXDOMAIN, CAUSE_DNS_SERVFAIL, CAUSE_DNS_REFUSED,
	CAUSE_DNS_TIMEOUT, CAUSE_DNS_REWRITTEN, CAUSE_DNS_SINKHOLE,
	CAUSE_DNS_DISAGREE, CAUSE_DNS_INTERCEPTED, CAUSE_DNS_TTL_STRETCHED,
	CAUSE_DNS_REBIND_FILTER,
	CAUSE_TCP_REFUSED, CAUSE_TCP_RESET, CAUSE_TCP_TIMEOUT,
	CAUSE_NET_UNREACHABLE, CAUSE_HOST_UNREACHABLE, CAUSE_ADMIN_PROHIBITED,
	CAUSE_TLS_EXPIRED, CAUSE_TLS_NOT_YET_VALID, CAUSE_TLS_NAME_MISMATCH,
	CAUSE_TLS_INTERCEPTED, CAUSE_TLS_PROTOCOL,
	CAUSE_TLS_RESET_AFTER_HELLO, CAUSE_ALPN_MISSING, CAUSE_WRONG_PROTOCOL,
	CAUSE_HTTP_BLOCKPAGE, CAUSE_HTTP_STATUS, CAUSE_CAPTIVE_PORTAL,
	CAUSE_PROXY_ONLY, CAUSE_CLOCK_SKEW, CAUSE_NTP_UNSYNCHRONISED,
	CAUSE_NTP_INTERCEPTED, CAUSE_UDP_SILENT, CAUSE_SIP_ALG,
	CAUSE_NAT_IDLE_SHORT, CAUSE_CLIENT_ISOLATION, CAUSE_BROADCAST_LOST,
	CAUSE_MULTICAST_LOST, CAUSE_WIFI_SECURITY, CAUSE_WIFI_CHANNEL,
	CAUSE_WIFI_STANDARD, CAUSE_NO_DHCP, CAUSE_GATEWAY_SILENT,
	CAUSE_MTU_BLACKHOLE, CAUSE_WRONG_INTERFACE, CAUSE_NETWORK_CHANGED,
	CAUSE_PERMISSION, CAUSE_CANCELLED,
	/* Added to the design's list (members are added, never renamed): a
	 * certificate that does not lead to the expected authority, without
	 * proof of who made it. */
	CAUSE_TLS_UNTRUSTED,
	/* A connection is accepted and then not a word is said; the service
	 * itself says that it cannot serve; each destination sees another
	 * port of the same flow. */
	CAUSE_SERVICE_SILENT, CAUSE_SERVICE_UNAVAILABLE, CAUSE_NAT_SYMMETRIC,
};

enum path {
	PATH_DIRECT, PATH_PROXY, PATH_INTERCEPTED, PATH_INTERMEDIATED,
	PATH_VPN, PATH_CAPTIVE,
};

enum zone {
	ZONE_NONE, ZONE_LAPTOP, ZONE_LAN, ZONE_GATEWAY, ZONE_SITE_PERIMETER,
	ZONE_BEYOND_SITE, ZONE_VENDOR, ZONE_UNDETERMINED,
};

/* How the observations of a probe type are judged; each is a row of the
 * judge's table. A new probe type is one of the last four. */
enum nature {
	NATURE_NAME,		/* the site's resolver, asked for a name */
	NATURE_NAME_SERVER,	/* a named DNS server, asked directly */
	NATURE_TIME, NATURE_PAGE, NATURE_PATH, NATURE_PING,
	NATURE_CONNECTION,	/* a TCP service: any failure is one */
	NATURE_ANSWER,		/* a UDP service: silence proves nothing */
	NATURE_SEARCH,		/* who is there in the local network */
	NATURE_CONDITION,	/* a state of the network, good or not */
};

/* May I leave? What was never judged is not ready. */
enum readiness { NOT_READY, READY_WITH_DEVIATIONS, READY };

/* Why something stands between a site and its handover. */
enum block_why {
	BLOCK_NEVER_RUN, BLOCK_RUN_INCOMPLETE, BLOCK_NOTHING_CHOSEN,
	BLOCK_FAILED, BLOCK_PREREQUISITE, BLOCK_DEVIATION_EXPIRED,
	BLOCK_DEVIATION_INCOMPLETE, BLOCK_QUESTION, BLOCK_UNPROVEN,
	BLOCK_NOT_CHECKED, BLOCK_TOOL_ERROR,
	BLOCK_WARNING,		/* stands in nobody's way */
};

/* What an acceptance is worth on the day of judging. */
enum deviation_state {
	DEVIATION_UNJUDGED,	/* nobody has looked at it yet */
	DEVIATION_HOLDS, DEVIATION_NOT_NEEDED, DEVIATION_EXPIRED,
	DEVIATION_INCOMPLETE, DEVIATION_STRANGER,
};

/* Who declares something at the end of the work. */
enum party { PARTY_HANDS_OVER, PARTY_ACCEPTS, PARTY_COUNT };

/* One enumeration: names in files and translated labels. CAUSE_NONE and
 * ZONE_NONE have the name "" and become JSON null. */
struct word {
	const char *name;
	const char *label;	/* untranslated; show with _() */
};

struct words {
	const struct word *row;
	int	 count;
};

extern const struct words words_direction, words_protocol, words_dest_kind,
    words_strength, words_outcome, words_rung, words_cause, words_path,
    words_zone, words_nature, words_readiness, words_block_why,
    words_deviation_state, words_party;

const char *word_name(const struct words *w, int value);
const char *word_label(const struct words *w, int value); /* translated */
bool	 word_parse(const struct words *w, const char *name, int *value);

#endif
