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

static void
add_sentences(const struct paper *p, int indent, const char *label,
    const struct strlist *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		paper_field(p, indent, LABEL_COLUMN, i == 0 ? label : "",
		    l->item[i]);
}

static void
add_diagnosis(const struct paper *p, struct arena *a, const struct diagnosis *d,
    size_t number)
{
	paper_field(p, 0, LABEL_INDENT, arena_printf(a, "%zu.", number),
	    d->summary);
	if (d->cause != CAUSE_NONE)
		paper_fieldf(p, LABEL_INDENT, LABEL_COLUMN, _("Cause:"),
		    "%s (%s)", word_label(&words_cause, (int)d->cause),
		    word_name(&words_cause, (int)d->cause));
	if (d->zone != ZONE_NONE)
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Where:"),
		    word_label(&words_zone, (int)d->zone));
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Explains:"),
	    summary_join(a, &d->explains, ", "));
	add_sentences(p, LABEL_INDENT, _("Ruled out:"), &d->ruled_out);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Will clear:"),
	    summary_join(a, &d->clears, ", "));
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
		add_diagnosis(p, a, &r->diagnoses[i], i + 1);
}

static bool
is_good(const struct need *n)
{
	return n->outcome == OUTCOME_PASS || n->outcome == OUTCOME_MARGINAL;
}

static void
add_advice(const struct paper *p, const struct need *n)
{
	if (is_good(n))
		return;
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Do:"),
	    n->advice_installer);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("IT desk:"), n->advice_it);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Customer:"),
	    n->advice_customer);
}

/* How something is known, so that nothing typed looks like a measurement. */
static const char *
proof_text(struct arena *a, const struct need *n)
{
	if (n->probes.count == 0 || n->rung == RUNG_NONE)
		return _("not measured");
	return arena_printf(a, _("measured: %s (%s)"),
	    word_label(&words_rung, (int)n->rung),
	    summary_join(a, &n->probes, ", "));
}

static void
add_proof(const struct paper *p, struct arena *a, const struct need *n)
{
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Proof:"),
	    proof_text(a, n));
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Demanded:"),
	    word_label(&words_rung, (int)n->required_rung));
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Asked for by:"),
	    summary_source(a, n));
}

static void
add_need(const struct paper *p, struct arena *a, const struct need *n,
    enum results_depth depth)
{
	const char *right = n->strength == STRENGTH_REQUIRED ?
	    n->id :
	    arena_printf(a, "%s (%s)", n->id,
		word_label(&words_strength, (int)n->strength));
	const char *flow = summary_flow(a, n);

	paper_field(p, 0, MARK_COLUMNS, summary_mark(n->outcome), right);
	if (n->protocol != PROTO_NONE)
		paper_text(p, LABEL_INDENT,
		    arena_printf(a, "%s: %s", n->service, flow));
	else
		paper_text(p, LABEL_INDENT, flow);
	if (depth == RESULTS_BRIEF && is_good(n))
		return;
	if (depth == RESULTS_FULL)
		add_proof(p, a, n);
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Seen:"), n->summary);
	if (n->cause != CAUSE_NONE)
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Cause:"),
		    word_name(&words_cause, (int)n->cause));
	if (n->zone != ZONE_NONE)
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Where:"),
		    word_label(&words_zone, (int)n->zone));
	paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Blocked by:"),
	    summary_join(a, &n->blocked_by, ", "));
	if (n->source.assumed != NULL && depth == RESULTS_BRIEF)
		paper_field(p, LABEL_INDENT, LABEL_COLUMN, _("Assumed:"),
		    n->source.assumed);
	add_advice(p, n);
}

void
results_products(const struct paper *p, struct arena *a, const struct record *r,
    enum results_depth depth, const char *only)
{
	const char *product = "";
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!summary_counts_in(n) || !need_is_selected(n, only))
			continue;
		if (strcmp(product, n->product) != 0) {
			product = n->product;
			paper_heading(p, summary_product(r, product));
		}
		add_need(p, a, n, depth);
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
