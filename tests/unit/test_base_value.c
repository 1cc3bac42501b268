/* SPDX-License-Identifier: MIT */
/* Promises of the strict readers: numbers, versions, names, times. */
#include "tests/unit/harness.h"

#include <stdint.h>
#include <string.h>

#include "core/base/builtin.h"
#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/text.h"

START_TEST(numbers_are_plain_digits_within_bounds)
{
	static const char *const wrong[] = {"", " 1", "1 ", "+1", "-1", "0x10",
	    "1.0", "1e3", "18446744073709551616", "99999999999999999999999",
	    "65536", "\xd9\xa1"};
	uint64_t n = 7;
	size_t i;

	for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_msg(!text_to_uint(wrong[i], 0, 65535, &n), "%s",
		    wrong[i]);
	ck_assert(!text_to_uint(NULL, 0, 9, &n));
	ck_assert(!text_to_uint("0", 1, 9, &n));
	ck_assert_uint_eq(n, 7);
	ck_assert(text_to_uint("65535", 0, 65535, &n));
	ck_assert_uint_eq(n, 65535);
	ck_assert(text_to_uint("18446744073709551615", 0, UINT64_MAX, &n));
	ck_assert_uint_eq(n, UINT64_MAX);
	ck_assert(text_to_uint("010", 0, 99, &n));
	ck_assert_uint_eq(n, 10);
}
END_TEST

START_TEST(blank_and_equal_texts)
{
	ck_assert(text_is_space(""));
	ck_assert(text_is_space(" \t\r\n"));
	ck_assert(!text_is_space(" x "));
	ck_assert(text_equal_nocase("", ""));
	ck_assert(text_equal_nocase("My.LOXONE.com", "my.loxone.COM"));
	ck_assert(!text_equal_nocase("abc", "ab"));
	ck_assert(!text_equal_nocase("ab", "abc"));
	ck_assert(!text_equal_nocase("[", "{"));
	ck_assert(!text_equal_nocase("@", "`"));
	ck_assert(!text_equal_nocase("\xc3\x84", "\xc3\xa4"));
}
END_TEST

START_TEST(versions_have_one_to_four_parts)
{
	static const char *const wrong[] = {"", ".", "1.", ".1", "1..2",
	    "1.2.3.4.5", "1.2.3.4.", "100000", "1.x", "v1", "1 ", "-1", "1.-2",
	    "99999999999"};
	struct version v = {{9, 9, 9, 9}};
	size_t i;

	for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_msg(!version_parse(wrong[i], &v), "%s", wrong[i]);
	ck_assert_uint_eq(v.part[0], 9);
	ck_assert(version_parse("17.0.3.31", &v));
	ck_assert_uint_eq(v.part[3], 31);
	ck_assert(version_parse("99999", &v));
	ck_assert_uint_eq(v.part[1], 0);
}
END_TEST

static int
compare(const char *a, const char *b)
{
	struct version va, vb;

	ck_assert(version_parse(a, &va));
	ck_assert(version_parse(b, &vb));
	ck_assert_int_eq(version_compare(&va, &vb), -version_compare(&vb, &va));
	return version_compare(&va, &vb);
}

START_TEST(versions_compare_by_number_not_by_text)
{
	ck_assert_int_eq(compare("17", "17.0.0.0"), 0);
	ck_assert_int_eq(compare("16.3", "16.10"), -1);
	ck_assert_int_eq(compare("17.0", "16.3.12.31"), 1);
	ck_assert_int_eq(compare("17.0.3.31", "17.0.3.30"), 1);
	ck_assert_int_eq(compare("017.00", "17"), 0);
}
END_TEST

START_TEST(wildcards_stand_for_whole_labels)
{
	ck_assert(text_wildcard_match("*.a.b", "x.a.b", 0));
	ck_assert(text_wildcard_match("*.a.b", "x.y.a.b", 0));
	ck_assert(text_wildcard_match("*.a.b", "X.A.B.", 0));
	ck_assert(text_wildcard_match("*.A.B", "x.a.b", 1));
	ck_assert(!text_wildcard_match("*.a.b", "x.y.a.b", 1));
	ck_assert(text_wildcard_match("*.a.b", "x.y.a.b", 2));
	ck_assert(!text_wildcard_match("*.a.b", "x.a.b", 2));
	ck_assert(!text_wildcard_match("*.a.b", "a.b", 0));
	ck_assert(!text_wildcard_match("*.a.b", ".a.b", 0));
	ck_assert(!text_wildcard_match("*.a.b", "x..a.b", 0));
	ck_assert(!text_wildcard_match("*.a.b", "xa.b", 0));
	ck_assert(!text_wildcard_match("*.a.b", "x.a.b.c", 0));
	ck_assert(!text_wildcard_match("*.a.b", "x.a.b..", 0));
	ck_assert(!text_wildcard_match("*.a.b", "", 0));
	ck_assert(!text_wildcard_match("a.b", "a.b", 0));
	ck_assert(!text_wildcard_match("*.", "x.", 0));
	ck_assert(!text_wildcard_match("*", "x", 0));
	ck_assert(!text_wildcard_match("", "", 0));
}
END_TEST

