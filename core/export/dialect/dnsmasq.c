/* SPDX-License-Identifier: MIT */
/* Owns the lines by which dnsmasq fills the sets of request_nftables.c. Of
 * two lines dnsmasq takes the one with the longer domain alone, so that each
 * line names the sets of all patterns that its domain lies in. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/dialect/dialect.h"
#include "core/export/formats.h"
#include "core/export/summary.h"

/* dnsmasq reads lines of at most 1024 bytes. */
#define LINE_SIZE 1000

static bool
is_named(const struct flow *f)
{
	return f->fate != FATE_NOT_HERE && f->to == TO_NAME;
}

static void
add_line(struct buf *out, const struct flows *all, const struct flow *named)
{
	struct arena *a = arena_new();
	struct strlist done = {0};
	struct buf line;
	size_t i;

	buf_init(&line, LINE_SIZE);
	buf_addf(&line, "nftset=/%s/", named->domain);
	for (i = 0; i < all->count; i++) {
		const struct flow *f = &all->flow[i];
		const char *set = f->set;

		if (!is_named(f) || !flow_takes(f, named) ||
		    strlist_has(&done, set))
			continue;
		buf_adds(&line, done.count > 0 ? "," : "");
		buf_addf(&line, "4#inet#" FLOWS_TABLE "#%s_4", set);
		if (all->family[1])
			buf_addf(&line, ",6#inet#" FLOWS_TABLE "#%s_6", set);
		strlist_add(a, &done, set);
	}
	if (line.overflowed)
		flows_remark(out,
		    _("The next domain lies in more sets than dnsmasq can read "
		      "in one line, so that it is left out:"),
		    0);
	if (line.overflowed)
		flows_remark(out, named->domain, 2);
	else
		buf_addf(out, "%s\n", buf_str(&line));
	buf_free(&line);
	arena_free(a);
}

static int
write_dnsmasq(const struct record *r, const struct export_options *opt,
    struct buf *out, struct error *err)
{
	struct arena *a = arena_new();
	const struct flows *all = flows_make(a, rows_make(a, r, opt),
	    &dialect_nftables);
	struct strlist seen = {0};
	struct summary sum;
	const char *partial;
	size_t i;

	(void)err;
	summary_make(r, NULL, &sum);
	partial = summary_partial(&sum, a, r);
	flows_remark(out,
	    arena_printf(a, _("Firewall change request %s: %s"), all->rules->id,
		all->rules->title),
	    0);
	if (partial != NULL)
		flows_remark(out, partial, 0);
	flows_remark(out,
	    _("These lines let dnsmasq put the addresses that it gives out "
	      "into the sets of sitewalk.nft, which must be loaded before. A "
	      "domain takes the names below it in as well. The devices must "
	      "ask this DNS server, and no other."),
	    0);
	for (i = 0; i < all->count; i++) {
		const struct flow *f = &all->flow[i];

		if (!is_named(f) || strlist_has(&seen, f->domain))
			continue;
		strlist_add(a, &seen, f->domain);
		add_line(out, all, f);
	}
	arena_free(a);
	return 0;
}

const struct export_format export_request_dnsmasq = {
    .document = EXPORT_REQUEST,
    .group = EXPORT_RULES,
    .firewall = "nftables (Linux)",
    .name = "dnsmasq",
    .file = "firewall/dnsmasq.conf",
    .label = N_("Change request, names for the sets of nftables (dnsmasq)"),
    .use = N_("Send it to the IT desk together with the rules of nftables."),
    .write = write_dnsmasq,
};
