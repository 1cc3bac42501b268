# SPDX-License-Identifier: MIT
"""What the tests of the commands share: running the program, counting what
held, and the lab."""
import json
import os
import subprocess
import sys

TOP = os.path.normpath(os.path.join(os.path.dirname(
    os.path.abspath(__file__)), ".."))
# Another build of it can be named, one with sanitizers for instance.
PROGRAM = os.path.abspath(os.environ.get(
    "SITEWALK_PROGRAM", os.path.join(TOP, "build", "sitewalk")))
LAB = os.path.join(TOP, "tests", "lab", "lab")
BOUND_S = 120
LAB_BOUND_S = 280


class Suite:
    """Counts promises; says at once which one is broken."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, promise, holds, detail=""):
        if holds:
            self.passed += 1
            return True
        self.failed += 1
        print("BROKEN: %s" % promise)
        if detail != "":
            print("  " + str(detail)[:1500].replace("\n", "\n  "))
        sys.stdout.flush()
        return False

    def end(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        return 0 if self.failed == 0 and self.passed > 0 else 1


class Done:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def text(self):
        return self.out.decode("utf-8", "replace")

    @property
    def told(self):
        return self.err.decode("utf-8", "replace")

    @property
    def sentence(self):
        """What was told, as if it were not broken into lines."""
        return " ".join(self.told.split())

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return "status %s\n%s\n%s" % (self.status, self.text[-600:],
                                      self.told[-600:])


def run(*args, cwd=TOP, bound=BOUND_S, before=(), **options):
    """The program with these arguments, without a terminal."""
    command = [*before, PROGRAM, *args]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL,
                              capture_output=True, cwd=cwd, timeout=bound,
                              check=False, **options)
    except subprocess.TimeoutExpired as slow:
        return Done("not done after %d s" % bound, slow.stdout or b"",
                    slow.stderr or b"")
    return Done(done.returncode, done.stdout, done.stderr)


def in_lab(scenario, *command, bound=LAB_BOUND_S, before=()):
    """A command on the laptop of the lab's site."""
    child = subprocess.Popen(
        [*before, sys.executable, LAB, "run", "--scenario", scenario, "--",
         *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, cwd=TOP)
    try:
        out, err = child.communicate(timeout=bound)
        return Done(child.returncode, out, err)
    except subprocess.TimeoutExpired:
        child.terminate()
        out, err = child.communicate()
        return Done("not done after %d s" % bound, out, err)


def lab_options():
    """To judge by the lab's authorities; only inside the lab."""
    return ["--ca-bundle", os.environ["SITEWALK_CA_BUNDLE"],
            "--packs", os.environ["SITEWALK_LAB_PACKS"], "--pace", "fast"]


def is_inside_lab():
    return os.environ.get("SITEWALK_LAB") == "1" and \
        os.environ.get("SITEWALK_LAB_NETNS") == \
        str(os.stat("/proc/self/ns/net").st_ino)


def empty_network():
    """Words that start a command where there is no network at all, or none
    where the system refuses that."""
    before = ["unshare", "-rn"]
    try:
        done = subprocess.run([*before, "true"], capture_output=True,
                              check=False)
        return before if done.returncode == 0 else None
    except OSError:
        return None


ANSWERS = """\
site:
  name: Harbour House
  customer: "=Example & Sons, \\"Ltd\\""
  engineer: "-A. Fitter"
  installer: Example Lights
  device_zone: "-"
products: [zencontrol, z5]
answers:
  zencontrol:
    wifi: "no"
    tpi: "no"
    controllers: "2"
    controller_address: 10.20.30.63
"""
