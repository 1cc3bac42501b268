/* SPDX-License-Identifier: MIT */
/* Packs for `packs show`: everything they ask, whatever the answers. */
#ifndef TUI_PACKS_SHOW_H
#define TUI_PACKS_SHOW_H

#include <jansson.h>

#include "core/base/buf.h"
#include "core/pack/pack.h"

/* Readable at 80 columns. */
void	 packs_show_text(struct buf *out, const struct pack *p);
/* One element of "packs" in sitewalk/packs/1. Returns owned. */
json_t	*packs_show_json(const struct pack *p);

#endif
