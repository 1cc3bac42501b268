/* SPDX-License-Identifier: MIT */
/* Owns the change request as a script for MikroTik RouterOS: lists of
 * addresses that the router fills by looking names up, static DNS entries
 * that fill them for wildcards, and two chains for the filter. */
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/dialect/flow_text.h"
#include "core/export/formats.h"
#include "core/export/summary.h"

#define LIST_MAX 60 /* longer names are shortened by a digest */
#define LIST_DIGITS 16
#define DEVICES "sitewalk-devices"

static const char *const roots[] = {"/ip", "/ipv6"};
static const char *const chains[] = {"sitewalk-internet", "sitewalk-lan"};
static const char *const echo[] = {"protocol=icmp icmp-options=8:0",
    "protocol=icmpv6 icmp-options=128:0"};

static const char *const notes[] = {
    N_("Try it first, from version 7.16 on: /import file-name=routeros.rsc "
       "verbose=yes dry-run. That looks at the spelling alone."),
    N_("Loading it opens nothing yet. It takes effect when the router's own "
       "chain forward jumps there, behind the line that accepts what is "
       "established and related; LAN and WAN are its interface lists. Do the "
       "same below /ipv6 where the site has it."),
    "/ip/firewall/filter/add chain=forward action=jump "
    "jump-target=sitewalk-internet in-interface-list=LAN "
    "out-interface-list=WAN",
    "/ip/firewall/filter/add chain=forward action=jump "
    "jump-target=sitewalk-lan in-interface-list=LAN out-interface-list=LAN",
    N_("Wildcards work only where the router itself is the DNS server of the "
       "devices. The word <upstream> stands for the DNS server that the router "
       "asks; put it in before loading."),
    N_("Of two wildcards of which one lies in the other, the narrower stands "
       "first. Its maker does not say which one fills its list, so the rule of "
       "the wider one takes both lists. Look at the lists after the first "
       "day."),
    N_("Whether names and wildcards also bring IPv6 addresses into the lists "
       "depends on the version: look at /ipv6/firewall/address-list."),
    N_("To load it a second time, first remove what has a comment that begins "
       "with the word sitewalk."),
    NULL,
};

static void
place_name(struct arena *a, struct flow *f)
{
	if (!flow_is_below(f)) {
		flow_by_lookup(a, f);
		return;
	}
	flow_wider(a, f,
	    _("By the addresses that the router gives out for such names; "
	      "other names at them are let through as well."));
	flow_below_wider(a, f, true);
}

/* "to_a_example", "below_a_example": a host name has no underscore, so that
 * no two names share a list. */
static const char *
list_name(struct arena *a, const struct flow *f)
{
	char *out = arena_printf(a, "%s_%s", flow_is_below(f) ? "below" : "to",
	    f->domain);
	char hex[DIGEST_HEX_SIZE];
	size_t i;

	for (i = 0; out[i] != '\0'; i++) {
		if (out[i] == '.')
			out[i] = '_';
	}
	if (i <= LIST_MAX)
		return out;
	digest_sha256_hex(out, i, hex);
	return arena_printf(a, "%s_%.*s", flow_is_below(f) ? "below" : "to",
	    LIST_DIGITS, hex);
}

static void
add_address(const struct dialect_out *o, int family, const char *list,
    const char *address)
{
	buf_addf(o->out,
	    "%s/firewall/address-list/add list=%s address=%s "
	    "comment=\"sitewalk\"\n",
	    roots[family], list, address);
}

static bool
is_named(const struct flow *f, bool below)
{
	return f->fate != FATE_NOT_HERE && f->to == TO_NAME &&
	    flow_is_below(f) == below;
}

static void
add_names(const struct dialect_out *o)
{
	struct strlist seen = {0};
	size_t i;
	int family;

	for (i = 0; i < o->flows->count; i++) {
		const struct flow *f = &o->flows->flow[i];

		if (!is_named(f, false) || strlist_has(&seen, f->domain))
			continue;
		strlist_add(o->arena, &seen, f->domain);
		for (family = 0; family < 2; family++) {
			if (flow_has_family(o, f, family))
				add_address(o, family, list_name(o->arena, f),
				    f->domain);
		}
	}
}

/* Is a the domain of a wildcard that stands in front of b's? Longer ones
 * first: what lies in another is longer than it. */
