/* SPDX-License-Identifier: MIT */
/* For tests of the views that tell what was found: the wizard in memory, on a
 * site with the product z5 whose two SIP servers were cut off. No network. */
#ifndef UNIT_FINDINGS_SITE_H
#define UNIT_FINDINGS_SITE_H

#include "core/record/model.h"
#include "tui/screen/view.h"

#define SIP_1 "z5.sip-208-94-16-21"
#define SIP_2 "z5.sip-208-95-32-21"

struct fixture {
	struct screen sc;
	struct app_options opt;
	char dir[64];
	char path[128];
};

/* Times are shown an hour before UTC. */
void	 findings_setup(struct fixture *f);
void	 findings_teardown(struct fixture *f);
/* As after a run in which both SIP servers were cut off. */
void	 findings_run_was(struct fixture *f);
void	 findings_go(struct fixture *f, const char *place);
void	 findings_press(struct fixture *f, uint32_t key);
void	 findings_type(struct fixture *f, const char *text);
void	 findings_focus(struct fixture *f, const char *id);
/* On the screen of 80 by 24. */
bool	 findings_show(struct fixture *f, const char *text);
/* Anywhere on the page, seen or not; NULL: nowhere. */
const struct item *findings_item(struct fixture *f, const char *text);
const struct item *findings_expect(struct fixture *f, const char *text);
/* What another program would read now, as after a kill. Owned. */
struct record *findings_on_disk(const struct fixture *f);
void	 findings_accept(struct fixture *f, const char *requirement);

#endif
