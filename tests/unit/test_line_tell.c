/* SPDX-License-Identifier: MIT */
/* Pages as plain lines: questions found, states in words, nothing lost. */
#include <string.h>

#include "core/base/text.h"
#include "tests/unit/harness.h"
#include "tui/line/tell.h"

static void
build_form(struct page *p)
{
	page_begin(p);
	page_text(p, ROLE_NORMAL, 0, "What this is for.");
	page_hint(p, "Tab leads to the button.");
	page_heading(p, "Which one is it?");
	page_text(p, ROLE_QUIET, 0, "Why: it matters.");
	page_option(p, "q:a=1", "q:a", "The first", false);
	page_option(p, "q:a=2", "q:a", "The second", true);
	page_option(p, "q:a=found:3", "q:a=", "Take over from X: third", false);
	page_heading(p, "At which address?");
	page_field(p, "q:b", "", "10.0.0.1");
	page_text(p, ROLE_BAD, 2, "That is none.")->glyph = GLYPH_WARN;
	page_option(p, "q:b=unknown", "q:b=", "I don't know yet", false);
	page_field(p, "name", "Your name", "");
	page_heading(p, "Several");
	page_check(p, "c1", "A lamp", true);
	page_text(p, ROLE_QUIET, 4, "It shines.");
	page_check(p, "c2", "A bell", false);
	page_blank(p);
	page_text(p, ROLE_NORMAL, 0, "The end.");
	page_row(p, "r1", "A row")->word = "FAIL";
	page_row(p, "r2", "Another")->note = "of yesterday";
	p->next = "Next";
	page_end(p);
}

START_TEST(items_fall_into_questions)
{
	struct outline o;
	struct page p;

	page_init(&p);
	build_form(&p);
	outline_make(&o, &p, p.arena);
	ck_assert_uint_eq(o.nquestions, 4);
	ck_assert_uint_eq(o.nrows, 2);
	ck_assert_int_eq(o.question[0].kind, ASK_ONE);
	ck_assert_str_eq(o.question[0].label, "Which one is it?");
	ck_assert_uint_eq(outline_choices(&p, &o.question[0]), 3);
	ck_assert_str_eq(outline_choice(&p, &o.question[0], 3)->id,
	    "q:a=found:3");
	ck_assert_int_eq(o.question[1].kind, ASK_TEXT);
	ck_assert_str_eq(o.question[1].label, "At which address?");
	ck_assert_uint_eq(outline_choices(&p, &o.question[1]), 1);
	ck_assert_str_eq(o.question[2].label, "Your name");
	ck_assert_uint_eq(outline_choices(&p, &o.question[2]), 0);
	ck_assert_int_eq(o.question[3].kind, ASK_SEVERAL);
	ck_assert_uint_eq(outline_choices(&p, &o.question[3]), 2);
	ck_assert_ptr_null(outline_choice(&p, &o.question[3], 3));
	ck_assert_str_eq(outline_row(&p, 2)->id, "r2");
	ck_assert_ptr_null(outline_row(&p, 3));
	/* one begins where the focus is; at the button nothing is asked */
	page_focus(&p, "name");
	ck_assert_uint_eq(outline_start(&o, &p), 2);
	page_focus(&p, PAGE_NEXT_ID);
	ck_assert_uint_eq(outline_start(&o, &p), 4);
	page_free(&p);
}
END_TEST

static char *
told(void (*tell)(struct teller *t, const struct page *p,
	 const struct outline *o),
    int ncols)
{
	struct outline o;
	struct page p;
	struct buf out;
	struct teller t = {&out, ncols};

	buf_init(&out, 65536);
	page_init(&p);
	build_form(&p);
	outline_make(&o, &p, p.arena);
	tell(&t, &p, &o);
	page_free(&p);
	return buf_take(&out);
}

static void
tell_all(struct teller *t, const struct page *p, const struct outline *o)
{
	tell_items(t, p, o, 0, p->nitems);
}

