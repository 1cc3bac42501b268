/* SPDX-License-Identifier: MIT */
/* Owns the whole record as one JSON document, "sitewalk/record/1". */
#include <string.h>

#include "core/base/i18n.h"
#include "core/record/json.h"
#include "core/record/parts.h"

#define SCHEMA "sitewalk/record/1"
#define SCHEMA_FAMILY "sitewalk/record/"

#define AT(type, member) .offset = offsetof(struct type, member)
#define MUST .presence = FIELD_MUST

static const struct field vantage_fields[] = {
    {"hostname", .codec = &codec_text, AT(vantage, hostname)},
    {"os", .codec = &codec_text, AT(vantage, os)},
    {"interface", .codec = &codec_text, AT(vantage, interface)},
    {"addresses", .codec = &codec_strlist, AT(vantage, addresses)},
    {"gateway", .codec = &codec_text_or_null, AT(vantage, gateway)},
    {"gateway6", .codec = &codec_text_or_null, AT(vantage, gateway6)},
    {"gateway_mac", .codec = &codec_text_or_null, AT(vantage, gateway_mac)},
    {"resolvers", .codec = &codec_strlist, AT(vantage, resolvers)},
    {"dhcp", .codec = &codec_text, AT(vantage, dhcp)},
    {"dhcp_server", .codec = &codec_text_or_null, AT(vantage, dhcp_server)},
    {"dhcp_lease_s", .codec = &codec_int64, AT(vantage, dhcp_lease_s),
	.max = UINT32_MAX},
    {"dhcp_given", .codec = &codec_time, AT(vantage, dhcp_given_us)},
    {"time_servers", .codec = &codec_strlist, AT(vantage, time_servers)},
    {"portal_api", .codec = &codec_text_or_null, AT(vantage, portal_api)},
    {"wifi", .codec = &codec_text_or_null, AT(vantage, wifi)},
    {"adapters", .codec = &codec_strlist, AT(vantage, adapters)},
    {"vpn", .codec = &codec_text_or_null, AT(vantage, vpn)},
    {"proxy", .codec = &codec_text_or_null, AT(vantage, proxy)},
    {"warnings", .codec = &codec_strlist, AT(vantage, warnings)},
    {"has_ipv6", .codec = &codec_bool, AT(vantage, has_ipv6)},
    {"clock_source", .codec = &codec_text, AT(vantage, clock_source)},
    {"rights", .codec = &codec_text_or_null, AT(vantage, rights)},
};

static const struct fields vantage_table = FIELDS(vantage_fields);

json_t *
vantage_to_json(const struct vantage *v)
{
	return fields_to_json(&vantage_table, v);
}

bool
vantage_from_json(struct arena *a, const json_t *j, struct vantage *out)
{
	struct reader rd = {.arena = a};

	*out = (struct vantage){0};
	return fields_get(&rd, &vantage_table, j, out) == 0;
}

/* Members of the record that stand in it once. */
static const struct field record_fields[] = {
    {"version", "tool", &codec_text, AT(record, tool_version)},
    {"name", "site", &codec_text, AT(record, site.name)},
    {"address", "site", &codec_lines, AT(record, site.address)},
    {"project", "site", &codec_text, AT(record, site.project)},
    {"customer", "site", &codec_text, AT(record, site.customer)},
    {"customer_contact", "site", &codec_text,
	AT(record, site.customer_contact)},
    {"installer", "site", &codec_text, AT(record, site.installer)},
    {"installer_contact", "site", &codec_text,
	AT(record, site.installer_contact)},
    {"engineer", "site", &codec_text, AT(record, site.engineer)},
    {"it_contact", "site", &codec_text, AT(record, site.it_contact)},
    {"notes", "site", &codec_lines, AT(record, site.notes)},
    {"device_zone", "site", &codec_text, AT(record, site.device_zone)},
    {"language", "site", &codec_text, AT(record, site.language)},
    {"id", "document", &codec_text, AT(record, edition.id)},
    {"version", "document", &codec_u32, AT(record, edition.version),
	.max = UINT32_MAX},
    {"supersedes", "document", &codec_text, AT(record, edition.supersedes)},
    {"issued", "document", &codec_time, AT(record, edition.issued_us)},
    {"products", .codec = &codec_strlist, AT(record, products)},
    {"started", .codec = &codec_time, AT(record, started_us), MUST},
    {"ended", .codec = &codec_time, AT(record, ended_us), MUST},
    {"complete", .codec = &codec_bool, AT(record, complete), MUST},
};

