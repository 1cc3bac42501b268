/* SPDX-License-Identifier: MIT */
/* Who signs the papers: chosen once, told in words, never made unasked; and
 * the preview, which is what the file becomes. */
#include "tests/unit/harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/key_case.h"
#include "tests/unit/papers_case.h"

#define OWN_KEY "sitewalk/signing-key"

static void
setup(struct papers_case *f)
{
	papers_setup(f);
	unsetenv("SITEWALK_KEY");
	unsetenv("SSH_AUTH_SOCK");
	papers_open_site(f, "z5");
	papers_pretend_run(f, true);
	papers_go_to_export(f);
}

static void
go_to(struct papers_case *f, const char *id)
{
	papers_focus(f, id);
	papers_press(f, UI_KEY_ENTER);
}

/* A whole key file, or one with this cipher. */
static void
put_key(const char *path, const char *cipher)
{
	struct buf key;

	buf_init(&key, 65536);
	test_key_file(7, cipher, &key);
	papers_put(path, buf_str(&key));
	buf_free(&key);
}

static void
choose_file(struct papers_case *f, const char *path)
{
	go_to(f, "@key");
	ck_assert_ptr_eq(screen_top(&f->sc)->view, &view_export_key);
	papers_fill(f, "export.key", path);
	papers_draw(f);
}

