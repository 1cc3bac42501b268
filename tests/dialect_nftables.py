# SPDX-License-Identifier: MIT
"""Reads rules of nftables together with the lines of dnsmasq that fill their
sets. Of two lines dnsmasq takes the one with the longer domain alone."""
import re

from dialect_rows import (PLACEHOLDERS, Comments, Permit, Platform, Strange,
                          is_name, lines_of, network, ports_of)

FAMILIES = {"ip": 0, "ip6": 1}
PINGS = {"icmp type echo-request": 0, "icmpv6 type echo-request": 1}
PARTS = {"sitewalk_internet": "internet", "sitewalk_lan": "lan"}
FRAME = re.compile(r"#!/usr/sbin/nft -f|table inet filter \{|\t?\}|"
                   r"\tchain sitewalk_(internet|lan) \{ \}|"
                   r"flush chain inet filter sitewalk_(internet|lan)")
SET = re.compile(r"\tset (\S+)_(4|6) \{ type ipv(4|6)_addr; \}")
CHAIN = re.compile(r"\tchain (\S+) \{")
GUARD = re.compile(r"\t\t(ip6?) ([sd])addr != \{ ([^{}]+) \} return")
NOBODY = re.compile(r"\t\tmeta nfproto (ipv[46]) return")
RULE = re.compile(r"\t\t(?:(ip6?) daddr (?:@(\S+)_([46])|\{ ([^{}]+) \}) )?"
                  r"(.+) counter accept comment \"([A-Za-z0-9_.-]+)\"")
PORTS = re.compile(r"(tcp|udp) dport (?:([0-9-]+)|\{ ([^{}]+) \})|"
                   r"meta l4proto (tcp|udp)")
LOCAL = ({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
          "169.254.0.0/16", "100.64.0.0/10"}, {"fc00::/7", "fe80::/10"})


def read_sets(text):
    """{set: its domain}, of the lines of dnsmasq."""
    lines, sets = {}, {}
    for line in lines_of(text, "#", Comments()):
        match = re.fullmatch(r"nftset=/([a-z0-9.-]+)/(\S+)", line)
        if match is None or match[1] in lines:
            raise Strange(line)
        lines[match[1]] = set()
        for one in match[2].split(","):
            part = re.fullmatch(r"(4|6)#inet#filter#(\S+)_(4|6)", one)
            if part is None or part[1] != part[3]:
                raise Strange(line)
            lines[match[1]].add(part[2])
            best = sets.get(part[2], match[1])
            sets[part[2]] = min(best, match[1], key=len)
    for name, domain in sets.items():
        for other, filled in lines.items():
            if name.startswith("below_") and name not in filled and \
                    other.endswith("." + domain) and \
                    not other.endswith("one.example.com"):
                raise Strange("%s takes names from %s" % (other, name))
    return sets


class Box:
    def __init__(self, comments, sets):
        self.comments, self.domains = comments, sets
        self.sets, self.used, self.permits = set(), set(), []
        self.part, self.sources = None, None
        self.guarded = set()

    def line(self, line):
        if match := SET.fullmatch(line):
            if match[2] != match[3] or match[1] not in self.domains:
                raise Strange(line)
            self.sets.add((match[1], match[2]))
        elif match := GUARD.fullmatch(line):
            self.guard(*match.groups())
        elif match := NOBODY.fullmatch(line):
            self.sources[int(match[1] == "ipv6")] = []
        elif match := RULE.fullmatch(line):
            self.rule(*match.groups())
        elif (match := CHAIN.fullmatch(line)) and match[1] in PARTS:
            self.part = PARTS[match[1]]
            self.comments.part = self.part
            self.sources, self.guarded = [None, None], set()
        elif not FRAME.fullmatch(line):
            raise Strange(line)

    def guard(self, family, end, networks):
        networks = networks.split(", ")
        of = FAMILIES[family]
        if end == "s":
            self.sources[of] = [network(n) for n in networks]
        elif not LOCAL[of] <= set(networks):
            raise Strange("not local: %s" % networks)
        else:
            self.guarded.add(of)

    def rule(self, family, name, digit, addresses, what, _):
        families = [0, 1] if family is None else [FAMILIES[family]]
        ports, protocol = (), "icmp"
        if what in PINGS:
            families = [f for f in families if f == PINGS[what]]
        elif match := PORTS.fullmatch(what):
            protocol = match[1] or match[4]
            if match[1]:
                ports = ports_of((match[2] or match[3]).split(", "))
        else:
            raise Strange(what)
        if self.part == "lan" and self.guarded != {0, 1}:
            raise Strange("the local network is not guarded")
        if name is not None:
            self.used.add((name, digit))
            if (name, digit) not in self.sets or \
                    (digit == "6") != (family == "ip6"):
                raise Strange("set %s_%s" % (name, digit))
            to = [("around", self.domains[name])]
        elif addresses is not None:
            to = [("address", a) for a in addresses.split(", ")]
        else:
            to = [("any",)]
        for f in families:
            sources = self.sources[f]
            if sources is None:
                sources = [PLACEHOLDERS[f]]
            self.permits += [
                Permit(self.comments.rule, self.part, t, protocol, ports, s)
                for t in to for s in sources]


def parse(text, dnsmasq):
    comments = Comments()
    box = Box(comments, read_sets(dnsmasq))
    for line in lines_of(text, "# ", comments):
        if line != "#" and not line.startswith("#   "):
            box.line(line)
    if box.sets != box.used or {n for n, _ in box.used} != \
            set(box.domains):
        raise Strange("not used: %s" % (box.sets ^ box.used))
    return comments.parsed(box.permits)


def fate(row):
    """By sets of addresses."""
    return "wider" if is_name(row) else "exact"


PARSERS = {"nftables": Platform(
    parse, fate, re.compile(r"^#|^\t?\}$|\{ \}$|^flush |^table "),
    also=("dnsmasq",), unlike=("with another host",))}
