/* SPDX-License-Identifier: MIT */
/* What the files of masking share: texts whose form tells what they are. */
#ifndef RECORD_MASK_PARTS_H
#define RECORD_MASK_PARTS_H

#include "core/record/mask_text.h"

/* Members of an observation's detail that come from a certificate; NULL at the
 * end. */
extern const char *const mask_certificates[];

bool	 mask_among(const char *const *list, size_t count, const char *word);
/* Addresses, ports, names of hosts, web addresses, short numbers and versions,
 * also several of them: each as what it is, and those names as words that are
 * masked everywhere. Anything else is one token of this kind, and a word. */
const char *mask_part(struct mask *m, const char *kind, const char *text);
/* "17.0.3.31", though it looks like an address; else as mask_part(). */
const char *mask_version(struct mask *m, const char *text);
/* A serial number: as the MAC address that it is, or a token. */
const char *mask_serial(struct mask *m, const char *text);
/* "eth0", or "eth1 10.20.30.50/24": usual names of adapters stay, unless a
 * MAC address is in them. */
const char *mask_adapter(struct mask *m, const char *text);
/* What an observation tells under this name. Only the program's own words and
 * what mask_part() knows stay; what a stranger sent is one token. genuine: a
 * vendor's server answered, as it should. */
const char *mask_detail(struct mask *m, const char *member, const char *text,
	    bool genuine);

#endif
