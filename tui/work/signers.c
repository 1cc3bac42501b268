/* SPDX-License-Identifier: MIT */
/* Owns the choice of whose keys are trusted. */
#include "tui/work/signers.h"

#include "core/base/file.h"
#include "core/record/allowed.h"

#define USUAL_NAME "allowed_signers"

static bool
read_usual(struct buf *out)
{
	struct arena *a = arena_new();
	const char *dir = file_config_dir(a);
	struct error err;
	bool known = dir != NULL &&
	    file_read(arena_printf(a, "%s/" USUAL_NAME, dir), SIGNERS_MAX, out,
		&err) == 0;

	arena_free(a);
	return known;
}

int
signers_read(const char *named, struct buf *out, bool *known, struct error *err)
{
	*known = false;
	if (named == NULL) {
		*known = read_usual(out);
		return 0;
	}
	if (file_read(named, SIGNERS_MAX, out, err) != 0)
		return -1;
	if (allowed_check(buf_str(out), out->len, err) != 0)
		return -1;
	*known = true;
	return 0;
}
