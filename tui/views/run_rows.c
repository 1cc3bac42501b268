/* SPDX-License-Identifier: MIT */
/* Owns the rows of the run's page. */
#include "tui/views/run_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/probe/probe.h"

/* --- which needs rest on a check ----------------------------------------- */

/* Asked for each check at each drawing, of each need. */
static bool
is_key_of(const char *asked, const char *key)
{
	while (*asked != '\0' && *asked == *key) {
		asked++;
		key++;
	}
	return *asked == '\0' && (*key == '\0' || *key == ' ');
}

/* The same measurement, or the name (else NULL) that it is made at. */
static bool
serves(const struct probe_spec *asked, const char *key, const char *name)
{
	return is_key_of(asked->key, key) ||
	    (name != NULL && asked->host != NULL &&
		strcmp(asked->host, name) == 0);
}

static bool
need_rests_on(const struct need *n, const char *key, const char *name)
{
	size_t k;

	for (k = 0; n->applies && k < n->nspecs; k++) {
		if (serves(&n->specs[k], key, name))
			return true;
	}
	return false;
}

/* "tls tcp a.example:443" of "tls tcp a.example:443 @192.0.2.1". */
static char *
base_key(struct arena *a, const char *key)
{
	const char *at = strstr(key, " @");

	return arena_strndup(a, key,
	    at != NULL ? (size_t)(at - key) : strlen(key));
}

/* The first of the product, or of any for "". */
static const struct need *
need_of(const struct record *r, const char *product, const char *key,
    const char *type, const char *host)
{
	const char *name = strcmp(type, "dns") == 0 ? host : NULL;
	size_t i;

	for (i = 0; i < r->nneeds; i++) {
		if ((*product == '\0' ||
			strcmp(r->needs[i].product, product) == 0) &&
		    need_rests_on(&r->needs[i], key, name))
			return &r->needs[i];
	}
	return NULL;
}

/* The need of a task, whose id is nearly always the need's own text. */
static const struct need *
need_called(const struct record *r, const char *id)
{
	size_t i;

	for (i = 0; id != NULL && i < r->nneeds; i++) {
		if (r->needs[i].id == id)
			return &r->needs[i];
	}
	return id != NULL ? record_need(r, id) : NULL;
}

static int
part_of(const struct record *r, const struct need *n)
{
	size_t i;

	for (i = 0; n != NULL && i < r->products.count; i++) {
		if (strcmp(r->products.item[i], n->product) == 0)
			return (int)i;
	}
	return RUN_PART_CONTROLS;
}

static bool
is_mine(const struct screen *sc, const struct need *first, const char *key,
    const char *type, const char *host)
{
	const char *product = sc->run_look.product;

	if (*product == '\0' ||
	    (first != NULL && strcmp(first->product, product) == 0))
		return true;
	return need_of(sc->site->record, product, key, type, host) != NULL;
}

/* --- from a run ---------------------------------------------------------- */

/* The name that is asked about and the server that is asked. */
static char *
task_title(struct arena *a, const struct task *t)
{
	const struct probe_spec *s = t->spec;

	if ((s->host != NULL && s->address != NULL) ||
	    strcmp(s->type, "dns") == 0)
		return words_probe(a, s->type, s->host, s->address,
		    s->address != NULL ? s->port : 0, s->protocol);
	return arena_strdup(a, t->title);
}

static const char *
result_note(const struct observation *o)
{
	if (o->failure != CAUSE_NONE)
		return word_label(&words_cause, (int)o->failure);
	return word_label(&words_rung, (int)o->rung);
}

static const char *
task_note(struct arena *a, const struct task *t)
{
	const struct probe_type *type = probe_type_find(t->spec->type);
	int64_t left;

	if (t->state == TASK_DONE)
		return t->result != NULL ? result_note(t->result) :
					   _("was not needed");
	if (!t->background || t->state == TASK_WAITING || type == NULL)
		return NULL;
	left = type->longest_ms - (clock_mono_us() - t->started_us) / 1000;
	if (left <= 0)
		return _("about to end");
	return arena_printf(a, _("up to %s left"),
	    words_seconds(a, (left + 59999) / 60000 * 60000));
}

