/* SPDX-License-Identifier: MIT */
/* Nothing on any golden screen is said by a colour or by heavy letters alone:
 * what is good, doubtful or bad has a sign or a word, and what has the focus
 * has a sign and the cursor. What the themes make of each role stands in
 * tests/golden/looks. No golden screen is left over. */
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "tests/unit/golden_scenes.h"
#include "tests/unit/harness.h"
#include "tui/term/ui_looks.h"

#define TABLE_MAX 8192
#define BODY 3 /* lines above it: the title, and the first that may go on */

static const char *const role_names[ROLE_COUNT] = {
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

static bool
is_state(int role)
{
	return role == ROLE_GOOD || role == ROLE_WARN || role == ROLE_BAD;
}

/* --- signs ------------------------------------------------------------- */

/* All of the page, whether in sight or not. */
static void
expect_signs_of_items(const struct page *p, const char *scene)
{
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		const struct item *it = &p->item[i];

		if (!is_state(it->role))
			continue;
		ck_assert_msg(it->glyph != GLYPH_NONE ||
			(it->word != NULL && *it->word != '\0'),
		    "%s: \"%s\" is %s by its look alone", scene, it->text,
		    role_names[it->role]);
	}
}

static const struct cell *
cell_at(const struct surface *s, int row, int col)
{
	return &s->cell[(size_t)row * (size_t)s->ncols + (size_t)col];
}

static bool
is_sign(uint32_t c)
{
	return c == '+' || c == 'x' || c == '!' || c == '?' || c == '-' ||
	    c == '>' || c == '.' || c == '#';
}

/* The line above is of the same sentence. */
static bool
goes_on(const struct surface *s, int row, int role)
{
	int col;

	for (col = 0; row > 0 && col < s->ncols; col++) {
		if (cell_at(s, row - 1, col)->role == role)
			return true;
	}
	return false;
}

static void
expect_signs_of_cells(const struct surface *s, const char *scene)
{
	int row, col;

	for (row = 0; row < s->nrows; row++) {
		for (col = 0; col < s->ncols; col++) {
			const struct cell *c = cell_at(s, row, col);

			if (!is_state(c->role))
				continue;
			ck_assert_msg(is_sign(c->part[0]) || row <= BODY ||
				goes_on(s, row, c->role),
			    "%s: line %d is %s by its look alone", scene, row,
			    role_names[c->role]);
			break;
		}
	}
}

/* What is looked for is marked where it stands. */
static void
expect_focus(const struct screen *sc, const char *scene)
{
	const struct surface *s = &sc->surface;
	bool finding = screen_top(sc)->view->bar;
	int row, col;

	for (row = 0; row < s->nrows; row++) {
		for (col = 0; col < s->ncols; col++) {
			if (cell_at(s, row, col)->role != ROLE_FOCUS)
				continue;
			ck_assert_msg(finding ||
				(cell_at(s, row, 0)->part[0] == '>' &&
				    s->cursor_row == row) ||
				goes_on(s, row, ROLE_FOCUS),
			    "%s: line %d has the focus by its look alone",
			    scene, row);
		}
	}
}

static void
expect_signs(int nrows, int ncols)
{
	char cwd[PATH_MAX], path[PATH_MAX + 32];
	struct scenes *sn;
	struct screen *sc;
	int i, rows, cols;

	setenv("TZ", "UTC", 1);
	tzset();
	ck_assert_ptr_nonnull(getcwd(cwd, sizeof cwd));
	snprintf(path, sizeof path, "%s/tests/data/golden.json", cwd);
	sn = scenes_begin(path, "en");
	sc = scenes_screen(sn);
	for (i = 0; i < scene_count; i++) {
		rows = nrows;
		cols = ncols;
		if (!scene_size(i, &rows, &cols))
			continue;
		scenes_go(sn, i, rows, cols);
		/* In ASCII a sign is a letter of few. */
		sc->surface.utf8 = false;
		screen_draw(sc, rows, cols);
		expect_signs_of_items(&screen_top(sc)->page, scene_name(i));
		expect_signs_of_cells(&sc->surface, scene_name(i));
		expect_focus(sc, scene_name(i));
	}
	scenes_end(sn);
}

START_TEST(a_small_window_says_nothing_by_looks_alone)
{
	expect_signs(10, 40);
}
END_TEST

START_TEST(a_usual_window_says_nothing_by_looks_alone)
{
	expect_signs(24, 80);
}
END_TEST

