/* SPDX-License-Identifier: MIT */
/* Owns the change request as JSON, schema "sitewalk/rules/1": the source of
 * all other forms. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/request/request.h"
#include "core/export/request/row_json.h"
#include "core/export/summary.h"
#include "core/record/json.h"

#define DOCUMENT_MAX ((size_t)64 << 20)
#define RISK_NONE "none"

static json_t *
part_json(struct arena *a, const struct rules *rules, enum rows_part part)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < rules->count; i++) {
		if (rules->row[i].part == part)
			row_json_append(list,
			    row_to_json(a, rules->record, &rules->row[i]));
	}
	return list;
}

/* Site, tool and packs stand in the request as they do in the record. */
static void
add_record_parts(const struct record *r, json_t *j)
{
	static const char *const names[] = {"site", "tool", "packs"};
	json_t *record = record_to_json(r);
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		row_json_set(j, names[i],
		    json_incref(json_object_get(record, names[i])));
	json_decref(record);
}

/* --- how many of which --- */

static const char *
part_of(const struct rule_row *row)
{
	return rows_part_names[row->part];
}

static const char *
required_of(const struct rule_row *row)
{
	return row->required;
}

static const char *
status_of(const struct rule_row *row)
{
	return row->status;
}

static const char *
outcome_of(const struct rule_row *row)
{
	return word_name(&words_outcome, (int)row->need->outcome);
}

static const char *
risk_of(const struct rule_row *row)
{
	return row->risk[0] == '\0' ? RISK_NONE : row->risk;
}

static json_t *
counts_json(const struct rules *rules,
    const char *(*of)(const struct rule_row *row))
{
	json_t *j = json_object();
	size_t i;

	for (i = 0; i < rules->count; i++) {
		const char *word = of(&rules->row[i]);

		row_json_set(j, word,
		    json_integer(
			json_integer_value(json_object_get(j, word)) + 1));
	}
	return j;
}

static json_t *
summary_json(const struct rules *rules)
{
	json_t *j = json_object();

	row_json_set(j, "by_part", counts_json(rules, part_of));
	row_json_set(j, "by_required", counts_json(rules, required_of));
	row_json_set(j, "by_status", counts_json(rules, status_of));
	row_json_set(j, "by_outcome", counts_json(rules, outcome_of));
	row_json_set(j, "by_risk", counts_json(rules, risk_of));
	row_json_set(j, "rows", json_integer((json_int_t)rules->count));
	return j;
}

/* --- what retest makes the needs from --- */

static json_t *
answers_json(const struct record *r, const char *product)
{
	json_t *list = json_array(), *j;
	size_t i;

	for (i = 0; i < r->nanswers; i++) {
		const struct answer *answer = &r->answers[i];

		if (strcmp(answer->product, product) != 0)
			continue;
		j = json_object();
		row_json_set(j, "question", json_string(answer->question));
		row_json_set(j, "value", json_string(answer->value));
		row_json_set(j, "ask", row_json_text(answer->ask));
		row_json_set(j, "says", row_json_text(answer->says));
		row_json_append(list, j);
	}
	return list;
}

static json_t *
products_json(const struct record *r)
{
	json_t *list = json_array(), *j;
	const struct pack_ref *pack;
	size_t i, k;

	for (i = 0; i < r->products.count; i++) {
		pack = NULL;
		for (k = 0; k < r->npacks && pack == NULL; k++) {
			if (strcmp(r->packs[k].product, r->products.item[i]) ==
			    0)
				pack = &r->packs[k];
		}
		j = json_object();
		row_json_set(j, "product", json_string(r->products.item[i]));
		row_json_set(j, "version",
		    pack == NULL ? json_null() : json_integer(pack->version));
		row_json_set(j, "sha256",
		    row_json_text(pack == NULL ? NULL : pack->sha256));
		row_json_set(j, "answers",
		    answers_json(r, r->products.item[i]));
		row_json_append(list, j);
	}
	return list;
}

/* --- the whole --- */

static json_t *
points_json(const struct request_points *p)
{
	json_t *list = json_array(), *j;
	size_t i;

	for (i = 0; i < p->count; i++) {
		j = json_object();
		row_json_set(j, "id", json_string(p->point[i].id));
		row_json_set(j, "text", json_string(p->point[i].text));
		row_json_set(j, "product", json_string(p->point[i].product));
		row_json_set(j, "rows", strlist_to_json(&p->point[i].rows));
		row_json_append(list, j);
	}
	return list;
}

static json_t *
lint_json(const struct lint *l)
{
	json_t *list = json_array(), *j;
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct lint_finding *f = &l->finding[i];

		j = json_object();
		row_json_set(j, "rule", json_string(f->rule));
		row_json_set(j, "severity",
		    json_string(lint_severity_names[f->severity]));
		row_json_set(j, "text", json_string(f->text));
		row_json_set(j, "rows", strlist_to_json(&f->rows));
		row_json_append(list, j);
	}
	return list;
}

static json_t *
party_json(const char *role, const char *name, const char *contact)
{
	json_t *j = json_object();

	row_json_set(j, "role", json_string(role));
	row_json_set(j, "name", row_json_text(name));
	row_json_set(j, "contact", row_json_text(contact));
	return j;
}

