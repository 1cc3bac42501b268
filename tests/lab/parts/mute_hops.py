# SPDX-License-Identifier: MIT
"""Routers on the way that never say where a packet has expired, as many
providers have it. Hop 1
is the gateway, hop 2 the first behind it."""

FAULTS = {"mute-hops": (("hops",), ())}

RULES = """table inet mute {
  chain output {
    type filter hook output priority filter;
    icmp type time-exceeded drop
    icmpv6 type time-exceeded drop
  }
}
"""


def prepare(net, scenario):
    for fault in scenario.of("mute-hops"):
        for hop in fault["hops"]:
            net.nft("gw" if hop == 1 else net.way[hop - 2], RULES)
