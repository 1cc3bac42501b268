/* SPDX-License-Identifier: MIT */
/* Owns the world of the golden screens. */
#include "tests/unit/golden_site.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/export/export.h"
#include "core/net/vantage.h"
#include "core/record/json.h"
#include "tui/work/shelf.h"

#define FOLDER "/tmp/sitewalk-golden-"
#define NO_CARD "nosuchcard0"
#define CARD "eth0"
#define RECORD_MAX ((size_t)4 << 20)
#define S(text) ((char *)(uintptr_t)(text))

#define NOW_US INT64_C(1795294800000000) /* 2026-11-21T21:00:00Z */
#define WEEK_US INT64_C(604800000000)
#define RUN_LASTS_US INT64_C(75000000) /* when one looks at it */
#define MONO_US INT64_C(3600000000)

/* --- clocks and a place that stay (see --wrap in the Makefile) ----------- */

/* A run that goes on was begun some time ago. */
static int64_t mono_us = MONO_US;

int64_t golden_wall_us(void) __asm__("__wrap_clock_wall_us");
int64_t golden_mono_us(void) __asm__("__wrap_clock_mono_us");
int golden_vantage(const char *interface, struct arena *a, struct vantage *v,
    struct error *err) __asm__("__wrap_vantage_read");

int64_t
golden_wall_us(void)
{
	return NOW_US;
}

int64_t
golden_mono_us(void)
{
	return mono_us;
}

static int
stand_in_the_site(const char *interface, struct arena *a, struct vantage *v,
    struct error *err)
{
	(void)interface;
	(void)err;
	memset(v, 0, sizeof *v);
	v->hostname = arena_strdup(a, "laptop");
	v->os = arena_strdup(a, "Linux 6.1");
	v->interface = arena_strdup(a, CARD);
	strlist_add(a, &v->addresses, "10.20.30.50/24");
	v->gateway = arena_strdup(a, "10.20.30.1");
	strlist_add(a, &v->resolvers, "10.20.30.1");
	v->dhcp = arena_strdup(a, "lease");
	v->dhcp_server = arena_strdup(a, "10.20.30.1");
	v->dhcp_lease_s = 43200;
	v->dhcp_given_us = NOW_US;
	v->wifi = arena_strdup(a, "Harbour House guests");
	strlist_add(a, &v->warnings,
	    "A VPN (wg0) is up: what is measured may be its network.");
	return 0;
}

int
golden_vantage(const char *interface, struct arena *a, struct vantage *v,
    struct error *err)
{
	if (strcmp(interface, CARD) == 0)
		return stand_in_the_site(interface, a, v, err);
	memset(v, 0, sizeof *v);
	v->interface = arena_strdup(a, "");
	return 0;
}

void
scenes_plug_in(struct scenes *sn)
{
	sn->sc.app.opt.interface = CARD;
}

/* --- sizes that stay ------------------------------------------------------ */

/* A PDF is larger or smaller with each version of its library and fonts. */
#define PAPER_BYTES ((size_t)7000)

int golden_measure(const struct record *r, const struct export_options *opt,
    size_t *sizes, struct error *err) __asm__("__wrap_export_measure");

int
golden_measure(const struct record *r, const struct export_options *opt,
    size_t *sizes, struct error *err)
{
	size_t i;

	(void)r;
	(void)err;
	for (i = 0; i < export_format_count; i++)
		sizes[i] = export_has(opt, export_formats[i]) ? PAPER_BYTES : 0;
	return 0;
}

/* --- life -------------------------------------------------------------- */

