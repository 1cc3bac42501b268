/* SPDX-License-Identifier: MIT */
/* Whom to trust: certificates judged by given roots and keys, dates left to
 * the judge, the laptop's store looked at only to be told about. */
#include "core/net/trust.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "core/base/builtin.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/text.h"

#define BUNDLE_MAX (4 * 1024 * 1024)
#define NAME_MAX_BYTES 300
#define PART_MAX_BYTES 80

struct trust {
	X509_STORE *public_roots;
	X509_STORE *laptop;
	struct named_key {
		char *name;
		EVP_PKEY *key;
	} * keys;
	size_t nkeys;
};

static size_t
add_roots(X509_STORE *store, const void *pem, size_t len)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)len);
	X509 *cert;
	size_t n = 0;

	while ((cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		n += X509_STORE_add_cert(store, cert) == 1;
		X509_free(cert);
	}
	ERR_clear_error(); /* the end of the file is an error */
	BIO_free(bio);
	return n;
}

static int
load_public(struct trust *t, const char *path, struct error *err)
{
	const struct builtin *b;
	struct buf data;
	size_t n;

	if (path == NULL) {
		b = builtin_find("public-roots.pem");
		n = b == NULL ? 0 : add_roots(t->public_roots, b->data, b->len);
	} else {
		buf_init(&data, BUNDLE_MAX);
		if (file_read(path, BUNDLE_MAX, &data, err) != 0) {
			buf_free(&data);
			return -1;
		}
		n = add_roots(t->public_roots, data.data, data.len);
		buf_free(&data);
	}
	if (n > 0)
		return 0;
	error_set(err, ERR_INPUT,
	    _("There is no certificate in the list of public roots."));
	error_where(err, "%s", path == NULL ? "built-in" : path);
	error_hint(err, "%s",
	    _("Give --ca-bundle a PEM file with the public root "
	      "certificates."));
	return -1;
}

static int
load_keys(struct trust *t, const struct trust_key *keys, size_t nkeys,
    struct error *err)
{
	size_t i;

	t->keys = mem_array(nkeys + 1, sizeof *t->keys);
	for (i = 0; i < nkeys; i++) {
		BIO *bio = BIO_new_mem_buf(keys[i].pem, -1);
		EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);

		BIO_free(bio);
		if (key == NULL) {
			ERR_clear_error();
			error_set(err, ERR_INPUT,
			    _("The issuer key \"%s\" is "
			      "not a public key in PEM form."),
			    keys[i].name);
			return -1;
		}
		t->keys[t->nkeys].name = mem_strdup(keys[i].name);
		t->keys[t->nkeys++].key = key;
	}
	return 0;
}

struct trust *
trust_new(const char *bundle_path, const struct trust_key *keys, size_t nkeys,
    struct error *err)
{
	struct trust *t = mem_alloc(sizeof *t);

	t->public_roots = X509_STORE_new();
	t->laptop = X509_STORE_new();
	X509_STORE_set_default_paths(t->laptop);
	ERR_clear_error();
	if (load_public(t, bundle_path, err) != 0 ||
	    load_keys(t, keys, nkeys, err) != 0) {
		trust_free(t);
		return NULL;
	}
	return t;
}

void
trust_free(struct trust *t)
{
	size_t i;

	if (t == NULL)
		return;
	X509_STORE_free(t->public_roots);
	X509_STORE_free(t->laptop);
	for (i = 0; i < t->nkeys; i++) {
		mem_free(t->keys[i].name);
		EVP_PKEY_free(t->keys[i].key);
	}
	mem_free(t->keys);
	mem_free(t);
}

