/* SPDX-License-Identifier: MIT */
/* Owns one site at work: its record and its file change together. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/judge/deviation.h"
#include "core/judge/judge.h"
#include "core/pack/answers.h"
#include "core/record/edition.h"
#include "tui/work/app.h"

static struct site *
new_site(struct app *app)
{
	struct site *s = mem_alloc(sizeof *s);

	s->app = app;
	return s;
}

static void
watch_file(struct site *s)
{
	if (s->file != NULL)
		sitefile_on_moved(s->file, s->app->moved, s->app->moved_arg);
}

struct site *
site_create(struct app *app, const char *path, struct error *err)
{
	struct site *s = new_site(app);

	if (path != NULL) {
		s->file = sitefile_create(path, err);
		if (s->file == NULL) {
			site_close(s);
			return NULL;
		}
	}
	watch_file(s);
	s->record = record_new();
	return s;
}

struct site *
site_open(struct app *app, const char *path, bool read_only, struct error *err)
{
	struct site *s = new_site(app);

	s->file = sitefile_open(path, read_only, err);
	if (s->file != NULL)
		s->record = sitefile_load(s->file, err);
	if (s->record == NULL) {
		site_close(s);
		return NULL;
	}
	watch_file(s);
	site_assess(s);
	return s;
}

/* For the list of sites. Without it the list says that it does not know. */
static void
keep_standing(struct site *s)
{
	struct error err;

	if (s->file == NULL || s->record == NULL)
		return;
	site_assess(s);
	if (sitefile_save_standing(s->file, s->record, &err) != 0) {
		/* The next one to close the site will do it. */
	}
}

void
site_close(struct site *s)
{
	if (s == NULL)
		return;
	site_run_close(s);
	keep_standing(s);
	sitefile_close(s->file);
	record_free(s->record);
	mem_free(s);
}

void
site_assess(struct site *s)
{
	struct record *r = s->record;
	char today[DEVIATION_DATE_SIZE];

	if (s->read_only)
		return;
	deviation_suggest(clock_wall_us(), 0, today);
	if (r->as_of == NULL || strcmp(r->as_of, today) != 0)
		r->as_of = arena_strdup(r->arena, today);
	/* What was issued is another record from here on, until it is found
	 * to be the same. */
	edition_make_draft(r);
	needs_build(s->app->packs, &s->app->vocab, r);
	judge_record(r);
}

int
site_issue(struct site *s, struct error *err)
{
	if (s->read_only)
		return 0;
	if (s->file != NULL && s->run == NULL)
		return sitefile_issue(s->file, s->record, clock_wall_us(), err);
	edition_make_draft(s->record);
	return 0;
}

int
site_recall(struct site *s, struct edition *before, struct error *err)
{
	*before = (struct edition){0};
	if (s->read_only)
		return 0;
	if (s->file != NULL && s->run == NULL)
		return sitefile_recall(s->file, s->record, before, err);
	edition_make_draft(s->record);
	return 0;
}

int
site_can_change(const struct site *s, struct error *err)
{
	if (s->read_only)
		return error_set(err, ERR_USAGE,
		    _("This is a handover under review; nothing in it can be "
		      "changed."));
	return 0;
}

static char *
keep(struct arena *a, const char *text)
{
	return arena_strdup(a, text == NULL ? "" : text);
}

int
site_set_info(struct site *s, const struct site_info *info, struct error *err)
{
	struct arena *a = s->record->arena;

	if (site_can_change(s, err) != 0)
		return -1;
	if (s->file != NULL && sitefile_save_site(s->file, info, err) != 0)
		return -1;
	s->record->site = (struct site_info){
	    .name = keep(a, info->name),
	    .address = keep(a, info->address),
	    .customer = keep(a, info->customer),
	    .project = keep(a, info->project),
	    .customer_contact = keep(a, info->customer_contact),
	    .installer = keep(a, info->installer),
	    .installer_contact = keep(a, info->installer_contact),
	    .engineer = keep(a, info->engineer),
	    .it_contact = keep(a, info->it_contact),
	    .notes = keep(a, info->notes),
	    .device_zone = keep(a, info->device_zone),
	    .language = keep(a, info->language),
	};
	return 0;
}

static int
unknown_product(const char *product, struct error *err)
{
	return error_set(err, ERR_USAGE,
	    _("There is no product called \"%s\" in the packs."), product);
}

int
site_set_products(struct site *s, const struct strlist *products,
    struct error *err)
{
	struct strlist list = {0};
	size_t i;

