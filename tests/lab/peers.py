# SPDX-License-Identifier: MIT
"""Plain clients of the lab's servers, for its own test: sockets only, so
that the program under test has no part in it."""

import os
import random
import select
import socket
import ssl
import struct
import time

IP_RECVERR, MSG_ERRQUEUE = 11, 0x2000
WAIT_S = 3.0
NTP_EPOCH = 2208988800


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


# DNS

def dns_question(name, kind, recurse):
    labels = b"".join(bytes((len(p),)) + p.encode()
                      for p in name.split(".")) + b"\0"
    ident = random.getrandbits(16)
    return struct.pack("!HHHHHH", ident, 0x0100 if recurse else 0, 1, 0, 0,
                       0) + labels + struct.pack("!HH", kind, 1)


def skip_name(data, at):
    while data[at] != 0:
        if data[at] >= 0xC0:
            return at + 2
        at += data[at] + 1
    return at + 1


def dns_parse(data):
    """(flags, answers as (kind, ttl, address))."""
    _, flags, nquestions, nanswers = struct.unpack("!HHHH", data[:8])
    at, found = 12, []
    for _ in range(nquestions):
        at = skip_name(data, at) + 4
    for _ in range(nanswers):
        at = skip_name(data, at)
        kind, _, ttl, size = struct.unpack("!HHIH", data[at:at + 10])
        rdata = data[at + 10:at + 10 + size]
        at += 10 + size
        if kind in (1, 28):
            text = socket.inet_ntop(
                socket.AF_INET if kind == 1 else socket.AF_INET6, rdata)
            found.append((kind, ttl, text))
    return flags, found


def dns_ask(server, name, kind=1, tcp=False, recurse=True):
    question = dns_question(name, kind, recurse)
    if not tcp:
        with socket.socket(family(server), socket.SOCK_DGRAM) as sock:
            sock.settimeout(WAIT_S)
            sock.connect((server, 53))
            sock.send(question)
            return dns_parse(sock.recv(4096))
    with socket.create_connection((server, 53), WAIT_S) as sock:
        sock.sendall(struct.pack("!H", len(question)) + question)
        data = b""
        while len(data) < 2 or len(data) < 2 + struct.unpack(
                "!H", data[:2])[0]:
            data += sock.recv(4096)
        return dns_parse(data[2:])


def rcode(flags):
    return flags & 15


# TCP, TLS, HTTP

def tcp_time(address, port, wait=WAIT_S, ttl=None):
    """Seconds that connecting took."""
    with socket.socket(family(address), socket.SOCK_STREAM) as sock:
        sock.settimeout(wait)
        if ttl:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        begun = time.monotonic()
        sock.connect((address, port))
        return time.monotonic() - begun


def tcp_failure(address, port, wait=0.5, ttl=None):
    """What failed: silence, refused, unreachable or none."""
    try:
        tcp_time(address, port, wait, ttl)
    except TimeoutError:
        return "silence"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return "unreachable"
    return "none"


def tls_talk(address, port, name, bundle, alpn=None, send=None, old=False):
    """(subject's issuer, protocol chosen, version, reply)."""
    context = ssl.create_default_context(cafile=bundle)
    if alpn:
        context.set_alpn_protocols(alpn)
    if old:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_connection((address, port), WAIT_S) as raw, \
            context.wrap_socket(raw, server_hostname=name) as sock:
        reply = b""
        if send:
            sock.sendall(send)
            sock.settimeout(WAIT_S)
            reply = sock.recv(65536)
        issuer = dict(pair[0] for pair in sock.getpeercert()["issuer"])
        return (issuer["commonName"], sock.selected_alpn_protocol(),
                sock.version(), reply)


def http_get(address, host, path, port=80):
    with socket.create_connection((address, port), WAIT_S) as sock:
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n"
                     "Connection: close\r\n\r\n".encode())
        data = b""
        while True:
            more = sock.recv(65536)
            if not more:
                break
            data += more
    head, _, body = data.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), head.decode("latin-1"), body


