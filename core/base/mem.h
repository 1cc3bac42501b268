/* SPDX-License-Identifier: MIT */
/* Memory: allocation that never returns NULL, and arenas for things that die
 * together. Running out of memory is fatal: the handler set with
 * mem_set_oom_handler() runs (it may restore the terminal), then the program
 * exits with status 4. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

void	*mem_alloc(size_t size);		/* zeroed, returns owned */
void	*mem_array(size_t count, size_t size);	/* zeroed, overflow is fatal */
void	*mem_grow(void *old, size_t count, size_t size); /* takes old */
char	*mem_strdup(const char *s);		/* NULL stays NULL */
char	*mem_printf(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));
void	 mem_free(void *p);
void	 mem_set_oom_handler(void (*handler)(void));
/* A bug, or a machine that cannot go on: the handler, the sentence (plain
 * ASCII, not translated) on standard error, exit status 4. */
_Noreturn void mem_fatal(const char *sentence);

/* An arena frees all that came from it at once; there is no single free. */
struct arena;

struct arena *arena_new(void);			/* returns owned */
void	 arena_free(struct arena *a);		/* takes; NULL is fine */
void	*arena_alloc(struct arena *a, size_t size); /* zeroed, aligned */
void	*arena_array(struct arena *a, size_t count, size_t size);
char	*arena_strdup(struct arena *a, const char *s);	/* NULL stays NULL */
char	*arena_strndup(struct arena *a, const char *s, size_t len); /* to NUL */
char	*arena_printf(struct arena *a, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
char	*arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	    __attribute__((format(printf, 2, 0)));
size_t	 arena_bytes(const struct arena *a);	/* handed out so far */

/* A growing array in an arena: returns an array with room for at least
 * count + 1 elements, copying `count` old ones. Capacity is derived from
 * count (it doubles at powers of two), so no capacity is stored. */
void	*arena_grow(struct arena *a, void *old, size_t count, size_t size);

#define arena_push(a, array, count) \
	((array) = arena_grow((a), (array), (count), sizeof *(array)), \
	 &(array)[(count)++])

/* A list of strings in an arena. */
struct strlist {
	char	**item;
	size_t	  count;
};

void	 strlist_add(struct arena *a, struct strlist *l, const char *s);
int	 strlist_has(const struct strlist *l, const char *s);
void	 strlist_sort(struct strlist *l);	/* by bytes */

#endif
