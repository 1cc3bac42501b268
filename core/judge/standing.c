/* SPDX-License-Identifier: MIT */
/* Owns what a judgement is worth by where the laptop stood: VPNs, other
 * adapters, other networks, and the laptop's own firewall. */
#include "core/judge/standing.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/ip.h"

static bool
is_judged(const struct verdict *v)
{
	return v->outcome == OUTCOME_PASS || v->outcome == OUTCOME_MARGINAL ||
	    v->outcome == OUTCOME_WARN || v->outcome == OUTCOME_FAIL ||
	    v->outcome == OUTCOME_UNPROVEN;
}

static void
misplaced(struct verdict *v, enum path path, const char *say)
{
	v->outcome = OUTCOME_UNPROVEN;
	v->cause = CAUSE_WRONG_INTERFACE;
	v->zone = ZONE_LAPTOP;
	v->path = path;
	v->say = say;
}

/* --- VPNs and other adapters --- */

static bool
went(const struct observation *o, const char *way)
{
	const char *s = detail_text(o, "way");

	return s != NULL && strcmp(s, way) == 0;
}

/* A measurement of many places has none itself; it went where the others went
 * that left the site. */
static bool
is_vpn_for_all(const struct record *r)
{
	bool any = false;
	size_t i;

	for (i = 0; i < r->nobservations; i++) {
		const struct observation *o = &r->observations[i];

		if (o->address == NULL || address_is_private(o->address) ||
		    address_is_near(r, o->address) ||
		    o->rung >= RUNG_LOCAL_ERROR)
			continue;
		if (!went(o, "vpn"))
			return false;
		any = true;
	}
	return any;
}

/* The place of a search for a name is its resolver's. */
static const char *
place_of(const struct observation *o)
{
	return o->address != NULL ? o->address : detail_text(o, "server");
}

/* The checks stand on a VPN, chosen by name. */
static bool
is_on_vpn(const struct record *r, const struct observation *o)
{
	const struct vantage *v = &r->vantage;

	return v->vpn != NULL && v->interface != NULL &&
	    strcmp(v->vpn, v->interface) == 0 && place_of(o) != NULL &&
	    strncmp(place_of(o), "127.", 4) != 0;
}

static const char *
left_by(const struct record *r, const struct observation *o)
{
	const char *name = detail_text(o, "left_by");

	return name != NULL        ? name :
	    r->vantage.vpn != NULL ? r->vantage.vpn :
				     r->vantage.interface;
}

void
standing_weigh(struct record *r, const struct need *n,
    const struct observation *o, struct verdict *v)
{
	bool local = n->direction == DIR_LAN;

	if (o == NULL || !is_judged(v))
		return;
	if (went(o, "vpn") || is_on_vpn(r, o) ||
	    (!local && place_of(o) == NULL && is_vpn_for_all(r))) {
		misplaced(v, PATH_VPN,
		    arena_printf(r->judged,
			_("This went through the VPN of this laptop (%s), "
			  "which the devices do not use, so nothing is known "
			  "of their way. Disconnect the VPN, then check "
			  "again."),
			left_by(r, o)));
	} else if (went(o, "adapter") && !local) {
		misplaced(v, PATH_DIRECT,
		    arena_printf(r->judged,
			_("This went out by the network adapter %1$s of this "
			  "laptop, and the checks stand on %2$s. Unplug the "
			  "one that the devices are not on, then check "
			  "again."),
			left_by(r, o), r->vantage.interface));
	} else if (went(o, "adapter") && v->outcome == OUTCOME_PASS &&
	    v->say == NULL) {
		v->say = arena_printf(r->judged,
		    _("It answered by the network adapter %1$s of this laptop; "
		      "the checks of the internet went out by %2$s."),
		    left_by(r, o), r->vantage.interface);
	}
}

/* --- another network than the device's --- */

