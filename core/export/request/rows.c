/* SPDX-License-Identifier: MIT */
/* Owns the rows of a change request: which needs are asked for, and what each
 * of them says. */
#include "core/export/request/rows.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/job.h"
#include "core/export/summary.h"

#define REQUEST_ID_DIGITS 10
#define ID_TEXT_MAX 65536

const char *const rows_part_names[] = {
    [ROWS_INTERNET] = "internet",
    [ROWS_LAN] = "lan",
    [ROWS_CONDITIONS] = "conditions",
};

#define COLUMN(member) \
	{ \
#member, offsetof(struct rule_row, member) \
	}

const struct row_column row_columns[] = {
    COLUMN(rule_id),
    COLUMN(action),
    COLUMN(direction),
    COLUMN(src_zone),
    COLUMN(src_hosts),
    COLUMN(dst_kind),
    COLUMN(dst),
    COLUMN(dst_match),
    COLUMN(protocol),
    COLUMN(ports),
    COLUMN(tls_inspection),
    COLUMN(application),
    COLUMN(purpose),
    COLUMN(required),
    COLUMN(if_missing),
    COLUMN(condition),
    COLUMN(data_class),
    COLUMN(justification),
    COLUMN(vendor_source),
    COLUMN(evidence),
    COLUMN(owner),
    COLUMN(requested_by),
    COLUMN(valid_from),
    COLUMN(expires),
    COLUMN(review_by),
    COLUMN(risk),
    COLUMN(risk_note),
    COLUMN(log),
    COLUMN(test_plan),
    COLUMN(rollback),
    COLUMN(status),
    COLUMN(approver),
    COLUMN(change_ref),
    COLUMN(alt_of),
};
const size_t row_column_count = sizeof row_columns / sizeof *row_columns;

const char *
row_text(const struct rule_row *row, const struct row_column *c)
{
	const char *text;

	memcpy(&text, (const char *)row + c->offset, sizeof text);
	return text;
}

/* --- which needs are asked for --------------------------------------- */

/* What stands in the way is the network, not this computer. */
static bool
network_blocks(const struct record *r, const struct need *n)
{
	size_t i;

	for (i = 0; i < n->blocked_by.count; i++) {
		const struct need *by = record_need(r, n->blocked_by.item[i]);

		if (by != NULL && by->zone == ZONE_LAPTOP)
			return false;
	}
	return true;
}

/* What becomes of a need when only what is needed is asked for. */
enum asking {
	ASK_IT,
	ASK_IF_NETWORK,
	ASK_IF_UNPROVED,
	ASK_GRANTED,
	ASK_ACCEPTED,
	ASK_UNCHECKED
};

static const enum asking askings[] = {
    [OUTCOME_PASS] = ASK_GRANTED,
    [OUTCOME_MARGINAL] = ASK_GRANTED,
    [OUTCOME_WARN] = ASK_IF_UNPROVED,
    [OUTCOME_FAIL] = ASK_IT,
    [OUTCOME_UNPROVEN] = ASK_IT,
    [OUTCOME_BLOCKED_BY] = ASK_IF_NETWORK,
    [OUTCOME_NOT_APPLICABLE] = ASK_GRANTED,
    [OUTCOME_NOT_RUN] = ASK_UNCHECKED,
    [OUTCOME_TOOL_ERROR] = ASK_UNCHECKED,
    [OUTCOME_WAIVED] = ASK_ACCEPTED,
};

/* Counts those that are not asked for. */
static bool
is_asked(struct rules *rules, const struct need *n)
{
	enum asking asking = askings[n->outcome];

	if (rules->scope == SCOPE_ALL)
		return true;
	if (asking == ASK_IF_NETWORK)
		asking = network_blocks(rules->record, n) ? ASK_IT :
							    ASK_UNCHECKED;
	/* What is optional, or has an alternative that works, is at worst a
	 * warning: its flow may be blocked all the same. */
	if (asking == ASK_IF_UNPROVED)
		asking = need_works(n) ? ASK_GRANTED : ASK_IT;
	rules->granted += asking == ASK_GRANTED;
	rules->accepted += asking == ASK_ACCEPTED;
	rules->unchecked += asking == ASK_UNCHECKED;
	return asking == ASK_IT;
}

