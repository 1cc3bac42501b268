/* SPDX-License-Identifier: MIT */
/* The probes "http" and "https": one GET (facts 1.7; RFC 9110). `expect` in
 * the pack is text that the vendor's page holds, so that another page is a
 * block page; `want` is text that only proves: without it the page is not
 * told apart. Detail: "status", "date", "date_seen_us", "server",
 * "location", "content_type", "via", "body" (its start), "body_sha256" and
 * "body_bytes" (of what came whole), "wanted" (was `want` there?), "transfer"
 * (why no web answer came), and for https see tls_detail.h. */
#include <string.h>

#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/probe/fetch.h"
#include "core/probe/tls_detail.h"

#define BODY_SHOWN 400

struct http_state {
	struct fetch fetch;
};

static bool
is_secure(const struct probe *p)
{
	return strcmp(p->type->name, "https") == 0;
}

static enum cause
judge_status(struct probe *p)
{
	struct http_state *s = p->state;
	const struct fetch *f = &s->fetch;

	if (f->status == 511) /* RFC 6585 section 6 */
		return CAUSE_CAPTIVE_PORTAL;
	if (p->spec->status != 0 && f->status != p->spec->status)
		return CAUSE_HTTP_STATUS;
	if (p->spec->expect == NULL || fetch_has_text(f, p->spec->expect))
		return CAUSE_NONE;
	if (f->status >= 400 && f->code == CURLE_OK)
		return CAUSE_HTTP_STATUS; /* an error is the vendor's, or not */
	/* What was cut on the way is not another page. */
	return f->code == CURLE_OK || f->full ? CAUSE_HTTP_BLOCKPAGE :
						fetch_cause(f);
}

static void
describe(struct probe *p, const struct fetch *f)
{
	const struct fetch_header *h = &f->header;
	char hex[DIGEST_HEX_SIZE];

	probe_detail_str(p, "date", h->date);
	if (f->date_seen_us != 0)
		probe_detail_int(p, "date_seen_us", f->date_seen_us);
	probe_detail_str(p, "server", h->server);
	probe_detail_str(p, "location", h->location);
	probe_detail_str(p, "content_type", h->content_type);
	probe_detail_str(p, "via", h->via);
	if (f->body.len > 0)
		probe_detail_text(p, "body", f->body.data,
		    f->body.len > BODY_SHOWN ? BODY_SHOWN : f->body.len);
	if (f->status != 0 && f->code == CURLE_OK && f->body.len > 0) {
		probe_detail_str(p, "body_sha256",
		    digest_sha256_hex(f->body.data, f->body.len, hex));
		probe_detail_int(p, "body_bytes", (int64_t)f->body.len);
	}
	if (p->spec->want != NULL)
		probe_detail_bool(p, "wanted",
		    fetch_has_text(f, p->spec->want));
}

static void
on_fetched(void *arg)
{
	struct probe *p = arg;
	struct http_state *s = p->state;
	const struct fetch *f = &s->fetch;
	enum rung rung = RUNG_TRANSPORT;
	enum cause failure = CAUSE_NONE;

	if (!f->connected) {
		probe_finish(p, f->rung, f->failure);
		return;
	}
	if (is_secure(p))
		tls_detail(p, &f->capture, &rung, &failure);
	describe(p, f);
	if (f->status == 0) {
		probe_detail_str(p, "transfer", curl_easy_strerror(f->code));
		if (failure == CAUSE_NONE)
			failure = fetch_cause(f);
		probe_finish(p, rung, failure);
		return;
	}
	probe_detail_int(p, "status", f->status);
	if (rung == RUNG_TRANSPORT || rung == RUNG_TLS_EXPECTED) {
		rung = RUNG_APP_REPLY;
		failure = judge_status(p);
	}
	probe_finish(p, rung, failure);
}

static void
http_start(struct probe *p)
{
	struct http_state *s = mem_alloc(sizeof *s);
	struct fetch_setup setup = {
	    .probe = p,
	    .to = p->to,
	    .host = p->spec->host,
	    .path = p->spec->path,
	    .secure = is_secure(p),
	    .done = on_fetched,
	    .arg = p,
	};

	p->state = s;
	fetch_start(&s->fetch, &setup);
}

static void
http_stop(struct probe *p)
{
	struct http_state *s = p->state;

	fetch_close(&s->fetch);
	mem_free(s);
}

const struct probe_type probe_http = {
    .name = "http",
    .shape = SHAPE_PAGE,
    .nature = NATURE_PAGE,
    .label = N_("Web request"),
    .sends = N_("It fetches one page without any personal data."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = CONN_ATTEMPTS,
    .packets = FETCH_PACKETS,
    .bytes = FETCH_BYTES,
    .longest_ms = FETCH_LONGEST_MS,
    .start = http_start,
    .stop = http_stop,
};

const struct probe_type probe_https = {
    .name = "https",
    .shape = SHAPE_PAGE,
    .nature = NATURE_CONNECTION,
    .label = N_("Secure web request"),
    .sends = N_("It fetches one page without any personal data over a "
		"secure connection."),
    .needs_address = true,
    .locates = true,
    .carrier = PROTO_TCP,
    .flows = CONN_ATTEMPTS,
    .packets = FETCH_PACKETS,
    .bytes = FETCH_BYTES,
    .longest_ms = FETCH_LONGEST_MS,
    .start = http_start,
    .stop = http_stop,
};