static const char *
device_address(const struct record *r, const char *product)
{
	size_t i;

	for (i = 0; i < r->npacks; i++) {
		const struct pack_ref *p = &r->packs[i];

		if (p->device != NULL && strcmp(p->product, product) == 0)
			return record_answer(r, product, p->device);
	}
	return NULL;
}

/* The laptop's first subnet of that family; NULL: none is known. */
static const char *
subnet_of_laptop(const struct record *r, const struct ip *like)
{
	const struct strlist *l = &r->vantage.addresses;
	struct ip own;
	size_t i;

	for (i = 0; i < l->count; i++) {
		const char *slash = strchr(l->item[i], '/');
		char *text = slash == NULL ?
		    NULL :
		    arena_strndup(r->judged, l->item[i],
			(size_t)(slash - l->item[i]));

		if (text != NULL && ip_parse(text, &own) &&
		    own.len == like->len)
			return l->item[i];
	}
	return NULL;
}

static bool
is_in_subnet(const struct strlist *l, const struct ip *ip)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (ip_in_prefix(ip, l->item[i]))
			return true;
	}
	return false;
}

/* "eth1 192.168.7.20/24", whose network the address is in; NULL: none. */
static const char *
adapter_of(const struct record *r, const struct ip *ip)
{
	const struct strlist *l = &r->vantage.adapters;
	const char *prefix;
	size_t i;

	for (i = 0; i < l->count; i++) {
		prefix = strrchr(l->item[i], ' ');
		if (prefix != NULL && ip_in_prefix(ip, prefix + 1))
			return l->item[i];
	}
	return NULL;
}

/* What goes to the device itself is as good from there, if it gets through;
 * where the laptop has an adapter there that it left by, also if not. */
static bool
is_to_device(const struct need *n, const struct verdict *v, bool has_adapter)
{
	if (n->direction != DIR_LAN || n->to.kind != DEST_PEER)
		return false;
	return v->outcome == OUTCOME_PASS || v->outcome == OUTCOME_MARGINAL ||
	    (has_adapter && v->cause != CAUSE_WRONG_INTERFACE);
}

void
standing_weigh_need(struct record *r, const struct need *n, struct verdict *v)
{
	const char *device = device_address(r, n->product), *own, *adapter;
	struct ip ip;

	if (!is_judged(v) || !ip_parse(device, &ip) || ip_is_nowhere(&ip) ||
	    is_in_subnet(&r->vantage.addresses, &ip))
		return;
	own = subnet_of_laptop(r, &ip);
	adapter = adapter_of(r, &ip);
	if (own == NULL || is_to_device(n, v, adapter != NULL) ||
	    v->path == PATH_VPN)
		return;
	if (adapter != NULL)
		misplaced(v, PATH_DIRECT,
		    arena_printf(r->judged,
			_("This was measured on the network adapter %1$s "
			  "(%2$s), but the device is in the network of another "
			  "adapter (%3$s). Choose that one with --interface or "
			  "unplug %1$s, then check again."),
			r->vantage.interface, own, adapter));
	else
		misplaced(v, PATH_DIRECT,
		    arena_printf(r->judged,
			_("The laptop stood in another network (%1$s) than the "
			  "device (%2$s), so this holds for the laptop's "
			  "network only. Plug the laptop in where the device "
			  "is, then check again."),
			own, device));
}

/* --- the laptop's own firewall --- */

/* What the laptop says itself in place of others: a neighbour that does not
 * answer ARP is "host unreachable"; all else comes of a rule. */
static bool
is_own_reject(const struct record *r, const struct observation *o)
{
	return o->rung == RUNG_REJECTED && address_is_own(r, o->offender) &&
	    o->failure != CAUSE_HOST_UNREACHABLE;
}

static bool
lists(const struct observation *x, const char *name, const char *flow)
{
	const json_t *list = json_object_get(x->detail, name);
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		const char *s = json_string_value(json_array_get(list, i));

		if (s != NULL && strcmp(s, flow) == 0)
			return true;
	}
	return false;
}

