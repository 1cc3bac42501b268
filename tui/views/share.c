/* SPDX-License-Identifier: MIT */
/* A copy of the handover for support: which sections it masks and leaves out,
 * what that comes to, and where it is written. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/export.h"
#include "tui/screen/view.h"
#include "tui/work/folder.h"
#include "tui/work/key.h"
#include "tui/work/papers.h"
#include "tui/work/share.h"
#include "tui/work/shelf.h"

#define HANDOVER_MAX ((size_t)64 << 20)
#define SIGNATURE_MAX ((size_t)1 << 20)
#define COPY_ID "share.copy"
#define MAP_ID "share.map"
#define WITH_MAP_ID "@map"
#define SECTION "@section."
#define HEAD (SEAL_NSECTIONS - 1)

struct state {
	struct arena *arena;
	struct share share;
	struct buf data, sig; /* the original */
	const char *original; /* its path; NULL: made of the site just now */
	bool made;            /* share holds the copy of what is chosen */
	struct error trouble; /* why there is none */
	bool with_map;
	char *copy, *map; /* as they are typed */
};

static const char *const state_labels[] = {N_("Shown as it is"), N_("Masked"),
    N_("Left out")};

/* --- the original ------------------------------------------------------ */

/* The one that was written last in this session has its signature; without
 * one it is made of the site. */
static int
read_written(struct screen *sc, struct state *s)
{
	struct error err = {0};
	const char *sig;
	struct stat st;

	if (sc->exported == NULL)
		return -1;
	s->original = arena_printf(s->arena, "%s/handover.json", sc->exported);
	sig = arena_printf(s->arena, "%s.sig", s->original);
	if (file_read(s->original, HANDOVER_MAX, &s->data, &err) == 0 &&
	    (stat(sig, &st) != 0 ||
		file_read(sig, SIGNATURE_MAX, &s->sig, &err) == 0))
		return 0;
	s->original = NULL;
	buf_clear(&s->data);
	return -1;
}

static int
seal_now(struct screen *sc, struct state *s)
{
	struct export_options opt = {.now_us = clock_wall_us()};
	int rc;

	rc = screen_open_key(sc, NULL, &opt.signer, &s->trouble);
	papers_begin(sc->site);
	if (rc == 0)
		rc = site_issue(sc->site, &s->trouble);
	if (rc == 0)
		rc = export_write(export_find(EXPORT_HANDOVER, "json"),
		    sc->site->record, &opt, &s->data, &s->trouble);
	papers_end(sc->site);
	screen_close_key(sc, opt.signer);
	return rc;
}

static char *
usual_path(struct screen *sc, struct state *s, const char *ending)
{
	return shelf_beside(s->arena, sc->site->file, ending);
}

static void
open_share(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	s->arena = arena_new();
	share_init(&s->share);
	buf_init(&s->data, HANDOVER_MAX);
	buf_init(&s->sig, SIGNATURE_MAX);
	s->copy = usual_path(sc, s, "-support.json");
	s->map = usual_path(sc, s, "-support-map.json");
	if (read_written(sc, s) != 0)
		(void)seal_now(sc, s);
}

static void
close_share(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	buf_free(&s->data);
	buf_free(&s->sig);
	share_free(&s->share);
	arena_free(s->arena);
}

static void
make(struct state *s)
{
	if (s->made || s->data.len == 0)
		return;
	s->trouble = (struct error){0};
	s->made = share_make(&s->share, s->data.data, s->data.len,
		      s->sig.len > 0 ? buf_str(&s->sig) : NULL, s->sig.len,
		      &s->trouble) == 0;
}

/* --- the page ---------------------------------------------------------- */

static void
build_sections(struct page *p, const struct state *s)
{
	size_t i;

	page_heading(p, _("What the copy holds"));
	page_hint(p, _("Enter on a line: masked, left out, shown as it is."));
	for (i = 0; i < HEAD; i++)
		page_row(p,
		    arena_printf(p->arena, SECTION "%s", seal_sections[i].name),
		    arena_printf(p->arena, _("%1$s: %2$s"),
			_(state_labels[s->share.want[i]]),
			seal_label(seal_sections[i].name)))
		    ->verb = _("Change");
	if (!share_can_be_judged(&s->share))
		page_text(p, ROLE_WARN, 2,
		    _("Support cannot judge it again, since something that is "
		      "needed for that is left out."));
}

