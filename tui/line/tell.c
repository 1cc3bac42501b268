/* SPDX-License-Identifier: MIT */
/* Owns how items read as plain lines. */
#include "tui/line/tell.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"

#define LINE_MAX_BYTES 65536
#define CHOICE_INDENT 2

/* What a sign alone says on the screen. */
static const char *const sign_words[GLYPH_COUNT] = {
    [GLYPH_FAIL] = N_("Problem"),
    [GLYPH_WARN] = N_("Attention"),
    [GLYPH_UNSURE] = N_("Not sure"),
};

struct wrapping {
	struct buf *out;
	int indent;
};

static void
put_line(void *arg, const char *s, size_t len)
{
	struct wrapping *w = arg;

	buf_fill(w->out, ' ', (size_t)w->indent);
	buf_add(w->out, s, len);
	buf_addc(w->out, '\n');
}

/* The next word that is wider than a line, or NULL; *len its bytes. */
static const char *
long_word(const char *s, int room, size_t *len)
{
	while (*s != '\0') {
		*len = strcspn(s, " \n");
		if (*len > text_prefix(s, room))
			return s;
		s += *len;
		s += strspn(s, " \n");
	}
	return NULL;
}

/* A path that is longer than a line stays whole, on a line of its own: so it
 * can be read out and copied. */
static void
wrap(struct wrapping *w, const char *text, int room)
{
	struct buf before;
	const char *word;
	size_t len;

	buf_init(&before, LINE_MAX_BYTES);
	while ((word = long_word(text, room, &len)) != NULL) {
		buf_clear(&before);
		buf_add(&before, text, (size_t)(word - text));
		text_wrap(buf_str(&before), room, put_line, w);
		put_line(w, word, len);
		text = word + len;
		text += strspn(text, " ");
	}
	text_wrap(text, room, put_line, w);
	buf_free(&before);
}

void
tell_text(struct teller *t, int indent, const char *text)
{
	struct wrapping w = {t->out, indent < 0 ? 0 : indent};
	struct buf safe;

	buf_init(&safe, LINE_MAX_BYTES);
	text_sanitise_into(&safe, text, strnlen(text, LINE_MAX_BYTES / 8),
	    true);
	wrap(&w, buf_str(&safe), t->ncols - w.indent);
	buf_free(&safe);
}

void
tell_textf(struct teller *t, int indent, const char *fmt, ...)
{
	struct buf text;
	va_list ap;

	buf_init(&text, LINE_MAX_BYTES);
	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	tell_text(t, indent, buf_str(&text));
	buf_free(&text);
}

void
tell_blank(struct teller *t)
{
	const struct buf *b = t->out;

	if (b->len == 0 || (b->len == 1 && b->data[0] == '\n') ||
	    (b->len > 1 && b->data[b->len - 1] == '\n' &&
		b->data[b->len - 2] == '\n'))
		return;
	buf_addc(t->out, '\n');
}

static const char *
state_word(const struct item *i)
{
	if (i->word != NULL && *i->word != '\0')
		return i->word;
	return sign_words[i->glyph] != NULL ? _(sign_words[i->glyph]) : NULL;
}

static void
tell_plain(struct teller *t, const struct item *i)
{
	const char *word = state_word(i);

	if (i->hint)
		return;
	if (*i->text == '\0')
		tell_blank(t);
	else if (word != NULL)
		/* TRANSLATORS: a state ("FAIL"), what it is about */
		tell_textf(t, i->indent, _("%1$s: %2$s"), word, i->text);
	else
		tell_text(t, i->indent, i->text);
}

static void
add_note(struct buf *line, const char *note, bool *open)
{
	size_t len = note != NULL ? strlen(note) : 0;

	if (len == 0)
		return;
	/* Some have brackets of their own. */
	if (len > 2 && note[0] == '(' && note[len - 1] == ')') {
		note++;
		len -= 2;
	}
	buf_adds(line, *open ? ", " : " (");
	buf_add(line, note, len);
	*open = true;
}

/* What a row says, without a number of its own. */
static const char *
row_text(const struct item *row)
{
	const char *dot = strchr(row->text, '.');

	return row->numbered && dot != NULL ? dot + 1 + strspn(dot + 1, " ") :
					      row->text;
}

void
tell_row(struct teller *t, const struct page *p, const struct outline *o,
    const struct item *row)
{
	const char *word = state_word(row);
	struct buf line;
	bool open = false;

	buf_init(&line, LINE_MAX_BYTES);
	buf_addf(&line, "%zu. ", o->nquestions + outline_row_number(p, row));
	if (word != NULL)
		buf_addf(&line, "%s: ", word);
	buf_adds(&line, row_text(row));
	add_note(&line, row->note, &open);
	add_note(&line, row->value, &open);
	if (open)
		buf_addc(&line, ')');
	tell_text(t, row->indent, buf_str(&line));
	buf_free(&line);
}

