/* SPDX-License-Identifier: MIT */
/* Owns a run without a screen: its loop, its signals, its progress. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/work/say.h"
#include "tui/commands/subject.h"

#define LIVE_MS 250
#define LINE_MS 2000
#define LINE_BYTES 512

struct headless {
	struct site *site;
	struct event_base *base;
	struct event *tick;
	struct event *signals[3];
	bool live; /* one line that is rewritten */
	bool interrupted;
	bool complete;
	char last[LINE_BYTES];
};

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};

static void
progress_text(const struct run *run, char *out, size_t size)
{
	struct run_totals t;

	run_totals(run, &t);
	if (t.waiting + t.running == 0 && t.background > t.background_done) {
		snprintf(out, size,
		    _("All other probes are done; %1$zu background tests go "
		      "on, for up to %2$u minutes"),
		    t.background - t.background_done,
		    (t.background_left_ms + 59999) / 60000);
		return;
	}
	snprintf(out, size,
	    _("%zu of %zu probes done: %zu good, %zu with trouble; %zu "
	      "connections made"),
	    t.done, t.waiting + t.running + t.done, t.good, t.bad, t.flows);
}

static void
show_progress(struct headless *h)
{
	const struct run *run = h->site->run != NULL ? h->site->run :
						       h->site->ended;
	char line[LINE_BYTES];

	if (run == NULL)
		return;
	progress_text(run, line, sizeof line);
	if (strcmp(line, h->last) == 0)
		return;
	if (h->live)
		fprintf(stderr, "\r%.*s\033[K",
		    (int)text_prefix(line, SAY_COLUMNS - 1), line);
	else
		fprintf(stderr, "%s\n", line);
	fflush(stderr);
	snprintf(h->last, sizeof h->last, "%s", line);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	show_progress(arg);
}

/* A second signal ends the program the hard way. */
static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	struct headless *h = arg;
	size_t i;

	(void)number;
	(void)what;
	h->interrupted = true;
	for (i = 0; i < sizeof stop_signals / sizeof *stop_signals; i++)
		event_del(h->signals[i]);
	site_run_cancel(h->site);
}

static void
on_done(void *arg, bool complete)
{
	struct headless *h = arg;

	h->complete = complete;
	event_base_loopbreak(h->base);
}

static void
headless_begin(struct headless *h, struct site *site, bool plain)
{
	struct timeval tv = {0, 0};
	size_t i;
	int ms;

	memset(h, 0, sizeof *h);
	h->site = site;
	h->base = event_base_new();
	if (h->base == NULL)
		mem_fatal("the event loop cannot be set up");
	h->live = !plain && isatty(STDERR_FILENO) != 0;
	ms = h->live ? LIVE_MS : LINE_MS;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = ms % 1000 * 1000;
	h->tick = event_new(h->base, -1, EV_PERSIST, on_tick, h);
	for (i = 0; i < sizeof stop_signals / sizeof *stop_signals; i++)
		h->signals[i] = evsignal_new(h->base, stop_signals[i],
		    on_signal, h);
	if (h->tick == NULL || event_add(h->tick, &tv) != 0)
		mem_fatal("the event loop cannot be set up");
	for (i = 0; i < sizeof stop_signals / sizeof *stop_signals; i++) {
		if (h->signals[i] == NULL ||
		    event_add(h->signals[i], NULL) != 0)
			mem_fatal("the event loop cannot be set up");
	}
}

static void
headless_end(struct headless *h)
{
	size_t i;

	if (h->live && h->last[0] != '\0')
		fputs("\r\033[K", stderr);
	for (i = 0; i < sizeof stop_signals / sizeof *stop_signals; i++)
		event_free(h->signals[i]);
	event_free(h->tick);
	event_base_free(h->base);
	h->base = NULL;
}

static void
say_trouble(const struct headless *h, bool merged)
{
	const struct site *s = h->site;

	if (!h->complete && merged)
		say(_("The check was stopped before its end. What was measured "
		      "until then is shown; the rest is as it was at the last "
		      "check."));
	else if (h->interrupted)
		say(_("The check was stopped. What was measured until then is "
		      "shown; the rest counts as not checked."));
	else if (!h->complete)
		say(_("The check was stopped before its end. What was measured "
		      "until then is shown; the rest counts as not checked."));
	if (s->save_error.code != ERR_NONE) {
		say(_("Not everything could be kept in the site file:"));
		(void)say_error(&s->save_error);
	}
}

static size_t
count_background(const struct site *s)
{
	struct run_totals t;

	run_totals(s->ended, &t);
	return t.background;
}

/* What was asked to tell before its time. */
static void
say_cut_short(size_t n)
{
	if (n > 0)
		say(P_("%zu test that takes minutes has told what it had seen "
		       "when the others were done; with --wait it is waited "
		       "for.",
			"%zu tests that take minutes have told what they had "
			"seen when the others were done; with --wait they are "
			"waited for.",
			n),
		    n);
}

/* A part of a site that was checked before is put in its place there. */
static int
start(struct subject *s, struct event_base *base, struct error *err)
{
	const struct record *r = s->site->record;
	const char *only = s->app.opt.only;
	struct strlist needs = {0};
	size_t i;

	if (!s->from_file || only == NULL || r->started_us == 0)
		return site_run_start(s->site, base, err);
	s->merged = true;
	for (i = 0; i < r->nneeds; i++) {
		if (need_is_selected(&r->needs[i], only))
			strlist_add(r->arena, &needs, r->needs[i].id);
	}
	return site_run_retry(s->site, base, &needs, err);
}

int
subject_run(struct subject *s, const struct options *o)
{
	struct headless h;
	struct error err = {0};
	size_t cut_short = 0;
	int status = EXIT_OK;

	headless_begin(&h, s->site, o->plain);
	s->site->arg = &h;
	s->site->done = on_done;
	s->site->background = o->wait ? BACKGROUND_WAIT : BACKGROUND_CONCLUDE;
	if (start(s, h.base, &err) != 0) {
		status = say_error(&err);
	} else if (event_base_dispatch(h.base) < 0) {
		mem_fatal("the event loop failed");
	} else {
		show_progress(&h);
		s->cut_short = !h.complete;
		if (!o->wait && !h.interrupted && s->site->ended != NULL)
			cut_short = count_background(s->site);
		site_run_forget(s->site);
	}
	headless_end(&h);
	say_cut_short(cut_short);
	if (status == EXIT_OK)
		say_trouble(&h, s->merged);
	return status;
}