static const struct field answer_fields[] = {
    {"product", .codec = &codec_text, AT(answer, product), MUST},
    {"question", .codec = &codec_text, AT(answer, question), MUST},
    {"value", .codec = &codec_text, AT(answer, value), MUST},
    {"ask", .codec = &codec_text, AT(answer, ask), .presence = FIELD_IF_SET},
    {"says", .codec = &codec_text, AT(answer, says), .presence = FIELD_IF_SET},
};

static const struct field pack_fields[] = {
    {"product", .codec = &codec_text, AT(pack_ref, product), MUST},
    {"title", .codec = &codec_text, AT(pack_ref, title)},
    {"version", .codec = &codec_u32, AT(pack_ref, version), MUST,
	.max = UINT32_MAX},
    {"sha256", .codec = &codec_text, AT(pack_ref, sha256), MUST},
    {"origin", .codec = &codec_text, AT(pack_ref, origin)},
    {"document", .codec = &codec_text, AT(pack_ref, document)},
    {"retrieved", .codec = &codec_text, AT(pack_ref, retrieved)},
    {"device", .codec = &codec_text, AT(pack_ref, device),
	.presence = FIELD_IF_SET},
};

static const struct field diagnosis_fields[] = {
    {"cause", .codec = &codec_word, AT(diagnosis, cause), MUST,
	.words = &words_cause},
    {"zone", .codec = &codec_word, AT(diagnosis, zone), MUST,
	.words = &words_zone},
    {"whose", .codec = &codec_text, AT(diagnosis, whose)},
    {"summary", .codec = &codec_text, AT(diagnosis, summary)},
    {"installer", "advice", &codec_text, AT(diagnosis, advice_installer)},
    {"it", "advice", &codec_text, AT(diagnosis, advice_it)},
    {"customer", "advice", &codec_text, AT(diagnosis, advice_customer)},
    {"explains", .codec = &codec_strlist, AT(diagnosis, explains)},
    {"ruled_out", .codec = &codec_strlist, AT(diagnosis, ruled_out)},
    {"clears", .codec = &codec_strlist, AT(diagnosis, clears)},
};

static const struct field equipment_fields[] = {
    {"product", .codec = &codec_text, AT(equipment, product), MUST},
    {"item", .codec = &codec_text, AT(equipment, item), MUST},
    {"label", .codec = &codec_text, AT(equipment, label)},
    {"value", .codec = &codec_text, AT(equipment, value), MUST},
    {"how", .codec = &codec_text, AT(equipment, how), MUST},
    {"when", .codec = &codec_time, AT(equipment, when_us)},
};

static const struct field attestation_fields[] = {
    {"product", .codec = &codec_text, AT(attestation, product), MUST},
    {"step", .codec = &codec_text, AT(attestation, step)},
    {"id", .codec = &codec_text, AT(attestation, id), MUST},
    {"text", .codec = &codec_text, AT(attestation, text)},
    {"answer", .codec = &codec_text, AT(attestation, answer), MUST},
    {"who", .codec = &codec_text, AT(attestation, who)},
    {"when", .codec = &codec_time, AT(attestation, when_us)},
    {"reason", .codec = &codec_text_or_null, AT(attestation, reason),
	.presence = FIELD_IF_SET},
};

static const struct field declaration_fields[] = {
    {"party", .codec = &codec_word, AT(declaration, party), MUST,
	.words = &words_party},
    {"name", .codec = &codec_text, AT(declaration, name)},
    {"role", .codec = &codec_text, AT(declaration, role)},
    {"remarks", .codec = &codec_text, AT(declaration, remarks)},
    {"text", .codec = &codec_text, AT(declaration, text)},
    {"when", .codec = &codec_time, AT(declaration, when_us)},
    {"readiness", .codec = &codec_word, AT(declaration, readiness),
	.words = &words_readiness},
    {"results", .codec = &codec_time, AT(declaration, results_us)},
    {"state", .codec = &codec_text, AT(declaration, state)},
};

static const struct field deviation_fields[] = {
    {"requirement", .codec = &codec_text, AT(deviation, requirement), MUST},
    {"owner", .codec = &codec_text, AT(deviation, owner)},
    {"reason", .codec = &codec_text, AT(deviation, reason)},
    {"expires", .codec = &codec_text, AT(deviation, expires)},
    {"initials", .codec = &codec_text, AT(deviation, initials)},
    {"when", .codec = &codec_time, AT(deviation, when_us)},
    {"state", .codec = &codec_word, AT(deviation, state),
	.words = &words_deviation_state},
    {"says", .codec = &codec_text_or_null, AT(deviation, says)},
};

