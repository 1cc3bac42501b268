# SPDX-License-Identifier: MIT
"""Wi-Fi: what a laptop's adapter would have heard. No radio is simulated on
these machines, so a preloaded library (wifi_kernel.c) answers the command's
nl80211 questions, with messages that are made here from linux/nl80211.h and
the elements of IEEE 802.11.

wifi:  joined (the name of the laptop's own network, or left out), stations:
       a list of {ssid, channel, rates, security, hidden, mfp}
       rates: bg (802.11b and g), g (no 802.11b), b, n-only, ac-only
       security: psk, sae, psk+sae, eap, wpa1, wep, open
"""

import os
import socket
import struct

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIBRARY = "wifi_kernel.so"
FAULTS = {"wifi": (("stations",), ("joined",))}

CTRL, CTRL_GETFAMILY, CTRL_NEWFAMILY = 16, 3, 1
FAMILY = 28
GET_INTERFACE, NEW_INTERFACE, GET_SCAN, NEW_SCAN_RESULTS = 5, 7, 32, 34
ATTR_IFINDEX, ATTR_IFNAME, ATTR_IFTYPE, ATTR_BSS, ATTR_SSID = 3, 4, 5, 47, 52
BSS_BSSID, BSS_FREQUENCY, BSS_CAPABILITY, BSS_ELEMENTS = 1, 2, 5, 6
BSS_SIGNAL, BSS_STATUS, BSS_SEEN = 7, 9, 10
STATION, ASSOCIATED, MULTI = 2, 1, 2

# In 500 kbit/s, the top bit marks what a device must know.
RATES = {
    "bg": (b"\x82\x84\x8b\x96\x0c\x12\x18\x24", b"\x30\x48\x60\x6c"),
    "g": (b"\x8c\x12\x98\x24\xb0\x48\x60\x6c", b""),
    "b": (b"\x82\x84\x8b\x96", b""),
    "n-only": (b"\x8c\x12\x98\x24\xb0\x48\x60\x6c", b"\xff"),
    "ac-only": (b"\x8c\x12\x98\x24\xb0\x48\x60\x6c", b"\xfe"),
}
OUI = b"\x00\x0f\xac"
CCMP = OUI + b"\x04"
KEYS = {"psk": (2,), "sae": (8,), "psk+sae": (2, 8), "eap": (1,)}
WPA1 = (b"\x00\x50\xf2\x01\x01\x00\x00\x50\xf2\x02\x01\x00\x00\x50\xf2\x02"
        b"\x01\x00\x00\x50\xf2\x02")


def attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + \
        b"\0" * (-len(data) % 4)


def number(kind, value):
    return attribute(kind, struct.pack("=I", value & 0xffffffff))


def message(kind, command, body, flags=0):
    """struct nlmsghdr and struct genlmsghdr."""
    data = struct.pack("=BBH", command, 1, 0) + body
    return struct.pack("=IHHII", 16 + len(data), kind, flags, 0, 0) + data


def answer(kind, command, reply):
    return struct.pack("=III", kind, command, len(reply)) + reply


def element(kind, data):
    return bytes((kind, len(data))) + data


def rsn(keys, mfp):
    suites = b"".join(OUI + bytes((k,)) for k in keys)
    return element(48, b"\x01\x00" + CCMP + b"\x01\x00" + CCMP
                   + struct.pack("<H", len(keys)) + suites
                   + (b"\xc0\x00" if mfp else b"\x00\x00"))


def elements(station):
    name = b"" if station.get("hidden") else station["ssid"].encode()
    rates, more = RATES[station.get("rates", "bg")]
    security = station.get("security", "psk")
    out = element(0, name) + element(1, rates)
    if more:
        out += element(50, more)
    if security in KEYS:
        out += rsn(KEYS[security], station.get("mfp"))
    if security == "wpa1":
        out += element(221, WPA1)
    return out


def frequency(channel):
    if channel == 14:
        return 2484
    return 2407 + 5 * channel if channel < 14 else 5000 + 5 * channel


def bss(index, number_of, station, associated):
    open_ = station.get("security") == "open"
    body = attribute(BSS_BSSID, b"\x02\x00\x5e\x20\x00" + bytes((number_of,)))
    body += number(BSS_FREQUENCY, frequency(station["channel"]))
    body += attribute(BSS_CAPABILITY,
                      struct.pack("=H", 0x0401 if open_ else 0x0411))
    body += number(BSS_SIGNAL, -5200) + number(BSS_SEEN, 900)
    body += attribute(BSS_ELEMENTS, elements(station))
    if associated:
        body += number(BSS_STATUS, ASSOCIATED)
    return message(FAMILY, NEW_SCAN_RESULTS,
                   number(ATTR_IFINDEX, index) + attribute(ATTR_BSS, body),
                   MULTI)


def conversation(fault, index):
    joined = fault.get("joined")
    adapter = number(ATTR_IFINDEX, index) + \
        attribute(ATTR_IFNAME, b"eth0\0") + number(ATTR_IFTYPE, STATION)
    if joined:
        adapter += attribute(ATTR_SSID, joined.encode())
    out = answer(CTRL, CTRL_GETFAMILY, message(
        CTRL, CTRL_NEWFAMILY, attribute(1, struct.pack("=H", FAMILY))
        + attribute(2, b"nl80211\0")))
    out += answer(FAMILY, GET_INTERFACE,
                  message(FAMILY, NEW_INTERFACE, adapter, MULTI))
    mine = next((s for s in fault["stations"] if s["ssid"] == joined), None)
    for i, station in enumerate(fault["stations"]):
        out += answer(FAMILY, GET_SCAN,
                      bss(index, i, station, station is mine))
    return out


def build():
    """Outside, once: the library that stands for the kernel."""
    import enclosure
    enclosure.ensure_built(os.path.join(enclosure.BUILD, LIBRARY),
                           os.path.join(HERE, "wifi_kernel.c"),
                           ["-shared", "-fPIC", "-D_GNU_SOURCE", "-ldl"])


def start(servers):
    for fault in servers.scenario.of("wifi"):
        with servers.net.inside("laptop"):
            index = socket.if_nametoindex("eth0")
        with open(servers.file("wifi.nl"), "wb") as file:
            file.write(conversation(fault, index))


def environment(scenario):
    import enclosure
    if not scenario.of("wifi"):
        return {}
    return {"LD_PRELOAD": os.path.join(enclosure.BUILD, LIBRARY),
            "SITEWALK_LAB_WIFI": f"{enclosure.RUN}/wifi.nl"}
