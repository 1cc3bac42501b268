/* SPDX-License-Identifier: MIT */
/* Owns the line of totals: always there, and right at every width. */
#include "tui/views/run_line.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/work/progress.h"
#include "tui/work/words.h"

#define GAP 2
#define TELL_US 2000000 /* so long a range stays, so that it never flickers */

char *
run_line_fit(struct arena *a, const struct run_segment *list, size_t count,
    int ncols)
{
	int most = 0, rank, width;
	char *line = NULL;
	size_t i;

	for (i = 0; i < count; i++)
		most = list[i].rank > most ? list[i].rank : most;
	for (rank = most; rank >= 0; rank--) {
		line = arena_strdup(a, "");
		for (i = 0; i < count; i++) {
			if (list[i].text == NULL || list[i].rank > rank)
				continue;
			line = *line == '\0' ? arena_strdup(a, list[i].text) :
					       arena_printf(a, "%s%*s%s", line,
						   GAP, "", list[i].text);
		}
		width = text_width(line);
		if (width <= ncols)
			break;
	}
	return line;
}

static char *
still_text(struct arena *a, int waiting)
{
	if (waiting < 0)
		return NULL;
	/* TRANSLATORS: the page stands still, so many changes wait; max 16
	 * columns */
	return arena_printf(a, _("still, %d new"), waiting);
}

/* The range is made anew every other second only. */
static const struct eta *
eta_told(struct screen *sc, const struct progress *p)
{
	struct run_look *look = &sc->run_look;
	int64_t since = p->elapsed_us - look->told_us;

	if (look->told_us == 0 || look->eta.kind == ETA_UNKNOWN || since < 0 ||
	    since >= TELL_US) {
		look->eta = eta_estimate(&p->facts);
		look->told_us = p->elapsed_us > 0 ? p->elapsed_us : 1;
	}
	return &look->eta;
}

static void
add(struct run_segment *list, size_t *n, int rank, const char *text)
{
	list[(*n)++] = (struct run_segment){text, rank};
}

char *
run_line_running(struct screen *sc, struct arena *a, int ncols, int waiting)
{
	struct progress p;
	const char *left;
	size_t n = 0;
	struct run_segment s[9];

	progress_count(sc->site->run, sc->planned, sc->again ? NULL : sc->plan,
	    sc->app.opt.pace, &p);
	left = progress_left(a, eta_told(sc, &p));
	/* TRANSLATORS: checks done of all; this and the words below stand on
	 * one line, max 12 columns each */
	add(s, &n, 0,
	    arena_printf(a, _("%1$zu/%2$zu done"), p.planned_done, p.planned));
	/* TRANSLATORS: of what was added on the way, done of all */
	add(s, &n, 3,
	    p.added == 0 ?
		NULL :
		arena_printf(a, _("+%1$zu/%2$zu"), p.added_done, p.added));
	add(s, &n, 1, arena_printf(a, _("%zu fail"), p.fail));
	add(s, &n, 4, arena_printf(a, _("%zu warn"), p.warn));
	add(s, &n, 6, arena_printf(a, _("%zu running"), p.running));
	add(s, &n, 7, arena_printf(a, _("%zu queued"), p.waiting));
	add(s, &n, 2, still_text(a, waiting));
	add(s, &n, 0, words_clock(a, p.elapsed_us));
	add(s, &n, 5, left == NULL ? NULL : arena_printf(a, "(%s)", left));
	return run_line_fit(a, s, n, ncols);
}

char *
run_line_ended(const struct screen *sc, struct arena *a, int ncols, int waiting)
{
	const struct record *r = sc->site->record;
	size_t i, n = 0, measured = 0, fail = 0, warn = 0;
	struct run_segment s[6];
	const char *when = words_when(a,
	    r->ended_us != 0 ? r->ended_us : r->started_us);

	for (i = 0; i < r->nobservations; i++) {
		enum role role = words_of_observation(&r->observations[i])
				     ->role;

		/* A search for what blocks is no check of its own. */
		if (words_is_search(r->observations[i].probe))
			continue;
		measured++;
		fail += role == ROLE_BAD;
		warn += role == ROLE_WARN;
	}
	add(s, &n, 0, arena_printf(a, _("%zu measured"), measured));
	add(s, &n, 0, arena_printf(a, _("%zu fail"), fail));
	add(s, &n, 1, arena_printf(a, _("%zu warn"), warn));
	add(s, &n, 1, still_text(a, waiting));
	add(s, &n, 0, r->complete ? NULL : _("cut short"));
	add(s, &n, 2,
	    r->complete ? arena_printf(a, _("finished %s"), when) : when);
	return run_line_fit(a, s, n, ncols);
}
