/* SPDX-License-Identifier: MIT */
/* Owns what a run tells the screen: that there is something new, and that it
 * is over. Drawing waits for the next tick. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/judge/judge.h"
#include "core/pack/found.h"
#include "tui/screen/view.h"
#include "tui/work/consent.h"

#define JUDGE_US 500000
#define JUDGE_SHARE 100 /* of the time, one part is for judging */

static void
on_observed(void *arg, const struct observation *o)
{
	struct screen *sc = arg;
	struct timeval now = {0, 0};

	(void)o; /* the next tick shows it */
	sc->unjudged = true;
	if (!screen_is_running(sc) && sc->tick != NULL)
		evtimer_add(sc->tick, &now);
	if (sc->site->save_error.code != ERR_NONE && sc->message == NULL)
		screen_say_error(sc, &sc->site->save_error);
}

static void on_settled(void *arg);

static void
on_changed(void *arg, size_t task)
{
	(void)arg;
	(void)task;
}

/* What devices told is offered; nobody finds it who is not told. */
static const char *
found_text(const struct screen *sc, struct arena *a)
{
	struct founds list;

	found_answers(a, sc->app.packs, sc->site->record, &list);
	if (list.count == 0)
		return "";
	return arena_printf(a,
	    P_(" %zu answer was found; the questions offer it: a goes there.",
		" %zu answers were found; the questions offer them: a goes "
		"there.",
		list.count),
	    list.count);
}

/* Single checks, by hand; and the network is still the same. */
static bool
only_some_stopped(const struct screen *sc)
{
	const struct record *r = sc->site->record;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		if (r->observations[i].failure == CAUSE_NETWORK_CHANGED)
			return false;
	}
	return sc->run_look.stopped_one && !sc->run_look.stopped_all;
}

/* What Enter does is said only where it does so. */
static const char *
done_text(const struct screen *sc)
{
	const struct frame *f = screen_top(sc);
	bool leads = f->view == &view_run && page_on_next(&f->page);

	if (sc->again)
		return leads ? _("What you chose was measured again. Enter "
				 "shows what it means.") :
			       _("What you chose was measured again; the "
				 "results tell what it means.");
	return leads ?
	    _("All checks are done. Enter shows what they mean.") :
	    _("All checks are done; the results tell what they mean.");
}

static void
on_done(void *arg, bool complete)
{
	struct screen *sc = arg;
	struct timeval now = {0, 0};
	struct arena *a = arena_new();

	if (sc->site->save_error.code != ERR_NONE)
		screen_say_error(sc, &sc->site->save_error);
	else if (!complete && only_some_stopped(sc))
		screen_say(sc, ROLE_WARN, "%s%s",
		    _("All is done but what you stopped, which counts as not "
		      "run; R measures it."),
		    found_text(sc, a));
	else if (!complete)
		screen_say(sc, ROLE_WARN, "%s",
		    _("The checks were stopped before the end. What was found "
		      "is kept; the rest counts as not run."));
	else
		screen_say(sc, ROLE_GOOD, "%s%s", done_text(sc),
		    found_text(sc, a));
	arena_free(a);
	screen_refresh_walk(sc);
	if (sc->tick != NULL)
		evtimer_add(sc->tick, &now);
}

static void
prepare(struct screen *sc)
{
	struct site *s = sc->site;

	s->observed = on_observed;
	s->changed = on_changed;
	s->done = on_done;
	s->settled = on_settled;
	s->background = BACKGROUND_KEEP;
	s->arg = sc;
}

static void
begun(struct screen *sc, bool again)
{
	sc->planned = run_task_count(sc->site->run);
	sc->again = again;
	sc->run_look.number++;
	sc->run_look.told_us = 0;
	sc->unjudged = true;
	sc->run_look.stopped_one = sc->run_look.stopped_all = false;
	sc->run_look.stopped_rest = false;
}

/* Nothing is sent but what was agreed to: -1 with err, and the page that lists
 * it and asks, whichever page this was begun on. */
