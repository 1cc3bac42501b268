/* SPDX-License-Identifier: MIT */
/* The installer's working document, NAME.sitewalk: an SQLite database in
 * which every answer and every observation is on disk before the next key.
 * A run that was cut short stays visible: probes begun but not finished. */
#ifndef RECORD_SITEFILE_H
#define RECORD_SITEFILE_H

#include "core/base/error.h"
#include "core/record/model.h"

struct sitefile;

/* create: fails when path exists. open: refuses foreign, damaged and newer
 * files, each with its own sentence. Both take a lock: a second program gets
 * ERR_BUSY (several that only read share the file). read_only never writes
 * beside the file, not even a journal. */
struct sitefile *sitefile_create(const char *path, struct error *err);
struct sitefile *sitefile_open(const char *path, bool read_only,
	    struct error *err);
void	 sitefile_close(struct sitefile *f);
const char *sitefile_path(const struct sitefile *f);

/* Reads all that is stored: site, products, answers, vantage and
 * observations of the last run, equipment, attestations, deviations. Needs
 * and diagnoses are computed afterwards. Returns owned or NULL. */
struct record *sitefile_load(struct sitefile *f, struct error *err);

/* From now on the medium is waited for in sitefile_settle() only, where there
 * is something to wait for: whoever shows what was typed shows it first, then
 * calls this before waiting for the next key. A close settles by itself. */
void	 sitefile_settle_later(struct sitefile *f);
void	 sitefile_settle(struct sitefile *f);

/* A file that was deleted, moved or replaced while it is open is noticed when
 * something is saved, settled or closed: all of it is written there again, or
 * beside what stands there now, or followed to its new name in the folder.
 * moved() is told, before that call returns, with a sentence that names where
 * the work goes on. At closing also that nothing could be written (path
 * NULL); saving fails then, each time, until it can be. */
void	 sitefile_on_moved(struct sitefile *f,
	    void (*moved)(void *arg, const char *path, const char *sentence),
	    void *arg);

/* Each call is one committed transaction, safe from kill -9 when it returns
 * and from a dead battery too (sitefile_probe_started and
 * sitefile_observation: within two seconds); -1 with err on failure (a full
 * disk is ERR_FULL), and nothing is half written. */
int	 sitefile_save_site(struct sitefile *f, const struct site_info *s,
	    struct error *err) MUST_CHECK;
int	 sitefile_save_products(struct sitefile *f, const struct strlist *p,
	    struct error *err) MUST_CHECK;
int	 sitefile_save_answer(struct sitefile *f, const char *product,
	    const char *question, const char *value, struct error *err)
	    MUST_CHECK;				/* value NULL forgets it */
/* These three forget what is emptied: a value "", an answer "", a deviation
 * without owner and reason. */
int	 sitefile_save_equipment(struct sitefile *f,
	    const struct equipment *e, struct error *err) MUST_CHECK;
int	 sitefile_save_attestation(struct sitefile *f,
	    const struct attestation *t, struct error *err) MUST_CHECK;
int	 sitefile_save_deviation(struct sitefile *f,
	    const struct deviation *d, struct error *err) MUST_CHECK;
/* One that says nothing yet is forgotten. */
int	 sitefile_save_declaration(struct sitefile *f,
	    const struct declaration *d, struct error *err) MUST_CHECK;
/* What r was judged to be, without its observations, so that it can be held
 * against a later program's judgement; and that of the last run, owned, or
 * NULL where none is kept. */
int	 sitefile_save_judgement(struct sitefile *f, const struct record *r,
	    struct error *err) MUST_CHECK;
struct record *sitefile_judgement(struct sitefile *f);
/* Where the wizard stood, to resume there: opaque, one line. One that would not
 * come back whole is refused (ERR_INPUT). */
int	 sitefile_save_place(struct sitefile *f, const char *place,
	    struct error *err) MUST_CHECK;
