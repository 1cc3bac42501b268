/* SPDX-License-Identifier: MIT */
/* Promises of the bounded buffer and of memory. */
#include "tests/unit/harness.h"

#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"

START_TEST(empty_buffer_is_an_empty_string)
{
	struct buf b;

	buf_init(&b, 10);
	ck_assert_str_eq(buf_str(&b), "");
	buf_consume(&b, 5);
	buf_add(&b, NULL, 0);
	ck_assert_str_eq(buf_str(&b), "");
	ck_assert(!b.overflowed);
	buf_free(&b);
}
END_TEST

START_TEST(buffer_fills_to_its_maximum_exactly)
{
	struct buf b;

	buf_init(&b, 5);
	buf_adds(&b, "abc");
	buf_addf(&b, "%d", 45);
	ck_assert(!b.overflowed);
	ck_assert_str_eq(buf_str(&b), "abc45");
	buf_addc(&b, 'x');
	ck_assert(b.overflowed);
	ck_assert_str_eq(buf_str(&b), "abc45");
	buf_free(&b);
}
END_TEST

START_TEST(write_past_the_maximum_does_nothing_and_stays_so)
{
	struct buf b;

	buf_init(&b, 5);
	buf_adds(&b, "abc");
	buf_adds(&b, "def");
	ck_assert(b.overflowed);
	buf_addc(&b, 'd');
	buf_addf(&b, "%s", "");
	buf_fill(&b, 'x', 1);
	ck_assert_str_eq(buf_str(&b), "abc");
	buf_clear(&b);
	ck_assert(!b.overflowed);
	buf_adds(&b, "later");
	ck_assert_str_eq(buf_str(&b), "later");
	buf_free(&b);
}
END_TEST

START_TEST(huge_lengths_do_not_wrap_around)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_adds(&b, "abc");
	buf_fill(&b, 'x', SIZE_MAX - 2);
	ck_assert(b.overflowed);
	ck_assert_uint_eq(b.len, 3);
	buf_free(&b);
}
END_TEST

START_TEST(buffer_of_zero_bytes_holds_nothing)
{
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, "");
	ck_assert(!b.overflowed);
	buf_addc(&b, 'a');
	ck_assert(b.overflowed);
	ck_assert_str_eq(buf_str(&b), "");
	buf_free(&b);
}
END_TEST

START_TEST(bytes_may_be_nul_and_are_consumed_from_the_front)
{
	struct buf b;

	buf_init(&b, 100);
	buf_add(&b, "a\0b", 3);
	buf_fill(&b, '-', 2);
	ck_assert_uint_eq(b.len, 5);
	buf_consume(&b, 2);
	ck_assert_str_eq(buf_str(&b), "b--");
	buf_consume(&b, 100);
	ck_assert_uint_eq(b.len, 0);
	buf_free(&b);
}
END_TEST

START_TEST(buffer_grows_over_many_writes)
{
	struct buf b;
	int i;

	buf_init(&b, 100000);
	for (i = 0; i < 10000; i++)
		buf_addf(&b, "%04d", i);
	ck_assert_uint_eq(b.len, 40000);
	ck_assert_int_eq(strncmp(b.data + 39996, "9999", 5), 0);
	ck_assert_uint_le(b.size, 100001);
	buf_free(&b);
}
END_TEST

START_TEST(taken_memory_belongs_to_the_taker)
{
	struct buf b;
	char *s;

	buf_init(&b, 10);
	s = buf_take(&b);
	ck_assert_str_eq(s, "");
	mem_free(s);
	buf_adds(&b, "x");
	s = buf_take(&b);
	ck_assert_uint_eq(b.len, 0);
	buf_adds(&b, "y");
	ck_assert_str_eq(s, "x");
	ck_assert_str_eq(buf_str(&b), "y");
	mem_free(s);
	buf_free(&b);
}
END_TEST

START_TEST(arena_memory_is_zeroed_and_aligned)
{
	struct arena *a = arena_new();
	size_t i, j;

	for (i = 0; i < 20000; i = i * 2 + 1) {
		unsigned char *p = arena_alloc(a, i);

		ck_assert_uint_eq((uintptr_t)p % sizeof(void *), 0);
		for (j = 0; j < i; j++)
			ck_assert_uint_eq(p[j], 0);
		memset(p, 0xff, i);
	}
	arena_free(a);
	arena_free(NULL);
}
END_TEST

