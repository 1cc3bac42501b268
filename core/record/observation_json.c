/* SPDX-License-Identifier: MIT */
/* Owns an observation as JSON, with all its attempts and its detail. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/record/json.h"
#include "core/record/parts.h"

#define PORT_MAX 65535
#define DETAIL_DEPTH_MAX 8

#define AT(type, member) .offset = offsetof(struct type, member)
#define MUST .presence = FIELD_MUST

static const struct field attempt_fields[] = {
    {"offset_us", .codec = &codec_int64, AT(attempt, offset_us), MUST,
	.max = PARTS_US_MAX},
    {"duration_us", .codec = &codec_int64, AT(attempt, duration_us), MUST,
	.max = PARTS_US_MAX},
    {"source_port", .codec = &codec_u16_or_null, AT(attempt, source_port),
	.max = PORT_MAX},
    {"sent", .codec = &codec_u32, AT(attempt, sent), .max = UINT32_MAX},
    {"received", .codec = &codec_u32, AT(attempt, received), .max = UINT32_MAX},
    {"ttl", .codec = &codec_int_or_null, AT(attempt, ttl), .min = 1,
	.max = UINT8_MAX},
    {"result", .codec = &codec_text, AT(attempt, result), MUST},
    {"from", .codec = &codec_text_or_null, AT(attempt, from)},
    {"icmp_type", .codec = &codec_int_or_null, AT(attempt, icmp_type),
	.max = UINT8_MAX},
    {"icmp_code", .codec = &codec_int_or_null, AT(attempt, icmp_code),
	.max = UINT8_MAX},
    {"error", .codec = &codec_int_or_null, AT(attempt, error), .min = 1,
	.max = INT32_MAX},
};

static const struct fields attempt_table = FIELDS(attempt_fields);

static json_t *
put_attempt(const void *p)
{
	return fields_to_json(&attempt_table, p);
}

static int
get_attempt(struct reader *rd, const json_t *j, void *p)
{
	return fields_get(rd, &attempt_table, j, p);
}

static json_t *
put_attempts(const struct field *f, const void *p)
{
	const struct observation *o = p;

	(void)f;
	return list_to_json(o->attempts, o->nattempts, sizeof *o->attempts,
	    put_attempt);
}

static int
get_attempts(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	struct observation *o = p;
	void *items;

	(void)f;
	if (list_from_json(rd, j, &items, &o->nattempts, sizeof *o->attempts,
		get_attempt) != 0)
		return -1;
	o->attempts = items;
	return 0;
}

static const struct codec codec_attempts = {put_attempts, get_attempts, NULL};

static json_t *value_copy(struct reader *rd, const json_t *j, int depth);

static json_t *
list_copy(struct reader *rd, const json_t *j, int depth)
{
	json_t *list = codec_checked(json_array()), *item;
	size_t i;

	for (i = 0; i < json_array_size(j); i++) {
		reader_enter(rd, NULL, i);
		item = value_copy(rd, json_array_get(j, i), depth + 1);
		reader_leave(rd);
		if (item == NULL) {
			json_decref(list);
			return NULL;
		}
		codec_add(list, item);
	}
	return list;
}

static json_t *
object_copy(struct reader *rd, const json_t *j, int depth)
{
	json_t *object = codec_checked(json_object()), *item, *value;
	const char *name;

	json_object_foreach((json_t *)j, name, value)
	{
		json_t *key = json_string(name);
		const char *safe = reader_text(rd, codec_checked(key), false);

		json_decref(key);
		reader_enter(rd, safe, 0);
		item = value_copy(rd, value, depth + 1);
		reader_leave(rd);
		if (item == NULL) {
			json_decref(object);
			return NULL;
		}
		codec_set(object, safe, item);
	}
	return object;
}

static json_t *
value_copy(struct reader *rd, const json_t *j, int depth)
{
	if (depth > DETAIL_DEPTH_MAX) {
		reader_fail(rd, _("It is nested too deeply."));
		return NULL;
	}
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		return object_copy(rd, j, depth);
	case JSON_ARRAY:
		return list_copy(rd, j, depth);
	case JSON_STRING:
		return codec_string(reader_text(rd, j, false));
	case JSON_REAL:
		reader_fail(rd, _("It is not a whole number."));
		return NULL;
	default:
		return json_incref((json_t *)j);
	}
}

json_t *
value_sanitised(struct reader *rd, const json_t *j)
{
	return value_copy(rd, j, 0);
}

static json_t *
put_detail(const struct field *f, const void *p)
{
	json_t *detail = *(json_t *const *)p;

	(void)f;
	if (detail == NULL)
		return codec_checked(json_object());
	return json_incref(detail);
}

static void
missing_detail(struct reader *rd, const struct field *f, void *p)
{
	(void)rd;
	(void)f;
	*(json_t **)p = codec_checked(json_object());
}

static int
get_detail(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	(void)f;
	if (!json_is_object(j))
		return reader_fail(rd, _("It is not an object."));
	*(json_t **)p = value_sanitised(rd, j);
	return *(json_t **)p == NULL ? -1 : 0;
}

static const struct codec codec_detail = {put_detail, get_detail,
    missing_detail};

/* The first version did not write it. */
static void
missing_nature(struct reader *rd, const struct field *f, void *p)
{
	static const struct {
		const char *probe;
		enum nature nature;
	} first[] = {
	    {"dns", NATURE_NAME},
	    {"dns_server", NATURE_NAME_SERVER},
	    {"http", NATURE_PAGE},
	    {"icmp", NATURE_PING},
	    {"ntp", NATURE_TIME},
	    {"path", NATURE_PATH},
	};
	struct observation *o = p;
	size_t i;

	(void)rd;
	(void)f;
	o->nature = NATURE_CONNECTION;
	for (i = 0; i < sizeof first / sizeof *first; i++) {
		if (o->probe != NULL && strcmp(o->probe, first[i].probe) == 0)
			o->nature = first[i].nature;
	}
}

