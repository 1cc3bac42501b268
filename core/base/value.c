/* SPDX-License-Identifier: MIT */
/* Owns the small strict readers of text: numbers, versions, host names. */
#include <string.h>

#include "core/base/text.h"

#define VERSION_PART_MAX 99999
#define HOSTNAME_MAX 253
#define LABEL_MAX 63

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_is_space(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

bool
text_equal_nocase(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool
text_to_uint(const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (s == NULL || *s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (!is_digit(*s) ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*s - '0'), &value))
			return false;
	}
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

bool
version_parse(const char *s, struct version *out)
{
	struct version v = {{0}};
	size_t i;

	for (i = 0; i < 4; i++) {
		if (!is_digit(*s))
			return false;
		for (; is_digit(*s); s++) {
			v.part[i] = v.part[i] * 10 + (uint32_t)(*s - '0');
			if (v.part[i] > VERSION_PART_MAX)
				return false;
		}
		if (*s == '\0') {
			*out = v;
			return true;
		}
		if (*s++ != '.')
			return false;
	}
	return false;
}

int
version_compare(const struct version *a, const struct version *b)
{
	size_t i;

	for (i = 0; i < 4; i++) {
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	}
	return 0;
}

/* Number of labels in s[0..len), 0 when one of them is empty. */
static int
count_labels(const char *s, size_t len)
{
	int n = 1;
	size_t i;

	if (len == 0 || s[0] == '.' || s[len - 1] == '.')
		return 0;
	for (i = 1; i < len; i++) {
		if (s[i] != '.')
			continue;
		if (s[i - 1] == '.')
			return 0;
		n++;
	}
	return n;
}

bool
text_wildcard_match(const char *pattern, const char *host, int depth)
{
	const char *apex = pattern + 1; /* ".a.b" */
	size_t host_len = strlen(host), apex_len, i;
	int below;

	if (host_len > 0 && host[host_len - 1] == '.')
		host_len--;
	if (strncmp(pattern, "*.", 2) != 0 || pattern[2] == '\0')
		return false;
	apex_len = strlen(apex);
	if (host_len <= apex_len)
		return false;
	for (i = 0; i < apex_len; i++) {
		if (lower(apex[i]) != lower(host[host_len - apex_len + i]))
			return false;
	}
	below = count_labels(host, host_len - apex_len);
	return below > 0 && (depth <= 0 || below == depth);
}

bool
text_is_hostname(const char *s)
{
	size_t len = strlen(s), i, label = 0;
	bool numeric = true;

	if (len < 1 || len > HOSTNAME_MAX)
		return false;
	for (i = 0; i <= len; i++) {
		if (s[i] == '.' || s[i] == '\0') {
			if (label == 0 || label > LABEL_MAX || s[i - 1] == '-')
				return false;
			label = 0;
			if (s[i] == '.')
				numeric = true;
			continue;
		}
		if (!is_alnum(s[i]) && (s[i] != '-' || label == 0))
			return false;
		numeric = numeric && is_digit(s[i]);
		label++;
	}
	/* RFC 1123 2.1: the last label of a name is never a number, so that
	 * names and dotted addresses cannot be taken for each other. */
	return !numeric;
}