static char *
name_text(struct arena *a, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data, *out;
	long len;

	X509_NAME_print_ex(bio, name, 0,
	    XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
	len = BIO_get_mem_data(bio, &data);
	out = text_sanitise(a, data, len < 0 ? 0 : (size_t)len, NAME_MAX_BYTES,
	    false);
	BIO_free(bio);
	return out;
}

/* The last of its kind in the name, sanitised; NULL where there is none. */
static char *
name_part(struct arena *a, const X509_NAME *name, int nid)
{
	unsigned char *utf8 = NULL;
	int at = -1, next, len;
	char *out;

	while ((next = X509_NAME_get_index_by_NID(name, nid, at)) >= 0)
		at = next;
	if (at < 0)
		return NULL;
	len = ASN1_STRING_to_UTF8(&utf8,
	    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (len <= 0)
		return NULL;
	out = text_sanitise(a, (char *)utf8, (size_t)len, PART_MAX_BYTES,
	    false);
	OPENSSL_free(utf8);
	return out;
}

static char *
hex_digest(struct arena *a, unsigned char *der, int len)
{
	char hex[DIGEST_HEX_SIZE];

	if (len <= 0)
		return NULL;
	digest_sha256_hex(der, (size_t)len, hex);
	OPENSSL_free(der);
	return arena_strdup(a, hex);
}

static char *
spki_digest(struct arena *a, const X509 *cert)
{
	unsigned char *der = NULL;
	int len;

	len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	return hex_digest(a, der, len);
}

static int64_t
time_us(const ASN1_TIME *t)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return 0;
	return (int64_t)timegm(&tm) * 1000000;
}

static void
add_dates(const X509 *cert, struct trust_verdict *out)
{
	int64_t from = time_us(X509_get0_notBefore(cert));
	int64_t to = time_us(X509_get0_notAfter(cert));

	if (out->not_before_us == 0 || from > out->not_before_us)
		out->not_before_us = from;
	if (out->not_after_us == 0 || to < out->not_after_us)
		out->not_after_us = to;
}

/* Dates are left out: whose clock is right is settled later. */
static bool
leads_to(X509_STORE *store, struct arena *a, STACK_OF(X509) * chain,
    struct trust_verdict *out, bool fill)
{
	X509_STORE_CTX *c = X509_STORE_CTX_new();
	STACK_OF(X509) * found;
	bool ok;
	int i;

	X509_STORE_CTX_init(c, store, sk_X509_value(chain, 0), chain);
	X509_STORE_CTX_set_flags(c, X509_V_FLAG_NO_CHECK_TIME);
	X509_STORE_CTX_set_purpose(c, X509_PURPOSE_SSL_SERVER);
	ok = X509_verify_cert(c) == 1;
	if (fill && ok) {
		found = X509_STORE_CTX_get0_chain(c);
		for (i = 0; i < sk_X509_num(found) - 1; i++)
			add_dates(sk_X509_value(found, i), out);
		if (sk_X509_num(found) > 1)
			out->issuer_spki = spki_digest(a,
			    sk_X509_value(found, 1));
	} else if (fill) {
		out->error = arena_strdup(a,
		    X509_verify_cert_error_string(X509_STORE_CTX_get_error(c)));
	}
	X509_STORE_CTX_free(c);
	ERR_clear_error();
	return ok;
}

/* The pack's key of that name, if it signed the leaf. */
static EVP_PKEY *
signer(const struct trust *t, X509 *leaf, const char *key)
{
	EVP_PKEY *found = NULL;
	size_t i;

	for (i = 0; key != NULL && i < t->nkeys; i++) {
		if (strcmp(t->keys[i].name, key) == 0 &&
		    X509_verify(leaf, t->keys[i].key) == 1)
			found = t->keys[i].key;
	}
	ERR_clear_error();
	return found;
}

static char *
key_digest(struct arena *a, const EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int len;

	len = i2d_PUBKEY(key, &der);
	return hex_digest(a, der, len);
}

/* Cheap facts that tell a vendor's certificate from one that was minted on
 * the way, and one network's from another's (facts 5.12). */
static void
describe_leaf(struct arena *a, X509 *leaf, struct trust_verdict *out)
{
	const EVP_PKEY *key = X509_get0_pubkey(leaf);
	const char *kind = key == NULL ? NULL : EVP_PKEY_get0_type_name(key);
	int days, seconds;

	out->leaf_spki = spki_digest(a, leaf);
	if (kind != NULL)
		out->leaf_key = arena_printf(a, "%s %d", kind,
		    EVP_PKEY_get_bits(key));
	if (ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(leaf),
		X509_get0_notAfter(leaf)) == 1)
		out->leaf_days = days;
	out->leaf_from_us = time_us(X509_get0_notBefore(leaf));
	out->has_scts = X509_get_ext_by_NID(leaf, NID_ct_precert_scts, -1) >= 0;
	out->has_revocation = X509_get_ext_by_NID(leaf, NID_info_access, -1) >=
		0 ||
	    X509_get_ext_by_NID(leaf, NID_crl_distribution_points, -1) >= 0;
}

