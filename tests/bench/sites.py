# SPDX-License-Identifier: MIT
"""Site files for the bench of the screen: one to be measured, and many as
years of work leave them."""
import json
import os
import shutil
import sqlite3
import subprocess

from watched import PROGRAM, TOP

DAY_S = 86400
BEGUN_S = 1700000000
READY = {"readiness": "ready", "blocks": 0, "brief": ""}
# How a site of the list stands, and what makes it so.
STATES = [
    ("NOT YET", []),
    ("CHANGED", ["DELETE FROM info WHERE name = 'standing'"]),
    ("READY", None),
    ("CUT SHORT", ["UPDATE run SET complete = 0"]),
    ("UNCHECKED", ["DELETE FROM run", "DELETE FROM observation",
                   "DELETE FROM started"]),
]


def chosen_before(home):
    """The first start is behind us: the language is chosen."""
    folder = os.path.join(home, "config", "sitewalk")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "settings"), "w", encoding="ascii") as f:
        f.write("language=en\n")


def new_site(path, answers):
    """A site with all products; the wizard stands where it would send."""
    products = sorted(name.removesuffix(".yaml") for name in os.listdir(
        os.path.join(TOP, "wizards")) if name.endswith(".yaml"))
    nested = {p: {k.split(".", 1)[1]: str(v) for k, v in answers.items()
                  if k.split(".")[0] == p} for p in products}
    with open(path + ".yaml", "w", encoding="utf-8") as f:
        json.dump({"site": {"name": "Bench"}, "products": products,
                   "answers": nested}, f)
    subprocess.run(["unshare", "-Urn", PROGRAM, "new", path, "--answers",
                    path + ".yaml"], check=True, capture_output=True)
    stand_at(path, "plan")


def change(path, *statements):
    site = sqlite3.connect(path)
    for statement in statements:
        site.execute(*statement)
    site.commit()
    site.close()


def stand_at(path, place):
    change(path, ("INSERT OR REPLACE INTO info(name, value) "
                  "VALUES('place', ?)", (place,)))


def count_probes(path):
    site = sqlite3.connect(path)
    try:
        return site.execute("SELECT count(*) FROM started").fetchone()[0]
    finally:
        site.close()


def standing(path, **members):
    site = sqlite3.connect(path)
    value = json.loads(site.execute(
        "SELECT value FROM info WHERE name = 'standing'").fetchone()[0])
    site.close()
    value.update(members)
    change(path, ("UPDATE info SET value = ? WHERE name = 'standing'",
                  (json.dumps(value, sort_keys=True),)))


def many(measured, home, count):
    """So many sites with results, each with a name and a state; what the
    list must say of them, the first one first."""
    folder = os.path.join(home, "data", "sitewalk", "sites")
    os.makedirs(folder)
    listed = []
    for i in range(count):
        name = f"Site {i:03d}, {i * 7 % 90 + 1} Long Street"
        path = os.path.join(folder, f"site-{i}.sitewalk")
        shutil.copy(measured, path)
        state, statements = STATES[i % len(STATES)]
        change(path, ("UPDATE info SET value = ? WHERE name = 'name'",
                      (name,)), *[(s,) for s in statements or []])
        if statements is None:
            standing(path, **READY)
        elif state == "NOT YET":
            standing(path, brief=f"The gateway of {name} is silent.")
        when = BEGUN_S + i * DAY_S
        os.utime(path, (when, when))
        listed.insert(0, (state, name))
    return listed


def wrong_lines(text, listed):
    """Of a screen with the list of sites: those that are not as they should
    be, or not there."""
    lines = [line for line in text.split("\n") if ", " in line and
             "Long Street" in line and "gateway" not in line]
    wrong = [line for line, (state, name) in zip(lines, listed)
             if state not in line or name[:30] not in line]
    if len(lines) < 5:
        wrong.append(f"only {len(lines)} sites are shown")
    return wrong


def forget(home):
    """What the system keeps of the files in memory is given up."""
    for folder, _, names in os.walk(home):
        for name in names:
            fd = os.open(os.path.join(folder, name), os.O_RDONLY)
            os.fsync(fd)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)
    return True
