/* SPDX-License-Identifier: MIT */
/* One measurement: every attempt with its time, port and sender, and what
 * was said, so that the IT desk can find it in its own log. */
#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/probe/probe.h"
#include "tui/screen/view.h"
#include "tui/work/words.h"

/* The stable words of attempts, in plain language. */
static const struct {
	const char *word, *text;
} results[] = {
    {"accepted", N_("the connection was accepted")},
    {"reply", N_("an answer came")},
    {"heard", N_("something was heard")},
    {"silence", N_("no answer came")},
    {"reset", N_("the connection was cut off (reset)")},
    {"closed", N_("the other side hung up")},
    {"refused", N_("the other side refused")},
    {"icmp", N_("a device on the way rejected it")},
    {"error", N_("this computer could not send it")},
    {"time_exceeded",
	N_("it came as far as a router on the way, which "
	   "said so; that was the aim")},
    {"control_answered", N_("the comparison beside it was answered")},
    {"cancelled", N_("it was stopped")},
    {"malformed", N_("the answer made no sense")},
    {"garbage", N_("the answer made no sense")},
    {"complete", N_("the secure connection was set up")},
    {"forged", N_("the answer was not genuine")},
};

/* A word that is not known, of another version, is told as it is. */
static const char *
result_text(const char *word)
{
	size_t i;

	for (i = 0; word != NULL && i < sizeof results / sizeof *results; i++) {
		if (strcmp(results[i].word, word) == 0)
			return _(results[i].text);
	}
	return word != NULL ? word : _("nothing is known of it");
}

/* The time of day of an attempt in UTC, as in most firewall logs. */
static const char *
attempt_time(const struct observation *o, const struct attempt *t,
    char when[CLOCK_ISO_SIZE])
{
	clock_iso(o->started_us + t->offset_us, true, when);
	return strlen(when) > sizeof "2026-11-21T" ? when + 11 : when;
}

static void
build_attempt(struct page *p, const struct observation *o, size_t index)
{
	const struct attempt *t = &o->attempts[index];
	struct arena *a = p->arena;
	char when[CLOCK_ISO_SIZE];
	struct buf line;

	buf_init(&line, 1024);
	buf_addf(&line, "%zu. %s  %s", index + 1, attempt_time(o, t, when),
	    result_text(t->result));
	buf_addf(&line, _(", after %s"), words_ms(a, t->duration_us));
	if (t->source_port != 0)
		buf_addf(&line, _(", from our port %u"), t->source_port);
	if (t->from != NULL)
		buf_addf(&line, _(", answered by %s"), t->from);
	if (t->ttl != 0)
		buf_addf(&line,
		    P_(", allowed %d hop", ", allowed %d hops", t->ttl),
		    t->ttl);
	if (t->icmp_type >= 0)
		buf_addf(&line, _(", ICMP type %d code %d"), t->icmp_type,
		    t->icmp_code);
	if (t->sent != 0 || t->received != 0)
		buf_addf(&line, _(", %u bytes sent, %u received"), t->sent,
		    t->received);
	if (t->error != 0)
		buf_addf(&line, ", %s", strerror(t->error));
	page_text(p, ROLE_NORMAL, 2, arena_strdup(a, buf_str(&line)));
	buf_free(&line);
}

