/* SPDX-License-Identifier: MIT */
/* Owns a small world of authorities for tests. */
#include "tests/unit/fake_pki.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"

void
fake_pki_init(struct fake_pki *k)
{
	struct fake_cert *thief;
	struct trust_key key;
	struct error err;

	memset(k, 0, sizeof *k);
	signal(SIGPIPE, SIG_IGN);
	k->root = fake_cert_new("Public Root", NULL, true, -1000, 1000);
	k->middle = fake_cert_new("Public Issuing", k->root, true, -500, 500);
	k->vendor = fake_cert_new("Vendor CA", NULL, true, -500, 500);
	k->leaf = fake_cert_new(FAKE_HOST, k->middle, false, -10, 80);
	k->own = fake_cert_new(FAKE_HOST, k->vendor, false, -10, 80);
	thief = fake_cert_new("Vendor CA", NULL, true, -500, 500);
	k->copied = fake_cert_new(FAKE_HOST, thief, false, -10, 80);
	fake_cert_free(thief);
	k->root_file = fake_cert_file(k->root);
	k->key_pem = fake_key_pem(k->vendor);
	key.name = "vendor";
	key.pem = k->key_pem;
	if (setenv("SSL_CERT_FILE", "/nonexistent", 1) != 0 ||
	    setenv("SSL_CERT_DIR", "/nonexistent", 1) != 0)
		abort();
	k->trust = trust_new(k->root_file, &key, 1, &err);
	if (k->trust == NULL)
		abort();
}

void
fake_pki_free(struct fake_pki *k)
{
	trust_free(k->trust);
	fake_cert_free(k->root);
	fake_cert_free(k->middle);
	fake_cert_free(k->vendor);
	fake_cert_free(k->leaf);
	fake_cert_free(k->own);
	fake_cert_free(k->copied);
	unlink(k->root_file);
	mem_free(k->root_file);
	mem_free(k->key_pem);
}
