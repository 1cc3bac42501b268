/* SPDX-License-Identifier: MIT */
/* Who may register a name: by the public suffix list that libpsl carries. */
#ifndef EXPORT_SUFFIX_H
#define EXPORT_SUFFIX_H

enum suffix_kind {
	SUFFIX_BELOW,		/* a name below somebody's domain */
	SUFFIX_REGISTRABLE,	/* a whole domain of one owner: example.com */
	SUFFIX_PUBLIC,		/* anybody may have names in it: co.uk */
};

/* Of a host name, without "*."; upper case is fine. */
enum suffix_kind suffix_kind(const char *name);

#endif
