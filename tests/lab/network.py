# SPDX-License-Identifier: MIT
"""The site's namespaces, links, addresses, routes and base rules."""

import ctypes
import os
import subprocess
from contextlib import contextmanager

import plan
from internet import LabError, is_v6

CLONE_NEWNS = 0x00020000
CLONE_NEWNET = 0x40000000

# The routers behind the gateway, the provider's among them, as on an ordinary
# way; a scenario may ask for another number.
HOPS = 7

LAPTOP = (plan.LAPTOP, "2001:db8:30::50")
DEVICES = plan.DEVICES
DEVICE6 = "2001:db8:30::60"
GATEWAY = (plan.GATEWAY, "2001:db8:30::1")
GATEWAY_WAN = ("192.0.2.2", "2001:db8:ff:1::2")
ISP_SITE = ("192.0.2.1", "2001:db8:ff:1::1")
SITE4, SITE6 = str(plan.LAN), "2001:db8:30::/64"
WAN4, WAN6 = "192.0.2.0/30", "2001:db8:ff:1::/64"

# One way through the ISP, and the ISP's own answers, in microseconds.
TRANSIT_US = 12500
ISP_REPLY_US = 8000
QUEUE_OUT, QUEUE_BACK, QUEUE_ISP = 1, 2, 3

# The DTLS server listens this many ports above the one it answers for.
DTLS_ASIDE = 20000
# The inspecting proxy looks at names this many ports above where it mints.
EXEMPT_ASIDE = 50

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result != 0:
        error = ctypes.get_errno()
        raise LabError(f"{what}: {os.strerror(error)}")


def current_netns():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def setns(fd, what):
    check(libc.setns(fd, CLONE_NEWNET), f"entering {what}")


class Network:
    """Holds one descriptor a namespace."""

    def __init__(self, hops=HOPS):
        self.home = current_netns()
        self.fds = {}
        # The way from the provider to the servers.
        self.way = ["isp", *[f"transit{n}" for n in range(1, hops)], "inet"]
        for name in ["laptop", "device", "gw", *self.way]:
            check(libc.unshare(CLONE_NEWNET), f"a namespace for {name}")
            self.fds[name] = current_netns()
        setns(self.home, "the lab's own namespace")

    @contextmanager
    def inside(self, name):
        setns(self.fds[name], name)
        try:
            yield
        finally:
            setns(self.home, "the lab's own namespace")

    def transits(self):
        return self.way[1:-1]

    def inode(self, name):
        return os.fstat(self.fds[name]).st_ino

    def path(self, name):
        return f"/proc/{os.getpid()}/fd/{self.fds[name]}"

    def ip(self, name, lines):
        with self.inside(name):
            run(["ip", "-batch", "-"], "\n".join(lines) + "\n", name)

    def nft(self, name, text):
        with self.inside(name):
            run(["nft", "-f", "-"], text, name)

    def links(self, name):
        with self.inside(name):
            out = run(["ip", "-o", "-d", "link", "show"], "", name)
        return out.splitlines()


def run(argv, text, where):
    try:
        done = subprocess.run(argv, input=text, capture_output=True,
                              text=True)
    except FileNotFoundError:
        raise LabError(f"no program {argv[0]}: install "
                       + {"ip": "iproute2", "nft": "nftables"}[argv[0]])
    if done.returncode != 0:
        raise LabError(f"{' '.join(argv)} in {where} failed:\n"
                       + done.stderr.strip())
    return done.stdout


def sysctl(key, value, must=True):
    path = "/proc/sys/" + key.replace(".", "/")
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(value)
    except OSError as error:
        if must:
            raise LabError(f"{path}: {error.strerror}")


def prepare_kernel(net):
    for name in net.fds:
        with net.inside(name):
            for which in ("all", "default"):
                sysctl(f"net.ipv4.conf.{which}.rp_filter", "0")
                sysctl(f"net.ipv6.conf.{which}.accept_dad", "0", must=False)
                sysctl(f"net.ipv6.conf.{which}.accept_ra", "0", must=False)
            if name in ["gw", "isp", *net.transits()]:
                sysctl("net.ipv4.ip_forward", "1")
                sysctl("net.ipv6.conf.all.forwarding", "1", must=False)
            # Only there when the host has loaded br_netfilter.
            sysctl("net.bridge.bridge-nf-call-iptables", "0", must=False)
            sysctl("net.bridge.bridge-nf-call-ip6tables", "0", must=False)


