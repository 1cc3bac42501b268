#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints core/base/width.c: the columns of each character on a terminal.

usage: tests/width_table.py >core/base/width.c
The table follows Python's copy of the Unicode database; the file says which.
"""
import unicodedata

HEAD = """/* SPDX-License-Identifier: MIT */
/* Owns how wide each character is on a terminal. Made from Unicode %s by
 * tests/width_table.py; change that one, not this file. */
#include "core/base/text.h"

struct range {
	uint32_t first, last;
};

/* clang-format off */
"""

TAIL = """/* clang-format on */

static bool
is_in(uint32_t cp, const struct range *table, size_t count)
{
	size_t low = 0, high = count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (cp > table[middle].last)
			low = middle + 1;
		else if (cp < table[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

int
text_cp_width(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		return 0;
	if (cp < 0x300)
		return 1;
	if (is_in(cp, zero, sizeof zero / sizeof *zero))
		return 0;
	return is_in(cp, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}
"""


def is_zero(cp):
    """Marks, invisible format characters, and Hangul parts that join."""
    if cp < 0x300:
        return False
    category = unicodedata.category(chr(cp))
    return (category in ("Mn", "Me", "Cf", "Zl", "Zp")
            or 0x1160 <= cp <= 0x11ff or 0xd7b0 <= cp <= 0xd7c6
            or 0xd7cb <= cp <= 0xd7fb)


def is_wide(cp):
    """Wide or fullwidth (UAX 11); ideograph planes also where unassigned."""
    if is_zero(cp):
        return False
    if 0x20000 <= cp <= 0x2fffd or 0x30000 <= cp <= 0x3fffd:
        return True
    return (unicodedata.category(chr(cp)) != "Cn"
            and unicodedata.east_asian_width(chr(cp)) in "WF")


def ranges(predicate):
    found = []
    for cp in range(0x110000):
        if not predicate(cp):
            continue
        if found and found[-1][1] == cp - 1:
            found[-1][1] = cp
        else:
            found.append([cp, cp])
    return found


def table(name, predicate):
    cells = ["{0x%x, 0x%x}," % tuple(r) for r in ranges(predicate)]
    lines = ["static const struct range %s[] = {" % name]
    line = ""
    for cell in cells:
        if len(line) + 1 + len(cell) > 72:
            lines.append("\t" + line)
            line = ""
        line = (line + " " + cell).strip()
    return "\n".join(lines + ["\t" + line, "};", ""])


print(HEAD % unicodedata.unidata_version
      + table("zero", is_zero) + "\n" + table("wide", is_wide) + TAIL, end="")
