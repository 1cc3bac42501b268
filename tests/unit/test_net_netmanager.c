/* SPDX-License-Identifier: MIT */
/* Promises of reading NetworkManager's lease: members as its D-Bus interface
 * documents them, nothing believed that is not ours or not now, and nobody
 * waited for longer than the bound. The bus and NetworkManager are one thread
 * of this program that speaks D-Bus on a socket of its own. */
#include "tests/unit/harness.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/net/netmanager.h"

/* 2026-11-21T10:00:00Z */
#define NOW_US INT64_C(1795255200000000)
#define DEVICE "/org/freedesktop/NetworkManager/Devices/3"
#define CONFIG "/org/freedesktop/NetworkManager/DHCP4Config/1"

struct option {
	const char *name, *value;
};

struct manager {
	unsigned state;
	const char *config; /* path, "/" = no DHCP */
	struct option options[12];
	bool strange; /* values of other types in between */
	bool silent;  /* to what comes after Hello */
	bool deaf;    /* it accepts and says nothing */
	bool rubbish; /* it accepts and says what is no D-Bus */
	int calls;
	int fd, wake[2];
	pthread_t thread;
	char folder[64], path[96], address[128];
};

static int
reply_options(const struct manager *m, sd_bus_message *call)
{
	const struct option *o;
	sd_bus_message *r;
	int rc;

	sd_bus_message_new_method_return(call, &r);
	sd_bus_message_open_container(r, 'v', "a{sv}");
	sd_bus_message_open_container(r, 'a', "{sv}");
	if (m->strange) {
		sd_bus_message_append(r, "{sv}", "expiry", "t", UINT64_MAX);
		sd_bus_message_append(r, "{sv}", "ip_address", "as", 2, "a",
		    "b");
	}
	for (o = m->options; o->name != NULL; o++)
		sd_bus_message_append(r, "{sv}", o->name, "s", o->value);
	sd_bus_message_close_container(r);
	sd_bus_message_close_container(r);
	rc = sd_bus_send(NULL, r, NULL);
	sd_bus_message_unref(r);
	return rc;
}

static int
on_call(sd_bus_message *call, void *arg, sd_bus_error *error)
{
	struct manager *m = arg;
	const char *interface, *name;

	(void)error;
	if (sd_bus_message_is_method_call(call, "org.freedesktop.DBus",
		"Hello"))
		return sd_bus_reply_method_return(call, "s", ":1.7");
	m->calls++;
	if (m->silent)
		return 1;
	if (sd_bus_message_is_method_call(call,
		"org.freedesktop.NetworkManager", "GetDeviceByIpIface")) {
		sd_bus_message_read(call, "s", &name);
		if (strcmp(name, "wlp3s0") != 0)
			return sd_bus_reply_method_errorf(call,
			    "org.freedesktop.NetworkManager.UnknownDevice",
			    "No device found");
		return sd_bus_reply_method_return(call, "o", DEVICE);
	}
	if (sd_bus_message_read(call, "ss", &interface, &name) < 0)
		return 0;
	if (strcmp(name, "State") == 0)
		return sd_bus_reply_method_return(call, "v", "u", m->state);
	if (strcmp(name, "Dhcp4Config") == 0)
		return sd_bus_reply_method_return(call, "v", "o", m->config);
	if (strcmp(name, "Options") == 0 &&
	    strcmp(sd_bus_message_get_path(call), CONFIG) == 0)
		return reply_options(m, call);
	return 0;
}

static bool
is_over(const struct manager *m)
{
	struct pollfd p = {m->wake[0], POLLIN, 0};

	return poll(&p, 1, 0) != 0;
}

static void
talk(struct manager *m, int fd)
{
	sd_id128_t id;
	sd_bus *bus;

	sd_id128_randomize(&id);
	sd_bus_new(&bus);
	sd_bus_set_fd(bus, fd, fd);
	sd_bus_set_server(bus, 1, id);
	sd_bus_add_filter(bus, NULL, on_call, m);
	if (sd_bus_start(bus) >= 0) {
		while (!is_over(m) && sd_bus_is_open(bus) > 0) {
			int rc = sd_bus_process(bus, NULL);

			if (rc < 0)
				break;
			if (rc == 0)
				sd_bus_wait(bus, 20000);
		}
	}
	sd_bus_close_unref(bus);
}

