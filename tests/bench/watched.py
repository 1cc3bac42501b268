# SPDX-License-Identifier: MIT
"""A program on a terminal whose cells are kept with the time at which they
came, so that what is measured is what a person sees."""
import os
import random
import re
import time

from keyboard import BOUND_S, CLEARED, CTRL_L, Keyboard, Late
from vt import Grid

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.join(TOP, "build", "sitewalk")
TERM = "xterm-256color"
QUIET_S = 0.3
DRAWN_S = 0.002                 # between two parts of what is drawn at once
PAUSES_S = (0, 0.008)           # between keys
TYPED_S = (0.033, 0.066)        # as by a key that is held down
TICKS = os.sysconf("SC_CLK_TCK")
FOCUS = "\u25b8"
LETTERS = b"QXZJ"
FIELD_LETTERS = 20
DOWN, UP, PGDN, PGUP = b"\x1bOB", b"\x1bOA", b"\x1b[6~", b"\x1b[5~"
HOME, ENTER, BACK, CTRL_U, F2 = b"\x1bOH", b"\r", b"b", b"\x15", b"\x1bOQ"


def environment(home):
    return {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8",
            "TZ": "UTC", "TERM": TERM,
            "XDG_DATA_HOME": os.path.join(home, "data"),
            "XDG_CONFIG_HOME": os.path.join(home, "config")}


def tenth(values, share):
    """The value below which this share of the values lies."""
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


