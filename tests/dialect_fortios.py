# SPDX-License-Identifier: MIT
"""Reads commands of FortiOS: config, edit, set, next, end, as the maker's
command reference gives them."""
import ipaddress
import re

from dialect_rows import (Comments, Permit, Platform, Strange, is_name,
                          lines_of, network, ports_of, PLACEHOLDERS)

NAME = r'"([A-Za-z0-9_-]+)"'
NAME_MAX, POLICY_NAME_MAX = 63, 35
INTERFACES = {"<INTERNET-INTERFACE>": "internet", "<LOCAL-INTERFACE>": "lan"}
# What each table takes, and what its values look like.
SETTINGS = {
    "firewall address": {"type": "fqdn", "subnet": ".+",
                         "fqdn": r'"([a-z0-9*.-]+)"', "comment": '"[^"]*"'},
    "firewall address6": {"type": "fqdn", "ip6": ".+",
                          "fqdn": r'"([a-z0-9*.-]+)"', "comment": '"[^"]*"'},
    "firewall service custom": {
        "protocol": "TCP/UDP/SCTP|ICMP|ICMP6", "tcp-portrange": "[0-9 -]+",
        "udp-portrange": "[0-9 -]+", "icmptype": r"\d+",
        "comment": '"[^"]*"'},
    "firewall policy": {
        "name": NAME, "srcintf": '"<DEVICES-INTERFACE>"',
        "dstintf": '"(<[A-Z]+-INTERFACE>)"',
        "srcaddr": f"{NAME}( {NAME})*", "dstaddr": f"{NAME}( {NAME})*",
        "srcaddr6": f"{NAME}( {NAME})*", "dstaddr6": f"{NAME}( {NAME})*",
        "action": "accept", "schedule": '"always"', "service": NAME,
        "logtraffic": "all", "nat": "enable", "comments": '"[^"]*"'},
}


class Box:
    """What the firewall knows after each command."""

    def __init__(self, comments):
        self.comments, self.permits = comments, []
        self.objects = {"firewall address": {"all": ("any",)},
                        "firewall address6": {"all": ("any",)},
                        "firewall service custom": {}}
        self.policies, self.used = set(), set()
        self.table = self.name = None
        self.entry = {}

    def line(self, line):
        words = line.split(None, 2)
        if words[0] == "config" and self.table is None:
            self.table = line.removeprefix("config ")
            if self.table not in SETTINGS:
                raise Strange(line)
        elif words[0] == "edit" and self.table and self.name is None and \
                len(words) == 2:
            self.name, self.entry = words[1], {}
        elif words[0] == "set" and self.name is not None and \
                len(words) == 3:
            pattern = SETTINGS[self.table].get(words[1])
            if pattern is None or words[1] in self.entry or \
                    not re.fullmatch(pattern, words[2]):
                raise Strange(line)
            self.entry[words[1]] = words[2]
        elif line.strip() == "next" and self.name is not None:
            self.finish()
            self.name = None
        elif line == "end" and self.table and self.name is None:
            self.table = None
        else:
            raise Strange(line)

    def finish(self):
        if self.table == "firewall policy":
            if self.name != "0":
                raise Strange("this would change policy %s" % self.name)
            self.policy(self.entry)
            return
        name = re.fullmatch(NAME, self.name)
        table = self.objects[self.table]
        if name is None or len(name[1]) > NAME_MAX or \
                name[1] in table:
            raise Strange("edit %s" % self.name)
        make = self.service if "service" in self.table else self.address
        table[name[1]] = make(dict(self.entry))

    def address(self, entry):
        entry.pop("comment", None)
        if entry.pop("type", None) == "fqdn":
            fqdn = entry.pop("fqdn").strip('"')
            if entry or "*" in fqdn.removeprefix("*."):
                raise Strange("an address with %s" % entry)
            return ("below", fqdn[2:]) if fqdn.startswith("*.") else \
                ("name", fqdn)
        text = entry.pop("subnet", None) or entry.pop("ip6", None)
        if text is None or entry:
            raise Strange("an address with %s" % entry)
        if text in PLACEHOLDERS:
            return ("network", text)
        return ("network", network(text.replace(" ", "/")))

    def service(self, entry):
        entry.pop("comment", None)
        protocol = entry.pop("protocol", None)
        if protocol in ("ICMP", "ICMP6"):
            if entry != {"icmptype": "8" if protocol == "ICMP" else "128"}:
                raise Strange("a ping with %s" % entry)
            return protocol, ()
        (what, ports), = entry.items()
        if protocol != "TCP/UDP/SCTP":
            raise Strange("a service of protocol %s" % protocol)
        return what[:3], ports_of(ports.split())

    def look_up(self, table, text):
        names = re.findall(NAME, text)
        for name in names:
            self.used.add((table, name))
        try:
            return [self.objects[table][name] for name in names]
        except KeyError as missing:
            raise Strange("no such object: %s" % missing) from None

    def policy(self, entry):
        v6 = "6" if "srcaddr6" in entry else ""
        name = re.fullmatch(NAME, entry.get("name", ""))
        if name is None or len(name[1]) > POLICY_NAME_MAX or name[1] in self.policies:
            raise Strange("policy %s" % entry.get("name"))
        self.policies.add(name[1])
        due = {"name", "srcintf", "dstintf", "srcaddr" + v6, "dstaddr" + v6,
               "action", "schedule", "service", "logtraffic", "comments"}
        part = INTERFACES[entry["dstintf"].strip('"')]
        if not v6 and part == "internet":
            due.add("nat")
        if set(entry) != due:
            raise Strange("a policy of %s" % sorted(entry))
        (protocol, ports), = self.look_up("firewall service custom",
                                          entry["service"])
        if protocol in ("ICMP", "ICMP6"):
            if protocol != "ICMP" + v6:
                raise Strange("a ping of the other family")
            protocol = "icmp"
        table = "firewall address" + v6
        for source in self.look_up(table, entry["srcaddr" + v6]):
            if source[0] != "network":
                raise Strange("from anywhere")
            for to in self.destinations(table, entry["dstaddr" + v6]):
                self.permits.append(Permit(self.comments.rule, part, to,
                                           protocol, ports, source[1]))

    def destinations(self, table, text):
        found = self.look_up(table, text)
        for to in found:
            if to[0] == "below" and ("name", to[1]) in found:
                return [("around", to[1])]
        return [("address", str(host(to[1]))) if to[0] == "network" else to
                for to in found]


def host(text):
    net = ipaddress.ip_network(text)
    if net.num_addresses != 1:
        raise Strange("not one address: %s" % text)
    return net.network_address


def parse(text):
    comments = Comments()
    box = Box(comments)
    for line in lines_of(text, "# ", comments):
        box.line(line)
    if box.table is not None:
        raise Strange("no end")
    unused = {(t, n) for t, names in box.objects.items() for n in names
              if n != "all"} - box.used
    if unused:
        raise Strange("not used: %s" % sorted(unused))
    return comments.parsed(box.permits)


def fate(row):
    """Names and wildcards, both by the addresses that are found."""
    return "wider" if is_name(row) else "exact"


PARSERS = {"fortios": Platform(parse, fate, re.compile(
    r'^ +set comment "|^#'))}
