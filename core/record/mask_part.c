/* SPDX-License-Identifier: MIT */
/* Owns the masking of texts whose form tells what they are, and of those that
 * came over the network. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/record/mask_parts.h"

#define PART_MAX 4096
#define HOST_MAX 254
#define DIGITS_MAX 5 /* of a number that can be no telephone's or serial */
#define SAID_MIN 8   /* bytes of a stranger's word that is looked for */

/* Members of an observation's detail that hold the program's own words, and
 * the names and hashes of certificates' keys. */
static const char *const own[] = {"aaaa_rcode", "alert", "altered",
    "answer_cast", "answered_as", "authority_says", "body_sha256",
    "chain_error", "cipher", "client_certificate", "concluded", "date", "end",
    "expected_issuer", "families", "flight", "flow_at", "flow_near", "form",
    "handshake", "hello_nameless", "hello_ordinary", "hello_small",
    "hello_small_again", "hello_ttl2", "how", "individual_address",
    "issuer_spki", "kind", "leaf_key", "leaf_not_before", "leaf_sha256",
    "leaf_spki", "life_counts", "life_ignored", "low", "medium", "mqtt",
    "name_match", "not_after", "not_before", "profile", "program", "protocol",
    "rcode", "rcodes", "reference", "refusal", "reply", "right", "role", "said",
    "says", "security", "startup", "stopped", "tls", "transfer", "tried",
    "type", "way", "why", "yardstick", "zone", "generation"};

/* What a stranger says of the program or the way in which it answers. */
static const char *const banners[] = {"server", "software", "greeting",
    "reason", "content_type", "alpn", "kiss", "host_key", "kex", "services",
    "answer", "elsewhere", "other_adapter", "adapter", "left_by"};

static const char *const adapters[] = {"elsewhere", "other_adapter", "adapter",
    "left_by"};

static const char *const versions[] = {"version", "firmware"};

const char *const mask_certificates[] = {"authority", "authority_org", "issuer",
    "top_issuer", "subject", NULL};

static const char *const protocols[] = {"tcp", "udp", "icmp", "igmp", "ICMP",
    "TCP", "UDP"};

#define AMONG(list, word) mask_among(list, sizeof(list) / sizeof *(list), word)

/* --- forms --- */

/* "17.0.3", "-5", "2.2/4": digits and signs, no long run of digits. */
static bool
is_number(const char *s)
{
	size_t run = 0;

	for (; *s != '\0'; s++) {
		run = isdigit((unsigned char)*s) ? run + 1 : 0;
		if (run > DIGITS_MAX ||
		    (run == 0 && strchr(".-+/", *s) == NULL))
			return false;
	}
	return true;
}

static bool
is_time(const char *s)
{
	int64_t us;

	return clock_parse_iso(s, &us);
}

/* The address in front of "/24" or ":443", or in brackets. */
static bool
begins_with_address(const char *s)
{
	char text[INET6_ADDRSTRLEN + 4];
	size_t n = strcspn(s, "/%");
	const char *colon;
	struct ip ip;

	if (s[0] == '[') {
		s++;
		n = strcspn(s, "]");
	} else if ((colon = strchr(s, ':')) != NULL &&
	    strchr(colon + 1, ':') == NULL) {
		n = (size_t)(colon - s);
	}
	if (n >= sizeof text)
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	return ip_parse(text, &ip);
}

static bool
is_mac(const char *s)
{
	size_t n = strspn(s, "0123456789abcdefABCDEF:-");

	return s[n] == '\0' && (n == 12 || (n == 17 && strchr(":-", s[2])));
}

/* --- names of hosts --- */

/* Also the domains that it is in: who looks for the house finds it there. */
static const char *
host_token(struct mask *m, const char *host)
{
	const char *token = mask_host(m, host), *dot = strchr(host, '.');

	if (strcmp(token, host) == 0)
		return token;
	(void)mask_word(m, &m->sure, "host", host);
	for (; dot != NULL && strchr(dot + 1, '.') != NULL;
	     dot = strchr(dot + 1, '.')) {
		if (!mask_is_vendors(m, dot + 1))
			(void)mask_word(m, &m->sure, "host", dot + 1);
	}
	return token;
}

