/* SPDX-License-Identifier: MIT */
/* What every probe type shares. A probe type is one file that ends in one
 * const descriptor, and one line in probe_table.c. A probe never blocks,
 * finishes exactly once, can be stopped at any moment, and keeps every
 * attempt. It reports facts and judges nothing. */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <event2/event.h>

#include "core/base/mem.h"
#include "core/net/addr.h"
#include "core/net/conn.h"
#include "core/net/dgram.h"
#include "core/net/hops.h"
#include "core/net/pace.h"
#include "core/net/trust.h"
#include "core/pack/shape.h"
#include "core/record/model.h"

/* Shared by all probes of a run; borrowed. */
struct probe_env {
	struct event_base *base;
	struct pace *pace;
	struct hops *hops;
	const struct trust *trust;
	const struct vantage *vantage;
	struct addr control[2];		/* IPv4, IPv6: a TCP flow that was
					 * accepted out there; len 0 = none */
	const char *interface;		/* that the checks stand on, or NULL:
					 * way_socket() and others say when a
					 * socket is bound to it */
	bool	 fast;			/* in a hurry: shorter pauses */
	/* The UDP port from which all STUN questions of a run go, so that
	 * their mappings can be compared; 0 = not chosen yet. NULL = any. */
	uint16_t *shared_port;
};

struct probe;

/* Every bound holds for one probe, which is at one address. */
struct probe_type {
	const char *name;		/* as packs call it */
	enum probe_shape shape;		/* what its specs are made from */
	enum nature nature;		/* how it is judged */
	const char *label;		/* N_("TLS handshake") */
	const char *sends;		/* N_(): what goes out, a sentence */
	const char *whom;		/* N_(): to whom, where the spec names
					 * nobody; NULL = the gateway */
	/* Where packets go beside the spec's own destination, for machines:
	 * "WHO:PORT/PROTOCOL" with spaces between, or NULL. WHO is an address,
	 * "itself" (that destination), "subnet" (its broadcast address),
	 * "resolver" (the site's), "authority" (a name's own servers), or what
	 * the spec wants: "want" (an address), "hosts" (names). */
	const char *reaches;
	bool	 needs_address;		/* a host must be resolved first */
	bool	 one_address;		/* and the first of its addresses will
					 * do */
	bool	 locates;		/* after a failure, find who blocks */
	enum protocol carrier;		/* protocol to locate with */
	unsigned flows;			/* most new flows of one probe */
	unsigned packets;		/* most packets sent, of all kinds */
	unsigned bytes;			/* most bytes sent, IP headers too */
	unsigned longest_ms;		/* its own deadline */
	unsigned at_once;		/* most that run together; 0 = any */
	bool	 background;		/* takes minutes; no run waits for it */
	const char *right;		/* capability that it needs, such as
					 * "cap_net_raw", or NULL */
	void	(*start)(struct probe *p);
	void	(*stop)(struct probe *p); /* frees p->state; no callback */
	/* Background only: nobody waits any longer, so it finishes now with
	 * what is known so far. */
	void	(*conclude)(struct probe *p);
};

struct probe {
	const struct probe_type *type;
	const struct probe_env *env;
	const struct probe_spec *spec;
	struct addr to;			/* len 0 unless needs_address */
	struct arena *arena;		/* of this probe */
	struct observation obs;		/* filled as it goes */
	size_t	 decider;		/* obs.attempts[] of the connection */
	int64_t	 start_mono_us;
	void	*state;
	bool	 finished;
	void	(*done)(struct probe *p, void *arg);
	void	(*slow)(struct probe *p, void *arg);
	void	*arg;
	struct event *finish_event;
	struct event *deadline;
};

/* to may be NULL. done() is called once, from the loop, never from within
 * probe_start() or the probe's own callbacks; then call probe_free(). slow()
 * (may be NULL) is called at most once, when a first attempt goes
 * unanswered. Fills id NULL, key, probe, host, address, port, protocol. */
struct probe *probe_new(const struct probe_type *type,
	    const struct probe_env *env, const struct probe_spec *spec,
	    const struct addr *to, void (*done)(struct probe *, void *),
	    void (*slow)(struct probe *, void *), void *arg);
void	 probe_start(struct probe *p);
/* Ends it now: cause cancelled, done() follows from the loop. */
void	 probe_cancel(struct probe *p);
/* Asks a background probe to finish with what it has; done() follows. */
void	 probe_conclude(struct probe *p);
void	 probe_free(struct probe *p);		/* any time; no callback */

/* For probe types: */
/* The result is complete: rung and failure are final. */
void	 probe_finish(struct probe *p, enum rung rung, enum cause failure);
void	 probe_is_slow(struct probe *p);
/* Adds an attempt that started at start_us (monotonic) and is complete. */
struct attempt *probe_add_attempt(struct probe *p, int64_t start_us,
	    int64_t end_us, const char *result);
void	 probe_add_icmp(struct probe *p, struct attempt *t,
	    const struct icmp_error *e);	/* also sets the offender */
/* Copies the attempts of a connection; returns what they come to. Detail
 * "taken_here": a program of this very machine took it. */
void	 probe_add_conn(struct probe *p, const struct conn *c,
	    enum rung *rung, enum cause *failure);
/* The same of a question by UDP that ended so; an accepted answer comes to
 * RUNG_APP_REPLY. */
void	 probe_add_dgram(struct probe *p, const struct dgram *d,
	    enum dgram_result result, enum rung *rung, enum cause *failure);
/* ICMP type and code, or errno, as the stable word. */
enum cause probe_icmp_cause(const struct icmp_error *e);
/* What the laptop itself refused to connect or send. EPERM: a rule of its own
 * firewall (netfilter drops what it forbids so; a missing right is EACCES). */
enum cause probe_local_cause(int error);
/* Adds to obs.detail; foreign text is sanitised by detail_text(). */
void	 probe_detail_int(struct probe *p, const char *name, int64_t value);
void	 probe_detail_bool(struct probe *p, const char *name, bool value);
void	 probe_detail_text(struct probe *p, const char *name,
	    const void *data, size_t len);
void	 probe_detail_str(struct probe *p, const char *name, const char *s);
/* One more device in the detail "devices", a list of objects with the texts
 * "kind" (miniserver, audioserver, intercom, controller, bacnet, knx, upnp,
 * airplay, spotify, mdns), "name", "serial", "firmware", "generation", "mac",
 * "address", as far as the device told them. Bounded: false when the list is
 * full (64) or holds the same already. */
struct probe_device {
	const char *kind, *name, *serial, *firmware, *generation, *mac,
	    *address;	/* NULL = not told; sanitised here */
};
bool	 probe_add_device(struct probe *p, const struct probe_device *d);

/* The table. */
const struct probe_type *probe_type_find(const char *name);
extern const struct probe_type *const probe_types[];
extern const size_t probe_type_count;

#endif
