/* SPDX-License-Identifier: MIT */
/* Owns the command "plan": what a check would send. Sends nothing. */
#include <jansson.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/net/vantage.h"
#include "core/pack/pack.h"
#include "core/probe/probe.h"
#include "core/record/json.h"
#include "tui/commands/command_table.h"
#include "tui/commands/options.h"
#include "tui/work/followups.h"
#include "tui/work/say.h"
#include "tui/commands/subject.h"

#define INDENT 6

/* Is it what the spec wants that is reached? */
static bool
wants_place(const char *reaches)
{
	return strncmp(reaches, "want:", 5) == 0 ||
	    strncmp(reaches, "hosts:", 6) == 0;
}

static const char *
target_text(struct arena *a, const struct probe_spec *s)
{
	const char *to = s->host != NULL ? s->host : s->address;
	const struct probe_type *type = probe_type_find(s->type);

	if (to == NULL && type != NULL && type->whom != NULL)
		return _(type->whom);
	if (to == NULL && s->want != NULL && type != NULL &&
	    type->reaches != NULL && wants_place(type->reaches))
		return s->want;
	if (strcmp(s->type, "dns") == 0)
		return arena_printf(a, _("%s, by the site's DNS server"), to);
	if (to == NULL)
		to = _("the site's gateway");
	if (s->host != NULL && s->address != NULL)
		return arena_printf(a, _("%1$s port %2$u, asked for %3$s"),
		    s->address, s->port, s->host);
	if (s->port == 0)
		return to;
	if (s->host == NULL && strchr(to, ':') != NULL)
		return arena_printf(a, "[%s]:%u", to, s->port);
	return arena_printf(a, "%s:%u", to, s->port);
}

/* "up to 4 addresses: at most 64 packets and 5120 bytes" */
static char *
bound_text(struct arena *a, const struct plan_bound *most)
{
	if (most->addresses > 1)
		return arena_printf(a,
		    _("up to %1$u addresses: at most %2$u packets and %3$u "
		      "bytes"),
		    most->addresses, most->packets, most->bytes);
	return arena_printf(a, _("at most %1$u packets and %2$u bytes"),
	    most->packets, most->bytes);
}

static void
add_item(struct buf *out, struct arena *a, const struct plan_item *item)
{
	const struct probe_type *type = probe_type_find(item->spec->type);

	say_wrap(out,
	    arena_printf(a, _("%s: %s (%s), %s"), _(type->label),
		target_text(a, item->spec),
		word_label(&words_protocol, (int)item->spec->protocol),
		bound_text(a, &item->most)),
	    2);
	if (item->control != NULL)
		say_wrap(out, _(item->control), INDENT);
	else
		say_wrap(out, arena_printf(a, _("for %s"), item->needs),
		    INDENT);
	if (item->background)
		say_wrap(out,
		    arena_printf(a,
			_("in the background, for up to %u seconds"),
			(item->longest_ms + 999) / 1000),
		    INDENT);
}

/* Which ports of its range a need tries. */
static void
add_range(struct buf *out, struct arena *a, const struct need *n)
{
	struct strlist tried = {0};
	const char *list = NULL;
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		char *port = arena_printf(a, "%u", n->specs[i].port);

		if (!strlist_has(&tried, port))
			strlist_add(a, &tried, port);
	}
	for (i = 0; i < tried.count; i++)
		list = list == NULL ?
		    tried.item[i] :
		    arena_printf(a, "%s, %s", list, tried.item[i]);
	say_wrap(out,
	    arena_printf(a, _("%1$s: %2$zu of %3$u ports: %4$s"), n->id,
		tried.count, ports_number(&n->ports), list),
	    2);
}

static void
add_ranges(struct buf *out, struct arena *a, const struct record *r,
    const char *only)
{
	size_t i, n = 0;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *need = &r->needs[i];

		if (!need->applies || !need_is_selected(need, only) ||
		    need->nspecs == 0 ||
		    ports_number(&need->ports) <= need->nspecs)
			continue;
		if (n++ == 0) {
			buf_addc(out, '\n');
			say_wrap(out,
			    _("Of a range of ports, both ends are tried, the "
			      "ports that the document names, and one in each "
			      "part of the rest:"),
			    0);
		}
		add_range(out, a, need);
	}
}

