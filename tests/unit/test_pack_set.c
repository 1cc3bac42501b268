/* SPDX-License-Identifier: MIT */
/* Which packs are in force: built-in, the system's, the user's, --packs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/builtin.h"
#include "core/base/file.h"
#include "core/pack/pack.h"
#include "tests/unit/harness.h"

#define VERSION "version: 2026112102"

/* A folder of its own for each test, with the user's and the system's packs
 * in it. */
struct place_for_packs {
	struct arena *a;
	char *top;
	char *user;
	char *system;
	char *dir;
};

static struct place_for_packs
place_new(void)
{
	struct place_for_packs w = {.a = arena_new()};
	const char *tmp = getenv("TMPDIR");
	struct error err = {0};

	w.top = arena_printf(w.a, "%s/sitewalk-packs-XXXXXX",
	    tmp == NULL ? "/tmp" : tmp);
	ck_assert_ptr_nonnull(mkdtemp(w.top));
	w.user = arena_printf(w.a, "%s/config/sitewalk/packs", w.top);
	w.system = arena_printf(w.a, "%s/data/sitewalk/packs", w.top);
	w.dir = arena_printf(w.a, "%s/dir", w.top);
	ck_assert_int_eq(file_make_dirs(w.user, &err), 0);
	ck_assert_int_eq(file_make_dirs(w.system, &err), 0);
	ck_assert_int_eq(file_make_dirs(arena_printf(w.a, "%s/keys", w.dir),
			     &err),
	    0);
	setenv("XDG_CONFIG_HOME", arena_printf(w.a, "%s/config", w.top), 1);
	setenv("XDG_DATA_DIRS",
	    arena_printf(w.a, "/nonexistent:%s/data:rel", w.top), 1);
	return w;
}

static void
forget(struct place_for_packs *w, const char *path)
{
	unlink(arena_printf(w->a, "%s/%s", w->top, path));
}

static void
forget_folder(struct place_for_packs *w, const char *path)
{
	ck_assert_int_eq(rmdir(arena_printf(w->a, "%s/%s", w->top, path)), 0);
}

static void
place_free(struct place_for_packs *w)
{
	static const char *const files[] = {"config/sitewalk/packs/z5.yaml",
	    "data/sitewalk/packs/z5.yaml", "dir/z5.yaml", "dir/good.yaml",
	    "dir/.hidden.yaml", "dir/keys/extra.pem", "dir/keys/bad.pem"};
	static const char *const folders[] = {"config/sitewalk/packs",
	    "config/sitewalk", "config", "data/sitewalk/packs", "data/sitewalk",
	    "data", "dir/keys", "dir", ""};
	size_t i;

	for (i = 0; i < sizeof files / sizeof *files; i++)
		forget(w, files[i]);
	for (i = 0; i < sizeof folders / sizeof *folders; i++)
		forget_folder(w, folders[i]);
	arena_free(w->a);
}

/* The built-in Z5 pack under another version (same length). */
static void
put_z5(struct place_for_packs *w, const char *folder, const char *version)
{
	const struct builtin *z5 = builtin_find("wizards/z5.yaml");
	char *copy = arena_strndup(w->a, (const char *)z5->data, z5->len);
	char *at = strstr(copy, VERSION);
	struct error err = {0};

	ck_assert_ptr_nonnull(at);
	memcpy(at + strlen("version: "), version, 10);
	ck_assert_int_eq(file_write_atomic(arena_printf(w->a, "%s/z5.yaml",
					       folder),
			     copy, z5->len, &err),
	    0);
}

static void
put(struct place_for_packs *w, const char *path, const char *text)
{
	struct error err = {0};

	ck_assert_int_eq(file_write_atomic(arena_printf(w->a, "%s/%s", w->top,
					       path),
			     text, strlen(text), &err),
	    0);
}

static uint32_t
z5_version(const char *dir, size_t *nmistakes)
{
	struct error err = {0};
	struct pack_set *s = pack_set_load(dir, NULL, &err);
	uint32_t version;

	ck_assert_msg(s != NULL, "%s", err.what);
	version = pack_find(s, "z5")->version;
	*nmistakes = s->mistakes.count;
	pack_set_free(s);
	return version;
}

