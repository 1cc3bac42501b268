/* SPDX-License-Identifier: MIT */
/* Files of strangers: whatever stands in them and whatever they are called,
 * they are told as text, within bounds, and steer nothing. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/judge/ready.h"
#include "core/record/json.h"
#include "tests/unit/export_site.h"
#include "tests/unit/papers_case.h"
#include "tui/work/review.h"

#define FILE_MAX ((size_t)64 << 20)

/* What a face without cells would print. */
static void
is_safe(const char *text)
{
	struct arena *a = arena_new();

	if (text != NULL)
		ck_assert_str_eq(text,
		    text_sanitise(a, text, strlen(text), FILE_MAX, true));
	arena_free(a);
}

static void
no_steering(struct papers_case *f)
{
	const struct page *p = &screen_top(&f->sc)->page;
	const struct surface *s = &f->sc.surface;
	size_t k;
	int i;

	for (k = 0; k < p->nitems; k++) {
		is_safe(p->item[k].text);
		is_safe(p->item[k].note);
		is_safe(p->item[k].value);
	}
	is_safe(screen_title(&f->sc));

	for (i = 0; i < s->nrows * s->ncols; i++) {
		uint32_t cp = s->cell[i].part[0];

		ck_assert_msg(cp >= 0x20 && (cp < 0x7f || cp > 0x9f) &&
			(cp < 0x202a || cp > 0x202e) &&
			(cp < 0x2066 || cp > 0x2069) && cp != 0x200e &&
			cp != 0x200f,
		    "U+%04X stands in a cell", cp);
	}
}

static void
look_at_every_size(struct papers_case *f)
{
	static const int sizes[][2] = {{10, 40}, {24, 80}, {43, 132},
	    {120, 400}};
	size_t i;
	int k;

	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		f->nrows = sizes[i][0];
		f->ncols = sizes[i][1];
		papers_draw(f);
		no_steering(f);
		for (k = 0; k < 6; k++) {
			papers_press(f, UI_KEY_PGDN);
			no_steering(f);
		}
		papers_press(f, UI_KEY_HOME);
	}
}

/* Every string of the document becomes this one, but for those that readers
 * compare with words of their own. */
static void
poison(json_t *j, const char *text)
{
	static const char *const kept[] = {"schema", "started", "ended", "when",
	    "sha256", "outcome", "rung", "required_rung", "cause", "zone",
	    "path", "strength", "direction", "protocol", "kind", "answer",
	    "nature", "failure", "why", "state", "op", "as_of", "created",
	    "dhcp_given", "ports"};
	const char *key;
	json_t *value;
	size_t i, k;
	void *n;

	json_object_foreach_safe(j, n, key, value)
	{
		for (k = 0; k < sizeof kept / sizeof *kept; k++) {
			if (strcmp(kept[k], key) == 0)
				break;
		}
		if (k < sizeof kept / sizeof *kept)
			continue;
		if (json_is_string(value))
			json_object_set_new(j, key, json_string(text));
		else
			poison(value, text);
	}
	json_array_foreach(j, i, value)
	{
		if (json_is_string(value))
			json_array_set_new(j, i, json_string(text));
		else
			poison(value, text);
	}
}

