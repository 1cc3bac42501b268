/* SPDX-License-Identifier: MIT */
/* Owns the reading of the kernel's counters in /proc/net. */
#include "core/net/own_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_SIZE 8192

/* A line of names and a line of values, of the same length in words. */
static int64_t
value_of(char *names, char *values, const char *name)
{
	char *n, *v;

	for (;;) {
		n = strsep(&names, " \n");
		v = strsep(&values, " \n");
		if (n == NULL || v == NULL)
			return -1;
		if (strcmp(n, name) == 0)
			return strtoll(v, NULL, 10);
	}
}

int64_t
own_retransmit_failures(void)
{
	char names[LINE_MAX_SIZE], values[LINE_MAX_SIZE];
	FILE *f = fopen("/proc/net/netstat", "re");
	int64_t out = -1;

	if (f == NULL)
		return -1;
	while (out < 0 && fgets(names, sizeof names, f) != NULL &&
	    fgets(values, sizeof values, f) != NULL) {
		if (strncmp(names, "TcpExt:", 7) == 0 &&
		    strncmp(values, "TcpExt:", 7) == 0)
			out = value_of(names, values, "TCPRetransFail");
	}
	fclose(f);
	return out;
}

int64_t
own_loopback_packets(void)
{
	char line[512];
	FILE *f = fopen("/proc/net/dev", "re");
	long long packets;
	int64_t out = -1;

	if (f == NULL)
		return -1;
	while (fgets(line, sizeof line, f) != NULL) {
		if (sscanf(line, " lo: %*s %lld", &packets) == 1)
			out = packets;
	}
	fclose(f);
	return out;
}
