/* SPDX-License-Identifier: MIT */
/* Owns the saved terminal state: the one mutable global that a program which
 * may crash in the middle of a screen cannot avoid. */
#include "tui/ui_term.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/text.h"

#define KEPT_MAX 4096 /* of other libraries' messages */

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
#define NCRASHES (sizeof crashes / sizeof *crashes)

static struct {
	volatile sig_atomic_t active;
	struct termios found;
	char leave[512];
	size_t nleave;
	int real_stderr; /* -1: standard error was left alone */
	FILE *kept;
	struct sigaction before[NCRASHES];
} terminal = {.real_stderr = -1};

void
ui_term_restore(void)
{
	int saved = errno;

	if (terminal.active) {
		terminal.active = 0;
		if (write(STDOUT_FILENO, terminal.leave, terminal.nleave) < 0)
			errno = saved; /* nobody is there to be told */
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal.found);
		if (terminal.real_stderr >= 0)
			dup2(terminal.real_stderr, STDERR_FILENO);
	}
	errno = saved;
}

/* The handler is gone when it runs, so the signal ends the program as it
 * would have without us. */
static void
on_crash(int number)
{
	ui_term_restore();
	raise(number);
}

static void
catch_crashes(void)
{
	struct sigaction action;
	size_t i;

	memset(&action, 0, sizeof action);
	action.sa_handler = on_crash;
	action.sa_flags = (int)SA_RESETHAND;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < NCRASHES; i++)
		sigaction(crashes[i], &action, &terminal.before[i]);
}

void
ui_term_leave_by(const char *leave)
{
	size_t len = strlen(leave);

	if (len > sizeof terminal.leave)
		len = sizeof terminal.leave;
	memcpy(terminal.leave, leave, len);
	terminal.nleave = len;
}

void
ui_term_begin(void)
{
	terminal.nleave = 0;
	tcgetattr(STDIN_FILENO, &terminal.found);
	if (isatty(STDERR_FILENO) && (terminal.kept = tmpfile()) != NULL) {
		fflush(stderr);
		terminal.real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
		dup2(fileno(terminal.kept), STDERR_FILENO);
	}
	terminal.active = 1;
	catch_crashes();
	mem_set_oom_handler(ui_term_restore);
}

static void
show_kept(void)
{
	char text[KEPT_MAX];
	struct buf safe;
	size_t n;

	rewind(terminal.kept);
	n = fread(text, 1, sizeof text, terminal.kept);
	fclose(terminal.kept);
	terminal.kept = NULL;
	if (n == 0)
		return;
	buf_init(&safe, KEPT_MAX * 4);
	text_sanitise_into(&safe, text, n, true);
	fputs(buf_str(&safe), stderr);
	fflush(stderr);
	buf_free(&safe);
}

void
ui_term_end(void)
{
	size_t i;

	if (!terminal.active)
		return;
	terminal.active = 0;
	mem_set_oom_handler(NULL);
	for (i = 0; i < NCRASHES; i++)
		sigaction(crashes[i], &terminal.before[i], NULL);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal.found);
	if (terminal.real_stderr >= 0) {
		fflush(stderr);
		dup2(terminal.real_stderr, STDERR_FILENO);
		close(terminal.real_stderr);
		terminal.real_stderr = -1;
	}
	if (terminal.kept != NULL)
		show_kept();
}
