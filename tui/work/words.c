/* SPDX-License-Identifier: MIT */
/* Owns the words and signs of states, and the names of needs and probes. */
#include "tui/work/words.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/probe/probe.h"

static const struct state_look outcomes[] = {
    /* TRANSLATORS: this and the words below: max 10 columns */
    [OUTCOME_PASS] = {GLYPH_PASS, ROLE_GOOD, N_("PASS")},
    [OUTCOME_MARGINAL] = {GLYPH_WARN, ROLE_WARN, N_("BARELY")},
    [OUTCOME_WARN] = {GLYPH_WARN, ROLE_WARN, N_("WARN")},
    [OUTCOME_FAIL] = {GLYPH_FAIL, ROLE_BAD, N_("FAIL")},
    [OUTCOME_UNPROVEN] = {GLYPH_UNSURE, ROLE_WARN, N_("NOT PROVEN")},
    [OUTCOME_BLOCKED_BY] = {GLYPH_BLOCKED, ROLE_WARN, N_("BLOCKED")},
    [OUTCOME_NOT_APPLICABLE] = {GLYPH_SKIP, ROLE_QUIET, N_("NOT NEEDED")},
    [OUTCOME_NOT_RUN] = {GLYPH_SKIP, ROLE_QUIET, N_("NOT RUN")},
    [OUTCOME_TOOL_ERROR] = {GLYPH_WARN, ROLE_BAD, N_("ERROR")},
    [OUTCOME_WAIVED] = {GLYPH_SKIP, ROLE_WARN, N_("ACCEPTED")},
};

static const struct state_look readinesses[] = {
    /* TRANSLATORS: May I leave? max 10 columns, as the two below */
    [READY] = {GLYPH_PASS, ROLE_GOOD, N_("YES")},
    [READY_WITH_DEVIATIONS] = {GLYPH_WARN, ROLE_WARN, N_("YES, BUT")},
    [NOT_READY] = {GLYPH_FAIL, ROLE_BAD, N_("NOT YET")},
};

static const struct state_look task_waiting = {GLYPH_WAIT, ROLE_QUIET,
    N_("WAIT")};
static const struct state_look task_running = {GLYPH_RUN, ROLE_NORMAL,
    N_("RUN")};
static const struct state_look task_good = {GLYPH_PASS, ROLE_GOOD, N_("OK")};
static const struct state_look task_fail = {GLYPH_FAIL, ROLE_BAD, N_("FAIL")};
static const struct state_look task_warn = {GLYPH_WARN, ROLE_WARN, N_("WARN")};
static const struct state_look task_silent = {GLYPH_UNSURE, ROLE_NORMAL,
    N_("NO ANSWER")};
static const struct state_look task_search = {GLYPH_SKIP, ROLE_QUIET,
    N_("DONE")};
static const struct state_look task_skipped = {GLYPH_SKIP, ROLE_QUIET,
    N_("SKIP")};

const struct state_look *
words_of_outcome(enum outcome o)
{
	return &outcomes[o];
}

bool
words_is_search(const char *probe)
{
	static const char *const searches[] = {"locate", "distance",
	    "own_firewall", "dns_owner"};
	size_t i;

	for (i = 0; i < sizeof searches / sizeof *searches; i++) {
		if (strcmp(searches[i], probe) == 0)
			return true;
	}
	return false;
}

const struct state_look *
words_of_readiness(enum readiness r)
{
	return &readinesses[r];
}

const struct state_look *
words_of_observation(const struct observation *o)
{
	/* What this laptop may not do says nothing of the network. */
	if (o == NULL || o->failure == CAUSE_CANCELLED ||
	    o->failure == CAUSE_NETWORK_CHANGED ||
	    o->failure == CAUSE_PERMISSION)
		return &task_skipped;
	if (words_is_search(o->probe))
		return &task_search;
	/* Silence is neither open nor closed, where no answer is promised. */
	if (o->failure == CAUSE_UDP_SILENT)
		return &task_warn;
	if (o->failure != CAUSE_NONE)
		return &task_fail;
	/* Pings need not be answered; but that is no good news. */
	if (o->nature == NATURE_PING && o->rung >= RUNG_SILENCE)
		return &task_silent;
	/* No Wi-Fi to look at, for instance: that is no good news. */
	return o->rung == RUNG_NONE ? &task_skipped : &task_good;
}

const struct state_look *
words_of_task(const struct task *t)
{
	if (t->state == TASK_WAITING)
		return &task_waiting;
	if (t->state == TASK_RUNNING)
		return &task_running;
	return words_of_observation(t->result);
}

bool
words_is_problem(const struct need *n)
{
	return n->applies && n->outcome != OUTCOME_PASS &&
	    n->outcome != OUTCOME_NOT_APPLICABLE &&
	    n->outcome != OUTCOME_WAIVED;
}

