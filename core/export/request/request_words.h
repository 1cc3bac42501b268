/* SPDX-License-Identifier: MIT */
/* The parts of a change request as plain text, for the fields of a ticket. */
#ifndef EXPORT_REQUEST_WORDS_H
#define EXPORT_REQUEST_WORDS_H

#include "core/export/request/request.h"

/* All in a, translated; lines end in LF, the last one has none. */
char	*request_words_subject(struct arena *a, const struct request *q);
char	*request_words_about(struct arena *a, const struct request *q);
char	*request_words_rows(struct arena *a, const struct request *q);
char	*request_words_impact(struct arena *a, const struct request *q);
char	*request_words_risks(struct arena *a, const struct request *q);
char	*request_words_lint(struct arena *a, const struct request *q);
/* "zencontrol lighting controllers (FR-zencontrol.ntp)" */
char	*request_words_members(struct arena *a, const struct combined_row *c);

/* The first few; rules.json has them all. */
char	*request_some_ids(struct arena *a, const struct strlist *ids);
/* "high", "medium", "low", or "" where there is no row with a risk. */
const char *request_highest_risk(const struct request *q);
/* Bytes of the longest prefix of at most max characters. */
size_t	 request_prefix(const char *s, size_t max);

#endif
