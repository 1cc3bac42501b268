/* SPDX-License-Identifier: MIT */
/* Owns the runs of a site at work, whole or of a part: each is journalled as
 * it goes. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/net/trust.h"
#include "core/net/vantage.h"
#include "tui/work/app.h"
#include "tui/work/found.h"

/* One run of a site, which it may outlive as the one that is shown: its
 * background tests go on while a part is measured again. */
struct site_run {
	struct site *site;
	struct run *run;
	struct site_run *next;
};

static struct site *
site_of(const struct site_run *sr)
{
	return sr->site;
}

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
	struct site *s = site_of(arg);
	struct error err = {0};

	if (s->file != NULL)
		journal(s, sitefile_probe_started(s->file, spec->key, &err),
		    &err);
}

static void
on_observed(void *arg, const struct observation *o)
{
	struct site *s = site_of(arg);
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
on_replaced(void *arg, const char *older, const char *newer)
{
	struct site *s = site_of(arg);
	struct error err = {0};

	if (s->file != NULL)
		journal(s, sitefile_replaced(s->file, older, newer, &err),
		    &err);
}

/* A run that stands behind another has no lines on the screen. */
static void
on_changed(void *arg, size_t task)
{
	const struct site_run *sr = arg;
	struct site *s = sr->site;

	if (sr->run == (s->run != NULL ? s->run : s->ended) &&
	    s->changed != NULL)
		s->changed(s->arg, task);
}

/* Kept, so that a later program can tell where it judges differently. */
static void
keep_judgement(struct site *s)
{
	struct error err = {0};

	if (s->file != NULL)
		journal(s, sitefile_save_judgement(s->file, s->record, &err),
		    &err);
}

static int
keep_end(struct site *s, bool complete, struct error *err)
{
	const struct record *r = s->record;

	if (s->file == NULL)
		return 0;
	if (s->retrying)
		return sitefile_retry_end(s->file, r->ended_us, complete,
		    r->complete, err);
	return sitefile_run_end(s->file, r->ended_us, complete, err);
}

static void
on_done(void *arg, bool complete)
{
	struct site *s = site_of(arg);
	struct error err = {0};

	s->ended = s->run;
	s->run = NULL;
	journal(s, keep_end(s, complete, &err), &err);
	s->retrying = false;
	if (found_write_down(s, &err) != 0)
		journal(s, -1, &err);
	site_assess(s);
	keep_judgement(s);
	s->kept = site_background(s) > 0;
	if (s->done != NULL)
		s->done(s->arg, complete);
}

static void
on_settled(void *arg)
{
	struct site *s = site_of(arg);

	/* Whoever is still under way tells it then. */
	if (s->run != NULL || site_background(s) > 0)
		return;
	s->kept = false;
	site_assess(s);
	keep_judgement(s);
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
	/* By a VPN it can be checked, and the findings say of what. */
	if (v->gateway == NULL && v->gateway6 == NULL && v->vpn == NULL) {
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
ready_to_run(struct site *s, const char *only, struct vantage *v,
    struct error *err)
{
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

static struct run_setup
setup_run(struct site *s, struct event_base *base)
{
	return (struct run_setup){
	    .base = base,
	    .record = s->record,
	    .trust = s->app->trust,
	    .pace = s->app->opt.pace,
	    .interface = s->app->opt.interface,
	    .order = s->app->opt.order,
	    .started = on_started,
	    .observed = on_observed,
	    .replaced = on_replaced,
	    .changed = on_changed,
	    .background = s->background,
	    .done = on_done,
	    .settled = on_settled,
	};
}

static void
start(struct site *s, struct run_setup *setup)
{
	struct site_run *sr = mem_alloc(sizeof *sr);

	sr->site = s;
	sr->next = s->runs;
	s->runs = sr;
	setup->arg = sr;
	sr->run = run_start(setup);
	s->run = sr->run;
}

static size_t
count_background(const struct run *run)
{
	struct run_totals t;

	run_totals(run, &t);
	return t.background - t.background_done;
}

/* But for the one under way, and for those that still measure if kept. */
static void
free_runs(struct site *s, bool keep)
{
	struct site_run **at = &s->runs, *sr;

	while ((sr = *at) != NULL) {
		if (sr->run == s->run ||
		    (keep && count_background(sr->run) > 0)) {
			at = &sr->next;
			continue;
		}
		*at = sr->next;
		run_free(sr->run);
		mem_free(sr);
	}
	s->ended = NULL;
	s->kept = false;
}

int
site_can_run(const struct site *s, struct error *err)
{
	if (s->read_only)
		return error_set(err, ERR_USAGE,
		    _("This is a handover under review; its site cannot be "
		      "checked from here."));
	if (s->run != NULL)
		return error_set(err, ERR_BUSY,
		    _("A check of this site is under way already."));
	return 0;
}

static void
begin(struct site *s, const struct vantage *v)
{
	memset(&s->save_error, 0, sizeof s->save_error);
	s->record->vantage = *v;
	site_assess(s);
}

int
site_run_start(struct site *s, struct event_base *base, struct error *err)
{
	struct run_setup setup;
	struct vantage v;
	int64_t now = clock_wall_us();

	if (site_can_run(s, err) != 0)
		return -1;
	site_assess(s);
	if (ready_to_run(s, s->app->opt.only, &v, err) != 0)
		return -1;
	if (s->file != NULL && sitefile_run_begin(s->file, &v, now, err) != 0)
		return -1;
	/* Nothing of the last run is left. */
	free_runs(s, false);
	record_clear_run(s->record);
	begin(s, &v);
	setup = setup_run(s, base);
	setup.only = s->app->opt.only;
	setup.needs = s->only_needs.count > 0 ? &s->only_needs : NULL;
	start(s, &setup);
	s->record->started_us = now;
	return 0;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* What is measured now can stand beside what was measured then. A VPN changes
 * the way of everything. */
static int
check_same_network(const struct vantage *then, const struct vantage *now,
    struct error *err)
{
	if (vantage_same(then, now) && same_text(then->vpn, now->vpn))
		return 0;
	error_set(err, ERR_USAGE,
	    _("This laptop does not stand in the network of the last check "
	      "any more, or not in the same way, so a part that is checked "
	      "now would not fit the rest."));
	error_hint(err, _("Check everything again."));
	return -1;
}

/* What background tests measure at this moment, as keys in a. */
static void
list_under_way(const struct site *s, struct arena *a, struct strlist *keys)
{
	const struct site_run *sr;
	size_t i;

	for (sr = s->runs; sr != NULL; sr = sr->next) {
		for (i = 0; i < run_task_count(sr->run); i++) {
			const struct task *t = run_task(sr->run, i);

			if (t->state != TASK_DONE)
				strlist_add(a, keys, t->spec->key);
		}
	}
}

static size_t
count_left(const struct need *n, const struct strlist *under_way)
{
	size_t i, count = 0;

	for (i = 0; i < n->nspecs; i++)
		count += !strlist_has(under_way, n->specs[i].key);
	return count;
}

static int
check_asked(const struct record *r, const struct strlist *needs,
    const struct strlist *under_way, struct error *err)
{
	size_t i, specs = 0, left = 0;

	if (r->started_us == 0)
		return error_set(err, ERR_USAGE,
		    _("Nothing was checked yet, so nothing can be checked "
		      "again."));
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!n->applies ||
		    (needs != NULL && !strlist_has(needs, n->id)))
			continue;
		specs += n->nspecs;
		left += count_left(n, under_way);
	}
	if (specs == 0)
		return error_set(err, ERR_USAGE,
		    _("There is nothing to measure again: no probe fits what "
		      "was chosen, or it is not asked of this site any "
		      "more."));
	if (left == 0)
		return error_set(err, ERR_BUSY,
		    _("This is being measured already, in the "
		      "background."));
	return 0;
}

int
site_run_retry(struct site *s, struct event_base *base,
    const struct strlist *needs, struct error *err)
{
	struct arena *a = arena_new();
	struct strlist under_way = {0};
	struct run_setup setup;
	struct vantage v;
	int rc = site_can_run(s, err);

	if (rc == 0) {
		site_assess(s);
		list_under_way(s, a, &under_way);
		rc = check_asked(s->record, needs, &under_way, err);
	}
	if (rc == 0)
		rc = ready_to_run(s, NULL, &v, err);
	if (rc == 0)
		rc = check_same_network(&s->record->vantage, &v, err);
	if (rc == 0 && s->file != NULL)
		rc = sitefile_retry_begin(s->file, &v, clock_wall_us(), err);
	if (rc == 0) {
		free_runs(s, true);
		begin(s, &v);
		s->retrying = true;
		setup = setup_run(s, base);
		setup.needs = needs;
		setup.under_way = &under_way;
		setup.retry = true;
		start(s, &setup);
	}
	arena_free(a);
	return rc;
}

void
site_run_cancel_task(struct site *s, size_t task)
{
	struct run *run = s->run != NULL ? s->run : s->kept ? s->ended : NULL;

	if (run != NULL && task < run_task_count(run))
		run_cancel_task(run, task);
}

void
site_run_cancel(struct site *s)
{
	struct site_run *sr;

	if (s->run != NULL) {
		run_cancel(s->run);
		return;
	}
	for (sr = s->kept ? s->runs : NULL; sr != NULL; sr = sr->next)
		run_cancel(sr->run);
}

size_t
site_background(const struct site *s)
{
	const struct site_run *sr;
	size_t n = 0;

	for (sr = s->runs; sr != NULL; sr = sr->next)
		n += count_background(sr->run);
	return n;
}

void
site_run_forget(struct site *s)
{
	free_runs(s, false);
}

void
site_run_close(struct site *s)
{
	bool open = s->run != NULL;

	s->run = NULL;
	free_runs(s, false);
	/* A retry that has no end is one that was cut off. */
	if (open && s->file != NULL && !s->retrying &&
	    sitefile_run_end(s->file, clock_wall_us(), false, &s->save_error) !=
		0) {
		/* It is left open, and an open run counts as cut short. */
	}
}
