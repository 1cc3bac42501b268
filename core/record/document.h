/* SPDX-License-Identifier: MIT */
/* A handover as bytes: the top-level members of a JSON document that
 * json_write() made, found without building it. What is signed and what is
 * digested are bytes, never meanings. */
#ifndef RECORD_DOCUMENT_H
#define RECORD_DOCUMENT_H

#include <stddef.h>

#include "core/base/error.h"

#define DOCUMENT_MAX_PARTS 64
#define DOCUMENT_NAME_SIZE 32

struct document_part {
	char	 name[DOCUMENT_NAME_SIZE];
	size_t	 start, len;	/* of its value */
};

struct document_parts {
	struct document_part item[DOCUMENT_MAX_PARTS];
	size_t	 count;
	size_t	 end;		/* how far it was understood */
};

/* Strict: "{\n", members as `  "name": value` in ascending order of their
 * names, "\n}\n". A value is JSON in the layout of json_write(), byte by
 * byte: valid UTF-8, one line for each scalar and bracket, indented by two
 * spaces a level, whole numbers only, at most 32 levels. So what is found
 * here is what every JSON reader finds. A second member of one name, a value
 * without end, bytes behind the end: ERR_INPUT, which says where. (A name
 * that stands twice deeper in a value is left to json_read().) Nothing is
 * allocated; the time is linear. */
int	 document_split(const char *data, size_t len,
	    struct document_parts *out, struct error *err) MUST_CHECK;
const struct document_part *document_part(const struct document_parts *p,
	    const char *name);	/* NULL: none */
/* The member that a byte belongs to, also in a document that cannot be
 * split: by the lines that begin with two spaces and a quote. "" in front of
 * the first one and from the closing brace on. */
void	 document_where(const char *data, size_t len, size_t offset,
	    char name[DOCUMENT_NAME_SIZE]);

#endif
