/* SPDX-License-Identifier: MIT */
/* What writing and checking a seal share. */
#ifndef RECORD_SEAL_PARTS_H
#define RECORD_SEAL_PARTS_H

#include <jansson.h>

#include "core/base/digest.h"
#include "core/record/seal.h"

#define SEAL_MANIFEST_VERSION 1
#define SEAL_SALT_SIZE 33
#define SEAL_MAX ((size_t)64 << 20)

struct seal_entry {
	enum seal_state state;
	char	 salt[SEAL_SALT_SIZE];	/* "" where withheld */
	char	 sha256[DIGEST_HEX_SIZE];
	char	 masked[DIGEST_HEX_SIZE];
};

struct seal_list {
	struct seal_entry of[SEAL_NSECTIONS];
};

/* The section of a member, as an index into seal_sections[]; -1 for those of
 * the seal itself. */
int	 seal_section_of(const char *member);
/* Digest of section i of this document, by a salt. */
void	 seal_digest(const char *data, const struct document_parts *parts,
	    int i, const char *salt, char out[DIGEST_HEX_SIZE]);
/* The salt of the masked one. */
void	 seal_masked_salt(const char *salt, char out[SEAL_SALT_SIZE]);
void	 seal_manifest(const struct seal_list *list, const char *id,
	    unsigned version, struct buf *out);
json_t	*seal_list_to_json(const struct seal_list *list);
json_t	*seal_to_json(const struct buf *manifest, const char *signature);

#endif
