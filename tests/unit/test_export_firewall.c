/* SPDX-License-Identifier: MIT */
/* Promises of the request as rules of a firewall: read back, the rules are
 * the rows, neither more nor less; what cannot be said is said to be so; and
 * no text from a pack or a person becomes part of a rule. */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/export/request/rows.h"
#include "tests/unit/export_site.h"

#define MAX_LINES 64
#define TEXT_SIZE 512

/* A rule as it was read back. */
struct line {
	char chain[40], family[8], to[200], what[120], id[140];
};

struct ruleset {
	struct line line[MAX_LINES];
	size_t count;
	char sets[MAX_LINES][80];
	size_t nsets;
};

static char *
nft_of(struct record *r)
{
	return export_bytes(r, EXPORT_REQUEST, "nftables", SCOPE_ALL);
}

static char *
dnsmasq_of(struct record *r)
{
	return export_bytes(r, EXPORT_REQUEST, "dnsmasq", SCOPE_ALL);
}

static void
copy(char *out, size_t size, const char *s, size_t n)
{
	ck_assert_uint_lt(n, size);
	memcpy(out, s, n);
	out[n] = '\0';
}

/* The next line that is not empty; NULL at the end. */
static char *
next_line(char **at)
{
	char *s;

	*at += strspn(*at, "\n");
	s = *at;
	*at += strcspn(s, "\n");
	if (**at != '\0')
		*(*at)++ = '\0';
	return *s == '\0' ? NULL : s;
}

/* "ip daddr @to_x_4 tcp dport 443 counter accept comment "FR-x"". */
static void
read_rule(struct line *l, const char *s)
{
	const char *end = strstr(s, " counter accept comment \"");
	const char *id, *what = s;

	ck_assert_msg(end != NULL, "not a rule: %s", s);
	if (strncmp(s, "ip daddr ", 9) == 0 ||
	    strncmp(s, "ip6 daddr ", 10) == 0) {
		const char *to = strstr(s, "daddr ") + 6;
		size_t n = strcspn(to, *to == '{' ? "}" : " ");

		copy(l->family, sizeof l->family, s, strcspn(s, " "));
		n += *to == '{';
		copy(l->to, sizeof l->to, to, n);
		what = to + n + 1;
	}
	copy(l->what, sizeof l->what, what, (size_t)(end - what));
	id = strchr(end, '"') + 1;
	copy(l->id, sizeof l->id, id, strcspn(id, "\""));
	ck_assert_str_eq(id + strlen(l->id), "\"");
}

/* Every line is one that is known; any other breaks the test. */
static void
read_back(struct ruleset *out, char *at)
{
	char chain[40] = "", *s;

	memset(out, 0, sizeof *out);
	while ((s = next_line(&at)) != NULL) {
		if (s[0] == '#' || strcmp(s, "}") == 0 ||
		    strcmp(s, "\t}") == 0 ||
		    strcmp(s, "table inet filter {") == 0 ||
		    strstr(s, "chain sitewalk_internet { }") != NULL ||
		    strstr(s, "chain sitewalk_lan { }") != NULL ||
		    strncmp(s, "flush chain inet filter sitewalk_", 33) == 0)
			continue;
		if (sscanf(s, "\tset %79s { type ipv", out->sets[out->nsets]) ==
		    1) {
			out->nsets++;
			continue;
		}
		if (sscanf(s, "\tchain %39s {", chain) == 1)
			continue;
		ck_assert_msg(strncmp(s, "\t\t", 2) == 0, "strange: %s", s);
		s += 2;
		if (strstr(s, " } return") != NULL ||
		    strncmp(s, "meta nfproto", 12) == 0)
			continue;
		ck_assert_uint_lt(out->count, MAX_LINES);
		copy(out->line[out->count].chain, 40, chain, strlen(chain));
		read_rule(&out->line[out->count++], s);
	}
}

static void
read_site(struct ruleset *out, struct record *r)
{
	char *text = nft_of(r);

	read_back(out, text);
	free(text);
}

static const struct line *
only_line(const struct ruleset *rules)
{
	ck_assert_uint_eq(rules->count, 1);
	return &rules->line[0];
}

static bool
says(struct record *r, const char *text)
{
	char *all = nft_of(r), *flat = all, *s;
	bool found;

	/* Comments are broken into lines. */
	for (s = all; *s != '\0'; s++) {
		if (*s == '\n' && s[1] == '#') {
			s++;
			while (*s == '#' || *s == ' ')
				s++;
			s--;
			*flat++ = ' ';
		} else {
			*flat++ = *s;
		}
	}
	*flat = '\0';
	found = strstr(all, text) != NULL;
	free(all);
	return found;
}

