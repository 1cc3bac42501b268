/* SPDX-License-Identifier: MIT */
/* Owns what all dialects of the change request have in common: the head, the
 * comment of each flow, the order of the parts, and names of objects. */
#include "core/export/dialect/dialect.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/summary.h"

#define COLUMNS 76
#define NAME_DIGITS 12
#define ID_SIZE 256

const char *const dialect_placeholder[] = {
    "<NETWORK-OF-THE-DEVICES>",
    "<IPV6-NETWORK-OF-THE-DEVICES>",
};

/* --- comments ----------------------------------------------------------- */

struct remark {
	const struct dialect_out *o;
	int indent;
};

static void
remark_line(void *arg, const char *s, size_t len)
{
	const struct remark *r = arg;
	struct buf *out = r->o->out;

	buf_adds(out, r->o->dialect->comment);
	buf_fill(out, ' ', (size_t)r->indent);
	buf_add(out, s, len);
	buf_addc(out, '\n');
}

static char *
safe_text(struct arena *a, const char *text)
{
	char *safe = text_sanitise(a, text, strlen(text), SIZE_MAX, false);
	size_t i;

	for (i = 0; safe[i] != '\0'; i++) {
		if (safe[i] == '\\')
			safe[i] = '/';
		else if (safe[i] == '"')
			safe[i] = '\'';
		else if (safe[i] == '?')
			safe[i] = '.';
	}
	return safe;
}

static void
remark(const struct dialect_out *o, int indent, const char *text)
{
	struct remark r = {o, indent};
	struct arena *a = arena_new();
	const char *safe = safe_text(a, text);

	if (o->dialect->comment != NULL)
		text_wrap(safe, COLUMNS - indent, remark_line, &r);
	else if (o->dialect->remark != NULL)
		o->dialect->remark(o,
		    arena_printf(a, "%*s%s", indent, "", safe));
	arena_free(a);
}

void
dialect_remark(const struct dialect_out *o, const char *text)
{
	remark(o, 0, text);
}

static void
gap(const struct dialect_out *o)
{
	if (o->dialect->comment != NULL)
		buf_addc(o->out, '\n');
}

/* --- the common head ---------------------------------------------------- */

static void
add_request(const struct dialect_out *o)
{
	const struct rules *rules = o->flows->rules;
	const struct record *r = rules->record;
	struct arena *a = o->arena;
	struct summary s;
	const char *partial;
	size_t i;

	summary_make(r, NULL, &s);
	partial = summary_partial(&s, a, r);
	dialect_remark(o,
	    arena_printf(a, _("Firewall change request %s: %s"), rules->id,
		rules->title));
	dialect_remark(o,
	    arena_printf(a,
		_("Made by sitewalk %1$s at %2$s. Read it before "
		  "use."),
		r->tool_version, rules->created));
	for (i = 0; i < r->npacks; i++)
		remark(o, 2,
		    arena_printf(a, _("Pack: %s %u"), r->packs[i].product,
			r->packs[i].version));
	dialect_remark(o,
	    rules->scope == SCOPE_ALL ?
		_("It holds everything that applies to this site.") :
		_("It holds what failed in the check, or could not be "
		  "proven."));
	if (partial != NULL)
		dialect_remark(o, partial);
}

static void
add_sources(const struct dialect_out *o)
{
	const struct flows *all = o->flows;
	struct arena *a = o->arena;
	struct strlist l = {0}, one;
	size_t i;
	int f;

	for (f = 0; f < 2; f++) {
		one = dialect_sources(o, f);
		for (i = 0; i < one.count; i++)
			strlist_add(a, &l, one.item[i]);
	}
	if (all->from[0].count + all->from[1].count > 0)
		dialect_remark(o,
		    arena_printf(a,
			_("The devices are where the check was run: %s"),
			summary_join(a, &l, ", ")));
	else
		dialect_remark(o,
		    arena_printf(a,
			_("From whom is not known: no check was run in the "
			  "network of the devices. Put it in the place of %s."),
			summary_join(a, &l, ", ")));
	if (!all->family[1])
		dialect_remark(o,
		    _("The site has no IPv6, so there are no rules for it."));
}

/* A firewall that learns addresses must see the devices' questions. */
static void
add_resolvers(const struct dialect_out *o)
{
	const struct record *r = o->flows->rules->record;

	if (o->dialect->name == NULL || r->vantage.resolvers.count == 0)
		return;
	dialect_remark(o,
	    arena_printf(o->arena,
		_("In the check the devices' network had this DNS server: %s. "
		  "The firewall should ask the same one, or it may find "
		  "other addresses for a name than the devices do."),
		summary_join(o->arena, &r->vantage.resolvers, ", ")));
}

static void
add_head(const struct dialect_out *o)
{
	const struct dialect *d = o->dialect;
	size_t i;

	add_request(o);
	dialect_remark(o,
	    arena_printf(o->arena, _("For %1$s. It assumes: %2$s or later."),
		d->platform, d->assumes));
	dialect_remark(o,
	    d->checked != NULL ?
		_(d->checked) :
		_("Read back by this project's own tests; not tried on a "
		  "device. Have it reviewed by who knows the firewall."));
	add_sources(o);
	add_resolvers(o);
	for (i = 0; d->notes != NULL && d->notes[i] != NULL; i++)
		dialect_remark(o, _(d->notes[i]));
	if (d->bypass != NULL)
		dialect_remark(o, _(d->bypass));
}