struct scenes *
scenes_begin(const char *record_path, const char *language)
{
	struct scenes *sn = mem_alloc(sizeof *sn);
	struct error err = {0};

	snprintf(sn->folder, sizeof sn->folder, FOLDER "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(sn->folder));
	setenv("XDG_DATA_HOME", sn->folder, 1);
	setenv("XDG_CONFIG_HOME", sn->folder, 1);
	setenv("XDG_STATE_HOME", sn->folder, 1);
	setenv("HOME", sn->folder, 1);
	buf_init(&sn->record, RECORD_MAX);
	sn->arena = arena_new();
	ck_assert_msg(file_read(record_path, RECORD_MAX, &sn->record, &err) ==
		0,
	    "%s", err.what);
	ck_assert_int_eq(chdir(sn->folder), 0);
	sn->opt.interface = NO_CARD;
	sn->language = language;
	screen_init(&sn->sc, true);
	ck_assert_int_eq(app_init(&sn->sc.app, &sn->opt, &err), 0);
	sn->sc.base = event_base_new();
	return sn;
}

/* What it shows is no run of the site's own. */
static void
end_run(struct scenes *sn)
{
	if (sn->run == NULL)
		return;
	sn->sc.site->run = NULL;
	sn->sc.plan = NULL;
	run_free(sn->run);
	sn->run = NULL;
	mono_us = MONO_US;
}

static void
leave_all(struct scenes *sn)
{
	struct screen *sc = &sn->sc;

	end_run(sn);
	if (sc->site != NULL)
		screen_leave_site(sc);
	while (sc->nframes > 0)
		screen_pop(sc);
	mem_free(sc->message);
	mem_free(sc->find);
	mem_free(sc->last_path);
	mem_free(sc->exported);
	sc->message = sc->find = sc->last_path = sc->exported = NULL;
	memset(&sc->run_look, 0, sizeof sc->run_look);
	memset(&sc->settings, 0, sizeof sc->settings);
	snprintf(sc->settings.language, sizeof sc->settings.language, "%s",
	    sn->language);
	/* A view may have spoken others, or that of the machine. */
	settings_speak(sn->language);
	sc->app.opt = sn->opt;
	sc->surface.utf8 = true;
}

static void
remove_all(const char *path)
{
	pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		execlp("rm", "rm", "-rf", "--", path, (char *)NULL);
		_exit(1);
	}
	ck_assert(waitpid(pid, &status, 0) == pid && status == 0);
}

void
scenes_afresh(struct scenes *sn)
{
	char files[80];

	leave_all(sn);
	if (sn->filled) {
		snprintf(files, sizeof files, "%s/sitewalk", sn->folder);
		remove_all(files);
	}
	sn->filled = false;
	screen_push(&sn->sc, &view_sites, NULL);
}

void
scenes_end(struct scenes *sn)
{
	struct event_base *base = sn->sc.base;
	struct app app;

	leave_all(sn);
	app = sn->sc.app;
	screen_fini(&sn->sc);
	event_base_free(base);
	app_fini(&app);
	buf_free(&sn->record);
	arena_free(sn->arena);
	ck_assert_int_eq(chdir("/"), 0);
	remove_all(sn->folder);
	mem_free(sn);
}

struct screen *
scenes_screen(struct scenes *sn)
{
	return &sn->sc;
}

/* The sum of a file is another one with every word in it. */
static void
hide_sums(char *text)
{
	size_t n;

	for (; *text != '\0'; text += n > 0 ? n : 1) {
		n = strspn(text, "0123456789abcdef");
		if (n >= DIGEST_HEX_SIZE / 3)
			memset(text, '0', n);
	}
}

