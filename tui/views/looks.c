/* SPDX-License-Identifier: MIT */
/* Choice of the colours and signs, seen at once and kept for all sites. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "tui/screen/view.h"
#include "tui/work/words.h"

#define THEME_ID "theme:"
#define SIGNS_ID "signs:"

static const struct {
	const char *word;
	const char *label;
	const char *about;
} signs[] = {
    {"utf8", N_("Drawn signs"), N_("As far as the terminal can show them.")},
    {"ascii", N_("Plain letters"),
	N_("For terminals that show drawn signs and lines wrongly. Names keep "
	   "their letters.")},
};
#define NSIGNS (sizeof signs / sizeof *signs)

/* What is shown now: chosen for this time, or once for all. */
static const char *
theme_now(const struct screen *sc)
{
	const char *word = sc->app.opt.theme != NULL ? sc->app.opt.theme :
						       sc->settings.theme;

	return ui_is_theme(word) ? word : ui_themes[0].word;
}

static const char *
signs_now(const struct screen *sc)
{
	const char *word = sc->app.opt.signs != NULL ? sc->app.opt.signs :
						       sc->settings.signs;

	return strcmp(word, "ascii") == 0 ? "ascii" : "utf8";
}

static void
build_sample(struct page *p)
{
	static const struct {
		enum outcome outcome;
		const char *text;
	} samples[] = {
	    {OUTCOME_PASS, N_("What is proved.")},
	    {OUTCOME_WARN, N_("What works, and could be better.")},
	    {OUTCOME_FAIL, N_("What does not work.")},
	};
	size_t i;

	page_heading(p, _("An example"));
	for (i = 0; i < sizeof samples / sizeof *samples; i++) {
		const struct state_look *look = words_of_outcome(
		    samples[i].outcome);
		struct item *it = page_text(p, look->role, 0,
		    _(samples[i].text));

		it->glyph = look->glyph;
		it->word = _(look->word);
	}
}

/* Why a choice seems to change nothing. */
static void
build_limits(const struct screen *sc, struct page *p)
{
	if (sc->ui == NULL)
		return;
	if (!ui_has_colours(sc->ui))
		page_text(p, ROLE_NORMAL, 0,
		    _("There are no colours now: the terminal has none, or "
		      "NO_COLOR is set."));
	if (!ui_can_utf8(sc->ui))
		page_text(p, ROLE_NORMAL, 0,
		    _("The language of this terminal has no drawn signs, so "
		      "that plain letters stand for them."));
}

static void
build(struct screen *sc, struct frame *f)
{
	struct page *p = &f->page;
	size_t i;

	page_heading(p, _("Colours"));
	p->first = arena_printf(p->arena, THEME_ID "%s", theme_now(sc));
	for (i = 0; i < (size_t)ui_theme_count; i++) {
		page_option(p,
		    arena_printf(p->arena, THEME_ID "%s", ui_themes[i].word),
		    "theme", _(ui_themes[i].label),
		    strcmp(ui_themes[i].word, theme_now(sc)) == 0)
		    ->data = ui_themes[i].word;
		page_text(p, ROLE_QUIET, 4, _(ui_themes[i].about));
	}
	page_heading(p, _("Signs"));
	for (i = 0; i < NSIGNS; i++) {
		page_option(p,
		    arena_printf(p->arena, SIGNS_ID "%s", signs[i].word),
		    "signs", _(signs[i].label),
		    strcmp(signs[i].word, signs_now(sc)) == 0)
		    ->data = signs[i].word;
		page_text(p, ROLE_QUIET, 4, _(signs[i].about));
	}
	build_sample(p);
	build_limits(sc, p);
}

/* What was just chosen counts more than an option of the start. */
static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	bool is_theme = strncmp(i->id, THEME_ID, strlen(THEME_ID)) == 0;
	char *setting = is_theme ? sc->settings.theme : sc->settings.signs;
	struct ui_style style;
	struct error err;

	(void)f;
	snprintf(setting, SETTING_MAX, "%s", (const char *)i->data);
	if (is_theme)
		sc->app.opt.theme = NULL;
	else
		sc->app.opt.signs = NULL;
	if (settings_save(&sc->settings, &err) != 0)
		screen_say_error(sc, &err);
	if (sc->ui != NULL) {
		style.theme = theme_now(sc);
		style.signs = signs_now(sc);
		ui_set_style(sc->ui, &style);
		sc->surface.utf8 = ui_is_utf8(sc->ui);
	}
	sc->dirty = true;
}

const struct view view_looks = {
    .name = "looks",
    .title = N_("Colours and signs"),
    .help = N_("What you choose here is kept for all sites. Colours never "
	       "say anything alone: a word or a sign always says it too."),
    .build = build,
    .activate = activate,
};
