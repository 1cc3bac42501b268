# SPDX-License-Identifier: MIT
"""TLS with a key agreed before, on zencontrol's controller: openssl's own
server, with the one kind of suite that it then has. The fault tls-reset: the
gateway lets a connection come about and cuts it off at the ClientHello, as
filters of "unknown TLS" do."""

PORT, KEY = 5110, "73697465776c6b2d6c61622d6b657931"
FAULTS = {"tls-reset": (("ports",), ("hosts",))}


def start(servers):
    import network
    import servers as program
    controller = network.DEVICES[3]
    servers.start("device", "tls-psk", [
        program.find_program("openssl"), "s_server", "-nocert", "-psk", KEY,
        "-tls1_2", "-cipher", "PSK", "-rev", "-accept",
        f"{controller}:{PORT}"])
    servers.expect("device", "tcp", controller, PORT)


def forward(scenario, net_data, where):
    import scenario as scenarios
    if where != "gateway":
        return []
    # A handshake record of TLS: 16 03.
    return [f'iifname "lan0" {left} @ih,0,16 0x1603 counter '
            "reject with tcp reset"
            for fault in scenario.of("tls-reset")
            for _, left in scenarios.matches(fault, net_data)]
