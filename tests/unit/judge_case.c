/* SPDX-License-Identifier: MIT */
/* Owns the made-up records that tests of the judge are tried on. */
#include "tests/unit/judge_case.h"

#include <string.h>

#include "core/base/clock.h"

struct record *
case_new(void)
{
	struct record *r = record_new();
	struct arena *a = r->arena;
	struct vantage *v = &r->vantage;

	strlist_add(a, &r->products, "p");
	v->hostname = v->os = v->dhcp = v->clock_source = arena_strdup(a, "");
	v->interface = arena_strdup(a, "eth0");
	strlist_add(a, &v->addresses, "10.20.30.50/24");
	v->gateway = arena_strdup(a, "10.20.30.1");
	strlist_add(a, &v->resolvers, "10.20.30.1");
	r->started_us = CASE_START_US;
	r->ended_us = CASE_START_US + 5000000;
	r->complete = true;
	return r;
}

struct need *
case_need(struct record *r, const char *id, enum protocol protocol,
    uint16_t port, enum rung required)
{
	struct arena *a = r->arena;
	struct need *n;
	size_t i;

	/* What was handed out stays where it is. */
	if (r->needs == NULL)
		r->needs = arena_array(a, 64, sizeof *r->needs);
	for (i = 0; i < r->nneeds; i++) {
		if (strcmp(r->needs[i].id, id) == 0)
			return &r->needs[i];
	}
	n = &r->needs[r->nneeds++];
	n->id = arena_printf(a, "%s", id);
	n->product = n->service = arena_strdup(a, "p");
	n->direction = DIR_OUTBOUND;
	n->protocol = protocol;
	n->to.kind = DEST_FQDN;
	n->to.name = arena_strdup(a, "a.example");
	n->application = n->reason = n->breaks_installer = n->breaks_customer =
	    arena_strdup(a, "");
	n->source.document = n->source.lines = arena_strdup(a, "1");
	n->probe_type = arena_strdup(a, "tls");
	n->applies = true;
	n->required_rung = required;
	n->summary = n->advice_installer = n->advice_it = n->advice_customer =
	    arena_strdup(a, "");
	if (port != 0) {
		n->ports.range = arena_array(a, 1, sizeof *n->ports.range);
		n->ports.range[0] = (struct port_range){port, port};
		n->ports.count = 1;
	}
	return n;
}

void
case_spec(struct record *r, struct need *n, const char *type, const char *host,
    const char *address, uint16_t port)
{
	struct arena *a = r->arena;
	struct probe_spec *s = arena_push(a, n->specs, n->nspecs);

	memset(s, 0, sizeof *s);
	s->key = arena_printf(a, "%s %s %s:%u", type,
	    word_name(&words_protocol, (int)n->protocol),
	    host != NULL        ? host :
		address != NULL ? address :
				  "-",
	    (unsigned)port);
	if (strcmp(type, "dns") == 0)
		s->key = arena_printf(a, "dns %s", host);
	s->type = arena_strdup(a, type);
	s->host = arena_strdup(a, host);
	s->address = arena_strdup(a, address);
	s->port = port;
	s->protocol = n->protocol;
	n->probe_type = s->type;
}

/* As the descriptors of these probes say. */
static enum nature
nature_of(const char *probe)
{
	static const struct {
		const char *probe;
		enum nature nature;
	} rows[] = {
	    {"captive_portal", NATURE_CONDITION},
	    {"dns", NATURE_NAME},
	    {"dns_honesty", NATURE_NAME},
	    {"dns_rebind", NATURE_NAME},
	    {"dns_redirect", NATURE_CONDITION},
	    {"dns_ttl", NATURE_NAME},
	    {"dns_ttl_slow", NATURE_NAME},
	    {"dns_server", NATURE_NAME_SERVER},
	    {"http", NATURE_PAGE},
	    {"icmp", NATURE_PING},
	    {"ntp", NATURE_TIME},
	    {"path", NATURE_PATH},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].probe, probe) == 0)
			return rows[i].nature;
	}
	return NATURE_CONNECTION;
}

