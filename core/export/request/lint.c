/* SPDX-License-Identifier: MIT */
/* Owns the rules that a request is looked over with. */
#include "core/export/request/lint.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/base/text.h"
#include "core/export/request/sightings.h"
#include "core/export/request/suffix.h"
#include "core/export/summary.h"

/* Policy checkers ask at ranges that no single service fills: a thousand
 * ports is what the largest telephone systems take for all their calls. */
#define PORTS_HUGE 1000
/* A port tells its protocol only where few ports are asked for. */
#define PORTS_FEW 100
/* Firewalls that resolve names themselves do so every one to five minutes,
 * so an address that changes within one is often the wrong one there. */
#define TTL_SHORT_S 60

const char *const lint_severity_names[] = {
    [LINT_SERIOUS] = "serious",
    [LINT_WARNING] = "warning",
    [LINT_NOTE] = "note",
};

static const char *const severity_labels[] = {
    [LINT_SERIOUS] = N_("serious"),
    [LINT_WARNING] = N_("warning"),
    [LINT_NOTE] = N_("note"),
};

const char *
lint_severity_label(enum lint_severity s)
{
	return _(severity_labels[s]);
}

/* What a rule is given, and where it says what it found. */
struct looking {
	struct arena *arena;
	const struct rules *rules;
	const struct rule_row *row;
	struct lint *out;
	const char *rule;
};

/* Rows with the same trouble are one finding. */
static void
found(const struct looking *l, enum lint_severity severity, const char *text)
{
	struct lint_finding *f;
	size_t i;

	for (i = 0; i < l->out->count; i++) {
		f = &l->out->finding[i];
		if (strcmp(f->rule, l->rule) == 0 && strcmp(f->text, text) == 0)
			goto known;
	}
	f = arena_push(l->arena, l->out->finding, l->out->count);
	*f = (struct lint_finding){l->rule, severity, text, {0}};
	l->out->of[severity]++;
known:
	strlist_add(l->arena, &f->rows, l->row->rule_id);
}

static bool
is_any(const char *s)
{
	return strcmp(s, "any") == 0;
}

/* --- the rules ---------------------------------------------------------- */

static void
any_any(const struct looking *l)
{
	if (is_any(l->row->dst) &&
	    (is_any(l->row->src_hosts) || l->row->src_hosts[0] == '\0'))
		found(l, LINT_SERIOUS,
		    _("Neither the source nor the destination is narrowed "
		      "down, so this line opens the way between everybody. "
		      "Name the network of the devices as the source, and ask "
		      "the manufacturer for destinations."));
}

static void
any_source(const struct looking *l)
{
	if (is_any(l->row->src_hosts))
		found(l, LINT_SERIOUS,
		    _("The source is any address. Name the addresses that may "
		      "begin this connection."));
}

static void
no_source(const struct looking *l)
{
	if (l->row->src_hosts[0] == '\0')
		found(l, LINT_NOTE,
		    _("The source is not named, because no check was run from "
		      "the network of the devices with such an address. Write "
		      "down their network before the line is entered."));
}

static void
any_destination(const struct looking *l)
{
	if (is_any(l->row->dst))
		found(l, LINT_WARNING,
		    _("The destination is any address, because the documents "
		      "name none. Permit it from the addresses of these "
		      "devices only, or ask the manufacturer for "
		      "destinations."));
}

static void
no_destination(const struct looking *l)
{
	if (l->row->dst[0] == '\0')
		found(l, LINT_WARNING,
		    _("The destination is not known yet. Answer the question "
		      "that it depends on, or write the address down, before "
		      "the line is entered; it must not become any."));
}

static void
no_reason(const struct looking *l)
{
	if (text_is_space(l->row->justification))
		found(l, LINT_SERIOUS,
		    _("No reason is given. Desks send such a line back: write "
		      "down what it is needed for."));
}

static void
no_review(const struct looking *l)
{
	if (l->row->expires[0] == '\0' && l->row->review_by[0] == '\0')
		found(l, LINT_WARNING,
		    _("The line has neither a last day nor a day of review. "
		      "Write one down."));
}

static void
huge_range(const struct looking *l)
{
	unsigned count = ports_number(&l->row->need->ports);

	if (count > PORTS_HUGE)
		found(l, LINT_WARNING,
		    arena_printf(l->arena,
			_("%1$u ports are asked for at once (more than %2$d). "
			  "Policy checkers flag such a range. It is what the "
			  "manufacturer's document demands: permit it to these "
			  "destinations only, or ask the manufacturer for a "
			  "smaller range."),
			count, PORTS_HUGE));
}

static void
wide_wildcard(const struct looking *l)
{
	const char *dst = l->row->dst;

	if (strncmp(dst, "*.", 2) != 0)
		return;
	switch (suffix_kind(dst + 2)) {
	case SUFFIX_PUBLIC:
		found(l, LINT_SERIOUS,
		    arena_printf(l->arena,
			_("%s covers names that anybody can have. Use the "
			  "names of the manufacturer alone."),
			dst));
		break;
	case SUFFIX_REGISTRABLE:
		found(l, LINT_WARNING,
		    arena_printf(l->arena,
			_("%s covers a whole registered domain: all that its "
			  "owner has or will ever have there. Permit the names "
			  "that are documented or were seen instead, where the "
			  "firewall can be kept up to date with them."),
			dst));
		break;
	case SUFFIX_BELOW:
		break;
	}
}

