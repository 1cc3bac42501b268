/* SPDX-License-Identifier: MIT */
/* Owns the command "plan": what a check would send. Sends nothing. */
#include <jansson.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/pack/pack.h"
#include "core/probe/probe.h"
#include "core/record/json.h"
#include "tui/command_table.h"
#include "tui/options.h"
#include "tui/say.h"
#include "tui/subject.h"

#define INDENT 6

static const char *
target_text(struct arena *a, const struct probe_spec *s)
{
	const char *to = s->host != NULL ? s->host : s->address;

	if (to == NULL)
		to = _("the site's gateway");
	if (strcmp(s->type, "dns") == 0)
		return arena_printf(a, _("%s, by the site's DNS server"), to);
	if (s->port == 0)
		return to;
	if (s->host == NULL && strchr(to, ':') != NULL)
		return arena_printf(a, "[%s]:%u", to, s->port);
	return arena_printf(a, "%s:%u", to, s->port);
}

static void
add_item(struct buf *out, struct arena *a, const struct plan_item *item)
{
	const struct probe_type *type = probe_type_find(item->spec->type);

	say_wrap(out,
	    arena_printf(a, _("%s: %s (%s), at most %u packets"),
		_(type->label), target_text(a, item->spec),
		word_label(&words_protocol, (int)item->spec->protocol),
		item->packets),
	    2);
	say_wrap(out, arena_printf(a, _("for %s"), item->needs), INDENT);
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
		_("A check of this site would make %zu probes: at most %u new "
		  "connections and %u packets, in about %u to %u seconds. "
		  "Where something is blocked, a few more packets look for "
		  "who blocks it. Nothing has been sent now."),
		plan->count, plan->flows, plan->packets,
		(plan->shortest_ms + 999) / 1000,
		(plan->longest_ms + 999) / 1000),
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
	add_unprobed(out, r, only);
}

static json_t *
text_or_null(const char *s)
{
	return s == NULL ? json_null() : json_string(s);
}

static json_t *
item_json(const struct plan_item *item)
{
	const struct probe_spec *s = item->spec;

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:i, s:i, s:i}",
	    "key", s->key, "probe", s->type, "host", text_or_null(s->host),
	    "address", text_or_null(s->address), "port",
	    s->port == 0 ? json_null() : json_integer(s->port), "protocol",
	    word_name(&words_protocol, (int)s->protocol), "needs", item->needs,
	    "flows", (int)item->flows, "packets", (int)item->packets,
	    "longest_ms", (int)item->longest_ms);
}

static void
plan_json(struct buf *out, const struct record *r, const struct plan *plan,
    const char *only)
{
	json_t *probes = json_array(), *unprobed = json_array(), *all;
	size_t i;

	for (i = 0; i < plan->count; i++)
		json_array_append_new(probes, item_json(&plan->item[i]));
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		if (n->applies && n->nspecs == 0 && need_is_selected(n, only))
			json_array_append_new(unprobed,
			    json_pack("{s:s, s:s}", "id", n->id, "reason",
				n->unprobed == NULL ? "" : n->unprobed));
	}
	all = json_pack("{s:s, s:o, s:o, s:i, s:i, s:i, s:i, s:i}", "schema",
	    "sitewalk/plan/1", "probes", probes, "not_probed", unprobed,
	    "flows", (int)plan->flows, "packets", (int)plan->packets,
	    "shortest_ms", (int)plan->shortest_ms, "longest_ms",
	    (int)plan->longest_ms, "slowest_probe_ms",
	    (int)plan->slowest_probe_ms);
	if (all == NULL)
		mem_fatal("out of memory");
	json_write(all, out);
	json_decref(all);
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
		plan = plan_make(o->arena, r, o->app.only, o->app.pace);
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

const struct command command_plan = {
    .name = "plan",
    .usage = N_("sitewalk plan FILE | --product ID[,ID...]|all "
		"[--set PRODUCT.QUESTION=VALUE]..."),
    .summary = N_("Shows what a check would send, to whom, how many packets "
		  "and for how long. Sends nothing."),
    .options = OPTION_PACKS | OPTION_ONLY | OPTION_PACE | OPTIONS_SITE |
	OPTION_FORMAT | OPTION_OUT,
    .formats = "text json",
    .max_args = 1,
    .run = cmd_plan,
};
