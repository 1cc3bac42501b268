/* SPDX-License-Identifier: MIT */
/* The probe "ssdp": who answers M-SEARCH (UPnP Device Architecture 1.1
 * section 1.3, facts 1.2 and 5.9). The search goes to the group 239.255.255.250
 * port 1900, the answers come to this laptop alone; what devices announce of
 * themselves is heard by the group. Nothing is fetched from a device.
 *
 * want: a search target ("urn:schemas-upnp-org:device:MediaRenderer:1") that
 * must answer. Without it any device will do.
 *
 * Detail: "answers", "announced" (NOTIFY of others was heard), "wanted",
 * "loxone" (a Loxone Miniserver, or another device with a Loxone MAC,
 * answered), "server" and "location" of the first answer, "strange" (what was
 * no answer, or not from the local link), "elsewhere" (another adapter on
 * which there was an answer), "devices", "why". */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/probe/listener.h"
#include "core/probe/loxone_mac.h"
#include "core/probe/rounds.h"
#include "core/probe/ssdp_message.h"

#define GROUP "239.255.255.250"
#define PORT 1900
#define TTL 2 /* UPnP Device Architecture 1.1 section 1.3.2 */
#define MX 2  /* seconds over which devices spread their answers */
#define NROUNDS 2
#define NTARGETS 2 /* asked for in each round */
#define NSAMPLES 2 /* answers before it counts */
#define STEP_MS 1500
#define SILENCE_MS (STEP_MS + MX * 1000 + 500)
#define LINGER_MS (MX * 1000 + 300) /* for the others, from the first round */
#define ASK_MAX 300
#define ANSWERS_MAX 256 /* that are looked into, whatever comes */

enum { EAR_SEARCH, EAR_GROUP };

static const char *const everyone[] = {"upnp:rootdevice", "ssdp:all"};

struct ssdp_state {
	struct listener ears;
	struct rounds rounds;
	const char *target[NTARGETS];
	bool announced, loxone, elsewhere_wanted;
	char elsewhere[16];
	int nanswers, nstrange, nlooked;
	uint64_t sample[NSAMPLES]; /* wanted answers, each only once */
	int nsamples;
};

static void
ssdp_result(struct probe *p)
{
	struct ssdp_state *s = p->state;
	const char *why = NULL;
	enum rung rung = RUNG_TRANSPORT;
	enum cause cause = CAUSE_NONE;

	if (s->nsamples == NSAMPLES) {
		rung = RUNG_APP_REPLY;
	} else if (s->nanswers > 0) {
		why = "other_answered";
	} else if (s->elsewhere_wanted) {
		rung = RUNG_SILENCE;
		cause = CAUSE_WRONG_INTERFACE;
	} else if (s->announced) {
		why = "announced_only";
	} else {
		rung = RUNG_SILENCE;
		cause = CAUSE_UDP_SILENT;
		why = "no_answer_firewall";
	}
	p->obs.source_port = lan_port(s->ears.ear[EAR_SEARCH].lan);
	rounds_attempts(&s->rounds, p->obs.source_port);
	probe_detail_int(p, "answers", s->nanswers);
	probe_detail_bool(p, "announced", s->announced);
	probe_detail_bool(p, "loxone", s->loxone);
	if (p->spec->want != NULL)
		probe_detail_bool(p, "wanted", s->nsamples > 0);
	if (s->nstrange > 0)
		probe_detail_int(p, "strange", s->nstrange);
	if (s->elsewhere[0] != '\0')
		probe_detail_str(p, "elsewhere", s->elsewhere);
	probe_detail_str(p, "why", why);
	probe_finish(p, rung, cause);
}

/* --- what comes --- */

/* "... Loxone Miniserver NAME UPnP/1.0 ..." in SERVER (facts 1.2). */
static const char *
miniserver_name(struct probe *p, const char *server)
{
	static const char mark[] = "Loxone Miniserver ";
	const char *at = strstr(server, mark), *end;

	if (at == NULL)
		return NULL;
	at += strlen(mark);
	end = strstr(at, " UPnP/");
	return arena_strndup(p->arena, at,
	    end == NULL ? strlen(at) : (size_t)(end - at));
}

static void
add_device(struct probe *p, const struct lan_input *in,
    const struct ssdp_message *m)
{
	struct ssdp_state *s = p->state;
	char serial[LOXONE_SERIAL_SIZE], mac[LOXONE_MAC_SIZE];
	char text[ADDR_TEXT_SIZE];
	const char *server = ssdp_text(p->arena, &m->server);
	const char *name = miniserver_name(p, server);
	struct probe_device d = {.kind = name != NULL ? "miniserver" : "upnp",
	    .name = name != NULL ? name : server,
	    .address = addr_text(&in->from, text)};

	s->loxone = s->loxone || name != NULL;
	if (loxone_mac_find(m->usn.at, m->usn.len, serial, mac)) {
		d.serial = serial;
		d.mac = mac;
		s->loxone = true;
	}
	probe_add_device(p, &d);
	if (s->nanswers == 1) {
		probe_detail_str(p, "server", server);
		if (ssdp_location_is_at(&m->location, text))
			probe_detail_text(p, "location", m->location.at,
			    m->location.len);
	}
}

/* ssdp:all is answered with whatever the device is. */
static bool
is_asked_for(const struct probe *p, const struct ssdp_message *m)
{
	return p->spec->want == NULL ? m->st.len > 0 :
				       ssdp_is(&m->st, p->spec->want);
}

