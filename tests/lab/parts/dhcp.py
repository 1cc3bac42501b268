# SPDX-License-Identifier: MIT
"""DHCP: the gateway's dnsmasq gives out addresses, a time server (option 42)
and where the portal's API is (option 114, RFC 8910: there is none). The
laptop has a lease, in the file where systemd-networkd keeps it, and its
address has an end, as the kernel knows it.

no-dhcp      nobody gives out addresses, and the laptop's is fixed
lease-old    the laptop's lease was not renewed when it should have been
rogue-dhcp   a second server, on a device
"""

import os
import socket

import plan

LAPTOP, GATEWAY, MAC = plan.LAPTOP, plan.GATEWAY, "02:00:5e:10:00:50"
FAULTS = {"no-dhcp": ((), ()), "lease-old": ((), ()), "rogue-dhcp": ((), ())}

LEASE_S = 43200
PORTAL = "urn:ietf:params:capport:unrestricted"


def has_server(scenario):
    return not scenario.of("no-dhcp")


def resolvers(scenario):
    return scenario.resolvers or [GATEWAY]


def dnsmasq(scenario):
    if not has_server(scenario):
        return []
    pool = plan.spare(150)[-50:] or [LAPTOP]
    return [f"dhcp-range={pool[0]},{pool[-1]},{plan.NETMASK},12h",
            f"dhcp-host={MAC},{LAPTOP}",
            f"dhcp-option=42,{GATEWAY}",
            f"dhcp-option=114,{PORTAL}",
            *[f"dhcp-option=6,{','.join(r)}" for r in [resolvers(scenario)]
              if ":" not in "".join(r)],
            "dhcp-leasefile=/run/lab/dnsmasq.leases", "no-ping"]


def prepare(net, scenario):
    """The address has an end from here on. A lease that is old already needs
    a kernel that believes it, which none does: there the address stays
    without an end, and the file alone tells."""
    if has_server(scenario) and not scenario.of("lease-old"):
        net.ip("laptop", [f"address change {LAPTOP}/{plan.PREFIX} dev eth0 "
                          f"valid_lft {LEASE_S} preferred_lft {LEASE_S}"])


def write_lease(servers):
    with servers.net.inside("laptop"):
        index = socket.if_nametoindex("eth0")
    folder = "/run/systemd/netif/leases"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{index}", "w", encoding="ascii") as file:
        file.write("# This is private data. Do not parse.\n"
                   f"ADDRESS={LAPTOP}\nNETMASK={plan.NETMASK}\n"
                   f"ROUTER={GATEWAY}\n"
                   f"SERVER_ADDRESS={GATEWAY}\n"
                   f"T1={LEASE_S // 2}\nT2={LEASE_S // 8 * 7}\n"
                   f"LIFETIME={LEASE_S}\n"
                   f"DNS={' '.join(resolvers(servers.scenario))}\n"
                   f"NTP={GATEWAY}\n")
    folder = "/run/systemd/netif/links"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{index}", "w", encoding="ascii") as file:
        file.write("# This is private data. Do not parse.\n"
                   "ADMIN_STATE=configured\nOPER_STATE=routable\n"
                   f"CAPTIVE_PORTAL={PORTAL}\n")


def start_rogue(servers):
    from servers import find_program
    conf = servers.write("rogue.conf", "\n".join([
        "port=0", "no-ping", "user=root", "bind-interfaces",
        "interface=eth0", "dhcp-leasefile=/run/lab/rogue.leases",
        "pid-file=/run/lab/rogue.pid",
        "dhcp-range=10.20.30.200,10.20.30.210,255.255.255.0,1h"]) + "\n")
    servers.start("device", "rogue-dhcp", [
        find_program("dnsmasq"), "-d", "-C", conf,
        "--log-facility=-"])
    servers.expect("device", "udp", "0.0.0.0", 67)


def start(servers):
    if has_server(servers.scenario):
        write_lease(servers)
        servers.expect("gw", "udp", "0.0.0.0", 67)
    if servers.scenario.of("rogue-dhcp"):
        start_rogue(servers)
