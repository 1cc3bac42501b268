/* SPDX-License-Identifier: MIT */
/* A view is a const descriptor: what it is called, which keys it has, how
 * its page is built, what happens on Enter. The same table of actions gives
 * the keys, the key bar and the help. One file a view; all that lies on the
 * screen is in struct screen. Brings action.h and views.h with it. */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <signal.h>

#include "core/record/signer.h"
#include "core/walk/walk.h"
#include "tui/work/app.h"
#include "tui/work/eta.h"
#include "tui/work/settings.h"
#include "tui/screen/action.h"
#include "tui/screen/page.h"
#include "tui/screen/views.h"

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
	/* While a run goes on its rows change by themselves: line mode tells
	 * what changes, and the rows only when asked. */
	bool	 live;
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
	/* One line at the bottom of the page that lies under it. */
	bool	 bar;
};

struct frame {
	const struct view *view;
	struct page page;
	char	*arg;		/* of the view, or NULL */
	void	*state;		/* state_size bytes, zeroed */
	unsigned long judgings;	/* of the record when the page was built */
	size_t	 told;		/* line mode: where the talk stands, 0 = not
				 * told yet */
};

/* A field whose text could not be stored yet: not lost, and explained. */
struct draft {
	char	*id;
	char	*text;
	char	*problem;
};

/* What the run's page shows, and where: kept as long as its site is open. */
#define RUN_TEXT_MAX 100
enum run_outcome { RUN_ALL, RUN_PROBLEMS, RUN_TO_DO };
struct run_look {
	enum run_outcome outcome;
	char	 product[64];		/* "" = all */
	char	 text[RUN_TEXT_MAX];	/* "" = all */
	char	 focus[64];
	char	 focus_key[160];	/* of the check that has the focus */
	int	 top, nrows, ncols;	/* of its page */
	int	 number;		/* of the run in this session */
	int64_t	 told_us;		/* elapsed when eta was made; 0: none */
	struct eta eta;
	bool	 stopped_one, stopped_all;	/* by hand, of this run */
	bool	 stopped_rest;	/* by hand, background tests after it */
};

struct screen {
	struct app app;
	struct settings settings;
	struct event_base *base;
	struct ui *ui;			/* NULL in unit tests */
	struct surface surface;
	struct frame *frame[12];
	size_t	 nframes;
	struct site *site;		/* NULL on the list of sites */
	struct walk *walk;
	struct site *aside;		/* laid aside for another, or NULL */
	struct walk *walk_aside;
	struct draft *draft;
	size_t	 ndrafts;
	bool	 unsaved;		/* a draft is not in the file */
	char	*message;		/* one sentence, or NULL */
	enum role message_role;
	char	*news;			/* what became of the site's file */
	bool	 lost;			/* it could not be written at all */
	bool	 news_seen;		/* on a page that was left since */
	char	*exported;		/* folder of the last export */
	char	*last_path;		/* site last open, for the list */
	char	*find;			/* text last looked for, or NULL */
	struct event *tick;
	struct event *settle;		/* the window's size, soon */
	size_t	 planned;		/* tasks at the start of the run */
	bool	 again;			/* it measures a part of them again */
	struct run_look run_look;
	bool	 unjudged;		/* something came since judged_us */
	int64_t	 judged_us;		/* while a run goes on; monotonic */
	int64_t	 judging_us;		/* how long that took */
	bool	 answering;		/* a key waits for what is drawn */
	struct arena *plan_arena;
	const struct plan *plan;	/* of the run under way or done */
	bool	 dirty;			/* to be drawn now */
	bool	 unshown;		/* drawn, but not on the terminal */
	bool	 pasted;		/* text that the view does not know */
	bool	 moved;			/* another view than before */
	bool	 interrupted;		/* once by Ctrl-C */
	sigset_t unheld;		/* signals, while a key is open */
	bool	 quit;
	int	 status;
};

/* --- for the views ----------------------------------------------------- */

/* NULL when views lie too deep on each other, which nothing leads to. */
struct frame *screen_push(struct screen *sc, const struct view *v,
	    const char *arg);
void	 screen_pop(struct screen *sc);
struct frame *screen_top(const struct screen *sc);
/* The one that f lies on, or f itself at the bottom. */
struct frame *screen_below(const struct screen *sc, const struct frame *f);
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
/* Shows a site that has no walk in place of the one that is open, if one is,
 * which is kept aside; not while a run goes on. Takes over. */
void	 screen_lay_aside(struct screen *sc, struct site *shown);
/* Closes what is shown and goes on with what was laid aside. */
void	 screen_take_back(struct screen *sc);
/* Each in the place of the other. */
void	 screen_swap_aside(struct screen *sc);
/* What changed in the record can change the pages. */
void	 screen_refresh_walk(struct screen *sc);