def tcp_say(address, port, text=b""):
    """What the other side says, at once or to text."""
    with socket.create_connection((address, port), WAIT_S) as sock:
        sock.settimeout(WAIT_S)
        if text:
            sock.sendall(text)
        return sock.recv(65536)


def stays_silent(address, port, seconds=0.3):
    """Accepts, says nothing and does not close."""
    with socket.create_connection((address, port), WAIT_S) as sock:
        return not select.select([sock], [], [], seconds)[0]


# UDP

def udp_say(address, port, data, wait=WAIT_S, source=0):
    with socket.socket(family(address), socket.SOCK_DGRAM) as sock:
        sock.settimeout(wait)
        sock.bind(("", source))
        sock.connect((address, port))
        sock.send(data)
        return sock.recv(65536)


def ntp_ask(address, wait=WAIT_S):
    """(stratum, leap, offset in seconds)."""
    nonce = os.urandom(8)
    data = udp_say(address, 123, b"\x23" + bytes(39) + nonce, wait)
    if data[24:32] != nonce:
        raise ValueError("the originate timestamp is not ours")
    seconds = struct.unpack("!I", data[40:44])[0] - NTP_EPOCH
    return data[1], data[0] >> 6, seconds - time.time()


def stun_ask(address, port):
    ident = os.urandom(12)
    data = udp_say(address, port, struct.pack(
        "!HHI", 1, 0, 0x2112A442) + ident)
    return data[:2] == b"\1\1" and data[8:20] == ident


def dtls_ask(address, port):
    """The handshake type that answers a hello without a cookie: 3 is
    HelloVerifyRequest."""
    suites = bytes.fromhex("c0aec02bc02c")
    groups = bytes.fromhex("000a00040002001700" "0b00020100"
                           "000d000400020403")
    body = (b"\xfe\xfd" + os.urandom(32) + b"\0\0"
            + struct.pack("!H", len(suites)) + suites + b"\1\0"
            + struct.pack("!H", len(groups)) + groups)
    length = struct.pack("!I", len(body))[1:]
    hello = b"\1" + length + b"\0\0" + b"\0\0\0" + length + body
    record = (b"\x16\xfe\xff\0\0" + bytes(6)
              + struct.pack("!H", len(hello)) + hello)
    data = udp_say(address, port, record)
    return data[13] if data[0] == 22 else -1


def group_heard(group, port, wait=1.5):
    """Does anything come to this group, or to everybody where it is None?"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((group or "255.255.255.255", port))
        if group:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                            socket.inet_aton(group) + bytes(4))
        return bool(select.select([sock], [], [], wait)[0])


# ICMP

def ping_time(address, wait=WAIT_S, size=0):
    """Seconds of one echo, by the socket that needs no privilege."""
    six = ":" in address
    proto = socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP
    with socket.socket(family(address), socket.SOCK_DGRAM, proto) as sock:
        sock.settimeout(wait)
        begun = time.monotonic()
        sock.sendto(struct.pack("!BBHHH", 128 if six else 8, 0, 0, 0, 1)
                    + bytes(size), (address, 0))
        sock.recv(1500)
        return time.monotonic() - begun


def icmp_error(address, port, proto="tcp", ttl=None, wait=0.6):
    """(type, code, offender) of the ICMP error that a flow meets, or None.
    IPv4."""
    kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        if ttl:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        sock.setblocking(False)
        sock.connect_ex((address, port))
        if proto == "udp":
            sock.send(bytes.fromhex("80000000") + bytes(8))
        poll = select.poll()
        poll.register(sock, select.POLLERR)
        if not poll.poll(wait * 1000):
            return None
        try:
            _, ancillary, _, _ = sock.recvmsg(512, 512, MSG_ERRQUEUE)
        except BlockingIOError:
            return None
        for _, _, data in ancillary:
            _, origin, itype, code = struct.unpack("=IBBB", data[:7])
            if origin == 2:
                return itype, code, socket.inet_ntoa(data[20:24])
    return None
