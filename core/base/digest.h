/* SPDX-License-Identifier: MIT */
/* SHA-256 and random bytes, from OpenSSL. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

#define DIGEST_HEX_SIZE 65
#define DIGEST_BASE64_SIZE 45

const char *digest_sha256_hex(const void *data, size_t len,
	    char out[DIGEST_HEX_SIZE]);
const char *digest_sha256_base64(const void *data, size_t len,
	    char out[DIGEST_BASE64_SIZE]);
void	 random_bytes(void *out, size_t len);	/* fatal when unavailable */

#endif