/* Seconds go on together with those of the totals. */
static int
seconds_since(const struct run *run, int64_t started_us)
{
	struct run_totals t;
	int64_t now = clock_mono_us(), from;

	run_totals(run, &t);
	from = now - t.elapsed_us;
	return (int)((now - from) / 1000000 - (started_us - from) / 1000000);
}

static void
collect_task(const struct screen *sc, const struct run *run, size_t index,
    struct arena *a, struct run_row *row)
{
	const struct task *t = run_task(run, index);
	const struct probe_spec *s = t->spec;
	const struct record *r = sc->site->record;
	const struct need *need = need_called(r, t->need);

	*row = (struct run_row){
	    .id = arena_printf(a, "t%d.%zu", sc->run_look.number, index),
	    .key = arena_strdup(a, s->key),
	    .part = index >= sc->planned ? RUN_PART_ADDED :
		t->background            ? RUN_PART_BACKGROUND :
					   part_of(r, need),
	    .title = task_title(a, t),
	    .look = words_of_task(t),
	    .note = task_note(a, t),
	    .mine = is_mine(sc, need, s->key, s->type, s->host),
	    .to_do = t->state != TASK_DONE,
	    .state = t->state,
	    .task = index,
	    .need = arena_strdup(a, t->need),
	};
	if (t->state == TASK_DONE && t->result != NULL) {
		row->value = words_ms(a, t->result->duration_us);
		row->observation = arena_strdup(a, t->result->id);
	} else if (t->state == TASK_RUNNING && !t->background) {
		row->value = arena_printf(a, _("%d s"),
		    seconds_since(run, t->started_us));
	}
}

/* --- from the record ----------------------------------------------------- */

static bool
is_background(const char *probe)
{
	const struct probe_type *type = probe_type_find(probe);

	return type != NULL && type->background;
}

static void
collect_observation(const struct screen *sc, const struct observation *o,
    struct arena *a, struct run_row *row)
{
	const struct record *r = sc->site->record;
	const struct need *need = need_of(r, "", o->key, o->probe, o->host);

	*row = (struct run_row){
	    .id = arena_strdup(a, o->id),
	    .key = base_key(a, o->key),
	    .order = need != NULL ? (size_t)(need - r->needs) : r->nneeds,
	    .part = words_is_search(o->probe) ? RUN_PART_ADDED :
		is_background(o->probe)       ? RUN_PART_BACKGROUND :
						part_of(r, need),
	    .title = words_probe(a, o->probe, o->host, o->address, o->port,
		o->protocol),
	    .look = words_of_observation(o),
	    .note = result_note(o),
	    .value = words_ms(a, o->duration_us),
	    .mine = is_mine(sc, need, o->key, o->probe, o->host),
	    .state = TASK_DONE,
	    .task = RUN_NO_TASK,
	    .need = need != NULL ? arena_strdup(a, need->id) : NULL,
	    .observation = arena_strdup(a, o->id),
	};
}

/* What is measured again comes last in the record, and keeps its place on the
 * page. */
static int
by_order(const void *x, const void *y)
{
	const struct run_row *a = x, *b = y;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if (strcmp(a->key, b->key) != 0)
		return strcmp(a->key, b->key);
	return strcmp(a->title, b->title);
}

/* --- all of them --------------------------------------------------------- */

void
run_rows_collect(const struct screen *sc, const struct run *run,
    struct arena *a, struct run_rows *out)
{
	const struct record *r = sc->site->record;
	size_t i;

	memset(out, 0, sizeof *out);
	out->nproducts = r->products.count;
	if (run != NULL) {
		out->count = run_task_count(run);
		out->item = arena_array(a, out->count, sizeof *out->item);
		for (i = 0; i < out->count; i++)
			collect_task(sc, run, i, a, &out->item[i]);
		return;
	}
	out->count = r->nobservations;
	out->item = arena_array(a, out->count, sizeof *out->item);
	for (i = 0; i < out->count; i++)
		collect_observation(sc, &r->observations[i], a, &out->item[i]);
	if (out->count > 1)
		qsort(out->item, out->count, sizeof *out->item, by_order);
}

