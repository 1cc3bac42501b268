/* SPDX-License-Identifier: MIT */
/* Every page of the wizard on one and the same site, one after the other. */
#ifndef UNIT_GOLDEN_SCENES_H
#define UNIT_GOLDEN_SCENES_H

#include "tests/unit/golden_site.h"

extern const int scene_count;
const char *scene_name(int scene);
/* Of the window in which it is drawn: usually as it is, or another one; false
 * where it is not drawn at all. */
bool	 scene_size(int scene, int *nrows, int *ncols);
/* Afresh from the beginning, whatever was shown before. */
void	 scenes_go(struct scenes *sn, int scene, int nrows, int ncols);

#endif
