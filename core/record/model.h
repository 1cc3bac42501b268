/* SPDX-License-Identifier: MIT */
/* The record of one site as plain structs: the single model behind screen,
 * files and paper. Behaviour lives elsewhere. Every string is valid UTF-8,
 * sanitised, owned by the record's arena, and NULL only where it says so. */
#ifndef RECORD_MODEL_H
#define RECORD_MODEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/mem.h"
#include "core/record/words.h"

struct port_range {
	uint16_t low;
	uint16_t high;		/* == low for a single port */
};

struct ports {
	struct port_range *range;
	size_t	 count;
};

struct destination {
	enum dest_kind kind;
	char	*name;		/* name, address, what the peer is, or NULL */
	char	*from;		/* question that gives the name, or NULL */
	int	 depth;		/* wildcard: labels below; 0 = any */
	bool	 apex;		/* wildcard: the apex itself is meant too */
	struct strlist examples; /* wildcard: documented names */
};

/* A citation; `lines` as "5,24,36" or "20-29". */
struct source {
	char	*document;	/* "zencontrol.txt" */
	char	*lines;		/* "" only where `assumed` is set */
	char	*assumed;	/* what is assumed and why; NULL = documented */
};

/* One comparison of an answer; a list of them holds when all hold. */
enum clause_op {
	CLAUSE_IS, CLAUSE_NOT, CLAUSE_ANY_OF, CLAUSE_AT_LEAST, CLAUSE_BELOW,
};

struct clause {
	char	*question;
	enum clause_op op;
	struct strlist values;	/* one, or several for any_of */
	char	*ask;		/* the question in words, or NULL */
	struct strlist says;	/* the values in words, if ask is set */
};

struct clauses {
	struct clause *item;
	size_t	 count;
};

/* What is asked of one probe. `key` names it uniquely and stably: the same
 * key means the same measurement, so it is made once and serves every
 * requirement that asks for it, in this run and when judging again. */
struct probe_spec {
	char	*key;		/* "tls tcp connect.zencontrol.com:5113" */
	char	*type;		/* row of the probe table */
	char	*host;		/* name to resolve or to use as SNI, or NULL */
	char	*address;	/* literal to contact, or NULL: resolve host */
	uint16_t port;
	enum protocol protocol;
	char	*alpn;		/* TLS: to be negotiated, or NULL */
	char	*tls_max;	/* TLS: "1.2" caps the version, or NULL */
	char	*issuer;	/* TLS: name of a key in the packs, or NULL */
	char	*path;		/* HTTP: request path, or NULL = "/" */
	char	*expect;	/* HTTP: text that the body holds, or NULL */
	char	*want;		/* what is looked for, in the type's words, or
				 * NULL */
	int	 status;	/* HTTP: status that is wanted; 0 = any */
};

struct attempt {
	int64_t	 offset_us;	/* after the observation's start */
	int64_t	 duration_us;	/* until the result, or until given up */
	uint16_t source_port;	/* 0 unknown */
	uint32_t sent;		/* payload bytes */
	uint32_t received;
	int	 ttl;		/* 0 = the system's default */
	char	*result;	/* stable word: "reply" "accepted" "reset"
				 * "icmp" "silence" "error" "closed" ... */
	char	*from;		/* address that answered, or NULL */
	int	 icmp_type;	/* -1 none */
	int	 icmp_code;
	int	 error;		/* errno, 0 none */
};

/* What one probe saw. A fact, never changed afterwards, though it may be
 * withdrawn while its run goes on. */
struct observation {
	char	*id;		/* "o1", "o2", ... in order of completion */
	char	*key;		/* of its probe_spec, plus " @ADDRESS" when the
				 * host was resolved to that address */
	char	*probe;		/* type */
	enum nature nature;	/* how it is judged */
	char	*host;		/* or NULL */
	char	*address;	/* or NULL */
	uint16_t port;
	enum protocol protocol;
	int64_t	 started_us;	/* wall clock */
	int64_t	 duration_us;
	uint16_t source_port;	/* of the deciding attempt */
	struct attempt *attempts;
	size_t	 nattempts;
	enum rung rung;
	enum cause failure;	/* what was seen, as the stable word */
	char	*offender;	/* address that rejected, or NULL */
	json_t	*detail;	/* owned object: per probe type, see probe/ */
};

