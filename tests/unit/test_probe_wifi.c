/* SPDX-License-Identifier: MIT */
/* Promises of the Wi-Fi probe and of what it reads (linux/nl80211.h, IEEE
 * 802.11): which network is meant, what 802.11g, channels 1 to 11 and WPA2
 * personal are, and that nothing a kernel or an access point says can do
 * harm. The messages are laid out here by hand. The lab's kernel with a
 * Wi-Fi adapter is part of this program, since no machine is sure to have
 * one. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/net/wifi.h"
#include "tests/lab/wifi_kernel.c"
#include "tests/unit/fake_net.h"
#include "tests/unit/fake_probe.h"

/* --- building messages: netlink(7), then attributes --- */

#define CTRL 16
#define FAMILY 28

struct blob {
	uint8_t data[4096];
	size_t len;
};

static void
add(struct blob *b, const void *data, size_t len)
{
	ck_assert_uint_le(b->len + len, sizeof b->data);
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

static void
add_attribute(struct blob *b, uint16_t type, const void *data, size_t len)
{
	uint16_t head[2] = {(uint16_t)(4 + len), type};

	add(b, head, 4);
	add(b, data, len);
	add(b, "\0\0\0", (4 - len % 4) % 4);
}

static void
add_number(struct blob *b, uint16_t type, uint32_t value)
{
	add_attribute(b, type, &value, 4);
}

static struct blob
message(uint16_t type, uint8_t command, uint16_t flags, const struct blob *body)
{
	struct blob m = {.len = 0};
	uint32_t len = (uint32_t)(20 + body->len), zero[2] = {0, 0};
	uint8_t generic[4] = {command, 1, 0, 0};

	add(&m, &len, 4);
	add(&m, &type, 2);
	add(&m, &flags, 2);
	add(&m, zero, 8);
	add(&m, generic, 4);
	add(&m, body->data, body->len);
	return m;
}

static struct blob
adapter_message(const char *name, uint32_t index, const char *ssid)
{
	struct blob b = {.len = 0};

	add_number(&b, 3, index);
	add_attribute(&b, 4, name, strlen(name) + 1);
	add_number(&b, 5, 2); /* a station */
	if (ssid != NULL)
		add_attribute(&b, 52, ssid, strlen(ssid));
	return message(FAMILY, 7, 2, &b);
}

struct station {
	const char *ssid;
	unsigned mhz;
	const char *rates; /* of element 1 */
	const char *more;  /* of element 50 */
	const char *rsn;   /* element 48, NULL = none; nrsn bytes */
	size_t nrsn;
	bool associated, open, wpa1;
};

/* 1 2 5.5 11 6 9 12 18, and 24 36 48 54, the first four basic. */
#define RATES_BG "\x82\x84\x8b\x96\x0c\x12\x18\x24"
#define RATES_MORE "\x30\x48\x60\x6c"
/* Version 1, group CCMP, one pairwise CCMP, one key of type k, no flags. */
#define RSN1(k) \
	"\x01\0\0\x0f\xac\x04\x01\0\0\x0f\xac\x04\x01\0\0\x0f\xac" k "\0\0"
#define RSN2(k, j) \
	"\x01\0\0\x0f\xac\x04\x01\0\0\x0f\xac\x04\x02\0\0\x0f\xac" k \
	"\0\x0f\xac" j "\0\0"
#define RSN(text) text, sizeof(text) - 1
#define PSK RSN(RSN1("\x02"))

static void
add_element(struct blob *b, uint8_t id, const char *data, size_t len)
{
	uint8_t head[2] = {id, (uint8_t)len};

	add(b, head, 2);
	add(b, data, len);
}

static struct blob
bss_message(const struct station *s, uint8_t n)
{
	struct blob b = {.len = 0}, e = {.len = 0}, out = {.len = 0};
	uint8_t mac[6] = {2, 0, 0, 0, 0, n};
	uint16_t capability = s->open ? 1 : 0x11;

	add_element(&e, 0, s->ssid, strlen(s->ssid));
	add_element(&e, 1, s->rates, strlen(s->rates));
	if (s->more != NULL)
		add_element(&e, 50, s->more, strlen(s->more));
	if (s->rsn != NULL)
		add_element(&e, 48, s->rsn, s->nrsn);
	if (s->wpa1)
		add_element(&e, 221, "\0\x50\xf2\1\1\0", 6);
	add_attribute(&b, 1, mac, 6);
	add_number(&b, 2, s->mhz);
	add_attribute(&b, 5, &capability, 2);
	add_attribute(&b, 6, e.data, e.len);
	if (s->associated)
		add_number(&b, 9, 1);
	add_number(&out, 3, 3);
	add_attribute(&out, 47, b.data, b.len);
	return message(FAMILY, 34, 2, &out);
}

/* --- the kernel --- */

static char answers[64];

static void
put_answer(FILE *f, uint32_t type, uint32_t command, const struct blob *m)
{
	uint32_t head[3] = {type, command, (uint32_t)m->len};

	ck_assert_uint_eq(fwrite(head, sizeof head, 1, f), 1);
	ck_assert_uint_eq(fwrite(m->data, m->len, 1, f), 1);
}

static FILE *
kernel_begin(const char *joined)
{
	struct blob b = {.len = 0}, m;
	uint16_t id = FAMILY;
	FILE *f;
	int fd;

	snprintf(answers, sizeof answers, "/tmp/sitewalk-wifi.XXXXXX");
	fd = mkstemp(answers);
	ck_assert_int_ge(fd, 0);
	f = fdopen(fd, "w");
	add_attribute(&b, 1, &id, 2);
	add_attribute(&b, 2, "nl80211", 8);
	m = message(CTRL, 1, 0, &b);
	put_answer(f, CTRL, 3, &m);
	if (joined != NULL) {
		m = adapter_message("wlan0", 3,
		    joined[0] == '\0' ? NULL : joined);
		put_answer(f, FAMILY, 5, &m);
	}
	setenv("SITEWALK_LAB_WIFI", answers, 1);
	return f;
}

static void
kernel_set(const char *joined, const struct station *s, size_t n)
{
	FILE *f = kernel_begin(joined);
	struct blob m;
	size_t i;

	for (i = 0; i < n; i++) {
		m = bss_message(&s[i], (uint8_t)i);
		put_answer(f, FAMILY, 32, &m);
	}
	fclose(f);
}

static void
run(struct fake_probe *p, const char *want)
{
	fake_probe_init(p, "wifi", PROTO_NONE, NULL, NULL, 0);
	p->vantage.interface = (char *)(uintptr_t) "eth0";
	p->spec.want = (char *)(uintptr_t)want;
	ck_assert(fake_probe_run(p, 2000));
	unlink(answers);
}

struct row {
	struct station s;
	enum rung rung;
	enum cause cause;
	const char *why;
	bool warn;
};

static void
judge_rows(const char *want, const struct row *rows, size_t n)
{
	struct fake_probe p;
	size_t i;

	for (i = 0; i < n; i++) {
		kernel_set("net", &rows[i].s, 1);
		run(&p, want);
		ck_assert_msg(p.obs->rung == rows[i].rung &&
			p.obs->failure == rows[i].cause &&
			fake_detail_is(&p, "warn") == rows[i].warn &&
			strcmp(fake_detail(&p, "why"), rows[i].why) == 0,
		    "%s row %zu: %s %s %s", want, i,
		    word_name(&words_rung, (int)p.obs->rung),
		    word_name(&words_cause, (int)p.obs->failure),
		    fake_detail(&p, "why"));
		fake_probe_free(&p);
	}
}

#define JUDGE(want, rows) judge_rows(want, rows, sizeof rows / sizeof *(rows))
#define GOOD RUNG_APP_REPLY, CAUSE_NONE, "wifi_good", false
#define BAD(cause, why) RUNG_APP_REPLY, cause, why, false
#define DOUBT(cause, why) RUNG_APP_REPLY, cause, why, true

START_TEST(the_standard_is_802_11g)
{
	static const struct row rows[] = {
	    {{"net", 2412, RATES_BG, RATES_MORE, PSK}, GOOD},
	    /* Without 802.11b; with the lowest rates switched off. */
	    {{"net", 2412, "\x8c\x12\x98\x24\xb0\x48\x60\x6c", NULL, PSK},
		DOUBT(CAUSE_WIFI_STANDARD, "some_rates")},
	    {{"net", 2412, "\x82\x84\x98\x24\xb0\x48\x60\x6c", NULL, PSK},
		DOUBT(CAUSE_WIFI_STANDARD, "some_rates")},
	    /* 802.11b only. */
	    {{"net", 2412, "\x82\x84\x8b\x96", NULL, PSK},
		BAD(CAUSE_WIFI_STANDARD, "older_only")},
	    /* Selectors: 127 HT, 126 VHT, 122 HE; 123 is about passwords. */
	    {{"net", 2412, RATES_BG, RATES_MORE "\xff", PSK},
		BAD(CAUSE_WIFI_STANDARD, "newer_only")},
	    {{"net", 2412, RATES_BG, RATES_MORE "\xfe", PSK},
		BAD(CAUSE_WIFI_STANDARD, "newer_only")},
	    {{"net", 2412, RATES_BG, RATES_MORE "\xfa", PSK},
		BAD(CAUSE_WIFI_STANDARD, "newer_only")},
	    {{"net", 2412, RATES_BG, RATES_MORE "\xfb", PSK}, GOOD},
	};

	JUDGE("standard", rows);
}
END_TEST

START_TEST(the_channel_is_one_to_eleven)
{
	static const struct row rows[] = {
	    {{"net", 2412, RATES_BG, RATES_MORE, PSK}, GOOD},
	    {{"net", 2462, RATES_BG, RATES_MORE, PSK}, GOOD},
	    {{"net", 2467, RATES_BG, RATES_MORE, PSK},
		BAD(CAUSE_WIFI_CHANNEL, "high_channel")},
	    {{"net", 2472, RATES_BG, RATES_MORE, PSK},
		BAD(CAUSE_WIFI_CHANNEL, "high_channel")},
	    {{"net", 2484, RATES_BG, RATES_MORE, PSK},
		BAD(CAUSE_WIFI_CHANNEL, "high_channel")},
	};

	JUDGE("channel", rows);
}
END_TEST

START_TEST(the_security_is_wpa2_personal)
{
	static const struct row rows[] = {
	    {{"net", 2412, RATES_BG, RATES_MORE, PSK}, GOOD},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN(RSN2("\x01", "\x02"))},
		GOOD},
	    {{"net", 2412, RATES_BG, RATES_MORE, PSK, .wpa1 = true}, GOOD},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN(RSN2("\x02", "\x08"))},
		DOUBT(CAUSE_WIFI_SECURITY, "transition")},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN(RSN1("\x06"))},
		DOUBT(CAUSE_WIFI_SECURITY, "newer_personal")},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN(RSN1("\x04"))},
		DOUBT(CAUSE_WIFI_SECURITY, "newer_personal")},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN(RSN1("\x08"))},
		BAD(CAUSE_WIFI_SECURITY, "wpa3_only")},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN(RSN1("\x09"))},
		BAD(CAUSE_WIFI_SECURITY, "wpa3_only")},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN(RSN1("\x01"))},
		BAD(CAUSE_WIFI_SECURITY, "enterprise")},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN(RSN1("\x05"))},
		BAD(CAUSE_WIFI_SECURITY, "enterprise")},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN(RSN1("\x12"))},
		BAD(CAUSE_WIFI_SECURITY, "other_security")},
	    {{"net", 2412, RATES_BG, RATES_MORE, NULL, 0},
		BAD(CAUSE_WIFI_SECURITY, "wep")},
	    {{"net", 2412, RATES_BG, RATES_MORE, NULL, 0, .wpa1 = true},
		BAD(CAUSE_WIFI_SECURITY, "wpa1_only")},
	    {{"net", 2412, RATES_BG, RATES_MORE, NULL, 0, .open = true},
		BAD(CAUSE_WIFI_SECURITY, "no_security")},
	    /* Pairwise TKIP (2) only; 802.11w demanded; cut off anywhere. */
	    {{"net", 2412, RATES_BG, RATES_MORE,
		 RSN("\x01\0\0\x0f\xac\x02\x01\0\0\x0f\xac\x02\x01\0\0\x0f"
		     "\xac\x02\0\0")},
		BAD(CAUSE_WIFI_SECURITY, "no_ccmp")},
	    {{"net", 2412, RATES_BG, RATES_MORE,
		 RSN("\x01\0\0\x0f\xac\x04\x01\0\0\x0f\xac\x04\x01\0\0\x0f"
		     "\xac\x02\xc0\0")},
		DOUBT(CAUSE_WIFI_SECURITY, "mfp_required")},
	    {{"net", 2412, RATES_BG, RATES_MORE, RSN("\x01\0")},
		BAD(CAUSE_WIFI_SECURITY, "enterprise")},
	    {{"net", 2412, RATES_BG, RATES_MORE,
		 RSN("\x01\0\0\x0f\xac\x04\x01\0\0\x0f\xac\x04\xff\xff\0\x0f"
		     "\xac\x02")},
		BAD(CAUSE_WIFI_SECURITY, "other_security")},
	};

	JUDGE("security", rows);
}
END_TEST

