# SPDX-License-Identifier: MIT
"""Reads set commands of Junos on SRX."""
import ipaddress
import re

from dialect_rows import (Comments, Permit, Platform, Strange, by_lookup,
                          family, lines_of, network, ports_of, PLACEHOLDERS)

PARTS = {"INTERNET-ZONE": "internet", "LOCAL-ZONE": "lan"}
NAME = "([A-Za-z0-9][A-Za-z0-9_-]{0,62})"
ADDRESS = re.compile(f"set security address-book global address {NAME} "
                     r"(?:dns-name (\S+) (ipv4|ipv6)-only|(\S+))")
TERM = re.compile(f"set applications application {NAME} term (t[0-9]+) "
                  r"protocol (?:(tcp|udp) destination-port ([0-9-]+)|"
                  r"(icmp icmp-type 8|58 icmp6-type 128))")
POLICY = re.compile("set security policies from-zone DEVICES-ZONE to-zone "
                    f"([A-Z-]+) policy {NAME} (.+)")
PROMISES = ("then permit", "then log session-init session-close")


class Policy:
    def __init__(self, rule, part):
        self.rule, self.part = rule, part
        self.source, self.to, self.application = [], [], []
        self.said = set()

    def take(self, words):
        lists = {"source-address": self.source,
                 "destination-address": self.to,
                 "application": self.application}
        match = re.fullmatch(r"match (\S+) (\S+)", words)
        if match and match[1] in lists:
            lists[match[1]].append(match[2])
        elif words in PROMISES or \
                re.fullmatch(r'description "[A-Za-z0-9_. -]+"', words):
            self.said.add(words)
        else:
            raise Strange(words)


class Box:
    def __init__(self, comments):
        self.comments = comments
        self.addresses = {"any-ipv4": (("any",), 0),
                          "any-ipv6": (("any",), 1)}
        self.terms, self.policies, self.used = {}, {}, set()

    def line(self, line):
        if match := ADDRESS.fullmatch(line):
            self.address(match)
        elif match := TERM.fullmatch(line):
            terms = self.terms.setdefault(match[1], {})
            if match[2] in terms:
                raise Strange(line)
            terms[match[2]] = (match[5] and match[5].split()[0]) or \
                (match[3], ports_of([match[4]]))
        elif (match := POLICY.fullmatch(line)) and match[1] in PARTS:
            key = (match[1], match[2])
            policy = self.policies.setdefault(
                key, Policy(self.comments.rule, PARTS[match[1]]))
            if policy.rule != self.comments.rule:
                raise Strange("two rows have one policy: %s" % line)
            policy.take(match[3])
        else:
            raise Strange(line)

    def address(self, match):
        name, domain, only, prefix = match.groups()
        if name in self.addresses:
            raise Strange("twice: %s" % name)
        if domain is not None:
            if not re.fullmatch("[a-z0-9.-]+", domain):
                raise Strange("no name: %s" % domain)
            self.addresses[name] = (("name", domain), int(only == "ipv6"))
        elif prefix in PLACEHOLDERS or "/" in prefix:
            self.addresses[name] = (("network", network(prefix)),
                                    family(prefix))
        else:
            raise Strange("no prefix: %s" % prefix)

    def look_up(self, names):
        self.used |= set(names)
        return [self.addresses[n] for n in names]

    def services(self, names, of):
        (name,) = names
        self.used.add(name)
        for term in self.terms[name].values():
            if isinstance(term, str):
                if term != ("icmp", "58")[of]:
                    raise Strange("a ping of the other family")
                yield "icmp", ()
            else:
                yield term

    def permits(self):
        for (_, name), policy in self.policies.items():
            if not set(PROMISES) <= policy.said or not policy.source or \
                    not policy.to or len(policy.said) != 3:
                raise Strange("policy %s is not whole" % name)
            for source, of in self.look_up(policy.source):
                for to, other in self.look_up(policy.to):
                    if source[0] != "network" or other != of:
                        raise Strange("policy %s mixes" % name)
                    if to[0] == "network":
                        to = ("address", one_host(to[1]))
                    for protocol, ports in self.services(
                            policy.application, of):
                        yield Permit(policy.rule, policy.part, to, protocol,
                                     ports, source[1])


def one_host(text):
    net = ipaddress.ip_network(text)
    if net.num_addresses != 1:
        raise Strange("not one address: %s" % text)
    return str(net.network_address)


def parse(text):
    comments = Comments()
    box = Box(comments)
    try:
        for line in lines_of(text, "# ", comments):
            box.line(line)
        permits = list(box.permits())
    except (KeyError, ValueError) as error:
        raise Strange(repr(error)) from None
    unused = set(box.addresses) - {"any-ipv4", "any-ipv6"} | set(box.terms)
    if not unused <= box.used:
        raise Strange("not used: %s" % (unused - box.used))
    return comments.parsed(permits)


PARSERS = {"srx": Platform(parse, by_lookup, re.compile("^#"))}