static bool
is_private(const char *address)
{
	static const char *const prefixes[] = {"10.", "192.168.", "169.254.",
	    "127.", "fc", "fd", "fe8", "fe9", "fea", "feb"};
	unsigned second;
	size_t i;

	for (i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (strncmp(address, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return sscanf(address, "172.%3u.", &second) == 1 && second >= 16 &&
	    second <= 31;
}

/* What the site itself provides is asked of the site, whatever lies behind
 * it. A DNS server on the internet is not the site's. */
static bool
stays_on_site(const struct record *r, const struct need *n)
{
	size_t i;

	if (n->to.kind != DEST_RESOLVER)
		return n->direction == DIR_LAN || n->to.kind == DEST_GATEWAY;
	for (i = 0; i < r->vantage.resolvers.count; i++) {
		if (!is_private(r->vantage.resolvers.item[i]))
			return false;
	}
	return true;
}

/* What must not be is never a line that permits something. */
static enum rows_part
part_of(const struct record *r, const struct need *n)
{
	if (n->strength == STRENGTH_MUST_NOT || n->protocol == PROTO_NONE)
		return ROWS_CONDITIONS;
	return stays_on_site(r, n) ? ROWS_LAN : ROWS_INTERNET;
}

/* --- what a row says -------------------------------------------------- */

const char *
rows_rule_id(struct arena *a, const struct need *n)
{
	return arena_printf(a, "FR-%s", n->id);
}

static const char *
or_empty(const char *s)
{
	return s == NULL ? "" : s;
}

/* "10.20.30.50/24" to "10.20.30.0/24"; an address that cannot be cut is
 * given as it is. */
static const char *
network_of(struct arena *a, const char *address)
{
	unsigned part[4], bits, i;
	uint32_t all = 0;
	char end;

	if (sscanf(address, "%3u.%3u.%3u.%3u/%2u%c", &part[0], &part[1],
		&part[2], &part[3], &bits, &end) != 5 ||
	    bits > 32)
		return NULL;
	for (i = 0; i < 4; i++) {
		if (part[i] > 255)
			return NULL;
		all = all << 8 | part[i];
	}
	all &= bits == 0 ? 0 : UINT32_MAX << (32 - bits);
	return arena_printf(a, "%u.%u.%u.%u/%u", all >> 24, all >> 16 & 255,
	    all >> 8 & 255, all & 255, bits);
}

/* The network that the check stood in, which is that of the devices; of the
 * same family as the destination. */
static const char *
source_hosts(struct arena *a, const struct record *r, const char *dst)
{
	struct strlist networks = {0};
	const char *address, *network;
	size_t i;

	for (i = 0; i < r->vantage.addresses.count; i++) {
		address = r->vantage.addresses.item[i];
		network = network_of(a, address);
		if (strchr(dst, ':') != NULL)
			network = network == NULL && !is_private(address) ?
			    address :
			    NULL;
		if (network != NULL && !strlist_has(&networks, network))
			strlist_add(a, &networks, network);
	}
	return summary_join(a, &networks, ", ");
}

static void
fill_source(struct arena *a, const struct record *r, struct rule_row *row)
{
	row->src_zone = or_empty(r->site.device_zone);
	row->src_hosts = source_hosts(a, r, row->dst);
	if (row->need->direction == DIR_INBOUND) {
		row->src_zone = "internet";
		row->src_hosts = "any";
	}
}

static void
fill_destination(struct arena *a, const struct record *r, struct rule_row *row)
{
	const struct need *n = row->need;
	const char *to = summary_target(n);
	enum dest_kind kind = n->to.kind;

	/* A typed host is narrower than "any". */
	if (kind == DEST_ANY && n->to.from != NULL && to != NULL &&
	    to != n->to.name)
		kind = text_is_hostname(to) ? DEST_FQDN : DEST_ADDRESS;
	row->dst = or_empty(to);
	if (kind == DEST_RESOLVER)
		row->dst = summary_join(a, &r->vantage.resolvers, ", ");
	else if (kind == DEST_GATEWAY)
		row->dst = or_empty(r->vantage.gateway);
	else if (kind == DEST_ANY && to == NULL && n->to.from == NULL)
		row->dst = "any";
	row->dst_kind = word_name(&words_dest_kind, (int)kind);
	row->dst_match = "";
	if (kind == DEST_WILDCARD)
		row->dst_match = n->to.apex ? "subdomains+apex" : "subdomains";
	else if (kind == DEST_FQDN || kind == DEST_ADDRESS)
		row->dst_match = "exact";
}

/* The names that were reached below a wildcard, as a help for firewalls that
 * know no wildcards. */
static void
fill_seen(struct arena *a, const struct record *r, struct rule_row *row)
{
	const struct need *n = row->need;
	const struct observation *o;
	size_t i;

	for (i = 0; n->to.kind == DEST_WILDCARD && i < n->probes.count; i++) {
		o = record_observation(r, n->probes.item[i]);
		if (o != NULL && o->host != NULL && o->rung <= RUNG_TRANSPORT &&
		    !strlist_has(&row->seen, o->host))
			strlist_add(a, &row->seen, o->host);
	}
}

/* What goes out: a ping, whose answer comes back by itself, or nothing but
 * messages about other packets. */
static int
icmp_type(const struct need *n)
{
	size_t i;

	if (n->protocol != PROTO_ICMP)
		return -1;
	for (i = 0; i < n->nspecs; i++) {
		if (n->specs[i].want != NULL &&
		    strcmp(n->specs[i].want, "3") == 0)
			return 3;
	}
	return 8;
}

static const char *
both(struct arena *a, const char *one, const char *two)
{
	one = or_empty(one);
	two = or_empty(two);
	if (one[0] == '\0' || strcmp(one, two) == 0)
		return two;
	return two[0] == '\0' ? one : arena_printf(a, "%s %s", one, two);
}

/* "zencontrol.txt:17,23; assumed: ...; pack zencontrol 2026112101" */
static const char *
vendor_source(struct arena *a, const struct record *r, const struct need *n)
{
	const struct source *s = &n->source;
	const char *text = "";
	size_t i;

	if (s->document != NULL && s->lines != NULL && s->lines[0] != '\0')
		text = arena_printf(a, "%s:%s; ", s->document, s->lines);
	if (s->assumed != NULL)
		text = arena_printf(a, "%sassumed: %s; ", text, s->assumed);
	for (i = 0; i < r->npacks; i++) {
		if (strcmp(r->packs[i].product, n->product) == 0)
			return arena_printf(a, "%spack %s %u, SHA-256 %s", text,
			    n->product, r->packs[i].version,
			    r->packs[i].sha256);
	}
	return arena_printf(a, "%spack %s", text, n->product);
}

/* All alternatives name the first of them. */
static const char *
alternative_of(struct arena *a, const struct record *r, const struct need *n)
{
	const struct need *first = NULL;
	size_t i, count = 0;

	for (i = 0; n->group != NULL && i < r->nneeds; i++) {
		const struct need *other = &r->needs[i];

		if (!summary_counts_in(other) || other->group == NULL ||
		    strcmp(other->group, n->group) != 0 ||
		    strcmp(other->product, n->product) != 0)
			continue;
		if (first == NULL)
			first = other;
		count++;
	}
	return count > 1 ? rows_rule_id(a, first) : "";
}

static void
fill_work(struct arena *a, struct rule_row *row)
{
	const struct need *n = row->need;
	bool must_not = n->strength == STRENGTH_MUST_NOT;

	row->action = must_not ? "remove" : "add";
	row->test_plan = arena_printf(a,
	    _("In the network of the devices, run \"sitewalk retest "
	      "rules.json\": the line %s must say \"granted\"."),
	    row->rule_id);
	row->rollback = must_not || row->part == ROWS_CONDITIONS ?
	    "" :
	    arena_printf(a, _("Disable %s. Then: %s"), row->rule_id,
		row->if_missing);
	row->log = row->part == ROWS_CONDITIONS ? "" : "yes";
}

static void
fill_row(struct arena *a, const struct record *r,
    const struct export_options *opt, struct rule_row *row)
{
	const struct need *n = row->need;

	row->part = part_of(r, n);
	row->rule_id = rows_rule_id(a, n);
	row->direction = word_name(&words_direction,
	    row->part == ROWS_LAN ? DIR_LAN : (int)n->direction);
	fill_destination(a, r, row);
	fill_source(a, r, row);
	row->protocol = word_name(&words_protocol, (int)n->protocol);
	row->ports = ports_text(a, &n->ports);
	row->tls_inspection = row_tls_inspection(n);
	row->more = row_more(row);
	row->application = or_empty(n->application);
	row->purpose = or_empty(n->service);
	row->required = word_name(&words_strength, (int)n->strength);
	row->if_missing = both(a, n->breaks_customer, n->breaks_installer);
	row->condition = row_condition(a, n);
	row->data_class = row_data_class(n);
	row->justification = or_empty(n->reason);
	row->vendor_source = vendor_source(a, r, n);
	row->evidence = summary_join(a, &n->probes, ", ");
	row->alt_of = alternative_of(a, r, n);
	row->icmp_type = icmp_type(n);
	row->same_flow_as = "";
	row_fill_people(a, r, opt, row);
	fill_work(a, row);
	fill_seen(a, r, row);
	row_judge_risk(a, row);
}

/* From what does not change between two visits, so that the next export
 * updates the same ticket. */
static const char *
request_id(struct arena *a, const struct record *r)
{
	char hex[DIGEST_HEX_SIZE];
	struct buf b;

	buf_init(&b, ID_TEXT_MAX);
	buf_addf(&b, "%s\n%s\n%s\n", r->site.name, r->site.address,
	    r->site.customer);
	if (text_is_space(r->site.name))
		buf_adds(&b, summary_join(a, &r->products, ","));
	digest_sha256_hex(buf_str(&b), b.len, hex);
	buf_free(&b);
	return arena_printf(a, "REQ-%.*s", REQUEST_ID_DIGITS, hex);
}

/* A request that was measured again keeps its rows. */
static bool
is_wanted(struct arena *a, struct rules *rules,
    const struct export_options *opt, const struct need *n)
{
	bool asked = is_asked(rules, n);

	return opt->retest == NULL ?
	    asked :
	    row_find_desk(opt, rows_rule_id(a, n)) != NULL;
}

static struct rules *
make(struct arena *a, const struct record *r, const struct export_options *opt)
{
	struct rules *rules = arena_alloc(a, sizeof *rules);
	char created[CLOCK_ISO_SIZE];
	struct rule_row *row;
	size_t i;

	rules->record = r;
	rules->scope = opt->scope;
	rules->retest = opt->retest;
	rules->id = opt->retest != NULL && opt->retest->id != NULL &&
		opt->retest->id[0] != '\0' ?
	    opt->retest->id :
	    request_id(a, r);
	rules->title = arena_printf(a, _("Network access for %s"),
	    summary_site(r));
	rules->created = arena_strdup(a,
	    clock_iso(opt->now_us, false, created));
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!summary_counts_in(n) || !is_wanted(a, rules, opt, n))
			continue;
		row = arena_push(a, rules->row, rules->count);
		row->need = n;
		fill_row(a, r, opt, row);
		rules->in_part[row->part]++;
	}
	rows_find_overlaps(a, rules);
	return rules;
}

const struct rules *
rows_make(struct arena *a, const struct record *r,
    const struct export_options *opt)
{
	enum job_part part = opt->scope == SCOPE_ALL ? JOB_ROWS_ALL :
						       JOB_ROWS_NEEDED;
	const struct rules *rules = job_kept(opt->job, part);

	return rules != NULL ?
	    rules :
	    job_keep(opt->job, part, make(job_arena(opt->job, a), r, opt));
}