/* --- which network, which stations --- */

START_TEST(all_stations_of_the_network_count_not_the_laptops_own)
{
	static const struct station s[] = {
	    {"net", 5180, RATES_BG, NULL, PSK, .associated = true},
	    {"net", 2437, RATES_BG, RATES_MORE, PSK},
	    {"net", 2472, RATES_BG, RATES_MORE, PSK},
	    {"net2", 2472, RATES_BG, RATES_MORE, NULL, 0},
	    {"ne", 2472, RATES_BG, RATES_MORE, NULL, 0},
	};
	struct fake_probe p;

	kernel_set("net", s, 5);
	run(&p, "channel");
	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	ck_assert(fake_detail_is(&p, "marginal"));
	ck_assert_str_eq(fake_detail(&p, "channels"), "36, 6, 13");
	ck_assert_int_eq(fake_detail_int(&p, "stations"), 3);
	fake_probe_free(&p);
	kernel_set("net", s, 5);
	run(&p, "channel net2");
	ck_assert_int_eq(p.obs->failure, CAUSE_WIFI_CHANNEL);
	ck_assert_str_eq(fake_detail(&p, "ssid"), "net2");
	fake_probe_free(&p);
}
END_TEST

START_TEST(what_was_not_heard_is_not_judged)
{
	static const struct station own = {"net", 5180, RATES_BG, NULL, PSK,
	    .associated = true};
	static const struct station both[] = {{"net", 5180, RATES_BG, NULL, PSK,
						  .associated = true},
	    {"other", 2412, RATES_BG, RATES_MORE, PSK}};
	struct fake_probe p;

	/* Its own station alone: nobody listened on 2.4 GHz. */
	kernel_set("net", &own, 1);
	run(&p, "standard");
	ck_assert_int_eq(p.obs->rung, RUNG_NONE);
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "band_not_heard");
	fake_probe_free(&p);
	/* Others were heard there, this network was not. */
	kernel_set("net", both, 2);
	run(&p, "standard");
	ck_assert_int_eq(p.obs->failure, CAUSE_WIFI_STANDARD);
	ck_assert_str_eq(fake_detail(&p, "why"), "five_ghz_only");
	fake_probe_free(&p);
	kernel_set("net", both, 2);
	run(&p, "security");
	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	fake_probe_free(&p);
	kernel_set("net", both, 2);
	run(&p, "channel absent network");
	ck_assert_int_eq(p.obs->rung, RUNG_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "ssid_not_heard");
	ck_assert_str_eq(fake_detail(&p, "ssid"), "absent network");
	fake_probe_free(&p);
}
END_TEST

