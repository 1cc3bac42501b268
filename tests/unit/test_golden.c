/* SPDX-License-Identifier: MIT */
/* Every page of the wizard as it is drawn, held against tests/golden: at
 * three sizes, in English, in German and in a language that is 40 % longer;
 * with signs in UTF-8 and in ASCII; with what each cell means. GOLDEN=update
 * in the environment writes what is drawn: read the difference before it is
 * committed. The site is that of "make demo" after a run in the lab. */
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/record/json.h"
#include "tests/unit/golden_scenes.h"
#include "tests/unit/harness.h"

#define TOP_MAX 4096
#define PICTURE_MAX (1 << 20)
#define TELL_MAX 12 /* differences that are told */

static const struct language {
	const char *code;
	const char *folder; /* of the catalogues, below the top */
} languages[] = {
    {"en", "build/locale"},
    {"de", "build/locale"},
    {"qps", "build/pseudo"},
};

static const struct size {
	int nrows, ncols;
} sizes[] = {{10, 40}, {24, 80}, {43, 132}};
#define NSIZES (sizeof sizes / sizeof *sizes)

static char top[TOP_MAX];

static void
speak(const struct language *l)
{
	char folder[TOP_MAX + 64];

	snprintf(folder, sizeof folder, "%s/%s", top, l->folder);
	ck_assert_msg(access(folder, R_OK) == 0, "%s is not built", folder);
	bindtextdomain(I18N_DOMAIN, folder);
	bind_textdomain_codeset(I18N_DOMAIN, "UTF-8");
	bindtextdomain("sitewalk-packs", folder);
	bind_textdomain_codeset("sitewalk-packs", "UTF-8");
}

/* --- a picture --------------------------------------------------------- */

static void
add_rows(struct buf *out, const struct surface *s)
{
	int row;

	for (row = 0; row < s->nrows; row++) {
		buf_adds(out, "|");
		surface_row(s, row, out);
		buf_addc(out, '\n');
	}
}

/* Where something else than plain text stands: "3: 0-14 title, 20-22 bad". */
static void
add_roles(struct buf *out, const struct surface *s)
{
	static const char *const names[ROLE_COUNT] = {
	    [ROLE_NORMAL] = "normal",
	    [ROLE_TITLE] = "title",
	    [ROLE_QUIET] = "quiet",
	    [ROLE_GOOD] = "good",
	    [ROLE_WARN] = "warn",
	    [ROLE_BAD] = "bad",
	    [ROLE_FOCUS] = "focus",
	    [ROLE_FIELD] = "field",
	    [ROLE_KEY] = "key",
	};
	int row, col, from;

	for (row = 0; row < s->nrows; row++) {
		const struct cell *c = s->cell + (size_t)row * (size_t)s->ncols;
		bool any = false;

		for (col = 0; col < s->ncols; col = from) {
			for (from = col;
			     from < s->ncols && c[from].role == c[col].role;
			     from++)
				continue;
			if (c[col].role == ROLE_NORMAL)
				continue;
			if (!any)
				buf_addf(out, "%d:", row);
			any = true;
			buf_addf(out, " %d-%d %s", col, from - 1,
			    names[c[col].role]);
		}
		if (any)
			buf_addc(out, '\n');
	}
	buf_addf(out, "cursor %d,%d\n", s->cursor_row, s->cursor_col);
}

/* Rows that differ where only ASCII can be shown. */
static void
add_ascii(struct buf *out, struct screen *sc, const struct size *size)
{
	struct buf before[64], now;
	int row;

	for (row = 0; row < size->nrows; row++) {
		buf_init(&before[row], PICTURE_MAX);
		surface_row(&sc->surface, row, &before[row]);
	}
	sc->surface.utf8 = false;
	screen_draw(sc, size->nrows, size->ncols);
	for (row = 0; row < size->nrows; row++) {
		buf_init(&now, PICTURE_MAX);
		surface_row(&sc->surface, row, &now);
		if (strcmp(buf_str(&now), buf_str(&before[row])) != 0)
			buf_addf(out, "%d|%s\n", row, buf_str(&now));
		buf_free(&now);
		buf_free(&before[row]);
	}
	sc->surface.utf8 = true;
}

