/* SPDX-License-Identifier: MIT */
/* Owns the public keys of OpenSSH: reading them, and judging signatures. */
#include "core/record/sshkey.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/record/wire.h"

#define ED25519 "ssh-ed25519"
#define ED25519_KEY 32
#define ED25519_SIGNATURE 64
#define RSA_BITS_MIN 2048
#define RSA_BYTES_MAX 2048
#define RSA_EXPONENT_MAX 8
#define TOUCHED 0x01 /* flag of a device: a person was there */

struct key_type {
	const char *name;
	/* The rest of the blob after its type; NULL: no key. */
	EVP_PKEY *(*read)(const struct key_type *t, struct wire *rest);
	/* `rest` is the signature after its type, which is named so. */
	bool (*verify)(const struct key_type *t, EVP_PKEY *pkey,
	    struct wire *rest, const char *named, struct wire message);
	const char *curve; /* as SSH says */
	const char *group; /* as OpenSSL says */
	const char *hash;
	bool device; /* its application follows the key */
};

static bool
digest_verify(EVP_PKEY *pkey, const char *hash, struct wire sig,
    struct wire message)
{
	const EVP_MD *md = hash == NULL ? NULL : EVP_get_digestbyname(hash);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, md, NULL, pkey) == 1 &&
	    EVP_DigestVerify(ctx, sig.p, sig.len, message.p, message.len) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

/* Takes build. */
static EVP_PKEY *
key_from(const char *kind, OSSL_PARAM_BLD *build, bool complete)
{
	OSSL_PARAM *params = complete ? OSSL_PARAM_BLD_to_param(build) : NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *pkey = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* --- Ed25519 --- */

static EVP_PKEY *
read_ed25519(const struct key_type *t, struct wire *rest)
{
	struct wire raw = wire_string(rest);

	(void)t;
	if (raw.len != ED25519_KEY)
		return NULL;
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw.p,
	    raw.len);
}

static bool
verify_ed25519(const struct key_type *t, EVP_PKEY *pkey, struct wire *rest,
    const char *named, struct wire message)
{
	struct wire sig = wire_string(rest);

	return strcmp(named, t->name) == 0 && sig.len == ED25519_SIGNATURE &&
	    rest->len == 0 && digest_verify(pkey, NULL, sig, message);
}

/* --- ECDSA --- */

static EVP_PKEY *
read_ecdsa(const struct key_type *t, struct wire *rest)
{
	struct wire curve = wire_string(rest), point = wire_string(rest);
	OSSL_PARAM_BLD *build;

	/* Uncompressed points only, as RFC 5656 has them by default. */
	if (!wire_is(&curve, t->curve) || point.len == 0 || point.p[0] != 4)
		return NULL;
	build = OSSL_PARAM_BLD_new();
	return key_from("EC", build,
	    build != NULL &&
		OSSL_PARAM_BLD_push_utf8_string(build,
		    OSSL_PKEY_PARAM_GROUP_NAME, t->group, 0) == 1 &&
		OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY,
		    point.p, point.len) == 1);
}

static bool
verify_ecdsa(const struct key_type *t, EVP_PKEY *pkey, struct wire *rest,
    const char *named, struct wire message)
{
	struct wire both = wire_string(rest);
	struct wire r = wire_number(&both), s = wire_number(&both);
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *br = BN_bin2bn(r.p, (int)r.len, NULL);
	BIGNUM *bs = BN_bin2bn(s.p, (int)s.len, NULL);
	unsigned char *der = NULL;
	bool good = false;
	int n;

	if (sig == NULL || br == NULL || bs == NULL || both.bad ||
	    both.len > 0 || rest->bad || rest->len > 0 ||
	    strcmp(named, t->name) != 0 || ECDSA_SIG_set0(sig, br, bs) != 1) {
		BN_free(br);
		BN_free(bs);
	} else if ((n = i2d_ECDSA_SIG(sig, &der)) > 0) {
		good = digest_verify(pkey, t->hash, wire_of(der, (size_t)n),
		    message);
	}
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	return good;
}

/* --- RSA --- */

