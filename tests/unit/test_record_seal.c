/* SPDX-License-Identifier: MIT */
/* Promises of the seal: any change is seen and named, what is left out or
 * masked is not missed, and a masked copy tells nobody whose it is. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/record/json.h"
#include "core/base/ip.h"
#include "core/record/mask.h"
#include "core/record/seal.h"
#include "tests/unit/key_case.h"
#include "tests/unit/sample_record.h"

#define MEGABYTE (1u << 20)
#define HEAD (SEAL_NSECTIONS - 1)

/* number 0: nobody signs. */
static void
seal(uint8_t number, const char *customer, struct buf *out)
{
	struct signer *s = number == 0 ? NULL : test_signer(number);
	struct record *r = sample_record();
	struct error err = {0};

	memset(r->secret, 0x5a, sizeof r->secret);
	if (customer != NULL)
		r->site.customer = arena_strdup(r->arena, customer);
	buf_clear(out);
	ck_assert_msg(seal_write(r, s, out, &err) == 0, "%s", err.what);
	signer_close(s);
	record_free(r);
}

static enum seal_verdict
check(struct arena *a, const char *data, size_t len, struct seal_report *out)
{
	seal_check(a, data, len, NULL, 0, NULL, 0, out);
	ck_assert((out->verdict == SEAL_BROKEN) == (out->broken.count > 0));
	ck_assert(out->verdict != SEAL_BROKEN || out->why != NULL);
	return out->verdict;
}

static bool
named(const struct seal_report *r, const char *section)
{
	return strlist_has(&r->broken, section) != 0;
}

START_TEST(test_a_whole_handover)
{
	struct arena *a = arena_new();
	struct seal_report r;
	struct buf one, two;

	buf_init(&one, MEGABYTE);
	buf_init(&two, MEGABYTE);
	seal(0, NULL, &one);
	ck_assert_int_eq(check(a, one.data, one.len, &r), SEAL_UNSIGNED);
	ck_assert_uint_eq(r.key.len, 0);
	seal(1, NULL, &one);
	seal(1, NULL, &two);
	ck_assert_str_eq(buf_str(&one), buf_str(&two));
	ck_assert_int_eq(check(a, one.data, one.len, &r), SEAL_SIGNED);
	ck_assert_ptr_nonnull(strstr(r.key.fingerprint, "SHA256:"));
	ck_assert(!r.redacted);
	/* What is not sealed says so; it is not called broken. */
	ck_assert_int_eq(check(a, "{\n  \"a\": 1\n}\n", 13, &r), SEAL_NONE);
	ck_assert_ptr_nonnull(r.why);
	buf_free(&one);
	buf_free(&two);
	arena_free(a);
}
END_TEST

/* The section that a byte of the file belongs to, as its reader sees it. */
static const char *
section_at(const struct buf *file, size_t at)
{
	char name[DOCUMENT_NAME_SIZE];
	size_t i;

	document_where(file->data, file->len, at, name);
	if (name[0] == '\0' || strcmp(name, "sections") == 0 ||
	    strcmp(name, "seal") == 0)
		return name[0] == '\0' ? "" :
		    name[2] == 'a'     ? "seal" :
					 "sections";
	for (i = 0; i < HEAD; i++) {
		const char *at_name = strstr(seal_sections[i].members, name);
		size_t n = strlen(name);

		if (at_name != NULL &&
		    (at_name == seal_sections[i].members ||
			at_name[-1] == ' ') &&
		    (at_name[n] == ' ' || at_name[n] == '\0'))
			return seal_sections[i].name;
	}
	return seal_sections[HEAD].name;
}

