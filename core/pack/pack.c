/* SPDX-License-Identifier: MIT */
/* Owns the set of packs in force: the built-in ones, overlaid by those of
 * folders, and finding things in them. */
#include "core/pack/pack.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/builtin.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/yaml.h"

#define DOMAIN_PACKS "sitewalk-packs"
#define BUILTIN_FOLDER "wizards/"
#define BUILTIN_KEYS "wizards/keys/"
#define KEYS_FOLDER "keys"
#define NAME_BYTES_MAX 64
#define FILES_MAX 256 /* of one folder */
#define KEY_BYTES_MAX (16 * 1024)
#define SYSTEM_DIRS "/usr/local/share:/usr/share"

/* What is being loaded, and by which rule it replaces what is there. */
struct loading {
	struct pack_set *set;
	const struct pack_vocabulary *vocab;
	bool always; /* replaces any version */
};

static void
add_mistake(struct loading *l, const char *file, const char *sentence)
{
	struct report r;

	report_begin(&r, l->set->arena, file, &l->set->mistakes);
	report_mistake(&r, (struct place){1, 1}, "%s", sentence);
}

static void
add_pack(struct loading *l, struct pack *p)
{
	struct pack_set *s = l->set;
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (strcmp(s->pack[i]->product, p->product) != 0)
			continue;
		if (l->always || p->version > s->pack[i]->version)
			s->pack[i] = p;
		return;
	}
	*arena_push(s->arena, s->pack, s->count) = p;
}

static void
add_key(struct loading *l, const char *name, const char *data, size_t len,
    const char *origin)
{
	struct pack_set *s = l->set;
	struct pack_key *key = NULL;
	size_t i;

	if (strnlen(data, len) < len ||
	    memmem(data, len, "-----BEGIN PUBLIC KEY-----", 26) == NULL) {
		add_mistake(l, origin,
		    _("This file holds no public key in the PEM format."));
		return;
	}
	for (i = 0; i < s->nkeys; i++) {
		if (strcmp(s->keys[i].name, name) == 0)
			key = &s->keys[i];
	}
	if (key == NULL) {
		key = arena_push(s->arena, s->keys, s->nkeys);
		key->name = arena_strdup(s->arena, name);
	}
	key->pem = arena_strndup(s->arena, data, len);
	key->origin = text_sanitise(s->arena, origin, strlen(origin), 1024,
	    false);
}

/* "zencontrol" of "zencontrol.yaml"; NULL when name has another ending. */
static char *
stem(struct arena *a, const char *name, const char *ending)
{
	size_t len = strlen(name), end = strlen(ending);

	if (name[0] == '.' || len <= end ||
	    strcmp(name + len - end, ending) != 0 ||
	    memchr(name, '/', len) != NULL)
		return NULL;
	return arena_strndup(a, name, len - end);
}

/* --- built-in --- */

static int
load_builtin_pack(struct loading *l, const struct builtin *file,
    struct error *err)
{
	struct mistakes mistakes = {0};
	struct pack *p;

	p = pack_parse(l->set->arena, file->name, (const char *)file->data,
	    file->len, l->vocab, &mistakes);
	if (p == NULL) {
		error_set(err, ERR_INTERNAL,
		    _("A pack that is built into this program is broken: %s"),
		    mistakes.item[0].text);
		error_where(err, "%s:%u:%u", file->name,
		    mistakes.item[0].place.line, mistakes.item[0].place.column);
		return -1;
	}
	p->origin = arena_strdup(l->set->arena, "built-in");
	add_pack(l, p);
	return 0;
}

