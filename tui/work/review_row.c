/* SPDX-License-Identifier: MIT */
/* Owns what a table tells of one handover. */
#include "tui/work/review_row.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/buf.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/record/document.h"
#include "core/record/json.h"
#include "tui/work/folder.h"

#define FILE_MAX ((size_t)32 << 20)
#define SHOWN_BYTES 1000 /* of a path */
#define TEXT_BYTES 300   /* of one text */
#define WORD_BYTES 100
#define SECOND_US 1000000
#define NSEC_US 1000
#define SCHEMA "schema"
#define USUAL_NAME "handover.json"
#define FAMILY "\"sitewalk/record/"

static const struct {
	const char *name, *label;
} verdicts[REVIEW_VERDICTS] = {
    /* TRANSLATORS: this and the four below: max 10 columns */
    [REVIEW_REFUSED] = {"refused", N_("REFUSED")},
    [REVIEW_NOT_READY] = {"not-ready", N_("NOT YET")},
    [REVIEW_WITH_DEVIATIONS] = {"deviations", N_("DEVIATIONS")},
    [REVIEW_READY] = {"ready", N_("READY")},
    [REVIEW_SILENT] = {"silent", N_("NOT SAID")},
};

const char *
review_verdict_name(enum review_verdict v)
{
	return verdicts[v].name;
}

const char *
review_verdict_label(enum review_verdict v)
{
	return _(verdicts[v].label);
}

/* --- making ------------------------------------------------------------ */

/* A stranger's text for one line of a table. */
static char *
take_text(const char *s)
{
	struct arena *a = arena_new();
	char *text = mem_strdup(
	    s == NULL ? "" : text_sanitise(a, s, strlen(s), TEXT_BYTES, false));

	arena_free(a);
	return text;
}

static char *
shown_path(const char *path)
{
	struct arena *a = arena_new();
	char *text = mem_strdup(
	    text_sanitise(a, path, strlen(path), SHOWN_BYTES, false));

	arena_free(a);
	return text;
}

struct review_row *
review_row_refuse(const char *path, const char *problem)
{
	struct review_row *r = mem_alloc(sizeof *r);

	r->path = mem_strdup(path);
	r->file = shown_path(path);
	r->problem = take_text(problem);
	r->site = mem_strdup("");
	r->document = mem_strdup("");
	r->key = mem_strdup("");
	r->principal = mem_strdup("");
	r->supersedes = mem_strdup("");
	r->cause = mem_strdup("");
	r->whose = mem_strdup("");
	r->verdict = REVIEW_REFUSED;
	return r;
}

void
review_row_free(struct review_row *r)
{
	if (r == NULL)
		return;
	mem_free(r->path);
	mem_free(r->file);
	mem_free(r->site);
	mem_free(r->document);
	mem_free(r->key);
	mem_free(r->principal);
	mem_free(r->supersedes);
	mem_free(r->cause);
	mem_free(r->whose);
	mem_free(r->problem);
	mem_free(r->brief);
	mem_free(r);
}

static void
replace(char **text, const char *s)
{
	mem_free(*text);
	*text = take_text(s);
}

static enum review_verdict
verdict_of(const struct record *r)
{
	static const enum review_verdict of[] = {
	    [NOT_READY] = REVIEW_NOT_READY,
	    [READY_WITH_DEVIATIONS] = REVIEW_WITH_DEVIATIONS,
	    [READY] = REVIEW_READY,
	};

	/* Handovers of earlier versions have no answer, but they say why not:
	 * every line that was judged is in them. */
	if (r->nblocks == 0 && r->readiness == NOT_READY)
		return REVIEW_SILENT;
	return of[r->readiness];
}

static void
fill(struct review_row *row, const struct record *r)
{
	const struct block *first = r->nblocks > 0 ? &r->blocks[0] : NULL;

	replace(&row->problem, "");
	replace(&row->site, r->site.name);
	replace(&row->document, r->edition.id);
	replace(&row->supersedes, r->edition.supersedes);
	row->version = r->edition.version;
	row->checked_us = r->started_us;
	row->complete = r->complete;
	row->verdict = verdict_of(r);
	row->more = first != NULL ? r->nblocks - 1 : 0;
	replace(&row->cause, first == NULL ? "" : first->brief);
	replace(&row->whose, first == NULL ? "" : first->owner);
}

/* A JSON document of another kind, as far as can be told by its schema. */
static bool
is_other_kind(const char *data, size_t len)
{
	struct document_parts parts;
	const struct document_part *schema;
	struct error err;
	json_t *j;
	bool other;

	if (document_split(data, len, &parts, &err) == 0) {
		schema = document_part(&parts, SCHEMA);
		return schema == NULL || schema->len < strlen(FAMILY) ||
		    memcmp(data + schema->start, FAMILY, strlen(FAMILY)) != 0;
	}
	if (memmem(data, len, FAMILY, strlen(FAMILY)) != NULL)
		return false;
	j = json_read(data, len, &err);
	other = j != NULL;
	json_decref(j);
	return other;
}

/* Who calls a file so means that it is a handover. */
static bool
is_usual_name(const char *path)
{
	return strcmp(folder_base(path), USUAL_NAME) == 0;
}

