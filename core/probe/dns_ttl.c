/* SPDX-License-Identifier: MIT */
/* The probes "dns_ttl" and "dns_ttl_slow": does the site's resolver keep a
 * name for longer than its time to live (facts 5.11)?
 *
 * Both ask the first of the site's resolvers that answers, then a server of
 * the name's own zone directly, then the resolver again after COUNT_MS. A TTL
 * above the zone's own is proof at once. Else it must have gone down by the
 * time that passed, or be the zone's own both times (nothing was kept).
 * dns_ttl_slow goes on until what the resolver keeps has run out, and asks
 * twice more: where it then gives what is stale (RFC 8767: with a TTL of 30
 * or 0) and a moment later what is fresh, it kept it for longer. Nobody waits
 * for that.
 *
 * Records are compared by name and type; an alias that leads out of the zone
 * ends there. Detail: "server", "zone", "authority", "authority_says"
 * (answered, unknown, silent, not_authoritative), "ttls" (seconds, one of
 * each look), "waited_ms" (between them), "record" (what "ttls" is of),
 * "authority_ttl" (seconds), "addresses_seen" (all that were given: some
 * names rotate), "stale" (times), "concluded" (before its time), "why" (what
 * it could not be decided for: authority_unknown, authority_silent,
 * authority_not, no_record, constant). */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/probe/dns_authority.h"

#define COUNT_MS 2300      /* two whole seconds and a little */
#define FRESH_MS 1500      /* after which stale has become fresh */
#define STALE_TTL 30       /* RFC 8767 section 4 */
#define LONGEST_WAIT_S 240 /* what is kept for longer is not waited for */
#define CYCLES 2
#define MAX_ADDRESSES 16
#define LOOKS 4 /* of one cycle */
#define SLACK_S 1

enum { LOOK_FIRST, LOOK_SECOND, LOOK_EXPIRED, LOOK_FRESH };

struct ttl_state {
	struct dns_question q;
	struct dns_authority authority;
	struct event *timer;
	struct addr server;
	bool second; /* the first of the site's servers is not there */
	int look;
	int cycle;
	int stale;          /* a TTL of 0 counts once, 30 twice */
	const char *record; /* whose TTL is compared */
	int record_type;
	int64_t authority_ttl;         /* -1 = not known */
	int64_t ttl[LOOKS], at[LOOKS]; /* seconds; monotonic microseconds */
	bool stretched;
};

static bool
is_slow(const struct probe *p)
{
	return p->type->background;
}

/* --- records --- */

static int64_t
ttl_of(const struct dns_answer *a, const char *name, int type)
{
	int64_t most = -1;
	size_t i;

	for (i = 0; i < a->nrecords; i++) {
		const struct dns_record *r = &a->records[i];

		if (r->type == type && text_equal_nocase(r->name, name) &&
		    (int64_t)r->ttl > most)
			most = r->ttl;
	}
	return most;
}

/* The record to go by: the first of the resolver's that the zone's own server
 * has too; addresses before aliases, since those change. */
static void
choose_record(struct ttl_state *s, const struct dns_answer *local)
{
	static const int types[] = {DNS_TYPE_A, DNS_TYPE_CNAME};
	const struct dns_answer *own = &s->authority.answer;
	size_t i, k;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < local->nrecords; i++) {
			const struct dns_record *r = &local->records[i];

			if (r->type != types[k] ||
			    ttl_of(own, r->name, r->type) < 0)
				continue;
			s->record = r->name;
			s->record_type = r->type;
			s->authority_ttl = ttl_of(own, r->name, r->type);
			return;
		}
	}
}

/* Any record above what the zone's own server says is proof. */
static bool
is_above(const struct dns_answer *local, const struct dns_answer *own)
{
	int64_t most;
	size_t i;

	for (i = 0; i < local->nrecords; i++) {
		const struct dns_record *r = &local->records[i];

		most = ttl_of(own, r->name, r->type);
		if (most >= 0 && (int64_t)r->ttl > most)
			return true;
	}
	return false;
}

static void
note_addresses(struct probe *p, const struct dns_answer *a)
{
	json_t *list = json_object_get(p->obs.detail, "addresses_seen");
	size_t i, k;

	if (list == NULL) {
		list = json_array();
		json_object_set_new(p->obs.detail, "addresses_seen", list);
	}
	for (i = 0; i < a->nrecords; i++) {
		const struct dns_record *r = &a->records[i];

		if (r->type != DNS_TYPE_A ||
		    json_array_size(list) >= MAX_ADDRESSES)
			continue;
		for (k = 0; k < json_array_size(list); k++) {
			if (strcmp(json_string_value(json_array_get(list, k)),
				r->data) == 0)
				break;
		}
		if (k == json_array_size(list))
			json_array_append_new(list, json_string(r->data));
	}
}

/* --- what it comes to --- */

static void
undecided(struct probe *p, const char *why)
{
	probe_detail_str(p, "why", why);
	probe_finish(p, RUNG_TRANSPORT, CAUSE_NONE);
}

