/* SPDX-License-Identifier: MIT */
/* Owns the judging of a seal: what was changed, and who signed. */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/record/codec.h"
#include "core/record/json.h"
#include "core/record/seal_parts.h"
#include "core/record/sshsig.h"

/* Of "sections" and "seal", which are a few kilobytes. */
#define MEMBER_MAX ((size_t)64 << 10)

struct check {
	struct arena *arena;
	const char *data;
	size_t len;
	struct document_parts parts;
	struct seal_list list;
	struct seal_report *out;
	int64_t issued_us;
};

static void
complain(struct check *c, const char *name, const char *why)
{
	if (!strlist_has(&c->out->broken, name))
		strlist_add(c->arena, &c->out->broken, name);
	if (c->out->why == NULL && why != NULL)
		c->out->why = arena_strdup(c->arena, why);
	c->out->verdict = SEAL_BROKEN;
}

/* A member that is not there is NULL; owned. What stands behind it, where the
 * next one cannot be told from it, does not count. */
static json_t *
read_member(const struct check *c, const char *name)
{
	const struct document_part *p = document_part(&c->parts, name);

	if (p == NULL || p->len > MEMBER_MAX)
		return NULL;
	return json_loadb(c->data + p->start, p->len,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK,
	    NULL);
}

/* Does the member stand in the file as value would be written? */
static bool
stands_as(const struct check *c, const char *name, const json_t *value)
{
	const struct document_part *p = document_part(&c->parts, name);
	json_t *holder = codec_checked(json_object());
	size_t front = strlen("{\n  \"\": ") + strlen(name);
	struct buf bytes;
	bool same;

	buf_init(&bytes, 4 * MEMBER_MAX);
	codec_set(holder, name, json_incref((json_t *)value));
	json_write(holder, &bytes);
	same = p != NULL && bytes.len == front + p->len + strlen("\n}\n") &&
	    memcmp(bytes.data + front, c->data + p->start, p->len) == 0;
	json_decref(holder);
	buf_free(&bytes);
	return same;
}

/* --- a document that cannot be split: its lines --- */

/* Members by the lines that begin with two spaces and a quote. */
static void
split_loosely(struct check *c)
{
	const char *line = c->data, *end = c->data + c->len, *next, *quote;
	struct document_part *p = NULL;
	size_t n;

	c->parts.count = 0;
	for (; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next == NULL ? end : next + 1;
		if (end - line < 3 || memcmp(line, "  \"", 3) != 0) {
			/* The last brace is nobody's. */
			if (p != NULL && line[0] != '}')
				p->len = (size_t)(next - c->data) - p->start;
			continue;
		}
		quote = memchr(line + 3, '"', (size_t)(next - line - 3));
		n = quote == NULL ? 0 : (size_t)(quote - line - 3);
		if (n == 0 || n >= DOCUMENT_NAME_SIZE || next - quote < 3 ||
		    c->parts.count >= DOCUMENT_MAX_PARTS)
			continue;
		p = &c->parts.item[c->parts.count++];
		memcpy(p->name, line + 3, n);
		p->name[n] = '\0';
		p->start = (size_t)(quote + 3 - c->data);
		p->len = (size_t)(next - c->data) - p->start;
	}
	/* Without the comma and the line break behind it. */
	for (p = c->parts.item; p < c->parts.item + c->parts.count; p++) {
		if (p->len > 0 && c->data[p->start + p->len - 1] == '\n')
			p->len--;
		if (p->len > 0 && c->data[p->start + p->len - 1] == ',')
			p->len--;
	}
}

/* --- the list of the sections --- */

static bool
is_hex(const char *s, size_t len)
{
	return s != NULL && strlen(s) == len &&
	    strspn(s, "0123456789abcdef") == len;
}

static bool
read_state(const char *s, enum seal_state *out)
{
	int i;

	for (i = SEAL_WHOLE; s != NULL && i <= SEAL_WITHHELD; i++) {
		if (strcmp(seal_state_names[i], s) == 0) {
			*out = (enum seal_state)i;
			return true;
		}
	}
	return false;
}

