# SPDX-License-Identifier: MIT
"""Of the lab's own test: lines that lose, delay and reorder, and resolvers
that are old; each measured without the program under test."""

import socket
import struct
import time

import network
import peers

FAR = "203.0.113.70"
PINGS = 200


def within(value, low, high):
    return True if low <= value <= high else f"{value:.4f}"


def ping_times(count, size=0, wait=0.4):
    """Seconds of each echo that came back."""
    found = []
    for _ in range(count):
        try:
            found.append(peers.ping_time(FAR, wait, size))
        except TimeoutError:
            pass
    return found


def loses(percent):
    """Of so few pings the share is not exact."""
    lost = PINGS - len(ping_times(PINGS))
    return within(lost, 0 if percent < 5 else 1, PINGS * percent / 50 + 6)


def is_slow(kbit_s):
    """A long packet waits for its bits, each way."""
    longer = min(ping_times(15, 1200)) - min(ping_times(15))
    each_way = 1200 * 8 / kbit_s / 1000
    return within(longer, each_way * 1.9, each_way * 2.6)


def varies(jitter_ms):
    times = ping_times(40)
    return within(max(times) - min(times), jitter_ms / 1000,
                  jitter_ms / 500 + 0.02)


def name_takes(ms):
    begun = time.monotonic()
    peers.dns_ask(network.GATEWAY[0], "shop.loxone.com")
    return within(time.monotonic() - begun, ms / 1000, ms / 1000 + 0.3)


def old_resolver(truncates):
    """Of one question with an OPT record: the code, and whether it was cut
    short."""
    question = bytearray(peers.dns_question("api.zencontrol.com", 1, True))
    question[11] = 1
    question += b"\0" + struct.pack("!HHIH", 41, 1232, 0, 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(peers.WAIT_S)
        sock.sendto(question, (network.GATEWAY[0], 53))
        flags = struct.unpack("!H", sock.recv(512)[2:4])[0]
    got = (peers.rcode(flags), bool(flags & 0x0200))
    want = (0, True) if truncates else (1, False)
    return True if got == want else repr(got)


def no_ipv6():
    try:
        peers.tcp_time("2001:db8:c::71", 443)
    except OSError as error:
        return True if error.errno == 101 else repr(error)
    return "it connects"


def check(promise, fault):
    """Adds what a fault of these promises."""
    kind = fault["type"]
    if kind == "bad-link":
        if fault.get("loss_percent"):
            promise("the line loses packets", loses, fault["loss_percent"])
        if fault.get("kbit_s"):
            promise("the line is slow", is_slow, fault["kbit_s"])
        if fault.get("jitter_ms"):
            promise("the line's delay varies", varies, fault["jitter_ms"])
    elif kind == "far" and fault.get("port") == 53:
        promise("a name takes its time", name_takes, fault["ms"])
    elif kind == "dns-old":
        promise("the resolver is an old one", old_resolver,
                fault.get("truncates", False))
    elif kind == "ipv4-only":
        promise("there is no IPv6", no_ipv6)