START_TEST(arena_texts)
{
	struct arena *a = arena_new();

	ck_assert_ptr_null(arena_strdup(a, NULL));
	ck_assert_str_eq(arena_strndup(a, "abc", 2), "ab");
	ck_assert_str_eq(arena_strndup(a, "abc", 9), "abc");
	ck_assert_str_eq(arena_printf(a, "%s-%d", "x", 7), "x-7");
	ck_assert_uint_ge(arena_bytes(a), 3 + 4 + 4);
	arena_free(a);
}
END_TEST

START_TEST(markup_has_no_sign_of_its_own_left)
{
	static const char text[] = "a<b> & \"c\" 'd'\xc3\xa4\0<";
	struct buf b;

	buf_init(&b, 200);
	buf_add_markup(&b, text, sizeof text - 1);
	ck_assert_str_eq(buf_str(&b),
	    "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;\xc3\xa4");
	/* A length may lead behind a NUL. */
	ck_assert_str_eq(buf_str(&b) + strlen(buf_str(&b)) + 1, "&lt;");
	buf_free(&b);
}
END_TEST

START_TEST(pushed_elements_survive_growth_and_start_at_zero)
{
	struct arena *a = arena_new();
	struct pair {
		size_t value, other;
	} *list = NULL, *p;
	size_t count = 0, i;

	for (i = 0; i < 3000; i++) {
		p = arena_push(a, list, count);
		ck_assert_uint_eq(p->value, 0);
		ck_assert_uint_eq(p->other, 0);
		p->value = i;
		p->other = ~i;
	}
	ck_assert_uint_eq(count, 3000);
	for (i = 0; i < count; i++) {
		ck_assert_uint_eq(list[i].value, i);
		ck_assert_uint_eq(list[i].other, ~i);
	}
	arena_free(a);
}
END_TEST

START_TEST(string_list)
{
	struct arena *a = arena_new();
	struct strlist l = {0};
	char name[16];
	int i;

	ck_assert(!strlist_has(&l, "n1"));
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "n%d", i);
		strlist_add(a, &l, name);
	}
	ck_assert(strlist_has(&l, "n0"));
	ck_assert(strlist_has(&l, "n99"));
	ck_assert(!strlist_has(&l, "n100"));
	arena_free(a);
}
END_TEST

static void
handler(void)
{
	ssize_t n = write(STDOUT_FILENO, "restored\n", 9);

	(void)n;
}

/* Runs what must be fatal; gives its exit status and its two outputs. */
static int
fatal(void (*what)(void), char *out, size_t size)
{
	int ends[2], status;
	ssize_t n;
	size_t len = 0;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		what();
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], out + len, size - len - 1)) > 0)
		len += (size_t)n;
	out[len] = '\0';
	close(ends[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
overflow_array(void)
{
	mem_set_oom_handler(handler);
	mem_free(mem_array(SIZE_MAX / 2, 3));
}

static void
overflow_arena(void)
{
	struct arena *a = arena_new();

	arena_alloc(a, SIZE_MAX - 4);
	arena_free(a);
}

START_TEST(impossible_allocation_ends_the_program_with_status_4)
{
	char out[512];

	ck_assert_int_eq(fatal(overflow_array, out, sizeof out), 4);
	ck_assert_int_eq(strncmp(out, "restored\nsitewalk: ", 19), 0);
	ck_assert_int_eq(fatal(overflow_arena, out, sizeof out), 4);
}
END_TEST

HARNESS("base buf and mem", empty_buffer_is_an_empty_string,
    buffer_fills_to_its_maximum_exactly,
    write_past_the_maximum_does_nothing_and_stays_so,
    huge_lengths_do_not_wrap_around, buffer_of_zero_bytes_holds_nothing,
    bytes_may_be_nul_and_are_consumed_from_the_front,
    buffer_grows_over_many_writes, taken_memory_belongs_to_the_taker,
    arena_memory_is_zeroed_and_aligned, arena_texts,
    markup_has_no_sign_of_its_own_left,
    pushed_elements_survive_growth_and_start_at_zero, string_list,
    impossible_allocation_ends_the_program_with_status_4)
