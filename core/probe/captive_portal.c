/* SPDX-License-Identifier: MIT */
/* The probe "captive_portal": does something else answer in place of the
 * product's own hosts (facts 5.10)? No third party is asked. `want` names
 * the hosts, separated by spaces. Each is asked for "/" by plain HTTP, and
 * by HTTPS, where the genuine answer is known: a certificate for its name
 * from a public authority, by a server that holds its key.
 *
 *   genuine   HTTPS with that certificate; HTTP that leads to a host of the
 *             product's own
 *   other     HTTP 511 (RFC 6585 section 6); HTTP that leads to a stranger's
 *             host; on the port of HTTPS a certificate for another name, or
 *             something that is no TLS
 *   unclear   any other page, an inspecting proxy's certificate, silence
 *
 * Two that are other make a portal, unless a genuine certificate came, which
 * no portal lets through; where only HTTPS is other, a page must have come by
 * HTTP too. Besides, the network may tell by itself: DHCP option 114 (RFC
 * 8910) names an interface (RFC 8908) whose JSON says "captive".
 *
 * Detail: "endpoints" (list of "url", "says", "status", "location",
 * "subject"), "genuine" and "other" (counts), "about" (the first host that is
 * other), "api" (its URL), "api_captive", "near_hops" (1: the first hop took
 * the connection), "why" (no_hosts, no_genuine). */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/probe/dns_question.h"
#include "core/probe/fetch.h"

#define MAX_HOSTS 3
#define HOST_SIZE 254
#define DNS_MS DNS_SILENCE_MS
#define NEED_OTHER 2
#define HTTP_PORT 80
#define HTTPS_PORT 443

enum says { SAYS_NOTHING, SAYS_GENUINE, SAYS_OTHER, SAYS_UNCLEAR };

struct endpoint {
	struct probe *probe;
	char host[HOST_SIZE];
	const char *path;
	struct addr to;
	uint16_t port; /* of HTTPS */
	struct dns_question name;
	struct fetch plain, secure;
	bool with_plain, with_secure;
	bool named, plain_done, secure_done;
	enum says plain_says, secure_says;
	bool page; /* a web answer came by plain HTTP */
};

struct portal_state {
	struct endpoint end[MAX_HOSTS];
	struct endpoint api; /* RFC 8908; host "" = none */
	size_t count;
	struct conn *near;
	bool concluding;
};

static void check_all(struct probe *p);

/* --- one answer --- */

/* The host of "http://HOST:PORT/...": "" for a path alone. */
static void
host_of(const char *url, char out[HOST_SIZE])
{
	const char *s = strstr(url, "://");
	size_t n;

	out[0] = '\0';
	if (s == NULL)
		return;
	s += 3;
	n = strcspn(s, "/?#");
	if (memchr(s, '@', n) != NULL) {
		const char *at = memchr(s, '@', n);

		n -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	n = strcspn(s, ":/?#") < n ? strcspn(s, ":/?#") : n;
	if (n < HOST_SIZE)
		snprintf(out, HOST_SIZE, "%.*s", (int)n, s);
}

/* The last two labels: what one owner holds, near enough. */
static const char *
owner_of(const char *host)
{
	const char *dot = strrchr(host, '.');

	while (dot != NULL && dot > host && *--dot != '.')
		;
	return dot == NULL ? host : *dot == '.' ? dot + 1 : dot;
}

static bool
is_products_own(const struct portal_state *s, const char *host)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (text_equal_nocase(owner_of(host), owner_of(s->end[i].host)))
			return true;
	}
	return false;
}

static enum says
plain_says(const struct portal_state *s, const struct fetch *f)
{
	char host[HOST_SIZE];

	if (!f->connected || f->status == 0)
		return SAYS_NOTHING;
	if (f->status == 511)
		return SAYS_OTHER;
	if (f->status < 300 || f->status > 399 || f->header.location == NULL)
		return SAYS_UNCLEAR;
	host_of(f->header.location, host);
	if (host[0] == '\0')
		return SAYS_UNCLEAR;
	return is_products_own(s, host) ? SAYS_GENUINE : SAYS_OTHER;
}

