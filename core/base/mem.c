/* SPDX-License-Identifier: MIT */
/* Owns allocation: the wrappers that never return NULL, and the arenas. */
#include "core/base/mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FATAL_STATUS 4

/* Under the address sanitizer every arena allocation is a block of its own,
 * so that a write past its end is seen. */
#if defined(__SANITIZE_ADDRESS__)
#define BLOCK_SIZE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BLOCK_SIZE 0
#endif
#endif
#ifndef BLOCK_SIZE
#define BLOCK_SIZE 8192
#endif

#define GROW_FIRST 4
#define FORMAT_SIZE 256

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *blocks; /* the first one has room */
	struct block *large;
	size_t bytes;
};

/* The one mutable global of core: who to tell before a fatal exit. */
static void (*oom_handler)(void);

static void
say(const char *s)
{
	/* Nothing can be done when even this fails. */
	if (write(STDERR_FILENO, s, strlen(s)) < 0)
		return;
}

void
mem_fatal(const char *sentence)
{
	void (*handler)(void) = oom_handler;

	oom_handler = NULL;
	if (handler != NULL)
		handler();
	say("sitewalk: ");
	say(sentence);
	say("\n");
	_exit(FATAL_STATUS);
}

void
mem_set_oom_handler(void (*handler)(void))
{
	oom_handler = handler;
}

static void *
checked(void *p)
{
	if (p == NULL)
		mem_fatal("out of memory");
	return p;
}

static size_t
product(size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total) || total > PTRDIFF_MAX)
		mem_fatal("an allocation larger than the address space");
	return total;
}

void *
mem_alloc(size_t size)
{
	return checked(calloc(1, size > 0 ? size : 1));
}

void *
mem_array(size_t count, size_t size)
{
	return mem_alloc(product(count, size));
}

void *
mem_grow(void *old, size_t count, size_t size)
{
	size_t total = product(count, size);

	return checked(realloc(old, total > 0 ? total : 1));
}

char *
mem_strdup(const char *s)
{
	return s == NULL ? NULL : checked(strdup(s));
}

static size_t __attribute__((format(printf, 1, 0)))
formatted_length(const char *fmt, va_list ap)
{
	va_list copy;
	int len;

	va_copy(copy, ap);
	len = vsnprintf(NULL, 0, fmt, copy);
	va_end(copy);
	if (len < 0)
		mem_fatal("a text could not be formatted");
	return (size_t)len;
}

char *
mem_printf(const char *fmt, ...)
{
	va_list ap;
	size_t len;
	char *s;

	va_start(ap, fmt);
	len = formatted_length(fmt, ap);
	s = mem_alloc(len + 1);
	vsnprintf(s, len + 1, fmt, ap);
	va_end(ap);
	return s;
}

void
mem_free(void *p)
{
	free(p);
}

struct arena *
arena_new(void)
{
	return mem_alloc(sizeof(struct arena));
}

static void
free_list(struct block *b)
{
	struct block *next;

	for (; b != NULL; b = next) {
		next = b->next;
		mem_free(b);
	}
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	free_list(a->blocks);
	free_list(a->large);
	mem_free(a);
}

static struct block *
block_new(size_t size)
{
	struct block *b;

	if (size > PTRDIFF_MAX - sizeof *b)
		mem_fatal("an allocation larger than the address space");
	b = mem_alloc(sizeof *b + size);
	b->size = size;
	return b;
}

/* Where the next size bytes come from: a thing that is large against a block
 * has one of its own, so that the rest of the current block stays in use. */
static struct block *
block_for(struct arena *a, size_t size)
{
	struct block *b = a->blocks;

	if (size > BLOCK_SIZE / 2) {
		b = block_new(size);
		b->next = a->large;
		a->large = b;
	} else if (b == NULL || b->size - b->used < size) {
		b = block_new(BLOCK_SIZE);
		b->next = a->blocks;
		a->blocks = b;
	}
	return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	size_t rounded = size > 0 ? size : 1;
	struct block *b;
	void *p;

	if (BLOCK_SIZE > 0 && rounded <= PTRDIFF_MAX)
		rounded = (rounded + alignof(max_align_t) - 1) &
		    ~(alignof(max_align_t) - 1);
	b = block_for(a, rounded);
	p = b->data + b->used;
	b->used += rounded;
	a->bytes += size;
	return p;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	return arena_alloc(a, product(count, size));
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, strlen(s));
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	size_t n = strnlen(s, len);
	char *copy = arena_alloc(a, n + 1);

	memcpy(copy, s, n);
	return copy;
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char text[FORMAT_SIZE], *s;
	va_list copy;
	size_t len;
	int n;

	/* Nearly every text is short; those are formatted once. */
	va_copy(copy, ap);
	n = vsnprintf(text, sizeof text, fmt, copy);
	va_end(copy);
	if (n >= 0 && (size_t)n < sizeof text)
		return arena_strndup(a, text, (size_t)n);
	len = formatted_length(fmt, ap);
	s = arena_alloc(a, len + 1);
	vsnprintf(s, len + 1, fmt, ap);
	return s;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

size_t
arena_bytes(const struct arena *a)
{
	return a->bytes;
}

void *
arena_grow(struct arena *a, void *old, size_t count, size_t size)
{
	void *p;

	if (count == 0)
		return arena_array(a, GROW_FIRST, size);
	if (count < GROW_FIRST || (count & (count - 1)) != 0)
		return old;
	p = arena_array(a, product(count, 2), size);
	memcpy(p, old, count * size);
	return p;
}

void
strlist_add(struct arena *a, struct strlist *l, const char *s)
{
	*arena_push(a, l->item, l->count) = arena_strdup(a, s);
}

int
strlist_has(const struct strlist *l, const char *s)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (strcmp(l->item[i], s) == 0)
			return 1;
	}
	return 0;
}

static int
compare_items(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
strlist_sort(struct strlist *l)
{
	if (l->count > 1)
		qsort(l->item, l->count, sizeof *l->item, compare_items);
}
