/* SPDX-License-Identifier: MIT */
/* Owns how the tasks of a run are counted, and what is left of it. */
#include "tui/work/progress.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/probe/probe.h"
#include "tui/work/words.h"

#define FOLLOW_MS 5000 /* a search that nobody has made here yet */
#define MAX_TYPES 64   /* kinds of checks that are told apart */

/* What follows a failure at the end of a run, each once. */
static const char *const followers[] = {"distance", "own_firewall"};

struct kinds {
	unsigned
	    longest_ms[MAX_TYPES]; /* measured, by the place in the table */
	bool seen[MAX_TYPES];
};

static size_t
kind_of(const char *type)
{
	size_t i;

	for (i = 0; i < probe_type_count && i < MAX_TYPES - 1; i++) {
		if (strcmp(probe_types[i]->name, type) == 0)
			return i;
	}
	return MAX_TYPES - 1;
}

static unsigned
bound_of(size_t kind)
{
	return kind < probe_type_count ? probe_types[kind]->longest_ms : 0;
}

static void
learn(const struct run *run, struct kinds *k)
{
	size_t i, n = run_task_count(run);

	memset(k, 0, sizeof *k);
	for (i = 0; i < n; i++) {
		const struct task *t = run_task(run, i);
		size_t kind = kind_of(t->spec->type);
		int64_t ms;

		k->seen[kind] = true;
		if (t->state != TASK_DONE || t->result == NULL)
			continue;
		ms = t->result->duration_us / 1000 + 1;
		if (ms > k->longest_ms[kind])
			k->longest_ms[kind] = (unsigned)ms;
	}
}

static void
count_task(struct progress *out, const struct task *t, bool planned)
{
	enum role role = words_of_task(t)->role;
	bool done = t->state == TASK_DONE;

	if (t->background) {
		out->background += !done;
		return;
	}
	out->planned += planned;
	out->planned_done += planned && done;
	out->added += !planned;
	out->added_done += !planned && done;
	out->running += t->state == TASK_RUNNING;
	out->waiting += t->state == TASK_WAITING;
	out->fail += done && role == ROLE_BAD;
	out->warn += done && role == ROLE_WARN;
}

/* Its name is known, or it needs none: it will be made. */
static bool
is_certain(const struct run *run, const struct task *t)
{
	const struct probe_type *type = probe_type_find(t->spec->type);
	size_t i, n = run_task_count(run);

	if (type == NULL || !type->needs_address || t->spec->host == NULL ||
	    t->spec->address != NULL)
		return true;
	for (i = 0; i < n; i++) {
		const struct task *dns = run_task(run, i);

		if (dns->state == TASK_DONE && dns->result != NULL &&
		    dns->result->failure == CAUSE_NONE &&
		    strcmp(dns->spec->type, "dns") == 0 &&
		    strcmp(dns->spec->host, t->spec->host) == 0)
			return true;
	}
	return false;
}

static void
add_facts(struct eta_facts *f, const struct run *run, const struct task *t,
    const struct kinds *k)
{
	size_t kind = kind_of(t->spec->type);
	unsigned ms = eta_expected_ms(bound_of(kind), k->longest_ms[kind]);

	if (t->background || t->state == TASK_DONE)
		return;
	if (t->state == TASK_WAITING) {
		f->certain += is_certain(run, t);
		if (f->waiting_ms < ms)
			f->waiting_ms = ms;
		return;
	}
	ms = eta_running_ms(ms, (clock_mono_us() - t->started_us) / 1000);
	if (f->running_ms < ms)
		f->running_ms = ms;
}

void
progress_count(const struct run *run, size_t planned, const struct plan *plan,
    enum pace_mode pace, struct progress *out)
{
	size_t i, n = run_task_count(run);
	struct run_totals totals;
	struct kinds k;

	memset(out, 0, sizeof *out);
	run_totals(run, &totals);
	out->elapsed_us = totals.elapsed_us;
	learn(run, &k);
	for (i = 0; i < n; i++) {
		count_task(out, run_task(run, i), i < planned);
		add_facts(&out->facts, run, run_task(run, i), &k);
	}
	for (i = 0; i < sizeof followers / sizeof *followers; i++) {
		if (out->fail + out->warn > 0 && !k.seen[kind_of(followers[i])])
			out->facts.searches_ms += FOLLOW_MS;
	}
	out->facts.elapsed_ms = out->elapsed_us / 1000;
	out->facts.done = out->planned_done + out->added_done;
	out->facts.running = out->running;
	out->facts.waiting = out->waiting;
	out->facts.pace_ms = pace == PACE_FAST ? 0 : 1000 / RUN_POLITE_FLOWS;
	out->facts.longest_ms = plan != NULL ? plan->longest_ms : 0;
}

char *
progress_left(struct arena *a, const struct eta *e)
{
	struct eta r = eta_round(*e);
	bool minutes = r.high_ms > 120000;
	int unit = minutes ? 60000 : 1000, low = (int)(r.low_ms / unit),
	    high = (int)(r.high_ms / unit);

	if (r.kind == ETA_UNKNOWN)
		return NULL;
	/* TRANSLATORS: this and the next four: max 22 columns */
	if (r.kind == ETA_LONGER)
		return arena_strdup(a, _("longer than expected"));
	if (low == 0)
		return minutes ? arena_printf(a, _("under %d min left"), high) :
				 arena_printf(a, _("under %d s left"), high);
	return minutes ?
	    arena_printf(a, _("about %1$d-%2$d min left"), low, high) :
	    arena_printf(a, _("about %1$d-%2$d s left"), low, high);
}
