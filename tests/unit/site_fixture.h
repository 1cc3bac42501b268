/* SPDX-License-Identifier: MIT */
/* A site file in a folder of its own for one test. */
#ifndef UNIT_SITE_FIXTURE_H
#define UNIT_SITE_FIXTURE_H

#include "core/base/buf.h"
#include "core/record/sitefile.h"

/* Set by site_setup(); a test may choose another path. */
extern char site_folder[64];
extern char site_path[128];

void	 site_setup(void);
/* Also checks that nothing else was left in the folder. */
void	 site_cleanup(void);

/* These fail the test when it cannot be done. */
struct sitefile *site_created(void);
struct sitefile *site_opened(bool read_only);
struct record *site_loaded(struct sitefile *f);		/* returns owned */
void	 site_save_sample(struct sitefile *f, struct record *r);
/* A run, not ended, of count observations; ports from first on. */
void	 site_save_run(struct sitefile *f, struct record *r, int first,
	    int count);
void	 site_write(const void *data, size_t len);
void	 site_change(const char *sql);
/* Opening is refused with this code, a sentence with needle, and a hint. */
void	 site_refused(bool read_only, enum error_code code,
	    const char *needle);

/* The sample record without what is computed and never stored. */
struct record *site_stored_sample(void);		/* returns owned */
char	*site_as_json(const struct record *r);		/* returns owned */
/* A closed file with the sample and a second run in it, and its bytes. */
struct buf site_sample_bytes(void);			/* for buf_free() */

#endif
