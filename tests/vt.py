# SPDX-License-Identifier: MIT
"""A strict terminal in memory, and programs on a pty before it.

It knows only what terminfo tells of one TERM: whatever else steers a terminal
is foreign and fails. From what it knows it keeps the grid of characters, so
that a test can read the screen in any TERM.
"""
import fcntl
import functools
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

BOUND_S = 60
MOUSE = re.compile(rb"\x1b\[\?(?:9|100[0-6]|101[56])h")
CUT_OFF = re.compile(rb"\x1b(\[[0-9;]*)?\Z")
# Not all terminfo entries name them, though the terminals understand them.
PASTE = {b"\x1b[?2004h": ("paste-on",), b"\x1b[?2004l": ("paste-off",)}
ROWS_MAX, COLS_MAX = 300, 600  # what the program draws at most

MODES = {"smcup": ("alt", True), "rmcup": ("alt", False),
         "civis": ("hidden", True), "cnorm": ("hidden", False),
         "smkx": ("keypad", True), "rmkx": ("keypad", False),
         "smir": ("insert", True), "rmir": ("insert", False),
         "BE": ("paste", True), "BD": ("paste", False),
         "paste-on": ("paste", True), "paste-off": ("paste", False)}

# Capability, and the highest value of each argument; "r" and "c" stand for
# rows and columns. No arguments: sent as it is.
CAPABILITIES = {
    "clear": "", "ed": "", "el": "", "el1": "", "home": "",
    "cup": "rc", "hpa": "c", "vpa": "r", "cuu": "r", "cud": "r", "cuf": "c",
    "cub": "c", "cuu1": "", "cud1": "", "cuf1": "", "cub1": "", "cr": "",
    "ind": "", "ri": "", "indn": "r", "rin": "r", "ll": "", "csr": "rr",
    "il": "r", "il1": "", "dl": "r", "dl1": "", "ich": "c", "ich1": "",
    "dch": "c", "dch1": "", "ech": "c", "ht": "", "cbt": "",
    "sgr0": "", "bold": "", "smul": "", "rmul": "", "rev": "", "smso": "",
    "rmso": "", "op": "", "setaf": (7,), "setab": (7,), "setf": (7,),
    "setb": (7,), "civis": "", "cnorm": "", "cvvis": "", "smcup": "",
    "rmcup": "", "smkx": "", "rmkx": "", "enacs": "", "smacs": "",
    "rmacs": "", "is2": "", "rs2": "", "smam": "", "rmam": "", "smir": "",
    "rmir": "", "BE": "", "BD": "", "E3": "", "oc": "", "sc": "", "rc": "",
}
LOOKS = {"oc", "sgr0", "bold", "smul", "rmul", "rev", "smso", "rmso", "op",
         "setaf", "setab", "setf", "setb", "sgr"}
SILENT = LOOKS | {"civis", "cnorm", "cvvis", "smcup", "rmcup", "smkx",
                  "rmkx", "enacs", "smacs", "rmacs", "smir", "rmir", "is2",
                  "rs2", "smam", "rmam", "BE", "BD",
                  "E3", "paste-on", "paste-off"}


def _ask_terminfo(term):
    """In a process of its own: curses takes one TERM for good."""
    import curses  # pylint: disable=import-outside-toplevel
    curses.setupterm(term)
    limits = {"r": 60, "c": 170}
    strings, patterns = {}, []

    def add(text, name, *args):
        text = re.sub(rb"\$<[^>]*>", b"", text)
        if text:
            strings.setdefault(text.decode("latin-1"), [name, *args])

    for name, shape in CAPABILITIES.items():
        text = curses.tigetstr(name)
        if not text:
            continue
        if not shape:
            add(text, name)
            continue
        simple = simple_pattern(text)
        if simple:
            patterns.append([simple, name, b"%i" in text])
            continue
        most = [limits.get(s, s) for s in shape]
        ranges = [[]]
        for m in most:
            ranges = [r + [i] for r in ranges for i in range(m + 1)]
        for args in ranges:
            add(curses.tparm(text, *args), name, *args)
    text = curses.tigetstr("sgr")
    for bits in range(512 if text else 0):
        add(curses.tparm(text, *[bits >> i & 1 for i in range(9)]), "sgr",
            bits)
    if (curses.tigetstr("rep") or b"").startswith(b"%p1%c\x1b[%p2%{1}%-%db"):
        patterns.append([r"\x1b\[(\d+)b", "rep", False])
    # Curses has these of its own for terminals with default colours.
    if curses.tigetstr("op") and curses.tigetstr("setaf"):
        add(b"\x1b[39m", "op")
        add(b"\x1b[49m", "op")
    json.dump({"strings": strings, "patterns": patterns,
               "waits": curses.tigetflag("am") <= 0
               or curses.tigetflag("xenl") > 0}, sys.stdout)


