/* SPDX-License-Identifier: MIT */
/* Owns the copy of a page to a file, to be mailed: plain text, beside the
 * site's file, never over another file unasked. */
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "tui/views/evidence.h"
#include "tui/work/shelf.h"
#include "tui/work/words.h"

#define COPY_COLS 80
#define COPY_MAX ((size_t)8 << 20)
#define NAME_MAX_BYTES 120

/* Only what every system takes in a name of a file. */
static char *
safe_name(struct arena *a, const char *name)
{
	char *copy = arena_printf(a, "%.*s", NAME_MAX_BYTES, name), *c;

	for (c = copy; *c != '\0'; c++) {
		if (strchr("abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
			*c) == NULL)
			*c = '-';
	}
	return copy;
}

static char *
path_of(const struct screen *sc, struct arena *a, const char *name)
{
	return shelf_beside(a, sc->site->file,
	    arena_printf(a, "-%s.txt", safe_name(a, name)));
}

static void
add_head(struct screen *sc, struct buf *out, struct arena *a)
{
	const struct record *r = sc->site->record;

	buf_addf(out, "%s\n", screen_title(sc));
	buf_addf(out, _("Site: %s\n"), r->site.name);
	if (*r->site.address != '\0')
		buf_addf(out, _("Address: %s\n"), r->site.address);
	if (r->started_us != 0)
		buf_addf(out, _("Checked: %1$s (local time, %2$s) from %3$s\n"),
		    evidence_time(a, r->started_us),
		    evidence_zone(a, r->started_us),
		    words_list(a, &r->vantage.addresses));
	buf_addf(out, _("Written: %1$s by sitewalk %2$s\n\n"),
	    evidence_time(a, clock_wall_us()), SITEWALK_VERSION);
}

static int
write_text(struct screen *sc, struct frame *f, const char *path,
    void (*more)(struct screen *sc, struct frame *f, struct buf *out),
    struct error *err)
{
	struct arena *a = arena_new();
	struct buf out;
	int rc;

	buf_init(&out, COPY_MAX);
	add_head(sc, &out, a);
	page_to_text(&f->page, COPY_COLS, &out);
	if (more != NULL)
		more(sc, f, &out);
	if (out.overflowed)
		rc = error_set(err, ERR_INPUT,
		    _("This page is too long to be copied."));
	else
		rc = file_write_atomic(path, buf_str(&out), out.len, err);
	buf_free(&out);
	arena_free(a);
	return rc;
}

void
evidence_copy(struct screen *sc, const char *name,
    void (*more)(struct screen *sc, struct frame *f, struct buf *out),
    void (*replace)(struct screen *sc))
{
	struct frame *f = screen_top(sc);
	/* The question is read while this page waits below it. */
	struct arena *a = f->page.arena;
	const char *path = path_of(sc, a, name);
	struct error err = {0};

	if (replace != NULL && access(path, F_OK) == 0) {
		screen_ask(sc,
		    arena_printf(a,
			_("The file %s is there already. Replace it?"), path),
		    _("No, keep the old file"), _("Yes, replace it"), replace);
		return;
	}
	if (write_text(sc, f, path, more, &err) != 0)
		screen_say_error(sc, &err);
	else
		screen_say(sc, ROLE_GOOD, _("Written to %s"), path);
}
