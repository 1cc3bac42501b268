/* SPDX-License-Identifier: MIT */
/* Words for people. Every sentence that a user sees is marked with _() where
 * it is used, or with N_() in a const table and _() where it is shown.
 * Sentences that come from packs go through pack_text(). */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

#define I18N_DOMAIN "sitewalk"

#define _(s)		dgettext(I18N_DOMAIN, s)
#define N_(s)		s
#define P_(one, many, n) dngettext(I18N_DOMAIN, one, many, n)

#endif
