# SPDX-License-Identifier: MIT
"""Reads the script for the firewall in Windows. Words in single quotation
marks are what they are; a word with any other mark is not understood."""
import re

from dialect_rows import (HOST_NAME, Comments, Parsed, Permit, Platform,
                          family, is_name, lines_of, ports_of)
from dialect_words import COMMENT, around, is_named, need

GUID = r"\{[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}\}"
WORDS = r"((?:'[A-Za-z0-9.:{}-]+'(?:, )?)+)"
START = ["$ErrorActionPreference = 'Stop'",
         "Remove-NetFirewallRule -Group 'sitewalk' "
         "-ErrorAction SilentlyContinue"]
REMOVE = re.compile(r"Remove-NetFirewallDynamicKeywordAddress -Id '(%s)' "
                    r"-ErrorAction SilentlyContinue" % GUID)
KEYWORD = re.compile(
    r"New-NetFirewallDynamicKeywordAddress -Id '(%s)' "
    r"-Keyword '((?:\*\.)?[a-z0-9.-]+)' -AutoResolve \$true \| Out-Null"
    % GUID)
RULE = re.compile(
    r"New-NetFirewallRule -Name '([\w-]+)' -DisplayName 'sitewalk ([\w-]+)' "
    r"-Group 'sitewalk' -Direction Outbound -Action Allow "
    r"(?:-Protocol (TCP|UDP)(?: -RemotePort " + WORDS + r")?"
    r"|(-Protocol ICMPv4 -IcmpType 8)|(-Protocol ICMPv6 -IcmpType 128))"
    r"(?: -RemoteAddress " + WORDS +
    r"| -RemoteDynamicKeywordAddresses " + WORDS + r")? \| Out-Null")
BOTH = ("IPv4", "IPv6")


def words(text):
    found = [w[1:-1] for w in (text or "").split(", ") if w]
    need(len(found) == len(set(found)), "a word twice:", text)
    return found


def destinations(addresses, ids, keywords):
    """With the family that each is of; None: both."""
    if addresses:
        return [(("address", a), family(a)) for a in words(addresses)]
    if not ids:
        return [(("any",), None)]
    need(set(words(ids)) <= set(keywords), "an id of nothing:", ids)
    return [(to, None) for to in around([keywords[i] for i in words(ids)])]


def add_rule(m, comments, keywords, names, permits):
    name, shown, protocol, ports, ping, ping6, addresses, ids = m.groups()
    mark = "4" if ping else "6" if ping6 else ""
    need(is_named(name, comments.rule, mark) and
         is_named(shown, comments.rule), "another name:", name, shown)
    need(name not in names, "a rule twice:", name)
    names.add(name)
    for to, f in destinations(addresses, ids, keywords):
        need(not mark or f in (None, int(mark == "6")), "the other ping", name)
        for version in BOTH if f is None else [BOTH[f]]:
            if not mark or version[-1] == mark:
                permits.append(Permit(
                    comments.rule, comments.part, to,
                    (protocol or "icmp").lower(), ports_of(words(ports)),
                    version))


def parse(text):
    need(text.startswith("\ufeff"), "no mark of its letters")
    comments, permits, keywords, names = Comments(), [], {}, set()
    lines = list(lines_of(text[1:], "# ", comments))
    comments, removed = Comments(), None
    start = list(START)
    for line in lines_of(text[1:], "# ", comments):
        if start:
            need(line == start.pop(0), "a strange start:", line)
        elif m := REMOVE.fullmatch(line):
            need(removed is None, "nothing behind:", line)
            removed = m.group(1)
        elif m := KEYWORD.fullmatch(line):
            need(m.group(1) == removed, "an id that may be there:", line)
            need(HOST_NAME.match(m.group(2).removeprefix("*.")) and
                 m.group(2) not in keywords.values(), "no new name:", line)
            keywords[removed], removed = m.group(2), None
        else:
            m = RULE.fullmatch(line)
            need(m and removed is None, "a strange line:", line)
            add_rule(m, comments, keywords, names, permits)
    need(not start and lines, "no start")
    used = {i for line in lines for i in re.findall(GUID, line)
            if line.startswith("New-NetFirewallRule")}
    need(used == set(keywords), "names without a rule")
    return Parsed(permits, comments.fates)


def fate(row):
    return "wider" if is_name(row) else "exact"


# A rule is about the computer that it stands in.
PARSERS = {"windows": Platform(parse, fate, COMMENT, has_sources=False)}
