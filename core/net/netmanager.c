/* SPDX-License-Identifier: MIT */
/* Owns the conversation with NetworkManager. */
#include "core/net/netmanager.h"

#include <arpa/inet.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "core/base/clock.h"
#include "core/base/text.h"

#define SERVICE "org.freedesktop.NetworkManager"
#define ROOT "/org/freedesktop/NetworkManager"
#define DEVICE SERVICE ".Device"
#define DHCP4 SERVICE ".DHCP4Config"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define ACTIVATED 100 /* NM_DEVICE_STATE_ACTIVATED */
#define OPTIONS_MAX 256
#define SECOND INT64_C(1000000)

struct talk {
	sd_bus *bus;
	int64_t deadline_us; /* monotonic */
	sd_bus_message *reply;
	bool ended;
};

static int
on_reply(sd_bus_message *m, void *arg, sd_bus_error *error)
{
	struct talk *t = arg;

	(void)error;
	t->ended = true;
	if (!sd_bus_message_is_method_error(m, NULL))
		t->reply = sd_bus_message_ref(m);
	return 0;
}

/* Until the answer is there or the time is up; sd-bus's own blocking calls
 * wait without a bound while they connect. */
static sd_bus_message *
ask(struct talk *t, sd_bus_message *question)
{
	sd_bus_slot *slot = NULL;
	int64_t left;
	int rc;

	t->reply = NULL;
	t->ended = false;
	sd_bus_message_set_auto_start(question, 0);
	rc = sd_bus_call_async(t->bus, &slot, question, on_reply, t,
	    NETMANAGER_WAIT_MS * UINT64_C(1000));
	while (rc >= 0 && !t->ended) {
		left = t->deadline_us - clock_mono_us();
		if (left <= 0)
			break;
		rc = sd_bus_process(t->bus, NULL);
		if (rc == 0)
			rc = sd_bus_wait(t->bus, (uint64_t)left);
	}
	sd_bus_slot_unref(slot);
	sd_bus_message_unref(question);
	return t->reply;
}

static sd_bus_message *
device_of(struct talk *t, const char *interface)
{
	sd_bus_message *m;

	if (sd_bus_message_new_method_call(t->bus, &m, SERVICE, ROOT, SERVICE,
		"GetDeviceByIpIface") < 0)
		return NULL;
	if (sd_bus_message_append(m, "s", interface) < 0) {
		sd_bus_message_unref(m);
		return NULL;
	}
	return ask(t, m);
}

static sd_bus_message *
property(struct talk *t, const char *path, const char *interface,
    const char *name)
{
	sd_bus_message *m;

	if (sd_bus_message_new_method_call(t->bus, &m, SERVICE, path,
		PROPERTIES, "Get") < 0)
		return NULL;
	if (sd_bus_message_append(m, "ss", interface, name) < 0) {
		sd_bus_message_unref(m);
		return NULL;
	}
	return ask(t, m);
}

static int64_t
number_of(const char *text)
{
	uint64_t n = 0;

	return text_to_uint(text, 1, INT64_C(253402300800), &n) ? (int64_t)n :
								  0;
}

static char *
literal_of(struct arena *a, const char *text)
{
	struct in_addr at;

	return inet_pton(AF_INET, text, &at) == 1 ? arena_strdup(a, text) :
						    NULL;
}

static void
take_option(struct arena *a, struct dhcp_lease *l, const char *name,
    const char *value)
{
	if (strcmp(name, "ip_address") == 0)
		l->address = literal_of(a, value);
	else if (strcmp(name, "dhcp_server_identifier") == 0)
		l->server = literal_of(a, value);
	else if (strcmp(name, "dhcp_lease_time") == 0)
		l->lease_s = number_of(value);
	else if (strcmp(name, "dhcp_renewal_time") == 0)
		l->renew_s = number_of(value);
	else if (strcmp(name, "expiry") == 0)
		l->expires_us = number_of(value) * SECOND;
	else if (strcmp(name, "ntp_servers") == 0)
		lease_addresses(a, value, &l->time_servers);
	else if (strcmp(name, "default_url") == 0)
		/* Option 114; "v4_captive_portal" is the retired 160. */
		l->portal = lease_text(a, value, strlen(value));
}