/* --- the comment of a flow ---------------------------------------------- */

const char *
dialect_fate(struct arena *a, const struct flow *f)
{
	switch (f->fate) {
	case FATE_EXACT:
		return _("Expressed exactly.");
	case FATE_WIDER:
		return arena_printf(a, _("Expressed wider: %s"), f->how);
	case FATE_NOT_HERE:
		return arena_printf(a, _("Not expressed here: %s"), f->how);
	}
	return "";
}

/* What to do instead, for a flow to names that cannot be said. */
static void
add_fallback(const struct dialect_out *o, const struct flow *f)
{
	const struct rule_row *row = f->row;
	const struct strlist *known = &row->need->to.examples;
	struct arena *a = o->arena;
	struct strlist from = {0}, one;
	const char *what = word_label(&words_protocol,
	    (int)row->need->protocol);
	size_t i;
	int fam;

	if (row->seen.count > 0)
		remark(o, 2,
		    arena_printf(a,
			_("Instead: the names that were reached in the check, "
			  "which need not be all: %s"),
			summary_join(a, &row->seen, ", ")));
	if (known->count > 0)
		remark(o, 2,
		    arena_printf(a,
			_("Instead: the names that the documents give as "
			  "examples: %s"),
			summary_join(a, known, ", ")));
	remark(o, 2,
	    _("Instead: the address ranges of the provider, where the vendor "
	      "names them."));
	for (fam = 0; fam < 2; fam++) {
		one = dialect_sources(o, fam);
		for (i = 0; i < one.count; i++)
			strlist_add(a, &from, one.item[i]);
	}
	if (row->ports[0] == '\0')
		return;
	remark(o, 2,
	    arena_printf(a,
		_("Instead, at a risk that somebody must accept: any "
		  "destination, %1$s %2$s, from these devices only: %3$s"),
		what, row->ports, summary_join(a, &from, ", ")));
}

/* What no port grants, of all lines that share the flow, each once. */
static void
add_conditions(const struct dialect_out *o, const struct flow *f)
{
	const struct rules *rules = o->flows->rules;
	struct strlist said = {0};
	bool bypass = false;
	size_t i;

	for (i = 0; i < rules->count; i++) {
		const struct rule_row *row = &rules->row[i];

		if (row != f->row && !strlist_has(&f->needed_by, row->rule_id))
			continue;
		bypass |= strcmp(row->tls_inspection, "must_bypass") == 0;
		if (row->more[0] != '\0' && !strlist_has(&said, row->more))
			strlist_add(o->arena, &said, row->more);
	}
	if (bypass && o->dialect->bypass != NULL)
		remark(o, 2, _("TLS inspection must leave it alone."));
	for (i = 0; i < said.count; i++)
		remark(o, 2,
		    arena_printf(o->arena,
			_("The port alone is not enough: %s"), said.item[i]));
}

void
dialect_words(const struct dialect_out *o, const struct flow *f)
{
	const struct rule_row *row = f->row;
	struct arena *a = o->arena;

	dialect_remark(o,
	    arena_printf(a, "%s (%s): %s", row->rule_id,
		word_label(&words_strength, (int)row->need->strength),
		summary_flow(a, row->need)));
	remark(o, 2, row->purpose);
	if (f->needed_by.count > 1)
		remark(o, 2,
		    arena_printf(a, _("Needed by: %s"),
			summary_join(a, &f->needed_by, ", ")));
	if (row->covered_by.count > 0)
		remark(o, 2,
		    arena_printf(a, _("Also in: %s"),
			summary_join(a, &row->covered_by, ", ")));
	if (row->condition[0] != '\0')
		remark(o, 2, arena_printf(a, _("Only if: %s"), row->condition));
	add_conditions(o, f);
	if (f->fate != FATE_NOT_HERE && row->need->to.kind == DEST_WILDCARD)
		remark(o, 2, row_wildcard(a, row));
	remark(o, 2, dialect_fate(a, f));
	if (f->fate == FATE_NOT_HERE && f->domain != NULL)
		add_fallback(o, f);
}

void
dialect_conditions(const struct dialect_out *o)
{
	const struct rules *rules = o->flows->rules;
	size_t i;

	if (rules->in_part[ROWS_CONDITIONS] == 0)
		return;
	gap(o);
	dialect_remark(o,
	    _("What is no port: no firewall line can grant these; somebody "
	      "must see to them."));
	for (i = 0; i < rules->count; i++) {
		const struct rule_row *row = &rules->row[i];
		const char *text = row->need->grant;

		if (row->part == ROWS_CONDITIONS)
			dialect_remark(o,
			    arena_printf(o->arena, "%s: %s", row->rule_id,
				text != NULL ? text : row->application));
	}
}

/* --- names and places --------------------------------------------------- */

