/* SPDX-License-Identifier: MIT */
/* Owns the command "packs": lists the packs, shows all that they ask, finds
 * the mistakes in one, and collects their texts for translators. */
#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/pack.h"
#include "core/record/json.h"
#include "tui/commands/diff.h"
#include "tui/commands/options.h"
#include "tui/commands/packs_show.h"
#include "tui/work/say.h"
#include "tui/commands/suggest.h"

int cmd_packs(int argc, char **argv);
extern const struct command command_packs;

#define FILE_MAX ((size_t)1 << 20)
#define WORDS_MAX 1000

static bool
is_json(const struct options *o)
{
	return strcmp(o->format, "json") == 0;
}

/* Files that are not used because of mistakes are no reason to fail. */
static int
load(struct app *app, const struct options *o)
{
	struct error err = {0};

	if (app_init_told(app, &o->app, &err) != 0)
		return say_error(&err);
	return EXIT_OK;
}

static int
write_packs(json_t *list)
{
	json_t *all = json_object();
	struct buf out;

	if (all == NULL || list == NULL ||
	    json_object_set_new(all, "schema",
		json_string("sitewalk/packs/1")) != 0 ||
	    json_object_set_new(all, "packs", list) != 0)
		mem_fatal("out of memory");
	buf_init(&out, OUTPUT_MAX);
	json_write(all, &out);
	json_decref(all);
	return say_result(&out, NULL);
}

/* --- packs list --- */

static void
add_column(struct buf *out, const char *text, int width)
{
	int free = width - text_width(text);

	buf_adds(out, text);
	buf_fill(out, ' ', free > 0 ? (size_t)free : 1);
}

static int
list_text(const struct pack_set *packs)
{
	int product = 0, title = 0, width;
	struct buf out;
	size_t i;

	for (i = 0; i < packs->count; i++) {
		width = text_width(packs->pack[i]->product) + 2;
		product = width > product ? width : product;
		width = text_width(pack_text(packs->pack[i]->title)) + 2;
		title = width > title ? width : title;
	}
	buf_init(&out, OUTPUT_MAX);
	for (i = 0; i < packs->count; i++) {
		const struct pack *p = packs->pack[i];

		add_column(&out, p->product, product);
		add_column(&out, pack_text(p->title), title);
		buf_addf(&out, "%u", (unsigned)p->version);
		if (strcmp(p->origin, "built-in") != 0)
			buf_addf(&out, "  %s", p->origin);
		buf_addc(&out, '\n');
	}
	return say_result(&out, NULL);
}

static int
list_json(const struct pack_set *packs)
{
	json_t *list = json_array();
	struct buf out;
	json_t *all;
	size_t i;

	for (i = 0; i < packs->count; i++) {
		const struct pack *p = packs->pack[i];

		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "product",
			p->product, "vendor", p->vendor, "title",
			pack_text(p->title), "about", pack_text(p->about),
			"version", (json_int_t)p->version, "sha256", p->sha256,
			"origin", p->origin));
	}
	all = json_pack("{s:s, s:o}", "schema", "sitewalk/pack-list/1", "packs",
	    list);
	if (all == NULL)
		mem_fatal("out of memory");
	buf_init(&out, OUTPUT_MAX);
	json_write(all, &out);
	json_decref(all);
	return say_result(&out, NULL);
}

static int
run_list(const struct options *o)
{
	struct app app;
	int status = load(&app, o);

	if (status == EXIT_OK)
		status = is_json(o) ? list_json(app.packs) :
				      list_text(app.packs);
	app_fini(&app);
	return status;
}

/* --- packs show --- */

static int
unknown_product(const struct options *o, const struct pack_set *packs,
    const char *product)
{
	struct strlist known = {0};
	size_t i;

	for (i = 0; i < packs->count; i++)
		strlist_add(o->arena, &known, packs->pack[i]->product);
	say(_("There is no product called \"%s\". %s"), product,
	    suggest_hint(o->arena, product, &known));
	return EXIT_USAGE;
}

static bool
is_wanted(const struct options *o, const struct pack *p)
{
	size_t i;

	for (i = 1; i < o->args.count; i++) {
		if (strcmp(o->args.item[i], "all") == 0 ||
		    strcmp(o->args.item[i], p->product) == 0)
			return true;
	}
	return false;
}

static int
show(const struct options *o, const struct pack_set *packs)
{
	json_t *list = is_json(o) ? json_array() : NULL;
	struct buf out;
	size_t i, n = 0;

	buf_init(&out, OUTPUT_MAX);
	for (i = 0; i < packs->count; i++) {
		const struct pack *p = packs->pack[i];

		if (!is_wanted(o, p))
			continue;
		if (list != NULL) {
			json_array_append_new(list, packs_show_json(p));
			continue;
		}
		if (n++ > 0)
			buf_adds(&out, "\n\n");
		packs_show_text(&out, p);
	}
	if (list == NULL)
		return say_result(&out, NULL);
	buf_free(&out);
	return write_packs(list);
}

