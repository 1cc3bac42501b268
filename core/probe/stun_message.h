/* SPDX-License-Identifier: MIT */
/* STUN messages (RFC 5389 sections 6 and 15; facts 5.2): a binding request,
 * and strict reading of what answers it. No sockets. */
#ifndef PROBE_STUN_MESSAGE_H
#define PROBE_STUN_MESSAGE_H

#include "core/net/addr.h"

#define STUN_HEADER	20
#define STUN_ID		12

enum stun_kind {
	STUN_NOT,		/* not an answer to this transaction */
	STUN_SUCCESS,		/* mapped is set */
	STUN_ERROR,		/* error_code is set */
};

struct stun_reply {
	struct addr mapped;	/* how the server saw us */
	struct addr plain;	/* MAPPED-ADDRESS; len 0 = absent */
	struct addr other;	/* RFC 5780 OTHER-ADDRESS; len 0 = absent */
	int	 error_code;	/* 300 to 699 */
	const uint8_t *software; /* into the datagram; NULL = absent */
	size_t	 software_len;
};

void	 stun_request(uint8_t out[STUN_HEADER], const uint8_t id[STUN_ID]);
enum stun_kind stun_read(const uint8_t *data, size_t len,
	    const uint8_t id[STUN_ID], struct stun_reply *out);

#endif
