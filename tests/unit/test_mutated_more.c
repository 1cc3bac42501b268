/* SPDX-License-Identifier: MIT */
/* Altered files in the hands of those who do more than read them: what is
 * measured again, shared, held against signatures and lists, or compared as
 * packs. Nothing crashes or hangs, and no altered byte is vouched for.
 *
 * SITEWALK_MUTANTS is how many there are for each (1000), SITEWALK_SEED the
 * number that they come from. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/export/sums.h"
#include "core/record/json.h"
#include "core/record/mask.h"
#include "core/record/seal.h"
#include "core/record/wire.h"
#include "tests/unit/export_site.h"
#include "tests/unit/key_case.h"
#include "tests/unit/mutants.h"
#include "tui/work/retest.h"
#include "tui/work/side.h"

#define FILE_MAX ((size_t)4 << 20)
#define MUTANTS 1000
#define PATH_SIZE 256

struct desk {
	struct app app;
	struct buf handover, rules, sig, allowed, mutant;
	struct sshkey key;
	char dir[PATH_SIZE], path[2 * PATH_SIZE];
	double began;
};

static void
sign_all(struct desk *x, struct record *r)
{
	struct signer *s = test_signer(1);
	struct error err = {0};
	struct seal_report report;
	struct arena *a = arena_new();

	ck_assert_int_eq(seal_write(r, s, &x->handover, &err), 0);
	ck_assert_int_eq(signer_sign(s, SEAL_NAMESPACE, buf_str(&x->handover),
			     x->handover.len, &x->sig, &err),
	    0);
	seal_check(a, x->handover.data, x->handover.len, buf_str(&x->sig),
	    x->sig.len, NULL, 0, &report);
	ck_assert_int_eq(report.verdict, SEAL_SIGNED);
	ck_assert(report.file_signed);
	x->key = report.key;
	arena_free(a);
	signer_close(s);
}

static void
setup(struct desk *x)
{
	static const struct app_options none;
	struct record *r = export_site();
	struct error err = {0};
	char *rules;

	memset(x, 0, sizeof *x);
	buf_init(&x->handover, FILE_MAX);
	buf_init(&x->rules, FILE_MAX);
	buf_init(&x->sig, FILE_MAX);
	buf_init(&x->allowed, FILE_MAX);
	buf_init(&x->mutant, FILE_MAX);
	ck_assert_int_eq(app_init(&x->app, &none, &err), 0);
	export_need(r, "zencontrol.good", "good.example.com", OUTCOME_PASS);
	export_need(r, "z5.dns", "bad.example.com", OUTCOME_FAIL);
	r->site.customer = arena_strdup(r->arena, "Example & S\xc3\xb6hne");
	rules = export_bytes(r, EXPORT_REQUEST, "json", SCOPE_ALL);
	buf_adds(&x->rules, rules);
	free(rules);
	sign_all(x, r);
	record_free(r);
	/* As a person writes it. */
	buf_addf(&x->allowed,
	    "# ours\na@example.com,b@example.com namespaces=\"%s,%s\" "
	    "ssh-ed25519 ",
	    SEAL_NAMESPACE, SEAL_MANIFEST_NAMESPACE);
	base64_write(x->key.blob, x->key.len, 0, &x->allowed);
	buf_adds(&x->allowed, " ours\n");
	snprintf(x->dir, sizeof x->dir, "/tmp/sitewalk-mutated-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(x->dir));
}

static void
teardown(struct desk *x)
{
	unlink(x->path);
	ck_assert_int_eq(rmdir(x->dir), 0);
	buf_free(&x->handover);
	buf_free(&x->rules);
	buf_free(&x->sig);
	buf_free(&x->allowed);
	buf_free(&x->mutant);
	app_fini(&x->app);
}

static bool
is_same(const struct buf *x, const struct buf *y)
{
	return x->len == y->len && memcmp(x->data, y->data, x->len) == 0;
}

/* The mutant as a file, for those who want one. */
static const char *
put_file(struct desk *x, const char *name)
{
	struct error err = {0};

	snprintf(x->path, sizeof x->path, "%s/%s", x->dir, name);
	ck_assert_int_eq(file_write_atomic(x->path, buf_str(&x->mutant),
			     x->mutant.len, &err),
	    0);
	return x->path;
}

