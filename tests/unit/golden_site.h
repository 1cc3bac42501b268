/* SPDX-License-Identifier: MIT */
/* The world of the golden screens, the same on every machine and every day:
 * one record, a shelf of sites, a handover, a moment of a run, a clock that
 * stands still and a laptop that is always plugged in at the same place. */
#ifndef UNIT_GOLDEN_SITE_H
#define UNIT_GOLDEN_SITE_H

#include "tui/screen/view.h"

struct scenes {
	struct screen sc;
	struct app_options opt;
	struct buf record;	/* as JSON */
	struct arena *arena;	/* of texts, to the end */
	char	 folder[64];
	const char *language;	/* "de", as a setting */
	struct run *run;	/* shown by sc, or NULL */
	bool	 filled;	/* there are files below the folder */
	int	 nrows, ncols;	/* of the window */
};

/* The record that is shown, as JSON, in this language. Fails the test where
 * it cannot. */
struct scenes *scenes_begin(const char *record_path, const char *language);
void	 scenes_end(struct scenes *sn);
struct screen *scenes_screen(struct scenes *sn);
/* Overwrites what is new each time: the last letters of the folder; and sums
 * of files. */
void	 scenes_hide_moment(char *text, size_t len);

/* --- for the scenes alone ---------------------------------------------- */

/* The list of sites and nothing else, as at a start. */
void	 scenes_afresh(struct scenes *sn);
/* The site of the record, judged, in the walk. */
void	 scenes_enter_site(struct scenes *sn);
/* Five sites that stand in different ways, and one that is put away. */
void	 scenes_fill_shelf(struct scenes *sn);
/* In the folder of sites; its path is in sn->arena. */
char	*scenes_write_handover(struct scenes *sn);
/* Other results than those of the handover: one thing mended, one broken. */
void	 scenes_pass_a_week(struct scenes *sn);
/* Half of the checks done, some under way: nothing is ever sent. */
void	 scenes_start_run(struct scenes *sn);
/* From here on this computer stands in the network of the site. */
void	 scenes_plug_in(struct scenes *sn);

#endif
