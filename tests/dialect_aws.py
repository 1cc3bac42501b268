# SPDX-License-Identifier: MIT
"""Reads the rule groups of AWS Network Firewall, and that the rules of the
security group say the same."""
from dialect_hcl import Reader, check, need_members, variable
from dialect_rows import (HOST_NAME, PLACEHOLDERS, Parsed, Permit, Platform,
                          family, is_name, is_web, ports_of)
from dialect_words import COMMENT, is_named, need, need_label

EVERY = ((1, 65535),)
ECHO = {"": None, "8": 0, "128": 1}
TARGETS = {"tls": "TLS_SNI", "http": "HTTP_HOST"}
HEADER = {"source": "$HOME_NET", "source_port": "ANY",
          "direction": "FORWARD"}


def expression(text):
    return ("expression", text)


def group(name, sources, source):
    """A rule group, as a shape."""
    return ("resource", ("aws_networkfirewall_rule_group",
                         "sitewalk_" + name),
            {"name": "sitewalk-" + name, "type": "STATEFUL",
             "capacity": expression("var.capacity")},
            [("rule_group", (), {}, [
                ("rule_variables", (), {}, [
                    ("ip_sets", (), {"key": "HOME_NET"}, [
                        ("ip_set", (), {"definition": sources}, [])])]),
                ("rules_source", (), {}, [source])])])


def names_of(name, members):
    return ("rules_source_list", (), {
        "generated_rules_type": "ALLOWLIST", "target_types": [TARGETS[name]],
        "targets": expression("distinct(concat(%s))" % members)}, [])


def rules_of(members):
    each = "stateful_rule.value."
    return ("dynamic", ("stateful_rule",), {"for_each": expression(
        "{ for i, r in concat(%s) : i => r }" % members)}, [
            ("content", (), {"action": "PASS"}, [
                ("header", (), {
                    "protocol": expression(each + "protocol"),
                    "destination": expression(each + "destination"),
                    "destination_port": expression(each + "port"),
                    **HEADER}, []),
                ("rule_option", (), {"keyword": "sid", "settings": expression(
                    "[tostring(stateful_rule.key + 1)]")}, []),
                ("dynamic", ("rule_option",), {"for_each": expression(
                    "compact([%sitype])" % each)}, [
                        ("content", (), {"keyword": "itype",
                                         "settings": expression(
                                             "[rule_option.value]")}, [])])])
        ])


def address(text):
    host, _, bits = text.partition("/")
    need(bits == ("128" if ":" in host else "32"), "a network:", text)
    return host


class Rules:
    """What the firewall and the security group permit, each."""

    def __init__(self):
        self.lists = {"tls": [], "http": [], "ip": []}
        self.names, self.addresses, self.grouped = [], [], set()
        self.seen = set()

    def local(self, block):
        ((name, what),) = block.members.items()
        need(is_named(name, block.rule) and name not in self.seen,
             "another name:", name)
        self.seen.add(name)
        if not isinstance(what[0], dict):
            need(len(what) == 1 and HOST_NAME.match(what[0].lstrip(".")),
                 "no name:", what)
            self.names.append((block, name, what[0]))
            return
        self.lists["ip"].append("local." + name)
        for row in what:
            need(list(row) == ["protocol", "destination", "port", "itype"],
                 "another row:", row)
            self.row(block, row)

    def row(self, block, row):
        to = row["destination"]
        to = ("any",) if to == "ANY" else ("address", address(to))
        protocol, v6 = row["protocol"].lower(), ECHO[row["itype"]]
        need(protocol in ("tcp", "udp", "icmp") and
             (protocol == "icmp") == (v6 is not None), "another row:", row)
        versions = [0, 1] if to == ("any",) else [family(to[1])]
        need(v6 is None or versions == [v6], "the other ping:", row)
        need(protocol != "icmp" or row["port"] == "ANY", "ports of a ping")
        ports = () if row["port"] == "ANY" else \
            ports_of([row["port"].replace(":", "-")])
        self.addresses += [(block.rule, block.part, to, protocol, ports, v)
                           for v in versions]

    def egress(self, block):
        v6 = int("cidr_ipv6" in block.members)
        group_id, label, protocol, low, high, to = need_members(
            block, "security_group_id", "description", "ip_protocol",
            "from_port", "to_port", "cidr_ipv6" if v6 else "cidr_ipv4")
        name = block.labels[1]
        need(is_named(name, block.rule, name.split("__")[-1]) and
             name not in self.seen, "another name:", name)
        self.seen.add(name)
        need_label(label, block.rule)
        need(group_id == expression("var.security_group_id"), "another group")
        if protocol in ("icmp", "icmpv6"):
            need((protocol == "icmpv6") == v6 and
                 (low, high) == (128 if v6 else 8, 0), "another ping:", low)
            protocol, ports = "icmp", ()
        else:
            need(protocol in ("tcp", "udp"), "another protocol:", protocol)
            ports = () if (low, high) == (0, 65535) else \
                ports_of(["%d-%d" % (low, high)])
        to = ("any",) if to == ("::/0" if v6 else "0.0.0.0/0") else \
            ("address", address(to))
        need(to == ("any",) or family(to[1]) == v6, "the other family:", to)
        self.grouped.add((block.rule, block.part, to, protocol, ports, v6))


