/* SPDX-License-Identifier: MIT */
/* Owns a table of handovers. */
#include "tui/work/review_table.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/request/csv.h"
#include "core/record/codec.h"
#include "core/record/json.h"
#include "tui/work/review_seal.h"
#include "tui/work/say.h"
#include "tui/work/words.h"

#define SCHEMA "sitewalk/review/1"
#define WHEN_COLS 18
#define WORD_COLS 12
#define SUMMARY_BYTES 1000
#define INDENT 4
#define CANDIDATES_MAX 16 /* that say they take the place of one document */

/* --- rows -------------------------------------------------------------- */

static int
in_order(const void *x, const void *y)
{
	struct review_row *const *a = x, *const *b = y;

	return review_row_order(*a, *b);
}

/* --- editions ---------------------------------------------------------- */

static int
by_document(const void *x, const void *y)
{
	struct review_row *const *a = x, *const *b = y;

	return strcmp((*a)->document, (*b)->document);
}

static int
by_supersedes(const void *x, const void *y)
{
	struct review_row *const *a = x, *const *b = y;

	return strcmp((*a)->supersedes, (*b)->supersedes);
}

/* Anybody can write that his file takes the place of another. Of a signed one
 * only the same key can say so, or one that is trusted. */
static bool
is_newer(const struct review_row *now, const struct review_row *then)
{
	if (now->version <= then->version)
		return false;
	return then->seal != SEAL_SIGNED ||
	    (now->seal == SEAL_SIGNED &&
		(strcmp(now->key, then->key) == 0 ||
		    (now->judged && now->allowed == ALLOWED_YES)));
}

/* Rows of which text(row) says something, in its order. */
static struct review_row **
sort_rows(const struct review_table *t, bool by_what_it_supersedes,
    size_t *count)
{
	struct review_row **list = mem_array(t->count + 1, sizeof *list);
	size_t i;

	*count = 0;
	for (i = 0; i < t->count; i++) {
		struct review_row *r = t->row[i];
		const char *text = by_what_it_supersedes ? r->supersedes :
							   r->document;

		if (text[0] != '\0' && r->verdict != REVIEW_REFUSED)
			list[(*count)++] = r;
	}
	if (*count > 0)
		qsort(list, *count, sizeof *list,
		    by_what_it_supersedes ? by_supersedes : by_document);
	return list;
}

static void
mark_superseded(const struct review_table *t)
{
	size_t i, k, first = 0, nolder, nnewer;
	struct review_row **older = sort_rows(t, false, &nolder);
	struct review_row **newer = sort_rows(t, true, &nnewer);

	for (i = 0; i < nolder; i++) {
		older[i]->newer = NULL;
		while (first < nnewer &&
		    strcmp(newer[first]->supersedes, older[i]->document) < 0)
			first++;
		for (k = first; k < nnewer && k < first + CANDIDATES_MAX &&
		     older[i]->newer == NULL &&
		     strcmp(newer[k]->supersedes, older[i]->document) == 0;
		     k++) {
			if (is_newer(newer[k], older[i]))
				older[i]->newer = newer[k];
		}
	}
	mem_free(older);
	mem_free(newer);
}

void
review_table_choose(struct review_table *t)
{
	size_t i;

	t->shown = mem_grow(t->shown, t->count + 1,
	    sizeof(struct review_row *));
	t->nshown = 0;
	for (i = 0; i < t->count; i++) {
		if (review_row_matches(t->row[i], &t->filter))
			t->shown[t->nshown++] = t->row[i];
	}
}

void
review_table_take(struct review_table *t, struct reading *r)
{
	size_t before = t->count;

	reading_take(r, &t->row, &t->count, &t->state);
	if (t->count == before && t->shown != NULL)
		return;
	if (t->count > 0)
		qsort(t->row, t->count, sizeof(struct review_row *), in_order);
	mark_superseded(t);
	review_table_choose(t);
}

void
review_table_free(struct review_table *t)
{
	size_t i;

	for (i = 0; i < t->count; i++)
		review_row_free(t->row[i]);
	mem_free(t->row);
	mem_free(t->shown);
	memset(t, 0, sizeof *t);
}

/* --- beside the rows --------------------------------------------------- */

static void
add_count(struct buf *out, const char *label, size_t n)
{
	if (n > 0)
		buf_addf(out, "%s%s: %zu", out->len > 0 ? ", " : "", label, n);
}

