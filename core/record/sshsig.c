/* SPDX-License-Identifier: MIT */
/* Owns the format of OpenSSH's file signatures. */
#include "core/record/sshsig.h"

#include <openssl/evp.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/record/wire.h"

#define MAGIC "SSHSIG"
#define VERSION 1
#define BEGIN "-----BEGIN SSH SIGNATURE-----"
#define END "-----END SSH SIGNATURE-----"
#define HASH "sha512"
#define LINE_COLUMNS 70 /* as ssh-keygen writes it */

/* The parts of a signature; they point into its bytes. */
struct parts {
	struct wire key, namespace, reserved, hash, sig;
};

static void
put_message(const struct wire *namespace, const char *hash, const void *data,
    size_t len, struct buf *out)
{
	const EVP_MD *md = strcmp(hash, "sha256") == 0 ? EVP_sha256() :
							 EVP_sha512();
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	if (EVP_Digest(data, len, sum, &n, md, NULL) != 1)
		mem_fatal("SHA-2 is not available from OpenSSL");
	buf_adds(out, MAGIC);
	wire_put(out, namespace->p, namespace->len);
	wire_put_text(out, "");
	wire_put_text(out, hash);
	wire_put(out, sum, n);
}

void
sshsig_message(const char *namespace, const void *data, size_t len,
    struct buf *out)
{
	struct wire name = wire_of(namespace, strlen(namespace));

	put_message(&name, HASH, data, len, out);
}

static void
armor(const void *blob, size_t len, struct buf *out)
{
	buf_adds(out, BEGIN "\n");
	base64_write(blob, len, LINE_COLUMNS, out);
	buf_adds(out, END "\n");
}

void
sshsig_armor(const struct sshkey *key, const char *namespace, const void *sig,
    size_t siglen, struct buf *out)
{
	struct buf blob;

	buf_init(&blob, SSHSIG_MAX);
	buf_adds(&blob, MAGIC);
	wire_put_u32(&blob, VERSION);
	wire_put(&blob, key->blob, key->len);
	wire_put_text(&blob, namespace);
	wire_put_text(&blob, "");
	wire_put_text(&blob, HASH);
	wire_put(&blob, sig, siglen);
	armor(blob.data, blob.len, out);
	buf_free(&blob);
}

static bool
unarmor(const char *text, size_t len, struct buf *out)
{
	size_t begin = strlen(BEGIN), end = strlen(END);

	if (len > SSHSIG_MAX || len < begin + 1 + end ||
	    memcmp(text, BEGIN, begin) != 0 ||
	    (text[begin] != '\n' && text[begin] != '\r'))
		return false;
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	if (len < begin + 1 + end || memcmp(text + len - end, END, end) != 0 ||
	    (text[len - end - 1] != '\n'))
		return false;
	return base64_read(text + begin, len - begin - end, true, out);
}

static bool
take_apart(struct wire w, struct parts *out)
{
	struct wire magic = wire_take(&w, strlen(MAGIC));

	if (!wire_is(&magic, MAGIC) || wire_u32(&w) != VERSION)
		return false;
	out->key = wire_string(&w);
	out->namespace = wire_string(&w);
	out->reserved = wire_string(&w);
	out->hash = wire_string(&w);
	out->sig = wire_string(&w);
	return !w.bad && w.len == 0;
}

static int
judge(const struct parts *parts, const char *namespace, const void *data,
    size_t len, struct sshkey *key, struct error *err)
{
	const char *hash;
	struct buf message;
	bool good;

	if (!wire_is(&parts->namespace, namespace))
		return error_set(err, ERR_INPUT, "%s",
		    _("The signature was made for another purpose."));
	if (wire_is(&parts->hash, "sha512"))
		hash = "sha512";
	else if (wire_is(&parts->hash, "sha256"))
		hash = "sha256";
	else
		return error_set(err, ERR_INPUT, "%s",
		    _("The signature uses a digest that is not accepted."));
	if (parts->reserved.len > 0)
		return error_set(err, ERR_INPUT, "%s",
		    _("The signature is of a newer format."));
	if (sshkey_read(parts->key.p, parts->key.len, key, err) != 0)
		return -1;
	buf_init(&message, 1024);
	put_message(&parts->namespace, hash, data, len, &message);
	good = sshkey_verify(key, parts->sig.p, parts->sig.len, message.data,
	    message.len);
	buf_free(&message);
	if (!good)
		return error_set(err, ERR_INPUT, "%s",
		    _("The signature does not fit: it was made of other "
		      "bytes, or was changed."));
	return 0;
}

int
sshsig_verify(const char *sig, size_t siglen, const char *namespace,
    const void *data, size_t len, struct sshkey *key, struct error *err)
{
	struct parts parts;
	struct buf blob;
	int rc;

	memset(key, 0, sizeof *key);
	buf_init(&blob, SSHSIG_MAX);
	if (!unarmor(sig, siglen, &blob) ||
	    !take_apart(wire_of(blob.data, blob.len), &parts))
		rc = error_set(err, ERR_INPUT, "%s",
		    _("This is no signature of OpenSSH, or it is damaged."));
	else
		rc = judge(&parts, namespace, data, len, key, err);
	if (rc != 0)
		memset(key, 0, sizeof *key);
	buf_free(&blob);
	return rc;
}

bool
sshsig_is_canonical(const char *sig, size_t siglen)
{
	struct buf blob, again;
	bool same = false;

	buf_init(&blob, SSHSIG_MAX);
	buf_init(&again, 2 * SSHSIG_MAX);
	if (unarmor(sig, siglen, &blob)) {
		armor(blob.data, blob.len, &again);
		same = again.len == siglen &&
		    memcmp(again.data, sig, siglen) == 0;
	}
	buf_free(&blob);
	buf_free(&again);
	return same;
}
