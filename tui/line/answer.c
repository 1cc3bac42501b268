/* SPDX-License-Identifier: MIT */
/* Owns what a line means that is no command: an answer, a number, Enter. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/line/talk.h"

#define NUMBER_MAX 100000

static void
tell_range(struct talk *t, size_t most)
{
	struct teller to = talk_teller(t);

	if (most == 0)
		tell_text(&to, 0,
		    _("That is no command. Type ? to hear what there is."));
	else
		tell_textf(&to, 0,
		    P_("That is no command, and the only number here is 1. "
		       "Type ? to hear what there is.",
			"That is no command, and no number from 1 to %zu. "
			"Type ? to hear what there is.",
			most),
		    most);
}

static void
activate(struct talk *t, const struct item *i)
{
	page_focus(&screen_top(t->sc)->page, i->id);
	screen_activate(t->sc);
}

/* --- one question ------------------------------------------------------- */

static void
take_text(struct talk *t, const struct question_span *q, size_t question,
    const char *text)
{
	struct frame *f = screen_top(t->sc);
	struct page *p = &f->page;
	struct teller to = talk_teller(t);
	char *id = mem_strdup(p->item[q->first].id);
	const struct draft *d;

	page_focus(p, id);
	screen_build(t->sc);
	screen_enter_text(t->sc, text);
	if (f == screen_top(t->sc)) {
		screen_build(t->sc);
		d = screen_draft(t->sc, id);
		if (d != NULL && d->problem != NULL) {
			tell_textf(&to, 0, _("Attention: %s"), d->problem);
			mem_free(t->sc->message);
			t->sc->message = NULL;
		} else {
			talk_go_on(t, id, question);
		}
	}
	mem_free(id);
}

static bool
is_refused(const struct talk *t)
{
	return t->sc->message != NULL && t->sc->message_role == ROLE_BAD;
}

static void
choose(struct talk *t, const struct question_span *q, size_t question,
    const struct item *choice)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);
	char *id = mem_strdup(f->page.item[q->first].id);
	char *text = mem_strdup(choice->text);

	activate(t, choice);
	if (!is_refused(t))
		tell_textf(&to, 0, _("Chosen: %s"), text);
	if (f == screen_top(t->sc)) {
		screen_build(t->sc);
		if (!is_refused(t))
			talk_go_on(t, id, question);
	}
	mem_free(text);
	mem_free(id);
}

static void
tick(struct talk *t, const struct question_span *q, size_t n)
{
	const struct item *i = outline_choice(&screen_top(t->sc)->page, q, n);
	struct teller to = talk_teller(t);
	bool was_on;
	char *text;

	/* One tick may take away what another number was of. */
	if (i == NULL)
		return;
	was_on = i->on;
	text = mem_strdup(i->text);
	activate(t, i);
	if (!is_refused(t))
		tell_textf(&to, 0,
		    was_on ? _("Taken off: %s") : _("Ticked: %s"), text);
	mem_free(text);
}

/* "1 4" or "1,4"; nothing happens unless all of it is right. */
static bool
take_numbers(struct talk *t, size_t question, const char *line)
{
	struct arena *a = arena_new();
	char *rest = arena_strdup(a, line), *word;
	size_t most, n = 0, i, *number = NULL;
	struct outline o;
	uint64_t value;
	bool ok = true;

	talk_outline(t, &o);
	most = outline_choices(&screen_top(t->sc)->page, &o.question[question]);
	while (ok && (word = strsep(&rest, " ,")) != NULL) {
		if (*word == '\0')
			continue;
		ok = text_to_uint(word, 1, most, &value);
		if (ok)
			*arena_push(a, number, n) = (size_t)value;
	}
	for (i = 0; ok && i < n; i++) {
		tick(t, &o.question[question], number[i]);
		screen_build(t->sc);
		talk_outline(t, &o);
		if (question >= o.nquestions)
			break;
	}
	arena_free(a);
	return ok;
}

static const struct item *
named_choice(const struct page *p, const struct question_span *q,
    const char *line)
{
	const struct item *i;
	uint64_t n;

	if (text_to_uint(line, 1, outline_choices(p, q), &n))
		return outline_choice(p, q, (size_t)n);
	for (n = outline_choices(p, q); n > 0; n--) {
		i = outline_choice(p, q, (size_t)n);
		if (text_equal_nocase(i->text, line))
			return i;
	}
	return NULL;
}

/* In a text a dot stands before what is no text: ".2" is the second choice,
 * "." alone is no text at all, "..b" is the text ".b". */
