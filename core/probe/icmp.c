/* SPDX-License-Identifier: MIT */
/* The probe "icmp": does ICMP come through? Without `want` it sends echo
 * requests (types 8 and 0, RFC 792; facts 0.9).
 * Detail: "sent", "received", "rtt_min_us", "rtt_max_us", and "firewall" when
 * the laptop itself did not let them out.
 *
 * want: "3", a message that a destination is unreachable (type 3). It sends
 * small UDP packets to a port of traceroute, where nothing listens, and waits
 * for such a message about them: from a host on site its own, from one beyond
 * the gateway that of anybody beyond it. Silence proves nothing.
 * Detail: "icmp_type", "icmp_code", "from", "why". */
#include <netinet/ip_icmp.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/probe/echo.h"

#define NECHOS 3
#define STEP_MS 1100
#define SPREAD_MS 200 /* between echoes once one was answered */
#define PATIENCE_MS 1300
#define LONGEST_MS (2 * STEP_MS + PATIENCE_MS)

#define KNOCK_PORT 33434 /* of traceroute(8) */
#define KNOCK_SIZE 16
#define FROM_GATEWAY "unreachable_from_gateway" /* a word of "why" */

struct icmp_state {
	struct echo echo;
	struct dgram *knock; /* want "3" */
	uint8_t nonce[8];
};

/* --- types 8 and 0 --- */

static void
echo_done(struct probe *p, enum echo_end how, enum cause cause)
{
	struct icmp_state *s = p->state;

	if (how == ECHO_LOCAL && s->echo.nsent == 0) {
		probe_finish(p, RUNG_LOCAL_ERROR, cause);
		return;
	}
	echo_report(&s->echo);
	if (s->echo.nreplies > 0) {
		p->obs.offender = NULL;
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	} else if (how == ECHO_OVER) {
		probe_finish(p, RUNG_SILENCE,
		    p->spec->host == NULL && p->spec->address == NULL ?
			CAUSE_GATEWAY_SILENT :
			CAUSE_NONE);
	} else {
		probe_finish(p,
		    how == ECHO_LOCAL ? RUNG_LOCAL_ERROR : RUNG_REJECTED,
		    cause);
	}
}

static const struct echo_setup echo_setup = {
    .count = NECHOS,
    .step_ms = STEP_MS,
    .reply_ms = SPREAD_MS,
    .patience_ms = PATIENCE_MS,
    .done = echo_done,
};

/* --- type 3 --- */

static size_t
compose_knock(void *arg, int try, uint8_t *out, size_t size)
{
	struct probe *p = arg;
	struct icmp_state *s = p->state;

	if (size < KNOCK_SIZE)
		return 0;
	memset(out, 0, KNOCK_SIZE);
	memcpy(out, s->nonce, sizeof s->nonce);
	out[8] = (uint8_t)try;
	return KNOCK_SIZE;
}

/* No answer is asked for; whatever listens there is of no concern. */
static bool
accept_nothing(void *arg, const uint8_t *data, size_t len)
{
	(void)arg;
	(void)data;
	(void)len;
	return false;
}

static bool
is_gateway(const struct probe *p, const struct addr *from)
{
	const struct vantage *v = p->env->vantage;
	const char *gateway[2] = {v->gateway, v->gateway6};
	struct addr at;
	int i;

	for (i = 0; i < 2; i++) {
		if (gateway[i] != NULL && addr_parse(&at, gateway[i], 0) &&
		    addr_equal(&at, from))
			return true;
	}
	return false;
}

/* From a host on site the message must be its own; from beyond the gateway
 * anybody's there will do. The laptop tells itself what nobody answers for. */
static const char *
why_no_proof(const struct probe *p, const struct icmp_error *e)
{
	struct icmp_state *s = p->state;
	struct addr self;

	if (e->local || e->type != ICMP_DEST_UNREACH || e->offender.len == 0 ||
	    (dgram_source(s->knock, &self) && addr_equal(&self, &e->offender)))
		return "no_unreachable";
	if (addr_equal(&p->to, &e->offender))
		return NULL;
	if (p->spec->host == NULL && p->spec->address == NULL)
		return "no_unreachable";
	return is_gateway(p, &e->offender) ? FROM_GATEWAY : NULL;
}

static void
knock_done(void *arg, enum dgram_result result, const struct icmp_error *e)
{
	struct probe *p = arg;
	struct icmp_state *s = p->state;
	const char *why;
	enum rung rung;
	enum cause cause;
	char text[ADDR_TEXT_SIZE];

	probe_add_dgram(p, s->knock, result, &rung, &cause);
	if (result == DGRAM_LOCAL) {
		probe_finish(p, rung, cause);
		return;
	}
	p->obs.offender = NULL; /* it blocks nothing */
	if (e->type != 0) {
		probe_detail_int(p, "icmp_type", e->type);
		probe_detail_int(p, "icmp_code", e->code);
		probe_detail_str(p, "from", addr_text(&e->offender, text));
	}
	why = result == DGRAM_ICMP ? why_no_proof(p, e) : "no_unreachable";
	probe_detail_str(p, "why", why);
	if (why == NULL)
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	else
		probe_finish(p,
		    strcmp(why, FROM_GATEWAY) == 0 ? RUNG_TRANSPORT :
						     RUNG_SILENCE,
		    CAUSE_NONE);
}

static void
start_knock(struct probe *p)
{
	struct icmp_state *s = p->state;
	struct dgram_setup setup = {.base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .to = p->to,
	    .wait_ms = {STEP_MS, STEP_MS},
	    .compose = compose_knock,
	    .accept = accept_nothing,
	    .done = knock_done,
	    .arg = p};

	addr_set_port(&setup.to, KNOCK_PORT);
	random_bytes(s->nonce, sizeof s->nonce);
	s->knock = dgram_open(&setup);
}

/* --- the whole --- */

static void
icmp_start(struct probe *p)
{
	struct icmp_state *s = mem_alloc(sizeof *s);

	p->state = s;
	if (p->spec->want != NULL && strcmp(p->spec->want, "3") == 0)
		start_knock(p);
	else
		echo_start(&s->echo, p, &echo_setup);
}

static void
icmp_stop(struct probe *p)
{
	struct icmp_state *s = p->state;

	dgram_close(s->knock);
	echo_stop(&s->echo);
	mem_free(s);
}

const struct probe_type probe_icmp = {
    .name = "icmp",
    .shape = SHAPE_HOST,
    .nature = NATURE_PING,
    .label = N_("Ping"),
    .sends = N_("It sends up to three echo requests (ping), or up to three "
		"small UDP packets to a port where nothing listens, to see "
		"whether the message about that comes back."),
    .reaches = "itself:33434/udp",
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_ICMP,
    .flows = 3,
    .packets = NECHOS,
    .bytes = NECHOS * 64,
    .longest_ms = LONGEST_MS,
    .start = icmp_start,
    .stop = icmp_stop,
};
