/* SPDX-License-Identifier: MIT */
/* Who signs the papers: nobody, a key in a file, or the ssh-agent; and a new
 * key for who has none, never made without asking. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/record/newkey.h"
#include "tui/views/export_choice.h"
#include "tui/work/folder.h"

#define FILE_ID "export.key"
#define NONE_ID "key.none"
#define AGENT_ID "key.agent"
#define OWN_ID "key.own"
#define OTHER_ID "key.file"
#define MAKE_ID "@make"
#define PATH_COLS 400
/* In the public half, for whoever finds it in a list of keys. */
#define COMMENT "sitewalk"

struct state {
	struct arena *arena;
	char *tried; /* setting that the rest is about; NULL: none */
	char fingerprint[SSHKEY_FINGERPRINT_SIZE]; /* "": nobody signs */
	struct error err; /* code ERR_NONE: it can sign */
};

static void
open_key(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	s->arena = arena_new();
}

static void
close_key(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;

	(void)sc;
	arena_free(s->arena);
}

/* An agent is asked once for each choice, and not at each drawing. */
static void
try_key(struct screen *sc, struct state *s)
{
	struct signer *signer;

	if (s->tried != NULL && strcmp(s->tried, sc->settings.key) == 0)
		return;
	s->tried = arena_strdup(s->arena, sc->settings.key);
	s->fingerprint[0] = '\0';
	memset(&s->err, 0, sizeof s->err);
	if (choice_signer(sc, &signer, &s->err) != 0 || signer == NULL)
		return;
	memcpy(s->fingerprint, signer_fingerprint(signer),
	    strlen(signer_fingerprint(signer)) + 1);
	screen_close_key(sc, signer);
}

/* --- the page --- */

static bool
is_own(const struct screen *sc, const char *own)
{
	return own != NULL && strcmp(sc->settings.key, own) == 0;
}

static bool
is_other(const struct screen *sc, const char *own)
{
	return sc->settings.key[0] == '/' && !is_own(sc, own);
}

static void
build_choice(struct screen *sc, struct page *p, const char *own)
{
	const char *key = sc->settings.key, *named = getenv("SITEWALK_KEY");
	bool made = own != NULL && access(own, F_OK) == 0;

	page_option(p, NONE_ID, "key",
	    _("Nobody: the sheet says UNSIGNED in large letters"),
	    strcmp(key, "none") == 0 ||
		(key[0] == '\0' && (named == NULL || named[0] == '\0')));
	page_option(p, AGENT_ID, "key",
	    _("The ssh-agent of this computer, with the key that it holds"),
	    strcmp(key, "agent") == 0);
	if (made || is_own(sc, own))
		page_option(p, OWN_ID, "key",
		    _("The key that this program made on this computer"),
		    is_own(sc, own));
	page_option(p, OTHER_ID, "key",
	    _("A key in a file of OpenSSH, of the kind Ed25519:"),
	    is_other(sc, own));
	screen_field(sc, p, FILE_ID, _("Its file"),
	    is_other(sc, own) ? key : "");
	if (!made)
		page_row(p, MAKE_ID,
		    _("Make a key: this tells first what it is, and asks"))
		    ->verb = _("Look");
}

static void
build_result(struct screen *sc, struct page *p, const struct state *s)
{
	const char *named = getenv("SITEWALK_KEY");
	const char *name = sc->settings.key[0] != '\0' || named == NULL ?
	    "" :
	    text_sanitise(p->arena, named, strlen(named), PATH_COLS, false);

	page_blank(p);
	if (*name != '\0')
		page_textf(p, ROLE_NORMAL, 0,
		    _("Nothing was chosen here, so the key is the one that "
		      "SITEWALK_KEY names: %s"),
		    name);
	if (s->err.code != ERR_NONE) {
		page_text(p, ROLE_BAD, 0, s->err.what)->glyph = GLYPH_FAIL;
		if (s->err.where[0] != '\0')
			page_text(p, ROLE_NORMAL, 2,
			    text_sanitise(p->arena, s->err.where,
				strlen(s->err.where), PATH_COLS, false));
		if (s->err.hint[0] != '\0')
			page_text(p, ROLE_NORMAL, 2, s->err.hint);
		page_text(p, ROLE_NORMAL, 2,
		    _("Until then nothing can be written, unless you choose "
		      "that nobody signs."));
	} else if (s->fingerprint[0] != '\0') {
		page_text(p, ROLE_GOOD, 0,
		    _("This key can sign. Its fingerprint, which stands on "
		      "the sheet:"))
		    ->glyph = GLYPH_PASS;
		page_text(p, ROLE_NORMAL, 2, s->fingerprint);
	} else {
		page_text(p, ROLE_WARN, 0, _("Nobody signs these papers."))
		    ->glyph = GLYPH_WARN;
	}
	page_blank(p);
	page_text(p, ROLE_NORMAL, 0,
	    _("A signature proves that the file has not changed since the "
	      "key signed it. It does not prove that the readings are "
	      "honest, that the clock was right, or who held the key."));
}

static void
build(struct screen *sc, struct frame *f)
{
	struct state *s = f->state;
	struct page *p = &f->page;
	const char *own = choice_own_key(p->arena);

	try_key(sc, s);
	page_heading(p, _("Who signs?"));
	build_choice(sc, p, own);
	build_result(sc, p, s);
	p->first = sc->settings.key[0] == '/' ?
	    (is_own(sc, own) ? OWN_ID : OTHER_ID) :
	    strcmp(sc->settings.key, "agent") == 0 ? AGENT_ID :
						     NONE_ID;
}

