/* SPDX-License-Identifier: MIT */
/* Owns what the probes that send packets which expire on the way share. */
#include "core/probe/expiring.h"

#include <string.h>

#include "core/base/clock.h"

#define LEAST_MS 4000

int
expiring_left_ms(const struct probe *p)
{
	bool six = p->to.sa.sa_family == AF_INET6;
	int ms = EXPIRING_ENOUGH_MS - hops_silent_ms(p->env->hops, six);

	return ms < LEAST_MS ? LEAST_MS : ms;
}

enum expire_kind
expiring_kind(const struct probe *p)
{
	if (p->obs.protocol == PROTO_ICMP)
		return EXPIRE_ECHO;
	return p->obs.protocol == PROTO_UDP ? EXPIRE_UDP : EXPIRE_TCP;
}

/* The flow's own first bytes where they are known, so that a box that looks
 * into packets sees the real thing; otherwise an RTP header (RFC 3550 5.1). */
size_t
expiring_first_bytes(uint16_t port, uint8_t out[EXPIRING_BYTES])
{
	static const uint8_t dns[] = {
	    /* root NS?, RD=0 (RFC 1035 4.1) */
	    0x53,
	    0x57,
	    0,
	    0,
	    0,
	    1,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    0,
	    2,
	    0,
	    1,
	};

	memset(out, 0, EXPIRING_BYTES);
	if (port == 53) {
		memcpy(out, dns, sizeof dns);
		return sizeof dns;
	}
	if (port == 123) {
		out[0] = 0x23;
		return EXPIRING_BYTES;
	}
	out[0] = 0x80;
	out[3] = 1;
	return 12;
}

bool
expiring_control(const struct probe *p, bool same_host, struct addr *out)
{
	bool web = p->obs.protocol == PROTO_TCP && p->spec->port == 443;

	*out = same_host ? p->to :
			   p->env->control[p->to.sa.sa_family == AF_INET6];
	if (same_host)
		addr_set_port(out, web ? 80 : 443);
	return out->len != 0;
}

struct attempt *
expiring_note(struct probe *p, const struct expire *x, int ttl,
    const char *result)
{
	struct attempt *a = probe_add_attempt(p, x->sent_us, clock_mono_us(),
	    result);

	a->ttl = ttl;
	a->source_port = x->source_port;
	return a;
}

void
expiring_note_icmp(struct probe *p, struct attempt *a,
    const struct icmp_error *e)
{
	char text[ADDR_TEXT_SIZE];

	a->icmp_type = e->type;
	a->icmp_code = e->code;
	a->error = e->error;
	if (e->offender.len != 0)
		a->from = arena_strdup(p->arena, addr_text(&e->offender, text));
}

const char *
expiring_word(enum expire_result result)
{
	static const char *const word[] = {
	    [EXPIRE_ICMP] = "icmp",
	    [EXPIRE_ACCEPTED] = "accepted",
	    [EXPIRE_RESET] = "reset",
	    [EXPIRE_REPLY] = "reply",
	    [EXPIRE_LOCAL] = "error",
	};

	return word[result];
}
