/* SPDX-License-Identifier: MIT */
/* The encoding of SSH (RFC 4251, section 5) and base64, for keys and
 * signatures. What is read is hostile: nothing is read past the end. */
#ifndef RECORD_WIRE_H
#define RECORD_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

/* A view of bytes that others own. Reading past the end sets `bad`, and
 * everything read afterwards is 0 and empty. */
struct wire {
	const uint8_t *p;
	size_t	 len;
	bool	 bad;
};

struct wire wire_of(const void *data, size_t len);
uint8_t	 wire_u8(struct wire *w);
uint32_t wire_u32(struct wire *w);
struct wire wire_take(struct wire *w, size_t len);
struct wire wire_string(struct wire *w);
bool	 wire_is(const struct wire *w, const char *text);
/* An mpint that is not negative, without its leading zeros. */
struct wire wire_number(struct wire *w);

void	 wire_put_u32(struct buf *out, uint32_t v);
void	 wire_put(struct buf *out, const void *data, size_t len);
void	 wire_put_text(struct buf *out, const char *text);

/* Strict (RFC 4648, section 4): whole groups, zero bits at the end, and no
 * other characters, except line breaks where `lines`. False leaves what was
 * read in out. */
bool	 base64_read(const char *text, size_t len, bool lines,
	    struct buf *out);
/* ncols: line length, 0 = one line without end. */
void	 base64_write(const void *data, size_t len, size_t ncols,
	    struct buf *out);

#endif
