/* SPDX-License-Identifier: MIT */
/* Owns the run of a test: its record, its server, what it was told. */
#include "tests/unit/run_site.h"

#include <check.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/judge_case.h"

static void
on_started(void *arg, const struct probe_spec *spec)
{
	struct run_site *s = arg;

	ck_assert_ptr_nonnull(spec->key);
	s->nstarted++;
}

static void
on_observed(void *arg, const struct observation *o)
{
	struct run_site *s = arg;

	/* The record's own copy, before anything depends on it. */
	ck_assert_ptr_eq(o, record_observation(s->record, o->id));
	s->nobserved++;
}

static void
on_changed(void *arg, size_t task)
{
	struct run_site *s = arg;

	ck_assert_uint_lt(task, run_task_count(s->run));
	ck_assert_ptr_nonnull(run_task(s->run, task)->title);
}

static void
on_done(void *arg, bool complete)
{
	struct run_site *s = arg;

	s->complete = complete;
	s->ndone++;
	s->done = true;
}

void
run_site_serve(int fd, void *arg)
{
	char data[8];

	(void)arg;
	/* It speaks, so that the probe need not wait for its silence. */
	if (write(fd, "hello\n", 6) == 6)
		fake_read_until(fd, "never", data, sizeof data);
}

/* The network of a test is what its record says, whatever the machine has. */
static const struct vantage *here;
static const int *left_at;
static int nlooks;

static int
look_around(const char *interface, struct arena *a, struct vantage *v,
    struct error *err)
{
	(void)interface;
	(void)err;
	*v = *here;
	if (*left_at != 0 && ++nlooks >= *left_at)
		v->gateway = arena_strdup(a, "192.0.2.77");
	return 0;
}

void
run_site_init(struct run_site *s)
{
	struct arena *a;

	memset(s, 0, sizeof *s);
	signal(SIGPIPE, SIG_IGN);
	s->base = event_base_new();
	s->record = case_new();
	s->server = fake_tcp_start("127.0.0.1", run_site_serve, NULL);
	a = s->record->arena;
	here = &s->record->vantage;
	left_at = &s->left_at;
	nlooks = 0;
	memset(&s->record->vantage, 0, sizeof s->record->vantage);
	s->record->vantage.interface = arena_strdup(a, "");
	s->setup = (struct run_setup){.base = s->base,
	    .record = s->record,
	    .pace = PACE_FAST,
	    .started = on_started,
	    .observed = on_observed,
	    .changed = on_changed,
	    .glance = look_around,
	    .done = on_done,
	    .arg = s};
}

void
run_site_start(struct run_site *s)
{
	s->run = run_start(&s->setup);
	ck_assert_int_eq(s->ndone, 0);
}

bool
run_site_run(struct run_site *s, int ms)
{
	bool never = false, ended;

	run_site_start(s);
	ended = fake_loop(s->base, &s->done, ms);
	fake_loop(s->base, &never, 50);
	return ended && s->ndone == 1;
}

void
run_site_free(struct run_site *s)
{
	run_free(s->run);
	record_free(s->record);
	fake_tcp_stop(s->server);
	event_base_free(s->base);
}

struct need *
run_site_tcp_need(struct run_site *s, const char *id, const char *address,
    uint16_t port)
{
	struct need *n = case_need(s->record, id, PROTO_TCP, port,
	    RUNG_TRANSPORT);

	case_spec(s->record, n, "tcp", NULL, address, port);
	return n;
}