/* Found out by trying it alone (probe own_firewall). */
static bool
is_stopped_inside(struct record *r, const struct observation *o)
{
	const char *flow;
	size_t i;

	if (o->protocol != PROTO_TCP || o->address == NULL ||
	    (o->rung != RUNG_SILENCE && o->rung != RUNG_REJECTED))
		return false;
	flow = arena_printf(r->judged, "%s %u", o->address, (unsigned)o->port);
	for (i = 0; i < r->nobservations; i++) {
		const struct observation *x = &r->observations[i];

		if (strcmp(x->probe, "own_firewall") == 0 &&
		    lists(x, o->rung == RUNG_SILENCE ? "dropped" : "reset",
			flow))
			return true;
	}
	return false;
}

/* Its own words to the group, which never left it, did not come in either. */
static bool
is_kept_out(const struct observation *o)
{
	return o->failure == CAUSE_UDP_SILENT &&
	    json_is_false(json_object_get(o->detail, "own_heard"));
}

bool
standing_is_blocked(struct record *r, const struct observation *o,
    struct verdict *v)
{
	bool unsent = o->rung == RUNG_LOCAL_ERROR &&
	    o->failure == CAUSE_ADMIN_PROHIBITED;

	if (!unsent && !is_kept_out(o) && !is_own_reject(r, o) &&
	    !is_stopped_inside(r, o))
		return false;
	*v = (struct verdict){OUTCOME_NOT_RUN, o->rung, CAUSE_ADMIN_PROHIBITED,
	    PATH_DIRECT, ZONE_LAPTOP, o, NULL, NULL};
	v->about = o->host != NULL ? o->host : o->address;
	if (is_kept_out(o))
		v->say = _("The firewall of this laptop keeps out what is sent "
			   "to this multicast group, so nothing is known of "
			   "the network. Let it in, or switch the firewall "
			   "off for the check, then check again.");
	else
		v->say = _(
		    "The firewall of this laptop itself stops this, so nothing "
		    "is known of the network. Allow it in the laptop's "
		    "firewall or security software, then check again.");
	return true;
}

/* --- another network in the middle --- */

bool
standing_is_changed(const struct record *r)
{
	size_t i;

	for (i = 0; !r->complete && i < r->nobservations; i++) {
		if (r->observations[i].failure == CAUSE_NETWORK_CHANGED)
			return true;
	}
	return false;
}

struct verdict
standing_changed(const struct observation *o)
{
	return (struct verdict){OUTCOME_NOT_RUN, RUNG_NONE,
	    CAUSE_NETWORK_CHANGED, PATH_DIRECT, ZONE_LAPTOP, o, NULL,
	    _("The network of this laptop changed during the run, so this "
	      "counts as not checked. Stay in the network of the devices, "
	      "then check again.")};
}

/* --- how it is told --- */

bool
standing_is_trouble(const struct need *n)
{
	if (!n->applies || n->zone != ZONE_LAPTOP)
		return false;
	return (n->outcome == OUTCOME_UNPROVEN &&
		   n->cause == CAUSE_WRONG_INTERFACE &&
		   (n->direction != DIR_LAN || n->path == PATH_VPN ||
		       n->to.kind == DEST_PEER)) ||
	    (n->outcome == OUTCOME_NOT_RUN &&
		(n->cause == CAUSE_ADMIN_PROHIBITED ||
		    n->cause == CAUSE_NETWORK_CHANGED));
}

const char *
standing_advice(const struct verdict *v)
{
	if (v->zone != ZONE_LAPTOP)
		return NULL;
	if (v->cause == CAUSE_ADMIN_PROHIBITED)
		return _("Allow these checks in the firewall or security "
			 "software of this laptop, then check again.");
	if (v->cause == CAUSE_WRONG_INTERFACE && v->path == PATH_VPN)
		return _("Disconnect the VPN of this laptop, then check "
			 "again.");
	if (v->cause == CAUSE_WRONG_INTERFACE)
		return _("Plug the laptop in where the devices are, with one "
			 "network adapter alone, then check again.");
	return NULL;
}
