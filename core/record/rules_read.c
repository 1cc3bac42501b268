/* SPDX-License-Identifier: MIT */
/* Owns the reading of a change request. */
#include "core/record/rules_read.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/record/json.h"
#include "core/record/parts.h"

#define SCHEMA "sitewalk/rules/1"
#define SCHEMA_FAMILY "sitewalk/rules/"
#define RULE_PREFIX "FR-"
#define DEPTH_MAX 127

#define AT(type, member) .offset = offsetof(struct type, member)
#define MUST .presence = FIELD_MUST

/* What a row tells beyond the requirement itself. */
struct row {
	struct need need;
	char *rule_id;
	char *match;
};

static const struct field row_fields[] = {
    {"rule_id", .codec = &codec_text, AT(row, rule_id), MUST},
    {"requirement", .codec = &codec_text, AT(row, need.id)},
    {"product", .codec = &codec_text, AT(row, need.product)},
    {"purpose", .codec = &codec_text, AT(row, need.service)},
    {"required", .codec = &codec_word, AT(row, need.strength), MUST,
	.words = &words_strength},
    {"direction", .codec = &codec_word, AT(row, need.direction), MUST,
	.words = &words_direction},
    {"protocol", .codec = &codec_word, AT(row, need.protocol), MUST,
	.words = &words_protocol},
    {"ports", .codec = &codec_ports, AT(row, need.ports), MUST},
    {"dst_kind", .codec = &codec_word, AT(row, need.to.kind), MUST,
	.words = &words_dest_kind},
    {"dst", .codec = &codec_text, AT(row, need.to.name), MUST},
    {"dst_match", .codec = &codec_text, AT(row, match), MUST},
    {"dst_depth", .codec = &codec_int_or_null, AT(row, need.to.depth),
	.max = DEPTH_MAX},
    {"application", .codec = &codec_text, AT(row, need.application)},
    {"justification", .codec = &codec_text, AT(row, need.reason)},
    {"outcome", .codec = &codec_word, AT(row, need.outcome),
	.words = &words_outcome},
    {"rung", .codec = &codec_word, AT(row, need.rung), .words = &words_rung},
    {"required_rung", .codec = &codec_word, AT(row, need.required_rung),
	.words = &words_rung},
    {"summary", .codec = &codec_text, AT(row, need.summary)},
};
static const struct fields row_table = FIELDS(row_fields);

static const struct field pack_fields[] = {
    {"product", .codec = &codec_text, AT(pack_ref, product), MUST},
    {"title", .codec = &codec_text, AT(pack_ref, title)},
    {"version", .codec = &codec_u32, AT(pack_ref, version), MUST,
	.max = UINT32_MAX},
    {"sha256", .codec = &codec_text, AT(pack_ref, sha256), MUST},
};
static const struct fields pack_table = FIELDS(pack_fields);

/* Of the whole; the record is filled where its own document has it. */
struct head {
	char *id, *title, *scope;
	char *site, *zone, *tool;
	int64_t created_us;
	bool complete;
};

static const struct field head_fields[] = {
    {"id", .codec = &codec_text, AT(head, id), MUST},
    {"title", .codec = &codec_text, AT(head, title)},
    {"scope", .codec = &codec_text, AT(head, scope), MUST},
    {"created", .codec = &codec_time, AT(head, created_us), MUST},
    {"complete", .codec = &codec_bool, AT(head, complete)},
    {"name", "site", &codec_text, AT(head, site)},
    {"device_zone", "site", &codec_text, AT(head, zone)},
    {"version", "tool", &codec_text, AT(head, tool)},
};
static const struct fields head_table = FIELDS(head_fields);

static const char *const parts[] = {"internet", "lan", "conditions"};

