/* SPDX-License-Identifier: MIT */
/* Owns the command "share": a copy of a handover for support, which leaves out
 * and masks whose it is, and still verifies. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/export/export.h"
#include "core/record/codec.h"
#include "core/record/json.h"
#include "tui/commands/command_table.h"
#include "tui/commands/options.h"
#include "tui/commands/subject.h"
#include "tui/work/key.h"
#include "tui/work/papers.h"
#include "tui/work/say.h"
#include "tui/work/share.h"

#define HANDOVER_MAX ((size_t)64 << 20)
#define SIGNATURE_MAX ((size_t)1 << 20)
#define MAGIC "SQLite format 3"

/* --- the original --- */

/* Of a site's file the sealed handover is made first, as export does it. */
static int
seal_site(const struct options *o, struct buf *data)
{
	struct export_options opt = {.now_us = clock_wall_us()};
	struct error err = {0};
	struct subject s;
	int status;

	if (key_open(o->key, &opt.signer, &err) != 0)
		return say_error(&err);
	status = subject_open_to_issue(&s, o);
	if (status == EXIT_OK) {
		papers_begin(s.site);
		if (site_issue(s.site, &err) != 0 ||
		    export_write(export_find(EXPORT_HANDOVER, "json"),
			s.site->record, &opt, data, &err) != 0)
			status = say_error(&err);
		papers_end(s.site);
	}
	if (status == EXIT_OK)
		key_tell(opt.signer);
	subject_close(&s);
	signer_close(opt.signer);
	return status;
}

static int
read_original(const struct options *o, struct buf *data, struct buf *sig)
{
	const char *path = o->args.item[0];
	const char *beside = arena_printf(o->arena, "%s.sig", path);
	struct error err = {0};
	struct stat st;

	if (file_read(path, HANDOVER_MAX, data, &err) != 0)
		return say_error(&err);
	if (data->len >= sizeof MAGIC &&
	    memcmp(buf_str(data), MAGIC, sizeof MAGIC) == 0) {
		buf_clear(data);
		return seal_site(o, data);
	}
	if (stat(beside, &st) == 0 &&
	    file_read(beside, SIGNATURE_MAX, sig, &err) != 0)
		return say_error(&err);
	if (o->key != NULL)
		say(_("A copy keeps the signature of its original; --key is "
		      "for a site's file."));
	return EXIT_OK;
}

/* --- the preview --- */

static void
add_sections(struct buf *out, const struct share *s, enum seal_state state,
    const char *sentence)
{
	const char *names = "";
	size_t i;

	for (i = 0; i < SEAL_NSECTIONS; i++) {
		if (s->want[i] == state)
			names = arena_printf(s->arena, "%s%s%s", names,
			    names[0] == '\0' ? "" : ", ",
			    seal_label(seal_sections[i].name));
	}
	if (names[0] != '\0')
		say_wrap(out, arena_printf(s->arena, sentence, names), 2);
}

/* Originals are shown to whoever sits before the screen, and go into no file
 * or pipe. */
static void
add_counts(struct buf *out, const struct share *s, bool for_owner)
{
	struct arena *a = s->arena;
	size_t i;

	for (i = 0; i < SHARE_KINDS; i++) {
		const struct share_count *c = &s->of[i];
		const char *text;

		if (c->count == 0)
			continue;
		text = share_count_text(a, (enum share_kind)i, c->count);
		say_wrap(out,
		    for_owner ?
			arena_printf(a, _("%1$s; %2$s stands for %3$s"), text,
			    c->token, c->original) :
			arena_printf(a, _("%1$s, as %2$s"), text, c->token),
		    4);
	}
}

static void
add_seal(struct buf *out, const struct share *s)
{
	if (s->seal.verdict == SEAL_SIGNED)
		say_wrap(out,
		    arena_printf(s->arena,
			_("It verifies by the signature of the original, by "
			  "the key %s."),
			s->seal.key.fingerprint),
		    2);
	else
		say_wrap(out,
		    _("It verifies as its original does, which nobody "
		      "signed."),
		    2);
	if (!share_can_be_judged(s))
		say_wrap(out,
		    _("Support cannot judge it again, since something that is "
		      "needed for that is left out."),
		    2);
}

static void
write_text(struct buf *out, const struct share *s, bool for_owner)
{
	say_wrap(out,
	    s->seal.id[0] == '\0' ?
		_("A copy for support of a draft:") :
		arena_printf(s->arena,
		    _("A copy for support of document %1$s, version %2$u:"),
		    s->seal.id, s->seal.version),
	    0);
	add_sections(out, s, SEAL_WHOLE, _("Shown as it is: %s."));
	add_sections(out, s, SEAL_MASKED, _("Masked: %s."));
	add_sections(out, s, SEAL_WITHHELD, _("Left out: %s."));
	say_wrap(out, _("What is masked, always the same by the same:"), 2);
	add_counts(out, s, for_owner);
	add_seal(out, s);
}

