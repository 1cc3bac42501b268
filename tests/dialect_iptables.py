# SPDX-License-Identifier: MIT
"""Reads the file for iptables-restore, as iptables-restore(8) and
iptables-extensions(8) have it."""
import re

from dialect_rows import (Comments, Parsed, Permit, Platform, PLACEHOLDERS,
                          family, is_name, lines_of, ports_of)
from dialect_words import COMMENT, is_named, need, try_tool

SKELETON = ["*filter", ":sitewalk_internet - [0:0]", ":sitewalk_lan - [0:0]",
            "COMMIT"]
RULE = re.compile(
    r"-([46]) -A sitewalk_(internet|lan) -s (\S+)(?: -d (\S+))? "
    r"(?:-p (tcp|udp)(?: -m (tcp|udp) --dport (\d+(?::\d+)?))?"
    r"|(-p icmp -m icmp --icmp-type 8)"
    r"|(-p ipv6-icmp -m icmp6 --icmpv6-type 128))"
    r" -m comment --comment (\S+) -j ACCEPT")


def parse(text):
    comments, permits, skeleton = Comments(), [], []
    for line in lines_of(text, "# ", comments):
        m = RULE.fullmatch(line)
        if m is None:
            need(line in SKELETON, "a strange line:", line)
            skeleton.append(line)
            continue
        need(len(skeleton) == 3, "a rule out of its place:", line)
        v, part, sources, to, protocol, module, port, ping, ping6, name = \
            m.groups()
        v6 = int(v == "6")
        need(part == comments.part, "in another chain:", line)
        need(is_named(name, comments.rule), "another name:", line)
        need(module in (None, protocol), "another module:", line)
        need(bool(ping6) <= v6 and bool(ping) <= 1 - v6, "a ping of the other",
             line)
        for source in sources.split(","):
            need(family(source) == v6, "a source of the other family:", line)
            need(to is None or family(to) == v6, "to the other family:", line)
            permits.append(Permit(
                comments.rule, part, ("address", to) if to else ("any",),
                protocol or "icmp",
                ports_of([port.replace(":", "-")] if port else []), source))
    need(skeleton == SKELETON, "not the frame of a table:", skeleton)
    return Parsed(permits, comments.fates)


def check(text):
    """A placeholder must not load; all else must."""
    if not any(" -s " + p in text for p in PLACEHOLDERS):
        for command in ("iptables-restore", "ip6tables-restore"):
            why = try_tool([command, "--test", "--noflush"], text)
            if why != "":
                return why
        return ""
    why = try_tool(["iptables-restore", "--test", "--noflush"], text)
    return why if why is None else "it loads" if why == "" else ""


def fate(row):
    return "not here" if is_name(row) else "exact"


PARSERS = {"iptables": Platform(parse, fate, COMMENT, check=check,
                                 has_names=False)}
