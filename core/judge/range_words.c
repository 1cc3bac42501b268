/* SPDX-License-Identifier: MIT */
/* What a few ports say of a whole range: a rule for the range is likely, each
 * port is not proved. */
#include "core/judge/range_words.h"

#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"

/* Each port once, in the order of the specs. */
static struct strlist
ports_tried(struct record *r, const struct need *n)
{
	struct strlist tried = {NULL, 0};
	char *port;
	size_t i;

	for (i = 0; i < n->nspecs; i++) {
		port = arena_printf(r->judged, "%u", n->specs[i].port);
		if (n->specs[i].port != 0 && !strlist_has(&tried, port))
			strlist_add(r->judged, &tried, port);
	}
	return tried;
}

bool
range_is_sampled(const struct need *n)
{
	unsigned all = ports_number(&n->ports);
	size_t i, k, tried = 0;

	for (i = 0; i < n->nspecs; i++) {
		for (k = 0; k < i; k++) {
			if (n->specs[k].port == n->specs[i].port)
				break;
		}
		tried += k == i && n->specs[i].port != 0;
	}
	return tried > 0 && tried < all;
}

static char *
list_of(struct record *r, const struct strlist *ports)
{
	char *out = arena_strdup(r->judged, ports->item[0]);
	size_t i;

	for (i = 1; i < ports->count; i++)
		out = arena_printf(r->judged, "%s, %s", out, ports->item[i]);
	return out;
}

char *
range_proof(struct record *r, const struct need *n, const struct verdict *v,
    const char *about)
{
	struct strlist tried = ports_tried(r, n);
	const char *how = v->rung == RUNG_PASSED_GATEWAY ?
	    _("The site's gateway lets out all of them.") :
	    v->rung == RUNG_TRANSPORT ? _("Each of them was accepted.") :
					_("Each of them answered.");

	return arena_printf(r->judged,
	    _("%1$zu of %2$u ports were tried, spread over the range (%3$s): "
	      "%4$s. %5$s That supports a rule for the whole range, and does "
	      "not prove each port."),
	    tried.count, ports_number(&n->ports), list_of(r, &tried), about,
	    how);
}

/* The port got as far as is demanded, to each address. */
static bool
is_proved(const struct record *r, const struct need *n, const char *port)
{
	const struct observation *o;
	char text[8];
	bool seen = false;
	size_t i, at;

	for (i = 0; i < n->nspecs; i++) {
		snprintf(text, sizeof text, "%u", n->specs[i].port);
		if (strcmp(text, port) != 0)
			continue;
		for (at = 0; (o = evidence_next(r, &n->specs[i], &at)) != NULL;
		     seen = true) {
			if (o->rung > n->required_rung)
				return false;
		}
	}
	return seen;
}

/* Of the ports that were tried those that got as far as is demanded, and
 * those that did not. */
static void
part_ports(struct record *r, const struct need *n, struct strlist *good,
    struct strlist *bad)
{
	struct strlist tried = ports_tried(r, n);
	size_t i;

	*good = *bad = (struct strlist){NULL, 0};
	for (i = 0; i < tried.count; i++)
		strlist_add(r->judged,
		    is_proved(r, n, tried.item[i]) ? good : bad, tried.item[i]);
}

char *
range_missing(struct record *r, const struct need *n)
{
	struct strlist good, bad;

	if (!range_is_sampled(n))
		return NULL;
	part_ports(r, n, &good, &bad);
	return good.count == 0 || bad.count == 0 ? NULL : list_of(r, &bad);
}

char *
range_rest(struct record *r, const struct need *n)
{
	struct strlist tried = ports_tried(r, n), good, bad;

	part_ports(r, n, &good, &bad);
	if (good.count == 0)
		return arena_printf(r->judged,
		    _("%1$zu of %2$u ports were tried (%3$s), and none was "
		      "proved."),
		    tried.count, ports_number(&n->ports), list_of(r, &tried));
	if (bad.count == 0)
		return arena_printf(r->judged,
		    _("%1$zu of %2$u ports were tried (%3$s), and these were "
		      "proved: %4$s."),
		    tried.count, ports_number(&n->ports), list_of(r, &tried),
		    list_of(r, &good));
	return arena_printf(r->judged,
	    _("%1$zu of %2$u ports were tried in the range %3$s. These were "
	      "proved: %4$s. These were not: %5$s."),
	    tried.count, ports_number(&n->ports),
	    ports_text(r->judged, &n->ports), list_of(r, &good),
	    list_of(r, &bad));
}