def simple_pattern(text):
    """A regular expression for what only numbers are put into, else ""."""
    text = re.sub(rb"\$<[^>]*>", b"", text).replace(b"%i", b"")
    parts = re.split(rb"%p[12]%d", text)
    if len(parts) == 1 or any(b"%" in part for part in parts) or (
            b"%p2" in text and text.index(b"%p2") < text.index(b"%p1")):
        return ""
    return r"(\d+)".join(re.escape(part.decode("latin-1")) for part in parts)


@functools.lru_cache(maxsize=None)
def terminfo(term):
    out = subprocess.run(
        [sys.executable, os.path.abspath(__file__), term], check=True,
        capture_output=True, text=True).stdout
    told = json.loads(out)
    strings = {key.encode("latin-1"): tuple(value)
               for key, value in told["strings"].items()}
    if b"\x1b[" in b"".join(strings):
        for text, what in PASTE.items():
            strings.setdefault(text, what)
    patterns = [(re.compile(text.encode("latin-1")), name, from_one)
                for text, name, from_one in told["patterns"]]
    beginnings = {text[:n] for text in strings for n in range(1, len(text))}
    return (strings, patterns, max(map(len, strings)), beginnings,
            told["waits"])


class Foreign(Exception):
    """Bytes that this TERM does not have."""


def width(character):
    """Columns, as far as the tests go."""
    code = ord(character)
    if 0x300 <= code < 0x370:
        return 0
    return 2 if 0x1100 <= code < 0x1160 or 0x2e80 <= code < 0xa4d0 or \
        0xac00 <= code < 0xd7a4 or 0xf900 <= code < 0xfb00 or \
        0xff00 <= code < 0xff61 or code >= 0x1f300 else 1


