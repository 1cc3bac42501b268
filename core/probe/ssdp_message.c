/* SPDX-License-Identifier: MIT */
/* Owns the reading of SSDP messages. */
#include "core/probe/ssdp_message.h"

#include <string.h>
#include <strings.h>

#include "core/base/text.h"

#define LINES_MAX 64
#define TEXT_MAX 128

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct ssdp_field
trim(const char *at, size_t len)
{
	while (len > 0 && is_blank(*at)) {
		at++;
		len--;
	}
	while (len > 0 && is_blank(at[len - 1]))
		len--;
	return (struct ssdp_field){at, len};
}

bool
ssdp_is(const struct ssdp_field *f, const char *text)
{
	return f->len == strlen(text) && memcmp(f->at, text, f->len) == 0;
}

/* The next line without its CR LF; some devices leave the CR out. */
static bool
next_line(const char **at, size_t *left, struct ssdp_field *line)
{
	const char *end = memchr(*at, '\n', *left);

	if (end == NULL)
		return false;
	line->at = *at;
	line->len = (size_t)(end - *at);
	*left -= line->len + 1;
	*at = end + 1;
	if (line->len > 0 && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

static bool
begins(const struct ssdp_field *line, const char *text)
{
	return line->len >= strlen(text) &&
	    memcmp(line->at, text, strlen(text)) == 0;
}

static bool
read_start(const struct ssdp_field *line, struct ssdp_message *out)
{
	if (begins(line, "HTTP/1.1 200") || begins(line, "HTTP/1.0 200")) {
		out->kind = SSDP_ANSWER;
		return line->len == 12 || line->at[12] == ' ';
	}
	out->kind = begins(line, "NOTIFY ") ? SSDP_NOTIFY : SSDP_SEARCH;
	return ssdp_is(line, "NOTIFY * HTTP/1.1") ||
	    ssdp_is(line, "M-SEARCH * HTTP/1.1");
}

static bool
read_header(const struct ssdp_field *line, struct ssdp_message *out)
{
	const struct {
		const char *name;
		struct ssdp_field *to;
	} rows[] = {
	    {"ST", &out->st},
	    {"USN", &out->usn},
	    {"SERVER", &out->server},
	    {"LOCATION", &out->location},
	};
	const char *colon = memchr(line->at, ':', line->len);
	struct ssdp_field name;
	size_t i;

	if (colon == NULL)
		return false;
	name = trim(line->at, (size_t)(colon - line->at));
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (name.len == strlen(rows[i].name) &&
		    strncasecmp(name.at, rows[i].name, name.len) == 0)
			*rows[i].to = trim(colon + 1,
			    line->len - (size_t)(colon + 1 - line->at));
	}
	return true;
}

bool
ssdp_parse(const void *data, size_t len, struct ssdp_message *out)
{
	const char *at = data;
	struct ssdp_field line;
	int n;

	memset(out, 0, sizeof *out);
	if (memchr(data, '\0', len) != NULL || !next_line(&at, &len, &line) ||
	    !read_start(&line, out))
		return false;
	for (n = 0; n < LINES_MAX; n++) {
		if (!next_line(&at, &len, &line))
			return false;
		if (line.len == 0)
			return true;
		if (!read_header(&line, out))
			return false;
	}
	return false;
}

char *
ssdp_text(struct arena *a, const struct ssdp_field *f)
{
	return f->len == 0 ? arena_strdup(a, "") :
			     text_sanitise(a, f->at, f->len, TEXT_MAX, false);
}

bool
ssdp_location_is_at(const struct ssdp_field *f, const char *address)
{
	static const char scheme[] = "http://";
	size_t skip = strlen(scheme) + strlen(address);

	return f->len > skip && memcmp(f->at, scheme, strlen(scheme)) == 0 &&
	    memcmp(f->at + strlen(scheme), address, strlen(address)) == 0 &&
	    (f->at[skip] == ':' || f->at[skip] == '/');
}
