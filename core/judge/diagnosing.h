/* SPDX-License-Identifier: MIT */
/* Inside the judge: what a diagnosis is made from. Troubles are the lines that
 * want an explanation, flows are what got through and what did not, and a
 * hypothesis is one cause with the troubles that it would explain. */
#ifndef JUDGE_DIAGNOSING_H
#define JUDGE_DIAGNOSING_H

#include "core/judge/judges.h"

enum cut { CUT_NOT, CUT_DROP, CUT_RESET, CUT_REFUSE, CUT_REJECT };

/* One flow to the other side of the gateway. */
struct flow {
	enum protocol protocol;
	uint16_t port;		/* 0 for pings */
	const char *host;	/* or its address */
	bool	 six;
	bool	 through;	/* its own server answered */
	bool	 out;		/* it was seen beyond the gateway */
	/* Of a flow that was cut, whether another one passed: */
	bool	 port_through;	/* to any host, on this port */
	bool	 port_out;
	bool	 host_through;	/* to this host, on any port */
	bool	 host_any;	/* to this host, by any protocol */
};

struct trouble {
	const struct need *need;
	enum cut how;		/* CUT_NOT: it is no flow that was cut */
	bool	 lan;		/* within the local network */
	bool	 name;		/* the site's own DNS server, or what waits
				 * for a name */
	bool	 six;		/* IPv4 works */
	bool	 only_six;	/* there is no IPv4 to try */
	bool	 soft;		/* no failure, but no healthy site has it */
	struct flow *flow;	/* those that were cut */
	size_t	 nflows;
	const char *owner;	/* of the first of them */
};

/* From the deepest cause to the shallowest; the order of preference. */
enum scope {
	SCOPE_CHANGED,		/* another network in the middle of the run */
	SCOPE_PORTAL,
	SCOPE_NO_UPLINK,	/* nothing beyond the gateway answered */
	SCOPE_NO_DNS,		/* no name was answered */
	SCOPE_NAMES,
	SCOPE_CLOCK,
	SCOPE_POLICY,		/* only listed ports get out */
	SCOPE_ALL_UDP,
	SCOPE_UDP_ABOVE,
	SCOPE_IPV6,
	SCOPE_PROXY,		/* something takes the connections itself */
	SCOPE_PORTS,		/* these ports, whatever the host */
	SCOPE_HOST,		/* one owner's hosts, whatever the protocol */
	SCOPE_HOSTS,		/* these hosts, whatever the port */
	SCOPE_FLOWS,
	SCOPE_INTERCEPTED,
	SCOPE_LOCAL,		/* no device of the local network answers */
	SCOPE_DEVICE,		/* one does not */
	SCOPE_ALIKE,		/* the same cause at the same place */
};

struct hypothesis {
	enum scope scope;
	enum cause cause;
	enum cut how;
	enum protocol protocol;
	enum zone zone;
	bool	 six;
	const char *owner;	/* or the device's address, or NULL */
	bool	*explains;	/* by trouble */
	size_t	 count;
	bool	 chosen;
};

/* Which ports were heard from, by whether the server itself answered. */
struct heard_ports {
	unsigned char bit[8192];
};

struct bench {
	struct record *r;
	struct flow *flow;
	size_t	 nflows;
	struct trouble *trouble; /* by id, so that no order of needs counts */
	size_t	 ntroubles;
	struct hypothesis *guess;
	size_t	 nguesses;
	/* [TCP, UDP, ICMP][IPv6] */
	struct heard_ports *through[3][2];
	struct heard_ports *out[3][2];
	size_t	 nthrough[3], nout[3];
	bool	 name_answered;	/* the site's DNS server knew any name */
	bool	 device_answered; /* of the local network, not the gateway */
};

/* What wants an explanation and what passed (diagnose_evidence.c). */
void	 bench_fill(struct bench *b, struct record *r);
bool	 is_zone_open(enum zone zone);
/* The flows of n that were cut, in out; n is in trouble or unproven. */
size_t	 cut_flows(const struct bench *b, const struct need *n,
	    struct flow **out);
enum cut cut_of(const struct need *n);
/* How many ports of a protocol were heard from, of either family: the server
 * itself, or also what was only seen beyond the gateway. And which. */
size_t	 heard_count(const struct bench *b, enum protocol protocol,
	    bool through_only);
char	*heard_text(const struct bench *b, enum protocol protocol,
	    bool through_only);	/* NULL: none */
/* The observation that a need lists by this id, or NULL. */
const struct observation *listed_observation(const struct record *r,
	    const char *id);
/* Whom to ask about this host: its owner's name, or its network; in a. */
const char *flow_owner(struct arena *a, const char *host);

/* Adds every hypothesis that no pass contradicts (diagnose_rules.c). */
void	 guesses_fill(struct bench *b);
/* Would h explain a flow of a line that is only not proven? */
bool	 guess_covers_flow(const struct bench *b, const struct hypothesis *h,
	    const struct flow *f);

/* Sets chosen for the smallest set that explains all; deeper ones first where
 * several are as small (diagnose_cover.c). */
void	 cover_choose(struct bench *b);

/* The members of one chosen hypothesis. */
struct members {
	const struct hypothesis *h;
	const struct trouble **item;
	size_t	 count;
	size_t	 failed, warned, blocked, left; /* left: not decided */
	/* of all diagnoses */
	size_t	 all_failed, all_warned;
};

/* diagnose_members.c */
/* The ports of one protocol, sorted and joined. */
size_t	 members_ports(struct bench *b, const struct members *m,
	    enum protocol protocol, struct port_range **out);
/* Of how many ports it is told; of a range, of two. */
size_t	 members_port_count(struct bench *b, const struct members *m);
/* "All 14 failures"; how many of how many. */
char	*members_count_text(struct bench *b, const struct members *m);
/* "TCP ports 5112, 5113; UDP port 123"; of all members. */
char	*members_flows(struct bench *b, const struct members *m);
/* The hosts or names that these are about, the first few; *count of all. */
char	*members_hosts(struct bench *b, const struct members *m,
	    size_t *count);

/* diagnose_words.c */
void	 diagnosis_describe(struct bench *b, struct diagnosis *d,
	    const struct members *m);

/* diagnose_advice.c */
void	 diagnosis_advise(struct bench *b, struct diagnosis *d,
	    const struct members *m);

/* diagnose_proof.c */
void	 diagnosis_rule_out(struct bench *b, struct diagnosis *d,
	    const struct members *m);
void	 diagnosis_clears(struct bench *b, struct diagnosis *d,
	    const struct members *m);

#endif
