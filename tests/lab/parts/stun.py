# SPDX-License-Identifier: MIT
"""STUN: coturn at each host that serves it, and gateways whose translation
of addresses is in the way of calls."""

KINDS = {"stun"}
FAULTS = {
    "nat-symmetric": ((), ()),      # another port for each destination
    "nat-carrier": ((), ()),        # the provider translates once more
    "nat-double": ((), ()),         # another private network behind it
}

# The gateway's way out, and the provider's end of it.
INNER = {"nat-carrier": ("100.64.7.2", "100.64.7.1"),
         "nat-double": ("192.168.178.2", "192.168.178.1")}


def start(servers):
    import servers as lab        # which needs the parts first
    for address, service, host in servers.data.endpoints("stun"):
        name = f"coturn-{host.name}"
        servers.start("inet", name, [
            lab.find_program("turnserver"), "-n", "-S", "-L", address,
            "-p", str(service.low), "--no-tls", "--no-dtls", "--no-cli",
            "-m", "1", "--min-port=50000", "--max-port=50009",
            "--log-file=stdout", "--simple-log",
            "--pidfile=" + servers.file(name + ".pid"),
            "--userdb=" + servers.file(name + ".db")])
        servers.expect("inet", "udp", address, service.low)


def prepare(net, scenario):
    import network
    if scenario.of("nat-symmetric"):
        net.nft("gw", f"""table ip symmetric {{
  chain postrouting {{
    type nat hook postrouting priority srcnat - 1;
    oifname "wan0" ip saddr {network.SITE4} meta l4proto udp \
masquerade random,fully-random
  }}
}}
""")
    for fault in scenario.of(*INNER):
        translate_again(net, *INNER[fault["type"]])


def translate_again(net, gateway, provider):
    """One hop behind the provider's first, where the delay holds no packet:
    a kernel drops what is held there while its connection is new."""
    import network
    net.ip("isp", [f"address add {provider}/30 dev site0"])
    net.ip("gw", [f"address add {gateway}/30 dev wan0",
                  f"route replace default via {provider}"])
    second, back = net.way[1], network.wire(0)[0][0]
    net.ip(second, [f"route add {gateway} via {back}"])
    net.nft(second, f"""table ip again {{
  chain postrouting {{
    type nat hook postrouting priority srcnat;
    oifname "core0" ip saddr {gateway} snat to {network.ISP_SITE[0]}
  }}
}}
""")
