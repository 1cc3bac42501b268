/* SPDX-License-Identifier: MIT */
/* The seal of a handover. Two signatures, both in the OpenSSH format
 * (PROTOCOL.sshsig) and by the same key:
 *
 * - handover.json.sig over the exact bytes of the file, namespace
 *   "sitewalk-handover": stock ssh-keygen verifies it.
 * - in the file, as member "seal", over the manifest: the list of the
 *   sections with a salted digest of each, as it is and as it is masked for
 *   support. So a copy that leaves out or masks sections still verifies:
 *
 *     "sections": [{"masked_sha256", "name", "salt", "sha256", "state"}...]
 *     "seal": {"manifest": 1, "sha256", "signature": "" or
 *              "-----BEGIN SSH SIGNATURE-----..."}
 *
 *   The manifest is text that is made from these, each line ended by LF, one
 *   line "section" for each of seal_sections[] in that order:
 *
 *     sitewalk manifest 1
 *     document HO-0123456789ab 2
 *     section NAME SHA256 MASKED_SHA256
 *
 *   "document" tells id and version of the member "document", "- 0" of a
 *   draft. Its digest is "sha256", its signature "signature" (namespace
 *   "sitewalk-manifest").
 *
 * A section's digest is SHA-256, in lower-case hex, of: its salt as 32 hex
 * digits; then of each of its members, in ascending order of their names:
 * the name, a byte 0, the bytes of its value as they stand in the file (from
 * behind ": " to before the comma or line break), a byte 0. The masked one is
 * of the same members in the masked document, by another salt: the first 32
 * hex digits of SHA-256 of "masked" and the salt. `state` is "whole",
 * "masked" (then `salt` is that other one) or "withheld" (then it is empty,
 * and the members are gone), so that nobody can guess what was there. A salt
 * comes from the site's own secret and the section's bytes: the same record
 * gives the same file.
 *
 * "masking" holds the key of the site from which the tokens of masked sections
 * come, so that one thing has one token in all copies of the site. Who has it
 * can try guesses; so it is empty in the head of every copy.
 *
 * Every top-level member but "sections" and "seal" belongs to one section;
 * those that no section names belong to "head". */
#ifndef RECORD_SEAL_H
#define RECORD_SEAL_H

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/record/allowed.h"
#include "core/record/document.h"
#include "core/record/model.h"
#include "core/record/signer.h"

#define SEAL_NAMESPACE "sitewalk-handover"
#define SEAL_MANIFEST_NAMESPACE "sitewalk-manifest"
#define SEAL_NSECTIONS 10

/* Which members each section holds; the last one takes all others. */
struct seal_section {
	const char *name;	/* "people" "network" "results" ... */
	const char *label;	/* N_("people and places") */
	const char *members;	/* "site declarations" */
};
extern const struct seal_section seal_sections[SEAL_NSECTIONS];

enum seal_state { SEAL_WHOLE, SEAL_MASKED, SEAL_WITHHELD };
extern const char *const seal_state_names[]; /* "whole" ... */

/* The document with "sections" and "seal". s NULL: unsigned, and the
 * manifest still tells what was changed by accident. */
int	 seal_write(const struct record *r, struct signer *s,
	    struct buf *out, struct error *err) MUST_CHECK;
/* A copy of a sealed document whose sections are masked or withheld as
 * `want` says, by its own seal. It must be whole itself, and ERR_INPUT says
 * so; "head" cannot be withheld: ERR_USAGE; it
 * is masked, whatever `want` says. *map, unless NULL: the token of
 * each masked text as a JSON object, owned, for whoever owns the site. */
int	 seal_redact(const char *data, size_t len,
	    const enum seal_state want[SEAL_NSECTIONS], struct buf *out,
	    json_t **map, struct error *err) MUST_CHECK;

enum seal_verdict {
	SEAL_NONE,	/* no seal that this program knows: why tells */
	SEAL_UNSIGNED,	/* whole, but nobody signed */
	SEAL_SIGNED,	/* whole, and signed by the key named */
	SEAL_BROKEN,	/* changed: `broken` names what */
};

struct seal_report {
	enum seal_verdict verdict;
	char	 id[32];		/* of the document, by the manifest */
	unsigned version;
	struct sshkey key;		/* who signed; its len is 0: nobody */
	enum allowed allowed;		/* by allowed signers, at the time */
	char	 principal[ALLOWED_PRINCIPAL_SIZE]; /* when it was issued */
	bool	 file_signed;		/* the .sig beside fits the bytes */
	bool	 redacted;		/* sections are masked or withheld */
	enum seal_state state[SEAL_NSECTIONS];
	/* Names of sections; and "sections" (the list itself), "seal" (the
	 * signature), "layout" (bytes between the members), "file" (the
	 * bytes are not those that the .sig was made of). In arena. */
	struct strlist broken;
	char	*why;			/* one sentence, in arena; or NULL */
};

/* data: a whole handover.json; sig: handover.json.sig, or NULL. allowed: an
 * allowed_signers file's bytes, or NULL. Never trusts what it reads: bounded,
 * and nothing of the document is believed before this. */
void	 seal_check(struct arena *a, const char *data, size_t len,
	    const char *sig, size_t siglen, const char *allowed,
	    size_t allowedlen, struct seal_report *out);
/* What a name in `broken` means, in words; translated. */
const char *seal_label(const char *name);

#endif
