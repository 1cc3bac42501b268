/* SPDX-License-Identifier: MIT */
/* The wizard in memory in a folder of its own, for tests of what is written
 * and what is read. No network card, so that nothing is ever sent. */
#ifndef UNIT_PAPERS_CASE_H
#define UNIT_PAPERS_CASE_H

#include "tui/screen/view.h"

struct papers_case {
	struct screen sc;
	struct app_options opt;
	char	 dir[64];
	char	 path[128];		/* of the site file */
	char	 handover[192];		/* where its handover is exported to */
	int	 nrows, ncols;
};

void	 papers_setup(struct papers_case *f);
void	 papers_teardown(struct papers_case *f);
void	 papers_draw(struct papers_case *f);
void	 papers_press(struct papers_case *f, uint32_t key);
void	 papers_focus(struct papers_case *f, const char *id);
/* Leaves the field with this in it. */
void	 papers_fill(struct papers_case *f, const char *id, const char *text);
/* On the whole page, scrolled away or not, or as the message. */
bool	 papers_tells(struct papers_case *f, const char *text);
const struct item *papers_item(struct papers_case *f, const char *id);

bool	 papers_is_there(const char *path);
void	 papers_put(const char *path, const char *text);
char	*papers_contents(const char *path);		/* returns owned */

void	 papers_open_site(struct papers_case *f, const char *product);
void	 papers_go_to_export(struct papers_case *f);
/* As if checks had been run, though nothing was seen. */
void	 papers_pretend_run(struct papers_case *f, bool complete);

/* A checked site with one line that passed and one that failed, of a pack
 * that knows neither; returns owned. */
struct record *papers_bad_day(void);
/* Its handover, where exports write it. */
void	 papers_write_handover(struct papers_case *f, struct record *r);
/* As a user opens it, from the list of those in the folder. */
void	 papers_open_handover(struct papers_case *f);

#endif
