# SPDX-License-Identifier: MIT
"""Ways out that are broken as a whole: a dead line, IPv6 alone, and ICMP. And
a gateway that forbids in words only now and then, and else in silence."""

FAULTS = {
    "icmp-blocked": ((), ()),       # the gateway passes none on, either way
    "icmp-limited": (("per_second",), ()),  # and few of those that come back
    "ipv6-lost": ((), ()),          # the provider drops it
    "ipv6-no-way-out": ((), ()),    # the gateway itself has no way for it
    "uplink-down": ((), ()),        # the gateway's line is dead
    "reject-now-and-then": (("ports",), ()),
}
ICMP = "meta l4proto { icmp, ipv6-icmp }"


def prepare(net, scenario):
    if scenario.of("ipv6-no-way-out"):
        net.ip("gw", ["route del ::/0"])


def ready(net, scenario):
    if scenario.of("uplink-down"):
        net.ip("gw", ["link set wan0 down"])


def forward(scenario, _net_data, where):
    lines = []
    if where == "gateway" and scenario.of("icmp-blocked"):
        lines.append(f"{ICMP} counter drop")
    if where == "gateway":
        lines += [f'iifname "wan0" {ICMP} limit rate over '
                  f"{fault['per_second']}/second counter drop"
                  for fault in scenario.of("icmp-limited")]
    if where == "gateway":
        for fault in scenario.of("reject-now-and-then"):
            ports = ", ".join(map(str, fault["ports"]))
            left = f'iifname "lan0" tcp dport {{ {ports} }}'
            lines += [f"{left} limit rate 10/minute burst 1 packets counter "
                      "reject with icmpx admin-prohibited",
                      f"{left} counter drop"]
    if where == "isp" and scenario.of("ipv6-lost"):
        lines.append("meta nfproto ipv6 counter drop")
    return lines
