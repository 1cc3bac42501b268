/* SPDX-License-Identifier: MIT */
/* The probe "loxone_search": one byte 00 to port 7070, as the Loxone App
 * sends it (facts 1.1, known from the community). A Miniserver answers with a
 * line of text, an Audioserver with JSON. It goes out from port 7071, so that
 * an answer to that port and one to the port of the sender both come here.
 * Want: "miniserver", "audioserver" or nothing. Detail: see seek.h; the
 * "address" of a device is where it answered from. */
#include <jansson.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/probe/seek.h"

#define PORT_FROM 7071
#define TEXT_MAX 4096

/* A stretch of the answer's text. */
struct span {
	const char *at;
	size_t len;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static char
to_upper(char c)
{
	return c >= 'a' && c <= 'f' ? (char)(c - 'a' + 'A') : c;
}

/* Each 'd' of the pattern is a digit, the rest stands for itself. */
static bool
fits(struct span s, const char *pattern)
{
	size_t i;

	if (s.len < strlen(pattern))
		return false;
	for (i = 0; pattern[i] != '\0'; i++) {
		if (pattern[i] == 'd' ? !is_digit(s.at[i]) :
					s.at[i] != pattern[i])
			return false;
	}
	return true;
}

/* Four numbers with dots between: "12.0.2.24". */
static bool
is_version(struct span s)
{
	size_t i, ndots = 0, ndigits = 0;

	for (i = 0; i < s.len; i++) {
		if (is_digit(s.at[i]) && ndigits < 5) {
			ndigits++;
		} else if (s.at[i] == '.' && ndigits > 0) {
			ndots++;
			ndigits = 0;
		} else {
			return false;
		}
	}
	return ndots == 3 && ndigits > 0;
}

static bool
read_serial(struct span s, struct seek_answer *a)
{
	size_t i;

	if (s.len != 12)
		return false;
	for (i = 0; i < 12; i++) {
		if (!is_hex(s.at[i]))
			return false;
		a->serial[i] = to_upper(s.at[i]);
		a->mac[i + i / 2] = a->serial[i];
		if (i % 2 == 1 && i < 11)
			a->mac[i + i / 2 + 1] = ':';
	}
	a->serial[12] = a->mac[17] = '\0';
	return true;
}

static bool
read_address(struct span s, struct addr *out)
{
	char text[24];
	char *colon;
	size_t i;
	unsigned port = 0;

	if (s.len >= sizeof text)
		return false;
	memcpy(text, s.at, s.len);
	text[s.len] = '\0';
	colon = strchr(text, ':');
	if (colon == NULL || colon[1] == '\0')
		return false;
	*colon = '\0';
	for (i = 1; colon[i] != '\0'; i++) {
		if (!is_digit(colon[i]) || i > 5)
			return false;
		port = port * 10 + (unsigned)(colon[i] - '0');
	}
	return port >= 1 && port <= 65535 &&
	    addr_parse(out, text, (uint16_t)port) &&
	    out->sa.sa_family == AF_INET;
}

/* Takes the last word off the text; false when there is none before it. */
static bool
take_last(struct span *text, struct span *word)
{
	size_t i = text->len;

	while (i > 0 && text->at[i - 1] != ' ')
		i--;
	if (i == 0)
		return false;
	*word = (struct span){text->at + i, text->len - i};
	text->len = i - 1;
	return true;
}

/* "Type:2", in facts 1.1; other numbers are not known. */
static const char *
generation_of(struct span tail)
{
	static const char *const known[] = {"gen1", "go", "gen2", NULL,
	    "compact"};
	static const char mark[] = " Type:";
	const char *at = memmem(tail.at, tail.len, mark, sizeof mark - 1);
	size_t n;

	if (at == NULL)
		return NULL;
	at += sizeof mark - 1;
	if (at >= tail.at + tail.len || !is_digit(*at) ||
	    (at + 1 < tail.at + tail.len && at[1] != ' '))
		return NULL;
	n = (size_t)(*at - '0');
	return n < sizeof known / sizeof *known ? known[n] : NULL;
}

/* Everything before "Prog:", from the right, since a name may hold blanks
 * and whatever looks like the rest. */
static bool
read_head(struct span head, struct seek_answer *a)
{
	struct span version, serial, address;

	if (!take_last(&head, &version) || !take_last(&head, &serial) ||
	    !take_last(&head, &address) || !is_version(version) ||
	    version.len >= sizeof a->firmware || !read_serial(serial, a) ||
	    !read_address(address, &a->stated))
		return false;
	memcpy(a->firmware, version.at, version.len);
	if (head.len > sizeof a->name - 1)
		head.len = sizeof a->name - 1;
	memcpy(a->name, head.at, head.len);
	return true;
}

static bool
read_miniserver(struct span text, struct seek_answer *a)
{
	static const char first[] = "LoxLIVE: ", mark[] = " Prog:";
	struct span head, tail;
	size_t i;

	if (text.len < sizeof first - 1 ||
	    memcmp(text.at, first, sizeof first - 1) != 0)
		return false;
	for (i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] < ' ' || text.at[i] == 0x7f)
			return false;
	}
	text.at += sizeof first - 1;
	text.len -= sizeof first - 1;
	for (i = text.len; i-- > 0;) {
		head = (struct span){text.at, i};
		tail = (struct span){text.at + i, text.len - i};
		if (tail.len < sizeof mark - 1 ||
		    memcmp(tail.at, mark, sizeof mark - 1) != 0)
			continue;
		tail.at += sizeof mark - 1;
		tail.len -= sizeof mark - 1;
		if (!fits(tail, "dddd-dd-dd dd:dd:dd") ||
		    (tail.len > 19 && tail.at[19] != ' '))
			continue;
		if (!read_head(head, a))
			continue;
		a->kind = "miniserver";
		a->generation = generation_of(tail);
		return true;
	}
	return false;
}

