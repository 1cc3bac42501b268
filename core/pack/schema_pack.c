/* SPDX-License-Identifier: MIT */
/* Owns how a pack's head and its steps are read. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/draft.h"

#define VERSION_FIRST UINT64_C(2000010100)
#define VERSION_LAST UINT64_C(2199123199)

/* --- steps --- */

static const struct rule confirm_rules[] = {
    {"id", read_text, AT(step_item, id), KEY_MUST, .check = check_id},
    {"text", read_text, AT(step_item, text), KEY_MUST},
    {"when_missing", read_text, AT(step_item, when_missing)},
    SOURCE_RULES(step_item),
};

static const struct rule write_down_rules[] = {
    {"id", read_text, AT(step_item, id), KEY_MUST, .check = check_id},
    {"text", read_text, AT(step_item, text), KEY_MUST},
    {"type", read_word, AT(step_item, type), .words = &words_question_type},
    {"when_missing", read_text, AT(step_item, when_missing)},
    {"found", read_map, AT(step_item, found), .schema = &schema_found},
    SOURCE_RULES(step_item),
};

static void
check_item(struct binder *b, const struct node *n, void *object)
{
	struct step_item *item = object;

	draft_check_source(b, n, &item->source);
	if (item->type == QUESTION_CHOICE)
		report_mistake(b->report, node_place(n, "type"),
		    _("What is written down cannot be a choice."));
}

static const struct step_item confirm_initial = {.type = QUESTION_YESNO};
static const struct step_item write_down_initial = {.type = QUESTION_TEXT};

static const struct schema schema_confirm = {
    SCHEMA(confirm_rules),
    .size = sizeof(struct step_item),
    .initial = &confirm_initial,
    .check = check_item,
};

static const struct schema schema_write_down = {
    SCHEMA(write_down_rules),
    .size = sizeof(struct step_item),
    .initial = &write_down_initial,
    .check = check_item,
};

static const struct rule step_rules[] = {
    {"id", read_text, AT(step, id), KEY_MUST, .check = check_id},
    {"title", read_text, AT(step, title), KEY_MUST},
    {"text", read_text, AT(step, text), KEY_MUST},
    {"when", read_when, AT(step, when), .max = WHEN_MAX},
    {"checks", read_texts, AT(step, checks), .check = check_id,
	.ref = REF_CHECK, .max = 200},
    {"confirm", read_maps, AT(step, confirm), .schema = &schema_confirm,
	COUNT_AT(step, nconfirm)},
    {"write_down", read_maps, AT(step, write_down),
	.schema = &schema_write_down, COUNT_AT(step, nwrite_down)},
};

static void
check_step(struct binder *b, const struct node *n, void *object)
{
	struct step *s = object;

	s->place = n->place;
	if (s->checks.count == 0 && s->nconfirm == 0 && s->nwrite_down == 0 &&
	    node_get(n, "checks") == NULL)
		report_mistake(b->report, n->place,
		    _("This step names no requirement, nothing to confirm and "
		      "nothing to write down."));
}

const struct schema schema_steps = {
    SCHEMA(step_rules),
    .size = sizeof(struct step),
    .check = check_step,
};

/* --- the head --- */

static const char *
check_document(const struct binder *b, const char *s)
{
	(void)b;
	return strchr(s, '/') == NULL && s[0] != '.' ?
	    NULL :
	    N_("\"%s\" is not the plain name of a document.");
}

static const struct rule document_rules[] = {
    {"document", read_text, AT(draft_document, document), KEY_MUST,
	.check = check_document},
    {"title", read_text, AT(draft_document, title), KEY_MUST},
    {"retrieved", read_text, AT(draft_document, retrieved), KEY_MUST,
	.check = check_date},
};

static const struct schema schema_document = {
    SCHEMA(document_rules),
    .size = sizeof(struct draft_document),
};

/* YYYYMMDDNN. */
static void
read_version(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	uint64_t *version = field, month, day, value;

	if (!bind_is_text(b, n, rule))
		return;
	if (strlen(n->text) == 10 &&
	    text_to_uint(n->text, VERSION_FIRST, VERSION_LAST, &value)) {
		month = value / 10000 % 100;
		day = value / 100 % 100;
		if (month >= 1 && month <= 12 && day >= 1 && day <= 31) {
			*version = value;
			return;
		}
	}
	report_mistake(b->report, n->place,
	    _("\"%s\" is not a version of the form YYYYMMDDNN, such as "
	      "2026112101."),
	    n->text);
}

static const struct rule pack_rules[] = {
    {"pack", read_text, AT(draft_pack, pack), KEY_MUST, .check = check_id},
    {"vendor", read_text, AT(draft_pack, vendor), KEY_MUST},
    {"title", read_text, AT(draft_pack, title), KEY_MUST},
    {"about", read_text, AT(draft_pack, about), KEY_MUST},
    {"version", read_version, AT(draft_pack, version), KEY_MUST},
    {"order", read_number, AT(draft_pack, order), .max = ORDER_MAX},
    {"device", read_text, AT(draft_pack, device), .ref = REF_HOST_QUESTION},
    {"source", read_map, AT(draft_pack, source), KEY_MUST,
	.schema = &schema_document},
    {"notes", read_texts, AT(draft_pack, notes)},
    {"questions", read_maps, AT(draft_pack, questions),
	.schema = &schema_questions, COUNT_AT(draft_pack, nquestions),
	.max = 200},
    {"services", read_maps, AT(draft_pack, services), KEY_MUST,
	.schema = &schema_services, COUNT_AT(draft_pack, nservices),
	.max = 200},
    {"steps", read_maps, AT(draft_pack, steps), KEY_MUST,
	.schema = &schema_steps, COUNT_AT(draft_pack, nsteps), .max = 200},
};

static void
check_pack(struct binder *b, const struct node *n, void *object)
{
	static const char *const lists[] = {"services", "steps"};
	struct draft_pack *d = object;
	const struct node *list;
	size_t i;

	d->root = n;
	for (i = 0; i < sizeof lists / sizeof *lists; i++) {
		list = node_get(n, lists[i]);
		if (list != NULL && list->kind == NODE_LIST && list->count == 0)
			report_mistake(b->report, list->place,
			    _("The list of \"%s\" is empty."), lists[i]);
	}
}

static const struct draft_pack pack_initial = {.order = ORDER_MAX};

const struct schema schema_pack = {
    SCHEMA(pack_rules),
    .size = sizeof(struct draft_pack),
    .initial = &pack_initial,
    .check = check_pack,
};
