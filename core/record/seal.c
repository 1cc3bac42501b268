/* SPDX-License-Identifier: MIT */
/* Owns the making of a seal, and of copies that leave something out. */
#include "core/record/seal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/record/codec.h"
#include "core/record/json.h"
#include "core/record/mask.h"
#include "core/record/seal_parts.h"

const struct seal_section seal_sections[SEAL_NSECTIONS] = {
    {"people", N_("people and places"), "site declarations"},
    {"network", N_("the network as it was found"), "vantage"},
    {"equipment", N_("equipment"), "equipment"},
    {"answers", N_("answers"), "answers"},
    {"results", N_("results"), "requirements diagnoses readiness"},
    {"observations", N_("measurements"), "observations"},
    {"earlier", N_("earlier measurements"), "earlier"},
    {"notes", N_("what people confirmed"), "attestations"},
    {"deviations", N_("accepted deviations"), "deviations"},
    {"head", N_("the head: program, packs, times, document"), ""},
};

const char *const seal_state_names[] = {"whole", "masked", "withheld"};

static const struct {
	const char *name, *label;
} other_labels[] = {
    {"sections", N_("the list of the sections")},
    {"seal", N_("the signature")},
    {"layout", N_("bytes between the sections")},
    {"file", N_("the file as a whole")},
};

const char *
seal_label(const char *name)
{
	size_t i;

	for (i = 0; i < SEAL_NSECTIONS; i++) {
		if (strcmp(seal_sections[i].name, name) == 0)
			return _(seal_sections[i].label);
	}
	for (i = 0; i < sizeof other_labels / sizeof *other_labels; i++) {
		if (strcmp(other_labels[i].name, name) == 0)
			return _(other_labels[i].label);
	}
	return name;
}

static bool
among(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *at = list;

	while (len > 0 && (at = strstr(at, word)) != NULL) {
		if ((at == list || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
		at += len;
	}
	return false;
}

int
seal_section_of(const char *member)
{
	int i;

	if (strcmp(member, "sections") == 0 || strcmp(member, "seal") == 0)
		return -1;
	for (i = 0; i < SEAL_NSECTIONS - 1; i++) {
		if (among(seal_sections[i].members, member))
			return i;
	}
	return SEAL_NSECTIONS - 1;
}

static void
to_hex(const uint8_t *sum, size_t len, char *out)
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		out[2 * i] = hex[sum[i] >> 4];
		out[2 * i + 1] = hex[sum[i] & 15];
	}
	out[2 * len] = '\0';
}