START_TEST(hostile_texts_stay_texts)
{
	static const char evil[] = "\x1b]0;evil\x07\x1b[2J\x1b[31m\xc2\x9b"
				   "5n\xe2\x80\xae\xe2\x81\xa6%s%n\x7f\r\n";
	struct record *r = papers_bad_day();
	struct papers_case f;
	char *text;
	json_t *j;

	papers_setup(&f);
	ready_judge(r);
	*arena_push(r->arena, r->diagnoses,
	    r->ndiagnoses) = (struct diagnosis){.cause = CAUSE_TCP_TIMEOUT,
	    .zone = ZONE_GATEWAY,
	    .summary = r->site.name};
	text = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_ALL);
	record_free(r);
	j = json_loads(text, 0, NULL);
	free(text);
	poison(j, evil);
	text = json_dumps(j, 0);
	ck_assert_ptr_nonnull(strstr(text, "\\u001B"));
	papers_put(f.handover, text);
	free(text);
	json_decref(j);
	papers_open_handover(&f);
	ck_assert(papers_tells(&f, "\\x1b]0;evil"));
	look_at_every_size(&f);
	papers_press(&f, 'f');
	look_at_every_size(&f);
	papers_focus(&f, "@line:1");
	papers_press(&f, UI_KEY_ENTER);
	look_at_every_size(&f);
	papers_press(&f, UI_KEY_ESC);
	papers_focus(&f, "@diagnosis:0");
	papers_press(&f, UI_KEY_ENTER);
	look_at_every_size(&f);
	papers_teardown(&f);
}
END_TEST

START_TEST(what_is_no_handover_is_refused_with_its_reason)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
	    {"", "part of it is missing"},
	    {"hello", "not valid JSON"},
	    {"{}", "not a handover"},
	    {"[1,2]", "not a handover"},
	    {"{\"schema\": \"sitewalk/record/1\"", "part of it is missing"},
	    {"{\"schema\": \"sitewalk/record/9\"}", "newer version"},
	    {"{\"schema\": \"sitewalk/record/1\", \"schema\": 1}",
		"same member twice"},
	    {"{\"schema\": \"sitewalk/record/1\", \"started\": 5}",
		"cannot be used"},
	    {"{\"a\": \"\xff\"}", "bytes that are no text"},
	};
	struct papers_case f;
	size_t i;

	papers_setup(&f);
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		papers_put(f.handover, cases[i].text);
		screen_push(&f.sc, &view_review, f.dir);
		papers_draw(&f);
		papers_focus(&f, f.handover);
		ck_assert_msg(papers_tells(&f, cases[i].reason), "case %zu", i);
		/* it does not open, and one stays */
		papers_press(&f, UI_KEY_ENTER);
		ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_review);
		screen_pop(&f.sc);
		/* named outright it says the same */
		screen_push(&f.sc, &view_handover, f.handover);
		papers_draw(&f);
		ck_assert_msg(papers_tells(&f, cases[i].reason), "case %zu", i);
		ck_assert_ptr_null(f.sc.site);
		papers_press(&f, 'd');
		papers_press(&f, 'n');
		papers_press(&f, 'f');
		papers_press(&f, UI_KEY_ESC);
		ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_sites);
	}
	papers_teardown(&f);
}
END_TEST

static char *
repeated(const char *before, const char *what, size_t count, const char *after)
{
	struct buf b;
	size_t i;

	buf_init(&b, FILE_MAX);
	buf_adds(&b, before);
	for (i = 0; i < count; i++)
		buf_adds(&b, what);
	buf_adds(&b, after);
	return buf_take(&b);
}

START_TEST(huge_files_are_bounded)
{
	static const char head[] =
	    "{\"schema\": \"sitewalk/record/1\", \"started\": null, "
	    "\"ended\": null, \"complete\": true, \"tool\": {\"version\": "
	    "\"1\"}, ";
	struct papers_case f;
	char *text, *before;

	papers_setup(&f);
	/* deep */
	text = repeated("{\"a\": ", "[", 100000, "");
	papers_put(f.handover, text);
	free(text);
	screen_push(&f.sc, &view_handover, f.handover);
	papers_draw(&f);
	ck_assert(papers_tells(&f, "built in a way that no site needs"));
	screen_pop(&f.sc);
	/* wide */
	before = repeated(head, "", 0, "\"equipment\": [");
	text = repeated(before,
	    "{\"product\":\"p\",\"item\":\"i\","
	    "\"value\":\"v\",\"how\":\"typed\"},",
	    30000, "{}]}");
	papers_put(f.handover, text);
	free(text);
	free(before);
	screen_push(&f.sc, &view_handover, f.handover);
	papers_draw(&f);
	ck_assert(papers_tells(&f, "cannot be read as a handover"));
	screen_pop(&f.sc);
	/* a name without end is cut, and leaves room for what matters */
	before = repeated(head, "", 0, "\"site\": {\"name\": \"");
	text = repeated(before, "very long ", 6000, "\"}}");
	papers_put(f.handover, text);
	free(text);
	free(before);
	f.nrows = 24;
	f.ncols = 80;
	screen_push(&f.sc, &view_handover, f.handover);
	papers_draw(&f);
	ck_assert(papers_tells(&f, "very long very long"));
	ck_assert_int_le(screen_top(&f.sc)->page.item[0].nlines, 2);
	look_at_every_size(&f);
	papers_teardown(&f);
}
END_TEST

