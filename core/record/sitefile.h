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
/* Where the wizard stood, to resume there: an opaque short word. */
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

/* Probes of the last run that were begun and have no observation: adds their
 * keys to `keys` (in a) and returns how many there are. */
size_t	 sitefile_unfinished(struct sitefile *f, struct arena *a,
	    struct strlist *keys);

/* A line for the list of sites, read without loading the whole. */
struct site_summary {
	char	*path;
	char	*name;		/* or "" */
	char	*problem;	/* NULL, or the sentence why it cannot open */
	int64_t	 last_run_us;
	bool	 complete;
	size_t	 nproducts;
};
void	 sitefile_summary(const char *path, struct arena *a,
	    struct site_summary *out);

#endif
