/* SPDX-License-Identifier: MIT */
/* Owns the site that is laid aside while a handover is looked at. */
#include "tui/screen/view.h"

void
screen_swap_aside(struct screen *sc)
{
	struct site *site = sc->site;
	struct walk *walk = sc->walk;

	sc->site = sc->aside;
	sc->walk = sc->walk_aside;
	sc->aside = site;
	sc->walk_aside = walk;
	sc->dirty = true;
}

void
screen_lay_aside(struct screen *sc, struct site *shown)
{
	screen_swap_aside(sc);
	sc->site = shown;
}

void
screen_take_back(struct screen *sc)
{
	site_close(sc->site);
	sc->site = NULL;
	screen_swap_aside(sc);
}
