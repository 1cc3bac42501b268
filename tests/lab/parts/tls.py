# SPDX-License-Identifier: MIT
"""TLS with a key agreed before, on zencontrol's controller: openssl's own
server, with the one kind of suite that it then has. And what may happen to
TLS on the way, and at the vendor:

tls-reset           the gateway lets a connection come about and cuts it off
                    at the ClientHello, as filters of "unknown TLS" do
tls-swallow         the same, but the ClientHello vanishes
tls-reset-name      only where one of `names` stands in the ClientHello
vendor-certificate  `hosts` show one that has `expired`, or one for another
                    name (`renamed`): `state`
"""

import os
import subprocess

PORT, KEY = 5110, "73697465776c6b2d6c61622d6b657931"
FAULTS = {
    "tls-reset": (("ports",), ("hosts",)),
    "tls-swallow": (("ports",), ("hosts",)),
    "tls-reset-name": (("ports", "names"), ()),
    "vendor-certificate": (("hosts", "state"), ()),
}
# What becomes of a handshake record of TLS: 16 03.
FATE = {"tls-reset": "reject with tcp reset", "tls-swallow": "drop"}


def start(servers):
    import network
    import servers as program
    controller = network.DEVICES[3]
    servers.start("device", "tls-psk", [
        program.find_program("openssl"), "s_server", "-nocert", "-psk", KEY,
        "-tls1_2", "-cipher", "PSK", "-rev", "-accept",
        f"{controller}:{PORT}"])
    servers.expect("device", "tcp", controller, PORT)
    for fault in servers.scenario.of("tls-reset-name"):
        filter_names(servers, fault)


def filter_names(servers, fault):
    """nft cannot look for a text; the older tables can."""
    import servers as program
    modules = os.path.dirname(program.find_file(
        "/usr/lib/*/xtables/libxt_NFQUEUE.so"))
    rules = "".join(
        f"-A FORWARD -i lan0 -p tcp --dport {port} -m string --algo bm "
        f"--string {name} -j REJECT --reject-with tcp-reset\n"
        for port in fault["ports"] for name in fault["names"])
    for restore in ("iptables-restore", "ip6tables-restore"):
        with servers.net.inside("gw"):
            done = subprocess.run(
                [program.find_program("xtables-nft-multi"), restore],
                input=f"*filter\n{rules}COMMIT\n", capture_output=True,
                env={**servers.env, "XTABLES_LIBDIR": modules}, text=True)
        if done.returncode != 0:
            raise program.LabError(f"{restore}: {done.stderr.strip()}")


def forward(scenario, net_data, where):
    import scenario as scenarios
    if where != "gateway":
        return []
    return [f'iifname "lan0" {left} @ih,0,16 0x1603 counter '
            f"{FATE[fault['type']]}"
            for fault in scenario.of(*FATE)
            for _, left in scenarios.matches(fault, net_data)]
