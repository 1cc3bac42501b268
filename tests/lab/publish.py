# SPDX-License-Identifier: MIT
"""Writes the last grade, and the last soak, into README.md: the lines between
the two marks, and no other."""

import json
import os

import matrix
import scenario as scenarios
import soak
from internet import TOP, LabError

README = os.path.join(TOP, "README.md")
BEGIN, END = "<!-- grade -->", "<!-- end of grade -->"


def read(path, what):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        raise LabError(f"there is no {os.path.relpath(path, TOP)}: run {what}")


def share(part, whole):
    return f"{part} of {whole}, {matrix.percent(part, whole):g} %"


def section(found, soaked):
    """What was found, and below it what it must come to."""
    rows = (
        ("sites", "cause right", "place right",
         "wrong cause, wrong place, another line changed",
         "required line failed on a healthy site"),
        (f"{found['fault_scenarios']} with a fault, "
         f"{found['healthy_variants']} healthy",
         share(found["cause_right"], found["faults"]),
         share(found["zone_right"], found["faults"]),
         f"{found['wrong_causes']}, {found['wrong_zones']}, "
         f"{found['untouched_changed']}",
         f"{soaked['false_fails']} in {soaked['runs']} runs in random order, "
         f"at least {soaked['fewest_runs']} of each"),
        ("", "must be 95 % or more", "90 % or more, else \"undetermined\"",
         "0, 0, 0", "0"),
    )
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join([BEGIN, *lines, END])


def replaced(text, new):
    """The text with another section; both marks must be there, once."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or \
            text.index(BEGIN) > text.index(END):
        raise LabError(f"README.md needs the lines {BEGIN} and {END}, once")
    head, _, rest = text.partition(BEGIN)
    return head + new + rest.partition(END)[2]


def run():
    found = read(os.path.join(matrix.OUT, "matrix.json"), "make grade")
    soaked = read(soak.FILE, "make soak")
    there = scenarios.names()
    if found["scenarios"] != len(there):
        raise LabError(f"the last grade is of {found['scenarios']} scenarios, "
                       f"and there are {len(there)}: run make grade")
    with open(README, encoding="utf-8") as file:
        text = file.read()
    text = replaced(text, section(found, soaked))
    with open(README, "w", encoding="utf-8") as file:
        file.write(text)
    print("README.md holds the last grade and the last soak")
    return 0