START_TEST(host_names_follow_rfc_1123)
{
	char label[70], name[300];
	size_t i;

	ck_assert(text_is_hostname("a"));
	ck_assert(text_is_hostname("dns.loxonecloud.com"));
	ck_assert(text_is_hostname("3com.example"));
	ck_assert(text_is_hostname("xn--bcher-kva.example"));
	ck_assert(text_is_hostname("504f94a00000.dns.example"));
	ck_assert(!text_is_hostname(""));
	ck_assert(!text_is_hostname("."));
	ck_assert(!text_is_hostname("a."));
	ck_assert(!text_is_hostname(".a"));
	ck_assert(!text_is_hostname("a..b"));
	ck_assert(!text_is_hostname("-a.b"));
	ck_assert(!text_is_hostname("a-.b"));
	ck_assert(!text_is_hostname("a.b-"));
	ck_assert(!text_is_hostname("a_b"));
	ck_assert(!text_is_hostname("a b"));
	ck_assert(!text_is_hostname("*.a.b"));
	ck_assert(!text_is_hostname("b\xc3\xbc"
				    "cher.example"));
	ck_assert(!text_is_hostname("192.168.1.10"));
	ck_assert(!text_is_hostname("10.0.0.300"));
	memset(label, 'a', 64);
	label[64] = '\0';
	ck_assert(!text_is_hostname(label));
	label[63] = '\0';
	ck_assert(text_is_hostname(label));
	for (i = 0; i < 253; i++)
		name[i] = i % 2 ? '.' : 'a';
	name[253] = '\0';
	ck_assert(text_is_hostname(name));
	memcpy(name + 252, "bb", 3);
	ck_assert(!text_is_hostname(name));
}
END_TEST

START_TEST(times_are_written_in_utc)
{
	char out[CLOCK_ISO_SIZE];

	ck_assert_str_eq(clock_iso(0, false, out), "1970-01-01T00:00:00Z");
	ck_assert_str_eq(clock_iso(1795257720123456, false, out),
	    "2026-11-21T10:42:00Z");
	ck_assert_str_eq(clock_iso(1795257720123456, true, out),
	    "2026-11-21T10:42:00.123456Z");
	ck_assert_str_eq(clock_iso(-1, true, out),
	    "1969-12-31T23:59:59.999999Z");
	ck_assert_uint_lt(strlen(clock_iso(INT64_MAX, true, out)),
	    CLOCK_ISO_SIZE);
	ck_assert_uint_lt(strlen(clock_iso(INT64_MIN, true, out)),
	    CLOCK_ISO_SIZE);
}
END_TEST

START_TEST(times_are_read_strictly)
{
	static const char *const wrong[] = {"", "2026-11-21",
	    "2026-11-21T10:42Z", "2026-11-21T10:42:00", "2026-11-21 10:42:00Z",
	    "2026-11-21T10:42:00+01:00", "2026-11-21T10:42:00.Z",
	    "2026-11-21T10:42:00.1234567Z", "2026-02-29T00:00:00Z",
	    "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
	    "2026-01-32T00:00:00Z", "2026-01-00T00:00:00Z",
	    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
	    "2026-01-01T00:00:60Z", "2026-01-01T00:00:00Zx",
	    "+026-01-01T00:00:00Z", "0000-01-01T00:00:00Z"};
	char out[CLOCK_ISO_SIZE];
	int64_t us = 7;
	size_t i;

	for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_msg(!clock_parse_iso(wrong[i], &us), "%s", wrong[i]);
	ck_assert_int_eq(us, 7);
	ck_assert(clock_parse_iso("2026-11-21T10:42:00Z", &us));
	ck_assert_int_eq(us, 1795257720000000);
	ck_assert(clock_parse_iso("2024-02-29T23:59:59.5Z", &us));
	ck_assert_str_eq(clock_iso(us, true, out),
	    "2024-02-29T23:59:59.500000Z");
	ck_assert(clock_parse_iso("1969-12-31T23:59:59.999999Z", &us));
	ck_assert_int_eq(us, -1);
}
END_TEST

START_TEST(monotonic_clock_does_not_go_back)
{
	int64_t first = clock_mono_us(), second = clock_mono_us();

	ck_assert_int_le(first, second);
	ck_assert_int_gt(clock_wall_us(), 1600000000000000);
}
END_TEST

/* FIPS 180-4, examples of NIST. */
START_TEST(sha256_of_known_messages)
{
	char out[DIGEST_HEX_SIZE];

	ck_assert_str_eq(digest_sha256_hex("", 0, out),
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	ck_assert_str_eq(digest_sha256_hex("abc", 3, out),
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(random_bytes_fill_all_and_differ)
{
	unsigned char a[64] = {0}, b[64] = {0};

	random_bytes(a, sizeof a);
	random_bytes(b, sizeof b);
	ck_assert_int_ne(memcmp(a, b, sizeof a), 0);
	ck_assert_int_ne(memcmp(a + 48, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16),
	    0);
	random_bytes(a, 0);
}
END_TEST

START_TEST(public_roots_are_built_in)
{
	const struct builtin *roots = builtin_find("public-roots.pem");
	size_t i;

	ck_assert_ptr_nonnull(roots);
	ck_assert_uint_gt(roots->len, 50000);
	ck_assert_int_eq(roots->data[roots->len], 0);
	ck_assert_uint_eq(strlen((const char *)roots->data), roots->len);
	ck_assert_ptr_nonnull(
	    strstr((const char *)roots->data, "-----BEGIN CERTIFICATE-----"));
	ck_assert_ptr_null(builtin_find("public-roots"));
	ck_assert_ptr_null(builtin_find(""));
	for (i = 1; i < builtin_file_count; i++)
		ck_assert_int_lt(strcmp(builtin_files[i - 1].name,
				     builtin_files[i].name),
		    0);
}
END_TEST

HARNESS("base value", numbers_are_plain_digits_within_bounds,
    blank_and_equal_texts, versions_have_one_to_four_parts,
    versions_compare_by_number_not_by_text, wildcards_stand_for_whole_labels,
    host_names_follow_rfc_1123, times_are_written_in_utc,
    times_are_read_strictly, monotonic_clock_does_not_go_back,
    sha256_of_known_messages, random_bytes_fill_all_and_differ,
    public_roots_are_built_in)
