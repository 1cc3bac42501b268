/* SPDX-License-Identifier: MIT */
/* The wizard has two faces on one and the same stack of views: a screen, and
 * plain lines. Each opens the site at path, or the list of sites for NULL,
 * and returns an exit status. */
#ifndef TUI_FACE_H
#define TUI_FACE_H

#include "core/base/error.h"

struct app_options;
struct settings;

/* -1 with refused: there is no screen to draw on; nothing was begun. */
int	 screen_main(const struct app_options *opt,
	    const struct settings *settings, const char *path,
	    struct error *refused) MUST_CHECK;
/* why: one sentence that tells why there are lines and no screen. */
int	 line_main(const struct app_options *opt,
	    const struct settings *settings, const char *path,
	    const char *why);

#endif
