# SPDX-License-Identifier: MIT
"""Reads the rule collection group for Azure Firewall."""
import re

from dialect_hcl import Reader, check, need_members, variable
from dialect_rows import (HOST_NAME, Parsed, Permit, Platform, is_name,
                          is_web, is_wildcard, ports_of)
from dialect_words import around, has_v6, is_named, need

GROUP = {"name": "sitewalk",
         "firewall_policy_id": ("expression", "var.firewall_policy_id"),
         "priority": ("expression", "var.priority")}


def need_names(names):
    need(all(HOST_NAME.match(n.removeprefix("*.")) for n in names) and names,
         "no names:", names)


def application(rule):
    """Permits of an application rule, without their place."""
    _, sources, names = need_members(rule, "name", "source_addresses",
                                     "destination_fqdns")
    need_names(names)
    ports = []
    for p in rule.blocks:
        kind, port = need_members(p, "type", "port")
        need(p.kind == "protocols" and not p.labels and not p.blocks and
             (kind, port) in (("Http", 80), ("Https", 443)),
             "another protocol:", kind, port)
        ports.append((port, port))
    need(ports, "no protocol")
    return [(to, "tcp", tuple(ports), source) for to in around(names)
            for source in sources]


def network(rule):
    is_fqdn = "destination_fqdns" in rule.members
    _, protocols, sources, to, ports = need_members(
        rule, "name", "protocols", "source_addresses",
        "destination_fqdns" if is_fqdn else "destination_addresses",
        "destination_ports")
    need(not rule.blocks and protocols in (["TCP"], ["UDP"], ["ICMP"]),
         "another protocol:", protocols)
    if is_fqdn:
        need_names(to)
        need(not any("*" in n for n in to), "a wildcard:", to)
        to = [("name", n) for n in to]
    else:
        need(to == ["*"] or "*" not in to, "anybody and more:", to)
        to = [("any",) if a == "*" else ("address", a) for a in to]
    if protocols == ["ICMP"]:
        need(ports == ["*"], "ports of ICMP:", ports)
        protocol = "icmp of any type"
    else:
        protocol = protocols[0].lower()
    ports = () if ports == ["*"] else ports_of(ports)
    return [(t, protocol, ports, source) for t in to for source in sources]


KINDS = {"application_rule_collection": application,
         "network_rule_collection": network}


def parse(text):
    reader, permits = Reader(text), []
    need([b.shape() for b in reader.top.blocks[:-1]] ==
         [variable("firewall_policy_id", "string"),
          variable("priority", "number")] and not reader.top.members,
         "other variables")
    group = reader.top.blocks[-1]
    need(group.kind == "resource" and group.labels ==
         ["azurerm_firewall_policy_rule_collection_group", "sitewalk"] and
         group.members == GROUP, "another group")
    for i, c in enumerate(group.blocks):
        name, priority, action = need_members(c, "name", "priority", "action")
        need(c.kind in KINDS and not c.labels and len(c.blocks) == 1 and
             c.blocks[0].kind == "rule" and not c.blocks[0].labels,
             "another collection:", name)
        need(is_named(name, c.rule) and
             c.blocks[0].members.get("name") == name, "another name:", name)
        need((priority, action) == (1000 + i, "Allow"), "another place:",
             priority, action)
        permits += [Permit(c.rule, c.part, *p)
                    for p in KINDS[c.kind](c.blocks[0])]
    return Parsed(permits, reader.remarks.fates)


def fate(row):
    if row["direction"] == "lan" or has_v6(row):
        return "not here"
    if row["protocol"] == "icmp":
        return "not here" if is_wildcard(row) else "wider"
    if is_name(row) and is_web(row) and row["application"].startswith("HTTP"):
        return "wider" if row["dst_depth"] else "exact"
    if is_wildcard(row):
        return "not here"
    return "wider" if is_name(row) else "exact"


PARSERS = {"azure": Platform(
    parse, fate, re.compile(r"^(  )?#"), check=check,
    families=(True, False))}
