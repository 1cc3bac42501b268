/* SPDX-License-Identifier: MIT */
/* Owns what a declaration is about, and whether that is still so. */
#include "core/record/declaration.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/buf.h"

#define STATE_MAX ((size_t)16 << 20)

/* With its length, so that no two lists of texts look the same. */
static void
add(struct buf *out, const char *text)
{
	if (text == NULL)
		text = "";
	buf_addf(out, "%zu:%s;", strlen(text), text);
}

static void
add_needs(struct buf *out, const struct record *r)
{
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!n->applies)
			continue;
		add(out, n->id);
		add(out, word_name(&words_outcome, (int)n->outcome));
		add(out, n->accepted);
	}
}

static void
add_people(struct buf *out, const struct record *r)
{
	size_t i;

	for (i = 0; i < r->nattestations; i++) {
		add(out, r->attestations[i].product);
		add(out, r->attestations[i].step);
		add(out, r->attestations[i].id);
		add(out, r->attestations[i].answer);
		add(out, r->attestations[i].reason);
	}
	buf_addc(out, '\n');
	for (i = 0; i < r->nequipment; i++) {
		add(out, r->equipment[i].product);
		add(out, r->equipment[i].item);
		add(out, r->equipment[i].value);
	}
	buf_addc(out, '\n');
	for (i = 0; i < r->ndeviations; i++) {
		add(out, r->deviations[i].requirement);
		add(out, r->deviations[i].owner);
		add(out, r->deviations[i].reason);
		add(out, r->deviations[i].expires);
		add(out,
		    word_name(&words_deviation_state,
			(int)r->deviations[i].state));
	}
}

const char *
declaration_state(const struct record *r, char out[DIGEST_HEX_SIZE])
{
	struct buf text;

	buf_init(&text, STATE_MAX);
	/* In whole seconds, as the record's file has them. */
	buf_addf(&text, "%" PRId64 " %" PRId64 " %d %s\n",
	    r->started_us / 1000000, r->ended_us / 1000000, r->complete,
	    word_name(&words_readiness, (int)r->readiness));
	add_needs(&text, r);
	buf_addc(&text, '\n');
	add_people(&text, r);
	digest_sha256_hex(buf_str(&text), text.len, out);
	buf_free(&text);
	return out;
}

bool
declaration_holds(const struct record *r, const struct declaration *d)
{
	char now[DIGEST_HEX_SIZE];

	return d->when_us != 0 && d->state != NULL &&
	    strcmp(d->state, declaration_state(r, now)) == 0;
}

const struct declaration *
declaration_of(const struct record *r, enum party party)
{
	size_t i;

	for (i = 0; i < r->ndeclarations; i++) {
		if (r->declarations[i].party == party)
			return &r->declarations[i];
	}
	return NULL;
}
