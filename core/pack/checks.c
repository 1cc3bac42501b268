/* SPDX-License-Identifier: MIT */
/* Owns what single texts of a pack must look like. Each check returns NULL,
 * or the sentence (with one %s for the text) that says what is wrong. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/bind.h"
#include "core/pack/vocabulary.h"

#define ID_MAX 64
#define TOKEN_MAX 32
#define PATH_MAX_BYTES 512
#define LINE_MAX_NUMBER 999999

static const char lower_digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

static bool
is_id(const char *s, size_t len)
{
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t i;

	if (len == 0 || len > ID_MAX || strchr(lower_digits, s[0]) == NULL)
		return false;
	for (i = 0; i < len; i++) {
		if (s[i] == '\0' || strchr(rest, s[i]) == NULL)
			return false;
	}
	return true;
}

const char *
check_id(const struct binder *b, const char *s)
{
	(void)b;
	return is_id(s, strlen(s)) ?
	    NULL :
	    N_("\"%s\" is not an id: use small letters, digits, \"-\" and "
	       "\"_\", at most 64 of them.");
}

const char *
check_full_id(const struct binder *b, const char *s)
{
	const char *dot = strchr(s, '.');

	(void)b;
	if (dot != NULL && is_id(s, (size_t)(dot - s)) &&
	    is_id(dot + 1, strlen(dot + 1)))
		return NULL;
	return N_("\"%s\" is not a full id such as \"product.id\".");
}

static bool
is_line_range(const char *s, size_t len)
{
	char part[32];
	uint64_t first, last;
	char *dash;

	if (len == 0 || len >= sizeof part)
		return false;
	memcpy(part, s, len);
	part[len] = '\0';
	dash = strchr(part, '-');
	if (dash == NULL)
		return text_to_uint(part, 1, LINE_MAX_NUMBER, &first);
	*dash = '\0';
	return text_to_uint(part, 1, LINE_MAX_NUMBER, &first) &&
	    text_to_uint(dash + 1, first + 1, LINE_MAX_NUMBER, &last);
}

const char *
check_lines(const struct binder *b, const char *s)
{
	const char *part = s;
	size_t len;

	(void)b;
	for (;;) {
		len = strcspn(part, ",");
		if (!is_line_range(part, len))
			return N_("\"%s\" does not name lines such as "
				  "\"5,24,36\" or \"20-29\".");
		if (part[len] == '\0')
			return NULL;
		part += len + 1;
	}
}

/* Digits and hyphens as in "2026-11-21". */
const char *
check_date(const struct binder *b, const char *s)
{
	char year[5] = "", month[3] = "", day[3] = "";
	uint64_t n;

	(void)b;
	if (strlen(s) == 10 && s[4] == '-' && s[7] == '-') {
		memcpy(year, s, 4);
		memcpy(month, s + 5, 2);
		memcpy(day, s + 8, 2);
	}
	if (text_to_uint(year, 1990, 2199, &n) &&
	    text_to_uint(month, 1, 12, &n) && text_to_uint(day, 1, 31, &n))
		return NULL;
	return N_("\"%s\" is not a date such as \"2026-11-21\".");
}

const char *
check_hostname(const struct binder *b, const char *s)
{
	(void)b;
	return text_is_hostname(s) ? NULL : N_("\"%s\" is not a host name.");
}

const char *
check_port(const struct binder *b, const char *s)
{
	uint64_t n;

	(void)b;
	return text_to_uint(s, 1, UINT16_MAX, &n) ?
	    NULL :
	    N_("The port %s is out of range: ports go from 1 to 65535.");
}

const char *
check_path(const struct binder *b, const char *s)
{
	size_t i, len = strlen(s);
	bool fine = s[0] == '/' && len <= PATH_MAX_BYTES;

	(void)b;
	for (i = 0; i < len; i++)
		fine = fine && s[i] > ' ' && s[i] < 0x7f && s[i] != '#';
	return fine ? NULL :
		      N_("\"%s\" is not the path of a web page: it begins with "
			 "\"/\" and has no spaces.");
}

const char *
check_token(const struct binder *b, const char *s)
{
	size_t len = strlen(s);

	(void)b;
	if (len <= TOKEN_MAX &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-./_") == len)
		return NULL;
	return N_("\"%s\" is not a name of small letters, digits, \"-\", "
		  "\"_\", \".\" and \"/\".");
}

const char *
check_tls_version(const struct binder *b, const char *s)
{
	(void)b;
	return strcmp(s, "1.2") == 0 || strcmp(s, "1.3") == 0 ?
	    NULL :
	    N_("\"%s\" is not a version of TLS: use \"1.2\" or \"1.3\".");
}

const char *
check_tells(const struct binder *b, const char *s)
{
	static const char *const members[] = {"name", "serial", "firmware",
	    "generation", "mac", "address"};
	size_t i;

	(void)b;
	for (i = 0; i < sizeof members / sizeof *members; i++) {
		if (strcmp(members[i], s) == 0)
			return NULL;
	}
	return N_("No device tells \"%s\": it is name, serial, firmware, "
		  "generation, mac or address.");
}

const char *
check_probe_type(const struct binder *b, const char *s)
{
	return b->vocab == NULL || strcmp(s, PROBE_MANUAL) == 0 ||
		vocabulary_find(b->vocab, s) != NULL ?
	    NULL :
	    N_("There is no probe type \"%s\".");
}
