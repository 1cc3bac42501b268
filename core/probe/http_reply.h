/* SPDX-License-Identifier: MIT */
/* A reply in the manner of HTTP/1 (RFC 9112) or RTSP (RFC 2326): status,
 * headers, body, read from bytes that are still coming. */
#ifndef PROBE_HTTP_REPLY_H
#define PROBE_HTTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/mem.h"

enum http_part {
	HTTP_MORE,		/* so far it may become a reply */
	HTTP_HEAD,		/* the head is complete, the body not */
	HTTP_WHOLE,
	HTTP_NONE,		/* this is no reply */
};

struct http_reply {
	bool	 rtsp;
	int	 status;
	const uint8_t *head;	/* after the status line, borrowed */
	size_t	 head_len;
	size_t	 head_size;	/* status line, head and empty line */
	const char *body;	/* NUL behind it, from the arena; NULL until
				 * it is whole */
	size_t	 body_len;
};

/* closed: nothing more will come. */
enum http_part http_reply_read(struct arena *a, const uint8_t *data,
	    size_t len, bool closed, struct http_reply *out);
/* The value of a header, from the arena; NULL when there is none. */
char	*http_reply_header(struct arena *a, const struct http_reply *r,
	    const char *name);

#endif
