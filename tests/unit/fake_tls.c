/* SPDX-License-Identifier: MIT */
/* Owns the authorities, certificates and TLS servers that tests talk to. */
#include "tests/unit/fake_tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "tests/unit/fake_net.h"

static void
must(bool ok)
{
	if (ok)
		return;
	ERR_print_errors_fp(stderr);
	abort();
}

static void
extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	must(e != NULL && X509_add_ext(cert, e, -1) == 1);
	X509_EXTENSION_free(e);
}

struct fake_cert *
fake_cert_new(const char *name, const struct fake_cert *issuer, bool ca,
    int from_days, int to_days)
{
	struct fake_cert *c = mem_alloc(sizeof *c);
	X509_NAME *dn;
	char san[128];

	c->key = EVP_EC_gen("P-256");
	c->cert = X509_new();
	must(c->key != NULL && c->cert != NULL);
	X509_set_version(c->cert, 2);
	must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(c->cert),
		 (uint64_t)(uintptr_t)c) == 1);
	dn = X509_get_subject_name(c->cert);
	must(X509_NAME_add_entry_by_txt(dn, "CN", MBSTRING_UTF8,
		 (const unsigned char *)name, -1, -1, 0) == 1);
	X509_set_issuer_name(c->cert,
	    issuer == NULL ? dn : X509_get_subject_name(issuer->cert));
	X509_time_adj_ex(X509_getm_notBefore(c->cert), from_days, 0, NULL);
	X509_time_adj_ex(X509_getm_notAfter(c->cert), to_days, 0, NULL);
	X509_set_pubkey(c->cert, c->key);
	extend(c->cert, issuer == NULL ? c->cert : issuer->cert,
	    NID_basic_constraints, ca ? "critical,CA:TRUE" : "CA:FALSE");
	if (!ca) {
		snprintf(san, sizeof san, "DNS:%s", name);
		extend(c->cert, c->cert, NID_subject_alt_name, san);
	}
	must(X509_sign(c->cert, issuer == NULL ? c->key : issuer->key,
		 EVP_sha256()) > 0);
	return c;
}

void
fake_cert_free(struct fake_cert *c)
{
	if (c == NULL)
		return;
	X509_free(c->cert);
	EVP_PKEY_free(c->key);
	mem_free(c);
}

char *
fake_cert_file(const struct fake_cert *c)
{
	char *path = mem_strdup("/tmp/sitewalk-test-XXXXXX");
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	must(f != NULL && PEM_write_X509(f, c->cert) == 1);
	fclose(f);
	return path;
}

char *
fake_key_pem(const struct fake_cert *c)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long len;
	char *out;

	must(PEM_write_bio_PUBKEY(bio, c->key) == 1);
	len = BIO_get_mem_data(bio, &data);
	out = mem_printf("%.*s", (int)len, data);
	BIO_free(bio);
	return out;
}

static int
choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *outlen,
    const unsigned char *in, unsigned inlen, void *arg)
{
	const struct fake_tls *t = arg;
	unsigned i, want = (unsigned)strlen(t->alpn);

	(void)ssl;
	for (i = 0; i + in[i] < inlen; i += in[i] + 1u) {
		if (in[i] == want && memcmp(in + i + 1, t->alpn, want) == 0) {
			*out = in + i + 1;
			*outlen = in[i];
			return SSL_TLSEXT_ERR_OK;
		}
	}
	return SSL_TLSEXT_ERR_NOACK;
}

static SSL_CTX *
server_context(struct fake_tls *t)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	size_t i;

	must(ctx != NULL && SSL_CTX_use_certificate(ctx, t->leaf->cert) == 1 &&
	    SSL_CTX_use_PrivateKey(ctx, t->leaf->key) == 1);
	for (i = 0; i < 3 && t->chain[i] != NULL; i++)
		must(SSL_CTX_add1_chain_cert(ctx, t->chain[i]->cert) == 1);
	SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_set_min_proto_version(ctx, t->min);
	SSL_CTX_set_max_proto_version(ctx, t->max);
	if (t->wants_client_cert)
		SSL_CTX_set_verify(ctx,
		    SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	if (t->alpn != NULL)
		SSL_CTX_set_alpn_select_cb(ctx, choose_alpn, t);
	return ctx;
}

static void
speak_tls(int fd, struct fake_tls *t)
{
	SSL_CTX *ctx = server_context(t);
	SSL *ssl = SSL_new(ctx);
	char data[2048];
	const char *sni;

	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1) {
		sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
		t->sni_seen = sni == NULL         ? "" :
		    strcmp(sni, "a.example") == 0 ? "a.example" :
						    "another";
		if (SSL_read(ssl, data, sizeof data) > 0 && t->reply != NULL)
			SSL_write(ssl, t->reply, (int)strlen(t->reply));
		SSL_shutdown(ssl);
	} else {
		/* Let the alert arrive before the connection ends. */
		shutdown(fd, SHUT_WR);
		fake_read_until(fd, "never", data, sizeof data);
	}
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	ERR_clear_error();
}

void
fake_tls_serve(int fd, void *arg)
{
	struct fake_tls *t = arg;
	char data[2048];
	struct timeval tv = {4, 0};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	if (t->resets) {
		if (read(fd, data, sizeof data) > 0)
			fake_reset_on_close(fd);
	} else if (t->silent) {
		while (read(fd, data, sizeof data) > 0)
			;
	} else if (t->plain != NULL) {
		if (write(fd, t->plain, strlen(t->plain)) > 0)
			fake_read_until(fd, "never", data, sizeof data);
	} else {
		speak_tls(fd, t);
	}
}
