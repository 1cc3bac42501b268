/* SPDX-License-Identifier: MIT */
/* Owns what becomes of the facts that devices told. */
#include "tui/work/found.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/pack/found.h"
#include "core/walk/walk.h"
#include "tui/work/say.h"

#define MEASURED "measured"

static bool
is_news(const struct equipment *now, const char *value)
{
	if (now == NULL || now->value[0] == '\0')
		return true;
	return strcmp(now->how, MEASURED) == 0 &&
	    strcmp(now->value, value) != 0;
}

int
found_write_down(struct site *s, struct error *err)
{
	struct arena *a = arena_new();
	struct founds list;
	int rc = 0;
	size_t i;

	found_equipment(a, s->app->packs, s->record, &list);
	for (i = 0; rc == 0 && i < list.count; i++) {
		const struct found *f = &list.item[i];
		struct equipment e = {
		    .product = f->pack->product,
		    .item = arena_strdup(a, f->id),
		    .label = arena_strdup(a, f->label),
		    .value = f->value,
		    .how = arena_strdup(a, MEASURED),
		    .when_us = clock_wall_us(),
		};

		if (is_news(walk_equipment(s->record, e.product, f->id),
			f->value))
			rc = site_write_down(s, &e, err);
	}
	arena_free(a);
	return rc;
}

void
found_say(const struct site *s)
{
	struct arena *a = arena_new();
	struct founds list;
	size_t i;

	found_answers(a, s->app->packs, s->record, &list);
	for (i = 0; i < list.count; i++) {
		const struct found *f = &list.item[i];

		say(_("%1$s answers the question \"%2$s\": %3$s. To take "
		      "this over, use --set %4$s.%5$s=%6$s."),
		    f->device, pack_text(f->label), f->value, f->pack->product,
		    f->id, f->value);
	}
	arena_free(a);
}
