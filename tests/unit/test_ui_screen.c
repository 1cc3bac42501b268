/* SPDX-License-Identifier: MIT */
/* The whole wizard in memory: every view at every size, everything typed on
 * disk at once, and no key that breaks anything. Nothing is ever sent: the
 * program is bound to a network card that does not exist, and the event loop
 * never turns. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/unit/harness.h"
#include "tests/unit/wizard_case.h"

/* What another program would read now, as after a kill. */
static struct record *
on_disk(const struct wizard *f)
{
	char copy[160];
	struct error err = {0};
	struct sitefile *file;
	struct record *r;
	struct buf data;

	/* A copy of the bytes, as the file itself is locked. */
	buf_init(&data, 1 << 24);
	snprintf(copy, sizeof copy, "%s.copy", f->path);
	ck_assert_int_eq(file_read(f->path, 1 << 24, &data, &err), 0);
	ck_assert_int_eq(file_write_atomic(copy, data.data, data.len, &err), 0);
	buf_free(&data);
	file = sitefile_open(copy, true, &err);
	ck_assert_msg(file != NULL, "%s", err.what);
	r = sitefile_load(file, &err);
	ck_assert_ptr_nonnull(r);
	sitefile_close(file);
	unlink(copy);
	return r;
}

START_TEST(a_newcomer_gets_to_the_products)
{
	struct wizard f;

	wizard_setup(&f);
	ck_assert(wizard_shows(&f, "New site"));
	wizard_press(&f, UI_KEY_ENTER);
	wizard_type(&f, "Hotel Alpenblick");
	ck_assert(wizard_shows(&f, "Hotel-Alpenblick.sitewalk"));
	wizard_press(&f, UI_KEY_ENTER);
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert_ptr_nonnull(f.sc.site);
	ck_assert_str_eq(f.sc.site->record->site.name, "Hotel Alpenblick");
	wizard_press(&f, UI_CTRL_N);
	ck_assert(wizard_shows(&f, "Tick what is"));
	/* nothing chosen: a sentence, and one stays */
	wizard_press(&f, UI_CTRL_N);
	ck_assert(wizard_shows(&f, "Tick at least one product"));
	wizard_press(&f, ' ');
	wizard_press(&f, UI_CTRL_N);
	ck_assert_int_eq(walk_current(f.sc.walk)->kind, WALK_QUESTIONS);
	wizard_teardown(&f);
}
END_TEST

START_TEST(every_key_of_a_field_is_on_disk)
{
	static const char text[] = "12 Main Road";
	struct record *r;
	struct wizard f;
	size_t i;

	wizard_setup(&f);
	wizard_open(&f, "");
	page_focus(&screen_top(&f.sc)->page, "site.address");
	screen_draw(&f.sc, 24, 80);
	for (i = 0; i < sizeof text - 1; i++) {
		wizard_press(&f, (unsigned char)text[i]);
		r = on_disk(&f);
		ck_assert_int_eq(strncmp(r->site.address, text, i + 1), 0);
		ck_assert_uint_eq(strlen(r->site.address), i + 1);
		record_free(r);
	}
	wizard_teardown(&f);
}
END_TEST

static void
go_to_question(struct wizard *f, const char *product, const char *question)
{
	const struct walk_page *p = walk_page_of_question(f->sc.walk, product,
	    question);
	char id[128];

	ck_assert_ptr_nonnull(p);
	ck_assert(walk_go(f->sc.walk, p->place));
	screen_show_page(&f->sc);
	screen_draw(&f->sc, 24, 80);
	snprintf(id, sizeof id, "q:%s.%s", product, question);
	page_focus(&screen_top(&f->sc)->page, id);
	screen_draw(&f->sc, 24, 80);
}

START_TEST(a_wrong_answer_is_kept_explained_and_never_stored)
{
	struct record *r;
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "loxone-intercom");
	go_to_question(&f, "loxone-intercom", "address");
	wizard_type(&f, "192.168.1.");
	wizard_press(&f, UI_KEY_TAB);
	ck_assert(wizard_shows(&f, "! \"192.168.1.\""));
	/* going on is refused, going back and forth keeps the text */
	wizard_press(&f, UI_CTRL_N);
	ck_assert_str_eq(screen_top(&f.sc)->page.focus,
	    "q:loxone-intercom.address");
	wizard_press(&f, UI_KEY_ESC);
	wizard_press(&f, UI_CTRL_N);
	go_to_question(&f, "loxone-intercom", "address");
	ck_assert(wizard_shows(&f, "192.168.1."));
	r = on_disk(&f);
	ck_assert_ptr_null(record_answer(r, "loxone-intercom", "address"));
	record_free(r);
	/* made right, it is an answer at once */
	wizard_press(&f, UI_KEY_END);
	wizard_type(&f, "70");
	r = on_disk(&f);
	ck_assert_str_eq(record_answer(r, "loxone-intercom", "address"),
	    "192.168.1.70");
	record_free(r);
	ck_assert_ptr_null(screen_draft(&f.sc, "q:loxone-intercom.address"));
	wizard_teardown(&f);
}
END_TEST

