/* SPDX-License-Identifier: MIT */
/* Owns the tables and statements of a site file, and the careful use of
 * SQLite on a file that may come from anybody.
 *
 * Why a write-ahead log: a run commits up to 80 times a second in the one
 * thread that also measures. A rollback journal waits for the medium two or
 * three times in each commit; on a hard disk or a USB stick that is more
 * time than there is. With the log a commit is one write, safe from kill -9
 * at once, and the file itself only changes in db_settle(): after every
 * thing that a person typed, at both ends of a run, and every two seconds of
 * one. A screen lets it wait for as long as it takes to show what was typed,
 * since a slow medium needs longer for it than the eye. So a dead battery
 * costs at most the last two seconds of a run, which show as probes without
 * observation, and a copy of the one file alone, even beside a program that
 * was killed, is a whole site that lacks at most those. With a rollback
 * journal such a copy could be half of a transaction. The exclusive lock keeps
 * the log's index in memory: no third file, and it works on network shares
 * too. A clean close removes the log. */
#include "core/record/sitefile_db.h"

#include <errno.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/record/sitefile.h"

#define ROW_MAX (4 << 20)
#define TIME_MAX_US INT64_C(253402300799999999) /* end of the year 9999 */

/* Compared word for word when a file is opened, so that no foreign table,
 * view, trigger or index is ever used. */
static const struct object {
	const char *name;
	const char *sql;
	int since; /* version; 0 = the first */
} objects[] = {
    {"info", "CREATE TABLE info(name TEXT PRIMARY KEY, value TEXT)"},
    {"product", "CREATE TABLE product(position INTEGER PRIMARY KEY, id TEXT)"},
    {"answer",
	"CREATE TABLE answer(product TEXT, question TEXT, value TEXT,"
	" PRIMARY KEY(product, question))"},
    {"equipment",
	"CREATE TABLE equipment(product TEXT, item TEXT, label TEXT,"
	" value TEXT, how TEXT, when_us INTEGER, PRIMARY KEY(product, item))"},
    {"attestation",
	"CREATE TABLE attestation(product TEXT, step TEXT, id TEXT,"
	" text TEXT, answer TEXT, who TEXT, when_us INTEGER,"
	" PRIMARY KEY(product, step, id))"},
    {"deviation",
	"CREATE TABLE deviation(requirement TEXT PRIMARY KEY, owner TEXT,"
	" reason TEXT, expires TEXT, initials TEXT, when_us INTEGER)"},
    {"run",
	"CREATE TABLE run(id INTEGER PRIMARY KEY, started_us INTEGER,"
	" ended_us INTEGER, complete INTEGER, vantage TEXT)"},
    {"started",
	"CREATE TABLE started(id INTEGER PRIMARY KEY, run INTEGER, key TEXT)"},
    {"observation",
	"CREATE TABLE observation(id INTEGER PRIMARY KEY, run INTEGER,"
	" key TEXT, json TEXT)"},
    {"observation_key",
	"CREATE INDEX observation_key ON observation(run, key)"},
    /* A run of a part, which belongs to a whole one. */
    {"retry", "CREATE TABLE retry(run INTEGER PRIMARY KEY, base INTEGER)", 2},
    /* Ids of observations: see record_replace(). */
    {"replaced",
	"CREATE TABLE replaced(id INTEGER PRIMARY KEY, run INTEGER,"
	" older TEXT, newer TEXT)",
	2},
    {"edition",
	"CREATE TABLE edition(version INTEGER PRIMARY KEY, id TEXT,"
	" content TEXT, issued_us INTEGER, supersedes TEXT, as_of TEXT)",
	3},
};

#define NOBJECTS (sizeof objects / sizeof *objects)