static const struct {
	enum protocol protocol;
	unsigned port;
	const char *name;
	const char *probe; /* that speaks it at any port, or NULL */
	const char *advice;
} in_clear[] = {
    {PROTO_TCP, 20, "FTP", NULL, N_("Use SFTP or FTPS if the product can.")},
    {PROTO_TCP, 21, "FTP", "ftp", N_("Use SFTP or FTPS if the product can.")},
    {PROTO_TCP, 23, "Telnet", NULL, N_("Use SSH if the product can.")},
    {PROTO_UDP, 69, "TFTP", NULL, N_("Use HTTPS if the product can.")},
    {PROTO_TCP, 80, "HTTP", "http", N_("Use HTTPS if the product can.")},
    {PROTO_TCP, 1883, "MQTT", NULL,
	N_("Use MQTT over TLS (port 8883) if the product can.")},
    {PROTO_TCP, 5060, "SIP", NULL, N_("Use SIP over TLS if the product can.")},
    {PROTO_UDP, 5060, "SIP", NULL, N_("Use SIP over TLS if the product can.")},
};

static bool
has_port(const struct ports *p, unsigned port)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		if (p->range[i].low <= port && port <= p->range[i].high)
			return true;
	}
	return false;
}

/* By the way that it is checked, or by the very port. */
static bool
speaks(const struct need *n, size_t i)
{
	if (in_clear[i].protocol != n->protocol)
		return false;
	if (in_clear[i].probe != NULL &&
	    strcmp(in_clear[i].probe, n->probe_type) == 0)
		return true;
	return ports_number(&n->ports) <= PORTS_FEW &&
	    has_port(&n->ports, in_clear[i].port);
}

static void
insecure_protocol(const struct looking *l)
{
	size_t i;

	for (i = 0; i < sizeof in_clear / sizeof *in_clear; i++) {
		if (!speaks(l->row->need, i))
			continue;
		found(l, l->row->part == ROWS_LAN ? LINT_NOTE : LINT_WARNING,
		    arena_printf(l->arena,
			_("%1$s is not encrypted: whoever is on the way can "
			  "read and change it. %2$s Else say in the change "
			  "that it is known and accepted."),
			in_clear[i].name, _(in_clear[i].advice)));
		return;
	}
}

static bool
is_local_address(const char *dst)
{
	struct ip ip;

	return ip_parse(dst, &ip) && (ip_is_private(&ip) || ip_is_nowhere(&ip));
}

static void
lan_in_internet(const struct looking *l)
{
	enum dest_kind kind = l->row->need->to.kind;

	if (l->row->need->direction != DIR_LAN &&
	    !is_local_address(l->row->dst) && kind != DEST_MULTICAST &&
	    kind != DEST_BROADCAST)
		return;
	found(l, LINT_SERIOUS,
	    _("A destination of a local network stands among the lines for the "
	      "internet. Correct the address, or treat the line as one of the "
	      "local network; the internet firewall cannot grant it."));
}

static void
duplicate(const struct looking *l)
{
	if (l->row->same_flow_as[0] != '\0')
		found(l, LINT_NOTE,
		    _("Each of these lines asks for the same flow as another "
		      "one, for another reason. Enter the flow once and keep "
		      "all names with it, as the consolidated view does."));
}

static void
shadowed(const struct looking *l)
{
	if (l->row->covered_by.count > 0)
		found(l, LINT_NOTE,
		    _("Each of these lines is part of what a wider one asks "
		      "for, which it names. Grant the narrow lines alone where "
		      "the wide one is not wanted; beside it they have no "
		      "effect."));
}

/* --- names, by what the check saw --------------------------------------- */

static void
unresolved_name(const struct looking *l)
{
	struct sightings e;
	size_t i;

	sightings_find(l->arena, l->rules->record, l->row, &e);
	for (i = 0; i < e.nresolved; i++) {
		if (e.resolved[i].failed)
			found(l, LINT_WARNING,
			    arena_printf(l->arena,
				_("%s was not resolved to an address in the "
				  "check. A firewall cannot fill a rule by a "
				  "name that it cannot resolve: see first that "
				  "this name is answered."),
				e.resolved[i].name));
	}
}

static bool
same_addresses(const struct resolved *x, const struct resolved *y)
{
	size_t i;

	for (i = 0; i < x->addresses.count && i < y->addresses.count; i++) {
		if (strcmp(x->addresses.item[i], y->addresses.item[i]) != 0)
			return false;
	}
	return x->addresses.count == y->addresses.count;
}

