/* SPDX-License-Identifier: MIT */
/* Owns curses: copies surfaces to the terminal and reads its bytes. */
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>
#include <term.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "tui/ui.h"
#include "tui/ui_term.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define CODE_PASTE_BEGIN 0x1001 /* above every KEY_ of curses */
#define CODE_PASTE_END 0x1002
#define ESC_MS_LOCAL 50
#define ESC_MS_REMOTE 100
#define SIZE_MAX_CELLS 1000 /* rows or columns; more is a mistake */

struct ui {
	SCREEN *screen;
	bool utf8;
	bool colour;
	bool drawn; /* shown is what stands on the terminal */
	struct surface shown;
	struct ui_input input;
	uint32_t queue[UI_INPUT_MAX];
	int nqueue;
};

/* Foreground colour (-1: the terminal's own) and attributes with colour and
 * without. No meaning rests on these alone: words and signs say it too. */
static const struct look {
	short colour;
	attr_t attr, plain;
} looks[ROLE_COUNT] = {
    [ROLE_NORMAL] = {-1, A_NORMAL, A_NORMAL},
    [ROLE_TITLE] = {-1, A_BOLD, A_BOLD},
    [ROLE_QUIET] = {-1, A_NORMAL, A_NORMAL},
    [ROLE_GOOD] = {COLOR_GREEN, A_NORMAL, A_NORMAL},
    [ROLE_WARN] = {COLOR_MAGENTA, A_NORMAL, A_BOLD},
    [ROLE_BAD] = {COLOR_RED, A_BOLD, A_BOLD},
    [ROLE_FOCUS] = {-1, A_REVERSE, A_REVERSE},
    [ROLE_FIELD] = {-1, A_UNDERLINE, A_UNDERLINE},
    [ROLE_KEY] = {-1, A_BOLD, A_BOLD},
};

static const struct {
	int code;
	uint32_t key;
} codes[] = {
    {KEY_UP, UI_KEY_UP},
    {KEY_DOWN, UI_KEY_DOWN},
    {KEY_LEFT, UI_KEY_LEFT},
    {KEY_RIGHT, UI_KEY_RIGHT},
    {KEY_HOME, UI_KEY_HOME},
    {KEY_END, UI_KEY_END},
    {KEY_PPAGE, UI_KEY_PGUP},
    {KEY_NPAGE, UI_KEY_PGDN},
    {KEY_BTAB, UI_KEY_BACKTAB},
    {KEY_BACKSPACE, UI_KEY_BACKSPACE},
    {KEY_DC, UI_KEY_DELETE},
    {KEY_ENTER, UI_KEY_ENTER},
    {CODE_PASTE_BEGIN, UI_KEY_PASTE_BEGIN},
    {CODE_PASTE_END, UI_KEY_PASTE_END},
};

static void
say(const char *bytes)
{
	fputs(bytes, stdout);
	fflush(stdout);
}

/* Can this terminal be drawn on at all? */
static int
check_terminal(struct error *err)
{
	const char *name = getenv("TERM");
	int status = 0;
	bool moves;
	char *cup;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, ERR_USAGE,
		    _("The wizard needs a terminal, and this is none."));
	if (name == NULL || *name == '\0')
		return error_set(err, ERR_USAGE,
		    _("The wizard cannot draw here: TERM does not say what "
		      "terminal this is."));
	if (setupterm(NULL, STDOUT_FILENO, &status) != OK)
		return error_set(err, ERR_USAGE,
		    _("The wizard cannot draw here: the terminal '%s' is not "
		      "known to this computer."),
		    name);
	cup = tigetstr("cup");
	moves = cup != NULL && cup != (char *)-1;
	del_curterm(cur_term);
	if (!moves)
		return error_set(err, ERR_USAGE,
		    _("The wizard cannot draw here: the terminal '%s' cannot "
		      "move its cursor."),
		    name);
	return 0;
}

static void
set_escape_delay(void)
{
	if (getenv("ESCDELAY") == NULL)
		set_escdelay(getenv("SSH_CONNECTION") != NULL ||
			    getenv("SSH_TTY") != NULL ?
			ESC_MS_REMOTE :
			ESC_MS_LOCAL);
}

static void
set_colours(struct ui *ui)
{
	const char *no_color = getenv("NO_COLOR");
	int i;

	if ((no_color != NULL && *no_color != '\0') || !has_colors() ||
	    start_color() != OK || use_default_colors() != OK)
		return;
	ui->colour = true;
	for (i = 0; i < ROLE_COUNT; i++)
		init_pair((short)(i + 1), looks[i].colour, -1);
}

static void
add_capability(struct buf *out, const char *name)
{
	const char *s = tigetstr(name);
	const char *wait;

	if (s == NULL || s == (char *)-1)
		return;
	/* "$<5>" asks for a pause, which a crash does not make. */
	while ((wait = strstr(s, "$<")) != NULL && strchr(wait, '>') != NULL) {
		buf_add(out, s, (size_t)(wait - s));
		s = strchr(wait, '>') + 1;
	}
	buf_adds(out, s);
}

static void
begin(struct ui *ui)
{
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escape_delay();
	define_key("\033[200~", CODE_PASTE_BEGIN);
	define_key("\033[201~", CODE_PASTE_END);
	set_colours(ui);
	say(PASTE_ON);
}

