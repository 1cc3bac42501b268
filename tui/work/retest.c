/* SPDX-License-Identifier: MIT */
/* Owns what a request or a handover asks to be measured again, and what came
 * of each of its rows. */
#include "tui/work/retest.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/export/request/rows.h"
#include "core/record/json.h"
#include "tui/work/review_seal.h"
#include "tui/work/status.h"

#define FILE_MAX ((size_t)32 << 20)
#define SITE_MAGIC "SQLite format 3"
#define RULES_FAMILY "\"sitewalk/rules/"
#define NOTES_MAX 20
#define STATUS_VERIFIED "verified"
#define STATUS_REQUESTED "requested"

static const struct {
	const char *name, *label;
} results[RETEST_RESULTS] = {
    [RETEST_REGRESSED] = {"regressed",
	N_("Regressed: it worked before, and fails now")},
    [RETEST_BLOCKED] = {"still_blocked", N_("Still blocked")},
    [RETEST_UNPROVEN] = {"unproven", N_("It cannot be decided from here")},
    [RETEST_NOT_RUN] = {"not_run", N_("Not tried")},
    [RETEST_GONE] = {"gone", N_("Not asked of this site any more")},
    [RETEST_GRANTED] = {"granted", N_("Granted: it works now")},
    [RETEST_HOLDS] = {"holds", N_("It works as before")},
};

const char *
retest_result_name(enum retest_result r)
{
	return results[r].name;
}

const char *
retest_result_label(enum retest_result r)
{
	return _(results[r].label);
}

/* --- what is told before anything is sent --- */

void
retest_note(struct retest *t, const char *sentence)
{
	if (t->notes.count < NOTES_MAX)
		strlist_add(t->arena, &t->notes, sentence);
	else
		t->unsaid++;
}

void
retest_compare_pack(struct retest *t, const struct app *app,
    const char *product, uint32_t version, const char *sha256)
{
	const struct pack *p = pack_find(app->packs, product);
	struct arena *a = t->arena;

	if (p == NULL) {
		retest_note(t,
		    arena_printf(a,
			_("This program has no pack for the product \"%s\", so "
			  "its rows cannot be measured."),
			product));
		t->no_edition = _(
		    "Rows for which this program has no pack would be lost in "
		    "it.");
	} else if (p->version < version) {
		retest_note(t,
		    arena_printf(a,
			_("The pack of %1$s that the file was made with is "
			  "version %2$u. This program has the older %3$u, and "
			  "measures what that one asks for. Get the newer pack "
			  "first."),
			product, version, p->version));
	} else if (p->version > version) {
		retest_note(t,
		    arena_printf(a,
			_("The pack of %1$s that the file was made with is "
			  "version %2$u. This program has the newer %3$u, and "
			  "measures what that one asks for."),
			product, version, p->version));
	} else if (strcmp(p->sha256, sha256) != 0) {
		retest_note(t,
		    arena_printf(a,
			_("The pack of %1$s that the file was made with bears "
			  "the version of this program's, %2$u, but is another "
			  "text."),
			product, version));
	}
}

void
retest_answer(struct retest *t, struct site *s, const char *product,
    const char *question, const char *value)
{
	struct error err = {0};

	if (pack_find(s->app->packs, product) == NULL ||
	    site_set_answer(s, product, question, value, &err) == 0)
		return;
	retest_note(t,
	    arena_printf(t->arena,
		_("The answer \"%1$s\" to the question %2$s.%3$s is not one "
		  "that this program's pack takes, so the question counts as "
		  "not answered: %4$s"),
		value, product, question, err.what));
}

/* A file may name any host as one of the site's; whoever starts the run knows
 * them first. */
