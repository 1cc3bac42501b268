/* SPDX-License-Identifier: MIT */
/* Owns the understanding of what devices say before a login: bytes as in the
 * facts on Loxone, sections 1.4, 1.5, 1.9 and 1.10, and RFC 2326. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/ip.h"
#include "core/base/text.h"
#include "core/probe/device.h"

#define SERIAL_LEN 12

/* "50:4F:94:A0:00:01" or the same without colons, to twelve capitals. */
static bool
read_serial(const char *s, char out[SERIAL_LEN + 1])
{
	size_t n = 0;

	for (; s != NULL && *s != '\0'; s++) {
		if (*s == ':')
			continue;
		if (!isxdigit((unsigned char)*s) || n == SERIAL_LEN)
			return false;
		out[n++] = (char)toupper((unsigned char)*s);
	}
	out[n] = '\0';
	return n == SERIAL_LEN;
}

static const char *
member(const json_t *j, const char *name)
{
	return json_string_value(json_object_get(j, name));
}

/* Mostly a text of pseudo-JSON in single quotes, with a few firmwares an
 * object. Returns owned or NULL. */
static json_t *
read_value(struct arena *a, json_t *value)
{
	char *text, *c;

	if (json_is_object(value))
		return json_incref(value);
	if (!json_is_string(value))
		return NULL;
	text = arena_strdup(a, json_string_value(value));
	for (c = text; *c != '\0'; c++) {
		if (*c == '\'')
			*c = '"';
	}
	return json_loads(text, JSON_REJECT_DUPLICATES, NULL);
}

static void
describe_miniserver(struct probe *p, const json_t *v, const char *serial)
{
	json_t *https = json_object_get(v, "httpsStatus");
	json_t *local = json_object_get(v, "local");
	const char *address = member(v, "address");
	struct ip stated, dialled;
	struct probe_device d = {
	    .kind = "miniserver",
	    .serial = serial,
	    .firmware = member(v, "version"),
	    .generation = https == NULL ? "gen1" : "gen2",
	    .mac = strchr(member(v, "snr"), ':') == NULL ? NULL :
							   member(v, "snr"),
	    .address = p->obs.address,
	};

	probe_add_device(p, &d);
	if (json_is_integer(https))
		probe_detail_int(p, "https_status", json_integer_value(https));
	if (json_is_boolean(local))
		probe_detail_bool(p, "local", json_is_true(local));
	if (address == NULL || !ip_parse(address, &stated) ||
	    !ip_parse(p->obs.address, &dialled))
		return;
	probe_detail_str(p, "stated_address", address);
	/* It knows itself by another address than the one it is dialled by. */
	if (stated.len == dialled.len)
		probe_detail_bool(p, "nat_between",
		    memcmp(stated.byte, dialled.byte, (size_t)stated.len) != 0);
}

static enum device_said
miniserver_key(struct probe *p, struct arena *a, const struct http_reply *r)
{
	json_t *j = json_loadb(r->body, r->body_len, JSON_REJECT_DUPLICATES,
	    NULL);
	json_t *ll = json_object_get(j, "LL");
	json_t *v = read_value(a, json_object_get(ll, "value"));
	char serial[SERIAL_LEN + 1];
	enum device_said said = SAID_OTHER;

	if (member(ll, "control") != NULL &&
	    strstr(member(ll, "control"), "cfg/apiKey") != NULL &&
	    read_serial(member(v, "snr"), serial)) {
		describe_miniserver(p, v, serial);
		said = SAID_IT;
	}
	json_decref(v);
	json_decref(j);
	return said;
}

/* Newer firmware leads to https://10-0-0-7.SERIAL.dyndns.loxonecloud.com:
 * nobody else knows how that is written. */
static enum device_said
miniserver_redirect(struct probe *p, struct arena *a,
    const struct http_reply *r)
{
	const char *to = http_reply_header(a, r, "Location");
	char *want = arena_strdup(a, p->obs.address), *c;
	char serial[SERIAL_LEN + 1];
	struct probe_device d = {.kind = "miniserver",
	    .serial = serial,
	    .generation = "gen2",
	    .address = p->obs.address};
	size_t n;

	if (to == NULL || strncasecmp(to, "https://", 8) != 0)
		return SAID_NOTHING;
	to += 8;
	for (c = want; *c != '\0'; c++) {
		if (*c == '.' || *c == ':')
			*c = '-';
	}
	n = strlen(want);
	if (strncasecmp(to, want, n) != 0 || to[n] != '.' ||
	    strnlen(to + n + 1, SERIAL_LEN) < SERIAL_LEN ||
	    strncasecmp(to + n + 1 + SERIAL_LEN, ".dyndns.", 8) != 0 ||
	    !read_serial(arena_strndup(a, to + n + 1, SERIAL_LEN), serial))
		return SAID_NOTHING;
	probe_detail_str(p, "redirect", to - 8);
	probe_add_device(p, &d);
	return SAID_IT;
}

enum device_said
device_miniserver(struct probe *p, const struct http_reply *r)
{
	struct arena *a = arena_new();
	enum device_said said = SAID_NOTHING;

	if (r->rtsp)
		said = SAID_OTHER;
	else if (r->status == 200)
		said = miniserver_key(p, a, r);
	else if (r->status > 300 && r->status < 309)
		said = miniserver_redirect(p, a, r);
	arena_free(a);
	return said;
}

