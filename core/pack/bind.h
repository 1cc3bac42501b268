/* SPDX-License-Identifier: MIT */
/* From nodes to structs by const tables: a schema is a list of rules, one a
 * key, which say how its value is read and where it goes. Every mistake is
 * reported and reading goes on. For the files of core/pack only. */
#ifndef PACK_BIND_H
#define PACK_BIND_H

#include "core/pack/yaml.h"
#include "core/record/words.h"

/* A value that names something which may stand further down the file; they
 * are looked up when all is read. */
enum ref_kind {
	REF_NONE,
	REF_QUESTION,		/* any question */
	REF_PORT_QUESTION,	/* one that asks for a port */
	REF_HOST_QUESTION,	/* one that asks for a host or an address */
	REF_CHECK,		/* a requirement, short id, in a step */
	REF_NEED,		/* a requirement, full id */
};

struct ref {
	enum ref_kind kind;
	const char *text;
	struct place place;
};

struct binder {
	struct report *report;
	struct arena *arena;
	const struct pack_vocabulary *vocab;
	struct ref *refs;
	size_t	 nrefs;
};

struct schema;
struct rule;

struct rule {
	const char *name;
	void	(*read)(struct binder *b, const struct node *n,
		    const struct rule *rule, void *field);
	size_t	 offset;
	enum { KEY_MAY, KEY_MUST } presence;
	const struct schema *schema;	/* read_map, read_maps */
	size_t	 count_offset;		/* read_maps: the size_t beside it */
	const struct words *words;	/* read_word */
	uint64_t min, max;		/* read_number and the like; of a
					 * list: most elements, 0 = 64 */
	enum ref_kind ref;		/* read_text, read_texts */
	/* read_text, read_texts: NULL, or says what is wrong with the text
	 * (N_() with one %s) */
	const char *(*check)(const struct binder *b, const char *text);
};

struct schema {
	const struct rule *rule;
	size_t	 count;
	size_t	 size;
	const void *initial;		/* NULL: zero */
	/* What one key alone cannot show; only for a node that is a map. */
	void	(*check)(struct binder *b, const struct node *n, void *object);
};

#define AT(type, member) .offset = offsetof(struct type, member)
#define COUNT_AT(type, member) .count_offset = offsetof(struct type, member)
#define SCHEMA(rows) .rule = rows, .count = sizeof rows / sizeof *(rows)

void	 bind_map(struct binder *b, const struct node *n,
	    const struct schema *schema, void *object);

/* Readers. Each names the field that it fills. */
void	 read_text(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* char * */
void	 read_texts(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* struct strlist */
void	 read_one_text(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* struct strlist */
void	 read_bool(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* bool */
void	 read_number(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* uint64_t */
void	 read_int(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* int */
void	 read_word(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* int or enum */
void	 read_map(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* struct of schema */
void	 read_maps(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* array in the arena */
void	 read_node(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field); /* const struct node * */

/* False, after a mistake, for anything but a list of bearable length. */
bool	 bind_is_list(struct binder *b, const struct node *n,
	    const struct rule *rule);
/* False, after a mistake, for anything but a text that is not empty. */
bool	 bind_is_text(struct binder *b, const struct node *n,
	    const struct rule *rule);

/* Texts as struct rule's check wants them. */
const char *check_id(const struct binder *b, const char *s);
const char *check_full_id(const struct binder *b, const char *s);
const char *check_lines(const struct binder *b, const char *s);
const char *check_date(const struct binder *b, const char *s);
const char *check_hostname(const struct binder *b, const char *s);
const char *check_port(const struct binder *b, const char *s);
const char *check_path(const struct binder *b, const char *s);
const char *check_token(const struct binder *b, const char *s);
const char *check_tls_version(const struct binder *b, const char *s);
const char *check_probe_type(const struct binder *b, const char *s);
const char *check_tells(const struct binder *b, const char *s);

#endif
