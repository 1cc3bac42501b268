/* SPDX-License-Identifier: MIT */
/* Owns what a pack says of other files: the questions that it shares, the
 * prerequisites of other products, the keys of issuers; and which texts of a
 * pack are translated. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/pack/pack.h"
#include "core/pack/yaml.h"

/* The pack that a full id belongs to; *rest is the id within it. */
static const struct pack *
owner_of(const struct pack_set *s, const char *full, const char **rest)
{
	const char *dot = strchr(full, '.');
	size_t i, len;

	if (dot == NULL)
		return NULL;
	len = (size_t)(dot - full);
	*rest = dot + 1;
	for (i = 0; i < s->count; i++) {
		if (strncmp(s->pack[i]->product, full, len) == 0 &&
		    s->pack[i]->product[len] == '\0')
			return s->pack[i];
	}
	return NULL;
}

static bool
has_choice(const struct question *q, const char *id)
{
	size_t i;

	for (i = 0; i < q->nchoices; i++) {
		if (strcmp(q->choices[i].id, id) == 0)
			return true;
	}
	return false;
}

static void
check_shared_choices(struct report *r, const struct question *q,
    const struct question *other)
{
	size_t i;

	for (i = 0; i < other->nchoices; i++) {
		if (!has_choice(q, other->choices[i].id))
			report_mistake(r, q->place,
			    _("The question \"%s\" has the choice \"%s\", "
			      "which is missing here."),
			    q->shared, other->choices[i].id);
	}
}

static void
check_shared(struct report *r, const struct pack_set *s,
    const struct question *q)
{
	const struct question *other;
	const struct pack *p;
	const char *id;

	if (q->shared == NULL)
		return;
	p = owner_of(s, q->shared, &id);
	other = p == NULL ? NULL : pack_question(p, id);
	if (other == NULL)
		report_mistake(r, q->place,
		    _("No pack has the question \"%s\", whose answer shall "
		      "serve here."),
		    q->shared);
	else if (other->type != q->type)
		report_mistake(r, q->place,
		    _("The question \"%s\" is of another type, so its answer "
		      "cannot serve here."),
		    q->shared);
	else
		check_shared_choices(r, q, other);
}

static void
check_requirement(struct report *r, const struct pack_set *s,
    const struct pack *own, const struct requirement *req)
{
	const struct pack *p;
	const char *id;
	size_t i;

	for (i = 0; i < req->needs.count; i++) {
		const char *need = req->needs.item[i];

		p = owner_of(s, need, &id);
		if (p != NULL && strcmp(p->product, own->product) == 0)
			continue; /* checked when it was parsed */
		if (p == NULL || pack_requirement(p, need) == NULL)
			report_mistake(r, req->place,
			    _("No pack has the requirement \"%s\"."), need);
	}
	if (req->probe.issuer != NULL &&
	    pack_key_pem(s, req->probe.issuer) == NULL)
		report_mistake(r, req->place,
		    _("There is no key \"%s.pem\" in the folder \"keys\"."),
		    req->probe.issuer);
}

void
pack_check_links(const struct pack_set *s, const struct pack *p,
    struct arena *a, struct mistakes *out)
{
	struct report r;
	size_t i;

	report_begin(&r, a, p->origin, out);
	for (i = 0; i < p->nquestions; i++)
		check_shared(&r, s, &p->questions[i]);
	for (i = 0; i < p->nrequirements; i++)
		check_requirement(&r, s, p, &p->requirements[i]);
	report_end(&r);
}

/* --- texts --- */

struct text_walk {
	void (*fn)(void *arg, const char *s);
	void *arg;
};

static void
say(const struct text_walk *w, const char *s)
{
	if (s != NULL && s[0] != '\0')
		w->fn(w->arg, s);
}

static void
say_question(const struct text_walk *w, const struct question *q)
{
	size_t i;

	say(w, q->topic);
	say(w, q->ask);
	say(w, q->why);
	for (i = 0; i < q->nchoices; i++)
		say(w, q->choices[i].label);
	say(w, q->source.assumed);
}

static void
say_requirement(const struct text_walk *w, const struct requirement *r)
{
	say(w, r->service);
	say(w, r->reason);
	say(w, r->breaks_installer);
	say(w, r->breaks_customer);
	say(w, r->grant);
	if (r->to.kind == DEST_PEER || r->to.kind == DEST_ANY)
		say(w, r->to.name);
	say(w, r->application);
	say(w, r->note);
	say(w, r->source.assumed);
}

static void
say_items(const struct text_walk *w, const struct step_item *items,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		say(w, items[i].text);
		say(w, items[i].when_missing);
		say(w, items[i].source.assumed);
	}
}

void
pack_each_text(const struct pack *p, void (*fn)(void *arg, const char *s),
    void *arg)
{
	const struct text_walk w = {fn, arg};
	size_t i;

	say(&w, p->title);
	say(&w, p->about);
	for (i = 0; i < p->notes.count; i++)
		say(&w, p->notes.item[i]);
	for (i = 0; i < p->nquestions; i++)
		say_question(&w, &p->questions[i]);
	for (i = 0; i < p->nrequirements; i++)
		say_requirement(&w, &p->requirements[i]);
	for (i = 0; i < p->nsteps; i++) {
		const struct step *s = &p->steps[i];

		say(&w, s->title);
		say(&w, s->text);
		say_items(&w, s->confirm, s->nconfirm);
		say_items(&w, s->write_down, s->nwrite_down);
	}
}
