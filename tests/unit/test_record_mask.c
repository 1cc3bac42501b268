/* SPDX-License-Identifier: MIT */
/* Promises of the masking: whatever somebody typed or a stranger sent, and
 * wherever it stands, is not in a copy; and no member is forgotten, since what
 * nobody thought of is masked. */
#include "tests/unit/harness.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/record/json.h"
#include "core/record/mask.h"
#include "tests/unit/sample_record.h"

#define MEGABYTE (1u << 20)

/* Members that hold the program's own words, times, hashes and ids, and those
 * whose words are a pack's. Each is listed here by hand. */
static const char *const own[] = {"schema", "id", "product", "products",
    "protocol", "kind", "outcome", "rung", "required_rung", "cause", "zone",
    "path", "direction", "strength", "type", "probe", "nature", "started",
    "ended", "when", "issued", "supersedes", "result", "results", "failure",
    "probes", "explains", "clears", "requirements", "requirement", "blocked_by",
    "needs", "sha256", "state", "party", "readiness", "answer", "as_of", "why",
    "ports", "document", "lines", "retrieved", "question", "step", "group",
    "item", "how", "version", "at_least", "below", "is", "not", "any_of",
    "language", "tls_max", "expires", "dhcp", "dhcp_given", "clock_source",
    "os", "rights", "tool", "origin", "expect", "reason", "if_missing",
    "installer", "it", "customer", "grant", "note", "application", "service",
    "ask", "open_ask", "assumed", "title", "name", "examples", "says", "want",
    "host", "key", "address", "from", "text", "label", "summary", "brief",
    "owner", "todo", "ruled_out", "whose", "unprobed", "issuer", "alpn",
    "device", "offender", "warnings"};

static bool
is_own(const char *member)
{
	size_t i;

	for (i = 0; i < sizeof own / sizeof *own; i++) {
		if (strcmp(own[i], member) == 0)
			return true;
	}
	return false;
}

static int serial;

/* A word that is nowhere else, in one of the forms that a stranger may use. */
static json_t *
secret(void)
{
	static const char *const forms[] = {"Geheim%dxq", "Frau Geheim%dxq",
	    "geraet.geheim%dxq.example", "geheim%dxq/2.0 (Villa)",
	    "http://geheim%dxq.example:80/geheim%dxq?geheim%dxq",
	    "CN=geheim%dxq,O=geheim%dxq", "geheim%dxq 10.1.2.3",
	    "10.1.2.3, geheim%dxq", "nginx/geheim%dxq", "_geheim%dxq._tcp",
	    "wlgeheim%dxq 10.1.2.3/24"};
	char text[128], form[128];
	size_t n = 0, i;
	int number = ++serial;
	const char *s = forms[(size_t)number % (sizeof forms / sizeof *forms)];

	/* The number in place of each "%d". */
	for (i = 0; s[i] != '\0'; i++) {
		if (s[i] == '%' && s[i + 1] == 'd') {
			snprintf(form, sizeof form, "%d", number);
			memcpy(text + n, form, strlen(form));
			n += strlen(form);
			i++;
		} else {
			text[n++] = s[i];
		}
	}
	text[n] = '\0';
	return json_string(text);
}

/* All members that some probe writes, and one that none does. */
static const char *const details[] = {"server", "body", "location", "via",
    "greeting", "software", "version", "firmware", "ssid", "bssid", "serial",
    "label", "name", "subject", "issuer", "top_issuer", "authority",
    "authority_org", "first_bytes", "names", "aliases", "record", "redirect",
    "stated_address", "received", "sent_by", "reason", "rport", "source",
    "sources", "services", "elsewhere", "other_adapter", "left_by", "left_from",
    "content_type", "alpn", "kiss", "refid", "grandmaster", "vendor_name",
    "object_name", "portal_api", "api", "url", "mapped_address", "second_hop",
    "last_hop", "dropped", "reset", "stations", "kex", "host_key", "domain",
    "adapter", "tunnel_to", "about", "local", "a_member_of_tomorrow"};

