/* SPDX-License-Identifier: MIT */
/* Owns the parts of a change request as plain text. */
#include "core/export/request/request_words.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/summary.h"

#define TEXT_MAX ((size_t)1 << 20)
#define IDS_SHOWN 5

size_t
request_prefix(const char *s, size_t max)
{
	size_t at = 0, len = strlen(s), count;
	uint32_t cp;

	for (count = 0; count < max && at < len; count++) {
		int used = text_decode(s + at, len - at, &cp);

		at += used > 0 ? (size_t)used : 1;
	}
	return at;
}

static char *
taken(struct arena *a, struct buf *b)
{
	char *text;

	while (b->len > 0 && b->data[b->len - 1] == '\n')
		b->data[--b->len] = '\0';
	text = arena_strdup(a, buf_str(b));
	buf_free(b);
	return text;
}

char *
request_words_subject(struct arena *a, const struct request *q)
{
	return arena_printf(a, _("Firewall change %1$s: %2$s"), q->rules->id,
	    q->rules->title);
}

static void
add_fact(struct buf *b, const char *label, const char *text)
{
	if (!text_is_space(text))
		buf_addf(b, "%s %s\n", label, text);
}

char *
request_words_about(struct arena *a, const struct request *q)
{
	const struct site_info *s = &q->record->site;
	const struct rules *rules = q->rules;
	struct summary sum;
	const char *state;
	struct buf b;

	summary_make(q->record, NULL, &sum);
	state = summary_partial(&sum, a, q->record);
	buf_init(&b, TEXT_MAX);
	add_fact(&b, _("Request:"), rules->id);
	add_fact(&b, _("Customer:"), s->customer);
	add_fact(&b, _("Site:"), s->name);
	add_fact(&b, _("Address:"), s->address);
	add_fact(&b, _("Requested by:"), q->requested_by);
	add_fact(&b, _("Reached at:"), s->installer_contact);
	add_fact(&b, _("Scope:"),
	    rules->scope == SCOPE_ALL ?
		_("everything that applies to this site") :
		_("what failed in the check, or could not be proven"));
	add_fact(&b, _("Checked:"), summary_time(a, q->record->started_us));
	add_fact(&b, _("State:"), state == NULL ? "" : state);
	add_fact(&b, _("Lines:"),
	    arena_printf(a,
		_("%zu for the internet firewall, %zu for the local network, "
		  "%zu conditions"),
		rules->in_part[ROWS_INTERNET], rules->in_part[ROWS_LAN],
		rules->in_part[ROWS_CONDITIONS]));
	add_fact(&b, _("Review by:"), q->review_by);
	return taken(a, &b);
}

char *
request_words_members(struct arena *a, const struct combined_row *c)
{
	struct strlist ids = {0};
	size_t i;

	for (i = 0; i < c->count; i++)
		strlist_add(a, &ids, c->member[i]->rule_id);
	return summary_join(a, &ids, ", ");
}

char *
request_words_rows(struct arena *a, const struct request *q)
{
	struct buf b;
	size_t i;

	buf_init(&b, TEXT_MAX);
	for (i = 0; i < q->combined.count; i++) {
		const struct combined_row *c = &q->combined.row[i];

		buf_addf(&b, _("%1$s: %2$s to %3$s (%4$s)"), c->id,
		    request_service(a, c->first), combined_destinations(a, c),
		    request_words_members(a, c));
		buf_addc(&b, '\n');
	}
	return taken(a, &b);
}

char *
request_words_impact(struct arena *a, const struct request *q)
{
	struct buf b;
	size_t i;

	buf_init(&b, TEXT_MAX);
	if (q->impact.count > 0)
		buf_addf(&b, "%s\n",
		    _("What does not work while its lines are blocked:"));
	for (i = 0; i < q->impact.count; i++) {
		const struct request_point *p = &q->impact.point[i];

		buf_addf(&b, "* %s: %s\n",
		    record_product_title(q->record, p->product), p->text);
	}
	return taken(a, &b);
}

const char *
request_highest_risk(const struct request *q)
{
	static const char *const words[] = {"high", "medium", "low"};
	size_t i, k;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		for (k = 0; k < q->rules->count; k++) {
			if (strcmp(q->rules->row[k].risk, words[i]) == 0)
				return words[i];
		}
	}
	return "";
}

char *
request_some_ids(struct arena *a, const struct strlist *ids)
{
	struct strlist first = {ids->item, ids->count};

	if (ids->count <= IDS_SHOWN)
		return summary_join(a, ids, ", ");
	first.count = IDS_SHOWN;
	return arena_printf(a, _("%1$s and %2$zu more"),
	    summary_join(a, &first, ", "), ids->count - IDS_SHOWN);
}

/* The same reason of several lines once. */
char *
request_words_risks(struct arena *a, const struct request *q)
{
	struct strlist seen = {0};
	struct buf b;
	size_t i;

	buf_init(&b, TEXT_MAX);
	for (i = 0; i < q->rules->count; i++) {
		const struct rule_row *row = &q->rules->row[i];
		const char *text = arena_printf(a, "%s: %s",
		    row_risk_label(row->risk), row->risk_note);

		if (row->risk[0] == '\0' || strcmp(row->risk, "low") == 0 ||
		    strlist_has(&seen, text))
			continue;
		strlist_add(a, &seen, text);
		buf_addf(&b, "* %s\n", text);
	}
	if (seen.count == 0)
		buf_adds(&b, _("No line is more than a low risk."));
	return taken(a, &b);
}

char *
request_words_lint(struct arena *a, const struct request *q)
{
	struct buf b;
	size_t i;

	buf_init(&b, TEXT_MAX);
	for (i = 0; i < q->lint.count; i++) {
		const struct lint_finding *f = &q->lint.finding[i];

		buf_addf(&b, "* %s: %s (%s)\n",
		    lint_severity_label(f->severity), f->text,
		    request_some_ids(a, &f->rows));
	}
	return taken(a, &b);
}
