/* SPDX-License-Identifier: MIT */
/* Which answer counts, what conditions come to, what may be typed. */
#include <string.h>

#include "core/base/buf.h"
#include "core/pack/answers.h"
#include "tests/unit/harness.h"

#define HEAD(name) \
	"pack: " name "\nvendor: V\ntitle: T\nabout: A.\n" \
	"version: 2026112101\n" \
	"source: {document: d, title: D, retrieved: 2026-11-21}\n"

#define TAIL(when) \
	"services:\n  - title: S\n    reason: R.\n" \
	"    breaks: {installer: I., customer: C.}\n" \
	"    strength: required\n    direction: outbound\n" \
	"    requirements:\n" \
	"      - {id: r, protocol: tcp, ports: [1], rung: transport,\n" \
	"         to: {kind: fqdn, name: a.example.com},\n" \
	"         probe: {type: tcp}, source: \"1\", when: [" when "]}\n" \
	"steps:\n  - {id: s, title: S, text: T., checks: [r]}\n"

#define Q(id, rest) \
	"  - {id: " id ", topic: T, ask: A?, why: W., source: \"1\", " rest \
	"}\n"

static const char *const questions = "questions:\n" Q("yes_no", "type: yesno")
    Q("kind",
	"type: choice, choices: [{id: a, label: First one},"
	" {id: b, label: Second}, {id: c, label: Third}]") Q("version",
	"type: version") Q("count", "type: number, min: 1, max: 200")
	Q("port", "type: port, default: 80") Q("address", "type: address")
	    Q("host", "type: host, must: true") Q("serial", "type: serial")
		Q("text", "type: text")
		    Q("hidden", "type: yesno, when: [{question: kind, is: b}]")
			Q("deeper",
			    "type: yesno, when: [{question: hidden, is: yes}]");

/* A set of packs made from texts, and a record that has chosen them. */
struct site {
	struct pack_set set;
	struct record *r;
};

static struct pack *
site_add(struct site *s, const char *name, const char *head, const char *body,
    const char *tail)
{
	struct mistakes m = {0};
	struct pack *p;
	struct buf b;

	if (s->r == NULL) {
		s->r = record_new();
		s->set.arena = arena_new();
	}
	buf_init(&b, 65536);
	buf_adds(&b, head);
	buf_adds(&b, body);
	buf_adds(&b, tail);
	p = pack_parse(s->set.arena,
	    arena_printf(s->set.arena, "%s.yaml", name), buf_str(&b), b.len,
	    NULL, &m);
	ck_assert_msg(p != NULL, "%u:%u %s", m.item[0].place.line,
	    m.item[0].place.column, m.item[0].text);
	*arena_push(s->set.arena, s->set.pack, s->set.count) = p;
	strlist_add(s->r->arena, &s->r->products, name);
	buf_free(&b);
	return p;
}

static void
site_free(struct site *s)
{
	record_free(s->r);
	arena_free(s->set.arena);
}

/* --- truth --- */