static int
check_consent(struct screen *sc, const struct plan *plan,
    const struct vantage *v, struct error *err)
{
	int64_t when;
	enum consent now = consent_now(sc->site, plan, &when);

	if (err->code == ERR_NONE && v->interface[0] == '\0')
		error_set(err, ERR_SYSTEM,
		    _("Nothing can be checked without a network. Connect this "
		      "computer, then press r to look again; s goes on "
		      "without checks."));
	else if (err->code == ERR_NONE && now == CONSENT_NONE)
		error_set(err, ERR_USAGE,
		    _("Nothing was sent: you have not agreed to it yet. What "
		      "would be sent stands here; the button below starts "
		      "the checks."));
	else if (err->code == ERR_NONE && now == CONSENT_CHANGED)
		error_set(err, ERR_USAGE,
		    _("Nothing was sent: it would not be what you agreed to. "
		      "What would be sent stands here; the button below "
		      "starts the checks."));
	if (err->code == ERR_NONE)
		return 0;
	if (sc->walk != NULL && walk_go(sc->walk, "plan"))
		screen_show_page(sc);
	return -1;
}

/* May it be sent? The plan stays in sc, for the totals of the run. */
static int
make_plan(struct screen *sc, struct error *err)
{
	struct arena *a = arena_new();
	const struct plan *plan;
	struct vantage v;

	site_assess(sc->site);
	plan = consent_plan(sc->site, a, &v, err);
	if (check_consent(sc, plan, &v, err) != 0) {
		arena_free(a);
		return -1;
	}
	arena_free(sc->plan_arena);
	sc->plan_arena = a;
	sc->plan = plan;
	return 0;
}

void
screen_judge(struct screen *sc)
{
	int64_t now = clock_mono_us();

	if (!screen_is_running(sc) || !sc->unjudged || sc->answering ||
	    now - sc->judged_us < JUDGE_US ||
	    now - sc->judged_us < JUDGE_SHARE * sc->judging_us)
		return;
	judge_record(sc->site->record);
	sc->unjudged = false;
	sc->judged_us = clock_mono_us();
	sc->judging_us = sc->judged_us - now;
}

int
screen_start_run(struct screen *sc, struct error *err)
{
	/* What cannot be run at all needs no consent. */
	if (site_can_run(sc->site, err) != 0 || make_plan(sc, err) != 0)
		return -1;
	prepare(sc);
	if (site_run_start(sc->site, sc->base, err) != 0)
		return -1;
	begun(sc, false);
	return 0;
}

/* --- again ---------------------------------------------------------------- */

/* The whole is agreed to or none of it: which part of it an old consent would
 * still cover, nobody could tell from the screen. */
static bool
may_retry(struct screen *sc)
{
	struct arena *a = arena_new();
	struct error err = {0};
	struct plan *plan;
	struct vantage v;
	bool may;

	site_assess(sc->site);
	plan = consent_plan(sc->site, a, &v, &err);
	may = check_consent(sc, plan, &v, &err) == 0;
	if (!may)
		screen_say_error(sc, &err);
	arena_free(a);
	return may;
}

void
screen_retry(struct screen *sc, const struct strlist *needs)
{
	struct error err;

	if (site_can_run(sc->site, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	if (!may_retry(sc))
		return;
	prepare(sc);
	if (site_run_retry(sc->site, sc->base, needs, &err) != 0) {
		screen_say_error(sc, &err);
		return;
	}
	begun(sc, true);
	screen_say(sc, ROLE_NORMAL, "%s",
	    _("It is measured again, with what it rests on. What was seen "
	      "before is kept as earlier evidence."));
}

static void
on_settled(void *arg)
{
	struct screen *sc = arg;
	struct timeval now = {0, 0};

	if (sc->run_look.stopped_rest)
		screen_say(sc, ROLE_WARN, "%s",
		    _("The background tests were stopped before the end, and "
		      "count as not run."));
	else
		screen_say(sc, ROLE_GOOD, "%s",
		    _("The background tests are over too; the results are up "
		      "to date."));
	screen_refresh_walk(sc);
	if (sc->tick != NULL)
		evtimer_add(sc->tick, &now);
}
