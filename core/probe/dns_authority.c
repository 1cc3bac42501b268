/* SPDX-License-Identifier: MIT */
/* Owns the way from a name to the answer of its own zone's server. */
#include "core/probe/dns_authority.h"

#include <string.h>

#include "core/base/ip.h"
#include "core/base/text.h"

enum { STEP_ZONE, STEP_SERVER, STEP_ASK };

static void next_zone(struct dns_authority *a);
static void next_server(struct dns_authority *a);

const char *
dns_authority_word(enum authority_result result)
{
	static const char *const word[] = {
	    [AUTHORITY_ANSWERED] = "answered",
	    [AUTHORITY_UNKNOWN] = "unknown",
	    [AUTHORITY_SILENT] = "silent",
	    [AUTHORITY_NOT] = "not_authoritative",
	    [AUTHORITY_NEAR] = "near",
	};

	return word[result];
}

static void
finish(struct dns_authority *a, enum authority_result result)
{
	a->result = result;
	probe_detail_str(a->probe, "authority_says",
	    dns_authority_word(result));
	a->done(a->arg);
}

static size_t
labels(const char *name)
{
	size_t n = 1;

	for (; *name != '\0'; name++)
		n += *name == '.' && name[1] != '\0';
	return n;
}

static void
collect_servers(struct dns_authority *a)
{
	size_t i;

	for (i = 0;
	     i < a->q.answer.nrecords && a->servers.count < AUTHORITY_SERVERS;
	     i++) {
		const struct dns_record *r = &a->q.answer.records[i];

		/* What an alias leads to is another's zone. */
		if (r->type == DNS_TYPE_NS && text_is_hostname(r->data) &&
		    text_equal_nocase(r->name, a->zone))
			strlist_add(a->probe->arena, &a->servers, r->data);
	}
}

static void
got_zone(struct dns_authority *a)
{
	if (a->q.result != DNS_ANSWERED) {
		finish(a, AUTHORITY_UNKNOWN);
		return;
	}
	collect_servers(a);
	if (a->servers.count == 0) {
		next_zone(a);
		return;
	}
	probe_detail_str(a->probe, "zone", a->zone);
	next_server(a);
}

/* One that another site would not be given: a resolver could name itself. */
static bool
is_near(const struct probe *p, const char *address)
{
	const struct strlist *own = &p->env->vantage->addresses;
	struct ip ip;
	size_t i;

	if (!ip_parse(address, &ip) || ip_is_private(&ip) || ip_is_nowhere(&ip))
		return true;
	for (i = 0; i < own->count; i++) {
		if (ip_in_prefix(&ip, own->item[i]))
			return true;
	}
	return false;
}

static void
got_server(struct dns_authority *a)
{
	const char *address = dns_question_is_good(&a->q) ?
	    dns_answer_first(&a->q.answer, DNS_TYPE_A) :
	    NULL;
	struct dns_question_setup setup = a->q.setup;
	char text[ADDR_TEXT_SIZE];

	if (address == NULL || !addr_parse(&a->at, address, DNS_PORT)) {
		next_server(a);
		return;
	}
	probe_detail_str(a->probe, "authority", addr_text(&a->at, text));
	if (is_near(a->probe, address)) {
		a->result = AUTHORITY_NEAR;
		next_server(a);
		return;
	}
	a->step = STEP_ASK;
	setup.server = &a->at;
	setup.name = a->name;
	dns_question_ask(&a->q, &setup);
}

static void
got_answer(struct dns_authority *a)
{
	if (a->q.result != DNS_ANSWERED) {
		a->result = AUTHORITY_SILENT;
		next_server(a);
		return;
	}
	a->answer = a->q.answer;
	/* A resolver in between may pass AA on, but says that it recurses. */
	finish(a,
	    a->answer.aa && !a->answer.ra ? AUTHORITY_ANSWERED : AUTHORITY_NOT);
}

static void
on_question(void *arg)
{
	static void (*const step[])(struct dns_authority *) = {
	    [STEP_ZONE] = got_zone,
	    [STEP_SERVER] = got_server,
	    [STEP_ASK] = got_answer,
	};
	struct dns_authority *a = arg;

	step[a->step](a);
}

/* As often as any question: dnsmasq, which many gateways are, asks nobody else
 * for two seconds after a question that it has passed on already. */
static void
ask_resolver(struct dns_authority *a, int step, const char *name, int type)
{
	struct dns_question_setup setup = {
	    .probe = a->probe,
	    .name = name,
	    .type = type,
	    .tries = DNS_TRIES,
	    .silence_ms = DNS_SILENCE_MS,
	    .done = on_question,
	    .arg = a,
	};

	a->step = step;
	dns_question_ask(&a->q, &setup);
}

static void
next_zone(struct dns_authority *a)
{
	const char *dot;

	if (a->nlabels > 0) {
		dot = strchr(a->zone, '.');
		a->zone = dot == NULL ? "" : dot + 1;
	}
	if (a->nlabels++ >= AUTHORITY_LABELS || labels(a->zone) < 2) {
		finish(a, AUTHORITY_UNKNOWN);
		return;
	}
	ask_resolver(a, STEP_ZONE, a->zone, DNS_TYPE_NS);
}

static void
next_server(struct dns_authority *a)
{
	if (a->nservers >= a->servers.count) {
		finish(a, a->result);
		return;
	}
	ask_resolver(a, STEP_SERVER, a->servers.item[a->nservers++],
	    DNS_TYPE_A);
}

void
dns_authority_ask(struct dns_authority *a, struct probe *p, const char *name,
    void (*done)(void *), void *arg)
{
	dns_authority_close(a);
	a->probe = p;
	a->name = a->zone = arena_strdup(p->arena, name);
	a->done = done;
	a->arg = arg;
	a->result = AUTHORITY_SILENT;
	next_zone(a);
}

void
dns_authority_close(struct dns_authority *a)
{
	dns_question_close(&a->q);
	memset(a, 0, sizeof *a);
}