/* What a condition comes to with up to two answers; NULL = not given. */
static const struct {
	const char *when;
	const char *q1, *a1, *q2, *a2;
	enum truth truth;
} truths[] = {
    {"", NULL, NULL, NULL, NULL, TRUTH_YES},
    {"{question: yes_no, is: yes}", "yes_no", "yes", NULL, NULL, TRUTH_YES},
    {"{question: yes_no, is: yes}", "yes_no", "no", NULL, NULL, TRUTH_NO},
    {"{question: yes_no, is: yes}", NULL, NULL, NULL, NULL, TRUTH_UNKNOWN},
    {"{question: yes_no, is: yes}", "yes_no", "unknown", NULL, NULL,
	TRUTH_UNKNOWN},
    /* An answer that the question would not take is none. */
    {"{question: yes_no, is: yes}", "yes_no", "perhaps", NULL, NULL,
	TRUTH_UNKNOWN},
    {"{question: kind, not: a}", "kind", "a", NULL, NULL, TRUTH_NO},
    {"{question: kind, not: a}", "kind", "b", NULL, NULL, TRUTH_YES},
    {"{question: kind, not: a}", NULL, NULL, NULL, NULL, TRUTH_UNKNOWN},
    {"{question: kind, any_of: [a, c]}", "kind", "c", NULL, NULL, TRUTH_YES},
    {"{question: kind, any_of: [a, c]}", "kind", "b", NULL, NULL, TRUTH_NO},
    {"{question: kind, any_of: [a, c]}", NULL, NULL, NULL, NULL, TRUTH_UNKNOWN},
    /* Two clauses: no beats unknown beats yes. */
    {"{question: yes_no, is: yes}, {question: kind, is: a}", "yes_no", "yes",
	"kind", "a", TRUTH_YES},
    {"{question: yes_no, is: yes}, {question: kind, is: a}", "yes_no", "yes",
	NULL, NULL, TRUTH_UNKNOWN},
    {"{question: yes_no, is: yes}, {question: kind, is: a}", "kind", "b", NULL,
	NULL, TRUTH_NO},
    {"{question: yes_no, is: yes}, {question: kind, is: a}", "yes_no", "no",
	NULL, NULL, TRUTH_NO},
    /* Versions, as parts and not as text or fraction. */
    {"{question: version, at_least: 17.0}", "version", "17.0", NULL, NULL,
	TRUTH_YES},
    {"{question: version, at_least: 17.0}", "version", "17", NULL, NULL,
	TRUTH_YES},
    {"{question: version, at_least: 17.0}", "version", "17.0.3.31", NULL, NULL,
	TRUTH_YES},
    {"{question: version, at_least: 17.0}", "version", "16.99.99.99", NULL,
	NULL, TRUTH_NO},
    {"{question: version, at_least: 9.5}", "version", "16.3", NULL, NULL,
	TRUTH_YES},
    {"{question: version, at_least: 16.10}", "version", "16.3", NULL, NULL,
	TRUTH_NO},
    {"{question: version, below: 17.1}", "version", "17.0.99999", NULL, NULL,
	TRUTH_YES},
    {"{question: version, below: 17.1}", "version", "17.1", NULL, NULL,
	TRUTH_NO},
    {"{question: version, below: 17.1}", "version", "17.1.0.1", NULL, NULL,
	TRUTH_NO},
    {"{question: version, is: 17.0}", "version", "17.0.0", NULL, NULL,
	TRUTH_YES},
    {"{question: version, at_least: 17.0}", NULL, NULL, NULL, NULL,
	TRUTH_UNKNOWN},
    {"{question: count, at_least: 10}", "count", "9", NULL, NULL, TRUTH_NO},
    {"{question: count, at_least: 10}", "count", "10", NULL, NULL, TRUTH_YES},
    {"{question: count, below: 10}", "count", "100", NULL, NULL, TRUTH_NO},
    /* A default counts until somebody says otherwise. */
    {"{question: port, is: 80}", NULL, NULL, NULL, NULL, TRUTH_YES},
    {"{question: port, is: 80}", "port", "8080", NULL, NULL, TRUTH_NO},
    {"{question: port, is: 80}", "port", "unknown", NULL, NULL, TRUTH_UNKNOWN},
    /* A question that is not asked is not so; an older answer is void. */
    {"{question: hidden, is: yes}", "kind", "a", NULL, NULL, TRUTH_NO},
    {"{question: hidden, is: yes}", "kind", "a", "hidden", "yes", TRUTH_NO},
    {"{question: hidden, not: yes}", "kind", "a", NULL, NULL, TRUTH_YES},
    {"{question: hidden, is: yes}", "kind", "b", NULL, NULL, TRUTH_UNKNOWN},
    {"{question: hidden, is: yes}", "kind", "b", "hidden", "yes", TRUTH_YES},
    {"{question: hidden, is: yes}", "hidden", "yes", NULL, NULL, TRUTH_YES},
    {"{question: deeper, is: yes}", "kind", "a", "deeper", "yes", TRUTH_NO},
    {"{question: deeper, is: yes}", "hidden", "no", "deeper", "yes", TRUTH_NO},
};

