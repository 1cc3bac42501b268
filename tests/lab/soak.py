# SPDX-License-Identifier: MIT
"""Runs every healthy variant often, each time with its checks in another
order, and counts required lines that are judged fail: there must be none. What
is done stands in build/grade/soak.json, and the next start goes on there as
long as program and scenarios are the same."""

import hashlib
import json
import os
import random
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import enclosure
import grade
import internet
import matrix
import scenario as scenarios
from internet import SCENARIOS, LabError

FILE = os.path.join(matrix.OUT, "soak.json")


def healthy_names():
    return [n for n in scenarios.names() if scenarios.load(n).healthy]


def digest(*paths):
    whole = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            whole.update(file.read())
    return whole.hexdigest()


def own_copy(path):
    """What is built anew meanwhile does not change what is tried."""
    mine = os.path.join(matrix.OUT, "sitewalk")
    os.makedirs(matrix.OUT, exist_ok=True)
    shutil.copy2(path, mine)
    return mine


def mark_of(name, binary):
    """What a run of a variant is a run of."""
    return digest(binary, os.path.join(SCENARIOS, "healthy.yaml"),
                  os.path.join(SCENARIOS, name + ".yaml"))


def load(marks):
    """{variant: its runs}, without those of another program or scenario."""
    try:
        with open(FILE, encoding="utf-8") as file:
            old = json.load(file)["variants"]
    except (OSError, ValueError, KeyError):
        old = {}
    return {name: old[name]["runs"] if name in old and
            old[name]["of"] == mark else [] for name, mark in marks.items()}


def save(marks, runs):
    os.makedirs(matrix.OUT, exist_ok=True)
    with open(FILE + ".new", "w", encoding="utf-8") as file:
        json.dump({
            "runs": sum(len(r) for r in runs.values()),
            "fewest_runs": min(len(r) for r in runs.values()),
            "false_fails": sum(len(one["fails"]) for r in runs.values()
                               for one in r),
            "variants": {n: {"of": marks[n], "runs": runs[n]}
                         for n in sorted(runs)}}, file, indent=1)
        file.write("\n")
    os.replace(FILE + ".new", FILE)


def one_run(name, order, binary, healthy):
    """Its record is kept when something in it is not as expected."""
    aside = f"soak-{name}-{order}"
    result = grade.grade_one(name, healthy, binary, order, aside)
    if not result.failures:
        for end in (".json", ".log"):
            os.unlink(os.path.join(grade.OUT, aside + end))
    return result, {"order": order, "took_s": result.took_s,
                    "fails": result.fails, "other": result.failures}


def todo(names, runs, count, seed):
    """(variant, order of its checks) of what is left, shuffled."""
    rng = random.Random(seed)
    left = []
    for name in names:
        done = {one["order"] for one in runs[name]}
        orders = [order for order in
                  (rng.randrange(1, 10 ** 9) for _ in range(count))
                  if order not in done]
        left += [(name, order) for order in orders][:max(
            0, count - len(done))]
    rng.shuffle(left)
    return left


def table(runs):
    lines = [f"{'variant':<22}{'runs':>6}{'false fails':>13}"
             f"{'other differences':>19}{'seconds each':>14}"]
    for name, done in sorted(runs.items()):
        took = sum(one["took_s"] for one in done) / max(1, len(done))
        lines.append(
            f"{name:<22}{len(done):>6}"
            f"{sum(len(one['fails']) for one in done):>13}"
            f"{sum(bool(one['other']) for one in done):>19}{took:>14.1f}")
        ids = sorted({i for one in done for i in one["fails"]})
        lines += [f"    judged fail: {i}" for i in ids]
    return "\n".join(lines)


def run(binary, jobs, count, seed, names):
    path = own_copy(grade.binary_path(binary))
    every = healthy_names()
    strangers = [name for name in names if name not in every]
    if strangers:
        raise LabError("not marked as healthy: " + ", ".join(strangers))
    enclosure.prepare(internet.load())
    os.makedirs(grade.OUT, exist_ok=True)
    healthy = scenarios.load("healthy")
    marks = {name: mark_of(name, path) for name in every}
    runs = load(marks)
    left = todo(names or every, runs, count, seed)
    lost = 0
    begun = time.monotonic()
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        waiting = {pool.submit(one_run, name, order, path, healthy): name
                   for name, order in left}
        for number, done in enumerate(as_completed(waiting), 1):
            name = waiting[done]
            result, one = done.result()
            if result.named:
                runs[name].append(one)
                save(marks, runs)
            else:
                lost += 1       # without a record it is no run
            print(f"[{number}/{len(left)}] {name}, order {one['order']}: "
                  + (" | ".join(result.failures) or "ok")
                  + f", {one['took_s']} s")
            sys.stdout.flush()
    if not any(runs.values()):
        raise LabError("nothing ran")
    print(table(runs))
    fails = sum(len(one["fails"]) for r in runs.values() for one in r)
    other = sum(bool(one["other"]) for r in runs.values() for one in r)
    all_runs = sum(len(r) for r in runs.values())
    print(f"{all_runs} runs of {len(runs)} healthy variants: {fails} required "
          f"lines judged fail, {other} runs with another difference, {lost} "
          f"without a result; {time.monotonic() - begun:.0f} s")
    return 0 if not fails and not lost else 1
