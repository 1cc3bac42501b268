/* SPDX-License-Identifier: MIT */
/* The probe "bacnet": Who-Is to everybody (facts 1.11), and three properties
 * of the device at a known address, read by ReadProperty: its name, its
 * vendor's name and number. I-Am is mostly a broadcast to port 47808, so it
 * goes out from there. Nothing is written. A device that answers at its own
 * address is enough, since no document asks for broadcasts.
 * Detail: see seek.h; of the one at the address "object_name", "vendor_name",
 * "vendor_id", "refusal" (error, reject or abort: it answers so). The number
 * of its device object stands in "devices". */
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/probe/seek.h"

#define PORT 47808
#define ANY_DEVICE 0x023fffff /* device, instance 4194303: whoever reads it */
#define MAX_QUESTION 17

enum { UNICAST = 0x0a, BROADCAST = 0x0b, FORWARDED = 0x04 };     /* BVLC */
enum { UNCONFIRMED = 0x10, COMPLEX_ACK = 0x30, REFUSAL = 0x50 }; /* APDU */
enum { I_AM = 0x00, READ_PROPERTY = 0x0c };                      /* services */
enum { VENDOR_ID = 0x78, VENDOR_NAME = 0x79, OBJECT_NAME = 0x4d };

static const uint8_t properties[SEEK_ROUNDS] = {OBJECT_NAME, VENDOR_NAME,
    VENDOR_ID};

/* What is left to read of a message; NULL once it was too short. */
struct span {
	const uint8_t *at;
	size_t len;
};

static const uint8_t *
take(struct span *s, size_t len)
{
	const uint8_t *at = s->at;

	if (at == NULL || s->len < len) {
		*s = (struct span){NULL, 0};
		return NULL;
	}
	s->at += len;
	s->len -= len;
	return at;
}

static bool
take_byte(struct span *s, uint8_t *out)
{
	const uint8_t *at = take(s, 1);

	if (at != NULL)
		*out = *at;
	return at != NULL;
}

static uint32_t
read_number(const uint8_t *at, size_t len)
{
	uint32_t n = 0;

	while (len-- > 0)
		n = n << 8 | *at++;
	return n;
}

/* --- layers: BVLC, NPDU --- */

/* Of a forwarded message, the address it was sent from at first. */
static bool
open_bvlc(struct span *s, struct addr *stated)
{
	size_t whole = s->len;
	const uint8_t *head = take(s, 4), *at;

	if (head == NULL || head[0] != 0x81 ||
	    read_number(head + 2, 2) != whole)
		return false;
	if (head[1] != FORWARDED)
		return head[1] == UNICAST || head[1] == BROADCAST;
	at = take(s, 6);
	if (at == NULL)
		return false;
	stated->in.sin_family = AF_INET;
	memcpy(&stated->in.sin_addr, at, 4);
	memcpy(&stated->in.sin_port, at + 4, 2);
	stated->len = sizeof stated->in;
	return true;
}

static bool
skip_address(struct span *s)
{
	uint8_t len;

	return take(s, 2) != NULL && take_byte(s, &len) && take(s, len) != NULL;
}

/* Addresses of other networks may stand in between. */
static bool
open_npdu(struct span *s)
{
	uint8_t version, control;

	if (!take_byte(s, &version) || !take_byte(s, &control) ||
	    version != 1 || (control & 0x80))
		return false;
	if ((control & 0x20) && !skip_address(s))
		return false;
	if ((control & 0x08) && !skip_address(s))
		return false;
	return !(control & 0x20) || take(s, 1) != NULL;
}

/* --- what devices say --- */

static bool
read_device_id(const uint8_t *at, struct seek_answer *a)
{
	uint32_t id = read_number(at, 4);

	if (id >> 22 != 8)
		return false;
	if (a->name[0] == '\0')
		snprintf(a->name, sizeof a->name, "device %u",
		    (unsigned)(id & 0x3fffff));
	a->kind = "bacnet";
	return true;
}

/* An unsigned or enumerated number, as the application's own tag says. */
static bool
take_number(struct span *s, uint8_t tag, uint32_t *out)
{
	uint8_t head;
	size_t len;
	const uint8_t *at;

	if (!take_byte(s, &head))
		return false;
	len = head & 7;
	at = (head & 0xf8) == tag && len >= 1 && len <= 4 ? take(s, len) : NULL;
	if (at != NULL)
		*out = read_number(at, len);
	return at != NULL;
}

/* Device, longest APDU, segmentation, vendor. */
static bool
read_i_am(struct span s, struct seek_answer *a)
{
	uint32_t longest, segmentation, vendor;
	const uint8_t *id = take(&s, 5);

	if (id == NULL || id[0] != 0xc4 || !take_number(&s, 0x20, &longest) ||
	    !take_number(&s, 0x90, &segmentation) ||
	    !take_number(&s, 0x20, &vendor) || s.len != 0 || vendor > 65535)
		return false;
	return read_device_id(id + 1, a);
}

