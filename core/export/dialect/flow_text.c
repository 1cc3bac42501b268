/* SPDX-License-Identifier: MIT */
/* Owns the pieces of a flow that several dialects write alike. */
#include "core/export/dialect/flow_text.h"

#include <string.h>

const char *
flow_protocol(const struct flow *f)
{
	switch (f->row->need->protocol) {
	case PROTO_TCP:
		return "tcp";
	case PROTO_UDP:
		return "udp";
	default:
		return "icmp";
	}
}

struct strlist
flow_ports(struct arena *a, const struct flow *f, const char *dash,
    const char *any)
{
	const struct ports *ports = &f->row->need->ports;
	struct strlist out = {0};
	size_t i;

	if (ports->count == 0 && any != NULL)
		strlist_add(a, &out, any);
	for (i = 0; i < ports->count; i++) {
		const struct port_range *p = &ports->range[i];

		if (p->low == p->high)
			strlist_add(a, &out, arena_printf(a, "%d", p->low));
		else
			strlist_add(a, &out,
			    arena_printf(a, "%d%s%d", p->low, dash, p->high));
	}
	return out;
}

bool
flow_has_family(const struct dialect_out *o, const struct flow *f, int family)
{
	if (dialect_sources(o, family).count == 0)
		return false;
	return f->to != TO_ADDRESSES ||
	    dialect_addresses(o, f, family).count > 0;
}

struct strlist
flow_names(struct arena *a, const struct flow *f)
{
	struct strlist out = {0};

	if (!flow_is_below(f)) {
		strlist_add(a, &out, f->domain);
		return out;
	}
	strlist_add(a, &out, arena_printf(a, "*.%s", f->domain));
	if (f->row->need->to.apex)
		strlist_add(a, &out, f->domain);
	return out;
}

char *
flow_quoted(struct arena *a, const struct strlist *l, const char *quote)
{
	char *out = arena_strdup(a, "");
	size_t i;

	for (i = 0; i < l->count; i++)
		out = arena_printf(a, "%s%s%s%s%s", out, i > 0 ? ", " : "",
		    quote, l->item[i], quote);
	return out;
}

static void
add_all(struct arena *a, struct strlist *out, struct strlist more)
{
	size_t i;

	for (i = 0; i < more.count; i++)
		strlist_add(a, out, more.item[i]);
}

struct strlist
flow_all_sources(const struct dialect_out *o, const struct flow *f)
{
	struct strlist out = {0};
	int family;

	for (family = 0; family < 2; family++) {
		if (flow_has_family(o, f, family))
			add_all(o->arena, &out, dialect_sources(o, family));
	}
	return out;
}

struct strlist
flow_all_addresses(const struct dialect_out *o, const struct flow *f)
{
	struct strlist out = {0};
	int family;

	for (family = 0; family < 2; family++) {
		if (flow_has_family(o, f, family))
			add_all(o->arena, &out,
			    dialect_addresses(o, f, family));
	}
	return out;
}
