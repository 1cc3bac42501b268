# SPDX-License-Identifier: MIT
"""Notes every packet that the laptop sends, as the gateway's port sees it.

usage: capture.py INTERFACE FILE

A line for each: the time in seconds, the protocol, source, source port,
destination, destination port, the bytes from the IP header on, the bytes
behind the TCP or UDP header, and the TCP flags as a number. For ICMP the
ports are 0 and the type; what is not IP has its number in place of a
protocol.
"""

import socket
import struct
import sys

from flows import ETH_P_ALL, ETH_P_IP, ETH_P_IPV6, PACKET_OUTGOING, \
    RECEIVE_BUFFER_BYTES, SO_TIMESTAMPNS, TCP, UDP, network_layer

HEAD_BYTES = 128
HOP_BY_HOP, ICMPV6, IGMP = 0, 58, 2
NAMES = {TCP: "tcp", UDP: "udp", 1: "icmp", ICMPV6: "icmp6", IGMP: "igmp"}
ETH_HEAD, IPV6_HEAD = 14, 40


def ip_bytes(frame, kind):
    if kind == ETH_P_IP:
        return struct.unpack_from("!H", frame, ETH_HEAD + 2)[0]
    return IPV6_HEAD + struct.unpack_from("!H", frame, ETH_HEAD + 4)[0]


def beyond_options(protocol, rest):
    """MLD stands behind a hop-by-hop header (RFC 3810 section 5)."""
    if protocol == HOP_BY_HOP and len(rest) > 8:
        return rest[0], rest[(rest[1] + 1) * 8:]
    return protocol, rest


def describe(frame):
    kind = struct.unpack_from("!H", frame, 12)[0]
    layer = network_layer(frame)
    if layer is None:
        return f"0x{kind:04x} - 0 - 0 {len(frame)} 0 0"
    protocol, source, destination, rest = layer
    total = ip_bytes(frame, kind)
    head = IPV6_HEAD if kind == ETH_P_IPV6 else (frame[ETH_HEAD] & 15) * 4
    protocol, rest = beyond_options(protocol, rest)
    low = high = flags = 0
    data = total - head
    if protocol in (TCP, UDP):
        low, high = struct.unpack_from("!HH", rest)
        data -= (rest[12] >> 4) * 4 if protocol == TCP else 8
        flags = rest[13] if protocol == TCP else 0
    elif rest:
        high = rest[0]
    return (f"{NAMES.get(protocol, protocol)} {source} {low} {destination} "
            f"{high} {total} {data} {flags}")


def main():
    interface, path = sys.argv[1:]
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                    RECEIVE_BUFFER_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.bind((interface, 0))
    with open(path, "w", encoding="ascii", buffering=1) as file:
        print("ready", flush=True)
        while True:
            frame, extra, _, where = sock.recvmsg(HEAD_BYTES, 64)
            if where[2] == PACKET_OUTGOING:
                continue
            seconds, nanoseconds = struct.unpack("qq", extra[0][2])
            file.write(f"{seconds}.{nanoseconds:09} {describe(frame)}\n")


main()
