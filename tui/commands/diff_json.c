/* SPDX-License-Identifier: MIT */
/* Owns the comparison of two versions as JSON, schema "sitewalk/diff/1". */
#include <string.h>

#include "core/base/clock.h"
#include "core/record/codec.h"
#include "core/record/json.h"
#include "tui/commands/diff.h"
#include "tui/work/review_seal.h"

#define SCHEMA "sitewalk/diff/1"

static json_t *
time_json(int64_t us)
{
	char iso[CLOCK_ISO_SIZE];

	return us == 0 ? json_null() : json_string(clock_iso(us, false, iso));
}

static json_t *
word(const struct words *w, int value)
{
	const char *name = word_name(w, value);

	return *name == '\0' ? json_null() : json_string(name);
}

static json_t *
need_json(const struct diff *d, const struct need *n)
{
	bool judged = d->now.kind != SIDE_PACKS;
	json_t *j;

	if (n == NULL)
		return json_null();
	j = json_object();
	codec_set(j, "protocol", word(&words_protocol, (int)n->protocol));
	codec_set(j, "ports", ports_to_json(&n->ports));
	codec_set(j, "destination", destination_to_json(&n->to));
	codec_set(j, "direction", word(&words_direction, (int)n->direction));
	codec_set(j, "strength", word(&words_strength, (int)n->strength));
	codec_set(j, "application", codec_string(n->application));
	codec_set(j, "flow", json_string(impact_flow(d->arena, n)));
	if (!judged)
		return j;
	codec_set(j, "outcome", word(&words_outcome, (int)n->outcome));
	if (d->now.kind == SIDE_REQUEST)
		return j;
	codec_set(j, "rung", word(&words_rung, (int)n->rung));
	codec_set(j, "cause", word(&words_cause, (int)n->cause));
	codec_set(j, "path", word(&words_path, (int)n->path));
	codec_set(j, "zone", word(&words_zone, (int)n->zone));
	return j;
}

static json_t *
change_json(const struct diff *d, const struct impact_row *row)
{
	const struct need *n = row->now != NULL ? row->now : row->then;
	json_t *j = json_object();

	codec_set(j, "impact", json_string(impact_name(row->impact)));
	codec_set(j, "worse", json_boolean(row->impact < IMPACT_OTHERWISE));
	codec_set(j, "id", json_string(n->id));
	codec_set(j, "product", codec_string(n->product));
	codec_set(j, "service", codec_string(n->service));
	codec_set(j, "then", need_json(d, row->then));
	codec_set(j, "now", need_json(d, row->now));
	codec_set(j, "sentence", json_string(impact_sentence(d->arena, row)));
	return j;
}

static json_t *
changes_json(const struct diff *d)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < d->impacts.count; i++)
		codec_add(list, change_json(d, &d->impacts.row[i]));
	return list;
}

static json_t *
facts_json(const struct diff *d)
{
	json_t *list = json_array(), *j;
	size_t i;

	for (i = 0; i < d->nfacts; i++) {
		j = json_object();
		codec_set(j, "section", json_string(d->fact[i].section));
		codec_set(j, "label", json_string(d->fact[i].label));
		codec_set(j, "then", codec_string(d->fact[i].then));
		codec_set(j, "now", codec_string(d->fact[i].now));
		codec_add(list, j);
	}
	return list;
}

static json_t *
summary_json(const struct diff *d)
{
	json_t *j = json_object();
	int i;

	for (i = 0; i < IMPACT_COUNT; i++) {
		if (d->impacts.of[i] > 0)
			codec_set(j, impact_name((enum impact)i),
			    json_integer((json_int_t)d->impacts.of[i]));
	}
	return j;
}

static json_t *
packs_json(const struct record *r)
{
	json_t *list = json_array(), *j;
	size_t i;

	for (i = 0; i < r->npacks; i++) {
		j = json_object();
		codec_set(j, "product", codec_string(r->packs[i].product));
		codec_set(j, "version", json_integer(r->packs[i].version));
		codec_set(j, "sha256", codec_string(r->packs[i].sha256));
		codec_add(list, j);
	}
	return list;
}

static json_t *
side_json(const struct side *v)
{
	const struct record *r = v->record;
	json_t *j = json_object();

	codec_set(j, "kind", json_string(side_kind_name(v->kind)));
	codec_set(j, "site", codec_string(r->site.name));
	codec_set(j, "when", time_json(side_when(v)));
	codec_set(j, "packs", packs_json(r));
	codec_set(j, "readiness",
	    v->has_answer ? word(&words_readiness, (int)r->readiness) :
			    json_null());
	codec_set(j, "seal",
	    v->kind == SIDE_HANDOVER ?
		json_string(review_seal_name(v->seal.verdict)) :
		json_null());
	codec_set(j, "signer",
	    v->kind == SIDE_HANDOVER && v->seal.key[0] != '\0' ?
		json_string(v->seal.key) :
		json_null());
	codec_set(j, "principal",
	    v->seal.judged && v->seal.allowed == ALLOWED_YES ?
		json_string(v->seal.principal) :
		json_null());
	codec_set(j, "allowed",
	    v->seal.judged ? json_string(review_allowed_name(v->seal.allowed)) :
			     json_null());
	return j;
}

void
diff_json(const struct diff *d, struct buf *out)
{
	json_t *j = json_object();

	codec_set(j, "schema", json_string(SCHEMA));
	codec_set(j, "then", side_json(&d->then));
	codec_set(j, "now", side_json(&d->now));
	codec_set(j, "worse", json_boolean(impact_is_worse(&d->impacts)));
	codec_set(j, "same", json_integer((json_int_t)d->impacts.same));
	codec_set(j, "summary", summary_json(d));
	codec_set(j, "warnings", strlist_to_json(&d->warnings));
	codec_set(j, "changes", changes_json(d));
	codec_set(j, "facts", facts_json(d));
	json_write(j, out);
	json_decref(j);
}
