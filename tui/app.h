/* SPDX-License-Identifier: MIT */
/* What the faces share: packs, trust, one opened site, and a run that is
 * journalled as it goes. Composes the core; draws and prints nothing. */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <event2/event.h>

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
};

struct app {
	struct app_options opt;
	struct pack_set *packs;
	struct trust *trust;		/* NULL until a run needs it */
	struct pack_vocabulary vocab;	/* the probe table's names */
};

/* Loads the packs. -1 with err. */
int	 app_init(struct app *app, const struct app_options *opt,
	    struct error *err) MUST_CHECK;
void	 app_fini(struct app *app);

/* One site at work: a record, and its file unless it is for this run only. */
struct site {
	struct app *app;
	struct sitefile *file;		/* NULL: not kept */
	struct record *record;
	struct run *run;		/* NULL: none under way */
	struct run *ended;		/* the last one, kept for a while */
	enum run_background background;	/* what becomes of background tests */
	bool	 kept;			/* some of `ended` still go on */
	struct error save_error;	/* first failure to journal, if any */
	void	(*observed)(void *arg, const struct observation *o);
	void	(*changed)(void *arg, size_t task);
	void	(*done)(void *arg, bool complete);
	void	(*settled)(void *arg);	/* the last of the kept has ended */
	void	*arg;
};

struct site *site_create(struct app *app, const char *path,
	    struct error *err);		/* path NULL: not kept */
struct site *site_open(struct app *app, const char *path, bool read_only,
	    struct error *err);
void	 site_close(struct site *s);	/* cancels a run; NULL is fine */
/* Builds needs from the answers and judges. After any change. */
void	 site_assess(struct site *s);
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
int	 site_deviate(struct site *s, const struct deviation *d,
	    struct error *err) MUST_CHECK;

/* Reads the vantage, forgets the last run's observations (the file keeps
 * them as history), starts. The callbacks in s must be set. */
int	 site_run_start(struct site *s, struct event_base *base,
	    struct error *err) MUST_CHECK;
void	 site_run_cancel(struct site *s);	/* and what is kept of it */
/* How many background tests go on, of the run under way or the last. */
size_t	 site_background(const struct site *s);
/* Frees what the last run left; before its event base is freed. */
void	 site_run_forget(struct site *s);

/* $XDG_DATA_HOME/sitewalk/sites: where new sites are kept and listed. */
char	*app_sites_dir(struct arena *a);

#endif