static const char *
text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static bool
read_entry(const json_t *j, size_t i, struct seal_entry *out)
{
	const char *name = text_of(j, "name"), *salt = text_of(j, "salt");
	const char *sha256 = text_of(j, "sha256");
	const char *masked = text_of(j, "masked_sha256");

	if (name == NULL || strcmp(name, seal_sections[i].name) != 0 ||
	    !read_state(text_of(j, "state"), &out->state) ||
	    !is_hex(sha256, DIGEST_HEX_SIZE - 1) ||
	    !is_hex(masked, DIGEST_HEX_SIZE - 1) ||
	    !is_hex(salt, out->state == SEAL_WITHHELD ? 0 : SEAL_SALT_SIZE - 1))
		return false;
	memcpy(out->salt, salt, strlen(salt) + 1);
	memcpy(out->sha256, sha256, DIGEST_HEX_SIZE);
	memcpy(out->masked, masked, DIGEST_HEX_SIZE);
	return true;
}

/* A section whose line in the list cannot be read is named itself. */
static bool
read_list(struct check *c)
{
	json_t *list = read_member(c, "sections"), *again;
	bool good = json_array_size(list) == SEAL_NSECTIONS;
	size_t i;

	for (i = 0; good && i < SEAL_NSECTIONS; i++) {
		if (!read_entry(json_array_get(list, i), i, &c->list.of[i])) {
			complain(c, seal_sections[i].name, NULL);
			good = false;
		}
	}
	again = good ? seal_list_to_json(&c->list) : NULL;
	if (!good || !stands_as(c, "sections", again))
		complain(c, "sections",
		    _("The list of the sections is damaged."));
	json_decref(again);
	json_decref(list);
	return good;
}

/* --- the sections --- */

static bool
is_there(const struct check *c, int section)
{
	size_t i;

	for (i = 0; i < c->parts.count; i++) {
		if (seal_section_of(c->parts.item[i].name) == section)
			return true;
	}
	return false;
}

static void
check_sections(struct check *c)
{
	char sum[DIGEST_HEX_SIZE];
	const struct seal_entry *e;
	bool good;
	int i;

	for (i = 0; i < SEAL_NSECTIONS; i++) {
		e = &c->list.of[i];
		c->out->state[i] = e->state;
		c->out->redacted |= e->state != SEAL_WHOLE;
		if (e->state == SEAL_WITHHELD) {
			good = !is_there(c, i) && i != SEAL_NSECTIONS - 1;
		} else {
			seal_digest(c->data, &c->parts, i, e->salt, sum);
			good = strcmp(sum,
				   e->state == SEAL_WHOLE ? e->sha256 :
							    e->masked) == 0;
		}
		if (!good)
			complain(c, seal_sections[i].name,
			    _("What stands in the file is not what was "
			      "sealed."));
	}
}

/* --- whose document, and the signature --- */

