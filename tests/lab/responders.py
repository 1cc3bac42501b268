# SPDX-License-Identifier: MIT
"""Small responders for what has no public server, or needs none: one
process a namespace, one table row a kind."""

import os
import selectors
import signal
import socket
import struct

MAX_BYTES = 65536


class Peer:
    """One TCP connection: what came so far, and who."""

    def __init__(self, sock, address, row):
        self.sock, self.address, self.row = sock, address, row
        self.data = b""




# kind: (said at once, answer to what came); silent where there is neither.
TCP = {
    "accept": (b"", None),
}


UDP = {
    "sink": None,
}


class Loop:
    def __init__(self):
        self.selector = selectors.DefaultSelector()

    def add(self, kind, address, port):
        if kind in UDP:
            sock = socket.socket(family(address), socket.SOCK_DGRAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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