/* A judgement of the addresses of one family alone. */
struct family_judgement {
	bool	 tried;
	enum outcome outcome;
	enum rung rung;
	enum cause cause;
	enum zone zone;
};

/* One requirement as it applied to this site, with its judgement. */
struct need {
	char	*id;		/* "zencontrol.cloud-mncp", immutable */
	char	*product;
	char	*service;
	char	*step;		/* id of the step that checks it, or NULL */
	enum strength strength;
	enum direction direction;
	enum protocol protocol;
	struct ports ports;
	struct destination to;
	char	*application;
	char	*group;		/* alternatives share it, or NULL */
	struct clauses when;
	bool	 open_question;	/* applies because an answer is unknown */
	char	*open_ask;	/* that question in words, or the one whose
				 * answer says what to check; or NULL */
	bool	 applies;
	char	*reason;
	char	*breaks_installer;
	char	*breaks_customer;
	char	*grant;		/* what the IT desk must grant */
	char	*note;		/* or NULL */
	struct source source;
	enum rung required_rung;
	char	*probe_type;
	struct strlist needs;	/* ids of prerequisites */
	struct probe_spec *specs; /* what proves it; none = no probe fits */
	size_t	 nspecs;
	char	*unprobed;	/* why there is no spec, or NULL */

	/* judgement */
	enum outcome outcome;
	enum rung rung;
	enum cause cause;
	enum path path;
	enum zone zone;
	struct family_judgement family[2]; /* IPv4, IPv6 */
	char	*summary;	/* one sentence: what was seen */
	char	*advice_installer;
	char	*advice_it;
	char	*advice_customer;
	char	*accepted;	/* waived: the word of the outcome that is
				 * accepted; else NULL */
	struct strlist probes;	/* observation ids */
	struct strlist blocked_by; /* requirement ids */
};

struct diagnosis {
	enum cause cause;
	enum zone zone;
	char	*whose;		/* whose it is to mend, in words, or NULL */
	char	*summary;
	char	*advice_installer;
	char	*advice_it;
	char	*advice_customer;
	struct strlist explains; /* requirement ids */
	struct strlist ruled_out; /* sentences */
	struct strlist clears;	/* requirement ids */
};

struct answer {
	char	*product;
	char	*question;
	char	*value;		/* "unknown" = I don't know yet */
	char	*ask;		/* the question in words, or NULL */
	char	*says;		/* the answer in words, or NULL */
};

struct pack_ref {
	char	*product;
	char	*title;
	uint32_t version;	/* YYYYMMDDNN */
	char	*sha256;
	char	*origin;	/* "built-in" or the file's path */
	char	*document;
	char	*retrieved;
	char	*device;	/* question that asks for the device's own
				 * address, or NULL */
};

struct site_info {		/* every field "" when not given */
	char	*name;
	char	*address;
	char	*project;	/* or order number */
	char	*customer;
	char	*customer_contact; /* person, telephone, e-mail */
	char	*installer;	/* company */
	char	*installer_contact; /* its telephone, e-mail */
	char	*engineer;	/* person at the laptop */
	char	*it_contact;
	char	*notes;
	char	*device_zone;	/* network, VLAN or outlet of the devices */
	char	*language;	/* of the papers: "de"; "" = the program's */
};

