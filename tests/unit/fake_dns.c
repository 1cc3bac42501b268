/* SPDX-License-Identifier: MIT */
/* Owns small name servers for tests. */
#include "tests/unit/fake_dns.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/net/addr.h"

#define SIZE 65535

struct message {
	uint8_t b[SIZE + 2];
	size_t len;
};

static void
put16(struct message *m, unsigned v)
{
	m->b[m->len++] = (uint8_t)(v >> 8);
	m->b[m->len++] = (uint8_t)v;
}

static void
put_name(struct message *m, const char *name)
{
	size_t n;

	while (*name != '\0') {
		n = strcspn(name, ".");
		m->b[m->len++] = (uint8_t)n;
		memcpy(m->b + m->len, name, n);
		m->len += n;
		name += n + (name[n] == '.');
	}
	m->b[m->len++] = 0;
}

static void
put_record(struct message *m, int type, int ttl, const char *data)
{
	size_t at;
	struct in_addr in;

	put16(m, 0xc00c); /* the question's name */
	put16(m, (unsigned)type);
	put16(m, 1);
	put16(m, (unsigned)ttl >> 16);
	put16(m, (unsigned)ttl & 0xffff);
	at = m->len;
	put16(m, 0);
	if (type == 1 && inet_pton(AF_INET, data, &in) == 1) {
		memcpy(m->b + m->len, &in, 4);
		m->len += 4;
	} else {
		put_name(m, data);
	}
	m->b[at] = (uint8_t)((m->len - at - 2) >> 8);
	m->b[at + 1] = (uint8_t)(m->len - at - 2);
	m->b[7]++;
}