static json_t *
strange_detail(void)
{
	json_t *detail = json_object(), *device = json_object();
	size_t i;

	for (i = 0; i < sizeof details / sizeof *details; i++) {
		switch (i % 3) {
		case 0:
			json_object_set_new(detail, details[i], secret());
			break;
		case 1:
			json_object_set_new(detail, details[i],
			    json_pack("[o,o]", secret(), secret()));
			break;
		default:
			json_object_set_new(detail, details[i],
			    json_pack("[{s:o}]", details[i], secret()));
		}
		json_object_set_new(device, details[i], secret());
	}
	json_object_set_new(detail, "devices", json_pack("[o]", device));
	return detail;
}

static json_t *
whole(void)
{
	struct record *r = sample_record();
	json_t *document = record_to_json(r);

	json_object_del(document, "sections");
	record_free(r);
	return document;
}

/* Every text of an object that is not on the list, made secret. */
static void
fill(json_t *object)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, name, value)
	{
		if (json_is_object(value))
			fill(value);
		else if (!is_own(name) &&
		    (json_is_string(value) || json_is_null(value)))
			json_object_set_new(object, name, secret());
	}
}

static void
fill_each(json_t *document, const char *list, const char *const *members,
    size_t count)
{
	json_t *one;
	size_t i, k;

	ck_assert_uint_gt(json_array_size(json_object_get(document, list)), 0);
	json_array_foreach(json_object_get(document, list), i, one)
	{
		for (k = 0; k < count; k++)
			json_object_set_new(one, members[k], secret());
	}
}

static char *
copy_of(const json_t *document)
{
	json_t *copy = seal_mask(document, NULL);
	struct buf out;
	char *text;
	size_t i;

	buf_init(&out, 16 * MEGABYTE);
	json_write(copy, &out);
	text = strdup(buf_str(&out));
	for (i = 0; text[i] != '\0'; i++)
		text[i] = (char)tolower((unsigned char)text[i]);
	buf_free(&out);
	json_decref(copy);
	return text;
}

static void
none_left(const json_t *document)
{
	char *text = copy_of(document);
	const char *at = strstr(text, "geheim");

	ck_assert_msg(at == NULL, "%.60s in %.40s", at,
	    at - text > 40 ? at - 40 : text);
	ck_assert_ptr_null(strstr(text, "10.1.2.3"));
	ck_assert_ptr_null(strstr(text, "villa"));
	free(text);
}

START_TEST(what_a_stranger_sent)
{
	json_t *document = whole(), *one;
	size_t i, count = 0;

	serial = 0;
	json_array_foreach(json_object_get(document, "observations"), i, one)
	{
		/* In each form once, in each member. */
		json_object_set_new(one, "detail", strange_detail());
		json_object_set_new(one, "failure",
		    json_string("wrong_protocol"));
		count++;
	}
	ck_assert_uint_gt(count, 0);
	for (i = 0; i < 11; i++) {
		one = json_deep_copy(
		    json_array_get(json_object_get(document, "observations"),
			0));
		json_object_set_new(one, "detail", strange_detail());
		json_array_append_new(json_object_get(document, "observations"),
		    one);
		serial++;
	}
	none_left(document);
	json_decref(document);
}
END_TEST

