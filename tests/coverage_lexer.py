# SPDX-License-Identifier: MIT
"""Reads ports, names, addresses and other facts from a line of text."""

import ipaddress
import re

# Kinds of tokens.
NAMES = ("host ", "wildcard ", "ipv4 ", "ipv6 ")
PORTS = ("port ", "range ")

# Names end in one of these; mbed_app.json is none.
TLDS = "com|org|gov|net|io"

WORDS = re.compile(
    r"\b(mdns|upnp|dlna|icmp|igmp|multicasts?|broadcasts?|ptpv2|ptp|bacnet"
    r"|captive portal|dhcp|wpa-2|time to live|keepalive|issuer|http/2"
    r"|untampered|nat)\b", re.I)

# Each is (kind, pattern); the first that matches takes its text away, so the
# order matters. `None` throws the text away: it is a number and no port.
LEXEMES = [
    ("ipv6", r"(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4})"),
    ("ipv4", r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)"),
    ("wildcard", rf"\*\.(?:[\w-]+\.)+(?:{TLDS})\b"),
    ("host", rf"(?<![\w.*@-])(?:[a-z0-9-]+\.)+(?:{TLDS})\b(?![.\w-]*[\w-])"),
    ("value", r"(?<![\w.])802\.11\w*"),
    ("channels", r"(?<=channels )\d+-\d+"),
    ("icmp-types", r"ICMP types (\d+(?:(?:, | and )\d+)*)"),
    ("year", r"(?<=in )20\d\d\b"),
    (None, r"^\s*\d+\.\s|\bStep \d+:"),
    ("version", r"(?:(?<![\w.])|(?<=[\s(]V))\d+\.\d+(?!\w|\.\d)"),
    ("value", r"(?<![\w.])\d+(?= seconds)"),
    ("value", r"(?i:interval\"?:?\s+)(\d+)\b"),
    ("placeholder", r"\[[^\]\d]*\b(?:Port|IP)\b[^\]]*\]"),
    (None, r"\bHTTP/\d"),
    ("range", r"(?<![\w.-])(\d+)\s*[-–]\s*(\d+)(?!\w|[.-]\w)"),
    ("ports", r"(?<![\w./-])\d+(?:/\d+)*(?![a-qs-z0-9_]|[./-]\w)"),
]
LEXEMES = [(kind, re.compile(p, re.I if kind in ("ipv6", "host", "wildcard")
                             else 0)) for kind, p in LEXEMES]


def line_protocols(text):
    """TCP and UDP as the line names them, to be demanded of its ports."""
    found = re.findall(r"\b(TCP|UDP|tcp|udp)\b", text)
    return sorted({p.lower() for p in found})


def with_protocols(token, protocols):
    return [f"{token}/{p}" for p in protocols] or [token]


def lexeme_tokens(kind, match, protocols):
    text = match.group(0)
    if kind == "icmp-types":
        return [f"icmp-type {n}" for n in re.findall(r"\d+", text)]
    if kind == "range":
        return with_protocols(f"range {match[1]}-{match[2]}", protocols)
    if kind == "ports":
        return [t for n in text.split("/")
                for t in with_protocols(f"port {n}", protocols)]
    if kind == "ipv6":
        return [f"ipv6 {ipaddress.ip_address(text)}"]
    if kind in ("host", "wildcard"):
        return [f"{kind} {text.lower()}"]
    if kind == "value" and match.re.groups:
        return [f"value {match[1]}"]
    return [f"{kind} {text}"]


def lex_line(text):
    """All that a line names, in the order of LEXEMES, without repeats."""
    protocols = line_protocols(text)
    tokens = []
    rest = re.sub(r"\[([\d.]+)\]\(#\)", r"\1", text)
    rest = re.sub(r"\b[a-z]+://", " ", rest)
    for kind, pattern in LEXEMES:
        if kind is not None:
            for match in pattern.finditer(rest):
                tokens.extend(lexeme_tokens(kind, match, protocols))
        rest = pattern.sub(lambda m: " " * len(m.group(0)), rest)
    for word in WORDS.findall(text):
        word = re.sub(r"(cast)s$", r"\1", word.lower())
        tokens.append(f"word {word}")
    return list(dict.fromkeys(tokens))


def flows(tokens):
    """Each name or address of a line together with each of its ports."""
    names = [t.split(" ")[1] for t in tokens if t.startswith(NAMES)]
    ports = [t.split(" ")[1] for t in tokens if t.startswith(PORTS)]
    return [f"flow {name} {port}" for name in names for port in ports]
