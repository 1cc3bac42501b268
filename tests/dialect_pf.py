# SPDX-License-Identifier: MIT
"""Reads the tables for pfSense and OPNsense: aliases, and rules in words;
and the file of aliases that OPNsense imports."""
import re

from dialect_rows import (HOST_NAME, Comments, Parsed, Permit,
                          Platform, Strange, by_lookup, family, lines_of,
                          ports_of)
from dialect_words import (COMMENT, Remarks, is_named, json_of, need, need_keys,
                           need_label)

NAME = r"[A-Za-z0-9_]{1,31}"
ALIAS = re.compile(r"alias (%s) (Host|Network|Port) (.+)" % NAME)
RULE = re.compile(
    r"rule LAN pass (IPv4|IPv6) (TCP|UDP|ICMP-echo-request|"
    r"ICMPv6-echo-request) from sitewalk_devices to (any|%s) port (any|%s) "
    r"descr (\S+)" % (NAME, NAME))
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-"
                  r"[0-9a-f]{12}")


class Aliases:
    def __init__(self):
        self.of, self.used = {}, set()

    def add(self, name, kind, holds):
        need(name not in self.of and re.fullmatch(NAME, name) and holds and
             len(holds) == len(set(holds)), "an alias twice:", name)
        self.of[name] = (kind, holds)

    def use(self, name, kind):
        need(name in self.of and self.of[name][0] == kind, "no alias:", name)
        self.used.add(name)
        return self.of[name][1]

    def permits(self, line, rule, part):
        """Of a rule; its version chooses among addresses."""
        m = RULE.fullmatch(line)
        need(m, "a strange line:", line)
        version, protocol, to, port, name = m.groups()
        f = int(version == "IPv6")
        need(is_named(name, rule), "another name:", line)
        sources = [s for s in self.use("sitewalk_devices", "Network")
                   if family(s) == f]
        need(sources, "from nobody:", line)
        if protocol.startswith("ICMP"):
            need(port == "any" and protocol.startswith("ICMPv6") == f,
                 "the other ping:", line)
            protocol = "icmp"
        ports = ports_of([p.replace(":", "-") for p in self.use(port, "Port")]
                         ) if port != "any" else ()
        return [Permit(rule, part, t, protocol.lower(), ports, s)
                for t in self.destinations(to, f) for s in sources]

    def destinations(self, to, f):
        if to == "any":
            return [("any",)]
        holds = self.use(to, "Host")
        found = [("name", h) for h in holds if HOST_NAME.match(h)]
        if found:
            need(len(found) == len(holds), "names and addresses:", to)
            return found
        found = [("address", h) for h in holds if family(h) == f]
        need(found, "to nobody:", to)
        return found

    def end(self):
        need(set(self.of) == self.used, "aliases without a rule:",
             set(self.of) - self.used)


def parse(text):
    comments, aliases, rules = Comments(), Aliases(), []
    for line in lines_of(text, "# ", comments):
        if m := ALIAS.fullmatch(line):
            aliases.add(m.group(1), m.group(2), m.group(3).split(" "))
            need(m.group(2) == "Network" or comments.rule, "of no row:", line)
        else:
            rules.append((line, comments.rule, comments.part))
    permits = [p for r in rules for p in aliases.permits(*r)]
    aliases.end()
    return Parsed(permits, comments.fates)


def parse_import(text):
    remarks, aliases, rules = Remarks(), Aliases(), []
    document = json_of(text)
    need_keys(document, "remarks", "aliases")
    need_keys(document["aliases"], "alias")
    for line in document["remarks"]:
        if line.startswith("rule "):
            remarks.take(None)
            rules.append((line, remarks.rule, remarks.part))
        else:
            remarks.take(line)
    remarks.take(None)
    for uuid, alias in document["aliases"]["alias"].items():
        need(UUID.fullmatch(uuid), "no id:", uuid)
        need_keys(alias, "enabled", "name", "type", "content", "description")
        need(alias["enabled"] == "1", "not in use:", alias["name"])
        kind = alias["type"].capitalize()
        need(alias["type"] in ("host", "network", "port"), "no type:", kind)
        aliases.add(alias["name"], kind, alias["content"].split("\n"))
        need(alias["description"] == "sitewalk" if kind == "Network" else
             alias["description"].split(" ")[1] in remarks.fates,
             "of no row:", alias)
    for line, rule, part in rules:
        for name in RULE.fullmatch(line).groups()[2:4] if \
                RULE.fullmatch(line) else []:
            described = [a for a in document["aliases"]["alias"].values()
                         if a["name"] == name]
            for a in described:
                need_label(a["description"], rule)
    try:
        permits = [p for r in rules for p in aliases.permits(*r)]
    except IndexError as error:
        raise Strange(str(error)) from error
    aliases.end()
    return Parsed(permits, remarks.fates)


PARSERS = {
    "pf": Platform(parse, by_lookup, COMMENT),
    "opnsense": Platform(parse_import, by_lookup, re.compile(
        r'^  "(?!rule LAN )(?![0-9a-f-]{36}": \{)')),
}
