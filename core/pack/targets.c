/* SPDX-License-Identifier: MIT */
/* Owns whom and which ports a requirement means on this site, as far as its
 * pack and the answers tell. */
#include "core/pack/targets.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/answer_scope.h"
#include "core/pack/answer_value.h"
#include "core/pack/answers.h"

#define WHOLE 8      /* ports of a range that may all be tried */
#define PART 30000   /* ports of a longer one, in each of which one is tried */
#define MAX_LEASED 2 /* time servers of a lease that are asked */

/* --- destinations --- */

static void
add_target(const struct spec_context *c, struct targets *t, const char *host,
    const char *address)
{
	*arena_push(c->arena, t->item, t->count) = (struct target){host,
	    address};
}

static void
add_answer(const struct spec_context *c, struct targets *t, const char *value)
{
	if (literal_kind(value) == LITERAL_NONE)
		add_target(c, t, value, NULL);
	else
		add_target(c, t, NULL, value);
}

/* The sentence that asks for the answer to a question (which the need then
 * names), or `otherwise` where
 * nobody is asked. fmt has one %s, for the question. */
static const char *
ask_for(const struct spec_context *c, const char *question, const char *fmt,
    const char *otherwise)
{
	const struct question *q = NULL;

	if (question != NULL)
		q = pack_question(c->pack, question);
	if (q == NULL ||
	    clauses_hold(c->packs, c->record, c->pack, &q->when) == TRUTH_NO)
		return otherwise;
	if (c->need->open_ask == NULL)
		c->need->open_ask = arena_strdup(c->arena, pack_text(q->ask));
#pragma GCC diagnostic push
/* The formats are the sentences below. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return arena_printf(c->arena, fmt, pack_text(q->ask));
#pragma GCC diagnostic pop
}

static const char *
answer_from(const struct spec_context *c, const char *question)
{
	return question == NULL ?
	    NULL :
	    answer_in_force(c->packs, c->record, c->pack, question);
}

static void
name_targets(const struct spec_context *c, struct targets *t)
{
	add_target(c, t, c->req->to.name, NULL);
}

static void
address_targets(const struct spec_context *c, struct targets *t)
{
	add_target(c, t, NULL, c->req->to.name);
}

static void
gateway_targets(const struct spec_context *c, struct targets *t)
{
	add_target(c, t, NULL, NULL);
}

static void
wildcard_targets(const struct spec_context *c, struct targets *t)
{
	const struct destination *to = &c->req->to;
	const char *name = answer_from(c, to->from);
	size_t i;

	for (i = 0; i < to->examples.count; i++)
		add_target(c, t, to->examples.item[i], NULL);
	if (name != NULL && strlist_has(&to->examples, name))
		return;
	if (name != NULL &&
	    (text_wildcard_match(to->name, name, to->depth) ||
		(to->apex && strcmp(to->name + 2, name) == 0)))
		add_target(c, t, name, NULL);
	else if (name != NULL)
		t->why = arena_printf(c->arena,
		    _("The name \"%s\" that was typed is not one that \"%s\" "
		      "stands for."),
		    name, to->name);
	else
		t->why = ask_for(c, to->from,
		    _("A rule with a star can be checked only with a name "
		      "that the device really uses. To have this checked, "
		      "answer this question: %s"),
		    _("A rule with a star can be checked only with a name "
		      "that the device really uses, and none is known."));
}

/* The network itself may say whom the devices shall ask for the time. */
static bool
lease_targets(const struct spec_context *c, struct targets *t)
{
	const struct strlist *servers = &c->record->vantage.time_servers;
	size_t i;

	if (strcmp(c->req->probe.type, "ntp") != 0)
		return false;
	for (i = 0; i < servers->count && i < MAX_LEASED; i++)
		add_answer(c, t, servers->item[i]);
	return t->count > 0;
}

static void
asked_targets(const struct spec_context *c, struct targets *t)
{
	const char *value = answer_from(c, c->req->to.from);

	if (value != NULL)
		add_answer(c, t, value);
	else if (lease_targets(c, t))
		return;
	else
		t->why = ask_for(c, c->req->to.from,
		    _("To have this checked, answer this question: %s"),
		    _("No address is known to which a check could be sent."));
}

static void
no_targets(const struct spec_context *c, struct targets *t)
{
	(void)c;
	t->why = _("No address is known to which a check could be sent.");
}

static void (*const destinations[])(const struct spec_context *,
    struct targets *) = {
    [DEST_FQDN] = name_targets,
    [DEST_WILDCARD] = wildcard_targets,
    [DEST_ADDRESS] = address_targets,
    [DEST_RESOLVER] = no_targets,
    [DEST_GATEWAY] = gateway_targets,
    [DEST_MULTICAST] = address_targets,
    [DEST_BROADCAST] = address_targets,
    [DEST_PEER] = asked_targets,
    [DEST_ANY] = asked_targets,
    [DEST_NONE] = no_targets,
};

void
targets_find(const struct spec_context *c, struct targets *t)
{
	memset(t, 0, sizeof *t);
	destinations[c->req->to.kind](c, t);
}

/* --- ports --- */

struct ports
targets_ports(const struct spec_context *c)
{
	struct ports ports = c->req->ports;
	const char *value = answer_from(c, c->req->port_from);
	uint64_t port;

	if (text_to_uint(value, 1, UINT16_MAX, &port)) {
		ports.range = arena_alloc(c->arena, sizeof *ports.range);
		ports.range->low = ports.range->high = (uint16_t)port;
		ports.count = 1;
	}
	return ports;
}

void
targets_add_port(const struct spec_context *c, struct port_list *l,
    uint16_t port)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (l->port[i] == port)
			return;
	}
	*arena_push(c->arena, l->port, l->count) = port;
}

