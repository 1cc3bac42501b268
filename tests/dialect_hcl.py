# SPDX-License-Identifier: MIT
"""Reads Terraform's language, as much of it as the dialects use: blocks, and
members with words, numbers, lists, lists of objects, or an expression that is
kept as it is written."""
import json
import re

from dialect_rows import Strange
from dialect_words import Remarks, need, try_tool

OPEN = re.compile(r'(\w+)((?: "[\w.-]+")*) \{')
MEMBER = re.compile(r"([\w-]+) *= (.+)")
OBJECT = re.compile(r'\{ ((?:\w+ = "[^"\\$%]*"(?:, )?)+) \},')


class Block:
    def __init__(self, kind, labels, remarks):
        self.kind, self.labels = kind, labels
        self.rule, self.part = remarks.rule, remarks.part
        self.members, self.blocks = {}, []

    def shape(self):
        """All of it, to be compared."""
        return (self.kind, tuple(self.labels), self.members,
                [b.shape() for b in self.blocks])


def value(text):
    """A word, a number, a list; else the expression."""
    if text[0] not in '"[' and not text.isdigit():
        return ("expression", text)
    try:
        found = json.loads(text)
    except ValueError as error:
        if text[0] == "[" and re.fullmatch(r"\[[a-z_.]+(\(.+\))?\]", text) or \
                re.fullmatch(r"\[\w+\(.*\)\]", text):
            return ("expression", text)
        raise Strange("no value: %s" % text) from error
    for word in found if isinstance(found, list) else [found]:
        need(not isinstance(word, str) or
             "${" not in word and "%{" not in word, "an expression:", text)
    return found


class Reader:
    def __init__(self, text):
        self.remarks = Remarks()
        self.top = Block("file", [], self.remarks)
        self.open, self.rows = [self.top], None
        for line in text.split("\n"):
            self.line(line)
        self.remarks.take(None)
        need(len(self.open) == 1 and self.rows is None, "left open")

    def line(self, line):
        bare = line.strip()
        if re.match(r"(  )?#( |$)", line):
            self.remarks.take(bare[2:])
        elif bare:
            self.remarks.take(None)
            self.code(bare)

    def code(self, bare):
        block = self.open[-1]
        if self.rows is not None:
            self.row(bare)
        elif m := OPEN.fullmatch(bare):
            inner = Block(m.group(1), re.findall(r'"(.*?)"', m.group(2)),
                          self.remarks)
            block.blocks.append(inner)
            self.open.append(inner)
        elif bare == "}":
            need(len(self.open) > 1, "nothing to close")
            self.open.pop()
        else:
            m = MEMBER.fullmatch(bare)
            need(m and m.group(1) not in block.members, "a strange line:",
                 bare)
            if m.group(2) == "[":
                block.members[m.group(1)] = self.rows = []
            else:
                block.members[m.group(1)] = value(m.group(2))

    def row(self, bare):
        if bare == "]":
            self.rows = None
            return
        m = OBJECT.fullmatch(bare)
        need(m, "a strange row:", bare)
        pairs = re.findall(r'(\w+) = "([^"]*)"', m.group(1))
        need(len(pairs) == len(dict(pairs)), "a member twice:", bare)
        self.rows.append(dict(pairs))


def variable(name, kind):
    return ("variable", (name,), {"type": ("expression", kind)}, [])


def need_members(block, *names):
    need(set(block.members) == set(names), "other members:",
         sorted(block.members), "not", names)
    return [block.members[n] for n in names]


def check(text):
    """Its layout; Terraform itself looks at no more without a network."""
    return try_tool(["terraform", "fmt", "-check", "-"], text)
