/* SPDX-License-Identifier: MIT */
/* All pages of the walk: what is done, where one stands, what is to do. */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "tui/screen/view.h"

static const struct {
	enum glyph glyph;
	enum role role;
	const char *word;
} looks[] = {
    /* TRANSLATORS: this and the two below: max 10 columns */
    [WALK_TO_DO] = {GLYPH_WAIT, ROLE_NORMAL, N_("to do")},
    [WALK_BEGUN] = {GLYPH_RUN, ROLE_NORMAL, N_("begun")},
    [WALK_DONE] = {GLYPH_PASS, ROLE_GOOD, N_("done")},
};

static void
build(struct screen *sc, struct frame *f)
{
	struct page *p = &f->page;
	size_t i;

	page_text(p, ROLE_NORMAL, 0, _("Nothing is lost by jumping."));
	page_hint(p, _("Enter goes to a page."));
	page_blank(p);
	for (i = 0; i < walk_count(sc->walk); i++) {
		const struct walk_page *page = walk_page(sc->walk, i);
		enum walk_state state = walk_state(sc->walk, i);
		struct item *row;

		row = page_row(p, page->place, walk_title(page, p->arena));
		row->index = i;
		row->verb = _("Go there");
		row->glyph = looks[state].glyph;
		row->role = looks[state].role;
		row->word = _(looks[state].word);
		if (i == walk_index(sc->walk)) {
			row->value = _("(here)");
			p->first = row->id;
		}
	}
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	(void)f;
	screen_go(sc, i->index);
}

const struct view view_pages = {
    .name = "pages",
    .title = N_("All pages"),
    .help = N_("The whole way through this site, in order."),
    .build = build,
    .activate = activate,
};
