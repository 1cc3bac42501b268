# SPDX-License-Identifier: MIT
"""Notes each new flow that the laptop sends, as the gateway's port sees it.

usage: flows.py INTERFACE FILE

Beside it, in FILE.table, how many entries the gateway's table of connections
has, with the time, whenever that has changed.

A line for each: the time in seconds (the kernel's, CLOCK_REALTIME), the
protocol, source, source port, destination, destination port. A flow is a TCP
connection that is asked for, the first datagram between two UDP ports, the
first ICMP echo with one identifier. Packets that are sent again are none.
"""

import socket
import struct
import sys
import threading
import time

ETH_P_ALL = 3
ETH_P_IP, ETH_P_IPV6 = 0x0800, 0x86DD
PACKET_OUTGOING = 4
SO_TIMESTAMPNS = 35
RECEIVE_BUFFER_BYTES = 4 << 20
HEAD_BYTES = 128
TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
NAMES = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMPV6: "icmp"}
ECHO = {ICMP: 8, ICMPV6: 128}
SYN, ACK = 0x02, 0x10
TABLE = "/proc/sys/net/netfilter/nf_conntrack_count"
SAMPLE_S = 0.02


def network_layer(frame):
    """(protocol, source, destination, the rest), or None. The laptop sends
    no fragments and no IPv6 extension headers ahead of what is asked."""
    kind = struct.unpack_from("!H", frame, 12)[0]
    packet = frame[14:]
    if kind == ETH_P_IP and len(packet) >= 20:
        return (packet[9], socket.inet_ntop(socket.AF_INET, packet[12:16]),
                socket.inet_ntop(socket.AF_INET, packet[16:20]),
                packet[(packet[0] & 15) * 4:])
    if kind == ETH_P_IPV6 and len(packet) >= 40:
        return (packet[6], socket.inet_ntop(socket.AF_INET6, packet[8:24]),
                socket.inet_ntop(socket.AF_INET6, packet[24:40]),
                packet[40:])
    return None


def flow_of(frame):
    """What tells one flow from another, or None for what begins none."""
    layer = network_layer(frame)
    if layer is None or len(layer[3]) < 8:
        return None
    protocol, source, destination, rest = layer
    low, high = struct.unpack_from("!HH", rest)
    if protocol == TCP:
        if len(rest) < 14 or rest[13] & (SYN | ACK) != SYN:
            return None
    elif protocol in ECHO:
        if rest[0] != ECHO[protocol]:
            return None
        low, high = struct.unpack_from("!H", rest, 4)[0], 0
    elif protocol != UDP:
        return None
    return NAMES[protocol], source, low, destination, high


def watch_table(path):
    """The file is that of the namespace whose thread reads it."""
    last = None
    with open(path, "w", encoding="ascii", buffering=1) as out:
        while True:
            with open(TABLE, encoding="ascii") as file:
                now = int(file.read())
            if now != last:
                out.write(f"{time.time():.3f} {now}\n")
                last = now
            time.sleep(SAMPLE_S)


def main():
    interface, path = sys.argv[1:]
    threading.Thread(target=watch_table, args=(path + ".table",),
                     daemon=True).start()
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                    RECEIVE_BUFFER_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.bind((interface, 0))
    seen = set()
    with open(path, "w", encoding="ascii", buffering=1) as file:
        print("ready", flush=True)
        while True:
            frame, extra, _, where = sock.recvmsg(HEAD_BYTES, 64)
            if where[2] == PACKET_OUTGOING:
                continue
            flow = flow_of(frame)
            if flow is None or flow in seen:
                continue
            seen.add(flow)
            seconds, nanoseconds = struct.unpack("qq", extra[0][2])
            file.write(f"{seconds}.{nanoseconds:09} "
                       + " ".join(map(str, flow)) + "\n")


if __name__ == "__main__":
    main()
