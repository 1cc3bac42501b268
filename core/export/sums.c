/* SPDX-License-Identifier: MIT */
/* Owns the comparison of a folder with its SHA256SUMS. */
#include "core/export/sums.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"

#define LIST_MAX ((size_t)1 << 20)
#define LINES_MAX 2000
#define ENTRIES_MAX 10000
#define NAME_MAX_BYTES 255
#define FILE_MAX_BYTES ((uint64_t)256 << 20)
#define DEPTH_MAX 8

struct sum {
	char *name;
	char hex[DIGEST_HEX_SIZE];
};

struct sums {
	struct arena *arena;
	struct sum *item;
	size_t count;
	struct strlist names;
	size_t nentries;
};

/* "a/b.txt": no part of it is empty, "." or "..", nothing to be sanitised. */
static bool
is_safe(const char *name)
{
	const char *part = name, *end;
	size_t n;

	if (strlen(name) > NAME_MAX_BYTES)
		return false;
	for (;; part = end + 1) {
		end = strchr(part, '/');
		n = end == NULL ? strlen(part) : (size_t)(end - part);
		if (n == 0 || (n == 1 && part[0] == '.') ||
		    (n == 2 && memcmp(part, "..", 2) == 0))
			return false;
		if (end == NULL)
			return true;
	}
}

static bool
read_line(struct sums *s, const char *line, size_t len)
{
	size_t hex = DIGEST_HEX_SIZE - 1;
	struct sum *sum;

	if (len < hex + 3 || s->count >= LINES_MAX || line[hex] != ' ' ||
	    (line[hex + 1] != ' ' && line[hex + 1] != '*') ||
	    !text_is_utf8(line, len) || memchr(line, '\0', len) != NULL)
		return false;
	sum = arena_push(s->arena, s->item, s->count);
	memcpy(sum->hex, line, hex);
	sum->hex[hex] = '\0';
	sum->name = arena_strndup(s->arena, line + hex + 2, len - hex - 2);
	if (strspn(sum->hex, "0123456789abcdef") != hex || !is_safe(sum->name))
		return false;
	strlist_add(s->arena, &s->names, sum->name);
	return true;
}

static int
read_list(struct sums *s, const char *dir, struct buf *data, struct error *err)
{
	const char *path = arena_printf(s->arena, "%s/" SUMS_FILE, dir);
	const char *line, *end, *next;
	int rc = file_read(path, LIST_MAX, data, err);

	line = buf_str(data);
	end = line + data->len;
	for (; rc == 0 && line < end; line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (next == NULL ||
		    !read_line(s, line, (size_t)(next - line))) {
			rc = error_set(err, ERR_INPUT, "%s",
			    _("This is no list of digests, or it is damaged."));
			error_where(err, "%s", path);
		}
	}
	return rc;
}

/* Opens a file below dir without following a link on the way; -1. */
static int
open_below(struct arena *a, int dir, const char *name)
{
	const char *slash = strchr(name, '/');
	int fd, in;

	if (slash == NULL)
		return openat(dir, name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	in = openat(dir, arena_strndup(a, name, (size_t)(slash - name)),
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (in < 0)
		return -1;
	fd = open_below(a, in, slash + 1);
	close(in);
	return fd;
}

static bool
digest_file(int fd, char out[DIGEST_HEX_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char chunk[16384], sum[32];
	uint64_t total = 0;
	ssize_t n = -1;
	bool good = ctx != NULL &&
	    EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;
	size_t i;

	while (good && (n = read(fd, chunk, sizeof chunk)) > 0) {
		total += (uint64_t)n;
		good = total <= FILE_MAX_BYTES &&
		    EVP_DigestUpdate(ctx, chunk, (size_t)n) == 1;
	}
	good = good && n == 0 && EVP_DigestFinal_ex(ctx, sum, NULL) == 1;
	EVP_MD_CTX_free(ctx);
	for (i = 0; good && i < sizeof sum; i++) {
		out[2 * i] = hex[sum[i] >> 4];
		out[2 * i + 1] = hex[sum[i] & 15];
	}
	out[good ? DIGEST_HEX_SIZE - 1 : 0] = '\0';
	return good;
}

static enum sums_verdict
judge(struct arena *a, int dir, const struct sum *sum)
{
	int fd = open_below(a, dir, sum->name);
	char hex[DIGEST_HEX_SIZE];
	struct stat st;
	bool good;

	if (fd < 0)
		return errno == ENOENT ? SUMS_MISSING : SUMS_UNREADABLE;
	good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    digest_file(fd, hex);
	close(fd);
	if (!good)
		return SUMS_UNREADABLE;
	return strcmp(hex, sum->hex) == 0 ? SUMS_WHOLE : SUMS_CHANGED;
}

/* What stands in the folder, and folders in it, by sorted names. */
static void
list_files(struct sums *s, int at, const char *prefix, struct strlist *out,
    int depth)
{
	DIR *d = depth < DEPTH_MAX ? fdopendir(at) : NULL;
	const struct dirent *e;

	if (d == NULL) {
		close(at);
		return;
	}
	while ((e = readdir(d)) != NULL && s->nentries < ENTRIES_MAX) {
		const char *name;
		struct stat st;
		int in;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		s->nentries++;
		name = arena_printf(s->arena, "%s%s", prefix, e->d_name);
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) ==
			0 &&
		    S_ISDIR(st.st_mode)) {
			in = openat(dirfd(d), e->d_name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (in >= 0)
				list_files(s, in,
				    arena_printf(s->arena, "%s/", name), out,
				    depth + 1);
		} else if (strcmp(name, SUMS_FILE) != 0 &&
		    strcmp(name, SUMS_SIGNATURE) != 0 &&
		    !strlist_has(&s->names, name)) {
			strlist_add(s->arena, out, name);
		}
	}
	closedir(d);
}

int
sums_check(struct arena *a, const char *dir,
    void (*tell)(void *arg, const char *name, enum sums_verdict v), void *arg,
    struct buf *list, struct error *err)
{
	struct sums s = {.arena = a};
	struct strlist others = {0};
	int at;
	size_t i;

	if (read_list(&s, dir, list, err) != 0)
		return -1;
	at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0) {
		error_set_errno(err, errno, "%s",
		    _("The folder cannot be opened"));
		error_where(err, "%s", dir);
		return -1;
	}
	for (i = 0; i < s.count; i++)
		tell(arg,
		    text_sanitise(a, s.item[i].name, strlen(s.item[i].name),
			NAME_MAX_BYTES * 2, false),
		    judge(a, at, &s.item[i]));
	list_files(&s, at, "", &others, 0);
	strlist_sort(&others);
	for (i = 0; i < others.count; i++)
		tell(arg,
		    text_sanitise(a, others.item[i], strlen(others.item[i]),
			NAME_MAX_BYTES * 2, false),
		    SUMS_ADDITIONAL);
	return 0;
}

void
sums_unchanged(struct arena *a, const char *dir, struct strlist *out)
{
	struct sums s = {.arena = a};
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct buf list;
	size_t i;

	if (at < 0)
		return;
	buf_init(&list, LIST_MAX);
	if (read_list(&s, dir, &list, NULL) == 0) {
		for (i = 0; i < s.count; i++) {
			if (judge(a, at, &s.item[i]) == SUMS_WHOLE)
				strlist_add(a, out, s.item[i].name);
		}
	}
	buf_free(&list);
	close(at);
}
