/* SPDX-License-Identifier: MIT */
/* Owns how results stand on paper: diagnoses first, then line by line. */
#include "core/export/results.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/summary.h"

#define MARK_COLUMNS 15
#define LABEL_INDENT 4
#define LABEL_COLUMN 18
#define SHOWN_IDS 3

void
results_warnings(const struct paper *p, const struct record *r)
{
	size_t i;

	for (i = 0; i < r->vantage.warnings.count; i++)
		paper_field(p, 0, 10, _("Note:"), r->vantage.warnings.item[i]);
}

char *
results_standpoint(struct arena *a, const struct record *r)
{
	const struct vantage *v = &r->vantage;
	const char *address = summary_join(a, &v->addresses, " ");

	if (v->interface[0] == '\0')
		return arena_strdup(a, _("a computer without a network"));
	if (v->gateway == NULL)
		return arena_printf(a, _("%s %s"), v->interface, address);
	return arena_printf(a, _("%s %s, gateway %s"), v->interface, address,
	    v->gateway);
}

void
results_packs(const struct paper *p, const struct record *r)
{
	size_t i;

	if (r->npacks > 0)
		paper_text(p, 0, _("Packs (product, version, SHA-256):"));
	for (i = 0; i < r->npacks; i++) {
		paper_textf(p, 2, "%s %u", r->packs[i].product,
		    r->packs[i].version);
		paper_text(p, 4, r->packs[i].sha256);
	}
}

void
results_blocks(const struct paper *p, struct arena *a, const struct record *r)
{
	size_t i, number = 0;

	for (i = 0; i < r->nblocks; i++) {
		const struct block *b = &r->blocks[i];

		if (b->why == BLOCK_FAILED)
			continue;
		if (number++ == 0)
			paper_heading(p, _("What is left to do besides"));
		paper_field(p, 0, LABEL_INDENT, arena_printf(a, "%zu.", number),
		    b->summary);
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Whose it is:"),
		    b->owner);
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("What to do:"),
		    b->todo);
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Holds up:"),
		    summary_join(a, &b->requirements, ", "));
	}
}

static void
add_sentences(const struct paper *p, int indent, const char *label,
    const struct strlist *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		paper_field(p, indent, LABEL_COLUMN, i == 0 ? label : "",
		    l->item[i]);
}

/* The first few; the JSON has them all. */
static char *
some_ids(struct arena *a, const struct strlist *ids)
{
	struct strlist first = {ids->item, ids->count};

	if (ids->count <= SHOWN_IDS)
		return summary_join(a, ids, ", ");
	first.count = SHOWN_IDS;
	return arena_printf(a, _("%1$s and %2$zu more"),
	    summary_join(a, &first, ", "), ids->count - SHOWN_IDS);
}

/* "Loxone App 3, Z5 video phone 2": how many lines of each product. */
static char *
products_text(struct arena *a, const struct record *r,
    const struct strlist *ids)
{
	struct strlist seen = {NULL, 0}, parts = {NULL, 0};
	const struct need *n;
	size_t i, k, count;

	for (i = 0; i < ids->count; i++) {
		n = record_need(r, ids->item[i]);
		if (n == NULL || strlist_has(&seen, n->product))
			continue;
		strlist_add(a, &seen, n->product);
		for (k = i, count = 0; k < ids->count; k++) {
			const struct need *x = record_need(r, ids->item[k]);

			count += x != NULL &&
			    strcmp(x->product, n->product) == 0;
		}
		strlist_add(a, &parts,
		    arena_printf(a, "%s %zu",
			record_product_title(r, n->product), count));
	}
	return summary_join(a, &parts, ", ");
}

/* What will clear beside what it explains. */
static struct strlist
others(struct arena *a, const struct diagnosis *d)
{
	struct strlist out = {NULL, 0};
	size_t i;

	for (i = 0; i < d->clears.count; i++) {
		if (!strlist_has(&d->explains, d->clears.item[i]))
			strlist_add(a, &out, d->clears.item[i]);
	}
	return out;
}