void
scenes_hide_moment(char *text, size_t len)
{
	char *at = text;

	while ((at = memmem(at, len - (size_t)(at - text), FOLDER,
		    sizeof FOLDER - 1)) != NULL) {
		at += sizeof FOLDER - 1;
		memset(at, 'X',
		    strspn(at,
			"abcdefghijklmnopqrstuvwxyz"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789"));
	}
	hide_sums(text);
}

/* --- the site ---------------------------------------------------------- */

static struct record *
read_record(const struct scenes *sn)
{
	struct error err = {0};
	struct record *r = record_from_json(sn->record.data, sn->record.len,
	    &err);

	ck_assert_msg(r != NULL, "%s", err.what);
	/* Digests on the screens come from it. */
	memset(r->secret, 1, sizeof r->secret);
	return r;
}

void
scenes_enter_site(struct scenes *sn)
{
	struct screen *sc = &sn->sc;
	struct error err = {0};
	struct site *s = site_create(&sc->app, NULL, &err);

	ck_assert_msg(s != NULL, "%s", err.what);
	record_free(s->record);
	s->record = read_record(sn);
	screen_enter_site(sc, s);
}

/* --- files ------------------------------------------------------------- */

static char *
path_of(struct scenes *sn, struct arena *a, const char *stem)
{
	const char *dir = app_sites_dir(a);
	struct error err = {0};

	ck_assert_int_eq(file_make_dirs(dir, &err), 0);
	sn->filled = true;
	return arena_printf(a, "%s/%s" SHELF_SUFFIX, dir, stem);
}

static void
save_run(struct site *s, const struct record *r, bool complete)
{
	struct error err = {0};
	size_t i;

	ck_assert_int_eq(sitefile_run_begin(s->file, &r->vantage, r->started_us,
			     &err),
	    0);
	for (i = 0; i < r->nobservations; i++)
		ck_assert_int_eq(sitefile_observation(s->file,
				     &r->observations[i], &err),
		    0);
	if (complete)
		ck_assert_int_eq(sitefile_run_end(s->file, r->ended_us, true,
				     &err),
		    0);
}

/* r: what was answered and measured there, or NULL. changed: the order in the
 * list is not left to the speed of the machine. */
static void
make_site(struct scenes *sn, const char *stem, const char *name,
    const struct record *r, bool complete, time_t changed)
{
	struct timespec at[2] = {{changed, 0}, {changed, 0}};
	struct site_info info = {.name = S(name)};
	struct arena *a = arena_new();
	struct error err = {0};
	char *path = path_of(sn, a, stem);
	struct site *s = site_create(&sn->sc.app, path, &err);
	size_t i;

	ck_assert_msg(s != NULL, "%s", err.what);
	ck_assert_int_eq(site_set_info(s, &info, &err), 0);
	if (r != NULL) {
		ck_assert_int_eq(site_set_products(s, &r->products, &err), 0);
		for (i = 0; i < r->nanswers; i++)
			ck_assert_int_eq(site_set_answer(s,
					     r->answers[i].product,
					     r->answers[i].question,
					     r->answers[i].value, &err),
			    0);
		save_run(s, r, complete);
	}
	site_close(s);
	if (r != NULL && complete) {
		s = site_open(&sn->sc.app, path, false, &err);
		ck_assert_msg(s != NULL, "%s", err.what);
		site_assess(s);
		site_close(s);
	}
	ck_assert_int_eq(utimensat(AT_FDCWD, path, at, 0), 0);
	arena_free(a);
}

static void
put_away(struct scenes *sn, const char *stem)
{
	struct arena *a = arena_new();
	struct error err = {0};

	ck_assert_int_eq(shelf_move(path_of(sn, a, stem), shelf_archive_dir(a),
			     &err),
	    0);
	arena_free(a);
}

void
scenes_fill_shelf(struct scenes *sn)
{
	struct record *r = read_record(sn);
	struct timespec at[2] = {{500, 0}, {500, 0}};
	struct arena *a = arena_new();
	struct error err = {0};
	char *torn = path_of(sn, a, "torn");

	make_site(sn, "old", "Old Mill", r, true, 1000);
	put_away(sn, "old");
	make_site(sn, "harbour", "Harbour House", r, true, 5000);
	make_site(sn, "new", "Station Hotel", NULL, false, 4000);
	make_site(sn, "cut", "Lake Clinic", r, false, 3000);
	make_site(sn, "long",
	    "Residential Care Home at the Upper Castle Gardens, North Wing",
	    NULL, false, 2000);
	ck_assert_int_eq(file_write_atomic(torn, "torn", 4, &err), 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, torn, at, 0), 0);
	record_free(r);
	arena_free(a);
	screen_pop(&sn->sc);
	screen_push(&sn->sc, &view_sites, NULL);
}

char *
scenes_write_handover(struct scenes *sn)
{
	const struct export_format *x = export_find(EXPORT_HANDOVER, "json");
	struct export_options opt = {.now_us = NOW_US, .ncols = 80};
	struct arena *a = sn->arena;
	char *path = arena_printf(a, "%s/sitewalk/sites/harbour-handover/%s",
	    sn->folder, x->file);
	struct error err = {0};
	struct buf out;

	path_of(sn, a, "");
	*strrchr(path, '/') = '\0';
	ck_assert_int_eq(file_make_dirs(path, &err), 0);
	path[strlen(path)] = '/';
	buf_init(&out, RECORD_MAX);
	ck_assert_int_eq(x->write(sn->sc.site->record, &opt, &out, &err), 0);
	ck_assert_int_eq(file_write_atomic(path, out.data, out.len, &err), 0);
	buf_free(&out);
	return path;
}

/* --- what changes ------------------------------------------------------ */

static struct observation *
seen(struct record *r, const char *key)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		if (strcmp(r->observations[i].key, key) == 0)
			return &r->observations[i];
	}
	ck_abort_msg("%s was not measured", key);
	return NULL;
}

