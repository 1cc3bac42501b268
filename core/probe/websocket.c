/* SPDX-License-Identifier: MIT */
/* Owns the bytes of RFC 6455, client side. */
#include "core/probe/websocket.h"

#include <openssl/evp.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/mem.h"

#define OP_CONTINUE 0
#define OP_TEXT 1
#define OP_BINARY 2
#define OP_CLOSE 8
#define OP_PING 9
#define OP_PONG 10
#define FIN 0x80
#define RESERVED 0x70
#define MASKED 0x80
#define CONTROL_MAX 125
#define ACCEPT_LEN 28 /* 20 bytes in base64 */

void
ws_make_key(char key[WS_KEY_SIZE])
{
	uint8_t nonce[16];

	random_bytes(nonce, sizeof nonce);
	EVP_EncodeBlock((unsigned char *)key, nonce, sizeof nonce);
}

bool
ws_is_accept(const char *key, const char *accept, size_t len)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	unsigned char sum[EVP_MAX_MD_SIZE], text[ACCEPT_LEN + 1];
	char both[WS_KEY_SIZE + sizeof guid];
	size_t n = strlen(key);
	unsigned size;

	if (n >= WS_KEY_SIZE)
		return false;
	memcpy(both, key, n);
	memcpy(both + n, guid, sizeof guid);
	if (EVP_Digest(both, n + sizeof guid - 1, sum, &size, EVP_sha1(),
		NULL) != 1)
		mem_fatal("OpenSSL has no SHA-1");
	EVP_EncodeBlock(text, sum, (int)size);
	return len == ACCEPT_LEN && memcmp(accept, text, ACCEPT_LEN) == 0;
}

void
ws_reader_init(struct ws_reader *r)
{
	buf_init(&r->message, WS_MESSAGE_MAX);
	r->opcode = 0;
}

void
ws_reader_free(struct ws_reader *r)
{
	buf_free(&r->message);
}

/* Section 5.5: at most 125 bytes, in one piece, anywhere between others. */
static enum ws_result
control(uint8_t first, uint64_t size)
{
	if (!(first & FIN) || size > CONTROL_MAX)
		return WS_BROKEN;
	switch (first & 15) {
	case OP_CLOSE:
		return WS_CLOSE;
	case OP_PING:
		return WS_PING;
	case OP_PONG:
		return WS_PONG;
	default:
		return WS_BROKEN;
	}
}

static enum ws_result
gather(struct ws_reader *r, uint8_t first, const uint8_t *payload, size_t size)
{
	uint8_t opcode = first & 15;

	if ((opcode == OP_CONTINUE) != (r->opcode != 0) || opcode > OP_BINARY)
		return WS_BROKEN;
	if (opcode != OP_CONTINUE) {
		buf_clear(&r->message);
		r->opcode = opcode;
	}
	buf_add(&r->message, payload, size);
	if (r->message.overflowed)
		return WS_BROKEN;
	if (!(first & FIN))
		return WS_MORE;
	opcode = r->opcode;
	r->opcode = 0;
	return opcode == OP_TEXT ? WS_TEXT : WS_BINARY;
}

enum ws_result
ws_read(struct ws_reader *r, const uint8_t *data, size_t len, size_t *used)
{
	size_t head = 2, extra, i;
	uint64_t size;

	*used = 0;
	if (len < 2)
		return WS_MORE;
	/* A server never masks (section 5.1); no extension was agreed on. */
	if (data[0] & RESERVED || data[1] & MASKED)
		return WS_BROKEN;
	size = data[1];
	extra = size == 126 ? 2 : size == 127 ? 8 : 0;
	if (len < head + extra)
		return WS_MORE;
	if (extra > 0) {
		for (size = 0, i = 0; i < extra; i++)
			size = size << 8 | data[head + i];
		head += extra;
	}
	if (size > WS_MESSAGE_MAX)
		return WS_BROKEN;
	if (len - head < size)
		return WS_MORE;
	*used = head + (size_t)size;
	if ((data[0] & 15) >= OP_CLOSE)
		return control(data[0], size);
	return gather(r, data[0], data + head, (size_t)size);
}

void
ws_frame(struct buf *out, uint8_t opcode, const void *data, size_t len)
{
	const uint8_t *from = data;
	uint8_t mask[4];
	size_t i;

	if (len > CONTROL_MAX)
		mem_fatal("a frame of a WebSocket is too long");
	random_bytes(mask, sizeof mask);
	buf_addc(out, (char)(FIN | opcode));
	buf_addc(out, (char)(MASKED | len));
	buf_add(out, mask, sizeof mask);
	for (i = 0; i < len; i++)
		buf_addc(out, (char)(from[i] ^ mask[i % 4]));
}