static const struct field block_fields[] = {
    {"why", .codec = &codec_word, AT(block, why), MUST,
	.words = &words_block_why},
    {"cause", .codec = &codec_word, AT(block, cause), .words = &words_cause},
    {"zone", .codec = &codec_word, AT(block, zone), .words = &words_zone},
    {"summary", .codec = &codec_text, AT(block, summary)},
    {"brief", .codec = &codec_text, AT(block, brief)},
    {"owner", .codec = &codec_text, AT(block, owner)},
    {"todo", .codec = &codec_text, AT(block, todo)},
    {"requirements", .codec = &codec_strlist, AT(block, requirements)},
};

/* May I leave? */
static const struct field readiness_fields[] = {
    {"answer", .codec = &codec_word, AT(record, readiness), MUST,
	.words = &words_readiness},
    {"as_of", .codec = &codec_text_or_null, AT(record, as_of)},
};

static const struct fields record_table = FIELDS(record_fields);
static const struct fields answer_table = FIELDS(answer_fields);
static const struct fields pack_table = FIELDS(pack_fields);
static const struct fields diagnosis_table = FIELDS(diagnosis_fields);
static const struct fields equipment_table = FIELDS(equipment_fields);
static const struct fields attestation_table = FIELDS(attestation_fields);
static const struct fields declaration_table = FIELDS(declaration_fields);
static const struct fields deviation_table = FIELDS(deviation_fields);
static const struct fields block_table = FIELDS(block_fields);
static const struct fields readiness_table = FIELDS(readiness_fields);

