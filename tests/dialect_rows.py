# SPDX-License-Identifier: MIT
"""What a document of any firewall is read back to, and what the rows ask for:
the two sides that tests/dialects compares. A module tests/dialect_NAME.py
reads the language of a firewall and has

    PARSERS = {FORMAT: Platform(parse, fate)}

parse(text) gives a Parsed and raises Strange at anything that it does not
understand, comments aside; fate(row) says "exact", "wider" or "not here" for
a row of rules.json that a firewall could express at all, out of what the
platform's makers document and never out of what the program wrote."""
import dataclasses
import ipaddress
import re
import typing

PLACEHOLDERS = ("<NETWORK-OF-THE-DEVICES>", "<IPV6-NETWORK-OF-THE-DEVICES>")
VERSIONS = ("IPv4", "IPv6")
HOST_NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?=[a-z0-9-]*[a-z-])[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
RULE = re.compile(r"(FR-\S+) \((required|optional|for information)\):( |$)")
FATES = {"Expressed exactly.": "exact", "Expressed wider:": "wider",
         "Not expressed here:": "not here"}


class Strange(Exception):
    """A line that the reader does not understand."""


@dataclasses.dataclass(frozen=True)
class Permit:
    """One thing that is let through."""
    rule: str         # of the comment above it
    part: str         # "internet" or "lan"
    to: tuple         # ("any",) ("address", A) ("name", N); ("below", N): the
                      # names below N; ("around", N): N, and those below
    protocol: str     # "tcp" "udp" "icmp": a ping
    ports: tuple      # ((low, high), ...); () = every port
    source: str       # one network, or a placeholder


@dataclasses.dataclass
class Fate:
    word: str         # "exact" "wider" "not here"
    text: str         # the whole comment, in one line
    part: str


@dataclasses.dataclass
class Parsed:
    permits: list
    fates: dict       # by rule id


@dataclasses.dataclass(frozen=True)
class Platform:
    parse: typing.Callable
    fate: typing.Callable
    # Lines that may be lost without anything being let through or not.
    inert: typing.Pattern = re.compile(r"^$")
    # Formats whose texts parse() is given too, after its own.
    also: tuple = ()
    # Changes of tests/dialects that such a text has no place for.
    unlike: tuple = ()
    # A rule about the computer that it stands in has a family for a source.
    has_sources: bool = True
    families: tuple = (True, True)  # those that the platform filters at all
    has_names: bool = True
    # What a checker of the distribution has to complain of, "" or, where it
    # is not installed, None.
    check: typing.Callable = None


class Comments:
    """Takes the comments of a document, less what begins a comment, line by
    line, and None for each line that is none. Knows then which row stands
    above, and at the end what was said of each."""

    def __init__(self):
        self.fates, self.block = {}, []
        self.part, self.rule = "", ""

    def take(self, line):
        if line is not None:
            self.block.append(line)
            return
        block, self.block = self.block, []
        if not block:
            return
        if block[0].startswith("=== "):
            self.rule = ""
            self.part = "lan" if "In the local network" in block[0] else \
                "internet"
            return
        if block[0].startswith("What is no port:"):
            self.rule = ""
            return
        # A long id stands alone in its line.
        first = RULE.match(" ".join(block[:2]))
        if first is None:
            return
        self.rule = first.group(1)
        # What the rows say stands before what became of them.
        words = [word for line in block for start, word in FATES.items()
                 if line.strip().startswith(start)]
        if not words or self.rule in self.fates:
            raise Strange("a comment without a fate, or its second: %s"
                          % self.rule)
        self.fates[self.rule] = Fate(
            words[-1], " ".join(" ".join(block).split()), self.part)

    def parsed(self, permits):
        """All of it, at the end."""
        return Parsed(permits, self.fates)


def lines_of(text, comment, comments):
    """The lines that are no comment and not empty, without trailing space;
    tells comments of the others."""
    for line in text.split("\n"):
        if line.startswith(comment) or line == comment.rstrip():
            comments.take(line[len(comment):])
            continue
        comments.take(None)
        if line.strip():
            yield line.rstrip()
    comments.take(None)


def network(text):
    """A network as it is compared; a placeholder is one."""
    if text in PLACEHOLDERS or text in VERSIONS:
        return text
    return str(ipaddress.ip_network(text))


def family(text):
    """0 or 1 of a network, an address or a placeholder."""
    if text in PLACEHOLDERS:
        return PLACEHOLDERS.index(text)
    return int(":" in text)


def ports_of(texts):
    """((low, high), ...) of "443", "20000-49000"."""
    ranges = []
    for text in texts:
        if not re.fullmatch(r"\d{1,5}(-\d{1,5})?", text):
            raise Strange("no port: %s" % text)
        low, _, high = text.partition("-")
        low, high = int(low), int(high or low)
        if not 0 <= low <= high <= 65535:
            raise Strange("no port: %s" % text)
        ranges.append((low, high))
    return tuple(ranges)


def merged(ranges):
    """The same ports as few ranges; () and 0-65535 are all of them."""
    out = []
    for low, high in sorted(ranges or [(0, 65535)]):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return tuple((1 if low == 0 and high == 65535 else low, high)
                 for low, high in out)


# --- what the rows ask for ---

def is_wildcard(row):
    return row["dst"].startswith("*.")


def is_web(row):
    return row["protocol"] == "tcp" and row["ports"] != [] and \
        set(row["ports"]) <= {"80", "443"}


def is_name(row):
    return row["dst"] != "any" and addresses_of(row) is None


def by_lookup(row):
    """The fate on a firewall that looks up names and knows no wildcards."""
    if is_wildcard(row):
        return "not here"
    return "wider" if is_name(row) else "exact"


def addresses_of(row):
    """The addresses of a row, None where it leads elsewhere."""
    try:
        return [str(ipaddress.ip_address(a))
                for a in re.split(r"[, ]+", row["dst"])]
    except ValueError:
        return None


class Site:
    """Where the devices are, from the record."""

    def __init__(self, record):
        vantage = record["vantage"]
        self.gateway = vantage.get("gateway")
        self.on_site = [ipaddress.ip_interface(a).network
                        for a in vantage["addresses"]]
        self.sources = ([], [])
        for n in self.on_site:
            if not n.is_link_local and not n.is_loopback and \
                    str(n) not in self.sources[n.version == 6]:
                self.sources[n.version == 6].append(str(n))
        self.checked = bool(record.get("started"))
        if not any(self.sources):
            self.sources = ([PLACEHOLDERS[0]],
                            [] if self.checked else [PLACEHOLDERS[1]])
        self.families = (True, not self.checked or bool(self.sources[1]))

    def is_here(self, address):
        ip = ipaddress.ip_address(address)
        shared = ipaddress.ip_network("100.64.0.0/10")
        local = [ipaddress.ip_network(n) for n in
                 ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                  "169.254.0.0/16", "fc00::/7", "fe80::/10")]
        return any(ip in n for n in [*self.on_site, *local, shared])


