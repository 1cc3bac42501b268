/* SPDX-License-Identifier: MIT */
/* The papers on the screen, exactly as their text forms are written, at the
 * width of the window. What is shown is of the moment it was opened. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/record/edition.h"
#include "tui/views/export_choice.h"
#include "tui/work/papers.h"

#define PAPER_MAX ((size_t)64 << 20)
#define COLS_DEFAULT 80 /* where there is no window */
#define COLS_MIN (SCREEN_MIN_COLS - 1)
#define COLS_MAX 96 /* as wide as a page shows text */
#define LINES_MAX 20000

struct state {
	struct arena *arena; /* of the text; NULL: to be made */
	enum export_document document;
	enum request_scope scope;
	int ncols;
	struct strlist lines;
	bool cut;
	struct edition before; /* the last one that was issued */
	bool draft;            /* this content was not issued yet */
	char *unsigned_why;    /* the key that was chosen cannot sign */
};

/* arg: "sheet all", "request needed"; NULL is the sheet. */
static void
open_preview(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	s->document = f->arg != NULL && strncmp(f->arg, "request", 7) == 0 ?
	    EXPORT_REQUEST :
	    EXPORT_HANDOVER;
	s->scope = f->arg != NULL && strstr(f->arg, " all") != NULL ?
	    SCOPE_ALL :
	    SCOPE_NEEDED;
}

static void
close_preview(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

static int
window_cols(const struct screen *sc)
{
	/* The last column shows that there is more. */
	int n = sc->surface.ncols > 0 ? sc->surface.ncols - 1 : COLS_DEFAULT;

	return n < COLS_MIN ? COLS_MIN : n > COLS_MAX ? COLS_MAX : n;
}

static void
split(struct state *s, const char *text)
{
	const char *end;

	for (; *text != '\0' && s->lines.count < LINES_MAX; text = end) {
		end = text + strcspn(text, "\n");
		strlist_add(s->arena, &s->lines,
		    arena_strndup(s->arena, text, (size_t)(end - text)));
		end += *end == '\n';
	}
	s->cut = *text != '\0';
}

/* Of the same bytes as the files would be of, but that no edition is issued:
 * what the record said of both before is put back. */
static int
render(struct screen *sc, struct state *s, struct error *err)
{
	const struct export_format *x = export_find(s->document, "text");
	struct record *r = sc->site->record;
	struct edition edition = r->edition;
	char *as_of = r->as_of;
	struct paper_choice choice;
	struct export_options opt = {.ncols = s->ncols,
	    .now_us = clock_wall_us()};
	struct error why;
	struct buf out;
	int rc;

	choice_load(sc, s->arena, &choice);
	opt.scope = s->scope;
	opt.size = choice.size;
	s->unsigned_why = NULL;
	if (choice_signer(sc, &opt.signer, &why) != 0)
		s->unsigned_why = arena_printf(s->arena, "%s %s", why.what,
		    why.hint);
	buf_init(&out, PAPER_MAX);
	papers_begin(sc->site);
	rc = site_recall(sc->site, &s->before, err);
	s->before.id = arena_strdup(s->arena, s->before.id);
	s->draft = edition_is_draft(&r->edition);
	if (rc == 0)
		rc = export_write(x, r, &opt, &out, err);
	r->edition = edition;
	r->as_of = as_of;
	papers_end(sc->site);
	if (rc == 0)
		split(s, buf_str(&out));
	buf_free(&out);
	screen_close_key(sc, opt.signer);
	return rc;
}

static void
renew(struct screen *sc, struct state *s)
{
	struct error err;
	int ncols = window_cols(sc);

	if (s->arena != NULL && s->ncols == ncols)
		return;
	arena_free(s->arena);
	s->arena = arena_new();
	memset(&s->lines, 0, sizeof s->lines);
	s->ncols = ncols;
	if (render(sc, s, &err) != 0)
		screen_say_error(sc, &err);
}

/* What is not on the paper yet. */
static void
build_edition(struct screen *sc, struct page *p, const struct state *s)
{
	if (s->unsigned_why != NULL) {
		page_text(p, ROLE_WARN, 0,
		    _("It is shown unsigned, since the key that was chosen "
		      "cannot sign now:"))
		    ->glyph = GLYPH_WARN;
		page_text(p, ROLE_NORMAL, 2, s->unsigned_why);
	}
	if (!s->draft || sc->site->read_only || sc->site->file == NULL)
		return;
	if (screen_is_running(sc))
		page_text(p, ROLE_NORMAL, 0,
		    _("Checks are still running, so this is a draft without "
		      "a number."));
	else if (s->before.version == 0)
		page_text(p, ROLE_NORMAL, 0,
		    _("It has no number yet: it becomes version 1 when the "
		      "files are written."));
	else
		page_textf(p, ROLE_NORMAL, 0,
		    _("It has no number yet: when the files are written it "
		      "becomes version %1$u, which takes the place of %2$s."),
		    s->before.version + 1, s->before.id);
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;
	size_t i;

	page_option(p, "sheet", "paper", _("Handover sheet"),
	    s->document == EXPORT_HANDOVER)
	    ->verb = _("Show");
	page_option(p, "request", "paper",
	    s->scope == SCOPE_ALL ? _("Change request, everything") :
				    _("Change request, what is needed"),
	    s->document == EXPORT_REQUEST)
	    ->verb = _("Show");
	renew(sc, s);
	build_edition(sc, p, s);
	page_blank(p);
	for (i = 0; i < s->lines.count; i++)
		page_text(p, ROLE_NORMAL, -2, s->lines.item[i]);
	if (s->cut)
		page_text(p, ROLE_WARN, -2,
		    _("The paper is longer than what is shown here; all of it "
		      "stands in the file."));
	p->first = s->document == EXPORT_REQUEST ? "request" : "sheet";
}

static void
show(struct screen *sc, struct frame *f, enum export_document document)
{
	struct state *s = f->state;

	if (s->document == document)
		return;
	s->document = document;
	arena_free(s->arena);
	s->arena = NULL;
	f->page.top = 0;
	page_focus(&f->page, document == EXPORT_REQUEST ? "request" : "sheet");
	sc->dirty = true;
}

static void
act_sheet(struct screen *sc, struct frame *f)
{
	show(sc, f, EXPORT_HANDOVER);
}

static void
act_request(struct screen *sc, struct frame *f)
{
	show(sc, f, EXPORT_REQUEST);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	if (strcmp(i->id, "request") == 0)
		act_request(sc, f);
	else
		act_sheet(sc, f);
}

static const struct action actions[] = {
    {'s', "s", N_("Sheet"), N_("Show the handover sheet."), act_sheet, NULL},
    {'c', "c", N_("Request"), N_("Show the change request."), act_request,
	NULL},
};

const struct view view_preview = {
    .name = "preview",
    .title = N_("The papers as they are written"),
    .help = N_("This is the text of the file, with lines as wide as this "
	       "window. It shows the moment at which you opened it. Nothing "
	       "is written here."),
    .state_size = sizeof(struct state),
    .actions = actions,
    .nactions = sizeof actions / sizeof *actions,
    .open = open_preview,
    .close = close_preview,
    .build = build,
    .activate = activate,
};