static void *
serve(void *arg)
{
	struct manager *m = arg;
	struct pollfd p[2] = {{m->fd, POLLIN, 0}, {m->wake[0], POLLIN, 0}};
	int fd;

	while (poll(p, 2, -1) >= 0 && p[1].revents == 0) {
		fd = accept(m->fd, NULL, NULL);
		if (m->rubbish && write(fd, "HTTP/1.1 200 OK\r\n\r\n", 19) < 0)
			abort();
		if (m->deaf || m->rubbish) {
			poll(p + 1, 1, 2000);
			close(fd);
		} else {
			talk(m, fd);
		}
	}
	return NULL;
}

static void
manager_start(struct manager *m)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	snprintf(m->folder, sizeof m->folder, "/tmp/sitewalk-bus.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(m->folder));
	snprintf(m->path, sizeof m->path, "%s/bus", m->folder);
	snprintf(m->address, sizeof m->address, "unix:path=%s", m->path);
	snprintf(at.sun_path, sizeof at.sun_path, "%s", m->path);
	m->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(m->fd, (struct sockaddr *)&at, sizeof at) != 0 ||
	    listen(m->fd, 4) != 0 || pipe(m->wake) != 0 ||
	    pthread_create(&m->thread, NULL, serve, m) != 0)
		abort();
}

static void
manager_stop(struct manager *m)
{
	if (write(m->wake[1], "", 1) != 1)
		abort();
	pthread_join(m->thread, NULL);
	close(m->fd);
	close(m->wake[0]);
	close(m->wake[1]);
	unlink(m->path);
	rmdir(m->folder);
}

struct asked {
	struct arena *arena;
	struct strlist addresses;
	struct dhcp_lease lease;
	int64_t took_us;
};

static enum lease_found
ask(struct asked *a, const char *bus, const char *interface)
{
	struct lease_search s = {.interface = interface,
	    .index = 3,
	    .addresses = &a->addresses,
	    .now_us = NOW_US};
	int64_t since = clock_mono_us();
	enum lease_found found;

	a->arena = arena_new();
	a->addresses = (struct strlist){NULL, 0};
	strlist_add(a->arena, &a->addresses, "192.168.1.50/24");
	s.arena = a->arena;
	found = lease_from_netmanager(bus, &s, &a->lease);
	a->took_us = clock_mono_us() - since;
	return found;
}

/* Values as NetworkManager writes them: expiry in seconds since 1970. */
#define OPTIONS \
	{ \
		{"ip_address", "192.168.1.50"}, \
		    {"dhcp_server_identifier", "192.168.1.1"}, \
		    {"dhcp_lease_time", "3600"}, {"expiry", "1795257000"}, \
		    {"ntp_servers", "192.168.1.3 192.168.1.4"}, \
		    {"default_url", "https://portal.example/api"}, \
		    {"v4_captive_portal", "https://retired.example/"}, \
		    {"requested_ntp_servers", "1"}, \
	}

START_TEST(the_lease_of_an_interface_is_read)
{
	struct manager m = {.state = 100,
	    .config = CONFIG,
	    .options = OPTIONS,
	    .strange = true};
	struct asked a;

	manager_start(&m);
	ck_assert_int_eq(ask(&a, m.address, "wlp3s0"), LEASE_FOUND);
	ck_assert_str_eq(a.lease.source, "networkmanager");
	ck_assert_str_eq(a.lease.server, "192.168.1.1");
	ck_assert_int_eq(a.lease.lease_s, 3600);
	/* It ends in half an hour and lasts an hour. */
	ck_assert_int_eq(a.lease.given_us, NOW_US - INT64_C(1800000000));
	ck_assert_uint_eq(a.lease.time_servers.count, 2);
	ck_assert_str_eq(a.lease.portal, "https://portal.example/api");
	arena_free(a.arena);
	manager_stop(&m);
}
END_TEST