static void
add_audioserver(struct probe *p, const char *firmware, const char *mac)
{
	struct probe_device d = {.kind = "audioserver",
	    .firmware = firmware,
	    .mac = mac,
	    .address = p->obs.address};

	probe_add_device(p, &d);
}

enum device_said
device_audio_ready(struct probe *p, const struct http_reply *r)
{
	json_t *j = r->status != 200 ?
	    NULL :
	    json_loadb(r->body, r->body_len, JSON_REJECT_DUPLICATES, NULL);
	const char *command = member(j, "command");
	bool is = command != NULL && strcmp(command, "audio/cfg/ready") == 0 &&
	    json_object_get(j, "ready_result") != NULL;

	if (is)
		add_audioserver(p, NULL, NULL);
	json_decref(j);
	if (is)
		return SAID_IT;
	return r->status == 200 || r->rtsp ? SAID_OTHER : SAID_NOTHING;
}

enum device_said
device_video(struct probe *p, const struct http_reply *r)
{
	struct arena *a = arena_new();
	const char *type = http_reply_header(a, r, "Content-Type");
	const char *login = http_reply_header(a, r, "WWW-Authenticate");
	struct probe_device d = {.kind = "intercom",
	    .generation = "gen1",
	    .address = p->obs.address};
	enum device_said said = SAID_NOTHING;

	if (r->rtsp)
		said = SAID_OTHER;
	else if (r->status == 200 && type != NULL &&
	    (strncasecmp(type, "multipart/x-mixed-replace", 25) == 0 ||
		strncasecmp(type, "image/", 6) == 0 ||
		strncasecmp(type, "video/", 6) == 0))
		said = SAID_IT;
	else if (r->status == 401 && login != NULL)
		said = SAID_IT;
	else if (r->status == 200)
		said = SAID_OTHER;
	/* Others ask for a login too. */
	if (said == SAID_IT && r->status == 200)
		probe_add_device(p, &d);
	arena_free(a);
	return said;
}

enum device_said
device_page(struct probe *p, const struct http_reply *r)
{
	(void)p;
	return r->rtsp || r->status < 200 || r->status > 599 ? SAID_OTHER :
							       SAID_IT;
}

enum device_said
device_airplay(struct probe *p, const struct http_reply *r)
{
	struct arena *a = arena_new();
	const char *server = http_reply_header(a, r, "Server");
	const char *cseq = http_reply_header(a, r, "CSeq");
	struct probe_device d = {.kind = "airplay", .address = p->obs.address};
	enum device_said said = SAID_OTHER;

	if (server != NULL)
		probe_detail_str(p, "server", server);
	/* An answer to somebody else's question is none. */
	if (cseq != NULL ? strcmp(cseq, DEVICE_CSEQ) == 0 :
			   server != NULL &&
		    (strncasecmp(server, "AirTunes", 8) == 0 ||
			strncasecmp(server, "AirPlay", 7) == 0))
		said = r->rtsp || server != NULL ? SAID_IT : SAID_OTHER;
	if (said == SAID_IT)
		probe_add_device(p, &d);
	arena_free(a);
	return said;
}

/* Takes the word up to the next space; NULL when there is none. */
static char *
next_word(struct arena *a, const char **s, const char *end)
{
	const char *from;

	while (*s < end && **s == ' ')
		(*s)++;
	from = *s;
	while (*s < end && **s != ' ')
		(*s)++;
	return *s == from ? NULL : arena_strndup(a, from, (size_t)(*s - from));
}

static bool
is_word(struct arena *a, const char **s, const char *end, const char *want)
{
	char *word = next_word(a, s, end);

	return word != NULL && strcmp(word, want) == 0;
}

/* "LWSS V 15.2.09.27 | ~API:1.6~ | Session-Token: ..." to apps, "MINISERVER V
 * LWSS V 15.2.09.27 504F94A00002 | ..." to the Miniserver. The token is a
 * secret of the session and is not kept. */
enum device_said
device_audio_greeting(struct probe *p, const char *text, size_t len)
{
	struct arena *a = arena_new();
	const char *s = text, *end = text + len;
	char serial[SERIAL_LEN + 1], *firmware, *mac;
	struct version v;
	enum device_said said = SAID_OTHER;

	if (len >= 10 && memcmp(s, "MINISERVER", 10) == 0) {
		next_word(a, &s, end);
		if (!is_word(a, &s, end, "V"))
			s = end;
		else
			probe_detail_str(p, "role", "miniserver");
	} else {
		probe_detail_str(p, "role", "app");
	}
	if (is_word(a, &s, end, "LWSS") && is_word(a, &s, end, "V") &&
	    (firmware = next_word(a, &s, end)) != NULL &&
	    version_parse(firmware, &v)) {
		mac = next_word(a, &s, end);
		add_audioserver(p, firmware,
		    mac != NULL && read_serial(mac, serial) ? mac : NULL);
		said = SAID_IT;
	}
	arena_free(a);
	return said;
}

enum device_said
device_intercom_call(struct probe *p, const char *text, size_t len)
{
	json_t *j = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	const char *method = member(j, "method");
	const char *version = member(j, "jsonrpc");
	struct probe_device d = {.kind = "intercom",
	    .generation = "gen2",
	    .address = p->obs.address};
	bool is = method != NULL && strcmp(method, "authenticate") == 0 &&
	    version != NULL && strcmp(version, "2.0") == 0 &&
	    json_is_array(json_object_get(j, "params"));

	json_decref(j);
	if (!is)
		return SAID_OTHER;
	probe_add_device(p, &d);
	return SAID_IT;
}
