/* SPDX-License-Identifier: MIT */
/* Owns the choice of a run's controls. */
#include "core/run/controls.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/base/text.h"
#include "core/run/plan.h"

#define WEB_PORT 80
#define SECURE_PORT 443

/* Addresses that nobody owns, of each of the three networks that RFC 5737
 * sets aside for documents. A site that uses one of them itself, as some do
 * by mistake, is not misjudged as a whole. */
static const char *const nobody[] = {
    "192.0.2.199",
    "198.51.100.199",
    "203.0.113.199",
};
#define NNOBODY (sizeof nobody / sizeof *nobody)

/* Ports that no registered service has; the first that no product uses. */
static const uint16_t odd_ports[] = {6173, 6179, 6183, 6191};

struct chosen {
	const char *only;
	const struct strlist *needs;
};

struct list {
	struct arena *arena;
	struct control *item;
	size_t count;
};

static void
add(struct list *l, const char *type, const char *host, const char *address,
    uint16_t port, const char *purpose)
{
	struct control *c = arena_push(l->arena, l->item, l->count);

	memset(c, 0, sizeof *c);
	c->purpose = purpose;
	c->spec.type = arena_strdup(l->arena, type);
	c->spec.host = arena_strdup(l->arena, host);
	c->spec.address = arena_strdup(l->arena, address);
	c->spec.port = port;
	c->spec.protocol = PROTO_TCP;
	c->spec.key = arena_printf(l->arena, "%s tcp %s:%u", type,
	    host != NULL ? host : address, port);
}

/* Does it lead out there, as far as can be told before? */
static bool
is_far(const struct probe_spec *s)
{
	struct ip ip;

	return plan_resolves(s) ||
	    (s->address != NULL && ip_parse(s->address, &ip) &&
		!ip_is_private(&ip) && !ip_is_nowhere(&ip));
}

bool
controls_serve(const struct need *n)
{
	size_t i;

	if (n->direction != DIR_OUTBOUND || n->protocol != PROTO_TCP)
		return false;
	for (i = 0; i < n->nspecs; i++) {
		if (is_far(&n->specs[i]))
			return true;
	}
	return false;
}

static bool
is_outbound_tcp(const struct need *n, const struct chosen *c)
{
	return plan_selects(n, c->only) &&
	    (c->needs == NULL || strlist_has(c->needs, n->id)) &&
	    controls_serve(n);
}

static bool
has_port(const struct ports *p, uint16_t port)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		if (p->range[i].low <= port && port <= p->range[i].high)
			return true;
	}
	return false;
}

static uint16_t
odd_port(const struct record *r)
{
	size_t i, k;

	for (i = 0; i + 1 < sizeof odd_ports / sizeof *odd_ports; i++) {
		for (k = 0; k < r->nneeds; k++) {
			if (has_port(&r->needs[k].ports, odd_ports[i]))
				break;
		}
		if (k == r->nneeds)
			break;
	}
	return odd_ports[i];
}

/* The vendor's host that most is known of: one with a secure port, of a
 * required line if there is one. */
static const struct probe_spec *
find_host(const struct record *r, const struct chosen *chosen)
{
	const struct probe_spec *best = NULL, *s;
	size_t i, k;
	int rank, best_rank = 0;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!is_outbound_tcp(n, chosen))
			continue;
		for (k = 0; k < n->nspecs; k++) {
			s = &n->specs[k];
			if (!plan_resolves(s) || s->protocol != PROTO_TCP)
				continue;
			rank = 1 + 2 * (s->port == SECURE_PORT) +
			    (n->strength == STRENGTH_REQUIRED);
			if (rank > best_rank) {
				best = s;
				best_rank = rank;
			}
		}
	}
	return best;
}

static bool
holds(const uint16_t *port, size_t n, uint16_t wanted)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (port[i] == wanted)
			return true;
	}
	return false;
}

/* The web's ports, those where an accepted connection is all the proof that
 * can be had, and the odd one. */
static size_t
canary_ports(const struct record *r, const struct chosen *chosen, uint16_t odd,
    uint16_t out[CONTROL_OWN_PORTS + 3])
{
	size_t i, k, n = 0;

	out[n++] = SECURE_PORT;
	out[n++] = WEB_PORT;
	for (i = 0; i < r->nneeds; i++) {
		const struct need *x = &r->needs[i];

		if (!is_outbound_tcp(x, chosen) ||
		    x->required_rung != RUNG_TRANSPORT)
			continue;
		for (k = 0; k < x->nspecs; k++) {
			uint16_t port = x->specs[k].port;

			if (port != 0 && n < CONTROL_OWN_PORTS + 2 &&
			    !holds(out, n, port))
				out[n++] = port;
		}
	}
	out[n++] = odd;
	return n;
}

/* "http://HOST:PORT" or "HOST:PORT", which is how curl reads it too. Others
 * than plain HTTP are not spoken. */
static bool
read_proxy(struct arena *a, const char *proxy, char **host, uint64_t *port)
{
	const char *s = strstr(proxy, "://"), *end;
	struct ip ip;
	size_t n;

	if (s != NULL && (s - proxy != 4 || strncmp(proxy, "http", 4) != 0))
		return false;
	s = s == NULL ? proxy : s + 3;
	n = strcspn(s, ":/");
	*host = arena_strndup(a, s, n);
	*port = WEB_PORT;
	if (s[n] == ':') {
		end = s + n + 1;
		if (!text_to_uint(arena_strndup(a, end, strcspn(end, "/")), 1,
			65535, port))
			return false;
	}
	return ip_parse(*host, &ip) || text_is_hostname(*host);
}

static void
add_proxy(struct list *l, const struct record *r, const struct probe_spec *to)
{
	struct probe_spec *s;
	struct ip ip;
	char *host;
	uint64_t port;
	bool literal;

	if (r->vantage.proxy == NULL || to->port != SECURE_PORT ||
	    !read_proxy(l->arena, r->vantage.proxy, &host, &port))
		return;
	literal = ip_parse(host, &ip);
	add(l, "proxy", literal ? NULL : host, literal ? host : NULL,
	    (uint16_t)port,
	    N_("to know whether only a proxy gets out of this site"));
	s = &l->item[l->count - 1].spec;
	s->want = arena_printf(l->arena, "%s:%u", to->host, to->port);
}

struct control *
controls_make(struct arena *a, const struct record *r, const char *only,
    const struct strlist *needs, size_t *count)
{
	static const char purpose[] = N_(
	    "to know whether something here accepts connections for others");
	const struct chosen chosen = {only, needs};
	struct list l = {.arena = a};
	const struct probe_spec *host = find_host(r, &chosen);
	uint16_t port[CONTROL_OWN_PORTS + 3], odd = odd_port(r);
	size_t i, n;

	for (i = 0; i < r->nneeds && !is_outbound_tcp(&r->needs[i], &chosen);
	     i++)
		;
	if (i < r->nneeds) {
		n = canary_ports(r, &chosen, odd, port);
		for (i = 0; i < n; i++)
			add(&l, "canary", NULL, nobody[i % NNOBODY], port[i],
			    purpose);
	}
	if (host != NULL) {
		add(&l, "canary", host->host, NULL, odd, purpose);
		add(&l, "life", host->host, NULL, host->port,
		    N_("to know whether the gateway counts how far packets "
		       "have gone"));
		add_proxy(&l, r, host);
	}
	*count = l.count;
	return l.item;
}
