/* SPDX-License-Identifier: MIT */
/* Owns how services and their requirements are read from a pack. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/pack/answer_value.h"
#include "core/pack/draft.h"

#define STATUS_MIN 100
#define STATUS_MAX 599
#define DEPTH_MAX 10

/* --- ports --- */

static bool
parse_port(struct binder *b, const struct node *n, const char *s, size_t len,
    uint16_t *out)
{
	char text[PORT_RANGE_SIZE];
	uint64_t port;

	if (len == 0 || strspn(s, "0123456789") < len) {
		report_mistake(b->report, n->place,
		    _("\"%s\" is neither a port nor a range of ports such as "
		      "\"20000-49000\"."),
		    n->text);
		return false;
	}
	if (len < sizeof text) {
		memcpy(text, s, len);
		text[len] = '\0';
		if (text_to_uint(text, 1, UINT16_MAX, &port)) {
			*out = (uint16_t)port;
			return true;
		}
	}
	report_mistake(b->report, n->place,
	    _("The port %.*s is out of range: ports go from 1 to 65535."),
	    (int)len, s);
	return false;
}

static bool
parse_range(struct binder *b, const struct node *n, struct port_range *out)
{
	const char *dash = strchr(n->text, '-');
	size_t len = strlen(n->text);

	if (dash == NULL) {
		if (!parse_port(b, n, n->text, len, &out->low))
			return false;
		out->high = out->low;
		return true;
	}
	if (!parse_port(b, n, n->text, (size_t)(dash - n->text), &out->low) ||
	    !parse_port(b, n, dash + 1, strlen(dash + 1), &out->high))
		return false;
	if (out->low <= out->high)
		return true;
	report_mistake(b->report, n->place,
	    _("The range %s is empty: its first port is higher than its "
	      "last."),
	    n->text);
	return false;
}

void
read_ports(struct binder *b, const struct node *n, const struct rule *rule,
    void *field)
{
	struct ports *ports = field;
	const struct node *child;

	if (!bind_is_list(b, n, rule))
		return;
	ports->range = arena_array(b->arena, n->count, sizeof *ports->range);
	for (child = n->first; child != NULL; child = child->next) {
		if (bind_is_text(b, child, rule) &&
		    parse_range(b, child, &ports->range[ports->count]))
			ports->count++;
	}
}

/* --- destinations --- */

static const char *
fault_fqdn(const char *name)
{
	if (strchr(name, '*') != NULL)
		return N_("\"%s\" has a star: its kind is wildcard.");
	return text_is_hostname(name) && strchr(name, '.') != NULL ?
	    NULL :
	    N_("\"%s\" is not a full host name.");
}

static const char *
fault_wildcard(const char *name)
{
	if (strchr(name, '*') == NULL)
		return N_("\"%s\" has no star: its kind is fqdn.");
	if (strncmp(name, "*.", 2) != 0 || strchr(name + 2, '*') != NULL)
		return N_("The star of \"%s\" must be its whole first part, as "
			  "in \"*.example.com\".");
	return text_is_hostname(name + 2) ?
	    NULL :
	    N_("\"%s\" is not a host name behind the star.");
}

static const char *
fault_address(const char *name)
{
	return literal_kind(name) == LITERAL_UNICAST ?
	    NULL :
	    N_("\"%s\" is not the IPv4 or IPv6 address of one device.");
}

static const char *
fault_multicast(const char *name)
{
	return literal_kind(name) == LITERAL_MULTICAST ?
	    NULL :
	    N_("\"%s\" is not a multicast address.");
}

static const char *
fault_broadcast(const char *name)
{
	enum literal kind = literal_kind(name);

	/* A subnet's own broadcast address looks like any other one. */
	return kind == LITERAL_BROADCAST || kind == LITERAL_UNICAST ?
	    NULL :
	    N_("\"%s\" is not a broadcast address.");
}

static const struct {
	bool named; /* "name" must be there */
	bool asked; /* "from" may be there */
	const char *(*fault)(const char *name);
} dest_kinds[] = {
    [DEST_FQDN] = {true, false, fault_fqdn},
    [DEST_WILDCARD] = {true, true, fault_wildcard},
    [DEST_ADDRESS] = {true, false, fault_address},
    [DEST_RESOLVER] = {false, false, NULL},
    [DEST_GATEWAY] = {false, false, NULL},
    [DEST_MULTICAST] = {true, false, fault_multicast},
    [DEST_BROADCAST] = {true, false, fault_broadcast},
    [DEST_PEER] = {true, true, NULL},
    [DEST_ANY] = {false, true, NULL},
    [DEST_NONE] = {false, false, NULL},
};

