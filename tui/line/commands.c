/* SPDX-License-Identifier: MIT */
/* Owns the commands: those of the talk itself, which a dot before them always
 * reaches, and the letters of the view. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "tui/line/talk.h"

static void
go_back(struct talk *t)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);

	if (t->again)
		f->told = TALK_END;
	else if (f->told > 1 && f->told != TALK_END)
		talk_ask(t, f->told - 2);
	else if (t->sc->nframes > 1)
		screen_back(t->sc);
	else
		tell_text(&to, 0, _("This is the first page; q leaves."));
	t->again = false;
}

static void
tell_again(struct talk *t)
{
	t->again = false;
	talk_list_page(t);
}

static void
list_pages(struct talk *t)
{
	struct teller to = talk_teller(t);

	if (t->sc->walk == NULL)
		tell_text(&to, 0, _("Open a site first."));
	else if (screen_top(t->sc)->view != &view_pages)
		screen_push(t->sc, &view_pages, NULL);
}

static void
go_to_export(struct talk *t)
{
	struct teller to = talk_teller(t);
	size_t i;

	for (i = 0; t->sc->walk != NULL && i < walk_count(t->sc->walk); i++) {
		if (walk_page(t->sc->walk, i)->kind == WALK_EXPORT) {
			screen_go(t->sc, i);
			return;
		}
	}
	tell_text(&to, 0, _("Open a site first."));
}

static void
tell_glossary(struct talk *t)
{
	if (screen_top(t->sc)->view != &view_help)
		screen_push(t->sc, &view_help, NULL);
}

static void
leave(struct talk *t)
{
	screen_quit(t->sc);
}

static const struct {
	char letter;
	const char *help;
	void (*run)(struct talk *t);
} commands[] = {
    {'?', N_("Repeat the question, and tell what can be typed."), talk_help},
    {'b', N_("Back to the question or the page before; nothing is lost."),
	go_back},
    {'n', N_("Go on to the next page."), talk_press_next},
    {'l', N_("List this page; a number then leads to one line."), tell_again},
    {'g', N_("The list of all pages: what is done, and jump to any of them."),
	list_pages},
    {'e', N_("Go to the page that writes the papers."), go_to_export},
    {'h', N_("What the words of this program mean."), tell_glossary},
    {'q', N_("Leave the program. Everything is saved."), leave},
};
#define NCOMMANDS (sizeof commands / sizeof *commands)

static size_t
own_command(uint32_t letter)
{
	size_t i;

	for (i = 0; i < NCOMMANDS && commands[i].letter != (char)letter; i++)
		continue;
	return i;
}

/* Digits are the numbers of lines. */
static bool
is_letter(uint32_t key)
{
	return key > ' ' && key < 0x7f && (key < '0' || key > '9');
}

static bool
is_offered(const struct talk *t, const struct action *a)
{
	return is_letter(a->key) &&
	    (a->shown == NULL || a->shown(t->sc, screen_top(t->sc)));
}

static const struct action *
view_action(const struct talk *t, uint32_t key)
{
	const struct view *v = screen_top(t->sc)->view;
	size_t i;

	for (i = 0; i < v->nactions; i++) {
		if (v->actions[i].key == key && is_offered(t, &v->actions[i]))
			return &v->actions[i];
	}
	return NULL;
}

/* The actions of all views that the talk has no command of its own for. Those
 * that are found by typing are all told by the help here. */
static bool
is_common(const struct talk *t, const struct action *a)
{
	return a->word != NULL && a->key != ':' && is_offered(t, a) &&
	    own_command(a->key) == NCOMMANDS;
}

static bool
has_common(const struct talk *t, uint32_t key)
{
	size_t i;

	for (i = 0; i < screen_action_count; i++) {
		if (screen_actions[i].key == key &&
		    is_common(t, &screen_actions[i]))
			return true;
	}
	return false;
}

/* --- telling ------------------------------------------------------------ */

void
talk_tell_commands(struct talk *t)
{
	struct teller to = talk_teller(t);

	tell_text(&to, 0,
	    _("Type a number or a text, then Enter. Commands: ? help, b back, "
	      "n on, l list this page, g all pages, e papers, q quit. With a "
	      "dot before it (.b) a command works everywhere, also where a "
	      "text is asked for."));
}

static void
tell_command(struct teller *to, uint32_t key, bool dot, const char *help)
{
	tell_textf(to, 2, "%s%c  %s", dot ? "." : "", (int)key, _(help));
}

/* What the words of states mean, where there are any. */
static void
tell_words(struct talk *t)
{
	const struct page *p = &screen_top(t->sc)->page;
	struct teller to = talk_teller(t);
	size_t i;

	for (i = 0; i < p->nitems && p->item[i].word == NULL; i++)
		continue;
	if (i < p->nitems)
		tell_text(&to, 0,
		    _("A need is one thing that the network must grant. A "
		      "check measures it. PASS means proved; NOT PROVEN means "
		      "that it was tried and cannot be decided from here; "
		      "BLOCKED means that something else has to work first; "
		      "NOT RUN means that nobody looked."));
}

