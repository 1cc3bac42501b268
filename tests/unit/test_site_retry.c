/* SPDX-License-Identifier: MIT */
/* Promises of a site at work when a part of it is measured again: what the
 * file says is what the record says, tests in the background go on, and
 * nothing is mixed of two networks. The real probes, in a network of their
 * own; where this laptop stands is made up. */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/net/trust.h"
#include "core/net/vantage.h"
#include "core/probe/probe.h"
#include "core/record/json.h"
#include "tests/unit/fake_net.h"
#include "tests/unit/site_fixture.h"
#include "tui/work/app.h"

#define HOST "198.51.100.7"
#define GOOD 7001
#define BAD 7002

static const char yaml[] =
    "pack: lamp\n"
    "vendor: Maker\n"
    "title: Lamp\n"
    "about: A lamp for tests.\n"
    "version: 2026112101\n"
    "source: {document: lamp.txt, title: Lamps, retrieved: 2026-11-21}\n"
    "services:\n"
    "  - title: Cloud\n"
    "    reason: It is needed.\n"
    "    breaks: {installer: No light., customer: No light.}\n"
    "    requirements:\n"
    "      - {id: good, protocol: tcp, ports: [7001], direction: lan,\n"
    "         strength: required, to: {kind: address, name: " HOST "},\n"
    "         application: A, source: \"5\", probe: {type: tcp},\n"
    "         rung: transport}\n"
    "      - {id: bad, protocol: tcp, ports: [7002], direction: lan,\n"
    "         strength: required, to: {kind: address, name: " HOST "},\n"
    "         application: B, source: \"5\", probe: {type: tcp},\n"
    "         rung: transport}\n"
    "      - {id: idle, protocol: tcp, ports: [7001], direction: lan,\n"
    "         strength: required, to: {kind: address, name: " HOST "},\n"
    "         application: C, source: \"5\",\n"
    "         probe: {type: tcp_idle, want: \"540\"}, rung: transport}\n"
    "steps:\n"
    "  - id: mount\n"
    "    title: Mounting\n"
    "    text: Mount it.\n"
    "    checks: [good, bad, idle]\n";

/* --- where the laptop stands --- */

static const char *resolver = "198.51.100.53";
static const char *vpn;

int
vantage_read(const char *interface, struct arena *a, struct vantage *v,
    struct error *err)
{
	char *empty = arena_strdup(a, "");

	(void)interface;
	(void)err;
	*v = (struct vantage){.hostname = empty,
	    .os = empty,
	    .interface = arena_strdup(a, "lo"),
	    .gateway = arena_strdup(a, "198.51.100.1"),
	    .dhcp = arena_strdup(a, "static"),
	    .clock_source = empty,
	    .vpn = arena_strdup(a, vpn)};
	strlist_add(a, &v->addresses, "198.51.100.8/24");
	strlist_add(a, &v->resolvers, resolver);
	return 0;
}

int
vantage_glance(const char *interface, struct arena *a, struct vantage *v,
    struct error *err)
{
	return vantage_read(interface, a, v, err);
}

bool
vantage_same(const struct vantage *a, const struct vantage *b)
{
	return strcmp(a->resolvers.item[0], b->resolvers.item[0]) == 0;
}

/* --- a site --- */

struct fixture {
	struct app app;
	struct pack_set packs;
	struct pack *pack[1];
	struct probe_word *words;
	struct site *site;
	struct event_base *base;
	struct fake_tcp *server;
	bool done, complete, settled;
	int ndone;
};

static void
on_done(void *arg, bool complete)
{
	struct fixture *f = arg;

	f->done = true;
	f->complete = complete;
	f->ndone++;
}

static void
on_settled(void *arg)
{
	((struct fixture *)arg)->settled = true;
}

static void
on_changed(void *arg, size_t task)
{
	const struct fixture *f = arg;
	const struct run *run = f->site->run != NULL ? f->site->run :
						       f->site->ended;

	ck_assert_uint_lt(task, run_task_count(run));
}

static void
hold(int fd, void *arg)
{
	char data[8];

	(void)arg;
	(void)fake_read_until(fd, "never", data, sizeof data);
}

static void
tell_all(struct fixture *f)
{
	struct site *s = f->site;

	s->arg = f;
	s->done = on_done;
	s->settled = on_settled;
	s->changed = on_changed;
	s->background = BACKGROUND_KEEP;
}

