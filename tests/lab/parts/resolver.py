# SPDX-License-Identifier: MIT
"""The site's resolver itself: one that refuses or fails for some names, that
takes its time, that is dead, deaf by TCP, or one of two.

dns-refused    REFUSED for `names`, with all below them
dns-servfail   SERVFAIL for them
dns-slow       every answer comes `ms` after the question
dns-dead       no question reaches it
dns-tcp-closed it is not there by TCP
dns-no-aaaa    it leaves out all addresses of IPv6
dns-two        the laptop has two resolvers, and `dead` is no such server
dns-far        the provider leads all DNS to its own server

Run as a program it stands behind the resolver, or before it where it is slow:
parts/resolver.py ADDRESS PORT RCODE|"slow" MS UPSTREAM"""

import os
import socket
import socketserver
import struct
import sys
import time

FAULTS = {
    "dns-refused": (("names",), ()),
    "dns-servfail": (("names",), ()),
    "dns-slow": (("ms",), ()),
    "dns-dead": ((), ()),
    "dns-tcp-closed": ((), ()),
    "dns-no-aaaa": ((), ()),
    "dns-two": (("dead",), ()),
    "dns-far": ((), ()),
}
PORTS = {"dns-refused": 5301, "dns-servfail": 5302, "dns-slow": 5303}
RCODES = {"dns-refused": 5, "dns-servfail": 2}
CLOSED_PORT = 9
LAB_ZONE = b"sitewalk-lab"              # the lab's own first question
UPSTREAM_S = 5


def dnsmasq(scenario):
    lines = []
    for kind in RCODES:
        for fault in scenario.of(kind):
            lines += [f"server=/{n}/127.0.0.1#{PORTS[kind]}"
                      for n in fault["names"]]
    if scenario.of("dns-no-aaaa"):
        lines.append("filter-AAAA")
    return lines


def start(servers):
    import network
    upstream = next(a for a, _, _ in servers.data.endpoints("dns"))
    for fault in servers.scenario.of(*PORTS):
        kind = fault["type"]
        # All of its work is done by the resolver, as fast as ever.
        address, behind = ("::", network.GATEWAY[0]) if kind == "dns-slow" \
            else ("127.0.0.1", upstream)
        servers.start("gw", kind, [
            sys.executable, os.path.abspath(__file__), address,
            str(PORTS[kind]), str(RCODES.get(kind, "slow")),
            str(fault.get("ms", 0)), behind])
        servers.expect("gw", "udp", address, PORTS[kind])
        servers.expect("gw", "tcp", address, PORTS[kind])
    if servers.scenario.of("dns-far"):
        far(servers, upstream)


def far(servers, upstream):
    """At the provider; there is nothing else for port 53 to reach."""
    import network
    import servers as lab
    conf = servers.write("dnsmasq-far.conf", "\n".join([
        "no-resolv", "no-hosts", "no-poll", "bind-interfaces", "user=root",
        "listen-address=" + ",".join(network.ISP_SITE),
        f"server={upstream}@{network.ISP_SITE[0]}",
        "pid-file=" + servers.file("dnsmasq-far.pid")]) + "\n")
    servers.start("isp", "dnsmasq-far", [
        lab.find_program("dnsmasq"), "-d", "-C", conf, "--log-facility=-"])
    servers.net.nft("isp", """table inet far {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    iifname "site0" meta l4proto { tcp, udp } th dport 53 redirect to :53
  }
}
""")
    for address in network.ISP_SITE:
        servers.expect("isp", "udp", address, 53)


def redirect(scenario, _net_data):
    import network
    out = []
    for word, gateway in zip(("ip", "ip6"), network.GATEWAY):
        to_it = f'iifname "lan0" {word} daddr {gateway}'
        if scenario.of("dns-dead"):
            out.append(f"{to_it} meta l4proto {{ tcp, udp }} th dport 53 "
                       "counter drop")
        if scenario.of("dns-slow"):
            out.append(f"{to_it} meta l4proto {{ tcp, udp }} th dport 53 "
                       f"counter redirect to :{PORTS['dns-slow']}")
        if scenario.of("dns-tcp-closed"):
            out.append(f"{to_it} tcp dport 53 counter redirect to "
                       f":{CLOSED_PORT}")
    return out


def resolvers(scenario):
    """What the laptop's resolv.conf names, the first one first."""
    if scenario.resolvers:
        return scenario.resolvers
    import network
    for fault in scenario.of("dns-two"):
        return [fault["dead"], network.GATEWAY[0]]
    return [network.GATEWAY[0]]


# --- the program ---

def refusal(question, rcode):
    """The question back, as an answer with that code and nothing else."""
    number, flags = struct.unpack("!HH", question[:4])
    end = 12
    while question[end]:
        end += question[end] + 1
    return struct.pack("!6H", number, 0x8080 | flags & 0x7900 | rcode, 1, 0,
                       0, 0) + question[12:end + 5]


def ask(question, tcp, upstream):
    kind = socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.settimeout(UPSTREAM_S)
        sock.connect((upstream, 53))
        if not tcp:
            sock.send(question)
            return sock.recv(65535)
        with sock.makefile("rwb") as file:
            file.write(struct.pack("!H", len(question)) + question)
            file.flush()
            return file.read(*struct.unpack("!H", file.read(2)))


class Handler(socketserver.BaseRequestHandler):
    def answer(self, question, tcp):
        begun = time.monotonic()
        if self.server.rcode is not None:
            return refusal(question, self.server.rcode)
        answer = ask(question, tcp, self.server.upstream)
        if LAB_ZONE in question:
            return answer
        time.sleep(max(0, begun + self.server.ms / 1000 - time.monotonic()))
        return answer


class ByUdp(Handler):
    def handle(self):
        data, sock = self.request
        sock.sendto(self.answer(data, False), self.client_address)


class ByTcp(Handler):
    def handle(self):
        with self.request.makefile("rwb") as file:
            while True:
                head = file.read(2)
                if len(head) < 2:
                    return
                answer = self.answer(file.read(*struct.unpack("!H", head)),
                                     True)
                file.write(struct.pack("!H", len(answer)) + answer)
                file.flush()


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def main():
    import threading
    address, port, mode, ms, upstream = sys.argv[1:]
    servers = []
    for kind, handler in ((socketserver.ThreadingUDPServer, ByUdp),
                          (socketserver.ThreadingTCPServer, ByTcp)):
        kind.address_family = family(address)
        kind.request_queue_size = 64
        kind.daemon_threads = True
        server = kind((address, int(port)), handler)
        server.rcode = None if mode == "slow" else int(mode)
        server.ms, server.upstream = int(ms), upstream
        servers.append(server)
    threading.Thread(target=servers[0].serve_forever, daemon=True).start()
    servers[1].serve_forever()


if __name__ == "__main__":
    main()
