/* SPDX-License-Identifier: MIT */
/* Owns the lease files of the system's DHCP clients. */
#include "core/net/dhcp_lease.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/file.h"
#include "core/base/text.h"

#define LEASE_FILE_MAX (512 * 1024)
#define DIRECTORY_MAX 64 /* files of one folder that are looked at */
#define TEXT_MAX 256
#define SECOND INT64_C(1000000)
#define DHCLIENT_DATE "%*d %d/%d/%d %d:%d:%d"

const struct dhcp_paths dhcp_system_paths = {
    .networkd_leases = "/run/systemd/netif/leases",
    .networkd_links = "/run/systemd/netif/links",
    .dhclient = {"/var/lib/dhcp", "/var/lib/dhclient"},
    .dhcpcd = {"/var/lib/dhcpcd", "/var/lib/dhcpcd5"},
};

char *
lease_text(struct arena *a, const void *data, size_t len)
{
	return len == 0 ? NULL : text_sanitise(a, data, len, TEXT_MAX, false);
}

void
lease_addresses(struct arena *a, const char *text, struct strlist *out)
{
	static const char ends[] = ", \t";
	char word[INET_ADDRSTRLEN];
	struct in_addr at;
	size_t n;

	while (*text != '\0' && out->count < DHCP_LIST_MAX) {
		text += strspn(text, ends);
		n = strcspn(text, ends);
		if (n > 0 && n < sizeof word) {
			memcpy(word, text, n);
			word[n] = '\0';
			if (inet_pton(AF_INET, word, &at) == 1 &&
			    !strlist_has(out, word))
				strlist_add(a, out, word);
		}
		text += n;
	}
}

/* An address as inet_ntop(3) writes it, or NULL. */
static char *
address_of(struct arena *a, const char *text)
{
	struct in_addr at;
	char out[INET_ADDRSTRLEN];

	if (text == NULL || inet_pton(AF_INET, text, &at) != 1 ||
	    at.s_addr == 0)
		return NULL;
	return arena_strdup(a, inet_ntop(AF_INET, &at, out, sizeof out));
}

bool
lease_is_ours(const struct lease_search *s, const char *address)
{
	size_t i, n = address == NULL ? 0 : strlen(address);

	for (i = 0; n > 0 && i < s->addresses->count; i++) {
		const char *mine = s->addresses->item[i];

		if (strncmp(mine, address, n) == 0 &&
		    (mine[n] == '/' || mine[n] == '\0'))
			return true;
	}
	return false;
}

void
lease_from_message(struct arena *a, const struct dhcp_message *m,
    struct dhcp_lease *out)
{
	char text[INET_ADDRSTRLEN];
	size_t i;

	out->address = address_of(a,
	    inet_ntop(AF_INET, &m->address, text, sizeof text));
	out->server = address_of(a,
	    inet_ntop(AF_INET, &m->server, text, sizeof text));
	out->lease_s = m->lease_s;
	out->renew_s = m->renew_s;
	for (i = 0; i < m->ntime_servers; i++)
		lease_addresses(a,
		    inet_ntop(AF_INET, &m->time_server[i], text, sizeof text),
		    &out->time_servers);
	out->portal = lease_text(a, m->portal, m->portal_len);
}

/* --- lines of KEY=VALUE, as networkd writes them --- */

static bool
read_file(const char *path, struct buf *out)
{
	struct error err;

	buf_init(out, LEASE_FILE_MAX);
	return file_read(path, LEASE_FILE_MAX, out, &err) == 0 && out->len > 0;
}

/* The value of the first KEY= in a file's text, copied, or NULL. */
static char *
value_of(struct arena *a, const struct buf *b, const char *key)
{
	size_t n = strlen(key);
	const char *line = buf_str(b), *end;

	for (; line != NULL && *line != '\0';
	     line = *end == '\0' ? NULL : end + 1) {
		end = line + strcspn(line, "\n");
		if (strncmp(line, key, n) == 0 && line[n] == '=')
			return lease_text(a, line + n + 1,
			    (size_t)(end - line) - n - 1);
	}
	return NULL;
}

static int64_t
seconds_of(const char *text)
{
	uint64_t n = 0;

	return text_to_uint(text, 1, UINT32_MAX, &n) ? (int64_t)n : 0;
}

static void
read_networkd_lease(const struct lease_search *s, const struct buf *b,
    struct dhcp_lease *out)
{
	struct arena *a = s->arena;
	char *list = value_of(a, b, "NTP");

