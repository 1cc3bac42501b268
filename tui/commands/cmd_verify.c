/* SPDX-License-Identifier: MIT */
/* Owns the command "verify": is a handover as it was when it was sealed, and
 * who signed it. Nothing else of it is believed or shown. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/export/sums.h"
#include "core/record/codec.h"
#include "core/record/json.h"
#include "core/record/rules_read.h"
#include "core/record/rules_seal.h"
#include "core/record/seal.h"
#include "core/record/sshsig.h"
#include "tui/commands/command_table.h"
#include "tui/commands/options.h"
#include "tui/work/say.h"
#include "tui/work/signers.h"

#define HANDOVER_MAX ((size_t)64 << 20)
#define SIGNATURE_MAX ((size_t)1 << 20)
#define FILES_MAX 10000
#define PATH_SHOWN_MAX 16384
#define HANDOVER "handover.json"
#define REQUEST "firewall/rules.json"

/* The exit status: the worst of all files. */
enum { ALL_WHOLE = 0, SOME_BROKEN = 1, SOME_UNREADABLE = 2 };

struct verify {
	const struct options *options;
	struct arena *arena; /* of one file */
	struct buf allowed;
	bool has_allowed;
	struct buf out;    /* text */
	json_t *list;      /* JSON */
	struct sshkey key; /* who signed the last handover; len 0: nobody */
	bool differs;      /* files of a folder are not as its list says */
	int status;
};

static void
worse(struct verify *v, int status)
{
	if (status > v->status)
		v->status = status;
}

/* A stranger chose the name. */
static const char *
shown(struct verify *v, const char *path)
{
	return text_sanitise(v->arena, path, strlen(path), PATH_SHOWN_MAX,
	    false);
}

static void
headline(struct verify *v, const char *path)
{
	buf_addf(&v->out, "%s\n", shown(v, path));
}

static void
line(struct verify *v, const char *text)
{
	say_wrap(&v->out, text, 2);
}

static const char *
strict_join(struct arena *a, const struct strlist *l)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < l->count; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? ", " : "",
		    seal_label(l->item[i]));
	return text;
}

/* --- who --- */

static const char *
who(struct verify *v, const struct seal_report *r)
{
	const char *key = r->key.fingerprint;
	struct arena *a = v->arena;

	if (!v->has_allowed)
		return arena_printf(a,
		    _("Signed by the key %s. Whose key that is was not "
		      "compared (--allowed-signers)."),
		    key);
	switch (r->allowed) {
	case ALLOWED_YES:
		return arena_printf(a,
		    _("Signed by %1$s with the key %2$s. Judged as of the "
		      "time that the file says it was issued."),
		    r->principal, key);
	case ALLOWED_OTHER_PURPOSE:
		return arena_printf(a,
		    _("Signed by the key %1$s of %2$s, which you do not allow "
		      "to sign such files."),
		    key, r->principal);
	case ALLOWED_OTHER_TIME:
		return arena_printf(a,
		    _("Signed by the key %1$s of %2$s, which you do not trust "
		      "for the time that the file says it was issued."),
		    key, r->principal);
	default:
		return arena_printf(a,
		    _("Signed by the key %s, which is not known to you."), key);
	}
}

/* Whoever says here whom to trust does not want what nobody signed: else it
 * would be enough to take a signature away. */
static bool
wants_signatures(const struct verify *v)
{
	return v->options->app.allowed != NULL;
}

static bool
is_trusted(const struct verify *v, const struct seal_report *r)
{
	if (r->verdict != SEAL_SIGNED)
		return !wants_signatures(v);
	return !v->has_allowed || r->allowed == ALLOWED_YES;
}

/* --- text --- */

static void
tell_sections(struct verify *v, const struct seal_report *r,
    enum seal_state state, const char *sentence)
{
	struct strlist names = {0};
	size_t i;

	for (i = 0; i < SEAL_NSECTIONS; i++) {
		if (r->state[i] == state)
			strlist_add(v->arena, &names, seal_sections[i].name);
	}
	if (names.count > 0)
		line(v,
		    arena_printf(v->arena, sentence,
			strict_join(v->arena, &names)));
}

