/* SPDX-License-Identifier: MIT */
/* A key that was made is one of OpenSSH, is for nobody else to read, and takes
 * the place of no other file. */
#include "tests/unit/harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/record/newkey.h"
#include "core/record/signer.h"
#include "core/record/sshsig.h"

struct place {
	char dir[64];
};

static void
setup(struct place *p)
{
	snprintf(p->dir, sizeof p->dir, "/tmp/sitewalk-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(p->dir));
	ck_assert_int_eq(chdir(p->dir), 0);
	umask(022);
}

static void
teardown(struct place *p)
{
	ck_assert_int_eq(chdir("/"), 0);
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", "--", p->dir, (char *)NULL);
		_exit(1);
	}
	wait(NULL);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static char *
contents(const char *path)
{
	struct error err = {0};
	struct buf data;

	buf_init(&data, 65536);
	ck_assert_msg(file_read(path, 65536, &data, &err) == 0, "%s: %s", path,
	    err.what);
	return buf_take(&data);
}

/* The exit status of ssh-keygen, with what it says in the file "said". */
static int
ssh_keygen(const char *option, const char *file)
{
	int status, fd;
	pid_t pid = fork();

	if (pid == 0) {
		fd = open("said", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, STDOUT_FILENO);
		execlp("ssh-keygen", "ssh-keygen", option, "-f", file,
		    (char *)NULL);
		_exit(127);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(ssh_keygen_reads_it)
{
	struct sshkey key;
	struct error err = {0};
	struct place p;
	char *said, *public;

	setup(&p);
	ck_assert_msg(newkey_make("k", "papers", &key, &err) == 0, "%s",
	    err.what);
	ck_assert_uint_eq(mode_of("k"), 0600);
	ck_assert_uint_eq(mode_of("k.pub"), 0644);
	/* The public half that it finds in the private one. */
	ck_assert_int_eq(ssh_keygen("-y", "k"), 0);
	said = contents("said");
	public = contents("k.pub");
	ck_assert_str_eq(said, public);
	ck_assert_ptr_nonnull(strstr(public, " papers\n"));
	free(said);
	/* Its fingerprint is the one that was told. */
	ck_assert_int_eq(ssh_keygen("-l", "k"), 0);
	said = contents("said");
	ck_assert_ptr_nonnull(strstr(said, key.fingerprint));
	ck_assert_ptr_nonnull(strstr(said, "(ED25519)"));
	free(said);
	free(public);
	teardown(&p);
}
END_TEST

START_TEST(it_signs)
{
	struct sshkey key, half, who;
	struct error err = {0};
	struct signer *s;
	struct place p;
	struct buf sig;

	setup(&p);
	ck_assert_int_eq(newkey_make("k", "c", &key, &err), 0);
	s = signer_open("k", &half, &err);
	ck_assert_msg(s != NULL, "%s", err.what);
	ck_assert(sshkey_equal(&half, &key));
	buf_init(&sig, SSHSIG_MAX);
	ck_assert_int_eq(signer_sign(s, "n", "abc", 3, &sig, &err), 0);
	ck_assert_int_eq(sshsig_verify(buf_str(&sig), sig.len, "n", "abc", 3,
			     &who, &err),
	    0);
	ck_assert(sshkey_equal(&who, &key));
	buf_free(&sig);
	signer_close(s);
	teardown(&p);
}
END_TEST

START_TEST(no_two_are_the_same)
{
	struct sshkey one, two;
	struct error err = {0};
	struct place p;

	setup(&p);
	ck_assert_int_eq(newkey_make("a", "c", &one, &err), 0);
	ck_assert_int_eq(newkey_make("b", "c", &two, &err), 0);
	ck_assert(!sshkey_equal(&one, &two));
	teardown(&p);
}
END_TEST

/* A key that is lost is lost for good. */
START_TEST(nothing_is_replaced)
{
	static const char *const taken[] = {"k", "k.pub"};
	struct error err = {0};
	struct sshkey key;
	struct place p;
	char *text;
	size_t i;

	setup(&p);
	for (i = 0; i < sizeof taken / sizeof *taken; i++) {
		ck_assert_int_eq(file_write_atomic(taken[i], "mine", 4, &err),
		    0);
		ck_assert_int_eq(newkey_make("k", "c", &key, &err), -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
		text = contents(taken[i]);
		ck_assert_str_eq(text, "mine");
		free(text);
		ck_assert_int_ne(access(taken[1 - i], F_OK), 0);
		ck_assert_int_eq(unlink(taken[i]), 0);
	}
	/* Nor is a link followed, though it leads nowhere. */
	ck_assert_int_eq(symlink("elsewhere", "k"), 0);
	ck_assert_int_eq(newkey_make("k", "c", &key, &err), -1);
	ck_assert_int_ne(access("elsewhere", F_OK), 0);
	ck_assert_int_ne(access("k.pub", F_OK), 0);
	teardown(&p);
}
END_TEST

START_TEST(without_a_folder_it_says_so)
{
	struct error err = {0};
	struct sshkey key;
	struct place p;

	setup(&p);
	ck_assert_int_eq(newkey_make("none/k", "c", &key, &err), -1);
	ck_assert_int_eq(err.code, ERR_SYSTEM);
	ck_assert_ptr_nonnull(strstr(err.what, "cannot be written"));
	teardown(&p);
}
END_TEST

HARNESS("record newkey", ssh_keygen_reads_it, it_signs, no_two_are_the_same,
    nothing_is_replaced, without_a_folder_it_says_so)
