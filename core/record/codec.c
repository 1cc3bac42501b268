/* SPDX-License-Identifier: MIT */
/* Owns the plain values between structs and JSON, and the walk over a table
 * of fields. */
#include "core/record/codec.h"

#include <stdint.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"

#define TEXT_MAX 65536
#define PLACE_MAX 300
/* A run for all products makes some five hundred observations; judging holds
 * them against each other. */
#define LIST_MAX 5000

_Static_assert(sizeof(enum cause) == sizeof(int), "enumerations are ints");

json_t *
codec_checked(json_t *value)
{
	if (value == NULL)
		mem_fatal("out of memory");
	return value;
}

json_t *
codec_string(const char *s)
{
	struct arena *a;
	json_t *value;

	if (s == NULL)
		return json_null();
	if (text_is_utf8(s, strlen(s)))
		return codec_checked(json_string(s));
	/* Not to lose the whole record over one byte. */
	a = arena_new();
	value = json_string(text_sanitise(a, s, strlen(s), TEXT_MAX, true));
	arena_free(a);
	return codec_checked(value);
}

void
codec_set(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value) != 0)
		mem_fatal("out of memory");
}

void
codec_add(json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) != 0)
		mem_fatal("out of memory");
}

void
reader_enter(struct reader *rd, const char *name, size_t index)
{
	if (rd->depth < CODEC_DEPTH) {
		rd->at[rd->depth].name = name;
		rd->at[rd->depth].index = index;
	}
	rd->depth++;
}

void
reader_leave(struct reader *rd)
{
	rd->depth--;
}

static void
describe_place(const struct reader *rd, struct buf *out)
{
	size_t i;

	for (i = 0; i < rd->depth && i < CODEC_DEPTH; i++) {
		if (rd->at[i].name == NULL)
			buf_addf(out, "[%zu]", rd->at[i].index);
		else
			buf_addf(out, "%s%s", i > 0 ? "." : "", rd->at[i].name);
	}
}

int
reader_fail(struct reader *rd, const char *sentence)
{
	struct buf place;

	buf_init(&place, PLACE_MAX);
	describe_place(rd, &place);
	error_set(rd->err, ERR_INPUT, _("The member \"%s\" cannot be used. %s"),
	    buf_str(&place), sentence);
	error_hint(rd->err, "%s",
	    _("The file was changed or damaged after it was written."));
	buf_free(&place);
	return -1;
}

char *
reader_text(struct reader *rd, const json_t *j, bool keep_lines)
{
	return text_sanitise(rd->arena, json_string_value(j),
	    json_string_length(j), TEXT_MAX, keep_lines);
}

static int
get_text(struct reader *rd, const json_t *j, void *p, bool keep_lines,
    bool may_be_null)
{
	char **s = p;

	if (json_is_null(j) && may_be_null) {
		*s = NULL;
		return 0;
	}
	if (!json_is_string(j))
		return reader_fail(rd, _("It is not a text."));
	*s = reader_text(rd, j, keep_lines);
	return 0;
}

static json_t *
put_text(const struct field *f, const void *p)
{
	const char *s = *(char *const *)p;

	(void)f;
	return codec_string(s == NULL ? "" : s);
}

static json_t *
put_text_or_null(const struct field *f, const void *p)
{
	(void)f;
	return codec_string(*(char *const *)p);
}

static void
missing_text(struct reader *rd, const struct field *f, void *p)
{
	(void)f;
	*(char **)p = arena_strdup(rd->arena, "");
}

static int
get_line(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	(void)f;
	return get_text(rd, j, p, false, false);
}

static int
get_lines(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	(void)f;
	return get_text(rd, j, p, true, false);
}

static int
get_line_or_null(struct reader *rd, const struct field *f, const json_t *j,
    void *p)
{
	(void)f;
	return get_text(rd, j, p, false, true);
}

static json_t *
put_strlist(const struct field *f, const void *p)
{
	const struct strlist *l = p;
	json_t *list = codec_checked(json_array());
	size_t i;

	(void)f;
	for (i = 0; i < l->count; i++)
		codec_add(list, codec_string(l->item[i]));
	return list;
}

static int
get_strlist(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	struct strlist *l = p;
	size_t i, count = json_array_size(j);
	const json_t *item;

	(void)f;
	if (!json_is_array(j))
		return reader_fail(rd, _("It is not a list."));
	l->item = arena_array(rd->arena, count, sizeof *l->item);
	l->count = 0;
	for (i = 0; i < count; i++) {
		item = json_array_get(j, i);
		if (!json_is_string(item))
			return reader_fail(rd, _("It is not a list of texts."));
		l->item[l->count++] = reader_text(rd, item, false);
	}
	return 0;
}

