/* SPDX-License-Identifier: MIT */
/* Owns the step from a requirement to its probe specs: which hosts, which
 * ports, which key; or the sentence that says why nothing is measured. */
#include "core/pack/specs.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/answer_scope.h"
#include "core/pack/answers.h"
#include "core/pack/vocabulary.h"
#include "core/pack/targets.h"

#define DNS_PORT 53
#define NTP_PORT 123
#define NAMES_TCP 2 /* that are asked for over TCP */

/* How a spec of this type is formed. */
struct form {
	const char *type;
	enum probe_shape shape;
	bool exact; /* as the pack says, not a fallback or an addition */
};

static void
refuse(const struct spec_context *c, const char *sentence)
{
	if (c->need->unprobed == NULL)
		c->need->unprobed = arena_strdup(c->arena, sentence);
}

/* --- keys and specs --- */

static const char *
host_port(const struct spec_context *c, const struct target *t, unsigned port)
{
	const char *who = t->host != NULL ? t->host : t->address;

	if (who == NULL)
		who = "gateway";
	if (t->host == NULL && strchr(who, ':') != NULL)
		return arena_printf(c->arena, "[%s]:%u", who, port);
	return arena_printf(c->arena, "%s:%u", who, port);
}

/* The same key twice in one need is one measurement. */
static struct probe_spec *
add_spec(const struct spec_context *c, const char *type, const char *key)
{
	struct need *n = c->need;
	struct probe_spec *s;
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		if (strcmp(n->specs[i].key, key) == 0)
			return &n->specs[i];
	}
	s = arena_push(c->arena, n->specs, n->nspecs);
	memset(s, 0, sizeof *s);
	s->key = arena_strdup(c->arena, key);
	s->type = arena_strdup(c->arena, type);
	s->protocol = c->req->protocol;
	return s;
}

static void
aim(struct probe_spec *s, const struct spec_context *c, const struct target *t,
    uint16_t port)
{
	s->host = arena_strdup(c->arena, t->host);
	s->address = arena_strdup(c->arena, t->address);
	s->port = port;
}

static void
add_path(const struct spec_context *c, const struct target *t, uint16_t port)
{
	const char *key;

	key = arena_printf(c->arena, "path %s %s",
	    word_name(&words_protocol, (int)c->req->protocol),
	    host_port(c, t, port));
	aim(add_spec(c, "path", key), c, t, port);
}

static const char *
with_option(const struct spec_context *c, const char *key, const char *name,
    const char *value)
{
	return value == NULL ?
	    key :
	    arena_printf(c->arena, "%s %s=%s", key, name, value);
}

static void
add_flow(const struct spec_context *c, const struct form *f,
    const struct target *t, uint16_t port)
{
	const struct probe_ask *ask = &c->req->probe;
	struct probe_spec *s;
	const char *page = "", *key;

	if (f->shape == SHAPE_PAGE)
		page = ask->path == NULL ? "/" : ask->path;
	/* What is asked by either is another measurement by UDP. */
	key = arena_printf(c->arena, "%s %s%s%s", f->type,
	    c->req->protocol == PROTO_UDP ? "udp " : "", host_port(c, t, port),
	    page);
	if (f->exact) {
		key = with_option(c, key, "alpn", ask->alpn);
		key = with_option(c, key, "max", ask->tls_max);
		key = with_option(c, key, "issuer", ask->issuer);
		if (ask->status != 0)
			key = arena_printf(c->arena, "%s status=%d", key,
			    ask->status);
		key = with_option(c, key, "expect", ask->expect);
		key = with_option(c, key, "want", ask->want);
	}
	s = add_spec(c, f->type, key);
	aim(s, c, t, port);
	if (!f->exact)
		return;
	s->alpn = ask->alpn;
	s->tls_max = ask->tls_max;
	s->issuer = ask->issuer;
	s->path = page[0] == '\0' ? ask->path : arena_strdup(c->arena, page);
	s->expect = ask->expect;
	s->want = ask->want;
	s->status = ask->status;
}

/* --- shapes --- */

static bool
has_address(const struct spec_context *c)
{
	static const bool unicast[DEST_NONE + 1] = {
	    [DEST_FQDN] = true,
	    [DEST_WILDCARD] = true,
	    [DEST_ADDRESS] = true,
	    [DEST_PEER] = true,
	};

	return unicast[c->req->to.kind] ||
	    (c->req->to.kind == DEST_ANY && c->req->to.from != NULL);
}

static void
find_targets(const struct spec_context *c, struct targets *t)
{
	targets_find(c, t);
	if (t->count == 0)
		refuse(c, t->why);
}

/* Connecting to samples of a range says nothing of where nobody listens, so
 * outside the site a range is tried by what the gateway lets out. */