class Watched(Keyboard):
    def __init__(self, argv, env, size=(24, 80)):
        self.grid = Grid(TERM, *size)
        self.fed = self.chunk = 0
        self.rng = random.Random(5)
        super().__init__(argv, env, size)

    # --- what stands there --------------------------------------------------

    def feed(self):
        """The next part that came, and when; None when there is none."""
        if self.chunk >= len(self.at):
            return None
        when, total = self.at[self.chunk]
        self.chunk += 1
        self.grid.feed(bytes(self.drawn[self.fed:total]))
        self.fed = total
        return when

    def text(self):
        while self.feed() is not None:
            pass
        return self.grid.text()

    def line(self, row):
        return self.text().split("\n")[row]

    def focus(self):
        """Which line has the focus, and its words, less what counts; None
        while that is being drawn."""
        marked = [row for row, line in enumerate(self.grid.cell)
                  if line[0] == FOCUS]
        if marked != [self.grid.row]:
            return None
        return marked[0], "".join(self.grid.cell[marked[0]][:66])

    def when(self, condition, bound=BOUND_S):
        """The moment at which it came to be so by something drawn."""
        end = time.monotonic() + bound
        while True:
            when = self.feed()
            if when is not None:
                if condition():
                    return when
            elif time.monotonic() > end or (
                    not self.read(end - time.monotonic()) and
                    self.process.poll() is not None):
                raise Late("it did not come; the screen was:\n" + self.text())

    def is_shown(self, wanted):
        text = self.text()
        return wanted in text if isinstance(wanted, str) else \
            wanted.search(text) is not None

    def shows(self, wanted):
        if not self.is_shown(wanted):
            self.when(lambda: self.is_shown(wanted))

    def press(self, key, wanted):
        self.send(key)
        self.shows(wanted)
        self.settle()

    def settle(self):
        """Every key sent so far is handled, and all is drawn anew."""
        before, _ = self.send(CTRL_L)
        self.until(CLEARED, before)
        at = self.drawn.find(CLEARED, before)
        self.when(lambda: self.fed > at and self.focus() and
                  self.line_now(-1).rstrip().endswith("Help"))
        self.rest()

    def page(self, number):
        """To this page, counted from 1, by the list of all pages."""
        self.press(F2, re.compile("^All pages", re.M))
        self.send(HOME + DOWN * (number - 1))
        self.settle()
        self.press(ENTER, f"page {number} of")

    def seen(self):
        """All lines but the third, which counts the lines of the page: in
        the list of sites their number grows after the first screen."""
        return self.grid.cell[:2] + self.grid.cell[3:]

    def complete(self):
        """The moment from which on it looked as it looks now that nothing
        more comes."""
        while self.read(QUIET_S) or not self.drawn:
            if self.process.poll() is not None:
                raise Late("it ended")
        other = Grid(TERM, self.grid.rows, self.grid.cols)
        self.grid, other = other, self.grid
        self.fed = self.chunk = 0
        self.text()
        want = [line[:] for line in self.seen()]
        self.grid = other
        self.fed = self.chunk = 0
        return self.when(lambda: self.seen() == want)

    # --- keys -----------------------------------------------------------------

    def rest(self):
        """All of what is being drawn."""
        while self.read(DRAWN_S) or self.fed < len(self.drawn):
            self.text()

    def answered(self, key, condition, pauses=PAUSES_S):
        """From the key until it is so, and no more of it comes."""
        _, sent = self.send(key)
        self.text()
        while True:
            self.when(condition)
            self.rest()
            if condition():
                break
        taken = self.at[-1][0] - sent
        self.during(self.rng.uniform(*pauses))
        self.rest()
        return taken

    def moves(self, key):
        before = self.focus()
        return self.answered(key, lambda: self.focus() not in (None, before))

    def arrows(self, count):
        """From an arrow until the focus stands elsewhere; none where there
        is but one place for it."""
        self.send(HOME)
        self.settle()
        first = self.focus()
        self.send(DOWN)
        self.settle()
        if self.focus() == first:
            return []
        self.moves(UP)
        return [self.moves((DOWN, UP)[i % 2]) for i in range(count)]

    def pages(self, count):
        self.moves(PGDN)
        return [self.moves((PGDN, PGUP)[i % 2]) for i in range(count)]

    def opened(self, count, listed):
        """From Enter on a row until its page is shown, and back."""
        taken = []
        while len(taken) < count:
            row = "".join(self.grid.cell[self.grid.row])
            if re.search(r" (OK|WARN|FAIL) ", row) is None:
                self.moves(DOWN)
                continue
            taken.append(self.answered(
                ENTER, lambda: not listed.search(self.line_now(1))))
            taken.append(self.answered(
                BACK, lambda: listed.search(self.line_now(1))))
        return taken

    def line_now(self, row):
        return "".join(self.grid.cell[row])

    def letters(self, count):
        """From a letter that is typed into a field until it stands there."""
        taken = []
        for i in range(count):
            if i % FIELD_LETTERS == 0:
                self.send(CTRL_U)
                self.settle()
            row, col = self.grid.row, self.grid.col
            letter = LETTERS[i % len(LETTERS):][:1]
            taken.append(self.answered(letter, lambda: (
                self.grid.row, self.grid.col, self.grid.cell[row][col]) ==
                (row, col + 1, letter.decode()), TYPED_S))
        return taken

    def counts_until(self, wanted, bound):
        """Bytes drawn in each whole second until these bytes come."""
        self.text()
        begun, first = time.monotonic(), len(self.drawn)
        self.until(wanted, first, bound)
        counts = [0] * max(1, int(self.at[-1][0] - begun))
        last = first
        for when, total in self.at[:-1]:
            if total > first and when - begun < len(counts):
                counts[int(when - begun)] += total - last
                last = total
        return counts

    def leave(self):
        """By key, so that all is kept that is kept at the end."""
        self.send(b"q")
        while self.read(BOUND_S):
            pass
        self.process.wait(BOUND_S)

    # --- what it costs ----------------------------------------------------------

    def proc(self, name):
        with open(f"/proc/{self.process.pid}/{name}", encoding="ascii") as f:
            return f.read()

    def cpu(self):
        """Seconds of a processor so far."""
        fields = self.proc("stat").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def wakings(self):
        return sum(map(int, re.findall(r"ctxt_switches:\s+(\d+)",
                                       self.proc("status"))))

    def memory(self):
        """KiB that it holds for itself."""
        return int(re.search(r"RssAnon:\s+(\d+)", self.proc("status"))[1])
