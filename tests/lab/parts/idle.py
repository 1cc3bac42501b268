# SPDX-License-Identifier: MIT
"""A gateway that forgets idle connections, and drops what it has forgotten:
the fault "nat-idle" after `seconds`. `want` takes the place of the 540
seconds that a device may be silent, by a pack of the lab's own."""

import os

FAULTS = {"nat-idle": (("seconds", "want"), ())}
PACK = "izuma-edge.yaml"
PROBE = "{type: tcp_idle"


def prepare(net, scenario):
    import network              # which needs the parts first
    for fault in scenario.of("nat-idle"):
        with net.inside("gw"):
            names = "net.netfilter.nf_conntrack_tcp_"
            network.sysctl(names + "timeout_established",
                           str(fault["seconds"]))
            network.sysctl(names + "loose", "0")


def forward(scenario, _net_data, where):
    if where != "gateway" or not scenario.of("nat-idle"):
        return []
    return ["ct state invalid counter drop"]


def start(servers):
    from internet import TOP, LabError
    for fault in servers.scenario.of("nat-idle"):
        with open(os.path.join(TOP, "wizards", PACK),
                  encoding="utf-8") as file:
            text = file.read()
        if PROBE not in text:
            raise LabError(f"{PACK} asks for no idle connection")
        lines = [f"{line.split(PROBE)[0]}{PROBE}, want: "
                 f"\"{fault['want']}\"}}" if PROBE in line else line
                 for line in text.splitlines()]
        servers.write(os.path.join("certs", "packs", PACK),
                      "\n".join(lines) + "\n")