static void
tell(struct verify *v, const char *path, const struct seal_report *r,
    const struct error *content)
{
	headline(v, path);
	if (r->id[0] != '\0' && r->version > 0 && r->verdict != SEAL_BROKEN &&
	    r->verdict != SEAL_NONE)
		line(v,
		    arena_printf(v->arena,
			_("Document %1$s, version "
			  "%2$u."),
			r->id, r->version));
	switch (r->verdict) {
	case SEAL_BROKEN:
		line(v,
		    arena_printf(v->arena,
			_("BROKEN: it is not as it was sealed. Changed: %s."),
			strict_join(v->arena, &r->broken)));
		break;
	case SEAL_NONE:
		line(v, _("NOT SEALED: nothing can be said about changes."));
		break;
	case SEAL_UNSIGNED:
		line(v,
		    _("UNSIGNED: nothing was changed by accident, but "
		      "anybody could have made or rewritten it."));
		break;
	case SEAL_SIGNED:
		line(v, _("WHOLE: nothing was changed since it was signed."));
		line(v, who(v, r));
		break;
	}
	if (r->why != NULL)
		line(v, r->why);
	if (r->verdict == SEAL_SIGNED && !r->file_signed && !r->redacted)
		line(v,
		    _("There is no signature file beside it; the seal in "
		      "it was judged."));
	if (r->verdict != SEAL_BROKEN) {
		tell_sections(v, r, SEAL_MASKED,
		    _("Names and addresses are masked in: %s."));
		tell_sections(v, r, SEAL_WITHHELD, _("Left out: %s."));
	}
	if (content->code != ERR_NONE)
		line(v, content->what);
}

/* --- JSON --- */

static const char *const verdict_words[] = {"none", "unsigned", "signed",
    "broken"};
static const char *const allowed_words[] = {"unknown", "other_purpose",
    "other_time", "yes"};

static json_t *
report_to_json(struct verify *v, const char *path, const struct seal_report *r,
    const struct error *content)
{
	bool judged = v->has_allowed && r->verdict == SEAL_SIGNED;
	json_t *one = codec_checked(json_object());
	json_t *sections = codec_checked(json_object());
	size_t i;

	for (i = 0; i < SEAL_NSECTIONS; i++)
		codec_set(sections, seal_sections[i].name,
		    codec_string(seal_state_names[r->state[i]]));
	codec_set(one, "file", codec_string(shown(v, path)));
	codec_set(one, "seal", codec_string(verdict_words[r->verdict]));
	codec_set(one, "document", codec_string(r->id));
	codec_set(one, "version", codec_checked(json_integer(r->version)));
	codec_set(one, "key",
	    codec_string(r->key.len > 0 ? r->key.fingerprint : NULL));
	codec_set(one, "allowed",
	    codec_string(judged ? allowed_words[r->allowed] : NULL));
	codec_set(one, "principal",
	    codec_string(
		judged && r->principal[0] != '\0' ? r->principal : NULL));
	codec_set(one, "file_signed",
	    codec_checked(json_boolean(r->file_signed)));
	codec_set(one, "sections", sections);
	codec_set(one, "broken", strlist_to_json(&r->broken));
	codec_set(one, "why", codec_string(r->why));
	codec_set(one, "content",
	    codec_string(content->code == ERR_NONE ? NULL : content->what));
	return one;
}

/* --- one file --- */

static void
unreadable(struct verify *v, const char *path, const struct error *err)
{
	json_t *one;

	worse(v, SOME_UNREADABLE);
	if (v->list == NULL) {
		headline(v, path);
		line(v, arena_printf(v->arena, _("UNREADABLE: %s"), err->what));
		return;
	}
	one = codec_checked(json_object());
	codec_set(one, "file", codec_string(shown(v, path)));
	codec_set(one, "seal", codec_string("unreadable"));
	codec_set(one, "why", codec_string(err->what));
	codec_add(v->list, one);
}

/* What the seal does not say: can this program read it at all? */
static void
judge_content(const struct buf *data, bool is_request, struct error *err)
{
	struct request q;

	if (!is_request)
		record_free(record_from_json(data->data, data->len, err));
	else if (request_from_json(data->data, data->len, &q, err) == 0)
		record_free(q.record);
}

/* What no handover begins with is none, and is not called changed. */
static bool
looks_like_one(const struct buf *data)
{
	return memmem(buf_str(data), data->len, "\n  \"schema\"", 11) != NULL ||
	    memmem(buf_str(data), data->len, "sitewalk/record/", 16) != NULL;
}

static bool
looks_like_request(const struct buf *data)
{
	static const char begins[] = "\n  \"schema\": \"sitewalk/rules/";

	return memmem(buf_str(data), data->len, begins, strlen(begins)) != NULL;
}

static void
check_request(struct verify *v, const struct buf *data, const struct buf *sig,
    bool has_sig, struct seal_report *r)
{
	bool as_written;

	rules_seal_check(v->arena, buf_str(data), data->len,
	    has_sig ? buf_str(sig) : NULL, sig->len, buf_str(&v->allowed),
	    v->allowed.len, r, &as_written);
	if (r->verdict != SEAL_UNSIGNED || as_written)
		return;
	r->verdict = SEAL_BROKEN;
	strlist_add(v->arena, &r->broken, "file");
	r->why = arena_strdup(v->arena,
	    _("It is not signed, and not as sitewalk wrote it: the IT desk may "
	      "have filled in its part, or somebody else changed it."));
}

