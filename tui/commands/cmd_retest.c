/* SPDX-License-Identifier: MIT */
/* Owns the command "retest": the rows of a request or a handover, measured
 * again, and the new edition of it that says what came of each. */
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/export/results.h"
#include "core/export/summary.h"
#include "core/record/edition.h"
#include "core/record/json.h"
#include "tui/commands/command_table.h"
#include "tui/commands/options.h"
#include "tui/commands/subject.h"
#include "tui/work/key.h"
#include "tui/work/papers.h"
#include "tui/work/retest.h"
#include "tui/work/say.h"

#define NAMES_MAX 100

/* --- in words --- */

static void
add_summary(struct buf *out, struct arena *a, const struct retest *t)
{
	char *line = arena_printf(a,
	    P_("%zu row was measured again", "%zu rows were measured again",
		t->count),
	    t->count);
	size_t i;

	say_wrap(out, arena_printf(a, "%s.", line), 0);
	for (i = 0; i < RETEST_RESULTS; i++) {
		if (t->of[i] > 0)
			say_wrap(out,
			    arena_printf(a, "%zu: %s.", t->of[i],
				retest_result_label((enum retest_result)i)),
			    2);
	}
}

static void
add_row(struct buf *out, struct arena *a, const struct retest_row *row)
{
	const struct need *n = row->now;

	say_wrap(out,
	    n == NULL ? row->desk.rule_id :
			arena_printf(a, "%s: %s", row->desk.rule_id,
			    summary_flow(a, n)),
	    2);
	if (row->why != NULL)
		say_wrap(out, row->why, 4);
	if (row->result == RETEST_HOLDS || row->result == RETEST_GRANTED ||
	    n == NULL)
		return;
	if (n->summary[0] != '\0')
		say_wrap(out, n->summary, 4);
	if (row->result == RETEST_REGRESSED)
		return;
	say_wrap(out,
	    arena_printf(a, _("Before: %s."),
		word_label(&words_outcome, (int)row->then)),
	    4);
}

static void
write_text(struct buf *out, const struct retest *t, const struct record *r)
{
	struct arena *a = arena_new();
	size_t i, k;

	say_wrap(out,
	    arena_printf(a, _("Measured again %1$s from %2$s."),
		summary_time(a, r->started_us), results_standpoint(a, r)),
	    0);
	add_summary(out, a, t);
	for (i = 0; i < RETEST_RESULTS; i++) {
		if (t->of[i] == 0)
			continue;
		buf_addf(out, "\n%s (%zu)\n",
		    retest_result_label((enum retest_result)i), t->of[i]);
		for (k = 0; k < t->count; k++) {
			if (t->row[k].result == (enum retest_result)i)
				add_row(out, a, &t->row[k]);
		}
	}
	arena_free(a);
}

/* --- for programs --- */

static void
set(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value) != 0)
		mem_fatal("out of memory");
}

static json_t *
row_json(const struct retest_row *row)
{
	json_t *j = json_object();
	const struct need *n = row->now;

	set(j, "rule_id", json_string(row->desk.rule_id));
	set(j, "requirement", json_string(row->need));
	set(j, "result", json_string(retest_result_name(row->result)));
	set(j, "before",
	    json_string(word_name(&words_outcome, (int)row->then)));
	set(j, "outcome",
	    n == NULL ?
		json_null() :
		json_string(word_name(&words_outcome, (int)n->outcome)));
	set(j, "cause",
	    n == NULL || n->cause == CAUSE_NONE ?
		json_null() :
		json_string(word_name(&words_cause, (int)n->cause)));
	set(j, "zone",
	    n == NULL || n->zone == ZONE_NONE ?
		json_null() :
		json_string(word_name(&words_zone, (int)n->zone)));
	set(j, "summary",
	    json_string(n != NULL    ? n->summary :
		    row->why != NULL ? row->why :
				       ""));
	return j;
}