static void
check_examples(struct binder *b, const struct node *n,
    const struct destination *to)
{
	const struct node *list = node_get(n, "examples"), *child;

	if (list == NULL || list->kind != NODE_LIST || to->name == NULL)
		return;
	for (child = list->first; child != NULL; child = child->next) {
		if (child->kind == NODE_TEXT && text_is_hostname(child->text) &&
		    !text_wildcard_match(to->name, child->text, to->depth) &&
		    !(to->apex && strcmp(to->name + 2, child->text) == 0))
			report_mistake(b->report, child->place,
			    _("The example \"%s\" is not among the names "
			      "that \"%s\" stands for."),
			    child->text, to->name);
	}
}

static void
check_destination(struct binder *b, const struct node *n, void *object)
{
	static const char *const of_wildcard[] = {"depth", "apex", "examples"};
	struct destination *to = object;
	const char *wrong = NULL;
	size_t i;

	if (node_get(n, "kind") == NULL || (int)to->kind < 0)
		return;
	if (dest_kinds[to->kind].named && node_get(n, "name") == NULL)
		report_mistake(b->report, n->place,
		    _("The key \"%s\" is missing."), "name");
	if (!dest_kinds[to->kind].asked && node_get(n, "from") != NULL)
		report_mistake(b->report, node_place(n, "from"),
		    _("This kind of destination is not asked for, so "
		      "\"from\" has no place here."));
	if (to->name != NULL && dest_kinds[to->kind].fault != NULL)
		wrong = dest_kinds[to->kind].fault(to->name);
	if (wrong != NULL) {
#pragma GCC diagnostic push
/* The sentences are those of the functions above. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		report_mistake(b->report, node_place(n, "name"), _(wrong),
		    to->name);
#pragma GCC diagnostic pop
	} else if (to->kind == DEST_WILDCARD) {
		check_examples(b, n, to);
	}
	for (i = 0; i < sizeof of_wildcard / sizeof *of_wildcard; i++) {
		if (to->kind != DEST_WILDCARD &&
		    node_get(n, of_wildcard[i]) != NULL)
			report_mistake(b->report, node_place(n, of_wildcard[i]),
			    _("The key \"%s\" belongs to wildcards only."),
			    of_wildcard[i]);
	}
}

static const struct rule destination_rules[] = {
    {"kind", read_word, AT(destination, kind), KEY_MUST,
	.words = &words_dest_kind},
    {"name", read_text, AT(destination, name)},
    {"from", read_text, AT(destination, from), .check = check_id,
	.ref = REF_HOST_QUESTION},
    {"depth", read_int, AT(destination, depth), .max = DEPTH_MAX},
    {"apex", read_bool, AT(destination, apex)},
    {"examples", read_texts, AT(destination, examples),
	.check = check_hostname},
};

static const struct destination destination_initial = {.kind = (unsigned)-1};

static const struct schema schema_destination = {
    SCHEMA(destination_rules),
    .size = sizeof(struct destination),
    .initial = &destination_initial,
    .check = check_destination,
};

/* --- probes --- */

static const struct rule probe_rules[] = {
    {"type", read_text, AT(probe_ask, type), KEY_MUST,
	.check = check_probe_type},
    {"also", read_texts, AT(probe_ask, also), .check = check_probe_type},
    {"names", read_texts, AT(probe_ask, names), .check = check_hostname},
    {"samples", read_texts, AT(probe_ask, samples), .check = check_port},
    {"alpn", read_text, AT(probe_ask, alpn), .check = check_token},
    {"tls_max", read_text, AT(probe_ask, tls_max), .check = check_tls_version},
    {"issuer", read_text, AT(probe_ask, issuer), .check = check_id},
    {"path", read_text, AT(probe_ask, path), .check = check_path},
    {"expect", read_text, AT(probe_ask, expect)},
    {"want", read_text, AT(probe_ask, want)},
    {"want_from", read_text, AT(probe_ask, want_from), .check = check_id,
	.ref = REF_QUESTION},
    {"status", read_int, AT(probe_ask, status), .min = STATUS_MIN,
	.max = STATUS_MAX},
};

static const struct schema schema_probe = {
    SCHEMA(probe_rules),
    .size = sizeof(struct probe_ask),
};

/* --- requirements and services --- */

static const struct rule breaks_rules[] = {
    {"installer", read_text, AT(draft_breaks, installer)},
    {"customer", read_text, AT(draft_breaks, customer)},
};

static const struct schema schema_breaks = {
    SCHEMA(breaks_rules),
    .size = sizeof(struct draft_breaks),
};

#define COMMON(type, member) AT(type, common.member)

#define COMMON_RULES(type) \
	{"reason", read_text, COMMON(type, reason)}, \
	    {"breaks", read_map, COMMON(type, breaks), \
		.schema = &schema_breaks}, \
	    {"grant", read_text, COMMON(type, grant)}, \
	    {"strength", read_word, COMMON(type, strength), \
		.words = &words_strength}, \
	    {"direction", read_word, COMMON(type, direction), \
		.words = &words_direction}, \
	{ \
		"when", read_when, COMMON(type, when), .max = WHEN_MAX \
	}

static const struct rule requirement_rules[] = {
    {"id", read_text, AT(draft_requirement, id), KEY_MUST, .check = check_id},
    {"protocol", read_word, AT(draft_requirement, protocol), KEY_MUST,
	.words = &words_protocol},
    {"ports", read_ports, AT(draft_requirement, ports)},
    {"port_from", read_text, AT(draft_requirement, port_from),
	.check = check_id, .ref = REF_PORT_QUESTION},
    {"to", read_map, AT(draft_requirement, to), KEY_MUST,
	.schema = &schema_destination},
    {"application", read_text, AT(draft_requirement, application)},
    {"group", read_text, AT(draft_requirement, group), .check = check_id},
    {"needs", read_texts, AT(draft_requirement, needs), .check = check_full_id,
	.ref = REF_NEED},
    {"note", read_text, AT(draft_requirement, note)},
    SOURCE_RULES(draft_requirement),
    {"probe", read_map, AT(draft_requirement, probe), KEY_MUST,
	.schema = &schema_probe},
    {"rung", read_word, AT(draft_requirement, rung), KEY_MUST,
	.words = &words_rung, .max = RUNG_PASSED_GATEWAY},
    COMMON_RULES(draft_requirement),
};

static bool
has_port(const struct ports *ports, uint16_t port)
{
	size_t i;

	for (i = 0; i < ports->count; i++) {
		if (port >= ports->range[i].low && port <= ports->range[i].high)
			return true;
	}
	return false;
}

static void
check_requirement(struct binder *b, const struct node *n, void *object)
{
	const struct node *list = node_get(node_get(n, "probe"), "samples");
	struct draft_requirement *r = object;
	const struct node *child;
	uint64_t port;

	r->node = n;
	draft_check_source(b, n, &r->source);
	if ((r->protocol == PROTO_TCP || r->protocol == PROTO_UDP) &&
	    node_get(n, "ports") == NULL && node_get(n, "port_from") == NULL)
		report_mistake(b->report, n->place,
		    _("The key \"%s\" is missing."), "ports");
	if (r->protocol >= 0 && r->protocol != PROTO_TCP &&
	    r->protocol != PROTO_UDP &&
	    (r->ports.count > 0 || r->port_from != NULL))
		report_mistake(b->report,
		    node_place(n, r->ports.count > 0 ? "ports" : "port_from"),
		    _("Only TCP and UDP have ports."));
	if (list == NULL || list->kind != NODE_LIST)
		return;
	for (child = list->first; child != NULL; child = child->next) {
		if (child->kind == NODE_TEXT &&
		    text_to_uint(child->text, 1, UINT16_MAX, &port) &&
		    !has_port(&r->ports, (uint16_t)port))
			report_mistake(b->report, child->place,
			    _("The sample %s is not among the ports."),
			    child->text);
	}
}

static const struct draft_requirement requirement_initial = {
    .protocol = -1,
    .rung = -1,
    .common = {.strength = -1, .direction = -1},
};

static const struct schema schema_requirement = {
    SCHEMA(requirement_rules),
    .size = sizeof(struct draft_requirement),
    .initial = &requirement_initial,
    .check = check_requirement,
};

static const struct rule service_rules[] = {
    {"title", read_text, AT(draft_service, title), KEY_MUST},
    COMMON_RULES(draft_service),
    {"requirements", read_maps, AT(draft_service, requirements), KEY_MUST,
	.schema = &schema_requirement, COUNT_AT(draft_service, nrequirements),
	.max = 200},
};

static void
check_service(struct binder *b, const struct node *n, void *object)
{
	const struct node *list = node_get(n, "requirements");
	struct draft_service *s = object;

	s->node = n;
	if (list != NULL && list->kind == NODE_LIST && list->count == 0)
		report_mistake(b->report, list->place,
		    _("A service needs at least one requirement."));
}

static const struct draft_service service_initial = {
    .common = {.strength = -1, .direction = -1},
};

const struct schema schema_services = {
    SCHEMA(service_rules),
    .size = sizeof(struct draft_service),
    .initial = &service_initial,
    .check = check_service,
};
