/* SPDX-License-Identifier: MIT */
/* Owns the saved terminal state: the one mutable global that a program which
 * may crash in the middle of a screen cannot avoid. */
#include "tui/term/ui_term.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/text.h"

#define KEPT_MAX 4096 /* shown of what others wrote meanwhile */
#define STACK_BYTES 65536

/* Every signal that would end the program by default. While the event loop
 * turns, the polite ones are its own. Where a fault is real, going back makes
 * it happen again, as if nobody had caught it: the core dump or the
 * sanitizer's report then show the true place. */
static const struct {
	int number;
	bool is_fault;
} ends[] = {
    {SIGSEGV, true},
    {SIGBUS, true},
    {SIGILL, true},
    {SIGFPE, true},
    {SIGABRT, false},
    {SIGTRAP, false},
    {SIGSYS, false},
    {SIGXCPU, false},
    {SIGHUP, false},
    {SIGINT, false},
    {SIGQUIT, false},
    {SIGTERM, false},
    {SIGUSR1, false},
    {SIGUSR2, false},
    {SIGALRM, false},
    {SIGVTALRM, false},
    {SIGPROF, false},
    {SIGPOLL, false},
};
#define NENDS (sizeof ends / sizeof *ends)

static const int standard[] = {STDOUT_FILENO, STDERR_FILENO};
#define NSTANDARD (sizeof standard / sizeof *standard)

static struct {
	volatile sig_atomic_t active;
	struct termios found;
	char leave[512];
	size_t nleave;
	int screen;
	int real[NSTANDARD]; /* -1: was left alone */
	int kept;            /* to read what was written to them; -1: none */
	struct sigaction before[NENDS];
	/* A stack that overflows leaves no room for a handler on it. */
	_Alignas(16) char stack[STACK_BYTES];
} terminal = {.screen = -1, .real = {-1, -1}, .kept = -1};

static void
send_all(int fd, const char *bytes, size_t len)
{
	ssize_t n;

	while (len > 0 && (n = write(fd, bytes, len)) > 0) {
		bytes += n;
		len -= (size_t)n;
	}
}

/* In a handler there is no sanitiser, so that only the plainest is shown. */
static void
show_kept_plainly(void)
{
	char text[256];
	size_t total = 0;
	ssize_t n, i;

	while (terminal.kept >= 0 && total < KEPT_MAX &&
	    (n = read(terminal.kept, text, sizeof text)) > 0) {
		for (i = 0; i < n; i++) {
			if ((text[i] < ' ' || text[i] > '~') && text[i] != '\n')
				text[i] = '?';
		}
		send_all(STDERR_FILENO, text, (size_t)n);
		total += (size_t)n;
	}
}

static void
give_standard_back(void)
{
	size_t i;

	for (i = 0; i < NSTANDARD; i++) {
		if (terminal.real[i] >= 0)
			dup2(terminal.real[i], standard[i]);
	}
}

void
ui_term_restore(void)
{
	int saved = errno;

	if (terminal.active) {
		terminal.active = 0;
		send_all(terminal.screen, terminal.leave, terminal.nleave);
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal.found);
		give_standard_back();
		show_kept_plainly();
	}
	errno = saved;
}

static void
on_end(int number, siginfo_t *info, void *context)
{
	size_t i;
	bool again = false;

	(void)context;
	ui_term_restore();
	for (i = 0; i < NENDS; i++) {
		if (ends[i].number != number)
			continue;
		sigaction(number, &terminal.before[i], NULL);
		again = ends[i].is_fault && info->si_code > 0;
	}
	if (!again)
		raise(number);
}

/* What was ignored stays so: nohup means it. */
static void
catch_ends(void)
{
	stack_t stack = {.ss_sp = terminal.stack, .ss_size = STACK_BYTES};
	struct sigaction action;
	size_t i;

	sigaltstack(&stack, NULL);
	memset(&action, 0, sizeof action);
	action.sa_sigaction = on_end;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < NENDS; i++) {
		sigaction(ends[i].number, NULL, &terminal.before[i]);
		if (terminal.before[i].sa_handler != SIG_IGN)
			sigaction(ends[i].number, &action, NULL);
	}
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

/* Through a pipe that nobody waits for: the first of it is kept, and what
 * finds no room is lost, so that nothing grows and nothing blocks. */
static void
divert_standard(void)
{
	int ends_of_pipe[2];
	size_t i;

	if (pipe2(ends_of_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return;
	for (i = 0; i < NSTANDARD; i++) {
		if (!isatty(standard[i]))
			continue;
		terminal.real[i] = fcntl(standard[i], F_DUPFD_CLOEXEC, 3);
		if (terminal.real[i] >= 0)
			dup2(ends_of_pipe[1], standard[i]);
	}
	close(ends_of_pipe[1]);
	terminal.kept = ends_of_pipe[0];
}

int
ui_term_begin(void)
{
	terminal.nleave = 0;
	terminal.screen = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (terminal.screen < 0)
		return -1;
	tcgetattr(STDIN_FILENO, &terminal.found);
	fflush(stdout);
	divert_standard();
	terminal.active = 1;
	catch_ends();
	mem_set_oom_handler(ui_term_restore);
	return terminal.screen;
}

static void
show_kept(void)
{
	char text[KEPT_MAX];
	struct buf safe;
	ssize_t n;

	n = terminal.kept < 0 ? 0 : read(terminal.kept, text, sizeof text);
	if (n > 0) {
		buf_init(&safe, KEPT_MAX * 8);
		text_sanitise_into(&safe, text, (size_t)n, true);
		fputs(buf_str(&safe), stderr);
		if (safe.len > 0 && safe.data[safe.len - 1] != '\n')
			fputc('\n', stderr);
		fflush(stderr);
		buf_free(&safe);
	}
}

static void
forget(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
ui_term_end(void)
{
	size_t i;

	if (!terminal.active)
		return;
	terminal.active = 0;
	mem_set_oom_handler(NULL);
	for (i = 0; i < NENDS; i++)
		sigaction(ends[i].number, &terminal.before[i], NULL);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal.found);
	/* What finds no room in the pipe must not come after it. */
	if (fflush(stdout) != 0)
		__fpurge(stdout);
	clearerr(stdout);
	clearerr(stderr);
	give_standard_back();
	show_kept();
	for (i = 0; i < NSTANDARD; i++)
		forget(&terminal.real[i]);
	forget(&terminal.kept);
	terminal.screen = -1;
}
