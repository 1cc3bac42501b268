# SPDX-License-Identifier: MIT
"""Reads commands of Cisco ASA: objects of networks and extended access
lists."""
import re

from dialect_rows import (Comments, Permit, Platform, Strange, by_lookup,
                          family, lines_of, network, ports_of, PLACEHOLDERS)

PARTS = {"SITEWALK_INTERNET": "internet", "SITEWALK_LAN": "lan"}
PINGS = {("icmp", "echo"): 0, ("icmp6", "128"): 1}


def take_address(words, objects):
    """The address at the front of the words, which are taken away: what it
    is, and its family."""
    word = words.pop(0)
    if word in ("any4", "any6"):
        return ("any",), int(word == "any6")
    if word == "host":
        return ("address", words.pop(0)), None
    if word == "object":
        return objects[words.pop(0)]
    if word in PLACEHOLDERS or "/" in word:
        return ("network", network(word)), family(word)
    return ("network", network(word + "/" + words.pop(0))), 0


def take_ports(words):
    if words[:1] == ["eq"]:
        del words[0]
        return ports_of([words.pop(0)])
    if words[:1] == ["range"]:
        low, high = words[1:3]
        del words[:3]
        return ports_of([low + "-" + high])
    return ()


def read_entry(words, objects, comments):
    """One line of an access list, after its name."""
    if words[:2] != ["extended", "permit"] or words[-1] != "log":
        raise Strange("what is %s" % words)
    protocol = words[2]
    words = words[3:-1]
    source, of = take_address(words, objects)
    to, other = take_address(words, objects)
    if source[0] != "network":
        raise Strange("from %s" % (source,))
    if to[0] == "address":
        other = family(to[1])
    if to[0] == "network" or other != of:
        raise Strange("from %s to %s" % (source, to))
    ports = ()
    if protocol in ("icmp", "icmp6"):
        if len(words) != 1 or PINGS.get((protocol, words.pop())) != of:
            raise Strange("a ping of %s" % protocol)
        protocol = "icmp"
    elif protocol in ("tcp", "udp"):
        ports = take_ports(words)
    else:
        raise Strange("protocol %s" % protocol)
    if words:
        raise Strange("more: %s" % words)
    return to, protocol, ports, source[1]


def parse(text):
    comments, permits, objects, named = Comments(), [], {}, None
    used, listed = set(), set()
    for line in lines_of(text, "! ", comments):
        words = line.split()
        if line.startswith(" "):
            if named is None or words[0] != "fqdn" or len(words) != 3 or \
                    words[1] not in ("v4", "v6") or "*" in words[2]:
                raise Strange(line)
            objects[named] = (("name", words[2]), int(words[1] == "v6"))
            named = None
            continue
        if named is not None:
            raise Strange("%s is empty" % named)
        if words[:2] == ["object", "network"] and len(words) == 3:
            named = words[2]
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", named) or \
                    named in objects:
                raise Strange(line)
            continue
        if words[0] != "access-list" or words[1] not in PARTS:
            raise Strange(line)
        if words[2] == "remark":
            continue
        try:
            entry = read_entry(words[2:], objects, comments)
        except (IndexError, KeyError, ValueError) as error:
            raise Strange("%s: %r" % (line, error)) from None
        if line in listed:
            raise Strange("twice: %s" % line)
        listed.add(line)
        used |= set(words)
        permits.append(Permit(comments.rule, PARTS[words[1]], *entry))
    if named is not None or not set(objects) <= used:
        raise Strange("not used: %s" % (set(objects) - used))
    return comments.parsed(permits)


PARSERS = {"asa": Platform(parse, by_lookup, re.compile(
    r"^!|^access-list \S+ remark "))}