/* Who approves and who implements, only the desk knows. */
static json_t *
parties_json(const struct request *q)
{
	static const struct export_retest nothing = {.id = ""};
	const struct export_retest *desk = q->rules->retest != NULL ?
	    q->rules->retest :
	    &nothing;
	const struct site_info *s = &q->record->site;
	json_t *list = json_array();

	row_json_append(list,
	    party_json("requested_by", q->requested_by, s->installer_contact));
	row_json_append(list,
	    party_json("customer", s->customer, s->customer_contact));
	row_json_append(list, party_json("it_desk", "", s->it_contact));
	row_json_append(list,
	    party_json("approver", desk->approver, desk->approver_contact));
	row_json_append(list,
	    party_json("implementer", desk->implementer,
		desk->implementer_contact));
	return list;
}

static json_t *
handover_json(const struct edition *e)
{
	json_t *j = json_object();

	row_json_set(j, "id", row_json_text(e->id));
	row_json_set(j, "version", json_integer(e->version));
	row_json_set(j, "supersedes", row_json_text(e->supersedes));
	return j;
}

static json_t *
change_json(const struct request *q)
{
	json_t *j = json_object(), *window = json_object(),
	       *test = json_object(), *back = json_object();
	const struct export_retest *desk = q->rules->retest;

	row_json_set(window, "start",
	    row_json_text(desk == NULL ? NULL : desk->window_start));
	row_json_set(window, "end",
	    row_json_text(desk == NULL ? NULL : desk->window_end));
	row_json_set(test, "command", json_string(q->test_command));
	row_json_set(test, "text", json_string(q->test_plan));
	row_json_set(test, "expected", json_string(q->test_expected));
	row_json_set(back, "disable", strlist_to_json(&q->backout_rows));
	row_json_set(back, "text", json_string(q->backout));
	row_json_set(j, "type", json_string(q->change_type));
	row_json_set(j, "duration", json_string("permanent"));
	row_json_set(j, "window", window);
	row_json_set(j, "review_by", json_string(q->review_by));
	row_json_set(j, "expires", json_string(q->expires));
	row_json_set(j, "impact", points_json(&q->impact));
	row_json_set(j, "non_port", points_json(&q->conditions));
	row_json_set(j, "implementation", points_json(&q->notes));
	row_json_set(j, "test_plan", test);
	row_json_set(j, "backout_plan", back);
	return j;
}

static json_t *
consolidated_json(const struct combined *c)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < c->count; i++)
		row_json_append(list, combined_to_json(&c->row[i]));
	return list;
}

static void
add_retest(const struct export_retest *t, json_t *j)
{
	static const struct strlist none = {0};

	row_json_set(j, "supersedes",
	    row_json_text(t == NULL ? NULL : t->supersedes));
	row_json_set(j, "retests", json_integer(t == NULL ? 0 : t->times));
	row_json_set(j, "gone", strlist_to_json(t == NULL ? &none : &t->gone));
}

static json_t *
request_json(const struct request *q)
{
	const struct rules *rules = q->rules;
	struct arena *a = arena_new();
	json_t *j = json_object();
	struct summary s;
	int part;

	summary_make(q->record, NULL, &s);
	row_json_set(j, "schema", json_string("sitewalk/rules/1"));
	row_json_set(j, "id", json_string(rules->id));
	row_json_set(j, "title", json_string(rules->title));
	add_retest(rules->retest, j);
	row_json_set(j, "scope",
	    json_string(rules->scope == SCOPE_ALL ? "all" : "needed"));
	/* Of a check that went to its end this is all that there is. */
	row_json_set(j, "complete", json_boolean(q->record->complete));
	row_json_set(j, "not_checked",
	    json_integer((json_int_t)s.of[OUTCOME_NOT_RUN]));
	row_json_set(j, "lines", json_integer((json_int_t)s.total));
	row_json_set(j, "change", change_json(q));
	row_json_set(j, "summary", summary_json(rules));
	row_json_set(j, "parties", parties_json(q));
	row_json_set(j, "handover", handover_json(&q->record->edition));
	row_json_set(j, "products", products_json(q->record));
	row_json_set(j, "consolidated", consolidated_json(&q->combined));
	row_json_set(j, "lint", lint_json(&q->lint));
	add_record_parts(q->record, j);
	for (part = 0; part < ROWS_NPARTS; part++)
		row_json_set(j, rows_part_names[part],
		    part_json(a, rules, (enum rows_part)part));
	arena_free(a);
	return j;
}

static void
fingerprint_of(const json_t *j, char out[DIGEST_HEX_SIZE])
{
	struct buf b;

	buf_init(&b, DOCUMENT_MAX);
	json_write(j, &b);
	digest_sha256_hex(buf_str(&b), b.len, out);
	buf_free(&b);
}

void
request_fingerprint(const struct request *q, char out[DIGEST_HEX_SIZE])
{
	json_t *j = request_json(q);

	fingerprint_of(j, out);
	json_decref(j);
}

static int
write_json(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct request *q = request_make(a, r, opt);
	json_t *j = request_json(q);
	char fingerprint[DIGEST_HEX_SIZE];

	(void)err;
	fingerprint_of(j, fingerprint);
	row_json_set(j, "fingerprint", json_string(fingerprint));
	row_json_set(j, "created", json_string(q->rules->created));
	json_write(j, out);
	json_decref(j);
	arena_free(a);
	return 0;
}

const struct export_format export_request_json = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_CHANGE,
    .name = "json",
    .file = "firewall/rules.json",
    .label = N_("Change request as JSON"),
    .use = N_("Send it to the IT desk, for programs."),
    .write = write_json,
};