static const char *const statements[ST_COUNT] = {
    [ST_BEGIN] = "BEGIN IMMEDIATE",
    [ST_COMMIT] = "COMMIT",
    [ST_ROLLBACK] = "ROLLBACK",
    [ST_SAVE_INFO] = "INSERT INTO info VALUES(?1, ?2)"
		     " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
    [ST_CLEAR_PRODUCTS] = "DELETE FROM product",
    [ST_SAVE_PRODUCT] = "INSERT INTO product VALUES(?1, ?2)",
    [ST_SAVE_ANSWER] = "INSERT INTO answer VALUES(?1, ?2, ?3)"
		       " ON CONFLICT(product, question)"
		       " DO UPDATE SET value = excluded.value",
    [ST_FORGET_ANSWER] =
	"DELETE FROM answer WHERE product = ?1 AND question = ?2",
    [ST_SAVE_EQUIPMENT] =
	"INSERT INTO equipment VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
	" ON CONFLICT(product, item) DO UPDATE SET label = excluded.label,"
	" value = excluded.value, how = excluded.how,"
	" when_us = excluded.when_us",
    [ST_FORGET_EQUIPMENT] =
	"DELETE FROM equipment WHERE product = ?1 AND item = ?2",
    [ST_SAVE_ATTESTATION] =
	"INSERT INTO attestation VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
	" ON CONFLICT(product, step, id) DO UPDATE SET text = excluded.text,"
	" answer = excluded.answer, who = excluded.who,"
	" when_us = excluded.when_us",
    [ST_FORGET_ATTESTATION] = "DELETE FROM attestation"
			      " WHERE product = ?1 AND step = ?2 AND id = ?3",
    [ST_SAVE_DEVIATION] =
	"INSERT INTO deviation VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
	" ON CONFLICT(requirement) DO UPDATE SET owner = excluded.owner,"
	" reason = excluded.reason, expires = excluded.expires,"
	" initials = excluded.initials, when_us = excluded.when_us",
    [ST_FORGET_DEVIATION] = "DELETE FROM deviation WHERE requirement = ?1",
    [ST_RUN_BEGIN] = "INSERT INTO run(started_us, ended_us, complete, vantage)"
		     " VALUES(?1, 0, 0, ?2)",
    [ST_RUN_END] = "UPDATE run SET ended_us = ?2, complete = ?3 WHERE id = ?1",
    [ST_STARTED] = "INSERT INTO started(run, key) VALUES(?1, ?2)",
    [ST_OBSERVATION] =
	"INSERT INTO observation(run, key, json) VALUES(?1, ?2, ?3)",
    [ST_FORGET_INFO] = "DELETE FROM info WHERE name = ?1",
    [ST_RETRY_BEGIN] = "INSERT INTO retry VALUES(?1, ?2)",
    [ST_REPLACED] =
	"INSERT INTO replaced(run, older, newer) VALUES(?1, ?2, ?3)",
    [ST_RUN_IS_WHOLE] = "UPDATE run SET complete = ?2 WHERE id = ?1",
    [ST_LOAD_INFO] = "SELECT value FROM info WHERE name = ?1",
    [ST_LOAD_PRODUCTS] = "SELECT id FROM product ORDER BY position",
    [ST_LOAD_ANSWERS] =
	"SELECT product, question, value FROM answer ORDER BY rowid",
    [ST_LOAD_EQUIPMENT] =
	"SELECT product, item, label, value, how, when_us FROM equipment"
	" ORDER BY rowid",
    [ST_LOAD_ATTESTATIONS] =
	"SELECT product, step, id, text, answer, who, when_us,"
	" (SELECT value FROM info WHERE name ="
	"  'reason:' || product || '.' || step || '.' || id)"
	" FROM attestation ORDER BY rowid",
    [ST_LOAD_DEVIATIONS] =
	"SELECT requirement, owner, reason, expires, initials, when_us"
	" FROM deviation ORDER BY rowid",
    [ST_LOAD_RUN] =
	"SELECT id, started_us, ended_us, complete, vantage FROM run"
	" WHERE id NOT IN (SELECT run FROM retry)"
	" ORDER BY id DESC LIMIT 1",
    [ST_LOAD_RUN_1] =
	"SELECT id, started_us, ended_us, complete, vantage FROM run"
	" ORDER BY id DESC LIMIT 1",
    [ST_LOAD_LAST] = "SELECT max(id) FROM run",
    [ST_LOAD_RETRIES] =
	"SELECT run.id, started_us, ended_us, complete, vantage"
	" FROM run JOIN retry ON run.id = retry.run WHERE retry.base = ?1"
	" ORDER BY run.id",
    [ST_LOAD_REPLACED] =
	"SELECT older, newer FROM replaced WHERE run = ?1 ORDER BY id",
    [ST_LOAD_OBSERVATIONS] =
	"SELECT json FROM observation WHERE run = ?1 ORDER BY id",
    /* A probe of a name is begun once and observed once for each address
     * that the name has, so its key is the beginning of theirs. */
    [ST_LOAD_UNFINISHED] =
	"SELECT key, count(*) FROM started AS s WHERE run = ?1"
	" GROUP BY key HAVING count(*) >"
	" (SELECT count(*) FROM observation AS o WHERE o.run = ?1 AND"
	"  (o.key = s.key OR"
	"   (o.key > s.key || ' @' AND o.key < s.key || ' A')))"
	" ORDER BY min(id)",
    [ST_SUMMARY] = "SELECT (SELECT value FROM info WHERE name = 'name'),"
		   " (SELECT count(*) FROM product)",
    [ST_FORGET_STANDING] = "DELETE FROM info WHERE name = 'standing'",
    [ST_LOAD_EDITION] =
	"SELECT version, id, content, issued_us, supersedes, as_of"
	" FROM edition ORDER BY version DESC LIMIT 1",
    [ST_SAVE_EDITION] = "INSERT INTO edition VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
};

