/* SPDX-License-Identifier: MIT */
/* The whole wizard as a talk: every view can be told and answered, the same
 * as on the screen. Nothing is ever sent: the program is bound to a network
 * card that does not exist, and the event loop never turns. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "tests/unit/harness.h"
#include "tests/unit/sample_record.h"
#include "tui/line/talk.h"

#define NO_CARD "nosuchcard0"
#define STEPS_MAX 400

struct fixture {
	struct screen sc;
	struct talk talk;
	struct app_options opt;
	char dir[64];
	char path[128];
};

static void
setup(struct fixture *f)
{
	struct error err = {0};

	memset(f, 0, sizeof *f);
	snprintf(f->dir, sizeof f->dir, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->dir));
	ck_assert_int_eq(chdir(f->dir), 0);
	setenv("XDG_DATA_HOME", f->dir, 1);
	setenv("XDG_CONFIG_HOME", f->dir, 1);
	snprintf(f->path, sizeof f->path, "%s/t.sitewalk", f->dir);
	f->opt.interface = NO_CARD;
	screen_init(&f->sc, true);
	f->sc.settings.found = true;
	surface_resize(&f->sc.surface, 24, 80);
	ck_assert_int_eq(app_init(&f->sc.app, &f->opt, &err), 0);
	f->sc.base = event_base_new();
	talk_init(&f->talk, &f->sc, 80);
	screen_begin(&f->sc, NULL, NULL);
}

static void
teardown(struct fixture *f)
{
	talk_free(&f->talk);
	screen_fini(&f->sc);
	event_base_free(f->sc.base);
	app_fini(&f->sc.app);
	ck_assert_int_eq(chdir("/"), 0);
	/* Whatever the test wrote lies below its own folder. */
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", "--", f->dir, (char *)NULL);
		_exit(1);
	}
}

/* Types a line; what is said after it is in talk.out. */
static void
say(struct fixture *f, const char *line)
{
	buf_clear(&f->talk.out);
	talk_enter(&f->talk, line);
}

static bool
said(const struct fixture *f, const char *text)
{
	return strstr(buf_str(&f->talk.out), text) != NULL;
}

#define HEARD(f, text) \
	ck_assert_msg(said(f, text), "no \"%s\" in:\n%s", text, \
	    buf_str(&(f)->talk.out))

static void
open_site(struct fixture *f, const char *products)
{
	struct error err = {0};
	struct strlist list = {0};
	struct arena *a = arena_new();
	struct site *s = site_create(&f->sc.app, f->path, &err);
	char *copy = arena_strdup(a, products), *id;

	ck_assert_msg(s != NULL, "%s", err.what);
	while ((id = strsep(&copy, " ")) != NULL) {
		if (*id != '\0')
			strlist_add(a, &list, id);
	}
	ck_assert_int_eq(site_set_products(s, &list, &err), 0);
	screen_enter_site(&f->sc, s);
	talk_begin(&f->talk, NULL);
	arena_free(a);
}

static void
go_to(struct fixture *f, const char *place)
{
	ck_assert(walk_go(f->sc.walk, place));
	screen_show_page(&f->sc);
	buf_clear(&f->talk.out);
	talk_settle(&f->talk);
}

START_TEST(a_newcomer_gets_to_the_products)
{
	struct fixture f;

	setup(&f);
	talk_begin(&f.talk, "Why there are lines.");
	HEARD(&f, "Why there are lines.\n");
	HEARD(&f, "? help, b back");
	HEARD(&f, "1. New site\nEnter for \"New site\", ");
	say(&f, "");
	HEARD(&f, "Name of the site\nText, Enter leaves it empty: ");
	/* nothing typed: a sentence, and it is asked again */
	say(&f, "");
	HEARD(&f, "Enter for \"Begin\"");
	say(&f, "");
	HEARD(&f, "Attention: Type a name for the site first.\n");
	HEARD(&f, "Text, Enter leaves it empty: ");
	say(&f, "Hotel Alpenblick");
	HEARD(&f, "Hotel-Alpenblick.sitewalk");
	say(&f, "");
	ck_assert_ptr_nonnull(f.sc.site);
	HEARD(&f, "Site: Hotel Alpenblick\nPage 1 of 2: The site\n");
	HEARD(&f, "1. Name of the site: Hotel Alpenblick\n");
	HEARD(&f, "Question 2 of 12: Address\n");
	say(&f, ".n");
	HEARD(&f, "Page 2 of 2: Products\n");
	ck_assert(!said(&f, "Tab leads"));
	say(&f, ".n");
	HEARD(&f, "Attention: Tick at least one product");
	teardown(&f);
}
END_TEST