static void
check_seal(struct review_row *row, const char *path, const struct buf *data,
    const struct buf *allowed)
{
	struct arena *a = arena_new();
	struct review_seal seal;

	review_seal(a, path, buf_str(data), data->len, allowed, &seal);
	row->seal = seal.verdict;
	row->seal_known = true;
	row->redacted = seal.redacted;
	replace(&row->key, seal.key);
	row->judged = seal.judged;
	row->allowed = seal.allowed;
	replace(&row->principal,
	    seal.allowed == ALLOWED_YES ? seal.principal : "");
	/* Which file it is may be told; what it claims may not. */
	if (seal.verdict == SEAL_BROKEN) {
		row->verdict = REVIEW_REFUSED;
		replace(&row->problem, seal.why);
		replace(&row->cause, "");
		replace(&row->whose, "");
		row->more = 0;
	}
	arena_free(a);
}

static void
stamp(struct review_row *row, const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		row->changed_us = (int64_t)st.st_mtim.tv_sec * SECOND_US +
		    st.st_mtim.tv_nsec / NSEC_US;
}

/* The members that the table needs, as a document of their own; false where
 * only the whole can be read. */
static bool
cut_short(const char *data, size_t len, struct buf *out)
{
	static const char *const large[] = {"requirements", "observations",
	    "earlier"};
	struct document_parts parts;
	struct error err;
	size_t i, k;

	if (document_split(data, len, &parts, &err) != 0 ||
	    !json_is_plain(data, len))
		return false;
	buf_addc(out, '{');
	for (i = 0; i < parts.count; i++) {
		const struct document_part *p = &parts.item[i];

		for (k = 0; k < sizeof large / sizeof *large; k++) {
			if (strcmp(p->name, large[k]) == 0)
				break;
		}
		if (k < sizeof large / sizeof *large)
			continue;
		buf_addf(out, "%s\"%s\":", out->len > 1 ? "," : "", p->name);
		buf_add(out, data + p->start, p->len);
	}
	buf_addc(out, '}');
	return true;
}

/* Measured with 10,000 files of 100 kB: the whole of one through the parser
 * and into a record takes 2.3 ms, nine tenths of that in the parser. So a
 * file that is laid out as this program does it is parsed without its long
 * lists; in these it is looked through for what the parser refuses (no JSON,
 * no text, a member twice, too deep), and not for what each value means. Any
 * other file is parsed as a whole. */
static struct record *
read_record(const struct buf *data, struct error *err)
{
	struct record *r = NULL;
	struct buf cut;

	buf_init(&cut, FILE_MAX);
	if (cut_short(buf_str(data), data->len, &cut))
		r = record_from_json(buf_str(&cut), cut.len, err);
	/* Its sentences then name the right place. */
	if (r == NULL)
		r = record_from_json(buf_str(data), data->len, err);
	buf_free(&cut);
	return r;
}

struct review_row *
review_row_read(const char *path, bool asked, const struct buf *allowed)
{
	struct review_row *row = NULL;
	struct error err = {0};
	struct record *r;
	struct buf data;

	buf_init(&data, FILE_MAX);
	if (file_read_still(path, FILE_MAX, !asked, &data, &err) != 0) {
		row = review_row_refuse(path, err.what);
	} else if (asked || is_usual_name(path) ||
	    !is_other_kind(buf_str(&data), data.len)) {
		row = review_row_refuse(path, "");
		r = read_record(&data, &err);
		if (r != NULL) {
			fill(row, r);
			check_seal(row, path, &data, allowed);
		} else {
			replace(&row->problem, err.what);
		}
		record_free(r);
	}
	buf_free(&data);
	if (row != NULL)
		stamp(row, path);
	return row;
}

/* --- order and choice -------------------------------------------------- */

static int64_t
age_of(const struct review_row *r)
{
	return r->checked_us != 0 ? r->checked_us : r->changed_us;
}

int
review_row_order(const struct review_row *x, const struct review_row *y)
{
	if (age_of(x) != age_of(y))
		return age_of(x) < age_of(y) ? 1 : -1;
	return strcmp(x->path, y->path);
}

/* ASCII letters without their case; all others as they are. */
static bool
holds_word(const char *text, const char *word, size_t len)
{
	size_t i;

	for (; *text != '\0'; text++) {
		for (i = 0; i < len; i++) {
			if (tolower((unsigned char)text[i]) !=
			    tolower((unsigned char)word[i]))
				break;
		}
		if (i == len)
			return true;
	}
	return false;
}

static bool
holds(const struct review_row *r, const char *word, size_t len)
{
	const char *const texts[] = {r->site, r->file, r->cause, r->whose,
	    r->key, r->principal, r->document, r->problem,
	    review_verdict_label(r->verdict), review_seal_label(r->seal)};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (holds_word(texts[i], word, len))
			return true;
	}
	return false;
}

bool
review_row_matches(const struct review_row *r, const struct review_filter *f)
{
	const char *word = f->text == NULL ? "" : f->text;
	size_t len;

	if ((f->verdicts != 0 && (f->verdicts & 1U << r->verdict) == 0) ||
	    (f->seals != 0 &&
		(!r->seal_known || (f->seals & 1U << r->seal) == 0)))
		return false;
	for (;; word += len) {
		word += strspn(word, " ");
		len = strcspn(word, " ");
		if (len == 0)
			return true;
		if (!holds(r, word, len))
			return false;
	}
}
