/* SPDX-License-Identifier: MIT */
/* Owns the reading of a request that is to be measured again: its rows, what
 * the desk wrote into them, and the answers that its needs are made from. */
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/request/rows.h"
#include "core/record/json.h"
#include "core/record/rules_seal.h"
#include "tui/work/retest.h"

#define SCHEMA_MAJOR "sitewalk/rules/1"
#define SCHEMA_FAMILY "sitewalk/rules/"
#define RULE_PREFIX "FR-"
#define ROWS_MAX 10000
#define TIMES_MAX 1000000
#define TEXT_MAX_BYTES 4096
#define SIGNATURE_MAX ((size_t)64 << 10)
#define DATE_LENGTH 10

/* Sanitised, at most so long, "" where there is none. */
static const char *
text_of(struct arena *a, const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return s == NULL ? "" :
			   text_sanitise(a, s, strlen(s), TEXT_MAX_BYTES, true);
}

/* --- what only the desk knows --- */

static bool
is_date(const char *s)
{
	size_t i;

	for (i = 0; i < DATE_LENGTH; i++) {
		if (i == 4 || i == 7 ? s[i] != '-' : s[i] < '0' || s[i] > '9')
			return false;
	}
	return s[DATE_LENGTH] == '\0';
}

static const char *
take_date(struct retest *t, const json_t *row, const char *rule_id,
    const char *name)
{
	const char *day = text_of(t->arena, row, name);

	if (day[0] == '\0' || is_date(day))
		return day;
	retest_note(t,
	    arena_printf(t->arena,
		_("In the row %1$s, \"%2$s\" (%3$s) is no day as 2026-12-31 "
		  "is one, so it is not taken over."),
		rule_id, day, name));
	return "";
}

static const char *
take_status(struct retest *t, const json_t *row, const char *rule_id)
{
	static const char *const words[] = {"requested", "approved", "rejected",
	    "implemented", "verified"};
	const char *status = text_of(t->arena, row, "status");
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(status, words[i]) == 0)
			return words[i];
	}
	if (status[0] != '\0')
		retest_note(t,
		    arena_printf(t->arena,
			_("In the row %1$s, \"%2$s\" is no status of a "
			  "request, so it counts as \"requested\"."),
			rule_id, status));
	return words[0];
}

static void
take_desk(struct retest *t, const json_t *j, struct export_retest_row *desk)
{
	struct arena *a = t->arena;

	desk->status = take_status(t, j, desk->rule_id);
	desk->owner = text_of(a, j, "owner");
	desk->approver = text_of(a, j, "approver");
	desk->change_ref = text_of(a, j, "change_ref");
	desk->valid_from = take_date(t, j, desk->rule_id, "valid_from");
	desk->expires = take_date(t, j, desk->rule_id, "expires");
}

static void
take_parties(struct retest *t, const json_t *request)
{
	const json_t *list = json_object_get(request, "parties"), *j,
		     *window = json_object_get(json_object_get(request,
						   "change"),
			 "window");
	struct export_retest *r = &t->request;
	struct arena *a = t->arena;
	size_t i;

	json_array_foreach(list, i, j)
	{
		const char *role = text_of(a, j, "role");

		if (strcmp(role, "approver") == 0) {
			r->approver = text_of(a, j, "name");
			r->approver_contact = text_of(a, j, "contact");
		} else if (strcmp(role, "implementer") == 0) {
			r->implementer = text_of(a, j, "name");
			r->implementer_contact = text_of(a, j, "contact");
		}
	}
	r->window_start = text_of(a, window, "start");
	r->window_end = text_of(a, window, "end");
}

/* --- rows --- */

/* Requests of earlier versions tell no rung: a warning is no proof then. */
static bool
worked_then(struct arena *a, const json_t *j, enum outcome outcome)
{
	struct need n = {.outcome = outcome};
	int rung = RUNG_NONE, required = RUNG_APP_REPLY;

	(void)word_parse(&words_rung, text_of(a, j, "rung"), &rung);
	if (word_parse(&words_rung, text_of(a, j, "required_rung"), &required))
		n.required_rung = (enum rung)required;
	n.rung = (enum rung)rung;
	return need_works(&n);
}

static int
take_row(struct retest *t, const json_t *j, const char *only, struct error *err)
{
	const char *id = text_of(t->arena, j, "rule_id");
	int outcome = OUTCOME_NOT_RUN, strength = STRENGTH_REQUIRED;
	struct retest_row *row;
	struct need n = {0};

	if (strncmp(id, RULE_PREFIX, strlen(RULE_PREFIX)) != 0)
		return error_set(err, ERR_INPUT,
		    _("A row of this request has no rule_id that names a "
		      "requirement."));
	if (t->count == ROWS_MAX)
		return error_set(err, ERR_INPUT,
		    _("This request has more rows than this program reads."));
	n.id = arena_strdup(t->arena, id + strlen(RULE_PREFIX));
	n.product = arena_strndup(t->arena, n.id, strcspn(n.id, "."));
	if (!need_is_selected(&n, only))
		return 0;
	(void)word_parse(&words_outcome, text_of(t->arena, j, "outcome"),
	    &outcome);
	(void)word_parse(&words_strength, text_of(t->arena, j, "required"),
	    &strength);
	row = retest_add(t, id, n.id);
	row->then = (enum outcome)outcome;
	row->worked = worked_then(t->arena, j, row->then);
	row->strength = (enum strength)strength;
	take_desk(t, j, &row->desk);
	return 0;
}

