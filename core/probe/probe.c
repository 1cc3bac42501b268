/* SPDX-License-Identifier: MIT */
/* What every probe type shares: life cycle, attempts, details. */
#include "core/probe/probe.h"

#include <errno.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/net/way.h"

#define DETAIL_MAX 2048 /* bytes of one foreign text */
#define DEVICES_MAX 64
#define DEVICE_TEXT_MAX 128

static void
on_finish(evutil_socket_t fd, short what, void *arg)
{
	struct probe *p = arg;

	(void)fd;
	(void)what;
	if (p->state != NULL && p->type->stop != NULL)
		p->type->stop(p);
	p->state = NULL;
	p->done(p, p->arg);
}

/* A probe that has not ended by its own deadline waited for its turn all the
 * time, or is a bug. Neither is the network's silence, so it was not run. */
static void
on_overdue(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	probe_finish(arg, RUNG_NONE, CAUSE_CANCELLED);
}

struct probe *
probe_new(const struct probe_type *type, const struct probe_env *env,
    const struct probe_spec *spec, const struct addr *to,
    void (*done)(struct probe *, void *), void (*slow)(struct probe *, void *),
    void *arg)
{
	struct probe *p = mem_alloc(sizeof *p);
	char text[ADDR_TEXT_SIZE];

	p->type = type;
	p->env = env;
	p->spec = spec;
	p->arena = arena_new();
	p->done = done;
	p->slow = slow;
	p->arg = arg;
	p->finish_event = evtimer_new(env->base, on_finish, p);
	p->deadline = evtimer_new(env->base, on_overdue, p);
	p->obs.key = spec->key;
	if (to != NULL && to->len != 0) {
		p->to = *to;
		addr_set_port(&p->to, spec->port);
		p->obs.address = arena_strdup(p->arena, addr_text(to, text));
		if (spec->address == NULL)
			p->obs.key = arena_printf(p->arena, "%s @%s", spec->key,
			    text);
	}
	p->obs.probe = arena_strdup(p->arena, type->name);
	p->obs.nature = type->nature;
	p->obs.host = arena_strdup(p->arena, spec->host);
	p->obs.port = spec->port;
	p->obs.protocol = spec->protocol;
	p->obs.rung = RUNG_NONE;
	p->obs.detail = json_object();
	return p;
}

void
probe_start(struct probe *p)
{
	/* Waiting for a turn is not the probe's fault: the deadline counts
	 * from here and pacing may stretch it, so it is generous. */
	struct timeval tv = {120 + p->type->longest_ms / 1000, 0};

	p->start_mono_us = clock_mono_us();
	p->obs.started_us = clock_wall_us();
	evtimer_add(p->deadline, &tv);
	p->type->start(p);
}

/* By which adapter it left, where that is not the chosen one by itself. */
static void
note_way(struct probe *p)
{
	const char *at = p->obs.address;
	struct addr to;
	struct way way;

	/* A question for a name goes to the resolver. */
	if (at == NULL)
		at = json_string_value(
		    json_object_get(p->obs.detail, "server"));
	if (at == NULL || !addr_parse(&to, at, p->obs.port))
		return;
	way_to(&to, p->env->interface, &way);
	if (way.kind == WAY_CHOSEN)
		return;
	probe_detail_str(p, "way", way_word(way.kind));
	probe_detail_str(p, "left_by", way.interface);
	if (way.source[0] != '\0')
		probe_detail_str(p, "left_from", way.source);
}

void
probe_finish(struct probe *p, enum rung rung, enum cause failure)
{
	struct timeval now = {0, 0};

	if (p->finished)
		return;
	p->finished = true;
	p->obs.rung = rung;
	p->obs.failure = failure;
	p->obs.duration_us = clock_mono_us() - p->start_mono_us;
	if (failure == CAUSE_PERMISSION)
		probe_detail_str(p, "right", p->type->right);
	note_way(p);
	event_del(p->deadline);
	evtimer_add(p->finish_event, &now);
}

void
probe_cancel(struct probe *p)
{
	if (p->finished)
		return;
	if (p->state != NULL && p->type->stop != NULL)
		p->type->stop(p);
	p->state = NULL;
	probe_finish(p, RUNG_NONE, CAUSE_CANCELLED);
}

void
probe_conclude(struct probe *p)
{
	if (p->finished)
		return;
	if (p->type->conclude != NULL && p->state != NULL)
		p->type->conclude(p);
	else
		probe_cancel(p);
}

