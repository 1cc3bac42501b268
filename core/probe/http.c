/* SPDX-License-Identifier: MIT */
/* The probes "http" and "https": one GET (facts 1.7; RFC 9110). `expect` in
 * the pack is text that the vendor's page holds, so that another page is a
 * block page; `want` is text that only proves: without it the page is not
 * told apart. Detail: "status", "date", "age", "date_seen_us", "server",
 * "location", "content_type", "via", "body" (its start), "body_sha256" and
 * "body_bytes" (of what came whole), "wanted" (was `want` there?), "transfer"
 * (why no web answer came), and for https see tls_detail.h. When nothing comes
 * but the connection, small segments are tried (narrow.h): "small_status" is
 * the web answer that came by them, 0 for none. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/probe/fetch.h"
#include "core/probe/narrow.h"
#include "core/probe/tls_detail.h"

#define BODY_SHOWN 400
#define NREQUESTS 4   /* two as usual, two in small segments */
#define SMALL_MS 2000 /* it has had the other's time already */
#define FLOWS (CONN_ATTEMPTS + NREQUESTS - 1)
#define LONGEST_MS (3 * FETCH_LONGEST_MS)

struct http_state {
	struct fetch fetch;
	struct narrow narrow;
	bool small;     /* the request that runs is in small segments */
	enum rung rung; /* what the last usual one came to */
	enum cause failure;
};

static void on_fetched(void *arg);

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
	probe_detail_str(p, "age", h->age);
	/* From a store on the way the date is that of the page, which may be
	 * hours old, and no clock's (RFC 9111 section 5.1). */
	if (f->date_seen_us != 0 &&
	    (h->age == NULL || strcmp(h->age, "0") == 0))
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
request(struct probe *p, bool small)
{
	struct http_state *s = p->state;
	struct fetch_setup setup = {
	    .probe = p,
	    .to = p->to,
	    .host = p->spec->host,
	    .path = p->spec->path,
	    .secure = is_secure(p),
	    .mss = small ? NARROW_MSS : 0,
	    .timeout_ms = small ? SMALL_MS : 0,
	    .done = on_fetched,
	    .arg = p,
	};

	fetch_close(&s->fetch);
	s->small = small;
	fetch_start(&s->fetch, &setup);
}

/* Is there time and a flow left for one more? */
static bool
may_go_on(const struct probe *p)
{
	int64_t gone = (clock_mono_us() - p->start_mono_us) / 1000;

	return p->obs.nattempts + CONN_ATTEMPTS <= FLOWS &&
	    gone + FETCH_LONGEST_MS <= LONGEST_MS;
}

/* What a usual request came to, once there is a connection. */
static void
note_result(struct probe *p)
{
	struct http_state *s = p->state;
	const struct fetch *f = &s->fetch;

	s->rung = RUNG_TRANSPORT;
	s->failure = CAUSE_NONE;
	if (is_secure(p))
		tls_detail(p, &f->capture, &s->rung, &s->failure);
	if (f->capture.chain != NULL)
		probe_detail_bool(p, "key_proved", f->proved);
	describe(p, f);
	if (f->status == 0) {
		if (s->failure == CAUSE_NONE)
			s->failure = fetch_cause(f);
		return;
	}
	probe_detail_int(p, "status", f->status);
	if (s->rung == RUNG_TRANSPORT || s->rung == RUNG_TLS_EXPECTED) {
		s->rung = RUNG_APP_REPLY;
		s->failure = judge_status(p);
	}
}

static void
on_fetched(void *arg)
{
	struct probe *p = arg;
	struct http_state *s = p->state;
	const struct fetch *f = &s->fetch;
	bool whole = f->status != 0 && f->code == CURLE_OK;
	bool silent = f->connected && f->code == CURLE_OPERATION_TIMEDOUT;
	enum narrow_next next;

	if (!f->connected && s->narrow.step == 0) {
		probe_finish(p, f->rung, f->failure);
		return;
	}
	if (s->small)
		probe_detail_int(p, "small_status", f->status);
	else if (f->connected)
		note_result(p);
	next = narrow_after(&s->narrow, silent, whole);
	if ((next == NARROW_SMALL || next == NARROW_NORMAL) && may_go_on(p)) {
		request(p, next == NARROW_SMALL);
		return;
	}
	if (next == NARROW_PROVED) {
		s->rung = RUNG_TRANSPORT;
		s->failure = CAUSE_MTU_BLACKHOLE;
	}
	if (!s->small && f->connected && f->status == 0)
		probe_detail_str(p, "transfer", curl_easy_strerror(f->code));
	probe_finish(p, s->rung, s->failure);
}

static void
http_start(struct probe *p)
{
	p->state = mem_alloc(sizeof(struct http_state));
	request(p, false);
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
    .flows = FLOWS,
    .packets = NREQUESTS * FETCH_PACKETS,
    .bytes = NREQUESTS * FETCH_BYTES,
    .longest_ms = LONGEST_MS,
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
    .flows = FLOWS,
    .packets = NREQUESTS * FETCH_PACKETS,
    .bytes = NREQUESTS * FETCH_BYTES,
    .longest_ms = LONGEST_MS,
    .start = http_start,
    .stop = http_stop,
};
