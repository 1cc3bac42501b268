# SPDX-License-Identifier: MIT
"""Reads a shell script of calls of Check Point's mgmt_cli, with the rules of
the shell for quoted words."""
import re
import shlex

from dialect_rows import (Comments, Permit, Platform, Strange, family,
                          is_name, lines_of, network, ports_of, PLACEHOLDERS)

START, END = ["mgmt_cli", "add"], ["-s", "sitewalk.sid"]
NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")


def words_of(line):
    """Quoted words stand in single quotes; outside of them there is nothing
    that the shell would look at twice."""
    bare = re.sub("'[^']*'", "", line)
    if "'" in bare or not re.fullmatch(r"[A-Za-z0-9_.\s-]*", bare):
        raise Strange("the shell would wake up at: %s" % line)
    return shlex.split(line)


def pairs_of(words):
    if len(words) % 2:
        raise Strange("a word without a value: %s" % words)
    pairs = dict(zip(words[::2], words[1::2]))
    if len(pairs) * 2 != len(words):
        raise Strange("a word twice: %s" % words)
    return pairs


class Box:
    def __init__(self, comments):
        self.comments, self.permits = comments, []
        self.networks, self.to, self.services = {}, {"Any": (None, ("any",))}, {}
        self.rules, self.used = set(), set()

    def line(self, line):
        words = words_of(line)
        makers = {"network": self.network, "dns-domain": self.domain,
                  "host": self.host, "service-tcp": self.service,
                  "service-udp": self.service, "service-icmp": self.ping,
                  "service-icmp6": self.ping, "access-rule": self.rule}
        if words[:2] != START or words[-2:] != END or \
                words[2] not in makers:
            raise Strange(line)
        pairs = pairs_of(words[3:-2])
        makers[words[2]](words[2], pairs.pop("name"), pairs)

    def add(self, table, name, value):
        if name in self.networks or name in self.to or \
                name in self.services or len(name) > 255:
            raise Strange("twice: %s" % name)
        table[name] = value

    def network(self, _, name, pairs):
        digit = "6" if "subnet6" in pairs else "4"
        subnet = pairs.pop("subnet" + digit)
        length = pairs.pop("mask-length" + digit)
        if pairs != {"ignore-warnings": "true"}:
            raise Strange("a network with %s" % pairs)
        if subnet not in PLACEHOLDERS:
            subnet = network(subnet + "/" + length)
        if family(subnet) != (digit == "6"):
            raise Strange("the other family: %s" % subnet)
        self.add(self.networks, name, subnet)

    def domain(self, _, name, pairs):
        below = pairs.pop("is-sub-domain")
        if pairs or below not in ("true", "false") or \
                not re.fullmatch(r"\.[a-z0-9][a-z0-9.-]*", name):
            raise Strange("domain %s %s" % (name, pairs))
        self.add(self.to, name, (None, (
            "around" if below == "true" else "name", name[1:])))

    def host(self, _, name, pairs):
        digit = "6" if "ipv6-address" in pairs else "4"
        address = pairs.pop("ipv%s-address" % digit)
        if pairs != {"ignore-warnings": "true"} or \
                family(network(address)) != (digit == "6"):
            raise Strange("host %s %s" % (name, pairs))
        self.add(self.to, name, (family(address), ("address", address)))

    def service(self, kind, name, pairs):
        port = pairs.pop("port")
        if pairs:
            raise Strange("service %s" % pairs)
        self.add(self.services, name, (None, kind[-3:], ports_of([port])))

    def ping(self, kind, name, pairs):
        v6 = kind.endswith("6")
        if pairs != {"icmp-type": "128" if v6 else "8", "icmp-code": "0"}:
            raise Strange("ping %s" % pairs)
        self.add(self.services, name, (int(v6), "icmp", ()))

    def listed(self, pairs, what, table):
        found, i = [], 1
        while "%s.%d" % (what, i) in pairs:
            name = pairs.pop("%s.%d" % (what, i))
            self.used.add(name)
            found.append(table[name])
            i += 1
        if not found:
            raise Strange("a rule without %s" % what)
        return found

    def rule(self, _, name, pairs):
        if not NAME.fullmatch(name) or name in self.rules:
            raise Strange("rule %s" % name)
        self.rules.add(name)
        sources = self.listed(pairs, "source", self.networks)
        found = self.listed(pairs, "destination", self.to)
        services = self.listed(pairs, "service", self.services)
        comment = pairs.pop("comments")
        if pairs != {"layer": "<POLICY-LAYER>", "position": "top",
                     "action": "Accept", "track.type": "Log"} or \
                not re.fullmatch(r"[A-Za-z0-9_. -]+", comment):
            raise Strange("a rule with %s" % pairs)
        for s in sources:
            some = [(of, to) for of, to in found
                    if of in (None, family(s))]
            for of, to in some:
                for only, protocol, ports in services:
                    if only in (None, family(s)):
                        self.permits.append(Permit(
                            self.comments.rule, self.comments.part, to,
                            protocol, ports, s))
            if not some:
                raise Strange("nothing of the family of %s" % s)


def parse(text):
    comments = Comments()
    box = Box(comments)
    try:
        for line in lines_of(text, "# ", comments):
            box.line(line)
    except (KeyError, ValueError) as error:
        raise Strange("%s: %r" % (line, error)) from None
    unused = {*box.networks, *box.to, *box.services} - {"Any"} - box.used
    if unused:
        raise Strange("not used: %s" % unused)
    return comments.parsed(box.permits)


def fate(row):
    """Domains with and without what is below them."""
    return "wider" if is_name(row) else "exact"


PARSERS = {"checkpoint": Platform(parse, fate, re.compile("^#"))}
