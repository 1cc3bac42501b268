/* SPDX-License-Identifier: MIT */
/* Owns what is said when: a page, a question, a prompt. */
#include "tui/line/talk.h"

#include <string.h>

#include "core/base/i18n.h"

#define OUT_MAX ((size_t)8 << 20)
#define PART_LINES 20 /* of a page at a time */
#define SPARE_LINES 3 /* no "more" for so few */

void
talk_init(struct talk *t, struct screen *sc, int ncols)
{
	memset(t, 0, sizeof *t);
	t->sc = sc;
	t->ncols = ncols;
	buf_init(&t->out, OUT_MAX);
	buf_init(&t->text, OUT_MAX);
}

void
talk_free(struct talk *t)
{
	buf_free(&t->out);
	buf_free(&t->text);
	watch_free(&t->watch);
}

struct teller
talk_teller(struct talk *t)
{
	struct teller to = {&t->text, t->ncols};

	return to;
}

void
talk_outline(const struct talk *t, struct outline *o)
{
	struct page *p = &screen_top(t->sc)->page;

	outline_make(o, p, p->arena);
}

bool
talk_is_live(const struct talk *t)
{
	return screen_is_running(t->sc) && screen_top(t->sc)->view->live;
}

bool
talk_is_text(const struct talk *t)
{
	const struct frame *f = screen_top(t->sc);
	struct outline o;

	if (f->told == 0 || f->told == TALK_END || t->consent || t->more)
		return false;
	talk_outline(t, &o);
	return f->told <= o.nquestions &&
	    o.question[f->told - 1].kind == ASK_TEXT;
}

bool
talk_wants_consent(const struct talk *t)
{
	const struct frame *f = screen_top(t->sc);

	return f->view->consent != NULL && f->page.next != NULL &&
	    f->page.next_verb != NULL;
}

const struct item *
talk_default_row(const struct talk *t)
{
	const struct page *p = &screen_top(t->sc)->page;
	size_t i;

	for (i = 0; p->first != NULL && i < p->nitems; i++) {
		if (p->item[i].kind == ITEM_ROW &&
		    strcmp(p->item[i].id, p->first) == 0)
			return &p->item[i];
	}
	return NULL;
}

/* --- a page ------------------------------------------------------------ */

static void
tell_title(struct talk *t)
{
	struct teller to = talk_teller(t);
	struct screen *sc = t->sc;
	const char *title = screen_title(sc);

	if (t->shown != NULL || to.out->len > 0)
		buf_addc(to.out, '\n');
	if (sc->site != t->site) {
		t->site = sc->site;
		if (sc->site != NULL && *sc->site->record->site.name != '\0')
			tell_textf(&to, 0, _("Site: %s"),
			    sc->site->record->site.name);
	}
	if (sc->walk != NULL && screen_top(sc) == sc->frame[1])
		/* TRANSLATORS: Page 3 of 12: Products */
		tell_textf(&to, 0, _("Page %1$zu of %2$zu: %3$s"),
		    walk_index(sc->walk) + 1, walk_count(sc->walk), title);
	else
		tell_text(&to, 0, title);
}

/* What a page says before its rows, where these are told only when asked. */
static size_t
end_of_texts(const struct page *p)
{
	size_t i;

	for (i = 0; i < p->nitems && p->item[i].kind == ITEM_TEXT; i++)
		continue;
	while (i > 0 && *p->item[i - 1].text == '\0')
		i--;
	return i;
}

static void
tell_live(struct talk *t)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);
	struct outline o;

	talk_outline(t, &o);
	f->told = TALK_END;
	tell_items(&to, &f->page, &o, 0, end_of_texts(&f->page));
	if (talk_is_live(t))
		tell_text(&to, 0,
		    _("What matters is told here as it comes. Enter tells how "
		      "far it is, .n goes on to the next page meanwhile, .l "
		      "lists every check, ? helps."));
	else if (o.nrows > 0)
		tell_text(&to, 0, _(".l lists every check."));
}

void
talk_list_page(struct talk *t)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);
	struct outline o;

	tell_title(t);
	talk_outline(t, &o);
	tell_items(&to, &f->page, &o, 0, f->page.nitems);
	f->told = TALK_END;
}

