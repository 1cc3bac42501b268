/* SPDX-License-Identifier: MIT */
/* The tokens of one masked document, and the finding of what they stand for
 * in text. A token comes from the key of the site and the original alone: the
 * same in every document of the site. For mask.c. */
#ifndef RECORD_MASK_TEXT_H
#define RECORD_MASK_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/ip.h"
#include "core/base/mem.h"

#define MASK_DIGEST 32
#define MASK_MAC 18		/* "02:00:5e:10:00:01" */

/* Originals that are looked for in text, the longest first once they are
 * sorted, and their tokens. */
struct mask_words {
	struct strlist words, tokens;
	bool	 first[256];	/* bytes that begin one of them */
};

struct mask {
	struct arena *arena;
	const char *key;	/* of the site; "" where it has none */
	json_t	*token_of;	/* of a kind and an original */
	json_t	*original_of;	/* of a token */
	json_t	*open;		/* addresses and MACs that stay readable */
	json_t	*hosts;		/* names that the packs ask for */
	struct strlist apexes;	/* names below which all is the vendor's */
	struct mask_words sure;	/* typed, or a name: wherever they stand */
	struct mask_words said;	/* in sentences only, since a pack may say the
				 * same word and mean nobody by it */
};

/* "person-k3x9qd": the same for the same text. "" stays "". */
const char *mask_token(struct mask *m, const char *kind, const char *text);
/* The same, and the text is masked wherever it stands as a word of these. */
const char *mask_word(struct mask *m, struct mask_words *w, const char *kind,
	    const char *text);
void	 mask_sort_words(struct mask_words *w);
/* An address that is shown; the same of a JSON string, unless the address is
 * a private one. A MAC address, in whatever way it is written. */
void	 mask_open(struct mask *m, const char *address);
void	 mask_open_public(struct mask *m, const json_t *value);
void	 mask_open_macs(struct mask *m, const char *text);
/* Text with all words and addresses in it masked; in the arena, or as it
 * is. sentence: with those of m->said. */
const char *mask_text(struct mask *m, const char *text, bool sentence);
/* A host name as a token; what belongs to a vendor keeps the vendor's part. */
const char *mask_host(struct mask *m, const char *host);
bool	 mask_is_vendors(const struct mask *m, const char *host);

/* --- mask_address.c --- */
/* HMAC-SHA256 by the site's key of what is named. */
void	 mask_digest(const struct mask *m, const char *what, const void *data,
	    size_t len, uint8_t out[MASK_DIGEST]);
/* The address that stands for another: of the same kind, private where that is
 * private, and two share as many leading bits as theirs do. An address of the
 * internet becomes one that nobody has (240.0.0.0/4, RFC 1112 section 4;
 * 3fff::/20, RFC 9637), and shares bits from the 8th or the 32nd on. false:
 * it names nobody, and stays. */
bool	 mask_ip(const struct mask *m, const struct ip *ip, struct ip *out);
/* One that is locally administered, and tells nothing of the other. */
void	 mask_mac(const struct mask *m, const char mac[MASK_MAC],
	    char out[MASK_MAC]);

#endif