static void
each_byte(uint8_t key)
{
	struct arena *a = arena_new();
	struct seal_report r;
	size_t at, step = 0;
	const char *section;
	struct buf file;

	buf_init(&file, MEGABYTE);
	seal(key, NULL, &file);
	/* All of the list and of the signature, and more than one in ten of
	 * the rest. */
	for (at = 0; at < file.len; at += step) {
		char old = file.data[at];

		section = section_at(&file, at);
		step = strcmp(section, "sections") == 0 ||
			strcmp(section, "seal") == 0 ?
		    1 :
		    7;
		file.data[at] = (char)(old ^ 1);
		ck_assert_msg(check(a, file.data, file.len, &r) == SEAL_BROKEN,
		    "byte %zu in %s is not missed", at, section);
		/* A line of the list is a section's own, too. */
		ck_assert_msg(section[0] == '\0' || named(&r, section) ||
			strcmp(section, "sections") == 0,
		    "byte %zu in %s: %s", at, section, r.broken.item[0]);
		file.data[at] = old;
		arena_free(a);
		a = arena_new();
	}
	buf_free(&file);
	arena_free(a);
}

START_TEST(test_each_byte_of_a_signed_one)
{
	each_byte(2);
}
END_TEST

START_TEST(test_each_byte_of_an_unsigned_one)
{
	each_byte(0);
}
END_TEST

/* A member of the other file in the place of the same one. */
static void
swap(const struct buf *from, const struct buf *to, const char *name,
    struct buf *out)
{
	struct document_parts here, there;
	const struct document_part *p, *q;
	struct error err = {0};

	ck_assert_int_eq(document_split(to->data, to->len, &here, &err), 0);
	ck_assert_int_eq(document_split(from->data, from->len, &there, &err),
	    0);
	p = document_part(&here, name);
	q = document_part(&there, name);
	buf_clear(out);
	buf_add(out, to->data, p->start);
	buf_add(out, from->data + q->start, q->len);
	buf_add(out, to->data + p->start + p->len, to->len - p->start - p->len);
}

START_TEST(test_a_swapped_section)
{
	struct arena *a = arena_new();
	struct buf one, two, mix, more;
	struct seal_report r;

	buf_init(&one, MEGABYTE);
	buf_init(&two, MEGABYTE);
	buf_init(&mix, MEGABYTE);
	buf_init(&more, MEGABYTE);
	seal(3, "First Company", &one);
	seal(3, "Second Company", &two);
	swap(&one, &two, "site", &mix);
	ck_assert_int_eq(check(a, mix.data, mix.len, &r), SEAL_BROKEN);
	ck_assert_uint_eq(r.broken.count, 1);
	ck_assert(named(&r, "people"));
	/* With the list of the other one the signature does not fit. */
	swap(&one, &mix, "sections", &more);
	ck_assert_int_eq(check(a, more.data, more.len, &r), SEAL_BROKEN);
	ck_assert(named(&r, "sections"));
	/* With all of it, it is the other one. */
	swap(&one, &more, "seal", &mix);
	ck_assert_int_eq(check(a, mix.data, mix.len, &r), SEAL_SIGNED);
	ck_assert_str_eq(buf_str(&mix), buf_str(&one));
	buf_free(&one);
	buf_free(&two);
	buf_free(&mix);
	buf_free(&more);
	arena_free(a);
}
END_TEST

START_TEST(test_members_come_and_go)
{
	struct arena *a = arena_new();
	struct seal_report r;
	struct error err = {0};
	struct buf file, out;
	json_t *j;

	buf_init(&file, MEGABYTE);
	buf_init(&out, MEGABYTE);
	seal(4, NULL, &file);
	j = json_read(file.data, file.len, &err);
	json_object_set_new(j, "more", json_string("x"));
	json_write(j, &out);
	ck_assert_int_eq(check(a, out.data, out.len, &r), SEAL_BROKEN);
	ck_assert(named(&r, "head"));
	json_object_del(j, "more");
	json_object_del(j, "declarations");
	buf_clear(&out);
	json_write(j, &out);
	ck_assert_int_eq(check(a, out.data, out.len, &r), SEAL_BROKEN);
	ck_assert(named(&r, "people"));
	json_decref(j);
	buf_free(&file);
	buf_free(&out);
	arena_free(a);
}
END_TEST

