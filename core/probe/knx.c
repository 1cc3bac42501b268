/* SPDX-License-Identifier: MIT */
/* The probe "knx": a KNXnet/IP search (facts 1.11) to the group 224.0.23.12,
 * which says where to answer: the laptop's address and port. Gateways and
 * routers answer with what they are. Where a gateway's address is known, it
 * is asked alone too, which parts a lost group from a missing gateway.
 * Detail: see seek.h; "medium" (number), "individual_address", "families"
 * (service family and version, as "core 1, routing 1"). */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/probe/seek.h"

#define GROUP "224.0.23.12"
#define TTL 16 /* what KNXnet/IP uses by itself */
#define REQUEST 14
#define DEVICE_INFO 54

enum { SEARCH_RESPONSE = 0x02, DIB_DEVICE = 0x01, DIB_FAMILIES = 0x02 };

static void
write_hex(char *out, const uint8_t *data, size_t len, const char *between)
{
	size_t i;

	for (i = 0; i < len; i++) {
		snprintf(out, 4, "%s%02X", i > 0 ? between : "", data[i]);
		out += strlen(out);
	}
}

/* Latin 1, as the standard has it, to UTF-8. */
static void
write_name(char *out, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len && data[i] != 0; i++) {
		if (data[i] < 0x80) {
			*out++ = (char)data[i];
		} else {
			*out++ = (char)(0xc0 | data[i] >> 6);
			*out++ = (char)(0x80 | (data[i] & 0x3f));
		}
	}
	*out = '\0';
}

/* length, type, medium, state, address 2, project 2, serial 6, group 4, MAC 6,
 * name 30 */
static bool
read_device(struct probe *p, const uint8_t *d, size_t len,
    struct seek_answer *a)
{
	char text[16];

	if (len != DEVICE_INFO)
		return false;
	write_hex(a->serial, d + 8, 6, "");
	write_hex(a->mac, d + 18, 6, ":");
	write_name(a->name, d + 24, 30);
	a->kind = "knx";
	if (json_object_get(p->obs.detail, "medium") != NULL)
		return true;
	snprintf(text, sizeof text, "%d.%d.%d", d[4] >> 4, d[4] & 15, d[5]);
	probe_detail_str(p, "individual_address", text);
	probe_detail_int(p, "medium", d[2]);
	return true;
}

static void
read_families(struct probe *p, const uint8_t *d, size_t len)
{
	static const char *const known[] = {
	    [2] = "core",
	    [3] = "device management",
	    [4] = "tunnelling",
	    [5] = "routing",
	};
	char text[256] = "", number[8];
	size_t i, used = 0;

	for (i = 2; i + 1 < len && used < sizeof text - 40; i += 2) {
		const char *name = d[i] < sizeof known / sizeof *known ?
		    known[d[i]] :
		    NULL;

		snprintf(number, sizeof number, "%d", d[i]);
		used += (size_t)snprintf(text + used, sizeof text - used,
		    "%s%s %d", used == 0 ? "" : ", ",
		    name != NULL ? name : number, d[i + 1]);
	}
	probe_detail_str(p, "families", text);
}

/* Where it is to be reached; in some installations all zero. */
static bool
read_endpoint(const uint8_t *d, struct addr *stated)
{
	static const uint8_t none[4];

	if (d[0] != 8 || (d[1] != 1 && d[1] != 2))
		return false;
	if (memcmp(d + 2, none, 4) == 0)
		return true;
	stated->in.sin_family = AF_INET;
	memcpy(&stated->in.sin_addr, d + 2, 4);
	memcpy(&stated->in.sin_port, d + 6, 2);
	stated->len = sizeof stated->in;
	return true;
}

static bool
read_answer(struct probe *p, const struct seek_question *q,
    const struct lan_input *in, struct seek_answer *a)
{
	const uint8_t *d = in->data, *families = NULL;
	size_t len = in->len, at, nfamilies = 0;
	bool device = false;

	(void)q;
	if (len < REQUEST || in->cast != LAN_UNICAST || d[0] != 6 ||
	    d[1] != 0x10 || d[2] != 0x02 || d[3] != SEARCH_RESPONSE ||
	    (size_t)(d[4] << 8 | d[5]) != len ||
	    !read_endpoint(d + 6, &a->stated))
		return false;
	for (at = REQUEST; at < len; at += d[at]) {
		if (len - at < 2 || d[at] < 2 || d[at] > len - at)
			return false;
		if (d[at + 1] == DIB_FAMILIES) {
			families = d + at;
			nfamilies = d[at];
		} else if (d[at + 1] == DIB_DEVICE) {
			if (device || !read_device(p, d + at, d[at], a))
				return false;
			device = true;
		}
	}
	/* Of several, the first is described. */
	if (families != NULL && device &&
	    json_object_get(p->obs.detail, "families") == NULL)
		read_families(p, families, nfamilies);
	return device;
}

static size_t
compose(const struct seek_question *q, uint8_t out[SEEK_MAX_OUT])
{
	static const uint8_t head[] = {0x06, 0x10, 0x02, 0x01, 0x00, REQUEST,
	    0x08, 0x01};

	memset(out, 0, REQUEST);
	memcpy(out, head, sizeof head);
	/* Without a chosen adapter: back to where it came from. */
	if (q->from == NULL)
		return REQUEST;
	memcpy(out + 8, &q->from->address.in.sin_addr, 4);
	out[12] = (uint8_t)(q->port >> 8);
	out[13] = (uint8_t)q->port;
	return REQUEST;
}

static void
knx_start(struct probe *p)
{
	static const struct seek_setup setup = {
	    .all = GROUP,
	    .ttl = TTL,
	    .lost = CAUSE_MULTICAST_LOST,
	    .compose = compose,
	    .read = read_answer,
	};

	seek_start(p, &setup);
}

const struct probe_type probe_knx = {
    .name = "knx",
    .shape = SHAPE_SEARCH,
    .nature = NATURE_SEARCH,
    .label = N_("KNX search"),
    .sends = N_("It asks every KNX gateway to tell what it is."),
    .whom = N_("every device in the local network"),
    .reaches = "224.0.23.12:3671/udp",
    .carrier = PROTO_UDP,
    .flows = LAN_ADAPTERS + 1,
    .packets = SEEK_PACKETS(LAN_ADAPTERS),
    .bytes = SEEK_BYTES(LAN_ADAPTERS, REQUEST),
    .longest_ms = SEEK_LONGEST_MS,
    .start = knx_start,
    .stop = seek_stop,
};