def is_anywhere(row, part, site):
    """Could any firewall have a line for it?"""
    addresses = addresses_of(row)
    if row["protocol"] not in ("tcp", "udp", "icmp") or \
            row["icmp_type"] == 3:
        return False
    if addresses is not None and not any(
            site.families[family(a)] for a in addresses):
        return False
    if part == "lan":
        return row["dst_kind"] not in ("multicast", "broadcast", "gateway",
                                       "any") and \
            addresses is not None and all(map(site.is_here, addresses)) and \
            not (row["dst_kind"] == "resolver" and
                 row["dst"] == site.gateway)
    if row["direction"] == "inbound" or row["dst"] == "":
        return False
    if row["dst"] == "any":
        return row["ports"] != []
    return addresses is not None or HOST_NAME.match(
        row["dst"].removeprefix("*.").lower()) is not None


def destinations(row):
    """As in Permit.to."""
    addresses = addresses_of(row)
    if row["dst"] == "any":
        return [("any",)]
    if addresses is not None:
        return [("address", a) for a in addresses]
    name = row["dst"].lower()
    if not is_wildcard(row):
        return [("name", name)]
    apex = "apex" in row["dst_match"]
    return [("around" if apex else "below", name[2:])]


def sources(site, platform, f):
    """Of one family, as in Permit.source."""
    if not site.families[f] or not platform.families[f]:
        return []
    if not platform.has_sources:
        return [VERSIONS[f]] if site.sources[f] else []
    return site.sources[f]


