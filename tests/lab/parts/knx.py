# SPDX-License-Identifier: MIT
"""A KNXnet/IP gateway in the group 224.0.23.12 (facts 1.11): it answers a
search at the address and port that the search names."""

import socket
import struct

import lan_devices
from lan_devices import DEVICES

PORT, GROUP = 3671, "224.0.23.12"
SERIAL, MAC = bytes.fromhex("00c501020304"), bytes.fromhex("02005e1000aa")


def hpai(address, port):
    return b"\x08\x01" + socket.inet_aton(address) + struct.pack("!H", port)


def response():
    device = b"\x36\x01\x02\x00" + struct.pack("!HH", 0x1101, 0) + SERIAL \
        + socket.inet_aton(GROUP) + MAC + b"Lab KNX gateway".ljust(30, b"\0")
    families = bytes((10, 2, 2, 1, 3, 1, 4, 1, 5, 1))
    body = hpai(DEVICES[1], PORT) + device + families
    return struct.pack("!BBHH", 6, 0x10, 0x0202, 6 + len(body)) + body


def answer(data, sender, _everybody):
    if len(data) != 14 or data[:8] != bytes.fromhex("06100201000e0801"):
        return []
    to = (socket.inet_ntoa(data[8:12]), struct.unpack("!H", data[12:])[0])
    return [(response(), sender if to == ("0.0.0.0", 0) else to)]


def start(servers):
    lan_devices.start(servers, "knx", PORT, {DEVICES[1]: answer}, [GROUP])