def allow_ping(net):
    """What most distributions ship, as far as this user namespace can."""
    with net.inside("laptop"):
        for value in ("0 2147483647", "0 0"):
            try:
                sysctl("net.ipv4.ping_group_range", value)
                return
            except LabError:
                continue
    raise LabError("net.ipv4.ping_group_range refuses every group")


def veth(a, b, peer_path, mac_a, mac_b):
    return (f"link add {a} address {mac_a} type veth peer name {b} "
            f"address {mac_b} netns {peer_path}")


def mac(n):
    return f"02:00:5e:10:00:{n:02x}"


def build_links(net):
    """The gateway's own port is a wire to the switch, as on a real box. A
    bridge with addresses of its own would do, but hears of its carrier up to
    a second late, and until then answers nobody over IPv6. The switch itself
    must not answer for the gateway's address."""
    net.ip("gw", [
        "link set lo up",
        "link add switch type bridge stp_state 0 forward_delay 0",
        "link set switch arp off addrgenmode none",
        f"link add lan0 address {mac(1)} type veth peer name port2 "
        f"address {mac(10)}",
        veth("port0", "eth0", net.path("laptop"), mac(2), mac(0x50)),
        veth("port1", "eth0", net.path("device"), mac(3), mac(0x60)),
        veth("wan0", "site0", net.path("isp"), mac(4), mac(5)),
        *[f"link set {d} master switch" for d in ("port0", "port1",
                                                   "port2")],
    ])
    # Each router's port towards the servers is core0, the next one's towards
    # the site is site0.
    for number, (near, far) in enumerate(zip(net.way, net.way[1:])):
        net.ip(near, [
            "link set lo up",
            veth("core0", far_port(net, far), net.path(far),
                 mac(0x80 + 2 * number), mac(0x81 + 2 * number)),
        ])


def far_port(net, name):
    return "core0" if name == net.way[-1] else "site0"


def wire(number):
    """Both ends of the wire behind the router of that number, the one towards
    the site first."""
    return ((f"198.18.0.{4 * number + 1}", f"2001:db8:ff:{2 + number}::1"),
            (f"198.18.0.{4 * number + 2}", f"2001:db8:ff:{2 + number}::2"))


def build_addresses(net, hosts):
    def both(pair, plen4, plen6, dev):
        return [f"address add {pair[0]}/{plen4} dev {dev}",
                f"address add {pair[1]}/{plen6} dev {dev} nodad"]

    net.ip("laptop", ["link set lo up",
                      *both(LAPTOP, plan.PREFIX, 64, "eth0"),
                      "link set eth0 up",
                      f"route add default via {GATEWAY[0]}",
                      f"route add ::/0 via {GATEWAY[1]}"])
    net.ip("device", ["link set lo up",
                      *[f"address add {a}/{plan.PREFIX} dev eth0"
                        for a in DEVICES],
                      f"address add {DEVICE6}/64 dev eth0 nodad",
                      "link set eth0 up",
                      f"route add default via {GATEWAY[0]}",
                      f"route add ::/0 via {GATEWAY[1]}"])
    net.ip("gw", [*both(GATEWAY, plan.PREFIX, 64, "lan0"),
                  *both(GATEWAY_WAN, 30, 64, "wan0"),
                  *[f"link set {d} up" for d in ("port0", "port1", "port2",
                                                 "lan0", "switch", "wan0")],
                  f"route add default via {ISP_SITE[0]}",
                  f"route add ::/0 via {ISP_SITE[1]}"])
    for number, name in enumerate(net.way):
        near = wire(number - 1) if number else (GATEWAY_WAN, ISP_SITE)
        back, here = near
        lines = [f"link set {far_port(net, name)} up",
                 *both(here, 30, 64, far_port(net, name)),
                 f"route add {SITE6} via {back[1]}"]
        if not plan.CHOSEN["nat"]:
            lines += [f"route add {SITE4} via {back[0]}"]
        if number:
            lines += [f"route add {WAN4} via {back[0]}",
                      f"route add {WAN6} via {back[1]}"]
        if name == net.way[-1]:
            lines += ["link set lo up",
                      *[f"address add {a}/{128 if is_v6(a) else 32} dev lo"
                        + (" nodad" if is_v6(a) else "") for a in hosts]]
        else:
            here, there = wire(number)
            lines += [*both(here, 30, 64, "core0"), "link set core0 up",
                      f"route add default via {there[0]}",
                      f"route add ::/0 via {there[1]}"]
        net.ip(name, lines)


