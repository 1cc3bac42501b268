/* SPDX-License-Identifier: MIT */
/* Which content a handover has: the same content is the same edition. */
#ifndef RECORD_EDITION_H
#define RECORD_EDITION_H

#include "core/base/digest.h"
#include "core/record/model.h"

/* SHA-256 of the record's JSON, less what is about the paper and not about the
 * site ("document", "sections", "seal"), and less the day of judging, which
 * moves on while nothing happens. What follows from that day does count: on
 * the day on which an acceptance ends, its line fails, and that is another
 * content. So are another program, another pack and another language, since
 * they say other things. */
void	 record_content_digest(const struct record *r,
	    char out[DIGEST_HEX_SIZE]);

#define EDITION_ID_SIZE 16
/* "HO-" and 12 hex digits: of the content, and of the version, so that a
 * content which comes back later has an id of its own. */
const char *edition_id(const char *content, uint32_t version,
	    char out[EDITION_ID_SIZE]);

bool	 edition_is_draft(const struct edition *e);
/* When it was issued; a draft is of now. */
int64_t	 edition_time(const struct edition *e, int64_t now_us);
void	 edition_make_draft(struct record *r);
/* The one that takes the place of `old`, which may be a draft. */
void	 edition_follow(struct record *r, const struct edition *old,
	    int64_t now_us);

#endif