START_TEST(what_was_typed)
{
	static const char *const site[] = {"name", "address", "project",
	    "customer", "customer_contact", "installer", "installer_contact",
	    "engineer", "it_contact", "notes", "device_zone"};
	static const char *const deviation[] = {"owner", "reason", "initials"};
	static const char *const attestation[] = {"who", "reason"};
	static const char *const value[] = {"value"};
	json_t *document = whole();
	size_t i;

	serial = 0;
	for (i = 0; i < sizeof site / sizeof *site; i++)
		json_object_set_new(json_object_get(document, "site"), site[i],
		    secret());
	fill(json_object_get(document, "vantage"));
	json_array_append_new(json_object_get(document, "deviations"),
	    json_pack("{s:s}", "requirement", "x"));
	json_array_append_new(json_object_get(document, "attestations"),
	    json_pack("{s:s}", "id", "x"));
	json_array_append_new(json_object_get(document, "equipment"),
	    json_pack("{s:s,s:s}", "item", "serial", "label", "x"));
	json_array_append_new(json_object_get(document, "equipment"),
	    json_pack("{s:s,s:s}", "item", "firmware", "label", "x"));
	json_array_append_new(json_object_get(document, "answers"),
	    json_pack("{s:s}", "question", "host"));
	json_array_append_new(json_object_get(document, "declarations"),
	    json_pack("{s:o,s:o,s:o}", "name", secret(), "role", secret(),
		"remarks", secret()));
	fill_each(document, "deviations", deviation, 3);
	fill_each(document, "attestations", attestation, 2);
	fill_each(document, "equipment", value, 1);
	fill_each(document, "answers", value, 1);
	none_left(document);
	json_decref(document);
}
END_TEST

/* Sentences quote what was typed or seen. */
START_TEST(what_a_sentence_quotes)
{
	json_t *document = whole(), *need, *vantage;
	json_t *needs = json_object_get(document, "requirements");
	char *text;

	vantage = json_object_get(document, "vantage");
	json_object_set_new(json_object_get(document, "site"), "engineer",
	    json_string("Theodora Quittenbaum"));
	json_object_set_new(vantage, "wifi", json_string("Quittengarten 5"));
	json_object_set_new(vantage, "proxy",
	    json_string("http://me:pw@web.quitten.example:3128"));
	ck_assert_uint_gt(json_array_size(needs), 0);
	need = json_array_get(needs, 0);
	json_object_set_new(need, "summary",
	    json_string("THEODORA Quittenbaum saw \"Quittengarten 5\", by "
			"web.quitten.example and quitten.example."));
	text = copy_of(document);
	ck_assert_ptr_nonnull(strstr(text, " saw \\\"wifi-"));
	ck_assert_ptr_nonnull(strstr(text, "\"summary\": \"person-"));
	ck_assert_msg(strstr(text, "quitten") == NULL, "%.90s",
	    strstr(text, "quitten"));
	free(text);
	json_decref(document);
}
END_TEST

START_TEST(the_same_by_the_same)
{
	json_t *document = whole(), *other = whole(), *a, *b;
	json_t *masking = json_pack("{s:s}", "key", "0123");
	char *one, *two;

	one = copy_of(document);
	two = copy_of(document);
	ck_assert_str_eq(one, two);
	free(two);
	/* A later document: the same tokens, whatever else came before. */
	json_array_insert_new(json_object_get(other, "answers"), 0,
	    json_pack("{s:s,s:s}", "question", "first", "value", "Aaron"));
	a = seal_mask(document, NULL);
	b = seal_mask(other, NULL);
	ck_assert(json_equal(json_object_get(a, "vantage"),
	    json_object_get(b, "vantage")));
	ck_assert(
	    json_equal(json_object_get(a, "site"), json_object_get(b, "site")));
	json_decref(b);
	/* Another site has another key, which is not in the copy. */
	json_object_set_new(document, "masking", masking);
	b = seal_mask(document, NULL);
	ck_assert(!json_equal(json_object_get(a, "vantage"),
	    json_object_get(b, "vantage")));
	ck_assert_str_eq(json_string_value(
			     json_object_get(json_object_get(b, "masking"),
				 "key")),
	    "");
	json_decref(a);
	json_decref(b);
	json_decref(document);
	json_decref(other);
	free(one);
}
END_TEST

HARNESS("record mask", what_a_stranger_sent, what_was_typed,
    what_a_sentence_quotes, the_same_by_the_same)
