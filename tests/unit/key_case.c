/* SPDX-License-Identifier: MIT */
/* Owns a key of fixed bytes for tests of signatures. */
#include "tests/unit/key_case.h"

#include <string.h>

#include "core/record/wire.h"

EVP_PKEY *
test_key(uint8_t number)
{
	uint8_t seed[32];

	memset(seed, number, sizeof seed);
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed,
	    sizeof seed);
}

static int
sign(void *arg, const void *data, size_t len, struct buf *out,
    struct error *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t sig[64];
	size_t n = sizeof sig;

	(void)err;
	if (EVP_DigestSignInit(ctx, NULL, NULL, NULL, arg) != 1 ||
	    EVP_DigestSign(ctx, sig, &n, data, len) != 1)
		n = 0;
	EVP_MD_CTX_free(ctx);
	wire_put_text(out, "ssh-ed25519");
	wire_put(out, sig, n);
	return 0;
}

static void
drop(void *arg)
{
	EVP_PKEY_free(arg);
}

struct signer *
test_signer(uint8_t number)
{
	EVP_PKEY *pkey = test_key(number);
	struct sshkey key;
	uint8_t raw[32];
	size_t n = sizeof raw;

	EVP_PKEY_get_raw_public_key(pkey, raw, &n);
	sshkey_of_ed25519(raw, &key);
	return signer_new(&key, sign, drop, pkey);
}

void
test_key_file(uint8_t number, const char *cipher, struct buf *out)
{
	EVP_PKEY *pkey = test_key(number);
	struct buf blob, private, text;
	uint8_t raw[32], both[64];
	struct sshkey key;
	size_t n = sizeof raw, i;

	EVP_PKEY_get_raw_public_key(pkey, raw, &n);
	EVP_PKEY_free(pkey);
	sshkey_of_ed25519(raw, &key);
	memset(both, number, 32);
	memcpy(both + 32, raw, 32);
	buf_init(&blob, 4096);
	buf_init(&private, 4096);
	buf_init(&text, 8192);
	wire_put_u32(&private, 0x01020304);
	wire_put_u32(&private, 0x01020304);
	wire_put_text(&private, "ssh-ed25519");
	wire_put(&private, raw, sizeof raw);
	wire_put(&private, both, sizeof both);
	wire_put_text(&private, "joe@site");
	for (i = 1; private.len % 8 != 0; i++)
		buf_addc(&private, (char)i);
	buf_add(&blob, "openssh-key-v1", 15);
	wire_put_text(&blob, cipher);
	wire_put_text(&blob, strcmp(cipher, "none") == 0 ? "none" : "bcrypt");
	wire_put_text(&blob, "");
	wire_put_u32(&blob, 1);
	wire_put(&blob, key.blob, key.len);
	wire_put(&blob, private.data, private.len);
	buf_adds(out, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
	base64_write(blob.data, blob.len, 70, out);
	buf_adds(out, "-----END OPENSSH PRIVATE KEY-----\n");
	buf_free(&blob);
	buf_free(&private);
	buf_free(&text);
}
