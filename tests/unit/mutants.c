/* SPDX-License-Identifier: MIT */
/* Owns what is done to a file so that somebody else's reader stumbles. */
#include "tests/unit/mutants.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEEP 60

/* xorshift64*, so that a seed means the same everywhere. */
uint64_t
mutant_draw(struct mutant_random *r, uint64_t below)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (r->state * 2685821657736338717u >> 33) % below;
}

uint64_t
mutant_number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	uint64_t n = text == NULL ? 0 : strtoull(text, NULL, 10);

	return n > 0 ? n : otherwise;
}

/* --- what is done to a file -------------------------------------------- */

/* A part of it, not empty. */
static void
choose(struct mutant_random *r, size_t len, size_t most, size_t *start,
    size_t *n)
{
	*start = mutant_draw(r, len);
	*n = 1 + mutant_draw(r, most);
	if (*n > len - *start)
		*n = len - *start;
}

static void
flip_bits(struct mutant_random *r, const char *data, size_t len,
    struct buf *out)
{
	uint64_t i, n = 1 + mutant_draw(r, 8);

	buf_add(out, data, len);
	for (i = 0; i < n; i++)
		out->data[mutant_draw(r, len)] ^= (char)(1
		    << mutant_draw(r, 8));
}

static void
truncate_it(struct mutant_random *r, const char *data, size_t len,
    struct buf *out)
{
	buf_add(out, data, mutant_draw(r, len));
}

static void
repeat_part(struct mutant_random *r, const char *data, size_t len,
    struct buf *out)
{
	size_t start, n;

	choose(r, len, 4000, &start, &n);
	buf_add(out, data, start + n);
	buf_add(out, data + start, len - start);
}

static void
remove_part(struct mutant_random *r, const char *data, size_t len,
    struct buf *out)
{
	size_t start, n;

	choose(r, len, 4000, &start, &n);
	buf_add(out, data, start);
	buf_add(out, data + start + n, len - start - n);
}

/* Whole lines, so that the rest stays JSON more often. */
static void
swap_lines(struct mutant_random *r, const char *data, size_t len,
    struct buf *out)
{
	const char *a = memchr(data + mutant_draw(r, len / 2), '\n', len / 2);
	const char *b, *c, *d, *end = data + len;

	b = a == NULL ? NULL : memchr(a + 1, '\n', (size_t)(end - a - 1));
	c = b == NULL ? NULL : b + mutant_draw(r, (uint64_t)(end - b));
	c = c == NULL ? NULL : memchr(c, '\n', (size_t)(end - c));
	d = c == NULL ? NULL : memchr(c + 1, '\n', (size_t)(end - c - 1));
	if (d == NULL) {
		buf_add(out, data, len);
		return;
	}
	buf_add(out, data, (size_t)(a - data));
	buf_add(out, c, (size_t)(d - c));
	buf_add(out, b, (size_t)(c - b));
	buf_add(out, a, (size_t)(b - a));
	buf_add(out, d, (size_t)(end - d));
}

/* Something else where a number, a string or a list began. */
static void
replace_value(struct mutant_random *r, const char *data, size_t len,
    struct buf *out)
{
	static const char *const values[] = {"99999999999999999999999999", "-1",
	    "18446744073709551615", "1e999", "0.5", "null", "true", "[]", "{}",
	    "\"\"", "\"\\u0000\"", "\"\\ud800\"", "-9223372036854775808",
	    "\"2026-99-99T99:99:99Z\"", "[[[[[[[[]]]]]]]]", "\"\x1b[2J\""};
	const char *at;
	size_t start = mutant_draw(r, len), n;

	at = memmem(data + start, len - start, ": ", 2);
	if (at == NULL) {
		buf_add(out, data, len);
		return;
	}
	at += 2;
	n = strcspn(at, ",\n");
	buf_add(out, data, (size_t)(at - data));
	buf_adds(out, values[mutant_draw(r, sizeof values / sizeof *values)]);
	buf_add(out, at + n, len - (size_t)(at - data) - n);
}

static void
nest_deeply(struct mutant_random *r, const char *data, size_t len,
    struct buf *out)
{
	size_t i, start = mutant_draw(r, len),
		  depth = 1 + mutant_draw(r, 2 * DEEP);
	bool list = mutant_draw(r, 2) == 0;

	buf_add(out, data, start);
	for (i = 0; i < depth; i++)
		buf_adds(out, list ? "[" : "{\"a\": ");
	buf_adds(out, "1");
	for (i = 0; i < depth; i++)
		buf_addc(out, list ? ']' : '}');
	buf_add(out, data + start, len - start);
}

static void
spoil_text(struct mutant_random *r, const char *data, size_t len,
    struct buf *out)
{
	static const char *const bytes[] = {"\xff", "\xc0\x80", "\xed\xa0\x80",
	    "\xf4\x90\x80\x80", "\xe2\x80\xae", "\xc2\x9b", "\x1b]0;x\x07",
	    "\xe2", "\xef\xbb\xbf", "\x7f", "\r"};
	size_t start = mutant_draw(r, len);

	buf_add(out, data, start);
	buf_adds(out, bytes[mutant_draw(r, sizeof bytes / sizeof *bytes)]);
	buf_add(out, data + start, len - start);
}

static void (*const alterations[MUTANT_KINDS])(struct mutant_random *r,
    const char *data, size_t len, struct buf *out) = {flip_bits, truncate_it,
    repeat_part, remove_part, swap_lines, replace_value, nest_deeply,
    spoil_text};

static void
alter_once(struct mutant_random *r, size_t kind, const char *data, size_t len,
    struct buf *out)
{
	buf_clear(out);
	/* Each of them chooses a place in what there is. */
	if (len > 2)
		alterations[kind % MUTANT_KINDS](r, data, len, out);
}

void
mutant_make(struct mutant_random *r, size_t kind, const char *data, size_t len,
    struct buf *out)
{
	struct buf once;

	if (mutant_draw(r, 3) != 0) {
		alter_once(r, kind, data, len, out);
		return;
	}
	buf_init(&once, out->max);
	alter_once(r, kind, data, len, &once);
	alter_once(r, mutant_draw(r, MUTANT_KINDS), buf_str(&once), once.len,
	    out);
	buf_free(&once);
}

double
mutant_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
