/* SPDX-License-Identifier: MIT */
/* What the faces share: packs, trust, one opened site, and a run that is
 * journalled as it goes. Composes the core; draws and prints nothing. */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <event2/event.h>

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/pack/pack.h"
#include "core/record/model.h"
#include "core/record/sitefile.h"
#include "core/run/run.h"

struct app_options {
	const char *packs_dir;		/* --packs */
	const char *ca_bundle;		/* --ca-bundle */
	const char *interface;		/* --interface */
	const char *only;		/* --only */
	enum pace_mode pace;		/* --pace polite|fast */
	uint64_t order;			/* --order, or 0: as planned */
	const char *theme;		/* --theme, or NULL: as chosen */
	const char *signs;		/* --ascii, --utf8, or NULL */
	const struct strlist *review;	/* what to read at first, or NULL */
	const char *allowed;		/* --allowed-signers, or NULL */
};

struct app {
	struct app_options opt;
	struct pack_set *packs;
	struct trust *trust;		/* NULL until a run needs it */
	struct pack_vocabulary vocab;	/* the probe table's names */
	struct buf allowed;		/* whose keys are trusted, */
	bool	 has_allowed;		/* where that is known */
	/* Told what became of a site's file that was moved away while it is
	 * open: see sitefile_on_moved(). A sentence on standard error, if no
	 * face asks for it. */
	void	(*moved)(void *arg, const char *path, const char *sentence);
	void	*moved_arg;
};

/* Loads the packs. -1 with err. */
int	 app_init(struct app *app, const struct app_options *opt,
	    struct error *err) MUST_CHECK;
/* The same for a command, which tells on standard error what was left out of
 * the packs. */
int	 app_init_told(struct app *app, const struct app_options *opt,
	    struct error *err) MUST_CHECK;
void	 app_fini(struct app *app);
/* The allowed signers, or NULL where none are known; borrowed. */
const struct buf *app_allowed(const struct app *app);

/* One site at work: a record, and its file unless it is for this run only. */
struct site {
	struct app *app;
	struct sitefile *file;		/* NULL: not kept */
	struct record *record;
	bool	 read_only;		/* a handover under review: as it was
					 * written, never judged or changed */
	struct run *run;		/* NULL: none under way */
	struct run *ended;		/* the last one, kept for a while */
	enum run_background background;	/* what becomes of background tests */
	bool	 kept;			/* no run, but background tests go on */
	bool	 retrying;		/* `run` is of a part */
	struct strlist only_needs;	/* site_run_start() measures these
					 * alone; empty: all that --only says */
	struct site_run *runs;		/* of `run`, `ended`, and older ones of
					 * which background tests go on */
	struct error save_error;	/* first failure to journal, if any */
	void	(*observed)(void *arg, const struct observation *o);
	void	(*changed)(void *arg, size_t task);
	void	(*done)(void *arg, bool complete);
	void	(*settled)(void *arg);	/* the last of the kept has ended */
	void	*arg;
};

/* For site.c and site_run.c. */
void	 site_run_close(struct site *s);

struct site *site_create(struct app *app, const char *path,
	    struct error *err);		/* path NULL: not kept */
struct site *site_open(struct app *app, const char *path, bool read_only,
	    struct error *err);
void	 site_close(struct site *s);	/* cancels a run; NULL is fine */
/* Builds needs from the answers and judges, as of today. After any change. */
void	 site_assess(struct site *s);
/* Gives the record its edition, before its papers are written; see
 * sitefile_issue(). A draft it stays without a file, in a file that cannot be
 * written, and while a run goes on. */
int	 site_issue(struct site *s, struct error *err) MUST_CHECK;
/* The same for a look at them, which issues none; see sitefile_recall(). */
int	 site_recall(struct site *s, struct edition *before,
	    struct error *err) MUST_CHECK;
/* -1 with err where it is a handover under review. */
int	 site_can_change(const struct site *s, struct error *err) MUST_CHECK;
/* Changes the record and the file together; -1 leaves both as they were. */
int	 site_set_info(struct site *s, const struct site_info *info,
	    struct error *err) MUST_CHECK;
int	 site_set_products(struct site *s, const struct strlist *products,
	    struct error *err) MUST_CHECK;
/* typed is checked and normalised by answer_check(); NULL forgets. */
int	 site_set_answer(struct site *s, const char *product,
	    const char *question, const char *typed, struct error *err)
	    MUST_CHECK;
int	 site_write_down(struct site *s, const struct equipment *e,
	    struct error *err) MUST_CHECK;
int	 site_attest(struct site *s, const struct attestation *t,
	    struct error *err) MUST_CHECK;
/* What a party fills in, and what it declares; nothing filled in forgets. */
int	 site_declare(struct site *s, const struct declaration *d,
	    struct error *err) MUST_CHECK;
/* Without owner and reason: what was accepted is taken back. */
int	 site_deviate(struct site *s, const struct deviation *d,
	    struct error *err) MUST_CHECK;

/* -1 with err where one is under way, or it is a handover under review. */
int	 site_can_run(const struct site *s, struct error *err) MUST_CHECK;
/* Reads the vantage, forgets the last run's observations (the file keeps
 * them as history), starts. The callbacks in s must be set. */
int	 site_run_start(struct site *s, struct event_base *base,
	    struct error *err) MUST_CHECK;
void	 site_run_cancel(struct site *s);	/* and what is kept of it */
/* One task of the run under way, by its index; the rest goes on. What it has
 * seen is kept, and it counts as cancelled. */
void	 site_run_cancel_task(struct site *s, size_t task);
/* Measures again what these needs (NULL: all) rest on, and nothing else. What
 * was seen before is kept as earlier evidence (record.earlier), all else of
 * the last run stays as it is. Callbacks as with site_run_start(); done() is
 * told whether this retry came to its end, and record.complete whether the
 * whole is. ERR_USAGE: no run to add to, nothing to measure, or the laptop
 * does not stand where it stood; everything has to be checked again then.
 * Background tests of runs before go on, but for those that are among what is
 * measured again. */
int	 site_run_retry(struct site *s, struct event_base *base,
	    const struct strlist *needs, struct error *err) MUST_CHECK;
/* How many background tests go on, of the run under way and those before. */
size_t	 site_background(const struct site *s);
/* Frees what the last run left; before its event base is freed. */
void	 site_run_forget(struct site *s);

/* $XDG_DATA_HOME/sitewalk/sites: where new sites are kept and listed. */
char	*app_sites_dir(struct arena *a);

#endif