static void
add_diagnosis(const struct paper *p, struct arena *a, const struct record *r,
    const struct diagnosis *d, size_t number)
{
	struct strlist also = others(a, d);

	paper_field(p, 0, LABEL_INDENT, arena_printf(a, "%zu.", number),
	    d->summary);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Whose it is:"), d->whose);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Do:"),
	    d->advice_installer);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("IT desk:"), d->advice_it);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Customer:"),
	    d->advice_customer);
	add_sentences(p, LABEL_INDENT, _("Ruled out:"), &d->ruled_out);
	if (d->cause != CAUSE_NONE)
		paper_fieldf(p, LABEL_INDENT, LABEL_COLUMN, _("Cause:"),
		    "%s (%s)", word_label(&words_cause, (int)d->cause),
		    word_name(&words_cause, (int)d->cause));
	if (d->zone != ZONE_NONE)
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Where:"),
		    word_label(&words_zone, (int)d->zone));
	paper_fieldf(p, LABEL_INDENT, LABEL_COLUMN, _("Explains:"), "%s (%s)",
	    products_text(a, r, &d->explains), some_ids(a, &d->explains));
	if (also.count > 0)
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Clears too:"),
		    some_ids(a, &also));
}

void
results_diagnoses(const struct paper *p, struct arena *a,
    const struct record *r)
{
	size_t i;

	if (r->ndiagnoses == 0)
		return;
	paper_heading(p, _("What causes the trouble"));
	for (i = 0; i < r->ndiagnoses; i++)
		add_diagnosis(p, a, r, &r->diagnoses[i], i + 1);
}

static bool
is_good(const struct need *n)
{
	return n->outcome == OUTCOME_PASS || n->outcome == OUTCOME_MARGINAL;
}

/* The number of the cause that explains n, or 0. */
static size_t
cause_number(const struct record *r, const struct need *n)
{
	size_t i;

	for (i = 0; i < r->ndiagnoses; i++) {
		if (strlist_has(&r->diagnoses[i].explains, n->id))
			return i + 1;
	}
	return 0;
}

/* A cause is told once, with what to do about it. */
static void
add_advice(const struct paper *p, const struct record *r, const struct need *n)
{
	size_t number = cause_number(r, n);

	if (number > 0) {
		paper_fieldf(p, LABEL_INDENT, LABEL_COLUMN, _("Do:"),
		    _("see cause %zu above"), number);
		return;
	}
	if (is_good(n))
		return;
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Do:"),
	    n->advice_installer);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("IT desk:"), n->advice_it);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Customer:"),
	    n->advice_customer);
}

/* What is not decided is no failure, but nothing to leave alone either. */
static enum sheet_tone
tone_of(const struct need *n)
{
	static const enum sheet_tone tones[] = {
	    [OUTCOME_PASS] = TONE_GOOD,
	    [OUTCOME_MARGINAL] = TONE_CAUTION,
	    [OUTCOME_WARN] = TONE_CAUTION,
	    [OUTCOME_FAIL] = TONE_BAD,
	    [OUTCOME_UNPROVEN] = TONE_CAUTION,
	    [OUTCOME_BLOCKED_BY] = TONE_CAUTION,
	    [OUTCOME_NOT_APPLICABLE] = TONE_PLAIN,
	    [OUTCOME_NOT_RUN] = TONE_CAUTION,
	    [OUTCOME_TOOL_ERROR] = TONE_CAUTION,
	    [OUTCOME_WAIVED] = TONE_CAUTION,
	};

	return tones[n->outcome];
}

