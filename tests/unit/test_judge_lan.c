/* SPDX-License-Identifier: MIT */
/* Promises of judging what was asked in the local network: silence is never a
 * pass and never a fail, what is lost on the way is named only where a device
 * was reached another way, and a device's own refusal is not the network's. */
#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/harness.h"
#include "tests/unit/judge_case.h"

struct row {
	const char *name;
	enum nature nature;
	enum rung required;
	const char *address; /* of the device, or NULL: anybody */
	enum rung rung;
	enum cause failure;
	const char *offender, *why;
	enum outcome outcome;
	enum cause cause;
	enum zone zone;
	const char *says; /* a part of the sentence, or NULL */
};

#define SEARCH NATURE_SEARCH, RUNG_APP_REPLY
#define ANSWER NATURE_ANSWER, RUNG_TRANSPORT
#define DEVICE "10.20.30.60"

static const struct row rows[] = {
    {"found", SEARCH, DEVICE, RUNG_APP_REPLY, CAUSE_NONE, NULL, NULL,
	OUTCOME_PASS, CAUSE_NONE, ZONE_NONE, NULL},
    {"less than found", SEARCH, DEVICE, RUNG_TRANSPORT, CAUSE_NONE, NULL, NULL,
	OUTCOME_UNPROVEN, CAUSE_NONE, ZONE_NONE, NULL},
    {"silence of a known one", SEARCH, DEVICE, RUNG_SILENCE, CAUSE_UDP_SILENT,
	NULL, NULL, OUTCOME_UNPROVEN, CAUSE_UDP_SILENT, ZONE_LAN, "may be off"},
    {"silence of all", SEARCH, NULL, RUNG_SILENCE, CAUSE_UDP_SILENT, NULL, NULL,
	OUTCOME_UNPROVEN, CAUSE_UDP_SILENT, ZONE_LAN, "may be off"},
    {"broadcasts are lost", SEARCH, DEVICE, RUNG_APP_REPLY,
	CAUSE_BROADCAST_LOST, NULL, NULL, OUTCOME_FAIL, CAUSE_BROADCAST_LOST,
	ZONE_LAN, "at its own address"},
    {"on another adapter", SEARCH, DEVICE, RUNG_APP_REPLY,
	CAUSE_WRONG_INTERFACE, NULL, NULL, OUTCOME_UNPROVEN,
	CAUSE_WRONG_INTERFACE, ZONE_LAPTOP, "another network adapter"},
    {"no adapter", SEARCH, DEVICE, RUNG_NONE, CAUSE_WRONG_INTERFACE, NULL, NULL,
	OUTCOME_NOT_RUN, CAUSE_WRONG_INTERFACE, ZONE_LAPTOP, "not connected"},
    {"the device refuses the search", SEARCH, DEVICE, RUNG_REJECTED,
	CAUSE_TCP_REFUSED, DEVICE, NULL, OUTCOME_UNPROVEN, CAUSE_TCP_REFUSED,
	ZONE_LAN, "nothing listens"},
    {"the gateway refuses the search", SEARCH, "10.20.40.60", RUNG_REJECTED,
	CAUSE_ADMIN_PROHIBITED, "10.20.30.1", NULL, OUTCOME_FAIL,
	CAUSE_ADMIN_PROHIBITED, ZONE_GATEWAY, NULL},
    {"an answer", ANSWER, DEVICE, RUNG_TRANSPORT, CAUSE_NONE, NULL, NULL,
	OUTCOME_PASS, CAUSE_NONE, ZONE_NONE, NULL},
    {"silence, and nobody need answer", ANSWER, DEVICE, RUNG_SILENCE,
	CAUSE_UDP_SILENT, NULL, "far_end", OUTCOME_UNPROVEN, CAUSE_UDP_SILENT,
	ZONE_LAN, "second program"},
    {"silence of the interface", ANSWER, DEVICE, RUNG_SILENCE, CAUSE_UDP_SILENT,
	NULL, "tpi_silent", OUTCOME_UNPROVEN, CAUSE_UDP_SILENT, ZONE_LAN,
	"licence"},
    {"no licence", ANSWER, DEVICE, RUNG_APP_REPLY, CAUSE_NONE, NULL,
	"tpi_licence", OUTCOME_PASS, CAUSE_NONE, ZONE_NONE, "licence"},
    {"a word that nobody knows", ANSWER, DEVICE, RUNG_SILENCE, CAUSE_UDP_SILENT,
	NULL, "x", OUTCOME_UNPROVEN, CAUSE_UDP_SILENT, ZONE_LAN, NULL},
    {"the device refuses", ANSWER, DEVICE, RUNG_REJECTED, CAUSE_TCP_REFUSED,
	DEVICE, NULL, OUTCOME_UNPROVEN, CAUSE_TCP_REFUSED, ZONE_LAN,
	"nothing listens"},
    {"somebody else refuses", ANSWER, DEVICE, RUNG_REJECTED, CAUSE_TCP_REFUSED,
	"10.20.30.7", NULL, OUTCOME_FAIL, CAUSE_TCP_REFUSED, ZONE_LAN, NULL},
    {"nobody has the address", ANSWER, DEVICE, RUNG_REJECTED,
	CAUSE_HOST_UNREACHABLE, "10.20.30.50", NULL, OUTCOME_FAIL,
	CAUSE_HOST_UNREACHABLE, ZONE_LAN, NULL},
    {"nobody there answers for it", ANSWER, DEVICE, RUNG_LOCAL_ERROR,
	CAUSE_HOST_UNREACHABLE, NULL, NULL, OUTCOME_FAIL,
	CAUSE_HOST_UNREACHABLE, ZONE_LAN, NULL},
    {"the laptop cannot send", SEARCH, DEVICE, RUNG_LOCAL_ERROR,
	CAUSE_NET_UNREACHABLE, NULL, NULL, OUTCOME_NOT_RUN,
	CAUSE_NET_UNREACHABLE, ZONE_LAPTOP, NULL},
};