START_TEST(names_of_files_stay_texts)
{
	static const char name[] = "\x1b]0;evil\x07\xc2\x9b\xe2\x80\xae.json";
	struct record *r = papers_bad_day();
	struct papers_case f;
	char *text = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_ALL);
	char path[192], broken[192];

	papers_setup(&f);
	snprintf(path, sizeof path, "%s/%s", f.dir, name);
	snprintf(broken, sizeof broken, "%s/%s/handover.json", f.dir, name + 1);
	papers_put(path, text);
	papers_put(broken, "broken");
	screen_push(&f.sc, &view_review, f.dir);
	papers_draw(&f);
	papers_focus(&f, broken);
	look_at_every_size(&f);
	papers_focus(&f, broken);
	papers_press(&f, UI_KEY_ENTER);
	no_steering(&f);
	papers_focus(&f, path);
	papers_press(&f, UI_KEY_ENTER);
	look_at_every_size(&f);
	screen_push(&f.sc, &view_compare, path);
	look_at_every_size(&f);
	ck_assert(papers_tells(&f, "Nothing changed"));
	screen_pop(&f.sc);
	screen_push(&f.sc, &view_compare, broken);
	look_at_every_size(&f);
	screen_pop(&f.sc);
	screen_pop(&f.sc);
	screen_push(&f.sc, &view_handover, broken);
	look_at_every_size(&f);
	free(text);
	record_free(r);
	papers_teardown(&f);
}
END_TEST

/* The ids of the rows that stand for files, from the top. */
static const char *
listed(struct papers_case *f, size_t nth)
{
	const struct page *p = &screen_top(&f->sc)->page;
	size_t i;

	for (i = 0; i < p->nitems; i++) {
		if (p->item[i].kind == ITEM_ROW && nth-- == 0)
			return p->item[i].id;
	}
	return "";
}

START_TEST(a_folder_lists_the_newest_first)
{
	struct record *r = papers_bad_day();
	struct papers_case f;
	char path[160], *text;
	int i;

	papers_setup(&f);
	for (i = 0; i < 3; i++) {
		/* b is the newest */
		r->started_us = EXPORT_NOW_US + (i == 1) * 9000000 -
		    i * 1000000;
		text = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_ALL);
		snprintf(path, sizeof path, "%s/%c-handover/handover.json",
		    f.dir, 'a' + i);
		papers_put(path, text);
		free(text);
	}
	record_free(r);
	snprintf(path, sizeof path, "%s/notes.json", f.dir);
	papers_put(path, "{\"shopping\": \"list\"}");
	snprintf(path, sizeof path, "%s/1/2/3/4/5/6/7/8/9/handover.json",
	    f.dir);
	papers_put(path, "too deep");
	ck_assert_int_eq(symlink("/etc", "link"), 0);
	screen_push(&f.sc, &view_review, f.dir);
	papers_draw(&f);
	ck_assert(papers_tells(&f, "1 file is a document of another kind"));
	ck_assert(papers_tells(&f, "1 file or folder was left out"));
	ck_assert(papers_tells(&f, "3 files. NOT YET: 3"));
	ck_assert_ptr_nonnull(strstr(listed(&f, 0), "b-handover"));
	ck_assert_ptr_nonnull(strstr(listed(&f, 1), "a-handover"));
	ck_assert_ptr_nonnull(strstr(listed(&f, 2), "c-handover"));
	ck_assert_str_eq(listed(&f, 3), "");
	ck_assert_str_eq(screen_top(&f.sc)->page.focus, listed(&f, 0));
	/* a file is named outright */
	papers_fill(&f, "review.path", "~/c-handover/handover.json");
	ck_assert(papers_tells(&f, "Open "));
	papers_fill(&f, "review.path", "~/nowhere");
	ck_assert(papers_tells(&f, "cannot be opened"));
	papers_teardown(&f);
}
END_TEST