static void
write_json(struct buf *out, const struct retest *t, const struct record *r)
{
	json_t *j = json_object(), *rows = json_array(),
	       *counts = json_object();
	char started[CLOCK_ISO_SIZE], ended[CLOCK_ISO_SIZE];
	size_t i;

	for (i = 0; i < RETEST_RESULTS; i++)
		set(counts, retest_result_name((enum retest_result)i),
		    json_integer((json_int_t)t->of[i]));
	for (i = 0; i < t->count; i++)
		json_array_append_new(rows, row_json(&t->row[i]));
	set(j, "schema", json_string("sitewalk/retest/1"));
	set(j, "request", json_string(t->request.id));
	set(j, "supersedes", json_string(t->digest));
	set(j, "handover", json_string(t->old.id));
	set(j, "started",
	    json_string(clock_iso(r->started_us, false, started)));
	set(j, "ended", json_string(clock_iso(r->ended_us, false, ended)));
	set(j, "complete", json_boolean(r->complete));
	set(j, "counts", counts);
	set(j, "notes", strlist_to_json(&t->notes));
	set(j, "no_edition",
	    t->no_edition == NULL ? json_null() : json_string(t->no_edition));
	set(j, "rows", rows);
	json_write(j, out);
	json_decref(j);
}

/* --- the new edition --- */

/* "handover.json" becomes "handover-v2.json", "rules-v2.json" "rules-v3.json";
 * where that is taken, a number is added: what was sealed is never written
 * over. */
static const char *
free_name(struct arena *a, const char *path, unsigned version)
{
	static const char suffix[] = ".json";
	size_t len = strlen(path), digits;
	const char *name;
	unsigned i;

	if (len > strlen(suffix) &&
	    strcmp(path + len - strlen(suffix), suffix) == 0)
		len -= strlen(suffix);
	for (digits = 0; digits < len && path[len - digits - 1] >= '0' &&
	     path[len - digits - 1] <= '9';
	     digits++)
		;
	if (digits > 0 && len - digits > 2 &&
	    memcmp(path + len - digits - 2, "-v", 2) == 0)
		len -= digits + 2;
	for (i = 1; i < NAMES_MAX; i++) {
		name = i == 1 ? arena_printf(a, "%.*s-v%u%s", (int)len, path,
				    version, suffix) :
				arena_printf(a, "%.*s-v%u-%u%s", (int)len, path,
				    version, i, suffix);
		if (access(name, F_OK) != 0)
			return name;
	}
	return NULL;
}

static int
write_signed(struct signer *signer, const char *namespace, struct buf *data,
    const char *path)
{
	int status = key_write(signer, namespace, data, path);

	if (status == EXIT_OK) {
		say(_("The new edition is in %s."), path);
		key_tell(signer);
	}
	return status;
}

/* The edition that the record is from here on; a request goes on belonging to
 * the handover that it came with. */
static int
take_edition(const struct retest *t, struct site *s, int64_t now_us,
    struct error *err)
{
	if (t->kind == RETEST_SITE)
		return site_issue(s, err);
	if (t->kind == RETEST_HANDOVER) {
		edition_follow(s->record, &t->old, now_us);
		return 0;
	}
	s->record->edition = t->old;
	s->record->edition.issued_us = now_us;
	return 0;
}

static unsigned
version_of(const struct retest *t, const struct site *s)
{
	unsigned version = t->kind == RETEST_REQUEST ?
	    t->request.times + 2 :
	    s->record->edition.version;

	return version < 2 ? 2 : version;
}

static int
make_edition(struct retest *t, struct site *s, struct export_options *opt,
    const struct export_format *f, struct buf *out, unsigned *version,
    struct error *err)
{
	struct export_retest again;
	int rc;

	if (t->kind == RETEST_REQUEST) {
		retest_again(t, &again);
		opt->retest = &again;
	}
	papers_begin(s);
	rc = take_edition(t, s, opt->now_us, err);
	if (rc == 0)
		rc = export_write(f, s->record, opt, out, err);
	/* What comes back judges again, and is no edition any more. */
	*version = version_of(t, s);
	papers_end(s);
	opt->retest = NULL;
	return rc;
}

static int
write_back(const struct options *o, struct retest *t, struct site *s,
    struct signer *signer)
{
	const struct export_format *f = export_find(t->kind == RETEST_REQUEST ?
		EXPORT_REQUEST :
		EXPORT_HANDOVER,
	    "json");
	struct export_options opt = {.scope = t->scope,
	    .now_us = clock_wall_us(),
	    .signer = signer};
	struct error err = {0};
	const char *path = o->out;
	unsigned version;
	struct buf out;
	int status;

	buf_init(&out, OUTPUT_MAX);
	if (make_edition(t, s, &opt, f, &out, &version, &err) != 0) {
		buf_free(&out);
		return say_error(&err);
	}
	if (path == NULL)
		path = free_name(t->arena, t->path, version);
	if (path == NULL) {
		error_set(&err, ERR_SYSTEM,
		    _("There are too many editions beside this file already; "
		      "name another with -o."));
		status = say_error(&err);
	} else {
		status = write_signed(signer, export_namespace(f), &out, path);
	}
	buf_free(&out);
	return status;
}

