/* SPDX-License-Identifier: MIT */
/* SIP messages (RFC 3261, RFC 3581; facts 4): one OPTIONS, written, and the
 * response to it, read strictly and within bounds. What a middle box changed
 * is told by what a server must have returned as it was. No sockets. */
#ifndef PROBE_SIP_MESSAGE_H
#define PROBE_SIP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"

#define SIP_REQUEST_MAX	1400
#define SIP_MAX		16384	/* most bytes of a response */
#define SIP_TOKEN	20	/* letters of a random token, with NUL */

struct sip_request {
	const char *host;		/* a name or an address */
	uint16_t port;
	bool	 udp;
	struct addr me;			/* our end of the flow */
	char	 branch[SIP_TOKEN];	/* behind the magic cookie */
	char	 call_id[SIP_TOKEN];	/* before the "@" */
	char	 tag[SIP_TOKEN];
	unsigned cseq;
};

/* New random tokens. */
void	 sip_request_renew(struct sip_request *q);
size_t	 sip_request_write(const struct sip_request *q, char *out,
	    size_t size);		/* 0 when it does not fit */

struct sip_text {			/* into the response's copy */
	const char *at;			/* NULL = absent */
	size_t	 len;
};

/* What came back otherwise than it must; bits. */
enum {
	SIP_VIA_SENT_BY = 1 << 0, SIP_VIA_TRANSPORT = 1 << 1,
	SIP_VIA_BRANCH = 1 << 2, SIP_VIA_COUNT = 1 << 3,
	SIP_CALL_ID = 1 << 4, SIP_CSEQ = 1 << 5, SIP_FROM = 1 << 6,
	SIP_TO = 1 << 7, SIP_RECEIVED = 1 << 8,
	SIP_ALTERATIONS = 9,		/* how many there are */
};

/* The words of the bits of `altered`, in their order. */
extern const char *const sip_alteration_names[SIP_ALTERATIONS];

enum sip_kind {
	SIP_MORE,		/* TCP: it has not all come yet */
	SIP_NOT,		/* no SIP response, or not to this request */
	SIP_RESPONSE,
};

struct sip_response {
	char	 copy[SIP_MAX + 1];	/* the head, unfolded */
	size_t	 size;			/* bytes of the message, body too */
	int	 status;		/* 100 to 699 */
	struct sip_text reason, server, sent_by, received, rport, contact;
	unsigned altered;
};

/* outside: the server is on the internet, and we are behind a translation of
 * addresses, so that it must have seen another address than ours. */
enum sip_kind sip_response_read(const uint8_t *data, size_t len,
	    const struct sip_request *q, bool outside,
	    struct sip_response *out);

#endif
