/* SPDX-License-Identifier: MIT */
/* What the tables of all views promise: each explains itself, every key has a
 * letter, and means the same everywhere. */
#include <glob.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/file.h"
#include "tests/unit/harness.h"
#include "tests/unit/wizard_case.h"
#include "tui/screen/views.h"
#include "tui/views/glossary.h"
#include "tui/views/run_rows.h"

#define VIEW(name) \
	{ \
#name, &view_##name \
	}
static const struct {
	const char *name; /* as it is declared */
	const struct view *view;
} views[] = {VIEW(sites), VIEW(new), VIEW(site), VIEW(products),
    VIEW(questions), VIEW(plan), VIEW(run), VIEW(run_text), VIEW(task),
    VIEW(results), VIEW(finding), VIEW(step), VIEW(deviation), VIEW(export),
    VIEW(help), VIEW(pages), VIEW(confirm), VIEW(diagnosis), VIEW(language),
    VIEW(looks), VIEW(palette), VIEW(find), VIEW(review), VIEW(preview),
    VIEW(signoff), VIEW(archive), VIEW(duplicate), VIEW(deviations), VIEW(raw),
    VIEW(handover), VIEW(compare), VIEW(export_files), VIEW(export_firewalls),
    VIEW(export_shape), VIEW(export_key), VIEW(export_newkey),
    VIEW(export_points), VIEW(share)};
#define NVIEWS (sizeof views / sizeof *views)

/* --- no view is left out ----------------------------------------------- */

static bool
is_listed(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < NVIEWS; i++) {
		if (strlen(views[i].name) == len &&
		    strncmp(views[i].name, name, len) == 0)
			return true;
	}
	return false;
}

/* Every view_NAME between the beginning of such a declaration and its end. */
static size_t
expect_listed(const char *path, const char *begins)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
	struct error err = {0};
	const char *at, *end;
	size_t len, n = 0;
	struct buf text;

	buf_init(&text, 1 << 20);
	ck_assert_msg(file_read(path, 1 << 20, &text, &err) == 0, "%s: %s",
	    path, err.what);
	at = buf_str(&text);
	while ((at = strstr(at, begins)) != NULL) {
		at += strlen(begins);
		end = at + strcspn(at, ";=");
		while ((at = strstr(at, "view_")) != NULL && at < end) {
			at += strlen("view_");
			len = strspn(at, letters);
			ck_assert_msg(is_listed(at, len),
			    "%s: view_%.*s is not tested here", path, (int)len,
			    at);
			n++;
		}
		at = end;
	}
	buf_free(&text);
	return n;
}

START_TEST(every_view_is_tested_here)
{
	size_t i, ndefined = 0;
	glob_t files;

	ck_assert_uint_gt(expect_listed("tui/screen/views.h",
			      "extern const struct view "),
	    25);
	ck_assert_int_eq(glob("tui/*/*.c", 0, NULL, &files), 0);
	for (i = 0; i < files.gl_pathc; i++)
		ndefined += expect_listed(files.gl_pathv[i],
		    "\nconst struct view ");
	globfree(&files);
	ck_assert_uint_eq(ndefined, NVIEWS);
}
END_TEST

/* --- the tables -------------------------------------------------------- */

static bool
ends_sentence(const char *text)
{
	size_t len = strlen(text);

	/* or with a word that stands on the page, as it stands there */
	return len > 3 && text[len - 1] == '.' &&
	    (text[0] == '"' || (text[0] >= 'A' && text[0] <= 'Z'));
}

static void
expect_label(const char *where, const struct action *a)
{
	static const struct {
		uint32_t key;
		const char *label;
	} names[] = {{UI_KEY_ESC, "Esc"}, {UI_KEY_LEFT, "Left"},
	    {UI_KEY_RIGHT, "Right"}, {UI_KEY_UP, "Up"}, {UI_KEY_DOWN, "Down"},
	    {' ', "Space"}};
	char expected[16] = "";
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i].key == a->key)
			snprintf(expected, sizeof expected, "%s",
			    names[i].label);
	}
	if (*expected == '\0' && a->key < ' ')
		snprintf(expected, sizeof expected, "Ctrl-%c",
		    (int)a->key + 'A' - 1);
	else if (a->key >= UI_KEY_F1 && a->key <= UI_KEY_F10)
		snprintf(expected, sizeof expected, "F%d",
		    (int)(a->key - UI_KEY_F1) + 1);
	else if (*expected == '\0' && a->key < 0x7f)
		snprintf(expected, sizeof expected, "%c", (int)a->key);
	ck_assert_msg(strcmp(a->label, expected) == 0,
	    "%s: the key of \"%s\" is labelled %s, not %s", where, a->help,
	    a->label, expected);
}

static void
check_table(const char *where, const struct action *table, size_t count)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		const struct action *a = &table[i];

		expect_label(where, a);
		ck_assert_msg(ends_sentence(a->help), "%s: %s", where, a->help);
		ck_assert_ptr_nonnull(a->run);
		for (k = 0; k < i; k++)
			ck_assert_msg(table[k].key != a->key,
			    "%s: %s stands there twice", where, a->label);
	}
}