static int
by_text(const void *x, const void *y)
{
	const char *const *a = x, *const *b = y;

	return strcmp(*a, *b);
}

static int
refuse_twice(const struct retest *t, struct error *err)
{
	const char **id = arena_array(t->arena, t->count + 1, sizeof *id);
	size_t i;

	for (i = 0; i < t->count; i++)
		id[i] = t->row[i].desk.rule_id;
	if (t->count > 0)
		qsort(id, t->count, sizeof *id, by_text);
	for (i = 1; i < t->count; i++) {
		if (strcmp(id[i - 1], id[i]) == 0)
			return error_set(err, ERR_INPUT,
			    _("The row %s stands in this request twice."),
			    id[i]);
	}
	return 0;
}

static int
take_rows(struct retest *t, const json_t *request, const char *only,
    struct error *err)
{
	const json_t *list;
	size_t i, k;

	for (i = 0; i < ROWS_NPARTS; i++) {
		list = json_object_get(request, rows_part_names[i]);
		if (!json_is_array(list))
			return error_set(err, ERR_INPUT,
			    _("This request has no list \"%s\"."),
			    rows_part_names[i]);
		for (k = 0; k < json_array_size(list); k++) {
			if (take_row(t, json_array_get(list, k), only, err) !=
			    0)
				return -1;
		}
	}
	return refuse_twice(t, err);
}

/* --- what the rows are made from --- */

/* What the person at the laptop was asked, as the request repeats it. */
static int
take_products(struct retest *t, struct site *s, const json_t *request,
    struct error *err)
{
	const json_t *list = json_object_get(request, "products"), *j, *answer;
	struct strlist products = {0};
	struct arena *a = t->arena;
	size_t i, k;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return error_set(err, ERR_INPUT,
		    _("This request does not say for which products it is, so "
		      "it cannot be tested again."));
	json_array_foreach(list, i, j)
	{
		const char *id = text_of(a, j, "product");

		retest_compare_pack(t, s->app, id,
		    (uint32_t)json_integer_value(json_object_get(j, "version")),
		    text_of(a, j, "sha256"));
		if (pack_find(s->app->packs, id) != NULL)
			strlist_add(a, &products, id);
	}
	if (products.count == 0)
		return error_set(err, ERR_INPUT,
		    _("This program has no pack for any product of this "
		      "request, so it cannot be tested again."));
	if (site_set_products(s, &products, err) != 0)
		return -1;
	json_array_foreach(list, i, j)
	{
		json_array_foreach(json_object_get(j, "answers"), k, answer)
		    retest_answer(t, s, text_of(a, j, "product"),
			text_of(a, answer, "question"),
			text_of(a, answer, "value"));
	}
	return 0;
}

static void
take_site(struct record *r, const json_t *request)
{
	const json_t *j = json_object_get(request, "site");
	struct arena *a = r->arena;
	char *empty = arena_strdup(a, "");
	const struct {
		const char *name;
		char **to;
	} members[] = {
	    {"name", &r->site.name},
	    {"address", &r->site.address},
	    {"project", &r->site.project},
	    {"customer", &r->site.customer},
	    {"customer_contact", &r->site.customer_contact},
	    {"installer", &r->site.installer},
	    {"installer_contact", &r->site.installer_contact},
	    {"engineer", &r->site.engineer},
	    {"it_contact", &r->site.it_contact},
	    {"notes", &r->site.notes},
	    {"device_zone", &r->site.device_zone},
	    {"language", &r->site.language},
	};
	size_t i;

	for (i = 0; i < sizeof members / sizeof *members; i++) {
		const char *s = text_of(a, j, members[i].name);

		*members[i].to = s[0] == '\0' ? empty : arena_strdup(a, s);
	}
}

/* These rows, what they rest on, and the alternatives that can stand in for
 * one of them: without those nobody knows whether it blocks the site. */
static void
choose_needs(struct retest *t, struct site *s)
{
	struct record *r = s->record;
	struct strlist *list = &s->only_needs;
	size_t i, k;

	for (i = 0; i < t->count; i++) {
		const struct need *n = record_need(r, t->row[i].need);

		for (k = 0; n != NULL && k < r->nneeds; k++) {
			const struct need *other = &r->needs[k];

			if ((other == n || need_is_alternative(n, other)) &&
			    !strlist_has(list, other->id))
				strlist_add(t->arena, list, other->id);
		}
	}
	for (i = 0; i < list->count; i++) {
		const struct need *n = record_need(r, list->item[i]);

		for (k = 0; n != NULL && k < n->needs.count; k++) {
			if (!strlist_has(list, n->needs.item[k]))
				strlist_add(t->arena, list, n->needs.item[k]);
		}
	}
}

