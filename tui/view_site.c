/* SPDX-License-Identifier: MIT */
/* Site details: who, where, and which network the devices are in. Stored at
 * every key. */
#include <stddef.h>
#include <string.h>

#include "core/base/i18n.h"
#include "tui/view.h"

static const struct {
	const char *id;
	const char *label;
	size_t offset;
} fields[] = {
    {"site.name", N_("Name of the site"), offsetof(struct site_info, name)},
    {"site.address", N_("Address"), offsetof(struct site_info, address)},
    {"site.customer", N_("Customer"), offsetof(struct site_info, customer)},
    {"site.installer", N_("Installing company"),
	offsetof(struct site_info, installer)},
    {"site.engineer", N_("Your name"), offsetof(struct site_info, engineer)},
    {"site.it_contact", N_("IT contact on site"),
	offsetof(struct site_info, it_contact)},
    {"site.device_zone", N_("Network of the devices"),
	offsetof(struct site_info, device_zone)},
    {"site.notes", N_("Notes"), offsetof(struct site_info, notes)},
};
#define NFIELDS (sizeof fields / sizeof *fields)

static char **
member(struct site_info *info, size_t offset)
{
	return (char **)(void *)((char *)info + offset);
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
    .typed = typed,
};
