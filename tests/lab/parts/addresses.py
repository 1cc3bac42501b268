# SPDX-License-Identifier: MIT
"""Sites whose addresses are not the usual ones, and are right all the same.

ipv4-only    laptop and devices have no IPv6 but that of their own link
ipv6-more    the laptop has an address of each of `prefixes` (/64) too; what is
             no ULA is routed
gateway-own  the gateway's address is one that two routers share (VRRP): it
             reports errors from an address of its own, `address`
pppoe        the line to the provider takes packets of `bytes`, and the routers
             on both sides say so
"""

import ipaddress

import plan

FAULTS = {
    "ipv4-only": ((), ()),
    "ipv6-more": (("prefixes",), ()),
    "gateway-own": (("address",), ()),
    "pppoe": (("bytes",), ()),
}
ULA = ipaddress.ip_network("fc00::/7")


def add_prefix(net, text):
    import network              # which needs the parts first
    prefix = ipaddress.ip_network(text)
    net.ip("laptop", [f"address add {prefix[0x50]}/64 dev eth0 nodad"])
    net.ip("gw", [f"address add {prefix[1]}/64 dev lan0 nodad"])
    if prefix.subnet_of(ULA):
        return
    for number, name in enumerate(net.way):
        back = (network.wire(number - 1)[0] if number else
                network.GATEWAY_WAN)[1]
        net.ip(name, [f"route add {prefix} via {back}"])


def prepare(net, scenario):
    for _ in scenario.of("ipv4-only"):
        import network          # which needs the parts first
        for name, address in (("laptop", network.LAPTOP[1]),
                              ("device", network.DEVICE6)):
            net.ip(name, ["route del ::/0",
                          f"address del {address}/64 dev eth0"])
    for fault in scenario.of("ipv6-more"):
        for prefix in fault["prefixes"]:
            add_prefix(net, prefix)
    for fault in scenario.of("gateway-own"):
        net.ip("gw", [
            f"address del {plan.GATEWAY}/{plan.PREFIX} dev lan0",
            f"address add {fault['address']}/{plan.PREFIX} dev lan0",
            f"address add {plan.GATEWAY}/{plan.PREFIX} dev lan0"])
    for fault in scenario.of("pppoe"):
        net.ip("gw", [f"link set wan0 mtu {fault['bytes']}"])
        net.ip("isp", [f"link set site0 mtu {fault['bytes']}"])
