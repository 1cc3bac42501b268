/* SPDX-License-Identifier: MIT */
/* Owns what the seal of a handover is worth, in words. */
#include "tui/work/review_seal.h"

#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"

#define SIGNATURE_MAX ((size_t)64 << 10)
#define SUFFIX ".sig"

static const struct {
	const char *name, *label;
} words[REVIEW_SEALS] = {
    [SEAL_NONE] = {"none", N_("no seal")},
    [SEAL_UNSIGNED] = {"unsigned", N_("unsigned")},
    [SEAL_SIGNED] = {"signed", N_("signed")},
    [SEAL_BROKEN] = {"broken", N_("SEAL BROKEN")},
};

const char *
review_seal_name(enum seal_verdict v)
{
	return words[v].name;
}

const char *
review_seal_label(enum seal_verdict v)
{
	return _(words[v].label);
}

static const char *
names_text(struct arena *a, const struct strlist *l)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < l->count; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? ", " : "",
		    seal_label(l->item[i]));
	return text;
}

static void
note_state(struct arena *a, const struct seal_report *r, enum seal_state state,
    const char *sentence, struct strlist *out)
{
	struct strlist names = {0};
	size_t i;

	for (i = 0; i < SEAL_NSECTIONS; i++) {
		if (r->state[i] == state)
			strlist_add(a, &names, seal_sections[i].name);
	}
	if (names.count > 0)
		strlist_add(a, out,
		    arena_printf(a, sentence, names_text(a, &names)));
}

const char *
review_allowed_name(enum allowed a)
{
	static const char *const names[] = {"unknown", "other_purpose",
	    "other_time", "yes"};

	return names[a];
}

static char *
signed_by(struct arena *a, const struct seal_report *r, bool judged)
{
	const char *key = r->key.fingerprint;

	if (!judged)
		return arena_printf(a,
		    _("Sealed: nothing was changed since it was signed by the "
		      "key %s. Whose key that is was not compared "
		      "(--allowed-signers)."),
		    key);
	switch (r->allowed) {
	case ALLOWED_YES:
		return arena_printf(a,
		    _("Sealed: nothing was changed since it was signed by "
		      "%1$s with the key %2$s."),
		    r->principal, key);
	case ALLOWED_OTHER_PURPOSE:
		return arena_printf(a,
		    _("Sealed by the key %1$s of %2$s, which you do not allow "
		      "to sign such files."),
		    key, r->principal);
	case ALLOWED_OTHER_TIME:
		return arena_printf(a,
		    _("Sealed by the key %1$s of %2$s, which you do not trust "
		      "for the time that the file says it was issued."),
		    key, r->principal);
	default:
		return arena_printf(a,
		    _("Sealed by the key %s, which is not known to you: "
		      "anybody can have a key."),
		    key);
	}
}

const char *
review_signer(struct arena *a, const struct review_seal *s)
{
	return s->judged && s->allowed == ALLOWED_YES ?
	    arena_printf(a, "%s <%s>", s->principal, s->key) :
	    s->key;
}

static char *
sentence_of(struct arena *a, const struct seal_report *r, bool judged)
{
	switch (r->verdict) {
	case SEAL_SIGNED:
		return signed_by(a, r, judged);
	case SEAL_UNSIGNED:
		return arena_strdup(a,
		    _("Unsigned: nothing was changed by accident, but "
		      "anybody could have made or rewritten it."));
	case SEAL_BROKEN:
		return arena_printf(a,
		    _("Changed since it was sealed, so that nothing in it can "
		      "be believed: %s."),
		    names_text(a, &r->broken));
	default:
		return arena_strdup(a,
		    _("Not sealed: nothing proves who wrote this file, or "
		      "that it is unchanged."));
	}
}

void
review_seal(struct arena *a, const char *path, const char *data, size_t len,
    const struct buf *allowed, struct review_seal *out)
{
	struct seal_report r;
	struct error err;
	struct buf sig;
	bool beside;

	memset(out, 0, sizeof *out);
	buf_init(&sig, SIGNATURE_MAX);
	beside = file_read_still(arena_printf(a, "%s" SUFFIX, path),
		     SIGNATURE_MAX, true, &sig, &err) == 0;
	seal_check(a, data, len, beside ? buf_str(&sig) : NULL, sig.len,
	    allowed == NULL ? NULL : buf_str(allowed),
	    allowed == NULL ? 0 : allowed->len, &r);
	buf_free(&sig);
	out->verdict = r.verdict;
	out->redacted = r.redacted;
	if (r.verdict == SEAL_SIGNED) {
		snprintf(out->key, sizeof out->key, "%s", r.key.fingerprint);
		out->judged = allowed != NULL;
		out->allowed = r.allowed;
		snprintf(out->principal, sizeof out->principal, "%s",
		    out->judged ? r.principal : "");
	}
	out->why = sentence_of(a, &r, out->judged);
	if (r.verdict == SEAL_BROKEN || r.verdict == SEAL_NONE)
		return;
	note_state(a, &r, SEAL_MASKED,
	    _("It is a copy: names and addresses are masked in: %s."),
	    &out->notes);
	note_state(a, &r, SEAL_WITHHELD, _("It is a copy without: %s."),
	    &out->notes);
}