char *
review_table_summary(const struct review_table *t, struct arena *a)
{
	size_t of[REVIEW_VERDICTS] = {0}, seals[REVIEW_SEALS] = {0}, i;
	struct buf b;
	char *text;

	for (i = 0; i < t->nshown; i++) {
		of[t->shown[i]->verdict]++;
		seals[t->shown[i]->seal] += t->shown[i]->seal_known;
	}
	buf_init(&b, SUMMARY_BYTES);
	for (i = 0; i < REVIEW_VERDICTS; i++)
		add_count(&b, review_verdict_label((enum review_verdict)i),
		    of[i]);
	add_count(&b, review_seal_label(SEAL_BROKEN), seals[SEAL_BROKEN]);
	text = arena_printf(a,
	    P_("%1$zu file. %2$s", "%1$zu files. %2$s", t->nshown), t->nshown,
	    buf_str(&b));
	buf_free(&b);
	return text;
}

void
review_table_notes(const struct review_table *t, struct arena *a,
    struct strlist *out)
{
	const struct reading_state *s = &t->state;
	size_t unread = s->found > s->read ? s->found - s->read : 0;

	if (s->stopped && unread > 0)
		strlist_add(a, out,
		    arena_printf(a,
			P_("The reading was stopped: %zu file was not read.",
			    "The reading was stopped: %zu files were not read.",
			    unread),
			unread));
	if (t->count > t->nshown)
		strlist_add(a, out,
		    arena_printf(a,
			P_("%zu other file does not match the filter.",
			    "%zu other files do not match the filter.",
			    t->count - t->nshown),
			t->count - t->nshown));
	if (s->others > 0)
		strlist_add(a, out,
		    arena_printf(a,
			P_("%zu file is a document of another kind.",
			    "%zu files are documents of another kind.",
			    s->others),
			s->others));
	if (s->left_out > 0)
		strlist_add(a, out,
		    arena_printf(a,
			P_("%zu file or folder was left out: there are too "
			   "many, or it lies too deep.",
			    "%zu files or folders were left out: there are too "
			    "many, or they lie too deep.",
			    s->left_out),
			s->left_out));
}

/* --- as text ----------------------------------------------------------- */

static void
add_column(struct buf *out, const char *text, int width)
{
	int space = width - text_width(text);

	buf_adds(out, text);
	buf_fill(out, ' ', space > 0 ? (size_t)space : 1);
}

static const char *
signer_text(struct arena *a, const struct review_row *r)
{
	if (!r->judged)
		return arena_printf(a, _("Signed by %s"), r->key);
	return r->allowed == ALLOWED_YES ?
	    arena_printf(a, _("Signed by %1$s with the key %2$s"), r->principal,
		r->key) :
	    arena_printf(a,
		_("Signed by the key %s, which you do not trust for that"),
		r->key);
}

/* Nothing is cut: a long name only ends the line later. */
static void
add_row(struct buf *out, struct arena *a, const struct review_row *r)
{
	add_column(out,
	    r->checked_us == 0 ? _("never checked") :
				 words_when(a, r->checked_us),
	    WHEN_COLS);
	add_column(out, review_verdict_label(r->verdict), WORD_COLS);
	add_column(out,
	    r->redacted       ? _("copy") :
		r->seal_known ? review_seal_label(r->seal) :
				"-",
	    WORD_COLS);
	buf_addf(out, "%s\n", *r->site != '\0' ? r->site : _("(no name)"));
	if (*r->problem != '\0')
		say_wrap(out, r->problem, INDENT);
	if (*r->cause != '\0')
		say_wrap(out,
		    r->more == 0 ?
			arena_printf(a, _("%1$s (whose: %2$s)"), r->cause,
			    r->whose) :
			arena_printf(a, _("%1$s (whose: %2$s), and %3$zu more"),
			    r->cause, r->whose, r->more),
		    INDENT);
	if (!r->complete && r->checked_us != 0)
		say_wrap(out, _("The check was cut short."), INDENT);
	if (r->newer != NULL)
		say_wrap(out,
		    arena_printf(a, _("Superseded by edition %1$u, in %2$s"),
			r->newer->version, r->newer->file),
		    INDENT);
	if (*r->key != '\0')
		say_wrap(out, signer_text(a, r), INDENT);
	buf_addf(out, "%*s%s\n", INDENT, "", r->file);
}