START_TEST(a_page_in_short)
{
	char *text = told(tell_all, 80);

	ck_assert_str_eq(text,
	    "What this is for.\n"
	    "1. Which one is it?: The second\n"
	    "2. At which address?: 10.0.0.1\n"
	    "3. Your name: empty\n"
	    "4. Several: A lamp\n"
	    "\n"
	    "The end.\n"
	    "5. FAIL: A row\n"
	    "6. Another (of yesterday)\n");
	mem_free(text);
}
END_TEST

/* Beside the number that is typed there is no other one, a tick that stands
 * alone says what it ticks, and no state is no state. */
START_TEST(a_row_has_one_number_and_a_lone_tick_its_text)
{
	struct outline o;
	struct item *i;
	struct page p;
	struct buf out;
	struct teller t = {&out, 80};

	buf_init(&out, 65536);
	page_init(&p);
	page_begin(&p);
	page_field(&p, "name", "Name", "A. Fitter");
	page_check(&p, "said", "I checked it", false);
	i = page_row(&p, "cause", "1. The cable is out. Put it in.");
	i->numbered = true;
	i->glyph = GLYPH_FAIL;
	page_row(&p, "plain", "2. floor")->word = "";
	page_end(&p);
	outline_make(&o, &p, p.arena);
	tell_items(&t, &p, &o, 0, p.nitems);
	ck_assert_str_eq(buf_str(&out),
	    "1. Name: A. Fitter\n"
	    "2. I checked it: not ticked\n"
	    "3. Problem: The cable is out. Put it in.\n"
	    "4. 2. floor\n");
	page_free(&p);
	buf_free(&out);
}
END_TEST

static void
tell_first(struct teller *t, const struct page *p, const struct outline *o)
{
	tell_question(t, p, o, 0);
}

static void
tell_second(struct teller *t, const struct page *p, const struct outline *o)
{
	tell_question(t, p, o, 1);
}

static void
tell_fourth(struct teller *t, const struct page *p, const struct outline *o)
{
	tell_question(t, p, o, 3);
}

START_TEST(each_kind_of_question)
{
	char *text = told(tell_first, 80);

	ck_assert_str_eq(text,
	    "What this is for.\n"
	    "\n"
	    "Question 1 of 4: Which one is it?\n"
	    "Why: it matters.\n"
	    "  1. The first\n"
	    "  2. The second (chosen)\n"
	    "  3. Take over from X: third\n");
	mem_free(text);
	/* in a text a dot stands before the number; the sign is a word */
	text = told(tell_second, 80);
	ck_assert_str_eq(text,
	    "Question 2 of 4: At which address?\n"
	    "  Attention: That is none.\n"
	    "  .1 I don't know yet\n");
	mem_free(text);
	text = told(tell_fourth, 80);
	ck_assert_str_eq(text,
	    "Question 4 of 4: Several\n"
	    "  1. A lamp (ticked)\n"
	    "    It shines.\n"
	    "  2. A bell (not ticked)\n");
	mem_free(text);
}
END_TEST

START_TEST(texts_are_safe_and_fit_and_long_words_stay_whole)
{
	static const char path[] =
	    "/home/anna/.local/share/sitewalk/sites/Hotel-Alpenblick-handover/"
	    "firewall/request.txt";
	struct buf out;
	struct teller t = {&out, 40};
	char line[200];

	buf_init(&out, 65536);
	tell_text(&t, 2, "\033]0;evil\007 \xe2\x80\xae x");
	ck_assert_ptr_null(strchr(buf_str(&out), '\033'));
	ck_assert_ptr_null(strstr(buf_str(&out), "\xe2\x80\xae"));
	buf_clear(&out);
	tell_textf(&t, 2, "It will be kept in %s and nowhere else.", path);
	snprintf(line, sizeof line,
	    "  It will be kept in\n  %s\n  and nowhere else.\n", path);
	ck_assert_str_eq(buf_str(&out), line);
	buf_clear(&out);
	tell_text(&t, 0, "one two three four five six seven eight nine ten");
	ck_assert_str_eq(buf_str(&out),
	    "one two three four five six seven eight\nnine ten\n");
	buf_free(&out);
}
END_TEST

HARNESS("line tell", items_fall_into_questions, a_page_in_short,
    a_row_has_one_number_and_a_lone_tick_its_text, each_kind_of_question,
    texts_are_safe_and_fit_and_long_words_stay_whole)
