/* SPDX-License-Identifier: MIT */
/* Owns how questions, conditions and citations are read from a pack. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/pack/answer_value.h"
#include "core/pack/draft.h"

#define NUMBER_MAX UINT64_C(4294967295)

static const struct word question_types[] = {
    [QUESTION_CHOICE] = {"choice", N_("one of several")},
    [QUESTION_YESNO] = {"yesno", N_("yes or no")},
    [QUESTION_NUMBER] = {"number", N_("number")},
    [QUESTION_PORT] = {"port", N_("port")},
    [QUESTION_VERSION] = {"version", N_("version")},
    [QUESTION_HOST] = {"host", N_("host name")},
    [QUESTION_ADDRESS] = {"address", N_("IP address")},
    [QUESTION_SERIAL] = {"serial", N_("serial number")},
    [QUESTION_TEXT] = {"text", N_("text")},
};

const struct words words_question_type = {question_types,
    sizeof question_types / sizeof *question_types};

void
draft_check_source(struct binder *b, const struct node *n, struct source *s)
{
	if (node_get(n, "source") == NULL && node_get(n, "assumed") == NULL)
		report_mistake(b->report, n->place,
		    _("Nothing is cited: \"source\" must name lines of the "
		      "document, or \"assumed\" must say what is assumed."));
	if (s->lines == NULL)
		s->lines = arena_strdup(b->arena, "");
}

/* A clause as it stands: the values under each comparison. */
struct draft_clause {
	char *question;
	struct strlist values[CLAUSE_BELOW + 1];
};

#define CLAUSE_RULE(name, op, read) \
	{ \
		name, read, AT(draft_clause, values[op]) \
	}

static const struct rule clause_rules[] = {
    {"question", read_text, AT(draft_clause, question), KEY_MUST,
	.ref = REF_QUESTION},
    CLAUSE_RULE("is", CLAUSE_IS, read_one_text),
    CLAUSE_RULE("not", CLAUSE_NOT, read_one_text),
    CLAUSE_RULE("any_of", CLAUSE_ANY_OF, read_texts),
    CLAUSE_RULE("at_least", CLAUSE_AT_LEAST, read_one_text),
    CLAUSE_RULE("below", CLAUSE_BELOW, read_one_text),
};

static void
check_clause(struct binder *b, const struct node *n, void *object)
{
	const struct node *any = node_get(n, "any_of");
	size_t i, ncomparisons = 0;

	(void)object;
	for (i = 1; i < sizeof clause_rules / sizeof *clause_rules; i++) {
		if (node_get(n, clause_rules[i].name) != NULL)
			ncomparisons++;
	}
	if (ncomparisons != 1)
		report_mistake(b->report, n->place,
		    _("A condition has exactly one of \"is\", \"not\", "
		      "\"any_of\", \"at_least\" and \"below\"."));
	if (any != NULL && any->kind == NODE_LIST && any->count == 0)
		report_mistake(b->report, any->place,
		    _("The list of \"any_of\" is empty."));
}

static const struct schema schema_clause = {
    SCHEMA(clause_rules),
    .size = sizeof(struct draft_clause),
    .check = check_clause,
};

void
read_when(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	struct clauses *out = field;
	const struct node *child;
	struct draft_clause draft;
	struct clause *c;
	int op;

	if (!bind_is_list(b, n, rule))
		return;
	out->item = arena_array(b->arena, n->count, sizeof *out->item);
	for (child = n->first; child != NULL; child = child->next) {
		memset(&draft, 0, sizeof draft);
		bind_map(b, child, &schema_clause, &draft);
		/* One entry for each child, so that places can be found. */
		c = &out->item[out->count++];
		c->question = draft.question;
		for (op = CLAUSE_IS; op <= CLAUSE_BELOW; op++) {
			if (draft.values[op].count == 0)
				continue;
			c->op = (enum clause_op)op;
			c->values = draft.values[op];
		}
	}
}

static const struct rule choice_rules[] = {
    {"id", read_text, AT(choice, id), KEY_MUST, .check = check_id},
    {"label", read_text, AT(choice, label), KEY_MUST},
    {"found", read_texts, AT(choice, found), .check = check_id},
};

