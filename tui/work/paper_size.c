/* SPDX-License-Identifier: MIT */
/* Owns the question which paper is usual here. */
#include "tui/work/paper_size.h"

#include <langinfo.h>
#include <stdint.h>

#define LETTER_HEIGHT_MM 279

enum sheet_size
paper_usual(void)
{
#ifdef __GLIBC__
	/* The C library gives the number itself in place of a text. */
	if ((intptr_t)nl_langinfo(_NL_PAPER_HEIGHT) == LETTER_HEIGHT_MM)
		return SHEET_LETTER;
#endif
	return SHEET_A4;
}