/* The name of the question, in small letters; its end, or 0. */
static size_t
read_question(const uint8_t *q, size_t len, char *name, size_t size, int *type)
{
	size_t at = 12, out = 0, i;

	while (at < len && q[at] != 0) {
		if (q[at] > 63 || at + q[at] + 1 >= len ||
		    out + q[at] + 2 > size)
			return 0;
		if (out > 0)
			name[out++] = '.';
		for (i = 0; i < q[at]; i++) {
			char c = (char)q[at + 1 + i];

			name[out++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		}
		at += q[at] + 1u;
	}
	name[out] = '\0';
	if (at + 5 > len)
		return 0;
	*type = q[at + 1] << 8 | q[at + 2];
	return at + 5;
}

static bool
fits(const struct fake_row *r, const char *name)
{
	size_t n = strlen(name), m;

	if (r->name == NULL || strcmp(r->name, name) == 0)
		return true;
	m = strlen(r->name);
	return r->name[0] == '.' && n > m && strcmp(name + n - m, r->name) == 0;
}

static void
add_rows(struct fake_dns *s, struct message *m, const char *name, int type)
{
	bool known = false;
	size_t i;
	int k, n;

	for (i = 0; s->rows != NULL && s->rows[i].data != NULL; i++) {
		const struct fake_row *r = &s->rows[i];

		if (!fits(r, name))
			continue;
		known = true;
		if (r->type != type && !(r->type == 5 && type == 1))
			continue;
		n = atomic_fetch_add(&s->nasked[i], 1);
		for (k = 0; k < n && k < 5 && r->ttl[k + 1] != 0; k++)
			;
		put_record(m, r->type, r->ttl[k] < 0 ? 0 : r->ttl[k], r->data);
	}
	if (!known)
		m->b[3] |= (uint8_t)s->otherwise;
}

static void
put_opt(struct message *m)
{
	m->b[m->len++] = 0;
	put16(m, 41);
	put16(m, 1232);
	put16(m, 0);
	put16(m, 0);
	put16(m, 0);
	m->b[11] = 1;
}

static bool
compose(struct fake_dns *s, const uint8_t *q, size_t len, bool tcp,
    struct message *m)
{
	char name[256];
	int type, i;
	size_t end = len < 17 ? 0 :
				read_question(q, len, name, sizeof name, &type);
	size_t used = strlen(s->log);
	bool opt;

	if (end == 0)
		return false;
	opt = q[11] != 0;
	if (used + strlen(name) + 8 < sizeof s->log)
		snprintf(s->log + used, sizeof s->log - used, "%s %s\n",
		    type == 1        ? "A" :
			type == 2    ? "NS" :
			type == 0x1c ? "AAAA" :
				       "?",
		    name);
	atomic_fetch_add(&s->nopt, opt);
	atomic_fetch_add(&s->nrecurse, q[2] & 1);
	memcpy(m->b, q, end);
	m->len = end;
	memset(m->b + 6, 0, 6);
	m->b[2] = (uint8_t)(0x80 | (q[2] & 1) | (s->aa ? 4 : 0));
	m->b[3] = s->ra ? 0x80 : 0;
	if (s->manner == DNS_FORMERR_ON_OPT && opt) {
		m->b[3] |= 1;
		return true;
	}
	if (s->manner == DNS_TRUNCATES && !tcp) {
		m->b[2] |= 2;
		return true;
	}
	if (s->manner == DNS_LOOP) {
		m->b[7] = 1;
		put16(m, 0xc000u | (unsigned)m->len);
		put16(m, 1);
		return true;
	}
	for (i = 0; s->manner == DNS_HUGE && i < 250; i++)
		put_record(m, 1, 60, "192.0.2.99");
	add_rows(s, m, name, type);
	if (s->edns && opt)
		put_opt(m);
	if (s->manner == DNS_CUT)
		m->len -= m->len > end + 3 ? 3 : 0;
	if (s->manner == DNS_OTHER_ID)
		m->b[0] ^= 0x55;
	return true;
}

static void
on_datagram(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	static const struct timespec late = {1, 500000000};
	struct fake_dns *s = arg;
	struct message *m = calloc(1, sizeof *m);
	int other;

	atomic_fetch_add(&s->nudp, 1);
	if (m == NULL || s->manner == DNS_SILENT ||
	    (s->loses != NULL && s->loses(data, len, addr_port(from))) ||
	    !compose(s, data, len, false, m)) {
		free(m);
		return;
	}
	if (s->manner == DNS_GARBAGE)
		memset(m->b + 4, 0xa5, m->len - 4);
	if (s->manner == DNS_LATE)
		nanosleep(&late, NULL);
	if (s->manner == DNS_OTHER_SENDER) {
		other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		sendto(other, m->b, m->len, 0, &from->sa, from->len);
		close(other);
	} else {
		sendto(fd, m->b, m->len, 0, &from->sa, from->len);
	}
	if (s->manner == DNS_TWICE)
		sendto(fd, m->b, m->len, 0, &from->sa, from->len);
	free(m);
}

static void
on_connection(int fd, void *arg)
{
	struct fake_dns *s = arg;
	struct message *m = calloc(1, sizeof *m);
	struct timeval tv = {2, 0};
	uint8_t q[600], head[2];
	ssize_t n, len;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	n = read(fd, q, sizeof q);
	atomic_fetch_add(&s->ntcp, 1);
	len = n < 2 ? 0 : q[0] << 8 | q[1];
	if (m != NULL && len > 0 && len <= n - 2 && s->manner != DNS_SILENT &&
	    compose(s, q + 2, (size_t)len, true, m)) {
		if (s->manner == DNS_GARBAGE)
			memset(m->b, 0xa5, m->len);
		head[0] = (uint8_t)(m->len >> 8);
		head[1] = (uint8_t)m->len;
		if (write(fd, head, 2) == 2 && write(fd, m->b, m->len) > 0)
			n = read(fd, q, 1);
	}
	free(m);
}

void
fake_dns_start(struct fake_dns *s, const char *address)
{
	s->udp = fake_udp_start(address, 53, on_datagram, s);
	s->tcp = fake_tcp_start_at(address, 53, on_connection, s);
}

void
fake_dns_stop(struct fake_dns *s)
{
	fake_udp_stop(s->udp);
	fake_tcp_stop(s->tcp);
	s->udp = NULL;
	s->tcp = NULL;
}