/* This is the owner's own screen, so the originals are shown. */
static void
build_counts(struct page *p, const struct state *s)
{
	size_t i;

	page_blank(p);
	page_heading(p, _("What is masked, always the same by the same"));
	if (!s->made) {
		page_text(p, ROLE_BAD, 2,
		    s->trouble.what[0] != '\0' ?
			s->trouble.what :
			_("There is no handover yet of which a copy could be "
			  "made."));
		return;
	}
	for (i = 0; i < SHARE_KINDS; i++) {
		const struct share_count *c = &s->share.of[i];

		if (c->count > 0)
			page_textf(p, ROLE_NORMAL, 2,
			    _("%1$s; %2$s stands for %3$s"),
			    share_count_text(p->arena, (enum share_kind)i,
				c->count),
			    c->token, c->original);
	}
	if (s->share.seal.verdict == SEAL_SIGNED)
		page_textf(p, ROLE_NORMAL, 2,
		    _("It verifies by the signature of the original, by the "
		      "key %s."),
		    s->share.seal.key.fingerprint);
	else
		page_text(p, ROLE_NORMAL, 2,
		    _("It verifies as its original does, which nobody "
		      "signed."));
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;

	(void)sc;
	make(s);
	page_text(p, ROLE_NORMAL, 0,
	    _("Support can read, verify and judge this copy, and does not see "
	      "whose it is. Your own handover stays as it is."));
	if (s->original != NULL)
		page_textf(p, ROLE_NORMAL, 0, _("It is made of %s."),
		    s->original);
	else
		page_text(p, ROLE_NORMAL, 0,
		    _("It is made of the site as it is now."));
	page_blank(p);
	build_sections(p, s);
	build_counts(p, s);
	page_blank(p);
	page_heading(p, _("Where it is written"));
	page_field(p, COPY_ID, _("Copy"), s->copy);
	page_check(p, WITH_MAP_ID,
	    _("Write the map, too: it says what stands for what. It stays with "
	      "you; do not send it."),
	    s->with_map);
	if (s->with_map) {
		page_field(p, MAP_ID, _("Map"), s->map);
		if (share_is_among_papers(s->map))
			page_text(p, ROLE_WARN, 2,
			    _("It stands among papers that are handed on; "
			      "move it elsewhere."));
	}
	p->next = _("Write the copy");
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	struct state *s = f->state;
	size_t k;

	(void)sc;
	if (strcmp(i->id, WITH_MAP_ID) == 0)
		s->with_map = !s->with_map;
	for (k = 0; k < HEAD; k++) {
		if (strncmp(i->id, SECTION, strlen(SECTION)) != 0 ||
		    strcmp(i->id + strlen(SECTION), seal_sections[k].name) != 0)
			continue;
		s->share.want[k] = (enum seal_state)(
		    (s->share.want[k] + 1) % (SEAL_WITHHELD + 1));
		s->made = false;
	}
}

static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;

	(void)sc;
	(void)leaving;
	*(strcmp(i->id, COPY_ID) == 0 ? &s->copy :
					&s->map) = arena_strdup(s->arena, text);
}

/* --- writing ----------------------------------------------------------- */

static void
write_now(struct screen *sc)
{
	struct frame *f = screen_top(sc);
	struct state *s = f->state;
	struct error err = {0};
	const char *copy = folder_path(s->arena, s->copy, &err), *map = NULL;

	if (copy != NULL && s->with_map)
		map = folder_path(s->arena, s->map, &err);
	if (copy == NULL || (s->with_map && map == NULL) ||
	    share_write(&s->share, s->original == NULL ? "" : s->original, copy,
		map, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	if (map == NULL)
		screen_say(sc, ROLE_GOOD, _("The copy for support is in %s."),
		    copy);
	else
		screen_say(sc, ROLE_GOOD,
		    _("The copy for support is in %1$s, and its map, readable "
		      "by you alone, in %2$s."),
		    copy, map);
}

static void
ask(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct error err = {0};
	const char *copy = folder_path(s->arena, s->copy, &err);

	if (!s->made || copy == NULL) {
		screen_say(sc, ROLE_BAD, "%s",
		    copy == NULL ?
			err.what :
			_("There is no copy that could be written."));
		return;
	}
	screen_ask(sc,
	    arena_printf(s->arena,
		access(copy, F_OK) == 0 ?
		    _("The file %s is replaced by this copy. Write?") :
		    _("The copy is written to %s. Write?"),
		copy),
	    _("No, write nothing"), _("Yes, write it"), write_now);
}

const struct view view_share = {
    .name = "share",
    .title = N_("Copy for support"),
    .help = N_("People, places and addresses become tokens, the same one for "
	       "the same thing in every copy of this site. What somebody typed "
	       "freely becomes one token as a whole. What the vendors document "
	       "stays readable. Nothing is written before you press the "
	       "button and say yes."),
    .consent = N_("Press Enter to write the copy."),
    .state_size = sizeof(struct state),
    .open = open_share,
    .close = close_share,
    .build = build,
    .activate = activate,
    .typed = typed,
    .next = ask,
};
