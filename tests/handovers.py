#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes many varied handovers from a real one, for tests of their readers.

usage: tests/handovers.py HANDOVER.json FOLDER COUNT [SIZE]

Each is a file of its own data in a folder of its own, as exports lie: other
names, days and verdicts. SIZE is about how many bytes each has (100000).
"""
import hashlib
import json
import os
import re
import sys

NAMES = ("Harbour House", "=SUM(A1:A9)", "Gästehaus am Süd-Ring", "東京支店",
         "مكتب الرياض", "@Post & Söhne, \"GmbH\"", "-", "Nordlicht 7")
VERDICTS = ("not_ready", "ready_with_deviations", "ready")
FIRST_DAY = 1700000000
DAY_S = 86400


def stamp(seconds):
    import time
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


# As core/record/seal.h tells: the members of each section; the rest is "head".
SECTIONS = {"people": "declarations site", "network": "vantage",
            "equipment": "equipment", "answers": "answers",
            "results": "diagnoses readiness requirements",
            "observations": "observations", "earlier": "earlier",
            "notes": "attestations", "deviations": "deviations"}
MEMBER = re.compile(rb'^  "(\w+)": ', re.M)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def members(data):
    """(name, bytes of the value) of each top-level member."""
    starts = list(MEMBER.finditer(data))
    for at, match in enumerate(starts):
        end = starts[at + 1].start() - 2 if at + 1 < len(starts) else \
            len(data) - 3
        yield match[1].decode(), data[match.end():end]


def seal(data, old):
    """The member "sections" and "seal" for these bytes; the digests of the
    masked sections stay, since nobody can check them in a whole file."""
    values = dict(members(data))
    document = json.loads(values["document"])
    named = " ".join(SECTIONS.values()).split() + ["sections", "seal"]
    rest = [name for name in values if name not in named]
    lines, rows = [], []
    for row in old:
        held = SECTIONS.get(row["name"], " ".join(rest)).split()
        whole = row["salt"].encode() + b"".join(
            name.encode() + b"\0" + values[name] + b"\0"
            for name in sorted(held) if name in values)
        rows.append(dict(row, sha256=digest(whole)))
        lines.append("section %s %s %s\n" % (
            row["name"], rows[-1]["sha256"], row["masked_sha256"]))
    manifest = "sitewalk manifest 1\ndocument %s %d\n" % (
        document["id"] or "-", document["version"]) + "".join(lines)
    return rows, {"manifest": 1, "sha256": digest(manifest.encode()),
                  "signature": ""}


def dump(record):
    text = json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False)
    return (text + "\n").encode()


def shrink(record, size):
    """Leaves out what is measured last until it fits; a record all the same."""
    record = json.loads(json.dumps(record))
    while len(dump(record)) > size and (record["observations"]
                                        or record["requirements"]):
        for name in ("observations", "requirements"):
            rows = record[name]
            del rows[len(rows) - max(1, len(rows) // 12):]
    kept = {o["id"] for o in record["observations"]}
    for row in record["requirements"]:
        row["probes"] = [i for i in row["probes"] if i in kept]
    return record


def variant(record, number):
    """A copy that differs in what the table tells."""
    record = dict(record)
    record["site"] = dict(record["site"], name="%s %d" % (
        NAMES[number % len(NAMES)], number))
    record["started"] = stamp(FIRST_DAY + number * DAY_S // 10)
    record["ended"] = stamp(FIRST_DAY + number * DAY_S // 10 + 60)
    record["readiness"] = dict(record["readiness"],
                               answer=VERDICTS[number % len(VERDICTS)])
    return record


def indented(value):
    return json.dumps(value, indent=2, sort_keys=True,
                      ensure_ascii=False).replace("\n", "\n  ").encode()


def make(record, folder, count, size=100000):
    """Writes them; how many bytes they have together."""
    base = shrink(record, size)
    # All but a few members is the same text: it is made once.
    marks = ("site", "started", "ended", "readiness")
    sealed = ("sections", "seal") if base.get("seal") else ()
    text = dump(dict(base, **{name: "@%s@" % name for name in marks + sealed}))
    total = 0
    for number in range(count):
        data = text
        changed = variant(base, number)
        for name in marks:
            data = data.replace(b'"@%s@"' % name.encode(),
                                indented(changed[name]), 1)
        if base.get("seal"):
            for name, value in zip(("sections", "seal"),
                                   seal(data, base["sections"])):
                data = data.replace(b'"@%s@"' % name.encode(),
                                    indented(value), 1)
        inside = os.path.join(folder, "%03d" % (number // 100),
                              "site-%05d" % number)
        os.makedirs(inside, exist_ok=True)
        with open(os.path.join(inside, "handover.json"), "wb") as f:
            total += f.write(data)
    return total


def main():
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as f:
        record = json.load(f)
    size = int(sys.argv[4]) if len(sys.argv) > 4 else 100000
    print(make(record, sys.argv[2], int(sys.argv[3]), size))
    return 0


if __name__ == "__main__":
    sys.exit(main())
