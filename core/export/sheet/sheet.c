/* SPDX-License-Identifier: MIT */
/* Owns how a paper is put together, block by block. */
#include "core/export/sheet/sheet.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"

#define TEXT_MAX ((size_t)1 << 20)

static bool
is_rtl(const char *language)
{
	static const char *const names[] = {"ar", "dv", "fa", "he", "ps", "ur",
	    "yi"};
	size_t i, len = strcspn(language, "_-.@");

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		if (strlen(names[i]) == len &&
		    strncmp(names[i], language, len) == 0)
			return true;
	}
	return false;
}

struct sheet *
sheet_new(struct arena *a)
{
	struct sheet *s = arena_alloc(a, sizeof *s);
	char language[I18N_LANGUAGE_SIZE];

	i18n_language(language);
	s->arena = a;
	s->title = s->author = s->running = "";
	s->language = arena_strdup(a, language);
	s->rtl = is_rtl(language);
	return s;
}

struct sheet_block *
sheet_add(struct sheet *s, enum sheet_kind kind)
{
	struct sheet_block *b = arena_push(s->arena, s->block, s->count);

	*b = (struct sheet_block){.kind = kind};
	return b;
}

void
sheet_table(struct sheet *s, const struct sheet_column *column, size_t ncolumns)
{
	struct sheet_block *b = sheet_add(s, SHEET_TABLE);
	struct sheet_column *copy = arena_array(s->arena, ncolumns,
	    sizeof *copy);

	memcpy(copy, column, ncolumns * sizeof *copy);
	b->column = copy;
	b->ncolumns = ncolumns;
}

void
sheet_table_row(struct sheet *s, enum sheet_tone tone, const char *const *cell)
{
	struct sheet_block *b = &s->block[s->count - 1];
	const char **copy = arena_array(s->arena, b->ncolumns, sizeof *copy);
	struct sheet_row *rows = (struct sheet_row *)(uintptr_t)b->row, *row;
	size_t i;

	for (i = 0; i < b->ncolumns; i++)
		copy[i] = arena_strdup(s->arena,
		    cell[i] == NULL ? "" : cell[i]);
	row = arena_push(s->arena, rows, b->nrows);
	*row = (struct sheet_row){copy, tone};
	b->row = rows;
}

static const char *
clean(struct arena *a, const char *s)
{
	const char *c = s;
	char *safe, *tab;

	while (c != NULL && (*c == '\n' || (*c >= ' ' && *c <= '~')))
		c++;
	if (c == NULL || *c == '\0') /* as nearly all are */
		return s;
	safe = text_sanitise(a, s, strlen(s), TEXT_MAX, true);
	/* How far a tab reaches nobody knows. */
	for (tab = safe; (tab = strchr(tab, '\t')) != NULL; tab++)
		*tab = ' ';
	return safe;
}

static const char *const *
clean_list(struct arena *a, const char *const *list, size_t count)
{
	const char **copy = arena_array(a, count, sizeof *copy);
	size_t i;

	for (i = 0; i < count; i++)
		copy[i] = clean(a, list[i]);
	return copy;
}

static void
clean_table(struct arena *a, struct sheet_block *b)
{
	struct sheet_column *column = arena_array(a, b->ncolumns,
	    sizeof *column);
	struct sheet_row *row = arena_array(a, b->nrows, sizeof *row);
	size_t i;

	for (i = 0; i < b->ncolumns; i++) {
		column[i] = b->column[i];
		column[i].title = clean(a, column[i].title);
	}
	for (i = 0; i < b->nrows; i++) {
		row[i] = b->row[i];
		row[i].cell = clean_list(a, row[i].cell, b->ncolumns);
	}
	b->column = column;
	b->row = row;
}

const struct sheet *
sheet_clean(struct arena *a, const struct sheet *s)
{
	struct sheet *copy = arena_alloc(a, sizeof *copy);
	size_t i;

	*copy = *s;
	copy->arena = a;
	copy->title = clean(a, s->title);
	copy->author = clean(a, s->author);
	copy->running = clean(a, s->running);
	copy->state = clean(a, s->state);
	copy->block = arena_array(a, s->count, sizeof *copy->block);
	for (i = 0; i < s->count; i++) {
		struct sheet_block *b = &copy->block[i];

		*b = s->block[i];
		b->label = b->label == NULL ? "" : clean(a, b->label);
		b->text = b->text == NULL ? "" : clean(a, b->text);
		if (b->nlines > 0)
			b->line = clean_list(a, b->line, b->nlines);
		if (b->ncolumns > 0)
			clean_table(a, b);
	}
	return copy;
}
