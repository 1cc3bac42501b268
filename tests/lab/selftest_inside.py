# SPDX-License-Identifier: MIT
"""The lab's own test, run on the site's laptop: a line for each promise."""

import os
import re
import socket
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.pycache_prefix = os.path.join(os.path.dirname(os.path.dirname(HERE)),
                                  "build", "lab", "pycache")

import internet  # noqa: E402
import network  # noqa: E402
import peers  # noqa: E402
import scenario as scenarios  # noqa: E402
import selftest_links  # noqa: E402
from parts import stun, tls  # noqa: E402

RESOLVER = network.GATEWAY[0]
BUNDLE = os.environ.get("SITEWALK_CA_BUNDLE", "")
CERTS = os.path.dirname(BUNDLE)
AT_ONCE = 5
INSPECTION = "Acme Corp TLS Inspection CA"
PUBLIC = "Sitewalk Lab Public Issuer 1"
checks = []


def promise(text, function, *args):
    checks.append((text, function, args))


def run_checks():
    def one(check):
        text, function, args = check
        try:
            result = function(*args)
        except Exception as error:      # a check that breaks has failed
            result = f"{type(error).__name__}: {error}"
        good = result is True or result is None
        return f"ok {text}" if good else f"FAIL {text}: {result}"

    with ThreadPoolExecutor(16) as pool:
        for line in pool.map(one, checks):
            print(line)


def near(value, low, high):
    return True if low <= value <= high else f"{value:.4f}"


def same(got, want):
    return True if got == want else f"{got!r} instead of {want!r}"


# Enclosure

# Of linux/capability.h: CAP_NET_BIND_SERVICE is 10, CAP_NET_RAW is 13.
RIGHTS = 1 << 10 | 1 << 13


def only_capabilities(wanted):
    with open("/proc/self/status") as file:
        caps = [line.split() for line in file if line.startswith("Cap")]
    return same({int(c[1], 16) for c in caps}, {wanted})


def only_own_links(more=()):
    with open("/proc/self/net/dev") as file:
        found = {line.split(":")[0].strip() for line in file if ":" in line}
    # A kernel may give every namespace tunnel templates; they are down.
    up = {n for n in found if not n.endswith("0") or n in ("eth0", "lan0")}
    return same(up | {"eth0"} if "eth0" in found else found,
                {"lo", "eth0", *more})


def own_namespace():
    return same(str(os.stat("/proc/self/ns/net").st_ino),
                os.environ["SITEWALK_LAB_NETNS"])


def no_host_sockets():
    # mdnsd is the lab's own, and knows no other place for its number.
    return same([e for e in os.listdir("/run") if e != "lab"
                 and e not in ("systemd", "resolvconf", "NetworkManager",
                               # of servers of the site itself
                               "rpcbind.sock", "rpcbind.lock",
                               "mdnsd.pid")],
                [])


def silent_beyond(address):
    return same(peers.tcp_failure(address, 443), "silence")


def setuid_is_harmless():
    done = subprocess.run(["unshare", "-n", "true"], capture_output=True)
    return True if done.returncode else "it may make namespaces"


# Names

def resolves(host):
    want4 = {a for a in host.addresses + host.records
             if not internet.is_v6(a)}
    want6 = {a for a in host.addresses + host.records if internet.is_v6(a)}
    got = {}
    for kind in (1, 28):
        flags, answers = peers.dns_ask(RESOLVER, host.name, kind)
        if peers.rcode(flags) != 0 or not flags & 0x80:
            return f"flags {flags:#x}"
        if any(ttl > 60 for _, ttl, _ in answers):
            return "a TTL over 60"
        got[kind] = {a for _, _, a in answers}
    return same((got[1], got[28]), (want4, want6))


def authoritative(server, name, tcp):
    flags, answers = peers.dns_ask(server, name, tcp=tcp, recurse=False)
    return True if flags & 0x0400 and not flags & 0x80 and answers else \
        f"flags {flags:#x}, {len(answers)} answers"