static json_t *
put_nature(const struct field *f, const void *p)
{
	const struct observation *o = p;

	(void)f;
	return codec_string(word_name(&words_nature, (int)o->nature));
}

static int
get_nature(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	struct observation *o = p;
	int value;

	(void)f;
	if (!word_parse(&words_nature, json_string_value(j), &value))
		return reader_fail(rd, _("It is not a known word."));
	o->nature = (enum nature)value;
	return 0;
}

static const struct codec codec_nature = {put_nature, get_nature,
    missing_nature};

static const struct field observation_fields[] = {
    {"id", .codec = &codec_text, AT(observation, id), MUST},
    {"key", .codec = &codec_text, AT(observation, key), MUST},
    {"probe", .codec = &codec_text, AT(observation, probe), MUST},
    {"nature", .codec = &codec_nature, .offset = 0},
    {"host", "target", &codec_text_or_null, AT(observation, host)},
    {"address", "target", &codec_text_or_null, AT(observation, address)},
    {"port", "target", &codec_u16_or_null, AT(observation, port),
	.max = PORT_MAX},
    {"protocol", "target", &codec_word, AT(observation, protocol), MUST,
	.words = &words_protocol},
    {"started", .codec = &codec_time_us, AT(observation, started_us), MUST},
    {"duration_us", .codec = &codec_int64, AT(observation, duration_us), MUST,
	.max = PARTS_US_MAX},
    {"source_port", .codec = &codec_u16_or_null, AT(observation, source_port),
	.max = PORT_MAX},
    {"attempts", .codec = &codec_attempts, .offset = 0},
    {"rung", .codec = &codec_word, AT(observation, rung), MUST,
	.words = &words_rung},
    {"failure", .codec = &codec_word, AT(observation, failure), MUST,
	.words = &words_cause},
    {"offender", .codec = &codec_text_or_null, AT(observation, offender)},
    /* Last, so that nothing fails once it holds a reference. */
    {"detail", .codec = &codec_detail, AT(observation, detail)},
};

static const struct fields observation_table = FIELDS(observation_fields);

json_t *
observation_to_json(const struct observation *o)
{
	return fields_to_json(&observation_table, o);
}

json_t *
observation_put(const void *observation)
{
	return observation_to_json(observation);
}

int
observation_get(struct reader *rd, const json_t *j, void *observation)
{
	return fields_get(rd, &observation_table, j, observation);
}

bool
observation_from_json(struct arena *a, const json_t *j, struct observation *out)
{
	struct reader rd = {.arena = a};

	*out = (struct observation){0};
	return observation_get(&rd, j, out) == 0;
}
