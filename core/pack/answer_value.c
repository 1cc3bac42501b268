/* SPDX-License-Identifier: MIT */
/* Owns single answers: their valid forms, and comparisons with them. */
#include "core/pack/answer_value.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/base/text.h"

#define SERIAL_MAX 64
#define TEXT_MAX 1000

enum literal
literal_kind(const char *s)
{
	struct in6_addr six;
	struct in_addr four;
	uint32_t host;

	if (inet_pton(AF_INET, s, &four) == 1) {
		host = ntohl(four.s_addr);
		if (host == INADDR_BROADCAST)
			return LITERAL_BROADCAST;
		if (host >> 24 == 0 || host >> 24 == 127)
			return LITERAL_NOWHERE;
		return host >> 28 == 0xe ? LITERAL_MULTICAST : LITERAL_UNICAST;
	}
	if (inet_pton(AF_INET6, s, &six) != 1)
		return LITERAL_NONE;
	if (IN6_IS_ADDR_UNSPECIFIED(&six) || IN6_IS_ADDR_LOOPBACK(&six))
		return LITERAL_NOWHERE;
	return IN6_IS_ADDR_MULTICAST(&six) ? LITERAL_MULTICAST :
					     LITERAL_UNICAST;
}

static bool
is_choice(const struct question *q, const char *s)
{
	size_t i;

	for (i = 0; i < q->nchoices; i++) {
		if (q->choices[i].id != NULL &&
		    strcmp(q->choices[i].id, s) == 0)
			return true;
	}
	return false;
}

static bool
is_yesno(const struct question *q, const char *s)
{
	(void)q;
	return strcmp(s, "yes") == 0 || strcmp(s, "no") == 0;
}

/* "0443" may be a slip, so it is nobody's port. */
static bool
is_plain_number(const char *s, uint64_t min, uint64_t max)
{
	uint64_t n;

	return text_to_uint(s, min, max, &n) && (s[0] != '0' || s[1] == '\0');
}

static bool
is_number(const struct question *q, const char *s)
{
	return is_plain_number(s, q->min, q->max);
}

static bool
is_port(const struct question *q, const char *s)
{
	(void)q;
	return is_plain_number(s, 1, UINT16_MAX);
}

static bool
is_version(const struct question *q, const char *s)
{
	struct version v;

	(void)q;
	return version_parse(s, &v);
}

static bool
is_address(const struct question *q, const char *s)
{
	(void)q;
	return literal_kind(s) == LITERAL_UNICAST;
}

static bool
is_host(const struct question *q, const char *s)
{
	return text_is_hostname(s) || is_address(q, s);
}

static bool
is_serial(const struct question *q, const char *s)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789:-./_ ";
	size_t len = strlen(s);

	(void)q;
	return len <= SERIAL_MAX && strspn(s, allowed) == len &&
	    !text_is_space(s);
}

static bool
is_text(const struct question *q, const char *s)
{
	(void)q;
	return strlen(s) <= TEXT_MAX && !text_is_space(s);
}

static bool (*const validators[])(const struct question *, const char *) = {
    [QUESTION_CHOICE] = is_choice,
    [QUESTION_YESNO] = is_yesno,
    [QUESTION_NUMBER] = is_number,
    [QUESTION_PORT] = is_port,
    [QUESTION_VERSION] = is_version,
    [QUESTION_HOST] = is_host,
    [QUESTION_ADDRESS] = is_address,
    [QUESTION_SERIAL] = is_serial,
    [QUESTION_TEXT] = is_text,
};

bool
answer_is_valid(const struct question *q, const char *value)
{
	return validators[q->type](q, value);
}

/* Below zero, zero, above zero. False when they have no order. */
static bool
answer_order(const struct question *q, const char *a, const char *b, int *order)
{
	struct version va, vb;
	uint64_t na, nb;

	if (q->type == QUESTION_VERSION) {
		if (!version_parse(a, &va) || !version_parse(b, &vb))
			return false;
		*order = version_compare(&va, &vb);
		return true;
	}
	if (q->type != QUESTION_NUMBER && q->type != QUESTION_PORT)
		return false;
	if (!text_to_uint(a, 0, UINT64_MAX, &na) ||
	    !text_to_uint(b, 0, UINT64_MAX, &nb))
		return false;
	*order = na < nb ? -1 : na > nb;
	return true;
}

static bool
is_same(const struct question *q, const char *a, const char *b)
{
	int order;

	if (answer_order(q, a, b, &order))
		return order == 0;
	return strcmp(a, b) == 0;
}

bool
answer_compare(const struct question *q, const char *value,
    const struct clause *c)
{
	int order;
	size_t i;

	if (c->op == CLAUSE_AT_LEAST || c->op == CLAUSE_BELOW) {
		if (c->values.count == 0 ||
		    !answer_order(q, value, c->values.item[0], &order))
			return false;
		return (order < 0) == (c->op == CLAUSE_BELOW);
	}
	for (i = 0; i < c->values.count; i++) {
		if (is_same(q, value, c->values.item[i]))
			return c->op != CLAUSE_NOT;
	}
	return c->op == CLAUSE_NOT;
}
