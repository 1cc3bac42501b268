/* SPDX-License-Identifier: MIT */
/* Owns the running of a table of devices against a probe. */
#include "tests/unit/lan_case.h"

#include <sanitizer/lsan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/digest.h"

#define BOUND_MS 40000
#define MAX_ROWS 64

void
lan_reply(int fd, const struct addr *to, const void *data, size_t len)
{
	if (sendto(fd, data, len, 0, &to->sa, to->len) != (ssize_t)len)
		perror("a device cannot answer");
}

void
lan_silent(int fd, const uint8_t *data, size_t len, const struct addr *from,
    struct lan_case *c)
{
	(void)fd;
	(void)data;
	(void)len;
	(void)from;
	(void)c;
}

void
lan_garbage(int fd, const uint8_t *data, size_t len, const struct addr *from,
    struct lan_case *c)
{
	uint8_t out[700];
	size_t i;

	(void)data;
	(void)len;
	(void)c;
	for (i = 0; i < sizeof out; i += 1 + i / 4) {
		random_bytes(out, sizeof out);
		lan_reply(fd, from, out, i);
	}
}

void
lan_web_page(int fd, const uint8_t *data, size_t len, const struct addr *from,
    struct lan_case *c)
{
	static const char page[] = "HTTP/1.1 200 OK\r\n"
				   "Content-Type: text/html\r\n\r\n<html>";

	(void)data;
	(void)len;
	(void)c;
	lan_reply(fd, from, page, sizeof page - 1);
}

/* UDP has no streams: the nearest to a byte a second. */
void
lan_single_bytes(int fd, const uint8_t *data, size_t len,
    const struct addr *from, struct lan_case *c)
{
	(void)data;
	(void)len;
	lan_reply(fd, from, "LoxLIVE:" + c->nasked % 8, 1);
}

void
lan_giants(int fd, const uint8_t *data, size_t len, const struct addr *from,
    struct lan_case *c)
{
	static const uint8_t giant[60000];
	int i;

	(void)data;
	(void)len;
	(void)c;
	for (i = 0; i < 20; i++)
		lan_reply(fd, from, giant, sizeof giant);
}

const char *
lan_device(const struct lan_case *c, size_t i, const char *member)
{
	const json_t *list = json_object_get(c->p.obs->detail, "devices");
	const char *s = json_string_value(
	    json_object_get(json_array_get(list, i), member));

	return s == NULL ? "" : s;
}

const char *
lan_first_device(const struct lan_case *c, const char *member)
{
	return lan_device(c, 0, member);
}

static void
on_datagram(int fd, const uint8_t *data, size_t len, const struct addr *from,
    void *arg)
{
	struct lan_case *c = arg;

	c->nasked++;
	c->answer(fd, data, len, from, c);
}

static bool
is_as_expected(struct lan_case *c)
{
	const struct observation *o = c->p.obs;

	if (o->rung == c->rung && o->failure == c->failure &&
	    (c->look == NULL || c->look(c)))
		return true;
	fprintf(stderr, "%s: %s %s: %s\n", c->name,
	    word_name(&words_rung, (int)o->rung),
	    word_name(&words_cause, (int)o->failure),
	    json_dumps(o->detail, JSON_SORT_KEYS));
	return false;
}

static bool
run_probe(struct lan_case *c)
{
	bool never = false;

	if (c->cancel_ms < 0)
		return fake_probe_run(&c->p, BOUND_MS);
	fake_probe_start(&c->p);
	if (c->cancel_ms > 0)
		fake_loop(c->p.env.base, &never, c->cancel_ms);
	probe_cancel(c->p.probe);
	fake_loop(c->p.env.base, &c->p.done, 5000);
	fake_loop(c->p.env.base, &never, 30);
	return c->p.ndone == 1;
}

/* 0 good, 1 bad, 2 left out. */
static int
run_row(struct lan_case *c)
{
	struct fake_udp *device = NULL;
	int keeper = -1, fds, member = -1;
	bool ok;

	if (!fake_lan_start())
		return 2;
	if (c->taken != 0)
		keeper = fake_lan_socket(false, "0.0.0.0", c->taken);
	if (keeper >= 0)
		setsockopt(keeper, SOL_SOCKET, SO_REUSEADDR, &(int){0},
		    sizeof(int));
	if (c->group != NULL) {
		member = fake_lan_socket(true, "10.20.30.60", 9);
		fake_lan_join(member, c->group, 0);
	}
	if (c->device != NULL)
		device = fake_lan_device(c->device, c->port, on_datagram, c);
	fds = fake_count_fds();
	fake_probe_init(&c->p, c->type, PROTO_UDP, NULL, c->address, c->port);
	c->p.vantage.interface = (char *)(uintptr_t) "lan0";
	c->p.spec.want = (char *)(uintptr_t)c->want;
	ok = run_probe(c);
	if (!ok)
		fprintf(stderr, "%s: did not end once\n", c->name);
	ok = ok && is_as_expected(c);
	fake_probe_free(&c->p);
	if (fake_count_fds() != fds) {
		fprintf(stderr, "%s: a descriptor is left\n", c->name);
		ok = false;
	}
	fake_udp_stop(device);
	if (keeper >= 0)
		close(keeper);
	if (member >= 0)
		close(member);
	if (ok && __lsan_do_recoverable_leak_check() != 0)
		ok = false;
	return ok ? 0 : 1;
}

bool
lan_cases_hold(const struct lan_case *rows, size_t count)
{
	pid_t pid[MAX_ROWS];
	bool ok = count <= MAX_ROWS;
	int status, leftout = 0;
	size_t i;

	for (i = 0; ok && i < count; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			struct lan_case c = rows[i];

			_exit(run_row(&c));
		}
	}
	for (i = 0; ok && i < count; i++) {
		if (waitpid(pid[i], &status, 0) != pid[i])
			status = -1;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
			leftout++;
		else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
			fprintf(stderr, "%s: failed (%x)\n", rows[i].name,
			    (unsigned)status);
			status = -1;
		}
		if (status == -1)
			leftout = -1000;
	}
	return ok && leftout >= 0;
}
