# SPDX-License-Identifier: MIT
"""Reads the request to the XML API of Sophos Firewall; every element must be
one that is known, where it is due."""
import re
import xml.etree.ElementTree as xml

from dialect_rows import (HOST_NAME, PLACEHOLDERS, Parsed, Permit, Platform,
                          Strange, is_name, network, ports_of)
from dialect_words import (Remarks, around, is_named, need, need_label,
                           try_tool)

FAMILIES = ["IPv4", "IPv6"]
PINGS = ["PING", "PING6"]
FIXED = {"Status": "Enable", "Position": "Bottom", "PolicyType": "Network"}
FIXED_POLICY = {"Action": "Accept", "LogTraffic": "Enable",
                "SkipLocalDestined": "Disable", "Schedule": "All The Time"}


def members(element, *names):
    """The texts of the children, which are just these."""
    need([c.tag for c in element] == list(names) and not element.attrib,
         "other elements:", element.tag, [c.tag for c in element])
    return [c.text or "" for c in element]


def listed(element, name):
    """The texts of one list."""
    need(len(element) > 0, "an empty list:", element.tag)
    return members(element, *[name] * len(element))


class Reader:
    def __init__(self):
        self.remarks, self.permits = Remarks(), []
        self.hosts, self.services, self.used = {}, {}, set()
        self.rules = set()

    def use(self, table, name):
        need(name in table, "not defined:", name)
        self.used.add(name)
        return table[name]

    def define(self, table, name, value):
        need(name not in table and re.fullmatch(r"[\w-]{1,50}", name),
             "defined twice:", name)
        table[name] = value

    def iphost(self, e):
        name, version, kind, address, *mask = members(
            e, "Name", "IPFamily", "HostType", "IPAddress",
            *["Subnet"] * (len(e) - 4))
        f = FAMILIES.index(version)
        if kind == "IP":
            need(mask == [] and (":" in address) == f, "no address:", address)
            self.define(self.hosts, name, ("address", address))
            need(is_named(name, self.remarks.rule, name.split("__")[-1]),
                 "another name:", name)
            return
        need(kind == "Network" and len(mask) == 1, "no network:", name)
        net = address if address == PLACEHOLDERS[f] and \
            mask == [address] else network("%s/%s" % (address, mask[0]))
        self.define(self.hosts, name, ("source", f, net))

    def fqdnhost(self, e):
        name, fqdn = members(e, "Name", "FQDN")
        need(HOST_NAME.match(fqdn.removeprefix("*.")), "no name:", fqdn)
        self.define(self.hosts, name, ("fqdn", fqdn))

    def service(self, e):
        name, kind, _ = members(e, "Name", "Type", "ServiceDetails")
        need(kind == "TCPorUDP" and len(e[2]) > 0, "no service:", name)
        ports, protocols = [], set()
        for detail in e[2]:
            need(detail.tag == "ServiceDetail", "no detail:", detail.tag)
            source, port, protocol = members(
                detail, "SourcePort", "DestinationPort", "Protocol")
            need(source == "1:65535" and protocol in ("TCP", "UDP"),
                 "another detail:", source, protocol)
            ports += ports_of([port.replace(":", "-")])
            protocols.add(protocol.lower())
        need(len(protocols) == 1, "both protocols:", name)
        self.define(self.services, name, (protocols.pop(), tuple(ports)))

    def rule(self, e):
        policy = e.find("NetworkPolicy")
        name, label, version, *fixed, _ = members(
            e, "Name", "Description", "IPFamily", *FIXED, "NetworkPolicy")
        need(fixed == list(FIXED.values()), "another rule:", name)
        f = FAMILIES.index(version)
        need(is_named(name, self.remarks.rule, version[-1]) and
             name not in self.rules, "another name:", name)
        self.rules.add(name)
        need_label(label, self.remarks.rule)
        has_to = policy.find("DestinationNetworks") is not None
        members(policy, "Action", "LogTraffic", "SkipLocalDestined",
                "SourceZones", "DestinationZones", "Schedule",
                "SourceNetworks", *["DestinationNetworks"] * has_to,
                "Services")
        for tag, text in FIXED_POLICY.items():
            need(policy.find(tag).text == text, "another", tag)
        lan = self.remarks.part == "lan"
        need(listed(policy.find("SourceZones"), "Zone") == ["LAN"] and
             listed(policy.find("DestinationZones"), "Zone") ==
             ["LAN" if lan else "WAN"], "another zone:", name)
        self.permit(policy, f, has_to)

    def permit(self, policy, f, has_to):
        sources = [self.use(self.hosts, n) for n in
                   listed(policy.find("SourceNetworks"), "Network")]
        need(all(s[:2] == ("source", f) for s in sources), "another source")
        to = [("any",)]
        if has_to:
            found = [self.use(self.hosts, n) for n in listed(
                policy.find("DestinationNetworks"), "Network")]
            need(all(t[0] != "source" for t in found), "to the devices")
            need(all(t[0] == "fqdn" or (":" in t[1]) == f for t in found),
                 "to the other family")
            to = [t for t in found if t[0] == "address"] + \
                around([t[1] for t in found if t[0] == "fqdn"])
        (service,) = listed(policy.find("Services"), "Service")
        if service in PINGS:
            need(service == PINGS[f], "the other ping")
            protocol, ports = "icmp", ()
        else:
            protocol, ports = self.use(self.services, service)
        self.permits += [
            Permit(self.remarks.rule, self.remarks.part, t, protocol, ports,
                   source[2]) for t in to for source in sources]

    def read(self, text):
        try:
            root = xml.fromstring(text, parser=xml.XMLParser(
                target=xml.TreeBuilder(insert_comments=True)))
        except xml.ParseError as error:
            raise Strange(str(error)) from error
        need(root.tag == "Request" and len(root) == 1 and
             root[0].tag == "Set" and
             root[0].attrib == {"operation": "add"}, "another request")
        known = {"IPHost": self.iphost, "FQDNHost": self.fqdnhost,
                 "Services": self.service, "FirewallRule": self.rule}
        for e in root[0]:
            if e.tag is xml.Comment:
                self.remarks.take(re.sub(r"\n *", " ", e.text[1:-1]))
                continue
            self.remarks.take(None)
            need(e.tag in known, "another element:", e.tag)
            known[e.tag](e)
        self.remarks.take(None)
        unused = set(self.hosts) | set(self.services)
        need(unused == self.used, "not used:", unused - self.used)
        return Parsed(self.permits, self.remarks.fates)


def parse(text):
    try:
        return Reader().read(text)
    except (ValueError, AttributeError, IndexError) as error:
        raise Strange(repr(error)) from error


def check(text):
    return try_tool(["xmllint", "--noout", "--nonet", "-"], text)


def fate(row):
    return "wider" if is_name(row) else "exact"


PARSERS = {"sophos": Platform(
    parse, fate, re.compile(r"^(<!--|     )"), check=check)}