/* Where the laptop stood. */
struct vantage {
	char	*hostname;
	char	*os;
	char	*interface;	/* "" when there is none */
	struct strlist addresses; /* with prefix length */
	char	*gateway;	/* IPv4 default gateway, or NULL */
	char	*gateway6;
	char	*gateway_mac;	/* or NULL */
	struct strlist resolvers;
	char	*dhcp;		/* "lease", "static", "unknown" */
	char	*dhcp_server;	/* address, or NULL */
	int64_t	 dhcp_lease_s;	/* length of the lease; 0 = unknown */
	int64_t	 dhcp_given_us;	/* when it was given or renewed, by the wall
				 * clock; 0 = unknown */
	struct strlist time_servers; /* of the lease (DHCP option 42) */
	char	*portal_api;	/* of the lease (option 114, RFC 8910), or
				 * NULL */
	char	*wifi;		/* SSID, or NULL when wired or unknown */
	struct strlist adapters; /* others that are up, with their addresses */
	char	*vpn;		/* interface of a VPN that is up, or NULL */
	char	*proxy;		/* that the laptop is set to, or NULL */
	struct strlist warnings; /* VPN, proxy, second adapter: sentences */
	bool	 has_ipv6;	/* a global IPv6 address and a route */
	char	*clock_source;
	char	*rights;	/* names of the capabilities that the program
				 * ran with, "" = an ordinary user's; NULL: not
				 * known, of an older program */
};

struct equipment {
	char	*product;
	char	*item;		/* id of the thing written down */
	char	*label;
	char	*value;
	char	*how;		/* "typed" or "measured" */
	int64_t	 when_us;
};

struct attestation {
	char	*product;
	char	*step;
	char	*id;
	char	*text;
	char	*answer;	/* "yes", "no", "skipped" */
	char	*who;
	int64_t	 when_us;
	char	*reason;	/* why it is skipped; NULL or "" = not said */
};

/* What one party says of the whole at the end: a person's word, never a
 * measurement. It holds for the results that it was given for. */
struct declaration {
	enum party party;
	char	*name;		/* of who declares it, "" = not known yet */
	char	*role;		/* company or function, or "" */
	char	*remarks;	/* or "" */
	char	*text;		/* what is declared, as it was read, or "" */
	int64_t	 when_us;	/* 0 = filled in, not declared */
	enum readiness readiness; /* the answer that it was given for */
	int64_t	 results_us;	/* end of the run that it was given for */
	char	*state;		/* a hash of them, of then */
};

struct deviation {
	char	*requirement;
	char	*owner;
	char	*reason;
	char	*expires;	/* its last day, as 2026-12-31 */
	char	*initials;
	int64_t	 when_us;

	/* judgement */
	enum deviation_state state;
	char	*says;		/* what it does today, in a sentence, or NULL */
};

/* What stands between the site and its handover: one cause, or one thing to
 * do, with all that it holds up. */
struct block {
	enum block_why why;
	enum cause cause;
	enum zone zone;
	char	*summary;	/* what it is */
	char	*brief;		/* the same for one line */
	char	*owner;		/* whose it is */
	char	*todo;		/* what to do, as an order */
	struct strlist requirements;
};

/* Which edition of the handover a document is. The same content is the same
 * edition, however often it is exported. */
struct edition {
	char	*id;		/* "HO-0123456789ab"; "" = draft, not issued */
	uint32_t version;	/* of the site's papers; 0 = draft */
	char	*supersedes;	/* id of the edition before, or "" */
	int64_t	 issued_us;	/* when it was first written; 0 = draft */
};

#define RECORD_SECRET_SIZE 32

struct record {
	struct arena *arena;
	struct edition edition;
	/* The salts of the seal come from it. Random; kept in the site's
	 * file, and never in any document. */
	uint8_t	 secret[RECORD_SECRET_SIZE];
	char	*mask_key;	/* that came with the document, as hex; NULL:
				 * it is made from the secret */
	struct arena *judged;		/* of packs, needs and diagnoses, which
					 * are computed again and again */
	unsigned long judgings;		/* how often what lies there was freed;
					 * who kept a pointer compares */
	char	*tool_version;
	struct site_info site;
	struct strlist products;
	struct answer *answers;
	size_t	 nanswers;
	struct pack_ref *packs;
	size_t	 npacks;
	struct vantage vantage;
	int64_t	 started_us;	/* of the last run; 0 = never run */
	int64_t	 ended_us;
	bool	 complete;	/* the run was not cut short */
	struct need *needs;
	size_t	 nneeds;
	struct observation *observations;
	size_t	 nobservations;
	/* What a later measurement of the same took the place of: evidence
	 * that is kept, and judged no more. Ids go on counting over both. */
	struct observation *earlier;
	size_t	 nearlier;
	struct diagnosis *diagnoses;
	size_t	 ndiagnoses;
	struct equipment *equipment;
	size_t	 nequipment;
	struct attestation *attestations;
	size_t	 nattestations;
	struct deviation *deviations;
	size_t	 ndeviations;
	struct declaration *declarations; /* one a party at most */
	size_t	 ndeclarations;
	char	*as_of;			/* the day of judging, as 2026-12-31;
					 * NULL: the day of the run */
	enum readiness readiness;	/* may I leave? */
	struct block *blocks;		/* what keeps it from READY */
	size_t	 nblocks;
	struct block *cautions;		/* causes that keep it from nothing */
	size_t	 ncautions;
};

