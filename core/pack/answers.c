/* SPDX-License-Identifier: MIT */
/* Owns answers: which one counts, what a condition comes to, which questions
 * are to be asked, and what a person typed. */
#include "core/pack/answers.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/answer_scope.h"
#include "core/pack/answer_value.h"

#define SHARED_DEPTH_MAX 4 /* packs could share in a circle */
#define TYPED_MAX 1000

/* --- shared questions --- */

/* The question that answers q too; NULL unless its product is chosen. */
static const struct question *
shared_with(const struct pack_set *packs, const struct record *r,
    const struct question *q, const struct pack **owner)
{
	const char *dot = q->shared == NULL ? NULL : strchr(q->shared, '.');
	size_t i, len;

	if (dot == NULL)
		return NULL;
	len = (size_t)(dot - q->shared);
	for (i = 0; i < packs->count; i++) {
		const struct pack *p = packs->pack[i];

		if (strncmp(p->product, q->shared, len) != 0 ||
		    p->product[len] != '\0')
			continue;
		*owner = p;
		return strlist_has(&r->products, p->product) ?
		    pack_question(p, dot + 1) :
		    NULL;
	}
	return NULL;
}

/* An answer that a pack of today would not take counts as none: a site file
 * can be older than the pack. */
static const char *
effective(const struct pack_set *packs, const struct record *r,
    const struct pack *p, const struct question *q, int depth)
{
	const char *value = record_answer(r, p->product, q->id);
	const struct question *other;
	const struct pack *owner;

	if (value != NULL && strcmp(value, ANSWER_UNKNOWN) == 0)
		return NULL;
	if (value != NULL && answer_is_valid(q, value))
		return value;
	other = depth < SHARED_DEPTH_MAX ? shared_with(packs, r, q, &owner) :
					   NULL;
	if (other != NULL) {
		value = record_answer(r, owner->product, other->id);
		if (value != NULL && strcmp(value, ANSWER_UNKNOWN) == 0)
			return NULL;
		value = effective(packs, r, owner, other, depth + 1);
		if (value != NULL && answer_is_valid(q, value))
			return value;
	}
	return q->initial;
}

const char *
answer_effective(const struct pack_set *packs, const struct record *r,
    const struct pack *p, const struct question *q)
{
	return effective(packs, r, p, q, 0);
}

/* --- conditions --- */

/* A question can depend on questions above it only, so this ends. */
static bool
is_asked(const struct pack_set *packs, const struct record *r,
    const struct pack *p, const struct question *q)
{
	return clauses_hold(packs, r, p, &q->when) != TRUTH_NO;
}

const char *
answer_in_force(const struct pack_set *packs, const struct record *r,
    const struct pack *p, const char *question)
{
	const struct question *q = pack_question(p, question);

	if (q == NULL || !is_asked(packs, r, p, q))
		return NULL;
	return answer_effective(packs, r, p, q);
}

static enum truth
clause_holds(const struct pack_set *packs, const struct record *r,
    const struct pack *p, const struct clause *c)
{
	const struct question *q = pack_question(p, c->question);
	const char *value;

	/* What is not even asked is not so: without KNX on this Miniserver
	 * nothing that KNX needs applies, whoever answered what before. */
	if (q == NULL || !is_asked(packs, r, p, q))
		return c->op == CLAUSE_NOT ? TRUTH_YES : TRUTH_NO;
	value = answer_effective(packs, r, p, q);
	if (value == NULL)
		return TRUTH_UNKNOWN;
	return answer_compare(q, value, c) ? TRUTH_YES : TRUTH_NO;
}

enum truth
clauses_hold(const struct pack_set *packs, const struct record *r,
    const struct pack *p, const struct clauses *when)
{
	enum truth all = TRUTH_YES, one;
	size_t i;

	for (i = 0; i < when->count; i++) {
		one = clause_holds(packs, r, p, &when->item[i]);
		if (one == TRUTH_NO)
			return TRUTH_NO;
		if (one == TRUTH_UNKNOWN)
			all = TRUTH_UNKNOWN;
	}
	return all;
}

static bool
is_open(const struct pack_set *packs, const struct record *r,
    const struct pack *p, const struct question *q, int depth)
{
	const struct question *other;
	const struct pack *owner;

	if (!is_asked(packs, r, p, q))
		return false;
	other = depth < SHARED_DEPTH_MAX ? shared_with(packs, r, q, &owner) :
					   NULL;
	/* Asked there; unless it is not, for that product's own reasons. */
	return other == NULL || !is_open(packs, r, owner, other, depth + 1);
}

bool
question_is_open(const struct pack_set *packs, const struct record *r,
    const struct pack *p, const struct question *q)
{
	return is_open(packs, r, p, q, 0);
}

/* --- what was typed --- */

static char *
trimmed(struct arena *a, const char *typed)
{
	char *s = text_sanitise(a, typed, strlen(typed), 2 * TYPED_MAX, false);
	size_t len;

	while (*s == ' ')
		s++;
	len = strlen(s);
	while (len > 0 && s[len - 1] == ' ')
		s[--len] = '\0';
	return s;
}

static char *
lower_case(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s), *c;

	for (c = copy; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	return copy;
}

