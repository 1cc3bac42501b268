# SPDX-License-Identifier: MIT
"""SIP: kamailio, by TCP on the internet and by UDP on the Intercom, and a
gateway that helps telephony along, as routers with a SIP helper (ALG) do.

Run as a program it is that helper: parts/sip.py PORT INSIDE."""

import os
import re
import selectors
import socket
import struct
import sys

KINDS = {"sip"}
FAULTS = {
    # careless: answers come back as the server wrote them
    "sip-alg": ((), ("careless",)),
    # accepted by the gateway, and then nothing
    "sip-silent": ((), ()),
    # it comes up, and the gateway drops what is said in it
    "sip-alg-drops": ((), ()),
}

ALG_PORT = 5065
SO_ORIGINAL_DST = 80


def start(servers):
    import plan                 # which is not there for the helper
    tcp = [f"tcp:{a}:{s.low}" for a, s, _ in servers.data.endpoints("sip")]
    kamailio(servers, "inet", "kamailio", tcp)
    kamailio(servers, "device", "kamailio-intercom", [f"udp:{plan.DEVICES[2]}:5060"])
    for fault in servers.scenario.of("sip-alg", "sip-silent"):
        how = "silent" if fault["type"] == "sip-silent" else \
            "careless" if fault.get("careless") else "careful"
        servers.start("gw", "sip-alg", [
            sys.executable, os.path.abspath(__file__), str(ALG_PORT), how])
        servers.expect("gw", "tcp", "0.0.0.0", ALG_PORT)


def kamailio(servers, where, name, listens):
    import servers as lab
    modules = os.path.dirname(lab.find_file(
        "/usr/lib/*/kamailio/modules/sl.so"))
    lines = "\n".join(f"listen={x}" for x in listens)
    conf = servers.write(name + ".cfg", f"""#!KAMAILIO
debug=0
log_stderror=yes
fork=yes
children=1
tcp_children=1
auto_aliases=no
dns=no
rev_dns=no
disable_tcp={"no" if "tcp:" in lines else "yes"}
mpath="{modules}/"
{lines}
loadmodule "sl.so"
request_route {{
  if (method == "OPTIONS") {{ sl_send_reply("200", "OK"); exit; }}
  sl_send_reply("403", "Forbidden");
}}
""")
    servers.start(where, name, [
        lab.find_program("kamailio"), "-DD", "-E", "-f", conf, "-m", "8",
        "-M", "4", "-P", servers.file(name + ".pid"),
        "-Y", servers.dir])
    for listen in listens:
        proto, address, port = listen.split(":")
        servers.expect(where, proto, address, int(port))


def forward(scenario, _net_data, where):
    if where != "gateway" or not scenario.of("sip-alg-drops"):
        return []
    return ['iifname "lan0" tcp dport 5060 tcp flags & psh == psh '
            "counter drop"]


def redirect(scenario, _net_data):
    import network
    if not scenario.of("sip-alg", "sip-silent"):
        return []
    return [f'iifname "lan0" ip daddr != {network.SITE4} tcp dport 5060 '
            f"counter redirect to :{ALG_PORT}"]


# The helper itself

class Pair:
    """The connection from inside, and ours to where it was meant to go."""

    def __init__(self, inside):
        self.inside = inside
        raw = inside.getsockopt(socket.SOL_IP, SO_ORIGINAL_DST, 16)
        port, address = struct.unpack("!2xH4s8x", raw)
        self.outside = socket.create_connection(
            (socket.inet_ntoa(address), port), timeout=3)
        self.own = "%s:%d" % self.outside.getsockname()
        self.client = "%s:%d" % inside.getpeername()


def swap(text, old, new):
    """In Via and Contact, as those helpers do, and nowhere else."""
    return re.sub(rb"(?im)^(Via|v|Contact|m)[ \t]*:.*$",
                  lambda m: m.group().replace(old, new), text)


def outward(pair, data):
    return swap(data, pair.client.encode(), pair.own.encode())


def inward(pair, data):
    data = swap(data, pair.own.encode(), pair.client.encode())
    own, client = pair.own.split(":"), pair.client.split(":")
    for name, i in ((b"received", 0), (b"rport", 1)):
        data = swap(data, name + b"=" + own[i].encode(),
                    name + b"=" + client[i].encode())
    return data


def serve(port, how):
    selector = selectors.DefaultSelector()
    listener = socket.create_server(("0.0.0.0", port))
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                inside, _ = listener.accept()
                if how == "silent":
                    selector.register(inside, selectors.EVENT_READ, None)
                    continue
                try:
                    pair = Pair(inside)
                except OSError:
                    inside.close()
                    continue
                for one in (pair.inside, pair.outside):
                    selector.register(one, selectors.EVENT_READ, pair)
            else:
                relay(selector, key.fileobj, key.data, how)


def relay(selector, source, pair, how):
    try:
        data = source.recv(65536)
        if pair is None:
            if not data:
                selector.unregister(source)
                source.close()
            return
        if data and source is pair.inside:
            pair.outside.sendall(outward(pair, data))
        elif data:
            pair.inside.sendall(
                data if how == "careless" else inward(pair, data))
    except OSError:
        data = b""
    if not data:
        for one in (pair.inside, pair.outside) if pair else (source,):
            selector.unregister(one)
            one.close()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
