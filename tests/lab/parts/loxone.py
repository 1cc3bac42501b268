# SPDX-License-Identifier: MIT
"""Loxone's search: one byte 00 to UDP 7070. A Miniserver answers to port
7071, an Audioserver to the port of the sender (facts 1.1). What an Intercom
answers is not documented: here it takes the Audioserver's form."""

import json

import lan_devices
from lan_devices import DEVICES

PORT, ANSWER_PORT = 7070, 7071
MINISERVER = (
    b"LoxLIVE: Lab %s:80 504F94A00001 17.0.3.31 "
    b"Prog:2026-01-01 12:00:00 Type:2 HwId:A0000 "
    b"IPv6:,00000000:0/X,13106567:11021110/O") % DEVICES[0].encode()


def device_json(kind, name, mac, firmware):
    return json.dumps({"t": kind, "tv": "3", "n": name, "s": mac,
                       "v": firmware, "p": "7091", "hn": name.lower(),
                       "di": "1"}).encode()


AUDIOSERVER = device_json("Audioserver", "Music", "50:4F:94:A0:00:02",
                          "17.0.03.31")
INTERCOM = device_json("Intercom", "Door", "50:4F:94:A0:00:03",
                       "17.0.03.31")


def miniserver(data, sender, _everybody):
    return [(MINISERVER, (sender[0], ANSWER_PORT))] if data == b"\0" else []


def by_json(answer):
    return lambda data, sender, _: [(answer, sender)] if data == b"\0" else []


def start(servers):
    lan_devices.start(servers, "loxone", PORT, {
        DEVICES[0]: miniserver,
        DEVICES[1]: by_json(AUDIOSERVER),
        DEVICES[2]: by_json(INTERCOM)})
