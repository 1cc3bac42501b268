/* SPDX-License-Identifier: MIT */
/* Owns opening what a command is about, with sentences for what is unknown. */
#include "tui/commands/subject.h"

#include <string.h>

#include "core/base/i18n.h"
#include "tui/work/say.h"
#include "tui/commands/suggest.h"

static void
product_ids(const struct app *app, struct arena *a, struct strlist *out)
{
	size_t i;

	for (i = 0; i < app->packs->count; i++)
		strlist_add(a, out, app->packs->pack[i]->product);
}

static int
choose_products(struct subject *s, const struct options *o, struct error *err)
{
	struct strlist all = {0}, chosen = {0};
	size_t i;

	product_ids(&s->app, o->arena, &all);
	for (i = 0; i < o->products.count; i++) {
		const char *id = o->products.item[i];

		if (strcmp(id, "all") == 0) {
			chosen = all;
			break;
		}
		if (!strlist_has(&all, id)) {
			error_set(err, ERR_USAGE,
			    _("There is no product called \"%s\"."), id);
			error_hint(err, "%s", suggest_hint(o->arena, id, &all));
			return -1;
		}
		strlist_add(o->arena, &chosen, id);
	}
	return site_set_products(s->site, &chosen, err);
}

static int
unknown_question(struct subject *s, const struct options *o,
    const struct pack *p, const char *question, struct error *err)
{
	struct strlist ids = {0};
	size_t i;

	(void)s;
	for (i = 0; i < p->nquestions; i++)
		strlist_add(o->arena, &ids, p->questions[i].id);
	error_set(err, ERR_USAGE,
	    _("The product %s has no question called \"%s\"."), p->product,
	    question);
	error_hint(err, "%s", suggest_hint(o->arena, question, &ids));
	return -1;
}

/* "PRODUCT.QUESTION=VALUE" */
static int
apply_setting(struct subject *s, const struct options *o, const char *text,
    struct error *err)
{
	const char *equals = strchr(text, '=');
	const char *dot = strchr(text, '.');
	const struct strlist *chosen = &s->site->record->products;
	const struct pack *p;
	char *product, *question;

	if (equals == NULL || dot == NULL || dot > equals || dot == text ||
	    dot + 1 == equals)
		return error_set(err, ERR_USAGE,
		    _("\"%s\" is not of the form PRODUCT.QUESTION=VALUE."),
		    text);
	product = arena_strndup(o->arena, text, (size_t)(dot - text));
	question = arena_strndup(o->arena, dot + 1, (size_t)(equals - dot - 1));
	p = pack_find(s->app.packs, product);
	if (p == NULL || !strlist_has(chosen, product)) {
		error_set(err, ERR_USAGE,
		    p == NULL ? _("There is no product called \"%s\".") :
				_("The product %s is answered for, but it is "
				  "not chosen."),
		    product);
		error_hint(err, "%s", suggest_hint(o->arena, product, chosen));
		return -1;
	}
	if (pack_question(p, question) == NULL)
		return unknown_question(s, o, p, question, err);
	if (site_set_answer(s->site, product, question, equals + 1, err) != 0) {
		error_where(err, "%s", text);
		return -1;
	}
	return 0;
}

static int
open_products(struct subject *s, const struct options *o, struct error *err)
{
	size_t i;

	s->site = site_create(&s->app, NULL, err);
	if (s->site == NULL || choose_products(s, o, err) != 0)
		return -1;
	for (i = 0; i < o->settings.count; i++) {
		if (apply_setting(s, o, o->settings.item[i], err) != 0)
			return -1;
	}
	site_assess(s->site);
	return 0;
}

