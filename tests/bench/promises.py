# SPDX-License-Identifier: MIT
"""Promises of a bench: each is one line that says whether it holds."""
import subprocess


class BenchError(Exception):
    """There is nothing to measure, and why."""


class Bench:
    def __init__(self):
        self.passed = self.failed = 0

    def line(self, good, ratio, text):
        self.passed += good
        self.failed += not good
        print(f"{'ok    ' if good else 'BROKEN'} {ratio:5.2f}  {text}",
              flush=True)

    def most(self, text, value, bound, unit=""):
        self.line(value <= bound, value / bound,
                  f"{text}: {show(value)}{unit} of at most "
                  f"{show(bound)}{unit}")

    def least(self, text, value, bound, unit=""):
        self.line(value >= bound, bound / value if value else float("inf"),
                  f"{text}: {show(value)}{unit} of at least "
                  f"{show(bound)}{unit}")

    def none(self, text, found):
        self.line(not found, float(len(found)), f"{text}: {len(found)}"
                  + "".join(f"\n               {f}" for f in found[:5]))

    def part(self, function, measured):
        try:
            function(self, measured())
        except (subprocess.SubprocessError, OSError, ValueError, KeyError,
                BenchError) as error:
            self.line(False, float("inf"), f"{function.__name__}: {error}")

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 0 if self.passed and not self.failed else 1


def show(value):
    return str(value) if isinstance(value, int) else f"{value:.3f}"