static void
flow_specs(const struct spec_context *c, const struct form *f)
{
	bool beyond = c->req->direction == DIR_OUTBOUND &&
	    strcmp(f->type, "tcp") == 0 &&
	    vocabulary_find(c->vocab, "path") != NULL;
	const struct ports *ports = &c->need->ports;
	struct port_list singles = {0}, ranges = {0};
	struct targets t;
	size_t i, k;

	find_targets(c, &t);
	if (t.count > 0 && c->req->to.kind == DEST_GATEWAY) {
		refuse(c, _("The gateway can only be pinged."));
		return;
	}
	for (i = 0; i < ports->count; i++) {
		if (ports->range[i].low == ports->range[i].high)
			targets_add_port(c, &singles, ports->range[i].low);
		else
			targets_add_samples(c, beyond ? &ranges : &singles,
			    &ports->range[i]);
	}
	for (i = 0; i < t.count; i++) {
		for (k = 0; k < singles.count; k++)
			add_flow(c, f, &t.item[i], singles.port[k]);
		for (k = 0; k < ranges.count; k++)
			add_path(c, &t.item[i], ranges.port[k]);
	}
	if (ports->count == 0)
		refuse(c, targets_why_no_port(c));
}

/* What is looked for: the pack's words, and after a space what the site
 * answered, if it did. */
static const char *
want_of(const struct spec_context *c, const struct form *f)
{
	const struct probe_ask *ask = &c->req->probe;
	const char *answer;

	if (!f->exact || ask->want == NULL || ask->want_from == NULL)
		return f->exact ? ask->want : NULL;
	answer = answer_in_force(c->packs, c->record, c->pack, ask->want_from);
	return answer == NULL ?
	    ask->want :
	    arena_printf(c->arena, "%s %s", ask->want, answer);
}

/* A look at the network itself: a Wi-Fi, a DHCP server, a group that is
 * listened to. */
static void
site_specs(const struct spec_context *c, const struct form *f)
{
	const struct destination *to = &c->req->to;
	const struct ports *ports = &c->need->ports;
	const char *key = f->type, *want = want_of(c, f);
	struct target t = {NULL, NULL};
	struct probe_spec *s;
	uint16_t port = ports->count > 0 ? ports->range[0].low : 0;

	if (to->kind == DEST_MULTICAST || to->kind == DEST_BROADCAST)
		t.address = to->name;
	if (t.address != NULL)
		key = arena_printf(c->arena, "%s %s", key,
		    port == 0 ? t.address : host_port(c, &t, port));
	key = with_option(c, key, "want", want);
	s = add_spec(c, f->type, key);
	aim(s, c, &t, port);
	s->want = arena_strdup(c->arena, want);
}

/* Who is there answers for itself, so the address need not be known; where
 * it is, that very device is looked for. */
static void
search_specs(const struct spec_context *c, const struct form *f)
{
	const struct ports *ports = &c->need->ports;
	const char *want = f->exact ? c->req->probe.want : NULL, *key;
	uint16_t port = ports->count > 0 ? ports->range[0].low : 0;
	struct probe_spec *s;
	struct targets t;
	size_t i;

	if (!has_address(c)) {
		site_specs(c, f);
		return;
	}
	targets_find(c, &t);
	for (i = 0; i < t.count || i == 0; i++) {
		key = t.count == 0 ? f->type :
				     arena_printf(c->arena, "%s %s", f->type,
					 host_port(c, &t.item[i], port));
		s = add_spec(c, f->type, with_option(c, key, "want", want));
		if (t.count > 0)
			aim(s, c, &t.item[i], port);
		s->port = port;
		s->want = arena_strdup(c->arena, want);
	}
}

static void
path_specs(const struct spec_context *c, const struct form *f)
{
	const struct ports *ports = &c->need->ports;
	struct port_list tried = {0};
	struct targets t;
	size_t i, k;

	(void)f;
	find_targets(c, &t);
	for (i = 0; i < ports->count; i++) {
		if (ports->range[i].low == ports->range[i].high)
			targets_add_port(c, &tried, ports->range[i].low);
		else
			targets_add_samples(c, &tried, &ports->range[i]);
	}
	if (tried.count == 0)
		refuse(c, targets_why_no_port(c));
	for (i = 0; i < t.count; i++) {
		for (k = 0; k < tried.count; k++)
			add_path(c, &t.item[i], tried.port[k]);
	}
}

/* One spec a host; the port is in the key only when it is unusual. */
static void
host_specs(const struct spec_context *c, const struct form *f)
{
	const struct ports *ports = &c->need->ports;
	uint16_t usual = c->req->protocol == PROTO_UDP ? NTP_PORT : 0;
	uint16_t port = ports->count > 0 ? ports->range[0].low : usual;
	struct targets t;
	const char *want = f->exact ? c->req->probe.want : NULL;
	const char *who, *key;
	struct probe_spec *s;
	size_t i;

	find_targets(c, &t);
	for (i = 0; i < t.count; i++) {
		who = t.item[i].host != NULL ? t.item[i].host :
					       t.item[i].address;
		if (port != usual)
			who = host_port(c, &t.item[i], port);
		else if (who == NULL)
			who = "gateway";
		key = arena_printf(c->arena, "%s %s", f->type, who);
		s = add_spec(c, f->type, with_option(c, key, "want", want));
		aim(s, c, &t.item[i], port);
		s->want = arena_strdup(c->arena, want);
	}
}