static enum says
secure_says(struct probe *p, const struct endpoint *e, const char **subject)
{
	const struct fetch *f = &e->secure;
	struct trust_verdict v;

	if (!f->connected)
		return SAYS_NOTHING;
	trust_judge(p->env->trust, p->arena, f->capture.chain, e->host, NULL,
	    &v);
	if (v.have_chain) {
		*subject = v.subject;
		if (!v.name_match)
			return SAYS_OTHER;
		return v.public_root && f->proved ? SAYS_GENUINE : SAYS_UNCLEAR;
	}
	return f->garbled ? SAYS_OTHER : SAYS_NOTHING;
}

static void
note(struct probe *p, const struct endpoint *e, bool secure, enum says says,
    const struct fetch *f, const char *subject)
{
	static const char *const word[] = {
	    [SAYS_NOTHING] = "nothing",
	    [SAYS_GENUINE] = "genuine",
	    [SAYS_OTHER] = "other",
	    [SAYS_UNCLEAR] = "unclear",
	};
	json_t *list = json_object_get(p->obs.detail, "endpoints");
	json_t *j = json_object();

	if (list == NULL) {
		list = json_array();
		json_object_set_new(p->obs.detail, "endpoints", list);
	}
	json_object_set_new(j, "url",
	    json_string(arena_printf(p->arena, "%s://%s%s",
		secure ? "https" : "http", e->host, e->path)));
	json_object_set_new(j, "says", json_string(word[says]));
	if (f->status != 0)
		json_object_set_new(j, "status", json_integer(f->status));
	if (f->header.location != NULL)
		json_object_set_new(j, "location",
		    json_string(f->header.location));
	if (subject != NULL)
		json_object_set_new(j, "subject", json_string(subject));
	json_array_append_new(list, j);
	if (says == SAYS_OTHER &&
	    json_object_get(p->obs.detail, "about") == NULL)
		probe_detail_str(p, "about", e->host);
}

/* --- what it comes to --- */

/* RFC 8908 section 5: an object with the boolean "captive". */
static void
read_api(struct probe *p, bool *told, bool *captive)
{
	struct portal_state *s = p->state;
	const struct fetch *f = &s->api.secure;
	json_t *j;

	*told = *captive = false;
	if (s->api.host[0] == '\0' || !f->connected || f->status != 200 ||
	    f->full || f->body.len == 0)
		return;
	j = json_loadb(f->body.data, f->body.len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_boolean(json_object_get(j, "captive"))) {
		*told = true;
		*captive = json_is_true(json_object_get(j, "captive"));
		probe_detail_bool(p, "api_captive", *captive);
	}
	json_decref(j);
}

struct counts {
	int genuine, secure_genuine, other, other_plain, pages, spoke;
};

static void
count(const struct portal_state *s, struct counts *c)
{
	size_t i;

	memset(c, 0, sizeof *c);
	for (i = 0; i < s->count; i++) {
		const struct endpoint *e = &s->end[i];

		c->secure_genuine += e->secure_says == SAYS_GENUINE;
		c->genuine += (e->plain_says == SAYS_GENUINE) +
		    (e->secure_says == SAYS_GENUINE);
		c->other_plain += e->plain_says == SAYS_OTHER;
		c->other += (e->plain_says == SAYS_OTHER) +
		    (e->secure_says == SAYS_OTHER);
		c->pages += e->page;
		c->spoke += e->plain_says != SAYS_NOTHING ||
		    e->secure_says != SAYS_NOTHING;
	}
}

static void
portal_result(struct probe *p, bool portal)
{
	struct portal_state *s = p->state;
	struct counts c;

	count(s, &c);
	probe_detail_int(p, "genuine", c.genuine);
	probe_detail_int(p, "other", c.other);
	p->obs.offender = NULL;
	/* The network may tell of it before a host does. */
	if (portal && s->count > 0 &&
	    json_object_get(p->obs.detail, "about") == NULL)
		probe_detail_str(p, "about", s->end[0].host);
	if (portal)
		probe_finish(p, RUNG_APP_REPLY, CAUSE_CAPTIVE_PORTAL);
	else if (c.secure_genuine > 0 && c.other < NEED_OTHER)
		probe_finish(p, RUNG_APP_REPLY, CAUSE_NONE);
	else {
		probe_detail_str(p, "why", "no_genuine");
		probe_finish(p, c.spoke > 0 ? RUNG_TRANSPORT : RUNG_SILENCE,
		    CAUSE_NONE);
	}
}

