/* SPDX-License-Identifier: MIT */
/* Owns what lives as long as the program: the packs, the trust, the places. */
#include "tui/app.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/net/trust.h"
#include "core/probe/probe.h"

int
app_init(struct app *app, const struct app_options *opt, struct error *err)
{
	struct probe_word *words;
	size_t i;

	memset(app, 0, sizeof *app);
	app->opt = *opt;
	words = mem_array(probe_type_count, sizeof *words);
	for (i = 0; i < probe_type_count; i++)
		words[i] = (struct probe_word){probe_types[i]->name,
		    probe_types[i]->shape};
	app->vocab.item = words;
	app->vocab.count = probe_type_count;
	app->packs = pack_set_load(opt->packs_dir, &app->vocab, err);
	return app->packs == NULL ? -1 : 0;
}

void
app_fini(struct app *app)
{
	trust_free(app->trust);
	pack_set_free(app->packs);
	mem_free((void *)app->vocab.item);
	memset(app, 0, sizeof *app);
}

char *
app_sites_dir(struct arena *a)
{
	const char *data = file_data_dir(a);

	return data == NULL ? NULL : arena_printf(a, "%s/sites", data);
}