class Grid:
    """What stands on the screen."""

    def __init__(self, term, rows, cols, utf8=True):
        # waits: behind the last column the cursor goes on at the next letter
        (self.strings, self.patterns, self.longest, self.beginnings,
         self.waits) = terminfo(term)
        # A printable character of a sequence begins none by itself.
        self.leads = {text[:1] for text in self.strings} | {
            bytes([i]) for i in list(range(0x20)) + [0x7f]}
        self.utf8 = utf8
        self.pending = b""
        self.modes = {}
        self.used = set()
        self.looks = set()
        self.resize(rows, cols)

    def resize(self, rows, cols):
        self.rows, self.cols = rows, cols
        self.cell = [[" "] * cols for _ in range(rows)]
        self.row = self.col = 0
        self.top, self.bottom = 0, rows - 1
        self.saved = (0, 0)
        self.last = " "

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.cell)

    def feed(self, data):
        """What is cut off at the end waits for the rest."""
        data = self.pending + data
        at = used = 0
        while at < len(data):
            used = self._one(data, at)
            if used == 0:
                break
            at += used
        self.pending = data[at:]

    def _one(self, data, at):
        byte = data[at:at + 1]
        if byte in self.leads or byte[0] < 0x20:
            for n in range(min(self.longest, len(data) - at), 0, -1):
                what = self.strings.get(data[at:at + n])
                if what is not None:
                    if data[at:] in self.beginnings:
                        return 0    # the rest may make it another one
                    self._obey(*what)
                    return n
            for pattern, name, from_one in self.patterns:
                match = pattern.match(data, at)
                if match:
                    self._obey(name, *[int(n) - from_one
                                       for n in match.groups()])
                    return match.end() - at
            if data[at:] in self.beginnings or CUT_OFF.match(data, at):
                return 0
            if byte in b"\r\n\b\t\0":
                self._control(byte)
                return 1
            if byte[0] < 0x20 or byte == b"\x7f":
                raise Foreign("%r" % data[max(0, at - 20):at + 40])
        if byte[0] < 0x80:
            self._put(byte.decode("ascii"))
            return 1
        if not self.utf8:
            raise Foreign("%r" % data[max(0, at - 20):at + 40])
        n = 2 if byte[0] < 0xe0 else 3 if byte[0] < 0xf0 else 4
        if 0xc0 <= byte[0] and len(data) - at < n:
            return 0
        try:
            character = data[at:at + n].decode("utf-8")
        except UnicodeDecodeError:
            raise Foreign("%r" % data[at:at + n]) from None
        code = ord(character)
        if code < 0xa0 or 0x202a <= code <= 0x202e or 0x2066 <= code <= \
                0x2069 or code in (0x200e, 0x200f, 0x2028, 0x2029, 0x61c):
            raise Foreign("%r" % character)
        self._put(character)
        return n

    def _put(self, character):
        n = width(character)
        if n == 0:
            return
        self.last = character
        if self.col + n > self.cols:
            self._wrap()
        if self.row < self.rows and self.col < self.cols:
            if self.modes.get("insert"):
                self.cell[self.row].insert(self.col, " ")
                self.cell[self.row].pop()
            self.cell[self.row][self.col] = character
            if n == 2 and self.col + 1 < self.cols:
                self.cell[self.row][self.col + 1] = ""
        self.col += n
        if self.col >= self.cols and not self.waits:
            self._wrap()

    def _wrap(self):
        self.col = 0
        self._down()

    def _control(self, byte):
        if byte == b"\r":
            self.col = 0
        elif byte == b"\n":
            self._down()
        elif byte == b"\b":
            self.col = max(0, min(self.col, self.cols) - 1)
        elif byte == b"\t":
            self.col = min(self.cols - 1, self.col // 8 * 8 + 8)

    def _down(self):
        if self.row == self.bottom:
            self._scroll(self.top, self.bottom, 1)
        else:
            self.row = min(self.rows - 1, self.row + 1)

    def _scroll(self, top, bottom, by):
        for _ in range(min(abs(by), bottom - top + 1)):
            del self.cell[top if by > 0 else bottom]
            self.cell.insert(bottom if by > 0 else top, [" "] * self.cols)

    def _blank(self, row, start, end):
        for col in range(max(0, start), min(self.cols, end)):
            self.cell[row][col] = " "

    def _obey(self, name, *args):
        self.used.add(name)
        if name in LOOKS:
            self.looks.add((name, *args))
        if name in MODES:
            mode, on = MODES[name]
            self.modes[mode] = on
        if name not in SILENT:
            self._move(name, *args)

    def _move(self, name, *args):
        n = max(1, args[0]) if args else 1
        if name == "rep":
            for _ in range(min(n, self.cols)):
                self._put(self.last)
            return
        last_row, last_col = self.rows - 1, self.cols - 1
        self.col = min(self.col, last_col) if name != "cr" else 0
        if name == "cup":
            self.row, self.col = min(args[0], last_row), min(args[1], last_col)
        elif name == "home":
            self.row = self.col = 0
        elif name == "ll":
            self.row, self.col = last_row, 0
        elif name == "hpa":
            self.col = min(args[0], last_col)
        elif name == "vpa":
            self.row = min(args[0], last_row)
        elif name in ("cuu", "cuu1"):
            self.row = max(0, self.row - n)
        elif name == "cud":
            self.row = min(last_row, self.row + n)
        elif name in ("cud1", "ind"):
            self._down()
        elif name in ("cuf", "cuf1"):
            self.col = min(last_col, self.col + n)
        elif name in ("cub", "cub1"):
            self.col = max(0, self.col - n)
        elif name == "ht":
            self._control(b"\t")
        elif name == "ri":
            if self.row == self.top:
                self._scroll(self.top, self.bottom, -1)
            else:
                self.row = max(0, self.row - 1)
        elif name == "sc":
            self.saved = (self.row, self.col)
        elif name == "rc":
            self.row, self.col = self.saved
        elif name == "csr":
            self.top, self.bottom = args[0], min(args[1], last_row)
            self.row = self.col = 0
        elif not self._erase(name, n) and name != "cr":
            raise Foreign("the test does not know " + name)

    def _erase(self, name, n):
        line = self.cell[self.row]
        if name in ("clear", "ed"):
            if name == "clear":
                self.row = self.col = 0
            self._blank(self.row, self.col, self.cols)
            for row in range(self.row + 1, self.rows):
                self._blank(row, 0, self.cols)
        elif name == "el":
            self._blank(self.row, self.col, self.cols)
        elif name == "el1":
            self._blank(self.row, 0, self.col + 1)
        elif name == "ech":
            self._blank(self.row, self.col, self.col + n)
        elif name in ("ich", "ich1"):
            for _ in range(min(n, self.cols)):
                line.insert(self.col, " ")
                line.pop()
        elif name in ("dch", "dch1"):
            for _ in range(min(n, self.cols)):
                del line[self.col]
                line.append(" ")
        elif name in ("il", "il1"):
            self._scroll(self.row, self.bottom, -n)
        elif name in ("dl", "dl1"):
            self._scroll(self.row, self.bottom, n)
        elif name == "indn":
            self._scroll(self.top, self.bottom, n)
        elif name == "rin":
            self._scroll(self.top, self.bottom, -n)
        else:
            return False
        return True


class Failed(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Failed(what)


def odd_settings(fd):
    """Settings that nobody has by chance: they must come back too."""
    a = termios.tcgetattr(fd)
    a[0] |= termios.IXANY
    a[0] &= ~termios.ICRNL
    a[3] &= ~termios.ECHOK
    a[6][termios.VERASE] = b"\x08"
    a[6][termios.VKILL] = b"\x18"
    termios.tcsetattr(fd, termios.TCSANOW, a)


class Program:
    """A program on a pty of its own."""

    def __init__(self, argv, env, size=(24, 80), term="xterm-256color",
                 tty_is_its_own=True, before=None, cwd="/", odd=True):
        self.term = term
        self.master, self.slave = pty.openpty()
        self.resize(*size, grid=False)
        self.size = size
        if odd:
            odd_settings(self.slave)
        self.found = termios.tcgetattr(self.slave)
        self.raw = b""
        self.taken = 0
        self.status = None
        self.usage = None
        self.grid = Grid(term, *size, utf8="UTF-8" in env.get("LC_ALL", ""))
        self.env = dict(env, TERM=term)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self._become(argv, tty_is_its_own, before, cwd)
            finally:
                os._exit(126)
        os.set_blocking(self.master, False)

    def _become(self, argv, tty_is_its_own, before, cwd):
        os.setsid()
        if tty_is_its_own:
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        for fd in range(3):
            os.dup2(self.slave, fd)
        os.closerange(3, 64)
        os.chdir(cwd)
        if before is not None:
            before()
        os.execvpe(argv[0], argv, self.env)

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        if self.status is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.kill(self.pid, signal.SIGCONT)
            except ProcessLookupError:
                pass
            self.wait(5)
        for fd in (self.master, self.slave):
            if fd is not None:
                os.close(fd)
        self.master = self.slave = None

    def resize(self, rows, cols, grid=True):
        self.size = (rows, cols)
        if grid:
            self.grid.resize(max(1, min(rows, ROWS_MAX)),
                             max(1, min(cols, COLS_MAX)))
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, cols, 0, 0))

    def read(self, timeout=0.02):
        """What is there; the empty string when there is nothing."""
        if self.master is None:
            time.sleep(timeout)
            return b""
        ready, _, _ = select.select([self.master], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.master, 65536)
        except OSError:
            time.sleep(timeout)
            return b""
        self.raw += data
        return data

    def poll(self):
        if self.status is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid != 0:
                self.status, self.usage = status, usage
        return self.status

    def unread(self):
        """Bytes of keys that it has not taken yet."""
        left = bytearray(4)
        fcntl.ioctl(self.slave, termios.FIONREAD, left)
        return int.from_bytes(left, sys.byteorder)

    def is_waiting(self):
        """It has read every key, and waits for something to happen; or it
        has ended."""
        if self.poll() is not None:
            return True
        with open("/proc/%d/stat" % self.pid, encoding="ascii",
                  errors="replace") as f:
            state = f.read().rpartition(")")[2].split()[0]
        return state == "S" and self.unread() == 0

    def screen(self):
        """The screen as text, with all that came so far."""
        fresh, self.taken = self.raw[self.taken:], len(self.raw)
        self.grid.feed(fresh)
        if MOUSE.search(self.raw):
            raise Failed("the mouse is taken")
        return self.grid.text()

    def until(self, condition, what, bound=BOUND_S):
        end = time.monotonic() + bound
        while True:
            while self.read():
                pass
            if condition():
                return
            if time.monotonic() > end:
                raise Failed("no %s within %d s; the screen was:\n%s" % (
                    what, bound, self.screen()))

    def shows(self, pattern):
        return re.search(pattern, self.screen()) is not None

    def expect(self, pattern, bound=BOUND_S):
        def seen():
            if self.poll() is not None:
                raise Failed("it ended with %r before %r:\n%s" % (
                    self.status, pattern, self.raw[-600:]))
            return self.shows(pattern)
        self.until(seen, repr(pattern), bound)

    def send(self, data):
        os.write(self.master, data)

    def press(self, data, pattern, bound=BOUND_S):
        self.send(data)
        self.expect(pattern, bound)

    def wait(self, bound=BOUND_S):
        """The exit status, or minus the signal."""
        end = time.monotonic() + bound
        while self.poll() is None:
            if time.monotonic() > end:
                raise Failed("it did not end within %d s" % bound)
            self.read()
        while self.master is not None and self.read():
            pass
        return os.waitstatus_to_exitcode(self.status)

    def settings(self):
        return termios.tcgetattr(self.slave)

    def expect_restored(self, what):
        """Byte for byte as it was found, and all modes are off."""
        expect(self.settings() == self.found,
               "settings after %s: %r" % (what, self.settings()))
        self.screen()
        on = [m for m, is_on in self.grid.modes.items() if is_on]
        expect(not on, "after %s still on: %s" % (what, " ".join(on)))


if __name__ == "__main__":
    _ask_terminfo(sys.argv[1])