static bool
in_range(const struct port_range *r, uint64_t port)
{
	return port >= r->low && port <= r->high;
}

static bool
has_port_within(const struct port_list *l, unsigned low, unsigned high)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (l->port[i] >= low && l->port[i] <= high)
			return true;
	}
	return false;
}

/* One in each part between the ends that has none yet. */
static void
add_parts(const struct spec_context *c, struct port_list *l,
    const struct port_range *r)
{
	unsigned width = (unsigned)(r->high - r->low) - 1, low, high, i;
	unsigned parts = width / PART;

	if (parts == 0)
		parts = 1;
	for (i = 0; i < parts; i++) {
		low = r->low + 1 + width * i / parts;
		high = r->low + width * (i + 1) / parts;
		if (!has_port_within(l, low, high))
			targets_add_port(c, l, (uint16_t)((low + high) / 2));
	}
}

static void
sort_ports(struct port_list *l)
{
	size_t i, k;
	uint16_t port;

	for (i = 1; i < l->count; i++) {
		port = l->port[i];
		for (k = i; k > 0 && l->port[k - 1] > port; k--)
			l->port[k] = l->port[k - 1];
		l->port[k] = port;
	}
}

static void
add_named(const struct spec_context *c, struct port_list *l,
    const struct port_range *r)
{
	const struct strlist *samples = &c->req->probe.samples;
	uint64_t port;
	size_t i;

	for (i = 0; i < samples->count; i++) {
		if (text_to_uint(samples->item[i], 1, UINT16_MAX, &port) &&
		    in_range(r, port))
			targets_add_port(c, l, (uint16_t)port);
	}
}

/* Of a long range both ends, since rules are off by one there, the ports that
 * the pack names, and one in each part of the rest. Of a short one those that
 * the pack names, or all. */
void
targets_add_samples(const struct spec_context *c, struct port_list *l,
    const struct port_range *r)
{
	struct port_list own = {0};
	size_t i;

	add_named(c, &own, r);
	if (r->high - r->low >= WHOLE) {
		targets_add_port(c, &own, r->low);
		targets_add_port(c, &own, r->high);
		add_parts(c, &own, r);
		sort_ports(&own);
	}
	for (i = 0; own.count == 0 && i <= (size_t)(r->high - r->low); i++)
		targets_add_port(c, l, (uint16_t)(r->low + i));
	for (i = 0; i < own.count; i++)
		targets_add_port(c, l, own.port[i]);
}

const char *
targets_why_no_port(const struct spec_context *c)
{
	return ask_for(c, c->req->port_from,
	    _("To have this checked, answer this question: %s"),
	    _("No port is known to which a check could be sent."));
}