static void
add_searches(struct buf *out, struct arena *a, const struct plan *plan)
{
	struct strlist sentences = {0};
	size_t i;

	followups_tell(a, plan, &sentences);
	for (i = 0; i < sentences.count; i++) {
		buf_addc(out, '\n');
		say_wrap(out, sentences.item[i], 0);
	}
}

/* Requirements that apply and that no probe proves, with the reason. */
static void
add_unprobed(struct buf *out, const struct record *r, const char *only)
{
	size_t i, n = 0;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *need = &r->needs[i];

		if (!need->applies || need->nspecs > 0 ||
		    !need_is_selected(need, only))
			continue;
		if (n++ == 0) {
			buf_addc(out, '\n');
			say_wrap(out, _("Nothing is sent for these:"), 0);
		}
		say_wrap(out, need->id, 2);
		if (need->unprobed != NULL)
			say_wrap(out, need->unprobed, INDENT);
	}
}

/* What goes out for each kind of probe, once. */
static void
add_kinds(struct buf *out, struct arena *a, const struct plan *plan)
{
	size_t i, k;

	for (i = 0; i < probe_type_count; i++) {
		for (k = 0; k < plan->count; k++) {
			if (strcmp(plan->item[k].spec->type,
				probe_types[i]->name) == 0)
				break;
		}
		if (k == plan->count || probe_types[i]->sends == NULL)
			continue;
		say_wrap(out,
		    arena_printf(a, "%s: %s", _(probe_types[i]->label),
			_(probe_types[i]->sends)),
		    2);
	}
}

static void
plan_text(struct buf *out, struct arena *a, const struct record *r,
    const struct plan *plan, const char *only)
{
	size_t i;

	say_wrap(out,
	    arena_printf(a,
		_("A check of this site would make %1$zu probes, and a few "
		  "more where a name has several addresses, in about %2$u to "
		  "%3$u seconds. It sends at most %4$u packets with %5$u "
		  "bytes, over at most %6$u connections: so many only if "
		  "nothing answers and each name has four addresses. Nothing "
		  "has been sent now."),
		plan->count, (plan->shortest_ms + 999) / 1000,
		(plan->longest_ms + 999) / 1000, plan->packets, plan->bytes,
		plan->flows),
	    0);
	if (plan->nbackground > 0)
		say_wrap(out,
		    arena_printf(a,
			P_("%1$zu of them goes on in the background for up to "
			   "%2$u seconds, and nothing waits for it unless "
			   "you ask for it with --wait.",
			    "%1$zu of them go on in the background for up to "
			    "%2$u seconds, and nothing waits for them unless "
			    "you ask for it with --wait.",
			    plan->nbackground),
			plan->nbackground, (plan->background_ms + 999) / 1000),
		    0);
	if (plan->count > 0) {
		buf_addc(out, '\n');
		say_wrap(out, _("What goes out:"), 0);
		add_kinds(out, a, plan);
		buf_addc(out, '\n');
		say_wrap(out, _("To whom, and what for:"), 0);
	}
	for (i = 0; i < plan->count; i++)
		add_item(out, a, &plan->item[i]);
	add_ranges(out, a, r, only);
	add_searches(out, a, plan);
	add_unprobed(out, r, only);
}

static json_t *
text_or_null(const char *s)
{
	return s == NULL ? json_null() : json_string(s);
}

static json_t *
port_or_null(uint16_t port)
{
	return port == 0 ? json_null() : json_integer(port);
}

static json_t *
item_json(const struct plan_item *item)
{
	const struct probe_spec *s = item->spec;
	const struct probe_type *type = probe_type_find(s->type);

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:i, s:i, s:i, "
			 "s:i, s:i, s:b, s:o, s:o, s:o, s:o}",
	    "key", s->key, "probe", s->type, "host", text_or_null(s->host),
	    "address", text_or_null(s->address), "port", port_or_null(s->port),
	    "protocol", word_name(&words_protocol, (int)s->protocol), "needs",
	    item->needs, "addresses", (int)item->most.addresses, "flows",
	    (int)item->most.flows, "packets", (int)item->most.packets, "bytes",
	    (int)item->most.bytes, "longest_ms", (int)item->longest_ms,
	    "background", item->background, "right", text_or_null(type->right),
	    "want", text_or_null(s->want), "reaches",
	    text_or_null(type->reaches), "control",
	    text_or_null(item->control == NULL ? NULL : _(item->control)));
}

