# SPDX-License-Identifier: MIT
"""A busy local network ("noise"): other machines ask for names (NetBIOS,
LLMNR), announce themselves (mDNS, UPnP), look for servers (DHCP) and call
everybody on ports that nobody knows, about a hundred packets a second."""

import os
import random
import signal
import socket
import struct
import time

FAULTS = {"noise": ((), ())}

PERIOD_S = 0.01
STRANGERS = 25                  # machines that announce themselves by mDNS


def name_of(text):
    return b"".join(bytes((len(p),)) + p.encode()
                    for p in text.split(".")) + b"\0"


def mdns_answer(number):
    """A printer's PTR record (RFC 6762)."""
    target = name_of(f"Printer {number}._ipp._tcp.local")
    return (struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0)
            + name_of("_ipp._tcp.local")
            + struct.pack("!HHIH", 12, 1, 4500, len(target)) + target)


def notify(number):
    return (f"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
            f"NT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n"
            f"USN: uuid:noise-{number}::upnp:rootdevice\r\n"
            f"LOCATION: http://10.20.30.{number}/d.xml\r\n"
            f"CACHE-CONTROL: max-age=1800\r\nSERVER: noise\r\n\r\n").encode()


def what_comes(broadcast):
    """(bytes, address, port) of the next packet, without an end."""
    while True:
        number = random.randrange(STRANGERS)
        junk = random.randbytes(random.randrange(1, 300))
        yield random.choice((
            (mdns_answer(number), "224.0.0.251", 5353),
            (notify(number), "239.255.255.250", 1900),
            (struct.pack("!6H", number, 0, 1, 0, 0, 0)
             + name_of(f"pc{number}") + b"\0\1\0\1", "224.0.0.252", 5355),
            (junk, broadcast, 137), (junk, broadcast, 138),
            (junk, "255.255.255.255", random.randrange(1024, 65536)),
            (junk, "239.1.2.3", random.randrange(1024, 65536))))


def run(address, broadcast):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF,
                    socket.inet_aton(address))
    sock.bind((address, 0))
    for data, to, port in what_comes(broadcast):
        try:
            sock.sendto(data, (to, port))
        except OSError:
            pass                # nobody may hear it: no fault of the sender
        time.sleep(PERIOD_S)


def start(servers):
    import plan
    if not servers.scenario.of("noise"):
        return
    stranger = plan.spare(1)[0]
    servers.net.ip("device", [f"address add {stranger}/{plan.PREFIX} "
                              "dev eth0"])
    pid = os.fork()
    if pid != 0:
        servers.processes[pid] = "noise"
        return
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        with servers.net.inside("device"):
            run(stranger, plan.BROADCAST)
    finally:
        os._exit(1)
