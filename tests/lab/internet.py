# SPDX-License-Identifier: MIT
"""The lab's internet as data: internet.yaml, loaded and checked."""

import ipaddress
import os
from dataclasses import dataclass, field

import parts
import plan

try:
    import yaml
except ImportError:
    yaml = None

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(TOP, "build", "lab")
SCENARIOS = os.path.join(TOP, "tests", "scenarios")

PORTLESS = {"web", "ntp", "dns"} | parts.all_of("PORTLESS")
KINDS = PORTLESS | {"http", "https", "h2", "tls", "private", "accept",
                    "sink"} | \
    parts.all_of("KINDS")


class LabError(Exception):
    """Something the user must know: what failed, and what to do."""


@dataclass(frozen=True)
class Service:
    kind: str
    low: int = 0
    high: int = 0


@dataclass
class Host:
    name: str
    group: str
    addresses: list
    records: list
    services: list
    stratum: int = 0


@dataclass
class Group:
    name: str
    key: str            # of the leaf: rsa, ec, or empty for none
    authority: str      # public, or the name of a private one
    hosts: list = field(default_factory=list)


@dataclass
class Internet:
    ttl: int
    zones: list
    groups: dict
    hosts: dict
    content: dict

    def addresses(self):
        """Every address that answers, once, in the order of the file."""
        seen = {}
        for host in self.hosts.values():
            for address in host.addresses:
                seen[address] = True
        return list(seen)

    def endpoints(self, *kinds):
        """(address, service, host) for each kind, each endpoint once."""
        seen = {}
        for host in self.hosts.values():
            for service in host.services:
                if service.kind not in kinds:
                    continue
                for address in host.addresses:
                    seen.setdefault((address, service), host)
        return [(a, s, h) for (a, s), h in seen.items()]

    def addresses_of(self, names):
        """The addresses of names; an address stands for itself."""
        found = []
        for name in names:
            host = self.hosts.get(name)
            if host is not None:
                found += host.addresses
                continue
            try:
                found.append(str(ipaddress.ip_network(name)))
            except ValueError:
                raise LabError(f"the lab's internet has no host {name}")
        return [a.removesuffix("/32").removesuffix("/128") for a in found]

    def web_names(self, group):
        """The names a group's certificate must carry."""
        tls = {"web", "https", "h2", "tls", "private"} | \
            parts.all_of("TLS_KINDS")
        return [h.name for h in self.groups[group].hosts
                if any(s.kind in tls for s in h.services)]

    def certified_groups(self):
        return [g for g in self.groups.values() if g.key]


def is_v6(address):
    return ":" in str(address)


def bracket(address):
    return f"[{address}]" if is_v6(address) else address


def read_yaml(path):
    if yaml is None:
        raise LabError("Python has no module yaml: install python3-yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        with open(path, encoding="utf-8") as file:
            return yaml.load(file, Loader=loader)
    except FileNotFoundError:
        raise LabError(f"no file {os.path.relpath(path)}")
    except yaml.YAMLError as error:
        raise LabError(f"{os.path.relpath(path)}: {error}")


def parse_service(text, name):
    kind, _, ports = text.partition(":")
    low, _, high = ports.partition("-")
    if kind not in KINDS or (kind in PORTLESS) != (ports == ""):
        raise LabError(f"internet.yaml: {name}: no service {text!r}")
    low = int(low or 0)
    return Service(kind, low, int(high or low))


def canonical(host, key):
    return [plan.translated(str(ipaddress.ip_address(a)), plan.CHOSEN)
            for a in host.get(key, [])]


def load(path=os.path.join(HERE, "internet.yaml")):
    data = read_yaml(path)
    net = Internet(data["ttl"], data["zones"], {}, {}, data["content"])
    for group_name, g in data["groups"].items():
        group = Group(group_name, g.get("certificate", ""),
                      g.get("authority", "public"))
        net.groups[group_name] = group
        for name, h in g["hosts"].items():
            name = plan.translated_name(str(name))
            host = Host(name, group_name, canonical(h, "addresses"),
                        canonical(h, "records"),
                        [parse_service(s, name) for s in h.get("serve", [])],
                        h.get("stratum", 0))
            zone_of(name, net.zones)
            if name in net.hosts:
                raise LabError(f"internet.yaml: {name} stands there twice")
            group.hosts.append(host)
            net.hosts[name] = host
    return net


def zone_of(name, zones):
    """The longest zone that a name lies in."""
    fits = [z for z in zones if name == z or name.endswith("." + z)]
    if not fits:
        raise LabError(f"internet.yaml: no zone for {name}")
    return max(fits, key=len)


def print_names(net):
    for host in net.hosts.values():
        for address in host.addresses + host.records:
            print(host.name, address)
