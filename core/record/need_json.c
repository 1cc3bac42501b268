/* SPDX-License-Identifier: MIT */
/* Owns a requirement, with and without its judgement, as JSON. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/record/json.h"
#include "core/record/parts.h"

#define PORT_MAX 65535
#define WILDCARD_DEPTH_MAX 127
#define HTTP_STATUS_MAX 999

json_t *
strlist_to_json(const struct strlist *l)
{
	return codec_strlist.put(NULL, l);
}

json_t *
ports_to_json(const struct ports *p)
{
	json_t *list = codec_checked(json_array());
	char text[PORT_RANGE_SIZE];
	size_t i;

	for (i = 0; i < p->count; i++)
		codec_add(list,
		    codec_string(port_range_text(&p->range[i], text)));
	return list;
}

static json_t *
put_ports(const struct field *f, const void *p)
{
	(void)f;
	return ports_to_json(p);
}

/* "443" or "20000-49000". */
static bool
parse_range(const char *text, struct port_range *out)
{
	char low[PORT_RANGE_SIZE];
	const char *dash = strchr(text, '-');
	size_t len = dash == NULL ? strlen(text) : (size_t)(dash - text);
	uint64_t first, last;

	if (len >= sizeof low)
		return false;
	memcpy(low, text, len);
	low[len] = '\0';
	if (!text_to_uint(low, 0, PORT_MAX, &first))
		return false;
	last = first;
	if (dash != NULL && !text_to_uint(dash + 1, first, PORT_MAX, &last))
		return false;
	out->low = (uint16_t)first;
	out->high = (uint16_t)last;
	return true;
}

static int
get_ports(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	struct ports *ports = p;
	size_t i, count = json_array_size(j);
	const char *text;

	(void)f;
	if (!json_is_array(j))
		return reader_fail(rd, _("It is not a list."));
	ports->range = arena_array(rd->arena, count, sizeof *ports->range);
	ports->count = 0;
	for (i = 0; i < count; i++) {
		text = json_string_value(json_array_get(j, i));
		if (text == NULL || !parse_range(text, &ports->range[i]))
			return reader_fail(rd,
			    _("It is not a list of ports like \"443\" or "
			      "\"20000-49000\"."));
		ports->count++;
	}
	return 0;
}

const struct codec codec_ports = {put_ports, get_ports, NULL};

#define AT(type, member) .offset = offsetof(struct type, member)
#define MUST .presence = FIELD_MUST
#define IF_SET .presence = FIELD_IF_SET

static const struct field destination_fields[] = {
    {"kind", .codec = &codec_word, AT(destination, kind), MUST,
	.words = &words_dest_kind},
    {"name", .codec = &codec_text_or_null, AT(destination, name)},
    {"from", .codec = &codec_text_or_null, AT(destination, from), IF_SET},
    {"depth", .codec = &codec_int, AT(destination, depth), IF_SET,
	.max = WILDCARD_DEPTH_MAX},
    {"apex", .codec = &codec_bool, AT(destination, apex), IF_SET},
    {"examples", .codec = &codec_strlist, AT(destination, examples), IF_SET},
};

static const struct field source_fields[] = {
    {"document", .codec = &codec_text, AT(source, document)},
    {"lines", .codec = &codec_text, AT(source, lines)},
    {"assumed", .codec = &codec_text_or_null, AT(source, assumed)},
};

static const struct fields destination_table = FIELDS(destination_fields);
static const struct fields source_table = FIELDS(source_fields);

json_t *
destination_to_json(const struct destination *d)
{
	return fields_to_json(&destination_table, d);
}

json_t *
source_to_json(const struct source *s)
{
	return fields_to_json(&source_table, s);
}

static json_t *
put_destination(const struct field *f, const void *p)
{
	(void)f;
	return destination_to_json(p);
}

static int
get_destination(struct reader *rd, const struct field *f, const json_t *j,
    void *p)
{
	(void)f;
	return fields_get(rd, &destination_table, j, p);
}

static json_t *
put_source(const struct field *f, const void *p)
{
	(void)f;
	return source_to_json(p);
}

static int
get_source(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	(void)f;
	return fields_get(rd, &source_table, j, p);
}

static const struct codec codec_destination = {put_destination, get_destination,
    NULL};
static const struct codec codec_source = {put_source, get_source, NULL};

static json_t *
put_clause(const void *p)
{
	const struct clause *c = p;
	json_t *object = codec_checked(json_object());
	json_t *value;

	if (c->op == CLAUSE_ANY_OF)
		value = strlist_to_json(&c->values);
	else
		value = codec_string(
		    c->values.count == 0 ? "" : c->values.item[0]);
	codec_set(object, "question", codec_string(c->question));
	codec_set(object, clause_op_name(c->op), value);
	if (c->ask != NULL) {
		codec_set(object, "ask", codec_string(c->ask));
		codec_set(object, "says", strlist_to_json(&c->says));
	}
	return object;
}

