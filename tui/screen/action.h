/* SPDX-License-Identifier: MIT */
/* What can be done by a key. Rows of const tables, one of each view and one of
 * all views: the same rows are the keys, the key bar, the help, the palette and
 * the letters of line mode. */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct screen;
struct frame;

struct action {
	uint32_t key;
	const char *label;	/* of the key: "f", "Ctrl-L", N_("Esc") */
	const char *word;	/* N_(): for the key bar, short */
	const char *help;	/* N_(): one sentence */
	void	(*run)(struct screen *sc, struct frame *f);
	bool	(*shown)(const struct screen *sc, const struct frame *f);
};

/* Those of all views. */
extern const struct action screen_actions[];
extern const size_t screen_action_count;
/* Whether it can be done on this frame now, by whatever key. */
bool	 action_is_shown(const struct action *a, const struct screen *sc,
	    const struct frame *f);
/* The view has the key for itself now, so that what every page does by it
 * does not count. */
bool	 action_is_taken(const struct action *a, const struct screen *sc,
	    const struct frame *f);
/* Another key for an action that has a row of its own. */
bool	 action_is_alias(const struct action *a);

#endif
