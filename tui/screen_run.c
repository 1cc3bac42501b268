/* SPDX-License-Identifier: MIT */
/* Owns what a run tells the screen: that there is something new, and that it
 * is over. Drawing waits for the next tick. */
#include <string.h>

#include "core/base/i18n.h"
#include "tui/view.h"

static void
on_observed(void *arg, const struct observation *o)
{
	struct screen *sc = arg;
	struct timeval now = {0, 0};

	(void)o; /* the next tick shows it */
	if (!screen_is_running(sc) && sc->tick != NULL)
		evtimer_add(sc->tick, &now);
	if (sc->site->save_error.code != ERR_NONE && sc->message == NULL)
		screen_say_error(sc, &sc->site->save_error);
}

static void
on_changed(void *arg, size_t task)
{
	(void)arg;
	(void)task;
}

static void
on_done(void *arg, bool complete)
{
	struct screen *sc = arg;
	struct timeval now = {0, 0};

	if (sc->site->save_error.code != ERR_NONE)
		screen_say_error(sc, &sc->site->save_error);
	else if (complete)
		screen_say(sc, ROLE_GOOD, "%s",
		    _("All checks are done. Enter shows what they mean."));
	else
		screen_say(sc, ROLE_WARN, "%s",
		    _("The checks were stopped before the end. What was found "
		      "is kept; the rest counts as not run."));
	screen_refresh_walk(sc);
	if (sc->tick != NULL)
		evtimer_add(sc->tick, &now);
}

static void
on_settled(void *arg)
{
	struct screen *sc = arg;
	struct timeval now = {0, 0};

	screen_say(sc, ROLE_GOOD, "%s",
	    _("The background tests are done too; the results are up to "
	      "date."));
	screen_refresh_walk(sc);
	if (sc->tick != NULL)
		evtimer_add(sc->tick, &now);
}

int
screen_start_run(struct screen *sc, struct error *err)
{
	struct site *s = sc->site;

	site_assess(s);
	arena_free(sc->plan_arena);
	sc->plan_arena = arena_new();
	sc->plan = plan_make(sc->plan_arena, s->record, sc->app.opt.only,
	    sc->app.opt.pace);
	s->observed = on_observed;
	s->changed = on_changed;
	s->done = on_done;
	s->settled = on_settled;
	s->background = BACKGROUND_KEEP;
	s->arg = sc;
	if (site_run_start(s, sc->base, err) != 0)
		return -1;
	sc->planned = run_task_count(s->run);
	return 0;
}