json_t *
clauses_to_json(const struct clauses *c)
{
	return list_to_json(c->item, c->count, sizeof *c->item, put_clause);
}

static json_t *
put_clauses(const struct field *f, const void *p)
{
	(void)f;
	return clauses_to_json(p);
}

static int
get_comparison(struct reader *rd, const json_t *value, struct clause *c)
{
	if (c->op == CLAUSE_ANY_OF)
		return codec_strlist.get(rd, NULL, value, &c->values);
	if (!json_is_string(value))
		return reader_fail(rd, _("It is not a text."));
	strlist_add(rd->arena, &c->values, reader_text(rd, value, false));
	return 0;
}

static int
get_clause(struct reader *rd, const json_t *j, void *p)
{
	static const struct field fields[] = {
	    {"question", .codec = &codec_text, AT(clause, question), MUST},
	    {"ask", .codec = &codec_text, AT(clause, ask),
		.presence = FIELD_IF_SET},
	    {"says", .codec = &codec_strlist, AT(clause, says),
		.presence = FIELD_IF_SET},
	};
	static const struct fields table = FIELDS(fields);
	const json_t *value = NULL, *found;
	struct clause *c = p;
	int op, nops = 0;

	if (fields_get(rd, &table, j, c) != 0)
		return -1;
	if (c->ask != NULL && c->ask[0] == '\0')
		c->ask = NULL;
	for (op = CLAUSE_IS; op <= CLAUSE_BELOW; op++) {
		found = json_object_get(j, clause_op_name((enum clause_op)op));
		if (found == NULL)
			continue;
		value = found;
		c->op = (enum clause_op)op;
		nops++;
	}
	if (nops != 1)
		return reader_fail(rd, _("It is not one comparison."));
	return get_comparison(rd, value, c);
}

static int
get_clauses(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	struct clauses *c = p;
	void *items;

	(void)f;
	if (list_from_json(rd, j, &items, &c->count, sizeof *c->item,
		get_clause) != 0)
		return -1;
	c->item = items;
	return 0;
}

static const struct codec codec_clauses = {put_clauses, get_clauses, NULL};

static const struct field spec_fields[] = {
    {"key", .codec = &codec_text, AT(probe_spec, key), MUST},
    {"type", .codec = &codec_text, AT(probe_spec, type), MUST},
    {"host", .codec = &codec_text_or_null, AT(probe_spec, host)},
    {"address", .codec = &codec_text_or_null, AT(probe_spec, address)},
    {"port", .codec = &codec_u16_or_null, AT(probe_spec, port),
	.max = PORT_MAX},
    {"protocol", .codec = &codec_word, AT(probe_spec, protocol), MUST,
	.words = &words_protocol},
    {"alpn", .codec = &codec_text_or_null, AT(probe_spec, alpn), IF_SET},
    {"tls_max", .codec = &codec_text_or_null, AT(probe_spec, tls_max), IF_SET},
    {"issuer", .codec = &codec_text_or_null, AT(probe_spec, issuer), IF_SET},
    {"path", .codec = &codec_text_or_null, AT(probe_spec, path), IF_SET},
    {"expect", .codec = &codec_text_or_null, AT(probe_spec, expect), IF_SET},
    {"want", .codec = &codec_text_or_null, AT(probe_spec, want), IF_SET},
    {"status", .codec = &codec_int, AT(probe_spec, status), IF_SET,
	.max = HTTP_STATUS_MAX},
};

static const struct fields spec_table = FIELDS(spec_fields);

static json_t *
put_spec(const void *p)
{
	return fields_to_json(&spec_table, p);
}

static int
get_spec(struct reader *rd, const json_t *j, void *p)
{
	return fields_get(rd, &spec_table, j, p);
}

static json_t *
put_specs(const struct field *f, const void *p)
{
	const struct need *n = p;

	(void)f;
	return list_to_json(n->specs, n->nspecs, sizeof *n->specs, put_spec);
}

static int
get_specs(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	struct need *n = p;
	void *items;

	(void)f;
	if (list_from_json(rd, j, &items, &n->nspecs, sizeof *n->specs,
		get_spec) != 0)
		return -1;
	n->specs = items;
	return 0;
}

static const struct codec codec_specs = {put_specs, get_specs, NULL};