/* --- copies --- */

static void
redact(const struct buf *file, enum seal_state people, enum seal_state network,
    enum seal_state rest, struct buf *out, json_t **map)
{
	enum seal_state want[SEAL_NSECTIONS];
	struct error err = {0};
	size_t i;

	for (i = 0; i < SEAL_NSECTIONS; i++)
		want[i] = i == HEAD && rest == SEAL_WITHHELD ? SEAL_WHOLE :
							       rest;
	want[0] = people;
	want[1] = network;
	buf_clear(out);
	ck_assert_msg(seal_redact(file->data, file->len, want, out, map,
			  &err) == 0,
	    "%s", err.what);
}

START_TEST(test_copies_verify)
{
	struct arena *a = arena_new();
	enum seal_state want[SEAL_NSECTIONS] = {0};
	struct seal_report r;
	struct error err = {0};
	struct buf file, copy, twice;
	struct record *read;

	buf_init(&file, MEGABYTE);
	buf_init(&copy, MEGABYTE);
	buf_init(&twice, MEGABYTE);
	seal(5, NULL, &file);
	redact(&file, SEAL_WITHHELD, SEAL_MASKED, SEAL_WHOLE, &copy, NULL);
	ck_assert_int_eq(check(a, copy.data, copy.len, &r), SEAL_SIGNED);
	ck_assert(r.redacted);
	ck_assert_int_eq(r.state[0], SEAL_WITHHELD);
	ck_assert_int_eq(r.state[1], SEAL_MASKED);
	ck_assert_int_eq(r.state[2], SEAL_WHOLE);
	ck_assert_ptr_null(strstr(buf_str(&copy), "\n  \"site\""));
	read = record_from_json(copy.data, copy.len, &err);
	ck_assert_msg(read != NULL, "%s %s", err.what, err.where);
	record_free(read);
	redact(&file, SEAL_WITHHELD, SEAL_WITHHELD, SEAL_WITHHELD, &twice,
	    NULL);
	ck_assert_int_eq(check(a, twice.data, twice.len, &r), SEAL_SIGNED);
	/* A copy of a copy is none, and the head stays. */
	ck_assert_int_eq(seal_redact(copy.data, copy.len, want, &twice, NULL,
			     &err),
	    -1);
	want[HEAD] = SEAL_WITHHELD;
	ck_assert_int_eq(seal_redact(file.data, file.len, want, &twice, NULL,
			     &err),
	    -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	buf_free(&file);
	buf_free(&copy);
	buf_free(&twice);
	arena_free(a);
}
END_TEST

START_TEST(test_a_copy_tells_nobody)
{
	struct arena *a = arena_new();
	struct record *r = sample_record();
	struct seal_report report;
	struct buf file, copy;
	json_t *map = NULL;
	const char *token;
	json_t *original;

	buf_init(&file, MEGABYTE);
	buf_init(&copy, MEGABYTE);
	seal(6, "Acme Secret Holding", &file);
	redact(&file, SEAL_MASKED, SEAL_MASKED, SEAL_MASKED, &copy, &map);
	ck_assert_int_eq(check(a, copy.data, copy.len, &report), SEAL_SIGNED);
	ck_assert_ptr_nonnull(strstr(buf_str(&file), "Acme Secret"));
	ck_assert_ptr_null(strstr(buf_str(&copy), "Acme Secret"));
	ck_assert_ptr_nonnull(r->vantage.gateway);
	ck_assert_ptr_nonnull(strstr(buf_str(&file), r->vantage.gateway));
	ck_assert_ptr_null(strstr(buf_str(&copy), r->vantage.gateway));
	ck_assert_ptr_null(strstr(buf_str(&copy), r->vantage.gateway_mac));
	/* Nothing that the owner's map knows stands in it, but for words that
	 * are too short to be looked for. */
	ck_assert_uint_gt(json_object_size(map), 3);
	json_object_foreach(map, token, original)
	{
		const char *text = json_string_value(original);

		ck_assert_msg(strlen(text) < 6 ||
			strstr(buf_str(&copy), text) == NULL,
		    "%s for %s", token, text);
	}
	json_decref(map);
	buf_free(&file);
	buf_free(&copy);
	record_free(r);
	arena_free(a);
}
END_TEST

static const char *
masked(const char *text, char *out, size_t size)
{
	json_t *vantage = json_object(), *document = json_object(), *copy;

	json_object_set_new(vantage, "proxy", json_string(text));
	json_object_set_new(document, "vantage", vantage);
	copy = seal_mask(document, NULL);
	snprintf(out, size, "%s",
	    json_string_value(
		json_object_get(json_object_get(copy, "vantage"), "proxy")));
	json_decref(copy);
	json_decref(document);
	return out;
}

START_TEST(test_what_names_nobody_stays)
{
	static const char *const cases[] = {
	    "127.0.0.1 or 224.0.0.251",
	    "version 17.0.3 at 10:42:00 on 2026-11-21",
	    "110.20.30.500 a10.20.30.5x",
	    "ff02::fb ::1 0.0.0.0 255.255.255.255",
	    "01:00:5e:00:00:fb",
	};
	char out[256];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *document = json_pack("{s:[{s:s}]}", "requirements",
		    "note", cases[i]);
		json_t *copy = seal_mask(document, NULL);

		ck_assert_str_eq(json_string_value(json_object_get(
				     json_array_get(json_object_get(copy,
							"requirements"),
					 0),
				     "note")),
		    cases[i]);
		json_decref(copy);
		json_decref(document);
	}
	ck_assert_str_eq(masked("127.0.0.1:3128", out, sizeof out),
	    "127.0.0.1:3128");
}
END_TEST

