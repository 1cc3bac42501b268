/* SPDX-License-Identifier: MIT */
/* For tests of probes: runs one probe to its end in a loop of its own. */
#ifndef UNIT_FAKE_PROBE_H
#define UNIT_FAKE_PROBE_H

#include "core/probe/probe.h"

struct fake_probe {
	struct probe_env env;
	struct vantage vantage;
	struct probe_spec spec;
	struct probe *probe;
	struct observation *obs;	/* of the probe; valid to the end */
	int	 ndone, nslow;
	bool	 done;
};

/* A probe of this type at address:port; host may be NULL. */
void	 fake_probe_init(struct fake_probe *p, const char *type,
	    enum protocol protocol, const char *host, const char *address,
	    uint16_t port);
void	 fake_probe_start(struct fake_probe *p);
/* Runs it to its end; false when it has not ended after ms. */
bool	 fake_probe_run(struct fake_probe *p, int ms);
void	 fake_probe_free(struct fake_probe *p);
const char *fake_detail(const struct fake_probe *p, const char *name);
int64_t	 fake_detail_int(const struct fake_probe *p, const char *name);
bool	 fake_detail_is(const struct fake_probe *p, const char *name);

#endif