START_TEST(test_newer_ones_win)
{
	struct place_for_packs w = place_new();
	size_t n;

	ck_assert_uint_eq(z5_version(NULL, &n), 2026112102);
	put_z5(&w, w.system, "2025010101");
	ck_assert_uint_eq(z5_version(NULL, &n), 2026112102);
	put_z5(&w, w.system, "2027010101");
	ck_assert_uint_eq(z5_version(NULL, &n), 2027010101);
	put_z5(&w, w.user, "2026120101");
	ck_assert_uint_eq(z5_version(NULL, &n), 2027010101);
	put_z5(&w, w.user, "2028120101");
	ck_assert_uint_eq(z5_version(NULL, &n), 2028120101);
	/* What was asked for by name counts whatever its version. */
	put_z5(&w, w.dir, "2020010101");
	ck_assert_uint_eq(z5_version(w.dir, &n), 2020010101);
	ck_assert_uint_eq(n, 0);
	place_free(&w);
}
END_TEST

START_TEST(test_broken_ones_are_left_out)
{
	struct place_for_packs w = place_new();
	struct error err = {0};
	struct pack_set *s;

	put(&w, "dir/z5.yaml", "pack: z5\nports: [\n");
	put(&w, "dir/.hidden.yaml", "no pack");
	s = pack_set_load(w.dir, NULL, &err);
	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(pack_find(s, "z5")->version, 2026112102);
	ck_assert_str_eq(pack_find(s, "z5")->origin, "built-in");
	ck_assert_uint_eq(s->mistakes.count, 1);
	ck_assert(strstr(s->mistakes.item[0].file, "/dir/z5.yaml") != NULL);
	ck_assert_uint_eq(s->mistakes.item[0].place.line, 3);
	ck_assert_uint_eq(s->nleft_out, 1);
	ck_assert_uint_eq(s->left_out[0].mistake, 0);
	ck_assert_str_eq(s->left_out[0].name, "z5");
	pack_set_free(s);

	/* Something that is no file. */
	forget(&w, "dir/z5.yaml");
	ck_assert_int_eq(mkdir(arena_printf(w.a, "%s/z5.yaml", w.dir), 0700),
	    0);
	s = pack_set_load(w.dir, NULL, &err);
	ck_assert_uint_eq(s->mistakes.count, 1);
	pack_set_free(s);
	forget_folder(&w, "dir/z5.yaml");
	place_free(&w);
}
END_TEST

START_TEST(test_folder_that_is_not_there)
{
	struct place_for_packs w = place_new();
	struct error err = {0};

	ck_assert_ptr_null(pack_set_load("/nonexistent", NULL, &err));
	ck_assert_int_eq((int)err.code, (int)ERR_INPUT);
	ck_assert_str_eq(err.where, "/nonexistent");
	place_free(&w);
}
END_TEST

START_TEST(test_keys)
{
	static const char pem[] = "-----BEGIN PUBLIC KEY-----\nabc\n"
				  "-----END PUBLIC KEY-----\n";
	struct place_for_packs w = place_new();
	struct error err = {0};
	struct pack_set *s;

	put(&w, "dir/keys/extra.pem", pem);
	put(&w, "dir/keys/bad.pem", "-----BEGIN PRIVATE KEY-----\n");
	s = pack_set_load(w.dir, NULL, &err);
	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(pack_key_pem(s, "extra"), pem);
	ck_assert_ptr_null(pack_key_pem(s, "bad"));
	ck_assert_ptr_nonnull(pack_key_pem(s, "arm-bootstrap"));
	ck_assert_uint_eq(s->mistakes.count, 1);
	pack_set_free(s);
	place_free(&w);
}
END_TEST

static void
count_text(void *arg, const char *s)
{
	size_t *n = arg;

	ck_assert(s[0] != '\0');
	(*n)++;
}

START_TEST(test_order_and_texts)
{
	struct place_for_packs w = place_new();
	struct error err = {0};
	struct pack_set *s = pack_set_load(NULL, NULL, &err);
	size_t i, n;

	for (i = 0; i < s->count; i++) {
		n = 0;
		pack_each_text(s->pack[i], count_text, &n);
		ck_assert_uint_gt(n, 20);
		/* Those of one vendor stand together. */
		if (i > 0 && i + 1 < s->count &&
		    strcmp(s->pack[i - 1]->vendor, s->pack[i + 1]->vendor) == 0)
			ck_assert_str_eq(s->pack[i]->vendor,
			    s->pack[i - 1]->vendor);
	}
	ck_assert_str_eq(pack_text(""), "");
	ck_assert_ptr_null(pack_text(NULL));
	pack_set_free(s);
	place_free(&w);
}
END_TEST

HARNESS("pack set", test_newer_ones_win, test_broken_ones_are_left_out,
    test_folder_that_is_not_there, test_keys, test_order_and_texts)