static struct need *
seen(struct record *r, const char *id, const struct row *row)
{
	struct need *n = case_need(r, id, PROTO_UDP, 7070, row->required);
	struct observation *o;

	n->direction = DIR_LAN;
	n->to.kind = DEST_PEER;
	case_spec(r, n, "loxone_search", NULL, row->address, 7070);
	o = case_seen(r, n, 0, row->address, row->rung, row->failure);
	o->nature = row->nature;
	o->offender = arena_strdup(r->arena, row->offender);
	if (row->why != NULL)
		case_detail_str(o, "why", row->why);
	return n;
}

START_TEST(what_was_seen_decides)
{
	struct record *r;
	struct need *n;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];

		r = case_new();
		n = seen(r, "p.x", row);
		judge_record(r);
		ck_assert_msg(n->outcome == row->outcome &&
			n->cause == row->cause && n->zone == row->zone &&
			n->rung == row->rung &&
			(row->says == NULL ||
			    strstr(n->summary, row->says) != NULL),
		    "%s: %s %s %s: %s", row->name,
		    word_name(&words_outcome, (int)n->outcome),
		    word_name(&words_cause, (int)n->cause),
		    word_name(&words_zone, (int)n->zone), n->summary);
		record_free(r);
	}
}
END_TEST

/* Where one was reached by its own address alone, a search that named nobody
 * and heard nobody failed for the same reason; a search for another device
 * may have other reasons. */
START_TEST(a_lost_broadcast_explains_the_search_for_anybody)
{
	static const struct row lost = {"", SEARCH, DEVICE, RUNG_APP_REPLY,
	    CAUSE_BROADCAST_LOST};
	static const struct row anybody = {"", SEARCH, NULL, RUNG_SILENCE,
	    CAUSE_UDP_SILENT};
	static const struct row other = {"", SEARCH, "10.20.30.61",
	    RUNG_SILENCE, CAUSE_UDP_SILENT};
	struct record *r = case_new();
	struct need *a = seen(r, "p.lost", &lost);
	struct need *b = seen(r, "p.anybody", &anybody);
	struct need *c = seen(r, "p.other", &other);

	judge_record(r);
	ck_assert_int_eq(a->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(b->outcome, OUTCOME_FAIL);
	ck_assert_int_eq(b->cause, CAUSE_BROADCAST_LOST);
	ck_assert_int_eq(c->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(r->ndiagnoses, 1);
	ck_assert_int_eq(r->diagnoses[0].cause, CAUSE_BROADCAST_LOST);
	record_free(r);
}
END_TEST

/* What a device on site says wrongly is its own, whatever page stands before
 * the internet. */
START_TEST(a_sign_in_page_does_not_speak_for_a_neighbour)
{
	static const char *const address[] = {DEVICE, "192.0.2.7"};
	struct record *r = case_new();
	struct need *portal = case_need(r, "p.portal", PROTO_NONE, 0,
	    RUNG_APP_REPLY);
	struct need *n[2];
	size_t i;

	case_spec(r, portal, "captive_portal", NULL, NULL, 0);
	case_seen(r, portal, 0, NULL, RUNG_APP_REPLY, CAUSE_CAPTIVE_PORTAL);
	for (i = 0; i < 2; i++) {
		n[i] = case_need(r, address[i], PROTO_TCP, 21, RUNG_APP_REPLY);
		case_spec(r, n[i], "ftp", NULL, address[i], 21);
		case_seen(r, n[i], 0, address[i], RUNG_TRANSPORT,
		    CAUSE_WRONG_PROTOCOL);
	}
	judge_record(r);
	ck_assert_int_eq(n[0]->cause, CAUSE_WRONG_PROTOCOL);
	ck_assert_int_eq(n[1]->cause, CAUSE_CAPTIVE_PORTAL);
	record_free(r);
}
END_TEST

/* A telephone's own network has a device, too: where any will do, one on
 * another adapter is no proof that the laptop stands in the wrong place. */
START_TEST(anything_elsewhere_proves_nothing)
{
	static const struct row elsewhere = {"", SEARCH, NULL, RUNG_SILENCE,
	    CAUSE_WRONG_INTERFACE};
	struct record *r = case_new();
	struct need *any = seen(r, "p.any", &elsewhere);
	struct need *one = seen(r, "p.one", &elsewhere);

	r->observations[0].probe = arena_strdup(r->arena, "mdns");
	r->observations[1].probe = arena_strdup(r->arena, "mdns");
	case_detail_bool(&r->observations[1], "wanted", false);
	any->specs[0].key = r->observations[0].key = arena_strdup(r->arena,
	    "mdns any");
	one->specs[0].key = r->observations[1].key = arena_strdup(r->arena,
	    "mdns one");
	judge_record(r);
	ck_assert_int_eq(any->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(any->cause, CAUSE_WRONG_INTERFACE);
	ck_assert_int_eq(any->zone, ZONE_UNDETERMINED);
	ck_assert(strstr(any->summary, "another network adapter") != NULL);
	/* The site is not at fault where the laptop stands wrongly. */
	ck_assert_int_eq(one->outcome, OUTCOME_UNPROVEN);
	ck_assert_int_eq(one->cause, CAUSE_WRONG_INTERFACE);
	ck_assert_int_eq(one->zone, ZONE_LAPTOP);
	record_free(r);
}
END_TEST

HARNESS("judge lan", what_was_seen_decides, anything_elsewhere_proves_nothing,
    a_sign_in_page_does_not_speak_for_a_neighbour,
    a_lost_broadcast_explains_the_search_for_anybody)
