/* SPDX-License-Identifier: MIT */
/* The table of the formats, and writing all of them. */
#include <stdio.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/fileset.h"
#include "core/base/i18n.h"
#include "core/export/dialect/dialect.h"
#include "core/export/formats.h"
#include "core/export/job.h"
#include "core/record/edition.h"
#include "core/record/rules_seal.h"
#include "core/export/sums.h"

#define DOCUMENT_MAX ((size_t)64 << 20)
#define NSIGNATURES 2 /* of the handover and of the request */

const struct export_format *const export_formats[] = {
    &export_findings_text,
    &export_findings_json,
    &export_handover_text,
    &export_handover_html,
    &export_handover_pdf,
    &export_handover_json,
    &export_handover_junit,
    &export_request_text,
    &export_request_html,
    &export_request_pdf,
    &export_request_csv,
    &export_request_json,
    &export_request_servicenow,
    &export_request_jira,
    &export_request_edl_ip,
    &export_request_edl_domain,
    &export_request_edl_url,
    &export_request_nftables,
    &export_request_dnsmasq,
    &export_request_fortios,
    &export_request_panos,
    &export_request_asa,
    &export_request_srx,
    &export_request_checkpoint,
    &export_request_routeros,
    &export_request_iptables,
    &export_request_windows,
    &export_request_sophos,
    &export_request_azure,
    &export_request_aws,
    &export_request_pf,
    &export_request_opnsense,
    &export_request_unifi,
    &export_request_aerleon,
};
const size_t export_format_count = sizeof export_formats /
    sizeof *export_formats;

const struct export_format *
export_find(enum export_document d, const char *name)
{
	size_t i;

	for (i = 0; i < export_format_count; i++) {
		if (export_formats[i]->document == d &&
		    strcmp(export_formats[i]->name, name) == 0)
			return export_formats[i];
	}
	return NULL;
}

const char *
export_namespace(const struct export_format *f)
{
	if (f == &export_handover_json)
		return SEAL_NAMESPACE;
	return f == &export_request_json ? RULES_NAMESPACE : NULL;
}

bool
export_has(const struct export_options *opt, const struct export_format *f)
{
	return f->document != EXPORT_FINDINGS &&
	    (opt->without == NULL || !strlist_has(opt->without, f->file));
}

int
export_write(const struct export_format *f, const struct record *r,
    const struct export_options *opt, struct buf *out, struct error *err)
{
	struct export_options issued = *opt;
	struct i18n_before before;
	int rc = 0;

	/* Another time than its own would make the same paper another. */
	issued.now_us = edition_time(&r->edition, opt->now_us);
	/* What leaves the site is in the site's language. */
	i18n_push(&before,
	    f->document == EXPORT_FINDINGS ? "" : r->site.language);
	if (f->dialect == NULL)
		rc = f->write(r, &issued, out, err);
	else
		dialect_write(f->dialect, r, &issued, out);
	i18n_pop(&before);
	if (rc == 0 && out->overflowed)
		rc = error_set(err, ERR_INTERNAL,
		    _("The document is larger than this program can write."));
	return rc;
}

/* One for each format; those that are not written stay empty. */
static struct buf *
make_buffers(void)
{
	struct buf *all = mem_array(export_format_count, sizeof *all);
	size_t i;

	for (i = 0; i < export_format_count; i++)
		buf_init(&all[i], DOCUMENT_MAX);
	return all;
}

static void
free_buffers(struct buf *all)
{
	size_t i;

	for (i = 0; i < export_format_count; i++)
		buf_free(&all[i]);
	mem_free(all);
}

static int
render_all(const struct record *r, const struct export_options *opt,
    struct buf *all, struct error *err)
{
	struct export_options shared = *opt;
	struct export_job job;
	size_t i;
	int rc = 0;

	job_begin(&job);
	shared.job = &job;
	for (i = 0; rc == 0 && i < export_format_count; i++) {
		if (export_has(opt, export_formats[i]))
			rc = export_write(export_formats[i], r, &shared,
			    &all[i], err);
	}
	job_end(&job);
	return rc;
}

int
export_measure(const struct record *r, const struct export_options *opt,
    size_t *sizes, struct error *err)
{
	struct buf *all = make_buffers();
	int rc = render_all(r, opt, all, err);
	size_t i;

	for (i = 0; i < export_format_count; i++)
		sizes[i] = rc == 0 ? all[i].len : 0;
	free_buffers(all);
	return rc;
}

/* --- the whole set --- */

struct whole_set {
	struct arena *arena;
	struct fileset_file *file;
	size_t count;
	struct buf sig[NSIGNATURES], sums, sums_sig;
	size_t nsigs;
};

