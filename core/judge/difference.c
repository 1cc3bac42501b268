/* SPDX-License-Identifier: MIT */
/* Owns the comparison of two records of a site. */
#include "core/judge/difference.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/judge/compare.h"
#include "core/pack/pack.h"

#define LIST_BYTES ((size_t)1 << 20)

static const char *const kinds[] = {
    [DIFFERENCE_BROKEN] = N_("Worked, and fails now"),
    [DIFFERENCE_FAILING] = N_("Was not known, and fails now"),
    [DIFFERENCE_LOST] = N_("Worked, and is not proved now"),
    [DIFFERENCE_NEW] = N_("Was not asked for, and is now"),
    [DIFFERENCE_UNDECIDED] = N_("Failed, and is not proved now"),
    [DIFFERENCE_OTHER] = N_("Neither better nor worse, but not the same"),
    [DIFFERENCE_MENDED] = N_("Failed, and works now"),
    [DIFFERENCE_PROVED] = N_("Was not known, and works now"),
    [DIFFERENCE_GONE] = N_("Was asked for, and is no more"),
};

static const char *const sections[] = {
    [DIFFERENCE_NETWORK] = N_("Where the computer stood"),
    [DIFFERENCE_PACKS] = N_("Packs"),
    [DIFFERENCE_ANSWERS] = N_("Answers"),
    [DIFFERENCE_EQUIPMENT] = N_("Equipment"),
    [DIFFERENCE_ACCEPTED] = N_("Accepted failures"),
};

const char *
difference_kind_label(enum difference_kind kind)
{
	return _(kinds[kind]);
}

const char *
difference_section_label(enum difference_section section)
{
	return _(sections[section]);
}

/* --- lines ------------------------------------------------------------- */

enum standing { STANDS_GOOD, STANDS_UNKNOWN, STANDS_BAD };

static enum standing
standing_of(const struct need *n)
{
	int outcome = (int)n->outcome;

	/* What is accepted is not mended. */
	if (outcome == OUTCOME_WAIVED &&
	    (n->accepted == NULL ||
		!word_parse(&words_outcome, n->accepted, &outcome)))
		outcome = OUTCOME_FAIL;
	switch ((enum outcome)outcome) {
	case OUTCOME_PASS:
	case OUTCOME_MARGINAL:
		return STANDS_GOOD;
	case OUTCOME_WARN:
		return need_works(n) ? STANDS_GOOD : STANDS_BAD;
	case OUTCOME_FAIL:
	case OUTCOME_WAIVED:
		return STANDS_BAD;
	default:
		return STANDS_UNKNOWN;
	}
}

static enum difference_kind
kind_of(const struct change *c)
{
	static const enum difference_kind of[3][3] = {
	    [STANDS_GOOD] = {DIFFERENCE_OTHER, DIFFERENCE_LOST,
		DIFFERENCE_BROKEN},
	    [STANDS_UNKNOWN] = {DIFFERENCE_PROVED, DIFFERENCE_OTHER,
		DIFFERENCE_FAILING},
	    [STANDS_BAD] = {DIFFERENCE_MENDED, DIFFERENCE_UNDECIDED,
		DIFFERENCE_OTHER},
	};

	if (c->kind == CHANGE_NEW)
		return DIFFERENCE_NEW;
	if (c->kind == CHANGE_GONE)
		return DIFFERENCE_GONE;
	return of[standing_of(c->then)][standing_of(c->now)];
}

static void
add_lines(struct arena *a, const struct changes *changes,
    struct difference *out)
{
	enum difference_kind kind;
	size_t i;
	int k;

	for (k = 0; k < DIFFERENCE_KINDS; k++) {
		for (i = 0; i < changes->count; i++) {
			kind = kind_of(&changes->item[i]);
			if ((int)kind != k)
				continue;
			*arena_push(a, out->line,
			    out->nlines) = (struct difference_line){kind,
			    changes->item[i].then, changes->item[i].now};
			out->of[k]++;
		}
	}
}

/* --- facts ------------------------------------------------------------- */

static bool
is_set(const char *s)
{
	return s != NULL && *s != '\0';
}

static bool
is_same(const char *x, const char *y)
{
	return strcmp(x == NULL ? "" : x, y == NULL ? "" : y) == 0;
}