/* "50:4F:94:A0:00:02" */
static bool
read_mac(struct span s, struct seek_answer *a)
{
	char plain[12];
	size_t i, n = 0;

	if (s.len != 17)
		return false;
	for (i = 0; i < 17; i++) {
		if (i % 3 == 2 ? s.at[i] != ':' : !is_hex(s.at[i]))
			return false;
		if (i % 3 != 2)
			plain[n++] = s.at[i];
	}
	return read_serial((struct span){plain, 12}, a);
}

static struct span
member(const json_t *j, const char *name)
{
	const json_t *v = json_object_get(j, name);

	return (struct span){json_string_value(v), json_string_length(v)};
}

/* What an Intercom says of itself is not documented; the facts have this
 * form of the Audioserver alone. */
static bool
read_audioserver(struct span text, struct seek_answer *a)
{
	json_t *j = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, NULL);
	struct span type = member(j, "t"), version = member(j, "v"),
		    name = member(j, "n");
	bool ok = type.len > 0 && name.at != NULL &&
	    version.len < sizeof a->firmware && is_version(version) &&
	    read_mac(member(j, "s"), a);

	if (ok) {
		a->kind = strcmp(type.at, "Audioserver") == 0 ? "audioserver" :
		    strcmp(type.at, "Intercom") == 0          ? "intercom" :
								NULL;
		memcpy(a->firmware, version.at, version.len);
		if (name.len > sizeof a->name - 1)
			name.len = sizeof a->name - 1;
		memcpy(a->name, name.at, name.len);
	}
	json_decref(j);
	return ok;
}

static bool
read_answer(struct probe *p, const struct seek_question *q,
    const struct lan_input *in, struct seek_answer *a)
{
	struct span text = {(const char *)in->data, in->len};

	(void)p;
	(void)q;
	while (text.len > 0 && strchr("\r\n", text.at[text.len - 1]) != NULL)
		text.len--; /* also a final NUL, which strchr finds */
	if (text.len == 0 || text.len > TEXT_MAX)
		return false;
	if (text.at[0] == '{')
		return read_audioserver(text, a);
	return read_miniserver(text, a);
}

static size_t
compose(const struct seek_question *q, uint8_t out[SEEK_MAX_OUT])
{
	(void)q;
	out[0] = 0x00;
	return 1;
}

static void
loxone_search_start(struct probe *p)
{
	static const struct seek_setup setup = {
	    .port = PORT_FROM,
	    .others = true,
	    .all = "255.255.255.255",
	    .directed = true,
	    .lost = CAUSE_BROADCAST_LOST,
	    .compose = compose,
	    .read = read_answer,
	};

	seek_start(p, &setup);
}

const struct probe_type probe_loxone_search = {
    .name = "loxone_search",
    .shape = SHAPE_SEARCH,
    .nature = NATURE_SEARCH,
    .label = N_("Loxone search"),
    .sends = N_("It asks every Loxone device to answer, as the Loxone App "
		"does; if the device does not, it asks that device alone."),
    .whom = N_("every device in the local network"),
    .reaches = "255.255.255.255:7070/udp subnet:7070/udp",
    .carrier = PROTO_UDP,
    .flows = LAN_SENDS + 1,
    .packets = SEEK_PACKETS(LAN_SENDS),
    .bytes = SEEK_BYTES(LAN_SENDS, 1),
    .longest_ms = SEEK_LONGEST_MS,
    .at_once = 1,
    .start = loxone_search_start,
    .stop = seek_stop,
};
