/* SPDX-License-Identifier: MIT */
/* Owns what is masked in a handover, and where. */
#include "core/record/mask.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/record/codec.h"
#include "core/record/declaration.h"
#include "core/record/json.h"
#include "core/record/mask_parts.h"

#define PATH_MAX_DEPTH 40
#define DOCUMENT_MAX ((size_t)64 << 20)

enum how {
	KEEP,     /* words of the program and of the packs, numbers, times */
	TEXT,     /* a pack's sentence, which can name what was typed */
	SENTENCE, /* about the site */
	WHOLE,    /* one token takes its place */
	PART,     /* its form tells what it is: an address, a name, a number */
	ADAPTER,
	DETAIL, /* what came over the network; see mask_part.c */
	EMPTY,
};

/* `path` leads to texts: names of members, "*" is every element of a list, and
 * "**" whatever lies between, or all below. The first row that fits decides;
 * what fits none is TEXT. */
static const struct rule {
	const char *path;
	enum how how;
	const char *kind; /* of the token */
} rules[] = {
    {"masking.key", EMPTY, NULL},
    {"site.name", WHOLE, "place"},
    {"site.address", WHOLE, "place"},
    {"site.project", WHOLE, "project"},
    {"site.customer", WHOLE, "company"},
    {"site.customer_contact", WHOLE, "person"},
    {"site.installer", WHOLE, "company"},
    {"site.installer_contact", WHOLE, "person"},
    {"site.engineer", WHOLE, "person"},
    {"site.it_contact", WHOLE, "person"},
    {"site.notes", WHOLE, "text"},
    {"site.device_zone", WHOLE, "place"},
    {"declarations.*.name", WHOLE, "person"},
    {"declarations.*.role", WHOLE, "company"},
    {"declarations.*.remarks", WHOLE, "text"},
    {"declarations.*.text", SENTENCE, NULL},
    {"deviations.*.owner", WHOLE, "person"},
    {"deviations.*.initials", WHOLE, "person"},
    {"deviations.*.reason", WHOLE, "text"},
    {"deviations.*.says", SENTENCE, NULL},
    {"requirements.*.deviation.owner", WHOLE, "person"},
    {"requirements.*.deviation.initials", WHOLE, "person"},
    {"requirements.*.deviation.reason", WHOLE, "text"},
    {"requirements.*.deviation.says", SENTENCE, NULL},
    {"requirements.*.summary", SENTENCE, NULL},
    {"requirements.*.advice.**", SENTENCE, NULL},
    {"requirements.*.proof.asks.*.path", KEEP, NULL},
    {"requirements.*.proof.asks.*.expect", KEEP, NULL},
    {"attestations.*.who", WHOLE, "person"},
    {"attestations.*.reason", WHOLE, "text"},
    {"equipment.*.label", SENTENCE, NULL},
    {"vantage.hostname", WHOLE, "host"},
    {"vantage.wifi", WHOLE, "wifi"},
    {"vantage.interface", ADAPTER, NULL},
    {"vantage.vpn", ADAPTER, NULL},
    {"vantage.adapters.*", ADAPTER, NULL},
    {"vantage.warnings.*", SENTENCE, NULL},
    {"vantage.dhcp", KEEP, NULL},
    {"vantage.dhcp_given", KEEP, NULL},
    {"vantage.clock_source", KEEP, NULL},
    {"vantage.os", KEEP, NULL},
    {"vantage.rights", KEEP, NULL},
    {"vantage.**", PART, "text"},
    {"observations.*.target.address", PART, "text"},
    {"observations.*.offender", PART, "text"},
    {"observations.*.attempts.*.from", PART, "text"},
    {"earlier.*.target.address", PART, "text"},
    {"earlier.*.offender", PART, "text"},
    {"earlier.*.attempts.*.from", PART, "text"},
    {"observations.*.target.host", PART, "host"},
    {"earlier.*.target.host", PART, "host"},
    {"observations.*.detail.**", DETAIL, NULL},
    {"earlier.*.detail.**", DETAIL, NULL},
    {"packs.*.origin", WHOLE, "file"},
    {"diagnoses.*.explains.*", KEEP, NULL},
    {"diagnoses.*.clears.*", KEEP, NULL},
    {"readiness.*.*.requirements.*", KEEP, NULL},
    {"readiness.answer", KEEP, NULL},
    {"readiness.as_of", KEEP, NULL},
    {"diagnoses.*.cause", KEEP, NULL},
    {"diagnoses.*.zone", KEEP, NULL},
    {"readiness.*.*.why", KEEP, NULL},
    {"readiness.*.*.cause", KEEP, NULL},
    {"readiness.*.*.zone", KEEP, NULL},
    {"diagnoses.**", SENTENCE, NULL},
    {"readiness.**", SENTENCE, NULL},
};

