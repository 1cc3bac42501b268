/* SPDX-License-Identifier: MIT */
/* Owns the use of OpenSSL for plain hashes and random bytes. */
#include "core/base/digest.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "core/base/mem.h"

static unsigned int
sha256(const void *data, size_t len, unsigned char sum[EVP_MAX_MD_SIZE])
{
	unsigned int n = 0;

	if (EVP_Digest(data, len, sum, &n, EVP_sha256(), NULL) != 1 || n != 32)
		mem_fatal("SHA-256 is not available from OpenSSL");
	return n;
}

const char *
digest_sha256_base64(const void *data, size_t len, char out[DIGEST_BASE64_SIZE])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int n = sha256(data, len, sum);

	EVP_EncodeBlock((unsigned char *)out, sum, (int)n);
	return out;
}

const char *
digest_sha256_hex(const void *data, size_t len, char out[DIGEST_HEX_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int n = sha256(data, len, sum), i;

	for (i = 0; i < n; i++) {
		out[2 * i] = hex[sum[i] >> 4];
		out[2 * i + 1] = hex[sum[i] & 15];
	}
	out[2 * n] = '\0';
	return out;
}

void
random_bytes(void *out, size_t len)
{
	unsigned char *p = out;
	int chunk;

	for (; len > 0; len -= (size_t)chunk, p += chunk) {
		chunk = len > INT_MAX ? INT_MAX : (int)len;
		if (RAND_bytes(p, chunk) != 1)
			mem_fatal("no random numbers from OpenSSL");
	}
}
