/* SPDX-License-Identifier: MIT */
/* Inside DNS: the flows to servers. Over UDP a flow that has been answered
 * takes further questions to that server, so that a run of a hundred names
 * does not fill a small router's table; one that is silent takes no more, so
 * that each question asked again has a flow of its own. Over TCP, and with a
 * short life, every question has its own. */
#ifndef NET_DNS_LINE_H
#define NET_DNS_LINE_H

#include "core/net/dns.h"

/* One question on its line, embedded in its owner; zero it. */
struct dns_call {
	struct dns_line *line;
	struct dns_asked *asked;	/* what c-ares holds */
	struct dns_call *next;
	int64_t	 since_us;
	/* At most one of them, once, from the loop or from dns_line_ask().
	 * status as c-ares has it; msg NULL without an answer. */
	void	(*answered)(void *arg, int status, const uint8_t *msg,
		    size_t len);
	void	(*failed)(void *arg, const struct icmp_error *e);
	void	*arg;
};

/* Would it go on a flow that is there? */
bool	 dns_line_is_there(const struct dns_setup *setup);
/* False when there is no such flow to be had. */
bool	 dns_line_ask(struct dns_call *c, const struct dns_setup *setup,
	    const uint8_t *msg, size_t len);
/* Sends it once more as it is, over UDP: same flow, same number. A forwarder
 * takes that for the same question asked again, and passes it on again, while
 * the same name from elsewhere may wait for what is under way (dnsmasq: two
 * seconds). */
bool	 dns_line_repeat(const struct dns_call *c, const uint8_t *msg,
	    size_t len);
/* Has this server answered anything over a flow that is shared? */
bool	 dns_line_was_heard(struct pace *pace, const struct addr *server);
uint16_t dns_line_port(const struct dns_call *c); /* of the laptop; 0 = none */
int	 dns_line_error(const struct dns_call *c); /* errno of a send, or 0 */
void	 dns_line_leave(struct dns_call *c);	/* any time, also twice */

#endif
