/* SPDX-License-Identifier: MIT */
/* Owns reading a site file into a record. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/record/json.h"
#include "core/record/sitefile.h"
#include "core/record/sitefile_db.h"

struct loader {
	struct sitefile *f;
	struct record *r;
	struct arena *a;
	struct error *err;
};

static int
fail_damaged(const struct loader *l)
{
	error_set(l->err, ERR_INPUT,
	    _("The site file holds a result that cannot be understood."));
	error_where(l->err, "%s", l->f->path);
	error_hint(l->err, "%s",
	    _("Use a copy of the file, or open it with the newest version of "
	      "sitewalk."));
	return -1;
}

/* Calls row() for each row until one fails. */
static int
each_row(const struct loader *l, enum statement which,
    const struct bind *values, int count,
    int (*row)(const struct loader *l, sqlite3_stmt *s))
{
	sqlite3_stmt *s = db_bind(l->f, which, values, count, l->err);
	int rc;

	if (s == NULL)
		return -1;
	while ((rc = db_step(l->f, s, l->err)) == 1) {
		if (row(l, s) != 0) {
			sqlite3_reset(s);
			return -1;
		}
	}
	return rc;
}

static char *
info(struct sitefile *f, const char *name, struct arena *a, bool keep_lines,
    struct error *err)
{
	const struct bind value = TEXT(name);
	sqlite3_stmt *s = db_bind(f, ST_LOAD_INFO, &value, 1, err);
	char *text = NULL;
	int rc = s == NULL ? -1 : db_step(f, s, err);

	if (rc == 1)
		text = db_text(s, 0, a, keep_lines);
	else if (rc == 0)
		text = arena_strdup(a, "");
	if (s != NULL)
		sqlite3_reset(s);
	return text;
}

static int
load_site(const struct loader *l)
{
	struct site_info *s = &l->r->site;
	const struct {
		const char *name;
		char **to;
		bool keep_lines;
	} rows[] = {
	    {"name", &s->name, false},
	    {"address", &s->address, true},
	    {"project", &s->project, false},
	    {"customer", &s->customer, false},
	    {"customer_contact", &s->customer_contact, false},
	    {"installer", &s->installer, false},
	    {"installer_contact", &s->installer_contact, false},
	    {"engineer", &s->engineer, false},
	    {"it_contact", &s->it_contact, false},
	    {"notes", &s->notes, true},
	    {"device_zone", &s->device_zone, false},
	    {"language", &s->language, false},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		*rows[i].to = info(l->f, rows[i].name, l->a, rows[i].keep_lines,
		    l->err);
		if (*rows[i].to == NULL)
			return -1;
	}
	return 0;
}

static int
add_product(const struct loader *l, sqlite3_stmt *s)
{
	strlist_add(l->a, &l->r->products, db_text(s, 0, l->a, false));
	return 0;
}

static int
add_answer(const struct loader *l, sqlite3_stmt *s)
{
	*arena_push(l->a, l->r->answers, l->r->nanswers) = (struct answer){
	    .product = db_text(s, 0, l->a, false),
	    .question = db_text(s, 1, l->a, false),
	    .value = db_text(s, 2, l->a, false),
	};
	return 0;
}

static int
add_equipment(const struct loader *l, sqlite3_stmt *s)
{
	*arena_push(l->a, l->r->equipment,
	    l->r->nequipment) = (struct equipment){
	    .product = db_text(s, 0, l->a, false),
	    .item = db_text(s, 1, l->a, false),
	    .label = db_text(s, 2, l->a, false),
	    .value = db_text(s, 3, l->a, false),
	    .how = db_text(s, 4, l->a, false),
	    .when_us = db_time(s, 5),
	};
	return 0;
}

static char *
text_or_null(sqlite3_stmt *s, int column, struct arena *a)
{
	char *text = db_text(s, column, a, false);

	return *text == '\0' ? NULL : text;
}