static const struct {
	int code;
	enum error_code error;
	const char *sentence;
	const char *hint;
} troubles[] = {
    {SQLITE_FULL, ERR_FULL,
	N_("There is no room left where the site file is, so the last entry "
	   "was not saved."),
	N_("Make room there. What was saved before is safe.")},
    {SQLITE_BUSY, ERR_BUSY, N_("Another program is using this site file."),
	N_("Close it there, then open it here again.")},
    {SQLITE_CORRUPT, ERR_INPUT, N_("The site file is damaged."),
	N_("Use a copy of the file, or begin a new site.")},
    {SQLITE_NOTADB, ERR_INPUT, N_("The site file is damaged."),
	N_("Use a copy of the file, or begin a new site.")},
    {SQLITE_READONLY, ERR_SYSTEM, N_("The site file cannot be written."),
	N_("Copy it to a folder where you may write, and open the copy.")},
    {SQLITE_PERM, ERR_SYSTEM, N_("The site file cannot be written."),
	N_("Copy it to a folder where you may write, and open the copy.")},
    {SQLITE_CANTOPEN, ERR_SYSTEM,
	N_("The folder of the site file cannot be written."),
	N_("Copy it to a folder where you may write, and open the copy.")},
    {SQLITE_TOOBIG, ERR_INPUT, N_("An entry is too large for the site file."),
	N_("Shorten it.")},
};

/* What the system said last about the file or its log. What SQLite calls the
 * system's errno has been overwritten by its cleaning up. */
static int
last_errno(sqlite3 *db, int which_file)
{
	sqlite3_file *file = NULL;
	int errnum = 0;

	if (sqlite3_file_control(db, "main", which_file, &file) != SQLITE_OK ||
	    file == NULL || file->pMethods == NULL)
		return 0;
	file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &errnum);
	return errnum;
}

static bool
is_full(sqlite3 *db, int code)
{
	static const int files[] = {SQLITE_FCNTL_FILE_POINTER,
	    SQLITE_FCNTL_JOURNAL_POINTER};
	size_t i;

	for (i = 0; i < 2 && code == SQLITE_IOERR; i++) {
		int errnum = last_errno(db, files[i]);

		if (errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG)
			return true;
	}
	return false;
}

int
db_fail(struct sitefile *f, struct error *err)
{
	int code = f->db == NULL ? SQLITE_NOMEM : sqlite3_errcode(f->db) & 0xff;
	size_t i;

	if (f->db == NULL && f->lost.code != ERR_NONE) {
		if (err != NULL)
			*err = f->lost;
		return -1;
	}
	if (code == SQLITE_NOMEM)
		mem_fatal("out of memory");
	if (is_full(f->db, code))
		code = SQLITE_FULL;
	for (i = 0; i < sizeof troubles / sizeof *troubles; i++) {
		if (troubles[i].code != code)
			continue;
		error_set(err, troubles[i].error, "%s",
		    _(troubles[i].sentence));
		error_where(err, "%s", f->path);
		error_hint(err, "%s", _(troubles[i].hint));
		return -1;
	}
	error_set(err, ERR_SYSTEM,
	    _("The site file cannot be used, the database says: %s"),
	    sqlite3_errmsg(f->db));
	error_where(err, "%s", f->path);
	return -1;
}

static int
bind_value(sqlite3_stmt *s, int at, const struct bind *value)
{
	if (value->is_number)
		return sqlite3_bind_int64(s, at, value->number);
	return sqlite3_bind_text(s, at, value->text, -1, SQLITE_STATIC);
}

sqlite3_stmt *
db_bind(struct sitefile *f, enum statement which, const struct bind *values,
    int count, struct error *err)
{
	sqlite3_stmt **s = &f->prepared[which];
	int i, rc = SQLITE_OK;

	if (*s == NULL)
		rc = sqlite3_prepare_v3(f->db, statements[which], -1,
		    SQLITE_PREPARE_PERSISTENT, s, NULL);
	else
		sqlite3_reset(*s);
	for (i = 0; i < count && rc == SQLITE_OK; i++)
		rc = bind_value(*s, i + 1, &values[i]);
	if (rc == SQLITE_OK)
		return *s;
	db_fail(f, err);
	return NULL;
}