/* Words of the program and of the packs, wherever no rule says another thing:
 * nothing of the site is in them, and their readers count on them. */
static const char *const plain[] = {"schema", "id", "product", "products",
    "protocol", "kind", "outcome", "rung", "required_rung", "cause", "zone",
    "path", "direction", "strength", "type", "probe", "nature", "started",
    "ended", "when", "issued", "supersedes", "result", "results", "failure",
    "probes", "explains", "clears", "requirement", "blocked_by", "needs",
    "sha256", "state", "party", "readiness", "answer", "ports", "document",
    "lines", "retrieved", "question", "step", "group", "item", "how", "version",
    "at_least", "below", "is", "not", "any_of", "language", "tls_max",
    "expires"};

struct walk {
	struct mask *m;
	const char *at[PATH_MAX_DEPTH];
	size_t depth;
	bool genuine; /* in an observation of a vendor's server, as it is */
};

bool
mask_among(const char *const *list, size_t count, const char *word)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(list[i], word) == 0)
			return true;
	}
	return false;
}

/* Does the place match `path` from its part i on? */
static bool
fits(const struct walk *w, size_t i, const char *path)
{
	const char *end = strchr(path, '.');
	size_t n = end == NULL ? strlen(path) : (size_t)(end - path);

	if (n == 2 && memcmp(path, "**", 2) == 0) {
		if (end == NULL)
			return true;
		for (; i < w->depth; i++) {
			if (fits(w, i, end + 1))
				return true;
		}
		return false;
	}
	/* A list stands in a place of its own, as "*"; any member may, too. */
	if (i >= w->depth ||
	    (!(n == 1 && path[0] == '*') &&
		(strlen(w->at[i]) != n || memcmp(w->at[i], path, n) != 0)))
		return false;
	return end == NULL ? i + 1 == w->depth : fits(w, i + 1, end + 1);
}

static const struct rule *
rule_here(const struct walk *w)
{
	size_t i;

	for (i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (fits(w, 0, rules[i].path))
			return &rules[i];
	}
	return NULL;
}

/* The name of a member, not the "*" of a list in it. */
static const char *
member(const struct walk *w)
{
	size_t i = w->depth;

	while (i > 0 && strcmp(w->at[i - 1], "*") == 0)
		i--;
	return i == 0 ? "" : w->at[i - 1];
}

/* What a vendor's server showed as it should tells about the vendor; any other
 * certificate can name who runs that network. */
static bool
is_genuine(const struct mask *m, const json_t *o)
{
	const char *host = json_string_value(
	    json_object_get(json_object_get(o, "target"), "host"));
	const char *rung = json_string_value(json_object_get(o, "rung"));

	return host != NULL && rung != NULL && mask_is_vendors(m, host) &&
	    json_is_null(json_object_get(o, "failure")) &&
	    (strcmp(rung, "tls_expected") == 0 ||
		strcmp(rung, "app_reply") == 0);
}

/* --- texts --- */

static const char *
mask_here(struct walk *w, const char *text)
{
	const struct rule *rule = rule_here(w);

	if (rule == NULL &&
	    mask_among(plain, sizeof plain / sizeof *plain, member(w)))
		return text;
	switch (rule == NULL ? TEXT : rule->how) {
	case KEEP:
		return text;
	case EMPTY:
		return "";
	case WHOLE:
		if (strcmp(text, "built-in") == 0)
			return text;
		return mask_word(w->m, &w->m->said, rule->kind, text);
	case PART:
		return mask_part(w->m, rule->kind, text);
	case ADAPTER:
		return mask_adapter(w->m, text);
	case DETAIL:
		return mask_detail(w->m, member(w), text, w->genuine);
	case SENTENCE:
		return mask_text(w->m, text, true);
	default:
		return mask_text(w->m, text, false);
	}
}

/* Does an object hold one of these words under this name? */
static bool
says(const json_t *object, const char *name, const char *word)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL && strstr(text, word) != NULL;
}

/* Answers, and things written down, tell about the site where they were
 * typed; where one of several was chosen, the packs' words stand. */
