# SPDX-License-Identifier: MIT
"""A link behind the provider that takes smaller packets than the site's own,
as tunnels do. Routers tell the sender; without `icmp` nobody hears of it, and
what is too large vanishes: a path MTU black hole (RFC 2923)."""

FAULTS = {"mtu": (("mtu",), ("icmp",))}

RULES = """table inet narrow {
  chain output {
    type filter hook output priority filter;
    icmp type destination-unreachable icmp code frag-needed drop
    icmpv6 type packet-too-big drop
  }
}
"""


def prepare(net, scenario):
    for fault in scenario.of("mtu"):
        near, far = net.way[0], net.way[1]
        net.ip(near, [f"link set core0 mtu {fault['mtu']}"])
        net.ip(far, [f"link set site0 mtu {fault['mtu']}"])
        if not fault.get("icmp", True):
            for name in (near, far):
                net.nft(name, RULES)
