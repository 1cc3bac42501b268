/* SPDX-License-Identifier: MIT */
/* The tasks of a run: what needs ask for, each once; one task for each
 * address of a name; the search for what blocks after a failure. */
#include "core/run/tasks.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/run/plan.h"

static struct run_task *
find_task(const struct run *run, const char *key)
{
	size_t i;

	for (i = 0; i < run->ntasks; i++) {
		if (strcmp(run->task[i]->pub.spec->key, key) == 0)
			return run->task[i];
	}
	return NULL;
}

void
task_done(struct run_task *t)
{
	t->pub.state = TASK_DONE;
	if (t->run->setup.changed != NULL)
		t->run->setup.changed(t->run->setup.arg, t->index);
}

static char *
task_title(struct arena *a, const struct probe_type *type,
    const struct probe_spec *spec, const struct addr *to)
{
	char text[ADDR_TEXT_SIZE];
	const char *name = spec->host != NULL ? spec->host : spec->address;

	/* A question for a name that goes to a server of its own. */
	if (spec->address != NULL && spec->host != NULL)
		return arena_printf(a, "%s %s, %s", _(type->label),
		    spec->address, spec->host);
	if (to != NULL && spec->address == NULL && spec->host != NULL)
		return arena_printf(a, "%s %s:%u (%s)", _(type->label), name,
		    spec->port, addr_text(to, text));
	if (name == NULL)
		return arena_strdup(a, _(type->label));
	if (spec->port == 0 || strcmp(type->name, "dns") == 0)
		return arena_printf(a, "%s %s", _(type->label), name);
	return arena_printf(a, "%s %s:%u", _(type->label), name, spec->port);
}

static struct run_task *
add_task(struct run *run, const struct probe_spec *spec, const struct addr *to,
    const char *need)
{
	const struct probe_type *type = probe_type_find(spec->type);
	struct run_task *t = arena_alloc(run->arena, sizeof *t);

	t->run = run;
	t->type = type;
	t->pub.spec = spec;
	t->pub.need = need;
	t->pub.background = type->background;
	if (to != NULL)
		t->to = *to;
	t->pub.title = task_title(run->arena, type, spec, to);
	t->index = run->ntasks;
	*arena_push(run->arena, run->task, run->ntasks) = t;
	if (t->index < run->next_start)
		run->next_start = t->index;
	run_wake(run);
	return t;
}

/* The literal address of a spec, or the gateway for a spec without any. */
static bool
spec_address(const struct run *run, const struct probe_spec *spec,
    struct addr *to)
{
	const char *s = spec->address;

	if (s == NULL && spec->host == NULL)
		s = run->setup.record->vantage.gateway;
	return s != NULL && addr_parse(to, s, spec->port);
}

/* Needs are rebuilt while a run goes on, so the run keeps its own copy. */
static struct probe_spec *
copy_spec(struct arena *a, const struct probe_spec *from)
{
	struct probe_spec *s = arena_alloc(a, sizeof *s);

	*s = *from;
	s->key = arena_strdup(a, from->key);
	s->type = arena_strdup(a, from->type);
	s->host = arena_strdup(a, from->host);
	s->address = arena_strdup(a, from->address);
	s->alpn = arena_strdup(a, from->alpn);
	s->tls_max = arena_strdup(a, from->tls_max);
	s->issuer = arena_strdup(a, from->issuer);
	s->path = arena_strdup(a, from->path);
	s->expect = arena_strdup(a, from->expect);
	s->want = arena_strdup(a, from->want);
	return s;
}

/* The task that resolves a host; added when it is the first to ask. */
static size_t
name_task(struct run *run, const char *host, const char *need)
{
	struct probe_spec *d = arena_alloc(run->arena, sizeof *d);
	struct run_task *t;

	plan_dns_spec(run->arena, host, d);
	t = find_task(run, d->key);
	if (t == NULL)
		t = add_task(run, d, NULL, need);
	return t->index;
}

