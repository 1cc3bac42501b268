/* SPDX-License-Identifier: MIT */
/* The probe "dns_rebind": does the site's resolver give a private address
 * where the zone does (facts 1.5)? Encrypted connections inside the site go
 * to "192-168-0-77.SERIAL.dyndns.loxonecloud.com", which the zone answers
 * with 192.168.0.77; protection against DNS rebinding withholds that.
 *
 * The host of the spec is SERIAL.dyndns..., as the installer gave it; the
 * address is the laptop's own in the site's network, since the zone makes
 * its answer from the name. Where the resolver does not give it, a server of
 * the zone is asked directly: only if that one gives it, the resolver
 * withheld it. Detail: "name", "server", "rcode", "addresses", "zone",
 * "authority", "authority_says", "why" (no_private_address, or what it could
 * not be decided for). */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/probe/dns_authority.h"

struct rebind_state {
	struct dns_question q;
	struct dns_authority authority;
	const char *name, *address;
};

/* The laptop's IPv4 address, without its prefix length; NULL = not private,
 * so a filter would not mind it. */
static const char *
own_private(const struct probe *p)
{
	const struct strlist *l = &p->env->vantage->addresses;
	const char *s;
	struct ip ip;
	size_t i;

	for (i = 0; i < l->count; i++) {
		s = arena_strndup(p->arena, l->item[i],
		    strcspn(l->item[i], "/"));
		if (ip_parse(s, &ip) && ip.len == 4 && ip_is_private(&ip) &&
		    strncmp(s, "169.254.", 8) != 0)
			return s;
	}
	return NULL;
}

static char *
with_dashes(struct arena *a, const char *address)
{
	char *s = arena_strdup(a, address), *c;

	for (c = s; *c != '\0'; c++) {
		if (*c == '.')
			*c = '-';
	}
	return s;
}

static void
on_authority(void *arg)
{
	struct probe *p = arg;
	struct rebind_state *s = p->state;

	if (s->authority.result == AUTHORITY_ANSWERED &&
	    dns_answer_has(&s->authority.answer, DNS_TYPE_A, s->address)) {
		probe_finish(p, RUNG_APP_REPLY, CAUSE_DNS_REBIND_FILTER);
		return;
	}
	p->obs.offender = NULL;
	probe_detail_str(p, "why",
	    s->authority.result == AUTHORITY_ANSWERED ? "not_in_zone" :
		s->authority.result == AUTHORITY_NEAR ? "authority_near" :
							"authority_silent");
	probe_finish(p, RUNG_TRANSPORT, CAUSE_NONE);
}

static void
on_answer(void *arg)
{
	struct probe *p = arg;
	struct rebind_state *s = p->state;
	json_t *addresses = json_array();
	char text[ADDR_TEXT_SIZE];
	enum rung rung;
	enum cause failure;
	size_t i;

	probe_detail_str(p, "server", addr_text(&s->q.server, text));
	for (i = 0; s->q.result == DNS_ANSWERED && i < s->q.answer.nrecords;
	     i++) {
		if (s->q.answer.records[i].type == DNS_TYPE_A)
			json_array_append_new(addresses,
			    json_string(s->q.answer.records[i].data));
	}
	json_object_set_new(p->obs.detail, "addresses", addresses);
	if (s->q.result != DNS_ANSWERED) {
		dns_question_failure(&s->q, &rung, &failure);
		probe_finish(p, rung, failure);
		return;
	}
	probe_detail_str(p, "rcode", dns_rcode_text(s->q.answer.rcode));
	if (dns_answer_has(&s->q.answer, DNS_TYPE_A, s->address))
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	else
		dns_authority_ask(&s->authority, p, s->name, on_authority, p);
}

static void
rebind_start(struct probe *p)
{
	struct rebind_state *s = mem_alloc(sizeof *s);
	struct dns_question_setup setup = {
	    .probe = p,
	    .type = DNS_TYPE_A,
	    .tries = DNS_TRIES,
	    .silence_ms = DNS_SILENCE_MS,
	    .done = on_answer,
	    .arg = p,
	};

	p->state = s;
	s->address = own_private(p);
	if (s->address == NULL || p->spec->host == NULL) {
		probe_detail_str(p, "why", "no_private_address");
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
		return;
	}
	s->name = arena_printf(p->arena, "%s.%s",
	    with_dashes(p->arena, s->address), p->spec->host);
	setup.name = s->name;
	probe_detail_str(p, "name", s->name);
	dns_question_ask(&s->q, &setup);
}

static void
rebind_stop(struct probe *p)
{
	struct rebind_state *s = p->state;

	dns_question_close(&s->q);
	dns_authority_close(&s->authority);
	mem_free(s);
}

#define ALL_FLOWS (DNS_TRIES + 1 + AUTHORITY_FLOWS)

const struct probe_type probe_dns_rebind = {
    .name = "dns_rebind",
    .shape = SHAPE_HOST,
    .nature = NATURE_NAME,
    .label = N_("Name of a private address"),
    .sends = N_("It asks the site's DNS server for a name that stands for a "
		"private address; without an answer also a server of the "
		"name's owner."),
    .reaches = "resolver:53/udp authority:53/udp",
    .carrier = PROTO_UDP,
    .flows = ALL_FLOWS,
    .packets = ALL_FLOWS * DNS_TCP_PACKETS,
    .bytes = ALL_FLOWS * DNS_TCP_BYTES,
    .longest_ms = 30000,
    .start = rebind_start,
    .stop = rebind_stop,
};
