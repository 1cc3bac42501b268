/* SPDX-License-Identifier: MIT */
/* Promises of signatures and keys: what fits is taken, everything else is
 * refused, and nothing that a stranger sends is read past its end. That
 * OpenSSH agrees is shown by tests/seal. */
#include "tests/unit/harness.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/record/allowed.h"
#include "core/record/sshsig.h"
#include "core/record/wire.h"
#include "tests/unit/key_case.h"

#define MESSAGE "what stands in the file"
#define NAMESPACE "sitewalk-handover"
/* 2026-11-21T10:42:00Z */
#define THEN INT64_C(1795257720000000)

static void
sign_message(uint8_t number, struct buf *out)
{
	struct signer *s = test_signer(number);
	struct error err = {0};

	buf_clear(out);
	ck_assert_int_eq(signer_sign(s, NAMESPACE, MESSAGE, strlen(MESSAGE),
			     out, &err),
	    0);
	signer_close(s);
}

/* In blocks of their own, so that a read past the end is seen. */
static int
verify(const char *sig, size_t len, const char *namespace, const char *data)
{
	char *copy = malloc(len > 0 ? len : 1);
	struct error err = {0};
	struct sshkey key;
	int rc;

	memcpy(copy, sig, len);
	rc = sshsig_verify(copy, len, namespace, data, strlen(data), &key,
	    &err);
	ck_assert(rc == 0 || (err.code == ERR_INPUT && err.what[0] != '\0'));
	ck_assert((rc == 0) == (key.len > 0));
	(void)sshsig_is_canonical(copy, len);
	free(copy);
	return rc;
}

START_TEST(test_only_the_same_bytes_fit)
{
	struct buf one, two;

	buf_init(&one, SSHSIG_MAX);
	buf_init(&two, SSHSIG_MAX);
	sign_message(1, &one);
	sign_message(1, &two);
	ck_assert_str_eq(buf_str(&one), buf_str(&two));
	ck_assert(sshsig_is_canonical(one.data, one.len));
	ck_assert_int_eq(verify(one.data, one.len, NAMESPACE, MESSAGE), 0);
	ck_assert_int_eq(verify(one.data, one.len, NAMESPACE, MESSAGE "!"), -1);
	ck_assert_int_eq(verify(one.data, one.len, NAMESPACE, ""), -1);
	ck_assert_int_eq(verify(one.data, one.len, "file", MESSAGE), -1);
	ck_assert_int_eq(verify(one.data, one.len, "sitewalk-manifest",
			     MESSAGE),
	    -1);
	buf_free(&one);
	buf_free(&two);
}
END_TEST

START_TEST(test_a_truncated_signature_is_refused)
{
	struct buf sig;
	size_t n;

	buf_init(&sig, SSHSIG_MAX);
	sign_message(2, &sig);
	/* The line break at the end is not part of it. */
	for (n = 0; n + 1 < sig.len; n++)
		ck_assert_int_eq(verify(sig.data, n, NAMESPACE, MESSAGE), -1);
	buf_free(&sig);
}
END_TEST

START_TEST(test_a_changed_signature_is_refused)
{
	struct buf sig;
	size_t at;
	char c;

	buf_init(&sig, SSHSIG_MAX);
	sign_message(3, &sig);
	for (at = 0; at < sig.len; at++) {
		for (c = 'A'; c <= 'a'; c = (char)(c + 1)) {
			char old = sig.data[at];

			if (old == c)
				continue;
			sig.data[at] = c;
			ck_assert_msg(verify(sig.data, sig.len, NAMESPACE,
					  MESSAGE) == -1 ||
				!sshsig_is_canonical(sig.data, sig.len),
			    "byte %zu to %c", at, c);
			sig.data[at] = old;
		}
	}
	buf_free(&sig);
}
END_TEST