/* --- the command --- */

static int
print(const struct options *o, const struct retest *t, const struct record *r)
{
	struct buf out;

	buf_init(&out, OUTPUT_MAX);
	if (strcmp(o->format, "json") == 0)
		write_json(&out, t, r);
	else
		write_text(&out, t, r);
	return say_result(&out, NULL);
}

/* What is known already is told before the first packet. */
static void
tell_notes(const struct retest *t)
{
	size_t i;

	for (i = 0; i < t->notes.count; i++)
		say("%s", t->notes.item[i]);
	if (t->unsaid > 0)
		say(P_("%zu more remark like these is left out.",
			"%zu more remarks like these are left out.", t->unsaid),
		    t->unsaid);
}

/* Half of an answer takes the place of nothing. Where the site's own file
 * keeps what was found, only -o asks for more. */
static int
finish(const struct options *o, struct subject *s, struct retest *t,
    struct signer *signer)
{
	int status;

	if (s->cut_short || s->site->save_error.code != ERR_NONE) {
		say(_("No new edition was written, since not every row was "
		      "measured."));
		return EXIT_TROUBLE;
	}
	if (t->no_edition != NULL) {
		say(_("No new edition was written. %s"), t->no_edition);
	} else if (t->kind != RETEST_SITE || o->out != NULL) {
		status = write_back(o, t, s->site, signer);
		if (status != EXIT_OK)
			return status;
	}
	return retest_status(t, s->site->record);
}

static int
run(const struct options *o, struct subject *s, struct retest *t,
    struct signer *signer)
{
	struct error err = {0};
	int status;

	tell_notes(t);
	if (o->out != NULL && t->no_edition != NULL) {
		error_set(&err, ERR_USAGE,
		    _("No new edition can be written. %s"), t->no_edition);
		return say_error(&err);
	}
	/* A part of a whole record is put in its place there. */
	if (t->kind != RETEST_REQUEST && o->app.only != NULL) {
		s->from_file = true;
		s->app.opt.only = o->app.only;
	}
	status = subject_run(s, o);
	if (status != EXIT_OK)
		return status;
	retest_judge(t, s->site->record);
	status = print(o, t, s->site->record);
	return status == EXIT_OK ? finish(o, s, t, signer) : status;
}

static int
cmd_retest(int argc, char **argv)
{
	struct app_options opt;
	struct error err = {0};
	struct subject s = {0};
	struct signer *signer = NULL;
	struct retest *t = NULL;
	struct options o;
	int status;

	if (options_parse(&o, &command_retest, argc, argv, &err) != 0) {
		options_free(&o);
		return say_error(&err);
	}
	opt = o.app;
	opt.only = NULL; /* the rows are chosen already */
	/* A key that cannot sign is told before anything is sent. */
	if (app_init_told(&s.app, &opt, &err) == 0 &&
	    key_open(o.key, &signer, &err) == 0)
		t = retest_open(&s.app, o.args.item[0], o.app.only, &s.site,
		    &err);
	status = t == NULL ? say_error(&err) : run(&o, &s, t, signer);
	signer_close(signer);
	retest_close(t);
	subject_close(&s);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk retest papers -o rules-again.json"},
    {NULL},
};

const struct command command_retest = {
    .name = "retest",
    .usage = N_("sitewalk retest RULES.json | HANDOVER.json | FILE | FOLDER"),
    .summary = N_("Measures the rows of a request or of a handover again."),
    .about = N_("It says of each row whether it is granted, still blocked or "
		"regressed, and writes a new edition beside the file, or to "
		"the one that -o names, which says which it takes the place "
		"of. Of a folder that was exported, its request is tested. "
		"What was found at a site's own file is kept there. Run it in "
		"the network of the devices. A file whose seal or signature is "
		"broken is refused. The exit status is about the rows alone."),
    .options = OPTIONS_RUN | OPTION_FORMAT | OPTION_OUT | OPTION_PLAIN |
	OPTION_WAIT | OPTION_KEY | OPTION_ALLOWED,
    .formats = "text json",
    .examples = examples,
    .min_args = 1,
    .max_args = 1,
    .run = cmd_retest,
};
