/* SPDX-License-Identifier: MIT */
/* What the searches for devices share: a question to everybody (a broadcast
 * or a group) up to three times, and after that, where a device's address is
 * known and it did not answer, to that address alone. Two questions must be
 * answered before anything counts as found. A device that is reached by its
 * own address only shows that what goes to everybody is lost.
 *
 * spec->want is the kind of device that is looked for ("miniserver"), where
 * a pack says so: others are listed, but are no proof.
 *
 * Detail of every such probe: "asked_all", "asked_one" (questions),
 * "answered_all", "answered_one" (those that the wanted device answered, or
 * any device where none is named), "others" (answers of other devices),
 * "strange" (datagrams that are no answer), "other_adapter" (a name: where
 * an answer came that the checks do not stand on), "stated_address" (what
 * the device calls its address, if it sends from another), "answer_cast"
 * (group or broadcast, if the answer was not for this laptop alone),
 * "port_taken" (a program of this laptop keeps the port to itself, so an
 * answer to it may have gone there), "devices" (see probe.h). */
#ifndef PROBE_SEEK_H
#define PROBE_SEEK_H

#include "core/net/lan.h"
#include "core/probe/probe.h"

#define SEEK_ROUNDS	3
#define SEEK_STEP_MS	1100
#define SEEK_MAX_OUT	64	/* bytes of a question */
#define SEEK_LONGEST_MS	(2 * SEEK_ROUNDS * SEEK_STEP_MS + 500)
/* Bounds for the plan: a question to everybody on each adapter, where it is
 * asked on all, once or with each subnet's own broadcast. */
#define SEEK_PACKETS(each)	(SEEK_ROUNDS * (each) + SEEK_ROUNDS)
#define SEEK_BYTES(each, len)	(SEEK_PACKETS(each) * ((len) + 28))

/* One question, as it is asked and as answers are matched to it. */
struct seek_question {
	bool	 all;		/* to everybody */
	int	 round;		/* the first, second ... of this kind: 0, 1 */
	uint8_t	 number;	/* differs from question to question */
	const struct lan_adapter *from;	/* the chosen one, or NULL */
	uint16_t port;		/* that it is sent from */
};

struct seek_answer {
	const char *kind;	/* of probe_device; NULL = not told */
	const char *generation;
	char	 name[128], serial[32], firmware[32], mac[24];
	struct addr stated;	/* the address it says it has; len 0 = none */
};

struct seek_setup {
	uint16_t port;		/* to send from; 0 = any */
	bool	 others;	/* on the other adapters too */
	const char *all;	/* address of everybody */
	bool	 directed;	/* and each subnet's own broadcast */
	int	 ttl;		/* for a group; 0 = 1 */
	enum cause lost;	/* reached by its own address alone; NONE
				 * where that is enough */
	size_t	(*compose)(const struct seek_question *q,
		    uint8_t out[SEEK_MAX_OUT]);
	/* Is it an answer in the protocol's own form? Fills the answer, which
	 * is zeroed, and may add to the detail. */
	bool	(*read)(struct probe *p, const struct seek_question *q,
		    const struct lan_input *in, struct seek_answer *a);
};

/* setup must live as long as the probe. Sets p->state. */
void	 seek_start(struct probe *p, const struct seek_setup *setup);
void	 seek_stop(struct probe *p);

#endif
