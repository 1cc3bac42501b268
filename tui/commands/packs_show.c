/* SPDX-License-Identifier: MIT */
/* Owns the text form of a whole pack. */
#include "tui/commands/packs_show.h"

#include <stddef.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/answers.h"
#include "tui/work/say.h"

enum indent { AT_HEAD = 0, AT_ITEM = 2, AT_DETAIL = 6, AT_MORE = 8 };

static void line(struct buf *out, int indent, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
line(struct buf *out, int indent, const char *fmt, ...)
{
	struct arena *a = arena_new();
	va_list ap;

	va_start(ap, fmt);
	say_wrap(out, arena_vprintf(a, fmt, ap), indent);
	va_end(ap);
	arena_free(a);
}

static void
heading(struct buf *out, const char *text, char under)
{
	say_wrap(out, text, AT_HEAD);
	buf_fill(out, under, (size_t)text_width(text));
	buf_addc(out, '\n');
}

static void
add_source(struct buf *out, int indent, const struct source *s)
{
	if (s->lines[0] != '\0')
		line(out, indent, _("Source: %s, lines %s"), s->document,
		    s->lines);
	if (s->assumed != NULL)
		line(out, indent, _("ASSUMED: %s"), pack_text(s->assumed));
}

/* --- conditions in words --- */

static const char *
answer_in_words(const struct question *q, const char *value)
{
	size_t i;

	if (q != NULL && q->type == QUESTION_YESNO)
		return strcmp(value, "yes") == 0 ? _("yes") : _("no");
	for (i = 0; q != NULL && i < q->nchoices; i++) {
		if (strcmp(q->choices[i].id, value) == 0)
			return pack_text(q->choices[i].label);
	}
	return value;
}

static const char *const comparisons[] = {
    [CLAUSE_IS] = N_("the answer to \"%s\" is: %s"),
    [CLAUSE_NOT] = N_("the answer to \"%s\" is not: %s"),
    [CLAUSE_ANY_OF] = N_("the answer to \"%s\" is one of: %s"),
    [CLAUSE_AT_LEAST] = N_("the answer to \"%s\" is at least: %s"),
    [CLAUSE_BELOW] = N_("the answer to \"%s\" is below: %s"),
};

static void
add_clause(struct buf *out, int indent, const struct pack *p,
    const struct clause *c)
{
	const struct question *q = pack_question(p, c->question);
	struct buf values;
	size_t i;

	buf_init(&values, OUTPUT_MAX);
	for (i = 0; i < c->values.count; i++) {
		buf_adds(&values, i > 0 ? "; " : "");
		buf_adds(&values, answer_in_words(q, c->values.item[i]));
	}
#pragma GCC diagnostic push
/* The formats are those of the table above. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	line(out, indent, _(comparisons[c->op]),
	    q == NULL ? c->question : pack_text(q->ask), buf_str(&values));
#pragma GCC diagnostic pop
	buf_free(&values);
}

static void
add_when(struct buf *out, int indent, const struct pack *p,
    const struct clauses *when)
{
	size_t i;

	if (when->count == 0)
		return;
	line(out, indent, "%s", _("Applies only if"));
	for (i = 0; i < when->count; i++)
		add_clause(out, indent + 2, p, &when->item[i]);
}

/* --- the head --- */

static void
add_head(struct buf *out, const struct pack *p)
{
	size_t i;

	heading(out, pack_text(p->title), '=');
	line(out, AT_HEAD, "%s", pack_text(p->about));
	buf_addc(out, '\n');
	line(out, AT_HEAD, _("Product: %s, by %s"), p->product, p->vendor);
	line(out, AT_HEAD, _("Pack: version %u, %s"), (unsigned)p->version,
	    strcmp(p->origin, "built-in") == 0 ? _("built-in") : p->origin);
	line(out, AT_HEAD, _("Source: \"%s\" (%s), retrieved %s"),
	    p->document_title, p->document, p->retrieved);
	if (p->notes.count > 0) {
		buf_addc(out, '\n');
		heading(out, _("Notes"), '-');
	}
	for (i = 0; i < p->notes.count; i++)
		line(out, AT_ITEM, "%s", pack_text(p->notes.item[i]));
}

/* --- questions --- */

static void
add_question(struct buf *out, const struct pack *p, const struct question *q)
{
	size_t i;

	line(out, AT_ITEM, "%s: %s", q->id, pack_text(q->ask));
	line(out, AT_DETAIL, "%s", pack_text(q->why));
	line(out, AT_DETAIL, _("Answer: %s"),
	    word_label(&words_question_type, (int)q->type));
	for (i = 0; i < q->nchoices; i++)
		line(out, AT_MORE, "%s: %s", q->choices[i].id,
		    pack_text(q->choices[i].label));
	if (q->initial != NULL)
		line(out, AT_DETAIL, _("Taken if nobody answers: %s"),
		    answer_in_words(q, q->initial));
	if (q->shared != NULL)
		line(out, AT_DETAIL, _("The answer to %s serves here too."),
		    q->shared);
	add_when(out, AT_DETAIL, p, &q->when);
	add_source(out, AT_DETAIL, &q->source);
}

static void
add_questions(struct buf *out, const struct pack *p)
{
	size_t i;

	if (p->nquestions == 0)
		return;
	buf_addc(out, '\n');
	heading(out, _("Questions"), '-');
	for (i = 0; i < p->nquestions; i++)
		add_question(out, p, &p->questions[i]);
}

/* --- requirements --- */

static void
add_flow(struct buf *out, struct arena *a, const struct requirement *r,
    const struct need *n)
{
	const char *ports = ports_text(a, &n->ports);
	const char *to = n->to.name != NULL ?
	    n->to.name :
	    word_label(&words_dest_kind, (int)n->to.kind);

	if (n->protocol == PROTO_NONE)
		line(out, AT_DETAIL, "%s", _("Not a matter of ports."));
	else if (ports[0] != '\0')
		line(out, AT_DETAIL, _("%s %s to %s"),
		    word_label(&words_protocol, (int)n->protocol), ports, to);
	else
		line(out, AT_DETAIL, _("%s to %s"),
		    word_label(&words_protocol, (int)n->protocol), to);
	if (r->port_from != NULL)
		line(out, AT_DETAIL, _("Port: the answer to %s"), r->port_from);
	if (n->to.from != NULL)
		line(out, AT_DETAIL, _("Address: the answer to %s"),
		    n->to.from);
	if (n->to.examples.count > 0)
		line(out, AT_DETAIL, _("Names of this kind: %s"),
		    n->to.examples.item[0]);
}

/* What a service says of all its requirements. */
struct saying {
	const char *format; /* NULL: the text alone */
	size_t offset;      /* of the text in struct requirement */
};

static const struct saying sayings[] = {
    {NULL, offsetof(struct requirement, reason)},
    {N_("Without it: %s"), offsetof(struct requirement, breaks_installer)},
    {N_("To the customer: %s"), offsetof(struct requirement, breaks_customer)},
};

#define NSAYINGS (sizeof sayings / sizeof *sayings)

static const char *
said_of(const struct requirement *r, const struct saying *s)
{
	char *text;

	memcpy(&text, (const char *)r + s->offset, sizeof text);
	return text;
}

static void
add_saying(struct buf *out, int indent, const struct saying *s,
    const char *text)
{
#pragma GCC diagnostic push
/* The formats are those of the table above. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (s->format == NULL)
		line(out, indent, "%s", pack_text(text));
	else
		line(out, indent, _(s->format), pack_text(text));
#pragma GCC diagnostic pop
}

/* Those of one service follow each other. */
static size_t
service_end(const struct pack *p, size_t begin)
{
	size_t i = begin;

	while (i < p->nrequirements &&
	    strcmp(p->requirements[i].service,
		p->requirements[begin].service) == 0)
		i++;
	return i;
}

/* A requirement may have a text of its own, so the service's is the one that
 * most of them share. */
static const char *
usual_text(const struct requirement *r, size_t count, const struct saying *s)
{
	const char *best = NULL, *text;
	size_t i, k, same, most = 0;

	for (i = 0; i < count; i++) {
		text = said_of(&r[i], s);
		for (same = 0, k = 0; k < count; k++)
			same += strcmp(said_of(&r[k], s), text) == 0;
		if (same > most) {
			most = same;
			best = text;
		}
	}
	return best;
}

static void
add_requirement(struct buf *out, struct arena *a, const struct pack *p,
    const struct requirement *r, const char *const usual[NSAYINGS])
{
	struct need n;
	size_t i;

	need_describe(a, p, r, &n);
	buf_addc(out, '\n');
	line(out, AT_ITEM, "%s%s", n.id,
	    n.source.assumed != NULL ? _("  [assumed]") : "");
	add_flow(out, a, r, &n);
	line(out, AT_DETAIL, "%s; %s",
	    word_label(&words_strength, (int)n.strength),
	    word_label(&words_direction, (int)n.direction));
	if (n.application[0] != '\0')
		line(out, AT_DETAIL, _("Spoken there: %s"), n.application);
	if (n.group != NULL)
		line(out, AT_DETAIL,
		    _("One of the alternatives \"%s\" is enough."), n.group);
	for (i = 0; i < NSAYINGS; i++) {
		if (strcmp(said_of(r, &sayings[i]), usual[i]) != 0)
			add_saying(out, AT_DETAIL, &sayings[i],
			    said_of(r, &sayings[i]));
	}
	add_when(out, AT_DETAIL, p, &n.when);
	line(out, AT_DETAIL, _("To be granted: %s"), n.grant);
	if (n.note != NULL)
		line(out, AT_DETAIL, _("Note: %s"), n.note);
	line(out, AT_DETAIL, _("Proved by: %s, at least: %s"), n.probe_type,
	    word_label(&words_rung, (int)n.required_rung));
	add_source(out, AT_DETAIL, &n.source);
}

/* The requirements of one service stand together; it is said once. */
static void
add_requirements(struct buf *out, const struct pack *p)
{
	struct arena *a = arena_new();
	const char *usual[NSAYINGS];
	size_t i, k, end;

	for (i = 0; i < p->nrequirements; i = end) {
		end = service_end(p, i);
		buf_addc(out, '\n');
		heading(out, pack_text(p->requirements[i].service), '-');
		for (k = 0; k < NSAYINGS; k++) {
			usual[k] = usual_text(&p->requirements[i], end - i,
			    &sayings[k]);
			add_saying(out, AT_HEAD, &sayings[k], usual[k]);
		}
		for (k = i; k < end; k++)
			add_requirement(out, a, p, &p->requirements[k], usual);
	}
	arena_free(a);
}

/* --- steps --- */

static void
add_items(struct buf *out, const char *what, const struct step_item *items,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		line(out, AT_DETAIL, "%s %s", what, pack_text(items[i].text));
		add_source(out, AT_MORE, &items[i].source);
	}
}

static void
add_steps(struct buf *out, const struct pack *p)
{
	size_t i, k;

	buf_addc(out, '\n');
	heading(out, _("Steps"), '-');
	for (i = 0; i < p->nsteps; i++) {
		const struct step *s = &p->steps[i];

		line(out, AT_ITEM, "%zu. %s", i + 1, pack_text(s->title));
		line(out, AT_DETAIL, "%s", pack_text(s->text));
		add_when(out, AT_DETAIL, p, &s->when);
		for (k = 0; k < s->checks.count; k++)
			line(out, AT_DETAIL, _("Check: %s"), s->checks.item[k]);
		add_items(out, _("Confirm:"), s->confirm, s->nconfirm);
		add_items(out, _("Write down:"), s->write_down, s->nwrite_down);
	}
}

void
packs_show_text(struct buf *out, const struct pack *p)
{
	add_head(out, p);
	add_questions(out, p);
	add_requirements(out, p);
	add_steps(out, p);
}
