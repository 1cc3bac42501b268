/* SPDX-License-Identifier: MIT */
/* The probe "wifi": would a device that knows 802.11g on channels 1 to 11
 * with WPA2 personal find this Wi-Fi? (IEEE 802.11, facts section 5.13.)
 * Nothing is sent: the list of what the laptop's adapter has heard is read,
 * all stations of the network and not only the laptop's own.
 *
 * want: "standard", "channel" or "security"; then, after one space, the name
 * of the devices' Wi-Fi, or nothing: the one that the laptop is in.
 *
 * What is judged, at the stations on 2.4 GHz:
 *   standard  all rates of 802.11g and one of 802.11b pass; some are a
 *             warning; none, or 802.11n, ac or ax demanded, fail.
 *   channel   1 to 11 passes, 12 to 14 fail.
 *   security  a password by WPA2 with CCMP passes; together with WPA3, only
 *             by newer selectors, or with 802.11w demanded it is a warning;
 *             WPA3 or 802.1X alone, WPA of the first kind, WEP, none fail.
 * One station that a device can join is enough; if others of the network are
 * no use to it, the pass is marginal.
 *
 * Detail: "ssid", "stations", "channels", "security" (texts), "adapter",
 * "why" (a word for the sentence), "marginal", "warn". */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/net/wifi.h"
#include "core/probe/probe.h"

#define LOW_CHANNELS_END 2462 /* MHz, channel 11 */
#define BAND_END 2500
#define STATIONS_TOLD 32

/* Best first. */
enum fit { FIT_GOOD, FIT_DOUBT, FIT_BAD };

struct opinion {
	enum fit fit;
	const char *why; /* word of the judge's table, or NULL */
};

static struct opinion
fit_standard(const struct wifi_bss *b)
{
	if (b->newer_only)
		return (struct opinion){FIT_BAD, "newer_only"};
	if (b->ofdm == 0)
		return (struct opinion){FIT_BAD, "older_only"};
	if (b->ofdm != WIFI_OFDM_ALL || b->cck == 0)
		return (struct opinion){FIT_DOUBT, "some_rates"};
	return (struct opinion){FIT_GOOD, NULL};
}

static struct opinion
fit_channel(const struct wifi_bss *b)
{
	return b->frequency <= LOW_CHANNELS_END ?
	    (struct opinion){FIT_GOOD, NULL} :
	    (struct opinion){FIT_BAD, "high_channel"};
}

static struct opinion
fit_security(const struct wifi_bss *b)
{
	const unsigned personal = WIFI_PSK | WIFI_FT_PSK | WIFI_PSK_SHA256;

	if (!b->rsn)
		return (struct opinion){FIT_BAD,
		    b->wpa1        ? "wpa1_only" :
			b->privacy ? "wep" :
				     "no_security"};
	if (!(b->keys & personal))
		return (struct opinion){FIT_BAD,
		    b->keys & WIFI_SAE     ? "wpa3_only" :
			b->keys & WIFI_EAP ? "enterprise" :
					     "other_security"};
	if (!b->ccmp)
		return (struct opinion){FIT_BAD, "no_ccmp"};
	if (b->mfp_required)
		return (struct opinion){FIT_DOUBT, "mfp_required"};
	if (!(b->keys & WIFI_PSK))
		return (struct opinion){FIT_DOUBT, "newer_personal"};
	if (b->keys & WIFI_SAE)
		return (struct opinion){FIT_DOUBT, "transition"};
	return (struct opinion){FIT_GOOD, NULL};
}

static const struct want {
	const char *name;
	enum cause cause;
	struct opinion (*fit)(const struct wifi_bss *b);
	bool any_band; /* where no 2.4 GHz was heard, the others tell too */
} wants[] = {
    {"standard", CAUSE_WIFI_STANDARD, fit_standard, false},
    {"channel", CAUSE_WIFI_CHANNEL, fit_channel, false},
    {"security", CAUSE_WIFI_SECURITY, fit_security, true},
};

static bool
is_low_band(const struct wifi_bss *b)
{
	return b->frequency > 2400 && b->frequency < BAND_END;
}

/* The network's stations first, in the same order. Returns how many. */
static size_t
keep_network(struct wifi *w, const uint8_t *ssid, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < w->nbss; i++) {
		struct wifi_bss b = w->bss[i];
		bool mine = b.ssid_len == len && memcmp(b.ssid, ssid, len) == 0;

		/* The laptop's own may hide its name. */
		if (b.associated && b.ssid_len == 0 &&
		    w->adapter.ssid_len == len &&
		    memcmp(w->adapter.ssid, ssid, len) == 0)
			mine = true;
		if (mine) {
			w->bss[i] = w->bss[n];
			w->bss[n++] = b;
		}
	}
	return n;
}

static const char *
security_text(const struct wifi_bss *b)
{
	if (!b->rsn)
		return b->wpa1 ? "WPA" : b->privacy ? "WEP" : "open";
	if (b->keys & WIFI_SAE)
		return b->keys & (WIFI_PSK | WIFI_FT_PSK | WIFI_PSK_SHA256) ?
		    "WPA2/WPA3 personal" :
		    "WPA3 personal";
	if (b->keys & (WIFI_PSK | WIFI_FT_PSK | WIFI_PSK_SHA256))
		return "WPA2 personal";
	return b->keys & WIFI_EAP ? "802.1X" : "other";
}

