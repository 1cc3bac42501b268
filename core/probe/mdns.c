/* SPDX-License-Identifier: MIT */
/* The probe "mdns": who answers questions by multicast DNS (RFC 6762, facts
 * 1.3 and 5.9). Each question goes out three times from port 5353, to be
 * answered to the group, and three times from another port, to be answered to
 * this laptop alone (RFC 6762 section 6.7), once also by QU. Which of the two
 * ways an answer takes tells whether multicast is lost.
 *
 * want: service types, parted by commas ("_airplay._tcp,_raop._tcp"); one of
 * them must answer. Without it any device on the local network will do, since
 * its answer proves multicast in both directions.
 *
 * Detail: "answers" (messages with an answer to a question of ours),
 * "unicast" and "group" (which way they came; group also true for any other
 * mDNS message), "wanted", "loxone" (a device with a Loxone MAC answered),
 * "services" (types that devices named), "strange" (messages that were not
 * well-formed, or not from the local link), "elsewhere" (another adapter on
 * which there was an answer), "devices", "why". */
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/probe/listener.h"
#include "core/probe/loxone_mac.h"
#include "core/probe/mdns_message.h"
#include "core/probe/rounds.h"

#define GROUP "224.0.0.251"
#define PORT 5353
#define WANTED_MAX 4
#define FOLLOW_MAX 4 /* types that were named are asked for, too */
#define NQUESTIONS (1 + WANTED_MAX + FOLLOW_MAX)
#define ASK_MAX 400 /* bytes of one datagram */
#define NROUNDS 3
#define STEP_MS 1100 /* an answer is repeated only after a second */
#define SILENCE_MS 3500
#define LINGER_MS 500    /* for further devices, once it is proved */
#define MESSAGES_MAX 256 /* that are looked into, whatever comes */
#define ANSWERS_MAX 16   /* of one message */
#define ENUMERATION "_services._dns-sd._udp.local"

enum { EAR_GROUP, EAR_SINGLE };
enum ask { ASK_GROUP, ASK_SINGLE, ASK_QU };

static const struct {
	int round;
	enum ask how;
} asks[] = {
    {0, ASK_GROUP},
    {0, ASK_SINGLE},
    {1, ASK_GROUP},
    {1, ASK_SINGLE},
    {1, ASK_QU},
    {2, ASK_GROUP},
    {2, ASK_SINGLE},
};

#define NASKS (sizeof asks / sizeof *asks)

struct mdns_state {
	struct listener ears;
	struct rounds rounds;
	struct mdns_name question[NQUESTIONS];
	size_t nquestions;
	size_t nwanted; /* question[1] ... of the pack; 0 = any */
	uint16_t id[NROUNDS];
	bool group_in[NROUNDS]; /* our question, answered to the group */
	bool group, unicast, unicast_unique, wanted, loxone;
	bool elsewhere_wanted, asked_qu;
	char elsewhere[16];
	int nanswers, nstrange, nmessages;
	struct buf services;
};

/* --- the result --- */

static bool
is_proved(const struct mdns_state *s)
{
	int i, n = 0;

	for (i = 0; i < NROUNDS; i++)
		n += s->group_in[i];
	/* Without an answer to us alone it might be an announcement that came
	 * by chance, but hardly twice. */
	return (s->unicast && s->group) || n > 1;
}

static void
add_attempts(struct probe *p)
{
	struct mdns_state *s = p->state;

	p->obs.source_port = lan_port(s->ears.ear[EAR_SINGLE].lan);
	rounds_attempts(&s->rounds, p->obs.source_port);
	/* The same questions, asked from the group's own port. */
	if (rounds_began(&s->rounds))
		probe_add_attempt(p, s->rounds.began_us[0], clock_mono_us(),
		    s->group ? "reply" : "silence")
		    ->source_port = PORT;
}

static void
add_details(struct probe *p)
{
	struct mdns_state *s = p->state;

	probe_detail_int(p, "answers", s->nanswers);
	probe_detail_bool(p, "unicast", s->unicast);
	probe_detail_bool(p, "group", s->group);
	probe_detail_bool(p, "loxone", s->loxone);
	if (s->nwanted > 0)
		probe_detail_bool(p, "wanted", s->wanted);
	if (s->nstrange > 0)
		probe_detail_int(p, "strange", s->nstrange);
	if (s->services.len > 0)
		probe_detail_text(p, "services", s->services.data,
		    s->services.len);
	if (s->elsewhere[0] != '\0')
		probe_detail_str(p, "elsewhere", s->elsewhere);
}

