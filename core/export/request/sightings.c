/* SPDX-License-Identifier: MIT */
/* Owns what the check sent for a row and what came back, in words. */
#include "core/export/request/sightings.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/base/text.h"
#include "core/export/summary.h"

#define PORTS_SHOWN 8
#define PORT_SIZE 8
#define TEXT_MAX 65536
#define MS_US 1000

static const struct {
	const char *result;
	const char *label;
} labels[] = {
    {"reply", N_("an answer came back")},
    {"accepted", N_("the connection was accepted")},
    {"silence", N_("nothing came back")},
    {"reset", N_("the connection was reset")},
    {"icmp", N_("an ICMP error came back")},
    {"time_exceeded",
	N_("sent with a short TTL; ICMP time exceeded came "
	   "back")},
    {"closed", N_("the connection was closed")},
    {"error", N_("it could not be sent")},
};

const char *
attempt_label(const struct attempt *t)
{
	size_t i;

	for (i = 0; i < sizeof labels / sizeof *labels; i++) {
		if (strcmp(labels[i].result, t->result) == 0)
			return _(labels[i].label);
	}
	return t->result;
}

bool
attempt_is_control(const struct attempt *t)
{
	return strncmp(t->result, "control_", strlen("control_")) == 0;
}

/* --- finding it ------------------------------------------------------- */

static const char *
detail_text(const struct observation *o, const char *member)
{
	const char *s = json_string_value(json_object_get(o->detail, member));

	return s == NULL ? "" : s;
}

/* A question for a name goes to the resolver that the detail tells. */
static const char *
sent_to(const struct observation *o)
{
	const char *server = detail_text(o, "server");
	struct ip ip;

	if (o->address != NULL)
		return o->address;
	return o->nature == NATURE_NAME && ip_parse(server, &ip) ? server : "";
}

static void
local_addresses(struct arena *a, const struct record *r, const char *to,
    struct strlist *out)
{
	struct ip there, here;
	size_t i;

	if (!ip_parse(to, &there))
		return;
	for (i = 0; i < r->vantage.addresses.count; i++) {
		const char *text = r->vantage.addresses.item[i];
		char *address = arena_strndup(a, text, strcspn(text, "/"));

		if (ip_parse(address, &here) && here.len == there.len &&
		    ip_is_link_local(&here) == ip_is_link_local(&there))
			strlist_add(a, out, address);
	}
}

/* Who only listens has no port of its own, and sends no byte. */
static bool
was_sent(const struct attempt *t)
{
	return !attempt_is_control(t) && (t->source_port != 0 || t->sent > 0);
}

static void
add_sighting(struct arena *a, const struct record *r,
    const struct observation *o, struct sightings *out)
{
	struct sighting *s = arena_push(a, out->sighting, out->nsightings);
	size_t i;

	*s = (struct sighting){.o = o, .to = sent_to(o)};
	local_addresses(a, r, s->to, &s->from);
	for (i = 0; i < o->nattempts; i++)
		s->sent += was_sent(&o->attempts[i]);
}

bool
sightings_are_of(const struct observation *o, const char *name)
{
	return strcmp(o->probe, "dns") == 0 && o->host != NULL &&
	    text_equal_nocase(o->host, name);
}

void
resolved_make(struct arena *a, const struct observation *o,
    struct resolved *out)
{
	const json_t *list = json_object_get(o->detail, "addresses"), *item;
	const json_t *ttls = json_object_get(o->detail, "ttls");
	int64_t ttl;
	size_t i;

	*out = (struct resolved){.o = o,
	    .name = o->host,
	    .server = detail_text(o, "server"),
	    .ttl_s = -1};
	json_array_foreach(list, i, item)
	{
		if (json_is_string(item))
			strlist_add(a, &out->addresses,
			    json_string_value(item));
	}
	json_array_foreach(ttls, i, item)
	{
		ttl = json_integer_value(item);
		if (json_is_integer(item) && ttl >= 0 &&
		    (out->ttl_s < 0 || ttl < out->ttl_s))
			out->ttl_s = ttl;
	}
	strlist_sort(&out->addresses);
	out->failed = out->addresses.count == 0;
}

/* One that was cancelled or withdrawn tells nothing of the name. */
static void
add_resolved(struct arena *a, const struct record *r, const char *name,
    struct sightings *out)
{
	size_t i;

	for (i = 0; i < out->nresolved; i++) {
		if (text_equal_nocase(out->resolved[i].name, name))
			return;
	}
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (sightings_are_of(o, name) && !observation_is_void(o))
			resolved_make(a, o,
			    arena_push(a, out->resolved, out->nresolved));
	}
}

void
sightings_find(struct arena *a, const struct record *r,
    const struct rule_row *row, struct sightings *out)
{
	const struct need *n = row->need;
	const struct observation *o;
	size_t i;

	*out = (struct sightings){0};
	for (i = 0; i < n->probes.count; i++) {
		o = record_observation(r, n->probes.item[i]);
		if (o == NULL)
			continue;
		add_sighting(a, r, o, out);
		if (o->host != NULL)
			add_resolved(a, r, o->host, out);
	}
	if (text_is_hostname(row->dst))
		add_resolved(a, r, row->dst, out);
}