struct record *record_new(void);		/* returns owned */
void	 record_free(struct record *r);		/* takes; NULL is fine */

const char *record_answer(const struct record *r, const char *product,
	    const char *question);		/* borrowed; NULL = no answer */
void	 record_set_answer(struct record *r, const char *product,
	    const char *question, const char *value);
/* Was its own flow seen to work? What is optional or has an alternative that
 * works is at worst a warning, and can be blocked all the same: there the
 * rung tells. What is accepted does not work. */
bool	 need_works(const struct need *n);
/* Of two of one group one suffices; each is one of itself. */
bool	 need_is_alternative(const struct need *a, const struct need *b);
/* Does --only (a requirement's id, a product, or NULL for all) mean n? */
bool	 need_is_selected(const struct need *n, const char *only);
struct need *record_need(const struct record *r, const char *id);
/* "Z5 video phone"; the id itself where no pack of it is in the record. */
const char *record_product_title(const struct record *r, const char *product);
const struct observation *record_observation(const struct record *r,
	    const char *id);
/* Copies; the copy's detail is its own reference. Returns it in r. */
struct observation *record_add_observation(struct record *r,
	    const struct observation *o);
/* It may not belong to the network of its run: it keeps its attempts, and
 * says nothing any more (network_changed). */
void	 observation_withdraw(struct observation *o);

/* --- what is measured again (earlier.c) --- */
/* The id of the next observation: no other has it, nor had it. In a. */
char	*record_next_id(const struct record *r, struct arena *a);
unsigned long observation_number(const struct observation *o);	/* of "o12" */
/* Was it made for this spec, at whatever address? */
bool	 observation_is_of(const struct observation *o,
	    const struct probe_spec *spec);
/* It was cancelled or withdrawn, so it says nothing. */
bool	 observation_is_void(const struct observation *o);
/* Of two observations by id: the older one goes to r->earlier, or the newer
 * one where that is void. Nothing unless both are in r->observations. */
void	 record_replace(struct record *r, const char *older,
	    const char *newer);
void	 record_restore(struct record *r, const char *id);	/* and back */
/* The earlier observations of what proves n, in order; *at starts at 0 and is
 * moved on. NULL at the end. */
const struct observation *record_earlier_of(const struct record *r,
	    const struct need *n, size_t *at);
/* Forgets needs, diagnoses and pack references (they are computed) and frees
 * r->judged, so that what is computed next starts afresh in it. */
void	 record_clear_judgement(struct record *r);
/* Forgets the observations of an earlier run. */
void	 record_clear_run(struct record *r);

/* "443" or "20000-49000"; borrowed buffer of the caller. */
#define PORT_RANGE_SIZE 12
const char *port_range_text(const struct port_range *p,
	    char out[PORT_RANGE_SIZE]);
/* "80, 443, 20000-49000" */
char	*ports_text(struct arena *a, const struct ports *p);
unsigned ports_number(const struct ports *p);	/* how many ports these are */
bool	 clause_text_op(const char *name, enum clause_op *op);
const char *clause_op_name(enum clause_op op);

/* What a run comes to: 0, 1 or 3 as in design section 8 (every required line
 * passed or is waived; one failed; one is unproven, blocked or not run). */
int	 record_exit_status(const struct record *r);
/* The same of one line, which its alternatives can stand in for. */
int	 record_need_status(const struct record *r, const struct need *n);
/* Is n one of the lines for which that is not 0? */
bool	 record_is_blocking(const struct record *r, const struct need *n);

#endif
