# SPDX-License-Identifier: MIT
"""Devices of the site's local network that talk by UDP: each answers from
its own address to what is sent to it, to everybody, or to a group."""

import os
import selectors
import signal
import socket

import plan

# network.py reads the parts while it is loaded.
DEVICES = plan.DEVICES
EVERYBODY = "255.255.255.255"
SUBNET = plan.BROADCAST
MAX_BYTES = 65536


def bound(address, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sock.setblocking(False)
    sock.bind((address, port))
    return sock


def joined(group, port):
    sock = bound(group, port)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                    socket.inet_aton(group)
                    + socket.inet_aton(DEVICES[0]))
    return sock


class Devices:
    """handlers: {address: handler}; a handler takes the datagram, its sender
    and whether it was for everybody, and returns [(answer, to)]."""

    def __init__(self, port, handlers, groups):
        self.selector = selectors.DefaultSelector()
        self.handlers = handlers
        self.own = {a: bound(a, port) for a in handlers}
        for address, sock in self.own.items():
            self.watch(sock, [address], False)
        for address in (EVERYBODY, SUBNET):
            self.watch(bound(address, port), list(handlers), True)
        for group in groups:
            self.watch(joined(group, port), list(handlers), True)

    def watch(self, sock, addresses, everybody):
        self.selector.register(sock, selectors.EVENT_READ,
                               (addresses, everybody))

    def read(self, sock, addresses, everybody):
        data, sender = sock.recvfrom(MAX_BYTES)
        if sender[0] in self.own:
            return
        for address in addresses:
            for answer, to in self.handlers[address](data, sender,
                                                     everybody):
                self.own[address].sendto(answer, to)

    def run(self):
        while True:
            for key, _ in self.selector.select():
                try:
                    self.read(key.fileobj, *key.data)
                except OSError:
                    pass        # an ICMP error for an earlier answer

    def close(self):
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()


def start(servers, name, port, handlers, groups=()):
    """Forks a process; all is bound before it returns."""
    with servers.net.inside("device"):
        devices = Devices(port, handlers, groups)
    pid = os.fork()
    if pid != 0:
        devices.close()
        servers.processes[pid] = name
        return
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        devices.run()
    finally:
        os._exit(1)