bool
run_row_shown(const struct run_look *look, const struct run_row *row)
{
	if (!row->mine)
		return false;
	if (look->outcome == RUN_TO_DO && !row->to_do)
		return false;
	if (look->outcome == RUN_PROBLEMS && row->look->role != ROLE_BAD &&
	    row->look->role != ROLE_WARN)
		return false;
	return *look->text == '\0' ||
	    strcasestr(row->title, look->text) != NULL ||
	    strcasestr(_(row->look->word), look->text) != NULL ||
	    (row->note != NULL && strcasestr(row->note, look->text) != NULL);
}

size_t
run_rows_changed(const struct run_rows *before, const struct run_rows *now)
{
	size_t i, n = 0;

	for (i = 0; i < now->count; i++)
		n += i >= before->count ||
		    strcmp(before->item[i].id, now->item[i].id) != 0 ||
		    before->item[i].look != now->item[i].look;
	return n;
}

void
run_rows_keep_choice(struct screen *sc, struct page *p,
    const struct run_rows *rows)
{
	struct run_look *look = &sc->run_look;
	const struct run_row *same = NULL;
	size_t i;

	if (p->focus == NULL || strcmp(p->focus, PAGE_NEXT_ID) == 0) {
		look->focus_key[0] = '\0';
		return;
	}
	for (i = 0; i < rows->count; i++) {
		const struct run_row *row = &rows->item[i];

		if (strcmp(row->id, p->focus) == 0) {
			snprintf(look->focus_key, sizeof look->focus_key, "%s",
			    row->key);
			return;
		}
		if (same == NULL && strcmp(row->key, look->focus_key) == 0)
			same = row;
	}
	if (same != NULL)
		page_focus(p, same->id);
}

static bool
is_kept(const struct screen *sc, const struct page *p,
    const struct run_row *row)
{
	return run_row_shown(&sc->run_look, row) ||
	    (p->focus != NULL && strcmp(p->focus, row->id) == 0);
}

static void
build_row(struct page *p, const struct run_row *row)
{
	struct item *it = page_row(p, row->id, row->title);

	it->glyph = row->look->glyph;
	it->role = row->look->role;
	it->word = _(row->look->word);
	it->note = row->note;
	it->value = row->value;
	it->on = row->look->role == ROLE_BAD || row->look->role == ROLE_WARN;
	it->data = row;
}

static const char *
part_title(const struct screen *sc, int part)
{
	const struct strlist *products = &sc->site->record->products;
	const struct pack *pack;

	if (part == RUN_PART_CONTROLS)
		return _("Comparisons, for all products");
	if (part == RUN_PART_BACKGROUND)
		return _("Background tests");
	if (part == RUN_PART_ADDED)
		return _("Added: more addresses, and the search for what "
			 "blocks");
	if (part < 0 || (size_t)part >= products->count)
		return "";
	pack = pack_find(sc->app.packs, products->item[part]);
	return pack != NULL ? pack_text(pack->title) : products->item[part];
}

static void
build_background_text(const struct screen *sc, struct page *p)
{
	const struct run *run = sc->site->run != NULL ? sc->site->run :
							sc->site->ended;
	struct run_totals t = {0};

	if (run != NULL)
		run_totals(run, &t);
	if (t.background == t.background_done)
		page_text(p, ROLE_QUIET, 2, _("They are over."));
	else
		page_textf(p, ROLE_QUIET, 2,
		    _("Nobody need wait for them: they take minutes, and what "
		      "they find is added to the results. The last ends in "
		      "%s at most."),
		    words_seconds(p->arena,
			(t.background_left_ms + 59999) / 60000 * 60000));
}

