/* SPDX-License-Identifier: MIT */
/* Owns what the page of the papers says: what would be written, how, where,
 * what a desk may ask about it; and what was written. */
#include "tui/views/export_page.h"

#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/export/summary.h"
#include "core/judge/judge.h"
#include "tui/work/folder.h"

#define POINTS_SHOWN 2
#define SIGNATURE ".sig"

static const char *const group_ids[EXPORT_NGROUPS] = {
    [EXPORT_SHEET] = "group.sheet",
    [EXPORT_CHANGE] = "group.change",
    [EXPORT_TICKETS] = "group.tickets",
    [EXPORT_LISTS] = "group.lists",
};

const struct export_way_row export_ways[EXPORT_NWAYS] = {
    [WAY_FIREWALLS] = {"@firewalls", &view_export_firewalls},
    [WAY_FILES] = {"@files", &view_export_files},
    [WAY_SHAPE] = {"@shape", &view_export_shape},
    [WAY_KEY] = {"@key", &view_export_key},
    [WAY_POINTS] = {"@points", &view_export_points},
};

/* --- the folder --- */

size_t
export_page_replaced(const struct export_page *s)
{
	size_t i, n = 0;

	for (i = 0; i < export_format_count; i++)
		n += s->old[i] && choice_has(&s->choice, export_formats[i]);
	return n;
}

size_t
export_page_dropped(const struct export_page *s)
{
	size_t i, n = 0;

	for (i = 0; i < export_format_count; i++)
		n += strlist_has(&s->unchanged, export_formats[i]->file) &&
		    !choice_has(&s->choice, export_formats[i]);
	return n;
}

static void
build_state(struct screen *sc, struct page *p)
{
	const struct record *r = sc->site->record;
	const char *partial;
	struct summary sum;

	summary_make(r, NULL, &sum);
	partial = summary_partial(&sum, p->arena, r);
	if (partial == NULL) {
		page_textf(p, ROLE_NORMAL, 0, _("May I leave? %s."),
		    judge_readiness_text(judge_readiness(r)));
		return;
	}
	page_text(p, ROLE_WARN, 0, partial)->glyph = GLYPH_WARN;
	page_text(p, ROLE_NORMAL, 0,
	    _("The papers can be written all the same: each says so at its "
	      "head."));
}

static void
build_folder(struct screen *sc, struct page *p, const struct export_page *s)
{
	size_t old = export_page_replaced(s), gone = export_page_dropped(s);

	screen_field(sc, p, EXPORT_DIR_ID, _("Folder"), s->dir);
	if (s->path == NULL)
		return;
	if (strcmp(s->path, s->dir) != 0)
		page_text(p, ROLE_NORMAL, 2, s->path);
	if (!s->exists)
		page_text(p, ROLE_NORMAL, 2,
		    _("This folder is not there yet; it will be made."));
	if (!s->exists || s->written.count > 0)
		return;
	if (old > 0)
		page_textf(p, ROLE_WARN, 2,
		    P_("%zu file of an older export is there and would be "
		       "replaced.",
			"%zu files of an older export are there and would be "
			"replaced.",
			old),
		    old)
		    ->glyph = GLYPH_WARN;
	if (gone > 0)
		page_textf(p, ROLE_WARN, 2,
		    P_("%zu file of it is not ticked now and would be taken "
		       "away, since nobody changed it.",
			"%zu files of it are not ticked now and would be "
			"taken away, since nobody changed them.",
			gone),
		    gone)
		    ->glyph = GLYPH_WARN;
	if (old + gone > 0)
		page_text(p, ROLE_NORMAL, 2,
		    _("Nothing else in this folder is touched."));
}

static void
build_scope(struct page *p, const struct export_page *s)
{
	page_heading(p, _("What the change request asks for"));
	page_option(p, "needed", "scope",
	    _("What is needed: what failed or could not be proved. The IT "
	      "desk sees only what has to change."),
	    s->choice.scope == SCOPE_NEEDED);
	page_option(p, "all", "scope",
	    _("Everything: all that applies to this site, also what works "
	      "already. For a desk that wants the whole list."),
	    s->choice.scope == SCOPE_ALL);
}

static struct item *
build_way(struct page *p, enum export_way w, const char *text)
{
	struct item *row = page_row(p, export_ways[w].id, text);

	row->verb = _("Open");
	return row;
}