static void
each_mutant(const struct buf *(*of)(struct desk *x, uint64_t i),
    void (*use)(struct desk *x, const struct buf *whole, uint64_t i))
{
	uint64_t seed = mutant_number("SITEWALK_SEED", MUTANT_SEED);
	uint64_t i, count = mutant_number("SITEWALK_MUTANTS", MUTANTS);
	struct mutant_random r = {seed * 2654435761u + 77};
	struct desk x;
	double took;

	setup(&x);
	printf("seed %llu\n", (unsigned long long)seed);
	fflush(stdout);
	for (i = 0; i < count; i++) {
		const struct buf *whole = of(&x, i);

		mutant_make(&r, i, buf_str(whole), whole->len, &x.mutant);
		x.began = mutant_seconds();
		use(&x, whole, i);
		took = mutant_seconds() - x.began;
		ck_assert_msg(took < MUTANT_SLOW_S, "mutant %llu takes %.1f s",
		    (unsigned long long)i, took);
	}
	teardown(&x);
}

static const struct buf *
handover_of(struct desk *x, uint64_t i)
{
	(void)i;
	return &x->handover;
}

static const struct buf *
either_of(struct desk *x, uint64_t i)
{
	return i / MUTANT_KINDS % 2 == 0 ? &x->handover : &x->rules;
}

static const struct buf *
sig_of(struct desk *x, uint64_t i)
{
	(void)i;
	return &x->sig;
}

static const struct buf *
allowed_of(struct desk *x, uint64_t i)
{
	(void)i;
	return &x->allowed;
}

/* --- each of those who use it -------------------------------------------- */

static void
open_again(struct desk *x, const struct buf *whole, uint64_t i)
{
	struct error err = {0};
	struct site *site = NULL;
	struct retest *t = retest_open(&x->app, put_file(x, "again.json"), NULL,
	    &site, &err);

	(void)whole;
	(void)i;
	if (t == NULL) {
		ck_assert_str_ne(err.what, "");
		return;
	}
	ck_assert_ptr_nonnull(site);
	retest_judge(t, site->record);
	ck_assert_int_ge(retest_status(t, site->record), 0);
	site_close(site);
	retest_close(t);
}

START_TEST(measured_again)
{
	each_mutant(either_of, open_again);
}
END_TEST

static void
compare_it(struct desk *x, const struct buf *whole, uint64_t i)
{
	struct error err = {0};
	struct side side;

	(void)whole;
	(void)i;
	if (side_open(&x->app, put_file(x, "side.json"), &side, &err) != 0)
		ck_assert_str_ne(err.what, "");
	side_close(&side);
}

START_TEST(compared)
{
	each_mutant(either_of, compare_it);
}
END_TEST

/* A copy of what was changed is nobody's word. */
static void
share(struct desk *x, const struct buf *whole, uint64_t i)
{
	enum seal_state want[SEAL_NSECTIONS];
	struct arena *a = arena_new();
	struct seal_report before, after;
	struct error err = {0};
	json_t *map = NULL, *j, *masked;
	struct buf copy;
	size_t k;

	for (k = 0; k < SEAL_NSECTIONS; k++)
		want[k] = k == SEAL_NSECTIONS - 1 ?
		    SEAL_WHOLE :
		    (enum seal_state)((i >> k) % 3);
	buf_init(&copy, FILE_MAX);
	seal_check(a, x->mutant.data, x->mutant.len, NULL, 0, NULL, 0, &before);
	ck_assert(before.verdict != SEAL_SIGNED || is_same(&x->mutant, whole));
	if (seal_redact(buf_str(&x->mutant), x->mutant.len, want, &copy, &map,
		&err) == 0) {
		seal_check(a, copy.data, copy.len, NULL, 0, NULL, 0, &after);
		ck_assert(after.verdict != SEAL_SIGNED ||
		    before.verdict == SEAL_SIGNED);
	} else {
		ck_assert_str_ne(err.what, "");
	}
	json_decref(map);
	j = json_read(buf_str(&x->mutant), x->mutant.len, NULL);
	if (json_is_object(j)) {
		masked = seal_mask(j, NULL);
		ck_assert_ptr_nonnull(masked);
		json_decref(masked);
	}
	json_decref(j);
	buf_free(&copy);
	arena_free(a);
}

