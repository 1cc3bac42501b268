/* SPDX-License-Identifier: MIT */
/* Owns what an IT desk looks at first in a row: how wide it is and how safe,
 * and under which condition it is asked for. */
#include <string.h>

#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/export/request/rows.h"
#include "core/export/request/suffix.h"
#include "core/export/summary.h"

#define NOTE_MAX 65536
#define PORTS_MANY 100   /* a policy checker asks why */
#define PORTS_HUGE 10000 /* most of them refuse */

enum risk_word { RISK_LOW, RISK_MEDIUM, RISK_HIGH };

static const char *const risk_words[] = {"low", "medium", "high"};
static const char *const risk_labels[] = {N_("low"), N_("medium"), N_("high")};

struct assessment {
	enum risk_word risk;
	struct buf note;
};

static void
raise_risk(struct assessment *s, enum risk_word risk, const char *why)
{
	if (risk > s->risk)
		s->risk = risk;
	if (why[0] != '\0')
		buf_addf(&s->note, "%s%s", s->note.len > 0 ? " " : "", why);
}

const char *
row_risk_label(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof risk_words / sizeof *risk_words; i++) {
		if (strcmp(risk_words[i], word) == 0)
			return _(risk_labels[i]);
	}
	return word;
}

static unsigned
count_ports(const struct ports *p)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < p->count; i++)
		n += (unsigned)p->range[i].high - p->range[i].low + 1;
	return n;
}

static bool
has_port(const struct ports *p, unsigned port)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		if (p->range[i].low <= port && port <= p->range[i].high)
			return true;
	}
	return false;
}

static void
judge_ports(struct arena *a, const struct need *n, struct assessment *s)
{
	unsigned count = count_ports(&n->ports);

	if (count > PORTS_MANY)
		raise_risk(s, count > PORTS_HUGE ? RISK_HIGH : RISK_MEDIUM,
		    arena_printf(a, _("%u ports are asked for at once."),
			count));
}

/* Protocols that anybody on the way can read. Only where the documents give
 * the very port: a range says nothing about one of its ports. */
static void
judge_protocol(struct arena *a, const struct need *n, struct assessment *s)
{
	static const struct {
		unsigned port;
		const char *name;
	} plain[] = {{20, "FTP"}, {21, "FTP"}, {23, "Telnet"}, {80, "HTTP"}};
	size_t i;

	if (n->protocol != PROTO_TCP || count_ports(&n->ports) > PORTS_MANY)
		return;
	if (strcmp(n->probe_type, "http") == 0 && !has_port(&n->ports, 80)) {
		raise_risk(s, RISK_MEDIUM, _("HTTP is not encrypted."));
		return;
	}
	for (i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (!has_port(&n->ports, plain[i].port))
			continue;
		raise_risk(s, RISK_MEDIUM,
		    arena_printf(a, _("%s is not encrypted."), plain[i].name));
		break;
	}
	if (has_port(&n->ports, 22) && n->direction == DIR_OUTBOUND)
		raise_risk(s, RISK_MEDIUM,
		    _("SSH can carry other traffic inside."));
}

/* "*.example.com" covers whatever that company ever names. */
static bool
is_registrable(const char *pattern)
{
	return strncmp(pattern, "*.", 2) == 0 &&
	    suffix_kind(pattern + 2) != SUFFIX_BELOW;
}

static void
judge_destination(struct arena *a, const struct rule_row *row,
    struct assessment *s)
{
	const struct need *n = row->need;

	if (n->to.kind == DEST_WILDCARD) {
		raise_risk(s, is_registrable(row->dst) ? RISK_MEDIUM : RISK_LOW,
		    is_registrable(row->dst) ?
			_("The wildcard covers a whole registered domain.") :
			"");
		raise_risk(s, RISK_LOW, row_wildcard(a, row));
	}
	if (row->dst[0] == '\0')
		raise_risk(s, RISK_MEDIUM,
		    _("The destination is not known yet. Do not open this to "
		      "any destination."));
	if (strcmp(row->dst, "any") == 0 && row->part == ROWS_INTERNET)
		raise_risk(s,
		    n->protocol == PROTO_ICMP ? RISK_MEDIUM : RISK_HIGH,
		    _("The documents name no destination, so it is any."));
	if (n->direction == DIR_INBOUND)
		raise_risk(s, RISK_HIGH,
		    _("This lets connections in from the internet."));
}

void
row_judge_risk(struct arena *a, struct rule_row *row)
{
	struct assessment s = {.risk = RISK_LOW};

	row->risk = "";
	row->risk_note = "";
	if (row->part == ROWS_CONDITIONS)
		return;
	buf_init(&s.note, NOTE_MAX);
	judge_ports(a, row->need, &s);
	judge_protocol(a, row->need, &s);
	judge_destination(a, row, &s);
	row->risk = risk_words[s.risk];
	row->risk_note = arena_strdup(a, buf_str(&s.note));
	buf_free(&s.note);
}

char *
row_wildcard(struct arena *a, const struct rule_row *row)
{
	const struct destination *to = &row->need->to;
	struct buf b;
	char *text;

	buf_init(&b, NOTE_MAX);
	if (to->depth == 0)
		buf_adds(&b,
		    _("The wildcard stands for any number of labels: firewalls "
		      "whose wildcard covers one label only miss some."));
	else
		buf_addf(&b,
		    P_("The wildcard stands for exactly %d label.",
			"The wildcard stands for exactly %d labels.",
			(unsigned long)to->depth),
		    to->depth);
	buf_addc(&b, ' ');
	buf_adds(&b,
	    to->apex ? _("The name without the wildcard is needed too.") :
		       _("The name without the wildcard is not needed."));
	if (to->examples.count > 0)
		buf_addf(&b, _(" Documented names: %s."),
		    summary_join(a, &to->examples, ", "));
	if (row->seen.count > 0)
		buf_addf(&b, _(" Names reached in the check: %s."),
		    summary_join(a, &row->seen, ", "));
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static const char *const operators[] = {
    [CLAUSE_IS] = N_("%s is %s"),
    [CLAUSE_NOT] = N_("%s is not %s"),
    [CLAUSE_ANY_OF] = N_("%s is one of %s"),
    [CLAUSE_AT_LEAST] = N_("%s is at least %s"),
    [CLAUSE_BELOW] = N_("%s is below %s"),
};

#pragma GCC diagnostic push
/* The formats are those of the table above, each with two %s. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static const char *
clause_text(struct arena *a, const struct clause *c)
{
	char *question, *s;

	if (c->ask == NULL) {
		question = arena_strdup(a, c->question);
		for (s = question; *s != '\0'; s++) {
			if (*s == '_')
				*s = ' ';
		}
		return arena_printf(a, _(operators[c->op]), question,
		    summary_join(a, &c->values, ", "));
	}
	/* TRANSLATORS: a name or a question, quoted as the language does. */
	question = arena_printf(a, _("\"%s\""), c->ask);
	return arena_printf(a, _(operators[c->op]), question,
	    summary_join(a, &c->says, ", "));
}
#pragma GCC diagnostic pop

char *
row_condition(struct arena *a, const struct need *n)
{
	struct strlist words = {0};
	char *text;
	size_t i;

	for (i = 0; i < n->when.count; i++)
		strlist_add(a, &words, clause_text(a, &n->when.item[i]));
	text = summary_join(a, &words, "; ");
	if (!n->open_question)
		return text;
	return arena_printf(a,
	    _("%s (not answered yet, so it is taken to apply)"), text);
}