/* "name", "name:443", "name."; NULL: no name of a host. */
static const char *
host_at(struct mask *m, const char *s, bool dotted)
{
	char host[HOST_MAX];
	size_t n = strcspn(s, ":");

	if (n == 0 || n >= sizeof host ||
	    (s[n] == ':' && !is_number(s + n + 1)))
		return NULL;
	memcpy(host, s, n);
	host[n] = '\0';
	if (host[n - 1] == '.')
		host[n - 1] = '\0';
	if (!text_is_hostname(host) || (dotted && strchr(host, '.') == NULL))
		return NULL;
	return arena_printf(m->arena, "%s%s", host_token(m, host), s + n);
}

/* What is asked of a stranger's server stays with the owner, and so does who
 * asks. */
static const char *
url_at(struct mask *m, const char *s)
{
	const char *rest = strstr(s, "://"), *path, *at, *who, *token;
	size_t n;

	if (rest == NULL ||
	    strspn(s, "abcdefghijklmnopqrstuvwxyz") != (size_t)(rest - s))
		return NULL;
	rest += 3;
	n = strcspn(rest, "/?#");
	path = rest + n;
	who = arena_strndup(m->arena, rest, n);
	at = strrchr(who, '@');
	if (at != NULL)
		who = at + 1;
	token = begins_with_address(who) ? mask_text(m, who, false) :
					   host_at(m, who, false);
	if (token == NULL)
		return NULL;
	if (strcmp(token, who) != 0 || at != NULL)
		path = path[0] == '\0' ? "" : "/";
	return arena_printf(m->arena, "%.*s%s%s", (int)(rest - s), s, token,
	    mask_text(m, path, false));
}

static const char *
atom(struct mask *m, const char *s)
{
	const char *token;

	if (begins_with_address(s) || is_mac(s))
		return mask_text(m, s, false);
	if (AMONG(protocols, s) || is_number(s) || is_time(s))
		return mask_text(m, s, false);
	token = url_at(m, s);
	return token != NULL ? token : host_at(m, s, true);
}

/* NULL: it has none of the forms. */
static const char *
parts(struct mask *m, const char *text)
{
	const char *s = text, *token, *out = "";
	size_t n, len;

	while (*s != '\0') {
		n = strcspn(s, " ");
		len = n > 0 && s[n - 1] == ',' ? n - 1 : n;
		token = len == 0 ? "" :
				   atom(m, arena_strndup(m->arena, s, len));
		if (token == NULL)
			return NULL;
		out = arena_printf(m->arena, "%s%s%.*s", out, token,
		    (int)(n - len + (s[n] == ' ')), s + len);
		s += n + (s[n] == ' ');
	}
	return out;
}

const char *
mask_part(struct mask *m, const char *kind, const char *text)
{
	const char *out = strlen(text) < PART_MAX ? parts(m, text) : NULL;

	if (out != NULL || strncmp(text, "urn:ietf:", 9) == 0)
		return out == NULL ? text : out;
	if (json_object_get(m->hosts, text) != NULL)
		return text;
	return mask_word(m, &m->sure, kind, text);
}

const char *
mask_version(struct mask *m, const char *text)
{
	struct version v;

	return version_parse(text, &v) ? text : mask_part(m, "text", text);
}

const char *
mask_serial(struct mask *m, const char *text)
{
	return is_mac(text) ? mask_text(m, text, false) :
			      mask_word(m, &m->sure, "serial", text);
}

/* "eth0", "enp3s0f1", "wlp0s20f3", "wg1"; not "enx0050b6123456". */
static bool
is_usual_adapter(const char *s)
{
	static const char *const usual[] = {"lo", "eth", "eno", "ens", "enp",
	    "wlan", "wlp", "wlo", "tun", "tap", "wg", "ppp", "usb", "wwan",
	    "br", "virbr", "docker", "tailscale"};
	size_t i, n;

	for (i = 0; i < sizeof usual / sizeof *usual; i++) {
		n = strlen(usual[i]);
		if (strncmp(s, usual[i], n) == 0 &&
		    strspn(s + n, "0123456789spfunvd") == strlen(s + n) &&
		    (s[n] == '\0' || isdigit((unsigned char)s[n])) &&
		    strlen(s + n) <= 10)
			return true;
	}
	return false;
}

const char *
mask_adapter(struct mask *m, const char *text)
{
	size_t n = strcspn(text, " ");
	const char *name = arena_strndup(m->arena, text, n);
	const char *rest = text + n;

	if (n > 0 && !is_usual_adapter(name))
		name = mask_word(m, &m->sure, "adapter", name);
	if (rest[0] != ' ')
		return name;
	return arena_printf(m->arena, "%s %s", name,
	    mask_part(m, "text", rest + 1));
}

