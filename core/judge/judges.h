/* SPDX-License-Identifier: MIT */
/* Inside the judge: one function a nature, what they share, and how a probe
 * tells them what it saw beyond rung and failure. */
#ifndef JUDGE_JUDGES_H
#define JUDGE_JUDGES_H

#include "core/judge/verdict.h"

struct verdict verdict_make(enum outcome outcome, const struct observation *o,
	    enum cause cause, enum zone zone);
/* A failure, with whoever blocks as far as the run found out. */
struct verdict verdict_failed(struct record *r, const struct observation *o);
/* UDP without an answer: fails only where silence was held against something
 * that was heard, else it is unproven. */
struct verdict verdict_unanswered(struct record *r,
	    const struct observation *o);
/* A pass on the demanded rung or a better one, else unproven. */
struct verdict verdict_by_rung(const struct need *n,
	    const struct observation *o);
/* What the word in the detail "why" stands for (why_words.c), or NULL. */
const char *why_sentence(struct record *r, const struct observation *o);
/* What probes of names and of sign-in pages tell besides: v's words, path and
 * place by the details "about", "why" and "near_hops". */
void	 verdict_place(const struct record *r, struct verdict *v,
	    const struct observation *o);
/* The first hop took the flow itself. */
struct verdict verdict_intermediated(const struct observation *o);
bool	 is_taken_near(const struct record *r, const struct observation *o);
/* A program of the laptop itself did, before anything left it. */
bool	 is_taken_here(const struct record *r, const struct observation *o);

/* --- certificates (trust.c) --- */
/* Of another authority or for another name. */
bool	 is_certificate_trouble(enum cause c);
struct verdict judge_certificate(struct record *r,
	    const struct observation *o);
/* Passes unless its dates do not fit the time of the run's witnesses. */
struct verdict judge_dates(struct record *r, const struct observation *o);
/* A connection came about, and the hello of TLS got no answer, or a reset. */
struct verdict judge_hello(struct record *r, const struct observation *o);
/* TLS ended for want of a certificate that only the device has. */
bool	 is_served_by_certificate(const struct observation *o);

/* What proves that somebody opens what is encrypted (trust.c). */
enum interception {
	INTERCEPTION_NOT_PROVED,
	INTERCEPTION_LAPTOP_ROOT,	/* the laptop trusts its authority */
	INTERCEPTION_KEY,		/* it lacks the vendor's own key */
	INTERCEPTION_OWNERS,		/* it signs for unrelated owners */
};
enum interception interception_proof(const struct record *r,
	    const struct observation *o);

/* In words (trust_words.c). What was seen, or NULL; in r->judged. */
char	*trust_say(struct record *r, const struct observation *o,
	    const struct verdict *v);
/* What the IT desk is asked for besides the flow itself, or NULL. */
char	*trust_grant(struct record *r, const struct verdict *v);
/* To the installer whose own laptop opens connections; translated. */
const char *laptop_advice(void);
/* The same for all lines of a diagnosis, and the laptop's own clock, which
 * hides behind no line where no time server answers. After diagnose(). */
void	 trust_diagnoses(struct record *r);

/* --- time (judge_time.c) --- */
/* The run's witnesses agree that this laptop's clock is wrong. */
bool	 clock_is_off(const struct record *r);
/* They agree that this server's time is wrong, or that of any. */
bool	 is_wrong_server(const struct record *r, const struct observation *o);
bool	 has_wrong_server(const struct record *r);
const char *wrong_server_advice(void);	/* to the installer; translated */

typedef struct verdict judge_fn(struct record *r, const struct need *n,
	    const struct observation *o);
judge_fn judge_name, judge_name_server, judge_time, judge_page, judge_path,
	 judge_ping, judge_connection;

/* It answered, but not as it should: rewritten on the way, unwell, or behind
 * a translation of addresses that differs for each server. */
bool	 judge_warned(struct record *r, const struct observation *o,
	    struct verdict *v);
/* A pass that rests on one of several questions is a marginal one; also says
 * what a pass shows of the network behind the gateway. */
void	 judge_samples(const struct observation *o, struct verdict *v);

/* A UDP service was asked: RUNG_APP_REPLY passes, another failure of what
 * answered fails, silence is unproven or blocked. */
judge_fn judge_answer;
/* Who is there in the local network. Passes on the demanded rung; a failure
 * that is deterministic (broadcast_lost, multicast_lost, wrong_interface,
 * client_isolation) fails in the local network; silence is unproven, since
 * a device may be off. */
judge_fn judge_search;
/* A state of the network: failure none passes on the demanded rung; without
 * rung and failure it is not_run, and the detail "why" (a word of the table
 * there) says why; any other failure fails. Detail "marginal" true makes a
 * pass marginal, "warn" true makes a failure or a pass a warning. */
judge_fn judge_condition;

/* Sentences from r->judged for what these saw; NULL: nothing to add. */
const char *say_of_talk(struct record *r, const struct observation *o);
const char *say_of_short_life(struct record *r,
	    const struct observation *o);
const char *say_of_idle(struct record *r, const struct observation *o);

#endif