static void
add_fact(struct arena *a, struct difference *out,
    enum difference_section section, const char *label, const char *then,
    const char *now)
{
	if (!is_same(then, now))
		*arena_push(a, out->fact,
		    out->nfacts) = (struct difference_fact){section, label,
		    is_set(then) ? then : NULL, is_set(now) ? now : NULL};
}

static char *
list_text(struct arena *a, const struct strlist *l)
{
	struct buf b;
	char *text;
	size_t i;

	buf_init(&b, LIST_BYTES);
	for (i = 0; i < l->count; i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "", l->item[i]);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static void
add_network(struct arena *a, const struct record *then,
    const struct record *now, struct difference *out)
{
	static const struct {
		const char *label;
		size_t offset;
		bool is_list;
	} rows[] = {
#define ROW(says, member, list) {says, offsetof(struct vantage, member), list}
	    ROW(N_("Gateway"), gateway, false),
	    ROW(N_("Gateway (IPv6)"), gateway6, false),
	    ROW(N_("Hardware address of the gateway"), gateway_mac, false),
	    ROW(N_("Wi-Fi"), wifi, false),
	    ROW(N_("Addresses of the computer"), addresses, true),
	    ROW(N_("DNS servers"), resolvers, true),
	    ROW(N_("VPN"), vpn, false),
	    ROW(N_("Proxy"), proxy, false),
	    ROW(N_("Computer"), hostname, false),
#undef ROW
	};
	const struct vantage *v[] = {&then->vantage, &now->vantage};
	const char *text[2];
	size_t i, k;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (k = 0; k < 2; k++) {
			const void *at = (const char *)v[k] + rows[i].offset;
			const char *s;

			memcpy(&s, at, sizeof s);
			text[k] = rows[i].is_list ? list_text(a, at) : s;
		}
		add_fact(a, out, DIFFERENCE_NETWORK, _(rows[i].label), text[0],
		    text[1]);
	}
	add_fact(a, out, DIFFERENCE_NETWORK, _("Network of the devices"),
	    then->site.device_zone, now->site.device_zone);
}

/* One row of a list that both records have: what it is known by, its name in
 * words, and what it says. */
struct told {
	const char *key, *part; /* part "" where the key is enough */
	const char *label;
	const char *text;
};

static struct told
tell_pack(struct arena *a, const struct record *r, size_t i)
{
	const struct pack_ref *p = &r->packs[i];

	/* Two texts may bear the same version. */
	return (struct told){p->product, "", p->title,
	    arena_printf(a, "%u (%.12s)", p->version, p->sha256)};
}

static struct told
tell_answer(struct arena *a, const struct record *r, size_t i)
{
	const struct answer *x = &r->answers[i];

	return (struct told){x->product, x->question,
	    arena_printf(a, "%s: %s", record_product_title(r, x->product),
		x->ask != NULL ? x->ask : x->question),
	    x->says != NULL ? x->says : x->value};
}

static struct told
tell_equipment(struct arena *a, const struct record *r, size_t i)
{
	const struct equipment *e = &r->equipment[i];

	return (struct told){e->product, e->item,
	    arena_printf(a, "%s: %s", record_product_title(r, e->product),
		is_set(e->label) ? pack_text(e->label) : e->item),
	    e->value};
}

static struct told
tell_deviation(struct arena *a, const struct record *r, size_t i)
{
	const struct deviation *d = &r->deviations[i];

	return (struct told){d->requirement, "", d->requirement,
	    arena_printf(a, _("%1$s, until %2$s: %3$s"), d->owner,
		is_set(d->expires) ? d->expires : _("no date is set"),
		d->reason)};
}

static const struct list {
	enum difference_section section;
	size_t count; /* offset in struct record */
	struct told (*tell)(struct arena *a, const struct record *r, size_t i);
} lists[] = {
    {DIFFERENCE_PACKS, offsetof(struct record, npacks), tell_pack},
    {DIFFERENCE_ANSWERS, offsetof(struct record, nanswers), tell_answer},
    {DIFFERENCE_EQUIPMENT, offsetof(struct record, nequipment), tell_equipment},
    {DIFFERENCE_ACCEPTED, offsetof(struct record, ndeviations), tell_deviation},
};

