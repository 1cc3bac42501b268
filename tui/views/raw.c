/* SPDX-License-Identifier: MIT */
/* One measurement as the record keeps it, word for word. */
#include "core/base/i18n.h"
#include "tui/views/evidence.h"
#include "tui/work/words.h"

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	const struct observation *o = evidence_find(r, f->arg);
	struct page *p = &f->page;

	if (o == NULL) {
		page_text(p, ROLE_NORMAL, 0,
		    _("This measurement was replaced by a newer run."));
		return;
	}
	page_text(p, ROLE_TITLE, 0,
	    words_probe(p->arena, o->probe, o->host, o->address, o->port,
		o->protocol));
	page_text(p, ROLE_NORMAL, 0,
	    record_observation(r, o->id) != NULL ?
		_("This stands so in the record. Times are UTC.") :
		_("This is earlier evidence, judged no more. Times are "
		  "UTC."));
	page_blank(p);
	page_text(p, ROLE_NORMAL, 0, evidence_json(p->arena, o));
}

static void
replace(struct screen *sc)
{
	evidence_copy(sc, screen_top(sc)->arg, NULL, NULL);
}

static void
act_copy(struct screen *sc, struct frame *f)
{
	evidence_copy(sc, f->arg, NULL, replace);
}

static const struct action actions[] = {
    {'y', "y", N_("To a file"),
	N_("Write this page as text to a file beside the site's."), act_copy,
	NULL},
};

const struct view view_raw = {
    .name = "raw",
    .title = N_("All facts of one measurement"),
    .help = N_("What the program noted, word for word, as it stands in the "
	       "record that leaves the site."),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .build = build,
};