void
probe_free(struct probe *p)
{
	if (p == NULL)
		return;
	if (p->state != NULL && p->type->stop != NULL)
		p->type->stop(p);
	event_free(p->finish_event);
	event_free(p->deadline);
	json_decref(p->obs.detail);
	arena_free(p->arena);
	mem_free(p);
}

void
probe_is_slow(struct probe *p)
{
	void (*slow)(struct probe *, void *) = p->slow;

	p->slow = NULL;
	if (slow != NULL && !p->finished)
		slow(p, p->arg);
}

/* Attempts are added as they end, so an earlier start may come later. */
static void
begin_earlier(struct probe *p, int64_t start_us)
{
	int64_t by = p->start_mono_us - start_us;
	size_t i;

	for (i = 0; i + 1 < p->obs.nattempts; i++)
		p->obs.attempts[i].offset_us += by;
	p->start_mono_us -= by;
	p->obs.started_us -= by;
}

struct attempt *
probe_add_attempt(struct probe *p, int64_t start_us, int64_t end_us,
    const char *result)
{
	struct attempt *t = arena_push(p->arena, p->obs.attempts,
	    p->obs.nattempts);

	memset(t, 0, sizeof *t);
	if (p->obs.nattempts == 1) {
		/* The wait for a turn is not part of the measurement. */
		int64_t waited = start_us - p->start_mono_us;

		if (waited > 0) {
			p->obs.started_us += waited;
			p->start_mono_us += waited;
		}
	}
	if (start_us < p->start_mono_us)
		begin_earlier(p, start_us);
	t->offset_us = start_us - p->start_mono_us;
	t->duration_us = end_us - start_us;
	t->result = arena_strdup(p->arena, result);
	t->icmp_type = t->icmp_code = -1;
	return t;
}

void
probe_add_icmp(struct probe *p, struct attempt *t, const struct icmp_error *e)
{
	char text[ADDR_TEXT_SIZE];

	t->icmp_type = e->type;
	t->icmp_code = e->code;
	t->error = e->error;
	if (e->offender.len == 0)
		return;
	t->from = arena_strdup(p->arena, addr_text(&e->offender, text));
	p->obs.offender = t->from;
}

enum cause
probe_icmp_cause(const struct icmp_error *e)
{
	static const struct {
		int type, code;
		enum cause cause;
	} table[] = {
	    {3, 0, CAUSE_NET_UNREACHABLE},
	    {3, 1, CAUSE_HOST_UNREACHABLE},
	    {3, 2, CAUSE_TCP_REFUSED},
	    {3, 3, CAUSE_TCP_REFUSED},
	    {3, 9, CAUSE_ADMIN_PROHIBITED},
	    {3, 10, CAUSE_ADMIN_PROHIBITED},
	    {3, 13, CAUSE_ADMIN_PROHIBITED},
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++) {
		if (table[i].type == e->type && table[i].code == e->code)
			return table[i].cause;
	}
	return e->error == ENETUNREACH ? CAUSE_NET_UNREACHABLE :
					 CAUSE_HOST_UNREACHABLE;
}

enum cause
probe_local_cause(int error)
{
	switch (error) {
	case EPERM:
		return CAUSE_ADMIN_PROHIBITED;
	case EACCES:
		return CAUSE_PERMISSION;
	case EHOSTUNREACH:
	case EHOSTDOWN:
		return CAUSE_HOST_UNREACHABLE;
	default:
		/* It did not get out, whatever the laptop lacks. */
		return CAUSE_NET_UNREACHABLE;
	}
}

void
probe_add_conn(struct probe *p, const struct conn *c, enum rung *rung,
    enum cause *failure)
{
	static const char *const word[] = {
	    [CONN_WAITING] = "silence",
	    [CONN_ACCEPTED] = "accepted",
	    [CONN_RESET] = "reset",
	    [CONN_ICMP] = "icmp",
	    [CONN_SILENT] = "silence",
	    [CONN_LOCAL_ERROR] = "error",
	};
	const struct conn_attempt *at, *best = conn_decider(c);
	size_t i, n;

