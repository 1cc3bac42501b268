/* SPDX-License-Identifier: MIT */
/* Rows of a change request as flows for a packet filter: rows that ask for
 * the same flow are one, and each says whether it can be expressed. */
#ifndef EXPORT_FLOWS_H
#define EXPORT_FLOWS_H

#include "core/base/ip.h"
#include "core/export/request/rows.h"

/* Never silently wider than the row. */
enum fate {
	FATE_EXACT,
	FATE_WIDER,			/* `how` says by what */
	FATE_NOT_HERE,			/* `how` says why, and what instead */
};

struct dialect;

enum flow_to { TO_ANY, TO_ADDRESSES, TO_NAME };

struct flow {
	const struct rule_row *row;	/* the first; its id names the flow */
	struct strlist needed_by;	/* rule ids, the first one's too */
	enum fate fate;
	const char *how;		/* translated sentences, or "" */
	/* to where; not known when it is not here for another reason */
	enum flow_to to;
	struct ip *address;		/* TO_ADDRESSES */
	size_t	 naddress;
	const char *domain;		/* TO_NAME: lower case, no "*."; NULL
					 * where it is no host name */
	const char *set;		/* TO_NAME, nftables: of its addresses,
					 * less the family */
};

struct flows {
	const struct rules *rules;
	struct flow *flow;
	size_t	 count;
	bool	 family[2];		/* IPv4 and IPv6 are in use */
	/* networks that the check stood in, with prefix; may be empty */
	struct strlist from[2];
};

/* As one platform sees them. What is the same for all is decided here (from
 * the internet, unknown, any port of anybody, what no router passes on), the
 * rest by the dialect's name() and limit(). Lives in a, borrows from rules. */
struct flows *flows_make(struct arena *a, const struct rules *rules,
	    const struct dialect *d);
/* Does a name in the domain of `named` belong to what f permits? */
bool	 flow_takes(const struct flow *f, const struct flow *named);

/* Of the networks of the check those with public addresses; family as in
 * `from`. */
struct strlist flows_public(struct arena *a, const struct flows *all,
	    int family);

/* The table that the rules are added to, and their chains. */
#define FLOWS_TABLE "filter"
#define FLOWS_INTERNET "sitewalk_internet"
#define FLOWS_LAN "sitewalk_lan"

/* A comment of whatever text, in lines that begin with "#" and are short:
 * dnsmasq takes what stands behind 1024 bytes for a line of its own. */
void	 flows_remark(struct buf *out, const char *text, int indent);
/* An id without anything that could end a quoted word. */
const char *flows_plain_id(struct arena *a, const char *id);

#endif
