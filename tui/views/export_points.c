/* SPDX-License-Identifier: MIT */
/* What an IT desk would ask about the change request, before it is sent. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/export/request/lint.h"
#include "core/export/request/request_words.h"
#include "tui/views/export_choice.h"

struct state {
	struct arena *arena;
	struct lint lint;
};

static void
open_points(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct paper_choice c;

	s->arena = arena_new();
	choice_load(sc, s->arena, &c);
	lint_request(s->arena, sc->site->record,
	    &(struct export_options){.scope = c.scope,
		.now_us = clock_wall_us()},
	    &s->lint);
}

static void
close_points(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;
	struct page *p = &f->page;
	size_t i;

	(void)sc;
	page_text(p, ROLE_NORMAL, 0,
	    _("What a desk may ask about the change request. Nothing of it "
	      "keeps you from writing the papers, and the request itself says "
	      "it too."));
	page_blank(p);
	if (s->lint.count == 0)
		page_text(p, ROLE_GOOD, 0, _("There is nothing to ask about."))
		    ->glyph = GLYPH_PASS;
	for (i = 0; i < s->lint.count; i++) {
		const struct lint_finding *x = &s->lint.finding[i];
		struct item *it = page_text(p,
		    x->severity == LINT_NOTE ? ROLE_NORMAL : ROLE_WARN, 0,
		    x->text);

		it->word = lint_severity_label(x->severity);
		if (x->severity == LINT_SERIOUS)
			it->glyph = GLYPH_WARN;
		page_textf(p, ROLE_NORMAL, 4, _("Rows: %s"),
		    request_some_ids(p->arena, &x->rows));
	}
}

const struct view view_export_points = {
    .name = "export-points",
    .title = N_("Points about the change request"),
    .help = N_("\"serious\": most desks send it back. \"warning\": they will "
	       "ask. \"note\": good to know."),
    .state_size = sizeof(struct state),
    .open = open_points,
    .close = close_points,
    .build = build,
};