START_TEST(what_is_answered_is_stored_and_said)
{
	struct fixture f;

	setup(&f);
	open_site(&f, "");
	say(&f, "12 Main Road");
	ck_assert_str_eq(f.sc.site->record->site.name, "12 Main Road");
	say(&f, "");
	ck_assert_str_eq(f.sc.site->record->site.address, "");
	say(&f, "");
	ck_assert_str_eq(f.sc.site->record->site.project, "");
	say(&f, "..b");
	ck_assert_str_eq(f.sc.site->record->site.customer, ".b");
	/* back to it, kept by Enter, and emptied by a dot */
	say(&f, ".b");
	HEARD(&f, "Question 4 of 12: Customer\nText, Enter keeps \".b\": ");
	say(&f, "");
	ck_assert_str_eq(f.sc.site->record->site.customer, ".b");
	say(&f, ".b");
	say(&f, ".");
	ck_assert_str_eq(f.sc.site->record->site.customer, "");
	say(&f, ".n");
	say(&f, "1 0");
	HEARD(&f, "no number from 1 to");
	ck_assert_uint_eq(f.sc.site->record->products.count, 0);
	ck_assert(!said(&f, "Ticked"));
	say(&f, "1, 2");
	HEARD(&f, "Ticked: ");
	ck_assert_uint_eq(f.sc.site->record->products.count, 2);
	say(&f, "1");
	HEARD(&f, "Taken off: ");
	ck_assert_uint_eq(f.sc.site->record->products.count, 1);
	teardown(&f);
}
END_TEST

START_TEST(a_wrong_answer_is_explained_and_asked_again)
{
	const struct walk_page *p;
	struct fixture f;
	char number[16];
	struct outline o;

	setup(&f);
	open_site(&f, "loxone-intercom");
	p = walk_page_of_question(f.sc.walk, "loxone-intercom", "address");
	go_to(&f, p->place);
	talk_outline(&f.talk, &o);
	snprintf(number, sizeof number, "%zu",
	    outline_question_of(&o, &screen_top(&f.sc)->page,
		"q:loxone-intercom.address") +
		1);
	say(&f, ".l");
	say(&f, number);
	HEARD(&f, ".1 I don't know yet");
	say(&f, "192.168.1.");
	HEARD(&f, "Attention: \"192.168.1.\"");
	HEARD(&f, "Text, Enter keeps \"192.168.1.\": ");
	ck_assert_ptr_null(
	    record_answer(f.sc.site->record, "loxone-intercom", "address"));
	/* going on is refused, and leads back to it */
	say(&f, ".n");
	HEARD(&f, "Attention: \"192.168.1.\"");
	HEARD(&f, "Text, Enter keeps \"192.168.1.\": ");
	say(&f, "192.168.1.70");
	ck_assert_str_eq(record_answer(f.sc.site->record, "loxone-intercom",
			     "address"),
	    "192.168.1.70");
	/* a number with a dot is a choice, without one it is text */
	say(&f, number);
	say(&f, ".1");
	HEARD(&f, "Chosen: I don't know yet");
	ck_assert_str_eq(record_answer(f.sc.site->record, "loxone-intercom",
			     "address"),
	    "unknown");
	teardown(&f);
}
END_TEST

