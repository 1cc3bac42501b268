/* SPDX-License-Identifier: MIT */
/* One YAML file as a small tree of nodes which know where they stand. What a
 * pack never needs is refused: aliases, anchors, tags, duplicate keys, a
 * second document, deep nesting. */
#ifndef PACK_YAML_H
#define PACK_YAML_H

#include <stddef.h>

#include "core/base/mem.h"
#include "core/pack/pack.h"

#define YAML_BYTES_MAX (1024 * 1024)
#define YAML_DEPTH_MAX 12
#define YAML_NODES_MAX 50000
#define YAML_KEYS_MAX 64	/* of one mapping */
#define YAML_TEXT_MAX 4096	/* bytes of one text */

enum node_kind {
	NODE_TEXT, NODE_LIST, NODE_MAP,
	NODE_BAD,		/* already reported: say nothing more of it */
};

struct node {
	enum node_kind kind;
	struct place place;
	char	*text;		/* NODE_TEXT: sanitised, trimmed */
	struct node *first;	/* children of a list or mapping */
	size_t	 count;
	struct node *next;	/* among its parent's children */
	struct node *key;	/* child of a mapping: its key, NODE_TEXT */
};

/* Collects the mistakes of one file; what is beyond a few hundred is not
 * kept. */
struct report {
	struct arena *arena;
	const char *file;
	struct mistakes *out;
	size_t	 before;	/* mistakes that were there already */
};

void	 report_begin(struct report *r, struct arena *a, const char *file,
	    struct mistakes *out);
/* fmt is a translated sentence. */
void	 report_mistake(struct report *r, struct place place,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool	 report_is_clean(const struct report *r);
/* Puts this file's mistakes in the order of its lines. */
void	 report_end(struct report *r);

/* NULL after a mistake that leaves nothing to look at. Lives in r->arena. */
struct node *yaml_load(struct report *r, const char *data, size_t len);
/* The value of a key, or NULL. map may be NULL or no mapping. */
const struct node *node_get(const struct node *map, const char *key);
/* Where a key's value stands; the mapping itself where there is none. */
struct place node_place(const struct node *map, const char *key);

#endif
