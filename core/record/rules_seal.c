/* SPDX-License-Identifier: MIT */
/* Owns the judging of what vouches for a change request. */
#include "core/record/rules_seal.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/record/json.h"
#include "core/record/sshsig.h"

#define WRITTEN_MAX ((size_t)64 << 20)

static const char *
text_of(const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s == NULL ? "" : s;
}

/* The document less what is not under the fingerprint, as it is laid out when
 * it is written. */
static bool
fits_fingerprint(json_t *j)
{
	char said[DIGEST_HEX_SIZE], sum[DIGEST_HEX_SIZE];
	struct buf b;
	bool same;

	snprintf(said, sizeof said, "%s", text_of(j, "fingerprint"));
	json_object_del(j, "fingerprint");
	json_object_del(j, "created");
	buf_init(&b, WRITTEN_MAX);
	json_write(j, &b);
	same = !b.overflowed &&
	    strcmp(digest_sha256_hex(buf_str(&b), b.len, sum), said) == 0;
	buf_free(&b);
	return same;
}

static void
read_document(struct arena *a, const char *data, size_t len,
    struct seal_report *out, bool *as_written, int64_t *created_us)
{
	json_t *j = json_read(data, len, NULL);
	const char *id = text_of(j, "id");

	if (!clock_parse_iso(text_of(j, "created"), created_us))
		*created_us = 0;
	snprintf(out->id, sizeof out->id, "%s",
	    text_sanitise(a, id, strlen(id), sizeof out->id - 1, false));
	*as_written = json_is_object(j) && fits_fingerprint(j);
	json_decref(j);
}

void
rules_seal_check(struct arena *a, const char *data, size_t len, const char *sig,
    size_t siglen, const char *allowed, size_t allowedlen,
    struct seal_report *out, bool *as_written)
{
	struct error err = {0};
	int64_t created_us = 0;

	memset(out, 0, sizeof *out);
	out->verdict = SEAL_UNSIGNED;
	if (sig != NULL &&
	    sshsig_verify(sig, siglen, RULES_NAMESPACE, data, len, &out->key,
		&err) != 0) {
		out->verdict = SEAL_BROKEN;
		memset(&out->key, 0, sizeof out->key);
		strlist_add(a, &out->broken, "file");
		out->why = arena_strdup(a, err.what);
	} else if (sig != NULL) {
		out->verdict = SEAL_SIGNED;
		out->file_signed = true;
	}
	read_document(a, data, len, out, as_written, &created_us);
	if (out->verdict != SEAL_SIGNED)
		return;
	out->allowed = allowed_find(allowed, allowedlen, &out->key,
	    RULES_NAMESPACE, created_us, out->principal);
	if (!*as_written)
		out->why = arena_strdup(a,
		    _("It was signed after something was filled in or "
		      "changed: it is not as sitewalk wrote it."));
}
