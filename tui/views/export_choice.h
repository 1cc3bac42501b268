/* SPDX-License-Identifier: MIT */
/* What of the papers somebody chose: which files, in which shape, signed by
 * whom. Kept with the site where it is of the site, and in the settings where
 * it is of the person. */
#ifndef TUI_EXPORT_CHOICE_H
#define TUI_EXPORT_CHOICE_H

#include "core/export/export.h"
#include "tui/screen/view.h"

struct paper_choice {
	struct arena *arena;		/* borrowed */
	enum request_scope scope;
	enum sheet_size size;
	struct strlist firewalls;	/* by choice_firewall() */
	/* What differs from its group: "+firewall/jira.csv", "-handover.txt" */
	struct strlist files;
};

/* Where nothing was chosen: the handover sheet and the change request; rules
 * for the firewalls that were chosen last, at this site or at another. */
void	 choice_load(const struct screen *sc, struct arena *a,
	    struct paper_choice *out);
bool	 choice_has(const struct paper_choice *c,
	    const struct export_format *f);
bool	 choice_has_firewall(const struct paper_choice *c,
	    const char *firewall);
/* All files that are left out, for export_options. */
void	 choice_without(const struct paper_choice *c, struct arena *a,
	    struct strlist *out);

/* Each keeps what it changes, and says when it cannot. */
void	 choice_set_scope(struct screen *sc, struct paper_choice *c,
	    enum request_scope scope);
void	 choice_set_size(struct screen *sc, struct paper_choice *c,
	    enum sheet_size size);
void	 choice_set_file(struct screen *sc, struct paper_choice *c,
	    const struct export_format *f, bool on);
void	 choice_set_group(struct screen *sc, struct paper_choice *c,
	    enum export_group g, bool on);
void	 choice_set_firewall(struct screen *sc, struct paper_choice *c,
	    const char *firewall, bool on);
/* "none", "agent", or a path. */
void	 choice_set_key(struct screen *sc, const char *key);

/* The stable name of the firewall whose rules f is: that of its first format.
 * NULL: of none. */
const char *choice_firewall(const struct export_format *f);
/* "Handover sheet: PDF, web page, text, data"; translated. */
const char *choice_group_label(enum export_group g);
/* How many files of a group are chosen, and how large they are. */
struct choice_sum {
	size_t	 count, all;
	size_t	 bytes;
	size_t	 all_bytes;
};
/* sizes: of export_formats[]; g EXPORT_NO_GROUP: of all groups. */
void	 choice_sum(const struct paper_choice *c, enum export_group g,
	    const size_t *sizes, struct choice_sum *out);

/* Who signs, as chosen: *out is NULL where nobody does. -1 with err. Asks the
 * agent, if it is that. screen_close_key() closes it. */
int	 choice_signer(struct screen *sc, struct signer **out,
	    struct error *err) MUST_CHECK;
/* The name of it, in a: "not signed", "ssh-agent", "the key /x/y". */
const char *choice_signer_name(const struct screen *sc, struct arena *a);
/* Where a key that this program makes lies; NULL: nowhere. */
const char *choice_own_key(struct arena *a);

#endif