/* Did an earlier measurement of the same name give other addresses? */
static bool
has_changed(const struct looking *l, const struct resolved *now)
{
	const struct record *r = l->rules->record;
	struct resolved before;
	size_t i;

	for (i = 0; i < r->nearlier; i++) {
		const struct observation *o = &r->earlier[i];

		if (!sightings_are_of(o, now->name) || observation_is_void(o))
			continue;
		resolved_make(l->arena, o, &before);
		if (!before.failed && !same_addresses(&before, now))
			return true;
	}
	return false;
}

/* The longest one that was told: caches count it down. */
static int64_t
longest_ttl(const struct sightings *e, const char *name)
{
	int64_t longest = -1;
	size_t i;

	for (i = 0; i < e->nresolved; i++) {
		if (text_equal_nocase(e->resolved[i].name, name) &&
		    e->resolved[i].ttl_s > longest)
			longest = e->resolved[i].ttl_s;
	}
	return longest;
}

static void
changing_addresses(const struct looking *l)
{
	struct sightings e;
	int64_t ttl;
	size_t i;

	sightings_find(l->arena, l->rules->record, l->row, &e);
	for (i = 0; i < e.nresolved; i++) {
		const struct resolved *n = &e.resolved[i];

		ttl = longest_ttl(&e, n->name);
		if (n->failed)
			continue;
		if ((ttl >= 0 && ttl < TTL_SHORT_S) || has_changed(l, n)) {
			found(l, LINT_WARNING,
			    arena_printf(l->arena,
				_("The names of these lines change their "
				  "addresses: they were told for less than %d "
				  "seconds, or were others in an earlier "
				  "measurement. Permit them by their names, "
				  "never by the addresses of today."),
				TTL_SHORT_S));
			return;
		}
	}
}

/* --- the table ---------------------------------------------------------- */

#define IN_INTERNET (1U << ROWS_INTERNET)
#define IN_LAN (1U << ROWS_LAN)
#define IN_CONDITIONS (1U << ROWS_CONDITIONS)
#define IN_FLOWS (IN_INTERNET | IN_LAN)
#define IN_ALL (IN_FLOWS | IN_CONDITIONS)

static const struct {
	const char *rule;
	unsigned parts; /* that it looks at */
	void (*look)(const struct looking *l);
} lint_table[] = {
    {"any-any", IN_INTERNET, any_any},
    {"any-source", IN_FLOWS, any_source},
    {"no-source", IN_INTERNET, no_source},
    {"any-destination", IN_INTERNET, any_destination},
    {"no-destination", IN_INTERNET, no_destination},
    {"no-reason", IN_ALL, no_reason},
    {"no-review", IN_FLOWS, no_review},
    {"huge-range", IN_FLOWS, huge_range},
    {"wide-wildcard", IN_FLOWS, wide_wildcard},
    {"insecure-protocol", IN_FLOWS, insecure_protocol},
    {"lan-in-internet", IN_INTERNET, lan_in_internet},
    {"duplicate", IN_FLOWS, duplicate},
    {"shadowed", IN_FLOWS, shadowed},
    {"unresolved-name", IN_FLOWS, unresolved_name},
    {"changing-addresses", IN_INTERNET, changing_addresses},
};

/* In place and stable: few findings. */
static void
worst_first(struct lint *out)
{
	struct lint_finding f;
	size_t i, k;

	for (i = 1; i < out->count; i++) {
		f = out->finding[i];
		for (k = i; k > 0 && out->finding[k - 1].severity > f.severity;
		     k--)
			out->finding[k] = out->finding[k - 1];
		out->finding[k] = f;
	}
}

void
lint_rules(struct arena *a, const struct rules *rules, struct lint *out)
{
	struct looking l = {.arena = a, .rules = rules, .out = out};
	size_t i, k;

	*out = (struct lint){0};
	for (i = 0; i < sizeof lint_table / sizeof *lint_table; i++) {
		l.rule = lint_table[i].rule;
		for (k = 0; k < rules->count; k++) {
			l.row = &rules->row[k];
			if (lint_table[i].parts & 1U << l.row->part)
				lint_table[i].look(&l);
		}
	}
	worst_first(out);
}

void
lint_request(struct arena *a, const struct record *r,
    const struct export_options *opt, struct lint *out)
{
	lint_rules(a, rows_make(a, r, opt), out);
}

char *
lint_counts(struct arena *a, const struct lint *l)
{
	const char *part[LINT_NSEVERITIES];
	struct strlist all = {0};
	size_t i;

	part[LINT_SERIOUS] = arena_printf(a,
	    P_("%zu serious point", "%zu serious points", l->of[LINT_SERIOUS]),
	    l->of[LINT_SERIOUS]);
	part[LINT_WARNING] = arena_printf(a,
	    P_("%zu warning", "%zu warnings", l->of[LINT_WARNING]),
	    l->of[LINT_WARNING]);
	part[LINT_NOTE] = arena_printf(a,
	    P_("%zu note", "%zu notes", l->of[LINT_NOTE]), l->of[LINT_NOTE]);
	for (i = 0; i < LINT_NSEVERITIES; i++) {
		if (l->of[i] > 0)
			strlist_add(a, &all, part[i]);
	}
	return summary_join(a, &all, ", ");
}