struct ui *
ui_open(struct error *err)
{
	static const char *const leave[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
	struct ui *ui;
	struct buf bytes;
	size_t i;

	if (check_terminal(err) != 0)
		return NULL;
	ui_term_begin();
	ui = mem_alloc(sizeof *ui);
	ui->screen = newterm(NULL, stdout, stdin);
	if (ui->screen == NULL) {
		ui_term_end();
		mem_free(ui);
		error_set(err, ERR_USAGE,
		    _("The wizard cannot draw on this terminal."));
		return NULL;
	}
	buf_init(&bytes, 400);
	buf_adds(&bytes, PASTE_OFF);
	for (i = 0; i < sizeof leave / sizeof *leave; i++)
		add_capability(&bytes, leave[i]);
	buf_adds(&bytes, "\r\n");
	ui_term_leave_by(buf_str(&bytes));
	buf_free(&bytes);
	ui->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	begin(ui);
	return ui;
}

void
ui_close(struct ui *ui)
{
	if (ui == NULL)
		return;
	say(PASTE_OFF);
	endwin();
	delscreen(ui->screen);
	ui_term_end();
	surface_free(&ui->shown);
	mem_free(ui);
}

bool
ui_is_utf8(const struct ui *ui)
{
	return ui->utf8;
}

void
ui_size(const struct ui *ui, int *nrows, int *ncols)
{
	(void)ui;
	getmaxyx(stdscr, *nrows, *ncols);
}

void
ui_resized(struct ui *ui)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
	    size.ws_col > 0 && size.ws_row <= SIZE_MAX_CELLS &&
	    size.ws_col <= SIZE_MAX_CELLS)
		resizeterm(size.ws_row, size.ws_col);
	ui->drawn = false;
}

void
ui_repaint(struct ui *ui)
{
	ui->drawn = false;
	clearok(curscr, TRUE);
}

/* A character of which the terminal's idea of width is not ours would shift
 * the rest of the line. */
static bool
is_printable(const struct ui *ui, const struct cell *c)
{
	if (c->part[0] < 0x80)
		return true;
	return ui->utf8 && wcwidth((wchar_t)c->part[0]) == c->width;
}

static void
put_cell(struct ui *ui, int row, int col, const struct cell *c)
{
	const struct look *look = &looks[c->role];
	wchar_t text[CELL_PARTS + 1] = {0};
	cchar_t out;
	int i;

	if (c->width == 0)
		return;
	if (!is_printable(ui, c)) {
		text[0] = '?';
	} else {
		for (i = 0; i < CELL_PARTS && c->part[i] != 0; i++)
			text[i] = (wchar_t)c->part[i];
	}
	setcchar(&out, text, ui->colour ? look->attr : look->plain,
	    (short)(ui->colour ? c->role + 1 : 0), NULL);
	mvadd_wch(row, col, &out);
	if (text[0] == '?' && c->width == 2)
		mvadd_wch(row, col + 1, &out);
}

static bool
cell_equal(const struct cell *a, const struct cell *b)
{
	int i;

	for (i = 0; i < CELL_PARTS; i++) {
		if (a->part[i] != b->part[i])
			return false;
	}
	return a->width == b->width && a->role == b->role;
}

void
ui_present(struct ui *ui, const struct surface *s)
{
	int row, col;

	if (ui->shown.nrows != s->nrows || ui->shown.ncols != s->ncols) {
		surface_resize(&ui->shown, s->nrows, s->ncols);
		ui->drawn = false;
	}
	if (!ui->drawn)
		erase();
	for (row = 0; row < s->nrows; row++) {
		for (col = 0; col < s->ncols; col++) {
			size_t i = (size_t)row * (size_t)s->ncols + (size_t)col;

			if (ui->drawn &&
			    cell_equal(&s->cell[i], &ui->shown.cell[i]))
				continue;
			put_cell(ui, row, col, &s->cell[i]);
			ui->shown.cell[i] = s->cell[i];
		}
	}
	ui->drawn = true;
	move(s->cursor_row, s->cursor_col);
	refresh();
}

static uint32_t
from_code(int code)
{
	size_t i;

	if (code < 0x100)
		return (uint32_t)code;
	if (code >= KEY_F(1) && code <= KEY_F(10))
		return UI_KEY_F1 + (uint32_t)(code - KEY_F(1));
	for (i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (codes[i].code == code)
			return codes[i].key;
	}
	return UI_KEY_NONE;
}

uint32_t
ui_key(struct ui *ui)
{
	uint32_t key;
	int code;

	while (ui->nqueue == 0) {
		code = wgetch(stdscr);
		if (code == ERR) {
			ui->nqueue = ui_input_idle(&ui->input, ui->queue);
			if (ui->nqueue == 0)
				return UI_KEY_NONE;
		} else if (code < 0x100 || from_code(code) != UI_KEY_NONE) {
			ui->nqueue = ui_input_feed(&ui->input, from_code(code),
			    ui->queue);
		}
	}
	key = ui->queue[0];
	ui->nqueue--;
	memmove(ui->queue, ui->queue + 1, sizeof ui->queue - sizeof *ui->queue);
	return key;
}

bool
ui_is_gone(struct ui *ui)
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	int waiting = 0;

	(void)ui;
	if (poll(&p, 1, 0) <= 0)
		return false;
	if ((p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		return true;
	return ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0;
}

void
ui_suspend(struct ui *ui)
{
	struct sigaction stop, before;

	say(PASTE_OFF);
	endwin();
	memset(&stop, 0, sizeof stop);
	stop.sa_handler = SIG_DFL;
	sigemptyset(&stop.sa_mask);
	sigaction(SIGTSTP, &stop, &before);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
	ui_resume(ui);
}

void
ui_resume(struct ui *ui)
{
	reset_prog_mode();
	refresh();
	say(PASTE_ON);
	ui_resized(ui);
	ui_repaint(ui);
}