static void
note_hosts(struct retest *t, const struct site *s)
{
	const struct record *r = s->record;
	const char *text = "";
	size_t i;

	for (i = 0; i < r->nanswers; i++) {
		const struct answer *x = &r->answers[i];
		const struct pack *p = pack_find(s->app->packs, x->product);
		const struct question *q = p == NULL ?
		    NULL :
		    pack_question(p, x->question);

		if (q == NULL || strcmp(x->value, "unknown") == 0 ||
		    (q->type != QUESTION_HOST && q->type != QUESTION_ADDRESS))
			continue;
		text = arena_printf(t->arena, "%s%s%s", text,
		    text[0] == '\0' ? "" : ", ", x->value);
	}
	if (text[0] != '\0')
		retest_note(t,
		    arena_printf(t->arena,
			_("These hosts are contacted because the file names "
			  "them as the site's: %s."),
			text));
}

/* --- the rows of a record --- */

struct retest_row *
retest_add(struct retest *t, const char *rule_id, const char *need)
{
	struct retest_row *row = arena_push(t->arena, t->row, t->count);

	*row = (struct retest_row){
	    .need = arena_strdup(t->arena, need),
	    .desk = {.rule_id = arena_strdup(t->arena, rule_id),
		.status = STATUS_REQUESTED},
	};
	return row;
}

/* All that applied: of what was not asked for, too, it is told when it works
 * no more. */
static void
take_record(struct retest *t, const struct record *r, const char *only)
{
	size_t i;

	t->scope = SCOPE_ALL;
	for (i = 0; i < r->nneeds; i++) {
		const struct need *n = &r->needs[i];
		struct retest_row *row;

		if (!n->applies || n->outcome == OUTCOME_NOT_APPLICABLE ||
		    !need_is_selected(n, only))
			continue;
		row = retest_add(t, rows_rule_id(t->arena, n), n->id);
		row->then = n->outcome;
		row->worked = need_works(n);
		row->strength = n->strength;
	}
}

/* --- handovers --- */

static int
check_handover(struct retest *t, const struct buf *allowed,
    const struct buf *data, struct error *err)
{
	struct review_seal seal;

	review_seal(t->arena, t->path, buf_str(data), data->len, allowed,
	    &seal);
	if (seal.verdict == SEAL_BROKEN)
		return error_set(err, ERR_INPUT, "%s", seal.why);
	if (seal.redacted) {
		error_set(err, ERR_INPUT,
		    _("This is a copy in which names and addresses are masked "
		      "or left out, so what it names cannot be measured."));
		error_hint(err, "%s",
		    _("Test the handover that the copy was made of."));
		return -1;
	}
	retest_note(t, seal.why);
	return 0;
}

/* The file's answers, as today's packs take them; those of products without a
 * pack stay as they are. */
static void
take_answers(struct retest *t, struct site *s)
{
	struct record *r = s->record;
	const struct answer *old = r->answers;
	size_t i, count = r->nanswers;

	r->answers = NULL;
	r->nanswers = 0;
	for (i = 0; i < count; i++) {
		if (pack_find(s->app->packs, old[i].product) == NULL)
			*arena_push(r->arena, r->answers, r->nanswers) = old[i];
		else
			retest_answer(t, s, old[i].product, old[i].question,
			    old[i].value);
	}
}

static struct site *
open_record(struct retest *t, struct app *app, const struct buf *data,
    struct error *err)
{
	struct record *r = NULL;
	struct site *s = NULL;
	size_t i;

	if (check_handover(t, app_allowed(app), data, err) == 0)
		r = record_from_json(buf_str(data), data->len, err);
	if (r != NULL)
		s = site_create(app, NULL, err);
	if (s == NULL) {
		record_free(r);
		return NULL;
	}
	record_free(s->record);
	s->record = r;
	for (i = 0; i < r->npacks; i++)
		retest_compare_pack(t, app, r->packs[i].product,
		    r->packs[i].version, r->packs[i].sha256);
	take_answers(t, s);
	return s;
}

/* --- opening --- */

