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

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "tui/term/ui.h"
#include "tui/term/ui_looks.h"
#include "tui/term/ui_term.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define CODE_PASTE_BEGIN 0x1001 /* above every KEY_ of curses */
#define CODE_PASTE_END 0x1002
#define ESC_MS_LOCAL 50
#define ESC_MS_REMOTE 100
#define SILENCE_US 3000000 /* nobody pastes with such a pause */
/* No window is larger; more is a mistake or an attempt to exhaust us. */
#define ROWS_MAX 300
#define COLS_MAX 600
#define ROWS_DEFAULT 24
#define COLS_DEFAULT 80

struct ui {
	SCREEN *screen;
	int fd;     /* what is drawn on */
	FILE *out;  /* the same, for curses */
	bool utf8;  /* the locale's characters */
	bool signs; /* in UTF-8 too */
	bool colour;
	bool paste; /* the terminal can mark what is pasted */
	bool drawn; /* shown is what stands on the terminal */
	const struct ui_look *looks;
	struct surface shown;
	struct ui_input input;
	int64_t last_us; /* when the last byte came */
	uint32_t queue[UI_INPUT_MAX];
	int nqueue;
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
say(struct ui *ui, const char *bytes)
{
	fputs(bytes, ui->out);
	fflush(ui->out);
}

int
ui_check_terminal(struct error *err)
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

/* A serial line is as slow as one through the internet. */
static bool
is_remote(void)
{
	static const char *const serial[] = {"/dev/ttyS", "/dev/ttyUSB",
	    "/dev/ttyACM", "/dev/ttyAMA", "/dev/ttymxc", "/dev/ttyO",
	    "/dev/rfcomm"};
	char name[64];
	size_t i;

	if (getenv("SSH_CONNECTION") != NULL || getenv("SSH_TTY") != NULL)
		return true;
	if (ttyname_r(STDIN_FILENO, name, sizeof name) != 0)
		return false;
	for (i = 0; i < sizeof serial / sizeof *serial; i++) {
		if (strncmp(name, serial[i], strlen(serial[i])) == 0)
			return true;
	}
	return false;
}

static void
set_escape_delay(void)
{
	if (getenv("ESCDELAY") == NULL)
		set_escdelay(is_remote() ? ESC_MS_REMOTE : ESC_MS_LOCAL);
}

/* A pair has the number of its colour; what has no colour has no pair, since
 * some terminals cannot underline in one. */
static void
set_colours(struct ui *ui)
{
	const char *no_color = getenv("NO_COLOR");
	short i;

	if ((no_color != NULL && *no_color != '\0') || !has_colors() ||
	    start_color() != OK || use_default_colors() != OK)
		return;
	ui->colour = true;
	for (i = COLOR_RED; i < COLOR_WHITE; i++)
		init_pair(i, i, -1);
}

static bool
has_capability(const char *name)
{
	const char *s = tigetstr(name);

	return s != NULL && s != (char *)-1;
}

/* Terminals from before the days of the mouse would print what they do not
 * know. */
static bool
can_mark_paste(void)
{
	return has_capability("BE") || has_capability("kmous");
}

/* "$<5>" asks for a pause, which a crash does not make. */
static void
add_bytes(struct buf *out, const char *s)
{
	const char *wait;

	while ((wait = strstr(s, "$<")) != NULL && strchr(wait, '>') != NULL) {
		buf_add(out, s, (size_t)(wait - s));
		s = strchr(wait, '>') + 1;
	}
	buf_adds(out, s);
}

static void
add_capability(struct buf *out, const char *name)
{
	if (has_capability(name))
		add_bytes(out, tigetstr(name));
}

/* What a crash sends. A terminal without a second screen keeps ours, so that
 * the shell goes on below it. */
static void
set_way_out(const struct ui *ui)
{
	static const char *const leave[] = {"sgr0", "op", "cnorm", "rmkx",
	    "rmcup"};
	struct buf bytes;
	size_t i;

	buf_init(&bytes, 400);
	if (ui->paste)
		buf_adds(&bytes, PASTE_OFF);
	for (i = 0; i < sizeof leave / sizeof *leave; i++)
		add_capability(&bytes, leave[i]);
	if (!has_capability("rmcup")) {
		char *s = tiparm(cursor_address, LINES - 1, 0);

		if (s != NULL)
			add_bytes(&bytes, s);
	}
	buf_adds(&bytes, "\r\n");
	ui_term_leave_by(buf_str(&bytes));
	buf_free(&bytes);
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
	/* What another program left switched on is for the parser. */
	define_key(NULL, KEY_MOUSE);
	set_colours(ui);
	ui->paste = can_mark_paste();
	ui_resized(ui);
	if (ui->paste)
		say(ui, PASTE_ON);
}

/* Between the first byte that newterm() sends and the moment at which the way
 * back is known, no signal may end the program: it would leave the shell on
 * the other screen. It waits; the faults do not. */
static void
hold_signals(sigset_t *before)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGQUIT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGTSTP);
	sigprocmask(SIG_BLOCK, &held, before);
}

