/* SPDX-License-Identifier: MIT */
/* Owns which rows of a request a desk can enter as one. */
#include "core/export/request/combine.h"

#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/export/summary.h"

#define ID_DIGITS 10
#define ID_TEXT_MAX ((size_t)1 << 20)

/* Rows that belong together lead to the same one. */
struct tree {
	const struct rules *rules;
	size_t *parent;
};

static size_t
root_of(struct tree *t, size_t i)
{
	while (t->parent[i] != i) {
		t->parent[i] = t->parent[t->parent[i]];
		i = t->parent[i];
	}
	return i;
}

/* The earlier row leads, so that the order of the rows stays. */
static void
join(struct tree *t, size_t i, size_t k)
{
	size_t one = root_of(t, i), two = root_of(t, k);

	if (one < two)
		t->parent[two] = one;
	else
		t->parent[one] = two;
}

static bool
is_flow(const struct rule_row *row)
{
	return row->part != ROWS_CONDITIONS;
}

/* One service at several names: the same in all but its destination. What is
 * one of two alternatives stays with its like, and so does what the desk
 * still has to be told. */
static bool
same_service(const struct rule_row *x, const struct rule_row *y)
{
	return x->part == y->part && strcmp(x->action, y->action) == 0 &&
	    strcmp(x->direction, y->direction) == 0 &&
	    strcmp(x->src_zone, y->src_zone) == 0 &&
	    strcmp(x->src_hosts, y->src_hosts) == 0 &&
	    strcmp(x->protocol, y->protocol) == 0 &&
	    x->icmp_type == y->icmp_type && strcmp(x->ports, y->ports) == 0 &&
	    strcmp(x->tls_inspection, y->tls_inspection) == 0 &&
	    strcmp(x->alt_of, y->alt_of) == 0 && x->dst[0] != '\0' &&
	    y->dst[0] != '\0' && strcmp(x->purpose, y->purpose) == 0 &&
	    strcmp(x->need->product, y->need->product) == 0;
}

static bool
belong_together(const struct rule_row *x, const struct rule_row *y)
{
	return is_flow(x) && is_flow(y) &&
	    (rows_same_flow(x, y) || same_service(x, y));
}

/* --- what the row of several says -------------------------------------- */

/* The first of the words that a member has. */
static const char *
strongest(const struct combined_row *c, const char *const *words, size_t count,
    const char *(*of)(const struct rule_row *row))
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		for (k = 0; k < c->count; k++) {
			if (strcmp(of(c->member[k]), words[i]) == 0)
				return words[i];
		}
	}
	return "";
}

static const char *
required_of(const struct rule_row *row)
{
	return row->required;
}

static const char *
risk_of(const struct rule_row *row)
{
	return row->risk;
}

static const char *
tls_of(const struct rule_row *row)
{
	return row->tls_inspection;
}

#define STRONGEST(c, words, of) \
	strongest(c, words, sizeof(words) / sizeof *(words), of)

/* The same members have the same id, in whatever order and company. */
static const char *
combined_id(struct arena *a, const struct combined_row *c)
{
	struct strlist ids = {0};
	char hex[DIGEST_HEX_SIZE];
	struct buf b;
	size_t i;

	for (i = 0; i < c->count; i++)
		strlist_add(a, &ids, c->member[i]->rule_id);
	strlist_sort(&ids);
	buf_init(&b, ID_TEXT_MAX);
	for (i = 0; i < ids.count; i++)
		buf_addf(&b, "%s\n", ids.item[i]);
	digest_sha256_hex(buf_str(&b), b.len, hex);
	buf_free(&b);
	return arena_printf(a, "FC-%.*s", ID_DIGITS, hex);
}

static void
add_member(struct arena *a, struct combined_row *c, const struct rule_row *row)
{
	const char *product = row->need->product;
	size_t i;

	*arena_push(a, c->member, c->count) = row;
	if (!strlist_has(&c->products, product))
		strlist_add(a, &c->products, product);
	for (i = 0; i < c->ntargets; i++) {
		if (rows_same_flow(c->target[i], row))
			return;
	}
	*arena_push(a, c->target, c->ntargets) = row;
}

static void
finish(struct arena *a, struct combined_row *c)
{
	static const char *const required[] = {"required", "optional",
	    "informative"};
	static const char *const risks[] = {"high", "medium", "low"};
	static const char *const tls[] = {"must_bypass", "ok"};

	c->id = combined_id(a, c);
	c->required = STRONGEST(c, required, required_of);
	c->risk = STRONGEST(c, risks, risk_of);
	c->tls_inspection = STRONGEST(c, tls, tls_of);
}

static void
add_part(struct arena *a, struct tree *t, enum rows_part part,
    struct combined *out)
{
	const struct rules *rules = t->rules;
	struct combined_row *c;
	size_t i, k;

	for (i = 0; i < rules->count; i++) {
		if (rules->row[i].part != part || root_of(t, i) != i)
			continue;
		c = arena_push(a, out->row, out->count);
		*c = (struct combined_row){.first = &rules->row[i]};
		for (k = i; k < rules->count; k++) {
			if (root_of(t, k) == i)
				add_member(a, c, &rules->row[k]);
		}
		finish(a, c);
	}
}

void
combine_rows(struct arena *a, const struct rules *rules, struct combined *out)
{
	struct tree t = {rules, arena_array(a, rules->count, sizeof(size_t))};
	size_t i, k;

	*out = (struct combined){0};
	for (i = 0; i < rules->count; i++)
		t.parent[i] = i;
	for (i = 1; i < rules->count; i++) {
		for (k = 0; k < i; k++) {
			if (belong_together(&rules->row[i], &rules->row[k]))
				join(&t, i, k);
		}
	}
	add_part(a, &t, ROWS_INTERNET, out);
	add_part(a, &t, ROWS_LAN, out);
}

char *
combined_destinations(struct arena *a, const struct combined_row *row)
{
	struct strlist names = {0};
	size_t i;

	for (i = 0; i < row->ntargets; i++) {
		const struct rule_row *r = row->target[i];
		int kind = 0;

		(void)word_parse(&words_dest_kind, r->dst_kind, &kind);
		strlist_add(a, &names,
		    r->dst[0] != '\0' ?
			r->dst :
			arena_printf(a, _("%s, not known yet"),
			    word_label(&words_dest_kind, kind)));
	}
	return summary_join(a, &names, ", ");
}