	out->source = "networkd";
	out->address = address_of(a, value_of(a, b, "ADDRESS"));
	out->server = address_of(a, value_of(a, b, "SERVER_ADDRESS"));
	out->lease_s = seconds_of(value_of(a, b, "LIFETIME"));
	out->renew_s = seconds_of(value_of(a, b, "T1"));
	if (list != NULL)
		lease_addresses(a, list, &out->time_servers);
}

/* The lease file is there as long as the lease is; the file of the link says
 * whether networkd is in charge at all, and names a portal. */
static enum lease_found
from_networkd(const struct lease_search *s, struct dhcp_lease *out)
{
	struct arena *a = s->arena;
	enum lease_found found = LEASE_UNKNOWN;
	struct buf b, link;
	const char *state;
	bool have_link;

	have_link = read_file(arena_printf(a, "%s/%u", s->paths->networkd_links,
				  s->index),
	    &link);
	if (read_file(arena_printf(a, "%s/%u", s->paths->networkd_leases,
			  s->index),
		&b)) {
		read_networkd_lease(s, &b, out);
		if (lease_is_ours(s, out->address))
			found = LEASE_FOUND;
		if (have_link)
			out->portal = value_of(a, &link, "CAPTIVE_PORTAL");
	} else if (have_link) {
		state = value_of(a, &link, "ADMIN_STATE");
		if (state != NULL && strcmp(state, "configured") == 0)
			found = LEASE_NONE;
	}
	buf_free(&b);
	buf_free(&link);
	return found;
}

/* --- dhclient.leases(5) --- */

/* "renew 4 2026/11/19 10:00:00", UTC, or "epoch 1700000000". */
static int64_t
date_of(const char *text)
{
	struct tm tm = {0};
	long long epoch;

	if (sscanf(text, "epoch %lld", &epoch) == 1)
		return epoch > 0 && epoch < INT64_C(253402300800) ?
		    epoch * SECOND :
		    0;
	if (sscanf(text, DHCLIENT_DATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		&tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6 ||
	    tm.tm_year < 1970 || tm.tm_year > 9999)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return (int64_t)timegm(&tm) * SECOND;
}

struct dhclient {
	char *interface;
	char *renew, *expire;
	struct dhcp_lease lease;
};

static void
unquote(char *s)
{
	size_t n = strlen(s);

	if (n >= 2 && s[0] == '"' && s[n - 1] == '"') {
		memmove(s, s + 1, n - 2);
		s[n - 2] = '\0';
	}
}

/* "68:74:74:70", as dhclient writes an option that it has no name for. */
static char *
hex_text(struct arena *a, const char *s)
{
	struct buf b;
	unsigned byte;
	int used;
	char *out;

	buf_init(&b, TEXT_MAX);
	while (sscanf(s, "%2x%n", &byte, &used) == 1) {
		buf_addc(&b, (char)byte);
		s += used;
		if (*s != ':')
			break;
		s++;
	}
	out = lease_text(a, buf_str(&b), b.len);
	buf_free(&b);
	return out;
}

/* One statement without its semicolon. */
static void
dhclient_statement(const struct lease_search *s, struct dhclient *d, char *line)
{
	static const struct {
		const char *word;
		enum {
			IFACE,
			ADDRESS,
			SERVER,
			LENGTH,
			T1,
			TIME,
			PORTAL,
			HEX,
			RENEW,
			EXPIRE
		} what;
	} words[] = {
	    {"interface ", IFACE},
	    {"fixed-address ", ADDRESS},
	    {"option dhcp-server-identifier ", SERVER},
	    {"option dhcp-lease-time ", LENGTH},
	    {"option dhcp-renewal-time ", T1},
	    {"option ntp-servers ", TIME},
	    {"option default-url ", PORTAL},
	    {"option v4-captive-portal ", PORTAL},
	    {"option unknown-114 ", HEX},
	    {"renew ", RENEW},
	    {"expire ", EXPIRE},
	};
	struct arena *a = s->arena;
	size_t i;
	char *v;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		if (strncmp(line, words[i].word, strlen(words[i].word)) == 0)
			break;
	}
	if (i == sizeof words / sizeof *words)
		return;
	v = line + strlen(words[i].word);
	unquote(v);
	switch (words[i].what) {
	case IFACE:
		d->interface = v;
		break;
	case ADDRESS:
		d->lease.address = address_of(a, v);
		break;
	case SERVER:
		d->lease.server = address_of(a, v);
		break;
	case LENGTH:
		d->lease.lease_s = seconds_of(v);
		break;
	case T1:
		d->lease.renew_s = seconds_of(v);
		break;
	case TIME:
		lease_addresses(a, v, &d->lease.time_servers);
		break;
	case PORTAL:
		d->lease.portal = lease_text(a, v, strlen(v));
		break;
	case HEX:
		d->lease.portal = hex_text(a, v);
		break;
	case RENEW:
		d->renew = v;
		break;
	case EXPIRE:
		d->expire = v;
		break;
	}
}

