/* SPDX-License-Identifier: MIT */
/* Owns one site at work: its record and its file change together, and a run
 * is journalled as it goes. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/judge/judge.h"
#include "core/net/trust.h"
#include "core/net/vantage.h"
#include "core/pack/answers.h"
#include "tui/app.h"
#include "tui/found.h"

static struct site *
new_site(struct app *app)
{
	struct site *s = mem_alloc(sizeof *s);

	s->app = app;
	return s;
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
	site_assess(s);
	return s;
}

void
site_close(struct site *s)
{
	if (s == NULL)
		return;
	run_free(s->run);
	run_free(s->ended);
	if (s->run != NULL && s->file != NULL &&
	    sitefile_run_end(s->file, clock_wall_us(), false, &s->save_error) !=
		0) {
		/* It is left open, and an open run counts as cut short. */
	}
	sitefile_close(s->file);
	record_free(s->record);
	mem_free(s);
}

void
site_assess(struct site *s)
{
	needs_build(s->app->packs, &s->app->vocab, s->record);
	judge_record(s->record);
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

	if (s->file != NULL && sitefile_save_site(s->file, info, err) != 0)
		return -1;
	s->record->site = (struct site_info){
	    .name = keep(a, info->name),
	    .address = keep(a, info->address),
	    .customer = keep(a, info->customer),
	    .installer = keep(a, info->installer),
	    .engineer = keep(a, info->engineer),
	    .it_contact = keep(a, info->it_contact),
	    .notes = keep(a, info->notes),
	    .device_zone = keep(a, info->device_zone),
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
	    keep(a, t->who), t->when_us};
	return 0;
}

int
site_deviate(struct site *s, const struct deviation *d, struct error *err)
{
	struct record *r = s->record;
	struct arena *a = r->arena;
	struct deviation *to = NULL;
	size_t i;

	if (s->file != NULL && sitefile_save_deviation(s->file, d, err) != 0)
		return -1;
	for (i = 0; i < r->ndeviations; i++) {
		if (strcmp(r->deviations[i].requirement, d->requirement) == 0)
			to = &r->deviations[i];
	}
	if (to == NULL)
		to = arena_push(a, r->deviations, r->ndeviations);
	*to = (struct deviation){keep(a, d->requirement), keep(a, d->owner),
	    keep(a, d->reason), keep(a, d->expires), keep(a, d->initials),
	    d->when_us};
	return 0;
}

/* --- a run ------------------------------------------------------------- */

/* The first failure to keep something is told; what is measured goes on, as
 * it is still in the record. */
static void
journal(struct site *s, int rc, const struct error *err)
{
	if (rc != 0 && s->save_error.code == ERR_NONE)
		s->save_error = *err;
}

static void
on_started(void *arg, const struct probe_spec *spec)
{
	struct site *s = arg;
	struct error err = {0};

	if (s->file != NULL)
		journal(s, sitefile_probe_started(s->file, spec->key, &err),
		    &err);
}

static void
on_observed(void *arg, const struct observation *o)
{
	struct site *s = arg;
	struct error err = {0};

	if (s->file != NULL)
		journal(s, sitefile_observation(s->file, o, &err), &err);
	/* After the end of the run nobody else judges. */
	if (s->kept)
		site_assess(s);
	if (s->observed != NULL)
		s->observed(s->arg, o);
}

static void
on_changed(void *arg, size_t task)
{
	struct site *s = arg;

	if (s->changed != NULL)
		s->changed(s->arg, task);
}

static void
on_done(void *arg, bool complete)
{
	struct site *s = arg;
	struct error err = {0};

	s->ended = s->run;
	s->run = NULL;
	if (s->file != NULL)
		journal(s,
		    sitefile_run_end(s->file, s->record->ended_us, complete,
			&err),
		    &err);
	if (found_write_down(s, &err) != 0)
		journal(s, -1, &err);
	site_assess(s);
	s->kept = site_background(s) > 0;
	if (s->done != NULL)
		s->done(s->arg, complete);
}

static void
on_settled(void *arg)
{
	struct site *s = arg;

	s->kept = false;
	site_assess(s);
	if (s->settled != NULL)
		s->settled(s->arg);
}

