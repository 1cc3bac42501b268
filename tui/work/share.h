/* SPDX-License-Identifier: MIT */
/* A copy of a handover for support: what it leaves out and masks, what that
 * comes to, and its files. Prints nothing. */
#ifndef TUI_SHARE_H
#define TUI_SHARE_H

#include <jansson.h>

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/base/mem.h"
#include "core/record/seal.h"

/* What is masked, by what it is. */
enum share_kind {
	SHARE_PEOPLE, SHARE_COMPANIES, SHARE_PLACES, SHARE_ADDRESSES,
	SHARE_MACS, SHARE_HOSTS, SHARE_WIFI, SHARE_SERIALS, SHARE_NAMES,
	SHARE_TEXTS, SHARE_CERTIFICATES, SHARE_OTHERS, SHARE_KINDS,
};

struct share_count {
	size_t	 count;		/* different ones that are in the copy */
	const char *token;	/* one of them, or NULL; in the arena */
	const char *original;	/* for the owner's eyes alone */
};

struct share {
	struct arena *arena;
	enum seal_state want[SEAL_NSECTIONS];
	/* of share_make() */
	struct seal_report seal;	/* of the original */
	struct buf copy;
	json_t	*map;			/* token: original, of this copy */
	struct share_count of[SHARE_KINDS];
};

/* All sections masked: nothing that has to be left out remains, and the copy
 * is judged as the original is. */
void	 share_init(struct share *s);
void	 share_free(struct share *s);
/* "people,network" or "default" (all but what is left out); what no list names
 * stays whole once a list of masked ones is given. NULL: not given. ERR_USAGE
 * names the sections that there are. */
int	 share_choose(struct share *s, const char *masked,
	    const char *without, struct error *err) MUST_CHECK;
/* Makes the copy of these bytes. sig: of the file beside, or NULL. Refuses
 * what is not whole, or is a copy itself: ERR_INPUT. */
int	 share_make(struct share *s, const char *data, size_t len,
	    const char *sig, size_t siglen, struct error *err) MUST_CHECK;
/* May it be judged again? Not where what judging reads is left out. */
bool	 share_can_be_judged(const struct share *s);
/* Writes the map, if a file is named, and then the copy. The map is readable
 * by its owner alone, and takes the place of no other file. Neither may be
 * the original. */
int	 share_write(const struct share *s, const char *original,
	    const char *copy, const char *map, struct error *err) MUST_CHECK;
/* Does this file stand in a folder of papers, which is handed on? */
bool	 share_is_among_papers(const char *path);

const char *share_kind_name(enum share_kind k);	/* "people" */
/* "3 people"; translated, in a. */
char	*share_count_text(struct arena *a, enum share_kind k, size_t count);

#endif
