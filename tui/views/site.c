/* SPDX-License-Identifier: MIT */
/* Site details: who, where, and which network the devices are in. Stored at
 * every key. */
#include <stddef.h>
#include <string.h>

#include "core/base/i18n.h"
#include "tui/screen/view.h"
#include "tui/work/settings.h"

static const struct {
	const char *id;
	const char *label;
	size_t offset;
} fields[] = {
    {"site.name", N_("Name of the site"), offsetof(struct site_info, name)},
    {"site.address", N_("Address"), offsetof(struct site_info, address)},
    {"site.project", N_("Project or order number"),
	offsetof(struct site_info, project)},
    {"site.customer", N_("Customer"), offsetof(struct site_info, customer)},
    {"site.customer_contact", N_("Their contact person"),
	offsetof(struct site_info, customer_contact)},
    {"site.installer", N_("Installing company"),
	offsetof(struct site_info, installer)},
    {"site.installer_contact", N_("Its phone or e-mail"),
	offsetof(struct site_info, installer_contact)},
    {"site.engineer", N_("Your name"), offsetof(struct site_info, engineer)},
    {"site.it_contact", N_("IT contact on site"),
	offsetof(struct site_info, it_contact)},
    {"site.device_zone", N_("Network of the devices"),
	offsetof(struct site_info, device_zone)},
    {"site.notes", N_("Notes"), offsetof(struct site_info, notes)},
};
#define LANGUAGE_ID "site.language."
#define NFIELDS (sizeof fields / sizeof *fields)

static char **
member(struct site_info *info, size_t offset)
{
	return (char **)(void *)((char *)info + offset);
}

/* Written down or measured on the pages of the steps, and changed there. */
static void
build_equipment(struct screen *sc, struct page *p)
{
	const struct record *r = sc->site->record;
	size_t i;

	if (r->nequipment == 0)
		return;
	page_heading(p, _("Equipment"));
	for (i = 0; i < r->nequipment; i++) {
		const struct equipment *e = &r->equipment[i];
		const struct pack *pack = pack_find(sc->app.packs, e->product);
		struct item *row;

		row = page_row(p,
		    arena_printf(p->arena, "e:%s.%s", e->product, e->item),
		    arena_printf(p->arena, _("%1$s: %2$s"), pack_text(e->label),
			e->value));
		row->data = e;
		row->verb = _("Change");
		row->note = arena_printf(p->arena,
		    strcmp(e->how, "measured") == 0 ? _("%s, measured") :
						      _("%s, written down"),
		    pack != NULL ? pack_text(pack->title) : e->product);
	}
}

static void
build_language(struct page *p, const char *code, const char *label, bool on)
{
	struct item *i = page_option(p,
	    arena_printf(p->arena, "%s%s", LANGUAGE_ID, code), "language",
	    label, on);

	/* Whoever goes down the page by Enter alone gets past it. */
	if (on)
		i->verb = _("Next line");
}

/* One of these is of the papers alone; what is on the screen stays. */
static void
build_languages(struct page *p, const char *language)
{
	int i;

	page_heading(p, _("Language of the papers"));
	build_language(p, "", _("The same as on this screen"),
	    settings_known(language) == NULL);
	for (i = 0; i < settings_language_count; i++)
		build_language(p, settings_languages[i].code,
		    settings_languages[i].name,
		    strcmp(settings_languages[i].code, language) == 0);
}

static void
choose_language(struct screen *sc, const char *code)
{
	struct site_info info = sc->site->record->site;
	struct error err;

	info.language = (char *)(uintptr_t)code;
	if (site_set_info(sc->site, &info, &err) != 0)
		screen_say_error(sc, &err);
	sc->dirty = true;
}

/* To the step that asks for it. */
static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	const struct equipment *e = i->data;
	size_t k, n;

	if (strncmp(i->id, LANGUAGE_ID, strlen(LANGUAGE_ID)) == 0) {
		if (i->on) {
			page_focus(&f->page, PAGE_NEXT_ID);
			return;
		}
		choose_language(sc, i->id + strlen(LANGUAGE_ID));
		return;
	}
	for (k = 0; e != NULL && k < walk_count(sc->walk); k++) {
		const struct walk_page *wp = walk_page(sc->walk, k);

		for (n = 0; wp->step != NULL && n < wp->step->nwrite_down;
		     n++) {
			if (strcmp(wp->pack->product, e->product) != 0 ||
			    strcmp(wp->step->write_down[n].id, e->item) != 0)
				continue;
			screen_go(sc, k);
			return;
		}
	}
}

static void
build(struct screen *sc, struct frame *f)
{
	struct page *p = &f->page;
	struct site_info info = sc->site->record->site;
	size_t i;

	page_text(p, ROLE_NORMAL, 0,
	    _("This stands at the head of all papers. Leave empty what you do "
	      "not know yet."));
	page_blank(p);
	for (i = 0; i < NFIELDS; i++)
		screen_field(sc, p, fields[i].id, _(fields[i].label),
		    *member(&info, fields[i].offset));
	page_blank(p);
	page_text(p, ROLE_NORMAL, 0,
	    _("Network of the devices: the VLAN, the Wi-Fi or the outlet where "
	      "the devices will be. Stand there with this computer when you "
	      "check."));
	build_languages(p, info.language);
	build_equipment(sc, p);
	p->next = screen_next_label(sc, p->arena);
	p->first = *info.name == '\0' ? fields[0].id : fields[1].id;
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct site_info info = sc->site->record->site;
	struct error err;
	size_t k;

	(void)f;
	(void)leaving;
	for (k = 0; k < NFIELDS && strcmp(fields[k].id, i->id) != 0; k++)
		continue;
	if (k == NFIELDS ||
	    strcmp(*member(&info, fields[k].offset), text) == 0) {
		screen_set_draft(sc, i->id, NULL, NULL);
		return;
	}
	*member(&info, fields[k].offset) = (char *)(uintptr_t)text;
	if (site_set_info(sc->site, &info, &err) != 0) {
		screen_set_draft(sc, i->id, text, err.what);
		screen_say_error(sc, &err);
		return;
	}
	screen_set_draft(sc, i->id, NULL, NULL);
}

const struct view view_site = {
    .name = "site",
    .help = N_("Everything is saved as you type. Enter goes to the next "
	       "line, and from the last one to the button that leads on."),
    .build = build,
    .activate = activate,
    .typed = typed,
};