/* Which of the two it is tells its own schema; it is checked afterwards. */
static bool
names_rules(const struct buf *data)
{
	const char *at = memmem(buf_str(data), data->len,
	    "\n  \"schema\": ", 13);

	return at == NULL ? memmem(buf_str(data), data->len, RULES_FAMILY,
				strlen(RULES_FAMILY)) != NULL :
			    (size_t)(buf_str(data) + data->len - at - 13) >
		    strlen(RULES_FAMILY) &&
		memcmp(at + 13, RULES_FAMILY, strlen(RULES_FAMILY)) == 0;
}

static int
open_data(struct retest *t, struct app *app, const struct buf *data,
    const char *only, struct site **site, struct error *err)
{
	if (data->len >= sizeof SITE_MAGIC &&
	    memcmp(buf_str(data), SITE_MAGIC, sizeof SITE_MAGIC) == 0) {
		t->kind = RETEST_SITE;
		*site = site_open(app, t->path, false, err);
	} else if (names_rules(data)) {
		t->kind = RETEST_REQUEST;
		*site = site_create(app, NULL, err);
	} else {
		t->kind = RETEST_HANDOVER;
		*site = open_record(t, app, data, err);
	}
	if (*site == NULL)
		return -1;
	if (t->kind == RETEST_REQUEST) {
		if (retest_read_request(t, *site, data, only, err) != 0)
			return -1;
	} else {
		t->old = (*site)->record->edition;
		take_record(t, (*site)->record, only);
	}
	if (t->kind != RETEST_SITE)
		note_hosts(t, *site);
	return 0;
}

/* In the folder of an export the request is what is tested. */
static const char *
find_file(struct arena *a, const char *path)
{
	static const char *const names[] = {"firewall/rules.json", "rules.json",
	    "handover.json"};
	struct stat st;
	const char *inside;
	size_t i;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return arena_strdup(a, path);
	for (i = 0; i < sizeof names / sizeof *names; i++) {
		inside = arena_printf(a, "%s/%s", path, names[i]);
		if (access(inside, F_OK) == 0)
			return inside;
	}
	return arena_strdup(a, path);
}

static int
refuse_empty(const struct retest *t, const char *only, struct error *err)
{
	if (t->count > 0)
		return 0;
	return only == NULL ?
	    error_set(err, ERR_USAGE,
		_("Nothing is asked for here, so there is nothing to test "
		  "again.")) :
	    error_set(err, ERR_USAGE,
		_("There is no row for \"%s\" here, so there is nothing to "
		  "test again."),
		only);
}

/* Rows that nothing here can measure. */
static void
mark_unmeasured(struct retest *t, const struct app *app)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		const char *id = t->row[i].need;
		const char *product = arena_strndup(t->arena, id,
		    strcspn(id, "."));

		if (pack_find(app->packs, product) == NULL)
			t->row[i].why = _("This program has no pack for the "
					  "product.");
	}
}

struct retest *
retest_open(struct app *app, const char *path, const char *only,
    struct site **site, struct error *err)
{
	struct retest *t = mem_alloc(sizeof *t);
	char hex[DIGEST_HEX_SIZE];
	struct buf data;
	int rc;

	*site = NULL;
	t->arena = arena_new();
	t->path = find_file(t->arena, path);
	t->request.id = "";
	t->old.id = t->old.supersedes = arena_strdup(t->arena, "");
	buf_init(&data, FILE_MAX);
	rc = file_read(t->path, FILE_MAX, &data, err);
	if (rc == 0) {
		digest_sha256_hex(buf_str(&data), data.len, hex);
		t->digest = arena_strdup(t->arena, hex);
		rc = open_data(t, app, &data, only, site, err);
	}
	buf_free(&data);
	if (rc == 0)
		rc = refuse_empty(t, only, err);
	if (rc == 0) {
		mark_unmeasured(t, app);
		return t;
	}
	if (err->where[0] == '\0')
		error_where(err, "%s", t->path);
	site_close(*site);
	*site = NULL;
	retest_close(t);
	return NULL;
}