void
talk_tell_page(struct talk *t)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);
	struct outline o;
	size_t start;

	talk_outline(t, &o);
	start = outline_start(&o, &f->page);
	if (start == o.nquestions && !f->view->live) {
		talk_list_page(t);
		return;
	}
	tell_title(t);
	if (f->view->live) {
		tell_live(t);
		return;
	}
	tell_items(&to, &f->page, &o, 0, o.question[start].lead);
	talk_ask(t, start);
}

void
talk_ask(struct talk *t, size_t question)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);
	struct outline o;

	talk_outline(t, &o);
	f->told = question + 1;
	tell_question(&to, &f->page, &o, question);
}

void
talk_go_on(struct talk *t, const char *first_id, size_t question)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);
	struct outline o;
	size_t k;

	talk_outline(t, &o);
	k = outline_question_of(&o, &f->page, first_id);
	if (k == o.nquestions && question < k)
		k = question;
	if (!t->again && k + 1 < o.nquestions) {
		talk_ask(t, k + 1);
		return;
	}
	f->told = TALK_END;
	if (k + 1 == o.nquestions) {
		tell_blank(&to);
		tell_items(&to, &f->page, &o, o.question[k].end,
		    f->page.nitems);
	}
	t->again = false;
}

/* --- what is written --------------------------------------------------- */

static size_t
count_lines(const struct buf *b)
{
	size_t i, lines = 0;

	for (i = 0; i < b->len; i++)
		lines += b->data[i] == '\n';
	return lines;
}

/* The bytes of as many lines as people can follow. */
static size_t
part_of(const struct buf *b)
{
	size_t i, lines = 0;

	if (count_lines(b) <= PART_LINES + SPARE_LINES)
		return b->len;
	for (i = 0; lines < PART_LINES; i++)
		lines += b->data[i] == '\n';
	return i;
}

/* What is written while a prompt waits begins on a line of its own. */
static void
leave_prompt(struct talk *t)
{
	if (t->prompted)
		buf_addc(&t->out, '\n');
	t->prompted = false;
}

static void
release(struct talk *t)
{
	size_t n = part_of(&t->text);

	if (n > 0)
		leave_prompt(t);
	buf_add(&t->out, buf_str(&t->text), n);
	buf_consume(&t->text, n);
	t->more = t->text.len > 0;
}

static void
prompt_more(struct talk *t, struct buf *out)
{
	const struct page *p = &screen_top(t->sc)->page;
	size_t lines = count_lines(&t->text);

	buf_addf(out,
	    P_("Enter for more (%zu line)", "Enter for more (%zu lines)",
		lines),
	    lines);
	if (p->next != NULL)
		/* TRANSLATORS: behind "Enter for more": what else goes */
		buf_addf(out, _(", .n for \"%s\""), p->next);
	buf_adds(out, ":");
}

static void
prompt_end(struct talk *t, struct buf *out)
{
	const struct frame *f = screen_top(t->sc);
	const struct item *row = talk_default_row(t);
	struct outline o;
	const char *enter;
	bool lines;

	talk_outline(t, &o);
	/* What was not told has no number to type. */
	lines = o.nquestions + o.nrows > 0 && !f->view->live;
	enter = f->page.next != NULL ? f->page.next :
	    row != NULL              ? row->text :
				       NULL;
	if (talk_wants_consent(t))
		buf_addf(out, _("%s? yes or no, Enter for no:"), f->page.next);
	else if (enter == NULL)
		buf_adds(out,
		    lines ? _("Enter goes back, a number opens that line:") :
			    _("Enter goes back:"));
	else
		buf_addf(out,
		    /* TRANSLATORS: what Enter does, as "Next: Results" */
		    lines ? _("Enter for \"%s\", a number for that line:") :
			    _("Enter for \"%s\":"),
		    enter);
}

static void
prompt_text(struct buf *out, const struct page *p,
    const struct question_span *q)
{
	if (*p->item[q->first].value == '\0' &&
	    strcmp(tell_answer(p->arena, p, q), _("empty")) == 0)
		buf_adds(out, _("Text, Enter leaves it empty:"));
	else
		buf_addf(out, _("Text, Enter keeps \"%s\":"),
		    tell_answer(p->arena, p, q));
}

