/* SPDX-License-Identifier: MIT */
/* The run's page in memory, above a real run of real probes on loopback. */
#ifndef UNIT_RUN_SCREEN_H
#define UNIT_RUN_SCREEN_H

#include "tests/unit/fake_net.h"
#include "tests/unit/run_site.h"
#include "tui/screen/view.h"

#define RUN_SCREEN_NEEDS 12

struct run_screen {
	struct screen sc;
	struct app_options opt;
	struct run_site rs;
	struct fake_silent silent;
	bool never;
};

/* Half of the needs are of product p, half of q; every fourth is refused, one
 * of these out there, so that it is searched for what blocks; with a silent
 * one it takes a while. The rest are answered. */
void	 run_screen_setup(struct run_screen *f, bool silent);
void	 run_screen_start(struct run_screen *f);
void	 run_screen_end(struct run_screen *f);	/* as the site tells it */
void	 run_screen_teardown(struct run_screen *f);
void	 run_screen_draw(struct run_screen *f);
void	 run_screen_press(struct run_screen *f, uint32_t key);
struct page *run_screen_page(struct run_screen *f);
/* The ids of all rows, one after the other. */
char	*run_screen_rows(struct run_screen *f, struct arena *a);
/* Rows with this state; NULL: all. */
size_t	 run_screen_count(struct run_screen *f, const char *word);
bool	 run_screen_says(struct run_screen *f, const char *text);
/* The line of the page on which this id stands, or -1. */
int	 run_screen_line(struct run_screen *f, const char *id);

#endif
