/* SPDX-License-Identifier: MIT */
/* Owns the signing by a key, and the reading of private keys of OpenSSH. */
#include "core/record/signer.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/record/sshsig.h"
#include "core/record/wire.h"

#define KEY_FILE_MAX 16384
#define BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----\n"
#define END "-----END OPENSSH PRIVATE KEY-----"
#define MAGIC "openssh-key-v1"
#define SEED 32
#define PRIVATE 64 /* the seed and the public half */
#define BLOCK 8    /* of what has no cipher */

struct signer {
	struct sshkey key;
	int (*sign)(void *arg, const void *data, size_t len, struct buf *out,
	    struct error *err);
	void (*close)(void *arg);
	void *arg;
};

struct signer *
signer_new(const struct sshkey *key,
    int (*sign)(void *arg, const void *data, size_t len, struct buf *out,
	struct error *err),
    void (*close)(void *arg), void *arg)
{
	struct signer *s = mem_alloc(sizeof *s);

	s->key = *key;
	s->sign = sign;
	s->close = close;
	s->arg = arg;
	return s;
}

void
signer_close(struct signer *s)
{
	if (s == NULL)
		return;
	if (s->close != NULL)
		s->close(s->arg);
	mem_free(s);
}

const char *
signer_fingerprint(const struct signer *s)
{
	return s->key.fingerprint;
}

int
signer_sign(struct signer *s, const char *namespace, const void *data,
    size_t len, struct buf *out, struct error *err)
{
	struct buf message, sig;
	int rc;

	buf_init(&message, 1024);
	buf_init(&sig, SSHSIG_MAX / 2);
	sshsig_message(namespace, data, len, &message);
	rc = s->sign(s->arg, message.data, message.len, &sig, err);
	if (rc == 0 &&
	    !sshkey_verify(&s->key, buf_str(&sig), sig.len, message.data,
		message.len))
		rc = error_set(err, ERR_SYSTEM, "%s",
		    _("What came back instead of a signature does not fit "
		      "the key."));
	if (rc == 0)
		sshsig_armor(&s->key, namespace, sig.data, sig.len, out);
	buf_free(&sig);
	buf_free(&message);
	return rc;
}

/* --- keys in files --- */

static int
sign_by_file(void *arg, const void *data, size_t len, struct buf *out,
    struct error *err)
{
	unsigned char sig[64];
	size_t n = sizeof sig;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done = ctx != NULL &&
	    EVP_DigestSignInit(ctx, NULL, NULL, NULL, arg) == 1 &&
	    EVP_DigestSign(ctx, sig, &n, data, len) == 1;

	EVP_MD_CTX_free(ctx);
	if (!done)
		return error_set(err, ERR_INTERNAL, "%s",
		    _("The key could not sign."));
	wire_put_text(out, "ssh-ed25519");
	wire_put(out, sig, n);
	return 0;
}

static void
close_file_key(void *arg)
{
	EVP_PKEY_free(arg);
}

static int
no_key(struct error *err)
{
	error_set(err, ERR_INPUT, "%s",
	    _("This is no private key of OpenSSH, or it is damaged."));
	error_hint(err, "%s",
	    _("Name the file of an Ed25519 key, as ~/.ssh/id_ed25519."));
	return -1;
}

static int
wrong_kind(struct error *err)
{
	error_set(err, ERR_USAGE, "%s",
	    _("This key is not of the kind Ed25519, which is the only one "
	      "that sitewalk signs with."));
	return -1;
}

/* Padding counts up from 1, and fills a block. */
static bool
is_padding(struct wire w)
{
	size_t i;

	for (i = 0; i < w.len; i++) {
		if (w.p[i] != i + 1)
			return false;
	}
	return w.len < BLOCK;
}

/* The part that a cipher would hide. Returns owned, or NULL. */
static EVP_PKEY *
read_private(struct wire w, const struct sshkey *half)
{
	uint32_t first = wire_u32(&w), second = wire_u32(&w);
	struct wire type = wire_string(&w), public, private;
	uint8_t derived[SEED] = {0};
	size_t n = sizeof derived;
	struct sshkey whole;
	EVP_PKEY *pkey;

	if (!wire_is(&type, "ssh-ed25519"))
		return NULL;
	public = wire_string(&w);
	private = wire_string(&w);
	(void)wire_string(&w); /* comment */
	if (w.bad || first != second || public.len != SEED ||
	    private.len != PRIVATE || !is_padding(w))
		return NULL;
	pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private.p,
	    SEED);
	/* The halves belong together, or what is signed would give the
	 * private one away. */
	if (pkey != NULL &&
	    EVP_PKEY_get_raw_public_key(pkey, derived, &n) == 1) {
		sshkey_of_ed25519(derived, &whole);
		if (memcmp(derived, public.p, SEED) == 0 &&
		    memcmp(derived, private.p + SEED, SEED) == 0 &&
		    sshkey_equal(&whole, half))
			return pkey;
	}
	EVP_PKEY_free(pkey);
	return NULL;
}

