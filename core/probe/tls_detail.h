/* SPDX-License-Identifier: MIT */
/* What TLS probes and HTTPS share: certificates to details and a rung. */
#ifndef PROBE_TLS_DETAIL_H
#define PROBE_TLS_DETAIL_H

#include "core/net/trust.h"
#include "core/probe/probe.h"

/* Judges the captured chain by the spec's issuer or the public roots, fills
 * the details "subject" "issuer" "top_issuer" "authority" (its common
 * name) "authority_org" "issuer_spki" "leaf_sha256"
 * "public_root" "key_match" "laptop_root" "name_match" "not_before"
 * "not_after" "chain_error" "expected_issuer" "certificates" (sent), of the
 * leaf "leaf_spki" "leaf_key" "leaf_days" (its whole life) "leaf_not_before"
 * "has_scts" "has_revocation", and says what it comes to. Without a chain:
 * RUNG_TRANSPORT. Dates are not judged here. */
void	 tls_detail(struct probe *p, const struct trust_capture *c,
	    enum rung *rung, enum cause *failure);

#endif