/* Every character that is changed but the dot might make two ids one. */
static bool
is_plain(const char *id)
{
	size_t i;

	for (i = 0; id[i] != '\0'; i++) {
		char c = id[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') &&
		    (c < 'A' || c > 'Z') && c != '-' &&
		    (c != '.' || id[i + 1] == '.'))
			return false;
	}
	return i < ID_SIZE;
}

const char *
dialect_name(const struct dialect_out *o, const struct flow *f,
    const char *mark, size_t max)
{
	struct arena *a = o->arena;
	const char *id = f->row->rule_id;
	char *out = arena_printf(a, "%s%s%s", flows_plain_id(a, id),
	    mark[0] != '\0' ? "__" : "", mark);
	char hex[DIGEST_HEX_SIZE];
	const char *whole;
	size_t i;

	for (i = 0; out[i] != '\0'; i++) {
		if (out[i] == '.')
			out[i] = '_';
	}
	if (i <= max && is_plain(id))
		return out;
	whole = arena_printf(a, "%s\n%s", id, mark);
	digest_sha256_hex(whole, strlen(whole), hex);
	if (i > max - NAME_DIGITS - 3)
		i = max - NAME_DIGITS - 3;
	return arena_printf(a, "%.*s___%.*s", (int)i, out, NAME_DIGITS, hex);
}

const char *
dialect_label(const struct dialect_out *o, const struct flow *f)
{
	return arena_printf(o->arena, "%s %s %s", o->flows->rules->id,
	    flows_plain_id(o->arena, f->row->rule_id),
	    f->fate == FATE_EXACT ? "exact" : "wider");
}

struct strlist
dialect_sources(const struct dialect_out *o, int family)
{
	const struct flows *all = o->flows;
	struct strlist out = {0};

	if (all->from[0].count + all->from[1].count > 0)
		return all->from[family];
	if (all->family[family])
		strlist_add(o->arena, &out, dialect_placeholder[family]);
	return out;
}

struct strlist
dialect_addresses(const struct dialect_out *o, const struct flow *f, int family)
{
	char text[INET6_ADDRSTRLEN];
	struct strlist out = {0};
	size_t i;

	for (i = 0; f->to == TO_ADDRESSES && i < f->naddress; i++) {
		const struct ip *ip = &f->address[i];

		if ((ip->len == 16) != (family == 1))
			continue;
		inet_ntop(family == 0 ? AF_INET : AF_INET6, ip->byte, text,
		    sizeof text);
		strlist_add(o->arena, &out, text);
	}
	return out;
}

bool
dialect_has_family(const struct dialect_out *o, const struct flow *f,
    int family)
{
	return dialect_sources(o, family).count > 0 &&
	    (f->to != TO_ADDRESSES ||
		dialect_addresses(o, f, family).count > 0);
}

void
dialect_network(const struct dialect_out *o, const char *network,
    const char **address, const char **mask)
{
	const char *slash = strchr(network, '/');
	uint32_t bits;
	uint64_t n;

	*address = *mask = network;
	if (slash == NULL || strchr(network, ':') != NULL ||
	    !text_to_uint(slash + 1, 0, 32, &n))
		return;
	bits = n == 0 ? 0 : UINT32_MAX << (32 - n);
	*address = arena_strndup(o->arena, network, (size_t)(slash - network));
	*mask = arena_printf(o->arena, "%u.%u.%u.%u", bits >> 24,
	    bits >> 16 & 255, bits >> 8 & 255, bits & 255);
}

/* --- the document ------------------------------------------------------- */

static void
add_flow(const struct dialect_out *o, const struct flow *f)
{
	gap(o);
	dialect_words(o, f);
	if (f->fate != FATE_NOT_HERE && o->dialect->flow != NULL)
		o->dialect->flow(o, f);
}

static void
add_part(const struct dialect_out *o, enum rows_part part)
{
	const struct flows *all = o->flows;
	size_t i;

	if (o->dialect->begin != NULL)
		o->dialect->begin(o, part);
	if (o->flows->rules->in_part[part] > 0) {
		gap(o);
		dialect_remark(o,
		    part == ROWS_LAN ?
			_("=== In the local network alone: never to the "
			  "internet, and never from it ===") :
			_("=== From the devices to the internet ==="));
	}
	for (i = 0; i < all->count; i++) {
		if (all->flow[i].row->part == part)
			add_flow(o, &all->flow[i]);
	}
	if (o->dialect->finish != NULL)
		o->dialect->finish(o, part);
}

void
dialect_write(const struct dialect *d, const struct record *r,
    const struct export_options *opt, struct buf *out)
{
	struct arena *a = arena_new();
	struct dialect_out o = {d, out, a,
	    flows_make(a, rows_make(a, r, opt), d)};

	if (d->first != NULL)
		buf_adds(out, d->first);
	add_head(&o);
	if (d->head != NULL)
		d->head(&o);
	add_part(&o, ROWS_INTERNET);
	add_part(&o, ROWS_LAN);
	dialect_conditions(&o);
	if (d->tail != NULL)
		d->tail(&o);
	arena_free(a);
}
