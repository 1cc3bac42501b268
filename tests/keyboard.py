# SPDX-License-Identifier: MIT
"""A program on a terminal of its own, and the keys that are sent to it.

What it draws is kept as bytes with the time at which they came. Nothing here
sleeps for a condition: it waits for bytes, with a bound.
"""
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time

BOUND_S = 60
CTRL_L = b"\x0c"
# What terminals are told in order to begin an empty screen.
CLEARED = b"\x1b[2J"


class Late(Exception):
    """What was waited for did not come."""


class Keyboard:
    def __init__(self, argv, env, size=(24, 80), cwd=None):
        self.master, slave = os.openpty()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", *size, 0, 0))
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            argv, stdin=slave, stdout=slave, stderr=slave, env=env, cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self.drawn = bytearray()
        self.at = []            # (time, how many bytes were drawn by then)

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.kill()
        os.close(self.master)

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def read(self, timeout):
        """Whether anything was drawn."""
        if not select.select([self.master], [], [], max(0, timeout))[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:         # the other end is closed
            return False
        self.drawn += data
        self.at.append((time.monotonic(), len(self.drawn)))
        return data != b""

    def send(self, data):
        """How many bytes were drawn before it, and when it was sent."""
        while self.read(0):
            pass
        before, now = len(self.drawn), time.monotonic()
        os.write(self.master, data)
        return before, now

    def until(self, wanted, since=0, bound=BOUND_S):
        """The time at which these bytes were there."""
        end = time.monotonic() + bound
        while wanted not in self.drawn[since:]:
            if time.monotonic() > end or (
                    not self.read(end - time.monotonic()) and
                    self.process.poll() is not None):
                raise Late("%r did not come; the end of what did: %r"
                           % (wanted, bytes(self.drawn[-300:])))
        return self.at[-1][0]

    def settle(self):
        """Every key sent so far has been handled: it draws all anew."""
        before, _ = self.send(CTRL_L)
        self.until(CLEARED, before)

    def during(self, seconds):
        """What is drawn while nobody touches a key: bytes in each second."""
        begun = time.monotonic()
        first = len(self.drawn)
        while time.monotonic() < begun + seconds:
            self.read(begun + seconds - time.monotonic())
        counts, last = [0] * max(1, int(seconds)), first
        for when, total in self.at:
            if when >= begun and total > first:
                index = min(int(when - begun), len(counts) - 1)
                counts[index] += total - last
                last = total
        return counts