static EVP_PKEY *
read_rsa(const struct key_type *t, struct wire *rest)
{
	struct wire e = wire_number(rest), n = wire_number(rest);
	BIGNUM *be, *bn;
	OSSL_PARAM_BLD *build;
	EVP_PKEY *pkey;

	(void)t;
	if (e.len == 0 || e.len > RSA_EXPONENT_MAX || n.len > RSA_BYTES_MAX)
		return NULL;
	be = BN_bin2bn(e.p, (int)e.len, NULL);
	bn = BN_bin2bn(n.p, (int)n.len, NULL);
	build = OSSL_PARAM_BLD_new();
	pkey = key_from("RSA", build,
	    build != NULL && be != NULL && bn != NULL &&
		BN_num_bits(bn) >= RSA_BITS_MIN && BN_is_odd(bn) &&
		BN_is_odd(be) && !BN_is_one(be) &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, bn) == 1 &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, be) == 1);
	BN_free(be);
	BN_free(bn);
	return pkey;
}

static bool
verify_rsa(const struct key_type *t, EVP_PKEY *pkey, struct wire *rest,
    const char *named, struct wire message)
{
	struct wire sig = wire_string(rest);
	size_t size = (size_t)EVP_PKEY_get_size(pkey);
	uint8_t padded[RSA_BYTES_MAX] = {0};
	const char *hash;

	(void)t;
	if (strcmp(named, "rsa-sha2-512") == 0)
		hash = "SHA512";
	else if (strcmp(named, "rsa-sha2-256") == 0)
		hash = "SHA256";
	else
		return false;
	/* Some leave out the zeros in front. */
	if (rest->bad || rest->len > 0 || size > sizeof padded ||
	    sig.len > size || sig.len == 0)
		return false;
	memcpy(padded + size - sig.len, sig.p, sig.len);
	return digest_verify(pkey, hash, wire_of(padded, size), message);
}

/* --- security devices: they sign digests, with a counter --- */

static bool
verify_device(const struct key_type *t, EVP_PKEY *pkey, struct wire *rest,
    struct wire application, const char *named, struct wire message)
{
	struct wire start = *rest, sig = wire_string(rest);
	uint8_t flags = wire_u8(rest);
	struct wire counter = wire_take(rest, 4);
	uint8_t said[32 + 1 + 4 + 32];

	if (rest->bad || rest->len > 0 || (flags & TOUCHED) == 0)
		return false;
	if (EVP_Digest(application.p, application.len, said, NULL, EVP_sha256(),
		NULL) != 1 ||
	    EVP_Digest(message.p, message.len, said + 37, NULL, EVP_sha256(),
		NULL) != 1)
		return false;
	said[32] = flags;
	memcpy(said + 33, counter.p, 4);
	start.len = 4 + sig.len;
	return t->verify(t, pkey, &start, named, wire_of(said, sizeof said));
}

/* --- all of them --- */

static const struct key_type key_types[] = {
    {.name = ED25519, .read = read_ed25519, .verify = verify_ed25519},
    {"ecdsa-sha2-nistp256", read_ecdsa, verify_ecdsa, "nistp256", "P-256",
	"SHA256"},
    {"ecdsa-sha2-nistp384", read_ecdsa, verify_ecdsa, "nistp384", "P-384",
	"SHA384"},
    {"ecdsa-sha2-nistp521", read_ecdsa, verify_ecdsa, "nistp521", "P-521",
	"SHA512"},
    {.name = "ssh-rsa", .read = read_rsa, .verify = verify_rsa},
    {.name = "sk-ssh-ed25519@openssh.com",
	.read = read_ed25519,
	.verify = verify_ed25519,
	.device = true},
    {"sk-ecdsa-sha2-nistp256@openssh.com", read_ecdsa, verify_ecdsa, "nistp256",
	"P-256", "SHA256", .device = true},
};

static const struct key_type *
type_find(const struct wire *name)
{
	size_t i;

	for (i = 0; i < sizeof key_types / sizeof *key_types; i++) {
		if (wire_is(name, key_types[i].name))
			return &key_types[i];
	}
	return NULL;
}

/* Owned, or NULL. *application is empty for keys of no device. */
static EVP_PKEY *
open_key(const void *blob, size_t len, const struct key_type **type,
    struct wire *application)
{
	struct wire rest = wire_of(blob, len), name = wire_string(&rest);
	EVP_PKEY *pkey;