START_TEST(a_row_is_a_rule_for_each_family)
{
	struct record *r = export_site();
	struct ruleset rules;

	export_need(r, "zencontrol.a", "A.Example.com", OUTCOME_FAIL);
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 2);
	ck_assert_str_eq(rules.line[0].chain, "sitewalk_internet");
	ck_assert_str_eq(rules.line[0].family, "ip");
	ck_assert_str_eq(rules.line[0].to, "@to_a_example_com_4");
	ck_assert_str_eq(rules.line[0].what, "tcp dport 443");
	ck_assert_str_eq(rules.line[0].id, "FR-zencontrol.a");
	ck_assert_str_eq(rules.line[1].family, "ip6");
	ck_assert_str_eq(rules.line[1].to, "@to_a_example_com_6");
	ck_assert_uint_eq(rules.nsets, 2);
	ck_assert(says(r, "Expressed wider: By the addresses of the name"));
	record_free(r);
}
END_TEST

START_TEST(a_site_without_ipv6_has_no_rules_for_it)
{
	struct record *r = export_site();
	struct ruleset rules;
	struct need *n;

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_FAIL);
	r->vantage.addresses.count = 1;
	read_site(&rules, r);
	ck_assert_str_eq(only_line(&rules)->family, "ip");
	ck_assert(says(r, "The site has no IPv6"));
	n = export_need(r, "zencontrol.b", "2001:db8::1", OUTCOME_FAIL);
	n->to.kind = DEST_ADDRESS;
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 1);
	ck_assert(says(r, "Not expressed here: It is an IPv6 address"));
	record_free(r);
}
END_TEST

START_TEST(addresses_ports_and_ranges_are_exact)
{
	struct record *r = export_site();
	struct ruleset rules;
	struct need *n = export_need(r, "zencontrol.rtp", "192.0.2.1",
	    OUTCOME_FAIL);

	n->to.kind = DEST_ADDRESS;
	n->protocol = PROTO_UDP;
	export_port(r, n, 10000, 65535);
	*arena_push(r->arena, n->ports.range,
	    n->ports.count) = (struct port_range){443, 443};
	read_site(&rules, r);
	ck_assert_str_eq(only_line(&rules)->to, "{ 192.0.2.1 }");
	ck_assert_str_eq(only_line(&rules)->what,
	    "udp dport { 10000-65535, 443 }");
	ck_assert(says(r, "Expressed exactly."));
	record_free(r);
}
END_TEST

START_TEST(a_ping_is_an_echo_request_and_an_error_message_no_rule)
{
	struct record *r = export_site();
	struct ruleset rules;
	struct need *n = export_need(r, "zencontrol.ping", "a.example.com",
	    OUTCOME_FAIL);

	n->protocol = PROTO_ICMP;
	n->ports.count = 0;
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 2);
	ck_assert_str_eq(rules.line[0].what, "icmp type echo-request");
	ck_assert_str_eq(rules.line[1].what, "icmpv6 type echo-request");
	n->specs = arena_array(r->arena, 1, sizeof *n->specs);
	n->nspecs = 1;
	n->specs[0].want = arena_strdup(r->arena, "3");
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 0);
	ck_assert(says(r, "where the chain accepts what is \"related\""));
	record_free(r);
}
END_TEST

START_TEST(one_flow_is_one_rule_with_all_its_ids)
{
	struct record *r = export_site();
	struct ruleset rules;

	export_need(r, "zencontrol.a", "x.example.com", OUTCOME_FAIL);
	export_need(r, "zencontrol.b", "x.example.com", OUTCOME_FAIL);
	r->vantage.addresses.count = 1;
	read_site(&rules, r);
	ck_assert_str_eq(only_line(&rules)->id, "FR-zencontrol.a");
	ck_assert(says(r, "Needed by: FR-zencontrol.a, FR-zencontrol.b"));
	record_free(r);
}
END_TEST

