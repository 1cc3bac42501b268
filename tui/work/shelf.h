/* SPDX-License-Identifier: MIT */
/* The folder in which sites are kept, one file each: names for new ones,
 * copies without results, the archive beside it, and which site was open
 * when the program ended. */
#ifndef TUI_SHELF_H
#define TUI_SHELF_H

#include "core/base/error.h"
#include "core/base/mem.h"
#include "core/record/sitefile.h"
#include "core/record/words.h"

#define SHELF_SUFFIX ".sitewalk"
#define SHELF_MAX 2000	/* files of a folder that are looked at */

/* app_sites_dir()/archive; NULL as that. */
char	*shelf_archive_dir(struct arena *a);
/* The paths of the site files in dir, by name; none where it cannot be
 * read. */
void	 shelf_list(struct arena *a, const char *dir, struct strlist *paths);
/* A path in dir that nothing has yet, after the site's name. */
char	*shelf_free_path(struct arena *a, const char *dir, const char *name);
/* "Hotel-Alpenblick" of "/x/Hotel-Alpenblick.sitewalk", safe to show. */
char	*shelf_stem(struct arena *a, const char *path);
/* Where papers of a site lie beside its file: "/x/Hotel-handover" for
 * "/x/Hotel.sitewalk" and "-handover". */
char	*shelf_beside(struct arena *a, const struct sitefile *file,
	    const char *ending);
/* A new site at `to` with what was entered at `from`, under another name, and
 * nothing of what was found or confirmed there. All or nothing; -1 with
 * err. */
int	 shelf_duplicate(const char *from, const char *to, const char *name,
	    struct error *err) MUST_CHECK;
/* Moves a site file into dir, under a free name. A file that is in use stays:
 * ERR_BUSY. -1 with err. */
int	 shelf_move(const char *path, const char *dir, struct error *err)
	    MUST_CHECK;

/* The site that is open; NULL: none. What cannot be kept is not. */
void	 shelf_set_last(const char *path);
/* The site that was open when the program ended, if its file is still there;
 * in a, or NULL. */
char	*shelf_last(struct arena *a);

#endif