static int
get_row(struct reader *rd, const json_t *j, void *p)
{
	struct row *row = p;
	struct need *n = &row->need;

	if (fields_get(rd, &row_table, j, row) != 0)
		return -1;
	if (n->id == NULL || n->id[0] == '\0')
		n->id = strncmp(row->rule_id, RULE_PREFIX,
			    strlen(RULE_PREFIX)) == 0 ?
		    row->rule_id + strlen(RULE_PREFIX) :
		    row->rule_id;
	n->applies = true;
	n->to.apex = strcmp(row->match, "subdomains+apex") == 0;
	if (n->to.depth < 0)
		n->to.depth = 0;
	/* Requests of earlier versions tell no rung. */
	if (!json_is_string(json_object_get(j, "rung")))
		n->rung = n->required_rung = RUNG_NONE;
	return 0;
}

static int
get_pack(struct reader *rd, const json_t *j, void *p)
{
	return fields_get(rd, &pack_table, j, p);
}

static int
get_part(struct reader *rd, const char *name, const json_t *j, struct record *r)
{
	const json_t *list = json_object_get(j, name);
	struct row *row;
	void *items = NULL;
	size_t i, count = 0;
	int rc;

	reader_enter(rd, name, 0);
	rc = list == NULL ?
	    reader_fail(rd, _("It is missing.")) :
	    list_from_json(rd, list, &items, &count, sizeof *row, get_row);
	reader_leave(rd);
	for (i = 0, row = items; rc == 0 && i < count; i++)
		*arena_push(r->arena, r->needs, r->nneeds) = row[i].need;
	return rc;
}

static int
get_packs(struct reader *rd, const json_t *j, struct record *r)
{
	const json_t *list = json_object_get(j, "packs");
	void *items = NULL;
	int rc;

	if (list == NULL)
		return 0;
	reader_enter(rd, "packs", 0);
	rc = list_from_json(rd, list, &items, &r->npacks, sizeof *r->packs,
	    get_pack);
	reader_leave(rd);
	r->packs = items;
	return rc;
}

static int
get_request(struct reader *rd, const json_t *j, struct request *out)
{
	struct record *r = out->record;
	struct head head = {0};
	size_t i;
	int rc;

	rc = fields_get(rd, &head_table, j, &head);
	if (rc == 0)
		rc = get_packs(rd, j, r);
	for (i = 0; i < sizeof parts / sizeof *parts && rc == 0; i++)
		rc = get_part(rd, parts[i], j, r);
	if (rc != 0)
		return rc;
	out->id = head.id;
	out->title = head.title;
	out->created_us = head.created_us;
	/* What is not said to be all may be a part. */
	out->partial = strcmp(head.scope, "all") != 0;
	r->site.name = head.site;
	r->site.device_zone = head.zone;
	r->tool_version = head.tool;
	r->complete = head.complete;
	return 0;
}

static int
check_schema(const json_t *j, struct error *err)
{
	const char *schema = json_string_value(json_object_get(j, "schema"));

	if (schema != NULL && strcmp(schema, SCHEMA) == 0)
		return 0;
	if (schema != NULL &&
	    strncmp(schema, SCHEMA_FAMILY, strlen(SCHEMA_FAMILY)) == 0) {
		error_set(err, ERR_NEWER,
		    _("This change request was written by a newer version of "
		      "sitewalk."));
		error_hint(err, "%s",
		    _("Read it with the newest version of sitewalk."));
		return -1;
	}
	return error_set(err, ERR_INPUT,
	    _("This file is not a change request of sitewalk."));
}

int
request_from_json(const char *data, size_t len, struct request *out,
    struct error *err)
{
	struct reader rd = {.err = err};
	json_t *j = json_read(data, len, err);
	int rc;

	memset(out, 0, sizeof *out);
	if (j == NULL)
		return -1;
	rc = check_schema(j, err);
	if (rc == 0) {
		out->record = record_new();
		rd.arena = out->record->arena;
		rc = get_request(&rd, j, out);
	}
	json_decref(j);
	if (rc != 0) {
		record_free(out->record);
		out->record = NULL;
	}
	return rc;
}
