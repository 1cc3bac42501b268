/* SPDX-License-Identifier: MIT */
/* Owns the change request as JSON, schema "sitewalk/rules/1". */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/formats.h"
#include "core/export/rows.h"
#include "core/record/json.h"

/* Takes the value. */
static void
set(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value) != 0)
		mem_fatal("out of memory");
}

static json_t *
ports_json(const struct rule_row *row)
{
	return ports_to_json(&row->need->ports);
}

static json_t *
source_json(const struct rule_row *row)
{
	return source_to_json(&row->need->source);
}

static json_t *
evidence_json(const struct rule_row *row)
{
	return strlist_to_json(&row->need->probes);
}

/* Columns that are more than a text. */
static const struct {
	const char *name;
	json_t *(*value)(const struct rule_row *row);
} structured[] = {
    {"ports", ports_json},
    {"vendor_source", source_json},
    {"evidence", evidence_json},
};

static json_t *
column_json(const struct rule_row *row, const struct row_column *c)
{
	size_t i;

	for (i = 0; i < sizeof structured / sizeof *structured; i++) {
		if (strcmp(structured[i].name, c->name) == 0)
			return structured[i].value(row);
	}
	return json_string(row_text(row, c));
}

static json_t *
text_json(const char *s)
{
	return json_string(s == NULL ? "" : s);
}

/* What a machine needs beyond the columns. */
static void
add_extras(const struct rule_row *row, json_t *j)
{
	const struct need *n = row->need;

	set(j, "requirement", json_string(n->id));
	set(j, "product", json_string(n->product));
	set(j, "dst_depth",
	    n->to.kind == DEST_WILDCARD ? json_integer(n->to.depth) :
					  json_null());
	set(j, "dst_examples", strlist_to_json(&n->to.examples));
	set(j, "dst_seen", strlist_to_json(&row->seen));
	set(j, "same_flow_as", text_json(row->same_flow_as));
	set(j, "grant", text_json(n->grant));
	set(j, "note", text_json(n->note));
	set(j, "outcome",
	    json_string(word_name(&words_outcome, (int)n->outcome)));
	set(j, "summary", text_json(n->summary));
}

static json_t *
row_json(const struct rule_row *row)
{
	json_t *j = json_object();
	size_t i;

	for (i = 0; i < row_column_count; i++)
		set(j, row_columns[i].name, column_json(row, &row_columns[i]));
	add_extras(row, j);
	return j;
}

static json_t *
part_json(const struct rules *rules, enum rows_part part)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < rules->count; i++) {
		if (rules->row[i].part == part)
			json_array_append_new(list, row_json(&rules->row[i]));
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
		set(j, names[i],
		    json_incref(json_object_get(record, names[i])));
	json_decref(record);
}

static int
write_json(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct rules *rules = rows_make(a, r, opt);
	json_t *j = json_object();
	int part;

	(void)err;
	set(j, "schema", json_string("sitewalk/rules/1"));
	set(j, "id", json_string(rules->id));
	set(j, "title", json_string(rules->title));
	set(j, "created", json_string(rules->created));
	set(j, "scope",
	    json_string(rules->scope == SCOPE_ALL ? "all" : "needed"));
	add_record_parts(r, j);
	for (part = 0; part < ROWS_NPARTS; part++)
		set(j, rows_part_names[part],
		    part_json(rules, (enum rows_part)part));
	json_write(j, out);
	json_decref(j);
	arena_free(a);
	return 0;
}

const struct export_format export_request_json = {
    .document = EXPORT_REQUEST,
    .name = "json",
    .file = "firewall/rules.json",
    .label = N_("Change request as JSON"),
    .write = write_json,
};