/* --- looks ------------------------------------------------------------- */

static void
add_look(struct buf *out, const struct ui_look *l)
{
	static const char *const colours[8] = {[LOOK_RED] = " red",
	    [LOOK_GREEN] = " green",
	    [LOOK_MAGENTA] = " magenta"};

	if (l->colour == LOOK_OWN && l->attributes == 0)
		buf_adds(out, " plain");
	if (l->colour != LOOK_OWN)
		buf_adds(out, colours[l->colour]);
	if (l->attributes & LOOK_BOLD)
		buf_adds(out, " bold");
	if (l->attributes & LOOK_UNDERLINE)
		buf_adds(out, " underlined");
	if (l->attributes & LOOK_REVERSE)
		buf_adds(out, " reverse");
}

static void
add_looks(struct buf *out, const char *theme, bool colours)
{
	const struct ui_look *l = ui_looks(theme, colours);
	int role;

	buf_addf(out, "%s%s\n", theme, colours ? "" : " with NO_COLOR");
	for (role = 0; role < ROLE_COUNT; role++) {
		buf_addf(out, "  %-7s", role_names[role]);
		add_look(out, &l[role]);
		buf_addc(out, '\n');
	}
}

START_TEST(the_themes_look_as_before)
{
	const char *update = getenv("GOLDEN");
	struct buf now, before;
	struct error err = {0};
	int i;

	buf_init(&now, TABLE_MAX);
	buf_init(&before, TABLE_MAX);
	for (i = 0; i < ui_theme_count; i++) {
		add_looks(&now, ui_themes[i].word, true);
		add_looks(&now, ui_themes[i].word, false);
	}
	if (update != NULL && strcmp(update, "update") == 0)
		ck_assert_int_eq(file_write_atomic("tests/golden/looks",
				     now.data, now.len, &err),
		    0);
	ck_assert_msg(file_read("tests/golden/looks", TABLE_MAX, &before,
			  &err) == 0,
	    "%s", err.what);
	ck_assert_str_eq(buf_str(&now), buf_str(&before));
	buf_free(&now);
	buf_free(&before);
}
END_TEST

/* By weight, line or reversal, without any colour: where one is, what can be
 * typed into, what is a key and what a title. States have signs. */
START_TEST(without_colours_what_has_no_sign_stands_apart)
{
	static const enum role roles[] = {ROLE_TITLE, ROLE_FOCUS, ROLE_FIELD,
	    ROLE_KEY};
	size_t k;
	int i;

	for (i = 0; i < ui_theme_count * 2; i++) {
		const struct ui_look *l = ui_looks(ui_themes[i / 2].word,
		    i % 2 == 1);

		for (k = 0; k < sizeof roles / sizeof *roles; k++)
			ck_assert_msg(l[roles[k]].attributes !=
				l[ROLE_NORMAL].attributes,
			    "%s: %s is as plain text", ui_themes[i / 2].word,
			    role_names[roles[k]]);
	}
}
END_TEST

/* --- files ------------------------------------------------------------- */

static bool
is_scene(const char *name, const char *size)
{
	int i, rows, cols;

	for (i = 0; i < scene_count; i++) {
		if (strcmp(scene_name(i), name) != 0)
			continue;
		ck_assert_int_eq(sscanf(size, "%dx%d", &cols, &rows), 2);
		return scene_size(i, &rows, &cols);
	}
	return false;
}

/* Every file below folder/LANGUAGE/SIZE belongs to a scene. */
static void
expect_scenes(const char *folder, const char *size, int depth)
{
	DIR *dir = opendir(folder);
	const struct dirent *e;
	char path[PATH_MAX];

	ck_assert_msg(dir != NULL, "%s is not there", folder);
	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		if (depth == 2)
			ck_assert_msg(is_scene(e->d_name, size),
			    "%s belongs to no scene", path);
		else if (depth > 0 || strcmp(e->d_name, "looks") != 0)
			expect_scenes(path, e->d_name, depth + 1);
	}
	closedir(dir);
}

START_TEST(no_golden_screen_is_left_over)
{
	expect_scenes("tests/golden", "", 0);
}
END_TEST

HARNESS("golden signs", a_small_window_says_nothing_by_looks_alone,
    a_usual_window_says_nothing_by_looks_alone, the_themes_look_as_before,
    without_colours_what_has_no_sign_stands_apart,
    no_golden_screen_is_left_over)