static struct observation *
add(struct record *r, struct observation *o)
{
	struct observation *made;

	o->id = arena_printf(r->arena, "o%zu", r->nobservations + 1);
	o->nature = nature_of(o->probe);
	o->started_us = CASE_START_US;
	o->duration_us = 25000;
	o->detail = json_object();
	made = record_add_observation(r, o);
	json_decref(o->detail);
	return made;
}

struct observation *
case_seen(struct record *r, const struct need *n, size_t i, const char *address,
    enum rung rung, enum cause failure)
{
	struct arena *a = r->arena;
	const struct probe_spec *s = &n->specs[i];
	struct observation o = {
	    .key = s->key,
	    .probe = s->type,
	    .host = s->host,
	    .address = arena_strdup(a, address),
	    .port = s->port,
	    .protocol = s->protocol,
	    .rung = rung,
	    .failure = failure,
	};

	if (s->address == NULL && address != NULL)
		o.key = arena_printf(a, "%s @%s", s->key, address);
	return add(r, &o);
}

struct observation *
case_name(struct record *r, const char *host, enum cause failure,
    const char *addresses)
{
	struct arena *a = r->arena;
	struct observation o = {
	    .key = arena_printf(a, "dns %s", host),
	    .probe = arena_strdup(a, "dns"),
	    .host = arena_strdup(a, host),
	    .port = 53,
	    .protocol = PROTO_UDP,
	    .rung = failure == CAUSE_DNS_TIMEOUT ? RUNG_SILENCE :
						   RUNG_APP_REPLY,
	    .failure = failure,
	};
	struct observation *made = add(r, &o);
	json_t *list = json_array();
	char *copy = arena_strdup(a, addresses), *word;

	while ((word = strsep(&copy, " ")) != NULL) {
		if (*word != '\0')
			json_array_append_new(list, json_string(word));
	}
	json_object_set_new(made->detail, "addresses", list);
	return made;
}

struct observation *
case_locate(struct record *r, const char *address, enum protocol protocol,
    uint16_t port, const char *end, int ttl, bool passed)
{
	struct arena *a = r->arena;
	struct observation o = {
	    .key = arena_printf(a, "locate %s %s:%u",
		word_name(&words_protocol, (int)protocol), address,
		(unsigned)port),
	    .probe = arena_strdup(a, "locate"),
	    .address = arena_strdup(a, address),
	    .port = port,
	    .protocol = protocol,
	    .rung = passed                   ? RUNG_PASSED_GATEWAY :
		strcmp(end, "silence") == 0  ? RUNG_SILENCE :
		strcmp(end, "accepted") == 0 ? RUNG_TRANSPORT :
					       RUNG_REJECTED,
	};
	struct observation *made = add(r, &o);

	case_detail_str(made, "end", end);
	case_detail_int(made, "end_ttl", ttl);
	case_detail_bool(made, "passed", passed);
	if (passed && ttl > 2) {
		case_detail_int(made, "last_ttl", ttl - 1);
		case_detail_str(made, "last_hop",
		    arena_printf(a, "198.18.0.%d", ttl - 1));
	}
	return made;
}

void
case_detail_str(struct observation *o, const char *name, const char *value)
{
	json_object_set_new(o->detail, name, json_string(value));
}

void
case_detail_int(struct observation *o, const char *name, int64_t value)
{
	json_object_set_new(o->detail, name, json_integer(value));
}

void
case_detail_bool(struct observation *o, const char *name, bool value)
{
	json_object_set_new(o->detail, name, json_boolean(value));
}

void
case_dates(struct observation *o, int from, int to)
{
	char iso[CLOCK_ISO_SIZE];

	case_detail_str(o, "not_before",
	    clock_iso(CASE_START_US + from * CASE_DAY_US, false, iso));
	case_detail_str(o, "not_after",
	    clock_iso(CASE_START_US + to * CASE_DAY_US, false, iso));
}

struct observation *
case_time(struct record *r, const struct need *n, int64_t offset_us)
{
	struct observation *o = case_seen(r, n, 0, "192.0.2.123",
	    RUNG_APP_REPLY, CAUSE_NONE);

	case_detail_int(o, "offset_us", offset_us);
	case_detail_int(o, "samples", 2);
	return o;
}
