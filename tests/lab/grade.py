# SPDX-License-Identifier: MIT
"""Runs the shipped binary on every scenario's site and compares what it
says with what the scenario expects."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from fnmatch import fnmatchcase

import enclosure
import internet
import matrix
import plan
import scenario as scenarios
from internet import BUILD, HERE, TOP, LabError
from matrix import as_list

OUT = os.path.join(BUILD, "out")
TIMES = os.path.join(matrix.OUT, "times.json")
NEW_S = 60                      # what has never run is taken as long
BOUND_S = 300
AGAIN = 3                       # wrong sites that are tried once more
SCHEMA = "sitewalk/record/1"
JUDGED = ("outcome", "cause", "zone", "path", "rung")
SHOWN = 4                       # ids of one difference on the line

SCRIPT = """binary=$1; shift
exec "$binary" check --product all --format json \
--ca-bundle "$SITEWALK_CA_BUNDLE" --packs "$SITEWALK_LAB_PACKS" "$@"
"""


class Entry:
    """One expectation: these requirements, judged like this. One group of
    the grade."""

    def __init__(self, origin, data):
        self.origin = origin
        listed = data["requirements"]
        self.globs = [listed] if isinstance(listed, str) else listed
        self.only = data.get("only", {})
        self.but = data.get("except", {})
        self.want = {k: data[k] for k in JUDGED if k in data}
        if self.want.get("outcome") == "pass":
            self.want.setdefault("cause", None)
        self.least = data.get("least", {})      # outcome: how many at least
        self.outcomes = Counter()
        self.matched = 0
        self.differences = {}       # what differs: ids

    def covers(self, requirement):
        """By id, and by what the pack says of it: never by its result."""
        if not any(fnmatchcase(requirement["id"], g) for g in self.globs):
            return False
        return all(self.fits(member_of(requirement, key), want)
                   for key, want in self.only.items()) and \
            not any(self.fits(member_of(requirement, key), want)
                    for key, want in self.but.items())

    @staticmethod
    def fits(got, want):
        return any(fnmatchcase(str(g), str(w))
                   for g in as_list(got) for w in as_list(want))

    def judge(self, requirement, instead_of_pass=()):
        """The differences of one requirement, as one text, or nothing."""
        out = []
        if self.want.get("outcome") == "pass" and \
                requirement["outcome"] in instead_of_pass:
            return ""
        for key, want in self.want.items():
            got = requirement.get(key) or None
            allowed = as_list(want)
            if got not in allowed:
                out.append(f"{key} {got or 'none'}, expected "
                           + " or ".join(str(a or "none") for a in allowed))
        return ", ".join(out)

    def too_few(self):
        """Where chance decides which they are: are there enough of them?"""
        return [f"{o} {self.outcomes[o]} times, expected {n} at least"
                for o, n in self.least.items() if self.outcomes[o] < n]

    def may_be_absent(self):
        """A requirement that does not apply need not be in the record."""
        return self.want.get("outcome") == "not_applicable"

    def title(self):
        text = " ".join(self.globs + [f"{k}={v}"
                                      for k, v in self.only.items()])
        return text if len(text) < 60 else text[:57] + "..."


def member_of(requirement, key):
    if key in ("kind", "name"):
        return requirement.get("destination", {}).get(key)
    return requirement.get(key)


def share(ids):
    more = len(ids) - SHOWN
    return ", ".join(ids[:SHOWN]) + (f" and {more} more" if more > 0 else "")


class Result:
    def __init__(self, name, healthy=False):
        self.name = name
        self.healthy = healthy
        self.passed = 0
        self.failures = []          # one text each group
        self.every = []             # every difference of a requirement
        self.touched = Counter()    # (axis, how it was named): how often
        self.changed = 0            # requirements that no fault touches
        self.fails = []             # required ones of a healthy variant
        self.false_fails = 0
        self.named = None           # the diagnoses, weighed
        self.took_s = 0

    def group(self, failure):
        if failure:
            self.failures.append(failure)
        else:
            self.passed += 1


def answers_of(scenario, healthy):
    out = []
    for name, value in {**healthy.answers, **scenario.answers}.items():
        if isinstance(value, bool):
            value = "yes" if value else "no"
        value = plan.translated(value, scenario.site)
        out += ["--set", f"{name}={value}"]
    return out + scenario.options


def run_binary(scenario, healthy, binary, order=0, aside=""):
    """(exit status, record, what is wrong with the run). The order of its
    checks is that of a seed; what it said is kept aside under another
    name."""
    command = ["sh", "-c", SCRIPT, "sh", os.path.abspath(binary),
               *answers_of(scenario, healthy),
               *(["--order", str(order)] if order else [])]
    argv = [sys.executable, os.path.join(HERE, "lab"), "run", "--scenario",
            scenario.name, "--", *command]
    out = os.path.join(OUT, aside or scenario.name)
    with open(out + ".json", "wb") as stdout, \
            open(out + ".log", "wb") as stderr:
        child = subprocess.Popen(argv, stdout=stdout, stderr=stderr,
                                 stdin=subprocess.DEVNULL,
                                 preexec_fn=enclosure.die_with_parent)
        try:
            status = child.wait(BOUND_S)
        except subprocess.TimeoutExpired:
            child.terminate()
            child.wait()
            return None, None, f"not done after {BOUND_S} s"
    try:
        with open(out + ".json", encoding="utf-8") as file:
            return status, json.load(file), None
    except (OSError, ValueError) as error:
        with open(out + ".log", errors="replace") as file:
            last = file.read().strip().splitlines()[-1:]
        return status, None, (f"status {status} and no JSON ({error}): "
                              + " ".join(last))


def check_document(record, complete=True):
    ids = [r.get("id") for r in record.get("requirements", [])]
    if record.get("schema") != SCHEMA:
        return f"schema {record.get('schema')}, expected {SCHEMA}"
    if not ids:
        return "no requirement in the record"
    if len(set(ids)) != len(ids):
        return "a requirement stands there twice"
    if record.get("complete") is not complete:
        return "the run is " + ("not " if complete else "") + "complete"
    return None


def expected_status(requirements, complete=True):
    """Of design section 8, from the outcomes alone."""
    if not complete:
        return 4
    required = [r for r in requirements if r.get("strength") == "required"]
    if any(r["outcome"] == "tool_error" for r in requirements):
        return 4
    outcomes = {r["outcome"] for r in required}
    if "fail" in outcomes:
        return 1
    if outcomes & {"unproven", "blocked_by", "not_run"}:
        return 3
    return 0


def check_diagnoses(scenario, record):
    """Exactly the diagnoses that the scenario lists."""
    got = [(d.get("cause"), d.get("zone"))
           for d in matrix.stated(scenario, record)]
    left = list(got)
    missing = []
    for want in scenario.diagnoses:
        fits = [g for g in left if g[0] in as_list(want["cause"])
                and g[1] in as_list(want["zone"])]
        if fits:
            left.remove(fits[0])
        elif not want.get("maybe"):
            missing.append((want["cause"], want["zone"]))
    if not missing and not left:
        return None
    return (f"diagnoses {got or 'none'}, expected "
            f"{[(d['cause'], d['zone']) for d in scenario.diagnoses]}")


TROUBLE = ("fail", "warn", "marginal", "blocked_by")


def check_explained(record):
    """Every requirement in trouble is explained by exactly one diagnosis,
    and none explains what is not there."""
    told = [i for d in record.get("diagnoses", []) for i in d["explains"]]
    twice = sorted({i for i in told if told.count(i) > 1})
    if twice:
        return f"explained twice: {share(twice)}"
    trouble = {r["id"] for r in record.get("requirements", [])
               if r["outcome"] in TROUBLE}
    if trouble - set(told):
        return f"not explained: {share(sorted(trouble - set(told)))}"
    good = {r["id"] for r in record.get("requirements", [])
            if r["outcome"] in ("pass", "not_applicable", "waived")}
    idle = sorted(good & set(told))
    return f"explained without trouble: {share(idle)}" if idle else None


def compare(scenario, healthy, status, record):
    result = Result(scenario.name, scenario.healthy)
    result.named = matrix.Named(scenario, record)
    result.group(check_document(record, scenario.complete))
    requirements = record.get("requirements", [])
    entries = [Entry("healthy", e) for e in healthy.expect]
    if scenario.name != "healthy":
        entries += [Entry(scenario.name, e) for e in scenario.expect]
    strangers = []
    for requirement in requirements:
        covering = [e for e in entries if e.covers(requirement)]
        for entry in covering:
            entry.matched += 1
        if covering:
            judge_one(result, covering[-1], requirement, scenario)
        else:
            strangers.append(requirement["id"])
    for entry in entries:
        if not entry.matched and not entry.may_be_absent():
            result.group(f"nothing is called {entry.title()}")
        else:
            result.group("; ".join(f"{share(ids)}: {difference}" for
                                   difference, ids in
                                   entry.differences.items()))
            result.every += [f"{i}: {difference}" for difference, ids in
                             entry.differences.items() for i in ids]
        if entry.least:
            result.group("; ".join(entry.too_few()))
    if strangers:
        result.group("no expectation for " + " ".join(strangers))
    want = expected_status(requirements, scenario.complete)
    result.group(None if status == want else
                 f"exit status {status}, expected {want}")
    if scenario.has_diagnoses:
        result.group(check_diagnoses(scenario, record))
    result.group(check_explained(record))
    if scenario.healthy:
        result.group(check_healthy(result))
    return result


def check_healthy(result):
    if not result.fails:
        return None
    return "required, and failed on a healthy site: " + share(result.fails)


def judge_one(result, entry, requirement, scenario):
    difference = entry.judge(requirement, scenario.instead_of_pass)
    entry.outcomes[requirement["outcome"]] += 1
    if difference:
        entry.differences.setdefault(difference, []).append(
            requirement["id"])
    if requirement["outcome"] == "fail" and \
            requirement["strength"] == "required" and result.healthy:
        result.fails.append(requirement["id"])
        result.false_fails += 1
    if entry.origin != "healthy" and not result.healthy:
        weigh(result, entry.want, requirement)
    elif difference and not result.healthy:
        result.changed += 1


def weigh(result, want, requirement):
    """How a touched requirement was named, each axis for itself."""
    good = requirement["outcome"] in as_list(want.get("outcome"))
    result.touched["outcome", matrix.RIGHT if good else matrix.WRONG] += 1
    cause, zone = (requirement.get(k) or None for k in ("cause", "zone"))
    if any(as_list(want.get("cause"))):
        result.touched["cause", matrix.RIGHT if cause in
                       as_list(want["cause"]) else matrix.WRONG if cause
                       else matrix.UNNAMED] += 1
    if any(as_list(want.get("zone"))):
        result.touched["zone", matrix.weigh_zone(as_list(want["zone"]),
                                                 zone)] += 1


def check_schema(names):
    """Every record keeps to the schema that the program ships."""
    files = [os.path.join(OUT, name + ".json") for name in names]
    done = subprocess.run(
        [sys.executable, os.path.join(TOP, "tests", "schema"),
         os.path.join(TOP, "core", "export", "schema", "record-1.json"),
         *files], capture_output=True, text=True)
    if done.returncode == 0:
        return None
    return (done.stdout + done.stderr).strip()[-600:] or "no schema"


def judge_again(names, binary):
    """Without a network, and from the files alone."""
    done = subprocess.run(
        [sys.executable, os.path.join(TOP, "tests", "judge_again"),
         *[os.path.join(OUT, name + ".json") for name in names]],
        env={**os.environ, "SITEWALK_PROGRAM": os.path.abspath(binary)},
        capture_output=True, text=True)
    if done.returncode == 0:
        return None
    return (done.stdout + done.stderr).strip()[-600:] or "no result"


def grade_one(name, healthy, binary, order=0, aside=""):
    scenario = scenarios.load(name)
    begun = time.monotonic()
    status, record, trouble = run_binary(scenario, healthy, binary, order,
                                         aside)
    if trouble:
        result = Result(name, scenario.healthy)
        result.group(trouble)
    else:
        result = compare(scenario, healthy, status, record)
    result.took_s = round(time.monotonic() - begun, 1)
    return result


def report(result):
    """One line; every requirement stands in out/NAME.differences."""
    with open(os.path.join(OUT, result.name + ".differences"), "w",
              encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in result.every)
    failed = len(result.failures)
    print(f"{result.name}: " + ("ok" if not failed else f"{failed} wrong: "
                                + " | ".join(result.failures)))
    sys.stdout.flush()


def read_times():
    try:
        with open(TIMES, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_times(results):
    times = {**read_times(), **{r.name: r.took_s for r in results}}
    os.makedirs(matrix.OUT, exist_ok=True)
    with open(TIMES, "w", encoding="utf-8") as file:
        json.dump(times, file, indent=2, sort_keys=True)
        file.write("\n")


def binary_path(binary):
    path = os.path.join(TOP, binary) if not os.path.exists(binary) else binary
    if not os.access(path, os.X_OK):
        raise LabError(f"there is no program {binary}: run make")
    return path


def grade_all(names, path, jobs, order):
    """One result each; the longest begin, so that none ends long after the
    others."""
    healthy = scenarios.load("healthy")
    times = read_times()
    names = sorted(names, key=lambda n: -times.get(n, NEW_S))
    results = []
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        for done in as_completed([pool.submit(grade_one, n, healthy, path,
                                              order) for n in names]):
            report(done.result())
            results.append(done.result())
    wrong = [r for r in results if r.failures]
    if len(wrong) > AGAIN or jobs == 1:
        return sorted(results, key=lambda r: r.name)
    # Beside seven others a server of the lab may be late: what is no chance
    # shows itself twice. Both are told.
    for first in wrong:
        print(f"{first.name}: once more, alone")
        results.remove(first)
        results.append(grade_one(first.name, healthy, path, order))
        report(results[-1])
    return sorted(results, key=lambda r: r.name)


def run(binary, jobs, names, order=0):
    path = binary_path(binary)
    everything = not names
    names = names or scenarios.names()
    enclosure.prepare(internet.load())
    os.makedirs(OUT, exist_ok=True)
    begun = time.monotonic()
    results = grade_all(names, path, jobs, order)
    if not results:
        raise LabError("nothing ran")
    shape = Result("documents")
    shape.group(check_schema([r.name for r in results]))
    shape.group(judge_again([r.name for r in results], path))
    # A part of them is no grade.
    name = "matrix" if everything else "part"
    found = matrix.write(results, name)
    if everything:
        shape.group("; ".join(matrix.missed(found)))
    report(shape)
    write_times(results)
    results.append(shape)
    print(f"{matrix.sentence(found, name)}, in {time.monotonic() - begun:.0f} s")
    passed = sum(r.passed for r in results)
    failed = sum(len(r.failures) for r in results)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1