static const char *
mask_value(struct mask *m, const json_t *object, const char *text)
{
	static const char *const chosen[] = {"yes", "no", "unknown"};
	const char *value = json_string_value(json_object_get(object, "value"));
	const char *words = json_string_value(json_object_get(object, "says"));

	if (value == NULL || text[0] == '\0' ||
	    mask_among(chosen, sizeof chosen / sizeof *chosen, value) ||
	    (words != NULL && words[0] != '\0' && strcmp(words, value) != 0))
		return text;
	if (says(object, "item", "version") ||
	    says(object, "item", "firmware") ||
	    says(object, "question", "version") ||
	    says(object, "question", "firmware"))
		return mask_version(m, text);
	if (says(object, "item", "serial") ||
	    says(object, "question", "serial"))
		return mask_serial(m, text);
	return mask_part(m, "text", text);
}

/* --- walking in one order, whatever made the document --- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *visit(struct walk *w, const json_t *value);

static json_t *
visit_object(struct walk *w, const json_t *object)
{
	json_t *copy = codec_checked(json_object()), *value;
	const char **names = mem_array(json_object_size(object) + 1,
	    sizeof *names);
	const char *name, *text;
	bool typed = w->depth == 2 &&
	    (strcmp(w->at[0], "answers") == 0 ||
		strcmp(w->at[0], "equipment") == 0);
	size_t count = 0, i;

	json_object_foreach((json_t *)object, name, value)
	    names[count++] = name;
	qsort(names, count, sizeof *names, by_name);
	for (i = 0; i < count; i++) {
		value = json_object_get(object, names[i]);
		text = json_string_value(value);
		if (typed && text != NULL &&
		    (strcmp(names[i], "value") == 0 ||
			strcmp(names[i], "says") == 0)) {
			codec_set(copy, names[i],
			    codec_string(mask_value(w->m, object, text)));
			continue;
		}
		w->at[w->depth++] = names[i];
		codec_set(copy, names[i], visit(w, value));
		w->depth--;
	}
	mem_free(names);
	return copy;
}

static json_t *
visit(struct walk *w, const json_t *value)
{
	json_t *copy, *one;
	size_t i;

	if (w->depth >= PATH_MAX_DEPTH)
		mem_fatal("a handover is nested too deeply");
	if (json_is_string(value))
		return codec_string(mask_here(w, json_string_value(value)));
	if (json_is_array(value)) {
		copy = codec_checked(json_array());
		w->at[w->depth++] = "*";
		json_array_foreach(value, i, one)
		{
			if (w->depth == 2)
				w->genuine = is_genuine(w->m, one);
			codec_add(copy, visit(w, one));
		}
		w->depth--;
		return copy;
	}
	if (json_is_object(value))
		return visit_object(w, value);
	return json_deep_copy(value);
}

/* --- what stays readable --- */

static void
open_host(struct mask *m, const char *host)
{
	struct ip ip;

	if (host == NULL || host[0] == '\0' || ip_parse(host, &ip))
		return;
	codec_set(m->hosts, host, codec_checked(json_true()));
}

/* A name that the pack itself gives, and all below it. */
static void
open_destination(struct mask *m, const json_t *to)
{
	const char *name = json_string_value(json_object_get(to, "name"));
	const char *kind = json_string_value(json_object_get(to, "kind"));
	bool typed = json_string_value(json_object_get(to, "from")) != NULL;
	const json_t *one;
	size_t i;

	if (name == NULL || kind == NULL)
		return;
	/* Nobody can type a star. */
	if (strncmp(name, "*.", 2) == 0)
		name += 2;
	else if (typed)
		return;
	if (strcmp(kind, "address") == 0)
		mask_open(m, name);
	if (strcmp(kind, "fqdn") != 0 && strcmp(kind, "wildcard") != 0)
		return;
	open_host(m, name);
	if (strchr(name, '.') != NULL && !strlist_has(&m->apexes, name))
		strlist_add(m->arena, &m->apexes, name);
	json_array_foreach(json_object_get(to, "examples"), i, one)
	    open_host(m, json_string_value(one));
}

static void
open_asks(struct mask *m, const json_t *need)
{
	const json_t *asks, *one;
	const char *path;
	size_t i;

	asks = json_object_get(json_object_get(need, "proof"), "asks");
	json_array_foreach(asks, i, one)
	{
		open_host(m, json_string_value(json_object_get(one, "host")));
		path = json_string_value(json_object_get(one, "path"));
		if (path != NULL)
			mask_open_macs(m, path);
	}
}

static void
open_text(struct mask *m, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	if (text != NULL)
		mask_open(m, text);
}

