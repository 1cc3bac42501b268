# SPDX-License-Identifier: MIT
"""Routers that say little: "icmp-few" lets the gateway and every router behind
it report `per_second` expired packets, one at a time."""

FAULTS = {"icmp-few": (("per_second",), ())}


def prepare(net, scenario):
    for fault in scenario.of("icmp-few"):
        limit = (f"limit rate over {fault['per_second']}/second burst 1 "
                 "packets drop")
        for name in ("gw", *net.way[:-1]):
            net.nft(name, f"""table inet few {{
  chain output {{
    type filter hook output priority filter;
    icmp type time-exceeded {limit}
    icmpv6 type time-exceeded {limit}
  }}
}}
""")