START_TEST(a_laptop_on_a_cable_says_so_but_a_name_can_be_looked_for)
{
	static const struct station s = {"net", 2412, RATES_BG, RATES_MORE,
	    PSK};
	struct fake_probe p;

	kernel_set(NULL, &s, 1); /* no adapter */
	run(&p, "channel net");
	ck_assert_int_eq(p.obs->rung, RUNG_NONE);
	ck_assert_str_eq(fake_detail(&p, "why"), "wired");
	fake_probe_free(&p);
	kernel_set("", &s, 1); /* an adapter that is in no network */
	run(&p, "channel");
	ck_assert_str_eq(fake_detail(&p, "why"), "wired");
	fake_probe_free(&p);
	kernel_set("", &s, 1);
	run(&p, "channel net");
	ck_assert_int_eq(p.obs->rung, RUNG_APP_REPLY);
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	fake_probe_free(&p);
	kernel_set("net", &s, 1);
	run(&p, NULL);
	ck_assert_str_eq(fake_detail(&p, "why"), "no_want");
	fake_probe_free(&p);
}
END_TEST

/* A hidden name comes as no bytes, or as many zeros. */
START_TEST(hidden_names_and_escapes_in_names_are_safe)
{
	static const struct station s[] = {{"", 2412, RATES_BG, RATES_MORE, PSK,
					       .associated = true},
	    {"", 2472, RATES_BG, RATES_MORE, NULL, 0}};
	static const struct station evil = {"\033[2J\xff\xfe%s%n", 2412,
	    RATES_BG, RATES_MORE, PSK, .associated = true};
	struct fake_probe p;

	kernel_set("net", s, 2);
	run(&p, "channel");
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	ck_assert_int_eq(fake_detail_int(&p, "stations"), 1);
	fake_probe_free(&p);
	kernel_set("\033[2J\xff\xfe%s%n", &evil, 1);
	run(&p, "channel");
	ck_assert_int_eq(p.obs->failure, CAUSE_NONE);
	ck_assert_ptr_null(strchr(fake_detail(&p, "ssid"), '\033'));
	ck_assert_str_ne(fake_detail(&p, "ssid"), "");
	fake_probe_free(&p);
}
END_TEST

