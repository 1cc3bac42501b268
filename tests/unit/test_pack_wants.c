/* SPDX-License-Identifier: MIT */
/* Promises of "want_from": what a probe looks for may be an answer of the
 * site, and another answer is another measurement. With the real packs and
 * the real table of probes. */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "core/pack/answers.h"
#include "core/pack/vocabulary.h"
#include "core/probe/probe.h"

static struct probe_word words[64];

static struct pack_vocabulary
all_types(void)
{
	size_t i;

	ck_assert_uint_le(probe_type_count, sizeof words / sizeof *words);
	for (i = 0; i < probe_type_count; i++)
		words[i] = (struct probe_word){probe_types[i]->name,
		    probe_types[i]->shape};
	return (struct pack_vocabulary){words, probe_type_count};
}

static const struct probe_spec *
only_spec(struct pack_set *packs, const struct pack_vocabulary *v,
    struct record *r, const char *id)
{
	const struct need *n;

	needs_build(packs, v, r);
	n = record_need(r, id);
	ck_assert_ptr_nonnull(n);
	ck_assert_uint_eq(n->nspecs, 1);
	return &n->specs[0];
}

START_TEST(the_answer_is_added_to_what_is_wanted)
{
	const struct pack_vocabulary v = all_types();
	struct record *r = record_new();
	struct error err = {0};
	const struct probe_spec *s;
	struct pack_set *packs;

	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_DATA_DIRS", "/nonexistent", 1);
	packs = pack_set_load(NULL, &v, &err);
	ck_assert_msg(packs != NULL, "%s %s", err.where, err.what);
	strlist_add(r->arena, &r->products, "zencontrol");
	record_set_answer(r, "zencontrol", "wifi", "yes");
	/* Without an answer: the Wi-Fi that the laptop is in. */
	s = only_spec(packs, &v, r, "zencontrol.wifi-channel");
	ck_assert_str_eq(s->want, "channel");
	ck_assert_str_eq(s->key, "wifi want=channel");
	record_set_answer(r, "zencontrol", "wifi_name", "Building 7");
	s = only_spec(packs, &v, r, "zencontrol.wifi-channel");
	ck_assert_str_eq(s->want, "channel Building 7");
	ck_assert_str_eq(s->key, "wifi want=channel Building 7");
	s = only_spec(packs, &v, r, "zencontrol.wifi-security");
	ck_assert_str_eq(s->want, "security Building 7");
	record_set_answer(r, "zencontrol", "wifi_name", "unknown");
	s = only_spec(packs, &v, r, "zencontrol.wifi-standard");
	ck_assert_str_eq(s->want, "standard");
	s = only_spec(packs, &v, r, "zencontrol.dhcp");
	ck_assert_str_eq(s->key, "dhcp");
	ck_assert_ptr_null(s->want);
	record_free(r);
	pack_set_free(packs);
}
END_TEST

HARNESS("pack wants", the_answer_is_added_to_what_is_wanted)
