/* SPDX-License-Identifier: MIT */
/* On which paper, and in which language. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/views/export_choice.h"

#define SIZE_ID "paper."
#define LANGUAGE_ID "language."

static const struct {
	enum sheet_size size;
	const char *word, *label;
} sizes[] = {
    {SHEET_A4, "a4", N_("A4 (210 x 297 mm)")},
    {SHEET_LETTER, "letter", N_("Letter (8.5 x 11 in)")},
};
#define NSIZES (sizeof sizes / sizeof *sizes)

static void
build(struct screen *sc, struct frame *f)
{
	const char *language = sc->site->record->site.language;
	struct page *p = &f->page;
	struct paper_choice c;
	size_t i;
	int k;

	choice_load(sc, p->arena, &c);
	page_heading(p, _("Paper of the PDF and of what a browser prints"));
	for (i = 0; i < NSIZES; i++)
		page_option(p,
		    arena_printf(p->arena, SIZE_ID "%s", sizes[i].word),
		    "paper", _(sizes[i].label), c.size == sizes[i].size)
		    ->index = i;
	page_heading(p, _("Language of the papers"));
	page_option(p, LANGUAGE_ID, "language", _("The same as on this screen"),
	    settings_known(language) == NULL)
	    ->data = "";
	for (k = 0; k < settings_language_count; k++)
		page_option(p,
		    arena_printf(p->arena, LANGUAGE_ID "%s",
			settings_languages[k].code),
		    "language", settings_languages[k].name,
		    strcmp(settings_languages[k].code, language) == 0)
		    ->data = settings_languages[k].code;
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	struct site_info info = sc->site->record->site;
	struct error err;
	struct paper_choice c;

	if (strncmp(i->id, SIZE_ID, strlen(SIZE_ID)) == 0) {
		choice_load(sc, f->page.arena, &c);
		choice_set_size(sc, &c, sizes[i->index].size);
		return;
	}
	info.language = (char *)(uintptr_t)i->data;
	if (site_set_info(sc->site, &info, &err) != 0)
		screen_say_error(sc, &err);
	sc->dirty = true;
}

const struct view view_export_shape = {
    .name = "export-shape",
    .title = N_("Paper and language"),
    .help = N_("The paper is kept for all sites, the language for this one: "
	       "it is the same choice as on the page about the site."),
    .build = build,
    .activate = activate,
};
