/* SPDX-License-Identifier: MIT */
/* Owns the surroundings in which tests run a single probe. */
#include "tests/unit/fake_probe.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/fake_net.h"

static void
on_done(struct probe *probe, void *arg)
{
	struct fake_probe *p = arg;

	(void)probe;
	p->ndone++;
	p->done = true;
}

static void
on_slow(struct probe *probe, void *arg)
{
	struct fake_probe *p = arg;

	(void)probe;
	p->nslow++;
}

void
fake_probe_init(struct fake_probe *p, const char *type, enum protocol protocol,
    const char *host, const char *address, uint16_t port)
{
	memset(p, 0, sizeof *p);
	p->env.base = event_base_new();
	p->env.pace = pace_new(p->env.base, 500, 0);
	p->env.hops = hops_new(p->env.base, 4);
	p->env.vantage = &p->vantage;
	p->spec.key = (char *)(uintptr_t) "the key";
	p->spec.type = (char *)(uintptr_t)type;
	p->spec.host = (char *)(uintptr_t)host;
	p->spec.address = (char *)(uintptr_t)address;
	p->spec.port = port;
	p->spec.protocol = protocol;
}

void
fake_probe_start(struct fake_probe *p)
{
	struct addr to;

	memset(&to, 0, sizeof to);
	if (p->spec.address != NULL &&
	    !addr_parse(&to, p->spec.address, p->spec.port))
		abort();
	p->probe = probe_new(probe_type_find(p->spec.type), &p->env, &p->spec,
	    &to, on_done, on_slow, p);
	probe_start(p->probe);
	p->obs = &p->probe->obs;
	if (p->ndone != 0)
		abort(); /* never from within probe_start() */
}

bool
fake_probe_run(struct fake_probe *p, int ms)
{
	bool ended, never = false;

	fake_probe_start(p);
	ended = fake_loop(p->env.base, &p->done, ms);
	/* Whatever was still on its way must not end it twice. */
	fake_loop(p->env.base, &never, 30);
	return ended && p->ndone == 1;
}

void
fake_probe_free(struct fake_probe *p)
{
	probe_free(p->probe);
	pace_free(p->env.pace);
	hops_free(p->env.hops);
	event_base_free(p->env.base);
}

const char *
fake_detail(const struct fake_probe *p, const char *name)
{
	const char *s = json_string_value(
	    json_object_get(p->obs->detail, name));

	return s == NULL ? "" : s;
}

int64_t
fake_detail_int(const struct fake_probe *p, const char *name)
{
	const json_t *j = json_object_get(p->obs->detail, name);

	return json_is_integer(j) ? json_integer_value(j) : INT64_MIN;
}

bool
fake_detail_is(const struct fake_probe *p, const char *name)
{
	return json_is_true(json_object_get(p->obs->detail, name));
}
