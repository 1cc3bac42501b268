/* SPDX-License-Identifier: MIT */
/* The probe "dns_owner": when the site's DNS server says that there is no such
 * name, a server of the name's own zone is asked whether that is true
 * (dns_authority.h). It follows such an answer only, and no pack names it.
 *
 * Detail: "zone", "authority", "authority_says" (answered, unknown, silent,
 * not_authoritative ...), "addresses" (of the zone's own server), "rcode".
 * CAUSE_DNS_NXDOMAIN: the zone's own server says so too, or that the name has
 * no address. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/probe/dns_authority.h"

struct owner_state {
	struct dns_authority authority;
};

static void
on_authority(void *arg)
{
	struct probe *p = arg;
	const struct owner_state *s = p->state;
	const struct dns_answer *answer = &s->authority.answer;
	json_t *addresses = json_array();
	size_t i, known = 0;

	if (s->authority.result != AUTHORITY_ANSWERED) {
		json_decref(addresses);
		probe_finish(p, RUNG_SILENCE, CAUSE_NONE);
		return;
	}
	for (i = 0; i < answer->nrecords; i++) {
		known += answer->records[i].type == DNS_TYPE_A ||
		    answer->records[i].type == DNS_TYPE_CNAME;
		if (answer->records[i].type == DNS_TYPE_A)
			json_array_append_new(addresses,
			    json_string(answer->records[i].data));
	}
	json_object_set_new(p->obs.detail, "addresses", addresses);
	probe_detail_str(p, "rcode", dns_rcode_text(answer->rcode));
	probe_finish(p, RUNG_APP_REPLY,
	    answer->rcode == DNS_NXDOMAIN ||
		    (answer->rcode == DNS_NOERROR && known == 0) ?
		CAUSE_DNS_NXDOMAIN :
		CAUSE_NONE);
}

static void
owner_start(struct probe *p)
{
	struct owner_state *s = mem_alloc(sizeof *s);

	p->state = s;
	dns_authority_ask(&s->authority, p, p->spec->host, on_authority, p);
}

static void
owner_stop(struct probe *p)
{
	struct owner_state *s = p->state;

	dns_authority_close(&s->authority);
	mem_free(s);
}

const struct probe_type probe_dns_owner = {
    .name = "dns_owner",
    .shape = SHAPE_HOST,
    .nature = NATURE_CONDITION,
    .label = N_("The name's own DNS server"),
    .sends = N_("It asks the site's DNS server which DNS server holds the "
		"name, and then asks that one."),
    .reaches = "resolver:53/udp authority:53/udp",
    .carrier = PROTO_UDP,
    .flows = AUTHORITY_FLOWS,
    .packets = AUTHORITY_FLOWS * DNS_TCP_PACKETS,
    .bytes = AUTHORITY_FLOWS * DNS_TCP_BYTES,
    .longest_ms = 30000,
    .start = owner_start,
    .stop = owner_stop,
};
