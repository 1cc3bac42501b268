/* SPDX-License-Identifier: MIT */
/* Owns the change request as one request to the XML API of Sophos Firewall:
 * hosts, services and firewall rules. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/dialect/flow_text.h"
#include "core/export/formats.h"

#define COLUMNS 76
#define NAME_SIZE 50

static const char *const families[] = {"IPv4", "IPv6"};
/* Of the firewall's own stock. */
static const char *const pings[] = {"PING", "PING6"};

static const char *const notes[] = {
    N_("It holds no user and no password, so that the firewall refuses it as "
       "it is: put an element Login in front of the element Set."),
    N_("The zones LAN and WAN are those that every such firewall begins with, "
       "and PING and PING6 its own services: change them where they are named "
       "differently. New rules stand at the bottom; move them in front of a "
       "rule that drops."),
    N_("Names work only where the devices' DNS questions go to the firewall "
       "or through it, by UDP port 53, and not where two names share one "
       "address."),
    NULL,
};

struct remark {
	struct buf *out;
	int indent;
	bool has_line;
};

/* Two hyphens would end it. */
static void
comment_line(void *arg, const char *s, size_t len)
{
	struct remark *r = arg;
	size_t i;

	if (r->has_line)
		buf_adds(r->out, "\n     ");
	r->has_line = true;
	buf_fill(r->out, ' ', (size_t)r->indent);
	for (i = 0; i < len; i++) {
		bool ends = s[i] == '-' && (i + 1 == len || s[i + 1] == '-');

		buf_addc(r->out, ends ? '.' : s[i]);
	}
}

static void
write_remark(const struct dialect_out *o, const char *text)
{
	struct remark r = {o->out, (int)strspn(text, " "), false};

	buf_adds(o->out, "<!-- ");
	text_wrap(text + r.indent, COLUMNS - r.indent, comment_line, &r);
	buf_adds(o->out, " -->\n");
}

static void
place_name(struct arena *a, struct flow *f)
{
	flow_wider(a, f,
	    _("By the addresses that the firewall learns for the name; other "
	      "names at them are let through as well."));
	if (!flow_is_below(f))
		return;
	flow_below_wider(a, f, false);
	if (!f->row->need->to.apex)
		flow_wider(a, f,
		    arena_printf(a,
			_("Whether %s itself is let through too, its maker "
			  "does not say."),
			f->domain));
}

static const char *
source_name(const struct dialect_out *o, int family, size_t i)
{
	return arena_printf(o->arena, "sitewalk-devices-%d-%zu",
	    family == 0 ? 4 : 6, i + 1);
}

static void
add_source(const struct dialect_out *o, int family, size_t i,
    const char *network)
{
	const char *address, *mask, *slash = strchr(network, '/');

	dialect_network(o, network, &address, &mask);
	if (family == 1 && slash != NULL) {
		address = arena_strndup(o->arena, network,
		    (size_t)(slash - network));
		mask = slash + 1;
	}
	buf_addf(o->out,
	    "<IPHost><Name>%s</Name><IPFamily>%s</IPFamily>"
	    "<HostType>Network</HostType><IPAddress>",
	    source_name(o, family, i), families[family]);
	buf_add_markup(o->out, address, strlen(address));
	buf_adds(o->out, "</IPAddress><Subnet>");
	buf_add_markup(o->out, mask, strlen(mask));
	buf_adds(o->out, "</Subnet></IPHost>\n");
}

static void
write_head(const struct dialect_out *o)
{
	struct strlist from;
	size_t i;
	int family;

	buf_adds(o->out, "<Request>\n<Set operation=\"add\">\n");
	for (family = 0; family < 2; family++) {
		from = dialect_sources(o, family);
		for (i = 0; i < from.count; i++)
			add_source(o, family, i, from.item[i]);
	}
}

/* The hosts that f leads to in one family; their names. A name serves both
 * families, and is written with the first. */
static struct strlist
add_hosts(const struct dialect_out *o, const struct flow *f, int family)
{
	bool first = family == 0 || !flow_has_family(o, f, 0);
	struct strlist out = {0}, to;
	struct arena *a = o->arena;
	const char *name;
	size_t i;

	to = f->to == TO_NAME ? flow_names(a, f) :
				dialect_addresses(o, f, family);
	for (i = 0; f->to != TO_ANY && i < to.count; i++) {
		name = dialect_name(o, f,
		    f->to == TO_NAME ?
			arena_printf(a, "n%zu", i + 1) :
			arena_printf(a, "h%d%zu", family == 0 ? 4 : 6, i + 1),
		    NAME_SIZE);
		strlist_add(a, &out, name);
		if (f->to == TO_ADDRESSES)
			buf_addf(o->out,
			    "<IPHost><Name>%s</Name><IPFamily>%s</IPFamily>"
			    "<HostType>IP</HostType><IPAddress>%s</IPAddress>"
			    "</IPHost>\n",
			    name, families[family], to.item[i]);
		else if (first)
			buf_addf(o->out,
			    "<FQDNHost><Name>%s</Name><FQDN>%s</FQDN>"
			    "</FQDNHost>\n",
			    name, to.item[i]);
	}
	return out;
}