START_TEST(what_is_not_ours_or_not_now_does_not_count)
{
	static const struct {
		struct manager manager;
		const char *interface;
		enum lease_found found;
	} rows[] = {
	    {{.state = 100, .config = "/"}, "wlp3s0", LEASE_NONE},
	    {{.state = 30, .config = "/"}, "wlp3s0", LEASE_UNKNOWN},
	    {{.state = 100, .config = CONFIG, .options = OPTIONS}, "eth0",
		LEASE_UNKNOWN},
	    {{.state = 100, .config = CONFIG}, "wlp3s0", LEASE_UNKNOWN},
	    {{.state = 100,
		 .config = CONFIG,
		 .options = {{"ip_address", "192.168.1.5"}}},
		"wlp3s0", LEASE_UNKNOWN},
	    {{.state = 100,
		 .config = CONFIG,
		 .options = {{"ip_address", "192.168.1.50"},
		     {"expiry", "1795255200"}}},
		"wlp3s0", LEASE_UNKNOWN},
	    {{.state = 100, .config = "/elsewhere"}, "wlp3s0", LEASE_UNKNOWN},
	};
	struct asked a;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct manager m = rows[i].manager;

		manager_start(&m);
		ck_assert_msg(ask(&a, m.address, rows[i].interface) ==
			rows[i].found,
		    "row %zu", i);
		ck_assert_ptr_null(a.lease.server);
		arena_free(a.arena);
		manager_stop(&m);
	}
}
END_TEST

START_TEST(hostile_values_are_cleaned_or_dropped)
{
	struct manager m = {.state = 100,
	    .config = CONFIG,
	    .options = {{"ip_address", "192.168.1.50"},
		{"dhcp_server_identifier", "\033[2Jx"},
		{"dhcp_lease_time", "99999999999999999999"},
		{"expiry", "never"}, {"ntp_servers", "a b c 300.1.1.1 $(x)"},
		{"default_url", "\033]0;x\007"}}};
	struct asked a;

	manager_start(&m);
	ck_assert_int_eq(ask(&a, m.address, "wlp3s0"), LEASE_FOUND);
	ck_assert_ptr_null(a.lease.server);
	ck_assert_int_eq(a.lease.lease_s, 0);
	ck_assert_int_eq(a.lease.given_us, 0);
	ck_assert_uint_eq(a.lease.time_servers.count, 0);
	ck_assert_ptr_null(strchr(a.lease.portal, '\033'));
	arena_free(a.arena);
	manager_stop(&m);
}
END_TEST

/* Generous, for a machine that is busy with other things too. */
#define BOUND_US ((NETMANAGER_WAIT_MS + 800) * INT64_C(1000))

START_TEST(nobody_is_waited_for_longer_than_the_bound)
{
	struct manager rows[] = {{.silent = true}, {.deaf = true},
	    {.rubbish = true}};
	struct asked a;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		manager_start(&rows[i]);
		ck_assert_int_eq(ask(&a, rows[i].address, "wlp3s0"),
		    LEASE_UNKNOWN);
		ck_assert_int_le(a.took_us, BOUND_US);
		arena_free(a.arena);
		manager_stop(&rows[i]);
	}
	ck_assert_int_eq(rows[0].calls, 1);
}
END_TEST

START_TEST(without_a_bus_it_is_quick)
{
	static const char *const buses[] = {"unix:path=/nonexistent/bus",
	    "rubbish", "unix:path=/dev/null"};
	struct asked a;
	size_t i;

	for (i = 0; i < sizeof buses / sizeof *buses; i++) {
		ck_assert_int_eq(ask(&a, buses[i], "wlp3s0"), LEASE_UNKNOWN);
		ck_assert_int_le(a.took_us, 100000);
		arena_free(a.arena);
	}
}
END_TEST

HARNESS("net netmanager", the_lease_of_an_interface_is_read,
    what_is_not_ours_or_not_now_does_not_count,
    hostile_values_are_cleaned_or_dropped,
    nobody_is_waited_for_longer_than_the_bound, without_a_bus_it_is_quick)