static int
locked(struct error *err)
{
	error_set(err, ERR_USAGE, "%s",
	    _("This key has a passphrase, and sitewalk asks for none."));
	error_hint(err, "%s",
	    _("Give it to your agent with ssh-add, then try again: the "
	      "agent signs with it."));
	return -1;
}

static int
read_container(struct wire w, struct sshkey *half, EVP_PKEY **out,
    struct error *err)
{
	struct wire magic = wire_take(&w, sizeof MAGIC), cipher, kdf, public,
		    private;
	uint32_t count;

	if (magic.bad || memcmp(magic.p, MAGIC, sizeof MAGIC) != 0)
		return no_key(err);
	cipher = wire_string(&w);
	kdf = wire_string(&w);
	(void)wire_string(&w); /* how the passphrase is used */
	count = wire_u32(&w);
	public = wire_string(&w);
	private = wire_string(&w);
	if (w.bad || count != 1 || private.len == 0 ||
	    sshkey_read(public.p, public.len, half, err) != 0) {
		half->len = 0;
		return no_key(err);
	}
	if (!sshkey_is_ed25519(half)) {
		half->len = 0;
		return wrong_kind(err);
	}
	if (!wire_is(&cipher, "none") || !wire_is(&kdf, "none"))
		return locked(err);
	*out = w.len == 0 ? read_private(private, half) : NULL;
	if (*out != NULL)
		return 0;
	half->len = 0;
	return no_key(err);
}

/* text: a whole file. */
static int
read_key(const char *text, size_t len, struct sshkey *half, EVP_PKEY **out,
    struct error *err)
{
	size_t begin = strlen(BEGIN), end = strlen(END);
	struct buf blob;
	int rc;

	if (len > 4 && memcmp(text, "ssh-", 4) == 0 &&
	    sshkey_read_line(text, len, half, err) == 0) {
		if (!sshkey_is_ed25519(half)) {
			half->len = 0;
			return wrong_kind(err);
		}
		error_set(err, ERR_USAGE, "%s",
		    _("This is the public half of a key; it cannot sign "
		      "alone."));
		error_hint(err, "%s",
		    _("Name the private half, or give it to your agent with "
		      "ssh-add."));
		return -1;
	}
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	if (len < begin + end || memcmp(text, BEGIN, begin) != 0 ||
	    memcmp(text + len - end, END, end) != 0)
		return no_key(err);
	/* Of its final size at once, so that no copy is left behind. */
	buf_init(&blob, KEY_FILE_MAX);
	buf_fill(&blob, ' ', KEY_FILE_MAX);
	buf_clear(&blob);
	rc = base64_read(text + begin, len - begin - end, true, &blob) ?
	    read_container(wire_of(blob.data, blob.len), half, out, err) :
	    no_key(err);
	OPENSSL_cleanse(blob.data, blob.len);
	buf_free(&blob);
	return rc;
}

/* At most max bytes of a regular file; -1 with errno. */
static ssize_t
read_file(const char *path, char *out, size_t max)
{
	struct stat st;
	size_t len = 0;
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	while (len < max && (n = read(fd, out + len, max - len)) > 0)
		len += (size_t)n;
	close(fd);
	return n < 0 ? -1 : (ssize_t)len;
}

struct signer *
signer_open(const char *path, struct sshkey *half, struct error *err)
{
	char *text = mem_alloc(KEY_FILE_MAX);
	struct signer *s = NULL;
	EVP_PKEY *pkey = NULL;
	ssize_t n = read_file(path, text, KEY_FILE_MAX);

	memset(half, 0, sizeof *half);
	if (n < 0) {
		error_set_errno(err, errno, "%s", _("The key cannot be read"));
		if (err != NULL && err->code == ERR_SYSTEM)
			err->code = ERR_INPUT;
	} else if (read_key(text, (size_t)n, half, &pkey, err) == 0) {
		s = signer_new(half, sign_by_file, close_file_key, pkey);
	}
	OPENSSL_cleanse(text, KEY_FILE_MAX);
	mem_free(text);
	if (s == NULL)
		error_where(err, "%s", path);
	return s;
}
