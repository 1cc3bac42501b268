/* SPDX-License-Identifier: MIT */
/* Inside the judge: what a judgement is worth by where the laptop stood. What
 * was proved elsewhere than on the device's path is not proved for the device,
 * and what failed there is not the site's failure. */
#ifndef JUDGE_STANDING_H
#define JUDGE_STANDING_H

#include "core/judge/verdict.h"

/* One observation's verdict: by a VPN, or by another adapter than the chosen
 * one. */
void	 standing_weigh(struct record *r, const struct need *n,
	    const struct observation *o, struct verdict *v);
/* The need's verdict: measured in another network than the device is in. */
void	 standing_weigh_need(struct record *r, const struct need *n,
	    struct verdict *v);
/* Did the laptop's own firewall stop it? Then *v says so. */
bool	 standing_is_blocked(struct record *r, const struct observation *o,
	    struct verdict *v);
/* Did the network change during the run? What has no observation then was
 * never begun, and what has one (or NULL) is withdrawn. */
bool	 standing_is_changed(const struct record *r);
struct verdict standing_changed(const struct observation *o);
/* A judgement that the laptop's place decided, so that it is told as a
 * diagnosis though nothing failed. */
bool	 standing_is_trouble(const struct need *n);
/* What to do about it on this laptop, translated; NULL where the laptop is not
 * what is in the way. */
const char *standing_advice(const struct verdict *v);

#endif
