/* SPDX-License-Identifier: MIT */
/* What the commands tell: sentences for people on standard error, results on
 * standard output or in a file. */
#ifndef TUI_SAY_H
#define TUI_SAY_H

#include "core/base/buf.h"
#include "core/base/error.h"

#define SAY_COLUMNS 80
#define OUTPUT_MAX ((size_t)64 << 20)

/* A sentence on standard error, wrapped, "sitewalk: " in front. */
void	 say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The error with its place and hint. Returns the exit status it stands for:
 * EXIT_USAGE for what the caller can mend, EXIT_TROUBLE for the rest. */
int	 say_error(const struct error *err);
/* To standard output when path is NULL, else to a file, atomically. Frees
 * the buffer. Returns EXIT_OK or an exit status after a sentence. */
int	 say_result(struct buf *b, const char *path);
/* Appends text wrapped to the width, each line after `indent` spaces. */
void	 say_wrap(struct buf *out, const char *text, int indent);
/* The same behind first, of ASCII letters, and below its end. */
void	 say_wrap_after(struct buf *out, const char *first, const char *text);

#endif
