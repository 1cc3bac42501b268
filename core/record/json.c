/* SPDX-License-Identifier: MIT */
/* Owns JSON documents as bytes: bounded reading and stable writing. */
#include "core/record/json.h"

#include "core/base/i18n.h"
#include "core/record/codec.h"

#define DOCUMENT_MAX (32u << 20)
#define DEPTH_MAX 32
/* A large site has some hundred thousand values. What follows is far beyond
 * any site and still fits in a small laptop's memory. */
#define VALUES_MAX 1000000
#define CONTAINERS_MAX 200000

struct shape {
	size_t depth, deepest;
	size_t containers;
	size_t values;
};

/* Counts what parsing would allocate, so that it is known before. */
static void
measure(const char *data, size_t len, struct shape *out)
{
	bool in_string = false;
	size_t i;

	for (i = 0; i < len; i++) {
		char c = data[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
			continue;
		}
		if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			out->containers++;
			if (++out->depth > out->deepest)
				out->deepest = out->depth;
		} else if ((c == ']' || c == '}') && out->depth > 0) {
			out->depth--;
		} else if (c == ',') {
			out->values++;
		}
	}
}

static const struct {
	enum json_error_code code;
	const char *sentence;
} complaints[] = {
    {json_error_premature_end_of_input,
	N_("The file ends in the middle: a part of it is missing.")},
    {json_error_duplicate_key, N_("The file names the same member twice.")},
    {json_error_invalid_utf8, N_("The file holds bytes that are no text.")},
    {json_error_null_character, N_("The file holds bytes that are no text.")},
    {json_error_null_byte_in_key, N_("The file holds bytes that are no text.")},
    {json_error_numeric_overflow,
	N_("The file holds a number that is too large.")},
    {json_error_out_of_memory,
	N_("The file does not fit in this computer's memory.")},
};

static void
complain(const json_error_t *trouble, struct error *err)
{
	const char *sentence = N_("The file is not valid JSON.");
	enum json_error_code code = json_error_code(trouble);
	size_t i;

	for (i = 0; i < sizeof complaints / sizeof *complaints; i++) {
		if (complaints[i].code == code)
			sentence = complaints[i].sentence;
	}
	error_set(err, ERR_INPUT, "%s", _(sentence));
	/* TRANSLATORS: a place in a file. */
	error_where(err, _("line %d, column %d"), trouble->line,
	    trouble->column);
	error_hint(err, "%s",
	    _("Get the file once more from where it came from."));
}

json_t *
json_read(const char *data, size_t len, struct error *err)
{
	struct shape shape = {0};
	json_error_t trouble;
	json_t *value;

	if (len > DOCUMENT_MAX) {
		error_set(err, ERR_INPUT,
		    _("The file is larger than 32 MiB, which no site needs."));
		return NULL;
	}
	measure(data, len, &shape);
	if (shape.deepest > DEPTH_MAX || shape.values > VALUES_MAX ||
	    shape.containers > CONTAINERS_MAX) {
		error_set(err, ERR_INPUT,
		    _("The file is built in a way that no site needs: too "
		      "many parts, or too many parts in each other."));
		return NULL;
	}
	value = json_loadb(data, len, JSON_REJECT_DUPLICATES, &trouble);
	if (value == NULL)
		complain(&trouble, err);
	return value;
}

static int
dump(const char *data, size_t len, void *arg)
{
	buf_add(arg, data, len);
	return 0;
}

void
json_write(const json_t *value, struct buf *out)
{
	if (json_dump_callback(value, dump, out,
		JSON_SORT_KEYS | JSON_INDENT(2)) != 0)
		mem_fatal("a record could not be written as JSON");
	buf_addc(out, '\n');
}