/* A heading where there is anything beneath, or could be. */
static void
build_part(const struct screen *sc, struct page *p, const struct run_rows *rows,
    int part, bool has_run)
{
	bool filtered = sc->run_look.outcome != RUN_ALL ||
	    *sc->run_look.product != '\0' || *sc->run_look.text != '\0';
	size_t i, all = 0, shown = 0;

	for (i = 0; i < rows->count; i++) {
		if (rows->item[i].part != part)
			continue;
		all++;
		shown += is_kept(sc, p, &rows->item[i]);
	}
	if (shown == 0 &&
	    (filtered || sc->again || !has_run || part >= RUN_PART_CONTROLS))
		return;
	page_heading(p, part_title(sc, part));
	if (part == RUN_PART_BACKGROUND)
		build_background_text(sc, p);
	if (all == 0)
		page_text(p, ROLE_QUIET, 2,
		    _("Measured with the products above."));
	for (i = 0; i < rows->count; i++) {
		if (rows->item[i].part == part &&
		    is_kept(sc, p, &rows->item[i]))
			build_row(p, &rows->item[i]);
	}
}

void
run_rows_build(const struct screen *sc, struct page *p,
    const struct run_rows *rows, bool has_run)
{
	size_t i, before = p->nitems;

	if (!has_run && rows->count == 0) {
		page_text(p, ROLE_NORMAL, 0,
		    _("Nothing has been measured yet. Go back one page to "
		      "start the checks."));
		return;
	}
	for (i = 0; i < rows->nproducts; i++)
		build_part(sc, p, rows, (int)i, has_run);
	build_part(sc, p, rows, RUN_PART_CONTROLS, has_run);
	build_part(sc, p, rows, RUN_PART_BACKGROUND, has_run);
	build_part(sc, p, rows, RUN_PART_ADDED, has_run);
	if (p->nitems == before)
		page_text(p, ROLE_NORMAL, 2, _("There is nothing to show."));
}

char *
run_rows_filter_text(const struct screen *sc, struct arena *a,
    const struct run_rows *rows)
{
	static const char *const of_all[] = {
	    [RUN_PROBLEMS] = N_("Only problems are shown: %1$zu of %2$zu; f "
				"shows others."),
	    [RUN_TO_DO] = N_("Only what is still to do is shown: %1$zu of "
			     "%2$zu; f shows others."),
	};
	static const char *const of_product[] = {
	    [RUN_ALL] = N_("Only checks of %3$s are shown: %1$zu of %2$zu; o "
			   "shows others."),
	    [RUN_PROBLEMS] = N_("Only problems of %3$s are shown: %1$zu of "
				"%2$zu; f and o show others."),
	    [RUN_TO_DO] = N_("Only what is still to do for %3$s is shown: "
			     "%1$zu of %2$zu; f and o show others."),
	};
	const struct run_look *look = &sc->run_look;
	const struct pack *pack = pack_find(sc->app.packs, look->product);
	size_t i, shown = 0;
	char *text;

	for (i = 0; i < rows->count; i++)
		shown += run_row_shown(look, &rows->item[i]);
	if (*look->product != '\0')
		text = arena_printf(a, _(of_product[look->outcome]), shown,
		    rows->count,
		    pack != NULL ? pack_text(pack->title) : look->product);
	else if (look->outcome != RUN_ALL)
		text = arena_printf(a, _(of_all[look->outcome]), shown,
		    rows->count);
	else if (*look->text != '\0')
		return arena_printf(a,
		    _("Only checks with \"%1$s\" in them are shown: %2$zu of "
		      "%3$zu; t changes that."),
		    look->text, shown, rows->count);
	else
		return arena_printf(a,
		    P_("%zu check is shown.", "All %zu checks are shown.",
			rows->count),
		    rows->count);
	if (*look->text == '\0')
		return text;
	return arena_printf(a,
	    /* TRANSLATORS: after "Only problems are shown: ..." */
	    _("%1$s And only those with \"%2$s\" in them; t changes that."),
	    text, look->text);
}

void
view_build_background(struct screen *sc, struct page *p)
{
	size_t n = site_background(sc->site);

	if (n == 0 || screen_is_running(sc))
		return;
	page_textf(p, ROLE_NORMAL, 0,
	    P_("%zu background test is going on. You need not wait for it; "
	       "what it finds is added to the results.",
		"%zu background tests are going on. You need not wait for "
		"them; what they find is added to the results.",
		n),
	    n);
}
