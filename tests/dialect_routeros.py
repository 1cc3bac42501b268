# SPDX-License-Identifier: MIT
"""Reads the script for RouterOS: lists of addresses by name, static entries
of the DNS server that fill such lists, and rules of the filter."""
import re

from dialect_rows import (HOST_NAME, Comments, Parsed, Permit, Platform,
                          family, is_name, lines_of, ports_of)
from dialect_words import COMMENT, is_named, need

LIST = re.compile(r'/(ip|ipv6)/firewall/address-list/add list=(\S+) '
                  r'address=(\S+) comment="sitewalk"')
FORWARD = re.compile(
    r'/ip/dns/static/add type=FWD name=(\S+) match-subdomain=yes '
    r'forward-to=<upstream> address-list=(\S+) comment="sitewalk"')
RULE = re.compile(
    r'/(ip|ipv6)/firewall/filter/add chain=sitewalk-(internet|lan) '
    r'action=accept src-address-list=sitewalk-devices'
    r'(?: dst-address-list=(\S+)| dst-address=(\S+))? '
    r'(?:protocol=(tcp|udp)(?: dst-port=([\d,-]+))?'
    r'|(protocol=icmp icmp-options=8:0)'
    r'|(protocol=icmpv6 icmp-options=128:0)) comment="sitewalk (\S+)"')
FAMILIES = ["ip", "ipv6"]


class Script:
    def __init__(self):
        self.comments, self.permits = Comments(), []
        self.sources = ([], [])
        self.names, self.wild, self.used = {}, {}, set()
        self.inner = {}         # (rule, family): lists of its wildcards

    def add_list(self, root, name, address):
        f = FAMILIES.index(root)
        if name == "sitewalk-devices":
            need(family(address) == f, "of the other family:", address)
            self.sources[f].append(address)
            return
        need(HOST_NAME.match(address), "no name:", address)
        need((f, name) not in self.names and name not in self.wild,
             "a list twice:", name)
        self.names[f, name] = address

    def add_forward(self, domain, name):
        need(HOST_NAME.match(domain), "no name:", domain)
        need(not any(domain.endswith("." + d) for d in self.wild.values()),
             "behind a wider one:", domain)
        need(name not in self.wild and domain not in self.wild.values(),
             "a wildcard twice:", domain)
        self.wild[name] = domain

    def destination(self, f, name, address):
        if address:
            need(family(address) == f, "to the other family:", address)
            return ("address", address)
        if not name:
            return ("any",)
        self.used.add(name)
        if name in self.wild:
            return ("around", self.wild[name])
        need((f, name) in self.names, "a list of nothing:", name)
        return ("name", self.names[f, name])

    def add_rule(self, m):
        root, part, name, address, protocol, ports, ping, ping6, mark = \
            m.groups()
        f, rule = FAMILIES.index(root), self.comments.rule
        need(part == self.comments.part, "in another chain:", mark)
        need(is_named(mark, rule), "another name:", mark)
        need(bool(ping) <= 1 - f and bool(ping6) <= f, "the other ping")
        to = self.destination(f, name, address)
        if to[0] == "around":
            inner = self.inner.setdefault((rule, f, part), [])
            inner.append((to[1], protocol, ports))
            # The first is its own, the others lie in it.
            if len(inner) > 1:
                need(inner[0][1:] == inner[-1][1:], "other ports:", mark)
                return
        self.permits += [
            Permit(rule, part, to, protocol or "icmp",
                   ports_of(ports.split(",") if ports else []), source)
            for source in self.sources[f]]

    def end(self):
        lists = {n for _, n in self.names} | set(self.wild)
        need(lists == self.used, "lists without a rule:", lists ^ self.used)
        for (rule, *_), inner in self.inner.items():
            domains = [i[0] for i in inner]
            due = {d for d in self.wild.values()
                   if d.endswith("." + domains[0])}
            need(sorted(domains[1:]) == sorted(due), "other lists:", rule,
                 domains, due)
        return Parsed(self.permits, self.comments.fates)


def parse(text):
    script = Script()
    for line in lines_of(text, "# ", script.comments):
        if m := LIST.fullmatch(line):
            script.add_list(*m.groups())
        elif m := FORWARD.fullmatch(line):
            script.add_forward(*m.groups())
        else:
            m = RULE.fullmatch(line)
            need(m, "a strange line:", line)
            script.add_rule(m)
    return script.end()


def fate(row):
    return "wider" if is_name(row) else "exact"


PARSERS = {"routeros": Platform(parse, fate, COMMENT)}
