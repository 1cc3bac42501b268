/* SPDX-License-Identifier: MIT */
/* Owns how text is written in mdoc(7). */
#include "tui/commands/mdoc.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"

/* In front of a word: it is not divided. */
#define WHOLE "\\%"
/* Of a source line; what is made of it is filled anew. */
#define LINE_COLUMNS 64

/* Letters that mean something else here, or come out as another one. */
static const struct {
	char letter;
	const char *written;
} escapes[] = {
    {'\\', "\\e"},
    {'-', "\\-"},
    {'"', "\\(dq"},
    {'\'', "\\(aq"},
    {'`', "\\(ga"},
    {'^', "\\(ha"},
    {'~', "\\(ti"},
};

static const char *
escape_of(char letter)
{
	size_t i;

	for (i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		if (escapes[i].letter == letter)
			return escapes[i].written;
	}
	return NULL;
}

void
mdoc_escape(struct buf *out, const char *s, size_t len)
{
	const char *written;
	uint32_t cp;
	size_t i;
	int n;

	for (i = 0; i < len; i += (size_t)n) {
		n = text_decode(s + i, len - i, &cp);
		written = escape_of(s[i]);
		if (n <= 0)
			n = 1;
		else if (cp >= 0x80)
			buf_addf(out, "\\[u%04X]", (unsigned)cp);
		else if (written != NULL)
			buf_adds(out, written);
		else
			buf_addc(out, s[i]);
	}
}

void
mdoc_section(struct buf *out, const char *title)
{
	mdoc_line(out, "Sh", title);
}

void
mdoc_line(struct buf *out, const char *macro, const char *argument)
{
	bool quoted = strchr(argument, ' ') != NULL;

	buf_addf(out, ".%s %s", macro, quoted ? "\"" : "");
	mdoc_escape(out, argument, strlen(argument));
	buf_addf(out, "%s\n", quoted ? "\"" : "");
}

/* Quoted, it would come with the quotes into the list of the pages; so a word
 * that is called like a macro, as "In" is, has to be told apart. */
void
mdoc_summary(struct buf *out, const char *text)
{
	size_t n;

	buf_adds(out, ".Nd");
	for (; *text != '\0'; text += n + strspn(text + n, " ")) {
		n = strcspn(text, " ");
		buf_adds(out, n <= 3 ? " \\&" : " ");
		mdoc_escape(out, text, n);
	}
	buf_addc(out, '\n');
}

void
mdoc_items(struct buf *out, const char *macro, const char *names)
{
	size_t n;

	buf_adds(out, ".It");
	for (; *names != '\0'; names += n + strspn(names + n, ", ")) {
		n = strcspn(names, ",");
		buf_addf(out, " %s ", macro);
		mdoc_escape(out, names, n);
		if (names[n] == ',')
			buf_adds(out, " ,");
	}
	buf_addc(out, '\n');
}

static void
add_font(struct buf *out, char font, const char *s, size_t len)
{
	buf_addf(out, "\\f%c", font);
	mdoc_escape(out, s, len);
	buf_adds(out, "\\fR");
}

/* "--pace" and "-o", where one begins at s: its length, or 0. */
static size_t
option_length(const char *s, const char *end)
{
	const char *at = s;

	while (at < end && *at == '-')
		at++;
	if (at == s || at - s > 2)
		return 0;
	while (at < end && ((*at >= 'a' && *at <= 'z') || *at == '-'))
		at++;
	return at[-1] == '-' ? 0 : (size_t)(at - s);
}

static void
add_words(void *arg, const char *s, size_t len)
{
	struct buf *out = arg;
	const char *end = s + len, *begin = s, *plain = s;
	size_t n;

	/* A line that begins so would be a request. */
	if (*s == '.')
		buf_adds(out, "\\&");
	for (; s<end; s += n> 0 ? n : 1) {
		n = s == begin || s[-1] == ' ' || s[-1] == '(' ?
		    option_length(s, end) :
		    0;
		if (n > 0) {
			mdoc_escape(out, plain, (size_t)(s - plain));
			if (s == begin || s[-1] == ' ')
				buf_adds(out, WHOLE);
			add_font(out, 'B', s, n);
			plain = s + n;
		}
	}
	mdoc_escape(out, plain, (size_t)(end - plain));
	buf_addc(out, '\n');
}

void
mdoc_text(struct buf *out, const char *text)
{
	const char *end;
	char *sentence;

	for (; *text != '\0'; text = end + strspn(end, " ")) {
		end = strstr(text, ". ");
		end = end != NULL ? end + 1 : text + strlen(text);
		sentence = mem_printf("%.*s", (int)(end - text), text);
		text_wrap(sentence, LINE_COLUMNS, add_words, out);
		mem_free(sentence);
	}
}

enum kind {
	KIND_SIGN,    /* brackets, bars, dots */
	KIND_LITERAL, /* typed as it stands */
	KIND_PLACE,   /* something stands for it */
	KIND_ANY,     /* of the kind of what is before it */
};

static enum kind
kind_of(char c)
{
	if ((c >= 'a' && c <= 'z') || c == '-')
		return KIND_LITERAL;
	if ((c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80)
		return KIND_PLACE;
	return c >= '0' && c <= '9' ? KIND_ANY : KIND_SIGN;
}

void
mdoc_usage(struct buf *out, const char *usage)
{
	const char *begin = usage;
	enum kind kind;
	size_t n;

	for (; *usage != '\0'; usage += n) {
		if (*usage != ' ' && (usage == begin || usage[-1] == ' '))
			buf_adds(out, WHOLE);
		kind = kind_of(*usage);
		for (n = 1; usage[n] != '\0'; n++) {
			if (kind_of(usage[n]) != kind &&
			    kind_of(usage[n]) != KIND_ANY)
				break;
		}
		if (kind == KIND_LITERAL || kind == KIND_PLACE)
			add_font(out, kind == KIND_PLACE ? 'I' : 'B', usage, n);
		else
			mdoc_escape(out, usage, n);
	}
}
