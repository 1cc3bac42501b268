/* SPDX-License-Identifier: MIT */
/* In words: how a conversation over TCP ended that proved nothing, and how
 * long an idle connection was kept. */
#include "core/judge/judges.h"

#include <string.h>

#include "core/base/i18n.h"

/* By the word of the probe's detail "end"; %1$s is the host, %2$u its port. */
const char *
say_of_talk(struct record *r, const struct observation *o)
{
	static const struct {
		const char *end;
		enum cause cause;
		const char *sentence;
	} rows[] = {
	    {"silent", CAUSE_TCP_TIMEOUT,
		N_("%1$s accepts the connection on port %2$u, but its "
		   "service says nothing, or something on the way holds back "
		   "what it says.")},
	    {"closed", CAUSE_TCP_RESET,
		N_("%1$s accepts the connection on port %2$u, but it is "
		   "closed again before the service has said what it "
		   "should.")},
	    {"reset", CAUSE_TCP_RESET,
		N_("%1$s accepts the connection on port %2$u, but it is cut "
		   "off by a reset before the service has said what it "
		   "should.")},
	    {"no_tls", CAUSE_TLS_PROTOCOL,
		N_("%1$s accepts the connection on port %2$u, but no secure "
		   "connection can be agreed on there.")},
	};
	const char *end = detail_text(o, "end");
	const char *host = o->host != NULL ? o->host : o->address;
	size_t i;

	if (end == NULL || host == NULL || o->rung != RUNG_TRANSPORT)
		return NULL;
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].cause == o->failure &&
		    strcmp(rows[i].end, end) == 0)
			return arena_printf(r->judged, _(rows[i].sentence),
			    host, (unsigned)o->port);
	}
	return NULL;
}

/* A silent service is proved by a connection that lives on. */
const char *
say_of_short_life(struct record *r, const struct observation *o)
{
	const char *end = detail_text(o, "end");
	const char *host = o->host != NULL ? o->host : o->address;

	if (end == NULL || host == NULL || strcmp(o->probe, "tcp") != 0 ||
	    o->rung != RUNG_TRANSPORT)
		return NULL;
	if (strcmp(end, "closed") == 0)
		return arena_printf(r->judged,
		    _("%1$s accepts the connection on port %2$u and closes it "
		      "again at once. That may be the service, or something "
		      "on the way that stands in for it."),
		    host, (unsigned)o->port);
	if (strcmp(end, "reset") == 0)
		return arena_printf(r->judged,
		    _("The connection to %1$s on port %2$u is accepted and cut "
		      "off by a reset at once. That may be the service, or "
		      "something on the way that stands in for it."),
		    host, (unsigned)o->port);
	return NULL;
}

static const char *
seconds(struct record *r, int64_t ms)
{
	unsigned long s = (unsigned long)((ms + 500) / 1000);

	return arena_printf(r->judged, P_("%lu second", "%lu seconds", s), s);
}

const char *
say_of_idle(struct record *r, const struct observation *o)
{
	int64_t wanted = detail_int(o, "wanted_ms", 0);
	int64_t survived = detail_int(o, "survived_ms", 0);
	int64_t closed = detail_int(o, "closed_ms", 0);
	const char *need = seconds(r, wanted);

	if (wanted == 0)
		return NULL;
	if (o->failure == CAUSE_NAT_IDLE_SHORT && survived > 0)
		return arena_printf(r->judged,
		    _("The network forgets a connection on which nothing was "
		      "said for %1$s; after %2$s it still knew it. The device "
		      "is silent for up to %3$s."),
		    seconds(r, detail_int(o, "lost_ms", 0)),
		    seconds(r, survived), need);
	if (o->failure == CAUSE_NAT_IDLE_SHORT)
		return arena_printf(r->judged,
		    _("The network forgets a connection on which nothing was "
		      "said for %1$s, the shortest time that was tried. The "
		      "device is silent for up to %2$s."),
		    seconds(r, detail_int(o, "lost_ms", 0)), need);
	if (o->failure != CAUSE_NONE)
		return NULL;
	if (survived >= wanted)
		return arena_printf(r->judged,
		    _("A connection on which nothing was said for %1$s still "
		      "works. The device is silent for up to %2$s."),
		    seconds(r, survived), need);
	if (closed > 0)
		return arena_printf(r->judged,
		    _("The server, or something on the way, closes a "
		      "connection by itself after %1$s without a word, so "
		      "longer times cannot be tried from here. After %2$s it "
		      "still worked; the device is silent for up to %3$s."),
		    seconds(r, closed), seconds(r, survived), need);
	return arena_printf(r->judged,
	    _("A connection on which nothing was said for %1$s still worked, "
	      "and nobody waited longer. The device is silent for up to "
	      "%2$s."),
	    seconds(r, survived), need);
}