static void
answer_text(struct talk *t, const struct question_span *q, size_t question,
    const char *line)
{
	const struct page *p = &screen_top(t->sc)->page;
	uint64_t n;

	if (line[0] == '.' && outline_choices(p, q) > 0 &&
	    text_to_uint(line + 1, 1, outline_choices(p, q), &n))
		choose(t, q, question, outline_choice(p, q, (size_t)n));
	else if (strcmp(line, ".") == 0)
		take_text(t, q, question, "");
	else if (line[0] == '.' && line[1] == '.' && line[2] != '\0' &&
	    line[3] == '\0')
		take_text(t, q, question, line + 1);
	else
		take_text(t, q, question, line);
}

static void
answer_question(struct talk *t, size_t question, const char *line)
{
	const struct page *p = &screen_top(t->sc)->page;
	const struct question_span *q;
	const struct item *choice;
	struct outline o;

	talk_outline(t, &o);
	q = &o.question[question];
	if (*line == '\0') {
		talk_go_on(t, p->item[q->first].id, question);
		return;
	}
	switch (q->kind) {
	case ASK_TEXT:
		answer_text(t, q, question, line);
		break;
	case ASK_SEVERAL:
		if (!take_numbers(t, question, line))
			tell_range(t, outline_choices(p, q));
		break;
	case ASK_ONE:
		choice = named_choice(p, q, line);
		if (choice != NULL)
			choose(t, q, question, choice);
		else
			tell_range(t, outline_choices(p, q));
		break;
	}
}

/* --- the end of a page --------------------------------------------------- */

/* A page that stays says why; it may also say where, by its focus. */
static void
press(struct talk *t)
{
	struct frame *f = screen_top(t->sc);
	struct outline o;
	size_t k;

	page_focus(&f->page, PAGE_NEXT_ID);
	screen_press_next(t->sc);
	if (t->sc->quit || f != screen_top(t->sc) || f->told == 0)
		return;
	talk_outline(t, &o);
	k = outline_question_of(&o, &f->page, f->page.focus);
	if (k < o.nquestions && t->sc->message != NULL) {
		t->again = true;
		talk_ask(t, k);
	}
}

static bool
says(const char *line, const char *word, const char *translated)
{
	return text_equal_nocase(line, word) ||
	    text_equal_nocase(line, translated) ||
	    ((line[0] == word[0] || line[0] == translated[0]) &&
		line[0] != '\0' && line[1] == '\0');
}

static void
answer_consent(struct talk *t, const char *line)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);

	if (says(line, "yes", _("yes"))) {
		t->consent = false;
		press(t);
		/* What was done may show on the page. */
		if (!t->sc->quit && f == screen_top(t->sc) &&
		    f->told == TALK_END && !is_refused(t))
			f->told = 0;
	} else if (*line == '\0' || says(line, "no", _("no"))) {
		tell_text(&to, 0,
		    _("Not done. Type ? to hear what else there is."));
	} else {
		tell_text(&to, 0, _("Please type yes or no."));
	}
}

void
talk_press_next(struct talk *t)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);

	if (f->page.next == NULL)
		tell_text(&to, 0,
		    _("Nothing comes after this page; b goes back."));
	else if (talk_wants_consent(t))
		f->told = TALK_END;
	else
		press(t);
}

static void
answer_enter(struct talk *t)
{
	const struct item *row = talk_default_row(t);

	if (screen_top(t->sc)->page.next != NULL)
		talk_press_next(t);
	else if (row != NULL)
		activate(t, row);
	else
		screen_back(t->sc);
}

static void
answer_end(struct talk *t, const char *line)
{
	const struct page *p = &screen_top(t->sc)->page;
	const struct item *row;
	struct outline o;
	uint64_t n;

	talk_outline(t, &o);
	if (*line == '\0') {
		answer_enter(t);
	} else if (!text_to_uint(line, 1, o.nquestions + o.nrows, &n)) {
		tell_range(t, o.nquestions + o.nrows);
	} else if (n <= o.nquestions) {
		t->again = true;
		talk_ask(t, (size_t)n - 1);
	} else {
		row = outline_row(p, (size_t)n - o.nquestions);
		activate(t, row);
	}
}

void
talk_answer(struct talk *t, const char *line)
{
	const struct frame *f = screen_top(t->sc);
	struct outline o;
	uint64_t n;

	talk_outline(t, &o);
	if (f->told != TALK_END && f->told <= o.nquestions)
		answer_question(t, f->told - 1, line);
	else if (talk_is_live(t) && *line == '\0')
		watch_totals(t);
	else if (t->consent && !text_to_uint(line, 0, NUMBER_MAX, &n))
		answer_consent(t, line);
	else
		answer_end(t, line);
}
