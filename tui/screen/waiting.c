/* SPDX-License-Identifier: MIT */
/* Owns what a face does while an ssh-agent lets it wait: the loop stands
 * still then, so that keys, the window and signals are looked at here. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "tui/screen/view.h"
#include "tui/work/key.h"
#include "tui/work/say.h"

#define SHOW_AFTER_US 300000
#define NOTE_ROWS 4

/* Over the end of what lies on the screen, whose page is not touched: whoever
 * waits may be in the middle of building it. */
static void
draw_wait(struct screen *sc, const char *text)
{
	struct surface *s = &sc->surface;
	struct page note;
	int nrows, ncols, i, n;

	ui_resized(sc->ui);
	ui_size(sc->ui, &nrows, &ncols);
	if (s->nrows != nrows || s->ncols != ncols)
		surface_resize(s, nrows, ncols);
	page_init(&note);
	page_text(&note, ROLE_WARN, -2, text)->glyph = GLYPH_WARN;
	page_layout(&note, NOTE_ROWS, s->ncols);
	n = note.nlines < NOTE_ROWS ? note.nlines : NOTE_ROWS;
	for (i = 1; i <= n && i <= s->nrows; i++)
		surface_fill(s, s->nrows - i, 0, s->ncols, ROLE_NORMAL,
		    GLYPH_NONE);
	if (n <= s->nrows)
		page_draw(&note, s, s->nrows - n, n);
	page_free(&note);
	ui_present(sc->ui, s);
	sc->dirty = true;
}

/* The loop acts on these as soon as it goes on. */
static bool
is_told_to_end(void)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	sigset_t pending;
	size_t i;

	sigpending(&pending);
	for (i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (sigismember(&pending, ends[i]) == 1)
			return true;
	}
	return false;
}

static bool
look(void *arg, const char *text, bool first)
{
	struct screen *sc = arg;
	bool on = !is_told_to_end();
	uint32_t key;

	if (sc->ui == NULL) {
		if (first)
			say("%s", text);
		return on;
	}
	while (on && (key = ui_key(sc->ui)) != UI_KEY_NONE)
		on = key != UI_KEY_ESC && key != 'q';
	if (on && ui_is_gone(sc->ui))
		on = false;
	if (on)
		draw_wait(sc, text);
	return on;
}

/* Held back, since the loop would take them away from whoever waits. */
static void
hold_signals(struct screen *sc)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGQUIT);
	sigprocmask(SIG_BLOCK, &held, &sc->unheld);
}

static void
release_signals(struct screen *sc)
{
	sigprocmask(SIG_SETMASK, &sc->unheld, NULL);
}

int
screen_open_key(struct screen *sc, const char *named, struct signer **out,
    struct error *err)
{
	const struct agent_wait wait = {
	    .after_us = SHOW_AFTER_US,
	    .text = sc->ui == NULL ?
		_("The ssh-agent is being waited for, at most %d s. If the key "
		  "wants to be touched or confirmed, do that now; Ctrl-C gives "
		  "up.") :
		_("The ssh-agent is being waited for, at most %d s. If the key "
		  "wants to be touched or confirmed, do that now; Esc gives "
		  "up."),
	    .look = look,
	    .arg = sc,
	    .fd = sc->ui == NULL ? -1 : STDIN_FILENO,
	};

	int rc;

	*out = NULL;
	hold_signals(sc);
	rc = key_open_waiting(named, &wait, out, err);
	if (*out == NULL)
		release_signals(sc);
	return rc;
}

void
screen_close_key(struct screen *sc, struct signer *signer)
{
	if (signer == NULL)
		return;
	signer_close(signer);
	release_signals(sc);
}