/* --- the whole --- */

static int
check_seal(struct retest *t, const struct buf *allowed, const struct buf *data,
    struct error *err)
{
	struct seal_report r;
	struct error ignored;
	struct buf sig;
	bool beside, as_written;

	buf_init(&sig, SIGNATURE_MAX);
	beside = file_read_still(arena_printf(t->arena, "%s.sig", t->path),
		     SIGNATURE_MAX, true, &sig, &ignored) == 0;
	rules_seal_check(t->arena, buf_str(data), data->len,
	    beside ? buf_str(&sig) : NULL, sig.len,
	    allowed == NULL ? NULL : buf_str(allowed),
	    allowed == NULL ? 0 : allowed->len, &r, &as_written);
	buf_free(&sig);
	if (r.verdict == SEAL_BROKEN) {
		error_set(err, ERR_INPUT,
		    _("This request is not as it was signed, so nothing in it "
		      "can be believed. %s"),
		    r.why);
		error_hint(err, "%s",
		    _("If the IT desk filled in its part, it signs the file "
		      "again, or takes the file that ends in .sig away: then "
		      "it counts as unsigned."));
		return -1;
	}
	if (r.verdict == SEAL_SIGNED && r.allowed == ALLOWED_YES)
		retest_note(t,
		    arena_printf(t->arena,
			_("The request is signed by %1$s with the key %2$s."),
			r.principal, r.key.fingerprint));
	else if (r.verdict == SEAL_SIGNED)
		retest_note(t,
		    arena_printf(t->arena,
			allowed == NULL ?
			    _("The request is signed by the key %s. Whose key "
			      "that is was not compared (--allowed-signers).") :
			    _("The request is signed by the key %s, which you "
			      "do not trust for that."),
			r.key.fingerprint));
	else if (as_written)
		retest_note(t,
		    _("The request is not signed: anybody could have made "
		      "it."));
	else
		retest_note(t,
		    _("The request is not signed, and it is not as sitewalk "
		      "wrote it: the IT desk may have filled in its part, or "
		      "somebody else changed it."));
	return 0;
}

static int
check_schema(const json_t *j, struct error *err)
{
	const char *schema = json_string_value(json_object_get(j, "schema"));

	if (schema != NULL && strcmp(schema, SCHEMA_MAJOR) == 0)
		return 0;
	if (schema != NULL &&
	    strncmp(schema, SCHEMA_FAMILY, strlen(SCHEMA_FAMILY)) == 0)
		return error_set(err, ERR_NEWER,
		    _("This change request was written by a newer version of "
		      "sitewalk."));
	return error_set(err, ERR_INPUT,
	    _("This file is not a change request of sitewalk."));
}

/* "HO-0123456789ab" */
static const char *
take_handover_id(struct arena *a, const json_t *handover, const char *name)
{
	const char *id = text_of(a, handover, name);
	size_t digits = strncmp(id, "HO-", 3) != 0 ?
	    0 :
	    strspn(id + 3, "0123456789abcdef");

	return digits == 12 && id[3 + digits] == '\0' ? id : "";
}

static void
take_head(struct retest *t, const json_t *j)
{
	const json_t *handover = json_object_get(j, "handover");
	json_int_t times = json_integer_value(json_object_get(j, "retests")),
		   version = json_integer_value(
		       json_object_get(handover, "version"));
	struct arena *a = t->arena;

	t->scope = strcmp(text_of(a, j, "scope"), "all") == 0 ? SCOPE_ALL :
								SCOPE_NEEDED;
	t->request.id = text_of(a, j, "id");
	t->request.times = times > 0 && times < TIMES_MAX ? (unsigned)times : 0;
	t->old.id = arena_strdup(a, take_handover_id(a, handover, "id"));
	t->old.supersedes = arena_strdup(a,
	    take_handover_id(a, handover, "supersedes"));
	t->old.version = version > 0 && version < TIMES_MAX ?
	    (uint32_t)version :
	    0;
	take_parties(t, j);
}

int
retest_read_request(struct retest *t, struct site *s, const struct buf *data,
    const char *only, struct error *err)
{
	json_t *j;
	int rc = -1;

	if (check_seal(t, app_allowed(s->app), data, err) != 0)
		return -1;
	j = json_read(buf_str(data), data->len, err);
	if (j == NULL)
		return -1;
	if (check_schema(j, err) == 0) {
		take_head(t, j);
		take_site(s->record, j);
		if (take_products(t, s, j, err) == 0)
			rc = take_rows(t, j, only, err);
	}
	json_decref(j);
	if (rc == 0) {
		site_assess(s);
		choose_needs(t, s);
	}
	if (only != NULL)
		t->no_edition = _(
		    "Only a part of the request was measured, and a new "
		    "edition would take the place of the whole.");
	return rc;
}
