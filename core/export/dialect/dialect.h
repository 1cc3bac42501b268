/* SPDX-License-Identifier: MIT */
/* The change request in the language of one firewall. A dialect is one file
 * that ends in one const export_format with a const dialect, and one line in
 * export_table.c. Of each flow it says: expressed exactly, wider (and how),
 * or not here (and what instead). Never silently wider. */
#ifndef EXPORT_DIALECT_H
#define EXPORT_DIALECT_H

#include "core/export/dialect/flows.h"

/* What a dialect is given to write with. */
struct dialect_out {
	const struct dialect *dialect;
	struct buf *out;
	struct arena *arena;
	const struct flows *flows;
};

/* Texts are N_() and whole sentences, unless it says otherwise. */
struct dialect {
	const char *platform;	/* a name: "FortiOS" */
	const char *assumes;	/* the oldest that takes it: "FortiOS 6.4" */
	const char *comment;	/* begins a line of comment: "# " "! " "// ";
				 * NULL: it has none, see remark() */
	const char *first;	/* what the document begins with, or NULL */
	/* How it was checked. NULL: by our own tests and on no device. */
	const char *checked;
	/* What its reader must know beforehand; ends in NULL. Or NULL. */
	const char *const *notes;
	/* Where it is told not to open the TLS of a flow. NULL: it never
	 * does, and nothing is said of it. */
	const char *bypass;
	/* How ICMP errors about permitted flows pass, and what ends at the
	 * firewall itself; NULL: in the words of the framework. */
	const char *errors;
	const char *gateway;
	/* What becomes of a flow to a name (f->domain, flow_is_below()):
	 * leaves it exact, or calls flow_wider() or flow_not_here(). NULL:
	 * names are not here, and why is said by the framework. See
	 * flow_by_lookup(). */
	void	(*name)(struct arena *a, struct flow *f);
	/* The same for every flow that the framework would express, whatever
	 * its destination: a protocol, port range or direction that the
	 * platform cannot say. After name(). May be NULL. */
	void	(*limit)(struct arena *a, struct flow *f);
	/* Once, when all flows are made: what one does to another, as where
	 * two share an object. May be NULL. */
	void	(*settle)(struct arena *a, struct flows *all);
	/* The parts, in this order; each may be NULL. head() writes after the
	 * common comment; begin() before the first row of a part and its
	 * title, which is a comment, and finish() after the last, also of a
	 * part without rows; flow() once for each flow that is not
	 * FATE_NOT_HERE, after its comment; tail() last. Parts are
	 * ROWS_INTERNET, then ROWS_LAN. */
	void	(*head)(const struct dialect_out *o);
	void	(*begin)(const struct dialect_out *o, enum rows_part part);
	void	(*flow)(const struct dialect_out *o, const struct flow *f);
	void	(*finish)(const struct dialect_out *o, enum rows_part part);
	void	(*tail)(const struct dialect_out *o);
	/* Where there are no comments: what to do with one, which is indented
	 * as it would be. May be NULL. */
	void	(*remark)(const struct dialect_out *o, const char *text);
};

/* The whole document: common head (request id, pack versions, assumed
 * platform, how it was checked, "review before use"), then each part, then
 * what is no port. */
void	 dialect_write(const struct dialect *d, const struct record *r,
	    const struct export_options *opt, struct buf *out);

/* A comment, wrapped, whatever text it is. Quotation marks, backslashes and
 * question marks, at which some command lines wake up even in a comment,
 * become apostrophes, slashes and full stops. */
void	 dialect_remark(const struct dialect_out *o, const char *text);
/* The comment of a flow: its id, what for, and how it is expressed. */
void	 dialect_words(const struct dialect_out *o, const struct flow *f);
/* What is no port, as comments. */
void	 dialect_conditions(const struct dialect_out *o);
/* "Expressed wider: ..."; in a. */
const char *dialect_fate(struct arena *a, const struct flow *f);
/* Stable, of letters, digits, "_" and "-" only, at most max bytes (a longer
 * one is shortened by a digest; max is at least 24), the same for the same
 * flow in every export, and no other's: the name of its objects. `mark`, of
 * letters and digits, tells objects of one flow apart, or "". */
const char *dialect_name(const struct dialect_out *o, const struct flow *f,
	    const char *mark, size_t max);
/* Where the devices are: one network each ("192.168.10.0/24"), none where no
 * line for that family (0, 1: IPv4, IPv6) is due. When no check was run
 * there it is one, dialect_placeholder[family], which no firewall takes for
 * a network. */
struct strlist dialect_sources(const struct dialect_out *o, int family);
extern const char *const dialect_placeholder[2];
/* Addresses of f of one family, as text. */
struct strlist dialect_addresses(const struct dialect_out *o,
	    const struct flow *f, int family);
/* Is any line due for f in that family: devices, and a destination? */
bool	 dialect_has_family(const struct dialect_out *o, const struct flow *f,
	    int family);
/* The parts of a network: "192.168.10.0/24" to its address, and to its
 * mask "255.255.255.0" where it is IPv4. A placeholder stays as it is in
 * both. In the arena. */
void	 dialect_network(const struct dialect_out *o, const char *network,
	    const char **address, const char **mask);
/* Texts that a reader of the file finds a row again by, of plain letters:
 * "REQ-2f42f55751 FR-zencontrol.ntp wider". */
const char *dialect_label(const struct dialect_out *o, const struct flow *f);

/* --- for name() and limit() --- */
void	 flow_wider(struct arena *a, struct flow *f, const char *how);
void	 flow_not_here(struct flow *f, const char *how);
bool	 flow_is_below(const struct flow *f);	/* to names below its domain */
bool	 flow_is_web(const struct flow *f);	/* TCP 80 or 443 alone */
/* A ready name(): the firewall looks the name up and permits its addresses;
 * a wildcard is not here. */
void	 flow_by_lookup(struct arena *a, struct flow *f);
/* Where a wildcard stands for any number of labels: says so if the row asks
 * for less. has_apex: it takes the name itself in. */
void	 flow_below_wider(struct arena *a, struct flow *f, bool has_apex);

/* Of request_nftables.c; dnsmasq's is the same. */
extern const struct dialect dialect_nftables;

#endif
