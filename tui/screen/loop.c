/* SPDX-License-Identifier: MIT */
/* Owns the one event loop: keys, signals, the run's events, and a redraw of
 * four times a second while a run goes on. Idle, nothing moves. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/work/say.h"
#include "tui/work/status.h"
#include "tui/screen/face.h"
#include "tui/screen/view.h"

#define REDRAW_US 250000
#define SETTLE_US 20000 /* a window that is being pulled is drawn so often */

struct signal_rule {
	int number;
	void (*act)(struct screen *sc);
};

/* A window that is pulled at tells of it hundreds of times a second. */
static void
resized(struct screen *sc)
{
	struct timeval tv = {0, SETTLE_US};

	if (!evtimer_pending(sc->settle, NULL))
		evtimer_add(sc->settle, &tv);
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
    {SIGINT, screen_interrupt},
    {SIGTERM, screen_end},
    {SIGHUP, screen_end},
    {SIGQUIT, screen_end},
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

/* What was typed stands on the screen; now, before the next key is waited
 * for, it is brought onto the medium. */
static void
settle_sites(const struct screen *sc)
{
	const struct site *const sites[] = {sc->site, sc->aside};
	size_t i;

	for (i = 0; i < 2; i++) {
		if (sites[i] != NULL && sites[i]->file != NULL)
			sitefile_settle(sites[i]->file);
	}
}

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
		sc->unshown = true;
	}
	if (sc->unshown)
		ui_present(sc->ui, &sc->surface);
	sc->unshown = false;
	settle_sites(sc);
	if ((screen_is_running(sc) || sc->dirty) &&
	    !evtimer_pending(sc->tick, NULL))
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
on_settle(evutil_socket_t fd, short what, void *arg)
{
	struct screen *sc = arg;

	(void)fd;
	(void)what;
	ui_resized(sc->ui);
	ui_repaint(sc->ui);
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

/* Nobody presses keys for a page that cannot be seen, except to leave. */
static bool
is_blind(const struct screen *sc, uint32_t key)
{
	int nrows, ncols;

	ui_size(sc->ui, &nrows, &ncols);
	return (nrows < SCREEN_MIN_ROWS || ncols < SCREEN_MIN_COLS) &&
	    key != UI_CTRL_L;
}

static void
press(struct screen *sc, uint32_t key)
{
	if (!is_blind(sc, key))
		screen_key(sc, key);
	else if (key == 'q')
		screen_quit(sc);
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
		press(sc, key);
		last = sc->moved ? key : UI_KEY_NONE;
		ui_size(sc->ui, &nrows, &ncols);
		sc->answering = true;
		if (!sc->quit && (key & UI_KEY_PASTED) == 0)
			screen_draw(sc, nrows, ncols);
		sc->answering = false;
		sc->unshown = true;
	}
	if (!any && ui_is_gone(sc->ui))
		screen_end(sc);
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
	sc->settle = evtimer_new(sc->base, on_settle, sc);
}

static void
end_loop(struct loop *l)
{
	size_t i;

	event_free(l->input);
	for (i = 0; i < NSIGNALS; i++)
		event_free(l->signal[i]);
	event_free(l->sc->tick);
	event_free(l->sc->settle);
	/* What is closed after the loop must not ask for another turn. */
	l->sc->tick = l->sc->settle = NULL;
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
	screen_begin(sc, site, path);
	update(sc);
	if (!sc->quit)
		event_base_dispatch(sc->base);
	end_loop(&l);
}

int
screen_main(const struct app_options *opt, const struct settings *settings,
    const char *path, struct error *refused)
{
	const struct ui_style style = {opt->theme != NULL ? opt->theme :
							    settings->theme,
	    opt->signs != NULL ? opt->signs : settings->signs};
	struct screen sc;
	struct site *site = NULL;
	struct error err;
	struct ui *ui;
	int status;

	settings_speak(settings->language);
	screen_init(&sc, true);
	sc.settings = *settings;
	if (app_init(&sc.app, opt, &err) != 0) {
		tell(&err);
		return EXIT_USAGE;
	}
	sc.app.moved = screen_moved;
	sc.app.moved_arg = &sc;
	status = open_path(&sc, path, &site);
	ui = status == EXIT_OK ? ui_open(&style, refused) : NULL;
	if (ui == NULL) {
		if (status == EXIT_OK)
			status = -1;
		site_close(site);
		mem_free(sc.news);
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
	if (sc.news != NULL)
		say("%s", sc.news);
	mem_free(sc.news);
	event_base_free(sc.base);
	app_fini(&sc.app);
	return status;
}
