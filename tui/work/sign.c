/* SPDX-License-Identifier: MIT */
/* Owns how a declaration gets into the record and its file. */
#include <string.h>

#include "tui/work/app.h"

static char *
keep(struct arena *a, const char *text)
{
	return arena_strdup(a, text == NULL ? "" : text);
}

static bool
says_nothing(const struct declaration *d)
{
	return d->when_us == 0 && *d->name == '\0' && *d->role == '\0' &&
	    *d->remarks == '\0';
}

int
site_declare(struct site *s, const struct declaration *d, struct error *err)
{
	struct record *r = s->record;
	struct arena *a = r->arena;
	struct declaration kept = *d;
	size_t i, at = r->ndeclarations;

	if (site_can_change(s, err) != 0)
		return -1;
	kept.name = keep(a, d->name);
	kept.role = keep(a, d->role);
	kept.remarks = keep(a, d->remarks);
	kept.text = keep(a, d->text);
	kept.state = keep(a, d->state);
	if (s->file != NULL &&
	    sitefile_save_declaration(s->file, &kept, err) != 0)
		return -1;
	for (i = 0; i < r->ndeclarations; i++) {
		if (r->declarations[i].party == d->party)
			at = i;
	}
	if (!says_nothing(&kept)) {
		if (at == r->ndeclarations)
			arena_push(a, r->declarations, r->ndeclarations);
		r->declarations[at] = kept;
	} else if (at < r->ndeclarations) {
		r->declarations[at] = r->declarations[--r->ndeclarations];
	}
	return 0;
}
