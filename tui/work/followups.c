/* SPDX-License-Identifier: MIT */
/* Owns how one is told what may follow after a failure. */
#include "tui/work/followups.h"

#include <string.h>

#include "core/base/i18n.h"

static void
tell_searches(struct arena *a, const struct plan *plan,
    struct strlist *sentences)
{
	struct plan_bound one = {0};
	size_t i;

	for (i = 0; i < plan->nsearches; i++) {
		const struct plan_bound *most = &plan->search[i].most;

		if (strcmp(plan->search[i].type, "locate") != 0)
			continue;
		if (most->packets / most->addresses > one.packets)
			one.packets = most->packets / most->addresses;
		if (most->bytes / most->addresses > one.bytes)
			one.bytes = most->bytes / most->addresses;
	}
	if (plan->searches.addresses > 0)
		strlist_add(a, sentences,
		    arena_printf(a,
			_("Only where one of these fails, who blocks it is "
			  "looked for at the same port of the same address, "
			  "and at port 443 or 80 of it: at most %1$u searches "
			  "in all, with %2$u packets and %3$u bytes each."),
			plan->searches.addresses, one.packets, one.bytes));
}

static void
tell_owners(struct arena *a, const struct plan *plan, struct strlist *sentences)
{
	const struct plan_search *s;

	if (plan->nsearches == 0)
		return;
	s = &plan->search[plan->nsearches - 1];
	if (strcmp(s->type, "dns_owner") != 0)
		return;
	strlist_add(a, sentences,
	    arena_printf(a,
		_("Only where the site's DNS server says that a name does not "
		  "exist, the name's own DNS server is asked: for the first "
		  "%1$d names, with at most %2$u packets in all."),
		RUN_OWNERS, s->most.packets));
}

void
followups_tell(struct arena *a, const struct plan *plan,
    struct strlist *sentences)
{
	tell_searches(a, plan, sentences);
	tell_owners(a, plan, sentences);
}
