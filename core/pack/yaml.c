/* SPDX-License-Identifier: MIT */
/* Owns reading YAML: from bytes to a bounded tree of nodes with places. It
 * works on libyaml's events, since its documents no longer tell an alias from
 * a value that is written twice, nor a tag from the default one. */
#include "core/pack/yaml.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "core/base/i18n.h"
#include "core/base/text.h"

#define MISTAKES_MAX 300 /* of one file */
#define MISTAKE_BYTES 400

struct frame {
	struct node *node;
	struct node *last;
	struct node *key; /* waits for its value */
};

struct loader {
	struct report *report;
	yaml_parser_t parser;
	struct frame frame[YAML_DEPTH_MAX];
	size_t depth;
	size_t nnodes;
	size_t ndocuments;
	struct node *root;
	bool stop;
};

void
report_begin(struct report *r, struct arena *a, const char *file,
    struct mistakes *out)
{
	r->arena = a;
	r->file = text_sanitise(a, file, strlen(file), MISTAKE_BYTES, false);
	r->out = out;
	r->before = out->count;
}

void
report_mistake(struct report *r, struct place place, const char *fmt, ...)
{
	struct mistake *m;
	va_list ap;
	char *text;

	if (r->out->count - r->before >= MISTAKES_MAX)
		return;
	va_start(ap, fmt);
	text = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	m = arena_push(r->arena, r->out->item, r->out->count);
	m->file = arena_strdup(r->arena, r->file);
	m->place = place;
	m->text = text_sanitise(r->arena, text, strlen(text), MISTAKE_BYTES,
	    false);
}

bool
report_is_clean(const struct report *r)
{
	return r->out->count == r->before;
}

static int
compare_mistakes(const void *a, const void *b)
{
	const struct mistake *x = a, *y = b;

	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	if (x->place.column != y->place.column)
		return x->place.column < y->place.column ? -1 : 1;
	return strcmp(x->text, y->text);
}

void
report_end(struct report *r)
{
	if (!report_is_clean(r))
		qsort(r->out->item + r->before, r->out->count - r->before,
		    sizeof *r->out->item, compare_mistakes);
}

const struct node *
node_get(const struct node *map, const char *key)
{
	const struct node *n;

	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	for (n = map->first; n != NULL; n = n->next) {
		if (strcmp(n->key->text, key) == 0)
			return n;
	}
	return NULL;
}

struct place
node_place(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n == NULL ? map->place : n->place;
}

static struct place
place_of(const yaml_mark_t *mark)
{
	return (
	    struct place){(unsigned)mark->line + 1, (unsigned)mark->column + 1};
}

static struct node *
new_node(struct loader *l, enum node_kind kind, const yaml_event_t *e)
{
	struct node *n = arena_alloc(l->report->arena, sizeof *n);

	n->kind = kind;
	n->place = place_of(&e->start_mark);
	if (++l->nnodes > YAML_NODES_MAX) {
		report_mistake(l->report, n->place,
		    _("The file has more than %d values."), YAML_NODES_MAX);
		l->stop = true;
	}
	return n;
}

static void
append(struct loader *l, struct frame *f, struct node *n)
{
	if (f->last == NULL)
		f->node->first = n;
	else
		f->last->next = n;
	f->last = n;
	if (++f->node->count > YAML_KEYS_MAX && f->node->kind == NODE_MAP) {
		report_mistake(l->report, n->place,
		    _("There are more than %d keys in one place."),
		    YAML_KEYS_MAX);
		l->stop = true;
	}
}

static void
take_key(struct loader *l, struct frame *f, struct node *n)
{
	f->key = n;
	if (n->kind == NODE_LIST || n->kind == NODE_MAP) {
		report_mistake(l->report, n->place,
		    _("A key must be a plain word."));
		n->kind = NODE_BAD;
	} else if (n->kind == NODE_TEXT && node_get(f->node, n->text) != NULL) {
		report_mistake(l->report, n->place,
		    _("The key \"%s\" stands here twice."), n->text);
		n->kind = NODE_BAD;
	}
}

/* A node is complete: it belongs to whatever is open around it. */
static void
place_node(struct loader *l, struct node *n)
{
	struct frame *f;

	if (l->depth == 0) {
		l->root = n;
		return;
	}
	f = &l->frame[l->depth - 1];
	if (f->node->kind == NODE_LIST) {
		append(l, f, n);
	} else if (f->key == NULL) {
		take_key(l, f, n);
	} else {
		n->key = f->key;
		f->key = NULL;
		if (n->key->kind == NODE_TEXT)
			append(l, f, n);
	}
}

static void
refuse_marks(struct loader *l, struct node *n, const yaml_char_t *anchor,
    const yaml_char_t *tag)
{
	if (anchor != NULL)
		report_mistake(l->report, n->place,
		    _("Anchors (&name) are not allowed here."));
	if (tag != NULL)
		report_mistake(l->report, n->place,
		    _("Tags (!name) are not allowed here."));
}

/* Foreign text as it may be shown, without spaces around it. Nearly all of
 * a pack is printable ASCII, which the sanitiser would not change. */
static char *
clean_text(struct arena *a, const char *data, size_t len)
{
	char *text;
	size_t i;

	for (i = 0; i < len && data[i] >= ' ' && data[i] < 0x7f; i++)
		continue;
	if (i == len)
		text = arena_strndup(a, data, len);
	else /* bytes grow, at most to "\u{10FFFF}" for four of them */
		text = text_sanitise(a, data, len, 4 * YAML_TEXT_MAX, false);
	len = strlen(text);
	while (len > 0 && text[len - 1] == ' ')
		text[--len] = '\0';
	return text + strspn(text, " ");
}

