/* SPDX-License-Identifier: MIT */
/* Owns pack_parse(): from a file's bytes to a checked pack. */
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/pack/draft.h"

#define EXTENSION ".yaml"

static const char *
said(const char *own, const char *of_service)
{
	return own != NULL ? own : of_service;
}

static int
said_word(int own, int of_service)
{
	return own >= 0 ? own : of_service;
}

static struct clauses
joined(struct arena *a, const struct clauses *x, const struct clauses *y)
{
	struct clauses all = {.count = x->count + y->count};

	all.item = arena_array(a, all.count, sizeof *all.item);
	if (x->count > 0)
		memcpy(all.item, x->item, x->count * sizeof *x->item);
	if (y->count > 0)
		memcpy(all.item + x->count, y->item,
		    y->count * sizeof *y->item);
	return all;
}

static char *
needed_text(struct binder *b, const struct draft_requirement *d,
    const char *own, const char *of_service, const char *key)
{
	const char *text = said(own, of_service);

	if (text == NULL)
		report_mistake(b->report, d->node->place,
		    _("Neither this requirement nor its service has the key "
		      "\"%s\"."),
		    key);
	return arena_strdup(b->arena, text);
}

static int
needed_word(struct binder *b, const struct draft_requirement *d, int own,
    int of_service, const char *key)
{
	int word = said_word(own, of_service);

	if (word < 0 && node_get(d->node, key) == NULL)
		report_mistake(b->report, d->node->place,
		    _("Neither this requirement nor its service has the key "
		      "\"%s\"."),
		    key);
	return word;
}

/* Enumerations that were missing or wrong are reported by now; a pack that
 * has them is never used. */
static void
assemble_requirement(struct binder *b, const struct pack *p,
    const struct draft_service *s, const struct draft_requirement *d,
    struct requirement *r)
{
	const struct draft_common *own = &d->common, *common = &s->common;

	r->place = d->node->place;
	r->id = arena_printf(b->arena, "%s.%s", p->product,
	    d->id == NULL ? "" : d->id);
	r->service = s->title;
	r->direction = (enum direction)needed_word(b, d, own->direction,
	    common->direction, "direction");
	r->protocol = (enum protocol)d->protocol;
	r->ports = d->ports;
	r->port_from = d->port_from;
	r->to = d->to;
	r->application = d->application == NULL ? arena_strdup(b->arena, "") :
						  d->application;
	r->strength = (enum strength)needed_word(b, d, own->strength,
	    common->strength, "strength");
	r->when = joined(b->arena, &common->when, &own->when);
	r->group = d->group;
	r->reason = needed_text(b, d, own->reason, common->reason, "reason");
	r->breaks_installer = needed_text(b, d, own->breaks.installer,
	    common->breaks.installer, "breaks: installer");
	r->breaks_customer = needed_text(b, d, own->breaks.customer,
	    common->breaks.customer, "breaks: customer");
	r->grant = arena_strdup(b->arena, said(own->grant, common->grant));
	r->note = d->note;
	r->source = d->source;
	r->source.document = p->document;
	r->probe = d->probe;
	r->rung = (enum rung)d->rung;
	r->needs = d->needs;
}

static void
assemble_requirements(struct binder *b, const struct draft_pack *d,
    struct pack *p)
{
	size_t i, k, count = 0;

	for (i = 0; i < d->nservices; i++)
		count += d->services[i].nrequirements;
	p->requirements = arena_array(b->arena, count, sizeof *p->requirements);
	for (i = 0; i < d->nservices; i++) {
		const struct draft_service *s = &d->services[i];

		for (k = 0; k < s->nrequirements; k++) {
			/* No node: it was no mapping, and that is said. */
			if (s->requirements[k].node != NULL)
				assemble_requirement(b, p, s,
				    &s->requirements[k],
				    &p->requirements[p->nrequirements++]);
		}
	}
}

static void
cite_items(struct pack *p, struct step_item *items, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		items[i].source.document = p->document;
}

/* From here on requirements are known by their full ids. */
static void
assemble_steps(struct binder *b, const struct draft_pack *d, struct pack *p)
{
	struct strlist full;
	size_t i, k;

	p->steps = d->steps;
	p->nsteps = d->nsteps;
	for (i = 0; i < p->nsteps; i++) {
		struct step *s = &p->steps[i];

		full = (struct strlist){0};
		for (k = 0; k < s->checks.count; k++)
			strlist_add(b->arena, &full,
			    arena_printf(b->arena, "%s.%s", p->product,
				s->checks.item[k]));
		s->checks = full;
		cite_items(p, s->confirm, s->nconfirm);
		cite_items(p, s->write_down, s->nwrite_down);
	}
}

static char *
or_empty(struct arena *a, char *s)
{
	return s == NULL ? arena_strdup(a, "") : s;
}

static struct pack *
assemble(struct binder *b, const struct draft_pack *d)
{
	struct arena *a = b->arena;
	struct pack *p = arena_alloc(a, sizeof *p);
	size_t i;

	p->product = or_empty(a, d->pack);
	p->vendor = or_empty(a, d->vendor);
	p->title = or_empty(a, d->title);
	p->about = or_empty(a, d->about);
	p->version = (uint32_t)d->version;
	p->order = (unsigned)d->order;
	p->document = or_empty(a, d->source.document);
	p->document_title = or_empty(a, d->source.title);
	p->retrieved = or_empty(a, d->source.retrieved);
	p->device = arena_strdup(a, d->device);
	p->notes = d->notes;
	p->questions = d->questions;
	p->nquestions = d->nquestions;
	for (i = 0; i < p->nquestions; i++)
		p->questions[i].source.document = p->document;
	assemble_requirements(b, d, p);
	assemble_steps(b, d, p);
	return p;
}

/* "zencontrol" of "/a/b/zencontrol.yaml"; NULL for another kind of file. */
static char *
product_of_file(struct arena *a, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash == NULL ? file : slash + 1;
	size_t len = strlen(base), ext = strlen(EXTENSION);

	if (len <= ext || strcmp(base + len - ext, EXTENSION) != 0)
		return NULL;
	return arena_strndup(a, base, len - ext);
}

static void
check_product(struct binder *b, const struct draft_pack *d, const char *file)
{
	const char *product = product_of_file(b->arena, file);

	if (product != NULL && d->pack != NULL && strcmp(product, d->pack) != 0)
		report_mistake(b->report, node_place(d->root, "pack"),
		    _("The pack is called \"%s\", but its file is called "
		      "\"%s\"."),
		    d->pack, product);
}

static struct pack *
parse_root(struct binder *b, const struct node *root, const char *file)
{
	struct draft_pack d;
	struct pack *p;

	bind_map(b, root, &schema_pack, &d);
	if (d.root == NULL)
		return NULL;
	check_product(b, &d, file);
	p = assemble(b, &d);
	draft_check(b, &d, p);
	return p;
}

struct pack *
pack_parse(struct arena *a, const char *file, const char *data, size_t len,
    const struct pack_vocabulary *vocab, struct mistakes *out)
{
	char sha256[DIGEST_HEX_SIZE];
	struct pack *p = NULL;
	struct report report;
	struct binder b = {.report = &report, .arena = a, .vocab = vocab};
	struct node *root;

	report_begin(&report, a, file, out);
	root = yaml_load(&report, data, len);
	if (root != NULL)
		p = parse_root(&b, root, file);
	report_end(&report);
	if (p == NULL || !report_is_clean(&report))
		return NULL;
	p->sha256 = arena_strdup(a, digest_sha256_hex(data, len, sha256));
	p->origin = arena_strdup(a, report.file);
	return p;
}