/* v of a{sv}; values that are no text are passed over. */
static void
take_options(struct arena *a, sd_bus_message *m, struct dhcp_lease *l)
{
	const char *name, *value, *inner;
	char type;
	int n;

	if (sd_bus_message_enter_container(m, 'v', "a{sv}") <= 0 ||
	    sd_bus_message_enter_container(m, 'a', "{sv}") <= 0)
		return;
	for (n = 0; n < OPTIONS_MAX &&
	     sd_bus_message_enter_container(m, 'e', "sv") > 0;
	     n++) {
		if (sd_bus_message_read(m, "s", &name) < 0 ||
		    sd_bus_message_peek_type(m, &type, &inner) <= 0)
			return;
		if (inner != NULL && strcmp(inner, "s") == 0) {
			if (sd_bus_message_read(m, "v", "s", &value) < 0)
				return;
			take_option(a, l, name, value);
		} else if (sd_bus_message_skip(m, "v") < 0) {
			return;
		}
		if (sd_bus_message_exit_container(m) < 0)
			return;
	}
}

static bool
is_activated(struct talk *t, const char *device)
{
	sd_bus_message *m = property(t, device, DEVICE, "State");
	uint32_t state = 0;
	bool yes;

	yes = m != NULL && sd_bus_message_read(m, "v", "u", &state) >= 0 &&
	    state == ACTIVATED;
	sd_bus_message_unref(m);
	return yes;
}

static enum lease_found
lease_of_config(struct talk *t, const char *path, const struct lease_search *s,
    struct dhcp_lease *out)
{
	sd_bus_message *m = property(t, path, DHCP4, "Options");

	if (m == NULL)
		return LEASE_UNKNOWN;
	take_options(s->arena, m, out);
	sd_bus_message_unref(m);
	out->source = "networkmanager";
	if (out->expires_us != 0 && out->lease_s != 0)
		out->given_us = out->expires_us - out->lease_s * SECOND;
	if (!lease_is_ours(s, out->address) ||
	    (out->expires_us != 0 && out->expires_us <= s->now_us))
		return LEASE_UNKNOWN;
	return LEASE_FOUND;
}

static enum lease_found
lease_of_device(struct talk *t, const char *device,
    const struct lease_search *s, struct dhcp_lease *out)
{
	sd_bus_message *m;
	enum lease_found found = LEASE_UNKNOWN;
	const char *path;

	if (!is_activated(t, device))
		return LEASE_UNKNOWN;
	m = property(t, device, DEVICE, "Dhcp4Config");
	if (m != NULL && sd_bus_message_read(m, "v", "o", &path) >= 0)
		found = strcmp(path, "/") == 0 ?
		    LEASE_NONE :
		    lease_of_config(t, path, s, out);
	sd_bus_message_unref(m);
	return found;
}

enum lease_found
lease_from_netmanager(const char *bus, const struct lease_search *s,
    struct dhcp_lease *out)
{
	struct talk t = {NULL};
	sd_bus_message *m = NULL;
	enum lease_found found = LEASE_UNKNOWN;
	const char *device;

	memset(out, 0, sizeof *out);
	t.deadline_us = clock_mono_us() + NETMANAGER_WAIT_MS * INT64_C(1000);
	if (sd_bus_new(&t.bus) < 0)
		return LEASE_UNKNOWN;
	if (sd_bus_set_address(t.bus, bus) >= 0 &&
	    sd_bus_set_bus_client(t.bus, 1) >= 0 && sd_bus_start(t.bus) >= 0)
		m = device_of(&t, s->interface);
	if (m != NULL && sd_bus_message_read(m, "o", &device) >= 0)
		found = lease_of_device(&t, device, s, out);
	sd_bus_message_unref(m);
	sd_bus_close_unref(t.bus);
	if (found != LEASE_FOUND)
		memset(out, 0, sizeof *out);
	return found;
}
