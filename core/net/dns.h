/* SPDX-License-Identifier: MIT */
/* DNS questions through c-ares, one server and one transport at a time, with
 * the raw answer read here: flags, TTLs, the alias chain (RFC 1035). */
#ifndef NET_DNS_H
#define NET_DNS_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/mem.h"
#include "core/net/addr.h"
#include "core/net/errqueue.h"
#include "core/net/pace.h"

enum {
	DNS_TYPE_A = 1, DNS_TYPE_NS = 2, DNS_TYPE_CNAME = 5, DNS_TYPE_AAAA = 28,
};
enum {
	DNS_NOERROR = 0, DNS_FORMERR = 1, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3,
	DNS_NOTIMP = 4, DNS_REFUSED = 5,
};

struct dns_record {
	int	 type;
	char	*name;		/* whose record it is, sanitised */
	uint32_t ttl;		/* seconds */
	char	*data;		/* address or name, sanitised */
};

struct dns_answer {
	int	 rcode;
	bool	 aa, tc, ra, rd;
	struct dns_record *records;	/* answers: A, AAAA, CNAME, NS */
	size_t	 nrecords;
	bool	 edns;		/* an OPT record came (RFC 6891) */
	unsigned edns_size;	/* its largest datagram; 0 without */
};

/* Reads a message; false when it is malformed. Hostile input. */
bool	 dns_parse(struct arena *a, const uint8_t *msg, size_t len,
	    struct dns_answer *out);

enum dns_result {
	DNS_ANSWERED, DNS_TIMEOUT, DNS_ICMP, DNS_CONN_FAILED, DNS_MALFORMED,
	DNS_LOCAL_ERROR,
};

struct dns_exchange {		/* what one question led to */
	enum dns_result result;
	struct dns_answer answer;
	int64_t	 start_us, end_us;	/* monotonic */
	uint16_t source_port;
	uint32_t sent, received;	/* bytes */
	int	 error;			/* errno */
	struct icmp_error icmp;
};

struct dns_setup {
	struct event_base *base;
	struct pace *pace;
	const char *interface;
	struct addr server;		/* with port */
	bool	 tcp;
	bool	 recurse;		/* RD */
	unsigned edns_size;		/* 0 = without OPT (RFC 6891) */
	int	 ttl;			/* life in hops; 0 = the system's */
	const char *name;
	int	 type;
	unsigned timeout_ms;
	/* Once, from the loop; x is borrowed for the call. */
	void	(*done)(void *arg, const struct dns_exchange *x);
	void	*arg;
};

struct dns_query;

struct dns_query *dns_ask(struct arena *a, const struct dns_setup *setup);
/* Sends a question over UDP that is still open once more, as it was. */
void	 dns_repeat(struct dns_query *q);
/* Has the server answered any question without a life of its own, of all that
 * share a pace? */
bool	 dns_was_heard(struct pace *pace, const struct addr *server);
void	 dns_close(struct dns_query *q);	/* cancels if needed */
/* The exchange so far of a question that is still open: ends now, timed out.
 * False when it has ended or still waits for its turn. */
bool	 dns_pending(const struct dns_query *q, struct dns_exchange *out);

#endif