START_TEST(test_conditions)
{
	static const char *const before =
	    "services:\n  - title: S\n"
	    "    reason: R.\n    breaks: {installer: I., customer: C.}\n"
	    "    strength: required\n    direction: outbound\n"
	    "    requirements:\n"
	    "      - {id: r, protocol: tcp, ports: [1], rung: transport,\n"
	    "         to: {kind: fqdn, name: a.example.com},\n"
	    "         probe: {type: tcp}, source: \"1\", when: [";
	static const char *const
	    after = "]}\n"
		    "steps:\n  - {id: s, title: S, text: T., checks: [r]}\n";
	size_t i;

	for (i = 0; i < sizeof truths / sizeof *truths; i++) {
		struct arena *a = arena_new();
		struct site s = {0};
		const struct pack *p;
		enum truth got;

		p = site_add(&s, "p", HEAD("p"), questions,
		    arena_printf(a, "%s%s%s", before, truths[i].when, after));
		if (truths[i].q1 != NULL)
			record_set_answer(s.r, "p", truths[i].q1, truths[i].a1);
		if (truths[i].q2 != NULL)
			record_set_answer(s.r, "p", truths[i].q2, truths[i].a2);
		got = clauses_hold(&s.set, s.r, p, &p->requirements[0].when);
		ck_assert_msg(got == truths[i].truth,
		    "%zu: %s with %s=%s %s=%s came to %d", i, truths[i].when,
		    truths[i].q1 == NULL ? "" : truths[i].q1,
		    truths[i].a1 == NULL ? "" : truths[i].a1,
		    truths[i].q2 == NULL ? "" : truths[i].q2,
		    truths[i].a2 == NULL ? "" : truths[i].a2, (int)got);
		site_free(&s);
		arena_free(a);
	}
}
END_TEST

/* --- shared --- */

static const char *
effective(const struct site *s, const char *product, const char *question)
{
	const struct pack *p = pack_find(&s->set, product);
	const char *value = answer_effective(&s->set, s->r, p,
	    pack_question(p, question));

	return value == NULL ? "(none)" : value;
}

static bool
is_open(const struct site *s, const char *product, const char *question)
{
	const struct pack *p = pack_find(&s->set, product);

	return question_is_open(&s->set, s->r, p, pack_question(p, question));
}

START_TEST(test_shared)
{
	struct site s = {0};

	site_add(&s, "a", HEAD("a"),
	    "questions:\n" Q("on", "type: yesno")
		Q("v", "type: version, when: [{question: on, is: yes}]")
		    Q("p", "type: port, default: 80"),
	    TAIL(""));
	site_add(&s, "b", HEAD("b"),
	    "questions:\n" Q("v", "type: version, shared: a.v")
		Q("p", "type: port, default: 90, shared: a.p"),
	    TAIL(""));

	/* Both chosen: asked once, in the pack that owns the question. */
	ck_assert(is_open(&s, "a", "v"));
	ck_assert(!is_open(&s, "b", "v"));
	ck_assert_str_eq(effective(&s, "b", "v"), "(none)");
	record_set_answer(s.r, "a", "v", "16.3");
	ck_assert_str_eq(effective(&s, "b", "v"), "16.3");
	ck_assert_str_eq(effective(&s, "b", "p"), "80");
	record_set_answer(s.r, "a", "p", "unknown");
	ck_assert_str_eq(effective(&s, "b", "p"), "(none)");

	/* Its own answer counts more. */
	record_set_answer(s.r, "b", "v", "17.0");
	ck_assert_str_eq(effective(&s, "b", "v"), "17.0");
	ck_assert_str_eq(effective(&s, "a", "v"), "16.3");
	record_set_answer(s.r, "b", "v", NULL);

	/* Not asked there, so asked here. */
	record_set_answer(s.r, "a", "on", "no");
	ck_assert(!is_open(&s, "a", "v"));
	ck_assert(is_open(&s, "b", "v"));

	/* The other product is not chosen: its answers do not count. */
	s.r->products.count = 0;
	strlist_add(s.r->arena, &s.r->products, "b");
	ck_assert(is_open(&s, "b", "v"));
	ck_assert_str_eq(effective(&s, "b", "v"), "(none)");
	ck_assert_str_eq(effective(&s, "b", "p"), "90");
	site_free(&s);
}
END_TEST

/* Two packs that share with each other, and one with itself. */
START_TEST(test_shared_in_a_circle)
{
	struct site s = {0};

	site_add(&s, "a", HEAD("a"),
	    "questions:\n" Q("v", "type: version, shared: b.v")
		Q("w", "type: version, shared: a.w"),
	    TAIL(""));
	site_add(&s, "b", HEAD("b"),
	    "questions:\n" Q("v", "type: version, shared: a.v"), TAIL(""));
	ck_assert_str_eq(effective(&s, "a", "v"), "(none)");
	ck_assert_str_eq(effective(&s, "a", "w"), "(none)");
	is_open(&s, "a", "v");
	is_open(&s, "a", "w");
	record_set_answer(s.r, "b", "v", "1.2");
	ck_assert_str_eq(effective(&s, "a", "v"), "1.2");
	site_free(&s);
}
END_TEST