/* A site file, or products: exactly one of them. */
static int
check_choice(const struct options *o, struct error *err)
{
	if (o->args.count > 0 && o->products.count > 0)
		return error_set(err, ERR_USAGE,
		    _("Name either a site file or products, not both."));
	if (o->args.count > 0 && o->settings.count > 0)
		return error_set(err, ERR_USAGE,
		    _("The option --set goes with --product; the answers of a "
		      "site file are in the file."));
	if (o->args.count == 0 && o->products.count == 0) {
		error_set(err, ERR_USAGE,
		    _("It is not said which site this is about."));
		error_hint(err,
		    _("Name a site file, or products with --product."));
		return -1;
	}
	return 0;
}

/* Is what --only names on this site? */
static int
check_only(const struct subject *s, const struct options *o)
{
	const struct record *r = s->site->record;
	const char *only = o->app.only;
	struct strlist ids = {0}, products = {0};
	const char *nearest;
	size_t i;

	if (only == NULL)
		return EXIT_OK;
	for (i = 0; i < r->nneeds; i++) {
		if (need_is_selected(&r->needs[i], only))
			return EXIT_OK;
		strlist_add(o->arena, &ids, r->needs[i].id);
	}
	say(_("There is no requirement and no product called \"%s\" on this "
	      "site."),
	    only);
	nearest = suggest_nearest(only, &ids);
	for (i = 0; i < r->products.count; i++)
		strlist_add(o->arena, &products, r->products.item[i]);
	if (nearest != NULL)
		say(_("Did you mean %s?"), nearest);
	else
		say(_("The products of this site are: %s. The command \"plan\" "
		      "lists their requirements."),
		    suggest_list(o->arena, &products));
	return EXIT_USAGE;
}

int
subject_open(struct subject *s, const struct options *o, bool read_only)
{
	struct error err = {0};
	int rc;

	memset(s, 0, sizeof *s);
	if (check_choice(o, &err) != 0 ||
	    app_init_told(&s->app, &o->app, &err) != 0)
		return say_error(&err);
	if (o->args.count > 0) {
		s->from_file = true;
		s->site = site_open(&s->app, o->args.item[0], read_only, &err);
		rc = s->site == NULL ? -1 : 0;
	} else {
		rc = open_products(s, o, &err);
	}
	return rc == 0 ? check_only(s, o) : say_error(&err);
}

/* Reading is what is needed; writing is tried. */
int
subject_open_to_issue(struct subject *s, const struct options *o)
{
	struct sitefile *f;
	struct error err = {0};
	int status;

	if (o->args.count == 0)
		return subject_open(s, o, true);
	f = sitefile_open(o->args.item[0], false, &err);
	sitefile_close(f);
	status = subject_open(s, o, f == NULL);
	if (f == NULL && status == EXIT_OK) {
		say(_("Nothing can be written into the site file, so the "
		      "papers are drafts: they have no number and no "
		      "version."));
		say("%s", err.what);
	}
	return status;
}

void
subject_close(struct subject *s)
{
	site_close(s->site);
	app_fini(&s->app);
}

int
subject_verdict(const struct record *r, const char *only)
{
	struct record asked = *r;
	size_t i;
	int status;

	asked.nneeds = 0;
	asked.needs = mem_array(r->nneeds, sizeof *asked.needs);
	for (i = 0; i < r->nneeds; i++) {
		if (need_is_selected(&r->needs[i], only))
			asked.needs[asked.nneeds++] = r->needs[i];
	}
	/* Of nothing, every line has passed; that is no verdict. */
	status = asked.nneeds == 0 ? EXIT_UNPROVEN : record_exit_status(&asked);
	mem_free(asked.needs);
	return status;
}

int
subject_status(const struct subject *s)
{
	const struct record *r = s->site->record;
	size_t i;

	if (s->site->save_error.code != ERR_NONE || s->cut_short)
		return EXIT_TROUBLE;
	for (i = 0; i < r->nneeds; i++) {
		if (r->needs[i].applies &&
		    r->needs[i].outcome == OUTCOME_TOOL_ERROR)
			return EXIT_TROUBLE;
	}
	return subject_verdict(r, s->app.opt.only);
}
