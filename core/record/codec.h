/* SPDX-License-Identifier: MIT */
/* Structs to JSON members and back, both ways from one const table, so that
 * what is written can be read. For the files of core/record only. */
#ifndef RECORD_CODEC_H
#define RECORD_CODEC_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/mem.h"
#include "core/record/words.h"

#define CODEC_DEPTH 12

/* Reading: where it stands, for the sentence that names the member. */
struct reader {
	struct arena *arena;		/* what is read lives there */
	struct error *err;		/* may be NULL */
	struct {
		const char *name;	/* NULL for an element of a list */
		size_t	 index;
	} at[CODEC_DEPTH];
	size_t	 depth;
};

struct field;

struct codec {
	json_t	*(*put)(const struct field *f, const void *p);
	/* -1 after reader_fail(). */
	int	(*get)(struct reader *rd, const struct field *f,
		    const json_t *j, void *p);
	/* What a missing member means; NULL where zero is right. */
	void	(*missing)(struct reader *rd, const struct field *f, void *p);
};

struct field {
	const char *name;
	const char *in;			/* object that holds it, or NULL */
	const struct codec *codec;
	size_t	 offset;
	enum {
		FIELD_MAY,		/* written always, read where it is */
		FIELD_MUST,		/* an error when it is missing */
		FIELD_IF_SET,		/* left out while it says nothing */
	} presence;
	const struct words *words;	/* codec_word */
	int64_t	 min, max;		/* codec_int and the like */
};

struct fields {
	const struct field *item;
	size_t	 count;
};

#define FIELDS(rows) {rows, sizeof rows / sizeof *(rows)}

/* A text (NULL is written as ""), one that may keep line breaks, and one
 * that may be NULL. */
extern const struct codec codec_text, codec_lines, codec_text_or_null;
extern const struct codec codec_strlist, codec_bool;
/* Enumerations; a word "" becomes null. */
extern const struct codec codec_word;
/* Numbers within [min, max]; a uint16_t may be null for 0, an int for
 * the number below min. */
extern const struct codec codec_int, codec_int64, codec_u32;
extern const struct codec codec_u16_or_null, codec_int_or_null;
/* int64_t microseconds since 1970; 0 becomes null. Whole seconds, and all. */
extern const struct codec codec_time, codec_time_us;

void	 fields_put(const struct fields *f, const void *base, json_t *object);
json_t	*fields_to_json(const struct fields *f, const void *base);
int	 fields_get(struct reader *rd, const struct fields *f,
	    const json_t *object, void *base);

/* A list of structs of `size` bytes. put() returns owned; get() puts an
 * array in the reader's arena into *items. */
json_t	*list_to_json(const void *items, size_t count, size_t size,
	    json_t *(*put)(const void *item));
int	 list_from_json(struct reader *rd, const json_t *list, void **items,
	    size_t *count, size_t size,
	    int (*get)(struct reader *rd, const json_t *j, void *item));

/* Where the reader stands, for nested values. */
void	 reader_enter(struct reader *rd, const char *name, size_t index);
void	 reader_leave(struct reader *rd);
/* Sets an error that names the member and says the (translated) sentence.
 * Returns -1. */
int	 reader_fail(struct reader *rd, const char *sentence);
/* The text of a JSON string, sanitised, in the reader's arena. */
char	*reader_text(struct reader *rd, const json_t *j, bool keep_lines);

/* Building; out of memory is fatal. */
json_t	*codec_string(const char *s);		/* NULL is null */
void	 codec_set(json_t *object, const char *name, json_t *value); /* takes */
void	 codec_add(json_t *list, json_t *value);	/* takes */
json_t	*codec_checked(json_t *value);

#endif