/* Every name that the product's own requirements name, in their order. */
static void
names_of_pack(const struct spec_context *c, struct strlist *names)
{
	size_t i, k;

	for (i = 0; i < c->pack->nrequirements; i++) {
		const struct requirement *r = &c->pack->requirements[i];
		const struct destination *to = &r->to;

		if (r->strength == STRENGTH_MUST_NOT ||
		    clauses_hold(c->packs, c->record, c->pack, &r->when) ==
			TRUTH_NO)
			continue;
		if (to->kind == DEST_FQDN && !strlist_has(names, to->name))
			strlist_add(c->arena, names, to->name);
		for (k = 0; to->kind == DEST_WILDCARD && k < to->examples.count;
		     k++) {
			if (!strlist_has(names, to->examples.item[k]))
				strlist_add(c->arena, names,
				    to->examples.item[k]);
		}
	}
}

static struct strlist
names_asked(const struct spec_context *c)
{
	struct strlist names = c->req->probe.names;

	if (names.count == 0)
		names_of_pack(c, &names);
	/* What a server says of a name is asked over UDP, as devices do; over
	 * TCP, whether it answers at all. */
	if (c->req->protocol == PROTO_TCP && names.count > NAMES_TCP)
		names.count = NAMES_TCP;
	if (names.count == 0)
		refuse(c,
		    _("This product names no host that could be looked up."));
	return names;
}

static void
names_specs(const struct spec_context *c, const struct form *f)
{
	struct strlist names = names_asked(c);
	const char *over = c->req->protocol == PROTO_TCP ? "tcp " : "";
	struct probe_spec *s;
	size_t i;

	for (i = 0; i < names.count; i++) {
		s = add_spec(c, f->type,
		    arena_printf(c->arena, "%s %s%s", f->type, over,
			names.item[i]));
		s->host = arena_strdup(c->arena, names.item[i]);
		s->port = DNS_PORT;
	}
}

static void
names_at_specs(const struct spec_context *c, const struct form *f)
{
	struct strlist names = names_asked(c);
	struct probe_spec *s;
	struct targets t;
	size_t i, k;

	find_targets(c, &t);
	for (i = 0; i < t.count; i++) {
		const char *server = t.item[i].address;

		/* A server by name would need a resolver first, and what it
		 * says is what is doubted here. */
		if (server == NULL) {
			refuse(c,
			    _("A DNS server can be asked only at a known "
			      "address."));
			continue;
		}
		for (k = 0; k < names.count; k++) {
			s = add_spec(c, f->type,
			    arena_printf(c->arena, "%s %s %s %s", f->type,
				word_name(&words_protocol,
				    (int)c->req->protocol),
				server, names.item[k]));
			s->host = arena_strdup(c->arena, names.item[k]);
			s->address = arena_strdup(c->arena, server);
			s->port = DNS_PORT;
		}
	}
}

static void (*const shapes[])(const struct spec_context *,
    const struct form *) = {
    [SHAPE_FLOW] = flow_specs,
    [SHAPE_PAGE] = flow_specs,
    [SHAPE_NAMES] = names_specs,
    [SHAPE_NAMES_AT] = names_at_specs,
    [SHAPE_HOST] = host_specs,
    [SHAPE_PATH] = path_specs,
    [SHAPE_SITE] = site_specs,
    [SHAPE_SEARCH] = search_specs,
    [SHAPE_PERSON] = NULL,
};

/* --- the whole --- */

static bool
choose_form(const struct spec_context *c, struct form *f)
{
	const char *type = c->req->probe.type;
	const struct probe_word *word = vocabulary_find(c->vocab, type);

	if (c->req->direction == DIR_INBOUND) {
		refuse(c,
		    _("What comes from the internet cannot be tested "
		      "from inside the site."));
		return false;
	}
	if (strcmp(type, PROBE_MANUAL) == 0) {
		refuse(c,
		    _("Only a person can confirm this; no check can "
		      "see it."));
		return false;
	}
	if (word != NULL) {
		*f = (struct form){type, word->shape, true};
		return true;
	}
	refuse(c,
	    arena_printf(c->arena,
		_("This version of sitewalk has no check of the type \"%s\"."),
		type));
	return false;
}

void
specs_build(const struct spec_context *c)
{
	const struct strlist *also = &c->req->probe.also;
	const struct probe_word *word;
	struct form f;
	size_t i;

	if (choose_form(c, &f))
		shapes[f.shape](c, &f);
	/* Without what proves it, more of the same kind proves nothing. */
	for (i = 0; c->need->nspecs > 0 && i < also->count; i++) {
		word = vocabulary_find(c->vocab, also->item[i]);
		f = (struct form){also->item[i],
		    word == NULL ? SHAPE_PERSON : word->shape, false};
		if (word != NULL)
			shapes[f.shape](c, &f);
	}
	if (c->need->nspecs > 0)
		c->need->unprobed = NULL;
}