static int
load_builtin(struct loading *l, struct error *err)
{
	struct arena *a = l->set->arena;
	char *name;
	size_t i;

	for (i = 0; i < builtin_file_count; i++) {
		const struct builtin *file = &builtin_files[i];

		if (strncmp(file->name, BUILTIN_KEYS, strlen(BUILTIN_KEYS)) ==
		    0) {
			name = stem(a, file->name + strlen(BUILTIN_KEYS),
			    ".pem");
			if (name != NULL)
				add_key(l, name, (const char *)file->data,
				    file->len, "built-in");
		} else if (strncmp(file->name, BUILTIN_FOLDER,
			       strlen(BUILTIN_FOLDER)) == 0 &&
		    stem(a, file->name + strlen(BUILTIN_FOLDER), ".yaml") !=
			NULL) {
			if (load_builtin_pack(l, file, err) != 0)
				return -1;
		}
	}
	return 0;
}

/* --- folders --- */

/* NULL where no line says which product a broken file is about. */
static char *
product_in(struct arena *a, const struct buf *data)
{
	static const char key[] = "pack:", blank[] = " \t\"'",
			  plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *line = buf_str(data), *word;
	size_t len;

	while (strncmp(line, key, sizeof key - 1) != 0) {
		line = strchr(line, '\n');
		if (line == NULL)
			return NULL;
		line++;
	}
	word = line + sizeof key - 1;
	word += strspn(word, blank);
	len = strspn(word, plain);
	return len > 0 && len < NAME_BYTES_MAX ? arena_strndup(a, word, len) :
						 NULL;
}

/* A file whose mistakes begin at this one. */
static void
leave_out(struct loading *l, size_t mistake, char *name, bool is_key)
{
	struct pack_set *s = l->set;

	*arena_push(s->arena, s->left_out,
	    s->nleft_out) = (struct left_out){mistake, name, is_key};
}

static void
load_pack_file(struct loading *l, const char *path, const char *name)
{
	size_t before = l->set->mistakes.count;
	struct error err = {0};
	struct pack *p;
	struct buf data;

	(void)name;
	buf_init(&data, YAML_BYTES_MAX);
	if (file_read(path, YAML_BYTES_MAX, &data, &err) != 0) {
		add_mistake(l, path, err.what);
	} else {
		p = pack_parse(l->set->arena, path, buf_str(&data), data.len,
		    l->vocab, &l->set->mistakes);
		if (p != NULL)
			add_pack(l, p);
	}
	if (l->set->mistakes.count > before)
		leave_out(l, before, product_in(l->set->arena, &data), false);
	buf_free(&data);
}