static void
add_service(const struct dialect_out *o, const struct flow *f)
{
	struct strlist ports = flow_ports(o->arena, f, ":", "1:65535");
	size_t i;

	buf_addf(o->out,
	    "<Services><Name>%s</Name><Type>TCPorUDP</Type>"
	    "<ServiceDetails>\n",
	    dialect_name(o, f, "s", NAME_SIZE));
	for (i = 0; i < ports.count; i++)
		buf_addf(o->out,
		    "<ServiceDetail><SourcePort>1:65535</SourcePort>"
		    "<DestinationPort>%s</DestinationPort>"
		    "<Protocol>%s</Protocol></ServiceDetail>\n",
		    ports.item[i],
		    f->row->need->protocol == PROTO_TCP ? "TCP" : "UDP");
	buf_adds(o->out, "</ServiceDetails></Services>\n");
}

static void
add_rule(const struct dialect_out *o, const struct flow *f, int family,
    const struct strlist *to)
{
	bool is_icmp = f->row->need->protocol == PROTO_ICMP;
	size_t i, n = dialect_sources(o, family).count;

	buf_addf(o->out,
	    "<FirewallRule><Name>%s</Name><Description>%s</Description>"
	    "<IPFamily>%s</IPFamily><Status>Enable</Status>"
	    "<Position>Bottom</Position><PolicyType>Network</PolicyType>\n"
	    "<NetworkPolicy><Action>Accept</Action>"
	    "<LogTraffic>Enable</LogTraffic>"
	    "<SkipLocalDestined>Disable</SkipLocalDestined>\n"
	    "<SourceZones><Zone>LAN</Zone></SourceZones>"
	    "<DestinationZones><Zone>%s</Zone></DestinationZones>"
	    "<Schedule>All The Time</Schedule>\n<SourceNetworks>",
	    dialect_name(o, f, family == 0 ? "4" : "6", NAME_SIZE),
	    dialect_label(o, f), families[family],
	    f->row->part == ROWS_LAN ? "LAN" : "WAN");
	for (i = 0; i < n; i++)
		buf_addf(o->out, "<Network>%s</Network>",
		    source_name(o, family, i));
	buf_adds(o->out, "</SourceNetworks>");
	if (to->count > 0)
		buf_adds(o->out, "<DestinationNetworks>");
	for (i = 0; i < to->count; i++)
		buf_addf(o->out, "<Network>%s</Network>", to->item[i]);
	if (to->count > 0)
		buf_adds(o->out, "</DestinationNetworks>");
	buf_addf(o->out,
	    "<Services><Service>%s</Service></Services></NetworkPolicy>"
	    "</FirewallRule>\n",
	    is_icmp ? pings[family] : dialect_name(o, f, "s", NAME_SIZE));
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	struct strlist to;
	int family;

	if (f->row->need->protocol != PROTO_ICMP)
		add_service(o, f);
	for (family = 0; family < 2; family++) {
		if (!flow_has_family(o, f, family))
			continue;
		to = add_hosts(o, f, family);
		add_rule(o, f, family, &to);
	}
}

static void
write_tail(const struct dialect_out *o)
{
	buf_adds(o->out, "</Set>\n</Request>\n");
}

static const struct dialect dialect_sophos = {
    .platform = "Sophos Firewall",
    .assumes = "Sophos Firewall 18.5",
    .checked = N_("Checked by our own tests, which also look whether it is "
		  "well-formed XML, and on no firewall."),
    .notes = notes,
    .bypass = N_("A row that TLS inspection must leave alone needs a rule for "
		 "SSL/TLS inspection with the action not to decrypt, which is "
		 "not in this file."),
    .name = place_name,
    .head = write_head,
    .flow = write_flow,
    .tail = write_tail,
    .remark = write_remark,
};

const struct export_format export_request_sophos = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "Sophos Firewall",
    .name = "sophos",
    .file = "firewall/snippets/sophos.xml",
    .label = N_("Change request for Sophos Firewall"),
    .use = N_("Send it to the IT desk where the firewall is by Sophos."),
    .dialect = &dialect_sophos,
};
