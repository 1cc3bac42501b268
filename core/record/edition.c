/* SPDX-License-Identifier: MIT */
/* Owns what makes two papers of a site the same or not. */
#include "core/record/edition.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/record/json.h"

#define CONTENT_MAX ((size_t)64 << 20)

void
record_content_digest(const struct record *r, char out[DIGEST_HEX_SIZE])
{
	static const char *const about_paper[] = {"document", "sections",
	    "seal"};
	json_t *content = record_to_json(r);
	struct buf b;
	size_t i;

	for (i = 0; i < sizeof about_paper / sizeof *about_paper; i++)
		json_object_del(content, about_paper[i]);
	json_object_del(json_object_get(content, "readiness"), "as_of");
	buf_init(&b, CONTENT_MAX);
	json_write(content, &b);
	json_decref(content);
	if (b.overflowed)
		mem_fatal("the record is too large to be written");
	digest_sha256_hex(buf_str(&b), b.len, out);
	buf_free(&b);
}

const char *
edition_id(const char *content, uint32_t version, char out[EDITION_ID_SIZE])
{
	char text[DIGEST_HEX_SIZE + 16], digest[DIGEST_HEX_SIZE];
	int len = snprintf(text, sizeof text, "%" PRIu32 " %s", version,
	    content);

	digest_sha256_hex(text, (size_t)len, digest);
	snprintf(out, EDITION_ID_SIZE, "HO-%.12s", digest);
	return out;
}

bool
edition_is_draft(const struct edition *e)
{
	return e->version == 0 || e->id == NULL || e->id[0] == '\0';
}

int64_t
edition_time(const struct edition *e, int64_t now_us)
{
	return edition_is_draft(e) ? now_us : e->issued_us;
}

void
edition_make_draft(struct record *r)
{
	char *empty;

	if (edition_is_draft(&r->edition))
		return;
	empty = arena_strdup(r->arena, "");
	r->edition = (struct edition){.id = empty, .supersedes = empty};
}

void
edition_follow(struct record *r, const struct edition *old, int64_t now_us)
{
	char content[DIGEST_HEX_SIZE], id[EDITION_ID_SIZE];
	bool draft = edition_is_draft(old);
	uint32_t version = draft ? 1 : old->version + 1;

	record_content_digest(r, content);
	r->edition = (struct edition){
	    .id = arena_strdup(r->arena, edition_id(content, version, id)),
	    .version = version,
	    .supersedes = arena_strdup(r->arena, draft ? "" : old->id),
	    .issued_us = now_us,
	};
}
