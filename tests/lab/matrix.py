# SPDX-License-Identifier: MIT
"""The confusion matrix: which fault was there, and which cause and place the
program named; the figures of it, and what they must come to."""

import json
import os
from collections import Counter

from internet import TOP

OUT = os.path.join(TOP, "build", "grade")
NOTHING = "(nothing)"
UNDETERMINED = ("undetermined", None)
RIGHT, UNSURE, WRONG, UNNAMED = "right", "undetermined", "wrong", "unnamed"

# The figure, what it is, and what it must come to: at least so many percent,
# or no more than so many.
LIMITS = (
    ("fault_scenarios", "at least", 80),
    ("healthy_variants", "at least", 20),
    ("faults", "at least", 80),
    ("cause_right_percent", "at least", 95),
    ("zone_right_percent", "at least", 90),
    ("line_cause_right_percent", "at least", 95),
    ("wrong_causes", "at most", 0),
    ("wrong_zones", "at most", 0),
    ("untouched_changed", "at most", 0),
    ("false_fails", "at most", 0),
    ("without_diagnoses", "at most", 0),
)


def as_list(value):
    return value if isinstance(value, list) else [value]


def words_of(fault):
    """A fault with its place, as a row is called."""
    kind = fault["type"]
    where = fault.get("where")
    if kind in ("drop", "reset", "reject", "allow-only"):
        where = where or "gateway"
    words = [kind, fault.get("code"), fault.get("proto"),
             ",".join(str(p) for p in fault.get("ports", [])),
             " ".join(f"{proto} " + ",".join(str(p) for p in fault[proto])
                      for proto in ("tcp", "udp") if fault.get(proto)),
             f"at {where}" if where else ""]
    return " ".join(w for w in words if w)


def row_of(scenario):
    """The injected faults, in words; a healthy variant is nothing."""
    if scenario.healthy:
        return NOTHING
    return " + ".join(words_of(f) for f in scenario.faults) or scenario.name


def weigh_zone(wanted, got):
    """The first of the wanted ones is the true one; the others are what may
    be said besides, mostly that it cannot be told."""
    if got == wanted[0] and got not in UNDETERMINED:
        return RIGHT
    if got in UNDETERMINED:
        return UNSURE
    return RIGHT if got in wanted else WRONG


def stated(scenario, record):
    """The diagnoses of a record, without those that explain nothing but lines
    that may be so in this scenario."""
    outcome = {r["id"]: r["outcome"] for r in record.get("requirements", [])}
    return [d for d in record.get("diagnoses", [])
            if not d.get("explains") or any(
                outcome.get(i) not in scenario.instead_of_pass
                for i in d["explains"])]


class Named:
    """The diagnoses of one scenario held against those that are true."""

    def __init__(self, scenario, record):
        self.row = row_of(scenario)
        self.causes, self.zones = Counter(), Counter()
        got = [(d.get("cause"), d.get("zone"))
               for d in stated(scenario, record)]
        self.columns = [f"{cause}@{zone}" for cause, zone in got]
        self.is_listed = scenario.has_diagnoses
        if not self.is_listed:
            self.columns = self.columns or [NOTHING]
            return              # nobody says which are true
        left = list(got)
        for want in scenario.diagnoses:
            causes, zones = as_list(want["cause"]), as_list(want["zone"])
            fits = sorted((g for g in left if g[0] in causes),
                          key=lambda g: g[1] not in zones)
            if fits:
                left.remove(fits[0])
                self.causes[RIGHT] += 1
                self.zones[weigh_zone(zones, fits[0][1])] += 1
            elif not want.get("maybe"):
                self.causes[UNNAMED] += 1
                self.zones[UNNAMED] += 1
                self.columns.append(NOTHING)
        # What names no cause states none that is wrong.
        self.causes[WRONG] += sum(g[0] is not None for g in left)
        self.columns = self.columns or [NOTHING]


