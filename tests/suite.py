# SPDX-License-Identifier: MIT
"""What the tests of the commands share: running the program, counting what
held, and the lab."""
import importlib.machinery
import importlib.util
import os
import subprocess
import sys

import documents

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
        """Every document that was written on the way keeps to its schema."""
        # Alone it is no test: what ran nothing has to fail.
        if self.passed + self.failed > 0 or documents.broken:
            self.check("each JSON document keeps to the schema that it names",
                       not documents.broken, "\n".join(documents.broken))
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
        return documents.load(self.out)

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
    look_at_output(args, done.stdout, cwd)
    return Done(done.returncode, done.stdout, done.stderr)


def look_at_output(args, out, cwd):
    """What the program wrote as JSON, to standard output or a file."""
    words = list(map(str, args))
    form = [words[i + 1] for i, word in enumerate(words[:-1])
            if word == "--format"]
    if form and form[-1] != "json":
        return  # JSON in the form of a firewall's maker has no schema here
    if out.startswith(b"{\n"):
        documents.look(out, " ".join(words))
    files = [words[i + 1] for i, word in enumerate(words[:-1]) if word == "-o"]
    if words[:1] == ["export"] and len(words) > 2:
        files += [os.path.join(folder, name) for folder in words[2:3]
                  for name in ("handover.json", "firewall/rules.json")]
    for path in files:
        path = os.path.join(cwd, path)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                data = file.read()
            if data.startswith(b"{\n"):
                documents.look(data, path)


def in_lab(scenario, *command, bound=LAB_BOUND_S, before=()):
    """A command on the laptop of the lab's site."""
    child = subprocess.Popen(
        [*before, sys.executable, LAB, "run", "--scenario", scenario, "--",
         *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, cwd=TOP)
    try:
        out, err = child.communicate(timeout=bound)
        if out.startswith(b"{\n") and out.endswith(b"\n}\n"):
            documents.look(out, " ".join(map(str, command)))
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


def script(name):
    """Another test, as a module: what it knows of a form."""
    path = os.path.join(TOP, "tests", name)
    loader = importlib.machinery.SourceFileLoader(name, path)
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


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
