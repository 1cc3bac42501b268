/* SPDX-License-Identifier: MIT */
/* Promises of judging what was only listened for, and of pings: silence proves
 * nothing where nobody need speak, a lost group is the local network's, loss
 * is marginal, and what the laptop may not do says how to grant it. */
#include <string.h>

#include "core/judge/judge.h"
#include "tests/unit/harness.h"
#include "tests/unit/judge_case.h"

struct row {
	const char *name;
	enum nature nature;
	enum rung required, rung;
	enum cause failure;
	const char *detail, *value; /* value NULL: true */
	enum outcome outcome;
	enum zone zone;
	const char *says; /* a part of the sentence */
};

static const struct row rows[] = {
    {"lost multicast", NATURE_SEARCH, RUNG_APP_REPLY, RUNG_TRANSPORT,
	CAUSE_MULTICAST_LOST, "unicast", NULL, OUTCOME_FAIL, ZONE_LAN,
	"multicast group"},
    {"a quiet group", NATURE_SEARCH, RUNG_APP_REPLY, RUNG_SILENCE,
	CAUSE_UDP_SILENT, "why", "no_event", OUTCOME_UNPROVEN, ZONE_LAN,
	"only when something happens"},
    {"a quiet broadcast", NATURE_SEARCH, RUNG_TRANSPORT, RUNG_SILENCE,
	CAUSE_UDP_SILENT, "why", "no_broadcast", OUTCOME_UNPROVEN, ZONE_LAN,
	"far end"},
    {"a broadcast", NATURE_SEARCH, RUNG_TRANSPORT, RUNG_TRANSPORT, CAUSE_NONE,
	"why", "broadcast_heard", OUTCOME_PASS, ZONE_NONE, "was heard"},
    {"another kind of device", NATURE_SEARCH, RUNG_APP_REPLY, RUNG_TRANSPORT,
	CAUSE_NONE, "why", "other_answered", OUTCOME_UNPROVEN, ZONE_NONE,
	"not of the kind"},
    {"a port that is taken", NATURE_SEARCH, RUNG_APP_REPLY, RUNG_NONE,
	CAUSE_NONE, "why", "port_taken", OUTCOME_NOT_RUN, ZONE_LAPTOP,
	"Another program"},
    {"no right to listen", NATURE_SEARCH, RUNG_APP_REPLY, RUNG_LOCAL_ERROR,
	CAUSE_PERMISSION, "right", "cap_net_bind_service", OUTCOME_NOT_RUN,
	ZONE_LAPTOP, "setcap cap_net_bind_service+ep"},
    {"all answered", NATURE_PING, RUNG_APP_REPLY, RUNG_APP_REPLY, CAUSE_NONE,
	"", NULL, OUTCOME_PASS, ZONE_NONE, NULL},
    {"some lost", NATURE_PING, RUNG_APP_REPLY, RUNG_APP_REPLY, CAUSE_NONE,
	"marginal", NULL, OUTCOME_MARGINAL, ZONE_NONE, "Of 10 pings"},
    {"none answered", NATURE_PING, RUNG_APP_REPLY, RUNG_SILENCE,
	CAUSE_GATEWAY_SILENT, "", NULL, OUTCOME_FAIL, ZONE_GATEWAY,
	"does not answer pings"},
    {"no message of type 3", NATURE_PING, RUNG_APP_REPLY, RUNG_SILENCE,
	CAUSE_NONE, "why", "no_unreachable", OUTCOME_UNPROVEN,
	ZONE_UNDETERMINED, "proves nothing"},
    {"one of the gateway's own", NATURE_PING, RUNG_APP_REPLY, RUNG_TRANSPORT,
	CAUSE_NONE, "why", "unreachable_from_gateway", OUTCOME_UNPROVEN,
	ZONE_UNDETERMINED, "own gateway"},
    {"no right to ping", NATURE_PING, RUNG_APP_REPLY, RUNG_LOCAL_ERROR,
	CAUSE_PERMISSION, "", NULL, OUTCOME_NOT_RUN, ZONE_LAPTOP,
	"ping_group_range"},
    {"a firewall on the laptop", NATURE_PING, RUNG_APP_REPLY, RUNG_LOCAL_ERROR,
	CAUSE_PERMISSION, "firewall", NULL, OUTCOME_NOT_RUN, ZONE_LAPTOP,
	"may not send"},
};

static void
judge(const struct row *row)
{
	bool ping = row->nature == NATURE_PING;
	struct record *r = case_new();
	struct need *n = case_need(r, "p.x", ping ? PROTO_ICMP : PROTO_UDP,
	    ping ? 0 : 5353, row->required);
	struct observation *o;

	n->direction = DIR_LAN;
	case_spec(r, n, ping ? "icmp" : "mdns", NULL,
	    ping ? NULL : "224.0.0.251", ping ? 0 : 5353);
	o = case_seen(r, n, 0, ping ? "10.20.30.1" : NULL, row->rung,
	    row->failure);
	o->nature = row->nature;
	if (!ping)
		o->address = NULL; /* of nobody */
	case_detail_int(o, "sent", 10);
	case_detail_int(o, "lost", 2);
	if (row->value != NULL)
		case_detail_str(o, row->detail, row->value);
	else if (row->detail[0] != '\0')
		case_detail_bool(o, row->detail, true);
	judge_record(r);
	ck_assert_msg(n->outcome == row->outcome, "%s: %s (%s)", row->name,
	    word_name(&words_outcome, (int)n->outcome), n->summary);
	ck_assert_msg(n->zone == row->zone, "%s: zone %s", row->name,
	    word_name(&words_zone, (int)n->zone));
	ck_assert_msg(n->cause == row->failure, "%s: cause %s", row->name,
	    word_name(&words_cause, (int)n->cause));
	ck_assert_msg(row->says == NULL || strstr(n->summary, row->says),
	    "%s: %s", row->name, n->summary);
	record_free(r);
}

START_TEST(what_was_heard_is_judged)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		judge(&rows[i]);
}
END_TEST

HARNESS("judge listen", what_was_heard_is_judged)
