# SPDX-License-Identifier: MIT
"""What a firewall lets through that was opened by rows of a request, worked
out from the rows and from the lab's own names: the yardstick of
tests/firewall_proof."""
import ipaddress

PASSING = ("pass", "marginal", "warn")


def is_below(name, base):
    return name.endswith("." + base)


def is_on_site(address):
    """Devices are reached without the gateway."""
    return address.startswith("10.20.30.") or \
        address.startswith("2001:db8:30:")


def domain_of(row):
    return row["dst"].removeprefix("*.").lower()


class Rule:
    """A flow of the request: one row, and those that ask for the same."""

    def __init__(self, row, hosts, domains):
        self.id = row["rule_id"]
        self.row = row
        self.requirements = [row["requirement"]]
        self.protocol = row["protocol"]
        self.ports = [tuple(map(int, (p if "-" in p else f"{p}-{p}")
                                .split("-"))) for p in row["ports"]]
        self.any = row["dst"] == "any"
        self.addresses = set() if self.any else \
            self.find_addresses(hosts, domains)

    def find_addresses(self, hosts, domains):
        """By a name all its addresses, and those of the names below it that
        have no row nearer to them; by a wildcard those of all below."""
        try:
            return {str(ipaddress.ip_address(self.row["dst"]))}
        except ValueError:
            mine = domain_of(self.row)
            wild = self.row["dst"].startswith("*.")
            return {a for name, addresses in hosts.items()
                    for a in addresses
                    if name == mine or is_below(name, mine) and
                    (wild or not any(len(d) > len(mine) and
                                     (name == d or is_below(name, d))
                                     for d in domains))}

    def opens(self, endpoint):
        protocol, address, port = endpoint
        if protocol != self.protocol or \
                not (self.any or address in self.addresses):
            return False
        return protocol == "icmp" or not self.ports or \
            any(low <= port <= high for low, high in self.ports)


class Model:
    def __init__(self, request, written, record, hosts):
        """The rows; the ids that have a line in the exported rules; what was
        measured where nothing was left out; the lab's names. Only a name
        that was asked for is in a set."""
        seen = {o["id"]: o["target"] for o in record["observations"]}
        asked = {t["host"] for t in seen.values() if t["host"]}
        hosts = {n: a for n, a in hosts.items() if n in asked}
        rows = [r for r in request["internet"] if r["rule_id"] in written or
                r["same_flow_as"] in written]
        domains = {domain_of(r) for r in rows}
        self.rules = {}
        for row in rows:
            first = self.rules.get(row["same_flow_as"])
            if first:
                first.requirements.append(row["requirement"])
            else:
                self.rules[row["rule_id"]] = Rule(row, hosts, domains)
        self.strength, self.group, self.outcome = {}, {}, {}
        # An error message has no flow of its own.
        without = {row["requirement"] for row in request["internet"]
                   if row["icmp_type"] == 3}
        groups = {row["requirement"]: row["alt_of"]
                  for row in request["internet"] if row["alt_of"]}
        self.targets = {}       # requirement: host or address: endpoints
        for line in record["requirements"]:
            name = line["id"]
            self.outcome[name] = line["outcome"]
            self.strength[name] = line["strength"]
            self.group[name] = groups.get(name)
            self.targets[name] = {}
            for t in (seen[i] for i in line["probes"]):
                if name not in without and t["address"] and not is_on_site(t["address"]):
                    key = (t["host"] or t["address"], t["port"] or 0)
                    self.targets[name].setdefault(key, set()).add(
                        (t["protocol"], t["address"], t["port"] or 0))

    def openers(self, endpoint, without=()):
        return [r.id for r in self.rules.values()
                if r.id not in without and r.opens(endpoint)]

    def closed(self, without):
        """The requirements that lose some endpoint, and those that lose all
        of some target: of a name with two addresses one may be left."""
        some, whole = set(), set()
        for name, targets in self.targets.items():
            for endpoints in targets.values():
                outside = {e for e in endpoints if self.openers(e)}
                lost = {e for e in outside if not self.openers(e, without)}
                # A device may have IPv4 alone.
                decisive = {e for e in outside if ":" not in e[1]} or outside
                if lost:
                    some.add(name)
                if lost and lost >= decisive:
                    whole.add(name)
        return some, whole

    def covers(self, rule_id):
        """Other rules that permit what the rule's requirements need."""
        out = set()
        for name in self.rules[rule_id].requirements:
            for endpoint in set().union(*self.targets[name].values()):
                if self.rules[rule_id].opens(endpoint):
                    out |= set(self.openers(endpoint, (rule_id,)))
        return out

    def outcomes(self, name, whole):
        """What is right for a requirement that lost a flow: it barely works
        where only one of several addresses is lost. Where one of several
        requirements suffices and another one passes, or where it is optional,
        a warning; else a failure."""
        if name not in whole:
            return ("marginal",)
        others = [n for n, g in self.group.items()
                  if g and g == self.group[name] and n not in whole and
                  self.outcome[n] in PASSING]
        worst = "warn" if self.strength[name] != "required" or others else \
            "fail"
        # What could not be proved before need not fail now.
        return (worst,) if self.outcome[name] in PASSING else \
            (worst, self.outcome[name])