static int
add_attestation(const struct loader *l, sqlite3_stmt *s)
{
	*arena_push(l->a, l->r->attestations,
	    l->r->nattestations) = (struct attestation){
	    .product = db_text(s, 0, l->a, false),
	    .step = db_text(s, 1, l->a, false),
	    .id = db_text(s, 2, l->a, false),
	    .text = db_text(s, 3, l->a, false),
	    .answer = db_text(s, 4, l->a, false),
	    .who = db_text(s, 5, l->a, false),
	    .when_us = db_time(s, 6),
	    .reason = text_or_null(s, 7, l->a),
	};
	return 0;
}

static int
add_deviation(const struct loader *l, sqlite3_stmt *s)
{
	*arena_push(l->a, l->r->deviations,
	    l->r->ndeviations) = (struct deviation){
	    .requirement = db_text(s, 0, l->a, false),
	    .owner = db_text(s, 1, l->a, false),
	    .reason = db_text(s, 2, l->a, false),
	    .expires = db_text(s, 3, l->a, false),
	    .initials = db_text(s, 4, l->a, false),
	    .when_us = db_time(s, 5),
	};
	return 0;
}

/* The JSON of a column; NULL for anything that is none. Returns owned. */
static json_t *
column_json(sqlite3_stmt *s, int column)
{
	const unsigned char *text = NULL;

	if (sqlite3_column_type(s, column) == SQLITE_TEXT)
		text = sqlite3_column_text(s, column);
	if (text == NULL)
		return NULL;
	return json_read((const char *)text,
	    (size_t)sqlite3_column_bytes(s, column), NULL);
}

static int
read_vantage(const struct loader *l, sqlite3_stmt *s)
{
	json_t *vantage = column_json(s, 4);
	bool good;

	good = vantage != NULL &&
	    vantage_from_json(l->a, vantage, &l->r->vantage);
	json_decref(vantage);
	return good ? 0 : fail_damaged(l);
}

static int
add_run(const struct loader *l, sqlite3_stmt *s)
{
	l->r->started_us = db_time(s, 1);
	l->r->ended_us = db_time(s, 2);
	l->r->complete = sqlite3_column_int(s, 3) == 1;
	return read_vantage(l, s);
}

static int
add_observation(const struct loader *l, sqlite3_stmt *s)
{
	json_t *j = column_json(s, 0);
	const struct observation *old;
	struct observation o;

	if (j == NULL || !observation_from_json(l->a, j, &o)) {
		json_decref(j);
		return fail_damaged(l);
	}
	if (o.id[0] == '\0')
		o.id = NULL;
	/* What is there twice was withdrawn. */
	old = o.id == NULL ? NULL : record_observation(l->r, o.id);
	if (old != NULL)
		observation_withdraw(
		    &l->r->observations[old - l->r->observations]);
	else
		record_add_observation(l->r, &o);
	json_decref(o.detail);
	json_decref(j);
	return 0;
}

static int
load_declarations(const struct loader *l)
{
	struct declaration d;
	enum party party;
	json_t *j;
	char *text;
	bool good;

	for (party = 0; party < PARTY_COUNT; party++) {
		text = info(l->f,
		    arena_printf(l->a, DECLARATION "%s",
			word_name(&words_party, (int)party)),
		    l->a, true, l->err);
		if (text == NULL)
			return -1;
		if (*text == '\0')
			continue;
		j = json_read(text, strlen(text), NULL);
		good = j != NULL && declaration_from_json(l->a, j, &d);
		json_decref(j);
		if (!good)
			return fail_damaged(l);
		d.party = party;
		*arena_push(l->a, l->r->declarations, l->r->ndeclarations) = d;
	}
	return 0;
}

static int
add_replaced(const struct loader *l, sqlite3_stmt *s)
{
	record_replace(l->r, db_text(s, 0, l->a, false),
	    db_text(s, 1, l->a, false));
	return 0;
}