static const char *
normal_choice(struct arena *a, const struct question *q, const char *s)
{
	size_t i;

	(void)a;
	for (i = 0; i < q->nchoices; i++) {
		const struct choice *c = &q->choices[i];

		if (text_equal_nocase(c->id, s) ||
		    text_equal_nocase(c->label, s) ||
		    text_equal_nocase(pack_text(c->label), s))
			return c->id;
	}
	return s;
}

static const char *
normal_yesno(struct arena *a, const struct question *q, const char *s)
{
	static const struct {
		const char *typed, *means;
	} words[] = {
	    {N_("yes"), "yes"},
	    {N_("no"), "no"},
	    {"y", "yes"},
	    {"n", "no"},
	    {"true", "yes"},
	    {"false", "no"},
	};
	size_t i;

	(void)a;
	(void)q;
	for (i = 0; i < sizeof words / sizeof *words; i++) {
		if (text_equal_nocase(words[i].typed, s) ||
		    text_equal_nocase(_(words[i].typed), s))
			return words[i].means;
	}
	return s;
}

/* One address has one form, so that its probes have one key. */
static const char *
normal_address(struct arena *a, const struct question *q, const char *s)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr six;

	(void)q;
	if (inet_pton(AF_INET6, s, &six) == 1 &&
	    inet_ntop(AF_INET6, &six, text, sizeof text) != NULL)
		return arena_strdup(a, text);
	return s;
}

static const char *
normal_host(struct arena *a, const struct question *q, const char *s)
{
	char *host = lower_case(a, normal_address(a, q, s));
	size_t len = strlen(host);

	/* The root's dot at the end of a full name. */
	if (len > 1 && host[len - 1] == '.')
		host[len - 1] = '\0';
	return host;
}

static const struct {
	const char *(
	    *normal)(struct arena *, const struct question *, const char *);
	const char *wrong; /* the sentence when it is not valid then */
} typed_as[] = {
    [QUESTION_CHOICE] = {normal_choice,
	N_("\"%s\" is not one of the choices.")},
    [QUESTION_YESNO] = {normal_yesno, N_("\"%s\" is neither yes nor no.")},
    [QUESTION_NUMBER] = {NULL,
	N_("\"%s\" is not a whole number in the range that is asked for.")},
    [QUESTION_PORT] = {NULL,
	N_("\"%s\" is not a port: ports go from 1 to 65535, without zeros in "
	   "front.")},
    [QUESTION_VERSION] = {NULL,
	N_("\"%s\" is not a version such as 16.3 or 17.0.3.31.")},
    [QUESTION_HOST] = {normal_host,
	N_("\"%s\" is neither a host name such as device.example.com nor an "
	   "IP address.")},
    [QUESTION_ADDRESS] = {normal_address,
	N_("\"%s\" is not the IP address of one device, such as "
	   "192.168.1.77.")},
    [QUESTION_SERIAL] = {NULL,
	N_("\"%s\" is not a serial number: use letters, digits and "
	   "separators, at most 64 of them.")},
    [QUESTION_TEXT] = {NULL,
	N_("\"%s\" is no answer: write at most 1000 characters.")},
};

static void
hint_choices(struct arena *a, const struct question *q, struct error *err)
{
	struct buf ids;
	size_t i;

	(void)a;
	buf_init(&ids, TYPED_MAX);
	for (i = 0; i < q->nchoices; i++) {
		buf_adds(&ids, i > 0 ? ", " : "");
		buf_adds(&ids, q->choices[i].id);
	}
	error_hint(err, _("The choices are: %s."), buf_str(&ids));
	buf_free(&ids);
}

static int
refuse(struct arena *a, const struct question *q, const char *s,
    struct error *err)
{
#pragma GCC diagnostic push
/* The sentences are those of the table above. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	error_set(err, ERR_USAGE, _(typed_as[q->type].wrong), s);
#pragma GCC diagnostic pop
	if (q->type == QUESTION_CHOICE)
		hint_choices(a, q, err);
	else if (q->type == QUESTION_NUMBER)
		error_hint(err, _("Type a number from %llu to %llu."),
		    (unsigned long long)q->min, (unsigned long long)q->max);
	else if (q->example != NULL)
		error_hint(err, _("For example: %s"), q->example);
	return -1;
}

int
answer_check(struct arena *a, const struct question *q, const char *typed,
    char **out, struct error *err)
{
	const char *s = trimmed(a, typed);

	if (s[0] == '\0')
		return error_set(err, ERR_USAGE, _("The answer is empty."));
	if (text_equal_nocase(s, ANSWER_UNKNOWN)) {
		if (q->must) {
			error_set(err, ERR_USAGE,
			    _("This question must be answered."));
			error_hint(err,
			    _("Without this answer nothing can be checked."));
			return -1;
		}
		*out = arena_strdup(a, ANSWER_UNKNOWN);
		return 0;
	}
	if (typed_as[q->type].normal != NULL)
		s = typed_as[q->type].normal(a, q, s);
	if (!answer_is_valid(q, s))
		return refuse(a, q, s, err);
	*out = arena_strdup(a, s);
	return 0;
}
