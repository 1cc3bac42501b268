/* SPDX-License-Identifier: MIT */
/* Owns the options whose value is one word of several. */
#include "tui/commands/options_word.h"

#include <string.h>

#include "core/base/i18n.h"
#include "tui/term/ui.h"
#include "tui/work/review_seal.h"

int
option_pace(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	if (strcmp(value, "polite") != 0 && strcmp(value, "fast") != 0) {
		error_set(err, ERR_USAGE, _("There is no pace called \"%s\"."),
		    value);
		error_hint(err, _("There are: %s."), "polite, fast");
		return -1;
	}
	o->app.pace = value[0] == 'f' ? PACE_FAST : PACE_POLITE;
	return 0;
}

int
option_scope(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	if (strcmp(value, "needed") != 0 && strcmp(value, "all") != 0) {
		error_set(err, ERR_USAGE, _("There is no scope called \"%s\"."),
		    value);
		error_hint(err, _("There are: %s."), "needed, all");
		return -1;
	}
	o->scope = value[0] == 'a' ? SCOPE_ALL : SCOPE_NEEDED;
	o->has_scope = true;
	return 0;
}

int
option_theme(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	struct buf list;
	int i;

	(void)c;
	if (ui_is_theme(value)) {
		o->app.theme = value;
		return 0;
	}
	buf_init(&list, 200);
	for (i = 0; i < ui_theme_count; i++)
		buf_addf(&list, "%s%s", i > 0 ? ", " : "", ui_themes[i].word);
	error_set(err, ERR_USAGE, _("There is no theme called \"%s\"."), value);
	error_hint(err, _("There are: %s."), buf_str(&list));
	buf_free(&list);
	return -1;
}

/* A word of a list, as a bit; several options add up. */
static int
set_bit(unsigned *bits, const char *value, const char *(*name)(int), int count,
    struct error *err)
{
	struct buf list;
	int i;

	for (i = 0; i < count; i++) {
		if (strcmp(value, name(i)) == 0) {
			*bits |= 1U << i;
			return 0;
		}
	}
	buf_init(&list, 200);
	for (i = 0; i < count; i++)
		buf_addf(&list, "%s%s", i > 0 ? ", " : "", name(i));
	error_set(err, ERR_USAGE, _("\"%s\" is none of the words for this."),
	    value);
	error_hint(err, _("There are: %s."), buf_str(&list));
	buf_free(&list);
	return -1;
}

static const char *
verdict_name(int i)
{
	return review_verdict_name((enum review_verdict)i);
}

static const char *
seal_name(int i)
{
	return review_seal_name((enum seal_verdict)i);
}

int
option_verdict(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	return set_bit(&o->review.verdicts, value, verdict_name,
	    REVIEW_VERDICTS, err);
}

int
option_seal(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	return set_bit(&o->review.seals, value, seal_name, REVIEW_SEALS, err);
}
