/* SPDX-License-Identifier: MIT */
/* One measurement: every attempt with its time, port and sender, and what
 * was said, so that the IT desk can find it in its own log. */
#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "tui/view.h"
#include "tui/view_words.h"

static void
build_attempt(struct page *p, const struct observation *o, size_t index)
{
	const struct attempt *t = &o->attempts[index];
	struct arena *a = p->arena;
	char when[CLOCK_ISO_SIZE];
	struct buf line;

	buf_init(&line, 1024);
	buf_addf(&line, "%zu. %s  %s", index + 1,
	    clock_iso(o->started_us + t->offset_us, true, when),
	    t->result != NULL ? t->result : "");
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

void
view_build_observation(struct page *p, const struct observation *o)
{
	const struct state_look *look = words_of_observation(o);
	struct arena *a = p->arena;
	struct item *it;
	size_t i;

	it = page_text(p, look->role, 0,
	    words_probe(a, o->probe, o->host, o->address, o->port,
		o->protocol));
	it->glyph = look->glyph;
	it->word = _(look->word);
	if (o->host != NULL && o->address != NULL)
		page_textf(p, ROLE_NORMAL, 2, _("Address: %s"), o->address);
	page_textf(p, ROLE_NORMAL, 2, _("Best evidence: %s"),
	    word_label(&words_rung, (int)o->rung));
	if (o->failure != CAUSE_NONE)
		page_textf(p, ROLE_NORMAL, 2, _("What was seen: %s"),
		    word_label(&words_cause, (int)o->failure));
	if (o->offender != NULL)
		page_textf(p, ROLE_NORMAL, 2, _("Refused by: %s"), o->offender);
	for (i = 0; i < o->nattempts; i++)
		build_attempt(p, o, i);
	build_detail(p, o->detail);
}

static void
build(struct screen *sc, struct frame *f)
{
	const struct record *r = sc->site->record;
	const struct observation *o = record_observation(r, f->arg);
	struct page *p = &f->page;
	size_t i, shown = 0;

	if (o == NULL) {
		page_text(p, ROLE_NORMAL, 0,
		    _("This measurement was replaced by a newer run."));
		return;
	}
	view_build_observation(p, o);
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];
		size_t k;

		for (k = 0; k < n->nspecs; k++) {
			if (strncmp(o->key, n->specs[k].key,
				strlen(n->specs[k].key)) != 0)
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