static struct told *
tell_all(struct arena *a, const struct list *l, const struct record *r,
    size_t *count)
{
	struct told *all;
	size_t i;

	memcpy(count, (const char *)r + l->count, sizeof *count);
	all = arena_array(a, *count + 1, sizeof *all);
	for (i = 0; i < *count; i++)
		all[i] = l->tell(a, r, i);
	return all;
}

static int
by_key(const void *x, const void *y)
{
	const struct told *const *a = x, *const *b = y;
	int order = strcmp((*a)->key, (*b)->key);

	if (order == 0)
		order = strcmp((*a)->part, (*b)->part);
	if (order != 0)
		return order;
	return *a < *b ? -1 : *a > *b;
}

static int
same_key(const void *x, const void *y)
{
	const struct told *const *a = x, *const *b = y;
	int order = strcmp((*a)->key, (*b)->key);

	return order != 0 ? order : strcmp((*a)->part, (*b)->part);
}

/* In the order of their keys; of several with one key the first counts. */
static const struct told **
sort_told(struct arena *a, const struct told *all, size_t *count)
{
	const struct told **list = arena_array(a, *count + 1, sizeof *list);
	size_t i, kept = 0;

	for (i = 0; i < *count; i++)
		list[i] = &all[i];
	if (*count > 0)
		qsort(list, *count, sizeof *list, by_key);
	for (i = 0; i < *count; i++) {
		if (kept == 0 || same_key(&list[kept - 1], &list[i]) != 0)
			list[kept++] = list[i];
	}
	*count = kept;
	return list;
}

static const struct told *
find(const struct told **list, size_t count, const struct told *like)
{
	const struct told **found = count == 0 ?
	    NULL :
	    bsearch(&like, list, count, sizeof *list, same_key);

	return found == NULL ? NULL : *found;
}

static void
add_list(struct arena *a, const struct list *l, const struct record *then,
    const struct record *now, struct difference *out)
{
	size_t i, nold, nnew, nkeys, nnew_keys;
	const struct told *old = tell_all(a, l, then, &nold);
	const struct told *new = tell_all(a, l, now, &nnew);
	const struct told *other, **old_keys, **new_keys;

	nkeys = nold;
	nnew_keys = nnew;
	old_keys = sort_told(a, old, &nkeys);
	new_keys = sort_told(a, new, &nnew_keys);
	for (i = 0; i < nnew; i++) {
		other = find(old_keys, nkeys, &new[i]);
		add_fact(a, out, l->section, new[i].label,
		    other != NULL ? other->text : NULL, new[i].text);
	}
	for (i = 0; i < nold; i++) {
		if (find(new_keys, nnew_keys, &old[i]) == NULL)
			add_fact(a, out, l->section, old[i].label, old[i].text,
			    NULL);
	}
}

/* The gateway's hardware address tells networks apart that use the same
 * numbers; without it the gateway and the Wi-Fi must do. */
static bool
is_other_network(const struct record *then, const struct record *now)
{
	const struct vantage *x = &then->vantage, *y = &now->vantage;

	if (then->started_us == 0 || now->started_us == 0)
		return false;
	if (is_set(x->gateway_mac) && is_set(y->gateway_mac))
		return !is_same(x->gateway_mac, y->gateway_mac);
	return !is_same(x->gateway, y->gateway) ||
	    !is_same(x->gateway6, y->gateway6) || !is_same(x->wifi, y->wifi);
}

void
record_difference(struct arena *a, const struct record *then,
    const struct record *now, struct difference *out)
{
	struct changes changes;
	size_t i;

	memset(out, 0, sizeof *out);
	changes_find(a, then->needs, then->nneeds, now->needs, now->nneeds,
	    &changes);
	out->same = changes.same;
	add_lines(a, &changes, out);
	if (then->started_us != 0 && now->started_us != 0)
		add_network(a, then, now, out);
	for (i = 0; i < sizeof lists / sizeof *lists; i++)
		add_list(a, &lists[i], then, now, out);
	out->other_site = !is_same(then->site.name, now->site.name);
	out->other_network = is_other_network(then, now);
}
