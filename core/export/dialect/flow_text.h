/* SPDX-License-Identifier: MIT */
/* Pieces of a flow as words, for the dialects that write them alike. All of
 * it is letters, digits and the marks given here: nothing that was typed. */
#ifndef EXPORT_FLOW_TEXT_H
#define EXPORT_FLOW_TEXT_H

#include "core/export/dialect/dialect.h"

/* "tcp", "udp" or "icmp". */
const char *flow_protocol(const struct flow *f);
/* Its ports, a range as "20000" dash "49000"; where any port is meant, `any`
 * alone, or nothing when that is NULL. */
struct strlist flow_ports(struct arena *a, const struct flow *f,
	    const char *dash, const char *any);
/* Are there lines for IPv4 (0) or IPv6 (1)? */
bool	 flow_has_family(const struct dialect_out *o, const struct flow *f,
	    int family);
/* What it leads to, by name: "a.example", or "*.a.example" and, where it is
 * asked for, "a.example". */
struct strlist flow_names(struct arena *a, const struct flow *f);
/* Each with `quote` on both sides, and ", " between. */
char	*flow_quoted(struct arena *a, const struct strlist *l,
	    const char *quote);
/* The sources, or the addresses, of both families in one list. */
struct strlist flow_all_sources(const struct dialect_out *o,
	    const struct flow *f);
struct strlist flow_all_addresses(const struct dialect_out *o,
	    const struct flow *f);

#endif