char	*sitefile_place(struct sitefile *f, struct arena *a);

/* A run: begin (with the vantage), each probe as it starts and as it ends,
 * end. A new run keeps the older ones as history. */
int	 sitefile_run_begin(struct sitefile *f, const struct vantage *v,
	    int64_t started_us, struct error *err) MUST_CHECK;
int	 sitefile_probe_started(struct sitefile *f, const char *key,
	    struct error *err) MUST_CHECK;
int	 sitefile_observation(struct sitefile *f,
	    const struct observation *o, struct error *err) MUST_CHECK;
int	 sitefile_run_end(struct sitefile *f, int64_t ended_us, bool complete,
	    struct error *err) MUST_CHECK;

/* A run of a part, in the network of the last run, to which it belongs from
 * then on: sitefile_load() puts what it saw into the place of what was seen
 * before. `whole` says whether the record of both is complete. */
int	 sitefile_retry_begin(struct sitefile *f, const struct vantage *v,
	    int64_t started_us, struct error *err) MUST_CHECK;
/* As record_replace(), before the newer one is saved: a kill between the two
 * leaves the older one where it is. */
int	 sitefile_replaced(struct sitefile *f, const char *older,
	    const char *newer, struct error *err) MUST_CHECK;
int	 sitefile_retry_end(struct sitefile *f, int64_t ended_us,
	    bool complete, bool whole, struct error *err) MUST_CHECK;

/* Probes of the last run (or retry, if that came later) that were begun and
 * have no observation: adds their keys to `keys` (in a) and returns how many
 * there are. */
size_t	 sitefile_unfinished(struct sitefile *f, struct arena *a,
	    struct strlist *keys);

/* How the site stood when it was last judged, in short. */
struct site_standing {
	enum readiness readiness;
	size_t	 nblocks;
	char	*brief;		/* of the first of these, or "" */
	char	*language;	/* that this is in: "de" */
	char	*day;		/* of judging, 2026-11-21 */
	char	*until;		/* day on which the first acceptance that
				 * counts will end, or "" */
	char	*tool;		/* version of the program */
	struct strlist packs;	/* "z5 SHA256", one a product */
};
/* Kept for the list of sites, until the next change of anything that it may
 * follow from: whichever of the others above is saved takes it away, but for
 * the site's own data, declarations, the judgement and the place. So after a
 * kill there is none rather than one that is not so. */
int	 sitefile_save_standing(struct sitefile *f, const struct record *r,
	    struct error *err) MUST_CHECK;

/* Gives r, as it is judged now, the edition that its content is: the last one
 * again where nothing has changed since, with its day of judging, so that its
 * documents come out byte for byte as they did then; else the next one, issued
 * now. A file that is only read is given no new one: then r stays a draft,
 * which is no failure. */
int	 sitefile_issue(struct sitefile *f, struct record *r, int64_t now_us,
	    struct error *err) MUST_CHECK;

/* The same for a look at the papers: a content that was never issued stays a
 * draft. *before: the last edition of the file, in r's arena; its version is
 * 0 where there is none. */
int	 sitefile_recall(struct sitefile *f, struct record *r,
	    struct edition *before, struct error *err) MUST_CHECK;

/* What the user agreed to have sent, and when: opaque, one word. */
int	 sitefile_save_consent(struct sitefile *f, const char *consent,
	    struct error *err) MUST_CHECK;
char	*sitefile_consent(struct sitefile *f, struct arena *a);

/* A line for the list of sites, read without loading the whole. */
struct site_summary {
	char	*path;
	char	*name;		/* or "" */
	char	*problem;	/* NULL, or the sentence why it cannot open */
	int64_t	 last_run_us;
	bool	 complete;
	size_t	 nproducts;
	struct site_standing *standing;	/* NULL: not known as of now */
};
void	 sitefile_summary(const char *path, struct arena *a,
	    struct site_summary *out);

#endif
