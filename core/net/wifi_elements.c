/* SPDX-License-Identifier: MIT */
/* Owns the information elements of 802.11 beacons: rates and security. */
#include <string.h>

#include "core/net/wifi.h"

enum element {
	EL_SSID = 0,
	EL_RATES = 1,
	EL_RSN = 48,
	EL_MORE_RATES = 50,
	EL_VENDOR = 221,
};

#define MFP_REQUIRED 0x40
#define BASIC 0x80
/* Membership selectors stand among the rates as basic ones. */
#define FIRST_SELECTOR 122 /* HE; 126 VHT, 127 HT */
#define ONLY_SAE_H2E 123

static const uint8_t rsn_oui[3] = {0x00, 0x0f, 0xac};
static const uint8_t wpa_oui[4] = {0x00, 0x50, 0xf2, 0x01};

static void
take_rates(const uint8_t *p, size_t len, struct wifi_bss *out)
{
	/* In 500 kbit/s. */
	static const uint8_t ofdm[] = {12, 18, 24, 36, 48, 72, 96, 108};
	static const uint8_t cck[] = {2, 4, 11, 22};
	size_t i, k;

	for (i = 0; i < len; i++) {
		uint8_t rate = p[i] & ~BASIC & 0xff;

		if ((p[i] & BASIC) && rate >= FIRST_SELECTOR &&
		    rate != ONLY_SAE_H2E) {
			out->newer_only = true;
			continue;
		}
		for (k = 0; k < sizeof ofdm; k++)
			out->ofdm |= (uint8_t)((ofdm[k] == rate) << k);
		for (k = 0; k < sizeof cck; k++)
			out->cck |= (uint8_t)((cck[k] == rate) << k);
	}
}

static unsigned
key_of(const uint8_t *suite)
{
	static const struct {
		uint8_t type;
		unsigned key;
	} rows[] = {
	    {1, WIFI_EAP},
	    {2, WIFI_PSK},
	    {3, WIFI_EAP},
	    {4, WIFI_FT_PSK},
	    {5, WIFI_EAP},
	    {6, WIFI_PSK_SHA256},
	    {8, WIFI_SAE},
	    {9, WIFI_SAE},
	    {11, WIFI_EAP},
	    {12, WIFI_EAP},
	    {13, WIFI_EAP},
	    {18, WIFI_OWE},
	    {24, WIFI_SAE},
	    {25, WIFI_SAE},
	};
	size_t i;

	for (i = 0;
	     memcmp(suite, rsn_oui, 3) == 0 && i < sizeof rows / sizeof *rows;
	     i++) {
		if (rows[i].type == suite[3])
			return rows[i].key;
	}
	return WIFI_OTHER_KEY;
}

/* A list of suites: count, little endian, then four bytes each. False when
 * the element ends before it. */
static bool
next_list(const uint8_t **p, size_t *len, const uint8_t **list, size_t *count)
{
	if (*len < 2)
		return false;
	*count = (size_t)((*p)[0] | (*p)[1] << 8);
	if (*count == 0 || *count > (*len - 2) / 4)
		return false;
	*list = *p + 2;
	*p += 2 + 4 * *count;
	*len -= 2 + 4 * *count;
	return true;
}

/* What an RSN element leaves out at its end has a default: CCMP, 802.1X. */
static void
take_rsn(const uint8_t *p, size_t len, struct wifi_bss *out)
{
	const uint8_t *list;
	size_t count, i;

	if (len < 2 || p[0] != 1 || p[1] != 0)
		return;
	out->rsn = true;
	p += 2;
	len -= 2;
	if (len == 0) {
		out->ccmp = true;
		out->keys = WIFI_EAP;
		return;
	}
	if (len < 4)
		return;
	p += 4; /* the group cipher */
	len -= 4;
	if (len == 0)
		out->ccmp = true;
	else if (!next_list(&p, &len, &list, &count))
		return;
	else
		for (i = 0; i < count; i++)
			out->ccmp |= memcmp(list + 4 * i, rsn_oui, 3) == 0 &&
			    list[4 * i + 3] == 4;
	if (len == 0) {
		out->keys = WIFI_EAP;
		return;
	}
	if (!next_list(&p, &len, &list, &count))
		return;
	for (i = 0; i < count; i++)
		out->keys |= key_of(list + 4 * i);
	if (len >= 2)
		out->mfp_required = (p[0] & MFP_REQUIRED) != 0;
}

static bool
is_hidden(const uint8_t *ssid, size_t len)
{
	while (len > 0 && ssid[len - 1] == 0)
		len--;
	return len == 0;
}

static void
take_element(uint8_t id, const uint8_t *p, size_t n, struct wifi_bss *out)
{
	switch (id) {
	case EL_SSID:
		if (n <= WIFI_SSID_MAX && !is_hidden(p, n)) {
			memcpy(out->ssid, p, n);
			out->ssid_len = n;
		}
		break;
	case EL_RATES:
	case EL_MORE_RATES:
		take_rates(p, n, out);
		break;
	case EL_RSN:
		if (!out->rsn)
			take_rsn(p, n, out);
		break;
	case EL_VENDOR:
		if (n >= sizeof wpa_oui &&
		    memcmp(p, wpa_oui, sizeof wpa_oui) == 0)
			out->wpa1 = true;
		break;
	default:
		break;
	}
}

void
wifi_parse_elements(const uint8_t *data, size_t len, struct wifi_bss *out)
{
	size_t at = 0, n;

	while (len - at >= 2) {
		n = data[at + 1];
		if (n > len - at - 2)
			return; /* cut off */
		take_element(data[at], data + at + 2, n, out);
		at += 2 + n;
	}
}