/* The wanted answer came to us alone, to a question that only its sender can
 * answer and that it had to answer to the group, too (RFC 6762 section 6). A
 * single one of those may be lost by chance. */
static bool
is_lost(const struct mdns_state *s)
{
	return s->unicast_unique && !s->group && s->rounds.asked == NASKS;
}

static void
mdns_result(struct probe *p)
{
	struct mdns_state *s = p->state;
	const char *why = NULL;
	enum rung rung = RUNG_TRANSPORT;
	enum cause cause = CAUSE_NONE;

	if (is_proved(s) && (s->wanted || s->nwanted == 0)) {
		rung = RUNG_APP_REPLY;
	} else if (is_lost(s)) {
		cause = CAUSE_MULTICAST_LOST;
	} else if (s->nanswers > 0) {
		why = "other_answered";
	} else if (s->elsewhere_wanted) {
		rung = RUNG_SILENCE;
		cause = CAUSE_WRONG_INTERFACE;
	} else if (s->group) {
		why = "others_heard";
	} else {
		rung = RUNG_SILENCE;
		cause = CAUSE_UDP_SILENT;
		why = "no_answer";
	}
	add_attempts(p);
	add_details(p);
	probe_detail_str(p, "why", why);
	probe_finish(p, rung, cause);
}

/* --- devices --- */

static bool
find_entry(const uint8_t *msg, size_t len, const struct mdns_name *name,
    uint16_t type, struct mdns_entry *out)
{
	struct mdns_walk w;

	mdns_walk_begin(&w, msg, len);
	while (mdns_walk_next(&w, out)) {
		if (!out->question && out->type == type && out->class == 1 &&
		    mdns_name_equal(&out->name, name))
			return true;
	}
	return false;
}

static const char *
label_text(struct probe *p, const struct mdns_name *name)
{
	const uint8_t *at;
	size_t len;

	at = mdns_name_label(name, &len);
	return text_sanitise(p->arena, at, len, 64, false);
}

static const char *
kind_of(const struct mdns_name *service)
{
	static const struct {
		const char *label, *kind;
	} rows[] = {
	    {"_airplay", "airplay"},
	    {"_raop", "airplay"},
	    {"_spotify-connect", "spotify"},
	};
	const uint8_t *at;
	size_t i, len;

	at = mdns_name_label(service, &len);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (len == strlen(rows[i].label) &&
		    memcmp(at, rows[i].label, len) == 0)
			return rows[i].kind;
	}
	return "mdns";
}

/* The A record is the device's own word, believed only for a neighbour. */
static const char *
address_of(struct probe *p, const struct lan_input *in,
    const struct mdns_name *host)
{
	struct lan_input other = *in;
	struct mdns_entry a;
	char text[ADDR_TEXT_SIZE];

	if (host != NULL && find_entry(in->data, in->len, host, MDNS_A, &a)) {
		memcpy(&other.from.in.sin_addr, a.data, 4);
		if (listener_is_near(&other))
			return arena_strdup(p->arena,
			    addr_text(&other.from, text));
	}
	return arena_strdup(p->arena, addr_text(&in->from, text));
}

static void
add_device(struct probe *p, const struct lan_input *in,
    const struct mdns_entry *ptr)
{
	struct mdns_state *s = p->state;
	struct mdns_entry srv, txt;
	bool has_srv = find_entry(in->data, in->len, &ptr->target, MDNS_SRV,
	    &srv);
	char serial[LOXONE_SERIAL_SIZE], mac[LOXONE_MAC_SIZE];
	const char *name = label_text(p, &ptr->target), *at;
	struct probe_device d = {.kind = kind_of(&ptr->name),
	    .address = address_of(p, in, has_srv ? &srv.target : NULL)};
	const uint8_t *label;
	size_t len;

	label = mdns_name_label(&ptr->target, &len);
	if (loxone_mac_find(label, len, serial, mac) ||
	    (has_srv &&
		loxone_mac_find(srv.target.wire, srv.target.len, serial,
		    mac)) ||
	    (find_entry(in->data, in->len, &ptr->target, MDNS_TXT, &txt) &&
		loxone_mac_find(txt.data, txt.len, serial, mac))) {
		d.serial = serial;
		d.mac = mac;
		s->loxone = true;
	}
	/* A player's name stands behind its address: "504F94...@Kitchen". */
	at = strchr(name, '@');
	d.name = at != NULL ? at + 1 : name;
	probe_add_device(p, &d);
}