/* As one line of words, to find a text however it was wrapped. */
static char *
as_words(const char *text)
{
	struct buf out;
	bool space = false;

	buf_init(&out, (size_t)8 << 20);
	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '\n') {
			space = true;
			continue;
		}
		if (space && out.len > 0)
			buf_addc(&out, ' ');
		space = false;
		buf_addc(&out, *text);
	}
	return buf_take(&out);
}

static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' && *text != '\n')
			return false;
	}
	return true;
}

/* All items that a person is to know of. */
static struct strlist
texts_of(struct arena *a, const struct page *p)
{
	struct strlist list = {0};
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (!p->item[i].hint && *p->item[i].text != '\0')
			strlist_add(a, &list, p->item[i].text);
	}
	return list;
}

/* Tells the whole page, then asks each question by its number: every text is
 * said, and every line fits, but for words that are longer. */
static void
hear_page(struct fixture *f)
{
	const struct view *v = screen_top(&f->sc)->view;
	struct arena *a = arena_new();
	struct strlist texts;
	struct buf all;
	struct outline o;
	char *words, *wanted, number[24];
	size_t i;

	buf_init(&all, (size_t)8 << 20);
	say(f, ".l");
	buf_adds(&all, buf_str(&f->talk.out));
	for (i = 0; f->talk.more && i < STEPS_MAX; i++) {
		say(f, "");
		buf_adds(&all, buf_str(&f->talk.out));
	}
	ck_assert(!f->talk.more);
	texts = texts_of(a, &screen_top(&f->sc)->page);
	talk_outline(&f->talk, &o);
	for (i = 0; i < o.nquestions; i++) {
		screen_top(&f->sc)->told = TALK_END;
		snprintf(number, sizeof number, "%zu", i + 1);
		say(f, number);
		buf_adds(&all, buf_str(&f->talk.out));
		while (f->talk.more) {
			say(f, "");
			buf_adds(&all, buf_str(&f->talk.out));
		}
		say(f, "");
		ck_assert_ptr_eq(screen_top(&f->sc)->view, v);
	}
	ck_assert(is_plain(buf_str(&all)));
	words = as_words(buf_str(&all));
	for (i = 0; i < texts.count; i++) {
		wanted = as_words(texts.item[i]);
		/* A prompt may stand between two parts of a page. */
		wanted[text_prefix(wanted, 30)] = '\0';
		ck_assert_msg(strstr(words, wanted) != NULL,
		    "%s does not say \"%s\":\n%s", v->name, wanted,
		    buf_str(&all));
		mem_free(wanted);
	}
	mem_free(words);
	buf_free(&all);
	arena_free(a);
}

static void
push(struct fixture *f, const struct view *v, const char *arg)
{
	ck_assert_ptr_nonnull(screen_push(&f->sc, v, arg));
	talk_settle(&f->talk);
	hear_page(f);
	say(f, "?");
	ck_assert(is_plain(buf_str(&f->talk.out)));
	screen_pop(&f->sc);
	talk_settle(&f->talk);
}

static void
observe(struct fixture *f)
{
	struct record *r = f->sc.site->record;
	struct observation o = sample_observation(r, "connect.example.com",
	    443);

	o.id = arena_strdup(r->arena, "o1");
	record_add_observation(r, &o);
	r->started_us = SAMPLE_START_US;
	site_assess(f->sc.site);
}

START_TEST(every_page_of_every_product_can_be_told)
{
	struct fixture f;
	struct buf all;
	size_t i;

	setup(&f);
	buf_init(&all, 4096);
	for (i = 0; i < f.sc.app.packs->count; i++)
		buf_addf(&all, "%s ", f.sc.app.packs->pack[i]->product);
	open_site(&f, buf_str(&all));
	buf_free(&all);
	observe(&f);
	for (i = 0; i < walk_count(f.sc.walk); i++) {
		screen_go(&f.sc, i);
		talk_settle(&f.talk);
		hear_page(&f);
	}
	teardown(&f);
}
END_TEST

