/* SPDX-License-Identifier: MIT */
/* Owns what becomes of each row in a packet filter: which flow it is, whether
 * it can be said exactly, and under which names. */
#include "core/export/dialect/flows.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/dialect/dialect.h"

#define REMARK_COLUMNS 76
#define ID_MAX 100 /* nft takes comments of up to 127 bytes */

/* --- text ------------------------------------------------------------- */

struct remark {
	struct buf *out;
	int indent;
};

static void
remark_line(void *arg, const char *s, size_t len)
{
	const struct remark *r = arg;

	buf_adds(r->out, "# ");
	buf_fill(r->out, ' ', (size_t)r->indent);
	buf_add(r->out, s, len);
	buf_addc(r->out, '\n');
}

void
flows_remark(struct buf *out, const char *text, int indent)
{
	struct remark r = {out, indent};
	struct arena *a = arena_new();
	char *safe = text_sanitise(a, text, strlen(text), SIZE_MAX, false);
	size_t i;

	for (i = 0; safe[i] != '\0'; i++) {
		if (safe[i] == '\\')
			safe[i] = '/';
	}
	text_wrap(safe, REMARK_COLUMNS - indent, remark_line, &r);
	arena_free(a);
}

const char *
flows_plain_id(struct arena *a, const char *id)
{
	char *out = arena_strndup(a, id, strnlen(id, ID_MAX));
	size_t i;

	for (i = 0; out[i] != '\0'; i++) {
		unsigned char c = (unsigned char)out[i];

		if (c >= 0x80 || (!isalnum(c) && strchr("-_.", c) == NULL))
			out[i] = '_';
	}
	return out;
}

static char *
lower(struct arena *a, const char *s)
{
	char *out = arena_strdup(a, s);
	size_t i;

	for (i = 0; out[i] != '\0'; i++)
		out[i] = (char)tolower((unsigned char)out[i]);
	return out;
}

/* --- where to --------------------------------------------------------- */

void
flow_not_here(struct flow *f, const char *how)
{
	f->fate = FATE_NOT_HERE;
	f->how = how;
}

void
flow_wider(struct arena *a, struct flow *f, const char *how)
{
	f->fate = FATE_WIDER;
	f->how = f->how[0] == '\0' ? how :
				     arena_printf(a, "%s %s", f->how, how);
}

bool
flow_is_below(const struct flow *f)
{
	return strncmp(f->row->dst, "*.", 2) == 0;
}

bool
flow_is_web(const struct flow *f)
{
	const struct need *n = f->row->need;
	size_t i;

	for (i = 0; i < n->ports.count; i++) {
		const struct port_range *p = &n->ports.range[i];

		if (p->low != p->high || (p->low != 80 && p->low != 443))
			return false;
	}
	return n->protocol == PROTO_TCP && n->ports.count > 0;
}

void
flow_below_wider(struct arena *a, struct flow *f, bool has_apex)
{
	const struct destination *to = &f->row->need->to;

	if (has_apex && !to->apex)
		flow_wider(a, f,
		    arena_printf(a,
			_("%s itself is let through too, which is not asked "
			  "for."),
			f->domain));
	if (to->depth > 0)
		flow_wider(a, f,
		    _("Names with more labels are let through, too."));
}

void
flow_by_lookup(struct arena *a, struct flow *f)
{
	if (flow_is_below(f)) {
		flow_not_here(f,
		    _("This firewall has no wildcards for such a flow."));
		return;
	}
	flow_wider(a, f,
	    _("By the addresses that the firewall finds for the name; other "
	      "names at them are let through as well."));
}

/* "10.20.30.1, 10.20.30.2": all of them, or none. */
static bool
parse_addresses(struct arena *a, struct flow *f, const char *list)
{
	const char *s = list;
	struct ip ip;

	while (*s != '\0') {
		size_t n = strcspn(s, ", ");

		if (!ip_parse(arena_strndup(a, s, n), &ip))
			return false;
		*arena_push(a, f->address, f->naddress) = ip;
		s += n;
		s += strspn(s, ", ");
	}
	return f->naddress > 0;
}