/* "2 files, 12 kB" of what is chosen; where nothing is, of what it would
 * be. */
static const char *
sum_text(struct page *p, const struct choice_sum *sum)
{
	if (sum->count > 0 && sum->count < sum->all)
		return arena_printf(p->arena,
		    P_("%1$zu of %2$zu file, %3$s",
			"%1$zu of %2$zu files, %3$s", sum->all),
		    sum->count, sum->all, folder_size(p->arena, sum->bytes));
	return arena_printf(p->arena,
	    P_("%1$zu file, %2$s", "%1$zu files, %2$s", sum->all), sum->all,
	    folder_size(p->arena, sum->all_bytes));
}

/* Those of which a file is chosen. */
static const char *
firewalls_text(struct page *p, const struct export_page *s)
{
	struct strlist names = {0};
	size_t i;

	for (i = 0; i < export_format_count; i++) {
		const struct export_format *x = export_formats[i];

		if (x->firewall != NULL && choice_has(&s->choice, x) &&
		    !strlist_has(&names, x->firewall))
			strlist_add(p->arena, &names, x->firewall);
	}
	return names.count == 0 ? NULL : summary_join(p->arena, &names, ", ");
}

static void
build_rules(struct page *p, const struct export_page *s)
{
	const char *names = firewalls_text(p, s);
	struct choice_sum sum;

	choice_sum(&s->choice, EXPORT_RULES, s->sizes, &sum);
	if (names == NULL)
		build_way(p, WAY_FIREWALLS,
		    _("Rules for the firewall: none chosen"));
	else
		build_way(p, WAY_FIREWALLS,
		    arena_printf(p->arena,
			P_("Rules for the firewall (%1$zu file, %2$s): %3$s",
			    "Rules for the firewall (%1$zu files, %2$s): %3$s",
			    sum.count),
			sum.count, folder_size(p->arena, sum.bytes), names));
}

static void
build_documents(struct page *p, const struct export_page *s)
{
	struct choice_sum sum;
	int g;

	page_heading(p, _("What is written"));
	for (g = EXPORT_SHEET; g < EXPORT_RULES; g++) {
		choice_sum(&s->choice, (enum export_group)g, s->sizes, &sum);
		page_check(p, group_ids[g],
		    arena_printf(p->arena, _("%1$s (%2$s)"),
			choice_group_label((enum export_group)g),
			sum_text(p, &sum)),
		    sum.count > 0)
		    ->index = (size_t)g;
	}
	build_rules(p, s);
	build_way(p, WAY_FILES, _("Choose single files"));
	choice_sum(&s->choice, EXPORT_NO_GROUP, s->sizes, &sum);
	if (sum.count == 0)
		page_text(p, ROLE_WARN, 0,
		    _("Nothing is ticked, so nothing would be written."))
		    ->glyph = GLYPH_WARN;
	else
		page_textf(p, ROLE_NORMAL, 0,
		    P_("%1$zu file, %2$s in all; and SHA256SUMS, by which "
		       "one sees whether it was changed.",
			"%1$zu files, %2$s in all; and SHA256SUMS, by which "
			"one sees whether they were changed.",
			sum.count),
		    sum.count, folder_size(p->arena, sum.bytes));
}

static const char *
language_name(const char *code)
{
	char now[I18N_LANGUAGE_SIZE];
	int i;

	if (settings_known(code) == NULL)
		i18n_language(now);
	else
		snprintf(now, sizeof now, "%s", code);
	for (i = 0; i < settings_language_count; i++) {
		if (strcmp(settings_languages[i].code, now) == 0)
			return settings_languages[i].name;
	}
	return now[0] == '\0' ? "" : settings_languages[0].name;
}

static void
build_shape(struct screen *sc, struct page *p, const struct export_page *s)
{
	page_heading(p, _("How it is written"));
	build_way(p, WAY_SHAPE,
	    arena_printf(p->arena, _("Paper and language: %1$s, %2$s"),
		s->choice.size == SHEET_LETTER ? _("Letter") : _("A4"),
		language_name(sc->site->record->site.language)));
	build_way(p, WAY_KEY,
	    arena_printf(p->arena, _("Signature: %s"),
		choice_signer_name(sc, p->arena)));
}

