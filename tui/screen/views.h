/* SPDX-License-Identifier: MIT */
/* The views that there are, as one const descriptor each, and what one of them
 * does for others. The screen pushes them by these names; what they are made
 * of it does not know. */
#ifndef TUI_VIEWS_H
#define TUI_VIEWS_H

#include <stdbool.h>

struct screen;
struct page;
struct record;
struct need;
struct observation;
struct view;

extern const struct view view_sites, view_new, view_site, view_products,
    view_questions, view_plan, view_run, view_task, view_results,
    view_finding, view_step, view_deviation, view_export, view_help,
    view_pages, view_confirm, view_diagnosis, view_language, view_looks,
    view_palette, view_find, view_review, view_preview, view_signoff,
    view_archive, view_duplicate, view_deviations, view_raw, view_handover,
    view_compare, view_export_files, view_export_firewalls, view_export_shape,
    view_export_key, view_export_newkey, view_export_points, view_share;
/* Argument of view_review: choose what to compare with. */
#define REVIEW_TO_COMPARE "compare"
/* Another: what the command line names (app_options.review). */
#define REVIEW_NAMED "named"
/* Between the two paths of an argument of view_compare: in no path. */
#define COMPARE_AND "\n\n//\n\n"

/* What view_confirm asks, in its state: see screen_ask(). */
struct confirm {
	const char *question, *no, *yes;
	void	(*run)(struct screen *sc);
};

/* How many tests go on that nobody waits for, if any. */
void	 view_build_background(struct screen *sc, struct page *p);
/* Measures again what this need rests on, or for NULL all that is a problem,
 * which shows the run's page; says why not. */
void	 view_retry(struct screen *sc, const char *need);
bool	 view_can_retry(const struct screen *sc, const char *need);
/* Is n in the way, or accepted already? */
bool	 view_can_accept(const struct record *r, const struct need *n);
/* Takes the acceptance of this requirement back; says so, or why not. */
void	 view_withdraw(struct screen *sc, const char *requirement);
/* The files of the folder have changed: the list of sites is read anew. */
void	 view_sites_reload(struct screen *sc);
/* The handover that is looked at, below or on top of the stack, or NULL. */
const char *view_handover_path(const struct screen *sc);

#endif