static int
run_show(const struct options *o)
{
	struct app app;
	int status = load(&app, o);
	size_t i;

	for (i = 1; status == EXIT_OK && i < o->args.count; i++) {
		if (strcmp(o->args.item[i], "all") != 0 &&
		    pack_find(app.packs, o->args.item[i]) == NULL)
			status = unknown_product(o, app.packs, o->args.item[i]);
	}
	if (status == EXIT_OK)
		status = show(o, app.packs);
	app_fini(&app);
	return status;
}

/* --- packs lint --- */

static void
add_mistakes(struct buf *out, const struct mistakes *m)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		buf_addf(out, "%s:%u:%u: %s\n", m->item[i].file,
		    m->item[i].place.line, m->item[i].place.column,
		    m->item[i].text);
}

/* packs may be NULL: then nothing is known but the file itself. */
static int
lint_file(struct buf *out, const char *path, const struct app *app)
{
	struct arena *a = arena_new();
	struct mistakes mistakes = {0};
	struct error err = {0};
	struct pack *p = NULL;
	struct buf data;
	int status = EXIT_OK;

	buf_init(&data, FILE_MAX);
	if (file_read(path, FILE_MAX, &data, &err) != 0) {
		status = EXIT_USAGE;
		say_error(&err);
	} else {
		p = pack_parse(a, path, buf_str(&data), data.len, &app->vocab,
		    &mistakes);
		if (p != NULL && app->packs != NULL)
			pack_check_links(app->packs, p, a, &mistakes);
		add_mistakes(out, &mistakes);
		if (mistakes.count > 0)
			status = EXIT_FAILED;
	}
	buf_free(&data);
	arena_free(a);
	return status;
}

static int
lint_all(struct buf *out, const struct pack_set *packs)
{
	struct arena *a = arena_new();
	struct mistakes links = {0};
	int status;
	size_t i;

	for (i = 0; i < packs->count; i++)
		pack_check_links(packs, packs->pack[i], a, &links);
	add_mistakes(out, &packs->mistakes);
	add_mistakes(out, &links);
	status = packs->mistakes.count + links.count > 0 ? EXIT_FAILED :
							   EXIT_OK;
	arena_free(a);
	return status;
}

static int
worse(int a, int b)
{
	return a > b ? a : b;
}

static int
run_lint(const struct options *o)
{
	struct error err = {0};
	struct app app;
	struct buf out;
	int status = EXIT_OK;
	size_t i;

	if (is_json(o)) {
		say(_("The mistakes of a pack are printed as text only."));
		return EXIT_USAGE;
	}
	buf_init(&out, OUTPUT_MAX);
	/* A file can be judged even when other packs cannot be read. */
	if (app_init(&app, &o->app, &err) != 0)
		status = say_error(&err);
	else if (o->args.count == 1)
		status = lint_all(&out, app.packs);
	for (i = 1; i < o->args.count; i++)
		status = worse(status, lint_file(&out, o->args.item[i], &app));
	app_fini(&app);
	return worse(status, say_result(&out, NULL));
}

/* --- packs strings --- */

struct message {
	const char *text;
	struct strlist packs;
};

struct messages {
	struct arena *arena;
	struct message *item;
	size_t count;
	const char *product; /* whose texts are being collected */
};

static void
add_message(void *arg, const char *s)
{
	struct messages *m = arg;
	struct message *found = NULL;
	size_t i;

	for (i = 0; i < m->count && found == NULL; i++) {
		if (strcmp(m->item[i].text, s) == 0)
			found = &m->item[i];
	}
	if (found == NULL) {
		found = arena_push(m->arena, m->item, m->count);
		memset(found, 0, sizeof *found);
		found->text = s;
	}
	if (!strlist_has(&found->packs, m->product))
		strlist_add(m->arena, &found->packs, m->product);
}

static void
add_po_text(struct buf *out, const char *s)
{
	buf_addc(out, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_addc(out, '\\');
		buf_addc(out, *s);
	}
	buf_adds(out, "\"\n");
}

/* The newest pack's date, so that the same packs give the same bytes. */
static unsigned
newest_date(const struct pack_set *packs)
{
	uint32_t newest = 0;
	size_t i;

	for (i = 0; i < packs->count; i++) {
		if (packs->pack[i]->version > newest)
			newest = packs->pack[i]->version;
	}
	return (unsigned)(newest / 100);
}

