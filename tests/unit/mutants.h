/* SPDX-License-Identifier: MIT */
/* Files that somebody altered: bits, parts, lines, values, depth and letters,
 * by a number from which the same ones come again. */
#ifndef UNIT_MUTANTS_H
#define UNIT_MUTANTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

#define MUTANT_KINDS 8
#define MUTANT_SEED 20261121
#define MUTANT_SLOW_S 1.0

struct mutant_random {
	uint64_t state;
};

uint64_t mutant_draw(struct mutant_random *r, uint64_t below);
/* The number in an environment variable, or another. */
uint64_t mutant_number(const char *name, uint64_t otherwise);
/* Replaces out by data altered in this kind of way; by one in three in
 * another one too. */
void	 mutant_make(struct mutant_random *r, size_t kind, const char *data,
	    size_t len, struct buf *out);
/* Of this process's own time. */
double	 mutant_seconds(void);

#endif