void	 screen_say(struct screen *sc, enum role role, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
void	 screen_say_error(struct screen *sc, const struct error *err);
/* As app.moved, with the screen as its arg: told until the page is left, and
 * once more on the terminal when the program ends. */
void	 screen_moved(void *arg, const char *path, const char *sentence);
/* As key_open(). Where an agent lets one wait, the screen says so, and Esc or
 * q gives up. The signals that end the program wait for the end of that, too,
 * until the signer is closed by the second (NULL is fine). */
int	 screen_open_key(struct screen *sc, const char *named,
	    struct signer **out, struct error *err) MUST_CHECK;
void	 screen_close_key(struct screen *sc, struct signer *signer);
/* Asks a question of which the safe answer is "no". yes() runs after the
 * question is gone. Texts are translated already. */
void	 screen_ask(struct screen *sc, const char *question, const char *no,
	    const char *yes, void (*run)(struct screen *sc));
bool	 screen_is_running(const struct screen *sc);
/* The site's callbacks and the run itself. -1 with err; where what would be
 * sent from here is not what was agreed to, that is said and the page on which
 * it is listed and agreed to is shown. */
int	 screen_start_run(struct screen *sc, struct error *err) MUST_CHECK;
/* While a run goes on: judges what came since, for pages that are drawn more
 * often. At most twice a second, and so seldom and never in answer to a key
 * that no key waits for it. */
void	 screen_judge(struct screen *sc);
/* Measures these needs again; what was seen before is kept as evidence, and
 * background tests go on. A part of what a whole run sends needs no less the
 * consent to that: a changed answer can ask another host. Tells what is
 * wrong. */
void	 screen_retry(struct screen *sc, const struct strlist *needs);

const struct draft *screen_draft(const struct screen *sc, const char *id);
/* text NULL forgets. Kept in the site file as well. */
void	 screen_set_draft(struct screen *sc, const char *id, const char *text,
	    const char *problem);
/* A field with its draft and, below, what is wrong with it. */
struct item *screen_field(struct screen *sc, struct page *p, const char *id,
	    const char *label, const char *value);
/* Any draft with a problem among this page's fields; moves to it. */
bool	 screen_has_problem(struct screen *sc, struct frame *f);

/* --- for both faces ------------------------------------------------------ */

/* Builds the top page from the model, as before each drawing. */
void	 screen_build(struct screen *sc);
/* What Enter does on what has the focus. */
void	 screen_activate(struct screen *sc);
/* As if this text were typed into the field that has the focus, in place of
 * what stood there, and left. */
void	 screen_enter_text(struct screen *sc, const char *text);
/* An action by its key, of the view or of all views, whatever has the focus;
 * false: there is none now. */
bool	 screen_act(struct screen *sc, uint32_t key);
/* "Enter" on the page's button; true when the page has one. */
bool	 screen_press_next(struct screen *sc);
/* Title of the top view; in its page's arena. */
const char *screen_title(struct screen *sc);

/* --- for the files of the screen itself --------------------------------- */

bool	 screen_is_walk_page(const struct screen *sc, const struct view *v);
void	 screen_save_place(struct screen *sc);
/* Goes where the wizard stood; changes the text. */
void	 screen_load_place(struct screen *sc, char *place);
void	 screen_forget_drafts(struct screen *sc);
/* The page of the top view points into what was judged; where that was judged
 * anew since, it is built again, before anybody looks at it. */
void	 screen_renew(struct screen *sc);
/* Tells the view of what was pasted since the last key, if anything was. */
void	 screen_settle_paste(struct screen *sc);

/* --- for the loop and for unit tests ----------------------------------- */

void	 screen_init(struct screen *sc, bool utf8);
/* Closes the site, which can bring news: sc.news is the caller's from then
 * on. */
void	 screen_fini(struct screen *sc);
/* The first views of a face: the list of sites, above it the site, or a new
 * one to be kept at path, or neither; and at the very first start the
 * language. Takes the site. */
void	 screen_begin(struct screen *sc, struct site *site, const char *path);
/* At once, as by a signal. */
void	 screen_end(struct screen *sc);
/* Ctrl-C: as q; at once when it is pressed again. */
void	 screen_interrupt(struct screen *sc);
void	 screen_key(struct screen *sc, uint32_t key);
void	 screen_draw(struct screen *sc, int nrows, int ncols);

#define SCREEN_MIN_ROWS 10
#define SCREEN_MIN_COLS 40

#endif