START_TEST(half_an_answer_outlives_the_program)
{
	struct error err = {0};
	struct wizard f;
	struct site *s;

	wizard_setup(&f);
	wizard_open(&f, "loxone-intercom");
	go_to_question(&f, "loxone-intercom", "address");
	wizard_type(&f, "10.0.");
	screen_leave_site(&f.sc);
	s = site_open(&f.sc.app, f.path, false, &err);
	ck_assert_msg(s != NULL, "%s", err.what);
	screen_enter_site(&f.sc, s);
	screen_draw(&f.sc, 24, 80);
	ck_assert_int_eq(walk_current(f.sc.walk)->kind, WALK_QUESTIONS);
	ck_assert(wizard_shows(&f, "10.0."));
	wizard_teardown(&f);
}
END_TEST

START_TEST(i_dont_know_yet_is_an_answer)
{
	struct record *r;
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "loxone-intercom");
	go_to_question(&f, "loxone-intercom", "address");
	wizard_type(&f, "10.0.0.9");
	wizard_press(&f, UI_KEY_DOWN);
	wizard_press(&f, ' ');
	r = on_disk(&f);
	ck_assert_str_eq(record_answer(r, "loxone-intercom", "address"),
	    "unknown");
	record_free(r);
	wizard_teardown(&f);
}
END_TEST

/* What counts unless somebody says otherwise is in sight. */
START_TEST(what_counts_unanswered_is_shown)
{
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "izuma-edge");
	go_to_question(&f, "izuma-edge", "keepalive");
	ck_assert(wizard_shows(&f, "[540 "));
	go_to_question(&f, "izuma-edge", "region");
	ck_assert(wizard_shows(&f, "(*) United States (us-east-1) (usual)"));
	ck_assert(wizard_shows(&f, "( ) Another location"));
	wizard_teardown(&f);
}
END_TEST

START_TEST(without_a_network_it_says_what_to_do)
{
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	ck_assert(walk_go(f.sc.walk, "plan"));
	screen_show_page(&f.sc);
	screen_draw(&f.sc, 24, 80);
	ck_assert(wizard_shows(&f, "Start the checks"));
	/* going on by key is no consent */
	wizard_press(&f, UI_CTRL_N);
	wizard_press(&f, UI_KEY_RIGHT);
	ck_assert(wizard_shows(&f, "Press Enter to start the checks"));
	ck_assert_int_eq(walk_current(f.sc.walk)->kind, WALK_PLAN);
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert(!screen_is_running(&f.sc));
	ck_assert(wizard_shows(&f, "Nothing can be checked without a network"));
	wizard_teardown(&f);
}
END_TEST

START_TEST(below_the_smallest_size_it_says_so_and_recovers)
{
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	screen_draw(&f.sc, 9, 80);
	ck_assert(wizard_shows(&f, "at least 40 columns by 10 lines"));
	screen_draw(&f.sc, 24, 39);
	ck_assert(wizard_shows(&f, "This window is too small"));
	screen_draw(&f.sc, 1, 1);
	screen_draw(&f.sc, 24, 80);
	ck_assert(wizard_shows(&f, "The site"));
	wizard_teardown(&f);
}
END_TEST

static void
draw_everywhere(struct wizard *f)
{
	static const int sizes[][2] = {{10, 40}, {24, 80}, {43, 132},
	    {120, 400}, {10, 400}, {60, 41}, {3, 7}};
	size_t i;

	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		f->sc.surface.utf8 = i % 2 == 0;
		screen_draw(&f->sc, sizes[i][0], sizes[i][1]);
	}
}

START_TEST(every_page_of_every_product_can_be_drawn)
{
	struct wizard f;
	struct buf all;
	size_t i;

	wizard_setup(&f);
	buf_init(&all, 4096);
	for (i = 0; i < f.sc.app.packs->count; i++)
		buf_addf(&all, "%s ", f.sc.app.packs->pack[i]->product);
	wizard_open(&f, buf_str(&all));
	buf_free(&all);
	ck_assert_uint_gt(walk_count(f.sc.walk), 20);
	for (i = 0; i < walk_count(f.sc.walk); i++) {
		screen_go(&f.sc, i);
		draw_everywhere(&f);
		wizard_press(&f, '?');
		draw_everywhere(&f);
		wizard_press(&f, UI_KEY_F1);
		screen_push(&f.sc, &view_help, NULL);
		draw_everywhere(&f);
		screen_pop(&f.sc);
	}
	screen_push(&f.sc, &view_pages, NULL);
	draw_everywhere(&f);
	for (i = 0; i < f.sc.site->record->nneeds; i++) {
		screen_push(&f.sc, &view_finding,
		    f.sc.site->record->needs[i].id);
		screen_draw(&f.sc, 24, 80);
		screen_pop(&f.sc);
	}
	screen_push(&f.sc, &view_deviation, f.sc.site->record->needs[0].id);
	draw_everywhere(&f);
	wizard_teardown(&f);
}
END_TEST