static void
setup(struct fixture *f)
{
	struct mistakes mistakes = {0};
	struct strlist products = {0};
	struct error err = {0};
	size_t i;

	memset(f, 0, sizeof *f);
	f->packs.arena = arena_new();
	f->words = mem_array(probe_type_count, sizeof *f->words);
	for (i = 0; i < probe_type_count; i++)
		f->words[i] = (struct probe_word){probe_types[i]->name,
		    probe_types[i]->shape};
	f->app.vocab = (struct pack_vocabulary){f->words, probe_type_count};
	f->pack[0] = pack_parse(f->packs.arena, "lamp.yaml", yaml,
	    sizeof yaml - 1, &f->app.vocab, &mistakes);
	for (i = 0; i < mistakes.count; i++)
		fprintf(stderr, "%u: %s\n", mistakes.item[i].place.line,
		    mistakes.item[i].text);
	ck_assert_ptr_nonnull(f->pack[0]);
	f->packs.pack = f->pack;
	f->packs.count = 1;
	f->app.packs = &f->packs;
	f->app.opt.pace = PACE_FAST;
	f->app.trust = trust_new(NULL, NULL, 0, &err);
	f->base = event_base_new();
	site_setup();
	f->site = site_create(&f->app, site_path, &err);
	ck_assert_ptr_nonnull(f->site);
	strlist_add(f->packs.arena, &products, "lamp");
	ck_assert_int_eq(site_set_products(f->site, &products, &err), 0);
	f->server = fake_tcp_start_at(HOST, GOOD, hold, NULL);
	tell_all(f);
}

static void
teardown(struct fixture *f)
{
	site_close(f->site);
	fake_tcp_stop(f->server);
	event_base_free(f->base);
	trust_free(f->app.trust);
	mem_free(f->words);
	arena_free(f->packs.arena);
	site_cleanup();
	vpn = NULL;
	resolver = "198.51.100.53";
}

static void
run_all(struct fixture *f)
{
	struct error err = {0};

	f->done = false;
	ck_assert_int_eq(site_run_start(f->site, f->base, &err), 0);
	ck_assert(fake_loop(f->base, &f->done, 9000));
}

static int
retry(struct fixture *f, const char *need, struct error *err)
{
	struct strlist needs = {0};

	memset(err, 0, sizeof *err);
	f->done = false;
	strlist_add(f->packs.arena, &needs, need);
	return site_run_retry(f->site, f->base, &needs, err);
}

static enum outcome
outcome_of(const struct fixture *f, const char *need)
{
	return record_need(f->site->record, need)->outcome;
}

/* What the file holds, opened by another program, is what is in memory. */
static void
file_is_the_same(struct fixture *f)
{
	struct error err = {0};
	char *memory, *file;

	memory = site_as_json(f->site->record);
	site_close(f->site);
	f->site = site_open(&f->app, site_path, false, &err);
	ck_assert_ptr_nonnull(f->site);
	file = site_as_json(f->site->record);
	ck_assert_str_eq(memory, file);
	free(memory);
	free(file);
	tell_all(f);
}

static const char *const addresses[] = {HOST, "198.51.100.8", NULL};