/* --- hostile bytes --- */

START_TEST(messages_that_are_cut_are_refused)
{
	static const struct station s = {"net", 2412, RATES_BG, RATES_MORE,
	    PSK};
	struct blob m = bss_message(&s, 1),
		    a = adapter_message("wlan0", 3, "n");
	struct wifi_adapter adapter;
	struct wifi_bss b;
	uint8_t *exact;
	size_t i;

	ck_assert(wifi_parse_bss(m.data, m.len, &b));
	ck_assert_uint_eq(b.frequency, 2412);
	ck_assert_uint_eq(b.ssid_len, 3);
	ck_assert(wifi_parse_adapter(a.data, a.len, &adapter));
	ck_assert_str_eq(adapter.name, "wlan0");
	ck_assert(!wifi_parse_adapter(m.data, m.len, &adapter));
	ck_assert(!wifi_parse_bss(a.data, a.len, &b));
	for (i = 0; i < m.len; i++) {
		exact = malloc(i + 1);
		memcpy(exact, m.data, i);
		ck_assert(!wifi_parse_bss(exact, i, &b));
		/* And with a header that admits it. */
		if (i >= 4)
			memcpy(exact, &(uint32_t){(uint32_t)i}, 4);
		wifi_parse_bss(exact, i, &b);
		free(exact);
	}
}
END_TEST

