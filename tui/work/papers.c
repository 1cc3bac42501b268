/* SPDX-License-Identifier: MIT */
/* Owns the language of a record while its papers are written. */
#include "tui/work/papers.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/judge/judge.h"

static void
judge_again(struct site *s)
{
	if (s->run != NULL)
		judge_record(s->record);
	else
		site_assess(s);
}

/* In the language of the papers, or back in that of the program. */
static void
judge_in(struct site *s, const char *language)
{
	struct i18n_before before;

	i18n_push(&before, language);
	if (before.changed)
		judge_again(s);
	i18n_pop(&before);
}

void
papers_begin(struct site *s)
{
	if (!s->read_only)
		judge_in(s, s->record->site.language);
}

void
papers_end(struct site *s)
{
	struct i18n_before before;

	if (s->read_only)
		return;
	i18n_push(&before, s->record->site.language);
	i18n_pop(&before);
	if (before.changed)
		judge_again(s);
}
