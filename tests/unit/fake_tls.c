/* SPDX-License-Identifier: MIT */
/* Owns the authorities, certificates and TLS servers that tests talk to. */
#include "tests/unit/fake_tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
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

static unsigned
any_psk(SSL *ssl, const char *identity, unsigned char *psk, unsigned size)
{
	(void)ssl;
	(void)identity;
	memset(psk, 7, size < 16 ? size : 16);
	return 16;
}

static SSL_CTX *
server_context(struct fake_tls *t)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	size_t i;

	must(ctx != NULL);
	if (t->psk) {
		SSL_CTX_set_psk_server_callback(ctx, any_psk);
		must(SSL_CTX_set_cipher_list(ctx, "PSK") == 1);
	} else {
		must(SSL_CTX_use_certificate(ctx, t->leaf->cert) == 1 &&
		    SSL_CTX_use_PrivateKey(ctx, t->leaf->key) == 1);
	}
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
talk(SSL *ssl, struct fake_tls *t)
{
	size_t len, i;
	int n = SSL_read(ssl, t->request, sizeof t->request);

	if (n <= 0)
		return;
	t->request_len = (size_t)n;
	len = t->reply_len != 0 ? t->reply_len :
	    t->reply == NULL    ? 0 :
				  strlen(t->reply);
	for (i = 0; t->slow && i < len; i++) {
		if (SSL_write(ssl, t->reply + i, 1) != 1)
			return;
		usleep(20000);
	}
	if (!t->slow && len > 0)
		SSL_write(ssl, t->reply, (int)len);
	if (t->reply_len != 0 || t->keeps_quiet) {
		n = SSL_read(ssl, t->last, sizeof t->last);
		t->last_len = n > 0 ? (size_t)n : 0;
	}
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
		talk(ssl, t);
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

	/* Longer than anybody waits for it. */
	if (t->silent || t->keeps_quiet)
		tv.tv_sec = 12;
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

/* Reads one record; its length with the header, 0 at the end. */
static size_t
read_record(int fd, unsigned char *out, size_t size)
{
	size_t have = 0, want = 5;
	ssize_t n;

	while (have < want) {
		n = read(fd, out + have, want - have);
		if (n <= 0)
			return 0;
		have += (size_t)n;
		if (have == 5) {
			want = 5 + ((size_t)out[3] << 8 | out[4]);
			if (want > size)
				return 0;
		}
	}
	return have;
}

static void
relay(int fd, uint16_t port, bool forges)
{
	unsigned char record[17000];
	struct timeval tv = {2, 0};
	struct addr to;
	size_t len;
	int up = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	addr_parse(&to, "127.0.0.1", port);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	setsockopt(up, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	must(connect(up, &to.sa, to.len) == 0);
	len = read_record(fd, record, sizeof record); /* ClientHello */
	must(write(up, record, len) == (ssize_t)len);
	while ((len = read_record(up, record, sizeof record)) > 0) {
		if (forges && record[0] == SSL3_RT_HANDSHAKE &&
		    record[5] == SSL3_MT_SERVER_KEY_EXCHANGE)
			record[len - 1] ^= 1;
		must(write(fd, record, len) == (ssize_t)len);
		if (record[0] == SSL3_RT_HANDSHAKE &&
		    record[5] == SSL3_MT_SERVER_DONE)
			break;
	}
	close(up);
	if (forges)
		fake_read_until(fd, "never", (char *)record, sizeof record);
	else
		fake_reset_on_close(fd);
}

void
fake_tls_forge(int fd, void *arg)
{
	relay(fd, *(const uint16_t *)arg, true);
}

void
fake_tls_cut(int fd, void *arg)
{
	char data[512];

	relay(fd, *(const uint16_t *)arg, false);
	(void)(read(fd, data, sizeof data) > 0); /* the client's part */
}

/* --- DTLS --- */

struct fake_dtls {
	struct fake_dtls_setup setup;
	SSL_CTX *ctx;
	pthread_t thread;
	atomic_bool stop;
	int fd;
	uint16_t port;
};

static int
make_cookie(SSL *ssl, unsigned char *cookie, unsigned *len)
{
	(void)ssl;
	memcpy(cookie, "a test's cookie", 15);
	*len = 15;
	return 1;
}

static int
check_cookie(SSL *ssl, const unsigned char *cookie, unsigned len)
{
	(void)ssl;
	return len == 15 && memcmp(cookie, "a test's cookie", 15) == 0;
}

/* Sends a second copy of what was written. */
static long
twice(BIO *bio, int oper, const char *argp, size_t len, int argi, long argl,
    int ret, size_t *processed)
{
	int fd = -1;

	(void)argi;
	(void)argl;
	(void)processed;
	if (oper == (BIO_CB_WRITE | BIO_CB_RETURN) && ret > 0) {
		BIO_get_fd(bio, &fd);
		must(send(fd, argp, len, 0) >= 0 || errno == ECONNREFUSED);
	}
	return oper & BIO_CB_RETURN ? ret : 1;
}

static bool
readable(struct fake_dtls *d, int ms)
{
	struct pollfd p = {d->fd, POLLIN, 0};

	while (!atomic_load(&d->stop) && ms > 0) {
		if (poll(&p, 1, 20) > 0)
			return true;
		ms -= 20;
	}
	return false;
}

static void
shake_hands(struct fake_dtls *d, SSL *ssl)
{
	int r;

	for (;;) {
		r = SSL_accept(ssl);
		if (r == 1 || SSL_get_error(ssl, r) != SSL_ERROR_WANT_READ ||
		    !readable(d, 1500))
			return;
	}
}

static void
serve_dtls(struct fake_dtls *d)
{
	BIO *bio = BIO_new_dgram(d->fd, BIO_NOCLOSE);
	SSL *ssl = SSL_new(d->ctx);
	BIO_ADDR *peer = BIO_ADDR_new();
	struct sockaddr none = {.sa_family = AF_UNSPEC};
	struct sockaddr_in to = {.sin_family = AF_INET};
	char junk[2048];
	size_t len = sizeof to.sin_addr;

	SSL_set_bio(ssl, bio, bio);
	SSL_set_options(ssl, SSL_OP_COOKIE_EXCHANGE);
	while (readable(d, 1 << 30)) {
		if (d->setup.lost > 0) {
			d->setup.lost--;
			recv(d->fd, junk, sizeof junk, MSG_DONTWAIT);
			continue;
		}
		if (d->setup.late_ms > 0)
			usleep((useconds_t)d->setup.late_ms * 1000);
		d->setup.late_ms = 0;
		if (DTLSv1_listen(ssl, peer) != 1)
			continue;
		if (d->setup.only_cookie)
			break;
		BIO_ADDR_rawaddress(peer, &to.sin_addr, &len);
		to.sin_port = BIO_ADDR_rawport(peer);
		must(connect(d->fd, (struct sockaddr *)&to, sizeof to) == 0);
		BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, peer);
		if (d->setup.twice)
			BIO_set_callback_ex(bio, twice);
		shake_hands(d, ssl);
		BIO_set_callback_ex(bio, NULL);
		break;
	}
	SSL_free(ssl);
	BIO_ADDR_free(peer);
	ERR_clear_error();
	connect(d->fd, &none, sizeof none);
}

static void *
dtls_thread(void *arg)
{
	struct fake_dtls *d = arg;

	while (!atomic_load(&d->stop))
		serve_dtls(d);
	OPENSSL_thread_stop();
	return NULL;
}

struct fake_dtls *
fake_dtls_start(const struct fake_dtls_setup *setup)
{
	struct fake_dtls *d = mem_alloc(sizeof *d);
	struct sockaddr_in me = {.sin_family = AF_INET};
	socklen_t len = sizeof me;

	d->setup = *setup;
	d->ctx = SSL_CTX_new(DTLS_server_method());
	must(d->ctx != NULL &&
	    SSL_CTX_use_certificate(d->ctx, setup->leaf->cert) == 1 &&
	    SSL_CTX_use_PrivateKey(d->ctx, setup->leaf->key) == 1);
	SSL_CTX_set_cookie_generate_cb(d->ctx, make_cookie);
	SSL_CTX_set_cookie_verify_cb(d->ctx, check_cookie);
	if (setup->wants_client_cert)
		SSL_CTX_set_verify(d->ctx,
		    SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	me.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	d->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	must(bind(d->fd, (struct sockaddr *)&me, len) == 0 &&
	    getsockname(d->fd, (struct sockaddr *)&me, &len) == 0);
	d->port = ntohs(me.sin_port);
	must(pthread_create(&d->thread, NULL, dtls_thread, d) == 0);
	return d;
}

uint16_t
fake_dtls_port(const struct fake_dtls *d)
{
	return d->port;
}

void
fake_dtls_stop(struct fake_dtls *d)
{
	atomic_store(&d->stop, true);
	pthread_join(d->thread, NULL);
	close(d->fd);
	SSL_CTX_free(d->ctx);
	mem_free(d);
}
