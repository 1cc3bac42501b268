/* SPDX-License-Identifier: MIT */
/* Owns the external lists that a firewall fetches: one kind of entry in each,
 * one entry a line. Such a list carries no ports and permits nothing by
 * itself; only the list of addresses may hold comments, and they say so. */
#include <ctype.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"
#include "core/base/text.h"
#include "core/export/formats.h"
#include "core/export/request/request.h"
#include "core/export/summary.h"

#define PREFIX_MAX 128

/* An entry, and the rows that want it. */
struct entry {
	const char *text;
	struct strlist why;
};

struct list {
	struct arena *arena;
	struct entry *entry;
	size_t count;
};

/* In bytewise order, each once. */
static void
add_entry(struct list *l, const char *text, const char *why)
{
	size_t i = 0;

	while (i < l->count && strcmp(l->entry[i].text, text) < 0)
		i++;
	if (i == l->count || strcmp(l->entry[i].text, text) != 0) {
		(void)arena_push(l->arena, l->entry, l->count);
		memmove(&l->entry[i + 1], &l->entry[i],
		    (l->count - 1 - i) * sizeof *l->entry);
		l->entry[i] = (struct entry){.text = text};
	}
	if (!strlist_has(&l->entry[i].why, why))
		strlist_add(l->arena, &l->entry[i].why, why);
}

/* Lines that let something out to the internet. */
static bool
is_listed(const struct rule_row *row)
{
	return row->part == ROWS_INTERNET && strcmp(row->action, "add") == 0 &&
	    strcmp(row->direction, "outbound") == 0;
}

/* An address, or a network with the length of its prefix. */
static bool
is_address(struct arena *a, const char *s)
{
	const char *slash = strchr(s, '/');
	struct ip ip;
	uint64_t bits;

	if (slash == NULL)
		return ip_parse(s, &ip);
	return ip_parse(arena_strndup(a, s, (size_t)(slash - s)), &ip) &&
	    text_to_uint(slash + 1, 0, ip.len == 4 ? 32 : PREFIX_MAX, &bits);
}

static void
add_addresses(struct list *l, const struct rule_row *row)
{
	const char *s = row->dst,
		   *why = arena_printf(l->arena, "%s %s",
		       request_service(l->arena, row), row->rule_id);
	size_t len;
	char *one;

	for (; *s != '\0'; s += len + strspn(s + len, ", ")) {
		len = strcspn(s, ", ");
		one = arena_strndup(l->arena, s, len);
		if (is_address(l->arena, one))
			add_entry(l, one, why);
	}
}

static char *
lower(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s), *c;

	for (c = copy; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

/* The name without "*.", when it is one that a list can hold; else NULL. */
static const char *
name_of(struct arena *a, const struct rule_row *row)
{
	bool wild = strcmp(row->dst_kind, "wildcard") == 0;
	const char *name = row->dst;

	if (wild ? strncmp(name, "*.", 2) != 0 :
		   strcmp(row->dst_kind, "fqdn") != 0)
		return NULL;
	name = lower(a, wild ? name + 2 : name);
	return text_is_hostname(name) ? name : NULL;
}

static void
add_names(struct list *l, const struct rule_row *row, const char *end)
{
	struct arena *a = l->arena;
	const char *name = name_of(a, row);
	bool wild = strcmp(row->dst_kind, "wildcard") == 0;

	if (name == NULL)
		return;
	if (wild)
		add_entry(l, arena_printf(a, "*.%s%s", name, end),
		    row->rule_id);
	if (!wild || strcmp(row->dst_match, "subdomains+apex") == 0)
		add_entry(l, arena_printf(a, "%s%s", name, end), row->rule_id);
}

static void
add_domains(struct list *l, const struct rule_row *row)
{
	add_names(l, row, "");
}

/* A list of web addresses is looked at where a request for a page is seen:
 * at the ports of the web. The slash ends the name, so that no longer one is
 * meant. */
static void
add_urls(struct list *l, const struct rule_row *row)
{
	if (request_is_web(row))
		add_names(l, row, "/");
}

static int
write_list(const struct record *r, const struct export_options *opt,
    struct buf *out, bool comments,
    void (*add)(struct list *l, const struct rule_row *row))
{
	struct list l = {.arena = arena_new()};
	const struct rules *rules = rows_make(l.arena, r, opt);
	size_t i;

	for (i = 0; i < rules->count; i++) {
		if (is_listed(&rules->row[i]))
			add(&l, &rules->row[i]);
	}
	for (i = 0; i < l.count; i++) {
		buf_adds(out, l.entry[i].text);
		if (comments)
			buf_addf(out, " # %s; %s",
			    summary_join(l.arena, &l.entry[i].why, ", "),
			    _("this list carries no ports"));
		buf_addc(out, '\n');
	}
	arena_free(l.arena);
	return 0;
}

static int
write_ip(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	(void)err;
	return write_list(r, opt, out, true, add_addresses);
}

static int
write_domain(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	(void)err;
	return write_list(r, opt, out, false, add_domains);
}

static int
write_url(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	(void)err;
	return write_list(r, opt, out, false, add_urls);
}

const struct export_format export_request_edl_ip = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_LISTS,
    .name = "edl-ip",
    .file = "firewall/edl/ip.txt",
    .label = N_("Change request, list of addresses without ports"),
    .use = N_("For a firewall that fetches lists, together with the rows."),
    .write = write_ip,
};

const struct export_format export_request_edl_domain = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_LISTS,
    .name = "edl-domain",
    .file = "firewall/edl/domain.txt",
    .label = N_("Change request, list of names without ports"),
    .use = N_("For a firewall that fetches lists, together with the rows."),
    .write = write_domain,
};

const struct export_format export_request_edl_url = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_LISTS,
    .name = "edl-url",
    .file = "firewall/edl/url.txt",
    .label = N_("Change request, list of web addresses"),
    .use = N_("For a firewall that fetches lists, together with the rows."),
    .write = write_url,
};
