# SPDX-License-Identifier: MIT
"""Time: a chronyd on the gateway, which answers whoever asks it, or whoever
asks anybody. And time servers of `hosts` that are no good:

ntp-unsynchronised  a chronyd that has no source of time
ntp-off             a server whose time is off by `seconds`, and which says
                    of itself that it is right
ntp-kiss            a server that refuses with the kiss code `code` (RFC 5905
                    section 7.4)
"""

import struct
import time

FAULTS = {
    "ntp-redirect": ((), ()),
    "ntp-server": ((), ()),         # no fault: the site's own time server
    "ntp-unsynchronised": (("hosts",), ()),
    "ntp-off": (("hosts", "seconds"), ()),
    "ntp-kiss": (("hosts", "code"), ()),
}

STRATUM = 9
PORT = 123
EPOCH = 2208988800              # 1900 to 1970, seconds


def stamp(seconds):
    whole = int(seconds)
    return struct.pack("!II", (whole + EPOCH) & 0xFFFFFFFF,
                       int((seconds - whole) * 2 ** 32))


def is_question(data):
    return len(data) >= 48 and data[0] & 7 == 3


def answer_off(seconds):
    def answer(data, _sender):
        if not is_question(data):
            return None
        now = time.time() + seconds
        head = struct.pack("!BBbbII4s", 0x24, 2, data[2], -20, 1 << 8,
                           1 << 8, bytes((192, 0, 2, 200)))
        return head + stamp(now - 20) + data[40:48] + stamp(now) + stamp(now)
    return answer


def answer_kiss(code):
    def answer(data, _sender):
        if not is_question(data):
            return None
        head = struct.pack("!BBbbII4s", 0xE4, 0, data[2], -20, 0, 0,
                           code.encode("ascii"))
        return head + stamp(0) + data[40:48] + stamp(time.time()) * 2
    return answer


def start(servers):
    start_false(servers)
    if not servers.scenario.of("ntp-redirect", "ntp-server"):
        return
    start_chrony(servers, "gw", "chrony-gateway",
                 [f"local stratum {STRATUM}"])
    servers.expect("gw", "udp", "0.0.0.0", PORT)
    servers.expect("gw", "udp", "::", PORT)


def start_chrony(servers, where, name, lines):
    import servers as lab        # which needs the parts first
    conf = servers.write(name + ".conf", "\n".join([
        *lines, "allow all", "cmdport 0", "bindcmdaddress /",
        f"pidfile {servers.file(name + '.pid')}"]) + "\n")
    servers.start(where, name, [lab.find_program("chronyd"), "-x", "-d",
                                "-u", "root", "-f", conf])


def start_false(servers):
    import responders
    rows = []
    for number, fault in enumerate(servers.scenario.of(
            "ntp-unsynchronised", "ntp-off", "ntp-kiss")):
        kind = f"{fault['type']}-{number}"
        if fault["type"] == "ntp-off":
            responders.UDP[kind] = answer_off(fault["seconds"])
        elif fault["type"] == "ntp-kiss":
            responders.UDP[kind] = answer_kiss(fault["code"])
        for name in fault["hosts"]:
            servers.false_clocks.add(name)
            addresses = servers.data.hosts[name].addresses
            if fault["type"] == "ntp-unsynchronised":
                start_chrony(servers, "inet", "chrony-" + name,
                             [f"bindaddress {a}" for a in addresses])
            rows += [(kind, a, PORT) for a in addresses
                     if kind in responders.UDP]
            for address in addresses:
                servers.expect("inet", "udp", address, PORT)
    if rows:
        servers.respond("inet", rows)


def redirect(scenario, _net_data):
    import network
    if not scenario.of("ntp-redirect"):
        return []
    return [f'iifname "lan0" {word} daddr != {net} udp dport 123 counter '
            "redirect" for word, net in (("ip", network.SITE4),
                                         ("ip6", network.SITE6))]
