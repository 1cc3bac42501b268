/* SPDX-License-Identifier: MIT */
/* A key of fixed bytes for tests of signatures; it protects nothing. */
#ifndef UNIT_KEY_CASE_H
#define UNIT_KEY_CASE_H

#include <openssl/evp.h>

#include "core/record/signer.h"

EVP_PKEY *test_key(uint8_t number);		/* returns owned */
struct signer *test_signer(uint8_t number);	/* returns owned */
/* The file of it, as ssh-keygen writes one: cipher "none", or what else. */
void	 test_key_file(uint8_t number, const char *cipher, struct buf *out);

#endif