/* Types that devices name are asked for, too, since only an answer that no
 * other machine could give tells that multicast is lost. */
static void
follow(struct probe *p, const struct mdns_name *type)
{
	struct mdns_state *s = p->state;
	const char *text = label_text(p, type);
	size_t i, len = 0;

	for (i = 0; i < s->nquestions; i++) {
		if (mdns_name_equal(&s->question[i], type))
			break;
		len += s->question[i].len + 4;
	}
	if (s->services.len < 512 &&
	    (s->services.len == 0 || strstr(s->services.data, text) == NULL)) {
		buf_adds(&s->services, s->services.len == 0 ? "" : ", ");
		buf_adds(&s->services, text);
	}
	if (i < s->nquestions || s->nquestions >= 2 + s->nwanted + FOLLOW_MAX ||
	    s->nquestions == NQUESTIONS || 12 + len + type->len + 4 > ASK_MAX)
		return;
	s->question[s->nquestions++] = *type;
}

/* --- what comes --- */

/* Which of the questions this answers; -1 none. */
static int
question_of(const struct mdns_state *s, const struct mdns_entry *e)
{
	size_t i;

	if (!e->answer || e->type != MDNS_PTR || e->class != 1 || e->ttl == 0)
		return -1;
	for (i = 0; i < s->nquestions; i++) {
		if (mdns_name_equal(&e->name, &s->question[i]))
			return i > 0 &&
				!mdns_name_is_below(&e->target, &e->name) ?
			    -1 :
			    (int)i;
	}
	return -1;
}

static void
note_elsewhere(struct mdns_state *s, const struct lan_input *in, int question)
{
	snprintf(s->elsewhere, sizeof s->elsewhere, "%s", in->adapter->name);
	if (s->nwanted == 0 || (question > 0 && (size_t)question <= s->nwanted))
		s->elsewhere_wanted = true;
}

static void
note_answer(struct probe *p, const struct lan_input *in, int question)
{
	struct mdns_state *s = p->state;

	if (in->cast == LAN_GROUP)
		s->group_in[rounds_now(&s->rounds)] = true;
	else if (question > 0)
		s->unicast = s->unicast_unique = true;
	else
		s->unicast = true;
	if (question > 0 && (size_t)question <= s->nwanted)
		s->wanted = true;
	rounds_heard(&s->rounds, &in->from);
}

static bool
read_answers(struct probe *p, const struct lan_input *in)
{
	struct mdns_state *s = p->state;
	struct mdns_walk w;
	struct mdns_entry e;
	int question, n = 0;

	mdns_walk_begin(&w, in->data, in->len);
	while (n < ANSWERS_MAX && mdns_walk_next(&w, &e)) {
		question = question_of(s, &e);
		if (question < 0)
			continue;
		n++;
		if (!listener_is_here(&s->ears, in)) {
			note_elsewhere(s, in, question);
			continue;
		}
		note_answer(p, in, question);
		if (question > 0)
			add_device(p, in, &e);
		else if (e.target.len > 1)
			follow(p, &e.target);
	}
	return n > 0;
}

/* RFC 6762 sections 6 and 11: an answer comes from port 5353 and from the
 * local link; one to another port of ours holds the question's id. */
static bool
is_answer(const struct mdns_state *s, size_t which, const struct lan_input *in,
    const struct mdns_header *h)
{
	int i;

	if (!h->response || addr_port(&in->from) != PORT)
		return false;
	if (which == EAR_GROUP && in->cast == LAN_UNICAST)
		return s->asked_qu;
	if (which == EAR_GROUP)
		return in->cast == LAN_GROUP;
	for (i = 0; i < NROUNDS; i++) {
		if (s->rounds.began_us[i] != 0 && s->id[i] == h->id)
			return in->cast == LAN_UNICAST;
	}
	return false;
}

