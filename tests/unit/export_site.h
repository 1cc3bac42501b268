/* SPDX-License-Identifier: MIT */
/* A site with needs of one's choosing, for the tests of the exports. */
#ifndef UNIT_EXPORT_SITE_H
#define UNIT_EXPORT_SITE_H

#include "core/export/export.h"

#define EXPORT_NOW_US INT64_C(1795257900000000)	/* 2026-11-21T10:45:00Z */

/* A checked site of "zencontrol" without any need yet; returns owned. */
struct record *export_site(void);
/* TCP 443 to host, required, outbound, with this outcome. Borrowed. */
struct need *export_need(struct record *r, const char *id, const char *host,
	    enum outcome outcome);
void	 export_port(struct record *r, struct need *n, uint16_t low,
	    uint16_t high);
/* The bytes of one format; returns owned. */
char	*export_bytes(struct record *r, enum export_document d,
	    const char *format, enum request_scope scope);

#endif