def table(graded):
    """Rows are faults, columns what was named; how often."""
    counts = Counter((n.row, c) for n in graded for c in n.columns)
    rows = sorted({r for r, _ in counts} - {NOTHING})
    rows += [NOTHING] if any(r == NOTHING for r, _ in counts) else []
    columns = sorted({c for _, c in counts} - {NOTHING}) + [NOTHING]
    marks = [f"{chr(ord('A') + i % 26)}{i // 26 or ''}"
             for i in range(len(columns))]
    width = min(60, max(len(r) for r in rows))
    lines = ["Faults that were injected, and the causes and places that the "
             "program named:", "in how many scenarios.", ""]
    lines += [f"{m:<3} {c}" for m, c in zip(marks, columns)]
    lines += ["", " " * width + "".join(f"{m:>4}" for m in marks)]
    for row in rows:
        short = row if len(row) <= width else row[:width - 3] + "..."
        lines.append(f"{short:<{width}}" + "".join(
            f"{counts.get((row, c), 0) or '.':>4}" for c in columns))
    return "\n".join(lines) + "\n"


def percent(part, whole):
    return round(100 * part / whole, 1) if whole else 0.0


def figures(results):
    """A fault is a diagnosis that the scenario lists; a line is a requirement
    that it touches."""
    graded = [r for r in results if r.named]
    causes = sum((r.named.causes for r in graded), Counter())
    zones = sum((r.named.zones for r in graded), Counter())
    lines = sum((r.touched for r in results), Counter())

    def of(axis):
        return sum(lines[axis, k] for k in (RIGHT, UNSURE, WRONG, UNNAMED))

    faults = sum(causes.values()) - causes[WRONG]
    return {
        "scenarios": len(graded),
        "fault_scenarios": sum(not r.healthy for r in graded),
        "healthy_variants": sum(r.healthy for r in graded),
        "faults": faults,
        "cause_right": causes[RIGHT],
        "cause_right_percent": percent(causes[RIGHT], faults),
        "zone_right": zones[RIGHT],
        "zone_undetermined": zones[UNSURE],
        "zone_right_percent": percent(zones[RIGHT], faults),
        "lines_touched": of("outcome"),
        "line_outcome_right": lines["outcome", RIGHT],
        "line_causes": of("cause"),
        "line_cause_right": lines["cause", RIGHT],
        "line_cause_right_percent": percent(lines["cause", RIGHT],
                                            of("cause")),
        "line_zones": of("zone"),
        "line_zone_right": lines["zone", RIGHT],
        "line_zone_undetermined": lines["zone", UNSURE],
        "wrong_causes": causes[WRONG] + lines["cause", WRONG],
        "wrong_zones": zones[WRONG] + lines["zone", WRONG],
        "untouched_changed": sum(r.changed for r in results),
        "false_fails": sum(r.false_fails for r in results if r.healthy),
        "without_diagnoses": sum(not r.named.is_listed for r in graded),
    }


def missed(found):
    """The limits that these figures do not keep, in words."""
    out = []
    for name, how, limit in LIMITS:
        if found[name] < limit if how == "at least" else found[name] > limit:
            out.append(f"{name} is {found[name]}, {how} {limit} is wanted")
    return out


def write(results, name="matrix"):
    """Writes NAME.txt and NAME.json; returns the figures."""
    found = figures(results)
    graded = [r.named for r in results if r.named]
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(OUT, name + ".txt"), "w",
              encoding="utf-8") as file:
        file.write(table(graded) + "\n")
        file.writelines(f"{name:<26}{value}\n"
                        for name, value in found.items())
    pairs = Counter((n.row, c) for n in graded for c in n.columns)
    with open(os.path.join(OUT, name + ".json"), "w",
              encoding="utf-8") as file:
        json.dump({**found, "pairs": [
            {"fault": fault, "named": named, "count": n}
            for (fault, named), n in sorted(pairs.items())]}, file,
            indent=2)
        file.write("\n")
    return found


def sentence(found, name="matrix"):
    return (f"{found['faults']} faults on {found['fault_scenarios']} sites, "
            f"{found['healthy_variants']} healthy sites; cause right "
            f"{found['cause_right_percent']} %, zone right "
            f"{found['zone_right_percent']} %, {found['zone_undetermined']} "
            f"undetermined; wrong: {found['wrong_causes']} causes, "
            f"{found['wrong_zones']} zones, {found['untouched_changed']} "
            f"untouched, {found['false_fails']} false fails: "
            f"build/grade/{name}.txt")
