/* SPDX-License-Identifier: MIT */
/* Owns what the user agreed to have sent. */
#include "tui/work/consent.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/text.h"
#include "core/net/vantage.h"

#define LIST_MAX (8 << 20)

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The order of the checks is no part of what is sent. */
static void
digest_of(const struct plan *plan, char out[DIGEST_HEX_SIZE])
{
	struct arena *a = arena_new();
	size_t n = 0, i;
	char **line = arena_array(a, plan->count + plan->nsearches + 1,
	    sizeof *line);
	struct buf all;

	for (i = 0; i < plan->count; i++)
		line[n++] = arena_printf(a, "%s %u\n", plan->item[i].spec->key,
		    plan->item[i].most.packets);
	for (i = 0; i < plan->nsearches; i++) {
		const struct plan_search *s = &plan->search[i];

		line[n++] = arena_printf(a, "search %s %s %s %u %d %u\n",
		    s->type, s->host != NULL ? s->host : "",
		    s->address != NULL ? s->address : "", s->port,
		    (int)s->protocol, s->most.packets);
	}
	qsort(line, n, sizeof *line, compare);
	buf_init(&all, LIST_MAX);
	for (i = 0; i < n; i++)
		buf_adds(&all, line[i]);
	digest_sha256_hex(all.data, all.len, out);
	buf_free(&all);
	arena_free(a);
}

struct plan *
consent_plan(const struct site *s, struct arena *a, struct vantage *v,
    struct error *err)
{
	const struct app_options *opt = &s->app->opt;
	struct record here = *s->record;

	*err = (struct error){.code = ERR_NONE};
	if (vantage_read(opt->interface, a, v, err) != 0)
		*v = (struct vantage){.interface = arena_strdup(a, "")};
	/* Of an earlier run it may have stood elsewhere. */
	here.vantage = *v;
	return plan_make(a, &here, opt->only, opt->pace);
}

enum consent
consent_now(const struct site *s, const struct plan *plan, int64_t *when_us)
{
	char digest[DIGEST_HEX_SIZE];
	struct arena *a = arena_new();
	enum consent now = CONSENT_NONE;
	uint64_t when;
	char *text, *at;

	text = s->file == NULL ? NULL : sitefile_consent(s->file, a);
	at = text == NULL ? NULL : strchr(text, '@');
	if (at != NULL && text_to_uint(at + 1, 1, INT64_MAX, &when)) {
		*at = '\0';
		*when_us = (int64_t)when;
		digest_of(plan, digest);
		now = strcmp(text, digest) == 0 ? CONSENT_GIVEN :
						  CONSENT_CHANGED;
	}
	arena_free(a);
	return now;
}

int
consent_give(struct site *s, const struct plan *plan, struct error *err)
{
	char digest[DIGEST_HEX_SIZE];
	struct arena *a = arena_new();
	int rc = 0;

	digest_of(plan, digest);
	if (s->file != NULL)
		rc = sitefile_save_consent(s->file,
		    arena_printf(a, "%s@%" PRId64, digest, clock_wall_us()),
		    err);
	arena_free(a);
	return rc;
}
