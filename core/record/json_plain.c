/* SPDX-License-Identifier: MIT */
/* Owns the quick look at a JSON document: whether it is laid out as this
 * program writes them, so that parsing it could not refuse it. Members in
 * ascending order cannot be there twice. */
#include <string.h>

#include "core/base/text.h"
#include "core/record/json.h"

#define DEPTH_MAX 32
#define DIGITS_MAX 18
#define VALUES_MAX 1000000
#define CONTAINERS_MAX 200000

struct key {
	const char *start; /* NULL: none yet */
	size_t len;
};

struct look {
	const char *at, *end;
	size_t depth, values, containers;
	bool object[DEPTH_MAX + 1];
	struct key key[DEPTH_MAX + 1]; /* the last one of each level */
};

static void
skip_space(struct look *l)
{
	while (l->at < l->end && (*l->at == ' ' || *l->at == '\n'))
		l->at++;
}

static bool
take(struct look *l, char c)
{
	if (l->at >= l->end || *l->at != c)
		return false;
	l->at++;
	return true;
}

static bool
take_word(struct look *l, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(l->end - l->at) < len || memcmp(l->at, word, len) != 0)
		return false;
	l->at += len;
	return true;
}

/* The short ones, and those of control characters but NUL. */
static bool
take_escape(struct look *l)
{
	if (l->at >= l->end)
		return false;
	if (*l->at != 'u')
		return strchr("\"\\/bfnrt", *l->at++) != NULL;
	if (l->end - l->at < 5 || memcmp(l->at, "u00", 3) != 0 ||
	    (l->at[3] != '0' && l->at[3] != '1') ||
	    strchr("0123456789abcdefABCDEF", l->at[4]) == NULL ||
	    (l->at[3] == '0' && l->at[4] == '0'))
		return false;
	l->at += 5;
	return true;
}

/* Behind the first quote; *escaped tells whether the bytes are the text. */
static bool
take_string(struct look *l, bool *escaped)
{
	uint32_t cp;
	int n;

	*escaped = false;
	while (l->at < l->end) {
		unsigned char c = (unsigned char)*l->at;

		if (c == '"') {
			l->at++;
			return true;
		}
		if (c < ' ' || c == 0x7f)
			return false;
		if (c == '\\') {
			l->at++;
			*escaped = true;
			if (!take_escape(l))
				return false;
		} else if (c < 0x80) {
			l->at++;
		} else {
			n = text_decode(l->at, (size_t)(l->end - l->at), &cp);
			if (n <= 0)
				return false;
			l->at += n;
		}
	}
	return false;
}

static bool
take_number(struct look *l)
{
	const char *start;

	take(l, '-');
	start = l->at;
	while (l->at < l->end && *l->at >= '0' && *l->at <= '9')
		l->at++;
	if (l->at == start || l->at - start > DIGITS_MAX ||
	    (*start == '0' && l->at - start > 1))
		return false;
	return l->at < l->end && strchr(",]} \n", *l->at) != NULL;
}

static bool
take_key(struct look *l)
{
	struct key *last = &l->key[l->depth], key;
	bool escaped;
	size_t common;
	int order;

	if (!take(l, '"'))
		return false;
	key.start = l->at;
	if (!take_string(l, &escaped) || escaped)
		return false;
	key.len = (size_t)(l->at - key.start) - 1;
	if (last->start != NULL) {
		common = key.len < last->len ? key.len : last->len;
		order = memcmp(last->start, key.start, common);
		if (order > 0 || (order == 0 && last->len >= key.len))
			return false;
	}
	*last = key;
	skip_space(l);
	if (!take(l, ':'))
		return false;
	skip_space(l);
	return true;
}

static bool
open_container(struct look *l, bool object)
{
	if (++l->depth > DEPTH_MAX || ++l->containers > CONTAINERS_MAX)
		return false;
	l->object[l->depth] = object;
	l->key[l->depth].start = NULL;
	return true;
}

/* A value, or the opening of one. *open: something has to follow inside. */
static bool
take_value(struct look *l, bool *open)
{
	bool escaped;

	*open = false;
	if (l->at >= l->end)
		return false;
	switch (*l->at) {
	case '"':
		l->at++;
		return take_string(l, &escaped);
	case '{':
	case '[':
		*open = true;
		return open_container(l, *l->at++ == '{');
	case 't':
		return take_word(l, "true");
	case 'f':
		return take_word(l, "false");
	case 'n':
		return take_word(l, "null");
	default:
		return take_number(l);
	}
}

/* Closes what ends here. *more: a further member or value follows. */
static bool
take_end(struct look *l, bool *more)
{
	*more = false;
	for (;;) {
		skip_space(l);
		if (l->depth == 0)
			return l->at == l->end;
		if (take(l, ',')) {
			*more = true;
			return ++l->values <= VALUES_MAX;
		}
		if (!take(l, l->object[l->depth] ? '}' : ']'))
			return false;
		l->depth--;
	}
}

bool
json_is_plain(const char *data, size_t len)
{
	struct look l = {.at = data, .end = data + len};
	bool open, more = true;

	if (len == 0 || *data != '{')
		return false;
	while (more) {
		skip_space(&l);
		if (l.depth > 0 && l.object[l.depth] && !take_key(&l))
			return false;
		if (!take_value(&l, &open))
			return false;
		skip_space(&l);
		/* What is empty ends at once. */
		if (open && l.at < l.end && *l.at != '}' && *l.at != ']')
			continue;
		if (!take_end(&l, &more))
			return false;
	}
	return true;
}
