/* SPDX-License-Identifier: MIT */
/* Tells large packets that vanish from a server that is silent. */
#include "core/probe/narrow.h"

#define OVER 4

enum narrow_next
narrow_after(struct narrow *n, bool silent, bool answered)
{
	bool is_small = n->step == 1 || n->step == 3;

	if (n->step == OVER || (is_small ? !answered : !silent)) {
		n->step = OVER;
		return NARROW_NO;
	}
	n->step++;
	if (n->step == OVER)
		return NARROW_PROVED;
	return is_small ? NARROW_NORMAL : NARROW_SMALL;
}