def elements(addresses, six):
    return ", ".join(sorted({str(a) for a in addresses if is_v6(a) == six}))


def inet_rules(net_data):
    """Time comes only from time servers; a phone server's media range is
    silent without a call."""
    ntp = [a for a, _, _ in net_data.endpoints("ntp")]
    lines = []
    for six, proto in ((False, "ip"), (True, "ip6")):
        listed = elements(ntp, six)
        if listed:
            lines.append(f"udp dport 123 {proto} daddr != {{ {listed} }} "
                         "reject")
    for address, service, _ in net_data.endpoints("sink"):
        if service.high > service.low:
            proto = "ip6" if is_v6(address) else "ip"
            lines.append(f"{proto} daddr {address} udp dport "
                         f"{service.low}-{service.high} drop")
    aside = [f"ip daddr {a} udp dport {s.low} dnat ip to "
             f"{a}:{s.low + DTLS_ASIDE}"
             for a, s, _ in net_data.endpoints("dtls")]
    body = "\n    ".join(lines)
    aside = "\n    ".join(aside)
    return f"""table inet hosts {{
  chain prerouting {{
    type nat hook prerouting priority dstnat;
    {aside}
  }}
  chain input {{
    type filter hook input priority filter;
    {body}
  }}
}}
"""


def isp_rules(faults="", table="isp"):
    return f"""table inet {table} {{
  chain forward {{
    type filter hook forward priority filter - 10;
    {faults}
  }}
}}
"""


def vendor_rules(faults=""):
    """At the servers themselves, whose own addresses answer."""
    return f"""table inet vendor {{
  chain input {{
    type filter hook input priority filter - 10;
    {faults}
  }}
}}
"""


def delay_rules(icmp, first=()):
    """For iptables-restore, since many kernels' nft has no queue verdict:
    transit each way, and the ISP's own answers. What the first rules take
    goes another way."""
    def queue(n):
        return f"-j NFQUEUE --queue-num {n} --queue-bypass"
    skip = "".join(f"-A OUTPUT -p icmpv6 --icmpv6-type {t} -j ACCEPT\n"
                   for t in (135, 136)) if icmp == "icmpv6" else ""
    others = "".join(f"{line}\n" for line in first)
    return f"""*filter
{others}-A FORWARD -i site0 {queue(QUEUE_OUT)}
-A FORWARD -i core0 {queue(QUEUE_BACK)}
{skip}-A OUTPUT -p {icmp} {queue(QUEUE_ISP)}
COMMIT
"""


def gateway_rules(forward="", redirect=""):
    masquerade = (f'oifname "wan0" ip saddr {SITE4} masquerade'
                  if plan.CHOSEN["nat"] else "")
    return f"""table inet site {{
  chain prerouting {{
    type nat hook prerouting priority dstnat;
    {redirect}
  }}
  chain postrouting {{
    type nat hook postrouting priority srcnat;
    {masquerade}
  }}
  chain forward {{
    type filter hook forward priority filter; policy drop;
    {forward}
    ct state established,related accept
    iifname "lan0" accept
  }}
  chain input {{
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iifname {{ "lan0", "lo" }} accept
    meta l4proto {{ icmp, ipv6-icmp }} accept
  }}
}}
"""


def build(net_data, hops=HOPS):
    """The whole site without its servers."""
    net = Network(hops)
    prepare_kernel(net)
    build_links(net)
    build_addresses(net, net_data.addresses())
    net.nft("inet", inet_rules(net_data))
    verify_closed(net)
    return net


def verify_closed(net):
    """Refuses a site that could reach anything outside itself: in all its
    namespaces only loopback, the bridge, and wires between themselves."""
    for name in net.fds:
        for line in net.links(name):
            device = line.split(": ")[1]
            if device in ("lo", "switch"):
                continue
            # Unused tunnel templates (tunl0, sit0 ...) are down.
            if "state DOWN" in line and " veth" not in line:
                continue
            if " veth" not in line:
                raise LabError(f"{name} has an interface that the lab did "
                               f"not make: {device}. It refuses to start.")
