/* SPDX-License-Identifier: MIT */
/* Whom a requirement means, and at which ports. For the files of core/pack
 * only; everything lives in the context's arena. */
#ifndef PACK_TARGETS_H
#define PACK_TARGETS_H

#include "core/pack/specs.h"

/* Something to send to: host or address; neither for the gateway, which the
 * run knows from where the laptop stands. */
struct target {
	const char *host;
	const char *address;
};

struct targets {
	struct target *item;
	size_t	 count;
	const char *why;	/* there is none: the sentence */
};

void	 targets_find(const struct spec_context *c, struct targets *t);

/* The ports as this site's answers have them. */
struct ports targets_ports(const struct spec_context *c);

struct port_list {
	uint16_t *port;
	size_t	 count;
};

void	 targets_add_port(const struct spec_context *c, struct port_list *l,
	    uint16_t port);
/* Which ports of a range are tried: both ends, the samples that the pack
 * names, and a spread of the rest. */
void	 targets_add_samples(const struct spec_context *c,
	    struct port_list *l, const struct port_range *r);
/* The sentence for a requirement without ports. */
const char *targets_why_no_port(const struct spec_context *c);

#endif
