/* SPDX-License-Identifier: MIT */
/* Promises of the text in manual pages: nothing in it is a request. What a
 * letter is written as, says groff_char(7). */
#include "tests/unit/harness.h"

#include "core/base/buf.h"
#include "tui/commands/mdoc.h"

#define PAGE_MAX 1000

static struct buf out;

static const char *
text_of(const char *text)
{
	buf_free(&out);
	buf_init(&out, PAGE_MAX);
	mdoc_text(&out, text);
	return buf_str(&out);
}

static const char *
usage_of(const char *usage)
{
	buf_free(&out);
	buf_init(&out, PAGE_MAX);
	mdoc_usage(&out, usage);
	return buf_str(&out);
}

START_TEST(no_line_begins_as_a_request)
{
	ck_assert_str_eq(text_of(".Sh of a text"), "\\&.Sh of a text\n");
	ck_assert_str_eq(text_of("'br of a text"), "\\(aqbr of a text\n");
	ck_assert_str_eq(text_of("One. .Sh two"), "One.\n\\&.Sh two\n");
	ck_assert_str_eq(text_of("One. ...two"), "One.\n\\&...two\n");
	/* Wherever the line was broken. */
	ck_assert_str_eq(text_of("1234567 1234567 1234567 1234567 1234567 "
				 "1234567 1234567 1234567 .Sh"),
	    "1234567 1234567 1234567 1234567 1234567 1234567 1234567 1234567\n"
	    "\\&.Sh\n");
	ck_assert_str_eq(usage_of("...]"), "\\%...]");
}
END_TEST

START_TEST(letters_come_out_as_they_are)
{
	ck_assert_str_eq(text_of("a\\fBb"), "a\\efBb\n");
	ck_assert_str_eq(text_of("say \"it\""), "say \\(dqit\\(dq\n");
	ck_assert_str_eq(text_of("it's `x` ~/a ^"),
	    "it\\(aqs \\(gax\\(ga \\(ti/a \\(ha\n");
	ck_assert_str_eq(text_of("2026-12-31"), "2026\\-12\\-31\n");
	ck_assert_str_eq(text_of("gr\303\274n \342\200\236"),
	    "gr\\[u00FC]n \\[u201E]\n");
	ck_assert_str_eq(text_of("\360\237\224\222"), "\\[u1F512]\n");
}
END_TEST

START_TEST(each_sentence_has_a_line)
{
	ck_assert_str_eq(text_of("One. Two 1.5 and so on.  Three."),
	    "One.\nTwo 1.5 and so on.\nThree.\n");
	ck_assert_str_eq(text_of(""), "");
}
END_TEST

START_TEST(options_in_a_sentence_are_bold)
{
	ck_assert_str_eq(text_of("with --ca-bundle, or -o (--key)"),
	    "with \\%\\fB\\-\\-ca\\-bundle\\fR, or \\%\\fB\\-o\\fR "
	    "(\\fB\\-\\-key\\fR)\n");
	ck_assert_str_eq(text_of("not - this, --, x--y or e-mail"),
	    "not \\- this, \\-\\-, x\\-\\-y or e\\-mail\n");
}
END_TEST

START_TEST(places_and_words_differ_in_a_usage)
{
	ck_assert_str_eq(usage_of("ID[,ID...]|all"),
	    "\\%\\fIID\\fR[,\\fIID\\fR...]|\\fBall\\fR");
	ck_assert_str_eq(usage_of("[--set A.B=C]..."),
	    "\\%[\\fB\\-\\-set\\fR \\%\\fIA\\fR.\\fIB\\fR=\\fIC\\fR]...");
	ck_assert_str_eq(usage_of("\303\234BER a4"),
	    "\\%\\fI\\[u00DC]BER\\fR \\%\\fBa4\\fR");
}
END_TEST

START_TEST(arguments_of_macros_stay_in_one_piece)
{
	buf_free(&out);
	buf_init(&out, PAGE_MAX);
	mdoc_line(&out, "Dl", "a \"b\" .c");
	mdoc_section(&out, "NAME");
	mdoc_items(&out, "Ev", "A_B, C");
	mdoc_summary(&out, "is it In or Ar");
	ck_assert_str_eq(buf_str(&out),
	    ".Dl \"a \\(dqb\\(dq .c\"\n"
	    ".Sh NAME\n"
	    ".It Ev A_B , Ev C\n"
	    ".Nd \\&is \\&it \\&In \\&or \\&Ar\n");
}
END_TEST

HARNESS("mdoc", no_line_begins_as_a_request, letters_come_out_as_they_are,
    each_sentence_has_a_line, options_in_a_sentence_are_bold,
    places_and_words_differ_in_a_usage, arguments_of_macros_stay_in_one_piece)
