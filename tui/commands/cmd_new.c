/* SPDX-License-Identifier: MIT */
/* Owns the command "new": a site file from a file of answers. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/answers.h"
#include "core/pack/yaml.h"
#include "tui/work/app.h"
#include "tui/commands/command_table.h"
#include "tui/commands/options.h"
#include "tui/work/say.h"
#include "tui/work/settings.h"
#include "tui/commands/suggest.h"

struct site_row {
	const char *name;
	size_t offset;
};

static const struct site_row site_rows[] = {
    {"name", offsetof(struct site_info, name)},
    {"address", offsetof(struct site_info, address)},
    {"project", offsetof(struct site_info, project)},
    {"customer", offsetof(struct site_info, customer)},
    {"customer_contact", offsetof(struct site_info, customer_contact)},
    {"installer", offsetof(struct site_info, installer)},
    {"installer_contact", offsetof(struct site_info, installer_contact)},
    {"engineer", offsetof(struct site_info, engineer)},
    {"it_contact", offsetof(struct site_info, it_contact)},
    {"notes", offsetof(struct site_info, notes)},
    {"device_zone", offsetof(struct site_info, device_zone)},
    {"language", offsetof(struct site_info, language)},
};
static const size_t site_row_count = sizeof site_rows / sizeof *site_rows;

/* The file's content, checked against the packs. */
struct draft {
	struct arena *arena;
	const struct pack_set *packs;
	struct report report;
	struct mistakes mistakes;
	struct site_info info;
	struct strlist products;
	struct answer *answers;
	size_t nanswers;
};

static void
unknown_word(struct draft *d, const struct node *n, const char *sentence,
    const struct strlist *known)
{
	report_mistake(&d->report, n->place, "%s %s", sentence,
	    suggest_hint(d->arena, n->text, known));
}

static bool
is_kind(struct draft *d, const struct node *n, enum node_kind kind,
    const char *sentence)
{
	if (n->kind == kind)
		return true;
	if (n->kind != NODE_BAD)
		report_mistake(&d->report, n->place, "%s", sentence);
	return false;
}

/* Papers can be written in those that the program has. */
static void
check_language(struct draft *d, const struct node *n)
{
	struct strlist known = {0};
	int i;

	if (settings_known(n->text) != NULL || n->text[0] == '\0')
		return;
	for (i = 0; i < settings_language_count; i++)
		strlist_add(d->arena, &known, settings_languages[i].code);
	unknown_word(d, n,
	    arena_printf(d->arena,
		_("There are no texts in the language \"%s\"."), n->text),
	    &known);
}

static void
read_site(struct draft *d, const struct node *map)
{
	const struct node *n;
	struct strlist known = {0};
	size_t i;

	if (!is_kind(d, map, NODE_MAP,
		_("Here the details of the site are expected, each as \"key: "
		  "text\".")))
		return;
	for (i = 0; i < site_row_count; i++)
		strlist_add(d->arena, &known, site_rows[i].name);
	for (n = map->first; n != NULL; n = n->next) {
		for (i = 0; i < site_row_count; i++) {
			if (strcmp(site_rows[i].name, n->key->text) == 0)
				break;
		}
		if (i == site_row_count)
			unknown_word(d, n->key,
			    arena_printf(d->arena,
				_("There is no detail of a site called "
				  "\"%s\"."),
				n->key->text),
			    &known);
		else if (is_kind(d, n, NODE_TEXT,
			     _("Here a text is expected."))) {
			memcpy((char *)&d->info + site_rows[i].offset, &n->text,
			    sizeof n->text);
			if (strcmp(n->key->text, "language") == 0)
				check_language(d, n);
		}
	}
}

static void
pack_ids(struct draft *d, struct strlist *out)
{
	size_t i;

	for (i = 0; i < d->packs->count; i++)
		strlist_add(d->arena, out, d->packs->pack[i]->product);
}

static void
read_products(struct draft *d, const struct node *list)
{
	const struct node *n;
	struct strlist known = {0};

	pack_ids(d, &known);
	if (list->kind == NODE_TEXT && strcmp(list->text, "all") == 0) {
		d->products = known;
		return;
	}
	if (!is_kind(d, list, NODE_LIST,
		_("Here a list of products is expected.")))
		return;
	for (n = list->first; n != NULL; n = n->next) {
		if (!is_kind(d, n, NODE_TEXT,
			_("Here the name of a product is expected.")))
			continue;
		if (!strlist_has(&known, n->text))
			unknown_word(d, n,
			    arena_printf(d->arena,
				_("There is no product called \"%s\"."),
				n->text),
			    &known);
		else if (!strlist_has(&d->products, n->text))
			strlist_add(d->arena, &d->products, n->text);
	}
}

static void
read_answer(struct draft *d, const struct pack *p, const struct node *n)
{
	const struct question *q = pack_question(p, n->key->text);
	struct strlist known = {0};
	struct answer *answer;
	struct error err = {0};
	char *value;
	size_t i;

	if (q == NULL) {
		for (i = 0; i < p->nquestions; i++)
			strlist_add(d->arena, &known, p->questions[i].id);
		unknown_word(d, n->key,
		    arena_printf(d->arena,
			_("The product has no question called \"%s\"."),
			n->key->text),
		    &known);
		return;
	}
	if (!is_kind(d, n, NODE_TEXT, _("Here an answer is expected.")))
		return;
	if (answer_check(d->arena, q, n->text, &value, &err) != 0) {
		report_mistake(&d->report, n->place, "%s%s%s", err.what,
		    err.hint[0] != '\0' ? " " : "", err.hint);
		return;
	}
	answer = arena_push(d->arena, d->answers, d->nanswers);
	*answer = (struct answer){p->product, q->id, value};
}

