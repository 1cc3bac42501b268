/* SPDX-License-Identifier: MIT */
/* Owns the sentences about files of packs that were left out. */
#include "tui/work/left_out.h"

#include <string.h>

#include "core/base/i18n.h"
#include "tui/work/say.h"

static const char *
what_of_key(struct arena *a, const struct pack_set *packs, const char *name)
{
	if (pack_key_pem(packs, name) != NULL)
		return arena_printf(a,
		    _("Another key with the name %s is used instead."), name);
	return _("So certificates are judged without that key.");
}

static const char *
what_of_pack(struct arena *a, const struct pack_set *packs, const char *name)
{
	const struct pack *p = name == NULL ? NULL : pack_find(packs, name);

	if (name == NULL)
		return _("A product that only this file describes is missing "
			 "now.");
	if (p == NULL)
		return arena_printf(a, _("So the product %s is missing now."),
		    name);
	if (strcmp(p->origin, "built-in") == 0)
		return arena_printf(a,
		    _("For %s the pack that is built into this program is used "
		      "instead."),
		    name);
	return arena_printf(a, _("For %1$s this pack is used instead: %2$s"),
	    name, p->origin);
}

const char *
left_out_text(struct arena *a, const struct pack_set *packs, size_t index)
{
	const struct left_out *f = &packs->left_out[index];
	const struct mistake *m = &packs->mistakes.item[f->mistake];

	return arena_printf(a,
	    _("The file %1$s was left out, since it has a mistake in line "
	      "%2$u: %3$s %4$s"),
	    m->file, m->place.line, m->text,
	    f->is_key ? what_of_key(a, packs, f->name) :
			what_of_pack(a, packs, f->name));
}

void
left_out_say(const struct pack_set *packs)
{
	struct arena *a = arena_new();
	size_t i;

	for (i = 0; i < packs->nleft_out; i++)
		say("%s", left_out_text(a, packs, i));
	arena_free(a);
}