/* A signature that is put together by hand. */
static int
assembled(const char *magic, uint32_t version, const char *reserved,
    const char *hash)
{
	struct signer *s = test_signer(4);
	EVP_PKEY *pkey = test_key(4);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct buf message, blob, text;
	uint8_t sum[64], raw[32], sig[64];
	size_t n = sizeof raw, len = sizeof sig;
	unsigned sumlen = 0;
	struct sshkey key;
	int rc;

	buf_init(&message, 4096);
	buf_init(&blob, 4096);
	buf_init(&text, SSHSIG_MAX);
	EVP_Digest(MESSAGE, strlen(MESSAGE), sum, &sumlen,
	    strcmp(hash, "sha256") == 0   ? EVP_sha256() :
		strcmp(hash, "sha1") == 0 ? EVP_sha1() :
					    EVP_sha512(),
	    NULL);
	buf_adds(&message, "SSHSIG");
	wire_put_text(&message, NAMESPACE);
	wire_put_text(&message, reserved);
	wire_put_text(&message, hash);
	wire_put(&message, sum, sumlen);
	EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey);
	EVP_DigestSign(ctx, sig, &len, (const uint8_t *)message.data,
	    message.len);
	EVP_PKEY_get_raw_public_key(pkey, raw, &n);
	sshkey_of_ed25519(raw, &key);
	buf_clear(&message);
	wire_put_text(&message, "ssh-ed25519");
	wire_put(&message, sig, len);
	buf_adds(&blob, magic);
	wire_put_u32(&blob, version);
	wire_put(&blob, key.blob, key.len);
	wire_put_text(&blob, NAMESPACE);
	wire_put_text(&blob, reserved);
	wire_put_text(&blob, hash);
	wire_put(&blob, message.data, message.len);
	buf_adds(&text, "-----BEGIN SSH SIGNATURE-----\n");
	base64_write(blob.data, blob.len, 76, &text);
	buf_adds(&text, "-----END SSH SIGNATURE-----\n");
	rc = verify(text.data, text.len, NAMESPACE, MESSAGE);
	buf_free(&message);
	buf_free(&blob);
	buf_free(&text);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	signer_close(s);
	return rc;
}

START_TEST(test_frames)
{
	ck_assert_int_eq(assembled("SSHSIG", 1, "", "sha512"), 0);
	ck_assert_int_eq(assembled("SSHSIG", 1, "", "sha256"), 0);
	ck_assert_int_eq(assembled("SSHSIG", 1, "", "sha1"), -1);
	ck_assert_int_eq(assembled("SSHSIG", 1, "", "SHA512"), -1);
	ck_assert_int_eq(assembled("SSHSIG", 1, "x", "sha512"), -1);
	ck_assert_int_eq(assembled("SSHSIG", 2, "", "sha512"), -1);
	ck_assert_int_eq(assembled("SSHSIX", 1, "", "sha512"), -1);
}
END_TEST

static uint32_t
next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* The bytes behind the base64: lengths, types, numbers. */
START_TEST(test_random_frames)
{
	uint32_t state = 7, i, k;
	struct buf sig, blob, text;
	size_t front = strlen("-----BEGIN SSH SIGNATURE-----\n");
	size_t back = strlen("-----END SSH SIGNATURE-----\n");

	buf_init(&sig, SSHSIG_MAX);
	buf_init(&blob, SSHSIG_MAX);
	buf_init(&text, 2 * SSHSIG_MAX);
	sign_message(5, &sig);
	for (i = 0; i < 20000; i++) {
		buf_clear(&blob);
		buf_clear(&text);
		ck_assert(base64_read(sig.data + front, sig.len - front - back,
		    true, &blob));
		for (k = 0; k <= next(&state) % 3; k++)
			blob.data[next(&state) % blob.len] ^= (char)(1 +
			    next(&state) % 255);
		if (next(&state) % 4 == 0)
			blob.len = next(&state) % blob.len;
		buf_adds(&text, "-----BEGIN SSH SIGNATURE-----\n");
		base64_write(blob.data, blob.len, 70, &text);
		buf_adds(&text, "-----END SSH SIGNATURE-----\n");
		(void)verify(text.data, text.len, NAMESPACE, MESSAGE);
	}
	buf_free(&sig);
	buf_free(&blob);
	buf_free(&text);
}
END_TEST

/* --- a security device --- */

