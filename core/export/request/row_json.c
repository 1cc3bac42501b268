/* SPDX-License-Identifier: MIT */
/* Owns one row of a change request as JSON: all its columns, what a machine
 * needs beside them, and what was sent for it. */
#include "core/export/request/row_json.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/export/request/sightings.h"
#include "core/record/json.h"

void
row_json_set(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value) != 0)
		mem_fatal("out of memory");
}

void
row_json_append(json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) != 0)
		mem_fatal("out of memory");
}

json_t *
row_json_text(const char *s)
{
	return json_string(s == NULL ? "" : s);
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
word_or_null(const struct words *w, int value)
{
	const char *name = word_name(w, value);

	return name[0] == '\0' ? json_null() : json_string(name);
}

/* What a machine needs beyond the columns. */
static void
add_extras(const struct rule_row *row, json_t *j)
{
	const struct need *n = row->need;

	row_json_set(j, "requirement", json_string(n->id));
	row_json_set(j, "product", json_string(n->product));
	row_json_set(j, "dst_depth",
	    n->to.kind == DEST_WILDCARD ? json_integer(n->to.depth) :
					  json_null());
	row_json_set(j, "dst_examples", strlist_to_json(&n->to.examples));
	row_json_set(j, "dst_seen", strlist_to_json(&row->seen));
	row_json_set(j, "same_flow_as", row_json_text(row->same_flow_as));
	row_json_set(j, "covered_by", strlist_to_json(&row->covered_by));
	row_json_set(j, "icmp_type",
	    row->icmp_type < 0 ? json_null() : json_integer(row->icmp_type));
	row_json_set(j, "grant", row_json_text(n->grant));
	row_json_set(j, "note", row_json_text(n->note));
	row_json_set(j, "outcome",
	    json_string(word_name(&words_outcome, (int)n->outcome)));
	row_json_set(j, "rung", word_or_null(&words_rung, (int)n->rung));
	row_json_set(j, "required_rung",
	    word_or_null(&words_rung, (int)n->required_rung));
	row_json_set(j, "summary", row_json_text(n->summary));
}

/* --- evidence ------------------------------------------------------------ */

static json_t *
number_or_null(int64_t n, bool known)
{
	return known ? json_integer(n) : json_null();
}

static json_t *
text_or_null(const char *s)
{
	return s == NULL || s[0] == '\0' ? json_null() : json_string(s);
}

static json_t *
attempt_json(const struct observation *o, const struct attempt *t)
{
	json_t *j = json_object();
	char time[CLOCK_ISO_SIZE];

	row_json_set(j, "sent_at",
	    json_string(clock_iso(o->started_us + t->offset_us, true, time)));
	row_json_set(j, "source_port",
	    number_or_null(t->source_port, t->source_port != 0));
	row_json_set(j, "sent_bytes", json_integer(t->sent));
	row_json_set(j, "ttl", number_or_null(t->ttl, t->ttl != 0));
	row_json_set(j, "result", json_string(t->result));
	row_json_set(j, "from", text_or_null(t->from));
	row_json_set(j, "after_us", json_integer(t->duration_us));
	row_json_set(j, "received_bytes", json_integer(t->received));
	row_json_set(j, "icmp_type",
	    number_or_null(t->icmp_type, t->icmp_type >= 0));
	row_json_set(j, "icmp_code",
	    number_or_null(t->icmp_code, t->icmp_code >= 0));
	row_json_set(j, "control", json_boolean(attempt_is_control(t)));
	return j;
}

static json_t *
sighting_json(struct arena *a, const struct sighting *s)
{
	const struct observation *o = s->o;
	json_t *j = json_object(), *attempts = json_array();
	char time[CLOCK_ISO_SIZE];
	size_t i;

	row_json_set(j, "id", json_string(o->id));
	row_json_set(j, "probe", json_string(o->probe));
	row_json_set(j, "started",
	    json_string(clock_iso(o->started_us, true, time)));
	row_json_set(j, "protocol",
	    json_string(word_name(&words_protocol, (int)o->protocol)));
	row_json_set(j, "from", strlist_to_json(&s->from));
	row_json_set(j, "to_address", text_or_null(s->to));
	row_json_set(j, "to_name", text_or_null(o->host));
	row_json_set(j, "to_port", number_or_null(o->port, o->port != 0));
	row_json_set(j, "rung",
	    json_string(word_name(&words_rung, (int)o->rung)));
	row_json_set(j, "failure",
	    text_or_null(word_name(&words_cause, (int)o->failure)));
	row_json_set(j, "rejected_by", text_or_null(o->offender));
	for (i = 0; i < o->nattempts; i++)
		row_json_append(attempts, attempt_json(o, &o->attempts[i]));
	row_json_set(j, "attempts", attempts);
	row_json_set(j, "sent", json_integer((json_int_t)s->sent));
	row_json_set(j, "text", json_string(sighting_text(a, s)));
	return j;
}

static json_t *
resolved_json(const struct resolved *n)
{
	json_t *j = json_object();
	char time[CLOCK_ISO_SIZE];

	row_json_set(j, "name", json_string(n->name));
	row_json_set(j, "addresses", strlist_to_json(&n->addresses));
	row_json_set(j, "ttl_s", number_or_null(n->ttl_s, n->ttl_s >= 0));
	row_json_set(j, "server", text_or_null(n->server));
	row_json_set(j, "observation", json_string(n->o->id));
	row_json_set(j, "at",
	    json_string(clock_iso(n->o->started_us, true, time)));
	return j;
}

static void
add_evidence(struct arena *a, const struct record *r,
    const struct rule_row *row, json_t *j)
{
	json_t *sightings = json_array(), *names = json_array();
	struct sightings e;
	size_t i;

	sightings_find(a, r, row, &e);
	for (i = 0; i < e.nsightings; i++)
		row_json_append(sightings, sighting_json(a, &e.sighting[i]));
	for (i = 0; i < e.nresolved; i++)
		row_json_append(names, resolved_json(&e.resolved[i]));
	row_json_set(j, "seen", sightings);
	row_json_set(j, "resolved", names);
}

json_t *
row_to_json(struct arena *a, const struct record *r, const struct rule_row *row)
{
	json_t *j = json_object();
	size_t i;

	for (i = 0; i < row_column_count; i++)
		row_json_set(j, row_columns[i].name,
		    column_json(row, &row_columns[i]));
	add_extras(row, j);
	add_evidence(a, r, row, j);
	return j;
}

/* --- the consolidated view ----------------------------------------------- */

static json_t *
destination_json(const struct rule_row *row)
{
	json_t *j = json_object();

	row_json_set(j, "dst_kind", json_string(row->dst_kind));
	row_json_set(j, "dst", json_string(row->dst));
	row_json_set(j, "dst_match", json_string(row->dst_match));
	row_json_set(j, "dst_depth",
	    number_or_null(row->need->to.depth,
		row->need->to.kind == DEST_WILDCARD));
	return j;
}

json_t *
combined_to_json(const struct combined_row *c)
{
	json_t *j = json_object(), *members = json_array();
	json_t *to = json_array();
	const struct rule_row *row = c->first;
	size_t i;

	for (i = 0; i < c->count; i++)
		row_json_append(members, json_string(c->member[i]->rule_id));
	for (i = 0; i < c->ntargets; i++)
		row_json_append(to, destination_json(c->target[i]));
	row_json_set(j, "id", json_string(c->id));
	row_json_set(j, "members", members);
	row_json_set(j, "needed_by", strlist_to_json(&c->products));
	row_json_set(j, "part", json_string(rows_part_names[row->part]));
	row_json_set(j, "action", json_string(row->action));
	row_json_set(j, "direction", json_string(row->direction));
	row_json_set(j, "src_zone", json_string(row->src_zone));
	row_json_set(j, "src_hosts", json_string(row->src_hosts));
	row_json_set(j, "protocol", json_string(row->protocol));
	row_json_set(j, "ports", ports_to_json(&row->need->ports));
	row_json_set(j, "icmp_type",
	    number_or_null(row->icmp_type, row->icmp_type >= 0));
	row_json_set(j, "destinations", to);
	row_json_set(j, "required", json_string(c->required));
	row_json_set(j, "risk", json_string(c->risk));
	row_json_set(j, "tls_inspection", json_string(c->tls_inspection));
	return j;
}