static void
tell_letters(struct talk *t)
{
	const struct view *v = screen_top(t->sc)->view;
	struct teller to = talk_teller(t);
	bool text = talk_is_text(t);
	size_t i;

	for (i = 0; i < v->nactions; i++) {
		if (is_offered(t, &v->actions[i]) &&
		    !(own_command(v->actions[i].key) < NCOMMANDS && text))
			tell_command(&to, v->actions[i].key, text,
			    v->actions[i].help);
	}
	for (i = 0; i < NCOMMANDS; i++)
		tell_command(&to, (uint32_t)commands[i].letter,
		    text || view_action(t, (uint32_t)commands[i].letter),
		    commands[i].help);
	for (i = 0; i < screen_action_count; i++) {
		if (is_common(t, &screen_actions[i]))
			tell_command(&to, screen_actions[i].key, text,
			    screen_actions[i].help);
	}
	if (text)
		tell_text(&to, 2,
		    _(".  A dot alone empties the text. Two dots before a "
		      "letter (..b) are the text .b."));
}

void
talk_help(struct talk *t)
{
	struct frame *f = screen_top(t->sc);
	struct teller to = talk_teller(t);
	struct outline o;

	if (f->view->help != NULL)
		tell_text(&to, 0, _(f->view->help));
	tell_words(t);
	tell_text(&to, 0, _("You can type:"));
	tell_letters(t);
	talk_outline(t, &o);
	if (f->told != TALK_END && f->told <= o.nquestions)
		talk_ask(t, f->told - 1);
}

/* --- doing -------------------------------------------------------------- */

/* All that the page says, to see whether an action changed it. */
static char *
page_in_words(const struct talk *t)
{
	const struct page *p = &screen_top(t->sc)->page;
	struct teller to = {NULL, t->ncols};
	struct outline o;
	struct buf text;

	buf_init(&text, (size_t)8 << 20);
	to.out = &text;
	talk_outline(t, &o);
	tell_items(&to, p, &o, 0, p->nitems);
	return buf_take(&text);
}

/* Moved to a row: it is told, with the number that opens it. */
static void
tell_found(struct talk *t, const char *before)
{
	const struct page *p = &screen_top(t->sc)->page;
	const struct item *i = page_focused(p);
	struct teller to = talk_teller(t);
	struct outline o;

	if (i == NULL || i->kind != ITEM_ROW ||
	    (before != NULL && strcmp(before, p->focus) == 0))
		return;
	talk_outline(t, &o);
	tell_row(&to, p, &o, i);
}

static void
act(struct talk *t, uint32_t key)
{
	struct frame *f = screen_top(t->sc);
	char *focus = mem_strdup(f->page.focus), *was = page_in_words(t), *now;

	screen_act(t->sc, key);
	if (!t->sc->quit && f == screen_top(t->sc) && f->told != 0) {
		screen_build(t->sc);
		now = page_in_words(t);
		if (talk_is_live(t) || strcmp(was, now) == 0)
			tell_found(t, focus);
		else {
			talk_tell_message(t);
			tell_again(t);
		}
		mem_free(now);
	}
	mem_free(was);
	mem_free(focus);
}

bool
talk_command(struct talk *t, const char *text)
{
	bool dot = text[0] == '.', typing = talk_is_text(t);
	const char *word = text + dot;
	uint32_t key = (unsigned char)word[0];
	struct teller to = talk_teller(t);
	size_t own;

	if (!is_letter(key) || word[1] != '\0' ||
	    (typing && !dot && key != '?') || key == '.')
		return false;
	own = own_command(key);
	if (view_action(t, key) != NULL && (!dot || own == NCOMMANDS))
		act(t, key);
	else if (own < NCOMMANDS)
		commands[own].run(t);
	else if (has_common(t, key))
		act(t, key);
	else if (typing)
		tell_textf(&to, 0,
		    _("There is no command \"%1$s\". For the text \"%1$s\" "
		      "type \".%1$s\"."),
		    text);
	else
		return false;
	return true;
}

/* A text for a question that was not told yet would be an answer to
 * nothing. */
static bool
is_early(struct talk *t, const char *line)
{
	const char *word = line + (line[0] == '.');
	bool early;

	t->more = false;
	early = talk_is_text(t) && (*word == '\0' || word[1] != '\0');
	t->more = true;
	if (early)
		screen_say(t->sc, ROLE_WARN, "%s",
		    _("The question comes with the rest of this page: press "
		      "Enter first."));
	return early;
}

void
talk_enter(struct talk *t, const char *line)
{
	t->prompted = false;
	if (t->sc->quit)
		return;
	mem_free(t->sc->message);
	t->sc->message = NULL;
	t->sc->interrupted = false;
	screen_build(t->sc);
	if (t->more && *line == '\0') {
		t->more = false;
		talk_settle(t);
		return;
	}
	if (t->more && is_early(t, line)) {
		talk_settle(t);
		return;
	}
	buf_clear(&t->text);
	t->more = false;
	if (t->consent && (strcmp(line, "y") == 0 || strcmp(line, "n") == 0))
		talk_answer(t, line);
	else if (!talk_command(t, line))
		talk_answer(t, line);
	if (!t->sc->quit)
		talk_settle(t);
}
