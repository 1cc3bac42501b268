/* SPDX-License-Identifier: MIT */
/* Owns the change request for pfSense and OPNsense, which have no command
 * line for rules: tables of aliases to paste, each row's rule in words to
 * click, and for OPNsense the aliases as a file that it imports. */
#include <ctype.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/export/dialect/flow_text.h"
#include "core/export/formats.h"
#include "core/export/summary.h"

#define NAME_MAX_ALIAS 31
#define DIGITS 8
#define PREFIX "fr_"
#define MARK_MAX 2
#define NETWORK "sitewalk_devices"

static const char *const versions[] = {"IPv4", "IPv6"};

static const char *const notes[] = {
    N_("A line that begins with alias is one alias: name, type, and what it "
       "holds. A line that begins with rule is one rule, in the words of the "
       "page where it is made: interface, action, version, protocol, from, to, "
       "port, description."),
    N_("Names are looked up again every five minutes. A name whose addresses "
       "change faster, or of which each answer holds only a few of many, does "
       "not work well this way."),
    N_("LAN stands for the interface of the devices."),
    NULL,
};

static const char *const import_notes[] = {
    N_("It holds aliases alone, for the page Firewall, Aliases: import. The "
       "rules stand here in words and are made by hand; LAN in them stands for "
       "the interface of the devices."),
    N_("Names are looked up again every five minutes. A name whose addresses "
       "change faster, or of which each answer holds only a few of many, does "
       "not work well this way."),
    NULL,
};

static void
place_name(struct arena *a, struct flow *f)
{
	flow_by_lookup(a, f);
}

/* An alias takes letters, digits and "_", 31 of them, so that all but the
 * shortest ids lose something: a digest tells them apart. */
static const char *
alias_name(struct arena *a, const struct flow *f, const char *mark)
{
	const char *id = f->row->rule_id;
	char *out, hex[DIGEST_HEX_SIZE];
	size_t i, n = strlen(id);
	size_t room = NAME_MAX_ALIAS - strlen(PREFIX) - 1 - DIGITS - MARK_MAX;
	const char *end = id + (n > room ? n - room : 0);

	digest_sha256_hex(id, n, hex);
	/* Rather the end of it, and from a word on. */
	if (end > id && strpbrk(end, "-.") != NULL)
		end = strpbrk(end, "-.") + 1;
	out = arena_printf(a, PREFIX "%s_%.*s%s", end, DIGITS, hex, mark);
	for (i = 0; out[i] != '\0'; i++) {
		unsigned char c = (unsigned char)out[i];

		if (c >= 0x80 || !isalnum(c))
			out[i] = '_';
	}
	return out;
}

struct alias {
	const char *name;
	const char *type; /* "Host", "Network", "Port" */
	struct strlist holds;
};

/* The aliases of f; returns how many. */
static size_t
aliases_of(const struct dialect_out *o, const struct flow *f,
    struct alias out[2])
{
	struct arena *a = o->arena;
	size_t n = 0;

	if (f->to != TO_ANY) {
		out[n].name = alias_name(a, f, "");
		out[n].type = "Host";
		out[n++].holds = f->to == TO_NAME ? flow_names(a, f) :
						    flow_all_addresses(o, f);
	}
	if (f->row->need->ports.count > 0) {
		out[n].name = alias_name(a, f, "_p");
		out[n].type = "Port";
		out[n++].holds = flow_ports(a, f, ":", NULL);
	}
	return n;
}

static const char *
protocol_words(const struct flow *f, int family)
{
	switch (f->row->need->protocol) {
	case PROTO_TCP:
		return "TCP";
	case PROTO_UDP:
		return "UDP";
	default:
		return family == 0 ? "ICMP-echo-request" :
				     "ICMPv6-echo-request";
	}
}

/* "rule LAN pass IPv4 TCP from ... to ... port ... descr ..." */
static const char *
rule_words(const struct dialect_out *o, const struct flow *f, int family)
{
	struct arena *a = o->arena;

	return arena_printf(a,
	    "rule LAN pass %s %s from %s to %s port %s descr %s",
	    versions[family], protocol_words(f, family), NETWORK,
	    f->to == TO_ANY ? "any" : alias_name(a, f, ""),
	    f->row->need->ports.count == 0 ? "any" : alias_name(a, f, "_p"),
	    dialect_name(o, f, "", 100));
}

/* --- text --------------------------------------------------------------- */