int
db_step(struct sitefile *f, sqlite3_stmt *s, struct error *err)
{
	int rc = sqlite3_step(s);

	if (rc == SQLITE_ROW)
		return 1;
	/* The statement must not keep the file busy. */
	if (rc != SQLITE_DONE)
		db_fail(f, err);
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
db_run(struct sitefile *f, enum statement which, const struct bind *values,
    int count, struct error *err)
{
	sqlite3_stmt *s;

	/* The beginning of something that is written. */
	if (f->db == NULL || sqlite3_get_autocommit(f->db)) {
		if (!f->measuring && db_stay(f, err) != 0)
			return -1;
		f->written = f->logged = true;
	}
	s = db_bind(f, which, values, count, err);
	return s == NULL ? -1 : db_step(f, s, err);
}

char *
db_text(sqlite3_stmt *s, int column, struct arena *a, bool keep_lines)
{
	const void *text = NULL;
	int len = 0;

	if (sqlite3_column_type(s, column) == SQLITE_TEXT) {
		text = sqlite3_column_text(s, column);
		len = sqlite3_column_bytes(s, column);
	}
	if (text == NULL)
		return arena_strdup(a, "");
	return text_sanitise(a, text, (size_t)len, DB_TEXT_MAX, keep_lines);
}

int64_t
db_time(sqlite3_stmt *s, int column)
{
	int64_t value = sqlite3_column_int64(s, column);

	return value < 0 || value > TIME_MAX_US ? 0 : value;
}

static int
execute(struct sitefile *f, const char *sql, struct error *err)
{
	if (sqlite3_exec(f->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return db_fail(f, err);
}

int
db_configure(struct sitefile *f, struct error *err)
{
	static const struct {
		int name, value;
	} switches[] =
	    {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
		{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
	    },
	  limits[] = {
	      {SQLITE_LIMIT_LENGTH, ROW_MAX},
	      {SQLITE_LIMIT_SQL_LENGTH, 100000},
	      {SQLITE_LIMIT_COLUMN, 20},
	      {SQLITE_LIMIT_EXPR_DEPTH, 20},
	      {SQLITE_LIMIT_ATTACHED, 0},
	      {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
	      {SQLITE_LIMIT_WORKER_THREADS, 0},
	  };
	size_t i;

	for (i = 0; i < sizeof switches / sizeof *switches; i++)
		sqlite3_db_config(f->db, switches[i].name, switches[i].value,
		    NULL);
	for (i = 0; i < sizeof limits / sizeof *limits; i++)
		sqlite3_limit(f->db, limits[i].name, limits[i].value);
	/* The lock first: what reads before it makes SQLite put the index of
	 * the log into a file of its own, for which there may be no room. */
	return execute(f,
	    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cell_size_check = ON;"
	    "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
	    "PRAGMA synchronous = NORMAL;",
	    err);
}

int
db_make_writable(struct sitefile *f, struct error *err)
{
	if (execute(f,
		"PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
		"BEGIN IMMEDIATE; COMMIT;",
		err) != 0)
		return -1;
	db_settle(f);
	return 0;
}

int
db_read_version(struct sitefile *f, struct error *err)
{
	sqlite3_stmt *s;
	int rc;

	if (sqlite3_prepare_v2(f->db, "PRAGMA user_version", -1, &s, NULL) !=
	    SQLITE_OK)
		return db_fail(f, err);
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		f->version = sqlite3_column_int(s, 0);
	else
		db_fail(f, err);
	sqlite3_finalize(s);
	return rc == SQLITE_ROW ? 0 : -1;
}

enum statement
db_load_run(const struct sitefile *f)
{
	return f->version < 2 ? ST_LOAD_RUN_1 : ST_LOAD_RUN;
}

int
db_migrate(struct sitefile *f, struct error *err)
{
	char pragma[64], secret[DB_SECRET_SQL_SIZE];
	size_t i;
	int rc;

	if (f->version >= SITEFILE_VERSION)
		return 0;
	sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA user_version = %d;",
	    SITEFILE_VERSION);
	rc = execute(f, "BEGIN IMMEDIATE", err);
	for (i = 0; rc == 0 && i < NOBJECTS; i++) {
		if (objects[i].since > f->version)
			rc = execute(f, objects[i].sql, err);
	}
	if (rc == 0)
		rc = execute(f, db_secret_sql(secret), err);
	if (rc == 0)
		rc = execute(f, pragma, err);
	if (rc == 0)
		rc = execute(f, "COMMIT", err);
	if (rc != 0) {
		if (!sqlite3_get_autocommit(f->db))
			(void)execute(f, "ROLLBACK", NULL);
		return rc;
	}
	f->version = SITEFILE_VERSION;
	db_settle(f);
	return 0;
}

static size_t
count_objects(const struct sitefile *f)
{
	size_t i, n = 0;

	for (i = 0; i < NOBJECTS; i++)
		n += objects[i].since <= f->version;
	return n;
}

static bool
is_own_table(const struct sitefile *f, sqlite3_stmt *s)
{
	const char *name = (const char *)sqlite3_column_text(s, 0);
	const char *sql = (const char *)sqlite3_column_text(s, 1);
	size_t i;

	for (i = 0; name != NULL && sql != NULL && i < NOBJECTS; i++) {
		if (strcmp(objects[i].name, name) == 0 &&
		    objects[i].since <= f->version)
			return strcmp(objects[i].sql, sql) == 0;
	}
	return false;
}

static int
fail_foreign_tables(struct sitefile *f, struct error *err)
{
	error_set(err, ERR_INPUT,
	    _("The site file does not hold what this program puts there."));
	error_where(err, "%s", f->path);
	error_hint(err, "%s",
	    _("Another program changed it. Use a copy of the file."));
	return -1;
}

int
db_check_tables(struct sitefile *f, struct error *err)
{
	/* What SQLite adds itself for keys has no text. */
	static const char
	    sql[] = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL";
	sqlite3_stmt *s;
	size_t own = 0, all = count_objects(f);
	int rc;

	if (sqlite3_prepare_v2(f->db, sql, -1, &s, NULL) != SQLITE_OK)
		return db_fail(f, err);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		if (!is_own_table(f, s))
			break;
		own++;
	}
	if (rc == SQLITE_ROW || (rc == SQLITE_DONE && own != all))
		fail_foreign_tables(f, err);
	else if (rc != SQLITE_DONE)
		db_fail(f, err);
	sqlite3_finalize(s);
	return rc == SQLITE_DONE && own == all ? 0 : -1;
}

int
db_check_pages(struct sitefile *f, struct error *err)
{
	const char *result;
	sqlite3_stmt *s;
	bool good = false;

	if (sqlite3_prepare_v2(f->db, "PRAGMA quick_check(1)", -1, &s, NULL) !=
	    SQLITE_OK)
		return db_fail(f, err);
	if (sqlite3_step(s) == SQLITE_ROW) {
		result = (const char *)sqlite3_column_text(s, 0);
		good = result != NULL && strcmp(result, "ok") == 0;
	}
	sqlite3_finalize(s);
	if (good)
		return 0;
	error_set(err, ERR_INPUT, _("The site file is damaged."));
	error_where(err, "%s", f->path);
	error_hint(err, "%s",
	    _("Use a copy of the file, or begin a new site."));
	return -1;
}

unsigned char *
db_new_file(sqlite3_int64 *len)
{
	struct sitefile f = {0};
	unsigned char *data = NULL;
	char pragmas[96], secret[DB_SECRET_SQL_SIZE];
	size_t i;
	int rc;

	sqlite3_snprintf(sizeof pragmas, pragmas,
	    "PRAGMA application_id = %d; PRAGMA user_version = %d;",
	    SITEFILE_APPLICATION_ID, SITEFILE_VERSION);
	rc = sqlite3_open(":memory:", &f.db);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(f.db, pragmas, NULL, NULL, NULL);
	for (i = 0; i < NOBJECTS && rc == SQLITE_OK; i++)
		rc = sqlite3_exec(f.db, objects[i].sql, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(f.db, db_secret_sql(secret), NULL, NULL,
		    NULL);
	if (rc == SQLITE_OK)
		data = sqlite3_serialize(f.db, "main", len, 0);
	sqlite3_close(f.db);
	if (data == NULL)
		mem_fatal("a new database could not be made");
	return data;
}

void
db_close(struct sitefile *f)
{
	size_t i;

	for (i = 0; i < ST_COUNT; i++)
		sqlite3_finalize(f->prepared[i]);
	sqlite3_close(f->db);
	memset(f->prepared, 0, sizeof f->prepared);
	f->db = NULL;
}