static void
write_json(struct buf *out, const struct share *s, const struct options *o)
{
	json_t *j = codec_checked(json_object());
	json_t *sections = codec_checked(json_object());
	json_t *masked = codec_checked(json_object()), *one;
	size_t i;

	for (i = 0; i < SEAL_NSECTIONS; i++)
		codec_set(sections, seal_sections[i].name,
		    codec_string(seal_state_names[s->want[i]]));
	for (i = 0; i < SHARE_KINDS; i++) {
		one = codec_checked(json_object());
		codec_set(one, "count",
		    codec_checked(json_integer((json_int_t)s->of[i].count)));
		codec_set(one, "example", codec_string(s->of[i].token));
		codec_set(masked, share_kind_name((enum share_kind)i), one);
	}
	codec_set(j, "schema", codec_string("sitewalk/share/1"));
	codec_set(j, "document", codec_string(s->seal.id));
	codec_set(j, "version", codec_checked(json_integer(s->seal.version)));
	codec_set(j, "key",
	    codec_string(s->seal.key.len > 0 ? s->seal.key.fingerprint : NULL));
	codec_set(j, "sections", sections);
	codec_set(j, "masked", masked);
	codec_set(j, "can_be_judged",
	    codec_checked(json_boolean(share_can_be_judged(s))));
	codec_set(j, "copy", codec_string(o->out));
	codec_set(j, "map", codec_string(o->map));
	json_write(j, out);
	json_decref(j);
}

/* Without -o the preview is the result; with it, it goes beside it. */
static int
preview(const struct options *o, const struct share *s)
{
	bool json = strcmp(o->format, "json") == 0;
	int fd = o->out == NULL ? STDOUT_FILENO : STDERR_FILENO;
	struct buf out;

	buf_init(&out, OUTPUT_MAX);
	if (json)
		write_json(&out, s, o);
	else
		write_text(&out, s, isatty(fd) == 1);
	if (json || o->out == NULL)
		return say_result(&out, NULL);
	fputs(buf_str(&out), stderr);
	buf_free(&out);
	return EXIT_OK;
}

/* --- the command --- */

static int
write_files(const struct options *o, const struct share *s)
{
	struct error err = {0};

	if (o->out == NULL) {
		say(_("Nothing was written; -o names the file of the copy."));
		return EXIT_OK;
	}
	if (share_write(s, o->args.item[0], o->out, o->map, &err) != 0)
		return say_error(&err);
	say(_("The copy for support is in %s."), o->out);
	if (o->map == NULL) {
		say(_("No map was written: what stands for what cannot be "
		      "looked up (--map)."));
		return EXIT_OK;
	}
	say(_("The map is in %s, readable by you alone. It says what stands "
	      "for what: keep it, and do not send it."),
	    o->map);
	if (share_is_among_papers(o->map))
		say(_("It stands among papers that are handed on; move it "
		      "elsewhere."));
	return EXIT_OK;
}

static int
share_copy(const struct options *o)
{
	struct error err = {0};
	struct share s;
	struct buf data, sig;
	int status;

	share_init(&s);
	buf_init(&data, HANDOVER_MAX);
	buf_init(&sig, SIGNATURE_MAX);
	if (o->map != NULL && o->out == NULL)
		error_set(&err, ERR_USAGE, "%s",
		    _("A map is written with a copy only; name its file with "
		      "-o."));
	if (err.code != ERR_NONE ||
	    share_choose(&s, o->mask, o->without, &err) != 0)
		status = say_error(&err);
	else
		status = read_original(o, &data, &sig);
	if (status == EXIT_OK &&
	    share_make(&s, data.data, data.len,
		sig.len > 0 ? buf_str(&sig) : NULL, sig.len, &err) != 0)
		status = say_error(&err);
	if (status == EXIT_OK)
		status = preview(o, &s);
	if (status == EXIT_OK)
		status = write_files(o, &s);
	buf_free(&data);
	buf_free(&sig);
	share_free(&s);
	return status;
}

static int
cmd_share(int argc, char **argv)
{
	struct options o;
	struct error err = {0};
	int status;

	if (options_parse(&o, &command_share, argc, argv, &err) != 0)
		status = say_error(&err);
	else
		status = share_copy(&o);
	options_free(&o);
	return status;
}

static const struct example examples[] = {
    {"sitewalk share papers/handover.json -o copy.json --map ours.json"},
    {NULL},
};

const struct command command_share = {
    .name = "share",
    .usage = N_("sitewalk share HANDOVER.json|FILE [-o COPY.json] "
		"[--without SECTION,...] [--mask SECTION,...|default] "
		"[--map FILE]"),
    .summary = N_("Makes a copy of a handover for support, without people and "
		  "addresses."),
    .about = N_("Without -o it says what the copy would hold, and writes "
		"nothing. People, places, addresses and the names of the "
		"site's network become tokens, the same one for the same thing "
		"in every copy of this site; what somebody typed freely "
		"becomes one token as a whole. What the vendors document stays "
		"readable. The copy verifies by the signature of its original "
		"and is judged as that one is. The map says what stands for "
		"what; it is written only where --map names a file, and stays "
		"with you. Of a site's file the handover is made first."),
    .options = OPTION_PACKS | OPTION_KEY | OPTION_FORMAT | OPTION_OUT |
	OPTION_SHARE,
    .formats = "text json",
    .exits = exits_done,
    .examples = examples,
    .min_args = 1,
    .max_args = 1,
    .run = cmd_share,
};