static const struct rule found_rules[] = {
    {"kind", read_text, AT(found_ask, kind), KEY_MUST, .check = check_id},
    {"tells", read_text, AT(found_ask, tells), KEY_MUST, .check = check_tells},
};

const struct schema schema_found = {
    SCHEMA(found_rules),
    .size = sizeof(struct found_ask),
};

static const struct schema schema_choice = {
    SCHEMA(choice_rules),
    .size = sizeof(struct choice),
};

static const struct rule question_rules[] = {
    {"id", read_text, AT(question, id), KEY_MUST, .check = check_id},
    {"topic", read_text, AT(question, topic), KEY_MUST},
    {"ask", read_text, AT(question, ask), KEY_MUST},
    {"why", read_text, AT(question, why), KEY_MUST},
    {"type", read_word, AT(question, type), KEY_MUST,
	.words = &words_question_type},
    {"default", read_text, AT(question, initial)},
    {"example", read_text, AT(question, example)},
    {"choices", read_maps, AT(question, choices), .schema = &schema_choice,
	COUNT_AT(question, nchoices)},
    {"min", read_number, AT(question, min), .max = NUMBER_MAX},
    {"max", read_number, AT(question, max), .max = NUMBER_MAX},
    {"must", read_bool, AT(question, must)},
    {"shared", read_text, AT(question, shared), .check = check_full_id},
    {"when", read_when, AT(question, when), .max = WHEN_MAX},
    {"found", read_map, AT(question, found), .schema = &schema_found},
    SOURCE_RULES(question),
};

static void
check_choices(struct binder *b, const struct node *n, const struct question *q)
{
	const struct node *list = node_get(n, "choices"), *child;
	size_t i, k;

	if (q->type != QUESTION_CHOICE) {
		if (list != NULL)
			report_mistake(b->report, list->place,
			    _("Only a question of type \"choice\" has "
			      "choices."));
		return;
	}
	if (q->nchoices < 2)
		report_mistake(b->report, node_place(n, "choices"),
		    _("A choice needs at least two choices."));
	if (list == NULL || list->kind != NODE_LIST)
		return;
	child = list->first;
	for (i = 0; i < q->nchoices; i++, child = child->next) {
		const char *id = q->choices[i].id;

		if (id != NULL && strcmp(id, ANSWER_UNKNOWN) == 0)
			report_mistake(b->report, node_place(child, "id"),
			    _("\"unknown\" is kept for \"I don't know yet\"."));
		for (k = 0; id != NULL && k < i; k++) {
			if (q->choices[k].id != NULL &&
			    strcmp(q->choices[k].id, id) == 0)
				report_mistake(b->report,
				    node_place(child, "id"),
				    _("The id \"%s\" is there twice."), id);
		}
	}
}

static void
check_answer(struct binder *b, const struct node *n, const struct question *q,
    const char *key, const char *value)
{
	if (value != NULL && !answer_is_valid(q, value))
		report_mistake(b->report, node_place(n, key),
		    _("\"%s\" is no valid answer to this question."), value);
}

static void
check_question(struct binder *b, const struct node *n, void *object)
{
	struct question *q = object;

	q->place = n->place;
	draft_check_source(b, n, &q->source);
	if ((int)q->type < 0)
		return;
	check_choices(b, n, q);
	if (q->type != QUESTION_NUMBER &&
	    (node_get(n, "min") != NULL || node_get(n, "max") != NULL))
		report_mistake(b->report,
		    node_place(n, node_get(n, "min") != NULL ? "min" : "max"),
		    _("Only a question of type \"number\" has \"min\" and "
		      "\"max\"."));
	if (q->min > q->max)
		report_mistake(b->report, node_place(n, "min"),
		    _("\"min\" is higher than \"max\"."));
	check_answer(b, n, q, "default", q->initial);
	check_answer(b, n, q, "example", q->example);
}

static const struct question question_initial = {
    .type = (unsigned)-1,
    .max = NUMBER_MAX,
};

const struct schema schema_questions = {
    SCHEMA(question_rules),
    .size = sizeof(struct question),
    .initial = &question_initial,
    .check = check_question,
};