static void
on_near(void *arg, enum conn_result result, int fd)
{
	struct probe *p = arg;

	if (result == CONN_ACCEPTED) {
		probe_detail_int(p, "near_hops", 1);
		evutil_closesocket(fd);
	}
	portal_result(p, true);
}

/* A connection with a life of one hop: who takes it stands there. */
static void
ask_near(struct probe *p)
{
	struct portal_state *s = p->state;
	struct conn_setup setup = {
	    .base = p->env->base,
	    .pace = p->env->pace,
	    .interface = p->env->interface,
	    .ttl = 1,
	    .done = on_near,
	    .arg = p,
	};
	size_t i;

	for (i = 0; i < s->count; i++) {
		const struct endpoint *e = &s->end[i];

		if (e->plain_says != SAYS_OTHER && e->secure_says != SAYS_OTHER)
			continue;
		setup.to = e->to;
		addr_set_port(&setup.to,
		    e->plain_says == SAYS_OTHER ? 80 : 443);
		s->near = conn_open(&setup);
		return;
	}
	portal_result(p, true);
}

static void
conclude(struct probe *p)
{
	struct portal_state *s = p->state;
	struct counts c;
	bool told, captive, seen;

	if (s->concluding)
		return;
	s->concluding = true;
	count(s, &c);
	read_api(p, &told, &captive);
	seen = c.other >= NEED_OTHER && c.secure_genuine == 0 &&
	    (c.other_plain > 0 || c.pages > 0);
	if (seen || (told && captive))
		ask_near(p);
	else
		portal_result(p, false);
}

/* --- asking --- */

static bool
is_done(const struct endpoint *e)
{
	return e->host[0] == '\0' ||
	    (e->named && e->plain_done && e->secure_done);
}

static void
check_all(struct probe *p)
{
	struct portal_state *s = p->state;
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (!is_done(&s->end[i]))
			return;
	}
	if (is_done(&s->api))
		conclude(p);
}

static void
on_plain(void *arg)
{
	struct endpoint *e = arg;
	struct probe *p = e->probe;

	e->plain_says = plain_says(p->state, &e->plain);
	e->page = e->plain.connected && e->plain.status != 0;
	e->plain_done = true;
	note(p, e, false, e->plain_says, &e->plain, NULL);
	check_all(p);
}

static void
on_secure(void *arg)
{
	struct endpoint *e = arg;
	struct probe *p = e->probe;
	const char *subject = NULL;

	e->secure_says = secure_says(p, e, &subject);
	e->secure_done = true;
	if (e->with_plain)
		note(p, e, true, e->secure_says, &e->secure, subject);
	check_all(p);
}

static void
fetch_both(struct endpoint *e)
{
	struct fetch_setup setup = {
	    .probe = e->probe,
	    .to = e->to,
	    .host = e->host,
	    .path = e->path,
	    .done = on_plain,
	    .arg = e,
	};

	if (e->with_plain) {
		addr_set_port(&setup.to, HTTP_PORT);
		fetch_start(&e->plain, &setup);
	}
	setup.secure = true;
	setup.done = on_secure;
	addr_set_port(&setup.to, e->port);
	fetch_start(&e->secure, &setup);
}

static void
on_name(void *arg)
{
	struct endpoint *e = arg;
	const char *address = dns_question_is_good(&e->name) ?
	    dns_answer_first(&e->name.answer, DNS_TYPE_A) :
	    NULL;

	e->named = true;
	if (address != NULL && addr_parse(&e->to, address, e->port)) {
		fetch_both(e);
		return;
	}
	e->plain_done = e->secure_done = true;
	check_all(e->probe);
}

static void
begin(struct probe *p, struct endpoint *e, uint16_t port, bool plain)
{
	struct dns_question_setup setup = {
	    .probe = p,
	    .name = e->host,
	    .type = DNS_TYPE_A,
	    .tries = DNS_TRIES,
	    .silence_ms = DNS_MS,
	    .done = on_name,
	    .arg = e,
	};

	e->probe = p;
	e->port = port;
	e->with_plain = plain;
	e->plain_done = !plain;
	if (addr_parse(&e->to, e->host, port)) { /* a literal */
		e->named = true;
		fetch_both(e);
		return;
	}
	dns_question_ask(&e->name, &setup);
}