void
scenes_pass_a_week(struct scenes *sn)
{
	struct record *r = sn->sc.site->record;
	struct observation *o;

	o = seen(r, "tls 208.94.16.21:443");
	o->rung = RUNG_SILENCE;
	o->failure = CAUSE_TCP_TIMEOUT;
	o = seen(r, "sip 208.94.16.21:5060");
	o->rung = RUNG_APP_REPLY;
	o->failure = CAUSE_NONE;
	o = seen(r, "locate tcp 208.94.16.21:5060");
	o->rung = RUNG_TRANSPORT;
	o->failure = CAUSE_NONE;
	r->started_us += WEEK_US;
	r->ended_us += WEEK_US;
	site_assess(sn->sc.site);
}

/* --- a run that goes on ------------------------------------------------ */

static int
stay(const char *interface, struct arena *a, struct vantage *v,
    struct error *err)
{
	return stand_in_the_site(interface, a, v, err);
}

static void
ignore_observation(void *arg, const struct observation *o)
{
	(void)arg;
	(void)o;
}

static void
ignore_spec(void *arg, const struct probe_spec *spec)
{
	(void)arg;
	(void)spec;
}

static void
ignore_change(void *arg, size_t task)
{
	(void)arg;
	(void)task;
}

static void
ignore_end(void *arg, bool complete)
{
	(void)arg;
	(void)complete;
}

static const struct observation *
result_of(const struct record *r, const struct task *t)
{
	size_t i, len = strlen(t->spec->key);

	for (i = 0; i < r->nobservations; i++) {
		const char *key = r->observations[i].key;

		if (strncmp(key, t->spec->key, len) == 0 &&
		    (key[len] == '\0' || key[len] == ' '))
			return &r->observations[i];
	}
	return NULL;
}

/* The loop never turns, so the run does nothing; its tasks are told to stand
 * as they would after a while. */
void
scenes_start_run(struct scenes *sn)
{
	struct screen *sc = &sn->sc;
	struct record *r = sc->site->record;
	int64_t started_us = r->started_us, ended_us = r->ended_us;
	struct run_setup setup = {.base = sc->base,
	    .record = r,
	    .glance = stay,
	    .started = ignore_spec,
	    .observed = ignore_observation,
	    .changed = ignore_change,
	    .done = ignore_end};
	size_t i, count;

	sc->plan = plan_make(r->arena, r, NULL, PACE_POLITE);
	sn->run = run_start(&setup);
	mono_us = MONO_US + RUN_LASTS_US;
	r->started_us = started_us;
	r->ended_us = ended_us;
	r->complete = true;
	count = run_task_count(sn->run);
	for (i = 0; i < count; i++) {
		struct task *t = (struct task *)(uintptr_t)run_task(sn->run, i);

		t->result = result_of(r, t);
		if (i % 4 == 3 || t->background) {
			t->state = TASK_RUNNING;
			t->started_us = mono_us - (int64_t)i * 100000;
		} else if (i % 2 == 0 && t->result != NULL) {
			t->state = TASK_DONE;
		}
		if (t->state != TASK_DONE)
			t->result = NULL;
	}
	sc->site->run = sn->run;
	sc->planned = count;
	sc->again = false;
}
