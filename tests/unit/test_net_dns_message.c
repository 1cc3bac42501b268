/* SPDX-License-Identifier: MIT */
/* Promises of the DNS message reader (RFC 1035 section 4): right about right
 * messages, and safe with hostile ones. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/net/dns.h"

#define FLAGS_QR 0x8000
#define FLAGS_AA 0x0400
#define FLAGS_TC 0x0200
#define FLAGS_RD 0x0100
#define FLAGS_RA 0x0080

struct message {
	uint8_t data[70000];
	size_t len;
};

static void
put16(struct message *m, unsigned v)
{
	m->data[m->len++] = (uint8_t)(v >> 8);
	m->data[m->len++] = (uint8_t)v;
}

static void
put(struct message *m, const void *data, size_t len)
{
	memcpy(m->data + m->len, data, len);
	m->len += len;
}

static struct message *
begin(unsigned flags, unsigned nq, unsigned na)
{
	static struct message m;

	m.len = 0;
	put16(&m, 0x1234);
	put16(&m, flags);
	put16(&m, nq);
	put16(&m, na);
	put16(&m, 0);
	put16(&m, 0);
	return &m;
}

/* a.example, type A, class IN; its name stands at offset 12. */
static void
question(struct message *m, unsigned type)
{
	put(m, "\1a\7example", 11);
	put16(m, type);
	put16(m, 1);
}

static void
record(struct message *m, const void *name, size_t namelen, unsigned type,
    unsigned class, uint32_t ttl, const void *data, size_t len)
{
	put(m, name, namelen);
	put16(m, type);
	put16(m, class);
	put16(m, ttl >> 16);
	put16(m, ttl & 0xffff);
	put16(m, (unsigned)len);
	put(m, data, len);
}

#define POINTER "\300\14" /* to offset 12 */

/* A copy of its exact size, so that a read past the end is seen. */
static bool
parse(struct arena *a, const struct message *m, size_t len,
    struct dns_answer *out)
{
	uint8_t *copy = malloc(len == 0 ? 1 : len);
	bool ok;

	memcpy(copy, m->data, len);
	ok = dns_parse(a, copy, len, out);
	free(copy);
	return ok;
}

/* CNAME to b.example, then its A and its AAAA. */
static struct message *
alias_answer(unsigned flags)
{
	struct message *m = begin(flags, 1, 3);

	question(m, DNS_TYPE_A);
	record(m, POINTER, 2, DNS_TYPE_CNAME, 1, 300, "\1b\300\16", 4);
	record(m, "\1b\300\16", 4, DNS_TYPE_A, 1, 60, "\300\0\2\7", 4);
	record(m, "\1b\300\16", 4, DNS_TYPE_AAAA, 1, 61,
	    "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\7", 16);
	return m;
}

START_TEST(aliases_and_addresses_are_read)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = alias_answer(FLAGS_QR | FLAGS_RD | FLAGS_RA);

	ck_assert(parse(a, m, m->len, &x));
	ck_assert_int_eq(x.rcode, DNS_NOERROR);
	ck_assert(x.rd && x.ra && !x.aa && !x.tc);
	ck_assert_uint_eq(x.nrecords, 3);
	ck_assert_int_eq(x.records[0].type, DNS_TYPE_CNAME);
	ck_assert_str_eq(x.records[0].data, "b.example");
	ck_assert_uint_eq(x.records[0].ttl, 300);
	ck_assert_int_eq(x.records[1].type, DNS_TYPE_A);
	ck_assert_str_eq(x.records[1].data, "192.0.2.7");
	ck_assert_uint_eq(x.records[1].ttl, 60);
	ck_assert_int_eq(x.records[2].type, DNS_TYPE_AAAA);
	ck_assert_str_eq(x.records[2].data, "2001:db8::7");
	arena_free(a);
}
END_TEST

START_TEST(flags_and_response_codes_are_told_apart)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m;
	unsigned rcode;

	for (rcode = 0; rcode < 16; rcode++) {
		m = begin(FLAGS_QR | FLAGS_AA | rcode, 1, 0);
		question(m, DNS_TYPE_A);
		ck_assert(parse(a, m, m->len, &x));
		ck_assert_int_eq(x.rcode, (int)rcode);
		ck_assert(x.aa && !x.ra && !x.rd && !x.tc);
		ck_assert_uint_eq(x.nrecords, 0);
	}
	arena_free(a);
}
END_TEST

START_TEST(a_message_cut_anywhere_is_malformed)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = alias_answer(FLAGS_QR | FLAGS_RA);
	size_t len;

	for (len = 0; len < m->len; len++)
		ck_assert_msg(!parse(a, m, len, &x), "%zu bytes passed", len);
	arena_free(a);
}
END_TEST

/* RFC 2181 section 9: what came before the cut may be used. */
START_TEST(a_cut_message_that_says_so_keeps_what_came_whole)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = alias_answer(FLAGS_QR | FLAGS_TC);

	ck_assert(parse(a, m, m->len - 5, &x));
	ck_assert(x.tc);
	ck_assert_uint_eq(x.nrecords, 2);
	/* The header and the question must be there in any case. */
	ck_assert(!parse(a, m, 20, &x));
	arena_free(a);
}
END_TEST