static struct ip
token_of(const char *address)
{
	char out[256];
	struct ip ip;

	ck_assert_msg(ip_parse(masked(address, out, sizeof out), &ip), "%s: %s",
	    address, out);
	return ip;
}

/* How many leading bits two addresses share. */
static int
shared_bits(const struct ip *a, const struct ip *b)
{
	int i, bits = a->len * 8;

	for (i = 0; i < bits; i++) {
		if (((a->byte[i / 8] ^ b->byte[i / 8]) >> (7 - i % 8)) & 1)
			break;
	}
	return i;
}

START_TEST(test_addresses_keep_their_neighbours)
{
	static const char *const all[] = {"10.20.30.50", "10.20.30.1",
	    "10.20.31.1", "10.21.31.1", "172.16.5.9", "172.31.5.9",
	    "192.168.1.7", "192.168.1.255", "192.168.200.7", "169.254.3.4",
	    "100.64.1.1", "130.60.12.5", "130.60.13.5", "130.61.13.5",
	    "fe80::5054:ff:fe12:3456", "fe80::1", "fd00:1:2:3::9",
	    "fd00:1:2:3:5054:ff:fe12:3456", "2001:db8:1:2::5",
	    "2001:db8:1:2::6", "2001:db8:1:3::6",
	    "2001:db8:1:2:5054:ff:fe12:3456"};
	struct ip x, y, tx, ty;
	size_t i, j, count = sizeof all / sizeof *all;

	for (i = 0; i < count; i++) {
		ck_assert(ip_parse(all[i], &x));
		tx = token_of(all[i]);
		ck_assert_int_eq(tx.len, x.len);
		ck_assert_int_eq(ip_is_private(&tx), ip_is_private(&x));
		ck_assert_int_eq(ip_is_link_local(&tx), ip_is_link_local(&x));
		/* Of a router only its number is left. */
		ck_assert(strcmp(all[i], "fe80::1") == 0 ||
		    memcmp(tx.byte, x.byte, (size_t)x.len) != 0);
		for (j = 0; j < i; j++) {
			ck_assert(ip_parse(all[j], &y));
			ty = token_of(all[j]);
			if (x.len != y.len || ip_is_private(&x) == false ||
			    ip_is_private(&y) == false) {
				ck_assert(tx.len != ty.len ||
				    memcmp(tx.byte, ty.byte, 16) != 0);
				continue;
			}
			if (x.len == 4)
				ck_assert_int_eq(shared_bits(&tx, &ty),
				    shared_bits(&x, &y));
			else
				ck_assert_int_eq(shared_bits(&tx, &ty) >= 64,
				    shared_bits(&x, &y) >= 64);
		}
	}
	/* Networks of the internet, too. */
	x = token_of("130.60.12.5");
	y = token_of("130.60.13.5");
	ck_assert_int_eq(shared_bits(&x, &y), 23);
	y = token_of("130.61.13.5");
	ck_assert_int_eq(shared_bits(&x, &y), 15);
	x = token_of("2001:db8:1:2::5");
	y = token_of("2001:db8:1:3::6");
	ck_assert_int_eq(shared_bits(&x, &y), 63);
}
END_TEST

