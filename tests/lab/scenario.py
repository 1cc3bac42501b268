# SPDX-License-Identifier: MIT
"""Scenarios: what is broken on a site, as data, and how it is applied."""

import os
from dataclasses import dataclass, field

import internet
import network
import parts
import plan
from internet import SCENARIOS, LabError, is_v6

# type: (members that must be there, members that may be there)
FAULTS = {
    "drop": ((), ("proto", "ports", "hosts", "where")),
    "reset": ((), ("proto", "ports", "hosts", "where")),
    "reject": (("code",), ("proto", "ports", "hosts", "where")),
    "allow-only": ((), ("tcp", "udp", "icmp", "reject", "where")),
    "dns-nxdomain": (("names",), ()),
    "dns-sinkhole": (("names",), ()),
    "dns-rewrite": (("names", "to"), ()),
    "intercept": (("ports",), ("hosts", "exempt", "authority")),
    "stopped": (("server",), ()),
    "clock": (("offset",), ()),
    "no-ping": ((), ()),
    **parts.faults(),
}

# code: (IPv4, IPv6); a code that IPv6 lacks takes its nearest.
REJECT = {
    "admin-prohibited": ("admin-prohibited", "admin-prohibited"),
    "port-unreachable": ("port-unreachable", "port-unreachable"),
    "host-unreachable": ("host-unreachable", "addr-unreachable"),
    "net-unreachable": ("net-unreachable", "no-route"),
    "net-prohibited": ("net-prohibited", "admin-prohibited"),
    "host-prohibited": ("host-prohibited", "admin-prohibited"),
}
# Where a rule stands, and by which port what it is about comes in there. The
# perimeter is the site's second router, which a scenario has by nat-double:
# there the first box behind the gateway has a private address.
WHERE = {"gateway": "lan0", "isp": "site0", "perimeter": "site0",
         "vendor-router": "site0", "vendor": "core0"}
EXPECT = {"requirements", "only", "except", "outcome", "cause", "zone",
          "path", "rung", "why", "least"}
# Members of a requirement that an expectation may select by.
ONLY = {"protocol", "direction", "strength", "required_rung", "ports",
        "kind", "name", "application", "product"}
MEMBERS = {"about", "fault", "set", "expect", "diagnoses", "round_trip_ms",
           "hops", "rights", "site", "resolvers", "healthy",
           "instead_of_pass", "options", "complete"}


@dataclass
class Scenario:
    name: str
    about: str = ""
    faults: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    expect: list = field(default_factory=list)
    diagnoses: list = field(default_factory=list)
    has_diagnoses: bool = False
    round_trip_ms: int = 0          # 0: what the lab has anyway
    hops: int = network.HOPS        # routers behind the gateway
    rights: bool = False            # raw sockets and low ports are allowed
    site: dict = field(default_factory=dict)    # other addresses (plan.py)
    resolvers: list = field(default_factory=list)   # the gateway, if none
    healthy: bool = False           # nothing required may be judged fail
    instead_of_pass: list = field(default_factory=list)
    options: list = field(default_factory=list)     # of the command, more
    complete: bool = True           # false: the run stops before its end

    def of(self, *types):
        return [f for f in self.faults if f["type"] in types]

    def has_perimeter(self):
        """Does the box behind the gateway belong to the site?"""
        return bool(self.of("nat-double"))

    def is_stopped(self, server):
        return any(f["server"] == server for f in self.of("stopped"))

    def is_ping_allowed(self):
        return not self.of("no-ping")

    def transit_us(self):
        """One way between the site and the internet."""
        return self.round_trip_ms * 500 or network.TRANSIT_US

    def clock_offset(self):
        for fault in self.of("clock"):
            return fault["offset"]
        return None

    def dnsmasq_lines(self):
        lines = []
        for fault in self.of("dns-nxdomain"):
            lines += [f"address=/{n}/" for n in fault["names"]]
        for fault in self.of("dns-sinkhole"):
            lines += [f"address=/{n}/#" for n in fault["names"]]
        for fault in self.of("dns-rewrite"):
            for name in fault["names"]:
                lines += [f"address=/{name}/{fault['to']}",
                          f"local=/{name}/"]
        return lines + parts.lines_of("dnsmasq", self)

    def intercepted_ports(self):
        return sorted({p for f in self.of("intercept") for p in f["ports"]})

    def exempt_names(self, port):
        """Whom the proxy lets pass by the name in the hello."""
        return sorted({n for f in self.of("intercept") if port in f["ports"]
                       for n in f.get("exempt", ())})

    def minting_authority(self):
        return next((f["authority"] for f in self.of("intercept")
                     if "authority" in f), "intercept")

    def web_ports(self, net_data):
        ports = {443}
        for _, service, _ in net_data.endpoints("https", "h2"):
            ports.add(service.low)
        return ports