def split_tail(blocks):
    tail = [b for b in blocks if b.kind == "resource" and
            b.labels[0] == "aws_networkfirewall_rule_group"]
    need(blocks[len(blocks) - len(tail):] == tail, "not at the end")
    return blocks[:len(blocks) - len(tail)], tail


def sources_of(tail):
    """Of HOME_NET; all groups have the same."""
    return tail[0].blocks[0].blocks[0].blocks[0].blocks[0].members[
        "definition"]


def lists_of(rules, tail):
    """Which list each name is in, out of the lists."""
    for name in TARGETS:
        for g in tail:
            if g.labels[1] == "sitewalk_" + name:
                text = g.blocks[0].blocks[1].blocks[0].members["targets"][1]
                rules.lists[name] = text[len("distinct(concat("):-2].split(
                    ", ")
    listed = rules.lists["tls"] + rules.lists["http"]
    need(sorted(listed) == sorted("local." + n for _, n, _ in rules.names),
         "lists of other names")


def parse(text):
    try:
        return read(text)
    except (KeyError, ValueError, IndexError, AttributeError,
            TypeError) as error:
        need(False, "another shape:", repr(error))


def read(text):
    reader, rules = Reader(text), Rules()
    head, tail = split_tail(reader.top.blocks)
    need([b.shape() for b in head[:2]] ==
         [variable("capacity", "number"),
          variable("security_group_id", "string")] and
         not reader.top.members, "other variables")
    for block in head[2:]:
        need(not block.blocks, "a block in a block")
        if block.kind == "locals":
            need(not block.labels, "a label")
            rules.local(block)
        else:
            need(block.kind == "resource" and block.labels[0] ==
                 "aws_vpc_security_group_egress_rule", "another block")
            rules.egress(block)
    if not tail:
        need(not rules.seen, "no groups")
        return Parsed([], reader.remarks.fates)
    lists_of(rules, tail)
    sources = sources_of(tail)
    due = [group(n, sources, names_of(n, ", ".join(rules.lists[n])))
           for n in TARGETS if rules.lists[n]]
    if rules.lists["ip"]:
        due.append(group("ip", sources,
                         rules_of(", ".join(rules.lists["ip"]))))
    need([b.shape() for b in tail] == due, "other groups")
    return Parsed(permits_of(rules, sources), reader.remarks.fates)


def permits_of(rules, sources):
    both = {v: [s for s in sources if (s in PLACEHOLDERS[1:] or ":" in s) == v]
            for v in (0, 1)}
    # The firewall's line for anybody has no family.
    wanted = {a for a in rules.addresses if both[a[-1]]}
    need(wanted == rules.grouped, "the security group differs:",
         wanted ^ rules.grouped)
    permits = [Permit(*a[:-1], source) for a in wanted for source in
               both[a[-1]]]
    for block, name, domain in rules.names:
        to = ("around", domain[1:]) if domain[0] == "." else ("sni", domain)
        in_tls = "local." + name in rules.lists["tls"]
        permits += [Permit(block.rule, block.part, to,
                           "tls" if in_tls else "http", EVERY, source)
                    for source in sources]
    return permits


def fate(row):
    if row["direction"] == "lan":
        return "not here"
    if not is_name(row):
        return "exact"
    if is_web(row) and (row["ports"] == ["443"] or row["ports"] == ["80"] and
                        row["application"].startswith("HTTP")):
        return "wider"
    return "not here"


PARSERS = {"aws": Platform(parse, fate, COMMENT, check=check)}
