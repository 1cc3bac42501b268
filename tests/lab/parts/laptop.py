# SPDX-License-Identifier: MIT
"""The laptop itself: other adapters, VPNs, its own firewall, and a network
that changes under it.

second-adapter   eth1 in 192.168.99.0/24 with a way out of its own, whose
                 router lets out names and the web alone, or all if `open`;
                 `metric` of its default route; 0: it comes first
vpn              tun0, whose far end lets out names and the web alone;
                 `routes`: split (10.8.0.0/24 and 172.16.0.0/12), full (all,
                 by two halves, as OpenVPN does) or only (the sole way out)
device-network   the gateway has 192.168.7.0/24 too, where 192.168.7.10 is
                 the Miniserver
local-firewall   the laptop's own rules for `proto` and `ports`; `action` drop,
                 reject (ICMP) or reset; `incoming`: for what comes in
network-changes  once the laptop has sent `packets`: to another subnet, or, with
                 `back`, there and back at once
"""

import os
import signal
import time

FAULTS = {
    "second-adapter": (("metric",), ("open",)),
    "vpn": (("routes",), ()),
    "device-network": ((), ()),
    "local-firewall": (("proto", "ports", "action"), ("incoming",)),
    "network-changes": (("packets",), ("back",)),
}

SECOND = ("192.168.99.50", "192.168.99.1", "192.168.99.0/24")
TUNNEL = ("10.8.0.2", "10.8.0.1", "10.8.0.0/24")
DEVICE_GATEWAY, FAR_DEVICE = "192.168.7.1", "192.168.7.10"
ACTION = {"drop": "drop", "reset": "reject with tcp reset",
          "reject": "reject with icmpx type admin-prohibited"}
POLL_S = 0.02


def add_exit(net, near, far, ends, last="drop", site="isp"):
    """A wire from the laptop to the provider, which translates it and lets
    out little."""
    import network              # which needs the parts first
    laptop, router, prefix = ends
    net.ip("laptop", [
        network.veth(near, far, net.path(site), network.mac(0x70 + len(near)),
                     network.mac(0x78 + len(near))),
        f"address add {laptop}/24 dev {near}", f"link set {near} up"])
    net.ip(site, [f"address add {router}/24 dev {far}", f"link set {far} up"])
    net.nft(site, f"""table ip {far} {{
  chain forward {{
    type filter hook forward priority filter - 20;
    iifname "{far}" meta l4proto {{ tcp, udp }} th dport {{ 53, 80, 443 }} \
accept
    iifname "{far}" {last}
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat;
    oifname "core0" ip saddr {prefix} snat to {network.ISP_SITE[0]}
  }}
}}
""")


def add_vpn(net, routes):
    import network
    server, gateway = network.ISP_SITE[0], TUNNEL[1]
    add_exit(net, "tun0", "vpn0", TUNNEL)
    via = f"via {gateway} dev tun0"
    lines = {
        "split": [f"route add 172.16.0.0/12 {via}"],
        "full": [f"route add {server} via {network.GATEWAY[0]}",
                 f"route add 0.0.0.0/1 {via}", f"route add 128.0.0.0/1 {via}"],
        "only": [f"route add {server} via {network.GATEWAY[0]}",
                 "route del default", "route del ::/0",
                 f"route add default {via}"],
    }
    net.ip("laptop", lines[routes])


def rule(fault):
    ports = ", ".join(str(p) for p in fault["ports"])
    side = "iifname" if fault.get("incoming") else "oifname"
    return (f"{side} \"eth0\" {fault['proto']} dport {{ {ports} }} "
            f"{ACTION[fault['action']]}")


def prepare(net, scenario):
    import network
    for fault in scenario.of("second-adapter"):
        add_exit(net, "eth1", "site1", SECOND,
                 "accept" if fault.get("open") else "drop")
        metric = fault["metric"]
        if metric:
            net.ip("laptop", [f"route add default via {SECOND[1]} dev eth1 "
                              f"metric {metric}"])
        else:
            net.ip("laptop", ["route del default",
                              f"route add default via {SECOND[1]} dev eth1",
                              f"route add default via {network.GATEWAY[0]} "
                              "dev eth0 metric 100"])
    for fault in scenario.of("vpn"):
        add_vpn(net, fault["routes"])
    if scenario.of("device-network"):
        net.ip("gw", [f"address add {DEVICE_GATEWAY}/24 dev lan0",
                      f"address add {FAR_DEVICE}/24 dev lan0"])
        net.nft("gw", f"""table ip far {{
  chain prerouting {{
    type nat hook prerouting priority dstnat - 1;
    ip daddr {FAR_DEVICE} dnat to {network.DEVICES[0]}
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat - 1;
    ip daddr {network.DEVICES[0]} ct status dnat masquerade
  }}
}}
""")
    if scenario.of("network-changes"):
        net.ip("gw", ["address add 10.20.40.1/24 dev lan0"])
    network.verify_closed(net)


def ready(net, scenario):
    faults = scenario.of("local-firewall")
    for chain in ("output", "input") if faults else ():
        body = "\n    ".join(
            rule(f) for f in faults
            if bool(f.get("incoming")) == (chain == "input"))
        net.nft("laptop", f"""table inet own {{
  chain {chain} {{
    type filter hook {chain} priority filter;
    {body}
  }}
}}
""")


def sent():
    with open("/proc/thread-self/net/dev", encoding="ascii") as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name.strip() == "eth0":
                return int(rest.split()[9])
    return 0


def change(net, fault):
    with net.inside("laptop"):
        begun = sent()
        while sent() - begun < fault["packets"]:
            time.sleep(POLL_S)
    away = ["address add 10.20.40.50/24 dev eth0",
            "address del 10.20.30.50/24 dev eth0",
            "route replace default via 10.20.40.1"]
    back = ["address add 10.20.30.50/24 dev eth0",
            "address del 10.20.40.50/24 dev eth0",
            "route replace default via 10.20.30.1"]
    net.ip("laptop", away)
    if fault.get("back"):
        net.ip("laptop", back)


def start(servers):
    for fault in servers.scenario.of("network-changes"):
        pid = os.fork()
        if pid != 0:
            servers.processes[pid] = "change"
            continue
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        try:
            change(servers.net, fault)
            signal.pause()      # its end would count as a server's
        finally:
            os._exit(1)
