/* SPDX-License-Identifier: MIT */
/* A view is a const descriptor: what it is called, which keys it has, how
 * its page is built, what happens on Enter. The same table of actions gives
 * the keys, the key bar and the help. One file a view. */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include "core/walk/walk.h"
#include "tui/app.h"
#include "tui/page.h"

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

struct view {
	const char *name;	/* stable */
	const char *title;	/* N_(); NULL: that of the walk's page */
	const char *help;	/* N_(): what this page is for */
	size_t	 state_size;
	/* N_(): the button does more than go on, so that only pressing it
	 * counts; what to say to who goes on by key. NULL: it does not. */
	const char *consent;
	const struct action *actions;
	size_t	 nactions;
	/* Any of these may be NULL. */
	void	(*open)(struct screen *sc, struct frame *f);
	void	(*close)(struct screen *sc, struct frame *f);
	/* In f->page.arena; in place of the title. */
	const char *(*subtitle)(struct screen *sc, struct frame *f);
	void	(*build)(struct screen *sc, struct frame *f);
	void	(*activate)(struct screen *sc, struct frame *f,
		    const struct item *i);
	/* leaving: the focus goes elsewhere, the text is complete. */
	void	(*typed)(struct screen *sc, struct frame *f,
		    const struct item *i, const char *text, bool leaving);
	/* The button, and the way on by key. NULL: the next page of the walk;
	 * or nothing, outside the walk. */
	void	(*next)(struct screen *sc, struct frame *f);
};

struct frame {
	const struct view *view;
	struct page page;
	char	*arg;		/* of the view, or NULL */
	void	*state;		/* state_size bytes, zeroed */
};

/* A field whose text could not be stored yet: not lost, and explained. */
struct draft {
	char	*id;
	char	*text;
	char	*problem;
};

struct screen {
	struct app app;
	struct event_base *base;
	struct ui *ui;			/* NULL in unit tests */
	struct surface surface;
	struct frame *frame[12];
	size_t	 nframes;
	struct site *site;		/* NULL on the list of sites */
	struct walk *walk;
	struct draft *draft;
	size_t	 ndrafts;
	char	*message;		/* one sentence, or NULL */
	enum role message_role;
	char	*exported;		/* folder of the last export */
	char	*last_path;		/* site last open, for the list */
	struct event *tick;
	size_t	 planned;		/* tasks at the start of the run */
	struct arena *plan_arena;
	const struct plan *plan;	/* of the run under way or done */
	bool	 dirty;			/* to be drawn now */
	bool	 moved;			/* another view than before */
	bool	 interrupted;		/* once by Ctrl-C */
	bool	 quit;
	int	 status;
};

/* --- for the views ----------------------------------------------------- */

/* NULL when views lie too deep on each other, which nothing leads to. */
struct frame *screen_push(struct screen *sc, const struct view *v,
	    const char *arg);
void	 screen_pop(struct screen *sc);
struct frame *screen_top(const struct screen *sc);
/* Shows the walk's current page and remembers the place in the file. */
void	 screen_show_page(struct screen *sc);
void	 screen_next(struct screen *sc);	/* walk on, if it may */
/* "Next: Results", for the button; in a. */
const char *screen_next_label(const struct screen *sc, struct arena *a);
void	 screen_go(struct screen *sc, size_t index);
void	 screen_back(struct screen *sc);
void	 screen_quit(struct screen *sc);	/* asks while a run goes on */
/* Takes over; opens the walk where it was left. */
void	 screen_enter_site(struct screen *sc, struct site *s);
void	 screen_leave_site(struct screen *sc);
/* What changed in the record can change the pages. */
void	 screen_refresh_walk(struct screen *sc);

void	 screen_say(struct screen *sc, enum role role, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
void	 screen_say_error(struct screen *sc, const struct error *err);
/* Asks a question of which the safe answer is "no". yes() runs after the
 * question is gone. Texts are translated already. */
void	 screen_ask(struct screen *sc, const char *question, const char *no,
	    const char *yes, void (*run)(struct screen *sc));
bool	 screen_is_running(const struct screen *sc);
/* The site's callbacks and the run itself. -1 with err. */
int	 screen_start_run(struct screen *sc, struct error *err) MUST_CHECK;

const struct draft *screen_draft(const struct screen *sc, const char *id);
/* text NULL forgets. Kept in the site file as well. */
void	 screen_set_draft(struct screen *sc, const char *id, const char *text,
	    const char *problem);
/* A field with its draft and, below, what is wrong with it. */
struct item *screen_field(struct screen *sc, struct page *p, const char *id,
	    const char *label, const char *value);
/* Any draft with a problem among this page's fields; moves to it. */
bool	 screen_has_problem(struct screen *sc, struct frame *f);

/* --- for the files of the screen itself --------------------------------- */

bool	 screen_is_walk_page(const struct screen *sc, const struct view *v);
void	 screen_save_place(struct screen *sc);
/* Goes where the wizard stood; changes the text. */
void	 screen_load_place(struct screen *sc, char *place);
void	 screen_forget_drafts(struct screen *sc);

/* --- for the loop and for unit tests ----------------------------------- */

void	 screen_init(struct screen *sc, bool utf8);
void	 screen_fini(struct screen *sc);
void	 screen_key(struct screen *sc, uint32_t key);
void	 screen_draw(struct screen *sc, int nrows, int ncols);

#define SCREEN_MIN_ROWS 10
#define SCREEN_MIN_COLS 40

/* How many tests go on that nobody waits for, if any. */
void	 view_build_background(struct screen *sc, struct page *p);
/* All that one probe saw, as texts of a page. */
void	 view_build_observation(struct page *p, const struct observation *o);

extern const struct view view_sites, view_new, view_site, view_products,
    view_questions, view_plan, view_run, view_task, view_results,
    view_finding, view_step, view_deviation, view_export, view_help,
    view_pages, view_confirm;
extern const struct action screen_actions[];
extern const size_t screen_action_count;

struct confirm {
	const char *question, *no, *yes;
	void	(*run)(struct screen *sc);
};

#endif