static void
verify_file(struct verify *v, const char *path)
{
	const char *beside = arena_printf(v->arena, "%s.sig", path);
	struct error err = {0}, content = {0};
	struct seal_report r;
	struct buf data, sig;
	struct stat st;
	bool has_sig = stat(beside, &st) == 0, is_request;

	buf_init(&data, HANDOVER_MAX);
	buf_init(&sig, SIGNATURE_MAX);
	if (file_read(path, HANDOVER_MAX, &data, &err) != 0 ||
	    (has_sig && file_read(beside, SIGNATURE_MAX, &sig, &err) != 0)) {
		unreadable(v, path, &err);
	} else if (!looks_like_one(&data)) {
		error_set(&err, ERR_INPUT, "%s",
		    _("This file is neither a handover nor a change request "
		      "of sitewalk."));
		unreadable(v, path, &err);
	} else {
		is_request = looks_like_request(&data);
		if (is_request)
			check_request(v, &data, &sig, has_sig, &r);
		else
			seal_check(v->arena, data.data, data.len,
			    has_sig ? buf_str(&sig) : NULL, sig.len,
			    buf_str(&v->allowed), v->allowed.len, &r);
		if (r.verdict == SEAL_SIGNED || r.verdict == SEAL_UNSIGNED)
			judge_content(&data, is_request, &content);
		if (r.verdict == SEAL_BROKEN || r.verdict == SEAL_NONE ||
		    !is_trusted(v, &r))
			worse(v, SOME_BROKEN);
		if (content.code != ERR_NONE)
			worse(v, SOME_UNREADABLE);
		if (r.verdict == SEAL_SIGNED && !is_request)
			v->key = r.key;
		if (v->list == NULL)
			tell(v, path, &r, &content);
		else
			codec_add(v->list,
			    report_to_json(v, path, &r, &content));
	}
	buf_free(&data);
	buf_free(&sig);
}

/* --- a folder of an export --- */

static void
tell_sum(void *arg, const char *name, enum sums_verdict verdict)
{
	static const char *const words[] = {"whole", "changed", "missing",
	    "additional", "unreadable"};
	static const char *const sentences[] = {NULL, N_("Changed: %s."),
	    N_("Missing: %s."), N_("Additional, and in no list: %s."),
	    N_("Cannot be read: %s.")};
	struct verify *v = arg;
	json_t *one;

	if (verdict == SUMS_WHOLE)
		return;
	/* What somebody put beside the papers harms none of them. */
	if (verdict != SUMS_ADDITIONAL) {
		v->differs = true;
		worse(v, SOME_BROKEN);
	}
	if (v->list == NULL) {
		line(v, arena_printf(v->arena, _(sentences[verdict]), name));
		return;
	}
	one = codec_checked(json_object());
	codec_set(one, "file", codec_string(name));
	codec_set(one, "sum", codec_string(words[verdict]));
	codec_add(v->list, one);
}

/* What the list itself is worth. */
enum list_seal { LIST_UNSIGNED, LIST_SIGNED, LIST_BROKEN, LIST_OTHER_KEY };

static const struct {
	const char *word; /* in JSON */
	const char *says; /* NULL: see tell_list() */
} list_seals[] = {
    [LIST_UNSIGNED] = {"unsigned",
	N_("Every file that the list names is as the list says. Nobody signed "
	   "the list, so this shows accidents, not what somebody changed on "
	   "purpose.")},
    [LIST_SIGNED] = {"signed",
	N_("Every file that the list names is as it was written. The list is "
	   "signed by the key that signed the handover.")},
    [LIST_BROKEN] = {"broken",
	N_("BROKEN: the list of the files is not the one that was signed.")},
    [LIST_OTHER_KEY] = {"other_key",
	N_("BROKEN: the list of the files is signed, but not by the key that "
	   "signed the handover.")},
};

static enum list_seal
judge_list(struct verify *v, const char *sums, const struct buf *list)
{
	const char *beside = arena_printf(v->arena, "%s.sig", sums);
	enum list_seal seal = LIST_BROKEN;
	struct sshkey key;
	struct buf sig;
	struct stat st;

	if (lstat(beside, &st) != 0)
		return LIST_UNSIGNED;
	buf_init(&sig, SIGNATURE_MAX);
	if (file_read(beside, SIGNATURE_MAX, &sig, NULL) == 0 &&
	    sshsig_verify(buf_str(&sig), sig.len, SUMS_NAMESPACE, buf_str(list),
		list->len, &key, NULL) == 0)
		seal = v->key.len > 0 && sshkey_equal(&key, &v->key) ?
		    LIST_SIGNED :
		    LIST_OTHER_KEY;
	buf_free(&sig);
	return seal;
}