START_TEST(a_question_is_not_an_answer)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = begin(FLAGS_RD, 1, 0);

	question(m, DNS_TYPE_A);
	ck_assert(!parse(a, m, m->len, &x));
	m = begin(FLAGS_QR, 2, 0);
	question(m, DNS_TYPE_A);
	question(m, DNS_TYPE_A);
	ck_assert(!parse(a, m, m->len, &x));
	arena_free(a);
}
END_TEST

START_TEST(compression_loops_end)
{
	static const struct {
		const char *name;
		size_t len;
	} loop[] = {
	    {"\300\14", 2},        /* to itself */
	    {"\300\16\300\14", 4}, /* to each other */
	    {"\1x\300\14", 4},     /* a label and round again */
	    {"\300\377", 2},       /* beyond the end */
	    {"\377\377", 2},       /* farther beyond */
	    {"\100x", 2},          /* reserved label type */
	    {"\200x", 2},          /* reserved label type */
	    {"\77x", 2},           /* a label longer than the message */
	};
	struct arena *a = arena_new();
	struct dns_answer x;
	size_t i;

	for (i = 0; i < sizeof loop / sizeof *loop; i++) {
		struct message *m = begin(FLAGS_QR, 1, 0);

		put(m, loop[i].name, loop[i].len);
		put16(m, DNS_TYPE_A);
		put16(m, 1);
		ck_assert_msg(!parse(a, m, m->len, &x), "loop %zu passed", i);
		/* The same as an alias. */
		m = begin(FLAGS_QR, 1, 1);
		question(m, DNS_TYPE_A);
		record(m, POINTER, 2, DNS_TYPE_CNAME, 1, 5, loop[i].name,
		    loop[i].len);
		if (parse(a, m, m->len, &x) && x.nrecords > 0)
			ck_assert_uint_le(strlen(x.records[0].data), 255);
	}
	arena_free(a);
}
END_TEST

START_TEST(an_alias_does_not_run_out_of_its_record)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = begin(FLAGS_QR, 1, 2);

	question(m, DNS_TYPE_A);
	/* Three bytes of data that begin a label of five. */
	record(m, POINTER, 2, DNS_TYPE_CNAME, 1, 5, "\5ab", 3);
	record(m, POINTER, 2, DNS_TYPE_A, 1, 5, "\300\0\2\7", 4);
	ck_assert(parse(a, m, m->len, &x));
	ck_assert_uint_eq(x.nrecords, 1);
	ck_assert_int_eq(x.records[0].type, DNS_TYPE_A);
	arena_free(a);
}
END_TEST

START_TEST(wrong_counts_and_lengths_are_refused)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = begin(FLAGS_QR, 1, 65535);

	question(m, DNS_TYPE_A);
	record(m, POINTER, 2, DNS_TYPE_A, 1, 5, "\300\0\2\7", 4);
	ck_assert(!parse(a, m, m->len, &x));
	m = begin(FLAGS_QR, 1, 1);
	question(m, DNS_TYPE_A);
	record(m, POINTER, 2, DNS_TYPE_A, 1, 5, "\300\0\2\7", 4);
	m->data[m->len - 5] = 200; /* data length beyond the end */
	ck_assert(!parse(a, m, m->len, &x));
	/* An address of the wrong size is no address. */
	m = begin(FLAGS_QR, 1, 3);
	question(m, DNS_TYPE_A);
	record(m, POINTER, 2, DNS_TYPE_A, 1, 5, "\300\0\2", 3);
	record(m, POINTER, 2, DNS_TYPE_AAAA, 1, 5, "\300\0\2\7", 4);
	record(m, POINTER, 2, DNS_TYPE_A, 1, 5, "", 0);
	ck_assert(parse(a, m, m->len, &x));
	ck_assert_uint_eq(x.nrecords, 0);
	/* Another class is not the internet's. */
	m = begin(FLAGS_QR, 1, 1);
	question(m, DNS_TYPE_A);
	record(m, POINTER, 2, DNS_TYPE_A, 3, 5, "\300\0\2\7", 4);
	ck_assert(parse(a, m, m->len, &x));
	ck_assert_uint_eq(x.nrecords, 0);
	arena_free(a);
}
END_TEST

/* RFC 2181 section 8: a TTL is 31 bits; with the top bit set it is zero. */
START_TEST(a_huge_ttl_is_none)
{
	static const struct {
		uint32_t wire, ttl;
	} rows[] = {
	    {0, 0},
	    {1, 1},
	    {0x7fffffff, 2147483647},
	    {0x80000000, 0},
	    {0xffffffff, 0},
	};
	struct arena *a = arena_new();
	struct dns_answer x;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message *m = begin(FLAGS_QR, 1, 1);

		question(m, DNS_TYPE_A);
		record(m, POINTER, 2, DNS_TYPE_A, 1, rows[i].wire, "\300\0\2\7",
		    4);
		ck_assert(parse(a, m, m->len, &x));
		ck_assert_uint_eq(x.nrecords, 1);
		ck_assert_uint_eq(x.records[0].ttl, rows[i].ttl);
	}
	arena_free(a);
}
END_TEST