char *
words_flow(struct arena *a, const struct need *n)
{
	const char *to = n->to.name;
	char *ports = ports_text(a, &n->ports);

	if (to == NULL || *to == '\0')
		to = word_label(&words_dest_kind, (int)n->to.kind);
	else if (n->to.kind == DEST_PEER)
		to = pack_text(to);
	if (n->protocol == PROTO_NONE)
		return arena_strdup(a, n->to.kind == DEST_NONE ? "" : to);
	if (*ports == '\0')
		/* TRANSLATORS: protocol, destination */
		return arena_printf(a, _("%s to %s"),
		    word_label(&words_protocol, (int)n->protocol), to);
	/* TRANSLATORS: protocol, ports, destination */
	return arena_printf(a, _("%s %s to %s"),
	    word_label(&words_protocol, (int)n->protocol), ports, to);
}

char *
words_need(struct arena *a, const struct need *n)
{
	char *flow = words_flow(a, n);

	if (*flow == '\0')
		return arena_strdup(a, pack_text(n->service));
	return arena_printf(a, "%s: %s", pack_text(n->service), flow);
}

/* Names are asked by both protocols; elsewhere the type says which it is. */
static const char *
probe_label(struct arena *a, const char *type, enum protocol protocol)
{
	const struct probe_type *t = probe_type_find(type);
	const char *label = t != NULL ? _(t->label) : type;

	if (protocol != PROTO_TCP || strncmp(type, "dns", 3) != 0)
		return label;
	return arena_printf(a, _("%s (by TCP)"), label);
}

char *
words_probe(struct arena *a, const char *type, const char *host,
    const char *address, unsigned port, enum protocol protocol)
{
	const char *label = probe_label(a, type, protocol);
	const char *name = host != NULL ? host : address;

	if (name == NULL)
		return arena_strdup(a, label);
	if (host != NULL && address != NULL && port != 0)
		return arena_printf(a, "%s %s:%u (%s)", label, host, port,
		    address);
	if (port == 0)
		return arena_printf(a, "%s %s", label, name);
	return arena_printf(a, "%s %s:%u", label, name, port);
}

char *
words_seconds(struct arena *a, int64_t ms)
{
	int64_t s = (ms + 999) / 1000;

	if (s < 90)
		return arena_printf(a, _("%d s"), (int)s);
	return arena_printf(a, _("%d min"), (int)((s + 59) / 60));
}

char *
words_span(struct arena *a, int64_t low_ms, int64_t high_ms)
{
	int64_t low = (low_ms + 999) / 1000, high = (high_ms + 999) / 1000;

	if (high < low + 2)
		high = low;
	if (high == low)
		return arena_printf(a, _("about %s"),
		    words_seconds(a, low * 1000));
	if (high < 90)
		return arena_printf(a, _("about %d-%d s"), (int)low, (int)high);
	return arena_printf(a, _("about %s to %s"), words_seconds(a, low_ms),
	    words_seconds(a, high_ms));
}

char *
words_clock(struct arena *a, int64_t us)
{
	int64_t s = us / 1000000;

	return arena_printf(a, "%02d:%02d", (int)(s / 60), (int)(s % 60));
}

char *
words_when(struct arena *a, int64_t wall_us)
{
	time_t t = (time_t)(wall_us / 1000000);
	char text[32] = "";
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL ||
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm) == 0)
		return arena_strdup(a, "?");
	return arena_strdup(a, text);
}

char *
words_ms(struct arena *a, int64_t us)
{
	if (us < 100)
		return arena_strdup(a, _("< 0.1 ms"));
	if (us < 10000)
		return arena_printf(a, _("%d.%d ms"), (int)(us / 1000),
		    (int)(us % 1000 / 100));
	if (us < 10000000)
		return arena_printf(a, _("%d ms"), (int)(us / 1000));
	return arena_printf(a, _("%d s"), (int)(us / 1000000));
}

char *
words_list(struct arena *a, const struct strlist *l)
{
	struct buf out;
	char *text;
	size_t i;

	buf_init(&out, 4096);
	for (i = 0; i < l->count; i++)
		buf_addf(&out, "%s%s", i > 0 ? ", " : "", l->item[i]);
	text = arena_strdup(a, buf_str(&out));
	buf_free(&out);
	return text;
}

const char *
words_judgement(struct arena *a, const struct need *n)
{
	const char *outcome = word_label(&words_outcome, (int)n->outcome);

	if (n->cause == CAUSE_NONE)
		return outcome;
	return arena_printf(a, _("%1$s, %2$s (%3$s)"), outcome,
	    word_label(&words_cause, (int)n->cause),
	    word_label(&words_zone, (int)n->zone));
}

const char *
words_clip(struct arena *a, const char *text, int ncols)
{
	size_t len;

	if (text == NULL)
		return "";
	len = text_prefix(text, ncols);
	return text[len] == '\0' ? text :
				   arena_printf(a, "%.*s...", (int)len, text);
}
