/* SPDX-License-Identifier: MIT */
/* Owns the JSON form of a whole pack: always in the pack's own English, so that
 * its bytes do not depend on who looks. */
#include "core/pack/answers.h"
#include "core/pack/pack.h"
#include "core/record/codec.h"
#include "core/record/json.h"
#include "tui/commands/packs_show.h"

static json_t *
choices_json(const struct question *q)
{
	json_t *list = json_array(), *choice;
	size_t i;

	for (i = 0; i < q->nchoices; i++) {
		choice = json_object();
		codec_set(choice, "id", codec_string(q->choices[i].id));
		codec_set(choice, "label", codec_string(q->choices[i].label));
		codec_add(list, choice);
	}
	return list;
}

static json_t *
question_json(const struct question *q)
{
	bool number = q->type == QUESTION_NUMBER;
	json_t *object = json_object();

	codec_set(object, "id", codec_string(q->id));
	codec_set(object, "topic", codec_string(q->topic));
	codec_set(object, "ask", codec_string(q->ask));
	codec_set(object, "why", codec_string(q->why));
	codec_set(object, "example", codec_string(q->example));
	codec_set(object, "type",
	    codec_string(word_name(&words_question_type, (int)q->type)));
	codec_set(object, "choices", choices_json(q));
	codec_set(object, "min",
	    number ? json_integer((json_int_t)q->min) : json_null());
	codec_set(object, "max",
	    number ? json_integer((json_int_t)q->max) : json_null());
	codec_set(object, "default", codec_string(q->initial));
	codec_set(object, "shared", codec_string(q->shared));
	codec_set(object, "must", json_boolean(q->must));
	codec_set(object, "condition", clauses_to_json(&q->when));
	codec_set(object, "source", source_to_json(&q->source));
	return object;
}

static json_t *
items_json(const struct step_item *items, size_t count)
{
	json_t *list = json_array(), *item;
	size_t i;

	for (i = 0; i < count; i++) {
		item = json_object();
		codec_set(item, "id", codec_string(items[i].id));
		codec_set(item, "text", codec_string(items[i].text));
		codec_set(item, "type",
		    codec_string(
			word_name(&words_question_type, (int)items[i].type)));
		codec_set(item, "when_missing",
		    codec_string(items[i].when_missing));
		codec_set(item, "source", source_to_json(&items[i].source));
		codec_add(list, item);
	}
	return list;
}

static json_t *
step_json(const struct step *s)
{
	json_t *object = json_object();

	codec_set(object, "id", codec_string(s->id));
	codec_set(object, "title", codec_string(s->title));
	codec_set(object, "text", codec_string(s->text));
	codec_set(object, "condition", clauses_to_json(&s->when));
	codec_set(object, "checks", strlist_to_json(&s->checks));
	codec_set(object, "confirm", items_json(s->confirm, s->nconfirm));
	codec_set(object, "write_down",
	    items_json(s->write_down, s->nwrite_down));
	return object;
}

/* need_describe() speaks the user's language. A grant that the pack does not
 * word itself is derived, and so is left out. */
static void
speak_english(const struct requirement *r, struct need *n)
{
	n->service = r->service;
	n->to = r->to;
	n->application = r->application;
	n->reason = r->reason;
	n->breaks_installer = r->breaks_installer;
	n->breaks_customer = r->breaks_customer;
	n->grant = r->grant;
	n->note = r->note;
	n->source = r->source;
}

/* Only what the pack says of the probe. */
static json_t *
probe_json(const struct probe_ask *ask)
{
	const struct {
		const char *name;
		const char *value;
	} texts[] = {
	    {"type", ask->type},
	    {"alpn", ask->alpn},
	    {"tls_max", ask->tls_max},
	    {"issuer", ask->issuer},
	    {"path", ask->path},
	    {"expect", ask->expect},
	};
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (texts[i].value != NULL)
			codec_set(object, texts[i].name,
			    codec_string(texts[i].value));
	}
	if (ask->names.count > 0)
		codec_set(object, "names", strlist_to_json(&ask->names));
	if (ask->samples.count > 0)
		codec_set(object, "samples", strlist_to_json(&ask->samples));
	if (ask->status != 0)
		codec_set(object, "status", json_integer(ask->status));
	return object;
}

static json_t *
requirements_json(const struct pack *p)
{
	struct arena *a = arena_new();
	json_t *list = json_array(), *object;
	struct need n;
	size_t i;

	for (i = 0; i < p->nrequirements; i++) {
		const struct requirement *r = &p->requirements[i];

		need_describe(a, p, r, &n);
		speak_english(r, &n);
		object = need_to_json(&n, false);
		codec_set(object, "port_from", codec_string(r->port_from));
		codec_set(object, "probe", probe_json(&r->probe));
		codec_add(list, object);
	}
	arena_free(a);
	return list;
}

static json_t *
document_json(const struct pack *p)
{
	json_t *object = json_object();

	codec_set(object, "document", codec_string(p->document));
	codec_set(object, "title", codec_string(p->document_title));
	codec_set(object, "retrieved", codec_string(p->retrieved));
	return object;
}

json_t *
packs_show_json(const struct pack *p)
{
	json_t *object = json_object(), *questions = json_array();
	json_t *steps = json_array();
	size_t i;

	for (i = 0; i < p->nquestions; i++)
		codec_add(questions, question_json(&p->questions[i]));
	for (i = 0; i < p->nsteps; i++)
		codec_add(steps, step_json(&p->steps[i]));
	codec_set(object, "product", codec_string(p->product));
	codec_set(object, "vendor", codec_string(p->vendor));
	codec_set(object, "title", codec_string(p->title));
	codec_set(object, "about", codec_string(p->about));
	codec_set(object, "version", json_integer((json_int_t)p->version));
	codec_set(object, "sha256", codec_string(p->sha256));
	codec_set(object, "origin", codec_string(p->origin));
	codec_set(object, "source", document_json(p));
	codec_set(object, "notes", strlist_to_json(&p->notes));
	codec_set(object, "questions", questions);
	codec_set(object, "steps", steps);
	codec_set(object, "requirements", requirements_json(p));
	return object;
}
