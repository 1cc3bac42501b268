# SPDX-License-Identifier: MIT
"""Resolvers that are not the gateway's, and old ones. A scenario names those
that the laptop uses by `resolvers`.

dns-public    one on the internet, at 203.0.113.252
dns-internal  the customer's own, on the first device: it knows the names of
              `names` (below customer.example) and asks the gateway for others
dns-old       the gateway's says that it does not understand a question with
              EDNS (`edns: no`), or that every answer is too long for UDP
              (`truncates: yes`)
dns-brief     no name is kept for longer than `seconds`

Run as a program it is the old one: parts/resolvers.py PORT UPSTREAM HOW."""

import os
import select
import socket
import struct
import sys

FAULTS = {
    "dns-public": ((), ()),
    "dns-internal": ((), ("names",)),
    "dns-old": ((), ("edns", "truncates")),
    "dns-brief": (("seconds",), ()),
}

PUBLIC = "203.0.113.252"
INNER = "customer.example"
OLD_PORT = 5354
FORMERR, QR, RD, RA, TC = 1, 0x8000, 0x0100, 0x0080, 0x0200


def dnsmasq(scenario):
    return [line for fault in scenario.of("dns-brief")
            for line in (f"max-ttl={fault['seconds']}",
                         f"max-cache-ttl={fault['seconds']}")]


def prepare(net, scenario):
    if scenario.of("dns-public"):
        net.ip("inet", [f"address add {PUBLIC}/32 dev lo"])


def start_dnsmasq(servers, where, name, address, lines):
    from servers import dnsmasq_command     # which imports the parts
    conf = servers.write(name + ".conf", "\n".join([
        "no-resolv", "no-hosts", "no-poll", "bind-interfaces", "user=root",
        f"listen-address={address}", "cache-size=1000",
        "pid-file=" + servers.file(name + ".pid"), *lines]) + "\n")
    servers.start(where, name, dnsmasq_command(conf))
    for protocol in ("udp", "tcp"):
        servers.expect(where, protocol, address, 53)


def start(servers):
    import plan
    scenario = servers.scenario
    if scenario.of("dns-public"):
        authority = next(a for a, _, _ in servers.data.endpoints("dns"))
        start_dnsmasq(servers, "inet", "dnsmasq-public", PUBLIC,
                      [f"server={authority}"])
    for fault in scenario.of("dns-internal"):
        inner = [f"address=/{name}.{INNER}/{address}" for name, address in
                 fault.get("names", {}).items()]
        start_dnsmasq(servers, "device", "dnsmasq-internal",
                      plan.DEVICES[0], [f"server={plan.GATEWAY}",
                                        f"local=/{INNER}/", *inner])
    for fault in scenario.of("dns-old"):
        servers.start("gw", "dns-old", [
            sys.executable, os.path.abspath(__file__), str(OLD_PORT),
            plan.GATEWAY,
            "truncates" if fault.get("truncates") else "no-edns"])
        servers.expect("gw", "udp", "0.0.0.0", OLD_PORT)


def redirect(scenario, _net_data):
    import plan
    if not scenario.of("dns-old"):
        return []
    return [f'iifname "lan0" ip daddr {plan.GATEWAY} udp dport 53 counter '
            f"redirect to :{OLD_PORT}"]


# The old resolver itself

def refusal(data, how):
    """What it says instead of asking on, or None."""
    if len(data) < 12:
        return b""
    number, flags, questions, _, _, additional = struct.unpack(
        "!6H", data[:12])
    if how == "truncates":
        flags = QR | flags & RD | RA | TC
    elif additional:
        flags = QR | flags & RD | RA | FORMERR
    else:
        return None
    end = 12
    while end < len(data) and data[end]:
        end += 1 + data[end]
    return struct.pack("!6H", number, flags, questions, 0, 0, 0) \
        + data[12:end + 5]


def serve(port, upstream, how):
    inside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    inside.bind(("0.0.0.0", port))
    outside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    outside.connect((upstream, 53))
    askers, count = {}, 0
    while True:
        for sock in select.select([inside, outside], [], [])[0]:
            try:
                data, sender = sock.recvfrom(65535)
            except OSError:
                continue
            if sock is outside:
                number, asker = askers.pop(data[:2], (b"", None))
                if asker:
                    inside.sendto(number + data[2:], asker)
                continue
            reply = refusal(data, how)
            if reply:
                inside.sendto(reply, sender)
            if reply is not None:
                continue
            count = (count + 1) % 65536
            mine = struct.pack("!H", count)
            askers[mine] = (data[:2], sender)
            outside.send(mine + data[2:])


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2], sys.argv[3])
