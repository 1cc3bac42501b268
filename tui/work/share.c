/* SPDX-License-Identifier: MIT */
/* Owns a copy for support: its making, its counts and its files. */
#include "tui/work/share.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/record/codec.h"
#include "core/record/json.h"

#define COPY_MAX ((size_t)64 << 20)
#define MAP_MAX ((size_t)16 << 20)
#define HEAD (SEAL_NSECTIONS - 1)

static const struct {
	const char *name;
	const char *tokens; /* what their tokens begin with */
	const char *one, *many;
} kinds[SHARE_KINDS] = {
    [SHARE_PEOPLE] = {"people", "person", N_("%zu person"), N_("%zu people")},
    [SHARE_COMPANIES] = {"companies", "company", N_("%zu company or function"),
	N_("%zu companies or functions")},
    [SHARE_PLACES] = {"places", "place", N_("%zu place"), N_("%zu places")},
    [SHARE_ADDRESSES] = {"addresses", NULL, N_("%zu network address"),
	N_("%zu network addresses")},
    [SHARE_MACS] = {"macs", NULL, N_("%zu hardware address (MAC)"),
	N_("%zu hardware addresses (MAC)")},
    [SHARE_HOSTS] = {"hosts", "host", N_("%zu name of a computer"),
	N_("%zu names of computers")},
    [SHARE_WIFI] = {"wifi", "wifi", N_("%zu name of a Wi-Fi"),
	N_("%zu names of Wi-Fi networks")},
    [SHARE_SERIALS] = {"serials", "serial", N_("%zu serial number"),
	N_("%zu serial numbers")},
    [SHARE_NAMES] = {"names", "name", N_("%zu name of a device"),
	N_("%zu names of devices")},
    [SHARE_TEXTS] = {"texts", "text", N_("%zu free text"),
	N_("%zu free texts")},
    [SHARE_CERTIFICATES] = {"certificates", "authority",
	N_("%zu name in a certificate"), N_("%zu names in certificates")},
    [SHARE_OTHERS] = {"others", NULL, N_("%zu other thing"),
	N_("%zu other things")},
};

void
share_init(struct share *s)
{
	size_t i;

	memset(s, 0, sizeof *s);
	s->arena = arena_new();
	buf_init(&s->copy, COPY_MAX);
	for (i = 0; i < SEAL_NSECTIONS; i++)
		s->want[i] = SEAL_MASKED;
}

void
share_free(struct share *s)
{
	buf_free(&s->copy);
	json_decref(s->map);
	arena_free(s->arena);
	memset(s, 0, sizeof *s);
}

/* --- which sections --- */

static int
section_called(const char *name, size_t len)
{
	int i;

	for (i = 0; i < SEAL_NSECTIONS; i++) {
		if (strlen(seal_sections[i].name) == len &&
		    memcmp(seal_sections[i].name, name, len) == 0)
			return i;
	}
	return -1;
}

static int
unknown_section(struct share *s, const char *name, size_t len,
    struct error *err)
{
	const char *names = "";
	size_t i;

	for (i = 0; i < HEAD; i++)
		names = arena_printf(s->arena, "%s%s%s", names,
		    i == 0 ? "" : ", ", seal_sections[i].name);
	error_set(err, ERR_USAGE,
	    _("A handover has no section called \"%.*s\"."), (int)len, name);
	error_hint(err, _("There are: %s."), names);
	return -1;
}

/* Sets the sections of a list of names with commas between. */
static int
set_sections(struct share *s, const char *list, enum seal_state want,
    struct error *err)
{
	const char *end;
	int section;

	for (; *list != '\0'; list = *end == ',' ? end + 1 : end) {
		end = list + strcspn(list, ",");
		if (end == list)
			continue;
		section = section_called(list, (size_t)(end - list));
		if (section < 0)
			return unknown_section(s, list, (size_t)(end - list),
			    err);
		s->want[section] = want;
	}
	return 0;
}

int
share_choose(struct share *s, const char *masked, const char *without,
    struct error *err)
{
	bool all = masked == NULL || strcmp(masked, "default") == 0;
	size_t i;

	for (i = 0; i < HEAD; i++)
		s->want[i] = all ? SEAL_MASKED : SEAL_WHOLE;
	if ((!all && set_sections(s, masked, SEAL_MASKED, err) != 0) ||
	    (without != NULL &&
		set_sections(s, without, SEAL_WITHHELD, err) != 0))
		return -1;
	if (s->want[HEAD] == SEAL_WITHHELD)
		return error_set(err, ERR_USAGE, "%s",
		    _("The head of a handover cannot be left out."));
	return 0;
}

bool
share_can_be_judged(const struct share *s)
{
	static const char *const read[] = {"network", "answers", "observations",
	    "results", "deviations"};
	size_t i;

	for (i = 0; i < sizeof read / sizeof *read; i++) {
		if (s->want[section_called(read[i], strlen(read[i]))] ==
		    SEAL_WITHHELD)
			return false;
	}
	return true;
}

/* --- making it, and counting --- */

static enum share_kind
kind_of(const char *token)
{
	const char *dash = strchr(token, '-');
	struct ip ip;
	size_t i;

	if (ip_parse(token, &ip))
		return SHARE_ADDRESSES;
	if (strlen(token) == 17 && token[2] == ':')
		return SHARE_MACS;
	if (strchr(token, '.') != NULL)
		return SHARE_HOSTS;
	for (i = 0; i < SHARE_KINDS; i++) {
		if (kinds[i].tokens != NULL && dash != NULL &&
		    strlen(kinds[i].tokens) == (size_t)(dash - token) &&
		    strncmp(kinds[i].tokens, token, (size_t)(dash - token)) ==
			0)
			return (enum share_kind)i;
	}
	return SHARE_OTHERS;
}

