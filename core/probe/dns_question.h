/* SPDX-License-Identifier: MIT */
/* One DNS question of a probe with all its attempts: overlapping, so that a
 * lost packet costs little; a refusal and a failure are asked again; what was
 * cut short (TC) is asked again over TCP (RFC 7766 section 5). Each attempt
 * is kept in the probe. */
#ifndef PROBE_DNS_QUESTION_H
#define PROBE_DNS_QUESTION_H

#include "core/net/dns.h"
#include "core/probe/probe.h"

#define DNS_TRIES	3
#define DNS_STEP_MS	1100	/* between attempts; each stays open */
#define DNS_SILENCE_MS	3500	/* then it is silence */
#define DNS_EDNS_SIZE	1232	/* what fits any path (DNS flag day 2020) */
#define DNS_PORT	53
/* The most of one question, IP headers included: a name of 255 bytes. Over
 * TCP: SYN, ACK, question, ACKs, FIN, or SYNs alone. */
#define DNS_UDP_BYTES	340
#define DNS_TCP_PACKETS	7
#define DNS_TCP_BYTES	800

struct dns_question_setup {
	struct probe *probe;
	const struct addr *server;	/* with port; NULL = the site's */
	bool	 recurse;		/* RD, also for a server of its own */
	const char *name;		/* borrowed until it is done */
	int	 type;
	bool	 tcp;
	bool	 edns;			/* with OPT (RFC 6891) */
	int	 ttl;			/* life in hops; 0 = the system's */
	unsigned tries;			/* 1 .. DNS_TRIES */
	unsigned silence_ms;		/* from when the first went out */
	/* Once, from the loop; not after dns_question_close(). */
	void	(*done)(void *arg);
	void	*arg;
};

/* Zero it before first use; no pointer into it may move. */
struct dns_question {
	struct dns_question_setup setup;
	struct dns_query *query[DNS_TRIES + 1];	/* one more over TCP */
	unsigned nqueries;
	struct event *next, *deadline, *finish;
	bool	 done;			/* the rest is final */
	bool	 tcp_failed;		/* cut short, and nothing over TCP */
	enum dns_result result;
	struct dns_answer answer;	/* in the probe's arena */
	struct icmp_error icmp;
	int	 error;			/* errno of what was not sent */
	struct addr server;		/* that answered; else the last asked */
	unsigned decided;		/* which attempt that was */
	int64_t	 start_us, end_us;	/* monotonic, of what decided */
	uint16_t source_port;
};

/* Asks; without a server of its own the site's are asked in turn, with RD. */
void	 dns_question_ask(struct dns_question *q,
	    const struct dns_question_setup *setup);
/* Ends it now with what there is; done() is not called. */
void	 dns_question_stop(struct dns_question *q);
void	 dns_question_close(struct dns_question *q);	/* frees; any time */
/* The site's servers that were asked before the one that answered, and had
 * not: a list of addresses, owned. Once it is done. */
json_t	*dns_question_passed_over(const struct dns_question *q);
/* Is there an answer without an error code? */
bool	 dns_question_is_good(const struct dns_question *q);
/* When the first attempt really went out (monotonic); 0 = not yet. */
int64_t	 dns_question_sent(const struct dns_question *q);
/* Rung and cause of what is no answer. */
void	 dns_question_failure(const struct dns_question *q, enum rung *rung,
	    enum cause *failure);
/* "NOERROR", "NXDOMAIN", ... (RFC 1035 section 4.1.1) */
const char *dns_rcode_text(int rcode);
enum cause dns_rcode_cause(int rcode);
/* Is there a record of this type with this address as data? */
bool	 dns_answer_has(const struct dns_answer *a, int type,
	    const char *data);
/* The data of the first record of this type, or NULL. */
const char *dns_answer_first(const struct dns_answer *a, int type);

#endif