def names():
    try:
        entries = os.listdir(SCENARIOS)
    except FileNotFoundError:
        raise LabError("there is no directory tests/scenarios")
    return sorted(e[:-5] for e in entries if e.endswith(".yaml"))


def load(name):
    """By the name of one that is graded, or by the path of any other."""
    path = name if name.endswith(".yaml") else \
        os.path.join(SCENARIOS, name + ".yaml")
    if not os.path.exists(path):
        raise LabError(f"no scenario {name}; there are: "
                       + ", ".join(names()))
    data = internet.read_yaml(path) or {}
    unknown = set(data) - MEMBERS
    if unknown:
        raise LabError(f"{name}.yaml: unknown members: "
                       + ", ".join(sorted(map(str, unknown))))
    result = Scenario(name, data.get("about", ""), data.get("fault") or [],
                      data.get("set") or {}, data.get("expect") or [],
                      data.get("diagnoses") or [], "diagnoses" in data,
                      data.get("round_trip_ms", 0),
                      data.get("hops", network.HOPS),
                      data.get("rights", False), data.get("site") or {},
                      data.get("resolvers") or [],
                      data.get("healthy", False),
                      data.get("instead_of_pass") or [],
                      data.get("options") or [], data.get("complete", True))
    wrong = plan.mistakes(result.site)
    if wrong:
        raise LabError(f"{name}.yaml: site: {wrong}")
    for fault in result.faults:
        check_fault(name, fault, result.has_perimeter())
    for entry in result.expect:
        if set(entry) - EXPECT or "requirements" not in entry or \
                (set(entry.get("only", {})) | set(entry.get("except", {}))) \
                - ONLY:
            raise LabError(f"{name}.yaml: not an expectation: {entry}")
    return result


def check_fault(name, fault, has_perimeter):
    kind = fault.get("type")
    if kind not in FAULTS:
        raise LabError(f"{name}.yaml: no fault {kind!r}; there are: "
                       + ", ".join(FAULTS))
    must, may = FAULTS[kind]
    here = set(fault) - {"type"}
    if set(must) - here or here - set(must) - set(may):
        raise LabError(f"{name}.yaml: {kind} takes {', '.join(must + may)}")
    where = fault.get("where", "gateway")
    if where not in WHERE:
        raise LabError(f"{name}.yaml: where is one of {', '.join(WHERE)}")
    if where in ("isp", "perimeter") and \
            has_perimeter != (where == "perimeter"):
        raise LabError(f"{name}.yaml: with nat-double the box behind the "
                       "gateway is the perimeter, else it is the isp's")
    code = fault.get("code" if kind == "reject" else "reject")
    if code is not None and code not in REJECT:
        raise LabError(f"{name}.yaml: codes are {', '.join(REJECT)}")


def port_set(ports):
    return "{ " + ", ".join(str(p) for p in ports) + " }"