START_TEST(any_bytes_are_survived)
{
	static const struct station s = {"net", 2412, RATES_BG, RATES_MORE,
	    PSK};
	unsigned seed = 11, round;
	uint8_t *e = malloc(300);
	struct wifi_bss b;
	struct blob m;
	size_t i;

	for (round = 0; round < 50000; round++) {
		m = bss_message(&s, 1);
		for (i = 0; i < 6; i++)
			m.data[20 + (unsigned)rand_r(&seed) % (m.len - 20)] =
			    (uint8_t)rand_r(&seed);
		wifi_parse_bss(m.data, m.len, &b);
		ck_assert_uint_le(b.ssid_len, WIFI_SSID_MAX);
		memset(&b, 0, sizeof b);
		for (i = 0; i < 300; i++)
			e[i] = (uint8_t)(i % 7 == 0 ? "\0\1\60\62\335"[i % 5] :
						      rand_r(&seed) % 64);
		wifi_parse_elements(e, 300, &b);
		ck_assert_uint_le(b.ssid_len, WIFI_SSID_MAX);
	}
	free(e);
}
END_TEST

START_TEST(a_kernel_that_talks_rubbish_or_too_much_ends_all_the_same)
{
	static const struct station s = {"net", 2472, RATES_BG, RATES_MORE,
	    PSK};
	struct fake_probe p;
	struct blob m;
	FILE *f = kernel_begin("net");
	unsigned seed = 5;
	size_t i;

	/* Within what one socket can hold. */
	for (i = 0; i < 40; i++) {
		m = bss_message(&s, 1);
		m.data[20 + (unsigned)rand_r(&seed) % (m.len - 20)] ^= 0x5a;
		put_answer(f, FAMILY, 32, &m);
	}
	fclose(f);
	run(&p, "channel");
	ck_assert_int_eq(p.ndone, 1);
	fake_probe_free(&p);
	/* No nl80211 at all. */
	f = fopen(answers, "we");
	fclose(f);
	setenv("SITEWALK_LAB_WIFI", answers, 1);
	run(&p, "channel");
	ck_assert_str_eq(fake_detail(&p, "why"), "wired");
	fake_probe_free(&p);
}
END_TEST

START_TEST(frequencies_are_channels)
{
	static const struct {
		unsigned mhz, channel;
	} rows[] = {{2412, 1}, {2462, 11}, {2467, 12}, {2472, 13}, {2484, 14},
	    {5180, 36}, {5500, 100}, {5825, 165}, {5955, 1}, {0, 0},
	    {4000000000u, 0}};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_uint_eq(wifi_channel(rows[i].mhz), rows[i].channel);
}
END_TEST

HARNESS("probe wifi", the_standard_is_802_11g, the_channel_is_one_to_eleven,
    the_security_is_wpa2_personal,
    all_stations_of_the_network_count_not_the_laptops_own,
    what_was_not_heard_is_not_judged,
    a_laptop_on_a_cable_says_so_but_a_name_can_be_looked_for,
    hidden_names_and_escapes_in_names_are_safe,
    messages_that_are_cut_are_refused, any_bytes_are_survived,
    a_kernel_that_talks_rubbish_or_too_much_ends_all_the_same,
    frequencies_are_channels)