static void
describe(struct probe *p, const struct wifi *w, size_t n)
{
	struct strlist channels = {NULL, 0}, security = {NULL, 0};
	const char *list[2] = {"", ""};
	size_t i;

	for (i = 0; i < n && i < STATIONS_TOLD; i++) {
		char *c = arena_printf(p->arena, "%u",
		    wifi_channel(w->bss[i].frequency));

		if (!strlist_has(&channels, c))
			strlist_add(p->arena, &channels, c);
		if (!strlist_has(&security, security_text(&w->bss[i])))
			strlist_add(p->arena, &security,
			    security_text(&w->bss[i]));
	}
	for (i = 0; i < channels.count; i++)
		list[0] = arena_printf(p->arena, i == 0 ? "%s%s" : "%s, %s",
		    list[0], channels.item[i]);
	for (i = 0; i < security.count; i++)
		list[1] = arena_printf(p->arena, i == 0 ? "%s%s" : "%s, %s",
		    list[1], security.item[i]);
	probe_detail_int(p, "stations", (int64_t)n);
	if (n > 0) {
		probe_detail_str(p, "channels", list[0]);
		probe_detail_str(p, "security", list[1]);
	}
}

static void
not_known(struct probe *p, const char *why)
{
	probe_detail_str(p, "why", why);
	probe_finish(p, RUNG_NONE, CAUSE_NONE);
}

/* Of the stations that count the best speaks, and the worst makes it
 * marginal. */
static void
judge_stations(struct probe *p, const struct want *want,
    const struct wifi_bss *b, size_t n, bool low_only)
{
	struct opinion best = {FIT_BAD, NULL}, worst = {FIT_GOOD, NULL}, one;
	bool any = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (low_only && !is_low_band(&b[i]))
			continue;
		one = want->fit(&b[i]);
		if (!any || one.fit < best.fit)
			best = one;
		if (!any || one.fit > worst.fit)
			worst = one;
		any = true;
	}
	if (best.fit == FIT_GOOD) {
		if (worst.fit != FIT_GOOD) {
			probe_detail_bool(p, "marginal", true);
			probe_detail_str(p, "why", "some_stations");
		} else {
			probe_detail_str(p, "why", "wifi_good");
		}
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
		return;
	}
	if (best.fit == FIT_DOUBT)
		probe_detail_bool(p, "warn", true);
	probe_detail_str(p, "why", best.why);
	probe_finish(p, RUNG_APP_REPLY, want->cause);
}

/* Was 2.4 GHz listened to at all? Then a network that is not there is not
 * there; the laptop's own station alone is heard without a search. */
static bool
heard_low_band(const struct wifi *w)
{
	size_t i;

	for (i = 0; i < w->nbss; i++) {
		if (is_low_band(&w->bss[i]) && !w->bss[i].associated)
			return true;
	}
	return false;
}

static bool
any_low(const struct wifi_bss *b, size_t n)
{
	while (n > 0 && !is_low_band(&b[n - 1]))
		n--;
	return n > 0;
}

static void
look(struct probe *p, const struct want *want, const char *name)
{
	struct wifi w = {0};
	const uint8_t *ssid = (const uint8_t *)name;
	size_t len = strlen(name), n;

	if (!wifi_read(p->env->vantage->interface, false, p->arena, &w)) {
		not_known(p, "wired");
		return;
	}
	probe_detail_text(p, "adapter", w.adapter.name,
	    strnlen(w.adapter.name, sizeof w.adapter.name));
	if (len == 0) {
		ssid = w.adapter.ssid;
		len = w.adapter.ssid_len;
	}
	if (len == 0) {
		not_known(p, "wired");
		return;
	}
	probe_detail_text(p, "ssid", ssid, len);
	n = keep_network(&w, ssid, len);
	describe(p, &w, n);
	if (n == 0) {
		not_known(p, "ssid_not_heard");
	} else if (any_low(w.bss, n)) {
		judge_stations(p, want, w.bss, n, true);
	} else if (want->any_band) {
		judge_stations(p, want, w.bss, n, false);
	} else if (heard_low_band(&w)) {
		probe_detail_str(p, "why", "five_ghz_only");
		probe_finish(p, RUNG_APP_REPLY, want->cause);
	} else {
		not_known(p, "band_not_heard");
	}
}

static void
wifi_start(struct probe *p)
{
	const char *text = p->spec->want == NULL ? "" : p->spec->want;
	size_t i, len = strcspn(text, " ");

	for (i = 0; i < sizeof wants / sizeof *wants; i++) {
		if (strlen(wants[i].name) == len &&
		    strncmp(wants[i].name, text, len) == 0)
			break;
	}
	if (i == sizeof wants / sizeof *wants)
		not_known(p, "no_want");
	else
		look(p, &wants[i], text[len] == ' ' ? text + len + 1 : "");
}

const struct probe_type probe_wifi = {
    .name = "wifi",
    .shape = SHAPE_SITE,
    .nature = NATURE_CONDITION,
    .label = N_("Wi-Fi"),
    .sends = N_("It looks at the Wi-Fi networks that this computer has "
		"heard, and sends nothing."),
    .whom = N_("nobody"),
    .longest_ms = 400,
    .start = wifi_start,
};