static void
activate(struct screen *sc, struct frame *f, const struct item *i)
{
	struct state *s = f->state;
	const char *own = choice_own_key(f->page.arena);

	/* What is chosen again is tried again. */
	s->tried = NULL;
	if (strcmp(i->id, MAKE_ID) == 0)
		screen_push(sc, &view_export_newkey, NULL);
	else if (strcmp(i->id, NONE_ID) == 0)
		choice_set_key(sc, "none");
	else if (strcmp(i->id, AGENT_ID) == 0)
		choice_set_key(sc, "agent");
	else if (strcmp(i->id, OWN_ID) == 0 && own != NULL)
		choice_set_key(sc, own);
	else if (strcmp(i->id, OTHER_ID) == 0)
		page_focus(&f->page, FILE_ID);
}

/* A file that is none yet may be typed; what is wrong with it stands below
 * the choice. */
static void
typed(struct screen *sc, struct frame *f, const struct item *i,
    const char *text, bool leaving)
{
	struct state *s = f->state;
	struct error err;
	char *path;
	size_t k;

	(void)i;
	if (!leaving) {
		screen_set_draft(sc, FILE_ID, text, NULL);
		return;
	}
	if (text_is_space(text)) {
		screen_set_draft(sc, FILE_ID, NULL, NULL);
		return;
	}
	path = folder_path(s->arena, text, &err);
	for (k = 0; path != NULL && path[k] != '\0'; k++) {
		if ((unsigned char)path[k] >= ' ' && path[k] != 0x7f)
			continue;
		error_set(&err, ERR_USAGE, "%s",
		    _("This cannot be kept as the name of a file."));
		path = NULL;
		break;
	}
	if (path == NULL) {
		screen_set_draft(sc, FILE_ID, text, err.what);
		return;
	}
	screen_set_draft(sc, FILE_ID, NULL, NULL);
	if (strcmp(path, sc->settings.key) == 0)
		return;
	choice_set_key(sc, path);
}

const struct view view_export_key = {
    .name = "export-key",
    .title = N_("Signature"),
    .help = N_("Who opens a signed handover can tell that nothing in it was "
	       "changed. The choice is kept for all sites, as the name of the "
	       "file only: the key itself stays where it is. A key with a "
	       "passphrase signs through the ssh-agent that holds it."),
    .state_size = sizeof(struct state),
    .open = open_key,
    .close = close_key,
    .build = build,
    .activate = activate,
    .typed = typed,
};

/* --- a new one --- */

static void
build_new(struct screen *sc, struct frame *f)
{
	struct page *p = &f->page;
	const char *own = choice_own_key(p->arena);

	(void)sc;
	if (own == NULL) {
		page_text(p, ROLE_BAD, 0,
		    _("There is no place to keep a key, since neither HOME "
		      "nor XDG_CONFIG_HOME is set."));
		return;
	}
	page_text(p, ROLE_NORMAL, 0,
	    _("A key is a small file with which this computer signs its "
	      "papers. Who reads them can then tell that nothing was changed "
	      "since, and that papers of two sites come from the same key."));
	page_heading(p, _("Where it will lie"));
	page_text(p, ROLE_NORMAL, 2, own);
	page_text(p, ROLE_NORMAL, 2,
	    _("You alone can read this file (mode 0600). Give it to nobody; "
	      "who has it can sign in your name."));
	page_textf(p, ROLE_NORMAL, 2, "%s" NEWKEY_PUBLIC, own);
	page_text(p, ROLE_NORMAL, 2,
	    _("Its public half. Give this one to whoever checks your papers; "
	      "it cannot sign."));
	page_heading(p, _("What you should know"));
	page_text(p, ROLE_WARN, 0,
	    _("It has no passphrase: whoever uses your account on this "
	      "computer can sign with it. If you want a passphrase, make a "
	      "key with ssh-keygen -t ed25519, and sign by the ssh-agent."))
	    ->glyph = GLYPH_WARN;
	page_text(p, ROLE_NORMAL, 0,
	    _("It is an ordinary Ed25519 key of OpenSSH. If it is lost, what "
	      "it signed stays valid, and you make another one."));
	p->next = _("Make the key");
	p->next_verb = _("Make");
}

static void
make_key(struct screen *sc, struct frame *f)
{
	struct arena *a = arena_new();
	const char *own = choice_own_key(a), *dir = file_config_dir(a);
	struct sshkey key;
	struct error err;

	(void)f;
	if (own == NULL || dir == NULL) {
		arena_free(a);
		return;
	}
	if (file_make_dirs(dir, &err) != 0 ||
	    newkey_make(own, COMMENT, &key, &err) != 0) {
		screen_say_error(sc, &err);
	} else {
		screen_pop(sc);
		screen_say(sc, ROLE_GOOD, _("The key was made: %s"),
		    key.fingerprint);
		choice_set_key(sc, own);
	}
	arena_free(a);
}

const struct view view_export_newkey = {
    .name = "export-newkey",
    .title = N_("Make a key to sign with?"),
    .help = N_("Nothing is made before you press the button; Esc goes back "
	       "without one."),
    .consent = N_("Press Enter to make the key, or Esc to go back without."),
    .build = build_new,
    .next = make_key,
};
