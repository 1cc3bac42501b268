/* SPDX-License-Identifier: MIT */
/* Owns the change request as rules of the firewall in Windows, a script for
 * PowerShell. It filters what its own computer sends, and nothing else. */
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/export/dialect/flow_text.h"
#include "core/export/formats.h"
#include "core/export/summary.h"

#define NAME_SIZE 80
/* Without it, older versions read the file in the code page of the system,
 * in some of which a letter takes the end of its line along. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static const char *const notes[] = {
    N_("This firewall stands in one computer and filters what that computer "
       "sends. Run the script, as administrator, only where the product "
       "itself runs on Windows, and delete the rows of other devices: they "
       "belong into the firewall of the site."),
    N_("Windows lets everything out unless somebody has chosen otherwise. "
       "Only then these rules change anything. A rule that blocks is "
       "stronger than these."),
    N_("Names need Microsoft Defender Antivirus, switched on, of version "
       "4.18.2209.7 or newer, with network protection in block or audit mode, "
       "and no DNS over HTTPS. The addresses are learned from the DNS answers "
       "that the computer gets and are forgotten when it starts again; the "
       "first packet to a new address may be lost."),
    N_("The script can be run again: it first removes what it made itself."),
    NULL,
};

static void
place_name(struct arena *a, struct flow *f)
{
	flow_wider(a, f,
	    _("By the addresses that the computer is told for the name; other "
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

/* "{8a6e...}" of a keyword, always the same (RFC 9562 section 5.8). */
static const char *
keyword_id(struct arena *a, const char *keyword)
{
	const char *text = arena_printf(a, "sitewalk %s", keyword);
	char hex[DIGEST_HEX_SIZE];

	digest_sha256_hex(text, strlen(text), hex);
	return arena_printf(a, "{%.8s-%.4s-8%.3s-8%.3s-%.12s}", hex, hex + 8,
	    hex + 12, hex + 15, hex + 18);
}

static void
add_keyword(const struct dialect_out *o, const char *keyword)
{
	const char *id = keyword_id(o->arena, keyword);

	buf_addf(o->out,
	    "Remove-NetFirewallDynamicKeywordAddress -Id '%s' "
	    "-ErrorAction SilentlyContinue\n",
	    id);
	buf_addf(o->out,
	    "New-NetFirewallDynamicKeywordAddress -Id '%s' -Keyword '%s' "
	    "-AutoResolve $true | Out-Null\n",
	    id, keyword);
}

static void
write_head(const struct dialect_out *o)
{
	struct strlist seen = {0}, names;
	size_t i, k;

	buf_adds(o->out,
	    "$ErrorActionPreference = 'Stop'\n"
	    "Remove-NetFirewallRule -Group 'sitewalk' "
	    "-ErrorAction SilentlyContinue\n");
	for (i = 0; i < o->flows->count; i++) {
		const struct flow *f = &o->flows->flow[i];

		if (f->fate == FATE_NOT_HERE || f->to != TO_NAME)
			continue;
		names = flow_names(o->arena, f);
		for (k = 0; k < names.count; k++) {
			if (strlist_has(&seen, names.item[k]))
				continue;
			strlist_add(o->arena, &seen, names.item[k]);
			add_keyword(o, names.item[k]);
		}
	}
}

static void
add_rule(const struct dialect_out *o, const struct flow *f, const char *mark,
    const char *match, const struct strlist *to)
{
	struct arena *a = o->arena;
	struct strlist ids = {0};
	size_t i;

	buf_addf(o->out,
	    "New-NetFirewallRule -Name '%s' -DisplayName 'sitewalk %s' "
	    "-Group 'sitewalk' -Direction Outbound -Action Allow %s",
	    dialect_name(o, f, mark, NAME_SIZE),
	    dialect_name(o, f, "", NAME_SIZE), match);
	if (f->to == TO_ADDRESSES)
		buf_addf(o->out, " -RemoteAddress %s", flow_quoted(a, to, "'"));
	if (f->to == TO_NAME) {
		for (i = 0; i < to->count; i++)
			strlist_add(a, &ids, keyword_id(a, to->item[i]));
		buf_addf(o->out, " -RemoteDynamicKeywordAddresses %s",
		    flow_quoted(a, &ids, "'"));
	}
	buf_adds(o->out, " | Out-Null\n");
}

static void
add_echo(const struct dialect_out *o, const struct flow *f)
{
	struct strlist to;
	int family;

	for (family = 0; family < 2; family++) {
		if (!flow_has_family(o, f, family))
			continue;
		to = f->to == TO_NAME ? flow_names(o->arena, f) :
					dialect_addresses(o, f, family);
		add_rule(o, f, family == 0 ? "4" : "6",
		    family == 0 ? "-Protocol ICMPv4 -IcmpType 8" :
				  "-Protocol ICMPv6 -IcmpType 128",
		    &to);
	}
}

static void
write_flow(const struct dialect_out *o, const struct flow *f)
{
	struct arena *a = o->arena;
	struct strlist ports = flow_ports(a, f, "-", NULL);
	struct strlist to = {0};
	const char *name = f->row->need->protocol == PROTO_TCP ? "TCP" : "UDP";

	if (f->row->need->protocol == PROTO_ICMP) {
		add_echo(o, f);
		return;
	}
	if (f->to == TO_NAME)
		to = flow_names(a, f);
	else if (f->to == TO_ADDRESSES)
		to = flow_all_addresses(o, f);
	add_rule(o, f, "",
	    ports.count == 0 ? arena_printf(a, "-Protocol %s", name) :
			       arena_printf(a, "-Protocol %s -RemotePort %s",
				   name, flow_quoted(a, &ports, "'")),
	    &to);
}

static const struct dialect dialect_windows = {
    .platform = "Windows Defender Firewall",
    .assumes = "Windows 11, Windows Server 2022",
    .comment = "# ",
    .first = BYTE_ORDER_MARK,
    .notes = notes,
    .errors = N_("Such messages are about packets of a permitted flow. "
		 "Windows lets them in with it."),
    .name = place_name,
    .head = write_head,
    .flow = write_flow,
};

const struct export_format export_request_windows = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "Windows Defender Firewall",
    .name = "windows",
    .file = "firewall/snippets/windows.ps1",
    .label = N_("Change request, rules of the firewall in Windows"),
    .use = N_("For a computer with Windows that the product itself runs on."),
    .dialect = &dialect_windows,
};
