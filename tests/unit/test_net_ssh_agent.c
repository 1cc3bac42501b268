/* SPDX-License-Identifier: MIT */
/* Promises of the talk with an ssh-agent that answers late, never, or dies:
 * whoever waits is told, and can give up at once. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/net/ssh_agent.h"

#define FEW 3 /* looks until one gives up, or the agent may answer */

struct fixture {
	char folder[64];
	char path[80];
	pid_t agent;
	int answer; /* a byte in here: it may answer */
};

struct seen {
	int looks, firsts;
	int give_up_at; /* 0: never */
	int answer_at;
	int answer;
	int64_t longest_us;
	char text[512];
};

static bool
look(void *arg, const char *text, bool first)
{
	struct seen *s = arg;

	s->looks++;
	s->firsts += first;
	snprintf(s->text, sizeof s->text, "%s", text);
	if (s->looks == s->answer_at)
		ck_assert_int_eq(write(s->answer, "", 1), 1);
	return s->looks != s->give_up_at;
}

/* Takes one question; when it is told to, says that it holds no key, or goes
 * away without a word. */
static void
be_agent(int listening, int told, bool dies)
{
	static const unsigned char none[] = {0, 0, 0, 5, 12, 0, 0, 0, 0};
	int fd = accept(listening, NULL, NULL);
	char byte;

	if (read(fd, &byte, 1) != 1 || read(told, &byte, 1) != 1)
		_exit(1);
	if (!dies && write(fd, none, sizeof none) != sizeof none)
		_exit(1);
	_exit(0);
}

static void
setup(struct fixture *f, bool dies)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), told[2];

	snprintf(f->folder, sizeof f->folder, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->folder));
	snprintf(f->path, sizeof f->path, "%s/agent", f->folder);
	memcpy(at.sun_path, f->path, strlen(f->path) + 1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_int_eq(pipe(told), 0);
	f->agent = fork();
	if (f->agent == 0) {
		close(told[1]);
		be_agent(fd, told[0], dies);
	}
	close(fd);
	close(told[0]);
	f->answer = told[1];
	setenv("SSH_AUTH_SOCK", f->path, 1);
}

static void
teardown(struct fixture *f)
{
	close(f->answer);
	waitpid(f->agent, NULL, 0);
	unlink(f->path);
	rmdir(f->folder);
}

static enum error_code
ask(struct seen *s, struct error *err)
{
	const struct agent_wait wait = {.after_us = 1000,
	    .longest_us = s->longest_us,
	    .text = "at most %d s",
	    .look = look,
	    .arg = s,
	    .fd = -1};

	memset(err, 0, sizeof *err);
	ck_assert_ptr_null(ssh_agent_signer(NULL, &wait, err));
	return err->code;
}

START_TEST(one_that_never_answers_can_be_given_up)
{
	struct seen s = {.give_up_at = FEW};
	struct fixture f;
	struct error err;
	int64_t begun = clock_mono_us();

	setup(&f, false);
	ck_assert_int_eq(ask(&s, &err), ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.what, "not waited for any longer"));
	ck_assert_int_eq(s.looks, FEW);
	ck_assert_int_eq(s.firsts, 1);
	/* A minute in which some looks have gone by. */
	ck_assert(strcmp(s.text, "at most 60 s") == 0 ||
	    strcmp(s.text, "at most 59 s") == 0);
	ck_assert_int_lt(clock_mono_us() - begun, 30000000);
	teardown(&f);
}
END_TEST

START_TEST(one_that_is_too_late_is_told)
{
	struct seen s = {.longest_us = 400000};
	struct fixture f;
	struct error err;

	setup(&f, false);
	ck_assert_int_eq(ask(&s, &err), ERR_SYSTEM);
	ck_assert_ptr_nonnull(strstr(err.what, "did not answer in time"));
	ck_assert_str_eq(s.text, "at most 1 s");
	teardown(&f);
}
END_TEST

START_TEST(one_that_answers_late_is_heard)
{
	struct seen s = {.answer_at = FEW};
	struct fixture f;
	struct error err;

	setup(&f, false);
	s.answer = f.answer;
	ck_assert_int_eq(ask(&s, &err), ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.what, "no Ed25519 key"));
	ck_assert_int_ge(s.looks, FEW);
	teardown(&f);
}
END_TEST

START_TEST(one_that_dies_is_told_at_once)
{
	struct seen s = {.answer_at = FEW};
	struct fixture f;
	struct error err;

	setup(&f, true);
	s.answer = f.answer;
	ck_assert_int_eq(ask(&s, &err), ERR_SYSTEM);
	ck_assert_ptr_nonnull(strstr(err.what, "no answer that makes sense"));
	teardown(&f);
}
END_TEST

HARNESS("net ssh_agent", one_that_never_answers_can_be_given_up,
    one_that_is_too_late_is_told, one_that_answers_late_is_heard,
    one_that_dies_is_told_at_once)