static void
draw_picture(struct buf *out, struct screen *sc, const struct size *size)
{
	screen_draw(sc, size->nrows, size->ncols);
	add_rows(out, &sc->surface);
	buf_adds(out, "-- roles\n");
	add_roles(out, &sc->surface);
	buf_adds(out, "-- ascii\n");
	add_ascii(out, sc, size);
	scenes_hide_moment(out->data, out->len);
}

/* --- holding it against what was judged right ---------------------------- */

static bool
is_update(void)
{
	const char *word = getenv("GOLDEN");

	return word != NULL && strcmp(word, "update") == 0;
}

static void
tell_difference(const char *path, const char *want, const char *have)
{
	int line = 1;

	while (*want != '\0' && *want == *have) {
		line += *want == '\n';
		want++;
		have++;
	}
	while (line > 1 && want[-1] != '\n') {
		want--;
		have--;
	}
	printf("%s, line %d:\n  was %.*s\n  is  %.*s\n", path, line,
	    (int)strcspn(want, "\n"), want, (int)strcspn(have, "\n"), have);
}

static bool
is_as_before(const char *path, struct buf *picture)
{
	struct error err = {0};
	struct buf want;
	bool same;

	buf_init(&want, PICTURE_MAX);
	if (is_update()) {
		ck_assert_msg(file_write_atomic(path, buf_str(picture),
				  picture->len, &err) == 0,
		    "%s", err.what);
		return true;
	}
	if (file_read(path, PICTURE_MAX, &want, &err) != 0)
		printf("%s: %s\n", path, err.what);
	same = strcmp(buf_str(&want), buf_str(picture)) == 0;
	if (!same)
		tell_difference(path, buf_str(&want), buf_str(picture));
	buf_free(&want);
	return same;
}

static void
hold(const struct language *l, const struct size *size)
{
	char folder[TOP_MAX + 64], path[TOP_MAX + 160];
	struct error err = {0};
	struct scenes *sn;
	struct buf picture;
	int i, different = 0;

	setenv("TZ", "UTC", 1);
	tzset();
	setlocale(LC_ALL, "C.UTF-8");
	ck_assert_ptr_nonnull(getcwd(top, sizeof top));
	speak(l);
	snprintf(folder, sizeof folder, "%s/tests/golden/%s/%dx%d", top,
	    l->code, size->ncols, size->nrows);
	if (is_update())
		ck_assert_int_eq(file_make_dirs(folder, &err), 0);
	snprintf(path, sizeof path, "%s/tests/data/golden.json", top);
	sn = scenes_begin(path, l->code);
	for (i = 0; i < scene_count && different < TELL_MAX; i++) {
		struct size window = *size;

		if (!scene_size(i, &window.nrows, &window.ncols))
			continue;
		buf_init(&picture, PICTURE_MAX);
		scenes_go(sn, i, window.nrows, window.ncols);
		draw_picture(&picture, scenes_screen(sn), &window);
		snprintf(path, sizeof path, "%s/%s", folder, scene_name(i));
		different += !is_as_before(path, &picture);
		buf_free(&picture);
	}
	scenes_end(sn);
	ck_assert_msg(different == 0,
	    "%d pages are drawn otherwise; GOLDEN=update writes them",
	    different);
}

#define HOLD(name, language, size) \
	START_TEST(name) \
	{ \
		hold(&languages[language], &sizes[size]); \
	} \
	END_TEST

HOLD(english_small, 0, 0)
HOLD(english_usual, 0, 1)
HOLD(english_large, 0, 2)
HOLD(german_small, 1, 0)
HOLD(german_usual, 1, 1)
HOLD(german_large, 1, 2)
HOLD(longer_small, 2, 0)
HOLD(longer_usual, 2, 1)
HOLD(longer_large, 2, 2)

HARNESS("golden", english_small, english_usual, english_large, german_small,
    german_usual, german_large, longer_small, longer_usual, longer_large)