START_TEST(accepting_a_failure_needs_a_name_and_a_reason)
{
	const struct deviation *d;
	struct wizard f;

	wizard_setup(&f);
	wizard_open(&f, "z5");
	screen_push(&f.sc, &view_deviation, "z5.dns");
	screen_draw(&f.sc, 24, 80);
	wizard_press(&f, UI_CTRL_N);
	ck_assert_uint_eq(f.sc.site->record->ndeviations, 0);
	wizard_type(&f, "Ms Owner");
	wizard_press(&f, UI_KEY_ENTER);
	wizard_type(&f, "Not used here");
	wizard_press(&f, UI_KEY_ENTER);
	wizard_type(&f, "31.12.2026");
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert(wizard_shows(&f, "year-month-day"));
	wizard_type(&f, "MO");
	wizard_press(&f, UI_KEY_ENTER);
	wizard_press(&f, UI_KEY_ENTER);
	ck_assert_uint_eq(f.sc.site->record->ndeviations, 0);
	/* it leads back to the date */
	wizard_press(&f, UI_CTRL_U);
	wizard_type(&f, "2026-12-31");
	wizard_press(&f, UI_CTRL_N);
	ck_assert_uint_eq(f.sc.site->record->ndeviations, 1);
	d = &f.sc.site->record->deviations[0];
	ck_assert_str_eq(d->owner, "Ms Owner");
	ck_assert_str_eq(d->expires, "2026-12-31");
	ck_assert_str_eq(d->initials, "MO");
	wizard_teardown(&f);
}
END_TEST

/* Keys by a small generator of its own, the same each time. */
static uint32_t
random_key(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	switch (*seed >> 28) {
	case 0:
	case 1:
	case 2:
	case 3:
		return UI_KEY_SPECIAL + 1 + (*seed >> 8) % 21;
	case 4:
	case 5:
		return 1 + (*seed >> 8) % 31;
	case 6:
	case 7:
		return UI_KEY_ENTER;
	case 8:
		return ' ';
	case 9:
		return 0xa0 + (*seed >> 8) % 0x500;
	case 10:
		return UI_KEY_TAB;
	default:
		return 'a' + (*seed >> 8) % 26;
	}
}

START_TEST(no_key_breaks_anything)
{
	static const int sizes[][2] = {{24, 80}, {10, 40}, {43, 132}, {5, 20}};
	uint32_t seed = 20261121, key;
	struct wizard f;
	int i;

	wizard_setup(&f);
	wizard_open(&f, "z5 zencontrol");
	for (i = 0; i < 4000; i++) {
		key = random_key(&seed);
		screen_key(&f.sc, key);
		if (f.sc.quit) {
			f.sc.quit = false;
			screen_draw(&f.sc, 24, 80);
			continue;
		}
		ck_assert_ptr_nonnull(screen_top(&f.sc));
		ck_assert(!screen_is_running(&f.sc));
		screen_draw(&f.sc, sizes[i / 50 % 4][0], sizes[i / 50 % 4][1]);
	}
	wizard_teardown(&f);
}
END_TEST

static void
paste(struct wizard *f, const char *text)
{
	for (; *text != '\0'; text++)
		wizard_press(f, UI_KEY_PASTED | (unsigned char)*text);
}

/* A table of keys in the clipboard must not run the program. */
START_TEST(pasted_text_reaches_only_fields)
{
	struct wizard f;

	wizard_setup(&f);
	paste(&f, "n? gqTb ");
	ck_assert(!f.sc.quit);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_sites);
	ck_assert(wizard_shows(&f, "pasted is left out"));
	wizard_press(&f, 'n');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_new);
	paste(&f, "Hotel q");
	ck_assert(wizard_shows(&f, "[Hotel q "));
	wizard_press(&f, UI_KEY_TAB);
	paste(&f, " ");
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_new);
	wizard_teardown(&f);
}
END_TEST

/* T from anywhere; chosen, shown and kept; the same key leads back. */
START_TEST(looks_are_chosen_and_kept)
{
	struct wizard f;
	struct settings kept;

	wizard_setup(&f);
	f.sc.app.opt.theme = "mono";
	wizard_press(&f, 'T');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_looks);
	ck_assert(wizard_shows(&f, "(*) No colours"));
	wizard_press(&f, UI_KEY_UP);
	wizard_press(&f, ' ');
	ck_assert(wizard_shows(&f, "(*) Outdoors"));
	settings_load(&kept);
	ck_assert_str_eq(kept.theme, "outdoor");
	ck_assert_str_eq(kept.signs, "");
	wizard_press(&f, 'T');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_sites);
	wizard_teardown(&f);
}
END_TEST

HARNESS("ui screen", pasted_text_reaches_only_fields, looks_are_chosen_and_kept,
    a_newcomer_gets_to_the_products, every_key_of_a_field_is_on_disk,
    a_wrong_answer_is_kept_explained_and_never_stored,
    half_an_answer_outlives_the_program, i_dont_know_yet_is_an_answer,
    what_counts_unanswered_is_shown, without_a_network_it_says_what_to_do,
    below_the_smallest_size_it_says_so_and_recovers,
    every_page_of_every_product_can_be_drawn,
    accepting_a_failure_needs_a_name_and_a_reason, no_key_breaks_anything)
