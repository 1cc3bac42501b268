/* SPDX-License-Identifier: MIT */
/* Owns the command "review" where there is no screen: one handover in words,
 * or a table of many. */
#include <string.h>
#include <sys/stat.h>

#include "core/base/i18n.h"
#include "tui/commands/command_table.h"
#include "tui/commands/findings.h"
#include "tui/commands/options.h"
#include "tui/work/review.h"
#include "tui/work/review_table.h"
#include "tui/work/say.h"
#include "tui/work/signers.h"

#define PATHS_MAX 100000

/* --- many -------------------------------------------------------------- */

static int
print_table(const struct review_table *t, const struct options *o)
{
	struct buf out;

	buf_init(&out, OUTPUT_MAX);
	if (strcmp(o->format, "json") == 0)
		review_table_json(t, &out);
	else if (strcmp(o->format, "csv") == 0)
		review_table_csv(t, &out);
	else
		review_table_text(t, &out);
	return say_result(&out, o->out);
}

static bool
has_refused(const struct review_table *t)
{
	size_t i;

	for (i = 0; i < t->nshown; i++) {
		if (t->shown[i]->verdict == REVIEW_REFUSED)
			return true;
	}
	return false;
}

static int
read_table(const struct options *o)
{
	struct review_table t = {.filter = o->review};
	struct error err = {0};
	struct reading *r;
	struct buf allowed;
	bool known;
	int status;

	buf_init(&allowed, SIGNERS_MAX);
	if (signers_read(o->app.allowed, &allowed, &known, &err) != 0) {
		buf_free(&allowed);
		return say_error(&err);
	}
	r = reading_start(&o->args, known ? &allowed : NULL);
	reading_wait(r);
	review_table_take(&t, r);
	status = print_table(&t, o);
	if (status == EXIT_OK && t.count == 0) {
		say(_("There is no handover there."));
		status = EXIT_USAGE;
	}
	if (status == EXIT_OK && has_refused(&t))
		status = EXIT_FAILED;
	review_table_free(&t);
	reading_free(r);
	buf_free(&allowed);
	return status;
}

/* --- one --------------------------------------------------------------- */

static bool
is_one_file(const struct options *o)
{
	struct stat st;

	return o->args.count == 1 && strcmp(o->format, "text") == 0 &&
	    o->review.text == NULL && o->review.verdicts == 0 &&
	    o->review.seals == 0 &&
	    (stat(o->args.item[0], &st) != 0 || !S_ISDIR(st.st_mode));
}

static void
add_judgement(struct buf *out, struct arena *a, const struct review *v)
{
	size_t i;

	say_wrap(out, v->seal.why, 0);
	if (v->stated->edition.version > 0)
		say_wrap(out,
		    arena_printf(a, _("Document %1$s, edition %2$u."),
			v->stated->edition.id, v->stated->edition.version),
		    0);
	if (v->stated->edition.supersedes[0] != '\0')
		say_wrap(out,
		    arena_printf(a, _("It takes the place of %s."),
			v->stated->edition.supersedes),
		    0);
	for (i = 0; i < v->seal.notes.count; i++)
		say_wrap(out, v->seal.notes.item[i], 0);
	say_wrap(out,
	    v->changes.count == 0 ?
		_("No need would be judged differently today.") :
		arena_printf(a,
		    P_("%zu need would be judged differently today; "
		       "\"sitewalk judge FILE\" tells which.",
			"%zu needs would be judged differently today; "
			"\"sitewalk judge FILE\" tells which.",
			v->changes.count),
		    v->changes.count),
	    0);
	buf_addc(out, '\n');
}

/* As the file says it, after what speaks for or against believing it. */
static int
print_one(const struct review *v, const struct options *o)
{
	const struct export_format *f = export_find(EXPORT_FINDINGS, "text");
	struct export_options opt = {.ncols = SAY_COLUMNS};
	struct arena *a = arena_new();
	struct error err = {0};
	struct buf out;
	int status;

	buf_init(&out, OUTPUT_MAX);
	add_judgement(&out, a, v);
	arena_free(a);
	if (f->write(v->stated, &opt, &out, &err) != 0) {
		buf_free(&out);
		return say_error(&err);
	}
	status = say_result(&out, o->out);
	if (status == EXIT_OK && v->seal.verdict == SEAL_BROKEN)
		status = EXIT_FAILED;
	return status;
}

static int
read_one(const struct options *o)
{
	struct error err = {0};
	struct review *v = NULL;
	struct app app;
	int status;

	if (app_init_told(&app, &o->app, &err) == 0)
		v = review_open(&app, o->args.item[0], &err);
	if (v != NULL) {
		status = print_one(v, o);
	} else {
		say_error(&err);
		status = EXIT_USAGE;
	}
	review_close(v);
	app_fini(&app);
	return status;
}

static int
cmd_review(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_review, argc, argv, &err) != 0)
		status = say_error(&err);
	else if (is_one_file(&o))
		status = read_one(&o);
	else
		status = read_table(&o);
	options_free(&o);
	return status;
}

static const char *const exits[] = {
    N_("0  all can be read, and none was changed since it was sealed"),
    N_("1  one of several cannot be read, or one was changed since it was "
       "sealed"),
    N_("2  wrong usage, or the only one cannot be read"),
    N_("4  interrupted, or the program itself failed"),
    NULL,
};

static const struct example examples[] = {
    {"sitewalk review papers --format csv -o table.csv"},
    {NULL},
};

const struct command command_review = {
    .name = "review",
    .usage = N_("sitewalk review FILE|FOLDER..."),
    .summary = N_("Reads handovers that others wrote: one of them, or a table "
		  "of many."),
    .about = N_("A folder is searched with all below it; links in it are not "
		"followed. On a terminal the wizard opens the file or the "
		"table; with --format, --output or without a terminal they "
		"are printed. A file that cannot be read, or was changed "
		"since it was sealed, is listed with its reason, and the exit "
		"status is 1. Nothing in a file is run, sent or changed."),
    .options = OPTION_PACKS | OPTION_FORMAT | OPTION_OUT | OPTION_REVIEW |
	OPTION_ALLOWED,
    .formats = "text json csv",
    .exits = exits,
    .examples = examples,
    .min_args = 1,
    .max_args = PATHS_MAX,
    .has_page = true,
    .run = cmd_review,
};