static void
on_scalar(struct loader *l, const yaml_event_t *e)
{
	struct node *n = new_node(l, NODE_TEXT, e);
	size_t len = e->data.scalar.length;

	refuse_marks(l, n, e->data.scalar.anchor, e->data.scalar.tag);
	if (len > YAML_TEXT_MAX) {
		report_mistake(l->report, n->place,
		    _("This text is longer than %d bytes."), YAML_TEXT_MAX);
		len = 0;
		n->kind = NODE_BAD;
	}
	n->text = clean_text(l->report->arena,
	    (const char *)e->data.scalar.value, len);
	place_node(l, n);
}

static void
on_alias(struct loader *l, const yaml_event_t *e)
{
	struct node *n = new_node(l, NODE_BAD, e);

	report_mistake(l->report, n->place,
	    _("Aliases (*name) are not allowed here."));
	n->text = arena_strdup(l->report->arena, "");
	place_node(l, n);
}

static void
open_node(struct loader *l, struct node *n)
{
	if (l->depth == YAML_DEPTH_MAX) {
		report_mistake(l->report, n->place,
		    _("Lists and keys are nested more than %d deep."),
		    YAML_DEPTH_MAX);
		l->stop = true;
		return;
	}
	l->frame[l->depth++] = (struct frame){.node = n};
}

static void
on_list(struct loader *l, const yaml_event_t *e)
{
	struct node *n = new_node(l, NODE_LIST, e);

	refuse_marks(l, n, e->data.sequence_start.anchor,
	    e->data.sequence_start.tag);
	open_node(l, n);
}

static void
on_map(struct loader *l, const yaml_event_t *e)
{
	struct node *n = new_node(l, NODE_MAP, e);

	refuse_marks(l, n, e->data.mapping_start.anchor,
	    e->data.mapping_start.tag);
	open_node(l, n);
}

static void
on_end(struct loader *l, const yaml_event_t *e)
{
	(void)e;
	l->depth--;
	place_node(l, l->frame[l->depth].node);
}

static void
on_document(struct loader *l, const yaml_event_t *e)
{
	if (++l->ndocuments < 2)
		return;
	report_mistake(l->report, place_of(&e->start_mark),
	    _("A file holds one document; here a second one begins."));
	l->stop = true;
}

static void
on_stream_end(struct loader *l, const yaml_event_t *e)
{
	(void)e;
	l->stop = true;
}

static void (*const handlers[])(struct loader *, const yaml_event_t *) = {
    [YAML_STREAM_END_EVENT] = on_stream_end,
    [YAML_DOCUMENT_START_EVENT] = on_document,
    [YAML_ALIAS_EVENT] = on_alias,
    [YAML_SCALAR_EVENT] = on_scalar,
    [YAML_SEQUENCE_START_EVENT] = on_list,
    [YAML_SEQUENCE_END_EVENT] = on_end,
    [YAML_MAPPING_START_EVENT] = on_map,
    [YAML_MAPPING_END_EVENT] = on_end,
};

static void
report_syntax(struct loader *l)
{
	const yaml_parser_t *p = &l->parser;
	const char *problem = p->problem == NULL ? "?" : p->problem;

	report_mistake(l->report, place_of(&p->problem_mark),
	    _("This is not valid YAML: %s."), problem);
	l->root = NULL;
}

static void
load_events(struct loader *l)
{
	yaml_event_t e;

	while (!l->stop) {
		if (!yaml_parser_parse(&l->parser, &e)) {
			report_syntax(l);
			return;
		}
		if ((size_t)e.type < sizeof handlers / sizeof *handlers &&
		    handlers[e.type] != NULL)
			handlers[e.type](l, &e);
		yaml_event_delete(&e);
	}
	/* Stopped in the middle: what is there is not the whole. */
	if (l->depth > 0)
		l->root = NULL;
}

/* libyaml would report these without line and column. */
static bool
check_characters(struct report *r, const char *data, size_t len)
{
	struct place at = {1, 1};
	uint32_t cp;
	int n;

	for (; len > 0; data += n, len -= (size_t)n) {
		n = text_decode(data, len, &cp);
		if (n <= 0) {
			report_mistake(r, at,
			    _("The byte 0x%02x is not valid UTF-8 text."),
			    (unsigned char)*data);
			return false;
		}
		if (cp == '\n') {
			at = (struct place){at.line + 1, 1};
			continue;
		}
		if (cp != '\t' && cp != '\r' && (cp < 0x20 || cp == 0x7f)) {
			report_mistake(r, at,
			    _("The control character 0x%02x is not allowed."),
			    (unsigned)cp);
			return false;
		}
		at.column++;
	}
	return true;
}

struct node *
yaml_load(struct report *r, const char *data, size_t len)
{
	struct loader l = {.report = r};

	if (len > YAML_BYTES_MAX) {
		report_mistake(r, (struct place){1, 1},
		    _("The file is larger than %d bytes."), YAML_BYTES_MAX);
		return NULL;
	}
	if (!check_characters(r, data, len))
		return NULL;
	if (!yaml_parser_initialize(&l.parser))
		mem_fatal("out of memory");
	yaml_parser_set_encoding(&l.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&l.parser, (const unsigned char *)data,
	    len);
	load_events(&l);
	yaml_parser_delete(&l.parser);
	if (l.root == NULL && report_is_clean(r))
		report_mistake(r, (struct place){1, 1},
		    _("The file is empty."));
	return l.root;
}
