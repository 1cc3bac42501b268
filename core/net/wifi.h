/* SPDX-License-Identifier: MIT */
/* What the laptop's Wi-Fi adapter knows, by unprivileged nl80211 reads
 * (linux/nl80211.h): its own network, and the list of stations that it has
 * heard lately. Nothing is sent and no scan is started. Elements: IEEE
 * 802.11-2016 section 9.4.2. */
#ifndef NET_WIFI_H
#define NET_WIFI_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/mem.h"

#define WIFI_SSID_MAX	32
#define WIFI_BSS_MAX	512
#define WIFI_OFDM_ALL	0xff		/* 6 9 12 18 24 36 48 54 Mbit/s */

/* Ways to prove who one is (RSN element, suite selectors 00-0F-AC). */
enum wifi_key {
	WIFI_PSK = 1, WIFI_FT_PSK = 2, WIFI_PSK_SHA256 = 4, WIFI_SAE = 8,
	WIFI_EAP = 16, WIFI_OWE = 32, WIFI_OTHER_KEY = 64,
};

struct wifi_bss {
	uint8_t	 bssid[6];
	uint8_t	 ssid[WIFI_SSID_MAX];
	size_t	 ssid_len;		/* 0 = hidden */
	unsigned frequency;		/* MHz */
	int	 signal_mbm;		/* 1/100 dBm; 0 = unknown */
	unsigned age_ms;		/* since it was heard */
	bool	 associated;		/* the laptop's own */
	uint8_t	 ofdm;			/* 802.11g rates, lowest bit 6 Mbit/s */
	uint8_t	 cck;			/* 1 2 5.5 11 Mbit/s, as bits */
	bool	 newer_only;		/* demands 802.11n, ac or ax */
	bool	 privacy;		/* some encryption */
	bool	 wpa1;			/* the element before RSN */
	bool	 rsn;			/* WPA2 or WPA3 */
	unsigned keys;			/* enum wifi_key, of RSN */
	bool	 ccmp;			/* pairwise, of RSN */
	bool	 mfp_required;		/* 802.11w */
};

struct wifi_adapter {
	char	 name[IFNAMSIZ];
	unsigned index;
	uint8_t	 ssid[WIFI_SSID_MAX];
	size_t	 ssid_len;		/* 0 = not associated */
	bool	 station;		/* a client, no access point */
};

struct wifi {
	struct wifi_adapter adapter;
	struct wifi_bss *bss;
	size_t	 nbss;
};

/* interface: preferred; else the first adapter that is a client. False when
 * the laptop has no Wi-Fi adapter. without_list: the adapter alone. */
bool	 wifi_read(const char *interface, bool without_list, struct arena *a,
	    struct wifi *out);
/* 2412 is 1, 2484 is 14, 5180 is 36; 0 when unknown. */
unsigned wifi_channel(unsigned frequency_mhz);

/* Messages of the kernel from struct nlmsghdr on; false for another one, or
 * for one that is malformed. */
bool	 wifi_parse_adapter(const void *message, size_t len,
	    struct wifi_adapter *out);
bool	 wifi_parse_bss(const void *message, size_t len,
	    struct wifi_bss *out);
/* Information elements, as an access point sent them. */
void	 wifi_parse_elements(const uint8_t *data, size_t len,
	    struct wifi_bss *out);

#endif