START_TEST(a_wider_row_is_named_where_it_covers_another)
{
	struct record *r = export_site();
	struct need *n = export_need(r, "zencontrol.wild", "*.example.com",
	    OUTCOME_FAIL);
	char *text;

	n->to.kind = DEST_WILDCARD;
	export_need(r, "zencontrol.one", "a.b.example.com", OUTCOME_FAIL);
	ck_assert(says(r, "Also in: FR-zencontrol.wild"));
	ck_assert(says(r, "example.com itself is let through too"));
	text = dnsmasq_of(r);
	/* The longer domain's line decides alone, so it names both sets. */
	ck_assert_ptr_nonnull(strstr(text,
	    "\nnftset=/a.b.example.com/"
	    "4#inet#filter#below_example_com_4,"
	    "6#inet#filter#below_example_com_6,"
	    "4#inet#filter#to_a_b_example_com_4,"
	    "6#inet#filter#to_a_b_example_com_6\n"));
	ck_assert_ptr_nonnull(strstr(text,
	    "\nnftset=/example.com/4#inet#filter#below_example_com_4,"
	    "6#inet#filter#below_example_com_6\n"));
	free(text);
	n->to.depth = 1;
	ck_assert(!says(r, "Also in:"));
	text = dnsmasq_of(r);
	ck_assert_ptr_nonnull(strstr(text,
	    "\nnftset=/a.b.example.com/4#inet#filter#to_a_b_example_com_4,"));
	free(text);
	record_free(r);
}
END_TEST

/* What stays on site is in a chain of its own, and never a public address. */
START_TEST(the_local_network_is_never_opened_to_the_internet)
{
	struct record *r = export_site();
	struct ruleset rules;
	struct need *n = export_need(r, "zencontrol.lan", "10.20.30.60",
	    OUTCOME_FAIL);

	n->direction = DIR_LAN;
	n->to.kind = DEST_PEER;
	read_site(&rules, r);
	ck_assert_str_eq(only_line(&rules)->chain, "sitewalk_lan");
	ck_assert_str_eq(only_line(&rules)->to, "{ 10.20.30.60 }");
	n->to.name = arena_strdup(r->arena, "203.0.113.9");
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 0);
	n->to.name = arena_strdup(r->arena, "peer.example.com");
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 0);
	record_free(r);
}
END_TEST

START_TEST(what_must_be_decided_by_people_is_no_rule)
{
	struct record *r = export_site();
	struct ruleset rules;
	struct need *n = export_need(r, "zencontrol.a", "", OUTCOME_FAIL);

	n->to.kind = DEST_ANY;
	n->to.name = NULL;
	n->ports.count = 0;
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 0);
	ck_assert(says(r, "would leave the firewall open"));
	n->to.from = arena_strdup(r->arena, "host");
	export_port(r, n, 443, 443);
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 0);
	ck_assert(says(r, "Where to is not known yet"));
	n->to.from = NULL;
	read_site(&rules, r);
	ck_assert_str_eq(only_line(&rules)->what, "tcp dport 443");
	ck_assert_str_eq(only_line(&rules)->to, "");
	n->direction = DIR_INBOUND;
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 0);
	ck_assert(says(r, "port forwarding"));
	record_free(r);
}
END_TEST

START_TEST(what_does_not_apply_or_is_no_port_is_no_rule)
{
	struct record *r = export_site();
	struct ruleset rules;
	struct need *n = export_need(r, "zencontrol.a", "a.example.com",
	    OUTCOME_FAIL);

	n->applies = false;
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 0);
	ck_assert(!says(r, "zencontrol.a"));
	n->applies = true;
	n->strength = STRENGTH_MUST_NOT;
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 0);
	ck_assert(says(r, "FR-zencontrol.a: "));
	record_free(r);
}
END_TEST

static const char hostile[] =
    "x\n}\nadd rule inet filter sitewalk_internet accept # \"; accept\r\n"
    "\\\nflush ruleset\n\xe2\x80\xa8include \"/etc/passwd\"";

/* Texts end up in comments, and comments stay comments. */
START_TEST(no_text_becomes_a_rule)
{
	struct record *r = export_site();
	struct ruleset rules;
	struct need *n = export_need(r, "zencontrol.a", "a.example.com",
	    OUTCOME_FAIL);
	struct clause *c = arena_push(r->arena, n->when.item, n->when.count);
	char *text, *s, *at;

	n->service = n->application = n->grant = n->reason = n->note =
	    n->breaks_customer = arena_strdup(r->arena, hostile);
	c->question = arena_strdup(r->arena, hostile);
	strlist_add(r->arena, &c->values, hostile);
	r->site.name = r->tool_version = arena_strdup(r->arena, hostile);
	n = export_need(r, "zencontrol.b", "b.example.com", OUTCOME_FAIL);
	n->protocol = PROTO_NONE;
	n->grant = arena_strdup(r->arena, hostile);
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 2);
	ck_assert_uint_eq(rules.nsets, 2);
	text = nft_of(r);
	ck_assert_ptr_null(strpbrk(text, "\r\\"));
	ck_assert_ptr_null(strstr(text, "\xe2\x80\xa8"));
	free(text);
	at = text = dnsmasq_of(r);
	while ((s = next_line(&at)) != NULL) {
		ck_assert_uint_lt(strlen(s), 1000);
		ck_assert_msg(s[0] == '#' || strncmp(s, "nftset=/a.", 10) == 0,
		    "%s", s);
	}
	free(text);
	record_free(r);
}
END_TEST

