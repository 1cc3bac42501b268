# SPDX-License-Identifier: MIT
"""A BACnet/IP device on the Miniserver (facts 1.11): it says I-Am to
everybody when it is asked who it is, and lets properties be read."""

import struct

import lan_devices
from lan_devices import DEVICES, SUBNET

PORT = 47808
DEVICE_ID = struct.pack("!I", 8 << 22 | 4711)
ANY_ID = struct.pack("!I", 8 << 22 | 4194303)
I_AM = bytes.fromhex("1000c4") + DEVICE_ID + bytes.fromhex("2205c4910321ff")
WHO_IS = bytes.fromhex("1008")


def text(value):
    raw = b"\0" + value
    return bytes((0x75, len(raw))) + raw


PROPERTIES = {0x4D: text(b"Lab building"), 0x79: text(b"Lab vendor"),
              0x78: bytes.fromhex("21ff")}


def message(function, npdu, apdu):
    return struct.pack("!BBH", 0x81, function, 4 + len(npdu) + len(apdu)) \
        + npdu + apdu


def read_property(apdu):
    """00 05 invoke 0C, 0C object 19 property."""
    if len(apdu) != 11 or apdu[0] != 0 or apdu[3] != 0x0C:
        return None
    invoke, wanted, prop = apdu[2:3], apdu[5:9], apdu[10]
    if wanted not in (ANY_ID, DEVICE_ID):
        return b"\x50" + invoke + bytes.fromhex("0c9101911f")
    if prop not in PROPERTIES:
        return b"\x50" + invoke + bytes.fromhex("0c91029120")
    return b"\x30" + invoke + b"\x0c\x0c" + DEVICE_ID \
        + bytes((0x19, prop, 0x3E)) + PROPERTIES[prop] + b"\x3f"


def answer(data, sender, _everybody):
    if len(data) < 8 or data[0] != 0x81 or data[1] not in (0x0A, 0x0B) or \
            struct.unpack("!H", data[2:4])[0] != len(data) or data[4] != 1:
        return []
    npdu, apdu = data[5], data[6:]
    if npdu == 0 and apdu == WHO_IS:
        return [(message(0x0B, b"\1\0", I_AM), (SUBNET, PORT))]
    reply = read_property(apdu) if npdu == 4 else None
    return [(message(0x0A, b"\1\0", reply), sender)] if reply else []


def start(servers):
    lan_devices.start(servers, "bacnet", PORT, {DEVICES[0]: answer})