static bool
is_named(X509 *leaf, const char *host)
{
	int r;

	if (host == NULL)
		return true;
	r = X509_check_ip_asc(leaf, host, 0); /* -2: no address */
	return r == 1 ||
	    (r == -2 && X509_check_host(leaf, host, 0, 0, NULL) == 1);
}

void
trust_judge(const struct trust *t, struct arena *a, STACK_OF(X509) * chain,
    const char *host, const char *key, struct trust_verdict *out)
{
	X509 *leaf, *top;
	EVP_PKEY *found;
	unsigned char *der = NULL;
	int n = chain == NULL ? 0 : sk_X509_num(chain), len;

	memset(out, 0, sizeof *out);
	if (n == 0)
		return;
	leaf = sk_X509_value(chain, 0);
	top = sk_X509_value(chain, n - 1);
	out->have_chain = true;
	out->nchain = (size_t)n;
	out->subject = name_text(a, X509_get_subject_name(leaf));
	out->issuer = name_text(a, X509_get_issuer_name(leaf));
	out->top_issuer = name_text(a, X509_get_issuer_name(top));
	out->authority = name_part(a, X509_get_issuer_name(top),
	    NID_commonName);
	out->authority_org = name_part(a, X509_get_issuer_name(top),
	    NID_organizationName);
	len = i2d_X509(leaf, &der);
	out->leaf_sha256 = hex_digest(a, der, len);
	describe_leaf(a, leaf, out);
	out->name_match = is_named(leaf, host);
	found = signer(t, leaf, key);
	out->key_match = found != NULL;
	out->public_root = leads_to(t->public_roots, a, chain, out, true);
	out->laptop_root = leads_to(t->laptop, a, chain, out, false);
	/* Not verified, or itself one of the roots. */
	if (out->not_after_us == 0)
		add_dates(leaf, out);
	if (out->issuer_spki == NULL && found != NULL)
		out->issuer_spki = key_digest(a, found);
	if (out->issuer_spki == NULL && n > 1 &&
	    X509_verify(leaf, X509_get0_pubkey(sk_X509_value(chain, 1))) == 1)
		out->issuer_spki = spki_digest(a, sk_X509_value(chain, 1));
	if (out->issuer_spki == NULL &&
	    X509_verify(leaf, X509_get0_pubkey(leaf)) == 1)
		out->issuer_spki = spki_digest(a, leaf);
	ERR_clear_error();
}

static int
keep_chain(X509_STORE_CTX *ctx, void *arg)
{
	struct trust_capture *c = arg;
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(ctx);

	if (sent != NULL && c->chain == NULL)
		c->chain = X509_chain_up_ref(sent);
	return 1;
}

void
trust_capture_install(SSL_CTX *ctx, struct trust_capture *c)
{
	SSL_CTX_set_cert_verify_callback(ctx, keep_chain, c);
}

void
trust_capture_clear(struct trust_capture *c)
{
	sk_X509_pop_free(c->chain, X509_free);
	c->chain = NULL;
}
