/* SPDX-License-Identifier: MIT */
/* Owns which rows of a request ask for the same flow, or for part of what
 * another one asks for. */
#include <string.h>

#include "core/base/text.h"
#include "core/export/request/combine.h"

bool
rows_same_flow(const struct rule_row *x, const struct rule_row *y)
{
	return x->part == y->part && x->part != ROWS_CONDITIONS &&
	    strcmp(x->direction, y->direction) == 0 &&
	    strcmp(x->protocol, y->protocol) == 0 &&
	    x->icmp_type == y->icmp_type && strcmp(x->ports, y->ports) == 0 &&
	    strcmp(x->dst_kind, y->dst_kind) == 0 &&
	    strcmp(x->dst_match, y->dst_match) == 0 &&
	    x->need->to.depth == y->need->to.depth &&
	    text_equal_nocase(x->dst, y->dst) && x->dst[0] != '\0';
}

/* Each reason keeps its own row; the later ones name the first. */
static void
find_same_flows(struct rules *rules)
{
	size_t i, k;

	for (i = 1; i < rules->count; i++) {
		for (k = 0; k < i; k++) {
			if (rows_same_flow(&rules->row[i], &rules->row[k])) {
				rules->row[i].same_flow_as = rules->row[k]
								 .rule_id;
				break;
			}
		}
	}
}

/* Names only: what goes to anybody would cover nearly everything, and is no
 * line that a desk should grant. */
static bool
covers_name(const struct rule_row *wide, const struct rule_row *row)
{
	const char *name = row->dst;
	enum dest_kind kind = wide->need->to.kind;

	if (text_equal_nocase(wide->dst, row->dst))
		return strcmp(wide->dst_kind, row->dst_kind) == 0;
	if (kind != DEST_WILDCARD || strncmp(wide->dst, "*.", 2) != 0)
		return false;
	if (strncmp(name, "*.", 2) == 0)
		return wide->need->to.depth == 0 &&
		    text_wildcard_match(wide->dst, name + 2, 0);
	return strcmp(row->dst_kind, "fqdn") == 0 &&
	    (text_wildcard_match(wide->dst, name, wide->need->to.depth) ||
		(wide->need->to.apex &&
		    text_equal_nocase(wide->dst + 2, name)));
}

static bool
covers_ports(const struct ports *wide, const struct ports *ports)
{
	size_t i, k;

	for (i = 0; i < ports->count; i++) {
		for (k = 0; k < wide->count; k++) {
			if (wide->range[k].low <= ports->range[i].low &&
			    wide->range[k].high >= ports->range[i].high)
				break;
		}
		if (k == wide->count)
			return wide->count == 0;
	}
	return ports->count > 0 || wide->count == 0;
}

/* The desk may grant the wide one alone; without this one nothing stops
 * while that one is there. */
static void
find_covers(struct arena *a, struct rules *rules)
{
	size_t i, k;

	for (i = 0; i < rules->count; i++) {
		struct rule_row *row = &rules->row[i];

		for (k = 0; k < rules->count; k++) {
			const struct rule_row *wide = &rules->row[k];

			if (i == k || row->part == ROWS_CONDITIONS ||
			    wide->part != row->part || row->dst[0] == '\0' ||
			    wide->icmp_type != row->icmp_type ||
			    strcmp(wide->direction, row->direction) != 0 ||
			    strcmp(wide->protocol, row->protocol) != 0 ||
			    rows_same_flow(row, wide))
				continue;
			if (covers_name(wide, row) &&
			    covers_ports(&wide->need->ports, &row->need->ports))
				strlist_add(a, &row->covered_by, wide->rule_id);
		}
	}
}

void
rows_find_overlaps(struct arena *a, struct rules *rules)
{
	find_same_flows(rules);
	find_covers(a, rules);
}
