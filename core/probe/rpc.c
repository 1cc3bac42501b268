/* SPDX-License-Identifier: MIT */
/* The probe "rpc": the procedure NULL of an ONC RPC program, which does
 * nothing and asks for no credentials (RFC 5531 sections 9 and 11; facts 5.7),
 * by UDP twice or by TCP once. Want: "portmapper" (version 2) or "nfs"
 * (version 3, by UDP also 4); left out, it follows from the port. An answer
 * with our own number proves the service, also one that refuses: it would not
 * know us, the version or the program, but it is there.
 * Detail: "samples", "samples_wanted" and "rejected" (datagrams; UDP),
 * "program", "reply" (the first answer's kind: success, prog_unavail,
 * prog_mismatch, proc_unavail, garbage_args, system_err, rpc_mismatch,
 * auth_error), "low" and "high" (versions, of a mismatch), "end" (TCP: how the
 * conversation ended). */
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/probe/ask.h"
#include "core/probe/tcp_question.h"

#define NQUESTIONS 4
#define NSAMPLES 2
#define GAP_MS 100
#define CALL_SIZE 40
#define RECORD_MAX 1024 /* most bytes of an answer */
#define LAST_FRAGMENT 0x80000000u
#define MAX_VERF 400 /* RFC 5531 section 8.2 */
#define NFS_PORT 2049

struct program {
	const char *name;
	uint32_t number;
	uint32_t version[NSAMPLES]; /* of each sample */
};

static const struct program programs[] = {
    {"portmapper", 100000, {2, 2}},
    {"nfs", 100003, {3, 4}},
};

struct rpc_state {
	struct tcpq talk; /* first */
	struct ask ask;
	const struct program *program;
	uint32_t xid[NQUESTIONS];
};

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static void
put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* Section 9: xid, CALL, RPC version 2, program, version, procedure 0, and
 * twice AUTH_NONE of length 0. */
static void
write_call(struct rpc_state *s, int question, int sample, uint8_t *out)
{
	memset(out, 0, CALL_SIZE);
	random_bytes(&s->xid[question], sizeof s->xid[question]);
	put32(out, s->xid[question]);
	put32(out + 8, 2);
	put32(out + 12, s->program->number);
	put32(out + 16, s->program->version[sample]);
}

/* --- answers --- */

struct rpc_reply {
	const char *kind; /* NULL = no answer */
	bool has_range;
	uint32_t low, high;
};

static bool
read_range(const uint8_t *m, size_t len, size_t at, struct rpc_reply *r)
{
	if (len != at + 8)
		return false;
	r->has_range = true;
	r->low = get32(m + at);
	r->high = get32(m + at + 4);
	return r->low <= r->high;
}

static bool
read_accepted(const uint8_t *m, size_t len, struct rpc_reply *r)
{
	static const char *const kind[] = {"success", "prog_unavail",
	    "prog_mismatch", "proc_unavail", "garbage_args", "system_err"};
	uint32_t verf, stat;
	size_t at;

	if (len < 24)
		return false;
	verf = get32(m + 16);
	if (verf > MAX_VERF || verf % 4 != 0 || len < 24 + verf)
		return false;
	at = 20 + verf;
	stat = get32(m + at);
	if (stat >= sizeof kind / sizeof *kind)
		return false;
	r->kind = kind[stat];
	if (stat == 2)
		return read_range(m, len, at + 4, r);
	return len == at + 4; /* NULL returns nothing */
}

static bool
read_denied(const uint8_t *m, size_t len, struct rpc_reply *r)
{
	uint32_t stat;

	if (len < 16)
		return false;
	stat = get32(m + 12);
	r->kind = stat == 0 ? "rpc_mismatch" : "auth_error";
	if (stat == 0)
		return read_range(m, len, 16, r);
	return stat == 1 && len == 20;
}

static bool
read_reply(const uint8_t *m, size_t len, uint32_t xid, struct rpc_reply *r)
{
	memset(r, 0, sizeof *r);
	if (len < 12 || get32(m) != xid || get32(m + 4) != 1)
		return false;
	if (get32(m + 8) == 0)
		return read_accepted(m, len, r);
	return get32(m + 8) == 1 && read_denied(m, len, r);
}

static void
describe(struct probe *p, const struct rpc_reply *r)
{
	if (json_object_get(p->obs.detail, "reply") == NULL)
		probe_detail_str(p, "reply", r->kind);
	if (r->has_range) {
		probe_detail_int(p, "low", r->low);
		probe_detail_int(p, "high", r->high);
	}
}

