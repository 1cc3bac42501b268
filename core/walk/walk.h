/* SPDX-License-Identifier: MIT */
/* The wizard as a list of pages in order: what is asked, what is done, what
 * comes next. Pure: no screen, no file. The pages follow from the products
 * and answers in the record and are worked out anew whenever these change;
 * where the user stands is kept by name, never by number. */
#ifndef WALK_WALK_H
#define WALK_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "core/pack/pack.h"
#include "core/record/model.h"

enum walk_kind {
	WALK_SITE, WALK_PRODUCTS, WALK_QUESTIONS, WALK_PLAN, WALK_RUN,
	WALK_RESULTS, WALK_STEP, WALK_SIGN, WALK_EXPORT, WALK_KIND_COUNT,
};

enum walk_state { WALK_TO_DO, WALK_BEGUN, WALK_DONE };

struct walk_page {
	enum walk_kind kind;
	const struct pack *pack;	/* questions and steps, else NULL */
	const char *topic;		/* questions */
	const struct step *step;	/* steps */
	char	*place;			/* stable: "ask:z5.wifi" */
};

struct walk;

/* Borrows both for its life. Stands on the first page. Returns owned. */
struct walk *walk_new(const struct pack_set *packs, const struct record *r);
void	 walk_free(struct walk *w);		/* NULL is fine */
/* After products or answers changed. Where the page is gone, stands on the
 * nearest one before it. */
void	 walk_refresh(struct walk *w);
size_t	 walk_count(const struct walk *w);
const struct walk_page *walk_page(const struct walk *w, size_t index);
size_t	 walk_index(const struct walk *w);	/* of the current page */
const struct walk_page *walk_current(const struct walk *w);
enum walk_state walk_state(const struct walk *w, size_t index);
/* Title of a page in the user's language. */
char	*walk_title(const struct walk_page *page, struct arena *a);

/* Why the user cannot go on from the current page, as a sentence in err; 0
 * when nothing is in the way. */
int	 walk_blocked(const struct walk *w, struct error *err) MUST_CHECK;
/* false at the end, at the beginning, or for an unknown place; then the
 * current page stays. walk_next() does not ask walk_blocked(). */
bool	 walk_next(struct walk *w);
bool	 walk_back(struct walk *w);
bool	 walk_go(struct walk *w, const char *place);
bool	 walk_go_index(struct walk *w, size_t index);

/* The questions of a page that are open now, in the pack's order. */
size_t	 walk_questions(const struct walk *w, const struct walk_page *page,
	    struct arena *a, const struct question ***out);
/* Things of a step that are confirmed or written down, and all of them. */
void	 walk_step_progress(const struct walk *w,
	    const struct walk_page *page, size_t *done, size_t *total);
const struct attestation *walk_attestation(const struct record *r,
	    const char *product, const char *step, const char *id);
const struct equipment *walk_equipment(const struct record *r,
	    const char *product, const char *item);
/* The product's page that has this question, or NULL. */
const struct walk_page *walk_page_of_question(const struct walk *w,
	    const char *product, const char *question);
/* The export was written in this session. */
void	 walk_exported(struct walk *w);

#endif
