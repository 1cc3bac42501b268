/* SPDX-License-Identifier: MIT */
/* Owns the change request as rules of nftables: sets and two chains of a
 * table that the gateway has already, to be jumped to from its own chain.
 * Loading the file alone opens nothing. */
#include <arpa/inet.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/export/dialect/dialect.h"
#include "core/export/formats.h"
#include "core/export/summary.h"

#define TAB "\t"
#define RULE "\t\t"
#define NAME_MAX_SET 60 /* longer ones are shortened by a digest */
#define NAME_DIGITS 16
#define LINE_MAX_BYTES ((size_t)1 << 20)

static const char *const families[] = {"ip", "ip6"};
static const char *const set_types[] = {"ipv4_addr", "ipv6_addr"};
static const char set_suffix[] = {'4', '6'};
static const char *const echo[] = {"icmp type echo-request",
    "icmpv6 type echo-request"};

/* --- what becomes of a flow -------------------------------------------- */

/* "to_connect_zencontrol_com": a host name has no underscores, so that no
 * two names become one. */
static const char *
set_name(struct arena *a, bool below, const char *domain)
{
	char *out = arena_printf(a, "%s_%s", below ? "below" : "to", domain);
	char hex[DIGEST_HEX_SIZE];
	size_t i;

	for (i = 0; out[i] != '\0'; i++) {
		if (out[i] == '.')
			out[i] = '_';
	}
	if (i <= NAME_MAX_SET)
		return out;
	digest_sha256_hex(out, i, hex);
	return arena_printf(a, "%s_%.*s", below ? "below" : "to", NAME_DIGITS,
	    hex);
}

/* dnsmasq fills a set with the addresses of a domain and all below it. */
static void
by_sets(struct arena *a, struct flow *f)
{
	f->set = set_name(a, flow_is_below(f), f->domain);
	if (!flow_is_below(f)) {
		flow_wider(a, f,
		    _("By the addresses of the name; other names at them, "
		      "and names below this one, are let through as well."));
		return;
	}
	flow_wider(a, f,
	    _("By the addresses of such names; other names at them are let "
	      "through as well."));
	flow_below_wider(a, f, true);
}

const struct dialect dialect_nftables = {
    .platform = "nftables",
    .gateway = N_("It ends at the gateway itself: its input chain must accept "
		  "it from the devices."),
    .errors = N_("Such messages are about packets of a permitted flow. They "
		 "pass with it where the chain accepts what is \"related\"."),
    .name = by_sets,
};

/* --- the file's head --------------------------------------------------- */

static void
add_head(struct buf *out, struct arena *a, const struct flows *all)
{
	const struct rules *rules = all->rules;

	struct summary s;
	const char *partial;

	summary_make(rules->record, NULL, &s);
	partial = summary_partial(&s, a, rules->record);
	buf_adds(out, "#!/usr/sbin/nft -f\n");
	flows_remark(out,
	    arena_printf(a, _("Firewall change request %s: %s"), rules->id,
		rules->title),
	    0);
	flows_remark(out,
	    arena_printf(a,
		_("Made by sitewalk %1$s at %2$s. Read it before "
		  "use."),
		rules->record->tool_version, rules->created),
	    0);
	flows_remark(out,
	    rules->scope == SCOPE_ALL ?
		_("It holds everything that applies to this site.") :
		_("It holds what failed in the check, or could not be "
		  "proven."),
	    0);
	if (partial != NULL)
		flows_remark(out, partial, 0);
	buf_adds(out, "#\n");
	flows_remark(out,
	    _("Loading this file opens nothing yet: it adds sets and chains "
	      "to the table \"inet filter\". It takes effect when the "
	      "gateway's own chain for forwarded packets jumps there, behind "
	      "the line that accepts what is established and related, and "
	      "before the line that rejects the rest:"),
	    0);
	buf_adds(out,
	    "#   ct state established,related accept\n"
	    "#   iifname \"LAN\" oifname \"WAN\" jump " FLOWS_INTERNET "\n"
	    "#   iifname \"LAN\" oifname \"LAN\" jump " FLOWS_LAN "\n");
	flows_remark(out,
	    _("LAN and WAN stand for the gateway's interfaces. The file can "
	      "be loaded again at any time."),
	    0);
	flows_remark(out,
	    _("The sets of names are filled by dnsmasq, by the lines of "
	      "dnsmasq.conf; the devices must ask that DNS server. An "
	      "address stays in its set until the set is flushed."),
	    0);
	if (!all->family[1])
		flows_remark(out,
		    _("The site has no IPv6, so there are no rules for it."),
		    0);
	buf_addc(out, '\n');
}