START_TEST(every_view_beside_the_walk_can_be_told)
{
	struct fixture f;
	size_t i;

	setup(&f);
	talk_begin(&f.talk, NULL);
	hear_page(&f);
	push(&f, &view_new, NULL);
	open_site(&f, "z5");
	observe(&f);
	push(&f, &view_pages, NULL);
	push(&f, &view_help, NULL);
	push(&f, &view_diagnosis, "0");
	push(&f, &view_task, f.sc.site->record->observations[0].id);
	for (i = 0; i < f.sc.site->record->nneeds; i++)
		push(&f, &view_finding, f.sc.site->record->needs[i].id);
	push(&f, &view_deviation, f.sc.site->record->needs[0].id);
	teardown(&f);
}
END_TEST

static void
note_yes(struct screen *sc)
{
	sc->status = 77;
}

START_TEST(enter_alone_never_says_yes)
{
	struct fixture f;

	setup(&f);
	open_site(&f, "z5");
	screen_ask(&f.sc, "Really?", "No, stay", "Yes, do it", note_yes);
	buf_clear(&f.talk.out);
	talk_settle(&f.talk);
	HEARD(&f, "Really?");
	HEARD(&f, "Enter for \"No, stay\"");
	say(&f, "");
	ck_assert_int_eq(f.sc.status, 0);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_site);
	screen_ask(&f.sc, "Really?", "No, stay", "Yes, do it", note_yes);
	talk_settle(&f.talk);
	say(&f, "2");
	ck_assert_int_eq(f.sc.status, 77);
	/* papers are written by a word only */
	go_to(&f, "export");
	while (said(&f, "Enter for more"))
		say(&f, "");
	HEARD(&f, "Write the files? yes or no, Enter for no: ");
	say(&f, "");
	HEARD(&f, "Not done.");
	say(&f, "1");
	HEARD(&f, "Folder");
	say(&f, "papers");
	HEARD(&f, "Write the files? yes or no, Enter for no: ");
	ck_assert_int_ne(access("papers", F_OK), 0);
	say(&f, "n");
	ck_assert_int_ne(access("papers", F_OK), 0);
	say(&f, "yes");
	HEARD(&f, "files were written.");
	ck_assert_int_eq(access("papers/handover.txt", F_OK), 0);
	teardown(&f);
}
END_TEST

START_TEST(without_a_network_nothing_begins)
{
	struct fixture f;

	setup(&f);
	open_site(&f, "z5");
	go_to(&f, "plan");
	HEARD(&f, "Problem: ");
	say(&f, ".n");
	HEARD(&f, "Start the checks? yes or no");
	say(&f, "yes");
	HEARD(&f, "Attention: Nothing can be checked without a network.");
	HEARD(&f, "Start the checks? yes or no");
	ck_assert(!screen_is_running(&f.sc));
	/* a letter of the page; said what it did */
	say(&f, "?");
	HEARD(&f, "  s  Go on without checking");
	say(&f, "s");
	HEARD(&f, "The checks have not been started yet");
	teardown(&f);
}
END_TEST

/* Where the view has a letter of the talk, the dot tells them apart. */
START_TEST(a_letter_is_the_view_s_and_the_dot_is_the_talk_s)
{
	struct fixture f;

	setup(&f);
	open_site(&f, "z5");
	go_to(&f, "results");
	say(&f, "?");
	HEARD(&f, "  n  Go to the next problem.");
	HEARD(&f, "  .n  Go on to the next page.");
	HEARD(&f, "  b  Back");
	/* to the first problem, with the number that opens it */
	say(&f, "n");
	HEARD(&f, "1. NOT RUN: ");
	ck_assert_str_eq(screen_top(&f.sc)->page.focus,
	    outline_row(&screen_top(&f.sc)->page, 1)->id);
	/* what a letter changes is told anew */
	f.sc.site->record->needs[0].outcome = OUTCOME_PASS;
	say(&f, "f");
	HEARD(&f, "Only problems are shown");
	HEARD(&f, ": Results\n");
	say(&f, "zz");
	HEARD(&f, "That is no command");
	say(&f, ".n");
	ck_assert_int_eq(walk_current(f.sc.walk)->kind, WALK_STEP);
	teardown(&f);
}
END_TEST