START_TEST(no_name_becomes_a_rule)
{
	static const char *const names[] = {hostile, "a.example.com/x",
	    "a.example.com#b", "*.*.example.com", "*.", "10.0.0.0/8",
	    "192.0.2.1, 0.0.0.0/0", "a b", "-", "{ 1.2.3.4 }"};
	struct record *r = export_site();
	struct ruleset rules;
	struct need *n = export_need(r, "zencontrol.a", "", OUTCOME_FAIL);
	char *text;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		n->to.kind = i % 2 == 0 ? DEST_FQDN : DEST_WILDCARD;
		n->to.name = arena_strdup(r->arena, names[i]);
		read_site(&rules, r);
		ck_assert_msg(rules.count == 0, "%s", names[i]);
		text = dnsmasq_of(r);
		ck_assert_ptr_null(strstr(text, "\nnftset="));
		free(text);
	}
	record_free(r);
}
END_TEST

START_TEST(no_id_leaves_its_comment)
{
	struct record *r = export_site();
	struct ruleset rules;
	struct need *n = export_need(r, "zencontrol.a\" accept # \n",
	    "a.example.com", OUTCOME_FAIL);
	char id[200];

	r->vantage.addresses.count = 1;
	read_site(&rules, r);
	ck_assert_str_eq(only_line(&rules)->id, "FR-zencontrol.a__accept____");
	memset(id, 'x', sizeof id - 1);
	id[sizeof id - 1] = '\0';
	n->id = arena_strdup(r->arena, id);
	read_site(&rules, r);
	/* nft takes no longer ones */
	ck_assert_uint_le(strlen(only_line(&rules)->id), 127);
	record_free(r);
}
END_TEST

START_TEST(long_names_keep_their_own_sets)
{
	struct record *r = export_site();
	struct ruleset rules;
	char one[120], two[120];

	memset(one, 'a', sizeof one);
	memcpy(one + 50, ".aaaaaaaaaaaaaa.example.com", 28);
	memcpy(two, one, sizeof two);
	two[0] = 'b';
	export_need(r, "zencontrol.a", one, OUTCOME_FAIL);
	export_need(r, "zencontrol.b", two, OUTCOME_FAIL);
	r->vantage.addresses.count = 1;
	read_site(&rules, r);
	ck_assert_uint_eq(rules.count, 2);
	ck_assert_str_ne(rules.line[0].to, rules.line[1].to);
	record_free(r);
}
END_TEST

START_TEST(only_the_network_of_the_check_may_use_it)
{
	struct record *r = export_site();
	char *text;

	export_need(r, "zencontrol.a", "a.example.com", OUTCOME_FAIL);
	text = nft_of(r);
	ck_assert_ptr_nonnull(
	    strstr(text, "\t\tip saddr != { 10.20.30.0/24 } return\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, "\t\tip6 saddr != { 2001:db8:30::/64 } return\n"));
	free(text);
	r->vantage.addresses.count = 0;
	ck_assert(says(r, "From whom is not known"));
	record_free(r);
}
END_TEST

HARNESS("export firewall", a_row_is_a_rule_for_each_family,
    a_site_without_ipv6_has_no_rules_for_it,
    addresses_ports_and_ranges_are_exact,
    a_ping_is_an_echo_request_and_an_error_message_no_rule,
    one_flow_is_one_rule_with_all_its_ids,
    a_wider_row_is_named_where_it_covers_another,
    the_local_network_is_never_opened_to_the_internet,
    what_must_be_decided_by_people_is_no_rule,
    what_does_not_apply_or_is_no_port_is_no_rule, no_text_becomes_a_rule,
    no_name_becomes_a_rule, no_id_leaves_its_comment,
    long_names_keep_their_own_sets, only_the_network_of_the_check_may_use_it)
