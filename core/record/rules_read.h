/* SPDX-License-Identifier: MIT */
/* Reads a change request, rules.json: schema "sitewalk/rules/1". */
#ifndef RECORD_RULES_READ_H
#define RECORD_RULES_READ_H

#include "core/base/error.h"
#include "core/record/model.h"

/* What it asks for, as the requirements that its rows come from. */
struct request {
	struct record *record;	/* owned: site, packs, and needs that apply.
				 * A row tells no rung, cause or zone */
	char	*id, *title;	/* in the record's arena */
	int64_t	 created_us;
	bool	 partial;	/* only what failed or is not proven */
};

/* Hostile input, as record_from_json(). -1 with err; the record is freed by
 * the caller. */
int	 request_from_json(const char *data, size_t len, struct request *out,
	    struct error *err) MUST_CHECK;

#endif