def resolver_code(name, want, tcp=False):
    flags, _ = peers.dns_ask(RESOLVER, name, tcp=tcp)
    return same(peers.rcode(flags), want)


# Services

def tls_public(address, port, name, alpn, want):
    issuer, chosen, _, _ = peers.tls_talk(address, port, name, BUNDLE, alpn,
                                          old=True)
    return same((issuer, chosen), (PUBLIC, want))


def tls_private(address, port, name, authority):
    done = subprocess.run(
        ["openssl", "s_client", "-connect",
         f"{internet.bracket(address)}:{port}", "-servername", name,
         "-showcerts", "-CAfile", f"{CERTS}/{authority}.pem"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL)
    out = done.stdout
    facts = (out.count("BEGIN CERTIFICATE") // 2
             if "Server certificate\n-----BEGIN" in out else
             out.count("BEGIN CERTIFICATE"),
             "Verify return code: 0 (ok)" in out,
             "New, TLSv1.2" in out, "Client Certificate Types" in out)
    return True if facts[1:] == (True, True, True) and facts[0] == 1 else \
        repr(facts)


def http_status(address, name, path, port, want, text=b""):
    status, head, body = peers.http_get(address, name, path, port)
    if "\r\nDate: " not in head:
        return "no Date"
    return same(status, want) if text in body else repr(body[:80])


def time_of(host, address):
    stratum, leap, offset = peers.ntp_ask(address)
    good = stratum == host.stratum and leap == 0 and abs(offset) < 2
    return True if good else f"stratum {stratum}, leap {leap}, {offset:.1f}"


def round_trip(address, port):
    best = min(peers.tcp_time(address, port) for _ in range(5))
    return near(best, 0.0245, 0.035)


def isp_answers():
    best = min(peers.ping_time(network.ISP_SITE[0]) for _ in range(5))
    return near(best, 0.0075, 0.015)


def starts_with(address, port, begin, text=b""):
    said = peers.tcp_say(address, port, text)
    return True if said.startswith(begin) else repr(said[:40])


def mqtt_accepts(address, port, name):
    said = peers.tls_talk(address, port, name, BUNDLE, send=bytes.fromhex(
        "101000044d5154540402001e00046e6d6170"))[3]
    return same(said, b"\x20\x02\0\0")


SIP = ("OPTIONS sip:lab SIP/2.0\r\nVia: SIP/2.0/TCP 10.20.30.50:9;branch="
       "z9hG4bK1;rport\r\nMax-Forwards: 70\r\nTo: <sip:lab>\r\nFrom: "
       "<sip:me>;tag=1\r\nCall-ID: x1\r\nCSeq: 1 OPTIONS\r\n"
       "Content-Length: 0\r\n\r\n").encode()


def udp_is_swallowed(address, port):
    if peers.icmp_error(address, port, "udp", wait=0.2) is not None:
        return "an ICMP error"
    return same(peers.icmp_error(address, port, "udp", 2),
                (11, 0, network.ISP_SITE[0]))


def psk_server():
    """openssl's own client, with the lab's key and with a wrong one."""
    for key, good in ((tls.KEY, True), ("00" * 16, False)):
        done = subprocess.run(
            ["openssl", "s_client", "-tls1_2", "-cipher", "PSK", "-psk", key,
             "-connect", f"{network.DEVICES[3]}:{tls.PORT}"],
            capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if (done.returncode == 0) != good:
            return f"key {key}: {done.stderr[-200:]}"


def check_services(net):
    for address, service, host in net.endpoints("web", "https", "h2", "tls",
                                                "mqtt"):
        port = service.low or 443
        h2 = service.kind in ("web", "https", "h2")
        promise(f"TLS {host.name} {address} {port}", tls_public, address,
                port, host.name, ["h2", "http/1.1"] if h2 else None,
                "h2" if h2 else None)
    for address, service, host in net.endpoints("private"):
        promise(f"private TLS {host.name} {service.low}", tls_private,
                address, service.low, host.name,
                net.groups[host.group].authority)
    for address, service, host in net.endpoints("web", "http"):
        promise(f"HTTP {host.name} {address}", http_status, address,
                host.name, "/nothing", service.low or 80, 200)
    for name, items in net.content.items():
        host = net.hosts[name]
        port = next((s.low for s in host.services if s.kind == "http"), 80)
        for item in items:
            promise(f"content {name}{item['path']}", http_status,
                    host.addresses[0], name, item["path"], port,
                    item.get("status", 200),
                    item.get("body", "").encode()[:30])
    for address, _, host in net.endpoints("ntp"):
        promise(f"NTP {host.name} {address}", time_of, host, address)
    for address, service, host in net.endpoints("ssh"):
        promise(f"SSH {host.name}", starts_with, address, service.low,
                b"SSH-2.0-")
    for address, service, host in net.endpoints("sip"):
        promise(f"SIP {address}", starts_with, address, service.low,
                b"SIP/2.0 200", SIP)
    for address, service, host in net.endpoints("mqtt"):
        promise(f"MQTT {host.name}", mqtt_accepts, address, service.low,
                host.name)
    for address, service, host in net.endpoints("accept"):
        promise(f"silent TCP {address} {service.low}", peers.stays_silent,
                address, service.low)
    for address, service, host in net.endpoints("stun"):
        promise(f"STUN {host.name}", peers.stun_ask, address, service.low)
    for address, service, host in net.endpoints("dtls"):
        promise(f"DTLS {address} asks for a cookie", lambda a, p: same(
            peers.dtls_ask(a, p), 3), address, service.low)


def check_healthy(net):
    promise("groups and broadcasts are heard", heard, True, True)
    for name in ("198.51.100.200", "203.0.113.254", "192.0.2.77"):
        promise(f"nothing answers at {name}", silent_beyond, name)
    for host in net.hosts.values():
        promise(f"DNS {host.name}", resolves, host)
    promise("DNS over TCP", resolver_code, "api.zencontrol.com", 0, True)
    promise("NXDOMAIN for what is not there", resolver_code,
            "nothing-here.invalid", 3)
    for server, _, host in net.endpoints("dns"):
        for tcp in (False, True):
            promise(f"{host.name} is authoritative, "
                    + ("TCP" if tcp else "UDP"), authoritative, server,
                    "mcs1.mcs.csdvrs.com", tcp)
    check_services(net)
    promise("port 21 of an internet host is closed", lambda: same(
        peers.tcp_failure("198.51.100.10", 21), "refused"))
    promise("NTP only from time servers", lambda: same(peers.icmp_error(
        "198.51.100.10", 123, "udp")[:2], (3, 3)))
    for device, port in ((0, 80), (0, 443), (0, 21), (1, 111), (1, 2049),
                         (1, 4070), (0, 5000), (3, 5110), (1, 7000),
                         (1, 7091), (1, 7095), (2, 7091)):
        promise(f"LAN device TCP {device} {port}", lambda d, p: same(
            peers.tcp_failure(network.DEVICES[d], p), "none"), device, port)
    promise("the controller's TLS-PSK", psk_server)
    promise("LAN device discovery", lambda: peers.udp_say(
        network.DEVICES[0], 7070, b"\0", source=7071).startswith(b"LoxLIVE"))
    promise("LAN device TPI", lambda: peers.udp_say(
        network.DEVICES[3], 5108, bytes.fromhex("04001c0000000018"))[:1]
        == b"\xa1")


def check_timing():
    """Alone, since 16 at once on a small machine distort times."""
    promise("25 ms to the internet", round_trip, "203.0.113.71", 443)
    promise("25 ms to the internet by IPv6", round_trip,
            "2001:db8:c::71", 443)
    promise("8 ms to the ISP", isp_answers)


def check_hops():
    for proto in ("tcp", "udp"):
        for ttl, hop in ((1, RESOLVER), (2, network.ISP_SITE[0])):
            promise(f"{proto} with TTL {ttl} expires at {hop}",
                    lambda p, t, h: same(peers.icmp_error(
                        "198.51.100.13", 5113, p, t), (11, 0, h)),
                    proto, ttl, hop)


# Faults

def targets(net, fault):
    """Endpoints that a fault touches, at most two a port."""
    kinds = {"web": (80, 443)}
    listed = net.addresses_of(fault["hosts"]) if fault.get("hosts") else None
    count = {}
    for address, service, host in net.endpoints(
            "web", "http", "https", "h2", "tls", "mqtt", "private", "ssh",
            "sip", "accept"):
        for port in kinds.get(service.kind, (service.low,)):
            if port not in fault.get("ports", []) or \
                    listed is not None and address not in listed:
                continue
            count[port] = count.get(port, 0) + 1
            if count[port] <= 2:
                yield address, port, host


def place_of(where, address):
    """(the shortest life with which one is rejected there, who rejects, and
    who says that one life less was too short)."""
    last = network.wire(network.HOPS - 2)[1][0]
    inner = stun.INNER["nat-double"][1]
    isp = network.ISP_SITE[0]
    end = network.HOPS + 2
    return {"gateway": (2, RESOLVER, RESOLVER), "isp": (3, isp, isp),
            "perimeter": (3, inner, inner), "vendor-router": (end, last, last),
            "vendor": (end, address, last)}[where]


def in_force(fault, address, port):
    kind = fault["type"]
    ttl, offender, before = place_of(fault.get("where", "gateway"), address)
    if kind == "drop":
        what = peers.tcp_failure(address, port)
        if what != "silence":
            return what
        return same((peers.icmp_error(address, port, ttl=ttl - 1),
                     peers.icmp_error(address, port, ttl=ttl)),
                    ((11, 0, before), None))
    if kind == "reset":
        # With a TTL that ends before the host, only a box on the way can
        # have refused.
        return same((peers.tcp_failure(address, port, ttl=ttl - 1) ==
                     "refused", peers.tcp_failure(address, port, ttl=ttl)),
                    (False, "refused"))
    codes = {"admin-prohibited": 13, "port-unreachable": 3,
             "host-unreachable": 1, "net-unreachable": 0,
             "net-prohibited": 9, "host-prohibited": 10}
    return same(peers.icmp_error(address, port),
                (3, codes[fault["code"]], offender))


def answer_is(name, want, code):
    flags, answers = peers.dns_ask(RESOLVER, name)
    return same((peers.rcode(flags), {a for _, _, a in answers}),
                (code, want))


def intercepted(address, port, name):
    store = os.environ["SSL_CERT_FILE"]
    issuer = peers.tls_talk(address, port, name, store)[0]
    return same(issuer, INSPECTION)


def intercepted_by_stranger(address, port, name):
    """By an authority that even the laptop does not know."""
    try:
        peers.tls_talk(address, port, name, os.environ["SSL_CERT_FILE"])
    except ssl.SSLCertVerificationError as error:
        return same(error.verify_code, 20)  # no local issuer
    return "the laptop trusts it"


def intercepted_at_any_time(address, port, name):
    """Where the clock is wrong no certificate is valid."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"{address}:{port}",
         "-servername", name], capture_output=True, text=True,
        stdin=subprocess.DEVNULL)
    return True if INSPECTION in done.stdout else done.stdout[:200]


def copied(address, port, name, authority):
    """The vendor's own words, but not by the vendor's key."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"{address}:{port}",
         "-servername", name, "-CAfile", f"{CERTS}/{authority}.pem"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL)
    vendor = subprocess.run(
        ["openssl", "x509", "-in", f"{CERTS}/{authority}.pem", "-noout",
         "-subject"], capture_output=True, text=True).stdout
    issuer = "issuer=" + vendor.partition("subject=")[2].strip()
    facts = (issuer in done.stdout, "Verify return code: 0" in done.stdout)
    return same(facts, (True, False))


def cut_at_hello(address, port):
    """Silent bytes pass, the beginning of a handshake does not."""
    if peers.stays_silent(address, port) is not True:
        return "it does not connect"
    try:
        said = peers.tcp_say(address, port, bytes.fromhex("1603010005"))
    except ConnectionResetError:
        return True
    return f"no reset but {said!r}"


def mqtt_demands(address, port, name):
    try:
        said = mqtt_accepts(address, port, name)
    except OSError:         # the TLS alert
        return True
    return f"{said!r}"


def relayed(name, path, text, trusted=True):
    done = subprocess.run(["curl", "-s" if trusted else "-sk", "-m", "5",
                           f"https://{name}{path}"], capture_output=True)
    return True if text in done.stdout else repr(done)


def clock_is_off(offset):
    """Against the machine's own count, which no library makes up."""
    units = {"y": 365 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}
    want = float(offset[:-1]) * units[offset[-1]]
    with open("/proc/stat", encoding="ascii") as file:
        boot = next(int(line.split()[1]) for line in file
                    if line.startswith("btime "))
    with open("/proc/uptime", encoding="ascii") as file:
        now = boot + float(file.read().split()[0])
    slack = 5 + (3 * 86400 if offset[-1] == "y" else 0)     # leap days
    return near(time.time() - now, want - slack, want + slack)


def check_intercept(net, fault, scenario):
    how = intercepted_at_any_time if scenario.of("clock") else \
        intercepted_by_stranger if "authority" in fault else intercepted
    for address, port, host in targets(net, fault):
        if host.name not in fault.get("exempt", ()):
            promise(f"intercepted {host.name} {port}", how, address, port,
                    host.name)
    if 443 in fault["ports"] and "hosts" not in fault:
        promise("the interceptor relays the page", relayed,
                "update.loxone.com", "/updatecheck.xml",
                b"Miniserversoftware", how is intercepted)


def check_fault(net, fault, scenario):
    kind = fault["type"]
    if kind in ("drop", "reset", "reject") and \
            fault.get("proto", "tcp") == "tcp":
        for address, port, host in targets(net, fault):
            promise(f"{kind} {host.name} {address} {port}", in_force, fault,
                    address, port)
    elif kind == "drop" and fault.get("proto") == "udp" and \
            fault.get("ports") == [123]:
        for address, _, host in net.endpoints("ntp"):
            promise(f"no time from {address}", lambda a: same(
                silent_ntp(a), True), address)
    elif kind == "dns-nxdomain":
        for name in fault["names"]:
            promise(f"NXDOMAIN {name}", answer_is, name, set(), 3)
    elif kind == "dns-sinkhole":
        for name in fault["names"]:
            promise(f"sinkhole {name}", answer_is, name, {"0.0.0.0"}, 0)
    elif kind == "dns-rewrite":
        for zone in fault["names"]:
            for name in net.hosts:
                if name == zone or name.endswith("." + zone):
                    promise(f"rewritten {name}", answer_is, name,
                            {fault["to"]}, 0)
    elif kind == "intercept":
        check_intercept(net, fault, scenario)
    elif kind == "intercept-copied":
        for address, service, host in net.endpoints("private"):
            promise(f"copied issuer {host.name} {service.low}", copied,
                    address, service.low, host.name,
                    net.groups[host.group].authority)
    elif kind == "tls-reset":
        for address, port, host in targets(net, fault):
            promise(f"cut at the hello {host.name} {port}", cut_at_hello,
                    address, port)
    elif kind == "mqtt-wants-certificate":
        for address, service, host in net.endpoints("mqtt"):
            promise(f"{host.name} demands a certificate", mqtt_demands,
                    address, service.low, host.name)
    elif kind == "clock":
        promise(f"clock {fault['offset']}", clock_is_off, fault["offset"])
    elif kind == "allow-only":
        check_allow_only(net, fault)
    elif kind == "gateway-no-ping":
        promise("the gateway answers no ping", lambda: same(
            pings_answered(2), 0))
    elif kind == "gateway-loses-pings":
        promise("the gateway answers some pings", lambda: same(
            0 < pings_answered(6) < 6, True))
    elif kind == "multicast-lost":
        promise("no group is heard", heard, False, True)
    elif kind == "no-events":
        promise("nothing is heard", heard, False, False)
    elif kind == "no-ping":
        promise("ping needs a privilege", lambda: not can_ping())
    elif kind == "stopped":
        for address, _, host in net.endpoints(fault["server"]):
            promise(f"no time from {address}", lambda a: same(
                silent_ntp(a), True), address)


def silent_ntp(address):
    try:
        peers.ntp_ask(address, 0.4)
    except (TimeoutError, ConnectionError):
        return True
    return False


def can_ping():
    try:
        return peers.ping_time(RESOLVER) >= 0
    except PermissionError:
        return False
    except TimeoutError:
        return True             # allowed, though nobody answered


def pings_answered(count):
    found = 0
    for _ in range(count):
        try:
            found += peers.ping_time(RESOLVER, 0.3) >= 0
        except TimeoutError:
            pass
    return found


def heard(groups, broadcasts):
    """What devices send of their own accord, in groups and to everybody."""
    return same([peers.group_heard("239.255.90.67", 6969),
                 peers.group_heard("224.0.23.12", 3671),
                 peers.group_heard(None, 7079)],
                [groups, groups, broadcasts])


def check_allow_only(net, fault):
    for port in fault.get("tcp", []):
        for address, _, host in targets(net, {"ports": [port]}):
            promise(f"allowed {address} {port}", lambda a, p: same(
                peers.tcp_failure(a, p, 3), "none"), address, port)
    others = {"ports": [p for p in (5113, 8901, 5112, 8443, 5684, 5060, 22)
                        if p not in fault.get("tcp", [])]}
    rest = {"type": "reject", "code": fault["reject"]} \
        if "reject" in fault else {"type": "drop"}
    # The gateway says so few times at once that something expired there.
    for address, port, host in list(targets(net, others))[:AT_ONCE]:
        promise(f"{rest['type']} {address} {port}", in_force, rest, address,
                port)
    if not fault.get("udp"):
        promise("no UDP passes", lambda: same(peers.icmp_error(
            "203.0.113.14", 7700, "udp", 2), None))


def main():
    net = internet.load()
    scenario = scenarios.load(sys.argv[1])
    promise("no capability but those of the scenario",
            lambda: only_capabilities(RIGHTS if scenario.rights else 0))
    promise("this is the laptop's namespace", own_namespace)
    promise("only the laptop's interfaces", only_own_links,
            ["eth1"] if scenario.of("second-adapter") else [])
    promise("no daemon of the host can be asked", no_host_sockets)
    promise("no way to other namespaces", setuid_is_harmless)
    if scenario.is_ping_allowed():
        promise("ping works unprivileged", can_ping)
    if not scenario.faults:
        check_healthy(net)
    for fault in scenario.faults:
        check_fault(net, fault, scenario)
        selftest_links.check(promise, fault)
    begun = time.monotonic()
    run_checks()
    if not scenario.faults:
        checks.clear()
        check_hops()
        check_timing()
        for address, service, _ in net.endpoints("sink"):
            if not internet.is_v6(address):
                promise(f"UDP {address} {service.low} is swallowed",
                        udp_is_swallowed, address, service.low)
        alone = list(checks)
        for check in alone:
            checks[:] = [check]
            run_checks()
    print(f"took {time.monotonic() - begun:.1f} s", file=sys.stderr)


main()
