/* SPDX-License-Identifier: MIT */
/* What a WebSocket client says and understands (RFC 6455), on bytes that
 * others send and receive: the opening handshake and whole messages. */
#ifndef PROBE_WEBSOCKET_H
#define PROBE_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

#define WS_KEY_SIZE 25		/* 16 random bytes in base64, and NUL */
#define WS_CLOSE_SIZE 8
#define WS_MESSAGE_MAX 16384

/* A random Sec-WebSocket-Key. */
void	 ws_make_key(char key[WS_KEY_SIZE]);
/* Is this the Sec-WebSocket-Accept for that key (section 4.2.2)? */
bool	 ws_is_accept(const char *key, const char *accept, size_t len);

enum ws_result {
	WS_MORE,		/* not complete yet */
	WS_TEXT,		/* a whole text message is in *message */
	WS_BINARY,
	WS_PING,		/* answer it with ws_frame(.., 0xa, ..) */
	WS_PONG,
	WS_CLOSE,
	WS_BROKEN,		/* no frame that a server may send */
};

/* Takes one frame from data; *used tells how much that was. Fragments are
 * gathered in message, which holds the payload of the others as well; it is
 * cleared when the next message begins. Init it with WS_MESSAGE_MAX. */
struct ws_reader {
	struct buf message;
	uint8_t	 opcode;	/* of the message that is being gathered; 0 =
				 * none */
};
void	 ws_reader_init(struct ws_reader *r);
void	 ws_reader_free(struct ws_reader *r);
enum ws_result ws_read(struct ws_reader *r, const uint8_t *data, size_t len,
	    size_t *used);

/* A client's frame, masked, of up to 125 bytes. */
void	 ws_frame(struct buf *out, uint8_t opcode, const void *data,
	    size_t len);

#endif
