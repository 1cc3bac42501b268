/* SPDX-License-Identifier: MIT */
/* Owns what was sent and seen as texts of a page: local times with fractions,
 * ports, sizes, senders, so that the IT desk finds it in its own log. */
#include "tui/views/evidence.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/i18n.h"
#include "core/record/json.h"
#include "tui/work/words.h"

/* The stable words of attempts, for people. */
static const struct {
	const char *word;
	const char *label;
} results[] = {
    {"accepted", N_("connection accepted")},
    {"reply", N_("answered")},
    {"reset", N_("cut off by a reset")},
    {"icmp", N_("refused by ICMP")},
    {"silence", N_("no answer")},
    {"error", N_("could not be sent")},
    {"closed", N_("closed")},
    {"time_exceeded", N_("ran out of hops, as it was meant to")},
    {"control_answered", N_("the comparison was answered")},
};

/* What is worth reading of a probe's notes; the rest is in the raw facts. */
static const struct {
	const char *name;
	const char *label;
} notes[] = {
    {"rcode", N_("Answer of the DNS server")},
    {"server", N_("Server")},
    {"subject", N_("Certificate for")},
    {"issuer", N_("Certificate issued by")},
    {"chain_error", N_("What is wrong with the certificate")},
    {"not_before", N_("Certificate valid from")},
    {"not_after", N_("Certificate valid until")},
    {"protocol", N_("Kind of encryption")},
    {"alpn", N_("Agreed application protocol")},
    {"status", N_("Status of the web server")},
    {"location", N_("Leads on to")},
    {"stratum", N_("Distance from a clock (stratum)")},
    {"software", N_("Software, by its own word")},
    {"end_ttl", N_("Ended at this hop")},
    {"last_hop", N_("Last router that was heard")},
    {"gateway_hop", N_("The site's gateway")},
};

static char *
local_time(struct arena *a, int64_t wall_us, const char *format)
{
	time_t t = (time_t)(wall_us / 1000000);
	char text[64] = "";
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL ||
	    strftime(text, sizeof text, format, &tm) == 0)
		return arena_strdup(a, "?");
	return arena_strdup(a, text);
}

char *
evidence_time(struct arena *a, int64_t wall_us)
{
	return arena_printf(a, "%s.%03d",
	    local_time(a, wall_us, "%Y-%m-%d %H:%M:%S"),
	    (int)(wall_us / 1000 % 1000));
}

char *
evidence_zone(struct arena *a, int64_t wall_us)
{
	char *z = local_time(a, wall_us, "%z");

	if (strlen(z) != 5)
		return arena_strdup(a, z);
	return arena_printf(a, "UTC%.3s:%s", z, z + 3);
}

const struct observation *
evidence_find(const struct record *r, const char *id)
{
	const struct observation *o = record_observation(r, id);
	size_t i;

	for (i = 0; o == NULL && i < r->nearlier; i++) {
		if (strcmp(r->earlier[i].id, id) == 0)
			o = &r->earlier[i];
	}
	return o;
}

char *
evidence_json(struct arena *a, const struct observation *o)
{
	json_t *j = observation_to_json(o);
	char *text = json_dumps(j, JSON_INDENT(2) | JSON_SORT_KEYS), *copy;

	json_decref(j);
	if (text == NULL)
		return arena_strdup(a, "");
	copy = arena_strdup(a, text);
	free(text);
	return copy;
}

struct item *
evidence_build_top(struct page *p, const char *title)
{
	struct item *i = page_text(p, ROLE_TITLE, 0, title);

	i->id = EVIDENCE_TOP_ID;
	p->first = EVIDENCE_TOP_ID;
	return i;
}

static const char *
result_label(const char *word)
{
	size_t i;

	for (i = 0; word != NULL && i < sizeof results / sizeof *results; i++) {
		if (strcmp(results[i].word, word) == 0)
			return _(results[i].label);
	}
	return word != NULL ? word : "";
}

static void
build_attempt(struct page *p, const struct observation *o, size_t index)
{
	const struct attempt *t = &o->attempts[index];
	struct arena *a = p->arena;
	struct buf line;

	buf_init(&line, 2048);
	buf_addf(&line, "%zu. %s  %s", index + 1,
	    evidence_time(a, o->started_us + t->offset_us),
	    result_label(t->result));
	buf_addf(&line, _(", after %s"), words_ms(a, t->duration_us));
	if (t->source_port != 0)
		buf_addf(&line, _(", from our port %u"), t->source_port);
	if (t->from != NULL)
		buf_addf(&line, _(", answered by %s"), t->from);
	if (t->ttl != 0)
		buf_addf(&line, _(", allowed %d hops"), t->ttl);
	if (t->icmp_type >= 0)
		buf_addf(&line, _(", ICMP type %d code %d"), t->icmp_type,
		    t->icmp_code);
	/* 0 is "not counted" as well as "nothing". */
	if (t->sent != 0)
		buf_addf(&line, _(", %u bytes sent"), t->sent);
	if (t->received != 0)
		buf_addf(&line, _(", %u bytes received"), t->received);
	/* What came from elsewhere is said by itself. */
	if (t->error != 0 && t->result != NULL &&
	    strcmp(t->result, "error") == 0)
		buf_addf(&line, ", %s", strerror(t->error));
	page_text(p, ROLE_NORMAL, 4, arena_strdup(a, buf_str(&line)));
	buf_free(&line);
}

