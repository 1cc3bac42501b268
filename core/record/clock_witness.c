/* SPDX-License-Identifier: MIT */
/* Owns who told the time during a run, and what they say together. */
#include "core/record/clock_witness.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"

#define CLOCK_AGREE_US 10000000LL
#define MAX_WITNESSES 64
/* Of a stranger's file: as far as any two can be added or taken from each
 * other; three centuries in microseconds. */
#define NUMBER_MAX (INT64_C(1) << 53)

static const char *
text(const struct observation *o, const char *name)
{
	return json_string_value(json_object_get(o->detail, name));
}

static int64_t
number(const struct observation *o, const char *name)
{
	int64_t value = json_integer_value(json_object_get(o->detail, name));

	return value > NUMBER_MAX ? NUMBER_MAX :
	    value < -NUMBER_MAX   ? -NUMBER_MAX :
				    value;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7). */
static bool
parse_http_date(const char *s, int64_t *us)
{
	struct tm tm;
	const char *end;

	memset(&tm, 0, sizeof tm);
	end = s == NULL ? NULL : strptime(s, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	if (end == NULL || *end != '\0')
		return false;
	*us = (int64_t)timegm(&tm) * 1000000;
	return true;
}

static int
compare_offsets(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool
offset_of(const struct observation *o, int64_t *out)
{
	int64_t seen = number(o, "date_seen_us"), date;

	if (strcmp(o->probe, "ntp") == 0 && o->failure == CAUSE_NONE) {
		*out = number(o, "offset_us");
		return true;
	}
	/* Block pages carry dates too, and those are as good. */
	if (seen != 0 && parse_http_date(text(o, "date"), &date)) {
		*out = date - seen;
		return true;
	}
	return false;
}

/* No public authority dates a certificate into the future: where one began
 * later than this laptop's now, and is valid by the only witness, the laptop
 * is behind, and the witness is not alone. */
static bool
is_behind_a_certificate(const struct record *r, int64_t offset)
{
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];
		const char *from = text(o, "not_before");
		const char *to = text(o, "not_after");
		int64_t from_us, to_us;

		if (o->rung <= RUNG_TLS_EXPECTED && from != NULL &&
		    to != NULL &&
		    json_is_true(json_object_get(o->detail, "public_root")) &&
		    clock_parse_iso(from, &from_us) &&
		    clock_parse_iso(to, &to_us) && o->started_us < from_us &&
		    from_us <= o->started_us + offset &&
		    o->started_us + offset <= to_us)
			return true;
	}
	return false;
}

static void
ask_servers(const struct record *r, struct clock_witnesses *out)
{
	int64_t offset[MAX_WITNESSES];
	size_t i, n = 0;

	for (i = 0; i < r->nobservations && n < MAX_WITNESSES; i++)
		n += strcmp(r->observations[i].probe, "ntp") == 0 &&
		    offset_of(&r->observations[i], &offset[n]) &&
		    llabs(offset[n] - out->offset_us) <= CLOCK_AGREE_US;
	out->servers = n;
	if (n == 0)
		return;
	qsort(offset, n, sizeof *offset, compare_offsets);
	out->server_offset_us = offset[n / 2];
}

void
record_clock(const struct record *r, struct clock_witnesses *out)
{
	int64_t offset[MAX_WITNESSES], median;
	size_t i, n = 0;

	memset(out, 0, sizeof *out);
	for (i = 0; i < r->nobservations && n < MAX_WITNESSES; i++)
		n += offset_of(&r->observations[i], &offset[n]);
	out->heard = n;
	if (n == 0)
		return;
	qsort(offset, n, sizeof *offset, compare_offsets);
	out->offset_us = median = offset[n / 2];
	for (i = 0; i < n; i++)
		out->count += llabs(offset[i] - median) <= CLOCK_AGREE_US;
	/* As many against as for: nobody is to be believed more. */
	if (2 * out->count <= n && out->count > 1)
		out->count = 1;
	if (n == 1 && is_behind_a_certificate(r, median))
		out->count = 2;
	ask_servers(r, out);
}
