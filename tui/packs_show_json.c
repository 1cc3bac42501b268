/* SPDX-License-Identifier: MIT */
/* Owns the JSON form of a whole pack: always in the pack's own English, so that
 * its bytes do not depend on who looks. */
#include "core/base/mem.h"
#include "core/pack/answers.h"
#include "core/pack/pack.h"
#include "core/record/json.h"
#include "tui/packs_show.h"

static void
set(json_t *object, const char *name, json_t *value)
{
	if (value == NULL || json_object_set_new(object, name, value) != 0)
		mem_fatal("out of memory");
}

static json_t *
plain(const char *s)
{
	return s == NULL ? json_null() : json_string(s);
}

static json_t *
choices_json(const struct question *q)
{
	json_t *list = json_array(), *choice;
	size_t i;

	for (i = 0; i < q->nchoices; i++) {
		choice = json_object();
		set(choice, "id", plain(q->choices[i].id));
		set(choice, "label", plain(q->choices[i].label));
		json_array_append_new(list, choice);
	}
	return list;
}

static json_t *
question_json(const struct question *q)
{
	bool number = q->type == QUESTION_NUMBER;
	json_t *object = json_object();

	set(object, "id", plain(q->id));
	set(object, "topic", plain(q->topic));
	set(object, "ask", plain(q->ask));
	set(object, "why", plain(q->why));
	set(object, "example", plain(q->example));
	set(object, "type",
	    plain(word_name(&words_question_type, (int)q->type)));
	set(object, "choices", choices_json(q));
	set(object, "min",
	    number ? json_integer((json_int_t)q->min) : json_null());
	set(object, "max",
	    number ? json_integer((json_int_t)q->max) : json_null());
	set(object, "default", plain(q->initial));
	set(object, "shared", plain(q->shared));
	set(object, "must", json_boolean(q->must));
	set(object, "condition", clauses_to_json(&q->when));
	set(object, "source", source_to_json(&q->source));
	return object;
}

static json_t *
items_json(const struct step_item *items, size_t count)
{
	json_t *list = json_array(), *item;
	size_t i;

	for (i = 0; i < count; i++) {
		item = json_object();
		set(item, "id", plain(items[i].id));
		set(item, "text", plain(items[i].text));
		set(item, "type",
		    plain(word_name(&words_question_type, (int)items[i].type)));
		set(item, "when_missing", plain(items[i].when_missing));
		set(item, "source", source_to_json(&items[i].source));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *
step_json(const struct step *s)
{
	json_t *object = json_object();

	set(object, "id", plain(s->id));
	set(object, "title", plain(s->title));
	set(object, "text", plain(s->text));
	set(object, "condition", clauses_to_json(&s->when));
	set(object, "checks", strlist_to_json(&s->checks));
	set(object, "confirm", items_json(s->confirm, s->nconfirm));
	set(object, "write_down", items_json(s->write_down, s->nwrite_down));
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
			set(object, texts[i].name, plain(texts[i].value));
	}
	if (ask->names.count > 0)
		set(object, "names", strlist_to_json(&ask->names));
	if (ask->samples.count > 0)
		set(object, "samples", strlist_to_json(&ask->samples));
	if (ask->status != 0)
		set(object, "status", json_integer(ask->status));
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
		set(object, "port_from", plain(r->port_from));
		set(object, "probe", probe_json(&r->probe));
		json_array_append_new(list, object);
	}
	arena_free(a);
	return list;
}

static json_t *
document_json(const struct pack *p)
{
	json_t *object = json_object();

	set(object, "document", plain(p->document));
	set(object, "title", plain(p->document_title));
	set(object, "retrieved", plain(p->retrieved));
	return object;
}

json_t *
packs_show_json(const struct pack *p)
{
	json_t *object = json_object(), *questions = json_array();
	json_t *steps = json_array();
	size_t i;

	for (i = 0; i < p->nquestions; i++)
		json_array_append_new(questions,
		    question_json(&p->questions[i]));
	for (i = 0; i < p->nsteps; i++)
		json_array_append_new(steps, step_json(&p->steps[i]));
	set(object, "product", plain(p->product));
	set(object, "vendor", plain(p->vendor));
	set(object, "title", plain(p->title));
	set(object, "about", plain(p->about));
	set(object, "version", json_integer((json_int_t)p->version));
	set(object, "sha256", plain(p->sha256));
	set(object, "origin", plain(p->origin));
	set(object, "source", document_json(p));
	set(object, "notes", strlist_to_json(&p->notes));
	set(object, "questions", questions);
	set(object, "steps", steps);
	set(object, "requirements", requirements_json(p));
	return object;
}