/* One that was cut off has no end: its last observation's is all there is. */
static int64_t
end_of_retry(const struct record *r, sqlite3_stmt *s, unsigned long first)
{
	int64_t ended = db_time(s, 2);
	bool open = ended == 0;
	size_t i;

	for (i = 0; open && i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (observation_number(o) >= first &&
		    o->started_us + o->duration_us > ended)
			ended = o->started_us + o->duration_us;
	}
	return ended;
}

static int
add_retry(const struct loader *l, sqlite3_stmt *s)
{
	const struct bind run = NUMBER(sqlite3_column_int64(s, 0));
	const struct observation next = {.id = record_next_id(l->r, l->a)};
	int64_t ended;

	if (read_vantage(l, s) != 0 ||
	    each_row(l, ST_LOAD_OBSERVATIONS, &run, 1, add_observation) != 0 ||
	    each_row(l, ST_LOAD_REPLACED, &run, 1, add_replaced) != 0)
		return -1;
	ended = end_of_retry(l->r, s, observation_number(&next));
	if (ended > l->r->ended_us)
		l->r->ended_us = ended;
	return 0;
}

static int
load_all(const struct loader *l)
{
	const struct {
		enum statement statement;
		int (*row)(const struct loader *l, sqlite3_stmt *s);
	} parts[] = {
	    {ST_LOAD_PRODUCTS, add_product},
	    {ST_LOAD_ANSWERS, add_answer},
	    {ST_LOAD_EQUIPMENT, add_equipment},
	    {ST_LOAD_ATTESTATIONS, add_attestation},
	    {ST_LOAD_DEVIATIONS, add_deviation},
	    {db_load_run(l->f), add_run},
	};
	const struct bind run = NUMBER(l->f->base);
	int rc = load_site(l);
	size_t i;

	for (i = 0; i < sizeof parts / sizeof *parts && rc == 0; i++)
		rc = each_row(l, parts[i].statement, NULL, 0, parts[i].row);
	if (rc == 0)
		rc = load_declarations(l);
	if (rc == 0)
		rc = each_row(l, ST_LOAD_OBSERVATIONS, &run, 1,
		    add_observation);
	if (rc == 0 && l->f->version >= 2)
		rc = each_row(l, ST_LOAD_RETRIES, &run, 1, add_retry);
	return rc;
}

struct record *
sitefile_load(struct sitefile *f, struct error *err)
{
	struct record *r = record_new();
	const struct loader loader = {f, r, r->arena, err};

	if (load_all(&loader) == 0) {
		db_secret(f, r->secret);
		return r;
	}
	record_free(r);
	return NULL;
}

char *
sitefile_place(struct sitefile *f, struct arena *a)
{
	char *place = info(f, "place", a, false, NULL);

	return place == NULL || place[0] == '\0' ? NULL : place;
}

struct record *
sitefile_judgement(struct sitefile *f)
{
	const struct bind name = TEXT("judgement");
	sqlite3_stmt *s = db_bind(f, ST_LOAD_INFO, &name, 1, NULL);
	struct error err = {0};
	struct record *r = NULL;
	const char *text;

	/* One that cannot be read is none: what counts is judged anew. */
	if (s != NULL && db_step(f, s, NULL) == 1 &&
	    sqlite3_column_type(s, 0) == SQLITE_TEXT) {
		text = (const char *)sqlite3_column_text(s, 0);
		if (text != NULL)
			r = record_from_json(text,
			    (size_t)sqlite3_column_bytes(s, 0), &err);
	}
	if (s != NULL)
		sqlite3_reset(s);
	return r;
}

size_t
sitefile_unfinished(struct sitefile *f, struct arena *a, struct strlist *keys)
{
	const struct bind run = NUMBER(f->run);
	sqlite3_stmt *s = db_bind(f, ST_LOAD_UNFINISHED, &run, 1, NULL);
	size_t count = 0;

	while (s != NULL && db_step(f, s, NULL) == 1) {
		strlist_add(a, keys, db_text(s, 0, a, false));
		count++;
	}
	return count;
}