static void
build_long(struct screen *sc, struct frame *f)
{
	int i;

	(void)sc;
	for (i = 1; i <= 50; i++)
		page_textf(&f->page, ROLE_NORMAL, 0, "Sentence %d.", i);
	page_field(&f->page, "name", "Your name", f->arg);
}

static void
typed_long(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	(void)sc;
	(void)i;
	(void)leaving;
	mem_free(f->arg);
	f->arg = mem_strdup(text);
}

static const struct view long_view = {
    .name = "long",
    .title = "Long",
    .build = build_long,
    .typed = typed_long,
};

/* Keys, colours and commands found by typing are for the screen. */
START_TEST(lines_offer_what_makes_sense_in_lines)
{
	struct fixture f;

	setup(&f);
	open_site(&f, "z5");
	go_to(&f, "results");
	f.sc.site->record->ndiagnoses = 0;
	say(&f, "?");
	HEARD(&f, "  h  What the words of this program mean.\n");
	HEARD(&f, "  f  Show only problems");
	ck_assert(!said(&f, "  :  "));
	ck_assert(!said(&f, "  T  "));
	ck_assert(!said(&f, "  1  "));
	say(&f, ":");
	HEARD(&f, "That is no command");
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_results);
	say(&f, "T");
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_results);
	/* words, and no keys of the screen */
	say(&f, "h");
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_help);
	say(&f, "not proven");
	HEARD(&f, "cannot be decided from this");
	say(&f, "1");
	say(&f, "page");
	HEARD(&f, "Login page: ");
	ck_assert(!said(&f, "Ctrl-N"));
	ck_assert(!said(&f, "On every page"));
	say(&f, ".b");
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_results);
	teardown(&f);
}
END_TEST

START_TEST(a_long_page_comes_in_parts)
{
	struct fixture f;

	setup(&f);
	talk_begin(&f.talk, NULL);
	screen_push(&f.sc, &long_view, "nobody");
	buf_clear(&f.talk.out);
	talk_settle(&f.talk);
	HEARD(&f, "Sentence 18.\n");
	HEARD(&f, "Enter for more (");
	ck_assert(!said(&f, "Sentence 19."));
	/* no answer to a question that was not told yet */
	say(&f, "Anna");
	HEARD(&f, "Attention: The question comes with the rest");
	ck_assert_str_eq(screen_top(&f.sc)->arg, "nobody");
	/* news do not wait behind the rest, and the rest is not lost */
	buf_clear(&f.talk.out);
	screen_say(&f.sc, ROLE_GOOD, "Something is done.");
	talk_look(&f.talk);
	HEARD(&f, "\nSomething is done.\nEnter for more (");
	say(&f, "");
	HEARD(&f, "Sentence 19.\n");
	HEARD(&f, "Sentence 38.\nEnter for more (");
	say(&f, "");
	HEARD(&f, "Sentence 50.\n\nYour name\nText, Enter keeps \"nobody\": ");
	say(&f, "Anna");
	ck_assert_str_eq(screen_top(&f.sc)->arg, "Anna");
	HEARD(&f, "Enter goes back, a number opens that line: ");
	say(&f, "");
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_sites);
	teardown(&f);
}
END_TEST

HARNESS("line talk", a_newcomer_gets_to_the_products,
    what_is_answered_is_stored_and_said,
    a_wrong_answer_is_explained_and_asked_again,
    every_page_of_every_product_can_be_told,
    every_view_beside_the_walk_can_be_told, enter_alone_never_says_yes,
    without_a_network_nothing_begins,
    a_letter_is_the_view_s_and_the_dot_is_the_talk_s,
    lines_offer_what_makes_sense_in_lines, a_long_page_comes_in_parts)
