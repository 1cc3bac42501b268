/* SPDX-License-Identifier: MIT */
/* Choice of the products; several may be chosen. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/view.h"

static void
build(struct screen *sc, struct frame *f)
{
	struct page *p = &f->page;
	const struct record *r = sc->site->record;
	size_t i;

	page_text(p, ROLE_NORMAL, 0,
	    _("Tick what is or will be installed here, with Space or Enter. "
	      "Tab leads to the button below."));
	page_blank(p);
	for (i = 0; i < sc->app.packs->count; i++) {
		const struct pack *pack = sc->app.packs->pack[i];
		struct item *it = page_check(p, pack->product,
		    pack_text(pack->title),
		    strlist_has(&r->products, pack->product));

		it->verb = it->on ? _("Take off") : _("Tick");
		it->data = pack;
		page_textf(p, ROLE_QUIET, 4,
		    P_("%s (%zu need, %zu questions at most)",
			"%s (%zu needs, %zu questions at most)",
			pack->nrequirements),
		    pack_text(pack->about), pack->nrequirements,
		    pack->nquestions);
	}
	for (i = 0; i < sc->app.packs->mistakes.count; i++) {
		const struct mistake *m = &sc->app.packs->mistakes.item[i];

		page_textf(p, ROLE_WARN, 0,
		    _("The file %s was left out, since it has a mistake in "
		      "line %u: %s"),
		    m->file, m->place.line, m->text)
		    ->glyph = GLYPH_WARN;
	}
	p->next = screen_next_label(sc, p->arena);
}

/* Keeps the order of the packs, whatever the order of ticking. */
static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const struct record *r = sc->site->record;
	struct strlist chosen = {NULL, 0};
	struct arena *a = arena_new();
	struct error err;
	size_t k;

	(void)f;
	for (k = 0; k < sc->app.packs->count; k++) {
		char *product = sc->app.packs->pack[k]->product;
		bool on = strlist_has(&r->products, product);

		if (strcmp(product, i->id) == 0)
			on = !on;
		if (on)
			strlist_add(a, &chosen, product);
	}
	if (site_set_products(sc->site, &chosen, &err) != 0)
		screen_say_error(sc, &err);
	arena_free(a);
	screen_refresh_walk(sc);
}

const struct view view_products = {
    .name = "products",
    .help = N_("Each product brings its own questions, checks and steps. "
	       "Taking a product off keeps its answers."),
    .build = build,
    .activate = activate,
};