/* As whoever receives the papers does it; the key need not be known. */
static int
ssh_keygen_verify(const char *json, const char *sig)
{
	int status, fd;
	pid_t pid = fork();

	if (pid == 0) {
		fd = open(json, O_RDONLY);
		dup2(fd, STDIN_FILENO);
		execlp("ssh-keygen", "ssh-keygen", "-Y", "check-novalidate",
		    "-n", "sitewalk-handover", "-s", sig, (char *)NULL);
		_exit(127);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(a_key_in_a_file_signs)
{
	struct signer *signer = test_signer(7);
	struct papers_case f;
	char *text, want[128];

	setup(&f);
	put_key("my key", "none");
	choose_file(&f, "my key");
	ck_assert(papers_tells(&f, "This key can sign."));
	ck_assert(papers_tells(&f, signer_fingerprint(signer)));
	papers_press(&f, UI_KEY_ESC);
	snprintf(want, sizeof want, "by the key %s/my key", f.dir);
	ck_assert(papers_tells(&f, want));
	go_to(&f, PAGE_NEXT_ID);
	snprintf(want, sizeof want, "Signed by the key %s: handover.json",
	    signer_fingerprint(signer));
	ck_assert(papers_tells(&f, want));
	ck_assert(papers_tells(&f, "handover.json.sig"));
	ck_assert(papers_tells(&f, "ssh-keygen -Y check-novalidate"));
	ck_assert_int_eq(ssh_keygen_verify("t-handover/handover.json",
			     "t-handover/handover.json.sig"),
	    0);
	ck_assert_int_ne(ssh_keygen_verify("t-handover/handover.txt",
			     "t-handover/handover.json.sig"),
	    0);
	text = papers_contents("t-handover/handover.txt");
	ck_assert_ptr_nonnull(strstr(text, signer_fingerprint(signer)));
	ck_assert_ptr_null(strstr(text, "U N S I G N E D"));
	free(text);
	/* Of files that are not written none is said to be signed. */
	go_to(&f, "@files");
	go_to(&f, "handover.json");
	go_to(&f, "firewall/rules.json");
	papers_press(&f, UI_KEY_ESC);
	go_to(&f, PAGE_NEXT_ID);
	snprintf(want, sizeof want, "Signed by the key %s: SHA256SUMS",
	    signer_fingerprint(signer));
	ck_assert(papers_tells(&f, want));
	ck_assert(!papers_tells(&f, "handover.json.sig"));
	ck_assert(!papers_is_there("t-handover/handover.json.sig"));
	/* The path is kept, and nothing of the key. */
	text = papers_contents("sitewalk/settings");
	snprintf(want, sizeof want, "key=%s/my key\n", f.dir);
	ck_assert_ptr_nonnull(strstr(text, want));
	ck_assert_ptr_null(strstr(text, "OPENSSH"));
	free(text);
	signer_close(signer);
	papers_teardown(&f);
}
END_TEST

START_TEST(a_key_that_cannot_sign_is_told_with_what_to_do)
{
	struct papers_case f;

	setup(&f);
	put_key("locked", "aes256-ctr");
	papers_put("notes.txt", "no key");
	choose_file(&f, "locked");
	ck_assert(papers_tells(&f, "This key has a passphrase"));
	ck_assert(papers_tells(&f, "ssh-add"));
	ck_assert(papers_tells(&f, "Until then nothing can be written"));
	papers_fill(&f, "export.key", "notes.txt");
	ck_assert(papers_tells(&f, "no private key of OpenSSH"));
	papers_fill(&f, "export.key", "nowhere");
	ck_assert(papers_tells(&f, "The key cannot be read"));
	go_to(&f, "key.agent");
	ck_assert(papers_tells(&f, "There is no ssh-agent"));
	ck_assert(papers_tells(&f, "ssh-agent)"));
	/* Nothing unsigned leaves in the place of what was to be signed. */
	papers_press(&f, UI_KEY_ESC);
	ck_assert(papers_tells(&f, "Signature: by the ssh-agent"));
	go_to(&f, PAGE_NEXT_ID);
	ck_assert(papers_tells(&f, "There is no ssh-agent"));
	ck_assert(!papers_is_there("t-handover"));
	ck_assert_str_eq(screen_top(&f.sc)->page.focus, "@key");
	/* Unless one says so. */
	papers_press(&f, UI_KEY_ENTER);
	go_to(&f, "key.none");
	papers_press(&f, UI_KEY_ESC);
	go_to(&f, PAGE_NEXT_ID);
	ck_assert(papers_is_there("t-handover/handover.json"));
	ck_assert(!papers_is_there("t-handover/handover.json.sig"));
	papers_teardown(&f);
}
END_TEST

START_TEST(a_key_is_made_only_after_asking)
{
	struct papers_case f;
	struct sshkey half;
	struct signer *s;
	struct error err;
	struct stat st;
	char path[128];

	setup(&f);
	go_to(&f, "@key");
	go_to(&f, "@make");
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_export_newkey);
	snprintf(path, sizeof path, "%s/" OWN_KEY, f.dir);
	ck_assert(papers_tells(&f, path));
	ck_assert(papers_tells(&f, "mode 0600"));
	ck_assert(papers_tells(&f, OWN_KEY ".pub"));
	ck_assert(papers_tells(&f, "no passphrase"));
	papers_press(&f, UI_KEY_ESC);
	ck_assert(!papers_is_there(OWN_KEY));
	ck_assert_str_eq(f.sc.settings.key, "");
	go_to(&f, "@make");
	go_to(&f, PAGE_NEXT_ID);
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_export_key);
	ck_assert_int_eq(stat(OWN_KEY, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_str_eq(f.sc.settings.key, path);
	s = signer_open(OWN_KEY, &half, &err);
	ck_assert_msg(s != NULL, "%s", err.what);
	ck_assert(papers_tells(&f, signer_fingerprint(s)));
	ck_assert(papers_tells(&f, "The key was made: SHA256:"));
	ck_assert(papers_item(&f, "key.own")->on);
	signer_close(s);
	papers_press(&f, UI_KEY_ESC);
	go_to(&f, PAGE_NEXT_ID);
	ck_assert_int_eq(ssh_keygen_verify("t-handover/handover.json",
			     "t-handover/handover.json.sig"),
	    0);
	papers_teardown(&f);
}
END_TEST

/* --- the preview ---------------------------------------------------------- */

/* The text of the preview, line by line, is all of this file. */
static void
same_as_file(struct papers_case *f, const char *path, const char *first)
{
	const struct page *p = &screen_top(&f->sc)->page;
	char *text = papers_contents(path), *rest = text, *line;
	size_t k = 0;

	while (strncmp(p->item[k].text, first, strlen(first)) != 0)
		ck_assert_uint_lt(++k, p->nitems);
	while ((line = strsep(&rest, "\n")) != NULL && rest != NULL) {
		ck_assert_uint_lt(k, p->nitems);
		ck_assert_str_eq(p->item[k++].text, line);
	}
	ck_assert_uint_eq(k, p->nitems);
	free(text);
}

START_TEST(a_preview_is_of_the_edition_and_issues_none)
{
	struct papers_case f;
	char *text;

	setup(&f);
	f.ncols = 81; /* lines as long as those of the files */
	put_key("k", "none");
	choose_file(&f, "k");
	papers_press(&f, UI_KEY_ESC);
	papers_press(&f, 's');
	ck_assert(papers_tells(&f, "it becomes version 1"));
	ck_assert(papers_tells(&f, "no number: this is a draft"));
	papers_press(&f, 'c');
	papers_press(&f, UI_KEY_ESC);
	go_to(&f, PAGE_NEXT_ID);
	text = papers_contents("t-handover/handover.json");
	ck_assert_ptr_nonnull(strstr(text, "\"version\": 1"));
	free(text);
	/* What was written is what is shown, number, key and time too. */
	papers_press(&f, 's');
	ck_assert(!papers_tells(&f, "It has no number yet"));
	same_as_file(&f, "t-handover/handover.txt", "HANDOVER SHEET");
	papers_press(&f, 'c');
	same_as_file(&f, "t-handover/firewall/request.txt", "FIREWALL CHANGE");
	papers_press(&f, UI_KEY_ESC);
	/* Another language is another content, and another language. */
	go_to(&f, "@shape");
	go_to(&f, "language.de");
	papers_press(&f, UI_KEY_ESC);
	ck_assert(papers_tells(&f, "A4, Deutsch"));
	papers_press(&f, 's');
	ck_assert(papers_tells(&f,
	    "it becomes version 2, which takes the "
	    "place of HO-"));
	papers_press(&f, UI_KEY_ESC);
	papers_press(&f, 's');
	ck_assert(papers_tells(&f, "it becomes version 2"));
	papers_teardown(&f);
}
END_TEST

START_TEST(a_preview_without_its_key_says_so)
{
	struct papers_case f;

	setup(&f);
	choose_file(&f, "nowhere");
	papers_press(&f, UI_KEY_ESC);
	papers_press(&f, 's');
	ck_assert(papers_tells(&f, "It is shown unsigned"));
	ck_assert(papers_tells(&f, "The key cannot be read"));
	papers_teardown(&f);
}
END_TEST

START_TEST(the_paper_is_chosen_for_all_sites)
{
	struct papers_case f;
	char *text;

	setup(&f);
	go_to(&f, "@shape");
	go_to(&f, "paper.letter");
	ck_assert(papers_item(&f, "paper.letter")->on);
	ck_assert(!papers_item(&f, "paper.a4")->on);
	papers_press(&f, UI_KEY_ESC);
	ck_assert(papers_tells(&f, "Paper and language: Letter, English"));
	ck_assert_str_eq(f.sc.settings.paper, "letter");
	go_to(&f, PAGE_NEXT_ID);
	text = papers_contents("t-handover/handover.html");
	ck_assert_ptr_nonnull(strstr(text, "@page{size:letter;"));
	free(text);
	papers_teardown(&f);
}
END_TEST

START_TEST(points_of_the_request_are_told_and_block_nothing)
{
	struct papers_case f;

	setup(&f);
	papers_focus(&f, "all");
	papers_press(&f, ' ');
	ck_assert(papers_tells(&f, "ports are asked for at once"));
	go_to(&f, "@points");
	ck_assert_ptr_eq(screen_top(&f.sc)->view, &view_export_points);
	ck_assert(papers_tells(&f, "ports are asked for at once"));
	ck_assert(papers_tells(&f, "Rows: "));
	papers_press(&f, UI_KEY_ESC);
	go_to(&f, PAGE_NEXT_ID);
	ck_assert(papers_is_there("t-handover/firewall/rules.json"));
	papers_teardown(&f);
}
END_TEST

HARNESS("view sign", a_key_in_a_file_signs,
    a_key_that_cannot_sign_is_told_with_what_to_do,
    a_key_is_made_only_after_asking,
    a_preview_is_of_the_edition_and_issues_none,
    a_preview_without_its_key_says_so, the_paper_is_chosen_for_all_sites,
    points_of_the_request_are_told_and_block_nothing)