	*type = type_find(&name);
	if (*type == NULL)
		return NULL;
	pkey = (*type)->read(*type, &rest);
	*application = (*type)->device ? wire_string(&rest) : wire_of("", 0);
	if (rest.bad || rest.len > 0) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	return pkey;
}

static void
fingerprint(struct sshkey *k)
{
	uint8_t sum[32];
	struct buf text;
	size_t n;

	if (EVP_Digest(k->blob, k->len, sum, NULL, EVP_sha256(), NULL) != 1)
		mem_fatal("SHA-256 is not available from OpenSSL");
	buf_init(&text, sizeof k->fingerprint);
	buf_adds(&text, "SHA256:");
	base64_write(sum, sizeof sum, 0, &text);
	/* As OpenSSH shows it, without padding. */
	n = strcspn(buf_str(&text), "=");
	memcpy(k->fingerprint, text.data, n);
	k->fingerprint[n] = '\0';
	buf_free(&text);
}

int
sshkey_read(const void *blob, size_t len, struct sshkey *out, struct error *err)
{
	const struct key_type *type;
	struct wire application;
	EVP_PKEY *pkey = NULL;

	memset(out, 0, sizeof *out);
	if (len <= sizeof out->blob)
		pkey = open_key(blob, len, &type, &application);
	if (pkey == NULL) {
		error_set(err, ERR_INPUT, "%s",
		    _("The key is none that sitewalk accepts."));
		error_hint(err, "%s",
		    _("Accepted are Ed25519, ECDSA, and RSA with 2048 bit or "
		      "more."));
		return -1;
	}
	EVP_PKEY_free(pkey);
	memcpy(out->blob, blob, len);
	out->len = len;
	out->type = type->name;
	fingerprint(out);
	return 0;
}

int
sshkey_read_line(const char *text, size_t len, struct sshkey *out,
    struct error *err)
{
	size_t name = 0, from, to;
	struct wire rest, type;
	struct buf blob;
	int rc = -1;

	while (name < len && text[name] != ' ' && text[name] != '\t')
		name++;
	for (from = name;
	     from < len && (text[from] == ' ' || text[from] == '\t');)
		from++;
	for (to = from; to < len && strchr(" \t\r\n", text[to]) == NULL;)
		to++;
	buf_init(&blob, SSHKEY_MAX);
	if (to > from && base64_read(text + from, to - from, false, &blob)) {
		rest = wire_of(blob.data, blob.len);
		type = wire_string(&rest);
		if (type.len == name && memcmp(type.p, text, name) == 0)
			rc = 0;
	}
	if (rc == 0)
		rc = sshkey_read(blob.data, blob.len, out, err);
	else
		error_set(err, ERR_INPUT, "%s",
		    _("This is no public key of OpenSSH."));
	buf_free(&blob);
	return rc;
}

bool
sshkey_equal(const struct sshkey *a, const struct sshkey *b)
{
	return a->len == b->len && memcmp(a->blob, b->blob, a->len) == 0;
}

bool
sshkey_is_ed25519(const struct sshkey *k)
{
	return strcmp(k->type, ED25519) == 0;
}

void
sshkey_of_ed25519(const uint8_t raw[32], struct sshkey *out)
{
	struct buf blob;

	buf_init(&blob, SSHKEY_MAX);
	wire_put_text(&blob, ED25519);
	wire_put(&blob, raw, ED25519_KEY);
	memset(out, 0, sizeof *out);
	memcpy(out->blob, blob.data, blob.len);
	out->len = blob.len;
	out->type = key_types[0].name;
	fingerprint(out);
	buf_free(&blob);
}

bool
sshkey_verify(const struct sshkey *k, const void *sig, size_t siglen,
    const void *data, size_t len)
{
	struct wire rest = wire_of(sig, siglen), name = wire_string(&rest);
	struct wire message = wire_of(data, len), application;
	const struct key_type *type;
	EVP_PKEY *pkey = open_key(k->blob, k->len, &type, &application);
	char named[64] = "";
	bool good = false;

	if (pkey != NULL && !name.bad && name.len < sizeof named &&
	    memchr(name.p, '\0', name.len) == NULL) {
		memcpy(named, name.p, name.len);
		good = type->device ?
		    verify_device(type, pkey, &rest, application, named,
			message) :
		    type->verify(type, pkey, &rest, named, message);
	}
	EVP_PKEY_free(pkey);
	return good && !rest.bad;
}