static void
to_name(struct arena *a, const struct dialect *d, struct flow *f)
{
	const char *name = lower(a, f->row->dst + (flow_is_below(f) ? 2 : 0));

	if (!text_is_hostname(name)) {
		flow_not_here(f,
		    _("Where to is no name that a DNS server knows."));
		return;
	}
	f->to = TO_NAME;
	f->domain = name;
	if (d->name != NULL)
		d->name(a, f);
	else
		flow_not_here(f, _("This firewall knows addresses only."));
}

/* What a firewall towards the internet can say of it. */
static void
place_internet(struct arena *a, const struct dialect *d, struct flow *f)
{
	const struct rule_row *row = f->row;
	const struct need *n = row->need;

	if (n->direction == DIR_INBOUND)
		flow_not_here(f,
		    _("It comes from the internet: that needs a port "
		      "forwarding to the device, which a person must decide "
		      "on."));
	else if (row->dst[0] == '\0')
		flow_not_here(f,
		    _("Where to is not known yet: answer the question, and "
		      "make the request again."));
	else if (strcmp(row->dst, "any") == 0 && row->ports[0] == '\0')
		flow_not_here(f,
		    _("Any port of anybody would leave the firewall open. "
		      "Permit it for the devices alone, or narrow it "
		      "down."));
	else if (strcmp(row->dst, "any") == 0)
		f->to = TO_ANY;
	else if (parse_addresses(a, f, row->dst))
		f->to = TO_ADDRESSES;
	else
		to_name(a, d, f);
}

static bool
is_on_site(const struct record *r, const struct ip *ip)
{
	size_t i;

	for (i = 0; i < r->vantage.addresses.count; i++) {
		if (ip_in_prefix(ip, r->vantage.addresses.item[i]))
			return true;
	}
	return ip_is_private(ip);
}

/* Why a row of the local network is no rule of a router; NULL: it is one. */
static const char *
lan_reason(struct arena *a, const struct record *r, const struct dialect *d,
    struct flow *f)
{
	const struct rule_row *row = f->row;
	enum dest_kind kind = row->need->to.kind;
	size_t i;

	if (kind == DEST_MULTICAST)
		return _("Multicast is not routed: it needs switches that "
			 "pass it on, or a repeater between networks.");
	if (kind == DEST_BROADCAST)
		return _("Broadcasts stay in one network.");
	if (kind == DEST_GATEWAY)
		return d->gateway != NULL ?
		    _(d->gateway) :
		    _("It ends at the gateway itself, which must accept it "
		      "from the devices.");
	if (kind == DEST_ANY || row->dst[0] == '\0' ||
	    !parse_addresses(a, f, row->dst))
		return _("The address in the local network is not known yet.");
	for (i = 0; i < f->naddress; i++) {
		if (!is_on_site(r, &f->address[i]))
			return _("That is no address of a local network, and "
				 "this is never opened to the internet.");
	}
	if (kind == DEST_RESOLVER && r->vantage.gateway != NULL &&
	    strcmp(row->dst, r->vantage.gateway) == 0)
		return d->gateway != NULL ?
		    _(d->gateway) :
		    _("The gateway is the DNS server, and must accept it from "
		      "the devices.");
	return NULL;
}

static const char *
protocol_reason(const struct rule_row *row, const struct dialect *d)
{
	switch (row->need->protocol) {
	case PROTO_TCP:
	case PROTO_UDP:
		return NULL;
	case PROTO_ICMP:
		if (row->icmp_type != 3)
			return NULL;
		return d->errors != NULL ?
		    _(d->errors) :
		    _("Such messages are about packets of a permitted flow. "
		      "A firewall that follows connections lets them pass "
		      "with it.");
	default:
		return _("A router has no line for it.");
	}
}

static void
place(struct arena *a, const struct record *r, const struct dialect *d,
    struct flow *f)
{
	const char *reason = protocol_reason(f->row, d);

	if (reason == NULL && f->row->part == ROWS_LAN)
		reason = lan_reason(a, r, d, f);
	if (reason != NULL)
		flow_not_here(f, reason);
	else if (f->row->part == ROWS_LAN)
		f->to = TO_ADDRESSES;
	else
		place_internet(a, d, f);
}

