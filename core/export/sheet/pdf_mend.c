/* SPDX-License-Identifier: MIT */
/* Owns what a screen reader needs and cairo 1.16 cannot write: the language,
 * the words for a picture, and that a cell heads a column. It is added as an
 * incremental update (ISO 32000-1, 7.5.6): new versions of a few objects
 * behind the end, and a table of where they are. A file of another build
 * than expected stays as it is. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/export/sheet/pdf.h"

#define TAIL_MAX 256  /* from "trailer" to the end */
#define ENTRY_SIZE 20 /* of the table of objects, 7.5.4 */
#define OBJECT_MAX 4096
#define OBJECTS_MAX 10000000

struct mended {
	unsigned long number;
	size_t offset;
};

struct mending {
	struct pdf *pdf;
	struct buf *out;
	size_t base; /* where the file begins in out */
	unsigned long nobjects, root, info, table;
	struct mended *object;
	size_t count;
	size_t figures; /* seen so far */
};

/* The number behind a word of the trailer. */
static bool
number_after(const char *tail, const char *word, unsigned long *out)
{
	const char *at = strstr(tail, word);

	if (at == NULL)
		return false;
	*out = strtoul(at + strlen(word), NULL, 10);
	return *out > 0;
}

static bool
read_trailer(struct mending *m)
{
	const char *data = buf_str(m->out) + m->base, *tail;
	size_t len = m->out->len - m->base;
	size_t from = len > TAIL_MAX ? len - TAIL_MAX : 0;

	tail = memmem(data + from, len - from, "trailer\n", 8);
	if (tail == NULL || !number_after(tail, "/Size ", &m->nobjects) ||
	    !number_after(tail, "/Root ", &m->root) ||
	    !number_after(tail, "/Info ", &m->info) ||
	    !number_after(tail, "startxref\n", &m->table))
		return false;
	return m->nobjects < OBJECTS_MAX && m->root < m->nobjects &&
	    m->table < len && strncmp(data + m->table, "xref\n0 ", 7) == 0 &&
	    strtoul(data + m->table + 7, NULL, 10) == m->nobjects;
}

/* The bytes of an object up to its "endobj"; NULL when it has none near. */
static const char *
object(const struct mending *m, unsigned long number, size_t *len)
{
	const char *data = buf_str(m->out) + m->base, *entry, *end;
	size_t size = m->out->len - m->base, offset, room;

	entry = memchr(data + m->table + 5, '\n', TAIL_MAX);
	if (entry == NULL)
		return NULL;
	offset = (size_t)(entry + 1 - data) + number * ENTRY_SIZE;
	if (offset + ENTRY_SIZE > size)
		return NULL;
	offset = strtoul(data + offset, NULL, 10);
	if (offset == 0 || offset >= size)
		return NULL;
	room = size - offset < OBJECT_MAX ? size - offset : OBJECT_MAX;
	end = memmem(data + offset, room, "endobj\n", 7);
	*len = end == NULL ? 0 : (size_t)(end + 7 - data) - offset;
	return end == NULL ? NULL : data + offset;
}

/* A text string, 7.9.2.2: UTF-16BE in hexadecimal digits. */
static void
add_string(struct buf *out, const char *s)
{
	uint32_t cp;
	size_t left = strlen(s);
	int len;

	buf_adds(out, "<FEFF");
	for (; (len = text_decode(s, left, &cp)) > 0; s += len) {
		left -= (size_t)len;
		if (cp >= 0x10000)
			buf_addf(out, "%04X%04X",
			    0xd800u + ((cp - 0x10000) >> 10),
			    0xdc00u + ((cp - 0x10000) & 0x3ff));
		else
			buf_addf(out, "%04X", cp);
	}
	buf_adds(out, ">");
}

/* The object once more, with `more` behind its `mark`. */
static void
mend(struct mending *m, unsigned long number, const char *mark,
    const char *more)
{
	size_t len, before;
	const char *old = object(m, number, &len), *at;
	struct mended *now;
	struct buf b;

	at = old == NULL ? NULL : memmem(old, len, mark, strlen(mark));
	if (at == NULL)
		return;
	before = (size_t)(at - old) + strlen(mark);
	now = arena_push(m->pdf->arena, m->object, m->count);
	*now = (struct mended){number, m->out->len - m->base};
	buf_init(&b, 2 * OBJECT_MAX + strlen(more));
	buf_add(&b, old, before);
	buf_adds(&b, more);
	buf_add(&b, old + before, len - before);
	buf_add(m->out, b.data, b.len);
	buf_free(&b);
}

static bool
is_element(const char *object, size_t len, const char *name)
{
	static const char type[] = "/Type /StructElem";
	const char *at = memmem(object, len, "   /S /", 7);

	return at != NULL && memmem(object, len, type, sizeof type - 1) &&
	    strncmp(at + 7, name, strlen(name)) == 0 &&
	    at[7 + strlen(name)] == '\n';
}

static void
mend_element(struct mending *m, unsigned long number)
{
	size_t len, i = m->figures;
	const char *o = object(m, number, &len);
	struct buf b;

	if (o == NULL)
		return;
	if (is_element(o, len, "TH")) {
		mend(m, number, "/S /TH\n",
		    "   /A << /O /Table /Scope /Column >>\n");
	} else if (is_element(o, len, "Figure") && i < m->pdf->nfigures) {
		m->figures++;
		buf_init(&b, OBJECT_MAX * 8);
		buf_adds(&b, "   /Alt ");
		add_string(&b, m->pdf->figure[i]);
		buf_adds(&b, "\n");
		if (!b.overflowed)
			mend(m, number, "/S /Figure\n", buf_str(&b));
		buf_free(&b);
	}
}

static void
add_table(struct mending *m)
{
	size_t start = m->out->len - m->base, i;

	buf_adds(m->out, "xref\n");
	for (i = 0; i < m->count; i++)
		buf_addf(m->out, "%lu 1\n%010zu 00000 n \n",
		    m->object[i].number, m->object[i].offset);
	buf_addf(m->out,
	    "trailer\n<< /Size %lu\n   /Root %lu 0 R\n   /Info %lu 0 R\n"
	    "   /Prev %lu\n>>\nstartxref\n%zu\n%%%%EOF\n",
	    m->nobjects, m->root, m->info, m->table, start);
}

void
pdf_mend(struct pdf *p, struct buf *out, size_t base)
{
	struct mending m = {.pdf = p, .out = out, .base = base};
	const char *language = p->sheet->language;
	unsigned long i;
	struct buf b;

	if (out->overflowed || !read_trailer(&m))
		return;
	buf_init(&b, TAIL_MAX);
	buf_adds(&b, "   /ViewerPreferences << /DisplayDocTitle true >>\n");
	if (language[strspn(language,
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ-_")] == '\0')
		buf_addf(&b, "   /Lang (%.*s)\n", (int)strcspn(language, "_"),
		    language);
	for (i = 1; i < m.nobjects; i++) {
		if (i == m.root)
			mend(&m, i, "/Type /Catalog\n", buf_str(&b));
		else
			mend_element(&m, i);
	}
	buf_free(&b);
	add_table(&m);
}
