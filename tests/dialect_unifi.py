# SPDX-License-Identifier: MIT
"""Reads the policies for UniFi, as its controller has them."""
import re

from dialect_rows import (HOST_NAME, Parsed, Permit, Platform, family,
                          is_name, is_web, is_wildcard, ports_of)
from dialect_words import (Remarks, is_named, json_of, need, need_keys,
                           need_label)

VERSIONS = ["IPV4", "IPV6"]
ECHO = {"icmp": ("icmp_typename", 0), "icmpv6": ("icmp_v6_typename", 1)}
ZONES = {"internet": "<ZONE-OF-THE-INTERNET>",
         "lan": "<ZONE-OF-THE-DESTINATION>"}
TARGET = ("zone_id", "matching_target")
SPECIFIC = (*TARGET, "matching_target_type")


def sources(source, f):
    need_keys(source, *SPECIFIC, "ips", "port_matching_type")
    need((source["zone_id"], source["matching_target"],
          source["matching_target_type"], source["port_matching_type"]) ==
         ("<ZONE-OF-THE-DEVICES>", "IP", "SPECIFIC", "ANY"),
         "another source:", source)
    need(source["ips"] and all(family(s) == f for s in source["ips"]),
         "of the other family:", source)
    return source["ips"]


def targets(to, f, zone):
    """Where to, and the ports."""
    kind = to.get("matching_target")
    more = {"ANY": TARGET, "IP": (*SPECIFIC, "ips"),
            "WEB": (*SPECIFIC, "web_domains")}
    need(kind in more and to["zone_id"] == zone, "another target:", to)
    ported = to.get("port_matching_type") == "SPECIFIC"
    need_keys(to, *more[kind], "port_matching_type", *["port"] * ported)
    need(ported or to["port_matching_type"] == "ANY", "other ports:", to)
    need(kind == "ANY" or to["matching_target_type"] == "SPECIFIC",
         "another type:", to)
    ports = ports_of([to["port"]]) if ported else ()
    if kind == "ANY":
        return [("any",)], ports
    if kind == "IP":
        need(to["ips"] and all(family(a) == f for a in to["ips"]),
             "to the other family:", to)
        return [("address", a) for a in to["ips"]], ports
    need(to["web_domains"] and all(HOST_NAME.match(n) for n in
                                   to["web_domains"]), "no names:", to)
    # Nobody says that it stops at the name.
    return [("around", n) for n in to["web_domains"]], ports


def permits_of(policy, remarks):
    protocol = policy.get("protocol")
    echo, v6 = ECHO.get(protocol, (None, None))
    need_keys(policy, "name", "description", "enabled", "action", "logging",
              "ip_version", "protocol", *[echo] * bool(echo), "source",
              "destination")
    need(policy["enabled"] is True and policy["action"] == "ALLOW" and
         policy["logging"] is True, "another policy:", policy["name"])
    need(policy["ip_version"] in VERSIONS, "another version")
    f = VERSIONS.index(policy["ip_version"])
    name = policy["name"]
    need(is_named(name, remarks.rule, name.split("__")[-1]), "another name:",
         name)
    need_label(policy["description"], remarks.rule)
    need(protocol in ("tcp", "udp", *ECHO) and v6 in (None, f),
         "another protocol:", protocol)
    need(not echo or policy[echo] == "ECHO_REQUEST", "another message")
    to, ports = targets(policy["destination"], f, ZONES[remarks.part])
    need(not echo or not ports, "ports of a ping")
    return [Permit(remarks.rule, remarks.part, t,
                   "icmp" if echo else protocol, ports, source)
            for t in to for source in sources(policy["source"], f)]


def parse(text):
    remarks, permits, names = Remarks(), [], set()
    for entry in json_of(text):
        if "remark" in entry:
            need_keys(entry, "remark")
            remarks.take(entry["remark"])
            continue
        need_keys(entry, "policy")
        remarks.take(None)
        permits += permits_of(entry["policy"], remarks)
        need(entry["policy"]["name"] not in names, "a name twice")
        names.add(entry["policy"]["name"])
    remarks.take(None)
    return Parsed(permits, remarks.fates)


def fate(row):
    if not is_name(row):
        return "exact"
    return "not here" if is_wildcard(row) or not is_web(row) else "wider"


PARSERS = {"unifi": Platform(parse, fate, re.compile(r'^\{"remark": '))}