static void
describe(struct probe *p)
{
	struct ttl_state *s = p->state;
	json_t *ttls = json_array(), *waited = json_array();
	int i;

	for (i = 0; i < LOOKS && s->at[i] != 0; i++) {
		json_array_append_new(ttls, json_integer(s->ttl[i]));
		if (i > 0)
			json_array_append_new(waited,
			    json_integer((s->at[i] - s->at[i - 1]) / 1000));
	}
	json_object_set_new(p->obs.detail, "ttls", ttls);
	json_object_set_new(p->obs.detail, "waited_ms", waited);
	probe_detail_str(p, "record", s->record);
	if (s->authority_ttl >= 0)
		probe_detail_int(p, "authority_ttl", s->authority_ttl);
	if (s->stale > 0)
		probe_detail_int(p, "stale", s->stale);
}

static const char *
authority_why(const struct ttl_state *s)
{
	switch (s->authority.result) {
	case AUTHORITY_ANSWERED:
		return "no_record";
	case AUTHORITY_UNKNOWN:
		return "authority_unknown";
	case AUTHORITY_NOT:
		return "authority_not";
	case AUTHORITY_NEAR:
		return "authority_near";
	default:
		return "authority_silent";
	}
}

/* It went down with the clock, began anew, or is passed on as it is. */
static bool
is_counted(const struct ttl_state *s)
{
	int64_t passed = (s->at[LOOK_SECOND] - s->at[LOOK_FIRST]) / 1000000;
	int64_t first = s->ttl[LOOK_FIRST], second = s->ttl[LOOK_SECOND];

	if (second == first)
		return first == s->authority_ttl;
	return second > first || second <= first - passed + SLACK_S;
}

static void
result(struct probe *p)
{
	struct ttl_state *s = p->state;

	describe(p);
	if (s->stretched || s->stale >= 2)
		probe_finish(p, RUNG_APP_REPLY, CAUSE_DNS_TTL_STRETCHED);
	else if (s->record == NULL)
		undecided(p, authority_why(s));
	else if (!is_counted(s))
		undecided(p, "constant");
	else
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
}

/* --- the looks --- */

static void on_look(void *arg);

static void
look(struct probe *p)
{
	struct ttl_state *s = p->state;
	struct dns_question_setup setup = {
	    .probe = p,
	    .server = &s->server,
	    .recurse = true,
	    .name = p->spec->host,
	    .type = DNS_TYPE_A,
	    .tries = DNS_TRIES,
	    .silence_ms = DNS_SILENCE_MS,
	    .done = on_look,
	    .arg = p,
	};

	dns_question_ask(&s->q, &setup);
}

static void
look_in(struct probe *p, int64_t ms)
{
	struct ttl_state *s = p->state;
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	if (ms < 0)
		tv = (struct timeval){0, 0};
	evtimer_add(s->timer, &tv);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	look(arg);
}

static void
on_authority(void *arg)
{
	struct probe *p = arg;
	struct ttl_state *s = p->state;
	int64_t passed = (clock_mono_us() - s->at[LOOK_FIRST]) / 1000;

	/* q still holds the first look. */
	if (s->authority.result == AUTHORITY_ANSWERED) {
		choose_record(s, &s->q.answer);
		s->stretched = is_above(&s->q.answer, &s->authority.answer);
	}
	if (s->record != NULL)
		s->ttl[LOOK_FIRST] = ttl_of(&s->q.answer, s->record,
		    s->record_type);
	if (s->stretched) {
		result(p);
		return;
	}
	s->look = LOOK_SECOND;
	look_in(p, COUNT_MS - passed);
}

/* Until what is kept has run out, and a second more. */
static void
wait_until_expired(struct probe *p)
{
	struct ttl_state *s = p->state;
	int64_t ttl = s->ttl[s->look];

	if (s->record == NULL || ttl > LONGEST_WAIT_S) {
		result(p);
		return;
	}
	s->look = LOOK_EXPIRED;
	s->at[LOOK_EXPIRED] = s->at[LOOK_FRESH] = 0;
	look_in(p, (ttl + 1) * 1000 + 500);
}

static void
after_fresh(struct probe *p)
{
	struct ttl_state *s = p->state;
	int64_t old = s->ttl[LOOK_EXPIRED], new = s->ttl[LOOK_FRESH];
	bool was_stale = (old == 0 || old == STALE_TTL) &&
	    old<s->authority_ttl &&new> old;

	if (was_stale)
		s->stale += old == STALE_TTL ? 2 : 1;
	/* A kept TTL of 0 may be chance once: the servers behind keep too. */
	if (s->stale == 1 && ++s->cycle < CYCLES)
		wait_until_expired(p);
	else
		result(p);
}

static void
after_look(struct probe *p)
{
	struct ttl_state *s = p->state;

	switch (s->look) {
	case LOOK_FIRST:
		dns_authority_ask(&s->authority, p, p->spec->host, on_authority,
		    p);
		break;
	case LOOK_SECOND:
		if (is_slow(p) && s->record != NULL && is_counted(s))
			wait_until_expired(p);
		else
			result(p);
		break;
	case LOOK_EXPIRED:
		s->look = LOOK_FRESH;
		look_in(p, FRESH_MS);
		break;
	default:
		after_fresh(p);
	}
}