static void
tell_list(struct verify *v, const char *sums, enum list_seal seal)
{
	bool bad = seal == LIST_BROKEN || seal == LIST_OTHER_KEY;
	json_t *one;

	if (bad || (seal == LIST_UNSIGNED && wants_signatures(v)))
		worse(v, SOME_BROKEN);
	if (v->list == NULL) {
		if (bad || !v->differs)
			line(v, _(list_seals[seal].says));
		return;
	}
	one = codec_checked(json_object());
	codec_set(one, "file", codec_string(shown(v, sums)));
	codec_set(one, "list", codec_string(list_seals[seal].word));
	codec_add(v->list, one);
}

static void
verify_folder(struct verify *v, const char *path)
{
	const char *handover = arena_printf(v->arena, "%s/" HANDOVER, path);
	const char *sums = arena_printf(v->arena, "%s/" SUMS_FILE, path);
	struct error err = {0};
	struct buf list;
	struct stat st;

	v->key.len = 0;
	v->differs = false;
	if (stat(handover, &st) == 0)
		verify_file(v, handover);
	/* Signed by whoever signed the handover, or by the IT desk. */
	if (stat(arena_printf(v->arena, "%s/" REQUEST ".sig", path), &st) == 0)
		verify_file(v, arena_printf(v->arena, "%s/" REQUEST, path));
	if (v->list == NULL)
		headline(v, sums);
	buf_init(&list, SIGNATURE_MAX);
	if (sums_check(v->arena, path, tell_sum, v, &list, &err) != 0)
		unreadable(v, sums, &err);
	else
		tell_list(v, sums, judge_list(v, sums, &list));
	buf_free(&list);
}

static int
verify_all(struct verify *v)
{
	const struct options *o = v->options;
	struct error err = {0};
	struct stat st;
	size_t i;

	if (signers_read(o->app.allowed, &v->allowed, &v->has_allowed, &err) !=
	    0)
		return say_error(&err);
	for (i = 0; i < o->args.count; i++) {
		v->arena = arena_new();
		if (stat(o->args.item[i], &st) == 0 && S_ISDIR(st.st_mode))
			verify_folder(v, o->args.item[i]);
		else
			verify_file(v, o->args.item[i]);
		arena_free(v->arena);
	}
	return EXIT_OK;
}

static int
cmd_verify(int argc, char **argv)
{
	struct verify v = {.status = ALL_WHOLE};
	struct options o;
	struct error err = {0};
	json_t *document;
	int status;

	buf_init(&v.out, OUTPUT_MAX);
	buf_init(&v.allowed, SIGNATURE_MAX);
	v.options = &o;
	if (options_parse(&o, &command_verify, argc, argv, &err) != 0) {
		status = say_error(&err);
	} else {
		if (strcmp(o.format, "json") == 0)
			v.list = codec_checked(json_array());
		status = verify_all(&v);
	}
	if (status == EXIT_OK && v.list != NULL) {
		document = codec_checked(json_object());
		codec_set(document, "schema",
		    codec_string("sitewalk/verify/1"));
		codec_set(document, "files", json_incref(v.list));
		json_write(document, &v.out);
		json_decref(document);
	}
	if (status == EXIT_OK) {
		status = say_result(&v.out, o.out);
		status = status == EXIT_OK ? v.status : status;
	}
	json_decref(v.list);
	buf_free(&v.out);
	buf_free(&v.allowed);
	options_free(&o);
	return status;
}

static const char *const exits[] = {
    N_("0  all are whole, also unsigned ones"),
    N_("1  one was changed, has no seal, or (where allowed signers "
       "are named) is not signed by one of them"),
    N_("2  wrong usage, or one cannot be read"),
    N_("4  interrupted, or the program itself failed"),
    NULL,
};

static const struct example examples[] = {
    {"sitewalk verify papers --format json"},
    {NULL},
};

const struct command command_verify = {
    .name = "verify",
    .usage = N_("sitewalk verify FILE|FOLDER... [--allowed-signers FILE]"),
    .summary = N_("Says whether handovers and requests are as they were "
		  "sealed, and who signed them."),
    .about = N_("Of a folder that was exported, every file is compared with "
		"SHA256SUMS too, and that with its signature. A signature "
		"says that nothing was changed since that key signed; it does "
		"not say that the results are right, or when it was signed."),
    .options = OPTION_ALLOWED | OPTION_FORMAT | OPTION_OUT,
    .formats = "text json",
    .exits = exits,
    .examples = examples,
    .min_args = 1,
    .max_args = FILES_MAX,
    .run = cmd_verify,
};
