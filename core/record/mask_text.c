/* SPDX-License-Identifier: MIT */
/* Owns the tokens of a masked document, and what they stand for in text. */
#include "core/record/mask_text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/ip.h"
#include "core/record/codec.h"

#define TEXT_MAX ((size_t)4 << 20)
/* A shorter word stands in too many others. */
#define WORD_MIN 3
#define LITERAL_MAX 45

/* Without vowels: no token spells a word. */
#define TOKEN_SIGNS "bcdfghjkmnpqrstvwxz23456789"
#define TOKEN_LEN 6
#define TOKEN_MAX 24

static const char *
make_token(struct mask *m, const char *kind, const char *text, int len)
{
	uint8_t digest[MASK_DIGEST];
	char name[TOKEN_MAX + 1];
	int i;

	mask_digest(m, kind, text, strlen(text), digest);
	for (i = 0; i < len; i++)
		name[i] = TOKEN_SIGNS[digest[i] % (sizeof TOKEN_SIGNS - 1)];
	name[len] = '\0';
	return arena_printf(m->arena, "%s-%s", kind, name);
}

static const char *
keep(struct mask *m, const char *key, const char *token, const char *text)
{
	codec_set(m->token_of, key, codec_string(token));
	codec_set(m->original_of, token, codec_string(text));
	return json_string_value(json_object_get(m->token_of, key));
}

const char *
mask_token(struct mask *m, const char *kind, const char *text)
{
	const char *key = arena_printf(m->arena, "%s:%s", kind, text);
	const char *token = json_string_value(
	    json_object_get(m->token_of, key));
	int len = TOKEN_LEN;

	if (text[0] == '\0' || token != NULL)
		return token == NULL ? "" : token;
	do {
		token = make_token(m, kind, text, len);
		len += TOKEN_LEN;
	} while (
	    json_object_get(m->original_of, token) != NULL && len <= TOKEN_MAX);
	return keep(m, key, token, text);
}

const char *
mask_word(struct mask *m, struct mask_words *w, const char *kind,
    const char *text)
{
	const char *token = mask_token(m, kind, text);

	if (strlen(text) >= WORD_MIN && !strlist_has(&w->words, text)) {
		strlist_add(m->arena, &w->words, text);
		strlist_add(m->arena, &w->tokens, token);
	}
	return token;
}

void
mask_sort_words(struct mask_words *w)
{
	size_t i, j;

	for (i = 1; i < w->words.count; i++) {
		char *word = w->words.item[i], *token = w->tokens.item[i];
		size_t len = strlen(word);

		for (j = i; j > 0 && strlen(w->words.item[j - 1]) < len; j--) {
			w->words.item[j] = w->words.item[j - 1];
			w->tokens.item[j] = w->tokens.item[j - 1];
		}
		w->words.item[j] = word;
		w->tokens.item[j] = token;
	}
	for (i = 0; i < w->words.count; i++) {
		w->first[tolower((unsigned char)w->words.item[i][0])] = true;
		w->first[toupper((unsigned char)w->words.item[i][0])] = true;
	}
}

/* --- addresses --- */

static const char *
ip_text(const struct ip *ip, char out[INET6_ADDRSTRLEN])
{
	return inet_ntop(ip->len == 4 ? AF_INET : AF_INET6, ip->byte, out,
	    INET6_ADDRSTRLEN);
}

void
mask_open(struct mask *m, const char *address)
{
	struct ip ip;
	char text[INET6_ADDRSTRLEN];

	if (ip_parse(address, &ip))
		codec_set(m->open, ip_text(&ip, text),
		    codec_checked(json_true()));
}

void
mask_open_public(struct mask *m, const json_t *value)
{
	const char *text = json_string_value(value);
	struct ip ip;

	if (text != NULL && ip_parse(text, &ip) && !ip_is_private(&ip))
		mask_open(m, text);
}

/* NULL: it stays as it is. */
static const char *
mask_address(struct mask *m, const char *literal)
{
	char text[INET6_ADDRSTRLEN], token[INET6_ADDRSTRLEN];
	const char *key, *known;
	struct ip ip, other;

	if (!ip_parse(literal, &ip))
		return NULL;
	ip_text(&ip, text);
	if (json_object_get(m->open, text) != NULL)
		return NULL;
	key = arena_printf(m->arena, "address:%s", text);
	known = json_string_value(json_object_get(m->token_of, key));
	if (known != NULL)
		return known;
	if (!mask_ip(m, &ip, &other))
		return NULL;
	return keep(m, key, ip_text(&other, token), text);
}

/* --- text --- */

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

static bool
is_letter(char c)
{
	return is_hex(c) || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') ||
	    (unsigned char)c >= 0x80;
}

