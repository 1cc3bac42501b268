/* SPDX-License-Identifier: MIT */
/* What every probe must survive, one table for all: servers that misbehave in
 * ways that no protocol allows. A probe that met one has ended in time and
 * once, has proved nothing better than a connection, leaks nothing, and can
 * be cancelled at any moment of it. */
#ifndef UNIT_HOSTILE_TLS_H
#define UNIT_HOSTILE_TLS_H

#include "tests/unit/fake_probe.h"

struct hostile_case {
	const char *type;		/* of the probe */
	const char *host;		/* its server name, or NULL */
	const struct trust *trust;
	int	 bound_ms;		/* no probe may take longer */
	/* Anything else that the spec needs, or NULL. */
	void	(*prepare)(struct fake_probe *p);
};

/* Each misbehaviour of a TCP server in turn; check's assertions inside. */
void	 hostile_tls_tcp(const struct hostile_case *c);
/* The same with the probe cancelled after various times. */
void	 hostile_tls_tcp_cancelled(const struct hostile_case *c);
/* The same for datagrams, whose silence takes long: one half of them at a
 * time (0, 1). */
void	 hostile_tls_udp(const struct hostile_case *c, unsigned half);
void	 hostile_tls_udp_cancelled(const struct hostile_case *c);

#endif