static void
on_input(struct probe *p, size_t which, const struct lan_input *in)
{
	struct mdns_state *s = p->state;
	struct mdns_header h;

	if (in->truncated || !mdns_check(in->data, in->len, &h) ||
	    !listener_is_near(in)) {
		s->nstrange++;
		return;
	}
	if (in->cast == LAN_GROUP && listener_is_here(&s->ears, in))
		s->group = true;
	if (!is_answer(s, which, in, &h)) {
		s->nstrange += h.response;
		return;
	}
	if (!rounds_began(&s->rounds) || s->nmessages++ >= MESSAGES_MAX ||
	    !read_answers(p, in) || !listener_is_here(&s->ears, in))
		return;
	s->nanswers++;
	rounds_received(&s->rounds, in->len);
	if (is_proved(s) && (s->wanted || s->nwanted == 0))
		rounds_end_at(&s->rounds, clock_mono_us() + LINGER_MS * 1000LL);
}

/* --- what is sent --- */

static int
round_of(const struct probe *p, size_t question)
{
	(void)p;
	return question < NASKS ? asks[question].round : -1;
}

static size_t
ask(struct probe *p, size_t question, int round)
{
	struct mdns_state *s = p->state;
	enum ask how = asks[question].how;
	uint8_t data[ASK_MAX];
	size_t len;

	len = mdns_ask(data, sizeof data, how == ASK_SINGLE ? s->id[round] : 0,
	    how == ASK_QU, s->question, s->nquestions);
	if (!listener_send(&s->ears, how == ASK_SINGLE ? EAR_SINGLE : EAR_GROUP,
		GROUP, PORT, 255, data, len))
		return 0;
	s->asked_qu = s->asked_qu || how == ASK_QU;
	return len;
}

static const struct rounds_setup rounds = {
    .to = GROUP,
    .step_ms = STEP_MS,
    .silence_ms = SILENCE_MS,
    .round = round_of,
    .ask = ask,
    .end = mdns_result,
};

static void
add_question(struct mdns_state *s, const char *type, size_t len)
{
	char dotted[256];

	if (s->nquestions < 1 + WANTED_MAX && len > 0 && len < 128 &&
	    snprintf(dotted, sizeof dotted, "%.*s.local", (int)len, type) > 0 &&
	    mdns_name_parse(&s->question[s->nquestions], dotted))
		s->nquestions++;
}

static void
choose_questions(struct mdns_state *s, const char *want)
{
	size_t n;

	mdns_name_parse(&s->question[0], ENUMERATION);
	s->nquestions = 1;
	if (want == NULL) {
		add_question(s, "_http._tcp", 10);
		return;
	}
	while (*want != '\0') {
		n = strcspn(want, ",");
		add_question(s, want, n);
		want += n + (want[n] == ',');
	}
	s->nwanted = s->nquestions - 1;
}

static void
mdns_start(struct probe *p)
{
	struct mdns_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->ears.probe = p;
	s->ears.input = on_input;
	buf_init(&s->services, 1024);
	random_bytes(s->id, sizeof s->id);
	rounds_prepare(&s->rounds, p, &rounds);
	choose_questions(s, p->spec->want);
	if (listener_add(&s->ears, GROUP, PORT) &&
	    listener_add(&s->ears, NULL, 0))
		rounds_start(&s->rounds);
}

static void
mdns_stop(struct probe *p)
{
	struct mdns_state *s = p->state;

	rounds_stop(&s->rounds);
	listener_close(&s->ears);
	buf_free(&s->services);
	mem_free(s);
}

const struct probe_type probe_mdns = {
    .name = "mdns",
    .shape = SHAPE_SITE,
    .nature = NATURE_SEARCH,
    .label = N_("Search by mDNS"),
    .sends = N_("It asks the local network by multicast DNS, on every "
		"adapter, which devices and services there are, and joins "
		"the group 224.0.0.251 to hear the answers."),
    .whom = N_("every device in the local network"),
    .reaches = "224.0.0.251:5353/udp 224.0.0.22:0/igmp",
    .flows = 2 * LAN_ADAPTERS,
    .packets = (NASKS + LISTENER_JOIN_PACKETS) * LAN_ADAPTERS,
    .bytes = (NASKS * (28 + ASK_MAX) + LISTENER_JOIN_BYTES) * LAN_ADAPTERS,
    .longest_ms = SILENCE_MS,
    .start = mdns_start,
    .stop = mdns_stop,
};
