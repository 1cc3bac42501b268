/* SPDX-License-Identifier: MIT */
/* For tests of needs: a pack with forms that the real ones hardly have. */
#ifndef UNIT_RARE_PACK_H
#define UNIT_RARE_PACK_H

extern const char rare_pack[];

#endif
