# SPDX-License-Identifier: MIT
"""Time: a chronyd on the gateway, which answers whoever asks it, or whoever
asks anybody."""

FAULTS = {
    "ntp-redirect": ((), ()),
    "ntp-server": ((), ()),         # no fault: the site's own time server
}

STRATUM = 9


def start(servers):
    import servers as lab        # which needs the parts first
    if not servers.scenario.of("ntp-redirect", "ntp-server"):
        return
    name = "chrony-gateway"
    conf = servers.write(name + ".conf", "\n".join([
        f"local stratum {STRATUM}", "allow all", "cmdport 0",
        "bindcmdaddress /", f"pidfile {servers.file(name + '.pid')}"]) + "\n")
    servers.start("gw", name, [lab.find_program("chronyd"), "-x", "-d",
                               "-u", "root", "-f", conf])
    servers.expect("gw", "udp", "0.0.0.0", 123)
    servers.expect("gw", "udp", "::", 123)


def redirect(scenario, _net_data):
    import network
    if not scenario.of("ntp-redirect"):
        return []
    return [f'iifname "lan0" {word} daddr != {net} udp dport 123 counter '
            "redirect" for word, net in (("ip", network.SITE4),
                                         ("ip6", network.SITE6))]