static int
load_trust(struct app *app, struct error *err)
{
	const struct pack_set *packs = app->packs;
	struct trust_key *keys;
	size_t i;

	if (app->trust != NULL)
		return 0;
	keys = mem_array(packs->nkeys, sizeof *keys);
	for (i = 0; i < packs->nkeys; i++)
		keys[i] = (struct trust_key){packs->keys[i].name,
		    packs->keys[i].pem};
	app->trust = trust_new(app->opt.ca_bundle, keys, packs->nkeys, err);
	mem_free(keys);
	return app->trust == NULL ? -1 : 0;
}

static int
check_way_out(const struct vantage *v, struct error *err)
{
	if (v->interface[0] == '\0') {
		error_set(err, ERR_SYSTEM,
		    _("This computer has no network connection with a default "
		      "gateway, so nothing can be checked."));
		error_hint(err,
		    _("Plug the network cable in or join the Wi-Fi that the "
		      "devices use, wait until this computer has its address "
		      "there, and start the check again."));
		return -1;
	}
	if (v->gateway == NULL && v->gateway6 == NULL) {
		error_set(err, ERR_SYSTEM,
		    _("The network interface %s has no default gateway, so "
		      "nothing beyond this network can be checked."),
		    v->interface);
		error_hint(err,
		    _("Join the network of the devices so that this computer "
		      "gets its address and gateway there, or name another "
		      "interface with --interface."));
		return -1;
	}
	return 0;
}

static bool
has_requirement(const struct record *r, const char *only)
{
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		if (strcmp(r->needs[i].id, only) == 0 ||
		    strcmp(r->needs[i].product, only) == 0)
			return true;
	}
	return false;
}

static int
ready_to_run(struct site *s, struct vantage *v, struct error *err)
{
	const char *only = s->app->opt.only;

	if (s->record->products.count == 0) {
		error_set(err, ERR_USAGE,
		    _("No product is chosen, so there is nothing to check."));
		return -1;
	}
	if (only != NULL && !has_requirement(s->record, only)) {
		error_set(err, ERR_USAGE,
		    _("There is no requirement and no product called \"%s\" on "
		      "this site."),
		    only);
		error_hint(err,
		    _("The command \"plan\" lists the requirements of a "
		      "site."));
		return -1;
	}
	if (load_trust(s->app, err) != 0)
		return -1;
	if (vantage_read(s->app->opt.interface, s->record->arena, v, err) != 0)
		return -1;
	return check_way_out(v, err);
}

int
site_run_start(struct site *s, struct event_base *base, struct error *err)
{
	struct run_setup setup = {
	    .base = base,
	    .record = s->record,
	    .pace = s->app->opt.pace,
	    .interface = s->app->opt.interface,
	    .only = s->app->opt.only,
	    .started = on_started,
	    .observed = on_observed,
	    .changed = on_changed,
	    .background = s->background,
	    .done = on_done,
	    .settled = on_settled,
	    .arg = s,
	};
	struct vantage v;
	int64_t now = clock_wall_us();

	if (s->run != NULL)
		return error_set(err, ERR_BUSY,
		    _("A check of this site is under way already."));
	site_assess(s);
	if (ready_to_run(s, &v, err) != 0)
		return -1;
	if (s->file != NULL && sitefile_run_begin(s->file, &v, now, err) != 0)
		return -1;
	site_run_forget(s);
	memset(&s->save_error, 0, sizeof s->save_error);
	record_clear_run(s->record);
	s->record->vantage = v;
	site_assess(s);
	setup.trust = s->app->trust;
	s->run = run_start(&setup);
	s->record->started_us = now;
	return 0;
}

void
site_run_cancel(struct site *s)
{
	if (s->run != NULL)
		run_cancel(s->run);
	else if (s->kept)
		run_cancel(s->ended);
}

size_t
site_background(const struct site *s)
{
	const struct run *run = s->run != NULL ? s->run : s->ended;
	struct run_totals t;

	if (run == NULL)
		return 0;
	run_totals(run, &t);
	return t.background - t.background_done;
}

void
site_run_forget(struct site *s)
{
	run_free(s->ended);
	s->ended = NULL;
	s->kept = false;
}