static json_t *
put_bool(const struct field *f, const void *p)
{
	(void)f;
	return json_boolean(*(const bool *)p);
}

static int
get_bool(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	(void)f;
	if (!json_is_boolean(j))
		return reader_fail(rd, _("It is neither true nor false."));
	*(bool *)p = json_is_true(j);
	return 0;
}

static json_t *
put_word(const struct field *f, const void *p)
{
	const char *name;
	int value;

	memcpy(&value, p, sizeof value);
	name = word_name(f->words, value);
	return name[0] == '\0' ? json_null() : codec_string(name);
}

static int
get_word(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	const char *name = json_is_null(j) ? "" : json_string_value(j);
	int value;

	if (name == NULL)
		return reader_fail(rd, _("It is not a text."));
	if (!word_parse(f->words, name, &value))
		return reader_fail(rd,
		    _("This version of the program does not know the word "
		      "that stands there."));
	memcpy(p, &value, sizeof value);
	return 0;
}

static int
get_number(struct reader *rd, const struct field *f, const json_t *j,
    int64_t *value)
{
	if (!json_is_integer(j))
		return reader_fail(rd, _("It is not a whole number."));
	*value = json_integer_value(j);
	if (*value < f->min || *value > f->max)
		return reader_fail(rd, _("The number is out of range."));
	return 0;
}

#define INTEGER_CODEC(name, type) \
	static json_t *put_##name(const struct field *f, const void *p) \
	{ \
		(void)f; \
		return codec_checked(json_integer(*(const type *)p)); \
	} \
\
	static int get_##name(struct reader *rd, const struct field *f, \
	    const json_t *j, void *p) \
	{ \
		int64_t value = 0; \
\
		if (get_number(rd, f, j, &value) != 0) \
			return -1; \
		*(type *)p = (type)value; \
		return 0; \
	}

INTEGER_CODEC(int, int)
INTEGER_CODEC(int64, int64_t)
INTEGER_CODEC(u32, uint32_t)
INTEGER_CODEC(u16, uint16_t)

static json_t *
put_u16_or_null(const struct field *f, const void *p)
{
	return *(const uint16_t *)p == 0 ? json_null() : put_u16(f, p);
}

static int
get_u16_or_null(struct reader *rd, const struct field *f, const json_t *j,
    void *p)
{
	if (!json_is_null(j))
		return get_u16(rd, f, j, p);
	*(uint16_t *)p = 0;
	return 0;
}

static json_t *
put_int_or_null(const struct field *f, const void *p)
{
	return *(const int *)p < f->min ? json_null() : put_int(f, p);
}

static void
missing_int(struct reader *rd, const struct field *f, void *p)
{
	(void)rd;
	*(int *)p = (int)f->min - 1;
}

static int
get_int_or_null(struct reader *rd, const struct field *f, const json_t *j,
    void *p)
{
	if (!json_is_null(j))
		return get_int(rd, f, j, p);
	missing_int(rd, f, p);
	return 0;
}

static json_t *
put_moment(int64_t wall_us, bool with_us)
{
	char iso[CLOCK_ISO_SIZE];

	if (wall_us == 0)
		return json_null();
	return codec_string(clock_iso(wall_us, with_us, iso));
}

static json_t *
put_time(const struct field *f, const void *p)
{
	(void)f;
	return put_moment(*(const int64_t *)p, false);
}

static json_t *
put_time_us(const struct field *f, const void *p)
{
	(void)f;
	return put_moment(*(const int64_t *)p, true);
}

static int
get_time(struct reader *rd, const struct field *f, const json_t *j, void *p)
{
	int64_t *wall_us = p;

	(void)f;
	if (json_is_null(j)) {
		*wall_us = 0;
		return 0;
	}
	if (!json_is_string(j) ||
	    !clock_parse_iso(json_string_value(j), wall_us))
		return reader_fail(rd,
		    _("It is not a time like 2026-11-21T10:42:00Z."));
	return 0;
}

const struct codec codec_text = {put_text, get_line, missing_text};
const struct codec codec_lines = {put_text, get_lines, missing_text};
const struct codec codec_text_or_null = {put_text_or_null, get_line_or_null,
    NULL};
