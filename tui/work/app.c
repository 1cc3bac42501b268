/* SPDX-License-Identifier: MIT */
/* Owns what lives as long as the program: the packs, the trust, the places. */
#include "tui/work/app.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/net/trust.h"
#include "core/probe/probe.h"
#include "tui/work/left_out.h"
#include "tui/work/say.h"
#include "tui/work/signers.h"

static void
say_moved(void *arg, const char *path, const char *sentence)
{
	(void)arg;
	(void)path;
	say("%s", sentence);
}

int
app_init(struct app *app, const struct app_options *opt, struct error *err)
{
	struct probe_word *words;
	size_t i;

	memset(app, 0, sizeof *app);
	app->opt = *opt;
	app->moved = say_moved;
	words = mem_array(probe_type_count, sizeof *words);
	for (i = 0; i < probe_type_count; i++)
		words[i] = (struct probe_word){probe_types[i]->name,
		    probe_types[i]->shape};
	app->vocab.item = words;
	app->vocab.count = probe_type_count;
	buf_init(&app->allowed, SIGNERS_MAX);
	if (signers_read(opt->allowed, &app->allowed, &app->has_allowed, err) !=
	    0)
		return -1;
	app->packs = pack_set_load(opt->packs_dir, &app->vocab, err);
	return app->packs == NULL ? -1 : 0;
}

int
app_init_told(struct app *app, const struct app_options *opt, struct error *err)
{
	int rc = app_init(app, opt, err);

	if (rc == 0)
		left_out_say(app->packs);
	return rc;
}

const struct buf *
app_allowed(const struct app *app)
{
	return app->has_allowed ? &app->allowed : NULL;
}

void
app_fini(struct app *app)
{
	trust_free(app->trust);
	pack_set_free(app->packs);
	buf_free(&app->allowed);
	mem_free((void *)app->vocab.item);
	memset(app, 0, sizeof *app);
}

char *
app_sites_dir(struct arena *a)
{
	const char *data = file_data_dir(a);

	return data == NULL ? NULL : arena_printf(a, "%s/sites", data);
}
