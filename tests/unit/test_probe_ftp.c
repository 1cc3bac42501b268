/* SPDX-License-Identifier: MIT */
/* Promises of the FTP probe (RFC 959): a greeting in the form of a reply
 * passes, even one that refuses; nothing but QUIT goes out. */
#include "tests/unit/harness.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/fake_net.h"
#include "tests/unit/hostile.h"

struct ftp_server {
	const char *greeting;
	const char *answer; /* to QUIT, or NULL */
	bool in_pieces;
	bool cuts_first; /* the first conversation, before a word */
	char heard[64];
};

static void
serve(int fd, void *arg)
{
	struct ftp_server *s = arg;
	size_t i;

	if (s->cuts_first) {
		s->cuts_first = false;
		fake_reset_on_close(fd);
		return;
	}
	for (i = 0; i < strlen(s->greeting); i++) {
		if (write(fd, s->greeting + i, 1) != 1)
			return;
		usleep(s->in_pieces ? 500 : 0);
	}
	fake_read_until(fd, "\n", s->heard, sizeof s->heard);
	if (s->answer != NULL && write(fd, s->answer, strlen(s->answer)) < 0)
		return;
}

static void
meet(struct ftp_server *server, enum rung rung, enum cause cause, int code,
    int quit)
{
	struct fake_tcp *s = fake_tcp_start("127.0.0.1", serve, server);
	struct fake_probe p;

	signal(SIGPIPE, SIG_IGN);
	fake_probe_init(&p, "ftp", PROTO_TCP, NULL, "127.0.0.1",
	    fake_tcp_port(s));
	ck_assert(fake_probe_run(&p, 15000));
	ck_assert_str_eq(word_name(&words_rung, (int)p.obs->rung),
	    word_name(&words_rung, (int)rung));
	ck_assert_str_eq(word_name(&words_cause, (int)p.obs->failure),
	    word_name(&words_cause, (int)cause));
	if (code != 0)
		ck_assert_int_eq(fake_detail_int(&p, "code"), code);
	if (rung == RUNG_APP_REPLY)
		ck_assert_int_eq(fake_detail_int(&p, "quit"), quit);
	fake_probe_free(&p);
	fake_tcp_stop(s);
}

START_TEST(a_greeting_proves_ftp_even_when_it_refuses)
{
	/* The lines of several are from RFC 959 section 4.2. */
	struct ftp_server rows[] = {
	    {"220 (vsFTPd 3.0.3)\r\n", "221 Goodbye.\r\n"},
	    {"220 ready\n", "221 bye\n", .in_pieces = true},
	    {"123-First line\r\nSecond line\r\n  234 A line beginning with "
	     "numbers\r\n123 The last line\r\n",
		"221 Bye\r\n"},
	    {"421 Too many users\r\n", NULL},
	    {"530 Not you\r\n", "500 what\r\n"},
	    {"220 ready\r\n", NULL},
	    {"220\r\n", "221-so\r\n221 long\r\n"},
	};
	static const int code[] = {220, 220, 123, 421, 530, 220, 220},
			 quit[] = {221, 221, 221, 0, 500, 0, 221};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		meet(&rows[i], RUNG_APP_REPLY, CAUSE_NONE, code[i], quit[i]);
		ck_assert_str_eq(rows[i].heard, "QUIT\r\n");
	}
}
END_TEST

START_TEST(one_that_is_cut_off_is_tried_again)
{
	struct ftp_server server = {"220 ready\r\n", "221 bye\r\n",
	    .cuts_first = true};

	meet(&server, RUNG_APP_REPLY, CAUSE_NONE, 220, 221);
}
END_TEST

START_TEST(what_only_looks_like_a_reply_does_not_pass)
{
	struct ftp_server rows[] = {
	    {"2x0 ready\r\n"},
	    {"920 ready\r\n"},
	    {"020 ready\r\n"},
	    {"220x ready\r\n"},
	    {"220 mail.example SMTP server\r\n"},
	    {"SSH-2.0-OpenSSH_9.2\r\n"},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		meet(&rows[i], RUNG_TRANSPORT, CAUSE_WRONG_PROTOCOL, 0, 0);
}
END_TEST

static const struct hostile_setup hostile = {
    .type = "ftp",
    .right = "220-Welcome\r\n220",
    .half = 16,
    .bound_ms = 30000,
    .want_cause =
	{
	    [HOSTILE_NOTHING] = CAUSE_TCP_RESET,
	    [HOSTILE_FULL] = CAUSE_TCP_TIMEOUT,
	    [HOSTILE_SILENT] = CAUSE_TCP_TIMEOUT,
	    [HOSTILE_CLOSES] = CAUSE_TCP_RESET,
	    [HOSTILE_RESETS] = CAUSE_TCP_RESET,
	    [HOSTILE_WEB] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_MAIL] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_DRIPS] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_FLOODS] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_FLOODS_LINES] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_GARBAGE] = CAUSE_WRONG_PROTOCOL,
	    [HOSTILE_HALF_SILENT] = CAUSE_TCP_TIMEOUT,
	    [HOSTILE_HALF_CLOSES] = CAUSE_TCP_RESET,
	    [HOSTILE_HALF_RESETS] = CAUSE_TCP_RESET,
	},
};

START_TEST(nothing_hostile_passes_or_holds_it_up)
{
	hostile_try(&hostile);
}
END_TEST

START_TEST(it_can_be_stopped_at_every_stage)
{
	hostile_cancel(&hostile);
}
END_TEST

HARNESS("probe ftp", a_greeting_proves_ftp_even_when_it_refuses,
    one_that_is_cut_off_is_tried_again,
    what_only_looks_like_a_reply_does_not_pass,
    nothing_hostile_passes_or_holds_it_up, it_can_be_stopped_at_every_stage)
