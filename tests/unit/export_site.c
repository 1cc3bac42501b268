/* SPDX-License-Identifier: MIT */
/* Owns the sites that the tests of the exports are tried on. */
#include "tests/unit/export_site.h"

#include <check.h>

#include "core/judge/ready.h"

#define S(text) arena_strdup(a, text)
#define BYTES_MAX ((size_t)16 << 20)

struct record *
export_site(void)
{
	struct record *r = record_new();
	struct arena *a = r->arena;

	r->site.name = S("Harbour House");
	r->site.customer = S("Example Estates");
	r->site.engineer = S("A. Fitter");
	r->site.installer = S("Example Lights");
	r->site.device_zone = S("VLAN 30");
	strlist_add(a, &r->products, "zencontrol");
	*arena_push(a, r->packs, r->npacks) = (struct pack_ref){S("zencontrol"),
	    S("zencontrol controllers"), 2026112101,
	    S("0123456789abcdef0123456789abcdef"
	      "0123456789abcdef0123456789abcdef"),
	    S("built-in"), S("zencontrol.txt"), S("2026-11-21")};
	r->vantage.interface = S("eth0");
	r->vantage.gateway = S("10.20.30.1");
	strlist_add(a, &r->vantage.addresses, "10.20.30.50/24");
	strlist_add(a, &r->vantage.addresses, "2001:db8:30::50/64");
	strlist_add(a, &r->vantage.resolvers, "10.20.30.1");
	r->started_us = EXPORT_NOW_US - 180000000;
	r->ended_us = EXPORT_NOW_US - 120000000;
	r->complete = true;
	return r;
}

struct need *
export_need(struct record *r, const char *id, const char *host,
    enum outcome outcome)
{
	struct arena *a = r->arena;
	struct need *n = arena_push(a, r->needs, r->nneeds);

	*n = (struct need){.id = S(id),
	    .product = S("zencontrol"),
	    .service = S("Cloud"),
	    .strength = STRENGTH_REQUIRED,
	    .direction = DIR_OUTBOUND,
	    .protocol = PROTO_TCP,
	    .application = S("HTTPS"),
	    .applies = true,
	    .reason = S("The controllers need it."),
	    .breaks_installer = S("The controllers stay offline."),
	    .breaks_customer = S("The lights do not dim."),
	    .required_rung = RUNG_TLS_EXPECTED,
	    .probe_type = S("tls"),
	    .outcome = outcome,
	    .summary = S("It was looked at."),
	    .advice_installer = S("Call them."),
	    .advice_it = S("Allow it."),
	    .advice_customer = S("It does not work.")};
	n->to.kind = DEST_FQDN;
	n->to.name = S(host);
	n->source.document = S("zencontrol.txt");
	n->source.lines = S("17,23");
	export_port(r, n, 443, 443);
	return n;
}

void
export_port(struct record *r, struct need *n, uint16_t low, uint16_t high)
{
	n->ports.count = 0;
	n->ports.range = NULL;
	*arena_push(r->arena, n->ports.range,
	    n->ports.count) = (struct port_range){low, high};
}

char *
export_bytes(struct record *r, enum export_document d, const char *format,
    enum request_scope scope)
{
	const struct export_format *f = export_find(d, format);
	struct export_options opt = {.scope = scope,
	    .now_us = EXPORT_NOW_US,
	    .ncols = 80};
	struct error err = {0};
	struct buf out;

	ck_assert_ptr_nonnull(f);
	ready_judge(r);
	buf_init(&out, BYTES_MAX);
	ck_assert_int_eq(export_write(f, r, &opt, &out, &err), 0);
	ck_assert(!out.overflowed);
	return buf_take(&out);
}