START_TEST(shared)
{
	each_mutant(handover_of, share);
}
END_TEST

/* Whatever the signature beside it became, no other key is named. */
static void
check_signature(struct desk *x, const struct buf *whole, uint64_t i)
{
	struct arena *a = arena_new();
	struct seal_report report;

	(void)whole;
	(void)i;
	seal_check(a, x->handover.data, x->handover.len, buf_str(&x->mutant),
	    x->mutant.len, buf_str(&x->allowed), x->allowed.len, &report);
	ck_assert(
	    report.verdict == SEAL_SIGNED || report.verdict == SEAL_BROKEN);
	if (report.verdict == SEAL_SIGNED)
		ck_assert(sshkey_equal(&report.key, &x->key));
	else
		ck_assert(strlist_has(&report.broken, "file"));
	arena_free(a);
}

START_TEST(signatures)
{
	each_mutant(sig_of, check_signature);
}
END_TEST

/* Only a line that has the key says that it is allowed. */
static void
check_allowed(struct desk *x, const struct buf *whole, uint64_t i)
{
	struct arena *a = arena_new();
	struct seal_report report;
	struct error err = {0};
	struct buf key;

	(void)whole;
	(void)i;
	if (allowed_check(buf_str(&x->mutant), x->mutant.len, &err) != 0)
		ck_assert_str_ne(err.what, "");
	seal_check(a, x->handover.data, x->handover.len, NULL, 0,
	    buf_str(&x->mutant), x->mutant.len, &report);
	ck_assert_int_eq(report.verdict, SEAL_SIGNED);
	buf_init(&key, FILE_MAX);
	base64_write(x->key.blob, x->key.len, 0, &key);
	if (report.allowed != ALLOWED_UNKNOWN)
		ck_assert_ptr_nonnull(memmem(buf_str(&x->mutant), x->mutant.len,
		    buf_str(&key), key.len));
	buf_free(&key);
	arena_free(a);
}

START_TEST(allowed_signers)
{
	each_mutant(allowed_of, check_allowed);
}
END_TEST

/* --- a list of sums --- */

static const struct buf *
sums_of(struct desk *x, uint64_t i)
{
	static const char names[][24] = {"handover.json", "firewall/rules.json",
	    "-n", "a b"};
	size_t k;

	(void)i;
	if (x->sig.len > 0 && memcmp(x->sig.data, "0000", 4) == 0)
		return &x->sig;
	/* No signature is looked at here. */
	buf_clear(&x->sig);
	for (k = 0; k < sizeof names / sizeof *names; k++)
		buf_addf(&x->sig, "%064d  %s\n", 0, names[k]);
	return &x->sig;
}

static void
told(void *arg, const char *name, enum sums_verdict verdict)
{
	size_t *count = arg;

	ck_assert_int_ne(verdict, SUMS_WHOLE);
	ck_assert_ptr_null(strchr(name, '\x1b'));
	ck_assert(name[0] != '/' && strstr(name, "..") == NULL);
	(*count)++;
}

static void
check_sums(struct desk *x, const struct buf *whole, uint64_t i)
{
	struct arena *a = arena_new();
	struct strlist unchanged = {0};
	struct error err = {0};
	size_t count = 0;
	struct buf list;

	(void)whole;
	(void)i;
	put_file(x, SUMS_FILE);
	buf_init(&list, (size_t)1 << 20);
	if (sums_check(a, x->dir, told, &count, &list, &err) != 0)
		ck_assert_str_ne(err.what, "");
	buf_free(&list);
	sums_unchanged(a, x->dir, &unchanged);
	ck_assert_uint_eq(unchanged.count, 0);
	arena_free(a);
}

START_TEST(sums)
{
	each_mutant(sums_of, check_sums);
}
END_TEST

HARNESS("mutated more", measured_again, compared, shared, signatures,
    allowed_signers, sums)