/* A MAC address stands in the copy in several ways. */
static bool
stands_in(struct share *s, const char *token)
{
	char bare[13];
	size_t i, n = 0;

	if (memmem(s->copy.data, s->copy.len, token, strlen(token)) != NULL)
		return true;
	if (kind_of(token) != SHARE_MACS)
		return false;
	for (i = 0; token[i] != '\0' && n < 12; i++) {
		if (token[i] != ':')
			bare[n++] = token[i];
	}
	bare[n] = '\0';
	if (memmem(s->copy.data, s->copy.len, bare, n) != NULL)
		return true;
	for (i = 0; i < n; i++) {
		if (bare[i] >= 'a' && bare[i] <= 'f')
			bare[i] = (char)(bare[i] - 'a' + 'A');
	}
	return memmem(s->copy.data, s->copy.len, bare, n) != NULL;
}

/* The owner's map holds what this copy holds, and no more. */
static void
count(struct share *s, json_t *map)
{
	const char *token;
	json_t *original;
	struct share_count *c;

	s->map = codec_checked(json_object());
	memset(s->of, 0, sizeof s->of);
	json_object_foreach(map, token, original)
	{
		if (!stands_in(s, token))
			continue;
		codec_set(s->map, token, json_incref(original));
		c = &s->of[kind_of(token)];
		c->count++;
		/* The same one each time, whatever the order of the map. */
		if (c->token == NULL || strcmp(token, c->token) < 0) {
			c->token = arena_strdup(s->arena, token);
			c->original = arena_strdup(s->arena,
			    json_string_value(original));
		}
	}
}

int
share_make(struct share *s, const char *data, size_t len, const char *sig,
    size_t siglen, struct error *err)
{
	json_t *map = NULL;
	int rc;

	buf_clear(&s->copy);
	json_decref(s->map);
	s->map = NULL;
	seal_check(s->arena, data, len, sig, siglen, NULL, 0, &s->seal);
	if (s->seal.verdict == SEAL_BROKEN || s->seal.verdict == SEAL_NONE) {
		error_set(err, ERR_INPUT, "%s",
		    s->seal.verdict == SEAL_NONE ?
			_("This is not a handover with a seal, so no copy is "
			  "made of it.") :
			_("This handover is not as it was sealed, so no copy "
			  "is made of it."));
		error_hint(err, "%s",
		    _("The command verify says what was changed."));
		return -1;
	}
	rc = seal_redact(data, len, s->want, &s->copy, &map, err);
	if (rc == 0)
		count(s, map);
	json_decref(map);
	return rc;
}

const char *
share_kind_name(enum share_kind k)
{
	return kinds[k].name;
}

char *
share_count_text(struct arena *a, enum share_kind k, size_t count)
{
	return arena_printf(a, P_(kinds[k].one, kinds[k].many, count), count);
}

/* --- files --- */

static bool
is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	if (strcmp(a, b) == 0)
		return true;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	    x.st_ino == y.st_ino;
}

static const char *
beside(struct arena *a, const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return arena_printf(a, "%.*s%s",
	    slash == NULL ? 0 : (int)(slash - path + 1), path, name);
}

bool
share_is_among_papers(const char *path)
{
	struct arena *a = arena_new();
	bool is = access(beside(a, path, "SHA256SUMS"), F_OK) == 0 ||
	    access(beside(a, path, "handover.json"), F_OK) == 0;

	arena_free(a);
	return is;
}

static bool
write_all(int fd, const char *data, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = write(fd, data + done, len - done);
		if (n < 0 && errno != EINTR)
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd) == 0;
}

/* The same map again is no other file. */
static bool
holds(const char *path, const struct buf *map)
{
	struct buf old;
	struct error err = {0};
	bool same;

	buf_init(&old, MAP_MAX);
	same = file_read(path, MAP_MAX, &old, &err) == 0 &&
	    old.len == map->len && memcmp(old.data, map->data, old.len) == 0;
	buf_free(&old);
	return same;
}

static int
write_map(const struct share *s, const char *path, struct error *err)
{
	struct buf map;
	int fd, rc = 0;

	buf_init(&map, MAP_MAX);
	json_write(s->map, &map);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd < 0 && errno == EEXIST) {
		if (!holds(path, &map)) {
			rc = error_set(err, ERR_USAGE, "%s",
			    _("There is a file of this name already, and the "
			      "map takes the place of none."));
			error_hint(err, "%s", _("Name another file."));
		}
	} else if (fd < 0 || !write_all(fd, map.data, map.len)) {
		rc = error_set_errno(err, errno, "%s",
		    _("The map cannot be written"));
		if (fd >= 0)
			(void)unlink(path);
	}
	if (fd >= 0 && close(fd) != 0 && rc == 0)
		rc = error_set_errno(err, errno, "%s",
		    _("The map cannot be written"));
	if (rc != 0)
		error_where(err, "%s", path);
	buf_free(&map);
	return rc;
}

int
share_write(const struct share *s, const char *original, const char *copy,
    const char *map, struct error *err)
{
	if (is_same_file(original, copy) ||
	    (map != NULL &&
		(is_same_file(original, map) || is_same_file(copy, map)))) {
		error_set(err, ERR_USAGE, "%s",
		    _("The original is never written over, and the copy and "
		      "its map are two files."));
		error_hint(err, "%s", _("Name another file."));
		return -1;
	}
	if (map != NULL && write_map(s, map, err) != 0)
		return -1;
	return file_write_atomic(copy, s->copy.data, s->copy.len, err);
}
