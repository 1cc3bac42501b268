/* SPDX-License-Identifier: MIT */
/* What devices on the network told of themselves (the detail "devices" of
 * observations), as answers to questions and as things to write down. It is
 * offered; nobody's answer is changed here. */
#ifndef PACK_FOUND_H
#define PACK_FOUND_H

#include "core/pack/pack.h"
#include "core/record/model.h"

struct found {
	const struct pack *pack;
	const char *id;		/* of the question or of the thing */
	const char *label;	/* its text in the pack, not translated */
	char	*value;		/* in normal form, valid for its type */
	char	*device;	/* who told it: "Lab (10.20.30.60)" */
	const char *observation; /* its id */
};

struct founds {
	struct found *item;
	size_t	 count;
};

/* For each question of the chosen products, each value that a device told
 * and that is not its answer already. Where the product's address is an
 * answer, only that device is believed. */
void	 found_answers(struct arena *a, const struct pack_set *packs,
	    const struct record *r, struct founds *out);
/* For each thing to write down the value, where all devices that may be
 * meant say the same. */
void	 found_equipment(struct arena *a, const struct pack_set *packs,
	    const struct record *r, struct founds *out);

#endif
