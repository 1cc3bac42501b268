/* SPDX-License-Identifier: MIT */
/* Owns the making of a key, and its two files. */
#include "core/record/newkey.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/record/wire.h"

#define KEY_FILE_MAX 4096
#define BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----\n"
#define END "-----END OPENSSH PRIVATE KEY-----\n"
#define MAGIC "openssh-key-v1"
#define COLUMNS 70 /* as ssh-keygen has them */
#define HALF 32
#define BLOCK 8 /* of what has no cipher */

/* Of its final size at once, so that growing leaves no copy behind. */
static void
secret_init(struct buf *b)
{
	buf_init(b, KEY_FILE_MAX);
	buf_fill(b, 0, KEY_FILE_MAX);
	buf_clear(b);
}

static void
secret_free(struct buf *b)
{
	OPENSSL_cleanse(b->data, KEY_FILE_MAX);
	buf_free(b);
}

/* The seed and the public half, one behind the other, as OpenSSH keeps
 * them. */
static int
generate(uint8_t both[2 * HALF])
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	size_t seed = HALF, public = HALF;
	bool good = pkey != NULL &&
	    EVP_PKEY_get_raw_private_key(pkey, both, &seed) == 1 &&
	    EVP_PKEY_get_raw_public_key(pkey, both + HALF, &public) == 1 &&
	    seed == HALF && public == HALF;

	EVP_PKEY_free(pkey);
	return good ? 0 : -1;
}

/* The file (PROTOCOL.key of OpenSSH); -1: no random numbers. */
static int
private_file(const struct sshkey *key, const uint8_t both[2 * HALF],
    const char *comment, struct buf *out)
{
	struct buf hidden, whole;
	uint8_t check[4];
	char pad;

	if (RAND_bytes(check, sizeof check) != 1)
		return -1;
	secret_init(&hidden);
	secret_init(&whole);
	buf_add(&hidden, check, sizeof check);
	buf_add(&hidden, check, sizeof check);
	wire_put_text(&hidden, key->type);
	wire_put(&hidden, both + HALF, HALF);
	wire_put(&hidden, both, 2 * HALF);
	wire_put_text(&hidden, comment);
	for (pad = 1; hidden.len % BLOCK != 0; pad++)
		buf_addc(&hidden, pad);
	buf_add(&whole, MAGIC, sizeof MAGIC);
	wire_put_text(&whole, "none"); /* cipher */
	wire_put_text(&whole, "none"); /* from a passphrase */
	wire_put_text(&whole, "");
	wire_put_u32(&whole, 1);
	wire_put(&whole, key->blob, key->len);
	wire_put(&whole, hidden.data, hidden.len);
	buf_adds(out, BEGIN);
	base64_write(whole.data, whole.len, COLUMNS, out);
	if (out->data[out->len - 1] != '\n')
		buf_addc(out, '\n');
	buf_adds(out, END);
	secret_free(&hidden);
	secret_free(&whole);
	return 0;
}

static void
public_file(const struct sshkey *key, const char *comment, struct buf *out)
{
	buf_addf(out, "%s ", key->type);
	base64_write(key->blob, key->len, 0, out);
	buf_addf(out, " %s\n", comment);
}

static int
is_taken(const char *path, struct error *err)
{
	error_set(err, ERR_USAGE, "%s",
	    _("There is a file already where the new key would lie. It was "
	      "not touched."));
	error_where(err, "%s", path);
	error_hint(err, "%s",
	    _("Sign with that one; or move it away, if you are sure that "
	      "nobody needs it."));
	return -1;
}

/* A new file, whole on the disk; a part of one does not stay. */
static int
put(const char *path, mode_t mode, const struct buf *text, struct error *err)
{
	int fd = open(path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	size_t done = 0;
	ssize_t n = 0;
	int failed = 0;

	if (fd < 0 && errno == EEXIST)
		return is_taken(path, err);
	while (fd >= 0 && done < text->len && n >= 0) {
		n = write(fd, text->data + done, text->len - done);
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 0;
	}
	if (fd < 0 || n < 0 || fsync(fd) != 0)
		failed = errno;
	if (fd >= 0 && close(fd) != 0 && failed == 0)
		failed = errno;
	if (failed == 0)
		return 0;
	if (fd >= 0)
		unlink(path);
	error_set_errno(err, failed, "%s", _("The key cannot be written"));
	error_where(err, "%s", path);
	return -1;
}

/* The private half comes last: where it is, both are. */
static int
put_both(const char *path, const struct buf *private, const struct buf *public,
    struct error *err)
{
	struct arena *a = arena_new();
	const char *beside = arena_printf(a, "%s" NEWKEY_PUBLIC, path);
	struct stat st;
	int rc;

	if (lstat(path, &st) == 0) {
		rc = is_taken(path, err);
	} else {
		rc = put(beside, 0666, public, err);
		if (rc == 0 && put(path, 0600, private, err) != 0) {
			unlink(beside);
			rc = -1;
		}
	}
	arena_free(a);
	return rc;
}

int
newkey_make(const char *path, const char *comment, struct sshkey *out,
    struct error *err)
{
	struct buf private, public;
	uint8_t both[2 * HALF];
	int rc;

	if (generate(both) != 0)
		return error_set(err, ERR_INTERNAL, "%s",
		    _("No key could be made."));
	sshkey_of_ed25519(both + HALF, out);
	secret_init(&private);
	buf_init(&public, KEY_FILE_MAX);
	rc = private_file(out, both, comment, &private);
	public_file(out, comment, &public);
	if (rc == 0)
		rc = put_both(path, &private, &public, err);
	else
		error_set(err, ERR_INTERNAL, "%s", _("No key could be made."));
	OPENSSL_cleanse(both, sizeof both);
	secret_free(&private);
	buf_free(&public);
	return rc;
}
