/* SPDX-License-Identifier: MIT */
/* The database inside a site file: its tables, its statements, and what goes
 * wrong with it. For the sitefile_*.c files only. */
#ifndef RECORD_SITEFILE_DB_H
#define RECORD_SITEFILE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/mem.h"
#include "core/record/model.h"

#define SITEFILE_APPLICATION_ID 0x53574c4b	/* "SWLK" */
#define SITEFILE_VERSION 3		/* 2: without editions */
#define SITEFILE_OLDEST 1		/* without retries either */

enum statement {
	ST_BEGIN, ST_COMMIT, ST_ROLLBACK,
	ST_SAVE_INFO, ST_CLEAR_PRODUCTS, ST_SAVE_PRODUCT, ST_SAVE_ANSWER,
	ST_FORGET_ANSWER, ST_SAVE_EQUIPMENT, ST_FORGET_EQUIPMENT,
	ST_SAVE_ATTESTATION, ST_FORGET_ATTESTATION, ST_SAVE_DEVIATION,
	ST_FORGET_DEVIATION, ST_RUN_BEGIN, ST_RUN_END, ST_STARTED,
	ST_OBSERVATION, ST_RETRY_BEGIN, ST_REPLACED, ST_RUN_IS_WHOLE,
	ST_FORGET_INFO,
	ST_LOAD_INFO, ST_LOAD_PRODUCTS, ST_LOAD_ANSWERS, ST_LOAD_EQUIPMENT,
	ST_LOAD_ATTESTATIONS, ST_LOAD_DEVIATIONS, ST_LOAD_RUN,
	ST_LOAD_RUN_1, ST_LOAD_LAST, ST_LOAD_RETRIES, ST_LOAD_REPLACED,
	ST_LOAD_OBSERVATIONS, ST_LOAD_UNFINISHED, ST_SUMMARY,
	ST_FORGET_STANDING,
	ST_LOAD_EDITION, ST_SAVE_EDITION,
	ST_COUNT
};

struct sitefile {
	sqlite3	*db;
	sqlite3_stmt *prepared[ST_COUNT];
	char	*path;
	int	 fd;			/* holds the lock */
	bool	 read_only;
	int	 version;		/* of its tables */
	bool	 spoilt;		/* there is no standing any more */
	int64_t	 run;			/* row of the last run or retry, 0 =
					 * none */
	int64_t	 base;			/* row of the last run */
	int64_t	 settled_us;		/* monotonic: last on the medium */
	bool	 later;			/* the caller says when to settle */
	bool	 unsettled;		/* and there is something to settle */
	bool	 logged;		/* something stands in the log */
	bool	 written;		/* something, since it was opened */
	bool	 measuring;		/* keeps what comes even if lost */
	bool	 watched;		/* its path tells which it is */
	struct error lost;		/* why it has no place now, if so */
	int64_t	 tried_us;		/* monotonic: last to find one */
	unsigned char *kept;		/* all of it, while db is NULL */
	sqlite3_int64 nkept;
	void	(*moved)(void *arg, const char *path, const char *sentence);
	void	*moved_arg;
};

/* Name in the table info: see record.secret, as hex digits. */
#define SECRET "secret"

/* Names in the table info, each with a party's word after it. */
#define DECLARATION "declaration:"

/* A value to bind: text, or a number when text is NULL and is_number. */
struct bind {
	const char *text;
	int64_t	 number;
	bool	 is_number;
};
#define TEXT(s)		((struct bind){.text = (s)})
#define NUMBER(n)	((struct bind){.number = (n), .is_number = true})

/* The statement, reset and bound; NULL with err. It is the file's. */
sqlite3_stmt *db_bind(struct sitefile *f, enum statement which,
	    const struct bind *values, int count, struct error *err);
/* Runs a statement that returns no rows. */
int	 db_run(struct sitefile *f, enum statement which,
	    const struct bind *values, int count, struct error *err);
/* 1 = a row, 0 = the end, -1 = trouble. */
int	 db_step(struct sitefile *f, sqlite3_stmt *s, struct error *err);
#define DB_TEXT_MAX 65536	/* bytes: a longer one is cut when it is read */
/* Sanitised text of a column, in a; "" for anything that is no text. */
char	*db_text(sqlite3_stmt *s, int column, struct arena *a,
	    bool keep_lines);
/* A time of a column; 0 for what cannot be one. */
int64_t	 db_time(sqlite3_stmt *s, int column);
/* What the database says, as a sentence. Returns -1. */
int	 db_fail(struct sitefile *f, struct error *err);

/* Takes the standing away, before a change of what it follows from. */
int	 db_spoil(struct sitefile *f, struct error *err);
/* NULL where none is kept that can be read. */
struct site_standing *db_standing(struct sitefile *f, struct arena *a);

/* Before something is written: does the file stand at its path still? Where
 * it does not, all of it is given a place again and the user is told. */
int	 db_stay(struct sitefile *f, struct error *err);
/* At most as often as the medium is waited for in a run. */
int	 db_stay_now_and_then(struct sitefile *f, struct error *err);
/* The path is that of the file that is open. */
bool	 db_is_in_place(const struct sitefile *f);

/* Careful settings, before anything is read. */
int	 db_configure(struct sitefile *f, struct error *err);
/* Journal, and the lock against other programs that use SQLite. */
int	 db_make_writable(struct sitefile *f, struct error *err);
/* Which version its tables are of, as the database says itself: what the
 * file's first bytes say may be older than its log. */
int	 db_read_version(struct sitefile *f, struct error *err);
/* Adds the tables that an older version does not have. */
int	 db_migrate(struct sitefile *f, struct error *err);
/* Reads the last whole run of any version. */
enum statement db_load_run(const struct sitefile *f);
/* Are the tables exactly those that this program makes? */
int	 db_check_tables(struct sitefile *f, struct error *err);
int	 db_check_pages(struct sitefile *f, struct error *err);
/* The bytes of a new, empty site file; owned, for sqlite3_free(). */
unsigned char *db_new_file(sqlite3_int64 *len);
/* Moves what was committed into the file itself and onto the medium; or
 * leaves that to sitefile_settle(). */
void	 db_settle(struct sitefile *f);
void	 db_close(struct sitefile *f);
/* How much of a run a dead battery may cost. Shorter would cost the run more
 * waits for the medium, which its measurements could feel. */
#define DB_SETTLE_US 2000000

/* In sitefile_edition.c: the statement that gives a file its secret, once, and
 * reading it; false: there is none. */
#define DB_SECRET_SQL_SIZE 160
const char *db_secret_sql(char sql[DB_SECRET_SQL_SIZE]);
bool	 db_secret(struct sitefile *f, uint8_t out[RECORD_SECRET_SIZE]);

#endif