START_TEST(a_flood_of_records_is_bounded)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = begin(FLAGS_QR, 1, 4000);
	size_t i;

	question(m, DNS_TYPE_A);
	for (i = 0; i < 4000; i++)
		record(m, POINTER, 2, DNS_TYPE_A, 1, 5, "\300\0\2\7", 4);
	ck_assert_uint_lt(m->len, 65536);
	ck_assert(parse(a, m, m->len, &x));
	ck_assert_uint_eq(x.nrecords, 64);
	ck_assert_uint_lt(arena_bytes(a), 1024 * 1024);
	ck_assert(!parse(a, m, sizeof m->data, &x)); /* no such message */
	arena_free(a);
}
END_TEST

START_TEST(names_are_made_safe_to_show)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = begin(FLAGS_QR, 1, 1);
	const char *s;

	question(m, DNS_TYPE_A);
	record(m, POINTER, 2, DNS_TYPE_CNAME, 1, 5, "\6a\33[2J\n\4.\"\\x", 13);
	ck_assert(parse(a, m, m->len, &x));
	ck_assert_uint_eq(x.nrecords, 1);
	for (s = x.records[0].data; *s != '\0'; s++)
		ck_assert_int_ge((unsigned char)*s, 0x20);
	arena_free(a);
}
END_TEST

START_TEST(noise_never_crashes)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m;
	uint32_t seed = 12345;
	size_t i, k, at;

	for (i = 0; i < 20000; i++) {
		m = alias_answer(FLAGS_QR);
		for (k = 0; k < 1 + i % 4; k++) {
			seed = seed * 1664525 + 1013904223;
			at = (seed >> 8) % m->len;
			m->data[at] = (uint8_t)(seed >> 24);
		}
		if (parse(a, m, m->len, &x))
			ck_assert_uint_le(x.nrecords, 64);
		if (i % 500 == 0) {
			arena_free(a);
			a = arena_new();
		}
	}
	arena_free(a);
}
END_TEST

/* RFC 6891 section 6.1.2: the root, type 41, and a size in place of the class;
 * after a record of the authority section. */
START_TEST(an_opt_record_behind_the_answers_is_seen)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = begin(FLAGS_QR | FLAGS_RA, 1, 0);

	question(m, 1);
	record(m, POINTER, 2, 6, 1, 30, "\0\0", 2);
	record(m, "\0", 1, 41, 1232, 0, "", 0);
	m->data[9] = 1;
	m->data[11] = 1;
	ck_assert(parse(a, m, m->len, &x));
	ck_assert(x.edns);
	ck_assert_uint_eq(x.edns_size, 1232);
	ck_assert_uint_eq(x.nrecords, 0);
	/* Cut, or not counted: the answer stands without it. */
	ck_assert(parse(a, m, m->len - 3, &x));
	ck_assert(!x.edns);
	m->data[11] = 0;
	ck_assert(parse(a, m, m->len, &x));
	ck_assert(!x.edns);
	arena_free(a);
}
END_TEST

START_TEST(the_servers_of_a_zone_and_whose_record_it_is_are_read)
{
	struct arena *a = arena_new();
	struct dns_answer x;
	struct message *m = begin(FLAGS_QR | FLAGS_AA, 1, 2);

	question(m, 2);
	record(m, POINTER, 2, 2, 1, 3600, "\3ns1\300\14", 6);
	record(m, "\1B\300\16", 4, 1, 1, 60, "\300\0\2\7", 4);
	ck_assert(parse(a, m, m->len, &x));
	ck_assert_uint_eq(x.nrecords, 2);
	ck_assert_int_eq(x.records[0].type, DNS_TYPE_NS);
	ck_assert_str_eq(x.records[0].name, "a.example");
	ck_assert_str_eq(x.records[0].data, "ns1.a.example");
	ck_assert_uint_eq(x.records[0].ttl, 3600);
	ck_assert_str_eq(x.records[1].name, "B.example");
	ck_assert_str_eq(x.records[1].data, "192.0.2.7");
	arena_free(a);
}
END_TEST

HARNESS("net dns message", an_opt_record_behind_the_answers_is_seen,
    the_servers_of_a_zone_and_whose_record_it_is_are_read,
    aliases_and_addresses_are_read, flags_and_response_codes_are_told_apart,
    a_message_cut_anywhere_is_malformed,
    a_cut_message_that_says_so_keeps_what_came_whole,
    a_question_is_not_an_answer, compression_loops_end,
    an_alias_does_not_run_out_of_its_record,
    wrong_counts_and_lengths_are_refused, a_huge_ttl_is_none,
    a_flood_of_records_is_bounded, names_are_made_safe_to_show,
    noise_never_crashes)
