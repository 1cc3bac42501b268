/* SPDX-License-Identifier: MIT */
/* Owns the wording of recoverable trouble: formats, sanitises, cuts. */
#include "core/base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/base/text.h"

#define RAW_MAX 4096

/* The suffix stays whole: of a long sentence it is the part that matters. */
static void __attribute__((format(printf, 4, 0)))
format(char *out, size_t size, const char *suffix, const char *fmt, va_list ap)
{
	struct arena *a = arena_new();
	const char *raw = arena_vprintf(a, fmt, ap);
	size_t room = size - 1 - strlen(suffix);

	raw = text_sanitise(a, raw, strnlen(raw, RAW_MAX), room, false);
	snprintf(out, size, "%s%s", raw, suffix);
	arena_free(a);
}

static void
start(struct error *err, enum error_code code)
{
	memset(err, 0, sizeof *err);
	err->code = code == ERR_NONE ? ERR_INTERNAL : code;
}

static void
finish(struct error *err)
{
	if (text_is_space(err->what))
		snprintf(err->what, sizeof err->what, "%s",
		    _("Something went wrong."));
}

int
error_set(struct error *err, enum error_code code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return -1;
	start(err, code);
	va_start(ap, fmt);
	format(err->what, sizeof err->what, "", fmt, ap);
	va_end(ap);
	finish(err);
	return -1;
}

int
error_set_errno(struct error *err, int errnum, const char *fmt, ...)
{
	enum error_code code = ERR_SYSTEM;
	char reason[160];
	va_list ap;

	if (err == NULL)
		return -1;
	if (errnum == ENOSPC || errnum == EDQUOT)
		code = ERR_FULL;
	start(err, code);
	snprintf(reason, sizeof reason, ": %s", strerror(errnum));
	va_start(ap, fmt);
	format(err->what, sizeof err->what, reason, fmt, ap);
	va_end(ap);
	finish(err);
	return -1;
}

void
error_where(struct error *err, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return;
	va_start(ap, fmt);
	format(err->where, sizeof err->where, "", fmt, ap);
	va_end(ap);
}

void
error_hint(struct error *err, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return;
	va_start(ap, fmt);
	format(err->hint, sizeof err->hint, "", fmt, ap);
	va_end(ap);
}
