# SPDX-License-Identifier: MIT
"""Reads set commands of PAN-OS."""
import ipaddress
import re

from dialect_rows import (Comments, Permit, Platform, Strange, family,
                          is_name, is_web, is_wildcard, lines_of, network,
                          ports_of)

PARTS = {"INTERNET-ZONE": "internet", "LOCAL-ZONE": "lan"}
NAME = "([A-Za-z0-9][A-Za-z0-9_-]{0,62})"
SHORT_NAME = "([A-Za-z0-9][A-Za-z0-9_-]{0,30})"
LIST = r"(\[(?: [^\]\s]+)+ \]|[^\[\]\s]+)"
ADDRESS = re.compile(f"set address {NAME} (fqdn|ip-netmask) (\\S+)")
SERVICE = re.compile(f"set service {NAME} protocol (tcp|udp) "
                     r"port ([0-9,-]+)")
TYPE = re.compile(f"set profiles custom-url-category {SHORT_NAME} "
                  'type "URL List"')
URLS = re.compile(f"set profiles custom-url-category {SHORT_NAME} "
                  f"list {LIST}")
RULE = re.compile(
    f"set rulebase security rules {NAME} from DEVICES-ZONE to ([A-Z-]+) "
    f"source {LIST} destination {LIST} application {LIST} service (\\S+)"
    f"( category {SHORT_NAME})? action allow log-end yes "
    r'description "[A-Za-z0-9_. -]+"')


def items(text):
    return text.strip("[] ").split()


def of_urls(urls):
    """A category as a destination."""
    if not all(u.endswith("/") for u in urls):
        raise Strange("an address of the web without its end: %s" % urls)
    names = [u[:-1] for u in urls]
    base = names[0].removeprefix("*.")
    if not re.fullmatch("[a-z0-9.-]+", base) or \
            names not in (["*." + base], ["*." + base, base]):
        raise Strange("a category of %s" % urls)
    return ("below" if len(names) == 1 else "around", base)


class Box:
    def __init__(self, comments):
        self.comments = comments
        self.addresses, self.services, self.permits = {}, {}, []
        self.types, self.urls, self.rules = set(), {}, set()
        self.used = set()

    def add(self, table, name, value, line):
        if name in table:
            raise Strange("twice: %s" % line)
        table[name] = value

    def line(self, line):
        if match := ADDRESS.fullmatch(line):
            name, kind, value = match.groups()
            if kind == "fqdn" and not re.fullmatch("[a-z0-9.-]+", value):
                raise Strange(line)
            self.add(self.addresses, name, (kind, value), line)
        elif match := SERVICE.fullmatch(line):
            self.add(self.services, match[1],
                     (match[2], ports_of(match[3].split(","))), line)
        elif match := TYPE.fullmatch(line):
            self.types.add(match[1])
        elif match := URLS.fullmatch(line):
            self.add(self.urls, match[1], of_urls(items(match[2])), line)
        elif (match := RULE.fullmatch(line)) and match[2] in PARTS and \
                match[1] not in self.rules:
            self.rules.add(match[1])
            self.rule(*match.groups()[1:6], match[8])
        else:
            raise Strange(line)

    def flows(self, applications, service):
        """(protocol, ports, families)"""
        if service == "application-default":
            if items(applications) != ["ping", "ping6"]:
                raise Strange("application %s" % applications)
            return "icmp", ()
        if applications != "any":
            raise Strange("application %s" % applications)
        self.used.add(("service", service))
        return self.services[service]

    def rule(self, zone, source, destination, applications, service,
             category):
        protocol, ports = self.flows(applications, service)
        sources = [network(self.address(n, "ip-netmask"))
                   for n in items(source)]
        found = []
        for name in items(destination):
            if name == "any" and category is not None:
                if protocol != "tcp" or not set(ports) <= {(80, 80),
                                                           (443, 443)}:
                    raise Strange("a category sees no such flow")
                if category not in self.types:
                    raise Strange("a category of no type: %s" % category)
                self.used.add(("category", category))
                found.append((None, self.urls[category]))
            elif name == "any":
                found.append((None, ("any",)))
            elif self.addresses[name][0] == "fqdn":
                found.append((None, ("name", self.address(name, "fqdn"))))
            else:
                net = ipaddress.ip_network(self.address(name, "ip-netmask"))
                if net.num_addresses != 1:
                    raise Strange("not one address: %s" % net)
                found.append((int(net.version == 6),
                              ("address", str(net.network_address))))
        families = {f for f, _ in found}
        for s in sources:
            if None not in families and family(s) not in families:
                raise Strange("nothing of the family of %s" % s)
            for of, to in found:
                if of in (None, family(s)):
                    self.permits.append(Permit(
                        self.comments.rule, PARTS[zone], to, protocol,
                        ports, s))

    def address(self, name, kind):
        self.used.add(("address", name))
        if self.addresses[name][0] != kind:
            raise Strange("%s is no %s" % (name, kind))
        return self.addresses[name][1]


def parse(text):
    comments = Comments()
    box = Box(comments)
    try:
        for line in lines_of(text, "# ", comments):
            box.line(line)
    except (KeyError, ValueError) as error:
        raise Strange("%s: %r" % (line, error)) from None
    made = {("address", n) for n in box.addresses} | \
        {("service", n) for n in box.services} | \
        {("category", n) for n in (*box.urls, *box.types)}
    if made != box.used:
        raise Strange("not used: %s" % (made ^ box.used))
    return comments.parsed(box.permits)


def fate(row):
    if is_wildcard(row) and not is_web(row):
        return "not here"
    return "wider" if is_name(row) else "exact"


PARSERS = {"panos": Platform(parse, fate, re.compile("^#"))}
