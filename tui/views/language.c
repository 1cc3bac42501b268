/* SPDX-License-Identifier: MIT */
/* The language of all texts: the only thing that a first start asks, and
 * changeable from the list of sites at any time. Each language is named in
 * itself, and the page speaks the one that has the focus. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "tui/screen/view.h"

struct state {
	const char *before; /* what is spoken unless something is chosen */
};

static void
open_language(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->before = settings_known(sc->settings.language);
	if (s->before == NULL)
		s->before = settings_of_system();
}

static void
close_language(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	settings_speak(s->before);
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;
	const char *now = settings_known(p->focus);
	int i;

	(void)sc;
	settings_speak(now != NULL ? now : s->before);
	page_text(p, ROLE_NORMAL, 0,
	    _("In which language shall sitewalk speak to you?"));
	page_blank(p);
	for (i = 0; i < settings_language_count; i++)
		page_row(p, settings_languages[i].code,
		    settings_languages[i].name)
		    ->verb = _("Choose");
	page_blank(p);
	page_text(p, ROLE_QUIET, 0,
	    _("You can change it later, in the list of sites."));
	p->first = s->before;
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	struct state *s = f->state;
	const char *code = settings_known(i->id);
	struct error err;

	if (code == NULL)
		return;
	s->before = code;
	snprintf(sc->settings.language, sizeof sc->settings.language, "%s",
	    code);
	sc->settings.found = true;
	settings_speak(code);
	if (sc->site != NULL) {
		/* Sentences that are kept with the record. */
		if (!screen_is_running(sc))
			site_assess(sc->site);
		screen_refresh_walk(sc);
	}
	screen_pop(sc);
	if (settings_save(&sc->settings, &err) != 0)
		screen_say_error(sc, &err);
}

const struct view view_language = {
    .name = "language",
    .title = N_("Language"),
    .help = N_("All texts on the screen and on the papers are in this "
	       "language. The commands, which other programs may read, speak "
	       "the language of the system."),
    .state_size = sizeof(struct state),
    .open = open_language,
    .close = close_language,
    .build = build,
    .activate = activate,
};
