/* SPDX-License-Identifier: MIT */
/* Packs: what each product asks of a site, as data. A pack is one YAML file;
 * wizards/README.md describes its keys. Loading checks everything that
 * `sitewalk packs lint` reports. */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/mem.h"
#include "core/pack/shape.h"
#include "core/record/model.h"

/* Where something stands in its file, for mistakes. */
struct place {
	unsigned line;		/* from 1 */
	unsigned column;	/* from 1 */
};

enum question_type {
	QUESTION_CHOICE, QUESTION_YESNO, QUESTION_NUMBER, QUESTION_PORT,
	QUESTION_VERSION, QUESTION_HOST, QUESTION_ADDRESS, QUESTION_SERIAL,
	QUESTION_TEXT,
};

/* Names as packs have them, and labels. */
extern const struct words words_question_type;

struct choice {
	char	*id;
	char	*label;
	struct strlist found;	/* what a device says that means it */
};

/* What a device of that kind tells of itself (probe_add_device()). */
struct found_ask {
	char	*kind;		/* NULL = nothing can be found */
	char	*tells;		/* "serial", "firmware", ... */
};

struct question {
	struct place place;
	char	*id;
	char	*topic;		/* questions of one topic share a page */
	char	*ask;
	char	*why;
	char	*example;	/* or NULL */
	enum question_type type;
	struct choice *choices;
	size_t	 nchoices;
	uint64_t min, max;	/* number */
	char	*initial;	/* default, or NULL */
	char	*shared;	/* "product.question" that answers it too */
	bool	 must;		/* no "I don't know yet" */
	struct clauses when;
	struct found_ask found;
	struct source source;
};

/* What to send to prove a requirement; see wizards/README.md for each type. */
struct probe_ask {
	char	*type;
	struct strlist also;	/* further types that look at the same */
	struct strlist names;	/* dns: names to resolve; empty = all fqdns */
	struct strlist samples;	/* path: ports of a range to try */
	char	*alpn;
	char	*tls_max;
	char	*issuer;
	char	*path;
	char	*expect;
	char	*want;		/* what is looked for, in the type's words */
	char	*want_from;	/* a question; its answer is added to want */
	int	 status;
};

struct requirement {
	struct place place;
	char	*id;		/* with the product in front */
	char	*service;	/* title of its service */
	enum direction direction;
	enum protocol protocol;
	struct ports ports;
	char	*port_from;	/* question that gives the port, or NULL */
	struct destination to;
	char	*application;
	enum strength strength;
	struct clauses when;	/* the service's and its own */
	char	*group;
	char	*reason;
	char	*breaks_installer;
	char	*breaks_customer;
	char	*grant;		/* or NULL: derived from the row */
	char	*note;		/* or NULL */
	struct source source;
	struct probe_ask probe;
	enum rung rung;
	struct strlist needs;
};

struct step_item {		/* to confirm, or to write down */
	char	*id;
	char	*text;
	enum question_type type;
	char	*when_missing;	/* or NULL */
	struct found_ask found;
	struct source source;
};

struct step {
	struct place place;
	char	*id;
	char	*title;
	char	*text;
	struct strlist checks;	/* requirement ids */
	struct clauses when;
	struct step_item *confirm;
	size_t	 nconfirm;
	struct step_item *write_down;
	size_t	 nwrite_down;
};

struct pack {
	char	*product;
	char	*vendor;
	char	*title;
	uint32_t version;
	unsigned order;		/* in the list of products; smaller is first */
	char	*document;
	char	*document_title;
	char	*retrieved;
	char	*about;		/* what this pack covers, one sentence */
	char	*device;	/* question that asks for the device's own
				 * address, or NULL */
	struct strlist notes;	/* not documented, warnings for the reader */
	struct question *questions;
	size_t	 nquestions;
	struct requirement *requirements;
	size_t	 nrequirements;
	struct step *steps;
	size_t	 nsteps;
	char	*sha256;
	char	*origin;
};

/* One mistake in a pack: what `packs lint` prints as
 * "FILE:LINE:COLUMN: MISTAKE". */
struct mistake {
	char	*file;
	struct place place;
	char	*text;		/* translated sentence */
};

struct mistakes {
	struct mistake *item;
	size_t	 count;
};

/* The probe types that packs may name; only the caller knows them. */
struct pack_vocabulary {
	const struct probe_word {
		const char *name;
		enum probe_shape shape;
	} *item;
	size_t	 count;
};

struct pack_set {
	struct arena *arena;
	struct pack **pack;	/* in the order of the products' list */
	size_t	 count;
	struct mistakes mistakes; /* of files in dirs that were left out */
	struct left_out {
		size_t	 mistake;	/* the first of its mistakes */
		char	*name;		/* of the product, or of the key; or
					 * NULL: it cannot be told */
		bool	 is_key;
	} *left_out;			/* each of these files once */
	size_t	 nleft_out;
	struct pack_key {
		char	*name;	/* "arm-bootstrap" */
		char	*pem;	/* PUBLIC KEY */
		char	*origin;
	} *keys;
	size_t	 nkeys;
};

/* The built-in packs, overlaid by newer ones of the system's data directory,
 * of $XDG_CONFIG_HOME/sitewalk/packs, and of dir (any version; dir may be
 * NULL): the .yaml files of each, and the .pem files of its keys folder. A
 * broken file is left out and its mistakes are kept; what would be in force
 * without that file is. NULL only when the built-in packs are broken or dir
 * cannot be read. Returns owned. */
struct pack_set *pack_set_load(const char *dir,
	    const struct pack_vocabulary *vocab, struct error *err);
void	 pack_set_free(struct pack_set *s);

const struct pack *pack_find(const struct pack_set *s, const char *product);
const struct question *pack_question(const struct pack *p, const char *id);
const struct requirement *pack_requirement(const struct pack *p,
	    const char *id);
const struct step *pack_step_of(const struct pack *p, const char *req_id);
const char *pack_key_pem(const struct pack_set *s, const char *name);

/* vocab NULL, here and above: any probe type is taken as it is.
 * Parses and checks one file's bytes; all mistakes are collected. NULL when
 * there is any. The pack lives in a. */
struct pack *pack_parse(struct arena *a, const char *file, const char *data,
	    size_t len, const struct pack_vocabulary *vocab,
	    struct mistakes *out);

/* What a pack says of others: shared questions, prerequisites of other
 * products, keys of issuers. A mistake here does not keep a pack from being
 * used, since its counterpart may be of another version. */
void	 pack_check_links(const struct pack_set *s, const struct pack *p,
	    struct arena *a, struct mistakes *out);

/* The text of a pack in the user's language (domain "sitewalk-packs"). */
const char *pack_text(const char *s);
/* Calls fn for each translatable text of p, in file order. */
void	 pack_each_text(const struct pack *p,
	    void (*fn)(void *arg, const char *s), void *arg);

#endif
