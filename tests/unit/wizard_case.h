/* SPDX-License-Identifier: MIT */
/* The wizard in memory: a screen of cells, keys pressed one by one, sites in
 * a folder that goes again. Nothing is ever sent: the program is bound to a
 * network card that does not exist, and the event loop never turns. */
#ifndef UNIT_WIZARD_CASE_H
#define UNIT_WIZARD_CASE_H

#include "tui/screen/view.h"

struct wizard {
	struct screen sc;
	struct app_options opt;
	char dir[64];
	char path[128];
	int nrows, ncols;	/* 24, 80; a test may change them */
};

void	 wizard_setup(struct wizard *w);
void	 wizard_teardown(struct wizard *w);
/* Products with a space between. */
void	 wizard_open(struct wizard *w, const char *products);
/* The same site once more, after it was left. */
void	 wizard_open_again(struct wizard *w);
void	 wizard_draw(struct wizard *w);
void	 wizard_press(struct wizard *w, uint32_t key);
void	 wizard_type(struct wizard *w, const char *text);
void	 wizard_go(struct wizard *w, const char *place);
const struct view *wizard_top(const struct wizard *w);
/* Some row of the screen contains the text. */
bool	 wizard_shows(const struct wizard *w, const char *text);
/* Rows as text; returns owned. */
char	*wizard_rows(const struct wizard *w, int from, int to);
/* All that counts as an answer to a key; returns owned. */
char	*wizard_state(const struct wizard *w);

#endif
