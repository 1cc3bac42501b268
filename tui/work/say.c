/* SPDX-License-Identifier: MIT */
/* Owns how the commands speak: errors on standard error, results out. */
#include "tui/work/say.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/work/status.h"

#define SENTENCE_MAX 8192
#define PREFIX "sitewalk: "

struct wrapping {
	struct buf *out;
	const char *first; /* before the first line; then spaces */
	int indent;
};

static void
add_line(void *arg, const char *s, size_t len)
{
	struct wrapping *w = arg;

	if (w->first != NULL)
		buf_adds(w->out, w->first);
	else
		buf_fill(w->out, ' ', (size_t)w->indent);
	w->first = NULL;
	buf_add(w->out, s, len);
	buf_addc(w->out, '\n');
}

void
say_wrap(struct buf *out, const char *text, int indent)
{
	struct wrapping w = {out, NULL, indent};

	text_wrap(text, SAY_COLUMNS - indent, add_line, &w);
}

void
say_wrap_after(struct buf *out, const char *first, const char *text)
{
	struct wrapping w = {out, first, (int)strlen(first)};

	text_wrap(text, SAY_COLUMNS - w.indent, add_line, &w);
}

static void
say_prefixed(struct buf *out, const char *text)
{
	struct wrapping w = {out, PREFIX, 2};

	text_wrap(text, SAY_COLUMNS - (int)strlen(PREFIX), add_line, &w);
}

void
say(const char *fmt, ...)
{
	struct arena *a = arena_new();
	struct buf out;
	va_list ap;
	const char *text;

	va_start(ap, fmt);
	text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	buf_init(&out, SENTENCE_MAX * 2);
	say_prefixed(&out,
	    text_sanitise(a, text, strnlen(text, SENTENCE_MAX), SENTENCE_MAX,
		true));
	fputs(buf_str(&out), stderr);
	buf_free(&out);
	arena_free(a);
}

static const int statuses[] = {
    [ERR_NONE] = EXIT_TROUBLE,
    [ERR_USAGE] = EXIT_USAGE,
    [ERR_INPUT] = EXIT_USAGE,
    [ERR_SYSTEM] = EXIT_TROUBLE,
    [ERR_FULL] = EXIT_TROUBLE,
    [ERR_NEWER] = EXIT_USAGE,
    [ERR_BUSY] = EXIT_USAGE,
    [ERR_INTERNAL] = EXIT_TROUBLE,
};

int
say_error(const struct error *err)
{
	if (err->where[0] != '\0')
		say("%s: %s", err->where, err->what);
	else
		say("%s", err->what);
	if (err->hint[0] != '\0') {
		struct buf out;

		buf_init(&out, SENTENCE_MAX);
		say_wrap(&out, err->hint, 2);
		fputs(buf_str(&out), stderr);
		buf_free(&out);
	}
	return statuses[err->code];
}

static int
write_stdout(const struct buf *b, struct error *err)
{
	if (fwrite(buf_str(b), 1, b->len, stdout) != b->len ||
	    fflush(stdout) != 0)
		return error_set_errno(err, errno,
		    _("The result cannot be written to standard output"));
	return 0;
}

int
say_result(struct buf *b, const char *path)
{
	struct error err = {0};
	int rc;

	if (b->overflowed)
		rc = error_set(&err, ERR_INTERNAL,
		    _("The result is larger than this program can write."));
	else if (path == NULL)
		rc = write_stdout(b, &err);
	else
		rc = file_write_atomic(path, buf_str(b), b->len, &err);
	buf_free(b);
	return rc == 0 ? EXIT_OK : say_error(&err);
}
