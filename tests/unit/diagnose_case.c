/* SPDX-License-Identifier: MIT */
/* Owns the made-up sites that tests of the diagnoses are tried on, and what
 * every diagnosis promises. */
#include "tests/unit/diagnose_case.h"

#include <check.h>
#include <string.h>

#include "core/judge/diagnose.h"
#include "core/judge/judge.h"

struct record *
dcase_site(void)
{
	struct record *r = case_new();

	r->needs = arena_array(r->arena, DCASE_MANY, sizeof *r->needs);
	return r;
}

/* One flow to one host, as one requirement, and how it ended. The search:
 * "drop" "reset" "pass" say where it ends, with controls; NULL for none. */
static struct need *
flow(struct record *r, const char *id, enum protocol protocol, uint16_t port,
    const char *host, const char *address, enum rung rung, enum cause cause,
    const char *search)
{
	bool udp = protocol == PROTO_UDP;
	struct need *n = case_need(r, id, protocol, port,
	    udp ? RUNG_APP_REPLY : RUNG_TRANSPORT);
	struct observation *o;

	n->to.name = arena_strdup(r->arena, host);
	case_spec(r, n, udp ? "stun" : "tcp", host, NULL, port);
	o = case_seen(r, n, 0, address, rung, cause);
	if (udp)
		o->nature = NATURE_ANSWER;
	if (search == NULL)
		return n;
	o = case_locate(r, address, protocol, port,
	    strcmp(search, "reset") == 0 ? "reset" : "silence",
	    strcmp(search, "beyond") == 0 ? 4 : 2,
	    strcmp(search, "beyond") == 0);
	case_detail_int(o, "controlled", 2);
	return n;
}

struct need *
dcase_tcp(struct record *r, const char *id, uint16_t port, const char *host,
    const char *address, enum rung rung, enum cause cause, const char *search)
{
	return flow(r, id, PROTO_TCP, port, host, address, rung, cause, search);
}

struct need *
dcase_udp(struct record *r, const char *id, uint16_t port, const char *host,
    const char *address, enum rung rung, enum cause cause, const char *search)
{
	return flow(r, id, PROTO_UDP, port, host, address, rung, cause, search);
}

struct need *
dcase_names(struct record *r, const char *id, const char *host,
    enum cause cause)
{
	struct need *n = case_need(r, id, PROTO_UDP, 53, RUNG_APP_REPLY);

	n->to.kind = DEST_RESOLVER;
	n->to.name = NULL;
	case_spec(r, n, "dns", host, NULL, 53);
	case_name(r, host, cause, cause == CAUSE_NONE ? "192.0.2.7" : "");
	return n;
}

struct need *
dcase_portal(struct record *r)
{
	struct need *n = case_need(r, "p.portal", PROTO_NONE, 0,
	    RUNG_APP_REPLY);
	struct observation *o;

	n->strength = STRENGTH_MUST_NOT;
	n->to.kind = DEST_NONE;
	n->to.name = NULL;
	case_spec(r, n, "captive_portal", NULL, NULL, 0);
	o = case_seen(r, n, 0, NULL, RUNG_APP_REPLY, CAUSE_CAPTIVE_PORTAL);
	case_detail_int(o, "near_hops", 1);
	return n;
}

struct need *
dcase_clock(struct record *r, const char *id, const char *address, int days)
{
	struct need *n = case_need(r, id, PROTO_UDP, 123, RUNG_APP_REPLY);

	n->to.name = NULL;
	case_spec(r, n, "ntp", NULL, address, 123);
	case_time(r, n, days * CASE_DAY_US);
	return n;
}

struct need *
dcase_intercepted(struct record *r, const char *id, const char *host,
    const char *address)
{
	struct need *n = case_need(r, id, PROTO_TCP, 443, RUNG_TLS_EXPECTED);
	struct observation *o;

	n->to.name = arena_strdup(r->arena, host);
	case_spec(r, n, "tls", host, NULL, 443);
	o = case_seen(r, n, 0, address, RUNG_TLS_OTHER, CAUSE_TLS_UNTRUSTED);
	case_detail_bool(o, "laptop_root", true);
	case_detail_str(o, "top_issuer", "CN=Acme Inspection");
	case_locate(r, address, PROTO_TCP, 443, "accepted", 1, false);
	return n;
}

void
dcase_is(const struct record *r, size_t i, enum cause cause, enum zone zone,
    size_t explains)
{
	const struct diagnosis *d = &r->diagnoses[i];

	ck_assert_uint_lt(i, r->ndiagnoses);
	ck_assert_msg(d->cause == cause && d->zone == zone &&
		d->explains.count == explains,
	    "%zu: %s at %s explains %zu: %s", i,
	    word_name(&words_cause, (int)d->cause),
	    word_name(&words_zone, (int)d->zone), d->explains.count,
	    d->summary);
	ck_assert_str_eq(d->whose, diagnosis_whose(cause, zone));
	ck_assert(*d->advice_installer != '\0');
	ck_assert(d->clears.count >= d->explains.count);
}

void
dcase_says(const struct record *r, size_t i, const char *text)
{
	ck_assert_msg(strstr(r->diagnoses[i].summary, text) != NULL, "%s",
	    r->diagnoses[i].summary);
}

bool
dcase_rules_out(const struct diagnosis *d, const char *text)
{
	size_t i;

	for (i = 0; i < d->ruled_out.count; i++) {
		if (strstr(d->ruled_out.item[i], text) != NULL)
			return true;
	}
	return false;
}

/* Each line in trouble stands in one diagnosis, and in no other. */
void
dcase_judge(struct record *r)
{
	size_t i, k, told;

	judge_record(r);
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];
		bool bad = n->outcome == OUTCOME_FAIL ||
		    n->outcome == OUTCOME_WARN ||
		    n->outcome == OUTCOME_MARGINAL ||
		    n->outcome == OUTCOME_BLOCKED_BY;

		for (k = told = 0; k < r->ndiagnoses; k++)
			told += strlist_has(&r->diagnoses[k].explains, n->id) !=
			    0;
		if (bad)
			ck_assert_msg(told == 1, "%s: told %zu times", n->id,
			    told);
		else
			ck_assert_msg(told == 0 ||
				n->outcome == OUTCOME_UNPROVEN ||
				n->outcome == OUTCOME_NOT_RUN,
			    "%s", n->id);
	}
}
