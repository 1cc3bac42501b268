# SPDX-License-Identifier: MIT
"""Reads the policy of Aerleon: networks, services, and filters."""
import re

import yaml

from dialect_rows import (HOST_NAME, Comments, Parsed, Permit, Platform,
                          Strange, by_lookup, family, lines_of, ports_of)
from dialect_words import COMMENT, is_named, need, need_keys, need_label

TERM = re.compile(r"      - name: (\S+)")
ZONES = {"internet": "from-zone trust to-zone untrust",
         "lan": "from-zone trust to-zone trust"}
DEVICES = "SITEWALK_DEVICES"


class Loader(yaml.SafeLoader):
    """Takes no member twice, which YAML forbids and its reader lets pass."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(k) for k, _ in node.value]
        need(len(keys) == len(set(keys)), "a member twice")
        return super().construct_mapping(node, deep)


class Policy:
    def __init__(self, document, places):
        self.networks = document["networks"]
        self.services = document.get("services", {})
        self.places, self.used = places, {DEVICES}
        self.sources = self.values(DEVICES, "address")
        self.permits, self.names = [], []

    def values(self, name, kind):
        need_keys(self.networks[name], "values")
        for v in self.networks[name]["values"]:
            need_keys(v, kind)
        self.used.add(name)
        found = [v[kind] for v in self.networks[name]["values"]]
        need(found, "an empty network:", name)
        return found

    def destinations(self, term):
        if "destination-fqdn" in term:
            names = self.values(term["destination-fqdn"], "fqdn")
            need(all(map(HOST_NAME.match, names)), "no names:", names)
            return [("name", n) for n in names]
        if "destination-address" in term:
            return [("address", a) for a in
                    self.values(term["destination-address"], "address")]
        return [("any",)]

    def ports(self, term):
        if "destination-port" not in term:
            return ()
        service = self.services[term["destination-port"]]
        for s in service:
            need_keys(s, "protocol", "port")
            need(s["protocol"] == term["protocol"], "another protocol:", s)
        self.used.add(term["destination-port"])
        return ports_of([s["port"] for s in service])

    def term(self, term, zones):
        to = {"destination-fqdn", "destination-address"} & set(term)
        echo = term["protocol"] in ("icmp", "icmpv6")
        more = {"icmp-type"} if echo else {"destination-port"} & set(term)
        need(len(to) <= 1, "two destinations")
        need_keys(term, "name", "comment", "source-address", "protocol",
                  "action", *to, *more)
        rule, part = self.places[term["name"]]
        need(zones == ZONES[part], "between other zones:", term["name"])
        need(is_named(term["name"], rule, {"icmp": "4", "icmpv6": "6"}.get(
            term["protocol"], "")), "another name:", term["name"])
        need_label(term["comment"], rule)
        need(term["action"] == "accept" and term["source-address"] == DEVICES
             and term.get("icmp-type", "echo-request") == "echo-request" and
             term["protocol"] in ("tcp", "udp", "icmp", "icmpv6"),
             "another term:", term)
        self.names.append(term["name"])
        self.add(rule, part, term, echo)

    def add(self, rule, part, term, echo):
        only = {"icmp": 0, "icmpv6": 1}.get(term["protocol"])
        ports = self.ports(term)
        for to in self.destinations(term):
            for source in self.sources:
                f = family(source)
                if only in (None, f) and \
                        (to[0] != "address" or family(to[1]) == f):
                    self.permits.append(Permit(
                        rule, part, to, "icmp" if echo else term["protocol"],
                        ports, source))


def places_of(text, comments):
    """Which row each term stands below."""
    places = {}
    for line in lines_of(text, "# ", comments):
        if m := TERM.fullmatch(line):
            need(m.group(1) not in places, "a term twice:", line)
            places[m.group(1)] = (comments.rule, comments.part)
    return places


def parse(text):
    comments = Comments()
    places = places_of(text, comments)
    try:
        document = yaml.load(text, Loader)
        need_keys(document, "networks", "filters",
                  *["services"] * ("services" in document))
        policy = Policy(document, places)
        for f in document["filters"]:
            need_keys(f, "header", "terms")
            need_keys(f["header"], "targets")
            need_keys(f["header"]["targets"], "srx")
            for term in f["terms"]:
                policy.term(term, f["header"]["targets"]["srx"])
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise Strange(repr(error)) from error
    need(policy.names == list(places), "other terms")
    need(set(policy.networks) | set(policy.services) == policy.used,
         "not used")
    return Parsed(policy.permits, comments.fates)


PARSERS = {"aerleon": Platform(parse, by_lookup, COMMENT)}
