/* SPDX-License-Identifier: MIT */
/* Owns the question whether a domain has one owner. */
#include "core/export/request/suffix.h"

#include <ctype.h>
#include <libpsl.h>
#include <string.h>

#define NAME_SIZE 256

/* libpsl wants lower case; a name that is too long is below something. */
enum suffix_kind
suffix_kind(const char *name)
{
	const psl_ctx_t *list = psl_builtin();
	char lower[NAME_SIZE];
	const char *domain;
	size_t i, len = strlen(name);

	if (len > 0 && name[len - 1] == '.')
		len--;
	if (len >= sizeof lower)
		return SUFFIX_BELOW;
	for (i = 0; i < len; i++)
		lower[i] = (char)tolower((unsigned char)name[i]);
	lower[len] = '\0';
	if (list == NULL)
		return strchr(lower, '.') == NULL ? SUFFIX_PUBLIC :
						    SUFFIX_REGISTRABLE;
	if (psl_is_public_suffix(list, lower))
		return SUFFIX_PUBLIC;
	domain = psl_registrable_domain(list, lower);
	return domain != NULL && strcmp(domain, lower) == 0 ?
	    SUFFIX_REGISTRABLE :
	    SUFFIX_BELOW;
}