/* --- sets and chains --------------------------------------------------- */

static void
add_sets(struct buf *out, const struct flows *all)
{
	struct arena *a = arena_new();
	struct strlist seen = {0};
	size_t i;
	int f;

	for (i = 0; i < all->count; i++) {
		const struct flow *flow = &all->flow[i];

		if (flow->fate == FATE_NOT_HERE || flow->to != TO_NAME ||
		    strlist_has(&seen, flow->set))
			continue;
		strlist_add(a, &seen, flow->set);
		for (f = 0; f < 2; f++) {
			if (all->family[f])
				buf_addf(out, TAB "set %s_%c { type %s; }\n",
				    flow->set, set_suffix[f], set_types[f]);
		}
	}
	arena_free(a);
}

/* Only the devices' network may leave by these rules. */
static void
add_sources(struct buf *out, struct arena *a, const struct flows *all)
{
	int f;

	if (all->from[0].count + all->from[1].count == 0) {
		flows_remark(out,
		    _("From whom is not known: no check was run in the "
		      "network of the devices. Name it here, as in: ip saddr "
		      "!= 192.0.2.0/24 return"),
		    0);
		return;
	}
	for (f = 0; f < 2; f++) {
		if (all->from[f].count > 0)
			buf_addf(out, RULE "%s saddr != { %s } return\n",
			    families[f], summary_join(a, &all->from[f], ", "));
		else if (all->family[f])
			buf_addf(out, RULE "meta nfproto %s return\n",
			    f == 0 ? "ipv4" : "ipv6");
	}
}

/* What never leaves the site never goes to a public address, whatever else
 * stands in a row. */
static void
add_lan_guard(struct buf *out, struct arena *a, const struct flows *all)
{
	static const char *const local[] =
	    {"10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, "
	     "100.64.0.0/10",
		"fc00::/7, fe80::/10"};
	struct strlist own;
	int f;

	for (f = 0; f < 2; f++) {
		own = flows_public(a, all, f);
		buf_addf(out, RULE "%s daddr != { %s%s%s } return\n",
		    families[f], local[f], own.count > 0 ? ", " : "",
		    summary_join(a, &own, ", "));
	}
}

/* --- rules ------------------------------------------------------------- */

/* "443", "20000-49000", "{ 80, 443 }" */
static void
add_ports(struct buf *out, const struct need *n)
{
	const char *name = n->protocol == PROTO_TCP ? "tcp" : "udp";
	char text[PORT_RANGE_SIZE];
	size_t i;

	if (n->ports.count == 0) {
		buf_addf(out, "meta l4proto %s", name);
		return;
	}
	buf_addf(out, "%s dport %s", name, n->ports.count > 1 ? "{ " : "");
	for (i = 0; i < n->ports.count; i++)
		buf_addf(out, "%s%s", i > 0 ? ", " : "",
		    port_range_text(&n->ports.range[i], text));
	if (n->ports.count > 1)
		buf_adds(out, " }");
}

static bool
add_destination(struct buf *out, const struct flow *flow, int family)
{
	char text[INET6_ADDRSTRLEN];
	size_t i, n = 0;

	if (flow->to == TO_ANY)
		return true;
	if (flow->to == TO_NAME) {
		buf_addf(out, "%s daddr @%s_%c ", families[family], flow->set,
		    set_suffix[family]);
		return true;
	}
	for (i = 0; i < flow->naddress; i++) {
		const struct ip *ip = &flow->address[i];

		if ((ip->len == 16) != (family == 1))
			continue;
		inet_ntop(family == 0 ? AF_INET : AF_INET6, ip->byte, text,
		    sizeof text);
		if (n++ == 0)
			buf_addf(out, "%s daddr { %s", families[family], text);
		else
			buf_addf(out, ", %s", text);
	}
	if (n > 0)
		buf_adds(out, " } ");
	return n > 0;
}

