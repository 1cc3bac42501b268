# SPDX-License-Identifier: MIT
"""What several readers of dialects share: documents whose remarks are not
lines of their own, names of objects, and the checkers of the
distribution."""
import json
import os
import re
import shutil
import subprocess

import suite
from dialect_rows import RULE, Comments, Strange

COMMENT = re.compile(r"^\ufeff?#( |$)")
CONDITIONS = "What is no port:"


class Remarks(Comments):
    """Takes remarks that nothing stands between: a new row begins where one
    does."""

    ended = False

    def take(self, line):
        if line is not None and not self.ended and (
                RULE.match(line) or line.startswith(("=== ", CONDITIONS))):
            super().take(None)
            self.ended = line.startswith(CONDITIONS)
        super().take(line)


def need(holds, what, *detail):
    if not holds:
        raise Strange("%s %s" % (what, " ".join(map(str, detail))))


def is_named(name, rule, mark=""):
    """Is it a name of that row's objects?"""
    plain = rule.replace(".", "_") + ("__" + mark if mark else "")
    return re.fullmatch(r"[A-Za-z0-9_-]+", name) and \
        (name == plain or re.fullmatch(r".+___[0-9a-f]{12}", name) and
         plain.startswith(name[:-15]))


def need_label(text, rule):
    need(re.fullmatch(r"REQ-[0-9a-f]+ %s (exact|wider)" % re.escape(rule),
                      text), "another label:", text)


def json_of(text):
    """Nothing twice."""
    def pairs(items):
        need(len(items) == len(dict(items)), "a member twice")
        return dict(items)
    try:
        return json.loads(text, object_pairs_hook=pairs)
    except ValueError as error:
        raise Strange(str(error)) from error


def need_keys(d, *keys):
    need(isinstance(d, dict) and set(d) == set(keys), "other members:",
         d, "not", keys)


def around(names):
    """Destinations of names, and of "*.name" alone and with its name."""
    below = {n[2:] for n in names if n.startswith("*.")}
    exact = {n for n in names if not n.startswith("*.")}
    need(len(below) + len(exact) == len(names), "a name twice", names)
    return [("around" if n in exact else "below", n) for n in below] + \
        [("name", n) for n in exact - below]


def has_v6(row):
    return any(":" in a for a in re.split(r"[, ]+", row["dst"]))


def tool(name):
    """Where it is; some stand where only root looks."""
    return shutil.which(name, path=os.environ.get("PATH", "") +
                        ":/usr/sbin:/sbin:/usr/local/bin")


def try_tool(command, text):
    """What the tool has to complain of; None where it is not installed. It
    reaches nobody."""
    path = tool(command[0])
    if path is None:
        return None
    done = subprocess.run(
        ["unshare", "-Urn", path, *command[1:]], input=text.encode(),
        capture_output=True, check=False, timeout=suite.BOUND_S,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
             "HOME": "/nonexistent", "CHECKPOINT_DISABLE": "1"})
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr).decode("utf-8", "replace") or \
        "status %d" % done.returncode
