/* SPDX-License-Identifier: MIT */
/* What TLS probes and HTTPS share: certificates to details and a rung. */
#include "core/probe/tls_detail.h"

#include "core/base/clock.h"

void
tls_detail(struct probe *p, const struct trust_capture *c, enum rung *rung,
    enum cause *failure)
{
	struct trust_verdict v;
	char iso[CLOCK_ISO_SIZE];
	bool expected;

	*rung = RUNG_TRANSPORT;
	*failure = CAUSE_NONE;
	trust_judge(p->env->trust, p->arena, c->chain, p->spec->host,
	    p->spec->issuer, &v);
	if (!v.have_chain)
		return;
	probe_detail_str(p, "subject", v.subject);
	probe_detail_str(p, "issuer", v.issuer);
	probe_detail_str(p, "top_issuer", v.top_issuer);
	probe_detail_str(p, "authority", v.authority);
	probe_detail_str(p, "authority_org", v.authority_org);
	probe_detail_str(p, "issuer_spki", v.issuer_spki);
	probe_detail_str(p, "leaf_sha256", v.leaf_sha256);
	probe_detail_str(p, "leaf_spki", v.leaf_spki);
	probe_detail_str(p, "leaf_key", v.leaf_key);
	probe_detail_int(p, "leaf_days", v.leaf_days);
	probe_detail_str(p, "leaf_not_before",
	    clock_iso(v.leaf_from_us, false, iso));
	probe_detail_int(p, "certificates", (int64_t)v.nchain);
	probe_detail_bool(p, "has_scts", v.has_scts);
	probe_detail_bool(p, "has_revocation", v.has_revocation);
	probe_detail_str(p, "chain_error", v.error);
	probe_detail_bool(p, "public_root", v.public_root);
	probe_detail_bool(p, "laptop_root", v.laptop_root);
	probe_detail_bool(p, "name_match", v.name_match);
	probe_detail_str(p, "expected_issuer", p->spec->issuer);
	if (p->spec->issuer != NULL)
		probe_detail_bool(p, "key_match", v.key_match);
	probe_detail_str(p, "not_before",
	    clock_iso(v.not_before_us, false, iso));
	probe_detail_str(p, "not_after", clock_iso(v.not_after_us, false, iso));
	expected = p->spec->issuer != NULL ? v.key_match : v.public_root;
	*rung = expected && v.name_match ? RUNG_TLS_EXPECTED : RUNG_TLS_OTHER;
	if (!expected)
		*failure = CAUSE_TLS_UNTRUSTED;
	else if (!v.name_match)
		*failure = CAUSE_TLS_NAME_MISMATCH;
}
