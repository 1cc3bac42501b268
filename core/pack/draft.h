/* SPDX-License-Identifier: MIT */
/* A pack as its file says it, before services are spread over their
 * requirements. For the files of core/pack only. */
#ifndef PACK_DRAFT_H
#define PACK_DRAFT_H

#include "core/pack/bind.h"

#define ORDER_MAX 9999
#define WHEN_MAX 8		/* clauses of one condition */
#define WHEN_DEPTH_MAX 4	/* questions that depend on each other */

/* What a service says for its requirements, and each may say itself. */
struct draft_common {
	char	*reason;
	struct draft_breaks {
		char	*installer;
		char	*customer;
	} breaks;
	char	*grant;
	int	 strength;		/* -1: not said */
	int	 direction;
	struct clauses when;
};

struct draft_requirement {
	const struct node *node;
	char	*id;
	int	 protocol;
	struct ports ports;
	char	*port_from;
	struct destination to;
	char	*application;
	char	*group;
	struct strlist needs;
	char	*note;
	struct source source;
	struct probe_ask probe;
	int	 rung;
	struct draft_common common;
};

struct draft_service {
	const struct node *node;
	char	*title;
	struct draft_common common;
	struct draft_requirement *requirements;
	size_t	 nrequirements;
};

struct draft_pack {
	char	*pack;
	char	*vendor;
	char	*title;
	char	*about;
	uint64_t version;
	uint64_t order;
	char	*device;
	struct draft_document {
		char	*document;
		char	*title;
		char	*retrieved;
	} source;
	struct strlist notes;
	struct question *questions;
	size_t	 nquestions;
	struct draft_service *services;
	size_t	 nservices;
	struct step *steps;
	size_t	 nsteps;
	/* The lists that these came from: the place of element i is that of
	 * child i. */
	const struct node *root;
};

extern const struct schema schema_pack;
extern const struct schema schema_questions, schema_services, schema_steps,
    schema_found;

void	 read_ports(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* struct ports */
void	 read_when(struct binder *b, const struct node *n,
	    const struct rule *rule, void *field);	/* struct clauses */
/* "source" and "assumed": one of them must be there. */
void	 draft_check_source(struct binder *b, const struct node *n,
	    struct source *s);

#define SOURCE_RULES(type) \
	{"source", read_text, AT(type, source.lines), .check = check_lines}, \
	{"assumed", read_text, AT(type, source.assumed)}

/* What only the whole shows: ids that are there twice, references to nothing,
 * circles, requirements outside of every step. p is complete. */
void	 draft_check(struct binder *b, const struct draft_pack *d,
	    const struct pack *p);

#endif