START_TEST(test_hardware_addresses)
{
	char one[64], two[64], other[64];
	unsigned first;

	masked("02:00:5e:10:00:0A", one, sizeof one);
	masked("02-00-5e-10-00-0a", two, sizeof two);
	masked("02:00:5e:10:00:0b", other, sizeof other);
	ck_assert_str_ne(one, other);
	ck_assert_int_eq(sscanf(one, "%2x", &first), 1);
	ck_assert_uint_eq(first & 3, 2); /* locally administered, one host */
	/* The same one, as each of them is written. */
	ck_assert_int_eq(two[2], '-');
	two[2] = two[5] = two[8] = two[11] = two[14] = ':';
	ck_assert_int_eq(strcasecmp(one, two), 0);
	masked("02005E10000A", other, sizeof other);
	ck_assert_uint_eq(strlen(other), 12);
	ck_assert_int_eq(strncasecmp(other, one, 2), 0);
	ck_assert_int_eq(strncasecmp(other + 10, one + 15, 2), 0);
}
END_TEST

START_TEST(test_addresses_in_text)
{
	char one[128], many[256], want[512], other[64];

	masked("10.20.30.50", one, sizeof one);
	masked("10.20.30.1", other, sizeof other);
	snprintf(want, sizeof want, "%s/24 %s, %s:5060", one, other, other);
	ck_assert_str_eq(masked("10.20.30.50/24 10.20.30.1, 10.20.30.1:5060",
			     many, sizeof many),
	    want);
	snprintf(want, sizeof want, "http://%s:8080/", other);
	ck_assert_str_eq(masked("http://10.20.30.1:8080/x?who=me", many,
			     sizeof many),
	    want);
	masked("2001:db8:1:2::5", other, sizeof other);
	snprintf(want, sizeof want, "[%s]:443", other);
	ck_assert_str_eq(masked("[2001:db8:1:2::5]:443", many, sizeof many),
	    want);
	/* Two names of one owner share what they shared. */
	masked("proxy.villa-huber.example:3128", one, sizeof one);
	masked("http://me:secret@dns.villa-huber.example/", many, sizeof many);
	ck_assert_ptr_null(strstr(one, "huber"));
	ck_assert_ptr_null(strstr(many, "huber"));
	ck_assert_ptr_null(strstr(many, "secret"));
	ck_assert_ptr_nonnull(strstr(one, ".invalid:3128"));
	snprintf(want, sizeof want, "%.*s",
	    (int)(strstr(one, ".invalid") - strchr(one, '.')),
	    strchr(one, '.'));
	ck_assert_ptr_nonnull(strstr(many, want));
}
END_TEST

HARNESS("record seal", test_a_whole_handover, test_each_byte_of_a_signed_one,
    test_each_byte_of_an_unsigned_one, test_a_swapped_section,
    test_members_come_and_go, test_copies_verify, test_a_copy_tells_nobody,
    test_what_names_nobody_stays, test_addresses_keep_their_neighbours,
    test_hardware_addresses, test_addresses_in_text)
