/* SPDX-License-Identifier: MIT */
/* Owns what is written to and read from a SIP server. */
#include "core/probe/sip_message.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/digest.h"
#include "core/base/ip.h"

#define MAX_LINES 100
#define COOKIE "z9hG4bK" /* RFC 3261 section 8.1.1.7 */
#define USER "sitewalk"

const char *const sip_alteration_names[SIP_ALTERATIONS] = {
    "via_sent_by",
    "via_transport",
    "via_branch",
    "via_count",
    "call_id",
    "cseq",
    "from",
    "to",
    "received",
};

/* --- the request --- */

static void
random_token(char out[SIP_TOKEN])
{
	static const char letter[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint8_t raw[SIP_TOKEN - 1];
	size_t i;

	random_bytes(raw, sizeof raw);
	for (i = 0; i < sizeof raw; i++)
		out[i] = letter[raw[i] & 31];
	out[i] = '\0';
}

void
sip_request_renew(struct sip_request *q)
{
	uint8_t raw[2];

	random_token(q->branch);
	random_token(q->call_id);
	random_token(q->tag);
	random_bytes(raw, sizeof raw);
	q->cseq = 1u + (unsigned)raw[0] * 256 + raw[1];
}

struct names {
	char me[ADDR_TEXT_SIZE]; /* IPv6 in brackets */
	char sent_by[ADDR_TEXT_SIZE + 8];
	char target[300]; /* with the port, if unusual */
};

static void
names_of(const struct sip_request *q, struct names *n)
{
	char text[ADDR_TEXT_SIZE];
	bool v6 = q->me.sa.sa_family == AF_INET6;
	bool bare6 = strchr(q->host, ':') != NULL;

	addr_text(&q->me, text);
	snprintf(n->me, sizeof n->me, v6 ? "[%.60s]" : "%.60s", text);
	snprintf(n->sent_by, sizeof n->sent_by, "%s:%u", n->me,
	    addr_port(&q->me));
	if (q->port == 5060)
		snprintf(n->target, sizeof n->target,
		    bare6 ? "[%.250s]" : "%.250s", q->host);
	else
		snprintf(n->target, sizeof n->target,
		    bare6 ? "[%.250s]:%u" : "%.250s:%u", q->host, q->port);
}

size_t
sip_request_write(const struct sip_request *q, char *out, size_t size)
{
	struct names n;
	const char *transport = q->udp ? "UDP" : "TCP";
	int len;

	names_of(q, &n);
	len = snprintf(out, size,
	    "OPTIONS sip:%s SIP/2.0\r\n"
	    "Via: SIP/2.0/%s %s;branch=" COOKIE "%s;rport\r\n"
	    "Max-Forwards: 70\r\n"
	    "From: <sip:" USER "@%s>;tag=%s\r\n"
	    "To: <sip:%s>\r\n"
	    "Call-ID: %s@%s\r\n"
	    "CSeq: %u OPTIONS\r\n"
	    "Contact: <sip:" USER "@%s%s>\r\n"
	    "Accept: application/sdp\r\n"
	    "Content-Length: 0\r\n"
	    "\r\n",
	    n.target, transport, n.sent_by, q->branch, n.me, q->tag, n.target,
	    q->call_id, n.me, q->cseq, n.sent_by,
	    q->udp ? "" : ";transport=tcp");
	return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

/* --- texts --- */

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

static struct sip_text
trim(const char *at, size_t len)
{
	while (len > 0 && is_space(*at)) {
		at++;
		len--;
	}
	while (len > 0 && is_space(at[len - 1]))
		len--;
	return (struct sip_text){at, len};
}

static bool
is_same(struct sip_text a, const char *s)
{
	return a.at != NULL && a.len == strlen(s) &&
	    strncasecmp(a.at, s, a.len) == 0;
}

static bool
holds(struct sip_text a, const char *s)
{
	return a.at != NULL && memmem(a.at, a.len, s, strlen(s)) != NULL;
}

/* Up to the first of these characters outside of quotes and brackets. */
static size_t
span_to(struct sip_text t, const char *stop)
{
	bool quoted = false, angled = false;
	size_t i;

	for (i = 0; i < t.len; i++) {
		if (quoted && t.at[i] == '\\')
			i++;
		else if (t.at[i] == '"')
			quoted = !quoted;
		else if (!quoted && t.at[i] == '<')
			angled = true;
		else if (!quoted && t.at[i] == '>')
			angled = false;
		else if (!quoted && !angled && strchr(stop, t.at[i]) != NULL)
			return i;
	}
	return t.len;
}

static struct sip_text
skip(struct sip_text t, size_t n)
{
	return n >= t.len ? (struct sip_text){t.at + t.len, 0} :
			    (struct sip_text){t.at + n, t.len - n};
}

/* The value of ";name=value"; empty for ";name" alone, NULL when absent. */
static struct sip_text
parameter(struct sip_text t, const char *name)
{
	struct sip_text one, key;
	size_t n;

	for (t = skip(t, span_to(t, ";")); t.len > 0;) {
		t = skip(t, 1);
		n = span_to(t, ";");
		one = trim(t.at, n);
		key = trim(one.at, span_to(one, "="));
		if (is_same(key, name)) {
			one = skip(one, span_to(one, "=") + 1);
			return trim(one.at, one.len);
		}
		t = skip(t, n);
	}
	return (struct sip_text){NULL, 0};
}

/* --- the head --- */

struct head {
	struct sip_text via; /* the topmost value */
	unsigned nvias, ncall_ids, ncseqs, nfroms, ntos;
	struct sip_text call_id, cseq, from, to, contact, server, length;
};

static void
take_via(struct head *h, struct sip_text v)
{
	size_t n;

	do {
		n = span_to(v, ",");
		if (h->nvias++ == 0)
			h->via = trim(v.at, n);
		v = skip(v, n + 1);
	} while (v.len > 0);
}

static void
take_header(struct head *h, struct sip_text name, struct sip_text v)
{
	if (is_same(name, "via") || is_same(name, "v")) {
		take_via(h, v);
	} else if (is_same(name, "call-id") || is_same(name, "i")) {
		h->ncall_ids++;
		h->call_id = v;
	} else if (is_same(name, "cseq")) {
		h->ncseqs++;
		h->cseq = v;
	} else if (is_same(name, "from") || is_same(name, "f")) {
		h->nfroms++;
		h->from = v;
	} else if (is_same(name, "to") || is_same(name, "t")) {
		h->ntos++;
		h->to = v;
	} else if (is_same(name, "contact") || is_same(name, "m")) {
		h->contact = v;
	} else if (is_same(name, "content-length") || is_same(name, "l")) {
		h->length = v;
	} else if (is_same(name, "server") ||
	    (is_same(name, "user-agent") && h->server.at == NULL)) {
		h->server = v;
	}
}

static bool
is_token(struct sip_text t)
{
	size_t i;

	for (i = 0; i < t.len; i++) {
		char c = t.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') &&
		    (c == '\0' || strchr("-.!%*_+`'~", c) == NULL))
			return false;
	}
	return t.len > 0;
}

/* Lines of a head that ends in CRLF; false on the first that is malformed. */
static bool
read_headers(char *at, size_t len, struct head *h)
{
	struct sip_text name;
	char *end, *colon;
	size_t n, lines = 0;

	while (len > 0) {
		end = memmem(at, len, "\r\n", 2);
		if (end == NULL || ++lines > MAX_LINES)
			return false;
		n = (size_t)(end - at);
		if (memchr(at, '\0', n) != NULL ||
		    memchr(at, '\n', n) != NULL || memchr(at, '\r', n) != NULL)
			return false;
		colon = memchr(at, ':', n);
		if (colon == NULL)
			return false;
		name = trim(at, (size_t)(colon - at));
		if (name.at != at || !is_token(name))
			return false;
		take_header(h, name,
		    trim(colon + 1, n - (size_t)(colon - at) - 1));
		at += n + 2;
		len -= n + 2;
	}
	return true;
}

/* RFC 3261 section 7.3.1: a line that begins with a space goes on. */
static size_t
unfold(char *s, size_t len)
{
	size_t in, out = 0;

	for (in = 0; in < len; in++) {
		if (in + 2 < len && s[in] == '\r' && s[in + 1] == '\n' &&
		    is_space(s[in + 2])) {
			s[out++] = ' ';
			in += 2;
		} else {
			s[out++] = s[in];
		}
	}
	s[out] = '\0';
	return out;
}

static bool
number(struct sip_text t, unsigned most, unsigned *out)
{
	size_t i;

	*out = 0;
	for (i = 0; i < t.len; i++) {
		if (t.at[i] < '0' || t.at[i] > '9' || *out > most)
			return false;
		*out = *out * 10 + (unsigned)(t.at[i] - '0');
	}
	return t.len > 0 && t.len < 10 && *out <= most;
}

/* "SIP/2.0 200 OK" */
static bool
read_status(struct sip_text line, struct sip_response *out)
{
	unsigned status;

	if (line.len < 12 || strncasecmp(line.at, "SIP/2.0 ", 8) != 0 ||
	    line.at[11] != ' ' ||
	    !number((struct sip_text){line.at + 8, 3}, 699, &status) ||
	    status < 100)
		return false;
	out->status = (int)status;
	out->reason = trim(line.at + 12, line.len - 12);
	return true;
}

/* --- what was changed --- */

static bool
is_call_id(struct sip_text t, const char *token, const char *me)
{
	size_t n = strlen(token);

	return t.at != NULL && t.len == n + 1 + strlen(me) &&
	    memcmp(t.at, token, n) == 0 && t.at[n] == '@' &&
	    memcmp(t.at + n + 1, me, strlen(me)) == 0;
}

static bool
is_cseq(struct sip_text t, unsigned ours)
{
	struct sip_text digits = trim(t.at, span_to(t, " \t"));
	struct sip_text method = skip(t, digits.len);
	unsigned n;

	method = trim(method.at, method.len);
	return number(digits, 65536, &n) && n == ours && method.len == 7 &&
	    memcmp(method.at, "OPTIONS", 7) == 0;
}

/* "SIP / 2.0 / TCP host:port;..." */
static void
split_via(struct sip_text via, struct sip_text *transport,
    struct sip_text *sent_by)
{
	struct sip_text t = via;
	int i;

	t.len = span_to(t, ";");
	for (i = 0; i < 2; i++)
		t = skip(t, span_to(t, "/") + 1);
	t = trim(t.at, t.len);
	*transport = trim(t.at, span_to(t, " \t"));
	t = skip(t, transport->len);
	*sent_by = trim(t.at, t.len);
}

/* A server that fills in rport tells the address too (RFC 3581 section 4),
 * and must where it is not the one in the Via (RFC 3261 section 18.2.1). From
 * outside it cannot have been ours. */
static bool
is_odd_received(const struct sip_response *r, const char *me)
{
	char text[ADDR_TEXT_SIZE];
	struct ip ip;

	if (r->received.at != NULL && r->received.len > 0) {
		snprintf(text, sizeof text, "%.*s", (int)r->received.len,
		    r->received.at);
		return is_same(r->received, me) ||
		    (ip_parse(text, &ip) && ip_is_private(&ip) &&
			!ip_in_prefix(&ip, "100.64.0.0/10"));
	}
	return r->rport.at != NULL && r->rport.len > 0;
}

static unsigned
compare(const struct head *h, const struct sip_request *q, bool outside,
    struct sip_response *r)
{
	struct names n;
	struct sip_text transport, branch;
	char from[400], to[310], mark[SIP_TOKEN + 8];
	unsigned bits = 0;

	names_of(q, &n);
	split_via(h->via, &transport, &r->sent_by);
	r->received = parameter(h->via, "received");
	r->rport = parameter(h->via, "rport");
	branch = parameter(h->via, "branch");
	snprintf(mark, sizeof mark, COOKIE "%s", q->branch);
	snprintf(from, sizeof from, "<sip:" USER "@%s>", n.me);
	snprintf(to, sizeof to, "sip:%s", n.target);
	if (!is_same(branch, mark))
		bits |= SIP_VIA_BRANCH;
	if (!is_same(transport, q->udp ? "UDP" : "TCP"))
		bits |= SIP_VIA_TRANSPORT;
	if (!is_same(r->sent_by, n.sent_by))
		bits |= SIP_VIA_SENT_BY;
	if (h->nvias != 1)
		bits |= SIP_VIA_COUNT;
	if (!is_call_id(h->call_id, q->call_id, n.me))
		bits |= SIP_CALL_ID;
	if (!is_cseq(h->cseq, q->cseq))
		bits |= SIP_CSEQ;
	if (!holds(h->from, from) ||
	    !is_same(parameter(h->from, "tag"), q->tag))
		bits |= SIP_FROM;
	if (!holds(h->to, to))
		bits |= SIP_TO;
	if (outside && is_odd_received(r, n.me))
		bits |= SIP_RECEIVED;
	return bits;
}

/* Two of three, so that a box that changes one of them is found out rather
 * than taken for another conversation; two of them hold a random token. */
static bool
is_ours(const struct head *h, const struct sip_request *q, unsigned altered)
{
	bool call_id = holds(h->call_id, q->call_id);
	bool branch = (altered & SIP_VIA_BRANCH) == 0;
	bool cseq = (altered & SIP_CSEQ) == 0;

	return h->nvias > 0 && h->ncall_ids == 1 && h->ncseqs == 1 &&
	    h->nfroms == 1 && h->ntos == 1 && call_id + branch + cseq >= 2;
}

enum sip_kind
sip_response_read(const uint8_t *data, size_t len, const struct sip_request *q,
    bool outside, struct sip_response *out)
{
	struct head h;
	struct sip_text line;
	unsigned body = 0;
	size_t at = 0, head;
	char *end;

	/* Keep-alives may stand before it (RFC 3261 section 7.5). */
	while (at + 1 < len && data[at] == '\r' && data[at + 1] == '\n')
		at += 2;
	memset(&h, 0, sizeof h);
	out->size = 0;
	if (len - at > SIP_MAX)
		return SIP_NOT;
	memcpy(out->copy, data + at, len - at);
	out->copy[len - at] = '\0';
	if (strncasecmp(out->copy, "SIP/2.0 ", len - at < 8 ? len - at : 8) !=
	    0)
		return SIP_NOT;
	end = memmem(out->copy, len - at, "\r\n\r\n", 4);
	if (end == NULL)
		return q->udp ? SIP_NOT : SIP_MORE;
	head = (size_t)(end - out->copy) + 2;
	out->size = at + head + 2;
	head = unfold(out->copy, head);
	end = memmem(out->copy, head, "\r\n", 2);
	line = (struct sip_text){out->copy, (size_t)(end - out->copy)};
	if (!read_status(line, out) ||
	    !read_headers(end + 2, head - line.len - 2, &h) ||
	    (h.length.at != NULL && !number(h.length, SIP_MAX, &body)))
		return SIP_NOT;
	if (body > len - out->size)
		return q->udp ? SIP_NOT : SIP_MORE;
	out->size += body;
	out->server = h.server;
	out->contact = h.contact;
	out->altered = compare(&h, q, outside, out);
	return is_ours(&h, q, out->altered) ? SIP_RESPONSE : SIP_NOT;
}
