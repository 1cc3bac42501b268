/* SPDX-License-Identifier: MIT */
/* Owns the reads of nl80211 through libnl. */
#include "core/net/wifi.h"

#include <linux/nl80211.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define WAIT_US 200000
#define PRIVACY 0x10 /* of the capability field */

unsigned
wifi_channel(unsigned mhz)
{
	if (mhz == 2484)
		return 14;
	if (mhz >= 2412 && mhz <= 2472)
		return (mhz - 2407) / 5;
	if (mhz >= 5160 && mhz <= 5885)
		return (mhz - 5000) / 5;
	if (mhz >= 5955 && mhz <= 7115)
		return (mhz - 5950) / 5;
	return 0;
}

/* The attributes of a message of this command; at has NL80211_ATTR_MAX + 1
 * places. The header's own length is not believed beyond len. */
static bool
attributes(const void *message, size_t len, uint8_t command, struct nlattr **at)
{
	const struct nlmsghdr *h = message;
	const struct genlmsghdr *g;

	if (len < NLMSG_HDRLEN + GENL_HDRLEN || h->nlmsg_len > len ||
	    h->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return false;
	g = nlmsg_data(h);
	return g->cmd == command &&
	    nla_parse(at, NL80211_ATTR_MAX, genlmsg_attrdata(g, 0),
		(int)(h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN), NULL) == 0;
}

static bool
get_u32(const struct nlattr *a, uint32_t *out)
{
	if (a == NULL || nla_len(a) != 4)
		return false;
	memcpy(out, nla_data(a), 4);
	return true;
}

bool
wifi_parse_adapter(const void *message, size_t len, struct wifi_adapter *out)
{
	struct nlattr *at[NL80211_ATTR_MAX + 1];
	const struct nlattr *a;
	uint32_t n;

	memset(out, 0, sizeof *out);
	if (!attributes(message, len, NL80211_CMD_NEW_INTERFACE, at) ||
	    !get_u32(at[NL80211_ATTR_IFINDEX], &n))
		return false;
	out->index = n;
	a = at[NL80211_ATTR_IFNAME];
	if (a == NULL || nla_len(a) < 1 || nla_len(a) > IFNAMSIZ)
		return false;
	memcpy(out->name, nla_data(a), (size_t)nla_len(a));
	out->name[IFNAMSIZ - 1] = '\0';
	out->station = get_u32(at[NL80211_ATTR_IFTYPE], &n) &&
	    n == NL80211_IFTYPE_STATION;
	a = at[NL80211_ATTR_SSID];
	if (a != NULL && nla_len(a) >= 1 && nla_len(a) <= WIFI_SSID_MAX) {
		out->ssid_len = (size_t)nla_len(a);
		memcpy(out->ssid, nla_data(a), out->ssid_len);
	}
	return true;
}

/* A beacon alone may hide the name that an answer to the laptop told. */
static void
take_elements(struct nlattr *const *b, struct wifi_bss *out)
{
	static const int order[] = {NL80211_BSS_INFORMATION_ELEMENTS,
	    NL80211_BSS_BEACON_IES};
	size_t i;

	for (i = 0; i < sizeof order / sizeof *order; i++) {
		const struct nlattr *a = b[order[i]];

		if (a == NULL || nla_len(a) == 0)
			continue;
		wifi_parse_elements(nla_data(a), (size_t)nla_len(a), out);
		return;
	}
}

bool
wifi_parse_bss(const void *message, size_t len, struct wifi_bss *out)
{
	struct nlattr *at[NL80211_ATTR_MAX + 1], *b[NL80211_BSS_MAX + 1];
	uint32_t n;
	uint16_t capability;

	memset(out, 0, sizeof *out);
	if (!attributes(message, len, NL80211_CMD_NEW_SCAN_RESULTS, at) ||
	    at[NL80211_ATTR_BSS] == NULL ||
	    nla_parse(b, NL80211_BSS_MAX, nla_data(at[NL80211_ATTR_BSS]),
		nla_len(at[NL80211_ATTR_BSS]), NULL) != 0)
		return false;
	if (b[NL80211_BSS_BSSID] == NULL ||
	    nla_len(b[NL80211_BSS_BSSID]) != 6 ||
	    !get_u32(b[NL80211_BSS_FREQUENCY], &n))
		return false;
	memcpy(out->bssid, nla_data(b[NL80211_BSS_BSSID]), 6);
	out->frequency = n;
	if (get_u32(b[NL80211_BSS_SIGNAL_MBM], &n))
		out->signal_mbm = (int32_t)n;
	if (get_u32(b[NL80211_BSS_SEEN_MS_AGO], &n))
		out->age_ms = n;
	out->associated = get_u32(b[NL80211_BSS_STATUS], &n) &&
	    n == NL80211_BSS_STATUS_ASSOCIATED;
	if (b[NL80211_BSS_CAPABILITY] != NULL &&
	    nla_len(b[NL80211_BSS_CAPABILITY]) == 2) {
		memcpy(&capability, nla_data(b[NL80211_BSS_CAPABILITY]), 2);
		out->privacy = (capability & PRIVACY) != 0;
	}
	take_elements(b, out);
	return true;
}

/* --- the conversation --- */

struct reading {
	const char *interface;
	struct arena *arena;
	struct wifi *wifi;
};

static int
on_adapter(struct nl_msg *msg, void *arg)
{
	struct reading *r = arg;
	struct wifi_adapter *best = &r->wifi->adapter, one;
	struct nlmsghdr *h = nlmsg_hdr(msg);
	bool wanted;

	if (!wifi_parse_adapter(h, h->nlmsg_len, &one) || !one.station)
		return NL_OK;
	wanted = r->interface != NULL && strcmp(one.name, r->interface) == 0;
	if (wanted || best->index == 0)
		*best = one;
	return NL_OK;
}

static int
on_bss(struct nl_msg *msg, void *arg)
{
	struct reading *r = arg;
	struct wifi *w = r->wifi;
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct wifi_bss one;

	if (w->nbss < WIFI_BSS_MAX && wifi_parse_bss(h, h->nlmsg_len, &one))
		*arena_push(r->arena, w->bss, w->nbss) = one;
	return NL_OK;
}

static bool
dump(struct nl_sock *sock, int family, uint8_t command, unsigned index,
    nl_recvmsg_msg_cb_t each, void *arg)
{
	struct nl_msg *m = nlmsg_alloc();
	bool ok;

	ok = m != NULL &&
	    genlmsg_put(m, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, NLM_F_DUMP,
		command, 0) != NULL &&
	    (index == 0 || nla_put_u32(m, NL80211_ATTR_IFINDEX, index) == 0);
	if (ok) {
		nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, each, arg);
		ok = nl_send_auto(sock, m) >= 0 &&
		    nl_recvmsgs_default(sock) >= 0;
	}
	nlmsg_free(m);
	return ok;
}

bool
wifi_read(const char *interface, bool without_list, struct arena *a,
    struct wifi *out)
{
	struct reading r = {interface, a, out};
	struct timeval wait = {0, WAIT_US};
	struct nl_sock *sock = nl_socket_alloc();
	bool found = false;
	int family;

	memset(out, 0, sizeof *out);
	if (sock == NULL)
		return false;
	if (genl_connect(sock) == 0) {
		setsockopt(nl_socket_get_fd(sock), SOL_SOCKET, SO_RCVTIMEO,
		    &wait, sizeof wait);
		family = genl_ctrl_resolve(sock, NL80211_GENL_NAME);
		found = family >= 0 &&
		    dump(sock, family, NL80211_CMD_GET_INTERFACE, 0, on_adapter,
			&r) &&
		    out->adapter.index != 0;
		if (found && !without_list)
			dump(sock, family, NL80211_CMD_GET_SCAN,
			    out->adapter.index, on_bss, &r);
	}
	nl_socket_free(sock);
	return found;
}