static void
read_answers(struct draft *d, const struct node *map)
{
	const struct node *product, *n;
	const struct pack *p;

	if (!is_kind(d, map, NODE_MAP,
		_("Here the products are expected, each with its answers "
		  "below.")))
		return;
	for (product = map->first; product != NULL; product = product->next) {
		p = pack_find(d->packs, product->key->text);
		if (p == NULL || !strlist_has(&d->products, p->product)) {
			unknown_word(d, product->key,
			    arena_printf(d->arena,
				_("\"%s\" is none of the products of this "
				  "site."),
				product->key->text),
			    &d->products);
			continue;
		}
		if (!is_kind(d, product, NODE_MAP,
			_("Here answers are expected, each as \"question: "
			  "answer\".")))
			continue;
		for (n = product->first; n != NULL; n = n->next)
			read_answer(d, p, n);
	}
}

static void
read_draft(struct draft *d, const struct node *root)
{
	const struct node *n;
	struct strlist known = {0};

	strlist_add(d->arena, &known, "site");
	strlist_add(d->arena, &known, "products");
	strlist_add(d->arena, &known, "answers");
	if (!is_kind(d, root, NODE_MAP,
		_("The file must hold \"site:\", \"products:\" and "
		  "\"answers:\".")))
		return;
	for (n = root->first; n != NULL; n = n->next) {
		if (!strlist_has(&known, n->key->text))
			unknown_word(d, n->key,
			    arena_printf(d->arena,
				_("The key \"%s\" is not known here."),
				n->key->text),
			    &known);
	}
	if ((n = node_get(root, "site")) != NULL)
		read_site(d, n);
	/* The answers are checked against the products. */
	if ((n = node_get(root, "products")) != NULL)
		read_products(d, n);
	else
		report_mistake(&d->report, root->place, "%s",
		    _("The file names no products: \"products:\" is "
		      "missing."));
	if ((n = node_get(root, "answers")) != NULL)
		read_answers(d, n);
}

/* False after all mistakes were told. */
static bool
load_draft(struct draft *d, const char *path, struct error *err)
{
	struct buf data;
	const struct node *root;
	size_t i;

	buf_init(&data, YAML_BYTES_MAX);
	if (file_read(path, YAML_BYTES_MAX, &data, err) != 0) {
		buf_free(&data);
		return false;
	}
	report_begin(&d->report, d->arena, path, &d->mistakes);
	root = yaml_load(&d->report, buf_str(&data), data.len);
	if (root != NULL)
		read_draft(d, root);
	report_end(&d->report);
	buf_free(&data);
	for (i = 0; i < d->mistakes.count; i++)
		fprintf(stderr, "%s:%u:%u: %s\n", d->mistakes.item[i].file,
		    d->mistakes.item[i].place.line,
		    d->mistakes.item[i].place.column, d->mistakes.item[i].text);
	if (d->mistakes.count == 0)
		return true;
	error_set(err, ERR_INPUT,
	    _("The answers cannot be used as they are, so no site file was "
	      "made."));
	return false;
}

static int
fill_site(struct site *s, const struct draft *d, struct error *err)
{
	size_t i;

	if (site_set_info(s, &d->info, err) != 0 ||
	    site_set_products(s, &d->products, err) != 0)
		return -1;
	for (i = 0; i < d->nanswers; i++) {
		if (site_set_answer(s, d->answers[i].product,
			d->answers[i].question, d->answers[i].value, err) != 0)
			return -1;
	}
	return 0;
}

static int
make_site(struct app *app, const char *path, const struct draft *d,
    struct error *err)
{
	struct site *s = site_create(app, path, err);
	int rc;

	if (s == NULL)
		return -1;
	rc = fill_site(s, d, err);
	site_close(s);
	if (rc != 0)
		unlink(path); /* made just now, and holds only a part */
	return rc;
}

static int
new_site(const struct options *o, struct error *err)
{
	struct draft d = {.arena = o->arena};
	struct app app = {0};
	int rc = -1;

	if (o->answers == NULL) {
		error_set(err, ERR_USAGE,
		    _("The file with the answers is not named."));
		error_hint(err, _("Usage: %s"), _(command_new.usage));
		return -1;
	}
	if (app_init_told(&app, &o->app, err) == 0) {
		d.packs = app.packs;
		if (load_draft(&d, o->answers, err))
			rc = make_site(&app, o->args.item[0], &d, err);
	}
	app_fini(&app);
	return rc;
}

static int
cmd_new(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status = EXIT_OK;

	if (options_parse(&o, &command_new, argc, argv, &err) != 0 ||
	    new_site(&o, &err) != 0)
		status = say_error(&err);
	else
		say(_("The site file %s is made."), o.args.item[0]);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk new office.sitewalk --answers answers.yaml"},
    {NULL},
};

const struct command command_new = {
    .name = "new",
    .usage = N_("sitewalk new FILE --answers ANSWERS"),
    .summary = N_("Makes a site file without the wizard, from a file of "
		  "answers."),
    .about = N_("The answers are YAML: \"site:\" with name, address, customer "
		"and so on, \"products:\" as a list, and \"answers:\" with the "
		"questions below each product."),
    .options = OPTION_PACKS | OPTION_ANSWERS,
    .exits = exits_done,
    .examples = examples,
    .min_args = 1,
    .max_args = 1,
    .run = cmd_new,
};