def wanted(row, part, site, platform):
    """The permits that the row asks for: {(part, to, protocol, source):
    ports}."""
    ports = merged(ports_of(row["ports"]))
    if row["protocol"] == "icmp":
        ports = ()
    return {(part, to, row["protocol"], source): ports
            for to in destinations(row)
            for f in (0, 1) if to[0] != "address" or family(to[1]) == f
            for source in sources(site, platform, f)}


# --- how far a wider one may go ---

# (as asked, as it is): what the comment has to say of it.
WIDENINGS = {
    ("address", "address"): "",
    ("any", "any"): "",
    ("below", "around"): "itself is let through too",
    ("name", "around"): "names below this one",
    ("name", "name"): "other names at them",
    ("below", "below"): "",
    ("around", "around"): "",
    ("name", "sni"): "",          # by what the device itself says
    ("address", "address"): "",
    ("any", "any"): "",
}
# (as asked, as it is): which ports that may have been, and what to say.
PROTOCOLS = {
    ("icmp", "icmp of any type"): ((), "All types of ICMP"),
    ("tcp", "tls"): (((443, 443),), "at every port"),
    ("tcp", "http"): (((80, 80),), "at every port"),
}


def granted(permits):
    """As wanted(), by rule."""
    by_rule = {}
    for p in permits:
        key = (p.part, p.to, p.protocol, network(p.source))
        rule = by_rule.setdefault(p.rule, {})
        if p.protocol == "icmp":
            if p.ports:
                raise Strange("a ping with ports")
            rule[key] = ()
        else:
            rule[key] = merged(rule.get(key, ()) + merged(p.ports))
    return by_rule


def compare(rules, site, parsed, platform):
    """What is wrong, in sentences."""
    wrong = []
    by_rule = granted([p for p in parsed.permits if site.families[1] or
                       p.source != VERSIONS[1]])
    known = set()
    for part in ("internet", "lan"):
        for row in rules[part]:
            rule = row["rule_id"]
            if row["same_flow_as"]:
                first = parsed.fates.get(row["same_flow_as"])
                if first is None or rule not in first.text:
                    wrong.append("%s: not named where its flow is" % rule)
                continue
            known.add(rule)
            wrong += ["%s: %s" % (rule, w) for w in compare_row(
                row, part, site, parsed.fates.get(rule),
                by_rule.get(rule, {}), platform)]
    for rule in set(by_rule) | set(parsed.fates):
        if rule not in known:
            wrong.append("%s: no row asks for it" % (rule or "no rule"))
    return wrong


def compare_row(row, part, site, fate, got, platform):
    due = platform.fate(row) if is_anywhere(row, part, site) else "not here"
    if fate is None:
        return ["nothing is said of it"]
    wrong = []
    if fate.part != part:
        wrong.append("it stands in part %r" % fate.part)
    if fate.word != due:
        wrong.append("it says %s, and it is %s" % (fate.word, due))
    if fate.word == "not here":
        return wrong + (["not here, and yet: %s" % got] if got else [])
    want = wanted(row, part, site, platform)
    if fate.word == "exact":
        return wrong + ([] if got == want else
                        ["asked %s\n    got %s" % (want, got)])
    return wrong + compare_wider(want, got, fate, row)


def compare_wider(want, got, fate, row):
    wrong, left = [], dict(got)
    for (part, to, protocol, source), ports in want.items():
        found = [key for key in left
                 if key[0] == part and key[3] == source and
                 (key[2] == protocol or (protocol, key[2]) in PROTOCOLS) and
                 (to[0], key[1][0]) in WIDENINGS and key[1][1:] == to[1:]]
        due, says = PROTOCOLS.get(
            (protocol, found[0][2] if found else ""),
            (left[found[0]] if found else None, ""))
        if says not in fate.text:
            wrong.append("does not say %r" % says)
        if len(found) != 1 or due != ports:
            wrong.append("asked %s %s\n    got %s" % (
                (part, to, protocol, source), ports, got))
            continue
        del left[found[0]]
        says = WIDENINGS[to[0], found[0][1][0]]
        if says not in fate.text:
            wrong.append("does not say that %r" % says)
    if left:
        wrong.append("not asked for: %s" % left)
    if row.get("dst_depth") and "more labels" not in fate.text:
        wrong.append("does not say that more labels are let through")
    return wrong