/* Bytes of a MAC address at s: six pairs and five equal signs between. */
static size_t
mac_length(const char *s)
{
	int i;

	for (i = 0; i < 17; i++) {
		if (i % 3 == 2 ?
			(s[i] != s[2] || (s[i] != ':' && s[i] != '-')) :
			!is_hex(s[i]))
			return 0;
	}
	return is_letter(s[17]) || s[17] == s[2] ? 0 : 17;
}

/* "504F94A00001", as many devices print it. */
static size_t
bare_mac_length(const char *s)
{
	int i;

	for (i = 0; i < 12; i++) {
		if (!is_hex(s[i]))
			return 0;
	}
	return is_letter(s[12]) ? 0 : 12;
}

/* The MAC address at s in one way of writing it; its bytes, or 0. */
static size_t
mac_at(const char *s, char mac[MASK_MAC])
{
	size_t len = mac_length(s), i, n = 0;

	if (len == 0)
		len = bare_mac_length(s);
	for (i = 0; i < len; i++) {
		if (!is_hex(s[i]))
			continue;
		if (n % 3 == 2)
			mac[n++] = ':';
		mac[n++] = (char)tolower((unsigned char)s[i]);
	}
	mac[len == 0 ? 0 : n] = '\0';
	return len;
}

static bool
has_small_letters(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] >= 'a' && s[i] <= 'f')
			return true;
	}
	return false;
}

/* Written as the one that it stands for: with its signs between, or none, and
 * its letters large or small. */
static const char *
like(struct mask *m, const char *mac, const char *s, size_t len)
{
	char out[MASK_MAC];
	size_t i, n = 0;
	bool small = has_small_letters(s, len) || len != 12;

	if (len == 17 && !has_small_letters(s, len))
		small = strpbrk(s, "ABCDEF") == NULL ||
		    strpbrk(s, "ABCDEF") >= s + len;
	for (i = 0; mac[i] != '\0'; i++) {
		if (mac[i] == ':' && len == 12)
			continue;
		out[n++] = mac[i] == ':' ? s[2] :
		    small                ? mac[i] :
					   (char)toupper((unsigned char)mac[i]);
	}
	return arena_strndup(m->arena, out, n);
}

/* Those of groups and of nobody stay. */
static bool
is_common_mac(const char *mac)
{
	return strchr("13579bdf", mac[1]) != NULL ||
	    strcmp(mac, "00:00:00:00:00:00") == 0;
}

static const char *
mac_token_at(struct mask *m, const char *s, size_t *used)
{
	char mac[MASK_MAC], token[MASK_MAC];
	const char *key;

	*used = mac_at(s, mac);
	if (*used == 0)
		return NULL;
	if (is_common_mac(mac) || json_object_get(m->open, mac) != NULL)
		return arena_strndup(m->arena, s, *used);
	mask_mac(m, mac, token);
	key = arena_printf(m->arena, "mac:%s", mac);
	if (json_object_get(m->token_of, key) == NULL)
		(void)keep(m, key, token, mac);
	return like(m, token, s, *used);
}

void
mask_open_macs(struct mask *m, const char *text)
{
	char mac[MASK_MAC];
	const char *s;

	for (s = text; *s != '\0'; s++) {
		if ((s == text || !is_letter(s[-1])) && mac_at(s, mac) > 0)
			codec_set(m->open, mac, codec_checked(json_true()));
	}
}

/* "10-20-30-50", as in names that are made of an address. */
static const char *
dashed_at(struct mask *m, const char *s, size_t *used)
{
	char literal[16], *token, *dot;
	const char *found;
	size_t n, dots = 0;

	for (n = 0; n < sizeof literal - 1 &&
	     ((s[n] >= '0' && s[n] <= '9') || s[n] == '-');
	     n++) {
		literal[n] = s[n] == '-' ? '.' : s[n];
		dots += s[n] == '-';
	}
	literal[n] = '\0';
	*used = n;
	found = dots == 3 ? mask_address(m, literal) : NULL;
	if (found == NULL)
		return NULL;
	token = arena_strdup(m->arena, found);
	while ((dot = strchr(token, '.')) != NULL)
		*dot = '-';
	return token;
}

/* The longest run at s that is an address, without the signs of the sentence
 * or the port behind it. One that stays readable is its own token, so that
 * nobody looks for another one in the middle of it. */
static const char *
address_at(struct mask *m, const char *s, size_t *used)
{
	char literal[LITERAL_MAX + 1];
	const char *token;
	struct ip ip;
	size_t n = 0;

	while (n < LITERAL_MAX && (is_hex(s[n]) || s[n] == '.' || s[n] == ':'))
		n++;
	for (; n >= 2; n--) {
		memcpy(literal, s, n);
		literal[n] = '\0';
		if (is_letter(s[n]) || !ip_parse(literal, &ip))
			continue;
		*used = n;
		token = mask_address(m, literal);
		return token != NULL ? token : arena_strdup(m->arena, literal);
	}
	return dashed_at(m, s, used);
}