static bool
is_id(const char *s)
{
	size_t n = strspn(s,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-");

	return s[n] == '\0' && n < sizeof((struct seal_report *)NULL)->id;
}

static void
read_document(struct check *c)
{
	json_t *document = read_member(c, "document");
	json_t *ended = read_member(c, "ended");
	json_t *version = json_object_get(document, "version");
	const char *id = text_of(document, "id");
	const char *issued = text_of(document, "issued");

	if (id != NULL && is_id(id))
		snprintf(c->out->id, sizeof c->out->id, "%s", id);
	if (json_integer_value(version) > 0 &&
	    json_integer_value(version) <= UINT32_MAX)
		c->out->version = (unsigned)json_integer_value(version);
	if ((issued == NULL || !clock_parse_iso(issued, &c->issued_us)) &&
	    json_string_value(ended) != NULL &&
	    !clock_parse_iso(json_string_value(ended), &c->issued_us))
		c->issued_us = 0;
	json_decref(document);
	json_decref(ended);
}

static void
check_signature(struct check *c, const json_t *seal, const struct buf *manifest)
{
	const char *signature = text_of(seal, "signature");
	const char *sha256 = text_of(seal, "sha256");
	char sum[DIGEST_HEX_SIZE];
	struct error err = {0};
	json_t *again;
	bool same;

	if (signature == NULL || sha256 == NULL) {
		complain(c, "seal", _("The signature is damaged."));
		return;
	}
	same = strcmp(sha256,
		   digest_sha256_hex(manifest->data, manifest->len, sum)) == 0;
	again = seal_to_json(manifest, signature);
	if (signature[0] == '\0') {
		/* One of them: nobody signed which. */
		if (!same) {
			complain(c, "sections",
			    _("The list of the sections was changed."));
			complain(c, "seal", NULL);
		}
	} else if (sshsig_verify(signature, strlen(signature),
		       SEAL_MANIFEST_NAMESPACE, manifest->data, manifest->len,
		       &c->out->key, &err) != 0) {
		complain(c, same ? "seal" : "sections", err.what);
	} else if (!sshsig_is_canonical(signature, strlen(signature))) {
		complain(c, "seal", _("The signature is damaged."));
	}
	if (!strlist_has(&c->out->broken, "sections") &&
	    !stands_as(c, "seal", again))
		complain(c, "seal", _("The signature is damaged."));
	json_decref(again);
}

static void
check_seal(struct check *c)
{
	json_t *seal = read_member(c, "seal");
	json_t *version = json_object_get(seal, "manifest");
	struct buf manifest;

	buf_init(&manifest, MEMBER_MAX);
	if (json_is_integer(version) &&
	    json_integer_value(version) > SEAL_MANIFEST_VERSION) {
		c->out->why = arena_strdup(c->arena,
		    _("It was sealed by a newer version of sitewalk."));
	} else {
		c->out->verdict = SEAL_UNSIGNED;
		if (read_list(c)) {
			check_sections(c);
			seal_manifest(&c->list, c->out->id, c->out->version,
			    &manifest);
			check_signature(c, seal, &manifest);
		}
	}
	buf_free(&manifest);
	json_decref(seal);
}

/* The signature beside the file is over all of its bytes. */
static void
check_file(struct check *c, const char *sig, size_t siglen)
{
	struct sshkey key;
	struct error err = {0};

	if (sshsig_verify(sig, siglen, SEAL_NAMESPACE, c->data, c->len, &key,
		&err) != 0) {
		complain(c, "file", err.what);
		return;
	}
	c->out->file_signed = true;
	if (c->out->key.len == 0)
		c->out->key = key;
	else if (!sshkey_equal(&key, &c->out->key))
		complain(c, "file",
		    _("The signature beside the file is by another key than "
		      "the one in it."));
}

/* Bytes that json_write() would not have put there. The digests may not tell
 * whose they are; the place does. */
static void
check_layout(struct check *c, const struct error *err, size_t end)
{
	char *why = arena_printf(c->arena, "%s (%s)", err->what, err->where);
	char name[DOCUMENT_NAME_SIZE];
	int section;

	document_where(c->data, c->len, end, name);
	section = name[0] == '\0' ? -1 : seal_section_of(name);
	if (section >= 0)
		complain(c, seal_sections[section].name, why);
	else if (name[0] != '\0')
		complain(c, name, why);
	else
		complain(c, "layout", why);
	c->out->why = why;
}

void
seal_check(struct arena *a, const char *data, size_t len, const char *sig,
    size_t siglen, const char *allowed, size_t allowedlen,
    struct seal_report *out)
{
	struct check *c = arena_alloc(a, sizeof *c);
	const struct document_part *list;
	struct error err = {0};
	size_t end;
	bool split;

	memset(out, 0, sizeof *out);
	*c = (struct check){.arena = a, .data = data, .len = len, .out = out};
	split = document_split(data, len, &c->parts, &err) == 0;
	end = c->parts.end;
	if (!split)
		split_loosely(c);
	read_document(c);
	list = document_part(&c->parts, "sections");
	if (document_part(&c->parts, "seal") != NULL)
		check_seal(c);
	else if (list != NULL && list->len > strlen("[]"))
		complain(c, "seal", _("The signature is missing."));
	else
		out->why = arena_strdup(a,
		    _("There is no seal in it: it was written by an older "
		      "version of sitewalk, or by something else."));
	if (!split)
		check_layout(c, &err, end);
	if (sig != NULL)
		check_file(c, sig, siglen);
	if (out->verdict == SEAL_BROKEN || out->verdict == SEAL_NONE)
		return;
	if (out->key.len > 0) {
		out->verdict = SEAL_SIGNED;
		out->allowed = allowed_find(allowed, allowedlen, &out->key,
		    SEAL_NAMESPACE, c->issued_us, out->principal);
	}
}
