/* SPDX-License-Identifier: MIT */
/* One question with two answers, the safe one first. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/screen/view.h"

static void
build(struct screen *sc, struct frame *f)
{
	const struct confirm *c = f->state;
	struct page *p = &f->page;

	(void)sc;
	page_text(p, ROLE_TITLE, 0, c->question);
	page_blank(p);
	page_row(p, "no", c->no)->verb = _("Choose");
	page_row(p, "yes", c->yes)->verb = _("Choose");
	p->first = "no";
}

static void
answer_yes(struct screen *sc, struct frame *f)
{
	const struct confirm *c = f->state;
	void (*run)(struct screen * sc) = c->run;

	screen_pop(sc);
	/* While it was asked, things went on behind the page below. */
	screen_build(sc);
	run(sc);
}

static void
answer_no(struct screen *sc, struct frame *f)
{
	(void)f;
	screen_pop(sc);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	if (strcmp(i->id, "yes") == 0)
		answer_yes(sc, f);
	else
		answer_no(sc, f);
}

static const struct action actions[] = {
    {'y', "y", N_("Yes"), N_("Yes."), answer_yes, NULL},
    {'n', "n", N_("No"), N_("No; the safe answer."), answer_no, NULL},
};

const struct view view_confirm = {
    .name = "confirm",
    .title = N_("Please decide"),
    .help = N_("The first answer is the safe one. Esc is No, too."),
    .state_size = sizeof(struct confirm),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .build = build,
    .activate = activate,
};
