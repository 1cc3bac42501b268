/* SPDX-License-Identifier: MIT */
/* Which files an export has, one by one; and for which firewalls. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/views/export_page.h"
#include "tui/work/folder.h"

struct state {
	struct arena *arena;
	struct paper_choice choice;
};

static void
open_choice(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->arena = arena_new();
	choice_load(sc, s->arena, &s->choice);
}

static void
close_choice(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

/* The page below has worked them out; NULL: there is none. */
static const size_t *
sizes_below(const struct screen *sc, const struct frame *f)
{
	const struct frame *below = screen_below(sc, f);
	const struct export_page *s = below->state;

	return below->view == &view_export ? s->sizes : NULL;
}

/* --- single files --- */

static void
build_files(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;
	struct page *p = &f->page;
	const size_t *sizes = sizes_below(sc, f);
	int g;
	size_t i;

	for (g = EXPORT_SHEET; g < EXPORT_NGROUPS; g++) {
		page_heading(p, choice_group_label((enum export_group)g));
		for (i = 0; i < export_format_count; i++) {
			const struct export_format *x = export_formats[i];

			if (x->group != (enum export_group)g)
				continue;
			page_check(p, x->file,
			    arena_printf(p->arena,
				sizes == NULL ? _("%1$s: %2$s") :
						_("%1$s: %2$s (%3$s)"),
				_(x->label), x->file,
				sizes == NULL ?
				    "" :
				    folder_size(p->arena, sizes[i])),
			    choice_has(&s->choice, x))
			    ->index = i;
		}
	}
}

static void
activate_file(struct screen *sc, struct frame *f, const struct item *i)
{
	struct state *s = f->state;

	if (i->kind == ITEM_CHECK)
		choice_set_file(sc, &s->choice, export_formats[i->index],
		    !i->on);
}

const struct view view_export_files = {
    .name = "export-files",
    .title = N_("Single files"),
    .help = N_("Each file that can be written. What is ticked here is kept "
	       "for this site."),
    .state_size = sizeof(struct state),
    .open = open_choice,
    .close = close_choice,
    .build = build_files,
    .activate = activate_file,
};

/* --- firewalls --- */

static void
build_firewalls(struct screen *sc, struct frame *f)
{
	const struct state *s = f->state;
	struct page *p = &f->page;
	const char *name;
	size_t i;

	(void)sc;
	page_text(p, ROLE_NORMAL, 0,
	    _("Tick what stands at this customer; the IT desk knows. It then "
	      "gets the rules in the language of its firewall, to be reviewed "
	      "there. Without any it has the change request, from which every "
	      "firewall can be set."));
	page_blank(p);
	for (i = 0; i < export_format_count; i++) {
		name = choice_firewall(export_formats[i]);
		if (name == NULL || strcmp(name, export_formats[i]->name) != 0)
			continue;
		page_check(p, name, export_formats[i]->firewall,
		    choice_has_firewall(&s->choice, name));
	}
}

static void
activate_firewall(struct screen *sc, struct frame *f, const struct item *i)
{
	struct state *s = f->state;

	if (i->kind == ITEM_CHECK)
		choice_set_firewall(sc, &s->choice,
		    arena_strdup(s->arena, i->id), !i->on);
}

const struct view view_export_firewalls = {
    .name = "export-firewalls",
    .title = N_("Which firewall has the customer?"),
    .help = N_("The rules are made from the same rows as the change request. "
	       "What is ticked here is kept for this site, and is what a new "
	       "site begins with."),
    .state_size = sizeof(struct state),
    .open = open_choice,
    .close = close_choice,
    .build = build_firewalls,
    .activate = activate_firewall,
};