static const struct field family_fields[] = {
    {"outcome", .codec = &codec_word, AT(family_judgement, outcome), MUST,
	.words = &words_outcome},
    {"rung", .codec = &codec_word, AT(family_judgement, rung), MUST,
	.words = &words_rung},
    {"cause", .codec = &codec_word, AT(family_judgement, cause), MUST,
	.words = &words_cause},
    {"zone", .codec = &codec_word, AT(family_judgement, zone), MUST,
	.words = &words_zone},
};

static const struct fields family_table = FIELDS(family_fields);

/* null where no address of that family was tried. */
static json_t *
put_family(const struct field *f, const void *p)
{
	const struct family_judgement *j = p;

	(void)f;
	return j->tried ? fields_to_json(&family_table, j) :
			  codec_checked(json_null());
}

static int
get_family(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	struct family_judgement *out = p;

	(void)f;
	if (json_is_null(j))
		return 0;
	out->tried = true;
	return fields_get(rd, &family_table, j, out);
}

static const struct codec codec_family = {put_family, get_family, NULL};

static const struct field need_fields[] = {
    {"id", .codec = &codec_text, AT(need, id), MUST},
    {"product", .codec = &codec_text, AT(need, product), MUST},
    {"service", .codec = &codec_text, AT(need, service)},
    {"step", .codec = &codec_text_or_null, AT(need, step)},
    {"strength", .codec = &codec_word, AT(need, strength), MUST,
	.words = &words_strength},
    {"direction", .codec = &codec_word, AT(need, direction), MUST,
	.words = &words_direction},
    {"protocol", .codec = &codec_word, AT(need, protocol), MUST,
	.words = &words_protocol},
    {"ports", .codec = &codec_ports, AT(need, ports), MUST},
    {"destination", .codec = &codec_destination, AT(need, to), MUST},
    {"application", .codec = &codec_text, AT(need, application)},
    {"group", .codec = &codec_text_or_null, AT(need, group)},
    {"condition", .codec = &codec_clauses, AT(need, when)},
    {"reason", .codec = &codec_text, AT(need, reason)},
    {"installer", "if_missing", &codec_text, AT(need, breaks_installer)},
    {"customer", "if_missing", &codec_text, AT(need, breaks_customer)},
    {"grant", .codec = &codec_text_or_null, AT(need, grant)},
    {"note", .codec = &codec_text_or_null, AT(need, note)},
    {"source", .codec = &codec_source, AT(need, source)},
    {"required_rung", .codec = &codec_word, AT(need, required_rung), MUST,
	.words = &words_rung},
    {"needs", .codec = &codec_strlist, AT(need, needs)},
    {"type", "proof", &codec_text, AT(need, probe_type)},
    {"unprobed", "proof", &codec_text_or_null, AT(need, unprobed)},
    {"asks", "proof", &codec_specs, .offset = 0},
};

static const struct field judgement_fields[] = {
    {"applies", .codec = &codec_bool, AT(need, applies), MUST},
    {"open_question", .codec = &codec_bool, AT(need, open_question)},
    {"open_ask", .codec = &codec_text_or_null, AT(need, open_ask), IF_SET},
    {"outcome", .codec = &codec_word, AT(need, outcome), MUST,
	.words = &words_outcome},
    {"rung", .codec = &codec_word, AT(need, rung), MUST, .words = &words_rung},
    {"cause", .codec = &codec_word, AT(need, cause), MUST,
	.words = &words_cause},
    {"path", .codec = &codec_word, AT(need, path), MUST, .words = &words_path},
    {"zone", .codec = &codec_word, AT(need, zone), MUST, .words = &words_zone},
    {"ipv4", .codec = &codec_family, AT(need, family[0])},
    {"ipv6", .codec = &codec_family, AT(need, family[1])},
    {"summary", .codec = &codec_text, AT(need, summary)},
    {"installer", "advice", &codec_text, AT(need, advice_installer)},
    {"it", "advice", &codec_text, AT(need, advice_it)},
    {"customer", "advice", &codec_text, AT(need, advice_customer)},
    {"accepted", .codec = &codec_text_or_null, AT(need, accepted), IF_SET},
    {"probes", .codec = &codec_strlist, AT(need, probes)},
    {"blocked_by", .codec = &codec_strlist, AT(need, blocked_by)},
};

static const struct fields need_table = FIELDS(need_fields);
static const struct fields judgement_table = FIELDS(judgement_fields);

json_t *
need_to_json(const struct need *n, bool with_judgement)
{
	json_t *object = fields_to_json(&need_table, n);

	if (with_judgement)
		fields_put(&judgement_table, n, object);
	return object;
}

json_t *
need_put(const void *need)
{
	return need_to_json(need, true);
}

int
need_get(struct reader *rd, const json_t *j, void *need)
{
	if (fields_get(rd, &need_table, j, need) != 0)
		return -1;
	return fields_get(rd, &judgement_table, j, need);
}
