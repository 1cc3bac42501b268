# SPDX-License-Identifier: MIT
"""Runs the shipped binary on every scenario's site and compares what it
says with what the scenario expects."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase

import enclosure
import internet
import matrix
import scenario as scenarios
from internet import BUILD, HERE, TOP, LabError

OUT = os.path.join(BUILD, "out")
BOUND_S = 180
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

    def judge(self, requirement):
        """The differences of one requirement, as one text, or nothing."""
        out = []
        for key, want in self.want.items():
            got = requirement.get(key) or None
            allowed = as_list(want)
            if got not in allowed:
                out.append(f"{key} {got or 'none'}, expected "
                           + " or ".join(str(a or "none") for a in allowed))
        return ", ".join(out)

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
    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failures = []          # one text each group
        self.every = []             # every difference of a requirement
        self.injected = self.named_right = self.false_fails = 0
        self.pairs = []             # (what was there, what was named)

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
        out += ["--set", f"{name}={value}"]
    return out


def run_binary(scenario, healthy, binary):
    """(exit status, record, what is wrong with the run)."""
    command = ["sh", "-c", SCRIPT, "sh", os.path.abspath(binary),
               *answers_of(scenario, healthy)]
    argv = [sys.executable, os.path.join(HERE, "lab"), "run", "--scenario",
            scenario.name, "--", *command]
    out = os.path.join(OUT, scenario.name)
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


def check_document(record):
    ids = [r.get("id") for r in record.get("requirements", [])]
    if record.get("schema") != SCHEMA:
        return f"schema {record.get('schema')}, expected {SCHEMA}"
    if not ids:
        return "no requirement in the record"
    if len(set(ids)) != len(ids):
        return "a requirement stands there twice"
    if record.get("complete") is not True:
        return "the run is not complete"
    return None


def expected_status(requirements):
    """Of design section 8, from the outcomes alone."""
    required = [r for r in requirements if r.get("strength") == "required"]
    if any(r["outcome"] == "tool_error" for r in requirements):
        return 4
    outcomes = {r["outcome"] for r in required}
    if "fail" in outcomes:
        return 1
    if outcomes & {"unproven", "blocked_by", "not_run"}:
        return 3
    return 0


def as_list(value):
    return value if isinstance(value, list) else [value]


def check_diagnoses(scenario, record):
    """Exactly the diagnoses that the scenario lists."""
    got = [(d.get("cause"), d.get("zone"))
           for d in record.get("diagnoses", [])]
    left = list(got)
    missing = []
    for want in scenario.diagnoses:
        fits = [g for g in left if g[0] in as_list(want["cause"])
                and g[1] in as_list(want["zone"])]
        if fits:
            left.remove(fits[0])
        else:
            missing.append((want["cause"], want["zone"]))
    if not missing and not left:
        return None
    return (f"diagnoses {got or 'none'}, expected "
            f"{[(d['cause'], d['zone']) for d in scenario.diagnoses]}")


def compare(scenario, healthy, status, record):
    result = Result(scenario.name)
    if scenario.has_diagnoses:
        result.pairs = matrix.pairs_of(scenario, record)
    result.group(check_document(record))
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
            judge_one(result, covering[-1], requirement)
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
    if strangers:
        result.group("no expectation for " + " ".join(strangers))
    want = expected_status(requirements)
    result.group(None if status == want else
                 f"exit status {status}, expected {want}")
    if scenario.has_diagnoses:
        result.group(check_diagnoses(scenario, record))
    return result


def judge_one(result, entry, requirement):
    difference = entry.judge(requirement)
    if difference:
        entry.differences.setdefault(difference, []).append(
            requirement["id"])
    injected = entry.origin != "healthy"
    if injected:
        result.injected += 1
        result.named_right += not difference
    wanted = entry.want.get("outcome")
    if requirement["outcome"] == "fail" and "fail" not in (
            wanted if isinstance(wanted, list) else [wanted]):
        result.false_fails += 1


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


def grade_one(name, healthy, binary):
    scenario = scenarios.load(name)
    status, record, trouble = run_binary(scenario, healthy, binary)
    if trouble:
        result = Result(name)
        result.group(trouble)
        return result
    return compare(scenario, healthy, status, record)


def report(result):
    """One line; every requirement stands in out/NAME.differences."""
    with open(os.path.join(OUT, result.name + ".differences"), "w",
              encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in result.every)
    failed = len(result.failures)
    print(f"{result.name}: " + ("ok" if not failed else f"{failed} wrong: "
                                + " | ".join(result.failures)))
    sys.stdout.flush()


def run(binary, jobs, names):
    path = os.path.join(TOP, binary) if not os.path.exists(binary) else binary
    if not os.access(path, os.X_OK):
        raise LabError(f"there is no program {binary}: run make")
    names = names or scenarios.names()
    healthy = scenarios.load("healthy")
    enclosure.prepare(internet.load())
    os.makedirs(OUT, exist_ok=True)
    results = []
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        for result in pool.map(lambda n: grade_one(n, healthy, path), names):
            report(result)
            results.append(result)
    if not results:
        raise LabError("nothing ran")
    shape = Result("documents")
    shape.group(check_schema([r.name for r in results]))
    report(shape)
    results.append(shape)
    print(f"faults: {sum(r.injected for r in results)} requirements touched,"
          f" {sum(r.named_right for r in results)} named right; "
          f"{sum(r.false_fails for r in results)} false fails")
    print(matrix.write(results))
    passed = sum(r.passed for r in results)
    failed = sum(len(r.failures) for r in results)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1
