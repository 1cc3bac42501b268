# SPDX-License-Identifier: MIT
"""Boxes that accept connections for others, a site that only a proxy gets
out of, and a gateway that renews the life of packets.

proxy-accepts   the gateway takes every TCP connection to the outside, or
                those to `ports`, before anything else; those to the ports of
                `forward` it passes on, the rest it keeps and says nothing
proxy-explicit  an HTTP proxy in the local network opens tunnels to port 443;
                the gateway lets out nothing but it, and the laptop is set to
                it
ttl-renewed     the gateway sets the life of all packets from the site to 64

Run as a program it is one of the proxies:
parts/proxies.py accepts PORT FORWARDED... | explicit ADDRESS PORT RESOLVER"""

import os
import re
import selectors
import socket
import struct
import sys

FAULTS = {
    "proxy-accepts": ((), ("ports", "forward")),
    "proxy-explicit": ((), ()),
    "ttl-renewed": ((), ()),
}

ACCEPT_PORT = 30090
PROXY, PROXY_PORT = "10.20.30.70", 3128
SO_ORIGINAL_DST = 80
SOL_IPV6 = 41


def prepare(net, scenario):
    if scenario.of("ttl-renewed"):
        net.nft("gw", """table inet life {
  chain prerouting {
    type filter hook prerouting priority mangle;
    iifname "lan0" ip ttl set 64
    iifname "lan0" meta l4proto != ipv6-icmp ip6 hoplimit set 64
  }
}
""")
    if scenario.of("proxy-explicit"):
        net.ip("device", [f"address add {PROXY}/24 dev eth0"])


def start(servers):
    own = os.path.abspath(__file__)
    for fault in servers.scenario.of("proxy-accepts"):
        servers.start("gw", "proxy-accepts", [
            sys.executable, own, "accepts", str(ACCEPT_PORT),
            *map(str, fault.get("forward", []))])
        servers.expect("gw", "tcp", "0.0.0.0", ACCEPT_PORT)
    if servers.scenario.of("proxy-explicit"):
        import network
        servers.start("device", "proxy-explicit", [
            sys.executable, own, "explicit", PROXY, str(PROXY_PORT),
            network.GATEWAY[0]])
        servers.expect("device", "tcp", PROXY, PROXY_PORT)


def redirect(scenario, _net_data):
    import network
    lines = []
    for fault in scenario.of("proxy-accepts"):
        ports = "".join(f"{p}, " for p in fault.get("ports", []))
        which = f"tcp dport {{ {ports} }}" if ports else \
            "meta l4proto tcp"
        lines += [f'iifname "lan0" {family} daddr != {site} {which} counter '
                  f"redirect to :{ACCEPT_PORT}"
                  for family, site in (("ip", network.SITE4),
                                       ("ip6", network.SITE6))]
    return lines


def forward(scenario, _net_data, where):
    if where != "gateway" or not scenario.of("proxy-explicit"):
        return []
    return [f'iifname "lan0" ip saddr != {PROXY} counter drop',
            'iifname "lan0" meta nfproto ipv6 counter drop']


def environment(scenario):
    if not scenario.of("proxy-explicit"):
        return {}
    return {"https_proxy": f"http://{PROXY}:{PROXY_PORT}"}


# The proxies themselves

class Relay:
    """Pairs of connections; what comes on one goes out on the other."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()

    def listen(self, sock, accepted):
        self.selector.register(sock, selectors.EVENT_READ, accepted)

    def hold(self, sock):
        """Read and thrown away, until the other side leaves."""
        self.selector.register(sock, selectors.EVENT_READ, None)

    def join(self, one, other):
        for a, b in ((one, other), (other, one)):
            self.selector.register(a, selectors.EVENT_READ, b)

    def drop(self, sock, other):
        for one in (sock, other):
            if isinstance(one, socket.socket):
                self.selector.unregister(one)
                one.close()

    def run(self):
        while True:
            gone = set()
            for key, _ in self.selector.select():
                if key.fileobj in gone:
                    continue
                if callable(key.data):
                    connection, _ = key.fileobj.accept()
                    key.data(connection)
                    continue
                try:
                    data = key.fileobj.recv(65536)
                    if data and key.data is not None:
                        key.data.sendall(data)
                except OSError:
                    data = b""
                if not data:
                    gone |= {key.fileobj, key.data}
                    self.drop(key.fileobj, key.data)


def meant_for(sock):
    """Where a redirected connection was to go."""
    if sock.family == socket.AF_INET6:
        raw = sock.getsockopt(SOL_IPV6, SO_ORIGINAL_DST, 28)
        port, address = struct.unpack("!2xH4x16s4x", raw)
        return socket.inet_ntop(socket.AF_INET6, address), port
    raw = sock.getsockopt(socket.SOL_IP, SO_ORIGINAL_DST, 16)
    port, address = struct.unpack("!2xH4s8x", raw)
    return socket.inet_ntoa(address), port


def accept_all(port, forwarded):
    relay = Relay()

    def accepted(inside):
        try:
            to = meant_for(inside)
            if to[1] in forwarded:
                relay.join(inside, socket.create_connection(to, timeout=2))
            else:
                relay.hold(inside)
        except OSError:
            inside.close()

    for family, address in ((socket.AF_INET, "0.0.0.0"),
                            (socket.AF_INET6, "::")):
        relay.listen(socket.create_server(
            (address, port), family=family, backlog=512), accepted)
    relay.run()


def lookup(name, resolver):
    """The first IPv4 address of a name, asked of that server."""
    question = struct.pack("!6H", 1, 0x100, 1, 0, 0, 0) + b"".join(
        bytes([len(x)]) + x.encode() for x in name.split(".")) + \
        b"\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(2)
        sock.sendto(question, (resolver, 53))
        answer = sock.recv(2048)
    found = re.search(rb"\x00\x01\x00\x01.{4}\x00\x04(.{4})", answer[len(question):],
                      re.S)
    return socket.inet_ntoa(found.group(1))


def explicit(address, port, resolver):
    relay = Relay()

    def accepted(inside):
        try:
            inside.settimeout(2)
            head = b""
            while b"\r\n\r\n" not in head:
                more = inside.recv(4096)
                if not more:
                    raise OSError("no request")
                head += more
            m = re.match(rb"CONNECT ([^ :]+):(\d+) HTTP/1\.[01]\r\n", head)
            if not m or m.group(2) != b"443":
                inside.sendall(b"HTTP/1.1 403 Forbidden\r\n"
                               b"Content-Length: 0\r\n\r\n")
                raise OSError("not allowed")
            outside = socket.create_connection(
                (lookup(m.group(1).decode(), resolver), 443), timeout=2,
                source_address=(address, 0))
            inside.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            relay.join(inside, outside)
        except (OSError, AttributeError):
            inside.close()

    relay.listen(socket.create_server((address, port)), accepted)
    relay.run()


if __name__ == "__main__":
    if sys.argv[1] == "accepts":
        accept_all(int(sys.argv[2]), {int(p) for p in sys.argv[3:]})
    else:
        explicit(sys.argv[2], int(sys.argv[3]), sys.argv[4])
