/* SPDX-License-Identifier: MIT */
/* Owns the two clocks and the one way that a time is written. */
#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define US 1000000

static int64_t
now_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * US + ts.tv_nsec / 1000;
}

int64_t
clock_wall_us(void)
{
	return now_us(CLOCK_REALTIME);
}

int64_t
clock_mono_us(void)
{
	return now_us(CLOCK_MONOTONIC);
}

const char *
clock_iso(int64_t wall_us, bool with_us, char out[CLOCK_ISO_SIZE])
{
	int64_t us = wall_us % US;
	time_t seconds = (time_t)(wall_us / US);
	struct tm tm;
	size_t len;

	if (us < 0) {
		us += US;
		seconds--;
	}
	memset(&tm, 0, sizeof tm);
	gmtime_r(&seconds, &tm);
	len = strftime(out, CLOCK_ISO_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	if (with_us)
		snprintf(out + len, CLOCK_ISO_SIZE - len, ".%06dZ", (int)us);
	else
		snprintf(out + len, CLOCK_ISO_SIZE - len, "Z");
	return out;
}

/* Reads exactly n digits at *s and moves on; -1 when they are not there. */
static int
digits(const char **s, int n)
{
	int value = 0;

	for (; n > 0; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return -1;
		value = value * 10 + (**s - '0');
	}
	return value;
}

/* ".5" to ".123456"; absent is 0, -1 is a mistake. */
static int
fraction(const char **s)
{
	int value = 0, n;

	if (**s != '.')
		return 0;
	(*s)++;
	for (n = 0; n < 6 && **s >= '0' && **s <= '9'; n++, (*s)++)
		value = value * 10 + (**s - '0');
	if (n == 0)
		return -1;
	for (; n < 6; n++)
		value *= 10;
	return value;
}

bool
clock_parse_iso(const char *s, int64_t *wall_us)
{
	static const struct {
		int ndigits, min, max;
		char after;
	} parts[] = {
	    {4, 1, 9999, '-'},
	    {2, 1, 12, '-'},
	    {2, 1, 31, 'T'},
	    {2, 0, 23, ':'},
	    {2, 0, 59, ':'},
	    {2, 0, 59, '\0'},
	};
	int value[6], us, i;
	struct tm tm, check;
	time_t seconds;

	for (i = 0; i < 6; i++) {
		value[i] = digits(&s, parts[i].ndigits);
		if (value[i] < parts[i].min || value[i] > parts[i].max)
			return false;
		if (parts[i].after != '\0' && *s++ != parts[i].after)
			return false;
	}
	us = fraction(&s);
	if (us < 0 || strcmp(s, "Z") != 0)
		return false;
	memset(&tm, 0, sizeof tm);
	tm.tm_year = value[0] - 1900;
	tm.tm_mon = value[1] - 1;
	tm.tm_mday = value[2];
	tm.tm_hour = value[3];
	tm.tm_min = value[4];
	tm.tm_sec = value[5];
	check = tm;
	seconds = timegm(&check);
	/* timegm turns 30 February into March; that is not what was meant. */
	if (check.tm_mday != tm.tm_mday || check.tm_mon != tm.tm_mon)
		return false;
	*wall_us = (int64_t)seconds * US + us;
	return true;
}