/* --- UDP --- */

static size_t
udp_compose(struct probe *p, int question, uint8_t *out, size_t size)
{
	struct rpc_state *s = p->state;

	(void)size;
	write_call(s, question, s->ask.nsamples, out);
	return CALL_SIZE;
}

static bool
udp_accept(struct probe *p, const uint8_t *data, size_t len)
{
	struct rpc_state *s = p->state;
	struct rpc_reply r;
	int i;

	for (i = s->ask.before; i < s->ask.nquestions; i++) {
		if (!read_reply(data, len, s->xid[i], &r))
			continue;
		describe(p, &r);
		return true;
	}
	return false;
}

static void
udp_start(struct probe *p)
{
	struct rpc_state *s = p->state;
	struct ask_setup setup = {
	    .samples = NSAMPLES,
	    .questions = NQUESTIONS,
	    .wait_ms = {ASK_WAIT_MS, ASK_WAIT_MS},
	    .last_ms = ASK_LAST_MS,
	    .gap_ms = GAP_MS,
	    .compose = udp_compose,
	    .accept = udp_accept,
	    .ended = probe_finish,
	};

	ask_start(&s->ask, p, &setup);
}

/* --- TCP: a mark before each fragment of a record (section 11) --- */

static void
opened(struct probe *p)
{
	struct rpc_state *s = p->state;
	uint8_t m[4 + CALL_SIZE];

	put32(m, LAST_FRAGMENT | CALL_SIZE);
	write_call(s, 0, 0, m + 4);
	tcpq_say(&s->talk, m, sizeof m);
}

/* How many bytes the record has on the wire; 0 = not all there yet, or -1. */
static int
take_record(const uint8_t *data, size_t len, uint8_t *out, size_t *size)
{
	size_t at = 0, n;
	uint32_t mark;

	*size = 0;
	do {
		if (len < at + 4)
			return 0;
		mark = get32(data + at);
		n = mark & ~LAST_FRAGMENT;
		if (n > RECORD_MAX - *size || (n == 0 && mark == 0))
			return -1;
		if (len < at + 4 + n)
			return 0;
		memcpy(out + *size, data + at + 4, n);
		*size += n;
		at += 4 + n;
	} while ((mark & LAST_FRAGMENT) == 0);
	return (int)at;
}

static enum tcpq_next
heard(struct probe *p, const uint8_t *data, size_t len, size_t *used)
{
	struct rpc_state *s = p->state;
	uint8_t record[RECORD_MAX];
	struct rpc_reply r;
	size_t size;
	int n = take_record(data, len, record, &size);

	(void)used;
	if (n == 0)
		return TCPQ_MORE;
	if (n < 0 || !read_reply(record, size, s->xid[0], &r))
		return TCPQ_WRONG;
	describe(p, &r);
	return TCPQ_RIGHT;
}

static void
rpc_start(struct probe *p)
{
	struct rpc_state *s = mem_alloc(sizeof *s);
	const char *want = p->spec->want;
	size_t i = p->spec->port == NFS_PORT;
	static const struct tcpq_setup tcp = {
	    .opened = opened,
	    .heard = heard,
	    .max_in = 4 * RECORD_MAX,
	    .timeout_ms = 5000,
	};

	if (want != NULL && strcmp(want, programs[0].name) == 0)
		i = 0;
	if (want != NULL && strcmp(want, programs[1].name) == 0)
		i = 1;
	p->state = s;
	s->program = &programs[i];
	probe_detail_str(p, "program", s->program->name);
	if (p->spec->protocol == PROTO_TCP)
		tcpq_start(&s->talk, p, &tcp);
	else
		udp_start(p);
}

static void
rpc_stop(struct probe *p)
{
	struct rpc_state *s = p->state;

	ask_stop(&s->ask);
	tcpq_stop(&s->talk);
	mem_free(s);
}

const struct probe_type probe_rpc = {
    .name = "rpc",
    .shape = SHAPE_FLOW,
    .nature = NATURE_ANSWER,
    .label = N_("Remote procedure call"),
    .sends = N_("It calls the procedure that does nothing, twice by UDP."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_UDP,
    .flows = TCPQ_TRIES * CONN_ATTEMPTS,
    .packets = TCPQ_TRIES * 16,
    .bytes = TCPQ_TRIES * 16 * (40 + 60),
    .longest_ms = TCPQ_TRIES * (CONN_SILENCE_MS + 5000),
    .start = rpc_start,
    .stop = rpc_stop,
};
