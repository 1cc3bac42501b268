/* SPDX-License-Identifier: MIT */
/* What was sent for one row of a request, and what came back: so that a desk
 * finds it in the log of its own firewall. */
#ifndef EXPORT_SIGHTINGS_H
#define EXPORT_SIGHTINGS_H

#include "core/export/request/rows.h"

/* One observation, as it looked from the outside. */
struct sighting {
	const struct observation *o;
	struct strlist from;	/* addresses of the laptop of this family;
				 * several: one of them */
	const char *to;		/* address that it was sent to, or "" */
	size_t	 sent;		/* attempts to that address */
};

/* A name that the check resolved, and to what. */
struct resolved {
	const struct observation *o;
	const char *name;
	const char *server;	/* resolver that was asked, or "" */
	struct strlist addresses;
	int64_t	 ttl_s;		/* the shortest one; -1 = not told */
	bool	 failed;	/* no address came back */
};

struct sightings {
	struct sighting *sighting;
	size_t	 nsightings;
	struct resolved *resolved;
	size_t	 nresolved;
};

/* Lives in a, borrows from r. */
void	 sightings_find(struct arena *a, const struct record *r,
	    const struct rule_row *row, struct sightings *out);
/* "o12 2026-11-21T10:42:00.123456Z: TCP from 10.20.30.50, port 40001 to ...:
 * nothing came back"; one line, translated. */
char	*sighting_text(struct arena *a, const struct sighting *s);
/* "connect.example.com was resolved to 192.0.2.1 by 10.20.30.1 at ..." */
char	*resolved_text(struct arena *a, const struct resolved *n);
/* What came of one attempt, in words. */
const char *attempt_label(const struct attempt *t);
/* Was it sent to another destination, for comparison? */
bool	 attempt_is_control(const struct attempt *t);
/* The name was asked for by observation o: by what it was called. */
bool	 sightings_are_of(const struct observation *o, const char *name);
void	 resolved_make(struct arena *a, const struct observation *o,
	    struct resolved *out);

#endif