/* Before the desk sees it; nothing of it is in the way. */
static void
build_points(struct page *p, const struct export_page *s)
{
	struct choice_sum sum;
	size_t i;

	choice_sum(&s->choice, EXPORT_CHANGE, s->sizes, &sum);
	if (sum.count == 0)
		return;
	page_heading(p, _("What the IT desk may ask about the request"));
	if (s->lint.count == 0) {
		page_text(p, ROLE_NORMAL, 0,
		    _("There is nothing to ask about."))
		    ->glyph = GLYPH_PASS;
		return;
	}
	page_textf(p, ROLE_NORMAL, 0, "%s.", lint_counts(p->arena, &s->lint));
	for (i = 0; i < s->lint.count && i < POINTS_SHOWN; i++) {
		if (s->lint.finding[i].severity != LINT_NOTE)
			page_text(p, ROLE_WARN, 0, s->lint.finding[i].text)
			    ->glyph = GLYPH_WARN;
	}
	build_way(p, WAY_POINTS, _("All of these points, with their rows"));
}

static void
build_more(struct page *p)
{
	page_heading(p, _("Look first"));
	page_row(p, EXPORT_PREVIEW_ID,
	    _("Read the papers here, before they go out"));
	page_row(p, EXPORT_COMPARE_ID,
	    _("What changed since an older handover"));
	page_row(p, EXPORT_REVIEW_ID,
	    _("Open a handover that was written before"));
}

/* Those beside which a signature was written. */
static const char *
signed_files(struct arena *a, const struct export_page *s)
{
	struct strlist names = {0};
	size_t i, len, end = strlen(SIGNATURE);

	for (i = 0; i < s->written.count; i++) {
		const char *name = s->written.item[i];

		len = strlen(name);
		if (len > end && strcmp(name + len - end, SIGNATURE) == 0)
			strlist_add(a, &names,
			    arena_strndup(a, name, len - end));
	}
	return names.count == 0 ? NULL : summary_join(a, &names, ", ");
}

static void
build_verify(struct page *p, const struct export_page *s)
{
	const char *names = signed_files(p->arena, s);

	if (names != NULL)
		page_textf(p, ROLE_GOOD, 0, _("Signed by the key %1$s: %2$s"),
		    s->signed_by, names)
		    ->glyph = GLYPH_PASS;
	else
		page_text(p, ROLE_WARN, 0,
		    _("Nobody signed: the sheet says UNSIGNED."))
		    ->glyph = GLYPH_WARN;
	page_text(p, ROLE_NORMAL, 0,
	    _("Who has the folder sees with this whether it is unchanged:"));
	page_textf(p, ROLE_NORMAL, 2, "sitewalk verify %s",
	    folder_quoted(p->arena, s->path));
	if (!strlist_has(&s->written, "handover.json" SIGNATURE))
		return;
	page_text(p, ROLE_NORMAL, 0,
	    _("Or, without this program, in the folder itself:"));
	page_text(p, ROLE_NORMAL, 2,
	    "ssh-keygen -Y check-novalidate -n " SEAL_NAMESPACE
	    " -s handover.json.sig < handover.json");
}

static void
build_written(struct page *p, const struct export_page *s)
{
	size_t i;

	page_heading(p, _("These files were written"));
	page_textf(p, ROLE_NORMAL, 0, _("In the folder %s:"), s->path);
	for (i = 0; i < s->written.count; i++) {
		page_text(p, ROLE_GOOD, 0, s->written.item[i])
		    ->glyph = GLYPH_PASS;
		if (*s->use.item[i] != '\0')
			page_text(p, ROLE_NORMAL, 4, s->use.item[i]);
	}
	page_blank(p);
	build_verify(p, s);
	page_blank(p);
	page_text(p, ROLE_NORMAL, 0,
	    _("You may leave the program now (q), or go back and check again; "
	      "everything is saved."));
	page_blank(p);
}

/* --- all of it --- */

void
export_page_build(struct screen *sc, struct page *p,
    const struct export_page *s)
{
	build_state(sc, p);
	if (s->written.count > 0)
		build_written(p, s);
	page_blank(p);
	build_folder(sc, p, s);
	build_documents(p, s);
	build_scope(p, s);
	build_shape(sc, p, s);
	build_points(p, s);
	build_more(p);
	p->next = s->written.count > 0 ? _("Write the files again") :
					 _("Write the files");
	p->next_verb = _("Write");
	p->first = PAGE_NEXT_ID;
}