const struct codec codec_strlist = {put_strlist, get_strlist, NULL};
const struct codec codec_bool = {put_bool, get_bool, NULL};
const struct codec codec_word = {put_word, get_word, NULL};
const struct codec codec_int = {put_int, get_int, NULL};
const struct codec codec_int64 = {put_int64, get_int64, NULL};
const struct codec codec_u32 = {put_u32, get_u32, NULL};
const struct codec codec_u16_or_null = {put_u16_or_null, get_u16_or_null, NULL};
const struct codec codec_int_or_null = {put_int_or_null, get_int_or_null,
    missing_int};
const struct codec codec_time = {put_time, get_time, NULL};
const struct codec codec_time_us = {put_time_us, get_time, NULL};

/* The object that holds a field, made when it is not there yet. */
static json_t *
holder(json_t *object, const char *name)
{
	json_t *in;

	if (name == NULL)
		return object;
	in = json_object_get(object, name);
	if (in == NULL) {
		in = codec_checked(json_object());
		codec_set(object, name, in);
	}
	return in;
}

static bool
says_nothing(const json_t *value)
{
	return json_is_null(value) || json_is_false(value) ||
	    (json_is_integer(value) && json_integer_value(value) == 0) ||
	    (json_is_array(value) && json_array_size(value) == 0);
}

void
fields_put(const struct fields *f, const void *base, json_t *object)
{
	const struct field *field;
	json_t *value;
	size_t i;

	for (i = 0; i < f->count; i++) {
		field = &f->item[i];
		value = field->codec->put(field,
		    (const char *)base + field->offset);
		if (field->presence == FIELD_IF_SET && says_nothing(value))
			json_decref(value);
		else
			codec_set(holder(object, field->in), field->name,
			    value);
	}
}

json_t *
fields_to_json(const struct fields *f, const void *base)
{
	json_t *object = codec_checked(json_object());

	fields_put(f, base, object);
	return object;
}

static int
get_field(struct reader *rd, const struct field *f, const json_t *object,
    void *base)
{
	const json_t *value = json_object_get(object, f->name);
	void *p = (char *)base + f->offset;
	int rc = 0;

	reader_enter(rd, f->name, 0);
	if (value != NULL)
		rc = f->codec->get(rd, f, value, p);
	else if (f->presence == FIELD_MUST)
		rc = reader_fail(rd, _("It is missing."));
	else if (f->codec->missing != NULL)
		f->codec->missing(rd, f, p);
	reader_leave(rd);
	return rc;
}

/* A field in an object of its own, which counts as empty when missing. */
static int
get_inner_field(struct reader *rd, const struct field *f, const json_t *object,
    void *base)
{
	const json_t *in = json_object_get(object, f->in);
	int rc;

	reader_enter(rd, f->in, 0);
	if (in != NULL && !json_is_object(in))
		rc = reader_fail(rd, _("It is not an object."));
	else
		rc = get_field(rd, f, in, base);
	reader_leave(rd);
	return rc;
}

int
fields_get(struct reader *rd, const struct fields *f, const json_t *object,
    void *base)
{
	size_t i;
	int rc = 0;

	if (!json_is_object(object))
		return reader_fail(rd, _("It is not an object."));
	for (i = 0; i < f->count && rc == 0; i++) {
		if (f->item[i].in == NULL)
			rc = get_field(rd, &f->item[i], object, base);
		else
			rc = get_inner_field(rd, &f->item[i], object, base);
	}
	return rc;
}

json_t *
list_to_json(const void *items, size_t count, size_t size,
    json_t *(*put)(const void *item))
{
	json_t *list = codec_checked(json_array());
	size_t i;

	for (i = 0; i < count; i++)
		codec_add(list, put((const char *)items + i * size));
	return list;
}

int
list_from_json(struct reader *rd, const json_t *list, void **items,
    size_t *count, size_t size,
    int (*get)(struct reader *rd, const json_t *j, void *item))
{
	size_t i, n = json_array_size(list);
	char *array;
	int rc = 0;

	if (!json_is_array(list))
		return reader_fail(rd, _("It is not a list."));
	if (n > LIST_MAX)
		return reader_fail(rd, _("The list is too long."));
	array = arena_array(rd->arena, n, size);
	*items = array;
	*count = 0;
	for (i = 0; i < n && rc == 0; i++) {
		reader_enter(rd, NULL, i);
		rc = get(rd, json_array_get(list, i), array + i * size);
		reader_leave(rd);
		/* Also one that failed: it may hold a reference. */
		*count = i + 1;
	}
	return rc;
}
