/* SPDX-License-Identifier: MIT */
/* Owns the reading of allowed signers. */
#include "core/record/allowed.h"

#include <string.h>
#include <time.h>

#include "core/base/i18n.h"
#include "core/base/text.h"

struct span {
	const char *p;
	size_t len;
};

struct line {
	struct span principals;
	struct span namespaces; /* p NULL: all */
	int64_t after_us, before_us;
	bool authority;
	struct sshkey key;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
span_is(struct span s, const char *text)
{
	return s.len == strlen(text) && strncasecmp(s.p, text, s.len) == 0;
}

/* The next word; quotes keep what is between them together and do not end
 * it, as in namespaces="a b". */
static struct span
next_word(struct span *rest)
{
	struct span word;
	bool quoted = false;

	while (rest->len > 0 && is_blank(rest->p[0])) {
		rest->p++;
		rest->len--;
	}
	word = (struct span){rest->p, 0};
	while (rest->len > 0 && (quoted || !is_blank(rest->p[0]))) {
		quoted ^= rest->p[0] == '"';
		rest->p++;
		rest->len--;
		word.len++;
	}
	return word;
}

static struct span
unquoted(struct span s)
{
	if (s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"')
		return (struct span){s.p + 1, s.len - 2};
	return s;
}

static int
digits(const char *p, size_t n)
{
	int v = 0;

	while (n-- > 0)
		v = v * 10 + (*p++ - '0');
	return v;
}

/* YYYYMMDD[HHMM[SS]][Z]; without Z it is the time of this computer. */
static bool
read_time(struct span s, int64_t *out)
{
	struct tm tm = {.tm_isdst = -1};
	bool utc = s.len > 0 &&
	    (s.p[s.len - 1] == 'Z' || s.p[s.len - 1] == 'z');
	size_t i;
	time_t t;

	s.len -= utc;
	if (s.len != 8 && s.len != 12 && s.len != 14)
		return false;
	for (i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	tm.tm_year = digits(s.p, 4) - 1900;
	tm.tm_mon = digits(s.p + 4, 2) - 1;
	tm.tm_mday = digits(s.p + 6, 2);
	tm.tm_hour = s.len >= 12 ? digits(s.p + 8, 2) : 0;
	tm.tm_min = s.len >= 12 ? digits(s.p + 10, 2) : 0;
	tm.tm_sec = s.len == 14 ? digits(s.p + 12, 2) : 0;
	if (tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_mday < 1 ||
	    tm.tm_mday > 31 || tm.tm_hour > 23 || tm.tm_min > 59 ||
	    tm.tm_sec > 59)
		return false;
	t = utc ? timegm(&tm) : mktime(&tm);
	*out = (int64_t)t * 1000000;
	return true;
}

static bool
read_option(struct span word, struct line *out)
{
	const char *equals = memchr(word.p, '=', word.len);
	struct span name = word, value = {word.p, 0};

	if (equals != NULL) {
		name.len = (size_t)(equals - word.p);
		value = unquoted(
		    (struct span){equals + 1, word.len - name.len - 1});
	}
	if (span_is(word, "cert-authority"))
		out->authority = true;
	else if (equals != NULL && span_is(name, "namespaces"))
		out->namespaces = value;
	else if (equals != NULL && span_is(name, "valid-after"))
		return read_time(value, &out->after_us);
	else if (equals != NULL && span_is(name, "valid-before"))
		return read_time(value, &out->before_us);
	else
		return false;
	return true;
}

/* Options stand in one word, with commas between them. */
static bool
read_options(struct span word, struct line *out)
{
	size_t i, start = 0;
	bool quoted = false;

	for (i = 0; i <= word.len; i++) {
		if (i < word.len && word.p[i] == '"')
			quoted = !quoted;
		if (i < word.len && (quoted || word.p[i] != ','))
			continue;
		if (!read_option((struct span){word.p + start, i - start}, out))
			return false;
		start = i + 1;
	}
	return !quoted;
}

/* 1: a line; 0: nothing in it; -1: not well formed. */
static int
read_line(struct span rest, struct line *out)
{
	struct span word, at;

	memset(out, 0, sizeof *out);
	out->after_us = INT64_MIN;
	out->before_us = INT64_MAX;
	word = next_word(&rest);
	if (word.len == 0 || word.p[0] == '#')
		return 0;
	out->principals = unquoted(word);
	at = rest;
	word = next_word(&at);
	/* A type of a key has no "=", and none is called so. */
	if (memchr(word.p, '=', word.len) != NULL ||
	    span_is(word, "cert-authority")) {
		if (!read_options(word, out))
			return -1;
		rest = at;
	}
	while (rest.len > 0 && is_blank(rest.p[0])) {
		rest.p++;
		rest.len--;
	}
	if (sshkey_read_line(rest.p, rest.len, &out->key, NULL) != 0)
		return -1;
	return 1;
}

static struct span
next_line(struct span *rest)
{
	const char *end = memchr(rest->p, '\n', rest->len);
	struct span line = *rest;

	if (end != NULL)
		line.len = (size_t)(end - rest->p);
	rest->p += line.len + (end != NULL);
	rest->len -= line.len + (end != NULL);
	return line;
}

int
allowed_check(const char *text, size_t len, struct error *err)
{
	struct span rest = {text, len};
	struct line line;
	size_t n = 0;
	int rc;

	while (rest.len > 0) {
		n++;
		rc = read_line(next_line(&rest), &line);
		if (rc >= 0 && !line.authority)
			continue;
		error_set(err, ERR_INPUT, "%s",
		    rc < 0 ? _("A line of the allowed signers cannot be "
			       "understood, or its key is not accepted.") :
			     _("A line of the allowed signers names a "
			       "certificate authority, which sitewalk does "
			       "not accept."));
		error_where(err, _("line %zu"), n);
		return -1;
	}
	return 0;
}

/* "*" is anything, "?" one character. */
static bool
glob(struct span pattern, const char *text)
{
	size_t i = 0, star = SIZE_MAX;
	const char *mark = text;

	while (*text != '\0') {
		if (i < pattern.len &&
		    (pattern.p[i] == '?' || pattern.p[i] == *text) &&
		    pattern.p[i] != '*') {
			i++;
			text++;
		} else if (i < pattern.len && pattern.p[i] == '*') {
			star = i++;
			mark = text;
		} else if (star != SIZE_MAX) {
			i = star + 1;
			text = ++mark;
		} else {
			return false;
		}
	}
	while (i < pattern.len && pattern.p[i] == '*')
		i++;
	return i == pattern.len;
}

/* Patterns with commas between them; one with "!" excludes. */
static bool
matches(struct span list, const char *text)
{
	bool found = false;
	size_t i, start = 0;

	for (i = 0; i <= list.len; i++) {
		struct span one = {list.p + start, i - start};

		if (i < list.len && list.p[i] != ',')
			continue;
		start = i + 1;
		if (one.len > 0 && one.p[0] == '!') {
			one.p++;
			one.len--;
			if (glob(one, text))
				return false;
		} else if (glob(one, text)) {
			found = true;
		}
	}
	return found;
}

/* A line that has limits wants to know the time. */
static bool
is_within(const struct line *line, int64_t at_us)
{
	if (at_us == 0)
		return line->after_us == INT64_MIN &&
		    line->before_us == INT64_MAX;
	return at_us >= line->after_us && at_us < line->before_us;
}

static void
name_principal(struct span s, char out[ALLOWED_PRINCIPAL_SIZE])
{
	struct arena *a = arena_new();
	char *safe = text_sanitise(a, s.p, s.len, ALLOWED_PRINCIPAL_SIZE - 1,
	    false);

	memcpy(out, safe, strlen(safe) + 1);
	arena_free(a);
}

enum allowed
allowed_find(const char *text, size_t len, const struct sshkey *key,
    const char *namespace, int64_t at_us,
    char principal[ALLOWED_PRINCIPAL_SIZE])
{
	enum allowed best = ALLOWED_UNKNOWN, this;
	struct span rest = {text, len};
	struct line line;

	principal[0] = '\0';
	while (rest.len > 0) {
		if (read_line(next_line(&rest), &line) != 1 || line.authority ||
		    !sshkey_equal(&line.key, key))
			continue;
		if (line.namespaces.p != NULL &&
		    !matches(line.namespaces, namespace))
			this = ALLOWED_OTHER_PURPOSE;
		else if (!is_within(&line, at_us))
			this = ALLOWED_OTHER_TIME;
		else
			this = ALLOWED_YES;
		if (this > best) {
			best = this;
			name_principal(line.principals, principal);
		}
	}
	return best;
}