#define ROW(kind) \
	static json_t *kind##_put(const void *p) \
	{ \
		return fields_to_json(&kind##_table, p); \
	} \
\
	static int kind##_get(struct reader *rd, const json_t *j, void *p) \
	{ \
		return fields_get(rd, &kind##_table, j, p); \
	}

ROW(answer)
ROW(pack)
ROW(diagnosis)
ROW(equipment)
ROW(attestation)
ROW(deviation)
ROW(declaration)
ROW(block)

json_t *
declaration_to_json(const struct declaration *d)
{
	return declaration_put(d);
}

bool
declaration_from_json(struct arena *a, const json_t *j, struct declaration *out)
{
	struct reader rd = {.arena = a};

	memset(out, 0, sizeof *out);
	return declaration_get(&rd, j, out) == 0;
}

/* Members of the record that are lists of structs. */
static const struct list {
	const char *name;
	size_t items, count; /* offsets in struct record */
	size_t size;
	json_t *(*put)(const void *item);
	int (*get)(struct reader *rd, const json_t *j, void *item);
} lists[] = {
#define LIST(json_name, member, kind) \
	{ \
		json_name, offsetof(struct record, member), \
		    offsetof(struct record, n##member), \
		    sizeof *((struct record *)NULL)->member, kind##_put, \
		    kind##_get \
	}
    LIST("answers", answers, answer),
    LIST("packs", packs, pack),
    LIST("requirements", needs, need),
    LIST("observations", observations, observation),
    LIST("earlier", earlier, observation),
    LIST("diagnoses", diagnoses, diagnosis),
    LIST("equipment", equipment, equipment),
    LIST("attestations", attestations, attestation),
    LIST("deviations", deviations, deviation),
    LIST("declarations", declarations, declaration),
#undef LIST
};

static void *
pointer_at(const void *base, size_t offset)
{
	void *p;

	memcpy(&p, (const char *)base + offset, sizeof p);
	return p;
}

/* Each requirement says itself who accepted its failure. */
static void
add_deviations(const struct record *r, json_t *requirements)
{
	const char *id;
	json_t *value;
	size_t i, j;

	for (i = 0; i < r->nneeds; i++) {
		id = r->needs[i].id;
		value = json_null();
		for (j = 0; id != NULL && j < r->ndeviations; j++) {
			if (strcmp(r->deviations[j].requirement, id) != 0)
				continue;
			json_decref(value);
			value = deviation_put(&r->deviations[j]);
		}
		codec_set(json_array_get(requirements, i), "deviation", value);
	}
}

#define BLOCKS(json_name, member) \
	{ \
		json_name, offsetof(struct record, member), \
		    offsetof(struct record, n##member), sizeof(struct block), \
		    block_put, block_get \
	}
static const struct list block_lists[] = {
    BLOCKS("blocks", blocks),
    BLOCKS("cautions", cautions),
};

static json_t *
readiness_to_json(const struct record *r)
{
	json_t *object = fields_to_json(&readiness_table, r);

	codec_set(object, "blocks",
	    list_to_json(r->blocks, r->nblocks, sizeof *r->blocks, block_put));
	codec_set(object, "cautions",
	    list_to_json(r->cautions, r->ncautions, sizeof *r->cautions,
		block_put));
	return object;
}

json_t *
record_to_json(const struct record *r)
{
	json_t *object = fields_to_json(&record_table, r);
	const struct list *l;
	size_t i, count;

	codec_set(object, "schema", codec_string(SCHEMA));
	codec_set(json_object_get(object, "tool"), "name",
	    codec_string("sitewalk"));
	codec_set(object, "vantage", vantage_to_json(&r->vantage));
	/* Parts that are sealed one by one, once the record is. */
	codec_set(object, "sections", codec_checked(json_array()));
	for (i = 0; i < sizeof lists / sizeof *lists; i++) {
		l = &lists[i];
		memcpy(&count, (const char *)r + l->count, sizeof count);
		codec_set(object, l->name,
		    list_to_json(pointer_at(r, l->items), count, l->size,
			l->put));
	}
	codec_set(object, "readiness", readiness_to_json(r));
	add_deviations(r, json_object_get(object, "requirements"));
	return object;
}

static int
check_schema(const json_t *j, struct error *err)
{
	const char *schema = json_string_value(json_object_get(j, "schema"));
	size_t family = strlen(SCHEMA_FAMILY);

	if (schema != NULL && strcmp(schema, SCHEMA) == 0)
		return 0;
	if (schema != NULL && strncmp(schema, SCHEMA_FAMILY, family) == 0) {
		error_set(err, ERR_NEWER,
		    _("This handover was written by a newer version of "
		      "sitewalk."));
		error_hint(err, "%s",
		    _("Read it with the newest version of sitewalk."));
		return -1;
	}
	error_set(err, ERR_INPUT,
	    _("This file is not a handover of sitewalk."));
	error_hint(err, "%s",
	    _("Name the file handover.json of a finished site."));
	return -1;
}

static int
get_list(struct reader *rd, const struct list *l, const json_t *j,
    struct record *r)
{
	const json_t *list = json_object_get(j, l->name);
	void *items = NULL;
	size_t count = 0;
	int rc;

	if (list == NULL)
		return 0;
	reader_enter(rd, l->name, 0);
	rc = list_from_json(rd, list, &items, &count, l->size, l->get);
	reader_leave(rd);
	memcpy((char *)r + l->items, &items, sizeof items);
	memcpy((char *)r + l->count, &count, sizeof count);
	return rc;
}

/* Older handovers have none. */
static int
get_readiness(struct reader *rd, const json_t *j, struct record *r)
{
	const json_t *readiness = json_object_get(j, "readiness");
	size_t i;
	int rc;

	if (readiness == NULL)
		return 0;
	reader_enter(rd, "readiness", 0);
	rc = fields_get(rd, &readiness_table, readiness, r);
	for (i = 0; i < sizeof block_lists / sizeof *block_lists && rc == 0;
	     i++)
		rc = get_list(rd, &block_lists[i], readiness, r);
	reader_leave(rd);
	return rc;
}

/* The key of the masking, unless the document is a copy without it. */
static void
get_mask_key(struct reader *rd, const json_t *j, struct record *r)
{
	const char *key = json_string_value(
	    json_object_get(json_object_get(j, "masking"), "key"));

	if (key != NULL && strlen(key) == 2 * RECORD_SECRET_SIZE &&
	    strspn(key, "0123456789abcdef") == 2 * RECORD_SECRET_SIZE)
		r->mask_key = arena_strdup(rd->arena, key);
}

static int
get_record(struct reader *rd, const json_t *j, struct record *r)
{
	const json_t *vantage = json_object_get(j, "vantage");
	size_t i;
	int rc;

	get_mask_key(rd, j, r);
	rc = fields_get(rd, &record_table, j, r);
	if (rc == 0 && vantage != NULL) {
		reader_enter(rd, "vantage", 0);
		rc = fields_get(rd, &vantage_table, vantage, &r->vantage);
		reader_leave(rd);
	}
	for (i = 0; i < sizeof lists / sizeof *lists && rc == 0; i++)
		rc = get_list(rd, &lists[i], j, r);
	return rc == 0 ? get_readiness(rd, j, r) : rc;
}

struct record *
record_from_json(const char *data, size_t len, struct error *err)
{
	struct record *r = NULL;
	struct reader rd = {.err = err};
	json_t *j = json_read(data, len, err);

	if (j == NULL)
		return NULL;
	if (check_schema(j, err) == 0) {
		r = record_new();
		rd.arena = r->arena;
		if (get_record(&rd, j, r) != 0) {
			record_free(r);
			r = NULL;
		}
	}
	json_decref(j);
	return r;
}
