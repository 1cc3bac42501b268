/* SPDX-License-Identifier: MIT */
/* Owns the sockets of the probes that listen in the local network. */
#include "core/probe/listener.h"

#include <errno.h>

static const char *
chosen_interface(const struct probe *p)
{
	const struct vantage *v = p->env->vantage;

	if (p->env->interface != NULL)
		return p->env->interface;
	if (v == NULL || v->interface == NULL || v->interface[0] == '\0')
		return NULL;
	return v->interface;
}

static void
on_input(void *arg, const struct lan_input *in)
{
	struct listener_ear *ear = arg;
	struct listener *l = ear->owner;

	if (!l->probe->finished)
		l->input(l->probe, ear->which, in);
}

static void
fail(struct probe *p, int error)
{
	if (error == EACCES || error == EPERM) {
		probe_finish(p, RUNG_LOCAL_ERROR, CAUSE_PERMISSION);
	} else if (error == EADDRINUSE) {
		probe_detail_str(p, "why", "port_taken");
		probe_finish(p, RUNG_NONE, CAUSE_NONE);
	} else {
		/* No adapter is in a local network. */
		probe_finish(p, RUNG_NONE, CAUSE_WRONG_INTERFACE);
	}
}

bool
listener_add(struct listener *l, const char *group, uint16_t port)
{
	struct listener_ear *ear = &l->ear[l->count];
	struct addr at;
	struct lan_setup setup = {.base = l->probe->env->base,
	    .interface = chosen_interface(l->probe),
	    .others = true,
	    .port = port,
	    .input = on_input,
	    .arg = ear};
	int error = EINVAL;

	if (l->count == LISTENER_EARS ||
	    (group != NULL &&
		(!addr_parse(&at, group, port) ||
		    at.sa.sa_family != AF_INET))) {
		fail(l->probe, error);
		return false;
	}
	if (group != NULL)
		setup.group = &at;
	ear->owner = l;
	ear->which = l->count;
	ear->lan = lan_open(&setup, &error);
	if (ear->lan == NULL) {
		fail(l->probe, error);
		return false;
	}
	l->count++;
	return true;
}

bool
listener_is_here(const struct listener *l, const struct lan_input *in)
{
	return in->adapter->chosen ||
	    (l->count > 0 && lan_chosen(l->ear[0].lan) == NULL);
}

bool
listener_is_near(const struct lan_input *in)
{
	const struct lan_adapter *a = in->adapter;
	uint32_t mask = a->netmask.in.sin_addr.s_addr;
	uint32_t from = in->from.in.sin_addr.s_addr;

	if (in->from.sa.sa_family != AF_INET)
		return false;
	if ((ntohl(from) & 0xffff0000) == 0xa9fe0000) /* RFC 3927 */
		return true;
	return mask != 0 &&
	    ((from ^ a->address.in.sin_addr.s_addr) & mask) == 0;
}

bool
listener_send(struct listener *l, size_t which, const char *address,
    uint16_t port, int ttl, const void *data, size_t len)
{
	struct addr to;
	int error = EINVAL;

	if (addr_parse(&to, address, port) &&
	    lan_send(l->ear[which].lan, &to, false, ttl, data, len, &error))
		return true;
	probe_finish(l->probe, RUNG_LOCAL_ERROR,
	    error == EPERM || error == EACCES ? CAUSE_PERMISSION :
						CAUSE_NET_UNREACHABLE);
	return false;
}

void
listener_close(struct listener *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		lan_close(l->ear[i].lan);
	l->count = 0;
}
