/* SPDX-License-Identifier: MIT */
/* Recoverable trouble: what went wrong, where, and what to try. A finding
 * about the network is data and never one of these; a bug is fatal. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum error_code {
	ERR_NONE,
	ERR_USAGE,	/* wrong option, unknown product, question, value */
	ERR_INPUT,	/* a file that cannot be read or understood */
	ERR_SYSTEM,	/* the operating system said no (errno in the text) */
	ERR_FULL,	/* no space left where something had to be written */
	ERR_NEWER,	/* a file of a newer version of this program */
	ERR_BUSY,	/* somebody else holds it */
	ERR_INTERNAL,
};

/* All texts are translated, whole sentences, sanitised, never empty when
 * code is set. `hint` says what to try and may be empty. */
struct error {
	enum error_code code;
	char	 what[512];
	char	 where[320];	/* "file:line:column", a path, or "" */
	char	 hint[320];
};

/* Sets the error and returns -1, so that a function can end with
 * `return error_set(...)`. Clears where and hint: set those afterwards. err
 * may be NULL. Texts too long for their field end in "...". */
int	error_set(struct error *err, enum error_code code, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
void	error_where(struct error *err, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	error_hint(struct error *err, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* Appends ": strerror(errnum)"; ENOSPC and EDQUOT turn code into ERR_FULL. */
int	error_set_errno(struct error *err, int errnum, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

#endif