static const char *
word_at(const struct mask_words *w, const char *s, size_t *used)
{
	size_t i, n;

	if (!w->first[(unsigned char)s[0]])
		return NULL;
	for (i = 0; i < w->words.count; i++) {
		n = strlen(w->words.item[i]);
		if (strncasecmp(s, w->words.item[i], n) == 0 &&
		    !(is_letter(s[n]) && is_letter(s[n - 1]))) {
			*used = n;
			return w->tokens.item[i];
		}
	}
	return NULL;
}

/* What stands at s, where a word may begin; NULL: nothing to mask. */
static const char *
token_at(struct mask *m, const char *s, bool sentence, size_t *used)
{
	const char *token = word_at(&m->sure, s, used);

	if (token == NULL && sentence)
		token = word_at(&m->said, s, used);
	if (token == NULL)
		token = mac_token_at(m, s, used);
	if (token != NULL)
		return token;
	return is_hex(s[0]) || s[0] == ':' ? address_at(m, s, used) : NULL;
}

const char *
mask_text(struct mask *m, const char *text, bool sentence)
{
	const char *s = text, *token, *result = text;
	struct buf out;
	size_t used;

	buf_init(&out, TEXT_MAX);
	while (*s != '\0') {
		bool begins = s == text ||
		    !(is_letter(s[-1]) && is_letter(s[0]));

		token = begins ? token_at(m, s, sentence, &used) : NULL;
		if (token == NULL) {
			buf_addc(&out, *s++);
			continue;
		}
		buf_adds(&out, token);
		s += used;
	}
	if (strcmp(buf_str(&out), text) != 0)
		result = arena_strdup(m->arena, buf_str(&out));
	buf_free(&out);
	return result;
}

/* --- names of hosts --- */

/* Where the longest part begins that a vendor documents, or NULL: it is none
 * of theirs. */
static const char *
vendors_part(const struct mask *m, const char *host)
{
	size_t len = strlen(host), i, n, best = 0;

	for (i = 0; i < m->apexes.count; i++) {
		n = strlen(m->apexes.item[i]);
		if (n <= len && n > best &&
		    strcasecmp(host + len - n, m->apexes.item[i]) == 0 &&
		    (n == len || host[len - n - 1] == '.'))
			best = n;
	}
	return best == 0 ? NULL : host + len - best;
}

bool
mask_is_vendors(const struct mask *m, const char *host)
{
	return json_object_get(m->hosts, host) != NULL ||
	    vendors_part(m, host) != NULL;
}

/* Label by label, so that a pattern with a star fits as it did before. */
static const char *
mask_labels(struct mask *m, const char *host, const char *end)
{
	const char *s, *dot, *label, *token, *out = "";

	for (s = host; s < end; s = dot + 1) {
		dot = strchr(s, '.');
		label = arena_strndup(m->arena, s, (size_t)(dot - s));
		token = mask_text(m, label, false);
		if (strcmp(token, label) == 0)
			token = mask_token(m, "host", label);
		out = arena_printf(m->arena, "%s%s.", out, token);
	}
	return out;
}

/* What one owner holds, near enough: the last two labels. */
static const char *
owners_part(const char *host)
{
	const char *dot = strrchr(host, '.');

	while (dot != NULL && dot > host && dot[-1] != '.')
		dot--;
	return dot == NULL ? host : dot;
}

/* Two labels again, so that a stranger's host stays one of another owner
 * (".invalid" is nobody's, RFC 2606). */
static const char *
owner_token(struct mask *m, const char *owner)
{
	if (strchr(owner, '.') == NULL)
		return mask_token(m, "host", owner);
	return arena_printf(m->arena, "%s.invalid",
	    mask_token(m, "host", arena_printf(m->arena, "*.%s", owner)));
}

const char *
mask_host(struct mask *m, const char *host)
{
	const char *theirs, *rest, *token, *key;

	if (json_object_get(m->hosts, host) != NULL)
		return host;
	key = arena_printf(m->arena, "host:%s", host);
	token = json_string_value(json_object_get(m->token_of, key));
	if (token != NULL)
		return token;
	theirs = vendors_part(m, host);
	if (theirs == host)
		return host;
	if (theirs == NULL) {
		rest = owners_part(host);
		theirs = owner_token(m, rest);
	} else {
		rest = theirs;
	}
	return keep(m, key,
	    arena_printf(m->arena, "%s%s", mask_labels(m, host, rest), theirs),
	    host);
}