static void
add_file(struct whole_set *w, const char *name, const struct buf *data)
{
	struct fileset_file *f = arena_push(w->arena, w->file, w->count);

	f->name = name;
	f->data = buf_str(data);
	f->len = data->len;
}

/* The signature of a file stands beside it. */
static int
sign(struct whole_set *w, const struct export_format *f,
    const struct export_options *opt, const struct buf *data, struct error *err)
{
	const char *namespace = export_namespace(f);
	struct buf *sig = &w->sig[w->nsigs];

	if (namespace == NULL || opt->signer == NULL)
		return 0;
	if (signer_sign(opt->signer, namespace, buf_str(data), data->len, sig,
		err) != 0)
		return -1;
	w->nsigs++;
	add_file(w, arena_printf(w->arena, "%s.sig", f->file), sig);
	return 0;
}

/* As sha256sum writes it, of all files before it. Its signature is in front
 * of it, since the last file tells that the set is whole. */
static int
add_sums(struct whole_set *w, const struct export_options *opt,
    struct error *err)
{
	char hex[DIGEST_HEX_SIZE];
	size_t i;

	for (i = 0; i < w->count; i++)
		buf_addf(&w->sums, "%s  %s\n",
		    digest_sha256_hex(w->file[i].data, w->file[i].len, hex),
		    w->file[i].name);
	if (opt->signer != NULL) {
		if (signer_sign(opt->signer, SUMS_NAMESPACE, buf_str(&w->sums),
			w->sums.len, &w->sums_sig, err) != 0)
			return -1;
		add_file(w, SUMS_SIGNATURE, &w->sums_sig);
	}
	add_file(w, SUMS_FILE, &w->sums);
	return 0;
}

/* Files of an earlier set that are in this one no more, and that nobody has
 * changed since: they go. */
static struct strlist
find_stale(const struct whole_set *w, const char *dir)
{
	struct strlist old = {0}, stale = {0};
	size_t i, j;

	sums_unchanged(w->arena, dir, &old);
	for (i = 0; i < old.count; i++) {
		for (j = 0; j < w->count; j++) {
			if (strcmp(w->file[j].name, old.item[i]) == 0)
				break;
		}
		if (j == w->count)
			strlist_add(w->arena, &stale, old.item[i]);
	}
	return stale;
}

static int
write_set(struct whole_set *w, const struct export_options *opt,
    const struct buf *all, const char *dir, struct error *err)
{
	struct strlist stale;
	size_t i;

	for (i = 0; i < export_format_count; i++) {
		if (!export_has(opt, export_formats[i]))
			continue;
		add_file(w, export_formats[i]->file, &all[i]);
		if (sign(w, export_formats[i], opt, &all[i], err) != 0)
			return -1;
	}
	if (add_sums(w, opt, err) != 0)
		return -1;
	stale = find_stale(w, dir);
	/* Also where no list of an earlier set is left, after a kill: the
	 * signatures of another set would make this one look changed. */
	if (opt->signer == NULL) {
		strlist_add(w->arena, &stale, SUMS_SIGNATURE);
		for (i = 0; i < export_format_count; i++) {
			if (export_namespace(export_formats[i]) != NULL)
				strlist_add(w->arena, &stale,
				    arena_printf(w->arena, "%s.sig",
					export_formats[i]->file));
		}
	}
	return fileset_write(dir, w->file, w->count, &stale, NULL, err);
}

int
export_all(const struct record *r, const struct export_options *opt,
    const char *dir, void (*wrote)(void *arg, const char *path), void *arg,
    struct error *err)
{
	struct whole_set w = {.arena = arena_new()};
	struct buf *all = make_buffers();
	size_t i;
	int rc;

	for (i = 0; i < NSIGNATURES; i++)
		buf_init(&w.sig[i], DOCUMENT_MAX);
	buf_init(&w.sums, DOCUMENT_MAX);
	buf_init(&w.sums_sig, DOCUMENT_MAX);
	rc = render_all(r, opt, all, err);
	if (rc == 0)
		rc = write_set(&w, opt, all, dir, err);
	for (i = 0; rc == 0 && wrote != NULL && i < w.count; i++)
		wrote(arg, arena_printf(w.arena, "%s/%s", dir, w.file[i].name));
	free_buffers(all);
	for (i = 0; i < NSIGNATURES; i++)
		buf_free(&w.sig[i]);
	buf_free(&w.sums);
	buf_free(&w.sums_sig);
	arena_free(w.arena);
	return rc;
}