/* Before its first endwin() ncurses takes itself for a program that moves the
 * cursor about on its own, and writes each line of a drawing by itself: forty
 * times the calls, and a drawing that others see in pieces. */
static void
draw_in_one_piece(void)
{
	endwin();
	refresh();
}

struct ui *
ui_open(const struct ui_style *style, struct error *err)
{
	sigset_t before;
	struct ui *ui;

	if (ui_check_terminal(err) != 0)
		return NULL;
	hold_signals(&before);
	ui = mem_alloc(sizeof *ui);
	ui->fd = ui_term_begin();
	ui->out = ui->fd >= 0 ? fdopen(ui->fd, "w") : NULL;
	if (ui->out != NULL)
		ui->screen = newterm(NULL, ui->out, stdin);
	if (ui->screen == NULL) {
		ui_term_end();
		sigprocmask(SIG_SETMASK, &before, NULL);
		if (ui->out != NULL)
			fclose(ui->out);
		else if (ui->fd >= 0)
			close(ui->fd);
		mem_free(ui);
		error_set(err, ERR_USAGE,
		    _("The wizard cannot draw on this terminal."));
		return NULL;
	}
	draw_in_one_piece();
	begin(ui);
	ui_set_style(ui, style);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ui;
}

void
ui_set_style(struct ui *ui, const struct ui_style *style)
{
	ui->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	ui->signs = ui->utf8 &&
	    (style->signs == NULL || strcmp(style->signs, "ascii") != 0);
	ui->looks = ui_looks(style->theme, ui->colour);
	ui->drawn = false;
}

void
ui_close(struct ui *ui)
{
	if (ui == NULL)
		return;
	if (ui->paste)
		say(ui, PASTE_OFF);
	endwin();
	delscreen(ui->screen);
	ui_term_end();
	fclose(ui->out);
	surface_free(&ui->shown);
	mem_free(ui);
}

bool
ui_is_utf8(const struct ui *ui)
{
	return ui->signs;
}

bool
ui_can_utf8(const struct ui *ui)
{
	return ui->utf8;
}

bool
ui_has_colours(const struct ui *ui)
{
	return ui->colour;
}

void
ui_size(const struct ui *ui, int *nrows, int *ncols)
{
	(void)ui;
	getmaxyx(stdscr, *nrows, *ncols);
}

static int
size_from(unsigned told, const char *name, int otherwise, int most)
{
	const char *text = getenv(name);
	uint64_t n = told;

	if (told == 0 && !text_to_uint(text, 1, (uint64_t)most, &n))
		return otherwise;
	return n > (uint64_t)most ? most : (int)n;
}

