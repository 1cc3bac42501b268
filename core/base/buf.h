/* SPDX-License-Identifier: MIT */
/* A growable byte buffer that names its maximum. Once a write would pass the
 * maximum the buffer is `overflowed`: that write and all further ones do
 * nothing, and the owner looks once at the end. A NUL follows the last byte. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char	*data;		/* NULL until the first write */
	size_t	 len;
	size_t	 size;
	size_t	 max;
	bool	 overflowed;
};

void	 buf_init(struct buf *b, size_t max);
void	 buf_free(struct buf *b);		/* as after init */
void	 buf_clear(struct buf *b);		/* the same, keeps memory */
void	 buf_add(struct buf *b, const void *data, size_t len);
void	 buf_adds(struct buf *b, const char *s);
void	 buf_addc(struct buf *b, char c);
void	 buf_addf(struct buf *b, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	 buf_vaddf(struct buf *b, const char *fmt, va_list ap)
	    __attribute__((format(printf, 2, 0)));
/* Text of HTML or XML: & < > and both quotes become references. */
void	 buf_add_markup(struct buf *b, const char *s, size_t len);
void	 buf_fill(struct buf *b, char c, size_t count);
void	 buf_consume(struct buf *b, size_t len); /* drops len bytes in front */
const char *buf_str(const struct buf *b);	/* "" when empty; borrowed */
/* Returns owned, never NULL; b is empty afterwards. */
char	*buf_take(struct buf *b);

#endif
