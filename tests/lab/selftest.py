# SPDX-License-Identifier: MIT
"""Proves the lab itself, without the program that it will judge."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import enclosure
import internet
import scenario as scenarios
from internet import HERE, LabError

LAB = os.path.join(HERE, "lab")
INSIDE = os.path.join(HERE, "selftest_inside.py")
WAIT_S = 10


def lab(*args, **options):
    return subprocess.Popen([sys.executable, LAB, *args],
                            stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, **options,
                            preexec_fn=enclosure.die_with_parent)


def run_scenario(name):
    """(lines of results, what went wrong with the run itself)."""
    child = lab("run", "--scenario", name, "--", sys.executable, INSIDE,
                name)
    out, err = child.communicate()
    lines = [f"{line.split(' ', 1)[0]} {name}: {line.split(' ', 1)[1]}"
             for line in out.splitlines() if line.startswith(("ok ",
                                                              "FAIL "))]
    if child.returncode != 0 or not lines:
        lines.append(f"FAIL {name}: the lab ended with {child.returncode}: "
                     + err.strip()[-600:])
    return lines


def marked(mark):
    """Processes whose environment carries the mark."""
    found = []
    for pid in os.listdir("/proc"):
        if not pid.isdigit():
            continue
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark in file.read():
                    found.append(int(pid))
        except OSError:
            continue
    return found


def descendants(pid):
    """pid and all below it."""
    out, todo = [], [pid]
    while todo:
        one = todo.pop()
        out.append(one)
        try:
            with open(f"/proc/{one}/task/{one}/children") as file:
                todo += [int(p) for p in file.read().split()]
        except OSError:
            pass
    return out


def wait_until(condition):
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return False


def alive(pids):
    out = []
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] != "Z":
                    out.append(pid)
        except OSError:
            pass
    return out


def killed(number, which):
    """Starts a site, kills one of its processes, and looks for survivors."""
    child = lab("run", "--", "sh", "-c", "echo up; exec sleep 600")
    if child.stdout.readline() != "up\n":
        return f"FAIL the site did not start: {child.stderr.read()}"
    family = descendants(child.pid)
    victim = family[0] if which == "outer" else \
        enclosure.first_child(child.pid)
    os.kill(victim, number)
    gone = wait_until(lambda: not alive(p for p in family
                                        if p != child.pid))
    status = child.wait()
    left = alive(family)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    text = f"{signal.Signals(number).name} to the {which} process leaves " \
           "no process"
    if not gone or left or len(family) < 15:
        return f"FAIL {text}: {len(left)} of {len(family)} are left"
    if number == signal.SIGTERM and status != 128 + number:
        return f"FAIL {text}: the status is {status}"
    return f"ok {text}"


def status_passes():
    lines = []
    for script, want in (("exit 7", 7), ("kill -9 $$", 137)):
        child = lab("run", "--", "sh", "-c", script)
        child.communicate()
        good = child.returncode == want
        lines.append(f"{'ok' if good else 'FAIL'} the command's status "
                     f"{want} is the lab's"
                     + ("" if good else f": {child.returncode}"))
    return lines


def refuses_open_network():
    """The inner half, started without namespaces, must not go on."""
    order = ('{"scenario": "healthy", "command": ["true"], "verbose": '
             f'false, "outside": {os.stat("/proc/self/ns/net").st_ino}}}')
    child = lab("_inside", order)
    _, err = child.communicate()
    good = child.returncode == 2 and "refuses to start" in err
    return [f"{'ok' if good else 'FAIL'} the lab refuses to start in an "
            "open network" + ("" if good else f": {err.strip()}")]


# One flow of three datagrams, then another; waits until both are noted.
FLOWS = """
import os, socket, time
for count in (3, 1):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for _ in range(count):
        sock.sendto(b"x", ("10.20.30.1", 9))
deadline = time.monotonic() + 5
lines = []
while len(lines) < 2 and time.monotonic() < deadline:
    with open(os.environ["SITEWALK_LAB_FLOWS"]) as file:
        lines = [l for l in file if l.endswith(" 10.20.30.1 9\\n")]
print(len(lines))
"""
DISTANCE = """
import socket, time
begun = time.monotonic()
socket.create_connection(("203.0.113.30", 443))
print(round((time.monotonic() - begun) * 10))
"""


def flows_are_noted():
    child = lab("run", "--flows", "--", sys.executable, "-c", FLOWS)
    out, err = child.communicate()
    good = out == "2\n"
    return [f"{'ok' if good else 'FAIL'} the gateway notes each new flow once"
            + ("" if good else f": {out}{err}")]


def distance_is_kept():
    file = os.path.join(internet.TOP, "tests", "bench", "far.yaml")
    child = lab("run", "--scenario", file, "--", sys.executable, "-c",
                DISTANCE)
    out, err = child.communicate()
    good = out == "6\n"
    return [f"{'ok' if good else 'FAIL'} a scenario's round trip is kept"
            + ("" if good else f": {out}{err}")]


def wrong_usage_is_told():
    child = lab("run", "--scenario", "no-such", "--", "true")
    _, err = child.communicate()
    good = child.returncode == 2 and "no scenario no-such" in err
    return [f"{'ok' if good else 'FAIL'} an unknown scenario is named"]


def run(jobs, names):
    everything = not names
    # Other distances are proved once, for a scenario of its own.
    names = names or [n for n in scenarios.names()
                      if not scenarios.load(n).round_trip_ms]
    enclosure.prepare(internet.load())
    lines = []
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        for result in pool.map(run_scenario, names):
            lines += result
            report(result)
    if everything:
        own = [killed(signal.SIGKILL, "outer"),
               killed(signal.SIGKILL, "unshare"),
               killed(signal.SIGTERM, "outer")]
        own += status_passes() + refuses_open_network()
        own += wrong_usage_is_told() + flows_are_noted() + distance_is_kept()
        report(own)
        lines += own
    passed = sum(line.startswith("ok ") for line in lines)
    if not lines:
        raise LabError("nothing ran")
    print(f"{passed} passed, {len(lines) - passed} failed")
    return 0 if passed == len(lines) else 1


def report(lines):
    for line in lines:
        if not line.startswith("ok "):
            print(line)
    sys.stdout.flush()
