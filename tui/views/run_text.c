/* SPDX-License-Identifier: MIT */
/* The text by which the run's rows are filtered. What is typed holds at
 * once, also when one leaves by Esc. */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/views/run_rows.h"

#define FIELD_ID "run.text"

static void
build(struct screen *sc, struct frame *f)
{
	struct page *p = &f->page;
	const struct run *run = sc->site->run != NULL ? sc->site->run :
							sc->site->ended;
	struct run_rows rows;

	run_rows_collect(sc, sc->again && sc->site->run == NULL ? NULL : run,
	    p->arena, &rows);
	page_field(p, FIELD_ID, _("Show only checks with"), sc->run_look.text);
	page_text(p, ROLE_NORMAL, 2, run_rows_filter_text(sc, p->arena, &rows));
	page_text(p, ROLE_QUIET, 2,
	    _("For example a name, a port, a protocol or a reason. An empty "
	      "field shows all."));
	p->next = _("Show them");
	p->next_verb = _("Show");
	p->first = FIELD_ID;
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct run_look *look = &sc->run_look;
	size_t len = text_prefix(text, RUN_TEXT_MAX / 4);

	(void)f;
	(void)i;
	(void)leaving;
	if (len >= sizeof look->text)
		len = sizeof look->text - 1;
	while (len > 0 && (text[len] & 0xc0) == 0x80)
		len--;
	memcpy(look->text, text, len);
	look->text[len] = '\0';
	if (text_is_space(look->text))
		look->text[0] = '\0';
}

static void
show(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_pop(sc);
}

const struct view view_run_text = {
    .name = "run-text",
    .title = N_("Filter by text"),
    .help = N_("Only checks that have this text in their name, state or "
	       "reason are shown on the page of the run. Large and small "
	       "letters are the same."),
    .build = build,
    .typed = typed,
    .next = show,
};