/* --- what came over the network --- */

/* "nginx/1.22.1", "http/1.1", "text/html", "ssh-ed25519": one word of a
 * program, and perhaps its version. Names of people and houses have no such
 * form, or they were typed and are found as words. */
static bool
is_banner(const char *s)
{
	const char *slash = strchr(s, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash - s);

	return slash != NULL && n > 0 &&
	    strspn(s,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == n &&
	    (is_number(slash + 1) || strncmp(s, "text/", 5) == 0 ||
		strncmp(s, "application/", 12) == 0);
}

static bool
is_known_banner(const char *member, const char *s)
{
	static const char *const words[] = {"h2", "RATE", "DENY", "RSTR",
	    "hello", "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256"};

	return is_banner(s) || AMONG(words, s) ||
	    (strcmp(member, "services") == 0 && s[0] == '_' &&
		strspn(s, "_abcdefghijklmnopqrstuvwxyz-, ") == strlen(s));
}

/* The address of the clock that a time server follows, as eight hex digits; or
 * four letters, such as "GPS". */
static const char *
mask_clock(struct mask *m, const char *text)
{
	struct ip ip = {.len = 4}, other;
	unsigned long id;
	char *end, address[INET_ADDRSTRLEN];
	const char *token;

	id = strtoul(text, &end, 16);
	if (strlen(text) != 8 || *end != '\0')
		return mask_token(m, "clock", text);
	ip.byte[0] = (uint8_t)(id >> 24);
	ip.byte[1] = (uint8_t)(id >> 16);
	ip.byte[2] = (uint8_t)(id >> 8);
	ip.byte[3] = (uint8_t)id;
	if (isupper(ip.byte[0]) && isupper(ip.byte[1]) &&
	    (isupper(ip.byte[2]) || ip.byte[2] == 0))
		return text;
	inet_ntop(AF_INET, ip.byte, address, sizeof address);
	token = mask_text(m, address, false);
	if (!ip_parse(token, &other))
		return mask_token(m, "clock", text);
	return arena_printf(m->arena, "%02x%02x%02x%02x", other.byte[0],
	    other.byte[1], other.byte[2], other.byte[3]);
}

/* A stranger's text. It is looked for in sentences, which may quote it, unless
 * it is a word that anybody uses. */
static const char *
strange(struct mask *m, const char *kind, const char *text)
{
	if (strlen(text) >= SAID_MIN || strcmp(kind, "text") != 0)
		return mask_word(m, &m->said, kind, text);
	return mask_token(m, kind, text);
}

static bool
is_of_certificate(const char *member)
{
	size_t i;

	for (i = 0; mask_certificates[i] != NULL; i++) {
		if (strcmp(mask_certificates[i], member) == 0)
			return true;
	}
	return false;
}

const char *
mask_detail(struct mask *m, const char *member, const char *text, bool genuine)
{
	static const struct {
		const char *member, *kind;
	} named[] = {{"ssid", "wifi"}, {"name", "name"}, {"label", "name"}};
	const char *kind = "text", *out;
	size_t i;

	if (text[0] == '\0' || AMONG(own, member))
		return text;
	if (strcmp(member, "refid") == 0)
		return mask_clock(m, text);
	if (strcmp(member, "serial") == 0)
		return mask_serial(m, text);
	if (AMONG(adapters, member))
		return mask_adapter(m, text);
	if (AMONG(versions, member))
		return mask_version(m, text);
	for (i = 0; i < sizeof named / sizeof *named; i++) {
		if (strcmp(member, named[i].member) == 0)
			kind = named[i].kind;
	}
	/* "Lobby 2" is a name, and "2" is one, too. */
	out = strcmp(kind, "text") == 0 || strchr(text, '.') != NULL ?
	    parts(m, text) :
	    NULL;
	if (out != NULL)
		return out;
	if (is_of_certificate(member))
		return json_object_get(m->open, text) != NULL ?
		    text :
		    strange(m, "authority", text);
	if (AMONG(banners, member) && genuine)
		return mask_text(m, text, true);
	if (AMONG(banners, member) && is_known_banner(member, text))
		return text;
	return strange(m, kind, text);
}
