# SPDX-License-Identifier: MIT
"""A browser without a window and without any network, steered through a pipe
(the DevTools protocol), for the tests of papers in HTML."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

import suite

NAMES = ("chromium-headless-shell", "chromium")
BOUND_S = 180


class Browser:
    """Use it in a `with`. Every page that is opened tells what it asked for
    and what the browser complained about."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="sitewalk-browser-")
        self.last = 0
        self.rest = b""
        self.events = []
        self.session = None
        name = next(n for n in NAMES if shutil.which(n))
        theirs_in, self.ours_out = os.pipe()
        self.ours_in, theirs_out = os.pipe()
        self.child = subprocess.Popen(
            [*suite.empty_network(), "sh", "-c",
             'in=$1 out=$2; shift 2; eval "exec \\"\\$@\\" 3<&$in 4>&$out"',
             "sh", str(theirs_in), str(theirs_out), name,
             "--headless", "--no-sandbox", "--disable-gpu",
             "--hide-scrollbars", "--remote-debugging-pipe",
             "--user-data-dir=" + self.folder],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, pass_fds=(theirs_in, theirs_out))
        os.close(theirs_in)
        os.close(theirs_out)

    def __enter__(self):
        target = self.ask("Target.createTarget", url="about:blank")
        self.session = self.ask("Target.attachToTarget", flatten=True,
                                targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(domain + ".enable")
        return self

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()
        os.close(self.ours_in)
        os.close(self.ours_out)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _next(self, end):
        while b"\0" not in self.rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.ours_in], [], [],
                                              left)[0]:
                raise TimeoutError("the browser does not answer")
            data = os.read(self.ours_in, 1 << 20)
            if not data:
                raise EOFError("the browser has ended")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.ours_out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + BOUND_S
        while True:
            answer = self._next(end)
            if answer.get("id") != self.last:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError("%s: %s" % (method, answer["error"]))
            else:
                return answer["result"]

    def open(self, path, width=1280, height=900, mobile=False, media="screen",
             dark=False):
        """Returns what was asked of the network but the file itself, and what
        was complained about."""
        url = "file://" + os.path.abspath(path)
        self.ask("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=mobile)
        self.ask("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.events.clear()
        self.ask("Page.navigate", url=url)
        end = time.monotonic() + BOUND_S
        while not any(e["method"] == "Page.loadEventFired"
                      for e in self.events):
            self.events.append(self._next(end))
        asked = [e["params"]["request"]["url"] for e in self.events
                 if e["method"] == "Network.requestWillBeSent"]
        said = [e["params"]["entry"]["text"] for e in self.events
                if e["method"] == "Log.entryAdded"]
        return [u for u in asked if u != url], said, url in asked

    def value(self, expression):
        return self.ask("Runtime.evaluate", expression=expression,
                        returnByValue=True)["result"].get("value")

    def picture(self, path, **clip):
        data = self.ask("Page.captureScreenshot", captureBeyondViewport=True,
                        **({"clip": dict(clip, scale=1)} if clip else {}))
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))

    def print(self, path):
        data = self.ask("Page.printToPDF", preferCSSPageSize=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))
