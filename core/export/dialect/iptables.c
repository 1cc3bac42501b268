/* SPDX-License-Identifier: MIT */
/* Owns the change request as rules of iptables: two chains for the table
 * "filter", in one file for iptables-restore and ip6tables-restore. Each
 * takes the lines of its own family, by "-4" and "-6". */
#include "core/base/i18n.h"
#include "core/export/dialect/flow_text.h"
#include "core/export/formats.h"
#include "core/export/summary.h"

static const char *const chains[] = {FLOWS_INTERNET, FLOWS_LAN};
static const char *const echo[] = {"-p icmp -m icmp --icmp-type 8",
    "-p ipv6-icmp -m icmp6 --icmpv6-type 128"};

static const char *const notes[] = {
    N_("Load it by: iptables-restore --noflush FILE, and for IPv6 by: "
       "ip6tables-restore --noflush FILE. Without --noflush everything that "
       "is in the table now is lost."),
    N_("Loading it opens nothing yet. It takes effect when the gateway's own "
       "chain FORWARD jumps there, behind the line that accepts what is "
       "established and related:"),
    "iptables -A FORWARD -i LAN -o WAN -j " FLOWS_INTERNET,
    "iptables -A FORWARD -i LAN -o LAN -j " FLOWS_LAN,
    N_("LAN and WAN stand for the gateway's interfaces."),
    NULL,
};

/* A name in a rule would be looked up once, when it is loaded, and then be
 * wrong in silence. */
static void
place_name(struct arena *a, struct flow *f)
{
	(void)a;
	flow_not_here(f,
	    _("These rules know no names: one would be looked up a single "
	      "time, when the file is loaded. Let dnsmasq fill a set with the "
	      "addresses that it gives out, by a line ipset=, and permit that "
	      "set; or take sitewalk.nft and dnsmasq.conf, which do the "
	      "same."));
}

static void
write_head(const struct dialect_out *o)
{
	buf_adds(o->out,
	    "*filter\n:" FLOWS_INTERNET " - [0:0]\n:" FLOWS_LAN " - [0:0]\n");
}

static void
add_rule(const struct dialect_out *o, const struct flow *f, int family,
    const char *to, const char *match)
{
	struct strlist from = dialect_sources(o, family);

	buf_addf(o->out, "%s -A %s -s %s%s%s %s", family == 0 ? "-4" : "-6",
	    chains[f->row->part == ROWS_LAN],
	    summary_join(o->arena, &from, ","), to == NULL ? "" : " -d ",
	    to == NULL ? "" : to, match);
	buf_addf(o->out, " -m comment --comment %s -j ACCEPT\n",
	    dialect_name(o, f, "", 100));
}

/* One line for each range of ports: a line takes few of them. */
static void
add_ports(const struct dialect_out *o, const struct flow *f, int family,
    const char *to)
{
	struct strlist ports = flow_ports(o->arena, f, ":", NULL);
	const char *p = flow_protocol(f);
	size_t i;

	if (f->row->need->protocol == PROTO_ICMP)
		add_rule(o, f, family, to, echo[family]);
	else if (ports.count == 0)
		add_rule(o, f, family, to, arena_printf(o->arena, "-p %s", p));
	for (i = 0; i < ports.count; i++)
		add_rule(o, f, family, to,
		    arena_printf(o->arena, "-p %s -m %s --dport %s", p, p,
			ports.item[i]));
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
		if (f->to == TO_ANY) {
			add_ports(o, f, family, NULL);
			continue;
		}
		to = dialect_addresses(o, f, family);
		for (i = 0; i < to.count; i++)
			add_ports(o, f, family, to.item[i]);
	}
}

static void
write_tail(const struct dialect_out *o)
{
	buf_adds(o->out, "COMMIT\n");
}

static const struct dialect dialect_iptables = {
    .platform = "iptables",
    .assumes = "iptables 1.8",
    .comment = "# ",
    .checked = N_("Checked by our own tests, which also let "
		  "iptables-restore read it, and on no gateway."),
    .notes = notes,
    .errors = N_("Such messages are about packets of a permitted flow. They "
		 "pass with it where the chain accepts what is RELATED."),
    .gateway = N_("It ends at the gateway itself: its chain INPUT must "
		  "accept it from the devices."),
    .name = place_name,
    .head = write_head,
    .flow = write_flow,
    .tail = write_tail,
};

const struct export_format export_request_iptables = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "iptables (Linux)",
    .name = "iptables",
    .file = "firewall/snippets/iptables.rules",
    .label = N_("Change request, rules of iptables"),
    .use = N_("Send it to the IT desk where the firewall is iptables."),
    .dialect = &dialect_iptables,
};