/* The same bytes of the same device twice may be one answer that the network
 * doubled; in the next round they are another. */
static void
add_sample(struct ssdp_state *s, const struct lan_input *in, int round)
{
	uint64_t h = UINT64_C(14695981039346656037) + (uint64_t)round; /* FNV */
	size_t i;
	int k;

	h ^= in->from.in.sin_addr.s_addr;
	for (i = 0; i < in->len; i++)
		h = (h ^ in->data[i]) * UINT64_C(1099511628211);
	for (k = 0; k < s->nsamples; k++) {
		if (s->sample[k] == h)
			return;
	}
	if (s->nsamples < NSAMPLES)
		s->sample[s->nsamples++] = h;
}

static void
got_answer(struct probe *p, const struct lan_input *in,
    const struct ssdp_message *m)
{
	struct ssdp_state *s = p->state;

	s->nanswers++;
	rounds_heard(&s->rounds, &in->from);
	rounds_received(&s->rounds, in->len);
	if (is_asked_for(p, m))
		add_sample(s, in, rounds_now(&s->rounds));
	add_device(p, in, m);
	if (s->nsamples == NSAMPLES)
		rounds_end_at(&s->rounds,
		    s->rounds.began_us[0] + LINGER_MS * 1000LL);
}

static void
on_input(struct probe *p, size_t which, const struct lan_input *in)
{
	struct ssdp_state *s = p->state;
	struct ssdp_message m;

	if (in->truncated || !listener_is_near(in) ||
	    !ssdp_parse(in->data, in->len, &m)) {
		s->nstrange++;
		return;
	}
	if (which == EAR_GROUP) {
		if (in->cast == LAN_GROUP && m.kind == SSDP_NOTIFY &&
		    listener_is_here(&s->ears, in))
			s->announced = true;
		return;
	}
	if (m.kind != SSDP_ANSWER || m.st.len == 0 || m.usn.len == 0 ||
	    in->cast != LAN_UNICAST || !rounds_began(&s->rounds) ||
	    s->nlooked++ >= ANSWERS_MAX) {
		s->nstrange++;
		return;
	}
	if (listener_is_here(&s->ears, in)) {
		got_answer(p, in, &m);
		return;
	}
	snprintf(s->elsewhere, sizeof s->elsewhere, "%s", in->adapter->name);
	s->elsewhere_wanted = s->elsewhere_wanted || is_asked_for(p, &m);
}

/* --- what is sent --- */

static int
round_of(const struct probe *p, size_t question)
{
	(void)p;
	return question < NROUNDS * NTARGETS ? (int)(question / NTARGETS) : -1;
}

static size_t
ask(struct probe *p, size_t question, int round)
{
	struct ssdp_state *s = p->state;
	char data[ASK_MAX];
	int len;

	(void)round;
	len = snprintf(data, sizeof data,
	    "M-SEARCH * HTTP/1.1\r\nHOST: " GROUP ":%d\r\n"
	    "MAN: \"ssdp:discover\"\r\nMX: %d\r\nST: %.128s\r\n\r\n",
	    PORT, MX, s->target[question % NTARGETS]);
	return listener_send(&s->ears, EAR_SEARCH, GROUP, PORT, TTL, data,
		   (size_t)len) ?
	    (size_t)len :
	    0;
}

static const struct rounds_setup rounds = {
    .to = GROUP,
    .step_ms = STEP_MS,
    .silence_ms = SILENCE_MS,
    .round = round_of,
    .ask = ask,
    .end = ssdp_result,
};

static void
ssdp_start(struct probe *p)
{
	struct ssdp_state *s = mem_alloc(sizeof *s);

	p->state = s;
	s->ears.probe = p;
	s->ears.input = on_input;
	rounds_prepare(&s->rounds, p, &rounds);
	s->target[0] = p->spec->want != NULL ? p->spec->want : everyone[0];
	s->target[1] = everyone[1];
	if (listener_add(&s->ears, NULL, 0) &&
	    listener_add(&s->ears, GROUP, PORT))
		rounds_start(&s->rounds);
}

static void
ssdp_stop(struct probe *p)
{
	struct ssdp_state *s = p->state;

	rounds_stop(&s->rounds);
	listener_close(&s->ears);
	mem_free(s);
}

const struct probe_type probe_ssdp = {
    .name = "ssdp",
    .shape = SHAPE_SITE,
    .nature = NATURE_SEARCH,
    .label = N_("Search by UPnP (SSDP)"),
    .sends = N_("It searches the local network for UPnP devices, on every "
		"adapter, and joins the group 239.255.255.250 to hear what "
		"they announce."),
    .whom = N_("every device in the local network"),
    .reaches = "239.255.255.250:1900/udp 224.0.0.22:0/igmp",
    .flows = NROUNDS * NTARGETS * LAN_ADAPTERS,
    .packets = (NROUNDS * NTARGETS + LISTENER_JOIN_PACKETS) * LAN_ADAPTERS,
    .bytes = (NROUNDS * NTARGETS * (28 + ASK_MAX) + LISTENER_JOIN_BYTES) *
	LAN_ADAPTERS,
    .longest_ms = SILENCE_MS,
    .start = ssdp_start,
    .stop = ssdp_stop,
};