static bool
is_before(const struct flow *a, const struct flow *b)
{
	size_t na = strlen(a->domain), nb = strlen(b->domain);

	return na != nb ? na > nb : strcmp(a->domain, b->domain) < 0;
}

static void
add_wildcards(const struct dialect_out *o)
{
	struct strlist done = {0};
	const struct flow *next;
	size_t i;

	do {
		next = NULL;
		for (i = 0; i < o->flows->count; i++) {
			const struct flow *f = &o->flows->flow[i];

			if (is_named(f, true) &&
			    !strlist_has(&done, f->domain) &&
			    (next == NULL || is_before(f, next)))
				next = f;
		}
		if (next == NULL)
			break;
		strlist_add(o->arena, &done, next->domain);
		buf_addf(o->out,
		    "/ip/dns/static/add type=FWD name=%s match-subdomain=yes "
		    "forward-to=<upstream> address-list=%s "
		    "comment=\"sitewalk\"\n",
		    next->domain, list_name(o->arena, next));
	} while (next != NULL);
}

static void
write_head(const struct dialect_out *o)
{
	struct strlist from;
	size_t i;
	int family;

	for (family = 0; family < 2; family++) {
		from = dialect_sources(o, family);
		for (i = 0; i < from.count; i++)
			add_address(o, family, DEVICES, from.item[i]);
	}
	add_names(o);
	add_wildcards(o);
}

static void
add_rule(const struct dialect_out *o, const struct flow *f, int family,
    const char *to)
{
	struct arena *a = o->arena;
	struct strlist ports = flow_ports(a, f, "-", NULL);

	buf_addf(o->out,
	    "%s/firewall/filter/add chain=%s action=accept "
	    "src-address-list=" DEVICES "%s ",
	    roots[family], chains[f->row->part == ROWS_LAN], to);
	if (f->row->need->protocol == PROTO_ICMP)
		buf_adds(o->out, echo[family]);
	else
		buf_addf(o->out, "protocol=%s", flow_protocol(f));
	if (ports.count > 0)
		buf_addf(o->out, " dst-port=%s", summary_join(a, &ports, ","));
	buf_addf(o->out, " comment=\"sitewalk %s\"\n",
	    dialect_name(o, f, "", 100));
}

/* The list of f, and of the wildcards that lie in it. */
static void
add_lists(const struct dialect_out *o, const struct flow *f, int family)
{
	struct arena *a = o->arena;
	struct strlist seen = {0};
	const char *own = list_name(a, f);
	size_t i;

	strlist_add(a, &seen, own);
	add_rule(o, f, family, arena_printf(a, " dst-address-list=%s", own));
	for (i = 0; flow_is_below(f) && i < o->flows->count; i++) {
		const struct flow *other = &o->flows->flow[i];
		const char *list;

		if (!is_named(other, true) || !flow_takes(f, other))
			continue;
		list = list_name(a, other);
		if (strlist_has(&seen, list))
			continue;
		strlist_add(a, &seen, list);
		add_rule(o, f, family,
		    arena_printf(a, " dst-address-list=%s", list));
	}
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	struct strlist to;
	size_t i;
	int family;

	for (family = 0; family < 2; family++) {
		if (!flow_has_family(o, f, family))
			continue;
		to = dialect_addresses(o, f, family);
		if (f->to == TO_ANY)
			add_rule(o, f, family, "");
		else if (f->to == TO_NAME)
			add_lists(o, f, family);
		for (i = 0; i < to.count; i++)
			add_rule(o, f, family,
			    arena_printf(o->arena, " dst-address=%s",
				to.item[i]));
	}
}

static const struct dialect dialect_routeros = {
    .platform = "MikroTik RouterOS",
    .assumes = "RouterOS 7.6",
    .comment = "# ",
    .notes = notes,
    .gateway = N_("It ends at the router itself: its chain input must accept "
		  "it from the devices."),
    .name = place_name,
    .head = write_head,
    .flow = write_flow,
};

const struct export_format export_request_routeros = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "MikroTik (RouterOS)",
    .name = "routeros",
    .file = "firewall/snippets/routeros.rsc",
    .label = N_("Change request, script for MikroTik RouterOS"),
    .use = N_("Send it to the IT desk where the router is a MikroTik."),
    .dialect = &dialect_routeros,
};