static void
add_rule(struct buf *out, struct arena *a, const struct flow *flow, int family)
{
	const struct need *n = flow->row->need;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	if (add_destination(&line, flow, family)) {
		if (n->protocol == PROTO_ICMP)
			buf_adds(&line, echo[family]);
		else
			add_ports(&line, n);
		buf_addf(out, RULE "%s counter accept comment \"%s\"\n",
		    buf_str(&line), flows_plain_id(a, flow->row->rule_id));
	}
	buf_free(&line);
}

static void
add_words(struct buf *out, struct arena *a, const struct flow *f)
{
	const struct rule_row *row = f->row;

	buf_addc(out, '\n');
	flows_remark(out,
	    arena_printf(a, "%s (%s): %s", row->rule_id,
		word_label(&words_strength, (int)row->need->strength),
		summary_flow(a, row->need)),
	    0);
	flows_remark(out, row->purpose, 2);
	if (f->needed_by.count > 1)
		flows_remark(out,
		    arena_printf(a, _("Needed by: %s"),
			summary_join(a, &f->needed_by, ", ")),
		    2);
	if (row->covered_by.count > 0)
		flows_remark(out,
		    arena_printf(a, _("Also in: %s"),
			summary_join(a, &row->covered_by, ", ")),
		    2);
	if (row->condition[0] != '\0')
		flows_remark(out,
		    arena_printf(a, _("Only if: %s"), row->condition), 2);
	flows_remark(out, dialect_fate(a, f), 2);
}

static void
add_flow(struct buf *out, struct arena *a, const struct flows *all,
    const struct flow *f)
{
	int family;

	add_words(out, a, f);
	if (f->fate == FATE_NOT_HERE)
		return;
	for (family = 0; family < 2; family++) {
		if (!all->family[family])
			continue;
		/* Ports of anybody are one line for both families. */
		if (family == 1 && f->to == TO_ANY &&
		    f->row->need->protocol != PROTO_ICMP)
			continue;
		add_rule(out, a, f, family);
	}
}

static void
add_chain(struct buf *out, struct arena *a, const struct flows *all,
    enum rows_part part)
{
	size_t i;

	buf_addf(out, "\n" TAB "chain %s {\n",
	    part == ROWS_LAN ? FLOWS_LAN : FLOWS_INTERNET);
	if (part == ROWS_LAN)
		add_lan_guard(out, a, all);
	add_sources(out, a, all);
	for (i = 0; i < all->count; i++) {
		if (all->flow[i].row->part == part)
			add_flow(out, a, all, &all->flow[i]);
	}
	buf_adds(out, TAB "}\n");
}

static void
add_conditions(struct buf *out, struct arena *a, const struct rules *rules)
{
	size_t i;

	if (rules->in_part[ROWS_CONDITIONS] == 0)
		return;
	buf_addc(out, '\n');
	flows_remark(out,
	    _("What is no port: no firewall line can grant these; somebody "
	      "must see to them."),
	    0);
	for (i = 0; i < rules->count; i++) {
		const struct rule_row *row = &rules->row[i];
		const char *text = row->need->grant;

		if (row->part != ROWS_CONDITIONS)
			continue;
		flows_remark(out,
		    arena_printf(a, "%s: %s", row->rule_id,
			text != NULL ? text : row->application),
		    0);
	}
}

static int
write_nftables(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct rules *rules = rows_make(a, r, opt);
	const struct flows *all = flows_make(a, rules, &dialect_nftables);

	(void)err;
	add_head(out, a, all);
	buf_adds(out, "table inet " FLOWS_TABLE " {\n");
	add_sets(out, all);
	buf_adds(out,
	    TAB "chain " FLOWS_INTERNET " { }\n" TAB "chain " FLOWS_LAN
		" { }\n}\n");
	buf_adds(out,
	    "flush chain inet " FLOWS_TABLE " " FLOWS_INTERNET "\n"
	    "flush chain inet " FLOWS_TABLE " " FLOWS_LAN "\n"
	    "table inet " FLOWS_TABLE " {");
	add_chain(out, a, all, ROWS_INTERNET);
	add_chain(out, a, all, ROWS_LAN);
	buf_adds(out, "}\n");
	add_conditions(out, a, rules);
	arena_free(a);
	return 0;
}

const struct export_format export_request_nftables = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "nftables (Linux)",
    .name = "nftables",
    .file = "firewall/sitewalk.nft",
    .label = N_("Change request, rules of nftables"),
    .use = N_("Send it to the IT desk where the firewall is nftables."),
    .write = write_nftables,
};