const char *
tell_answer(struct arena *a, const struct page *p,
    const struct question_span *q)
{
	struct buf list;
	char *text;
	size_t i;

	buf_init(&list, LINE_MAX_BYTES);
	for (i = q->first; i < q->end; i++) {
		const struct item *it = &p->item[i];

		if (it->kind == ITEM_FIELD && *it->value != '\0')
			buf_adds(&list, it->value);
		else if ((it->kind == ITEM_OPTION || it->kind == ITEM_CHECK) &&
		    it->on)
			buf_addf(&list, "%s%s", list.len > 0 ? ", " : "",
			    it->text);
	}
	text = list.len > 0 ? arena_strdup(a, buf_str(&list)) : NULL;
	buf_free(&list);
	if (text != NULL)
		return text;
	return q->kind == ASK_SEVERAL ? _("none") :
	    q->kind == ASK_ONE        ? _("open") :
					_("empty");
}

/* A tick that stands alone, as at the end of a form. */
static const struct item *
lone_check(const struct page *p, const struct question_span *q)
{
	return q->kind == ASK_SEVERAL && *q->label == '\0' &&
		outline_choices(p, q) == 1 ?
	    outline_choice(p, q, 1) :
	    NULL;
}

/* A question that is not asked now: its number, and what is answered. */
static void
tell_short(struct teller *t, const struct page *p, const struct outline *o,
    size_t k)
{
	const struct question_span *q = &o->question[k];
	const char *answer = tell_answer(p->arena, p, q);
	const struct item *check = lone_check(p, q);

	if (check != NULL)
		tell_textf(t, 0, _("%1$zu. %2$s: %3$s"), k + 1, check->text,
		    check->on ? _("ticked") : _("not ticked"));
	else if (*q->label == '\0')
		tell_textf(t, 0, "%zu. %s", k + 1, answer);
	else
		/* TRANSLATORS: number, question, its answer */
		tell_textf(t, 0, _("%1$zu. %2$s: %3$s"), k + 1, q->label,
		    answer);
}

static bool
is_blank(const struct item *i)
{
	return i->kind == ITEM_TEXT && *i->text == '\0';
}

/* Below a heading that is the label there is nothing to tell in short. */
static size_t
end_of_lead(const struct page *p, const struct question_span *q)
{
	size_t end = q->heading;

	while (end > q->lead && is_blank(&p->item[end - 1]))
		end--;
	return end;
}

void
tell_items(struct teller *t, const struct page *p, const struct outline *o,
    size_t from, size_t to)
{
	size_t i, k = 0;

	for (i = from; i < to; i++) {
		while (k < o->nquestions && o->question[k].end <= i)
			k++;
		if (k < o->nquestions && i >= end_of_lead(p, &o->question[k])) {
			tell_short(t, p, o, k);
			i = o->question[k].end - 1;
		} else if (p->item[i].kind == ITEM_ROW) {
			tell_row(t, p, o, &p->item[i]);
		} else {
			tell_plain(t, &p->item[i]);
		}
	}
}

static void
tell_label(struct teller *t, const struct outline *o, size_t k)
{
	const char *label = o->question[k].label;

	if (*label == '\0')
		label = _("Please choose.");
	if (o->nquestions == 1)
		tell_text(t, 0, label);
	else
		/* TRANSLATORS: Question 2 of 5: Which generation is it? */
		tell_textf(t, 0, _("Question %1$zu of %2$zu: %3$s"), k + 1,
		    o->nquestions, label);
}

static void
tell_choice(struct teller *t, const struct page *p,
    const struct question_span *q, const struct item *i, size_t n)
{
	const char *number = arena_printf(p->arena,
	    q->kind == ASK_TEXT ? ".%zu" : "%zu.", n);
	const char *state = i->kind == ITEM_CHECK ?
	    (i->on ? _("ticked") : _("not ticked")) :
	    i->on ? _("chosen") :
		    NULL;

	if (state == NULL)
		tell_textf(t, CHOICE_INDENT, "%s %s", number, i->text);
	else
		/* TRANSLATORS: its number, a choice, "chosen" */
		tell_textf(t, CHOICE_INDENT, _("%1$s %2$s (%3$s)"), number,
		    i->text, state);
}

void
tell_question(struct teller *t, const struct page *p, const struct outline *o,
    size_t k)
{
	const struct question_span *q = &o->question[k];
	size_t i, n = 0;

	tell_items(t, p, o, q->lead, end_of_lead(p, q));
	tell_blank(t);
	tell_label(t, o, k);
	for (i = q->heading == q->first ? q->first : q->heading + 1; i < q->end;
	     i++) {
		const struct item *it = &p->item[i];

		if (it->kind == ITEM_OPTION || it->kind == ITEM_CHECK)
			tell_choice(t, p, q, it, ++n);
		else if (it->kind == ITEM_TEXT && !is_blank(it))
			tell_plain(t, it);
	}
}
