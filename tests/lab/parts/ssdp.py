# SPDX-License-Identifier: MIT
"""UPnP devices that answer a search (facts 1.2): the Miniserver as it is
known, and players on the Audioserver as an example of others."""

import lan_devices
from lan_devices import DEVICES

GROUP, PORT = "239.255.255.250", 1900
RENDERER = "urn:schemas-upnp-org:device:MediaRenderer:1"
# address: (USN's uuid, SERVER, LOCATION, types)
KNOWN = {
    DEVICES[0]: ("uuid:10d83b50-0003-1db3-8fff-504f94a00001",
                 "Loxone Miniserver Lab UPnP/1.0",
                 f"http://{DEVICES[0]}:80/upnp.xml", ()),
    DEVICES[1]: ("uuid:20d83b50-0003-1db3-8fff-504f94b00001",
                 "Linux/6.1 UPnP/1.0 lab player/1.0",
                 f"http://{DEVICES[1]}:7091/upnp.xml", (RENDERER,)),
}


def header(lines, name):
    for line in lines:
        key, colon, value = line.partition(":")
        if colon and key.strip().upper() == name:
            return value.strip()
    return ""


def answer_of(address):
    uuid, server, location, types = KNOWN[address]

    def answer(data, sender, _everybody):
        lines = data.decode("latin-1").split("\r\n")
        wanted = header(lines, "ST")
        if lines[0] != "M-SEARCH * HTTP/1.1" or \
                header(lines, "MAN") != '"ssdp:discover"':
            return []
        mine = ["upnp:rootdevice", uuid, *types]
        found = mine if wanted == "ssdp:all" else \
            [t for t in mine if t == wanted]
        return [("\r\n".join([
            "HTTP/1.1 200 OK", "CACHE-CONTROL: max-age=1800", "EXT:",
            f"LOCATION: {location}", f"SERVER: {server}", f"ST: {target}",
            f"USN: {uuid}" + ("" if target == uuid else f"::{target}"),
            "", ""]).encode("latin-1"), sender) for target in found]
    return answer


def start(servers):
    lan_devices.start(servers, "ssdp", PORT,
                      {a: answer_of(a) for a in KNOWN}, (GROUP,))