/* At the "}" of a lease: does it count, and is it newer than the best? */
static bool
dhclient_take(const struct lease_search *s, struct dhclient *d,
    struct dhcp_lease *best)
{
	bool never;

	if (d->interface == NULL || strcmp(d->interface, s->interface) != 0 ||
	    !lease_is_ours(s, d->lease.address) || d->expire == NULL)
		return false;
	never = strcmp(d->expire, "never") == 0;
	d->lease.expires_us = never ? INT64_MAX : date_of(d->expire);
	if (d->lease.expires_us <= s->now_us ||
	    d->lease.expires_us < best->expires_us)
		return false;
	if (!never && d->lease.lease_s > 0)
		d->lease.given_us = d->lease.expires_us -
		    d->lease.lease_s * SECOND;
	d->lease.source = "dhclient";
	*best = d->lease;
	return true;
}

static bool
dhclient_file(const struct lease_search *s, const char *path,
    struct dhcp_lease *best)
{
	struct dhclient d = {NULL};
	char *line, *rest, *end;
	bool found = false;
	struct buf b;

	if (read_file(path, &b)) {
		for (rest = b.data; (line = strsep(&rest, "\n")) != NULL;) {
			line += strspn(line, " \t");
			if (strncmp(line, "lease {", 7) == 0) {
				memset(&d, 0, sizeof d);
			} else if (line[0] == '}') {
				found |= dhclient_take(s, &d, best);
				memset(&d, 0, sizeof d);
			} else if ((end = strrchr(line, ';')) != NULL) {
				*end = '\0';
				dhclient_statement(s, &d, line);
			}
		}
	}
	buf_free(&b);
	return found;
}

static bool
is_dhclient_file(const char *name)
{
	size_t n = strlen(name);

	return strncmp(name, "dhclient", 8) == 0 &&
	    (strcmp(name + n - 6, ".lease") == 0 ||
		(n > 7 && strcmp(name + n - 7, ".leases") == 0));
}

static bool
from_dhclient(const struct lease_search *s, const char *folder,
    struct dhcp_lease *out)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	bool found = false;
	int seen = 0;

	while (
	    dir != NULL && seen < DIRECTORY_MAX && (e = readdir(dir)) != NULL) {
		if (strlen(e->d_name) > 6 && is_dhclient_file(e->d_name)) {
			found |= dhclient_file(s,
			    arena_printf(s->arena, "%s/%s", folder, e->d_name),
			    out);
			seen++;
		}
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

/* --- dhcpcd: the server's message as it came; the file's time is when --- */

static bool
from_dhcpcd(const struct lease_search *s, const char *folder,
    struct dhcp_lease *out)
{
	char *path = arena_printf(s->arena, "%s/%s.lease", folder,
	    s->interface);
	struct dhcp_message m;
	struct stat st;
	bool found = false;
	struct buf b;

	if (read_file(path, &b) && stat(path, &st) == 0 &&
	    dhcp_parse(b.data, b.len, &m) && m.type == DHCP_ACK) {
		lease_from_message(s->arena, &m, out);
		out->source = "dhcpcd";
		out->given_us = (int64_t)st.st_mtim.tv_sec * SECOND;
		out->expires_us = out->lease_s == 0 ||
			out->lease_s == UINT32_MAX ?
		    INT64_MAX :
		    out->given_us + out->lease_s * SECOND;
		found = lease_is_ours(s, out->address) &&
		    out->expires_us > s->now_us;
	}
	buf_free(&b);
	return found;
}

enum lease_found
lease_from_files(const struct lease_search *s, struct dhcp_lease *out)
{
	const struct dhcp_paths *p = s->paths;
	enum lease_found found;
	size_t i;

	memset(out, 0, sizeof *out);
	found = from_networkd(s, out);
	for (i = 0; i < 2 && found == LEASE_UNKNOWN; i++) {
		memset(out, 0, sizeof *out);
		if (from_dhclient(s, p->dhclient[i], out))
			return LEASE_FOUND;
		memset(out, 0, sizeof *out);
		if (from_dhcpcd(s, p->dhcpcd[i], out))
			return LEASE_FOUND;
	}
	if (found != LEASE_FOUND)
		memset(out, 0, sizeof *out);
	return found;
}