def matches(fault, net_data):
    """(family or None, the rule's left side) for each rule of a fault."""
    proto = fault.get("proto", "tcp")
    ports = fault.get("ports")
    if proto == "echo":
        return [(False, "icmp type echo-request"),
                (True, "icmpv6 type echo-request")]
    if proto == "any":
        left = ""
    elif proto == "icmp":
        left = "meta l4proto { icmp, ipv6-icmp }"
    elif ports and fault.get("where") == "vendor":
        # A server may listen elsewhere than it is asked.
        left = f"meta l4proto {proto} ct original proto-dst {port_set(ports)}"
    elif ports:
        left = f"{proto} dport {port_set(ports)}"
    else:
        left = f"meta l4proto {proto}"
    if not fault.get("hosts"):
        return [(None, left)]
    addresses = net_data.addresses_of(fault["hosts"])
    out = []
    for six, word in ((False, "ip"), (True, "ip6")):
        listed = network.elements(addresses, six)
        if listed:
            out.append((six, f"{word} daddr {{ {listed} }} {left}"))
    return out


def verdicts(fault):
    """(family or None, the rule's right side)."""
    kind = fault["type"]
    if kind == "drop":
        return [(None, "drop")]
    if kind == "reset":
        return [(None, "reject with tcp reset")]
    four, six = REJECT[fault["code"]]
    return [(False, f"meta nfproto ipv4 reject with icmp type {four}"),
            (True, f"meta nfproto ipv6 reject with icmpv6 type {six}")]


def forward_rules(scenario, net_data, where):
    lines = parts.lines_of("forward", scenario, net_data, where)
    interface = f'iifname "{WHERE[where]}"'
    for fault in scenario.of("drop", "reset", "reject"):
        if fault.get("where", "gateway") != where:
            continue
        for family, left in matches(fault, net_data):
            for family2, right in verdicts(fault):
                if None in (family, family2) or family == family2:
                    lines.append(f"{interface} {left} counter {right}")
    for fault in scenario.of("allow-only"):
        if fault.get("where", "gateway") != where:
            continue
        for proto in ("tcp", "udp"):
            if fault.get(proto):
                lines.append(f"{interface} {proto} dport "
                             f"{port_set(fault[proto])} accept")
        if fault.get("icmp"):
            lines.append(f"{interface} meta l4proto {{ icmp, ipv6-icmp }} "
                         "accept")
        if "reject" in fault:
            lines += [f"{interface} counter {right}" for _, right in
                      verdicts({"type": "reject", "code": fault["reject"]})]
        else:
            lines.append(f"{interface} counter drop")
    return "\n    ".join(lines)


def redirect_rules(scenario, net_data, first_port):
    ports = scenario.intercepted_ports()
    lines = parts.lines_of("redirect", scenario, net_data)
    for fault in scenario.of("intercept"):
        hosts = fault.get("hosts")
        if hosts:
            addresses = net_data.addresses_of(hosts)
            targets = [(word, f"{{ {network.elements(addresses, six)} }}")
                       for six, word in ((False, "ip"), (True, "ip6"))
                       if any(is_v6(a) == six for a in addresses)]
        else:
            targets = [("ip", f"!= {network.SITE4}"),
                       ("ip6", f"!= {network.SITE6}")]
        for port in fault["ports"]:
            mine = first_port + ports.index(port)
            if fault.get("exempt"):
                mine += network.EXEMPT_ASIDE
            lines += [f'iifname "lan0" {word} daddr {where} tcp dport '
                      f"{port} counter redirect to :{mine}"
                      for word, where in targets]
    return "\n    ".join(lines)


def apply(scenario, net_data, net, first_port):
    """Loads the rules of all who may break something, faults included."""
    net.nft("gw", network.gateway_rules(
        forward_rules(scenario, net_data, "gateway"),
        redirect_rules(scenario, net_data, first_port)))
    behind = "perimeter" if scenario.has_perimeter() else "isp"
    net.nft("isp", network.isp_rules(
        forward_rules(scenario, net_data, behind)))
    net.nft(net.way[-2], network.isp_rules(
        forward_rules(scenario, net_data, "vendor-router"), "far"))
    net.nft("inet", network.vendor_rules(
        forward_rules(scenario, net_data, "vendor")))
    if scenario.is_ping_allowed():
        network.allow_ping(net)
