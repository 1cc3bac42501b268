# SPDX-License-Identifier: MIT
"""What answers on a site and what may break there, one file a protocol. A
part is a module of this folder; every name in it is optional:

KINDS       words for `serve` in internet.yaml; the part starts them
PORTLESS    those of them that take no port
TLS_KINDS   those of them whose host must be in its group's certificate
FAULTS      {type: (members that must be there, members that may)}
start(servers)                  starts servers: servers.start(), .respond()
dnsmasq(scenario)               lines for the site's resolver
forward(scenario, net_data, where)  nft lines, where = "gateway", "isp",
                                "perimeter", "vendor-router" or "vendor"
redirect(scenario, net_data)    nft lines of the gateway's prerouting chain
prepare(net, scenario)          kernel settings and links, before any server
ready(net, scenario)            what breaks only when all servers are up
build()                         outside, before: what must be compiled
environment(scenario)           variables of the command; LD_PRELOAD is added
"""

import importlib
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def modules():
    names = sorted(f[:-3] for f in os.listdir(HERE)
                   if f.endswith(".py") and f != "__init__.py")
    return [importlib.import_module("parts." + n) for n in names]


def all_of(name):
    """The union of a set over all parts."""
    return set().union(*(getattr(m, name, ()) for m in modules()))


def faults():
    """All parts' faults; a name that two of them claim is a mistake."""
    out = {}
    for module in modules():
        for name, members in getattr(module, "FAULTS", {}).items():
            if name in out:
                raise ValueError(f"{module.__name__}: the fault {name} is "
                                 "another part's already")
            out[name] = members
    return out


def lines_of(name, *args):
    return [line for m in modules() if hasattr(m, name)
            for line in getattr(m, name)(*args)]


def each(name, *args):
    return [getattr(m, name)(*args) for m in modules() if hasattr(m, name)]


def call(name, *args):
    for module in modules():
        if hasattr(module, name):
            getattr(module, name)(*args)
