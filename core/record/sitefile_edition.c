/* SPDX-License-Identifier: MIT */
/* Owns the editions of a site's papers, and the secret of their salts. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/record/edition.h"
#include "core/record/sitefile.h"
#include "core/record/sitefile_db.h"

const char *
db_secret_sql(char sql[DB_SECRET_SQL_SIZE])
{
	uint8_t secret[RECORD_SECRET_SIZE];
	char hex[2 * RECORD_SECRET_SIZE + 1];
	size_t i;

	random_bytes(secret, sizeof secret);
	for (i = 0; i < sizeof secret; i++)
		sqlite3_snprintf(3, hex + 2 * i, "%02x", secret[i]);
	return sqlite3_snprintf(DB_SECRET_SQL_SIZE, sql,
	    "INSERT OR IGNORE INTO info VALUES('" SECRET "', '%s')", hex);
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

static bool
from_hex(const char *text, uint8_t out[RECORD_SECRET_SIZE])
{
	uint8_t bytes[RECORD_SECRET_SIZE];
	size_t i;

	if (strlen(text) != 2 * sizeof bytes)
		return false;
	for (i = 0; i < sizeof bytes; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	memcpy(out, bytes, sizeof bytes);
	return true;
}

bool
db_secret(struct sitefile *f, uint8_t out[RECORD_SECRET_SIZE])
{
	const struct bind name = TEXT(SECRET);
	sqlite3_stmt *s = db_bind(f, ST_LOAD_INFO, &name, 1, NULL);
	struct arena *a = arena_new();
	bool good = s != NULL && db_step(f, s, NULL) == 1 &&
	    from_hex(db_text(s, 0, a, false), out);

	if (s != NULL)
		sqlite3_reset(s);
	arena_free(a);
	return good;
}

/* As edition_id() makes it: what stands in the file may come from anybody,
 * and stands on paper next. */
static bool
is_id(const char *text)
{
	return strlen(text) == EDITION_ID_SIZE - 1 &&
	    strncmp(text, "HO-", 3) == 0 &&
	    strspn(text + 3, "0123456789abcdef") == EDITION_ID_SIZE - 4;
}

/* The last edition of the file; version 0 where there is none yet. */
struct last {
	struct edition edition;
	char *content;
	char *as_of;
};

static int
load_last(struct sitefile *f, struct arena *a, struct last *out,
    struct error *err)
{
	sqlite3_stmt *s = db_bind(f, ST_LOAD_EDITION, NULL, 0, err);
	int rc = s == NULL ? -1 : db_step(f, s, err);
	const char *before;
	int64_t version;

	memset(out, 0, sizeof *out);
	if (rc == 1) {
		version = sqlite3_column_int64(s, 0);
		out->edition = (struct edition){
		    .id = db_text(s, 1, a, false),
		    .version = version < 1 || version >= UINT32_MAX ?
			0 :
			(uint32_t)version,
		    .supersedes = db_text(s, 4, a, false),
		    .issued_us = db_time(s, 3),
		};
		out->content = db_text(s, 2, a, false);
		out->as_of = db_text(s, 5, a, false);
	}
	if (s != NULL)
		sqlite3_reset(s);
	if (rc != 1)
		return rc;
	before = out->edition.supersedes;
	if (out->edition.version != 0 && is_id(out->edition.id) &&
	    (before[0] == '\0' || is_id(before)))
		return 0;
	error_set(err, ERR_INPUT,
	    _("The site file holds an edition of its papers that cannot be "
	      "understood."));
	error_where(err, "%s", f->path);
	error_hint(err, "%s",
	    _("Use a copy of the file, or open it with the newest version of "
	      "sitewalk."));
	return -1;
}

static int
save_edition(struct sitefile *f, const struct record *r, const char *content,
    struct error *err)
{
	const struct edition *e = &r->edition;
	const struct bind values[] = {NUMBER(e->version), TEXT(e->id),
	    TEXT(content), NUMBER(e->issued_us), TEXT(e->supersedes),
	    TEXT(r->as_of == NULL ? "" : r->as_of)};
	int rc = db_run(f, ST_SAVE_EDITION, values,
	    sizeof values / sizeof *values, err);

	if (rc == 0)
		db_settle(f);
	return rc;
}

/* Whole seconds, as documents have them. */
static int64_t
whole_seconds(int64_t us)
{
	return us - us % 1000000;
}

static int
issue_next(struct sitefile *f, struct record *r, const struct last *last,
    const char *content, int64_t now_us, struct error *err)
{
	char id[EDITION_ID_SIZE];
	uint32_t version = last->edition.version + 1;

	r->edition = (struct edition){
	    .id = arena_strdup(r->arena, edition_id(content, version, id)),
	    .version = version,
	    .supersedes = arena_strdup(r->arena,
		last->edition.version == 0 ? "" : last->edition.id),
	    .issued_us = whole_seconds(now_us),
	};
	if (save_edition(f, r, content, err) == 0)
		return 0;
	edition_make_draft(r);
	return -1;
}

/* The last edition of the file, which r becomes where its content is the same;
 * else r is a draft. */
static int
recall(struct sitefile *f, struct record *r, struct last *last, char *content,
    struct error *err)
{
	edition_make_draft(r);
	memset(last, 0, sizeof *last);
	content[0] = '\0';
	if (f->version < 3)
		return 0;
	db_secret(f, r->secret);
	if (load_last(f, r->arena, last, err) != 0)
		return -1;
	record_content_digest(r, content);
	if (last->edition.version != 0 && strcmp(last->content, content) == 0) {
		r->edition = last->edition;
		r->as_of = last->as_of[0] == '\0' ? NULL : last->as_of;
	}
	return 0;
}

int
sitefile_recall(struct sitefile *f, struct record *r, struct edition *before,
    struct error *err)
{
	char content[DIGEST_HEX_SIZE];
	struct last last;
	int rc = recall(f, r, &last, content, err);

	*before = rc == 0 ? last.edition : (struct edition){0};
	return rc;
}

int
sitefile_issue(struct sitefile *f, struct record *r, int64_t now_us,
    struct error *err)
{
	char content[DIGEST_HEX_SIZE];
	struct last last;

	if (recall(f, r, &last, content, err) != 0)
		return -1;
	if (f->version < 3 || !edition_is_draft(&r->edition) || f->read_only)
		return 0;
	return issue_next(f, r, &last, content, now_us, err);
}