static bool
device_signs(uint8_t flags, const char *application)
{
	EVP_PKEY *pkey = test_key(6);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t raw[32], said[69] = {0}, sig[64];
	size_t n = sizeof raw, len = sizeof sig;
	struct buf blob, made;
	struct sshkey key;
	struct error err;
	bool good;

	buf_init(&blob, 4096);
	buf_init(&made, 4096);
	EVP_PKEY_get_raw_public_key(pkey, raw, &n);
	wire_put_text(&blob, "sk-ssh-ed25519@openssh.com");
	wire_put(&blob, raw, n);
	wire_put_text(&blob, application);
	ck_assert_int_eq(sshkey_read(blob.data, blob.len, &key, &err), 0);
	SHA256((const uint8_t *)"ssh:", 4, said);
	said[32] = flags;
	said[36] = 9;
	SHA256((const uint8_t *)MESSAGE, strlen(MESSAGE), said + 37);
	EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey);
	EVP_DigestSign(ctx, sig, &len, said, sizeof said);
	wire_put_text(&made, "sk-ssh-ed25519@openssh.com");
	wire_put(&made, sig, len);
	buf_add(&made, said + 32, 5);
	good = sshkey_verify(&key, made.data, made.len, MESSAGE,
	    strlen(MESSAGE));
	buf_free(&blob);
	buf_free(&made);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return good;
}

START_TEST(test_devices)
{
	ck_assert(device_signs(1, "ssh:"));
	ck_assert(device_signs(5, "ssh:"));
	/* Nobody touched it; another application. */
	ck_assert(!device_signs(0, "ssh:"));
	ck_assert(!device_signs(1, "ssh:other"));
}
END_TEST

/* --- key files --- */

static struct signer *
opened(const char *text, size_t len, struct sshkey *half, struct error *err)
{
	char path[] = "/tmp/sitewalk-key-XXXXXX";
	int fd = mkstemp(path);
	struct signer *s;

	memset(err, 0, sizeof *err);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
	close(fd);
	s = signer_open(path, half, err);
	unlink(path);
	ck_assert((s != NULL) == (err->code == ERR_NONE));
	return s;
}

START_TEST(test_key_files)
{
	struct sshkey half;
	struct signer *s, *same = test_signer(7);
	struct error err;
	struct buf file, wrong;

	buf_init(&file, 8192);
	buf_init(&wrong, 8192);
	test_key_file(7, "none", &file);
	s = opened(file.data, file.len, &half, &err);
	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(signer_fingerprint(s), signer_fingerprint(same));
	signer_close(s);
	signer_close(same);
	test_key_file(7, "aes256-ctr", &wrong);
	ck_assert_ptr_null(opened(wrong.data, wrong.len, &half, &err));
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.hint, "ssh-add"));
	ck_assert_uint_gt(half.len, 0);
	ck_assert_ptr_null(opened("", 0, &half, &err));
	ck_assert_int_eq(err.code, ERR_INPUT);
	ck_assert_ptr_null(signer_open("/nowhere/key", &half, &err));
	ck_assert_int_eq(err.code, ERR_INPUT);
	ck_assert_ptr_null(signer_open("/tmp", &half, &err));
	buf_free(&file);
	buf_free(&wrong);
}
END_TEST

/* Whatever is changed in a key file: it is refused, or it is the same key,
 * since a comment or a check number does not matter. */
START_TEST(test_changed_key_files)
{
	struct signer *s, *same = test_signer(8);
	uint32_t state = 9, i;
	struct sshkey half;
	struct error err;
	struct buf file;
	char *copy;

	buf_init(&file, 8192);
	test_key_file(8, "none", &file);
	copy = malloc(file.len);
	for (i = 0; i < 3000; i++) {
		size_t len = next(&state) % 8 == 0 ? next(&state) % file.len :
						     file.len;

		memcpy(copy, file.data, file.len);
		copy[next(&state) %
		    file.len] = "ABCDabcd0189+/=\n-"[next(&state) % 17];
		s = opened(copy, len, &half, &err);
		if (s != NULL)
			ck_assert_str_eq(signer_fingerprint(s),
			    signer_fingerprint(same));
		signer_close(s);
	}
	signer_close(same);
	free(copy);
	buf_free(&file);
}
END_TEST

/* --- allowed signers --- */