	at = conn_attempts(c, &n);
	p->decider = p->obs.nattempts + (size_t)(best - at);
	for (i = 0; i < n; i++) {
		struct attempt *t = probe_add_attempt(p, at[i].start_us,
		    at[i].end_us, word[at[i].result]);

		t->source_port = at[i].source_port;
		t->error = at[i].error;
		if (at[i].result == CONN_ICMP ||
		    (at[i].icmp.error != 0 && at[i].result == CONN_LOCAL_ERROR))
			probe_add_icmp(p, t, &at[i].icmp);
	}
	p->obs.source_port = best->source_port;
	switch (best->result) {
	case CONN_ACCEPTED:
		p->obs.offender = NULL;
		if (best->here)
			probe_detail_bool(p, "taken_here", true);
		*rung = RUNG_TRANSPORT;
		*failure = CAUSE_NONE;
		break;
	case CONN_RESET:
		*rung = RUNG_REJECTED;
		*failure = CAUSE_TCP_RESET;
		break;
	case CONN_ICMP:
		*rung = RUNG_REJECTED;
		*failure = probe_icmp_cause(&best->icmp);
		break;
	case CONN_LOCAL_ERROR:
		*rung = RUNG_LOCAL_ERROR;
		*failure = probe_local_cause(best->error);
		break;
	default:
		*rung = RUNG_SILENCE;
		*failure = CAUSE_TCP_TIMEOUT;
	}
}

static const char *
try_word(const struct dgram_try *t, bool accepted)
{
	if (accepted)
		return "reply";
	if (!t->failed)
		return "silence";
	return t->icmp.local ? "error" : "icmp";
}

void
probe_add_dgram(struct probe *p, const struct dgram *d,
    enum dgram_result result, enum rung *rung, enum cause *failure)
{
	const struct dgram_try *t;
	bool accepted = result == DGRAM_ACCEPTED;
	const struct icmp_error *last = NULL;
	size_t i, n;

	t = dgram_tries(d, &n);
	p->obs.source_port = dgram_source_port(d);
	for (i = 0; i < n; i++) {
		struct attempt *a = probe_add_attempt(p, t[i].start_us,
		    t[i].end_us == 0 ? clock_mono_us() : t[i].end_us,
		    try_word(&t[i], accepted && i + 1 == n));

		a->source_port = p->obs.source_port;
		a->sent = t[i].sent;
		a->received = t[i].received;
		if (!t[i].failed)
			continue;
		last = &t[i].icmp;
		probe_add_icmp(p, a, last);
	}
	p->decider = p->obs.nattempts - 1;
	*rung = RUNG_APP_REPLY;
	*failure = CAUSE_NONE;
	if (accepted) {
		p->obs.offender = NULL;
	} else if (result == DGRAM_SILENT || last == NULL) {
		*rung = RUNG_SILENCE;
		*failure = CAUSE_UDP_SILENT;
	} else if (result == DGRAM_LOCAL) {
		*rung = RUNG_LOCAL_ERROR;
		*failure = probe_local_cause(last->error);
	} else {
		*rung = RUNG_REJECTED;
		*failure = probe_icmp_cause(last);
	}
}

void
probe_detail_int(struct probe *p, const char *name, int64_t value)
{
	json_object_set_new(p->obs.detail, name, json_integer(value));
}

void
probe_detail_bool(struct probe *p, const char *name, bool value)
{
	json_object_set_new(p->obs.detail, name, json_boolean(value));
}

/* Each datagram of a flood may end here, so nothing is left in the probe's
 * arena. */
static void
set_text(json_t *to, const char *name, const void *data, size_t len, size_t max,
    bool keep_lines)
{
	struct arena *a = arena_new();

	json_object_set_new(to, name,
	    json_string(text_sanitise(a, data, len, max, keep_lines)));
	arena_free(a);
}

void
probe_detail_text(struct probe *p, const char *name, const void *data,
    size_t len)
{
	set_text(p->obs.detail, name, data, len, DETAIL_MAX, true);
}

void
probe_detail_str(struct probe *p, const char *name, const char *s)
{
	if (s != NULL)
		probe_detail_text(p, name, s, strlen(s));
}

static void
set_member(json_t *device, const char *name, const char *s)
{
	if (s != NULL && s[0] != '\0')
		set_text(device, name, s, strlen(s), DEVICE_TEXT_MAX, false);
}

bool
probe_add_device(struct probe *p, const struct probe_device *d)
{
	json_t *list = json_object_get(p->obs.detail, "devices");
	json_t *device = json_object();
	size_t i;

	set_member(device, "kind", d->kind);
	set_member(device, "name", d->name);
	set_member(device, "serial", d->serial);
	set_member(device, "firmware", d->firmware);
	set_member(device, "generation", d->generation);
	set_member(device, "mac", d->mac);
	set_member(device, "address", d->address);
	for (i = 0; i < json_array_size(list); i++) {
		if (json_equal(json_array_get(list, i), device))
			break;
	}
	if (i < json_array_size(list) || i == DEVICES_MAX) {
		json_decref(device);
		return false;
	}
	if (list == NULL) {
		list = json_array();
		json_object_set_new(p->obs.detail, "devices", list);
	}
	json_array_append_new(list, device);
	return true;
}
