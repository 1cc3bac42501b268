/* SPDX-License-Identifier: MIT */
/* The rows of a request, or of a handover, measured again: what the IT desk
 * has granted since, what is still blocked, and what broke. Reads and judges;
 * the run itself is the caller's. */
#ifndef TUI_RETEST_H
#define TUI_RETEST_H

#include "core/export/export.h"
#include "tui/work/app.h"

enum retest_kind { RETEST_SITE, RETEST_HANDOVER, RETEST_REQUEST };

/* In the order in which they are told. */
enum retest_result {
	RETEST_REGRESSED,	/* it worked, and fails now */
	RETEST_BLOCKED,		/* it did not work, and fails now */
	RETEST_UNPROVEN,	/* it cannot be decided: nothing answered, or
				 * what it rests on fails */
	RETEST_NOT_RUN,		/* it was not tried */
	RETEST_GONE,		/* it is not asked of the site any more */
	RETEST_GRANTED,		/* it did not work, and works now */
	RETEST_HOLDS,		/* it worked then and works now */
	RETEST_RESULTS,
};

struct retest_row {
	const char *need;		/* the requirement's id */
	enum outcome then;
	bool	 worked;
	enum strength strength;		/* as it was then */
	struct export_retest_row desk;	/* with the rule's id */
	const char *why;		/* it cannot be measured; or NULL */
	/* by retest_judge() */
	enum retest_result result;
	const struct need *now;		/* NULL: gone, or `why` */
};

struct retest {
	struct arena *arena;
	enum retest_kind kind;
	const char *path;		/* of the file, also in a folder */
	const char *digest;		/* SHA-256 of the file that was read */
	struct edition old;		/* of the handover */
	enum request_scope scope;
	/* What the request tells beside its rows: id, how often it was
	 * measured again, parties, window. */
	struct export_retest request;
	struct retest_row *row;
	size_t	 count;
	size_t	 of[RETEST_RESULTS];
	/* Sentences on what is known before anything is sent: who vouches for
	 * the file, whom it names, which pack is another. */
	struct strlist notes;
	size_t	 unsaid;		/* notes beyond the bound */
	/* Why no new edition can take the place of the old one; or NULL. */
	const char *no_edition;
};

/* Opens a site file, a handover, a rules.json or the folder of an export; a
 * file of at most 32 MiB, a stranger's. One whose seal or signature is broken
 * is refused, and so is a masked copy. *site is what to run, kept in its file
 * only where path is a site file. only: a requirement or product, or NULL.
 * Both are owned; NULL with err. */
struct retest *retest_open(struct app *app, const char *path,
	    const char *only, struct site **site, struct error *err);
void	 retest_close(struct retest *t);	/* NULL is fine */
/* What the rows came to, by the site's record as it is now. */
void	 retest_judge(struct retest *t, const struct record *now);
/* 0, 1, 3 or 4 as design section 8, about the rows alone. */
int	 retest_status(const struct retest *t, const struct record *now);
/* What a new edition of the request is made with; in t's arena. */
void	 retest_again(struct retest *t, struct export_retest *out);

/* "granted", "still_blocked", ...: stable words; and in words for people,
 * translated. */
const char *retest_result_name(enum retest_result r);
const char *retest_result_label(enum retest_result r);

/* For retest.c and the files that read: a row, of which the desk's part is
 * filled in by the caller. */
struct retest_row *retest_add(struct retest *t, const char *rule_id,
	    const char *need);
void	 retest_note(struct retest *t, const char *sentence);
/* The pack that the file was made with, against that of this program. */
void	 retest_compare_pack(struct retest *t, const struct app *app,
	    const char *product, uint32_t version, const char *sha256);
/* An answer of the file, as this program's pack takes it. */
void	 retest_answer(struct retest *t, struct site *s, const char *product,
	    const char *question, const char *value);
/* In retest_request.c. */
int	 retest_read_request(struct retest *t, struct site *s,
	    const struct buf *data, const char *only, struct error *err);

#endif