START_TEST(a_list_is_filtered_compared_and_written)
{
	struct record *r = papers_bad_day();
	struct papers_case f;
	char path[160], *text;

	papers_setup(&f);
	r->site.name = arena_strdup(r->arena, "=Harbour");
	text = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_ALL);
	snprintf(path, sizeof path, "%s/a/handover.json", f.dir);
	papers_put(path, text);
	free(text);
	r->site.name = arena_strdup(r->arena, "Mill");
	r->needs[0].outcome = OUTCOME_FAIL;
	r->started_us += 60000000;
	text = export_bytes(r, EXPORT_HANDOVER, "json", SCOPE_ALL);
	snprintf(path, sizeof path, "%s/b/handover.json", f.dir);
	papers_put(path, text);
	free(text);
	record_free(r);
	screen_push(&f.sc, &view_review, f.dir);
	papers_draw(&f);
	papers_fill(&f, "review.filter", "mill not yet");
	papers_draw(&f);
	ck_assert_ptr_nonnull(strstr(listed(&f, 0), "/b/"));
	ck_assert_str_eq(listed(&f, 1), "");
	ck_assert(papers_tells(&f, "1 other file does not match"));
	papers_fill(&f, "review.filter", "");
	papers_draw(&f);
	snprintf(path, sizeof path, "%s", listed(&f, 0));
	papers_focus(&f, path);
	papers_press(&f, 'm');
	snprintf(path, sizeof path, "%s", listed(&f, 1));
	papers_focus(&f, path);
	papers_press(&f, 'm');
	ck_assert(papers_tells(&f, "Two are marked"));
	papers_press(&f, 'd');
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_compare);
	ck_assert(papers_tells(&f, "are these two the same site?"));
	papers_press(&f, UI_KEY_ESC);
	papers_fill(&f, "review.csv", "~/list.csv");
	papers_focus(&f, "review.csv");
	papers_press(&f, UI_KEY_ENTER);
	snprintf(path, sizeof path, "%s/list.csv", f.dir);
	text = papers_contents(path);
	ck_assert_ptr_nonnull(strstr(text, "\r\nMill,"));
	/* no formula */
	ck_assert_ptr_nonnull(strstr(text, "\r\n\"'=Harbour\","));
	free(text);
	papers_teardown(&f);
}
END_TEST

START_TEST(a_long_list_is_whole)
{
	struct papers_case f;
	char path[160];
	int i;

	papers_setup(&f);
	for (i = 0; i < 130; i++) {
		snprintf(path, sizeof path, "%s/%d/handover.json", f.dir, i);
		papers_put(path, "broken");
	}
	screen_push(&f.sc, &view_review, f.dir);
	look_at_every_size(&f);
	ck_assert(papers_tells(&f, "130 files. REFUSED: 130"));
	ck_assert_str_ne(listed(&f, 129), "");
	papers_teardown(&f);
}
END_TEST

HARNESS("view stranger", hostile_texts_stay_texts,
    what_is_no_handover_is_refused_with_its_reason, huge_files_are_bounded,
    names_of_files_stay_texts, a_folder_lists_the_newest_first,
    a_list_is_filtered_compared_and_written, a_long_list_is_whole)
