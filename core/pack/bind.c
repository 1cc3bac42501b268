/* SPDX-License-Identifier: MIT */
/* Owns the binder: walks a mapping by its schema and reads each value. */
#include "core/pack/bind.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"

#define LIST_MAX 64

static const struct rule *
find_rule(const struct schema *schema, const char *name)
{
	size_t i;

	for (i = 0; i < schema->count; i++) {
		if (strcmp(schema->rule[i].name, name) == 0)
			return &schema->rule[i];
	}
	return NULL;
}

static void
bind_keys(struct binder *b, const struct node *n, const struct schema *schema,
    void *object)
{
	const struct rule *rule;
	const struct node *value;

	for (value = n->first; value != NULL; value = value->next) {
		rule = find_rule(schema, value->key->text);
		if (rule == NULL)
			report_mistake(b->report, value->key->place,
			    _("The key \"%s\" is unknown here."),
			    value->key->text);
		else if (value->kind != NODE_BAD)
			rule->read(b, value, rule,
			    (char *)object + rule->offset);
	}
}

void
bind_map(struct binder *b, const struct node *n, const struct schema *schema,
    void *object)
{
	size_t i;

	if (schema->initial != NULL)
		memcpy(object, schema->initial, schema->size);
	if (n->kind == NODE_BAD)
		return;
	if (n->kind != NODE_MAP) {
		report_mistake(b->report, n->place,
		    _("Keys with their values (\"key: value\") are expected "
		      "here."));
		return;
	}
	bind_keys(b, n, schema, object);
	for (i = 0; i < schema->count; i++) {
		const struct rule *rule = &schema->rule[i];

		if (rule->presence == KEY_MUST &&
		    node_get(n, rule->name) == NULL)
			report_mistake(b->report, n->place,
			    _("The key \"%s\" is missing."), rule->name);
	}
	if (schema->check != NULL)
		schema->check(b, n, object);
}

bool
bind_is_text(struct binder *b, const struct node *n, const struct rule *rule)
{
	if (n->kind == NODE_BAD)
		return false;
	if (n->kind != NODE_TEXT) {
		report_mistake(b->report, n->place,
		    _("The value of \"%s\" must be a text."), rule->name);
		return false;
	}
	if (n->text[0] == '\0') {
		report_mistake(b->report, n->place,
		    _("The value of \"%s\" is empty."), rule->name);
		return false;
	}
	return true;
}

bool
bind_is_list(struct binder *b, const struct node *n, const struct rule *rule)
{
	size_t max = rule->max == 0 ? LIST_MAX : rule->max;

	if (n->kind == NODE_BAD)
		return false;
	if (n->kind != NODE_LIST) {
		report_mistake(b->report, n->place,
		    _("The value of \"%s\" must be a list."), rule->name);
		return false;
	}
	if (n->count <= max)
		return true;
	report_mistake(b->report, n->place,
	    _("The list of \"%s\" has more than %zu elements."), rule->name,
	    max);
	return false;
}

/* Checks one text and remembers what it refers to. */
static bool
accept_text(struct binder *b, const struct node *n, const struct rule *rule)
{
	const char *wrong;
	struct ref *ref;

	if (!bind_is_text(b, n, rule))
		return false;
	wrong = rule->check == NULL ? NULL : rule->check(b, n->text);
	if (wrong != NULL) {
#pragma GCC diagnostic push
/* The sentences come from the const tables of this folder. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		report_mistake(b->report, n->place, _(wrong), n->text);
#pragma GCC diagnostic pop
		return false;
	}
	if (rule->ref != REF_NONE) {
		ref = arena_push(b->arena, b->refs, b->nrefs);
		*ref = (struct ref){rule->ref, n->text, n->place};
	}
	return true;
}

void
read_text(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	char **text = field;

	if (accept_text(b, n, rule))
		*text = arena_strdup(b->arena, n->text);
}

void
read_one_text(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	if (accept_text(b, n, rule))
		strlist_add(b->arena, field, n->text);
}

void
read_texts(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	struct strlist *list = field;
	const struct node *child;

	if (!bind_is_list(b, n, rule))
		return;
	for (child = n->first; child != NULL; child = child->next) {
		if (!accept_text(b, child, rule))
			continue;
		if (strlist_has(list, child->text))
			report_mistake(b->report, child->place,
			    _("\"%s\" stands in this list twice."),
			    child->text);
		else
			strlist_add(b->arena, list, child->text);
	}
}

/* YAML 1.1 takes yes and no for booleans too; so do people. */
void
read_bool(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	static const struct {
		const char *name;
		bool value;
	} words[] = {
	    {"true", true},
	    {"false", false},
	    {"yes", true},
	    {"no", false},
	};
	bool *value = field;
	size_t i;

	if (!bind_is_text(b, n, rule))
		return;
	for (i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i].name, n->text) == 0) {
			*value = words[i].value;
			return;
		}
	}
	report_mistake(b->report, n->place,
	    _("The value of \"%s\" must be true or false."), rule->name);
}

static bool
parse_number(struct binder *b, const struct node *n, const struct rule *rule,
    uint64_t *value)
{
	if (!bind_is_text(b, n, rule))
		return false;
	if (text_to_uint(n->text, rule->min, rule->max, value))
		return true;
	report_mistake(b->report, n->place,
	    _("The value of \"%s\" must be a whole number from %llu to "
	      "%llu."),
	    rule->name, (unsigned long long)rule->min,
	    (unsigned long long)rule->max);
	return false;
}

void
read_number(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	uint64_t *value = field;

	parse_number(b, n, rule, value);
}

void
read_int(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	uint64_t value;
	int *out = field;

	if (parse_number(b, n, rule, &value))
		*out = (int)value;
}

void
read_word(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	char names[256] = "";
	int *value = field, parsed;
	size_t len = 0;
	int i;

	if (!bind_is_text(b, n, rule))
		return;
	if (word_parse(rule->words, n->text, &parsed) &&
	    (rule->max == 0 || (uint64_t)parsed <= rule->max)) {
		*value = parsed;
		return;
	}
	for (i = 0; i < rule->words->count; i++) {
		const char *name = rule->words->row[i].name;

		if ((rule->max > 0 && (uint64_t)i > rule->max) ||
		    len + strlen(name) + 3 > sizeof names)
			break;
		len = (size_t)(stpcpy(stpcpy(names + len, i > 0 ? ", " : ""),
				   name) -
		    names);
	}
	report_mistake(b->report, n->place,
	    _("\"%s\" is not one of the words for \"%s\": %s."), n->text,
	    rule->name, names);
}

void
read_map(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	bind_map(b, n, rule->schema, field);
}

void
read_maps(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	char *object = (char *)field - rule->offset, *items;
	const struct node *child;
	size_t count = 0;

	if (!bind_is_list(b, n, rule))
		return;
	items = arena_array(b->arena, n->count, rule->schema->size);
	for (child = n->first; child != NULL; child = child->next)
		bind_map(b, child, rule->schema,
		    items + count++ * rule->schema->size);
	/* The field is a pointer to whatever the schema describes. */
	memcpy(field, &items, sizeof items);
	memcpy(object + rule->count_offset, &count, sizeof count);
}

void
read_node(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	const struct node **out = field;

	(void)b;
	(void)rule;
	*out = n;
}