static void
add_po_header(struct buf *out, const struct pack_set *packs)
{
	unsigned date = newest_date(packs);

	buf_adds(out,
	    "# Texts of the packs, in the domain sitewalk-packs.\n"
	    "#, fuzzy\n"
	    "msgid \"\"\n"
	    "msgstr \"\"\n"
	    "\"Project-Id-Version: sitewalk-packs\\n\"\n"
	    "\"Report-Msgid-Bugs-To: \\n\"\n");
	buf_addf(out, "\"POT-Creation-Date: %04u-%02u-%02u 00:00+0000\\n\"\n",
	    date / 10000, date / 100 % 100, date % 100);
	buf_adds(out,
	    "\"PO-Revision-Date: YEAR-MO-DA HO:MI+ZONE\\n\"\n"
	    "\"Last-Translator: FULL NAME <EMAIL@ADDRESS>\\n\"\n"
	    "\"Language-Team: LANGUAGE <LL@li.org>\\n\"\n"
	    "\"Language: \\n\"\n"
	    "\"MIME-Version: 1.0\\n\"\n"
	    "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
	    "\"Content-Transfer-Encoding: 8bit\\n\"\n");
}

static int
write_strings(const struct pack_set *packs)
{
	struct messages m = {.arena = arena_new()};
	struct buf out;
	size_t i, k;

	for (i = 0; i < packs->count; i++) {
		m.product = packs->pack[i]->product;
		pack_each_text(packs->pack[i], add_message, &m);
	}
	buf_init(&out, OUTPUT_MAX);
	add_po_header(&out, packs);
	for (i = 0; i < m.count; i++) {
		buf_addc(&out, '\n');
		for (k = 0; k < m.item[i].packs.count; k++)
			buf_addf(&out, "#: wizards/%s.yaml\n",
			    m.item[i].packs.item[k]);
		buf_adds(&out, "msgid ");
		add_po_text(&out, m.item[i].text);
		buf_adds(&out, "msgstr \"\"\n");
	}
	arena_free(m.arena);
	return say_result(&out, NULL);
}

static int
run_strings(const struct options *o)
{
	struct app app;
	int status = load(&app, o);

	if (status == EXIT_OK)
		status = write_strings(app.packs);
	app_fini(&app);
	return status;
}

/* --- packs diff --- */

static int
run_diff(const struct options *o)
{
	return diff_run(o, o->args.item[1], o->args.item[2]);
}

/* --- the command --- */

static const struct {
	const char *name;
	size_t min_args, max_args; /* behind the name */
	int (*run)(const struct options *o);
} actions[] = {
    {"list", 0, 0, run_list},
    {"show", 1, WORDS_MAX, run_show},
    {"lint", 0, WORDS_MAX, run_lint},
    {"diff", 2, 2, run_diff},
    {"strings", 0, 0, run_strings},
};

static int
run_action(const struct options *o)
{
	const size_t count = sizeof actions / sizeof *actions;
	struct strlist names = {0};
	size_t i, nargs = o->args.count - 1;

	for (i = 0; i < count; i++) {
		if (strcmp(actions[i].name, o->args.item[0]) != 0) {
			strlist_add(o->arena, &names, actions[i].name);
			continue;
		}
		if (nargs >= actions[i].min_args &&
		    nargs <= actions[i].max_args)
			return actions[i].run(o);
		say(_("Usage: %s"), _(command_packs.usage));
		return EXIT_USAGE;
	}
	say(_("There is no \"packs %s\". %s"), o->args.item[0],
	    suggest_hint(o->arena, o->args.item[0], &names));
	return EXIT_USAGE;
}

int
cmd_packs(int argc, char **argv)
{
	struct error err = {0};
	struct options o;
	int status;

	if (options_parse(&o, &command_packs, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = run_action(&o);
	options_free(&o);
	return status;
}

static const char *const exits[] = {
    N_("0  it is done, and there is no mistake and nothing new"),
    N_("1  lint found a mistake, or diff something new that is asked"),
    N_("2  wrong usage, or an input that cannot be read; nothing was run"),
    N_("4  interrupted, or the program itself failed"),
    NULL,
};

static const struct example examples[] = {
    {"sitewalk packs show z5"},
    {NULL},
};

const struct command command_packs = {
    .name = "packs",
    .usage = N_("sitewalk packs list | show ID...|all | lint [FILE...] | "
		"diff OLD NEW | strings"),
    .summary = N_("Lists the packs, shows what they ask of a network, or "
		  "finds mistakes in a pack file."),
    .about = N_(
	"\"list\" names the products. \"show\" prints everything that "
	"the named products ask, whatever the answers. \"lint\" "
	"prints every mistake of the files with line and column, or "
	"of all packs in force; the exit status is 1 when there is "
	"one. \"diff\" tells what changed between two packs, or "
	"two folders of them; the exit status is 1 when something "
	"new is asked. \"strings\" collects the texts for translators."),
    .options = OPTION_PACKS | OPTION_FORMAT,
    .formats = "text json",
    .exits = exits,
    .examples = examples,
    .min_args = 1,
    .max_args = WORDS_MAX,
    .run = cmd_packs,
};