START_TEST(a_part_is_measured_again_and_kept)
{
	struct fake_tcp *mended;
	struct fixture f;
	struct error err;

	if (!fake_private_network(addresses))
		return;
	setup(&f);
	ck_assert_int_eq(retry(&f, "lamp.bad", &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE); /* there was no run yet */
	run_all(&f);
	ck_assert_int_eq(outcome_of(&f, "lamp.bad"), OUTCOME_UNPROVEN);
	ck_assert_int_eq(retry(&f, "lamp.none", &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	mended = fake_tcp_start_at(HOST, BAD, hold, NULL);
	site_run_forget(f.site);
	ck_assert_int_eq(retry(&f, "lamp.bad", &err), 0);
	ck_assert(f.site->retrying);
	ck_assert_int_eq(site_run_start(f.site, f.base, &err), -1);
	ck_assert_int_eq(err.code, ERR_BUSY);
	ck_assert_int_eq(retry(&f, "lamp.bad", &err), -1);
	ck_assert_int_eq(err.code, ERR_BUSY);
	ck_assert(fake_loop(f.base, &f.done, 9000));
	ck_assert(f.complete && !f.site->retrying);
	ck_assert_int_eq(outcome_of(&f, "lamp.bad"), OUTCOME_PASS);
	ck_assert_int_eq(outcome_of(&f, "lamp.good"), OUTCOME_PASS);
	ck_assert_uint_eq(f.site->record->nearlier, 1);
	file_is_the_same(&f);
	ck_assert_int_eq(outcome_of(&f, "lamp.bad"), OUTCOME_PASS);
	/* And by the program that opened it. */
	ck_assert_int_eq(retry(&f, "lamp.bad", &err), 0);
	ck_assert(fake_loop(f.base, &f.done, 9000));
	ck_assert_uint_eq(f.site->record->nearlier, 2);
	file_is_the_same(&f);
	fake_tcp_stop(mended);
	teardown(&f);
}
END_TEST

START_TEST(background_tests_go_on_meanwhile)
{
	struct fixture f;
	struct error err;
	int i;

	if (!fake_private_network(addresses))
		return;
	setup(&f);
	run_all(&f);
	ck_assert_uint_eq(site_background(f.site), 1);
	ck_assert(f.site->kept);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(retry(&f, "lamp.bad", &err), 0);
		ck_assert_uint_eq(site_background(f.site), 1);
		ck_assert(fake_loop(f.base, &f.done, 9000));
		ck_assert(f.complete);
		ck_assert_uint_eq(site_background(f.site), 1);
		ck_assert(f.site->kept && !f.settled);
	}
	/* Once is enough. */
	ck_assert_int_eq(retry(&f, "lamp.idle", &err), -1);
	ck_assert_int_eq(err.code, ERR_BUSY);
	ck_assert_int_eq(f.ndone, 4);
	site_run_cancel(f.site);
	ck_assert(fake_loop(f.base, &f.settled, 1000));
	ck_assert_uint_eq(site_background(f.site), 0);
	ck_assert(!f.site->kept);
	ck_assert_int_eq(record_need(f.site->record, "lamp.idle")->cause,
	    CAUSE_CANCELLED);
	ck_assert_uint_eq(f.site->record->nearlier, 3);
	file_is_the_same(&f);
	/* Now it can. */
	ck_assert_int_eq(retry(&f, "lamp.idle", &err), 0);
	ck_assert(fake_loop(f.base, &f.done, 9000));
	ck_assert_uint_eq(site_background(f.site), 1);
	teardown(&f);
}
END_TEST

START_TEST(what_ends_in_the_background_of_a_retry_is_told_by_it)
{
	struct fixture f;
	struct error err;

	if (!fake_private_network(addresses))
		return;
	setup(&f);
	run_all(&f);
	site_run_cancel(f.site); /* its end is on its way */
	ck_assert_int_eq(retry(&f, "lamp.bad", &err), 0);
	ck_assert(fake_loop(f.base, &f.done, 9000));
	ck_assert_uint_eq(site_background(f.site), 0);
	ck_assert(!f.site->kept);
	ck_assert_int_eq(record_need(f.site->record, "lamp.idle")->cause,
	    CAUSE_CANCELLED);
	file_is_the_same(&f);
	teardown(&f);
}
END_TEST

START_TEST(two_networks_are_not_mixed)
{
	struct fixture f;
	struct error err;
	char *before, *after;
	int i;

	if (!fake_private_network(addresses))
		return;
	setup(&f);
	run_all(&f);
	site_run_forget(f.site);
	before = site_as_json(f.site->record);
	for (i = 0; i < 2; i++) {
		resolver = i == 0 ? "198.51.100.54" : "198.51.100.53";
		vpn = i == 0 ? NULL : "tun0";
		ck_assert_int_eq(retry(&f, "lamp.bad", &err), -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert(strstr(err.hint, "everything") != NULL);
		after = site_as_json(f.site->record);
		ck_assert_str_eq(before, after);
		free(after);
	}
	free(before);
	file_is_the_same(&f);
	teardown(&f);
}
END_TEST

START_TEST(one_check_of_a_site_can_be_cancelled)
{
	struct fixture f;
	struct error err = {0};

	if (!fake_private_network(addresses))
		return;
	setup(&f);
	site_run_cancel_task(f.site, 0); /* nothing is under way */
	ck_assert_int_eq(site_run_start(f.site, f.base, &err), 0);
	site_run_cancel_task(f.site, 0);
	site_run_cancel_task(f.site, 1000);
	ck_assert(fake_loop(f.base, &f.done, 9000));
	ck_assert(!f.complete && !f.site->record->complete);
	ck_assert_int_eq(outcome_of(&f, "lamp.good"), OUTCOME_NOT_RUN);
	ck_assert_int_eq(outcome_of(&f, "lamp.bad"), OUTCOME_UNPROVEN);
	site_run_forget(f.site);
	file_is_the_same(&f);
	ck_assert_int_eq(retry(&f, "lamp.good", &err), 0);
	ck_assert(fake_loop(f.base, &f.done, 9000));
	ck_assert_int_eq(outcome_of(&f, "lamp.good"), OUTCOME_PASS);
	/* The idle test was never made. */
	ck_assert(f.complete && !f.site->record->complete);
	teardown(&f);
}
END_TEST

HARNESS("site retry", a_part_is_measured_again_and_kept,
    background_tests_go_on_meanwhile,
    what_ends_in_the_background_of_a_retry_is_told_by_it,
    two_networks_are_not_mixed, one_check_of_a_site_can_be_cancelled)