static void
load_key_file(struct loading *l, const char *path, const char *name)
{
	size_t before = l->set->mistakes.count;
	struct error err = {0};
	struct buf data;

	buf_init(&data, KEY_BYTES_MAX);
	if (file_read(path, KEY_BYTES_MAX, &data, &err) != 0)
		add_mistake(l, path, err.what);
	else
		add_key(l, name, buf_str(&data), data.len, path);
	if (l->set->mistakes.count > before)
		leave_out(l, before, arena_strdup(l->set->arena, name), true);
	buf_free(&data);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every file of dir with that ending, by name. -1 when dir cannot be read. */
static int
load_folder(struct loading *l, const char *dir, const char *ending,
    void (*load)(struct loading *, const char *path, const char *name))
{
	struct strlist names = {0};
	struct arena *a = arena_new();
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t i;

	if (d == NULL) {
		arena_free(a);
		return -1;
	}
	/* One thread, and nobody else has this stream. */
	/* cppcheck-suppress readdirCalled */
	while (names.count < FILES_MAX && (entry = readdir(d)) != NULL) {
		if (stem(a, entry->d_name, ending) != NULL)
			strlist_add(a, &names, entry->d_name);
	}
	closedir(d);
	if (names.count > 0)
		qsort(names.item, names.count, sizeof *names.item,
		    compare_names);
	for (i = 0; i < names.count; i++)
		load(l, arena_printf(a, "%s/%s", dir, names.item[i]),
		    stem(a, names.item[i], ending));
	arena_free(a);
	return 0;
}

static int
load_packs_of(struct loading *l, const char *dir)
{
	struct arena *a = arena_new();
	int rc;

	rc = load_folder(l, dir, ".yaml", load_pack_file);
	load_folder(l, arena_printf(a, "%s/" KEYS_FOLDER, dir), ".pem",
	    load_key_file);
	arena_free(a);
	return rc;
}

/* XDG Base Directory Specification: the first folder counts most, so it is
 * loaded last. */
static void
load_system(struct loading *l, struct arena *a)
{
	const char *list = getenv("XDG_DATA_DIRS");
	char *dirs, *colon;

	if (list == NULL || list[0] == '\0')
		list = SYSTEM_DIRS;
	dirs = arena_strdup(a, list);
	do {
		colon = strrchr(dirs, ':');
		list = colon == NULL ? dirs : colon + 1;
		if (list[0] == '/')
			load_packs_of(l,
			    arena_printf(a, "%s/sitewalk/packs", list));
		if (colon != NULL)
			*colon = '\0';
	} while (colon != NULL);
}

static int
load_all(struct loading *l, const char *dir, struct error *err)
{
	struct arena *a = arena_new();
	char *config;
	int rc;

	rc = load_builtin(l, err);
	if (rc == 0) {
		load_system(l, a);
		config = file_config_dir(a);
		if (config != NULL)
			load_packs_of(l, arena_printf(a, "%s/packs", config));
		l->always = true;
		if (dir != NULL && load_packs_of(l, dir) != 0) {
			rc = error_set(err, ERR_INPUT,
			    _("The folder of packs cannot be read."));
			error_where(err, "%s", dir);
			error_hint(err,
			    _("Name a folder that holds packs, or leave "
			      "--packs out."));
		}
	}
	arena_free(a);
	return rc;
}

static int
compare_packs(const void *a, const void *b)
{
	const struct pack *x = *(struct pack *const *)a;
	const struct pack *y = *(struct pack *const *)b;
	int c;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	c = strcasecmp(x->vendor, y->vendor);
	return c != 0 ? c : strcmp(x->product, y->product);
}

struct pack_set *
pack_set_load(const char *dir, const struct pack_vocabulary *vocab,
    struct error *err)
{
	struct pack_set *s = mem_alloc(sizeof *s);
	struct loading l = {.set = s, .vocab = vocab};

	s->arena = arena_new();
	if (load_all(&l, dir, err) != 0) {
		pack_set_free(s);
		return NULL;
	}
	if (s->count > 0)
		qsort(s->pack, s->count, sizeof *s->pack, compare_packs);
	return s;
}

void
pack_set_free(struct pack_set *s)
{
	if (s == NULL)
		return;
	arena_free(s->arena);
	mem_free(s);
}

/* --- finding --- */

const struct pack *
pack_find(const struct pack_set *s, const char *product)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		if (strcmp(s->pack[i]->product, product) == 0)
			return s->pack[i];
	}
	return NULL;
}

const struct question *
pack_question(const struct pack *p, const char *id)
{
	size_t i;

	for (i = 0; i < p->nquestions; i++) {
		/* While a pack is checked an id can be missing. */
		if (p->questions[i].id != NULL &&
		    strcmp(p->questions[i].id, id) == 0)
			return &p->questions[i];
	}
	return NULL;
}

const struct requirement *
pack_requirement(const struct pack *p, const char *id)
{
	size_t i;

	for (i = 0; i < p->nrequirements; i++) {
		if (strcmp(p->requirements[i].id, id) == 0)
			return &p->requirements[i];
	}
	return NULL;
}

const struct step *
pack_step_of(const struct pack *p, const char *req_id)
{
	size_t i;

	for (i = 0; i < p->nsteps; i++) {
		if (strlist_has(&p->steps[i].checks, req_id))
			return &p->steps[i];
	}
	return NULL;
}

const char *
pack_key_pem(const struct pack_set *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nkeys; i++) {
		if (strcmp(s->keys[i].name, name) == 0)
			return s->keys[i].pem;
	}
	return NULL;
}

/* The empty text is the catalogue's own header, never a text of a pack. */
const char *
pack_text(const char *s)
{
	return s == NULL || s[0] == '\0' ? s : dgettext(DOMAIN_PACKS, s);
}