/* A text: tag, length, character set 0 (UTF-8, or ASCII in old devices). */
static bool
take_text(struct span *s, const uint8_t **text, size_t *len)
{
	uint8_t head, longer;

	if (!take_byte(s, &head) || (head & 0xf8) != 0x70)
		return false;
	*len = head & 7;
	if (*len == 5) {
		if (!take_byte(s, &longer) || longer > 253)
			return false;
		*len = longer;
	}
	if (*len < 1)
		return false;
	*text = take(s, *len);
	if (*text == NULL || **text != 0)
		return false;
	(*text)++;
	(*len)--;
	return true;
}

static bool
read_value(struct span *s, uint8_t property, struct probe *p,
    struct seek_answer *a)
{
	const uint8_t *text;
	uint32_t number;
	size_t len;

	if (property == VENDOR_ID) {
		if (!take_number(s, 0x20, &number))
			return false;
		probe_detail_int(p, "vendor_id", number);
		return true;
	}
	if (!take_text(s, &text, &len))
		return false;
	probe_detail_text(p,
	    property == OBJECT_NAME ? "object_name" : "vendor_name", text, len);
	if (property == OBJECT_NAME)
		snprintf(a->name, sizeof a->name, "%.*s", (int)len,
		    (const char *)text);
	return true;
}

/* 0C id 19 property 3E value 3F; an array index may stand in between only
 * where one was asked for. */
static bool
read_property(struct span s, uint8_t property, struct probe *p,
    struct seek_answer *a)
{
	static const uint8_t close = 0x3f;
	const uint8_t *head = take(&s, 8), *last;

	if (head == NULL || head[0] != 0x0c || head[5] != 0x19 ||
	    head[6] != property || head[7] != 0x3e)
		return false;
	if (!read_value(&s, property, p, a))
		return false;
	last = take(&s, 1);
	return last != NULL && *last == close && s.len == 0 &&
	    read_device_id(head + 1, a);
}

/* It is there and it speaks BACnet, though it does not tell. */
static bool
is_refusal(struct span s, const uint8_t head[2], const struct seek_question *q,
    struct probe *p)
{
	static const char *const words[] = {"error", "reject", "abort"};
	unsigned kind = (unsigned)(head[0] >> 4) - (REFUSAL >> 4);
	uint8_t service;

	if (kind > 2 || head[1] != q->number || !take_byte(&s, &service))
		return false;
	if (kind == 0 && service != READ_PROPERTY)
		return false;
	probe_detail_str(p, "refusal", words[kind]);
	return true;
}

static bool
read_answer(struct probe *p, const struct seek_question *q,
    const struct lan_input *in, struct seek_answer *a)
{
	struct span s = {in->data, in->len};
	const uint8_t *head;
	uint8_t service;

	if (!open_bvlc(&s, &a->stated) || !open_npdu(&s))
		return false;
	head = take(&s, 2);
	if (head == NULL)
		return false;
	if (head[0] == UNCONFIRMED)
		return head[1] == I_AM && read_i_am(s, a);
	if (q->all || in->cast != LAN_UNICAST)
		return false;
	if (head[0] != COMPLEX_ACK)
		return is_refusal(s, head, q, p);
	return head[1] == q->number && take_byte(&s, &service) &&
	    service == READ_PROPERTY &&
	    read_property(s, properties[q->round], p, a);
}

static size_t
compose(const struct seek_question *q, uint8_t out[SEEK_MAX_OUT])
{
	static const uint8_t who_is[] = {0x81, BROADCAST, 0, 8, 0x01, 0x00,
	    0x10, 0x08};
	static const uint8_t ask[MAX_QUESTION] = {0x81, UNICAST, 0,
	    MAX_QUESTION, 0x01, 0x04, 0x00, 0x05, 0, READ_PROPERTY, 0x0c,
	    ANY_DEVICE >> 24, ANY_DEVICE >> 16 & 0xff, ANY_DEVICE >> 8 & 0xff,
	    ANY_DEVICE & 0xff, 0x19, 0};

	if (q->all) {
		memcpy(out, who_is, sizeof who_is);
		return sizeof who_is;
	}
	memcpy(out, ask, sizeof ask);
	out[8] = q->number;
	out[16] = properties[q->round];
	return sizeof ask;
}

static void
bacnet_start(struct probe *p)
{
	static const struct seek_setup setup = {
	    .port = PORT,
	    .others = true,
	    .all = "255.255.255.255",
	    .directed = true,
	    .lost = CAUSE_NONE,
	    .compose = compose,
	    .read = read_answer,
	};

	seek_start(p, &setup);
}

const struct probe_type probe_bacnet = {
    .name = "bacnet",
    .shape = SHAPE_SEARCH,
    .nature = NATURE_SEARCH,
    .label = N_("BACnet search"),
    .sends = N_("It asks every BACnet device who it is, and reads the name "
		"of the one it looks for; it writes nothing."),
    .whom = N_("every device in the local network"),
    .reaches = "255.255.255.255:47808/udp subnet:47808/udp",
    .carrier = PROTO_UDP,
    .flows = LAN_SENDS + 1,
    .packets = SEEK_PACKETS(LAN_SENDS),
    .bytes = SEEK_BYTES(LAN_SENDS, MAX_QUESTION),
    .longest_ms = SEEK_LONGEST_MS,
    .at_once = 1,
    .start = bacnet_start,
    .stop = seek_stop,
};