	if (site_can_change(s, err) != 0)
		return -1;
	for (i = 0; i < products->count; i++) {
		const char *id = products->item[i];

		if (pack_find(s->app->packs, id) == NULL)
			return unknown_product(id, err);
		if (!strlist_has(&list, id))
			strlist_add(s->record->arena, &list, id);
	}
	if (s->file != NULL && sitefile_save_products(s->file, &list, err) != 0)
		return -1;
	s->record->products = list;
	return 0;
}

int
site_set_answer(struct site *s, const char *product, const char *question,
    const char *typed, struct error *err)
{
	const struct pack *p = pack_find(s->app->packs, product);
	const struct question *q;
	char *value = NULL;

	if (site_can_change(s, err) != 0)
		return -1;
	if (p == NULL)
		return unknown_product(product, err);
	q = pack_question(p, question);
	if (q == NULL)
		return error_set(err, ERR_USAGE,
		    _("The product %s has no question called \"%s\"."), product,
		    question);
	if (typed != NULL &&
	    answer_check(s->record->arena, q, typed, &value, err) != 0)
		return -1;
	if (s->file != NULL &&
	    sitefile_save_answer(s->file, product, question, value, err) != 0)
		return -1;
	record_set_answer(s->record, product, question, value);
	return 0;
}

int
site_write_down(struct site *s, const struct equipment *e, struct error *err)
{
	struct record *r = s->record;
	struct arena *a = r->arena;
	struct equipment *to = NULL;
	size_t i;

	if (site_can_change(s, err) != 0)
		return -1;
	if (s->file != NULL && sitefile_save_equipment(s->file, e, err) != 0)
		return -1;
	for (i = 0; i < r->nequipment; i++) {
		if (strcmp(r->equipment[i].product, e->product) == 0 &&
		    strcmp(r->equipment[i].item, e->item) == 0)
			to = &r->equipment[i];
	}
	if (to == NULL)
		to = arena_push(a, r->equipment, r->nequipment);
	*to = (struct equipment){keep(a, e->product), keep(a, e->item),
	    keep(a, e->label), keep(a, e->value), keep(a, e->how), e->when_us};
	return 0;
}

int
site_attest(struct site *s, const struct attestation *t, struct error *err)
{
	struct record *r = s->record;
	struct arena *a = r->arena;
	struct attestation *to = NULL;
	size_t i;

	if (site_can_change(s, err) != 0)
		return -1;
	if (s->file != NULL && sitefile_save_attestation(s->file, t, err) != 0)
		return -1;
	for (i = 0; i < r->nattestations; i++) {
		if (strcmp(r->attestations[i].product, t->product) == 0 &&
		    strcmp(r->attestations[i].step, t->step) == 0 &&
		    strcmp(r->attestations[i].id, t->id) == 0)
			to = &r->attestations[i];
	}
	if (to == NULL)
		to = arena_push(a, r->attestations, r->nattestations);
	*to = (struct attestation){keep(a, t->product), keep(a, t->step),
	    keep(a, t->id), keep(a, t->text), keep(a, t->answer),
	    keep(a, t->who), t->when_us,
	    t->reason == NULL || *t->reason == '\0' ? NULL :
						      keep(a, t->reason)};
	return 0;
}

static void
forget_deviation(struct record *r, const char *requirement)
{
	size_t i, kept = 0;

	for (i = 0; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement, requirement) != 0)
			r->deviations[kept++] = r->deviations[i];
	}
	r->ndeviations = kept;
}

int
site_deviate(struct site *s, const struct deviation *d, struct error *err)
{
	struct record *r = s->record;
	struct arena *a = r->arena;
	struct deviation *to = NULL;
	size_t i;

	if (site_can_change(s, err) != 0)
		return -1;
	if (s->file != NULL && sitefile_save_deviation(s->file, d, err) != 0)
		return -1;
	if (d->owner[0] == '\0' && d->reason[0] == '\0') {
		forget_deviation(r, d->requirement);
		return 0;
	}
	for (i = 0; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement, d->requirement) == 0)
			to = &r->deviations[i];
	}
	if (to == NULL)
		to = arena_push(a, r->deviations, r->ndeviations);
	*to = (struct deviation){
	    .requirement = keep(a, d->requirement),
	    .owner = keep(a, d->owner),
	    .reason = keep(a, d->reason),
	    .expires = keep(a, d->expires),
	    .initials = keep(a, d->initials),
	    .when_us = d->when_us,
	};
	return 0;
}