static void
prompt_number(struct buf *out, const struct page *p,
    const struct question_span *q)
{
	size_t n = 1, most = outline_choices(p, q);

	while (n <= most && !outline_choice(p, q, n)->on)
		n++;
	if (n <= most)
		buf_addf(out, _("Number, Enter keeps %zu:"), n);
	else
		buf_adds(out, _("Number, Enter leaves it open:"));
}

static void
prompt_question(struct talk *t, struct buf *out, const struct question_span *q)
{
	const struct page *p = &screen_top(t->sc)->page;

	switch (q->kind) {
	case ASK_TEXT:
		prompt_text(out, p, q);
		break;
	case ASK_SEVERAL:
		buf_adds(out,
		    _("Numbers to tick or to take off, Enter goes on:"));
		break;
	case ASK_ONE:
		prompt_number(out, p, q);
		break;
	}
}

/* On one line where it fits; the answer is typed behind it. */
static void
put_prompt(struct talk *t, const char *text)
{
	struct teller to = {&t->out, t->ncols - 1};

	tell_text(&to, 0, text);
	if (t->out.len > 0)
		t->out.data[t->out.len - 1] = ' ';
	t->prompted = true;
}

static void
prompt(struct talk *t)
{
	struct frame *f = screen_top(t->sc);
	struct outline o;
	struct buf text;

	buf_init(&text, OUT_MAX);
	talk_outline(t, &o);
	/* The question may have gone with an answer. */
	if (f->told > o.nquestions)
		f->told = TALK_END;
	if (t->more) {
		prompt_more(t, &text);
	} else if (talk_is_live(t)) {
		buf_free(&text);
		return;
	} else if (f->told == TALK_END) {
		t->consent = talk_wants_consent(t);
		prompt_end(t, &text);
	} else {
		prompt_question(t, &text, &o.question[f->told - 1]);
	}
	put_prompt(t, buf_str(&text));
	buf_free(&text);
}

void
talk_tell_message(struct talk *t)
{
	struct teller to = talk_teller(t);
	struct screen *sc = t->sc;

	if (sc->message == NULL)
		return;
	if (t->more) {
		/* It does not wait behind the rest of a page. */
		leave_prompt(t);
		to.out = &t->out;
	}
	if (sc->message_role == ROLE_BAD || sc->message_role == ROLE_WARN)
		tell_textf(&to, 0, _("Attention: %s"), sc->message);
	else
		tell_text(&to, 0, sc->message);
	mem_free(sc->message);
	sc->message = NULL;
}

void
talk_moved(void *arg, const char *path, const char *sentence)
{
	struct talk *t = arg;
	struct teller to = {&t->out, t->ncols};

	leave_prompt(t);
	screen_moved(t->sc, path, sentence);
	t->sc->news_seen = true;
	tell_textf(&to, 0, _("Attention: %s"), sentence);
}

/* A page that was left for another one, and is on top again. */
static void
tell_return(struct talk *t)
{
	struct frame *f = screen_top(t->sc);
	struct outline o;

	tell_title(t);
	talk_outline(t, &o);
	if (f->told != TALK_END && f->told <= o.nquestions)
		talk_ask(t, f->told - 1);
	else
		f->told = TALK_END;
}

void
talk_settle(struct talk *t)
{
	struct screen *sc = t->sc;
	struct frame *f = screen_top(sc);

	if (sc->quit || f == NULL) {
		talk_tell_message(t);
		if (!t->more)
			release(t);
		return;
	}
	if (t->more && f != t->shown) {
		/* The rest of a page that is no longer there. */
		buf_clear(&t->text);
		t->more = false;
	}
	if (f != t->shown || f->told == 0)
		t->again = t->consent = false;
	watch_notice(t);
	talk_tell_message(t);
	screen_build(sc);
	if (f->told == 0)
		talk_tell_page(t);
	else if (f != t->shown)
		tell_return(t);
	t->shown = f;
	if (!t->more)
		release(t);
	if (!t->prompted)
		prompt(t);
}

void
talk_refuse(struct talk *t, const char *sentence)
{
	t->prompted = false;
	screen_say(t->sc, ROLE_WARN, "%s", sentence);
	talk_settle(t);
}

void
talk_begin(struct talk *t, const char *why)
{
	struct teller to = talk_teller(t);

	if (why != NULL)
		tell_text(&to, 0, why);
	talk_tell_commands(t);
	talk_settle(t);
}