void
retest_close(struct retest *t)
{
	if (t == NULL)
		return;
	arena_free(t->arena);
	mem_free(t);
}

/* --- what came of it --- */

/* What somebody accepts is what it is all the same. */
static enum outcome
own_outcome(const struct need *n)
{
	int outcome = (int)n->outcome;

	if (outcome == OUTCOME_WAIVED &&
	    (n->accepted == NULL ||
		!word_parse(&words_outcome, n->accepted, &outcome)))
		return OUTCOME_FAIL;
	return (enum outcome)outcome;
}

static enum retest_result
judge(const struct retest_row *row)
{
	const struct need *n = row->now;

	if (row->why != NULL)
		return RETEST_NOT_RUN;
	if (n == NULL || !n->applies)
		return RETEST_GONE;
	if (need_works(n))
		return row->worked ? RETEST_HOLDS : RETEST_GRANTED;
	switch (own_outcome(n)) {
	case OUTCOME_NOT_APPLICABLE:
		return RETEST_GONE;
	case OUTCOME_NOT_RUN:
	case OUTCOME_TOOL_ERROR:
		return RETEST_NOT_RUN;
	case OUTCOME_UNPROVEN:
	case OUTCOME_BLOCKED_BY:
		return RETEST_UNPROVEN;
	default:
		return row->worked ? RETEST_REGRESSED : RETEST_BLOCKED;
	}
}

void
retest_judge(struct retest *t, const struct record *now)
{
	size_t i;

	memset(t->of, 0, sizeof t->of);
	for (i = 0; i < t->count; i++) {
		struct retest_row *row = &t->row[i];

		row->now = row->why == NULL ? record_need(now, row->need) :
					      NULL;
		row->result = judge(row);
		t->of[row->result]++;
	}
}

static bool
is_demanded(enum strength s)
{
	return s == STRENGTH_REQUIRED || s == STRENGTH_MUST_NOT;
}

int
retest_status(const struct retest *t, const struct record *now)
{
	int status, worst = EXIT_OK;
	size_t i;

	for (i = 0; i < t->count; i++) {
		const struct retest_row *row = &t->row[i];

		if (row->now == NULL)
			status = row->why != NULL &&
				is_demanded(row->strength) ?
			    EXIT_UNPROVEN :
			    EXIT_OK;
		else if (row->now->outcome == OUTCOME_TOOL_ERROR)
			return EXIT_TROUBLE;
		else
			status = record_need_status(now, row->now);
		/* One that failed counts more than one that is open. */
		if (status == EXIT_FAILED || worst == EXIT_OK)
			worst = status;
	}
	return worst;
}

/* --- the new edition of a request --- */

static int
by_rule_id(const void *x, const void *y)
{
	const struct export_retest_row *a = x, *b = y;

	return strcmp(a->rule_id, b->rule_id);
}

/* What only the desk knows stays, unless the flow is proved now. */
static const char *
status_now(const struct retest_row *row)
{
	if (row->result == RETEST_GRANTED || row->result == RETEST_HOLDS)
		return STATUS_VERIFIED;
	return strcmp(row->desk.status, STATUS_VERIFIED) == 0 ?
	    STATUS_REQUESTED :
	    row->desk.status;
}

void
retest_again(struct retest *t, struct export_retest *out)
{
	struct export_retest_row *all = arena_array(t->arena, t->count + 1,
	    sizeof *all);
	size_t i;

	*out = t->request;
	out->supersedes = t->digest;
	out->times++;
	for (i = 0; i < t->count; i++) {
		if (t->row[i].result == RETEST_GONE) {
			strlist_add(t->arena, &out->gone,
			    t->row[i].desk.rule_id);
			continue;
		}
		all[out->count] = t->row[i].desk;
		all[out->count++].status = status_now(&t->row[i]);
	}
	if (out->count > 0)
		qsort(all, out->count, sizeof *all, by_rule_id);
	out->row = all;
}