/* Addresses of a family that the site does not have. */
static void
drop_families(struct flows *all, struct flow *f)
{
	size_t i, kept = 0;

	for (i = 0; i < f->naddress; i++) {
		if (all->family[f->address[i].len == 16])
			f->address[kept++] = f->address[i];
	}
	f->naddress = kept;
	if (kept == 0)
		flow_not_here(f,
		    _("It is an IPv6 address, and the site has no "
		      "IPv6."));
}

/* --- where from ------------------------------------------------------- */

/* "10.20.30.50/24" to "10.20.30.0/24"; NULL where devices have none such. */
static char *
network_text(struct arena *a, const char *prefix, int *len)
{
	const char *slash = strchr(prefix, '/');
	char text[INET6_ADDRSTRLEN];
	uint64_t bits;
	struct ip ip;
	int i;

	if (slash == NULL ||
	    !ip_parse(arena_strndup(a, prefix, (size_t)(slash - prefix)),
		&ip) ||
	    !text_to_uint(slash + 1, 0, (uint64_t)ip.len * 8, &bits) ||
	    ip_is_nowhere(&ip) ||
	    (ip.len == 16 && ip.byte[0] == 0xfe && (ip.byte[1] & 0xc0) == 0x80))
		return NULL;
	for (i = 0; i < ip.len; i++) {
		int left = (int)bits - 8 * i;

		if (left < 8)
			ip.byte[i] &= left <= 0 ? 0 :
						  (uint8_t)(0xff << (8 - left));
	}
	*len = ip.len;
	inet_ntop(ip.len == 4 ? AF_INET : AF_INET6, ip.byte, text, sizeof text);
	return arena_printf(a, "%s/%u", text, (unsigned)bits);
}

static void
find_networks(struct arena *a, const struct record *r, struct flows *all)
{
	size_t i;
	int len;

	for (i = 0; i < r->vantage.addresses.count; i++) {
		char *text = network_text(a, r->vantage.addresses.item[i],
		    &len);

		if (text == NULL || strlist_has(&all->from[len == 16], text))
			continue;
		strlist_add(a, &all->from[len == 16], text);
	}
	/* As long as nobody has looked, both may be in use. */
	all->family[0] = true;
	all->family[1] = r->started_us == 0 || all->from[1].count > 0;
}

struct strlist
flows_public(struct arena *a, const struct flows *all, int family)
{
	struct strlist out = {0};
	struct ip ip;
	size_t i;

	for (i = 0; i < all->from[family].count; i++) {
		const char *text = all->from[family].item[i];

		if (ip_parse(arena_strndup(a, text, strcspn(text, "/")), &ip) &&
		    !ip_is_private(&ip))
			strlist_add(a, &out, text);
	}
	return out;
}

/* --- all -------------------------------------------------------------- */

static struct flow *
flow_named(struct flows *all, const char *rule_id)
{
	size_t i;

	for (i = 0; i < all->count; i++) {
		if (strcmp(all->flow[i].row->rule_id, rule_id) == 0)
			return &all->flow[i];
	}
	return NULL;
}

struct flows *
flows_make(struct arena *a, const struct rules *rules, const struct dialect *d)
{
	struct flows *all = arena_alloc(a, sizeof *all);
	struct flow *f;
	size_t i;

	all->rules = rules;
	find_networks(a, rules->record, all);
	for (i = 0; i < rules->count; i++) {
		const struct rule_row *row = &rules->row[i];

		if (row->part == ROWS_CONDITIONS)
			continue;
		f = flow_named(all, row->same_flow_as);
		if (f == NULL) {
			f = arena_push(a, all->flow, all->count);
			f->row = row;
			f->how = "";
			place(a, rules->record, d, f);
			if (f->fate != FATE_NOT_HERE && f->to == TO_ADDRESSES)
				drop_families(all, f);
			if (f->fate != FATE_NOT_HERE && d->limit != NULL)
				d->limit(a, f);
		}
		strlist_add(a, &f->needed_by, row->rule_id);
	}
	if (d->settle != NULL)
		d->settle(a, all);
	return all;
}

bool
flow_takes(const struct flow *f, const struct flow *named)
{
	const struct need *n = f->row->need;

	if (strcmp(f->domain, named->domain) == 0)
		return true;
	return strncmp(f->row->dst, "*.", 2) == 0 &&
	    text_wildcard_match(f->row->dst, named->domain, n->to.depth);
}