/* "17.0.3.31" of a device is no address; where it could be one of the site it
 * is taken for that. */
static void
open_versions(struct mask *m, const json_t *detail)
{
	const json_t *one;
	size_t i;

	mask_open_public(m, json_object_get(detail, "version"));
	json_array_foreach(json_object_get(detail, "devices"), i, one)
	    mask_open_public(m, json_object_get(one, "firmware"));
}

/* Names that a vendor's certificate has from others, too. */
static void
open_certificate(struct mask *m, const json_t *detail)
{
	const char *text;
	size_t i;

	for (i = 0; mask_certificates[i] != NULL; i++) {
		text = json_string_value(
		    json_object_get(detail, mask_certificates[i]));
		if (text != NULL)
			codec_set(m->open, text, codec_checked(json_true()));
	}
}

/* The addresses that the packs name, and the public ones to which the
 * vendors' names lead. */
static void
open_vendors(struct mask *m, const json_t *document)
{
	const json_t *need, *o, *one, *to;
	const char *host, *probe;
	size_t i, j;

	json_array_foreach(json_object_get(document, "requirements"), i, need)
	{
		to = json_object_get(need, "destination");
		open_destination(m, to);
		if (json_string_value(json_object_get(to, "from")) == NULL)
			open_asks(m, need);
	}
	json_array_foreach(json_object_get(document, "observations"), i, o)
	{
		const json_t *target = json_object_get(o, "target");

		probe = json_string_value(json_object_get(o, "probe"));
		open_versions(m, json_object_get(o, "detail"));
		/* An address that must not answer is the program's own. */
		if (probe != NULL && strcmp(probe, "canary") == 0)
			open_text(m, target, "address");
		if (is_genuine(m, o))
			open_certificate(m, json_object_get(o, "detail"));
		host = json_string_value(json_object_get(target, "host"));
		if (host == NULL || !mask_is_vendors(m, host))
			continue;
		mask_open_public(m, json_object_get(target, "address"));
		json_array_foreach(json_object_get(json_object_get(o, "detail"),
				       "addresses"),
		    j, one) mask_open_public(m, one);
	}
}

/* --- declarations --- */

static struct record *
read_again(const json_t *document)
{
	struct record *r;
	struct error err = {0};
	struct buf bytes;

	buf_init(&bytes, DOCUMENT_MAX);
	json_write(document, &bytes);
	r = record_from_json(bytes.data, bytes.len, &err);
	buf_free(&bytes);
	return r;
}

/* The hash of what somebody declared is of names and addresses too: the copy
 * has that of its own tokens where it holds, and another one where not. */
static void
hash_again(struct mask *m, const json_t *document, json_t *copy)
{
	json_t *list = json_object_get(copy, "declarations"), *one;
	struct record *then, *now;
	const char *state;
	char hash[DIGEST_HEX_SIZE];
	size_t i;

	if (json_array_size(list) == 0)
		return;
	then = read_again(document);
	now = read_again(copy);
	json_array_foreach(list, i, one)
	{
		state = json_string_value(json_object_get(one, "state"));
		if (state == NULL || state[0] == '\0')
			continue;
		if (then != NULL && now != NULL && i < then->ndeclarations &&
		    declaration_holds(then, &then->declarations[i]))
			(void)declaration_state(now, hash);
		else
			(void)digest_sha256_hex(m->key, strlen(m->key), hash);
		codec_set(one, "state", codec_string(hash));
	}
	record_free(then);
	record_free(now);
}

json_t *
seal_mask(const json_t *document, json_t **map)
{
	const char *key = json_string_value(
	    json_object_get(json_object_get(document, "masking"), "key"));
	struct mask m = {
	    .arena = arena_new(),
	    .key = key == NULL ? "" : key,
	    .token_of = codec_checked(json_object()),
	    .original_of = codec_checked(json_object()),
	    .open = codec_checked(json_object()),
	    .hosts = codec_checked(json_object()),
	};
	struct walk w = {.m = &m};
	json_t *copy;

	open_vendors(&m, document);
	/* The first round finds the words that are looked for in the second. */
	json_decref(visit(&w, document));
	mask_sort_words(&m.sure);
	mask_sort_words(&m.said);
	copy = visit(&w, document);
	hash_again(&m, document, copy);
	if (map != NULL)
		*map = json_incref(m.original_of);
	json_decref(m.token_of);
	json_decref(m.original_of);
	json_decref(m.open);
	json_decref(m.hosts);
	arena_free(m.arena);
	return copy;
}