static void
build_notes(struct page *p, const struct observation *o)
{
	const json_t *value;
	size_t i;

	for (i = 0; i < sizeof notes / sizeof *notes; i++) {
		value = json_object_get(o->detail, notes[i].name);
		if (json_is_string(value) && json_string_length(value) > 0)
			page_textf(p, ROLE_NORMAL, 4, "%s: %s",
			    _(notes[i].label), json_string_value(value));
		else if (json_is_integer(value))
			page_textf(p, ROLE_NORMAL, 4, "%s: %" PRId64,
			    _(notes[i].label),
			    (int64_t)json_integer_value(value));
	}
}

static void
build_observation(struct page *p, const struct observation *o)
{
	const struct state_look *look = words_of_observation(o);
	struct arena *a = p->arena;
	struct item *it;
	size_t i;

	it = page_text(p, look->role, 2,
	    words_probe(a, o->probe, o->host, o->address, o->port,
		o->protocol));
	it->glyph = look->glyph;
	it->word = _(look->word);
	page_textf(p, ROLE_NORMAL, 4, _("Began %1$s, took %2$s"),
	    evidence_time(a, o->started_us), words_ms(a, o->duration_us));
	page_textf(p, ROLE_NORMAL, 4, _("Seen: %s"),
	    o->failure != CAUSE_NONE ?
		arena_printf(a, "%s, %s", word_label(&words_rung, (int)o->rung),
		    word_label(&words_cause, (int)o->failure)) :
		word_label(&words_rung, (int)o->rung));
	if (o->offender != NULL)
		page_textf(p, ROLE_NORMAL, 4, _("Refused by: %s"), o->offender);
	for (i = 0; i < o->nattempts; i++)
		build_attempt(p, o, i);
	build_notes(p, o);
	page_row(p, arena_printf(a, EVIDENCE_RAW_ID "%s", o->id),
	    arena_printf(a, _("All facts of this measurement (%s)"), o->id))
	    ->indent = 4;
}

/* The same measurement as one that n rests on. */
static bool
is_of(const struct record *r, const struct need *n,
    const struct observation *earlier)
{
	size_t i, len;

	for (i = 0; i < n->probes.count; i++) {
		const struct observation *o = record_observation(r,
		    n->probes.item[i]);

		if (o != NULL && strcmp(o->key, earlier->key) == 0)
			return true;
	}
	for (i = 0; i < n->nspecs; i++) {
		len = strlen(n->specs[i].key);
		if (strncmp(earlier->key, n->specs[i].key, len) == 0 &&
		    (earlier->key[len] == '\0' || earlier->key[len] == ' '))
			return true;
	}
	return false;
}

static void
build_earlier(struct page *p, const struct record *r, const struct need *n)
{
	size_t i, shown = 0;

	for (i = r->nearlier; i > 0; i--) {
		const struct observation *o = &r->earlier[i - 1];
		const struct state_look *look = words_of_observation(o);
		struct item *row;

		if (!is_of(r, n, o))
			continue;
		if (shown++ == 0) {
			page_heading(p, _("Seen earlier"));
			page_text(p, ROLE_NORMAL, 2,
			    _("A later measurement took its place: kept as "
			      "evidence, judged no more."));
		}
		row = page_row(p,
		    arena_printf(p->arena, EVIDENCE_RAW_ID "%s", o->id),
		    arena_printf(p->arena, "%s  %s",
			evidence_time(p->arena, o->started_us),
			words_probe(p->arena, o->probe, o->host, o->address,
			    o->port, o->protocol)));
		row->glyph = look->glyph;
		row->role = look->role;
		row->word = _(look->word);
		row->note = word_label(&words_cause, (int)o->failure);
		if (o->failure == CAUSE_NONE)
			row->note = word_label(&words_rung, (int)o->rung);
	}
}

void
evidence_build_seen(struct page *p, const struct record *r,
    const struct need *n)
{
	size_t i, shown = 0;

	for (i = 0; i < n->probes.count; i++) {
		const struct observation *o = record_observation(r,
		    n->probes.item[i]);

		if (o == NULL)
			continue;
		if (shown++ == 0)
			page_heading(p,
			    arena_printf(p->arena,
				_("What was sent and seen (local times, %s)"),
				evidence_zone(p->arena, o->started_us)));
		else
			page_blank(p);
		build_observation(p, o);
	}
	build_earlier(p, r, n);
}
