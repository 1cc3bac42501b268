/* SPDX-License-Identifier: MIT */
/* Promises of reading mDNS messages (RFC 6762, names as in RFC 1035): what is
 * well-formed to its last byte is read, nothing else is, and no byte leads
 * outside. */
#include "tests/unit/harness.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/probe/mdns_message.h"
#include "tests/unit/mdns_bytes.h"

START_TEST(names_are_unpacked_as_in_rfc_1035)
{
	/* The names of RFC 1035 section 4.1.4, as four questions. */
	static const uint8_t tail[] = "\0\14\0\1\3FOO\300\14\0\14\0\1\300\22"
				      "\0\14\0\1\0\0\14\0\1";
	static const char *const first[] = {"F", "ISI", "ARPA", NULL};
	static const uint8_t foo[] = "\3FOO\1F\3ISI\4ARPA";
	struct mdns_header h;
	struct mdns_walk w;
	struct mdns_entry e;
	struct mdns_name n;
	struct bytes b;

	bytes_put_header(&b, 7, 0, 4, 0, 0);
	bytes_put_labels(&b, first);
	bytes_put(&b, "", 1);
	bytes_put(&b, tail, sizeof tail - 1);
	ck_assert(mdns_check(b.data, b.len, &h));
	ck_assert(!h.response);
	ck_assert_uint_eq(h.id, 7);
	ck_assert_uint_eq(h.questions, 4);
	mdns_walk_begin(&w, b.data, b.len);
	ck_assert(mdns_walk_next(&w, &e));
	ck_assert(e.question);
	ck_assert(mdns_name_parse(&n, "f.isi.arpa"));
	ck_assert(mdns_name_equal(&e.name, &n));
	ck_assert(mdns_walk_next(&w, &e));
	ck_assert_uint_eq(e.name.len, sizeof foo);
	ck_assert_mem_eq(e.name.wire, foo, sizeof foo);
	ck_assert(mdns_name_is_below(&e.name, &n));
	ck_assert(!mdns_name_is_below(&n, &e.name));
	ck_assert(mdns_walk_next(&w, &e));
	ck_assert(mdns_name_parse(&n, "ARPA"));
	ck_assert(mdns_name_equal(&e.name, &n));
	ck_assert(mdns_walk_next(&w, &e));
	ck_assert_uint_eq(e.name.len, 1);
	ck_assert(!mdns_walk_next(&w, &e));
}
END_TEST

START_TEST(what_is_not_well_formed_to_its_last_byte_is_none)
{
	static const struct {
		size_t len;
		const char *name; /* of one question */
	} names[] = {
	    {2, "\300\14"},    /* to itself */
	    {2, "\300\15"},    /* into itself */
	    {2, "\300\0"},     /* into the header */
	    {2, "\300\100"},   /* forwards */
	    {4, "\1a\300\14"}, /* round and round */
	    {4, "\1a\300\16"}, /* to the pointer itself */
	    {3, "\101aa"},     /* unknown kind of label */
	    {3, "\2ab"},       /* runs into type and class */
	};
	struct mdns_header h;
	struct bytes b, whole;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		bytes_put_header(&b, 0, 0, 1, 0, 0);
		bytes_put(&b, names[i].name, names[i].len);
		bytes_put(&b, "\0\14\0\1", 4);
		ck_assert_msg(!mdns_check(b.data, b.len, &h), "name %zu", i);
	}
	bytes_service_answer(&whole, 0, "_http", "Lab", "10.20.30.61");
	ck_assert(mdns_check(whole.data, whole.len, &h));
	for (i = 0; i < whole.len; i++)
		ck_assert_msg(!mdns_check(whole.data, i, &h), "cut at %zu", i);
	b = whole;
	bytes_put(&b, "", 1);
	ck_assert(!mdns_check(b.data, b.len, &h)); /* one byte too many */
	b = whole;
	b.data[2] |= 0x08; /* opcode */
	ck_assert(!mdns_check(b.data, b.len, &h));
	b = whole;
	b.data[3] |= 3; /* rcode */
	ck_assert(!mdns_check(b.data, b.len, &h));
	b = whole;
	b.data[6] = 0x7f; /* answers that are not there */
	ck_assert(!mdns_check(b.data, b.len, &h));
}
END_TEST

/* Under the sanitizers: no byte that is wrong leads outside. */
START_TEST(no_flipped_byte_leads_astray)
{
	struct mdns_header h;
	struct mdns_entry e;
	struct mdns_walk w;
	struct bytes b;
	uint8_t *copy;
	size_t i;
	int v;

	bytes_service_answer(&b, 0, "_http", "Lab", "10.20.30.61");
	for (i = 0; i < b.len; i++) {
		for (v = 1; v < 256; v++) {
			copy = mem_alloc(b.len);
			memcpy(copy, b.data, b.len);
			copy[i] ^= (uint8_t)v;
			if (mdns_check(copy, b.len, &h)) {
				mdns_walk_begin(&w, copy, b.len);
				while (mdns_walk_next(&w, &e))
					ck_assert_uint_le(e.name.len, 255);
			}
			mem_free(copy);
		}
	}
}
END_TEST

/* 255 bytes are a name, 256 are none, however they are packed. */
START_TEST(a_name_has_at_most_255_bytes)
{
	char label[64];
	struct mdns_header h;
	struct bytes b;
	int i, last;

	memset(label, 'x', 63);
	label[63] = '\0';
	for (last = 61; last <= 62; last++) {
		bytes_put_header(&b, 0, 0, 1, 0, 0);
		for (i = 0; i < 3; i++)
			bytes_put_labels(&b,
			    (const char *const[]){label, NULL});
		label[last] = '\0';
		bytes_put_labels(&b, (const char *const[]){label, NULL});
		label[last] = 'x';
		bytes_put(&b, "\0\0\14\0\1", 5);
		ck_assert_int_eq(mdns_check(b.data, b.len, &h), last == 61);
	}
}
END_TEST

HARNESS("mdns message", names_are_unpacked_as_in_rfc_1035,
    what_is_not_well_formed_to_its_last_byte_is_none,
    no_flipped_byte_leads_astray, a_name_has_at_most_255_bytes)