static enum allowed
allowed(const char *front, const char *back, int64_t at_us, char *principal)
{
	EVP_PKEY *pkey = test_key(9);
	uint8_t raw[32];
	size_t n = sizeof raw;
	struct sshkey key;
	struct buf text;
	enum allowed found;

	EVP_PKEY_get_raw_public_key(pkey, raw, &n);
	EVP_PKEY_free(pkey);
	sshkey_of_ed25519(raw, &key);
	buf_init(&text, 8192);
	buf_adds(&text, "# people\n\n");
	buf_adds(&text, front);
	buf_adds(&text, "ssh-ed25519 ");
	base64_write(key.blob, key.len, 0, &text);
	buf_adds(&text, back);
	found = allowed_find(text.data, text.len, &key, NAMESPACE, at_us,
	    principal);
	buf_free(&text);
	return found;
}

START_TEST(test_allowed_signers)
{
	char who[ALLOWED_PRINCIPAL_SIZE];

	ck_assert_int_eq(allowed("joe@a.example ", " note\n", THEN, who),
	    ALLOWED_YES);
	ck_assert_str_eq(who, "joe@a.example");
	ck_assert_int_eq(allowed("joe ", "", THEN, who), ALLOWED_YES);
	ck_assert_int_eq(allowed("\"Joe \x1b[2J\" ", "\n", THEN, who),
	    ALLOWED_YES);
	ck_assert_ptr_null(strchr(who, '\x1b'));
	ck_assert_int_eq(allowed("joe namespaces=\"git,site*\" ", "\n", THEN,
			     who),
	    ALLOWED_YES);
	ck_assert_int_eq(allowed("joe namespaces=\"git\" ", "\n", THEN, who),
	    ALLOWED_OTHER_PURPOSE);
	ck_assert_int_eq(allowed("joe namespaces=\"*,!sitewalk-*\" ", "\n",
			     THEN, who),
	    ALLOWED_OTHER_PURPOSE);
	ck_assert_int_eq(allowed("joe valid-after=\"20261121104200Z\" ", "\n",
			     THEN, who),
	    ALLOWED_YES);
	ck_assert_int_eq(allowed("joe valid-after=\"20261121104201Z\" ", "\n",
			     THEN, who),
	    ALLOWED_OTHER_TIME);
	ck_assert_int_eq(allowed("joe valid-before=\"20261121104200Z\" ", "\n",
			     THEN, who),
	    ALLOWED_OTHER_TIME);
	ck_assert_int_eq(
	    allowed("joe namespaces=\"a b\",valid-before=20270101Z ", "\n",
		THEN, who),
	    ALLOWED_OTHER_PURPOSE);
	ck_assert_int_eq(allowed("joe cert-authority ", "\n", THEN, who),
	    ALLOWED_UNKNOWN);
	ck_assert_int_eq(allowed("joe valid-after=\"soon\" ", "\n", THEN, who),
	    ALLOWED_UNKNOWN);
	ck_assert_int_eq(allowed("# joe ", "\n", THEN, who), ALLOWED_UNKNOWN);
	ck_assert_str_eq(who, "");
}
END_TEST

START_TEST(test_allowed_signers_are_well_formed)
{
	static const char key[] =
	    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAQEBAQEBAQEBAQEBAQEBAQEBAQE"
	    "BAQEBAQEBAQEBAQE";
	struct error err = {0};
	char text[512];

	ck_assert_int_eq(allowed_check("", 0, &err), 0);
	snprintf(text, sizeof text, "# a\n\njoe cert-authority %s\n", key);
	ck_assert_int_eq(allowed_check(text, strlen(text), &err), -1);
	ck_assert_ptr_nonnull(strstr(err.what, "authority"));
	ck_assert_str_eq(err.where, "line 3");
	snprintf(text, sizeof text, "joe %s\njoe what=1 %s\n", key, key);
	ck_assert_int_eq(allowed_check(text, strlen(text), &err), -1);
	ck_assert_str_eq(err.where, "line 2");
	ck_assert_int_eq(allowed_check("joe", 3, &err), -1);
	ck_assert_int_eq(allowed_check("joe ssh-dss AAAA\n", 17, &err), -1);
}
END_TEST

HARNESS("record sshsig", test_only_the_same_bytes_fit,
    test_a_truncated_signature_is_refused, test_a_changed_signature_is_refused,
    test_frames, test_random_frames, test_devices, test_key_files,
    test_changed_key_files, test_allowed_signers,
    test_allowed_signers_are_well_formed)