void
review_table_text(const struct review_table *t, struct buf *out)
{
	struct arena *a = arena_new();
	struct strlist notes = {0};
	size_t i;

	for (i = 0; i < t->nshown; i++)
		add_row(out, a, t->shown[i]);
	if (t->nshown > 0)
		buf_addc(out, '\n');
	say_wrap(out, review_table_summary(t, a), 0);
	say_wrap(out,
	    _("The verdict is what each file says of itself; opening one shows "
	      "what this program makes of it."),
	    0);
	review_table_notes(t, a, &notes);
	for (i = 0; i < notes.count; i++)
		say_wrap(out, notes.item[i], 0);
	arena_free(a);
}

/* --- as JSON ----------------------------------------------------------- */

static json_t *
row_json(const struct review_row *r)
{
	json_t *j = json_object();
	char iso[CLOCK_ISO_SIZE];

	codec_set(j, "file", json_string(r->file));
	codec_set(j, "site", json_string(r->site));
	codec_set(j, "document", json_string(r->document));
	codec_set(j, "version", json_integer(r->version));
	codec_set(j, "checked",
	    r->checked_us == 0 ?
		json_null() :
		json_string(clock_iso(r->checked_us, false, iso)));
	codec_set(j, "complete", json_boolean(r->complete));
	codec_set(j, "verdict", json_string(review_verdict_name(r->verdict)));
	codec_set(j, "seal",
	    r->seal_known ? json_string(review_seal_name(r->seal)) :
			    json_null());
	codec_set(j, "signed_by", json_string(r->key));
	codec_set(j, "principal", json_string(r->principal));
	codec_set(j, "allowed",
	    r->judged ? json_string(review_allowed_name(r->allowed)) :
			json_null());
	codec_set(j, "supersedes", json_string(r->supersedes));
	codec_set(j, "superseded_by",
	    r->newer == NULL ? json_null() : json_string(r->newer->file));
	codec_set(j, "redacted", json_boolean(r->redacted));
	codec_set(j, "cause", json_string(r->cause));
	codec_set(j, "whose", json_string(r->whose));
	codec_set(j, "more_causes", json_integer((json_int_t)r->more));
	codec_set(j, "problem", json_string(r->problem));
	return j;
}

void
review_table_json(const struct review_table *t, struct buf *out)
{
	json_t *j = json_object(), *list = json_array();
	size_t i;

	for (i = 0; i < t->nshown; i++)
		codec_add(list, row_json(t->shown[i]));
	codec_set(j, "schema", json_string(SCHEMA));
	codec_set(j, "complete", json_boolean(!t->state.stopped));
	codec_set(j, "found", json_integer((json_int_t)t->state.found));
	codec_set(j, "others", json_integer((json_int_t)t->state.others));
	codec_set(j, "left_out", json_integer((json_int_t)t->state.left_out));
	codec_set(j, "handovers", list);
	json_write(j, out);
	json_decref(j);
}

/* --- as CSV ------------------------------------------------------------ */

static void
add_cell(struct buf *out, const char *s, bool last)
{
	csv_cell(out, s);
	buf_adds(out, last ? "\r\n" : ",");
}

static void
add_cells(struct buf *out, struct arena *a, const struct review_row *r)
{
	char iso[CLOCK_ISO_SIZE];

	add_cell(out, r->site, false);
	add_cell(out,
	    r->checked_us == 0 ? "" : clock_iso(r->checked_us, false, iso),
	    false);
	add_cell(out, r->complete ? "yes" : "no", false);
	add_cell(out, review_verdict_name(r->verdict), false);
	add_cell(out, r->seal_known ? review_seal_name(r->seal) : "", false);
	add_cell(out, r->key, false);
	add_cell(out, r->redacted ? "yes" : "no", false);
	add_cell(out, r->cause, false);
	add_cell(out, r->whose, false);
	add_cell(out, arena_printf(a, "%zu", r->more), false);
	add_cell(out, r->document, false);
	add_cell(out, arena_printf(a, "%u", r->version), false);
	add_cell(out, r->problem, false);
	add_cell(out, r->file, false);
	add_cell(out, r->principal, false);
	add_cell(out, r->judged ? review_allowed_name(r->allowed) : "", false);
	add_cell(out, r->supersedes, false);
	add_cell(out, r->newer == NULL ? "" : r->newer->file, true);
}

void
review_table_csv(const struct review_table *t, struct buf *out)
{
	struct arena *a = arena_new();
	size_t i;

	buf_adds(out,
	    "site,checked,complete,verdict,seal,signed_by,redacted,cause,whose,"
	    "more_causes,document,version,problem,file,principal,allowed,"
	    "supersedes,superseded_by\r\n");
	for (i = 0; i < t->nshown; i++)
		add_cells(out, a, t->shown[i]);
	arena_free(a);
}