/* What the probe noted besides, a line for each thing. */
static void
build_detail(struct page *p, const json_t *detail)
{
	const char *key;
	json_t *value;
	char *text;

	/* The macro wants an object that it may change; it does not. */
	json_object_foreach((json_t *)(uintptr_t)detail, key, value)
	{
		if (json_is_string(value)) {
			page_textf(p, ROLE_QUIET, 4, "%s: %s", key,
			    json_string_value(value));
			continue;
		}
		text = json_dumps(value,
		    JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
		if (text != NULL)
			page_textf(p, ROLE_QUIET, 4, "%s: %s", key, text);
		free(text);
	}
}

/* What went out, and when. */
static void
build_asked(struct page *p, const struct observation *o)
{
	const struct probe_type *type = probe_type_find(o->probe);
	struct arena *a = p->arena;
	char when[CLOCK_ISO_SIZE];

	if (type != NULL && type->sends != NULL)
		page_textf(p, ROLE_NORMAL, 2, _("Sent: %s"), _(type->sends));
	if (o->address != NULL && o->port != 0)
		page_textf(p, ROLE_NORMAL, 2, _("To: %1$s, port %2$u, %3$s"),
		    o->address, o->port,
		    word_label(&words_protocol, (int)o->protocol));
	else if (o->address != NULL)
		page_textf(p, ROLE_NORMAL, 2, _("To: %s"), o->address);
	clock_iso(o->started_us, false, when);
	page_textf(p, ROLE_NORMAL, 2, _("Begun: %1$s; it took %2$s"), when,
	    words_ms(a, o->duration_us));
}

static void
build_seen(struct page *p, const struct observation *o)
{
	size_t i;

	page_textf(p, ROLE_NORMAL, 2, _("Best evidence: %s"),
	    word_label(&words_rung, (int)o->rung));
	if (o->failure != CAUSE_NONE)
		page_textf(p, ROLE_NORMAL, 2, _("What was seen: %s"),
		    word_label(&words_cause, (int)o->failure));
	if (o->offender != NULL)
		page_textf(p, ROLE_NORMAL, 2, _("Refused by: %s"), o->offender);
	if (o->nattempts > 0)
		page_text(p, ROLE_NORMAL, 2,
		    _("Attempts, each with its time (UTC):"));
	for (i = 0; i < o->nattempts; i++)
		build_attempt(p, o, i);
}

static void
build_name(struct page *p, const struct observation *o)
{
	const struct state_look *look = words_of_observation(o);
	struct item *it = page_text(p, look->role, 0,
	    words_probe(p->arena, o->probe, o->host, o->address, o->port,
		o->protocol));

	it->glyph = look->glyph;
	it->word = _(look->word);
}

static void
build_facts(struct page *p, const struct observation *o)
{
	build_asked(p, o);
	build_seen(p, o);
	build_detail(p, o->detail);
}

static const struct observation *
earlier_by_id(const struct record *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->nearlier; i++) {
		if (strcmp(r->earlier[i].id, id) == 0)
			return &r->earlier[i];
	}
	return NULL;
}

/* What the same check saw before, the newest first. */
static void
build_earlier(struct page *p, const struct record *r,
    const struct observation *o)
{
	size_t i, shown = 0;

	for (i = r->nearlier; i > 0; i--) {
		const struct observation *e = &r->earlier[i - 1];

		if (e == o || strcmp(e->key, o->key) != 0)
			continue;
		if (shown++ == 0) {
			page_heading(p, _("Earlier evidence"));
			page_text(p, ROLE_QUIET, 2,
			    _("Kept, and judged no more, as it was measured "
			      "again since."));
		}
		build_name(p, e);
		build_asked(p, e);
		build_seen(p, e);
	}
}

/* Before the facts: what can be chosen would draw the page down to its end. */
static void
build_needs(struct page *p, const struct record *r, const struct observation *o)
{
	size_t i, k, shown = 0;

	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];

		for (k = 0; n->applies && k < n->nspecs; k++) {
			if (!observation_is_of(o, &n->specs[k]))
				continue;
			if (shown++ == 0)
				page_heading(p, _("It was made for"));
			page_row(p, n->id, words_need(p->arena, n))
			    ->note = n->id;
			break;
		}
	}
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	const struct observation *o = record_observation(r, f->arg);
	struct page *p = &f->page;

	if (o == NULL) {
		o = earlier_by_id(r, f->arg);
		if (o != NULL)
			page_text(p, ROLE_WARN, 0,
			    _("This is earlier evidence: it was measured "
			      "again since."))
			    ->glyph = GLYPH_WARN;
	}
	if (o == NULL) {
		page_text(p, ROLE_NORMAL, 0,
		    _("This measurement was replaced by a newer run."));
		return;
	}
	build_name(p, o);
	build_needs(p, r, o);
	page_blank(p);
	build_facts(p, o);
	build_earlier(p, r, o);
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	(void)f;
	screen_push(sc, &view_finding, i->id);
}

const struct view view_task = {
    .name = "task",
    .title = N_("One check"),
    .help = N_("What was sent and seen, attempt by attempt. Times are UTC, as "
	       "in most firewall logs."),
    .build = build,
    .activate = activate,
};