void
ui_resized(struct ui *ui)
{
	struct winsize size = {0};

	if (ioctl(ui->fd, TIOCGWINSZ, &size) != 0)
		size.ws_row = size.ws_col = 0;
	resize_term(size_from(size.ws_row, "LINES", ROWS_DEFAULT, ROWS_MAX),
	    size_from(size.ws_col, "COLUMNS", COLS_DEFAULT, COLS_MAX));
	set_way_out(ui);
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
is_printable(const struct cell *c)
{
	if (c->part[0] < 0x80)
		return true;
	return wcwidth((wchar_t)c->part[0]) == c->width;
}

static attr_t
attributes(const struct ui_look *look)
{
	return (look->attributes & LOOK_BOLD ? A_BOLD : A_NORMAL) |
	    (look->attributes & LOOK_UNDERLINE ? A_UNDERLINE : A_NORMAL) |
	    (look->attributes & LOOK_REVERSE ? A_REVERSE : A_NORMAL);
}

static void
put_cell(struct ui *ui, int row, int col, const struct cell *c)
{
	const struct ui_look *look = &ui->looks[c->role];
	wchar_t text[CELL_PARTS + 1] = {0};
	cchar_t out;
	int i;

	if (c->width == 0)
		return;
	if (!is_printable(c)) {
		text[0] = '?';
	} else {
		for (i = 0; i < CELL_PARTS && c->part[i] != 0; i++)
			text[i] = (wchar_t)c->part[i];
	}
	setcchar(&out, text, attributes(look), (short)look->colour, NULL);
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

/* In a locale of single bytes the letters are not those of UTF-8. */
static int
feed(struct ui *ui, int code)
{
	uint32_t key = from_code(code);
	char bytes[4];
	int i, n, count = 0;

	if (key < 0x80 || key > 0xff || ui->utf8 || MB_CUR_MAX > 1)
		return ui_input_feed(&ui->input, key, ui->queue);
	key = (uint32_t)btowc(code);
	n = text_encode(key, bytes);
	if (key < 0xa0 || n == 0) /* plain ASCII: such a byte means nothing */
		return ui_input_feed(&ui->input, (uint32_t)code, ui->queue);
	for (i = 0; i < n; i++)
		count += ui_input_feed(&ui->input, (unsigned char)bytes[i],
		    ui->queue + count);
	return count;
}

uint32_t
ui_key(struct ui *ui)
{
	uint32_t key;
	int64_t now;
	int code;

	while (ui->nqueue == 0) {
		code = wgetch(stdscr);
		if (code == ERR) {
			ui->nqueue = ui_input_idle(&ui->input, ui->queue);
			if (ui->nqueue == 0)
				return UI_KEY_NONE;
		} else if (code < 0x100 || from_code(code) != UI_KEY_NONE) {
			now = clock_mono_us();
			if (now - ui->last_us > SILENCE_US)
				ui_input_silence(&ui->input);
			ui->last_us = now;
			ui->nqueue = feed(ui, code);
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

/* Continuing is waited for here, so that it is no event of its own. */
void
ui_suspend(struct ui *ui)
{
	static const int numbers[] = {SIGTSTP, SIGCONT};
	struct sigaction plain, before[2];
	int i;

	if (ui->paste)
		say(ui, PASTE_OFF);
	endwin();
	memset(&plain, 0, sizeof plain);
	plain.sa_handler = SIG_DFL;
	sigemptyset(&plain.sa_mask);
	for (i = 0; i < 2; i++)
		sigaction(numbers[i], &plain, &before[i]);
	raise(SIGTSTP);
	for (i = 0; i < 2; i++)
		sigaction(numbers[i], &before[i], NULL);
	ui_resume(ui);
}

/* Who was stopped without being asked finds a screen that others have used,
 * and settings that a shell has changed. The settings come first: in the
 * background that is where one waits. */
void
ui_resume(struct ui *ui)
{
	reset_prog_mode();
	if (!isendwin())
		endwin();
	refresh();
	if (ui->paste)
		say(ui, PASTE_ON);
	ui_resized(ui);
	ui_repaint(ui);
}
