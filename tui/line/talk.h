/* SPDX-License-Identifier: MIT */
/* The talk: pages are told, questions asked one by one, lines answered. It
 * knows the screen's stack of views and no stream: lines go in, text comes
 * out in `out`, for whoever writes it. */
#ifndef TUI_LINE_TALK_H
#define TUI_LINE_TALK_H

#include "tui/line/tell.h"
#include "tui/line/watch.h"
#include "tui/screen/view.h"

#define TALK_END SIZE_MAX	/* of frame.told: all is asked */

struct talk {
	struct screen *sc;
	struct buf out;			/* to be written now */
	int	 ncols;
	struct buf text;		/* of this page, to be told */
	bool	 more;			/* some of it waits for Enter */
	bool	 consent;		/* yes or no is asked */
	bool	 again;			/* asked by number: then the end */
	bool	 prompted;		/* out ended in a prompt */
	const struct frame *shown;	/* what the last words were about */
	const struct site *site;
	struct watch watch;
};

void	 talk_init(struct talk *t, struct screen *sc, int ncols);
void	 talk_free(struct talk *t);
/* The first words: why (or NULL), the commands, the first page. */
void	 talk_begin(struct talk *t, const char *why);
/* What was typed, without its end. */
void	 talk_enter(struct talk *t, const char *line);
/* Something that is no line of text; a sentence, and the prompt again. */
void	 talk_refuse(struct talk *t, const char *sentence);
/* Something may have happened: a run goes on, a message waits. */
void	 talk_look(struct talk *t);
/* As app.moved, with the talk as its arg: told at once. */
void	 talk_moved(void *arg, const char *path, const char *sentence);
/* A question by keys, as Ctrl-C asks; the page or prompt that follows. */
void	 talk_settle(struct talk *t);
/* What is typed now is text, in which commands begin with a dot. */
bool	 talk_is_text(const struct talk *t);

/* --- for the files of the talk ------------------------------------------ */

/* Whether a run goes on and the page on top tells of it. */
bool	 talk_is_live(const struct talk *t);
struct teller talk_teller(struct talk *t);
void	 talk_outline(const struct talk *t, struct outline *o);
/* What the screen would show as a message, once. */
void	 talk_tell_message(struct talk *t);
/* Tells the top page from its beginning. */
void	 talk_tell_page(struct talk *t);
/* All of it in short, with nothing asked. */
void	 talk_list_page(struct talk *t);
void	 talk_ask(struct talk *t, size_t question);
/* On from the question that begins with this item. */
void	 talk_go_on(struct talk *t, const char *first_id, size_t question);
/* The button, after consent where it needs one. */
void	 talk_press_next(struct talk *t);
bool	 talk_command(struct talk *t, const char *text);
void	 talk_tell_commands(struct talk *t);
void	 talk_help(struct talk *t);
bool	 talk_wants_consent(const struct talk *t);
/* What Enter does at the end of a page without a button, or NULL: back. */
const struct item *talk_default_row(const struct talk *t);
void	 talk_answer(struct talk *t, const char *line);

#endif
