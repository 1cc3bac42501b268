/* SPDX-License-Identifier: MIT */
/* Owns the loop of the plain face: lines in, text out, signals, the run's
 * events. Nothing is ever drawn, moved or coloured. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/line/reader.h"
#include "tui/line/talk.h"
#include "tui/screen/face.h"
#include "tui/work/say.h"
#include "tui/work/status.h"

#define LOOK_US 250000
#define COLUMNS_LEAST 20
#define COLUMNS_MOST 400
#define VIEW_ROWS 24 /* of the screen that nobody sees */

struct line_signal {
	int number;
	void (*act)(struct screen *sc);
};

struct line {
	struct screen sc;
	struct talk talk;
	struct reader reader;
	struct event *input;
	struct event *signal[4];
	bool echo; /* nobody else shows what is typed */
};

static const struct line_signal line_signals[] = {
    {SIGINT, screen_interrupt},
    {SIGTERM, screen_end},
    {SIGHUP, screen_end},
    {SIGQUIT, screen_end},
};
#define NSIGNALS (sizeof line_signals / sizeof *line_signals)

/* Whoever read has hung up when nothing more can be written. */
static void
write_out(struct line *l)
{
	struct buf *out = &l->talk.out;

	if (fwrite(buf_str(out), 1, out->len, stdout) != out->len ||
	    fflush(stdout) != 0)
		screen_end(&l->sc);
	buf_clear(out);
}

static void
update(struct line *l)
{
	struct timeval tv = {0, LOOK_US};

	write_out(l);
	if (l->sc.quit)
		event_base_loopbreak(l->sc.base);
	else if (screen_is_running(&l->sc) &&
	    !evtimer_pending(l->sc.tick, NULL))
		evtimer_add(l->sc.tick, &tv);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct line *l = arg;

	(void)fd;
	(void)what;
	talk_look(&l->talk);
	update(l);
}

static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	struct line *l = arg;
	size_t i;

	(void)what;
	for (i = 0; i < NSIGNALS; i++) {
		if (line_signals[i].number == (int)number)
			line_signals[i].act(&l->sc);
	}
	if (!l->sc.quit)
		talk_settle(&l->talk);
	update(l);
}

static void
take(struct line *l, enum line_kind kind)
{
	const char *text = buf_str(&l->reader.line);
	struct buf *out = &l->talk.out;

	if (l->echo && kind == LINE_TEXT)
		buf_adds(out, text);
	if (l->echo)
		buf_addc(out, '\n');
	switch (kind) {
	case LINE_NONE:
		break;
	case LINE_TEXT:
		talk_enter(&l->talk, text);
		break;
	case LINE_LONG:
		talk_refuse(&l->talk,
		    _("That line is longer than 1000 bytes. Nothing of it was "
		      "taken; please type a shorter one."));
		break;
	case LINE_UNSAFE:
		talk_refuse(&l->talk,
		    _("In that line is something that is no text, an arrow "
		      "key perhaps. Nothing of it was taken; please type it "
		      "again."));
		break;
	}
}

/* What stands there without an end of line is kept where it is text, and is
 * nothing where it would decide something. */
static void
hang_up(struct line *l)
{
	enum line_kind kind = reader_end(&l->reader);

	if (kind == LINE_TEXT && talk_is_text(&l->talk))
		take(l, kind);
	screen_end(&l->sc);
}

static void
on_input(evutil_socket_t fd, short what, void *arg)
{
	struct line *l = arg;
	char data[4096];
	enum line_kind kind;
	size_t at = 0, used;
	ssize_t n;

	(void)what;
	n = read(fd, data, sizeof data);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0)
		hang_up(l);
	while (n > 0 && at < (size_t)n && !l->sc.quit) {
		kind = reader_feed(&l->reader, data + at, (size_t)n - at,
		    &used);
		at += used;
		if (kind == LINE_NONE)
			break;
		take(l, kind);
	}
	update(l);
}

static int
columns(void)
{
	const char *text = getenv("COLUMNS");
	uint64_t n;

	if (!text_to_uint(text, COLUMNS_LEAST, COLUMNS_MOST, &n))
		return SAY_COLUMNS;
	return (int)n;
}

static void
run_loop(struct line *l, struct site *site, const char *path, const char *why)
{
	struct screen *sc = &l->sc;
	size_t i;

	l->input = event_new(sc->base, STDIN_FILENO, EV_READ | EV_PERSIST,
	    on_input, l);
	event_add(l->input, NULL);
	for (i = 0; i < NSIGNALS; i++) {
		l->signal[i] = evsignal_new(sc->base, line_signals[i].number,
		    on_signal, l);
		event_add(l->signal[i], NULL);
	}
	sc->tick = evtimer_new(sc->base, on_tick, l);
	screen_begin(sc, site, path);
	talk_begin(&l->talk, why);
	update(l);
	if (!sc->quit)
		event_base_dispatch(sc->base);
	write_out(l);
	event_free(l->input);
	for (i = 0; i < NSIGNALS; i++)
		event_free(l->signal[i]);
	event_free(sc->tick);
	sc->tick = NULL;
}

static void
say_goodbye(struct line *l)
{
	struct teller to = talk_teller(&l->talk);

	if (l->talk.prompted && l->sc.status != EXIT_OK)
		buf_addc(&l->talk.out, '\n');
	to.out = &l->talk.out;
	if (l->sc.exported != NULL)
		buf_addf(to.out, _("The files are in %s\n"), l->sc.exported);
	/* Closing the site brings its last words. */
	screen_fini(&l->sc);
	if (!l->sc.lost)
		tell_text(&to, 0, _("Everything is saved."));
	write_out(l);
}

/* A file that is not there yet is a new site. */
static int
open_path(struct screen *sc, const char *path, struct site **site)
{
	struct error err;

	*site = NULL;
	if (path == NULL || access(path, F_OK) != 0)
		return EXIT_OK;
	*site = site_open(&sc->app, path, false, &err);
	return *site != NULL ? EXIT_OK : say_error(&err);
}

int
line_main(const struct app_options *opt, const struct settings *settings,
    const char *path, const char *why)
{
	struct line l = {0};
	struct site *site;
	struct error err;
	int status;

	screen_init(&l.sc, true);
	surface_resize(&l.sc.surface, VIEW_ROWS, SAY_COLUMNS);
	l.sc.settings = *settings;
	settings_speak(settings->language);
	if (app_init(&l.sc.app, opt, &err) != 0) {
		screen_fini(&l.sc);
		return say_error(&err);
	}
	talk_init(&l.talk, &l.sc, columns());
	l.sc.app.moved = talk_moved;
	l.sc.app.moved_arg = &l.talk;
	status = open_path(&l.sc, path, &site);
	if (status == EXIT_OK) {
		l.echo = !isatty(STDIN_FILENO);
		l.sc.base = event_base_new();
		reader_init(&l.reader);
		run_loop(&l, site, path, why);
		status = l.sc.status;
		say_goodbye(&l);
		reader_free(&l.reader);
	} else {
		screen_fini(&l.sc);
	}
	talk_free(&l.talk);
	mem_free(l.sc.news);
	if (l.sc.base != NULL)
		event_base_free(l.sc.base);
	app_fini(&l.sc.app);
	return status;
}
