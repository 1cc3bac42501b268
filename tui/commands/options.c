/* SPDX-License-Identifier: MIT */
/* Owns the table of shared options, its reading and its help. */
#include "tui/commands/options.h"

#include <stddef.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/judge/deviation.h"
#include "tui/term/ui.h"
#include "tui/work/paper_size.h"
#include "tui/work/say.h"
#include "tui/commands/options_word.h"
#include "tui/commands/suggest.h"

#define PRODUCTS_MAX 100
#define SETTINGS_MAX 1000
#define HELP_INDENT 10
#define ORDER_DIGITS 9

struct option_row {
	unsigned id;
	const char *name;
	const char *alias; /* or NULL */
	const char *value; /* what stands after it in the help; NULL: nothing */
	const char *help;
	int (*set)(struct options *o, const struct command *c,
	    const char *value, struct error *err);
	/* Where set is NULL: the member that takes the value, or the one that
	 * is true from then on. */
	size_t text, flag;
};

static bool
among(const char *list, const char *word)
{
	const char *at = list;
	size_t len = strlen(word);

	while (len > 0 && (at = strstr(at, word)) != NULL) {
		if ((at == list || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
		at += len;
	}
	return false;
}

static int
set_order(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	uint64_t seed = 0;
	const char *s;

	(void)c;
	for (s = value; *s >= '0' && *s <= '9' && s - value < ORDER_DIGITS; s++)
		seed = seed * 10 + (uint64_t)(*s - '0');
	if (*s != '\0' || seed == 0)
		return error_set(err, ERR_USAGE,
		    _("The option --order takes a whole number from 1 to "
		      "999999999, not \"%s\"."),
		    value);
	o->app.order = seed;
	return 0;
}

static int
set_format(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	const char *formats = command_formats(o->arena, c);

	if (!among(formats, value)) {
		error_set(err, ERR_USAGE,
		    _("There is no format called \"%s\" for this command."),
		    value);
		error_hint(err, _("There are: %s."), formats);
		return -1;
	}
	o->format = value;
	o->has_format = true;
	return 0;
}

static int
set_products(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	const char *end;

	(void)c;
	for (; *value != '\0'; value = *end == ',' ? end + 1 : end) {
		end = value + strcspn(value, ",");
		if (o->products.count >= PRODUCTS_MAX)
			return error_set(err, ERR_USAGE,
			    _("More products are named than there can be."));
		if (end != value)
			strlist_add(o->arena, &o->products,
			    arena_strndup(o->arena, value,
				(size_t)(end - value)));
	}
	if (o->products.count == 0)
		return error_set(err, ERR_USAGE,
		    _("The option --product names no product."));
	return 0;
}

static int
set_setting(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	if (o->settings.count >= SETTINGS_MAX)
		return error_set(err, ERR_USAGE,
		    _("More answers are given than there are questions."));
	strlist_add(o->arena, &o->settings, value);
	return 0;
}

static int
set_out(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	(void)err;
	o->out = strcmp(value, "-") == 0 ? NULL : value;
	return 0;
}

static int
set_paper(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	if (strcmp(value, "a4") != 0 && strcmp(value, "letter") != 0) {
		error_set(err, ERR_USAGE, _("There is no paper called \"%s\"."),
		    value);
		error_hint(err, _("There are: %s."), "a4, letter");
		return -1;
	}
	o->paper = value[0] == 'a' ? SHEET_A4 : SHEET_LETTER;
	return 0;
}

static int
set_as_of(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	if (!deviation_is_date(value)) {
		error_set(err, ERR_USAGE, _("\"%s\" is not a day."), value);
		error_hint(err, "%s",
		    _("Write the date as year-month-day, for example "
		      "2026-12-31."));
		return -1;
	}
	o->as_of = value;
	return 0;
}

static int
set_ascii(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	(void)value;
	(void)err;
	o->app.signs = "ascii";
	return 0;
}

static int
set_utf8(struct options *o, const struct command *c, const char *value,
    struct error *err)
{
	(void)c;
	(void)value;
	(void)err;
	o->app.signs = "utf8";
	return 0;
}

static const struct option_row options[] = {
    {OPTION_PRODUCT, "--product", NULL, N_("ID[,ID...]|all"),
	N_("The products, without a site file, as \"sitewalk packs list\" "
	   "names them; all: every product."),
	set_products},
    {OPTION_SET, "--set", NULL, N_("PRODUCT.QUESTION=VALUE"),
	N_("The answer to one question; \"sitewalk packs show\" names them. "
	   "Can stand several times. What is not answered counts as not known "
	   "yet."),
	set_setting},
    {OPTION_ANSWERS, "--answers", NULL, N_("FILE"),
	N_("A YAML file with the site, its products and the answers."),
	.text = offsetof(struct options, answers)},
    {OPTION_SCOPE, "--scope", NULL, "needed|all",
	N_("needed: what failed or is not proven (the default as soon as a "
	   "check was run); all: everything that applies (the default before "
	   "that)."),
	option_scope},
    {OPTION_FORMAT, "--format", NULL, N_("NAME"),
	N_("The form of the result, one of the formats below; text without "
	   "this option."),
	set_format},
    {OPTION_OUT, "-o", "--output", N_("FILE"),
	N_("Writes the result to this file instead of standard output."),
	set_out},
    {OPTION_PAPER, "--paper", NULL, "a4|letter",
	N_("The size of the pages; without it, what is usual where the "
	   "computer's language is spoken."),
	set_paper},
    {OPTION_KEY, "--key", NULL, N_("FILE|agent"),
	N_("Signs with this Ed25519 key of OpenSSH: its file, or agent for the "
	   "one that ssh-agent holds. SITEWALK_KEY in the environment does the "
	   "same. Without it nothing is signed."),
	.text = offsetof(struct options, key)},
    {OPTION_ALLOWED, "--allowed-signers", NULL, N_("FILE"),
	N_("Whose keys you trust, in the format of ssh-keygen. Without it, "
	   "allowed_signers in the folder of the settings, if there is one."),
	.text = offsetof(struct options, app.allowed)},
    {OPTION_SHARE, "--without", NULL, N_("SECTION[,SECTION...]"),
	N_("Leaves these sections out of the copy: people, network, "
	   "equipment, answers, results, observations, earlier, notes, "
	   "deviations."),
	.text = offsetof(struct options, without)},
    {OPTION_SHARE, "--mask", NULL, N_("SECTION[,SECTION...]|default"),
	N_("Masks these sections and shows all others as they are; default "
	   "masks all."),
	.text = offsetof(struct options, mask)},
    {OPTION_SHARE, "--map", NULL, N_("FILE"),
	N_("Writes into this file what stands for what, readable by you "
	   "alone."),
	.text = offsetof(struct options, map)},
    {OPTION_ONLY, "--only", NULL, N_("ID"),
	N_("Checks only this requirement, or only this product. The exit "
	   "status is about it alone."),
	.text = offsetof(struct options, app.only)},
    {OPTION_INTERFACE, "--interface", NULL, N_("NAME"),
	N_("Checks through this network interface instead of the one that "
	   "leads to the internet."),
	.text = offsetof(struct options, app.interface)},
    {OPTION_PACE, "--pace", NULL, "polite|fast",
	N_("polite: at most 40 new connections a second (the default); fast: "
	   "as fast as possible."),
	option_pace},
    {OPTION_CA_BUNDLE, "--ca-bundle", NULL, N_("FILE"),
	N_("The public root certificates to judge by, instead of those built "
	   "in."),
	.text = offsetof(struct options, app.ca_bundle)},
    {OPTION_PACKS, "--packs", NULL, N_("FOLDER"),
	N_("Uses the packs in this folder before all others."),
	.text = offsetof(struct options, app.packs_dir)},
    {OPTION_WAIT, "--wait", NULL, NULL,
	N_("Waits for the tests that take minutes; without it they tell what "
	   "they have seen when all others are done."),
	.flag = offsetof(struct options, wait)},
    {OPTION_AS_OF, "--as-of", NULL, N_("DATE"),
	N_("Judges as of this day, as 2026-12-31, instead of today: what is "
	   "accepted until then counts."),
	set_as_of},
    {OPTION_ACCEPT, "--owner", NULL, N_("NAME"), N_("Who accepts it."),
	.text = offsetof(struct options, owner)},
    {OPTION_ACCEPT, "--reason", NULL, N_("TEXT"), N_("Why it is accepted."),
	.text = offsetof(struct options, reason)},
    {OPTION_ACCEPT, "--until", NULL, N_("DATE"),
	N_("The last day of it, as 2026-12-31; afterwards it counts again."),
	.text = offsetof(struct options, until)},
    {OPTION_ACCEPT, "--initials", NULL, N_("LETTERS"),
	N_("The initials of who enters this."),
	.text = offsetof(struct options, initials)},
    {OPTION_ACCEPT, "--withdraw", NULL, NULL,
	N_("Takes the acceptance back instead."),
	.flag = offsetof(struct options, withdraw)},
    {OPTION_REVIEW, "--filter", NULL, N_("TEXT"),
	N_("Lists only files in whose row all of these words stand."),
	.text = offsetof(struct options, review.text)},
    {OPTION_REVIEW, "--verdict", NULL, "ready|not-ready|...",
	N_("Lists only files with this verdict: ready, deviations, not-ready, "
	   "silent (an old one, which does not say) or refused; can stand "
	   "several times."),
	option_verdict},
    {OPTION_REVIEW, "--seal", NULL, "signed|unsigned|...",
	N_("Lists only files with this seal: signed, unsigned, none or "
	   "broken; can stand several times."),
	option_seal},
    {OPTION_ORDER, "--order", NULL, N_("SEED"),
	N_("Starts the checks in another order, the same one for the same "
	   "number; for finding checks that disturb each other."),
	set_order},
    {OPTION_PLAIN, "--plain", NULL, NULL,
	N_("Plain lines, nothing that moves."),
	.flag = offsetof(struct options, plain)},
    {OPTION_LOOKS, "--theme", NULL, "default|outdoor|mono",
	N_("The looks of the screen this time: in colours, for sunlight, or "
	   "without colours. Without it, what was chosen before counts."),
	option_theme},
    {OPTION_LOOKS, "--ascii", NULL, NULL,
	N_("Signs and lines of plain letters this time, for terminals that "
	   "show others wrongly."),
	set_ascii},
    {OPTION_LOOKS, "--utf8", NULL, NULL,
	N_("Signs and lines as the terminal's language allows, this time."),
	set_utf8},
    {OPTION_ACCESSIBLE, "--accessible", NULL, NULL,
	N_("The wizard as numbered questions and plain lines, also when they "
	   "come through a pipe; as ACCESSIBLE=1 in the environment does."),
	.flag = offsetof(struct options, accessible)},
    {OPTION_MAN, "--man", NULL, NULL,
	N_("Prints it as a manual page instead, in mdoc, for man -l or "
	   "mandoc."),
	.flag = offsetof(struct options, man)},
    /* These two are answered before any option is read. */
    {OPTION_HELP, "-h", "--help", NULL,
	N_("Prints the help and does nothing else.")},
    {OPTION_VERSION, "-V", "--version", NULL,
	N_("Prints the version and does nothing else.")},
};
static const size_t option_count = sizeof options / sizeof *options;

/* Finds the row for "--name" or "--name=value"; *value is what stands behind
 * the "=", or NULL. */
static const struct option_row *
find_row(const char *word, const char **value)
{
	size_t i, len = strcspn(word, "=");

	*value = NULL;
	for (i = 0; i < option_count; i++) {
		const struct option_row *row = &options[i];

		if (strcmp(word, row->name) == 0 ||
		    (row->alias != NULL && strcmp(word, row->alias) == 0))
			return row;
		if (word[len] != '=' || word[1] != '-')
			continue;
		*value = word + len + 1;
		if ((strncmp(word, row->name, len) == 0 &&
			row->name[len] == '\0') ||
		    (row->alias != NULL &&
			strncmp(word, row->alias, len) == 0 &&
			row->alias[len] == '\0'))
			return row;
	}
	*value = NULL;
	return NULL;
}

static int
unknown_option(const struct command *c, const char *word, struct error *err)
{
	struct arena *a = arena_new();
	struct strlist names = {0};
	size_t i;

	for (i = 0; i < option_count; i++) {
		if ((options[i].id & c->options) != 0)
			strlist_add(a, &names, options[i].name);
	}
	error_set(err, ERR_USAGE, _("There is no option %s for this command."),
	    word);
	if (names.count > 0)
		error_hint(err, "%s", suggest_hint(a, word, &names));
	arena_free(a);
	return -1;
}

/* Takes the option at argv[*i]; *i is at its last word afterwards. */
static int
take_option(struct options *o, const struct command *c, int argc, char **argv,
    int *i, struct error *err)
{
	const char *value, *word = argv[*i];
	const struct option_row *row = find_row(word, &value);

	if (row == NULL || (row->id & c->options) == 0)
		return unknown_option(c, word, err);
	if (row->value == NULL && value != NULL)
		return error_set(err, ERR_USAGE,
		    _("The option %s takes no value."), row->name);
	if (row->value != NULL && value == NULL) {
		if (*i + 1 >= argc)
			return error_set(err, ERR_USAGE,
			    _("The option %s needs a value after it."),
			    row->name);
		value = argv[++*i];
	}
	if (value != NULL && *value == '\0')
		return error_set(err, ERR_USAGE,
		    _("The value of the option %s is empty."), row->name);
	if (value != NULL && !text_is_utf8(value, strlen(value)))
		return error_set(err, ERR_USAGE,
		    _("The value of the option %s is not valid text (UTF-8)."),
		    row->name);
	if (row->set != NULL)
		return row->set(o, c, value, err);
	if (row->value == NULL)
		*(bool *)((char *)o + row->flag) = true;
	else
		memcpy((char *)o + row->text, &value, sizeof value);
	return 0;
}

static int
count_args(const struct options *o, const struct command *c, struct error *err)
{
	int n = (int)o->args.count;

	if (n > c->max_args) {
		error_set(err, ERR_USAGE,
		    _("There is one word too many: \"%s\"."),
		    o->args.item[c->max_args]);
	} else if (n < c->min_args) {
		error_set(err, ERR_USAGE, _("Something is missing here."));
	} else {
		return 0;
	}
	error_hint(err, _("Usage: %s"), _(c->usage));
	return -1;
}

int
options_parse(struct options *o, const struct command *c, int argc, char **argv,
    struct error *err)
{
	bool only_args = false;
	int i;

	memset(o, 0, sizeof *o);
	o->arena = arena_new();
	o->format = "text";
	o->paper = paper_usual();
	for (i = 1; i < argc; i++) {
		if (!only_args && strcmp(argv[i], "--") == 0) {
			only_args = true;
		} else if (!only_args && argv[i][0] == '-' &&
		    argv[i][1] != '\0') {
			if (take_option(o, c, argc, argv, &i, err) != 0)
				return -1;
		} else {
			strlist_add(o->arena, &o->args, argv[i]);
		}
	}
	return count_args(o, c, err);
}

void
options_free(struct options *o)
{
	arena_free(o->arena);
	o->arena = NULL;
}

int
options_span(char *const *argv)
{
	const char *value;
	const struct option_row *row = find_row(argv[0], &value);

	if (row == NULL)
		return 0;
	return row->value != NULL && value == NULL && argv[1] != NULL ? 2 : 1;
}

bool
options_ask_help(int argc, char *const *argv)
{
	int i, span;

	for (i = 1; i<argc; i += span> 0 ? span : 1) {
		if (strcmp(argv[i], "--") == 0)
			return false;
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			return true;
		span = options_span(argv + i);
	}
	return false;
}

bool
options_next(unsigned which, size_t *at, struct option_text *t)
{
	const struct option_row *row;

	while (*at < option_count && (options[*at].id & which) == 0)
		(*at)++;
	if (*at == option_count)
		return false;
	row = &options[(*at)++];
	t->name = row->name;
	t->alias = row->alias;
	t->value = row->value != NULL ? _(row->value) : NULL;
	t->help = _(row->help);
	return true;
}

void
options_help(struct buf *out, unsigned which)
{
	struct option_text t;
	size_t at = 0;

	while (options_next(which, &at, &t)) {
		buf_addf(out, "  %s%s%s%s%s\n", t.name,
		    t.alias != NULL ? ", " : "", t.alias != NULL ? t.alias : "",
		    t.value != NULL ? " " : "", t.value != NULL ? t.value : "");
		say_wrap(out, t.help, HELP_INDENT);
	}
}