START_TEST(every_view_explains_itself_and_its_keys)
{
	size_t i;

	for (i = 0; i < NVIEWS; i++) {
		const struct view *v = views[i].view;

		ck_assert_ptr_nonnull(v->name);
		ck_assert_msg(v->help != NULL, "%s has no help", v->name);
		ck_assert_msg(ends_sentence(v->help), "%s: %s", v->name,
		    v->help);
		ck_assert_msg(v->title == NULL || *v->title != '\0', "%s",
		    v->name);
		check_table(v->name, v->actions, v->nactions);
	}
	check_table("every page", screen_actions, screen_action_count);
}
END_TEST

/* A view may take a key that means something on every page only here, where
 * it means the same or has nothing else to do. */
static const struct {
	const char *view;
	uint32_t key;
} meant[] = {
    {"sites", 'q'},         /* the same: leave the program */
    {"sites", '/'},         /* the same: a text on this page */
    {"results", 'e'},       /* the same, in sight where it is wanted most */
    {"export", 'q'},        /* the same, in sight once all is written */
    {"review", UI_KEY_ESC}, /* first of what is under way, then of the page */
    {"find", UI_KEY_DOWN},  /* in the one line there is no other */
    {"find", UI_KEY_UP},    /* the same */
    {"find", UI_CTRL_G},    /* the same: the next place */
};

static bool
is_meant(const struct view *v, uint32_t key)
{
	size_t i;

	for (i = 0; i < sizeof meant / sizeof *meant; i++) {
		if (strcmp(meant[i].view, v->name) == 0 && meant[i].key == key)
			return true;
	}
	return false;
}

START_TEST(no_view_takes_a_key_that_every_page_has)
{
	static const uint32_t pages[] = {'j', 'k', 'G', ' ', UI_KEY_ENTER,
	    UI_KEY_TAB, UI_KEY_BACKTAB, UI_KEY_UP, UI_KEY_DOWN, UI_KEY_PGUP,
	    UI_KEY_PGDN, UI_KEY_HOME, UI_KEY_END, UI_CTRL_B, UI_CTRL_F,
	    UI_CTRL_D, UI_CTRL_U};
	size_t i, k, n;

	for (i = 0; i < NVIEWS; i++) {
		const struct view *v = views[i].view;

		for (k = 0; k < v->nactions; k++) {
			uint32_t key = v->actions[k].key;
			bool clash = false;

			for (n = 0; n < screen_action_count; n++)
				clash = clash || screen_actions[n].key == key;
			for (n = 0; n < sizeof pages / sizeof *pages; n++)
				clash = clash || pages[n] == key;
			ck_assert_msg(!clash || is_meant(v, key),
			    "%s takes %s from every page", v->name,
			    v->actions[k].label);
		}
	}
}
END_TEST

static bool
is_letter_or_ctrl(uint32_t key)
{
	return key < UI_KEY_SPECIAL && key != UI_KEY_ESC;
}

static void
expect_letters(const char *where, const struct action *table, size_t count)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		bool found = false;

		if (table[i].key < UI_KEY_F1 || table[i].key > UI_KEY_F10)
			continue;
		for (k = 0; k < count; k++)
			found = found ||
			    (table[k].run == table[i].run &&
				is_letter_or_ctrl(table[k].key));
		ck_assert_msg(found, "%s: %s has no letter", where,
		    table[i].label);
	}
}

START_TEST(every_function_key_has_a_letter)
{
	size_t i;

	expect_letters("every page", screen_actions, screen_action_count);
	for (i = 0; i < NVIEWS; i++)
		expect_letters(views[i].name, views[i].view->actions,
		    views[i].view->nactions);
}
END_TEST

START_TEST(help_has_every_key_and_word)
{
	const struct page *p;
	struct wizard f;
	size_t i, k;
	int o;

	wizard_setup(&f);
	wizard_press(&f, '?');
	p = &screen_top(&f.sc)->page;
	for (i = 0; i < screen_action_count; i++) {
		bool found = false;

		for (k = 0; k < p->nitems; k++)
			found = found ||
			    (p->item[k].word != NULL &&
				strcmp(p->item[k].word,
				    screen_actions[i].label) == 0 &&
				strcmp(p->item[k].text,
				    screen_actions[i].help) == 0);
		ck_assert_msg(found, "%s", screen_actions[i].label);
	}
	for (i = 0; i < glossary_term_count; i++)
		ck_assert_msg(ends_sentence(glossary_terms[i].means), "%s",
		    glossary_terms[i].means);
	for (o = 0; o <= OUTCOME_WAIVED; o++)
		ck_assert(ends_sentence(glossary_outcome(o)));
	ck_assert_ptr_null(glossary_outcome(o));
	for (o = 0; o <= RUNG_NONE; o++)
		ck_assert(ends_sentence(glossary_rung(o)));
	ck_assert_ptr_null(glossary_rung(o));
	wizard_teardown(&f);
}
END_TEST

HARNESS("ui views", every_view_is_tested_here,
    every_view_explains_itself_and_its_keys,
    no_view_takes_a_key_that_every_page_has, every_function_key_has_a_letter,
    help_has_every_key_and_word)
