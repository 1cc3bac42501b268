/* SPDX-License-Identifier: MIT */
/* Owns the one event loop: keys, signals, the run's events, and a redraw of
 * four times a second while a run goes on. Idle, nothing moves. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/command.h"
#include "tui/view.h"

#define REDRAW_US 250000

struct signal_rule {
	int number;
	void (*act)(struct screen *sc);
};

static void
end_now(struct screen *sc)
{
	sc->quit = true;
	sc->status = EXIT_TROUBLE;
}

/* Ctrl-C: as q; at once when it is pressed again. */
static void
interrupt(struct screen *sc)
{
	bool again = sc->interrupted;

	screen_quit(sc);
	sc->interrupted = true;
	sc->dirty = true;
	if (again || sc->quit)
		end_now(sc);
}

static void
resized(struct screen *sc)
{
	ui_resized(sc->ui);
	sc->dirty = true;
}

static void
suspend(struct screen *sc)
{
	ui_suspend(sc->ui);
	sc->dirty = true;
}

static void
resumed(struct screen *sc)
{
	ui_resume(sc->ui);
	sc->dirty = true;
}

static const struct signal_rule signal_rules[] = {
    {SIGINT, interrupt},
    {SIGTERM, end_now},
    {SIGHUP, end_now},
    {SIGQUIT, end_now},
    {SIGWINCH, resized},
    {SIGTSTP, suspend},
    {SIGCONT, resumed},
};
#define NSIGNALS (sizeof signal_rules / sizeof *signal_rules)

struct loop {
	struct screen *sc;
	struct event *input;
	struct event *signal[NSIGNALS];
};

static void
update(struct screen *sc)
{
	struct timeval tv = {0, REDRAW_US};
	int nrows, ncols;

	if (sc->quit) {
		event_base_loopbreak(sc->base);
		return;
	}
	if (sc->dirty) {
		ui_size(sc->ui, &nrows, &ncols);
		screen_draw(sc, nrows, ncols);
		ui_present(sc->ui, &sc->surface);
	}
	if (screen_is_running(sc) && !evtimer_pending(sc->tick, NULL))
		evtimer_add(sc->tick, &tv);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct screen *sc = arg;

	(void)fd;
	(void)what;
	sc->dirty = true;
	update(sc);
}

static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	struct loop *l = arg;
	size_t i;

	(void)what;
	for (i = 0; i < NSIGNALS; i++) {
		if (signal_rules[i].number == (int)number)
			signal_rules[i].act(l->sc);
	}
	update(l->sc);
}

/* A key that waited since before a new view appeared was meant for the old
 * one, so that Enter pressed twice never presses the next page's button. What
 * was typed ahead otherwise is kept. */
static bool
is_void(uint32_t key, uint32_t last)
{
	if (last == UI_KEY_NONE || key == UI_KEY_ESC)
		return false;
	return key == last || key == UI_KEY_ENTER || key == ' ';
}

/* Every key that waits is read, since curses may hold more than the event
 * told of; each sees the page as the one before has left it. */
static void
on_input(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	struct screen *sc = l->sc;
	uint32_t key, last = UI_KEY_NONE;
	bool any = false;
	int nrows, ncols;

	(void)fd;
	(void)what;
	while (!sc->quit && (key = ui_key(sc->ui)) != UI_KEY_NONE) {
		any = true;
		if (is_void(key, last))
			continue;
		sc->moved = false;
		screen_key(sc, key);
		last = sc->moved ? key : UI_KEY_NONE;
		ui_size(sc->ui, &nrows, &ncols);
		if (!sc->quit)
			screen_draw(sc, nrows, ncols);
		sc->dirty = true;
	}
	if (!any && ui_is_gone(sc->ui))
		end_now(sc);
	update(sc);
}

static void
start_loop(struct loop *l, struct screen *sc)
{
	size_t i;

	memset(l, 0, sizeof *l);
	l->sc = sc;
	l->input = event_new(sc->base, STDIN_FILENO, EV_READ | EV_PERSIST,
	    on_input, l);
	event_add(l->input, NULL);
	for (i = 0; i < NSIGNALS; i++) {
		l->signal[i] = evsignal_new(sc->base, signal_rules[i].number,
		    on_signal, l);
		event_add(l->signal[i], NULL);
	}
	sc->tick = evtimer_new(sc->base, on_tick, sc);
}

static void
end_loop(struct loop *l)
{
	size_t i;

	event_free(l->input);
	for (i = 0; i < NSIGNALS; i++)
		event_free(l->signal[i]);
	event_free(l->sc->tick);
}

static void
tell(const struct error *err)
{
	fprintf(stderr, "sitewalk: %s\n", err->what);
	if (*err->hint != '\0')
		fprintf(stderr, "%s\n", err->hint);
}

/* A file that is not there yet is a new site; one that cannot be opened is
 * the end, told on the plain terminal. */
static int
open_path(struct screen *sc, const char *path, struct site **site)
{
	struct error err;

	*site = NULL;
	if (path == NULL || access(path, F_OK) != 0)
		return EXIT_OK;
	*site = site_open(&sc->app, path, false, &err);
	if (*site != NULL)
		return EXIT_OK;
	tell(&err);
	return EXIT_USAGE;
}

static void
run_loop(struct screen *sc, struct site *site, const char *path)
{
	struct loop l;

	start_loop(&l, sc);
	screen_push(sc, &view_sites, NULL);
	if (site != NULL)
		screen_enter_site(sc, site);
	else if (path != NULL)
		screen_push(sc, &view_new, path);
	update(sc);
	if (!sc->quit)
		event_base_dispatch(sc->base);
	end_loop(&l);
}

int
screen_main(const struct app_options *opt, const char *path)
{
	struct screen sc;
	struct site *site = NULL;
	struct error err;
	struct ui *ui;
	int status;

	screen_init(&sc, true);
	if (app_init(&sc.app, opt, &err) != 0) {
		tell(&err);
		return EXIT_USAGE;
	}
	status = open_path(&sc, path, &site);
	ui = status == EXIT_OK ? ui_open(&err) : NULL;
	if (status == EXIT_OK && ui == NULL) {
		tell(&err);
		fprintf(stderr, "%s\n",
		    _("Use the commands in its place; sitewalk --help lists "
		      "them."));
		status = EXIT_USAGE;
	}
	if (ui == NULL) {
		site_close(site);
		app_fini(&sc.app);
		return status;
	}
	sc.ui = ui;
	sc.surface.utf8 = ui_is_utf8(ui);
	sc.base = event_base_new();
	run_loop(&sc, site, path);
	ui_close(ui);
	sc.ui = NULL;
	if (sc.exported != NULL)
		printf(_("The files are in %s\n"), sc.exported);
	status = sc.status;
	screen_fini(&sc);
	event_base_free(sc.base);
	app_fini(&sc.app);
	return status;
}
