# SPDX-License-Identifier: MIT
"""What devices send of their own accord: TPI events of a controller
(facts 2.1), KNX telegrams (facts 1.11), Loxone's broadcasts. What is in the
broadcasts is not documented: any bytes stand for it. And what may break."""

import os
import signal
import socket
import time

from lan_devices import DEVICES

PERIOD_S = 0.4
MAC = bytes.fromhex("02005e100063")
TPI_GROUP, KNX_GROUP = "239.255.90.67", "224.0.23.12"
BROADCAST_PORTS = (7072, 7079)

FAULTS = {"multicast-lost": ((), ()), "no-events": ((), ()),
          "gateway-no-ping": ((), ()), "gateway-loses-pings": ((), ())}


def tpi_event():
    """A light level changed: target 5, event 8."""
    frame = b"\x5a\x43" + MAC + b"\x00\x05" + b"\x08" + b"\x01" + b"\x7f"
    check = 0
    for byte in frame:
        check ^= byte
    return frame + bytes((check,))


def knx_telegram():
    """ROUTING_INDICATION with a group value write."""
    cemi = bytes.fromhex("2900bce011050901010081")
    return b"\x06\x10\x05\x30" + (6 + len(cemi)).to_bytes(2, "big") + cemi


def sender(address):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                    socket.inet_aton(address))
    sock.bind((address, 0))
    return sock


def rows():
    controller, miniserver = sender(DEVICES[3]), sender(DEVICES[0])
    audioserver = sender(DEVICES[1])
    return [(controller, tpi_event(), TPI_GROUP, 6969),
            (audioserver, knx_telegram(), KNX_GROUP, 3671),
            *[(miniserver, b"lab", "255.255.255.255", port)
              for port in BROADCAST_PORTS]]


def run(what):
    while True:
        for sock, data, address, port in what:
            try:
                sock.sendto(data, (address, port))
            except OSError:
                pass            # nobody may hear it: no fault of the sender
        time.sleep(PERIOD_S)


def start(servers):
    if servers.scenario.of("no-events"):
        return
    with servers.net.inside("device"):
        what = rows()
    pid = os.fork()
    if pid != 0:
        for sock in {row[0] for row in what}:
            sock.close()
        servers.processes[pid] = "events"
        return
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        run(what)
    finally:
        os._exit(1)


def prepare(net, scenario):
    if scenario.of("multicast-lost"):
        net.nft("gw", """table bridge groups {
  chain forward {
    type filter hook forward priority 0;
    oifname "port0" ip daddr 224.0.0.0/4 drop
  }
}
""")
    rule = {"gateway-no-ping": "drop",
            "gateway-loses-pings": "numgen inc mod 3 0 drop"}
    for fault in scenario.of(*rule):
        net.nft("gw", f"""table inet pings {{
  chain input {{
    type filter hook input priority filter - 10;
    iifname "lan0" icmp type echo-request {rule[fault["type"]]}
  }}
}}
""")
