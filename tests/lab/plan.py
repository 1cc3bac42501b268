# SPDX-License-Identifier: MIT
"""The site's addresses. A scenario may ask for others by `site`; they stand
in the environment of the process that builds the site, and of the command in
it, before anything reads them. One process builds one site."""

import ipaddress
import json
import os

VARIABLE = "SITEWALK_LAB_SITE"
STANDARD = {
    "lan": "10.20.30.0/24",
    "gateway": "10.20.30.1",
    "laptop": "10.20.30.50",
    "devices": ["10.20.30.60", "10.20.30.61", "10.20.30.62", "10.20.30.63"],
    "nat": True,            # False: the provider routes the site's addresses
}
CHOSEN = {**STANDARD, **json.loads(os.environ.get(VARIABLE, "{}"))}


def mistakes(site):
    """What is wrong with a scenario's `site`, or nothing."""
    unknown = set(site) - set(STANDARD)
    if unknown:
        return "unknown members: " + ", ".join(sorted(unknown))
    whole = {**STANDARD, **site}
    try:
        lan = ipaddress.ip_network(whole["lan"])
        hosts = [ipaddress.ip_address(a) for a in
                 (whole["gateway"], whole["laptop"], *whole["devices"])]
    except ValueError as error:
        return str(error)
    ends = (lan.network_address, lan.broadcast_address)
    if len(set(hosts)) != 2 + len(STANDARD["devices"]) or \
            any(h not in lan or h in ends for h in hosts):
        return "it needs a gateway, a laptop and four devices in its lan"
    return ""


def translated(value, site):
    """An answer with a standard address in it, for another site."""
    whole = {**STANDARD, **site}
    pairs = dict(zip((STANDARD["gateway"], STANDARD["laptop"],
                      *STANDARD["devices"]),
                     (whole["gateway"], whole["laptop"],
                      *whole["devices"])))
    return pairs.get(value, value)


def translated_name(name):
    """A name that begins with a standard address, for the chosen site."""
    first, dot, rest = name.partition(".")
    address = first.replace("-", ".")
    other = translated(address, CHOSEN)
    return name if other == address else other.replace(".", "-") + dot + rest


LAN = ipaddress.ip_network(CHOSEN["lan"])
PREFIX = LAN.prefixlen
NETMASK = str(LAN.netmask)
BROADCAST = str(LAN.broadcast_address)
GATEWAY, LAPTOP = CHOSEN["gateway"], CHOSEN["laptop"]
DEVICES = tuple(CHOSEN["devices"])


def spare(count):
    """That many addresses of the site that nobody has, the first ones; fewer
    where it is full."""
    taken = {GATEWAY, LAPTOP, *DEVICES}
    found = []
    for host in LAN.hosts():
        if str(host) not in taken:
            found.append(str(host))
        if len(found) == count:
            break
    return found