static void
add_spec_tasks(struct run *run, const struct need *n,
    const struct probe_spec *asked)
{
	struct run_task *t = find_task(run, asked->key);
	struct probe_spec *spec;
	const char *id = arena_strdup(run->arena, n->id);
	size_t dep = 0;

	if (probe_type_find(asked->type) == NULL)
		return;
	if (t == NULL) {
		spec = copy_spec(run->arena, asked);
		if (plan_resolves(spec))
			dep = name_task(run, spec->host, id) + 1;
		t = add_task(run, spec, NULL, id);
		t->waits_for = dep;
		if (t->type->needs_address && dep == 0 &&
		    !spec_address(run, spec, &t->to))
			t->pub.state = TASK_DONE;
	}
	t->outbound = t->outbound || n->direction == DIR_OUTBOUND;
}

static void
add_needs(struct run *run, bool expiring)
{
	const struct record *r = run->setup.record;
	size_t i, k;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (!plan_selects(n, run->setup.only))
			continue;
		for (k = 0; k < n->nspecs; k++) {
			if ((strcmp(n->specs[k].type, "path") == 0) == expiring)
				add_spec_tasks(run, n, &n->specs[k]);
		}
	}
}

void
tasks_add_needs(struct run *run)
{
	add_needs(run, true);
	add_needs(run, false);
}

/* Nobody's address, or this laptop's own (a block list's), is not contacted,
 * and IPv6 only where this network has it. */
static bool
is_contacted(const struct run *run, const char *address, uint16_t port,
    struct addr *to)
{
	struct ip ip;

	if (!ip_parse(address, &ip) || ip_is_nowhere(&ip) ||
	    !addr_parse(to, address, port))
		return false;
	return to->sa.sa_family != AF_INET6 ||
	    run->setup.record->vantage.has_ipv6;
}

void
tasks_expand(struct run *run, struct run_task *t)
{
	const struct observation *dns;
	const json_t *list;
	struct addr to;
	size_t i, all = 0, n[2] = {0, 0};

	dns = run->task[t->waits_for - 1]->pub.result;
	t->waits_for = 0;
	list = dns == NULL ? NULL : json_object_get(dns->detail, "addresses");
	for (i = 0; i < json_array_size(list); i++) {
		if (!is_contacted(run,
			json_string_value(json_array_get(list, i)),
			t->pub.spec->port, &to) ||
		    n[to.sa.sa_family == AF_INET6]++ >= RUN_ADDRESSES)
			continue;
		if (all++ == 0) {
			t->to = to;
			t->pub.title = task_title(run->arena, t->type,
			    t->pub.spec, &to);
		} else {
			struct run_task *more = add_task(run, t->pub.spec, &to,
			    t->pub.need);

			more->outbound = t->outbound;
		}
	}
	if (all == 0)
		task_done(t);
}

static void
locate_port(struct run *run, const struct run_task *t, enum protocol proto,
    uint16_t port, const char *want)
{
	struct probe_spec *s;
	struct run_task *found;
	struct addr to = t->to;
	char text[ADDR_TEXT_SIZE], *key;

	addr_text(&to, text);
	key = arena_printf(run->arena,
	    to.sa.sa_family == AF_INET6 ? "locate %s [%s]:%u" :
					  "locate %s %s:%u",
	    word_name(&words_protocol, (int)proto), text, port);
	if (find_task(run, key) != NULL)
		return;
	s = arena_alloc(run->arena, sizeof *s);
	s->key = key;
	s->type = arena_strdup(run->arena, "locate");
	s->address = arena_strdup(run->arena, text);
	s->port = port;
	s->protocol = proto;
	s->want = arena_strdup(run->arena, want);
	addr_set_port(&to, port);
	found = add_task(run, s, &to, t->pub.need);
	found->pub.follow_up = true;
	found->pub.background = t->pub.background;
}

void
tasks_locate(struct run *run, const struct run_task *t, enum search search)
{
	enum protocol proto = plan_carrier(t->type, t->pub.spec);

	if (!t->outbound || !t->type->locates || t->to.len == 0 ||
	    run->cancelled || run->concluding)
		return;
	locate_port(run, t, proto, t->pub.spec->port,
	    search == SEARCH_NEAR ? "near" : NULL);
	if (search == SEARCH_DISTANCE)
		locate_port(run, t, PROTO_TCP,
		    plan_control_port(proto, t->pub.spec->port), NULL);
}