/* "https://host[:port]/path" of DHCP option 114; HTTPS it must be (RFC 8908
 * section 4). */
static void
begin_api(struct probe *p)
{
	struct portal_state *s = p->state;
	const char *url = p->env->vantage->portal_api, *slash, *colon;
	uint64_t port = HTTPS_PORT;

	if (url == NULL || strncasecmp(url, "https://", 8) != 0)
		return;
	probe_detail_str(p, "api", url);
	slash = strchr(url + 8, '/');
	s->api.path = slash == NULL ? "/" : slash;
	host_of(url, s->api.host);
	colon = strchr(url + 8, ':');
	if (colon != NULL && (slash == NULL || colon < slash) &&
	    !text_to_uint(arena_strndup(p->arena, colon + 1,
			      slash == NULL ? strlen(colon + 1) :
					      (size_t)(slash - colon - 1)),
		1, 65535, &port))
		s->api.host[0] = '\0';
	if (strpbrk(s->api.path, " \t\r\n") != NULL ||
	    (!text_is_hostname(s->api.host) &&
		!addr_parse(&s->api.to, s->api.host, HTTPS_PORT)))
		s->api.host[0] = '\0';
	if (s->api.host[0] != '\0')
		begin(p, &s->api, (uint16_t)port, false);
}

static void
read_hosts(struct probe *p)
{
	struct portal_state *s = p->state;
	const char *c = p->spec->want == NULL ? "" : p->spec->want;
	size_t n;

	while (s->count < MAX_HOSTS) {
		c += strspn(c, " ");
		n = strcspn(c, " ");
		if (n == 0)
			return;
		if (n < HOST_SIZE) {
			memcpy(s->end[s->count].host, c, n);
			s->end[s->count].path = "/";
			if (text_is_hostname(s->end[s->count].host))
				s->count++;
		}
		c += n;
	}
}

static void
portal_start(struct probe *p)
{
	struct portal_state *s = mem_alloc(sizeof *s);
	size_t i;

	p->state = s;
	read_hosts(p);
	begin_api(p);
	for (i = 0; i < s->count; i++)
		begin(p, &s->end[i], HTTPS_PORT, true);
	if (s->count == 0 && s->api.host[0] == '\0') {
		probe_detail_str(p, "why", "no_hosts");
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
	}
}

static void
end_free(struct endpoint *e)
{
	dns_question_close(&e->name);
	fetch_close(&e->plain);
	fetch_close(&e->secure);
}

static void
portal_stop(struct probe *p)
{
	struct portal_state *s = p->state;
	size_t i;

	for (i = 0; i < MAX_HOSTS; i++)
		end_free(&s->end[i]);
	end_free(&s->api);
	if (s->near != NULL)
		conn_close(s->near);
	mem_free(s);
}

#define ENDPOINTS (2 * MAX_HOSTS + 1)

const struct probe_type probe_captive_portal = {
    .name = "captive_portal",
    .shape = SHAPE_SITE,
    .nature = NATURE_CONDITION,
    .label = N_("Sign-in page"),
    .sends = N_("It fetches the first page of the product's own web hosts, "
		"and asks the network whether it has a sign-in page."),
    .reaches = "hosts:80/tcp hosts:443/tcp resolver:53/udp",
    .carrier = PROTO_TCP,
    .flows = ENDPOINTS * CONN_ATTEMPTS + (MAX_HOSTS + 1) * DNS_TRIES +
	CONN_ATTEMPTS,
    .packets = ENDPOINTS * FETCH_PACKETS +
	(MAX_HOSTS + 1) * DNS_TRIES * DNS_TCP_PACKETS + 8,
    .bytes = ENDPOINTS * FETCH_BYTES +
	(MAX_HOSTS + 1) * DNS_TRIES * DNS_TCP_BYTES + 500,
    .longest_ms = DNS_MS + FETCH_LONGEST_MS + CONN_SILENCE_MS,
    .start = portal_start,
    .stop = portal_stop,
};
