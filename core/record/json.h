/* SPDX-License-Identifier: MIT */
/* The record as JSON: schema "sitewalk/record/1" of the design, section 8. */
#ifndef RECORD_JSON_H
#define RECORD_JSON_H

#include <jansson.h>

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/record/model.h"

json_t	*record_to_json(const struct record *r);	/* returns owned */
/* Hostile input: bounded size and depth, duplicate keys refused, unknown
 * members ignored, every string sanitised. Returns owned or NULL. */
struct record *record_from_json(const char *data, size_t len,
	    struct error *err);
/* One bounded JSON document: UTF-8, at most 32 MiB, no duplicate keys. The
 * error says what is wrong and in which line. Returns owned or NULL. */
json_t	*json_read(const char *data, size_t len, struct error *err);
/* Ten times as fast, and allocates nothing: true for what json_read() would
 * take for sure, since it is laid out as json_write() does it. false says only
 * that json_read() has to look. */
bool	 json_is_plain(const char *data, size_t len);
/* Sorted keys, two spaces, LF at the end: stable bytes. */
void	 json_write(const json_t *value, struct buf *out);

json_t	*need_to_json(const struct need *n, bool with_judgement);
json_t	*observation_to_json(const struct observation *o);
/* Into `a`; false when a member has the wrong type. */
bool	 observation_from_json(struct arena *a, const json_t *j,
	    struct observation *out);	/* its detail is owned by the caller */
json_t	*vantage_to_json(const struct vantage *v);
bool	 vantage_from_json(struct arena *a, const json_t *j,
	    struct vantage *out);
json_t	*declaration_to_json(const struct declaration *d);
bool	 declaration_from_json(struct arena *a, const json_t *j,
	    struct declaration *out);
json_t	*strlist_to_json(const struct strlist *l);
json_t	*destination_to_json(const struct destination *d);
json_t	*ports_to_json(const struct ports *p);
json_t	*clauses_to_json(const struct clauses *c);
json_t	*source_to_json(const struct source *s);

#endif