/* One that does not answer keeps nothing; a laptop asks the next one then. */
static bool
take_second(struct probe *p)
{
	struct ttl_state *s = p->state;
	const struct strlist *l = &p->env->vantage->resolvers;
	char text[ADDR_TEXT_SIZE];

	if (s->second || s->look != LOOK_FIRST || s->at[LOOK_FIRST] != 0 ||
	    s->q.result == DNS_ANSWERED || l->count < 2 ||
	    !addr_parse(&s->server, l->item[1], DNS_PORT))
		return false;
	s->second = true;
	probe_detail_str(p, "server", addr_text(&s->server, text));
	p->obs.offender = NULL;
	look(p);
	return true;
}

static void
on_look(void *arg)
{
	struct probe *p = arg;
	struct ttl_state *s = p->state;
	int64_t ttl;
	enum rung rung;
	enum cause failure;

	if (s->q.result != DNS_ANSWERED || s->q.answer.nrecords == 0) {
		if (s->look > LOOK_SECOND) {
			result(p); /* what was seen before holds */
			return;
		}
		if (take_second(p))
			return;
		describe(p);
		dns_question_failure(&s->q, &rung, &failure);
		if (s->q.result == DNS_ANSWERED) {
			rung = RUNG_APP_REPLY;
			failure = dns_rcode_cause(s->q.answer.rcode);
		}
		probe_finish(p, rung, failure);
		return;
	}
	note_addresses(p, &s->q.answer);
	s->at[s->look] = s->q.end_us;
	ttl = s->record == NULL ?
	    -1 :
	    ttl_of(&s->q.answer, s->record, s->record_type);
	if (ttl < 0) /* the alias has changed: another record */
		ttl = s->q.answer.records[0].ttl;
	s->ttl[s->look] = ttl;
	if (s->authority.result == AUTHORITY_ANSWERED &&
	    is_above(&s->q.answer, &s->authority.answer))
		s->stretched = true;
	if (s->stretched)
		result(p);
	else
		after_look(p);
}

static void
ttl_start(struct probe *p)
{
	struct ttl_state *s = mem_alloc(sizeof *s);
	const struct strlist *l = &p->env->vantage->resolvers;
	char text[ADDR_TEXT_SIZE];

	p->state = s;
	s->authority_ttl = -1;
	s->authority.result = AUTHORITY_UNKNOWN;
	s->timer = evtimer_new(p->env->base, on_timer, p);
	if (l->count == 0 || !addr_parse(&s->server, l->item[0], DNS_PORT)) {
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_DNS_TIMEOUT);
		return;
	}
	probe_detail_str(p, "server", addr_text(&s->server, text));
	look(p);
}

static void
ttl_stop(struct probe *p)
{
	struct ttl_state *s = p->state;

	dns_question_close(&s->q);
	dns_authority_close(&s->authority);
	event_free(s->timer);
	mem_free(s);
}

static void
ttl_conclude(struct probe *p)
{
	struct ttl_state *s = p->state;

	probe_detail_bool(p, "concluded", true);
	describe(p);
	/* Nothing stale was seen; the quick look is dns_ttl's to tell. */
	if (s->at[LOOK_FIRST] != 0)
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	else
		probe_finish(p, RUNG_NONE, CAUSE_CANCELLED);
}

#define ALL_FLOWS (LOOKS * (DNS_TRIES + 1) + AUTHORITY_FLOWS)

const struct probe_type probe_dns_ttl = {
    .name = "dns_ttl",
    .shape = SHAPE_NAMES,
    .nature = NATURE_NAME,
    .label = N_("Time that names are kept"),
    .sends = N_("It asks the site's DNS server for a name twice, and a "
		"server of the name's owner once."),
    .reaches = "resolver:53/udp authority:53/udp",
    .carrier = PROTO_UDP,
    .flows = ALL_FLOWS,
    .packets = ALL_FLOWS * DNS_TCP_PACKETS,
    .bytes = ALL_FLOWS * DNS_TCP_BYTES,
    .longest_ms = 30000,
    .start = ttl_start,
    .stop = ttl_stop,
};

const struct probe_type probe_dns_ttl_slow = {
    .name = "dns_ttl_slow",
    .shape = SHAPE_NAMES,
    .nature = NATURE_NAME,
    .label = N_("Time that names are kept, in the long run"),
    .sends = N_("It asks the site's DNS server for a name again when it may "
		"no longer be kept."),
    .reaches = "resolver:53/udp authority:53/udp",
    .carrier = PROTO_UDP,
    .flows = ALL_FLOWS,
    .packets = ALL_FLOWS * DNS_TCP_PACKETS,
    .bytes = ALL_FLOWS * DNS_TCP_BYTES,
    .longest_ms = CYCLES * (LONGEST_WAIT_S + 10) * 1000,
    .background = true,
    .start = ttl_start,
    .stop = ttl_stop,
    .conclude = ttl_conclude,
};