static struct strlist
devices(const struct dialect_out *o)
{
	struct strlist out = {0}, one;
	size_t i;
	int family;

	for (family = 0; family < 2; family++) {
		one = dialect_sources(o, family);
		for (i = 0; i < one.count; i++)
			strlist_add(o->arena, &out, one.item[i]);
	}
	return out;
}

static void
write_head(const struct dialect_out *o)
{
	struct strlist from = devices(o);

	buf_addf(o->out, "alias %s Network %s\n", NETWORK,
	    summary_join(o->arena, &from, " "));
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	struct alias alias[2];
	size_t i, n = aliases_of(o, f, alias);
	int family;

	for (i = 0; i < n; i++)
		buf_addf(o->out, "alias %s %s %s\n", alias[i].name,
		    alias[i].type,
		    summary_join(o->arena, &alias[i].holds, " "));
	for (family = 0; family < 2; family++) {
		if (flow_has_family(o, f, family))
			buf_addf(o->out, "%s\n", rule_words(o, f, family));
	}
}

/* --- JSON for OPNsense -------------------------------------------------- */

/* Quotation marks and backslashes are gone by now, and so are controls. */
static void
write_remark(const struct dialect_out *o, const char *text)
{
	buf_addf(o->out, "%s  \"%s\"",
	    o->out->len == 0 ? "{\n\"remarks\": [\n" : ",\n", text);
}

static void
remark_flow(const struct dialect_out *o, const struct flow *f)
{
	int family;

	for (family = 0; family < 2; family++) {
		if (flow_has_family(o, f, family))
			write_remark(o, rule_words(o, f, family));
	}
}

/* An id of the form that the import expects, always the same for the name
 * (RFC 9562 section 5.8). */
static void
add_alias(const struct dialect_out *o, const struct alias *l, const char *what,
    bool first)
{
	const char *type = l->type[0] == 'H' ? "host" :
	    l->type[0] == 'N'                ? "network" :
					       "port";
	const char *text = arena_printf(o->arena, "sitewalk %s", l->name);
	char hex[DIGEST_HEX_SIZE];

	digest_sha256_hex(text, strlen(text), hex);
	buf_addf(o->out,
	    "%s  \"%.8s-%.4s-8%.3s-8%.3s-%.12s\": {\"enabled\": \"1\", "
	    "\"name\": \"%s\", \"type\": \"%s\", \"content\": \"%s\", "
	    "\"description\": \"%s\"}",
	    first ? "" : ",\n", hex, hex + 8, hex + 12, hex + 15, hex + 18,
	    l->name, type, summary_join(o->arena, &l->holds, "\\n"), what);
}

static void
write_import(const struct dialect_out *o)
{
	struct alias alias[2] = {{NETWORK, "Network", devices(o)}};
	size_t i, k, n;

	buf_adds(o->out, "\n],\n\"aliases\": {\"alias\": {\n");
	add_alias(o, alias, "sitewalk", true);
	for (i = 0; i < o->flows->count; i++) {
		const struct flow *f = &o->flows->flow[i];

		n = f->fate == FATE_NOT_HERE ? 0 : aliases_of(o, f, alias);
		for (k = 0; k < n; k++)
			add_alias(o, &alias[k], dialect_label(o, f), false);
	}
	buf_adds(o->out, "\n}}\n}\n");
}

static const struct dialect dialect_pf = {
    .platform = "pfSense, OPNsense",
    .assumes = "pfSense 2.6, OPNsense 23.1",
    .comment = "# ",
    .notes = notes,
    .name = place_name,
    .head = write_head,
    .flow = write_flow,
};

const struct export_format export_request_pf = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "pfSense, OPNsense",
    .name = "pf",
    .file = "firewall/snippets/pf-aliases.txt",
    .label = N_("Change request, aliases for pfSense and OPNsense"),
    .use = N_("Send it to the IT desk where the firewall is pfSense or "
	      "OPNsense."),
    .dialect = &dialect_pf,
};

static const struct dialect dialect_opnsense = {
    .platform = "OPNsense",
    .assumes = "OPNsense 23.1",
    .notes = import_notes,
    .name = place_name,
    .flow = remark_flow,
    .tail = write_import,
    .remark = write_remark,
};

const struct export_format export_request_opnsense = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "pfSense, OPNsense",
    .name = "opnsense",
    .file = "firewall/snippets/opnsense-aliases.json",
    .label = N_("Change request, aliases for OPNsense to import"),
    .use = N_("Send it to the IT desk where the firewall is OPNsense."),
    .dialect = &dialect_opnsense,
};
