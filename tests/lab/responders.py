# SPDX-License-Identifier: MIT
"""Small responders for what has no public server, or needs none: one
process a namespace, one table row a kind."""

import os
import selectors
import signal
import socket
import struct

STUN_COOKIE = 0x2112A442
MAX_BYTES = 65536


class Peer:
    """One TCP connection: what came so far, and who."""

    def __init__(self, sock, address, row):
        self.sock, self.address, self.row = sock, address, row
        self.data = b""


def mqtt_reply(peer):
    """CONNACK, accepted: 3.1.1 and 5.0 differ by one property length."""
    if len(peer.data) < 10 or peer.data[0] != 0x10:
        return b""
    level = peer.data[8]
    peer.data = b""
    return b"\x20\x03\x00\x00\x00" if level == 5 else b"\x20\x02\x00\x00"


def sip_reply(peer):
    """200 to OPTIONS, with the Via as a server returns it."""
    end = peer.data.find(b"\r\n\r\n")
    if peer.data == b"\r\n\r\n":
        peer.data = b""
        return b"\r\n"
    if end < 0:
        return b""
    head = peer.data[:end].lstrip(b"\r\n").decode("latin-1").split("\r\n")
    peer.data = peer.data[end + 4:]
    method = head[0].split(" ")[0]
    host, port = peer.address[0], peer.address[1]
    out = ["SIP/2.0 200 OK" if method == "OPTIONS" else
           "SIP/2.0 403 Forbidden"]
    for line in head[1:]:
        name, _, value = line.partition(":")
        name = name.strip().lower()
        if name in ("via", "v"):
            parts = [p for p in value.strip().split(";") if p != "rport"]
            if len(parts) != len(value.strip().split(";")):
                parts.append(f"rport={port}")
            parts.append(f"received={host}")
            out.append("Via: " + ";".join(parts))
        elif name in ("to", "t"):
            tag = "" if ";tag=" in value else ";tag=lab1"
            out.append("To:" + value + tag)
        elif name in ("from", "f", "call-id", "i", "cseq"):
            out.append(line)
    out += ["Allow: OPTIONS", "Accept: application/sdp",
            "Content-Length: 0", "", ""]
    return "\r\n".join(out).encode("latin-1")


# kind: (said at once, answer to what came); silent where there is neither.
TCP = {
    "accept": (b"", None),
    "mqtt": (b"", mqtt_reply),
    "sip": (b"", sip_reply),
}


def stun_answer(data, address):
    if len(data) < 20 or data[:2] != b"\0\1" or \
            struct.unpack("!I", data[4:8])[0] != STUN_COOKIE:
        return None
    port = address[1] ^ (STUN_COOKIE >> 16)
    plain = socket.inet_pton(socket.AF_INET, address[0])
    mixed = struct.unpack("!I", plain)[0] ^ STUN_COOKIE
    mapped = struct.pack("!HHBBHI", 0x0020, 8, 0, 1, port, mixed)
    return struct.pack("!HH", 0x0101, len(mapped)) + data[4:20] + mapped


def discovery_answer(data, _address):
    if data != b"\0":
        return None
    return (b"LoxLIVE: Lab 10.20.30.60:80 504F94A00001 17.0.3.31 "
            b"Prog:2026-01-01 12:00:00 Type:2 HwId:A0000 IPv6:,")


def tpi_answer(data, _address):
    """TPI Advanced: the version, every other command without an answer."""
    if len(data) != 8 or data[0] != 0x04:
        return None
    frame = (bytes((0xA1, data[1], 3, 2, 2, 130)) if data[2] == 0x1C else
             bytes((0xA2, data[1], 0)))
    check = 0
    for byte in frame:
        check ^= byte
    return frame + bytes((check,))


UDP = {
    "sink": None,
    "stun": stun_answer,
    "discovery": discovery_answer,
    "tpi": tpi_answer,
}


class Loop:
    def __init__(self):
        self.selector = selectors.DefaultSelector()

    def add(self, kind, address, port):
        if kind in UDP:
            sock = socket.socket(family(address), socket.SOCK_DGRAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if kind == "discovery":
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.bind((address, port))
            handler = (self.datagram, UDP[kind], kind)
        else:
            sock = socket.socket(family(address), socket.SOCK_STREAM)
            if not address.startswith("/"):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address if address.startswith("/") else
                      (address, port))
            sock.listen(512)
            handler = (self.accept, TCP[kind], kind)
        sock.setblocking(False)
        self.selector.register(sock, selectors.EVENT_READ, handler)

    def datagram(self, sock, answer, kind):
        data, address = sock.recvfrom(MAX_BYTES)
        reply = answer(data, address) if answer else None
        if reply is None:
            return
        sock.sendto(reply, address)
        if kind == "discovery" and address[1] != 7071:
            sock.sendto(reply, (address[0], 7071))

    def accept(self, sock, row, _kind):
        conn, address = sock.accept()
        conn.setblocking(False)
        if row[0]:
            conn.send(row[0])
        peer = Peer(conn, address, row)
        self.selector.register(conn, selectors.EVENT_READ,
                               (self.received, peer, ""))

    def received(self, sock, peer, _kind):
        data = sock.recv(MAX_BYTES)
        if not data:
            self.selector.unregister(sock)
            sock.close()
            return
        if peer.row[1] is None:
            return
        peer.data = (peer.data + data)[-MAX_BYTES:]
        reply = peer.row[1](peer)
        if reply:
            sock.send(reply)

    def run(self):
        while True:
            for key, _ in self.selector.select():
                function, argument, kind = key.data
                try:
                    function(key.fileobj, argument, kind)
                except BlockingIOError:
                    pass
                except OSError:
                    # A peer's reset ends its connection, nothing else.
                    if function == self.received:
                        self.selector.unregister(key.fileobj)
                        key.fileobj.close()


def family(address):
    if address.startswith("/"):
        return socket.AF_UNIX
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def start(rows):
    """Forks a process that answers rows of (kind, address, port), with all
    of them bound before it returns. Returns its id."""
    loop = Loop()
    for kind, address, port in rows:
        try:
            loop.add(kind, address, port)
        except OSError as error:
            raise OSError(f"{kind} on {address} {port}: {error.strerror}")
    pid = os.fork()
    if pid != 0:
        for key in list(loop.selector.get_map().values()):
            key.fileobj.close()
        loop.selector.close()
        return pid
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    status = 1
    try:
        loop.run()
    finally:
        os._exit(status)