static void
add_need(const struct paper *p, struct arena *a, const struct record *r,
    const struct need *n)
{
	const char *right = n->strength == STRENGTH_REQUIRED ?
	    n->id :
	    arena_printf(a, "%s (%s)", n->id,
		word_label(&words_strength, (int)n->strength));
	const char *flow = summary_flow(a, n);
	int found;

	paper_field(p, 0, MARK_COLUMNS, summary_mark(n->outcome), right);
	paper_tone(p, tone_of(n));
	if (n->protocol != PROTO_NONE)
		paper_text(p, LABEL_INDENT,
		    arena_printf(a, "%s: %s", n->service, flow));
	else
		paper_text(p, LABEL_INDENT, flow);
	if (is_good(n))
		return;
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Seen:"), n->summary);
	if (n->accepted != NULL &&
	    word_parse(&words_outcome, n->accepted, &found))
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Found:"),
		    word_label(&words_outcome, found));
	if (n->cause != CAUSE_NONE)
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Cause:"),
		    word_name(&words_cause, (int)n->cause));
	if (n->zone != ZONE_NONE)
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Where:"),
		    word_label(&words_zone, (int)n->zone));
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Blocked by:"),
	    summary_join(a, &n->blocked_by, ", "));
	if (n->source.assumed != NULL)
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Assumed:"),
		    n->source.assumed);
	add_advice(p, r, n);
}

void
results_products(const struct paper *p, struct arena *a, const struct record *r,
    const char *only)
{
	const char *product = "";
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!summary_counts_in(n) || !need_is_selected(n, only))
			continue;
		if (strcmp(product, n->product) != 0) {
			product = n->product;
			paper_subheading(p, record_product_title(r, product));
		}
		add_need(p, a, r, n);
	}
}

/* What the devices at one address told; several names may stand there. */
struct device_lines {
	const char *address;
	struct strlist names;
	const char *serial, *firmware, *generation, *mac;
};

static const char *
told(const json_t *device, const char *member, const char *before)
{
	const char *s = json_string_value(json_object_get(device, member));

	return before != NULL || s == NULL ? before : s;
}

static void
add_device(struct arena *a, struct device_lines **list, size_t *count,
    const json_t *device)
{
	const char *at = told(device, "address", NULL);
	const char *name = told(device, "name", NULL);
	struct device_lines *d = NULL;
	size_t i;

	if (at == NULL)
		return;
	for (i = 0; i < *count; i++) {
		if (strcmp((*list)[i].address, at) == 0)
			d = &(*list)[i];
	}
	if (d == NULL) {
		d = arena_push(a, *list, *count);
		memset(d, 0, sizeof *d);
		d->address = at;
	}
	if (name == NULL)
		name = told(device, "kind", NULL);
	if (name != NULL && !strlist_has(&d->names, name))
		strlist_add(a, &d->names, name);
	d->serial = told(device, "serial", d->serial);
	d->firmware = told(device, "firmware", d->firmware);
	d->generation = told(device, "generation", d->generation);
	d->mac = told(device, "mac", d->mac);
}

static char *
with_fact(struct arena *a, char *line, const char *label, const char *value)
{
	return value == NULL ? line :
			       arena_printf(a, "%s; %s %s", line, label, value);
}

static void
print_device(const struct paper *p, struct arena *a,
    const struct device_lines *d)
{
	char *line = arena_printf(a, "%s: %s", d->address,
	    d->names.count == 0 ? _("a device") :
				  summary_join(a, &d->names, ", "));

	line = with_fact(a, line, _("serial number"), d->serial);
	line = with_fact(a, line, _("version"), d->firmware);
	line = with_fact(a, line, _("model"), d->generation);
	line = with_fact(a, line, _("MAC address"), d->mac);
	paper_text(p, 2, line);
}

void
results_devices(const struct paper *p, struct arena *a, const struct record *r)
{
	struct device_lines *list = NULL;
	const json_t *devices;
	size_t count = 0, i, k;

	for (i = 0; i < r->nobservations; i++) {
		devices = json_object_get(r->observations[i].detail, "devices");
		for (k = 0; k < json_array_size(devices); k++)
			add_device(a, &list, &count,
			    json_array_get(devices, k));
	}
	if (count > 0)
		paper_heading(p, _("Devices that answered"));
	for (i = 0; i < count; i++)
		print_device(p, a, &list[i]);
}