void
seal_digest(const char *data, const struct document_parts *parts, int section,
    const char *salt, char out[DIGEST_HEX_SIZE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const struct document_part *p;
	uint8_t sum[32];
	bool good = ctx != NULL &&
	    EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
	    EVP_DigestUpdate(ctx, salt, strlen(salt)) == 1;
	size_t i;

	for (i = 0; good && i < parts->count; i++) {
		p = &parts->item[i];
		if (seal_section_of(p->name) != section)
			continue;
		good = EVP_DigestUpdate(ctx, p->name, strlen(p->name) + 1) ==
			1 &&
		    EVP_DigestUpdate(ctx, data + p->start, p->len) == 1 &&
		    EVP_DigestUpdate(ctx, "", 1) == 1;
	}
	if (!good || EVP_DigestFinal_ex(ctx, sum, NULL) != 1)
		mem_fatal("SHA-256 is not available from OpenSSL");
	EVP_MD_CTX_free(ctx);
	to_hex(sum, sizeof sum, out);
}

void
seal_masked_salt(const char *salt, char out[SEAL_SALT_SIZE])
{
	char text[sizeof "masked" + SEAL_SALT_SIZE], sum[DIGEST_HEX_SIZE];
	size_t len = strlen(salt);

	memcpy(text, "masked", 6);
	memcpy(text + 6, salt, len);
	digest_sha256_hex(text, 6 + len, sum);
	memcpy(out, sum, SEAL_SALT_SIZE - 1);
	out[SEAL_SALT_SIZE - 1] = '\0';
}

/* HMAC-SHA256 by the site's secret of "salt", the section's name and the
 * digest of its bytes. */
static void
make_salt(const struct record *r, const char *name, const char *digest,
    char out[SEAL_SALT_SIZE])
{
	char text[4 + 32 + DIGEST_HEX_SIZE];
	uint8_t sum[32];
	unsigned n = sizeof sum;
	size_t len = strlen(name);

	memcpy(text, "salt", 4);
	memcpy(text + 4, name, len);
	memcpy(text + 4 + len, digest, DIGEST_HEX_SIZE - 1);
	if (HMAC(EVP_sha256(), r->secret, sizeof r->secret,
		(const unsigned char *)text, 4 + len + DIGEST_HEX_SIZE - 1, sum,
		&n) == NULL)
		mem_fatal("HMAC is not available from OpenSSL");
	to_hex(sum, (SEAL_SALT_SIZE - 1) / 2, out);
}

void
seal_manifest(const struct seal_list *list, const char *id, unsigned version,
    struct buf *out)
{
	size_t i;

	buf_addf(out, "sitewalk manifest %d\ndocument %s %u\n",
	    SEAL_MANIFEST_VERSION, id[0] == '\0' ? "-" : id, version);
	for (i = 0; i < SEAL_NSECTIONS; i++)
		buf_addf(out, "section %s %s %s\n", seal_sections[i].name,
		    list->of[i].sha256, list->of[i].masked);
}

json_t *
seal_list_to_json(const struct seal_list *list)
{
	json_t *array = codec_checked(json_array()), *one;
	size_t i;

	for (i = 0; i < SEAL_NSECTIONS; i++) {
		const struct seal_entry *e = &list->of[i];

		one = codec_checked(json_object());
		codec_set(one, "name", codec_string(seal_sections[i].name));
		codec_set(one, "state",
		    codec_string(seal_state_names[e->state]));
		codec_set(one, "salt", codec_string(e->salt));
		codec_set(one, "sha256", codec_string(e->sha256));
		codec_set(one, "masked_sha256", codec_string(e->masked));
		if (json_array_append_new(array, one) != 0)
			mem_fatal("a list of sections could not be built");
	}
	return array;
}

json_t *
seal_to_json(const struct buf *manifest, const char *signature)
{
	json_t *seal = codec_checked(json_object());
	char sum[DIGEST_HEX_SIZE];

	codec_set(seal, "manifest",
	    codec_checked(json_integer(SEAL_MANIFEST_VERSION)));
	codec_set(seal, "sha256",
	    codec_string(
		digest_sha256_hex(manifest->data, manifest->len, sum)));
	codec_set(seal, "signature", codec_string(signature));
	return seal;
}

/* The bytes of a document, and where its members are. */
static int
lay_out(const json_t *document, struct buf *out, struct document_parts *parts,
    struct error *err)
{
	buf_clear(out);
	json_write(document, out);
	if (out->overflowed)
		return error_set(err, ERR_INTERNAL, "%s",
		    _("The document is larger than this program can write."));
	return document_split(out->data, out->len, parts, err);
}

/* Digests of all sections: as they are, and as they are masked. */
static int
fill_list(const struct record *r, const json_t *document,
    struct seal_list *list, struct error *err)
{
	json_t *masked = seal_mask(document, NULL);
	char digest[DIGEST_HEX_SIZE], salt[SEAL_SALT_SIZE];
	struct document_parts parts;
	struct buf bytes;
	int i, rc;

	buf_init(&bytes, SEAL_MAX);
	rc = lay_out(document, &bytes, &parts, err);
	for (i = 0; rc == 0 && i < SEAL_NSECTIONS; i++) {
		struct seal_entry *e = &list->of[i];

		e->state = SEAL_WHOLE;
		seal_digest(bytes.data, &parts, i, "", digest);
		make_salt(r, seal_sections[i].name, digest, e->salt);
		seal_digest(bytes.data, &parts, i, e->salt, e->sha256);
	}
	if (rc == 0)
		rc = lay_out(masked, &bytes, &parts, err);
	for (i = 0; rc == 0 && i < SEAL_NSECTIONS; i++) {
		seal_masked_salt(list->of[i].salt, salt);
		seal_digest(bytes.data, &parts, i, salt, list->of[i].masked);
	}
	buf_free(&bytes);
	json_decref(masked);
	return rc;
}

/* Tokens come from it. One that came with the document stays, so that its next
 * edition has the same tokens; else it comes from the site's secret. */
static json_t *
masking_to_json(const struct record *r)
{
	json_t *masking = codec_checked(json_object());
	char key[DIGEST_HEX_SIZE];
	uint8_t sum[32];
	unsigned n = sizeof sum;

	if (HMAC(EVP_sha256(), r->secret, sizeof r->secret,
		(const unsigned char *)"mask", 4, sum, &n) == NULL)
		mem_fatal("HMAC is not available from OpenSSL");
	to_hex(sum, sizeof sum, key);
	codec_set(masking, "key",
	    codec_string(r->mask_key != NULL ? r->mask_key : key));
	return masking;
}

int
seal_write(const struct record *r, struct signer *s, struct buf *out,
    struct error *err)
{
	json_t *document = record_to_json(r);
	struct seal_list list = {0};
	struct buf manifest, signature;
	int rc;

	buf_init(&manifest, 1u << 16);
	buf_init(&signature, 1u << 16);
	(void)json_object_del(document, "sections");
	codec_set(document, "masking", masking_to_json(r));
	rc = fill_list(r, document, &list, err);
	if (rc == 0)
		seal_manifest(&list, r->edition.id, r->edition.version,
		    &manifest);
	if (rc == 0 && s != NULL)
		rc = signer_sign(s, SEAL_MANIFEST_NAMESPACE, manifest.data,
		    manifest.len, &signature, err);
	if (rc == 0) {
		codec_set(document, "sections", seal_list_to_json(&list));
		codec_set(document, "seal",
		    seal_to_json(&manifest, buf_str(&signature)));
		json_write(document, out);
	}
	buf_free(&manifest);
	buf_free(&signature);
	json_decref(document);
	return rc;
}

/* --- copies --- */

static int
broken(struct error *err)
{
	error_set(err, ERR_INPUT, "%s",
	    _("A copy can be made only of a handover whose seal is whole and "
	      "that leaves nothing out itself."));
	return -1;
}

/* Puts section i as `want` says into document; entry is that of the list. */
static void
put_section(json_t *document, const json_t *masked, int section,
    enum seal_state want, json_t *entry)
{
	char salt[SEAL_SALT_SIZE];
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(document, next, name, value)
	{
		if (seal_section_of(name) != section)
			continue;
		if (want == SEAL_WITHHELD)
			(void)json_object_del(document, name);
		else
			codec_set(document, name,
			    json_incref(json_object_get(masked, name)));
	}
	seal_masked_salt(json_string_value(json_object_get(entry, "salt")),
	    salt);
	codec_set(entry, "salt",
	    codec_string(want == SEAL_WITHHELD ? "" : salt));
	codec_set(entry, "state", codec_string(seal_state_names[want]));
}

/* The copy must verify: it does not where another version of the program
 * masks in another way. */
static int
check_copy(const struct buf *copy, struct error *err)
{
	struct arena *a = arena_new();
	struct seal_report report;
	int rc = 0;

	seal_check(a, copy->data, copy->len, NULL, 0, NULL, 0, &report);
	if (report.verdict != SEAL_SIGNED && report.verdict != SEAL_UNSIGNED) {
		rc = error_set(err, ERR_NEWER, "%s",
		    _("This handover was sealed by a version of sitewalk "
		      "that masks in another way."));
		error_hint(err, "%s",
		    _("Make the copy with that version, or leave sections "
		      "out instead of masking them."));
	}
	arena_free(a);
	return rc;
}

/* The head of a copy is masked in any case: the key of the tokens is in it. */
static enum seal_state
state_of(const enum seal_state *want, int section)
{
	return section == SEAL_NSECTIONS - 1 ? SEAL_MASKED : want[section];
}

static int
redact(const char *data, size_t len, const enum seal_state *want,
    struct buf *out, json_t **map, struct error *err)
{
	json_t *document = json_read(data, len, err), *masked, *plain;
	json_t *entries = json_object_get(document, "sections");
	int i;

	if (document == NULL)
		return -1;
	plain = codec_checked(json_copy(document));
	(void)json_object_del(plain, "sections");
	(void)json_object_del(plain, "seal");
	masked = seal_mask(plain, map);
	for (i = 0; i < SEAL_NSECTIONS; i++) {
		if (state_of(want, i) != SEAL_WHOLE)
			put_section(document, masked, i, state_of(want, i),
			    json_array_get(entries, (size_t)i));
	}
	json_write(document, out);
	json_decref(plain);
	json_decref(masked);
	json_decref(document);
	return check_copy(out, err);
}

int
seal_redact(const char *data, size_t len,
    const enum seal_state want[SEAL_NSECTIONS], struct buf *out, json_t **map,
    struct error *err)
{
	struct arena *a = arena_new();
	struct seal_report report;
	int rc = 0;

	if (map != NULL)
		*map = NULL;
	seal_check(a, data, len, NULL, 0, NULL, 0, &report);
	if (want[SEAL_NSECTIONS - 1] == SEAL_WITHHELD)
		rc = error_set(err, ERR_USAGE, "%s",
		    _("The head of a handover cannot be left out."));
	else if ((report.verdict != SEAL_SIGNED &&
		     report.verdict != SEAL_UNSIGNED) ||
	    report.redacted)
		rc = broken(err);
	arena_free(a);
	if (rc == 0)
		rc = redact(data, len, want, out, map, err);
	if (rc != 0 && map != NULL) {
		json_decref(*map);
		*map = NULL;
	}
	return rc;
}