/* --- in words ---------------------------------------------------------- */

static char *
source_ports(struct arena *a, const struct observation *o)
{
	struct strlist ports = {0};
	char text[PORT_SIZE];
	size_t i;

	for (i = 0; i < o->nattempts; i++) {
		uint16_t port = o->attempts[i].source_port;

		if (port == 0 || attempt_is_control(&o->attempts[i]))
			continue;
		(void)snprintf(text, sizeof text, "%u", port);
		if (!strlist_has(&ports, text))
			strlist_add(a, &ports, text);
	}
	if (ports.count <= PORTS_SHOWN)
		return summary_join(a, &ports, ", ");
	ports.count = PORTS_SHOWN;
	return arena_printf(a, _("%s and more"), summary_join(a, &ports, ", "));
}

static void
add_answer(const struct attempt *t, size_t times, struct buf *b)
{
	buf_addf(b, "%s%s", b->len > 0 ? "; " : "", attempt_label(t));
	if (t->from != NULL)
		buf_addf(b, _(" from %s"), t->from);
	if (t->icmp_type >= 0 && t->icmp_code >= 0)
		buf_addf(b, _(" (ICMP type %1$d, code %2$d)"), t->icmp_type,
		    t->icmp_code);
	if (strcmp(t->result, "silence") != 0)
		buf_addf(b, _(" after %lld ms"),
		    (long long)(t->duration_us / MS_US));
	else
		buf_addf(b, _(" for %lld ms"),
		    (long long)(t->duration_us / MS_US));
	if (times > 1)
		buf_addf(b,
		    P_(" (%zu time)", " (%zu times; the first is told)", times),
		    times);
}

static bool
same_answer(const struct attempt *x, const struct attempt *y)
{
	return strcmp(x->result, y->result) == 0 &&
	    (x->from == NULL) == (y->from == NULL) &&
	    (x->from == NULL || strcmp(x->from, y->from) == 0) &&
	    x->icmp_type == y->icmp_type && x->icmp_code == y->icmp_code;
}

/* What came back, each kind once. */
static char *
answers_text(struct arena *a, const struct observation *o)
{
	const struct attempt *t = o->attempts;
	struct buf b;
	char *text;
	size_t i, k, times;

	buf_init(&b, TEXT_MAX);
	for (i = 0; i < o->nattempts; i++) {
		if (attempt_is_control(&t[i]))
			continue;
		for (k = 0; k < i && !same_answer(&t[i], &t[k]);)
			k++;
		if (k < i)
			continue;
		for (times = 0; k < o->nattempts; k++)
			times += same_answer(&t[i], &t[k]);
		add_answer(&t[i], times, &b);
	}
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* "198.51.100.13:5113 (connect.zencontrol.com)" */
static const char *
target_text(struct arena *a, const struct sighting *s)
{
	const struct observation *o = s->o;
	const char *to = s->to;

	if (to[0] == '\0' && o->host == NULL)
		return o->port == 0 ? "" :
				      arena_printf(a, _("port %u"), o->port);
	if (to[0] == '\0')
		return o->host;
	if (o->port != 0)
		to = arena_printf(a, strchr(to, ':') ? "[%s]:%u" : "%s:%u", to,
		    o->port);
	return o->host == NULL ? to : arena_printf(a, "%s (%s)", to, o->host);
}

char *
sighting_text(struct arena *a, const struct sighting *s)
{
	const struct observation *o = s->o;
	const char *ports = source_ports(a, o), *to = target_text(a, s);
	char time[CLOCK_ISO_SIZE];
	struct buf b;
	char *text;

	buf_init(&b, TEXT_MAX);
	buf_addf(&b, "%s %s: ", o->id, clock_iso(o->started_us, true, time));
	if (s->sent == 0) {
		buf_addf(&b, _("%s; nothing was sent for it"), o->probe);
		goto out;
	}
	buf_addf(&b, "%s (%s)", word_label(&words_protocol, (int)o->protocol),
	    o->probe);
	if (s->from.count > 0)
		buf_addf(&b, _(" from %s"),
		    summary_join(a, &s->from, _(" or ")));
	if (ports[0] != '\0')
		buf_addf(&b, _(" source port %s"), ports);
	if (to[0] != '\0')
		buf_addf(&b, _(" to %s"), to);
	if (s->sent > 1)
		buf_addf(&b, P_(", %zu time", ", %zu times", s->sent), s->sent);
	buf_addf(&b, ": %s", answers_text(a, o));
out:
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

char *
resolved_text(struct arena *a, const struct resolved *n)
{
	char time[CLOCK_ISO_SIZE];
	const char *when = clock_iso(n->o->started_us, false, time);
	const char *server = n->server[0] == '\0' ? _("the resolver") :
						    n->server;

	if (n->failed)
		return arena_printf(a,
		    _("%1$s: no address came back from %2$s (%3$s, %4$s)"),
		    n->name, server, n->o->id, when);
	return arena_printf(a, _("%1$s: %2$s, told by %3$s (%4$s, %5$s)"),
	    n->name, summary_join(a, &n->addresses, ", "), server, n->o->id,
	    when);
}
