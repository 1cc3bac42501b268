/* SPDX-License-Identifier: MIT */
/* One row of a change request as JSON, with its evidence. */
#ifndef EXPORT_ROW_JSON_H
#define EXPORT_ROW_JSON_H

#include <jansson.h>

#include "core/export/request/combine.h"
#include "core/export/request/rows.h"

json_t	*row_to_json(struct arena *a, const struct record *r,
	    const struct rule_row *row);	/* returns owned */
json_t	*combined_to_json(const struct combined_row *c);	/* the same */

/* Takes the value; NULL is fatal. */
void	 row_json_set(json_t *object, const char *name, json_t *value);
void	 row_json_append(json_t *list, json_t *value);
json_t	*row_json_text(const char *s);		/* NULL becomes "" */

#endif
