/* SPDX-License-Identifier: MIT */
/* What the kernel counts when it stops the laptop's own packets; readable by
 * any user. A rule that drops a SYN on its way out fails no call: only its
 * retransmission, one second later, is counted as failed (TCPRetransFail of
 * /proc/net/netstat). A reset that a rule makes up comes by the loopback. */
#ifndef NET_OWN_RULES_H
#define NET_OWN_RULES_H

#include <stdint.h>

#define OWN_RETRANSMIT_MS 1000	/* after connect(2), RFC 6298 */

/* Retransmissions of TCP that the laptop did not let out, in all; -1 unknown.
 * It only rises. */
int64_t	 own_retransmit_failures(void);
/* Packets that came in by the loopback, in all; -1 unknown. */
int64_t	 own_loopback_packets(void);

#endif