static json_t *
search_json(const struct plan_search *s)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:i, s:i, s:i, s:i}",
	    "probe", s->type, "reaches",
	    text_or_null(probe_type_find(s->type)->reaches), "host",
	    text_or_null(s->host), "address", text_or_null(s->address), "port",
	    port_or_null(s->port), "protocol",
	    word_name(&words_protocol, (int)s->protocol), "addresses",
	    (int)s->most.addresses, "flows", (int)s->most.flows, "packets",
	    (int)s->most.packets, "bytes", (int)s->most.bytes);
}

static void
plan_json(struct buf *out, const struct record *r, const struct plan *plan,
    const char *only)
{
	json_t *probes = json_array(), *unprobed = json_array();
	json_t *searches = json_array(), *all;
	size_t i;

	for (i = 0; i < plan->count; i++)
		json_array_append_new(probes, item_json(&plan->item[i]));
	for (i = 0; i < plan->nsearches; i++)
		json_array_append_new(searches, search_json(&plan->search[i]));
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (n->applies && n->nspecs == 0 && need_is_selected(n, only))
			json_array_append_new(unprobed,
			    json_pack("{s:s, s:s}", "id", n->id, "reason",
				n->unprobed == NULL ? "" : n->unprobed));
	}
	all = json_pack("{s:s, s:o, s:o, s:o, s:i, s:i, s:i, s:i, s:i, s:i, "
			"s:i}",
	    "schema", "sitewalk/plan/1", "probes", probes, "follow_ups",
	    searches, "not_probed", unprobed, "flows", (int)plan->flows,
	    "packets", (int)plan->packets, "bytes", (int)plan->bytes,
	    "background_ms", (int)plan->background_ms, "shortest_ms",
	    (int)plan->shortest_ms, "longest_ms", (int)plan->longest_ms,
	    "slowest_probe_ms", (int)plan->slowest_probe_ms);
	if (all == NULL)
		mem_fatal("out of memory");
	json_write(all, out);
	json_decref(all);
}

/* As if the check were made here and now: this laptop's proxy is asked too.
 * What the record tells of an earlier run stays. */
static const struct plan *
make_plan(const struct options *o, const struct record *r)
{
	struct record here = *r;
	struct error err;

	if (vantage_glance(o->app.interface, o->arena, &here.vantage, &err) !=
	    0)
		here.vantage = r->vantage;
	return plan_make(o->arena, &here, o->app.only, o->app.pace);
}

static int
show_plan(const struct options *o)
{
	struct subject s;
	struct buf out;
	const struct record *r;
	const struct plan *plan;
	int status = subject_open(&s, o, true);

	if (status == EXIT_OK) {
		r = s.site->record;
		plan = make_plan(o, r);
		buf_init(&out, OUTPUT_MAX);
		if (strcmp(o->format, "json") == 0)
			plan_json(&out, r, plan, o->app.only);
		else
			plan_text(&out, o->arena, r, plan, o->app.only);
		status = say_result(&out, o->out);
	}
	subject_close(&s);
	return status;
}

static int
cmd_plan(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_plan, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = show_plan(&o);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk plan --product z5"},
    {NULL},
};

const struct command command_plan = {
    .name = "plan",
    .usage = N_("sitewalk plan FILE | --product ID[,ID...]|all "
		"[--set PRODUCT.QUESTION=VALUE]..."),
    .summary = N_("Shows what a check would send, to whom, how many packets "
		  "and for how long. Sends nothing."),
    .options = OPTION_PACKS | OPTION_ONLY | OPTION_PACE | OPTIONS_SITE |
	OPTION_FORMAT | OPTION_OUT,
    .formats = "text json",
    .exits = exits_done,
    .examples = examples,
    .max_args = 1,
    .run = cmd_plan,
};
