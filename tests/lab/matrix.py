# SPDX-License-Identifier: MIT
"""The confusion matrix: which fault was there, and what the program named."""

import json
import os
from collections import Counter

from internet import TOP

OUT = os.path.join(TOP, "build", "grade")
NOTHING = "(nothing)"


def word(cause, zone):
    return f"{cause} at {zone}"


def pairs_of(scenario, record):
    """(what was there, what was named) of each diagnosis of a scenario; an
    expectation that allows several is met by any of them."""
    left = [(d.get("cause"), d.get("zone"))
            for d in record.get("diagnoses", [])]
    out = []
    missed = []
    for want in scenario.diagnoses:
        causes, zones = (v if isinstance(v, list) else [v]
                         for v in (want["cause"], want["zone"]))
        fits = [g for g in left if g[0] in causes and g[1] in zones]
        if fits:
            left.remove(fits[0])
            out.append((word(*fits[0]),) * 2)
        else:
            missed.append(word(causes[0], zones[0]))
    named = [word(*g) for g in left]
    for index in range(max(len(missed), len(named))):
        out.append((missed[index] if index < len(missed) else NOTHING,
                    named[index] if index < len(named) else NOTHING))
    return out or [(NOTHING, NOTHING)]


def table(counts):
    rows = sorted({r for r, _ in counts} - {NOTHING}) + [NOTHING]
    columns = sorted({c for _, c in counts} - {NOTHING}) + [NOTHING]
    width = max(len(r) for r in rows)
    lines = ["What was there, and what was named: how often. A number off the "
             "diagonal", "is a mistake.", ""]
    lines += [f"{chr(ord('A') + i % 26)}{i // 26 or ''}  {c}"
              for i, c in enumerate(columns)]
    marks = [f"{chr(ord('A') + i % 26)}{i // 26 or ''}"
             for i in range(len(columns))]
    lines += ["", " " * width + "".join(f"{m:>4}" for m in marks)]
    for row in rows:
        cells = "".join(f"{counts.get((row, c), 0) or '.':>4}"
                        for c in columns)
        lines.append(f"{row:<{width}}{cells}")
    return "\n".join(lines) + "\n"


def write(results):
    """Writes matrix.txt and matrix.json; returns one sentence."""
    graded = [r for r in results if r.pairs]
    counts = Counter(p for r in graded for p in r.pairs)
    faults = sum(n for (there, _), n in counts.items() if there != NOTHING)
    right = sum(n for (there, named), n in counts.items()
                if there == named != NOTHING)
    sites = [r for r in graded if r.pairs == [(NOTHING, NOTHING)]
             or all(there == NOTHING for there, _ in r.pairs)]
    os.makedirs(OUT, exist_ok=True)
    summary = {
        "scenarios": len(graded),
        "faults": faults, "named_right": right,
        "healthy_sites": len(sites),
        "false_fails": sum(r.false_fails for r in results),
        "requirements_touched": sum(r.injected for r in results),
        "requirements_right": sum(r.named_right for r in results),
    }
    with open(os.path.join(OUT, "matrix.txt"), "w",
              encoding="utf-8") as file:
        file.write(table(counts))
    with open(os.path.join(OUT, "matrix.json"), "w",
              encoding="utf-8") as file:
        json.dump({**summary, "pairs": [
            {"there": there, "named": named, "count": n}
            for (there, named), n in sorted(counts.items())]}, file,
            indent=2)
        file.write("\n")
    return (f"{len(graded)} sites, {right} of {faults} faults named right, "
            f"{summary['false_fails']} false fails on {len(sites)} healthy "
            "ones: build/grade/matrix.txt")