/* --- typed --- */

static const struct {
	const char *question, *typed;
	const char *kept; /* NULL: refused */
} typed[] = {
    {"yes_no", "Yes", "yes"},
    {"yes_no", " n ", "no"},
    {"yes_no", "TRUE", "yes"},
    {"yes_no", "maybe", NULL},
    {"yes_no", "", NULL},
    {"yes_no", "   ", NULL},
    {"yes_no", "Unknown", "unknown"},
    {"kind", "B", "b"},
    {"kind", "first one", "a"},
    {"kind", "d", NULL},
    {"version", "17.0", "17.0"},
    {"version", " 16.3.1.2 ", "16.3.1.2"},
    {"version", "v17", NULL},
    {"version", "17.", NULL},
    {"version", "1.2.3.4.5", NULL},
    {"count", "1", "1"},
    {"count", "200", "200"},
    {"count", "0", NULL},
    {"count", "201", NULL},
    {"count", "07", NULL},
    {"count", "-1", NULL},
    {"port", "443", "443"},
    {"port", "0443", NULL},
    {"port", "0", NULL},
    {"port", "65535", "65535"},
    {"port", "65536", NULL},
    {"port", "99999999999999999999999", NULL},
    {"port", "80 80", NULL},
    {"address", "192.168.1.77", "192.168.1.77"},
    {"address", "192.168.1.077", NULL},
    {"address", "192.168.1", NULL},
    {"address", "192.168.1.77/24", NULL},
    {"address", "FE80:0:0::1", "fe80::1"},
    {"address", "2A01:4F8::0001", "2a01:4f8::1"},
    {"address", "fe80::1%eth0", NULL},
    {"address", "miniserver", NULL},
    {"address", "0.0.0.0", NULL},
    {"address", "127.0.0.1", NULL},
    {"address", "::1", NULL},
    {"address", "224.0.0.251", NULL},
    {"address", "ff02::fb", NULL},
    {"address", "255.255.255.255", NULL},
    {"host", "Time.Example.ORG.", "time.example.org"},
    {"host", "192.168.1.1", "192.168.1.1"},
    {"host", "2A01::1", "2a01::1"},
    {"host", "https://example.org/", NULL},
    {"host", "a b", NULL},
    {"host", "-a.example.org", NULL},
    {"host", "1.2.3.400", NULL},
    {"host", "unknown", NULL}, /* must be answered */
    {"serial", "50:4F:94:00:00:00", "50:4F:94:00:00:00"},
    {"serial", "a;rm -rf", NULL},
    {"text", "  under the stairs ", "under the stairs"},
    {"text", "line\nbreak", "line break"},
    {"text", "\x1b[31mred", "\\x1b[31mred"},
    {"text", "\xff", "\\xff"},
};

START_TEST(test_typed)
{
	struct site s = {0};
	const struct pack *p = site_add(&s, "p", HEAD("p"), questions,
	    TAIL(""));
	size_t i;

	for (i = 0; i < sizeof typed / sizeof *typed; i++) {
		const struct question *q = pack_question(p, typed[i].question);
		struct error err = {0};
		char *out = NULL;
		int rc = answer_check(s.set.arena, q, typed[i].typed, &out,
		    &err);

		ck_assert_msg((rc == 0) == (typed[i].kept != NULL),
		    "%s: \"%s\" gave %d: %s", typed[i].question, typed[i].typed,
		    rc, err.what);
		if (rc == 0)
			ck_assert_str_eq(out, typed[i].kept);
		else
			ck_assert_msg(err.code == ERR_USAGE &&
				err.what[0] != '\0',
			    "no sentence for \"%s\"", typed[i].typed);
	}
	site_free(&s);
}
END_TEST

START_TEST(test_typed_is_long)
{
	struct site s = {0};
	const struct pack *p = site_add(&s, "p", HEAD("p"), questions,
	    TAIL(""));
	static char lots[100000];
	struct error err = {0};
	char *out;
	size_t i;

	memset(lots, 'a', sizeof lots - 1);
	for (i = 0; i < p->nquestions; i++)
		ck_assert_int_eq(answer_check(s.set.arena, &p->questions[i],
				     lots, &out, &err),
		    -1);
	site_free(&s);
}
END_TEST

HARNESS("pack answers", test_conditions, test_shared, test_shared_in_a_circle,
    test_typed, test_typed_is_long)
