"""A headless Chromium, driven by its own protocol over two pipes; only the browser is needed."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_MOVED = """
import fcntl, os, sys
for number, pipe in enumerate([fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]], 3):
    os.dup2(pipe, number)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Gives two pipes the numbers 3 and 4, at which the browser looks for them, and becomes the browser."""


class Browser:
    """One page of a browser."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read = write, read
        self._heard = b""
        self._number = 0
        self._session = ""
        self.complaints: list[str] = []
        """What the page's script and its policy complained of."""

        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")
        self.requested: list[str] = []
        """The URLs that the page asked for."""

        self.answered: list[tuple[str, int]] = []
        """What came of them: URL and status."""

    def open(self, url: str, *, dark: bool = False, width: int = 1360, height: int = 820) -> None:
        """Go to ``url`` in a window of that size."""
        self._ask("Page.navigate", url="about:blank")  # the page before may complain that its server has ended
        self.evaluate("1")
        self.complaints.clear()
        self.requested.clear()
        self.answered.clear()
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._ask("Emulation.setEmulatedMedia", features=scheme)
        self.resize(width, height)
        self._ask("Page.navigate", url=url)

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = self._ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise AssertionError(found["exceptionDetails"])
        return found["result"].get("value")

    def until(self, script: str) -> Any:
        """The value of an expression once it is true."""
        deadline = time.monotonic() + PATIENCE
        while not (value := self.evaluate(script)):
            if time.monotonic() > deadline:
                raise AssertionError(f"never true: {script}\n{self.text('body')}")
            time.sleep(0.02)
        return value

    def text(self, selector: str) -> str:
        """What a person reads at ``selector``; empty when nothing is there."""
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def click(self, selector: str) -> None:
        """Press what is at ``selector``."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def screenshot(self, path: Path) -> None:
        """Keep what is to be seen, as PNG."""
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"]))

    def _ask(self, method: str, **words: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": words}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            heard = self._next()
            if heard.get("id") == self._number:
                if "error" in heard:
                    raise AssertionError(f"{method}: {heard['error']}")
                found: dict[str, Any] = heard["result"]
                return found
            self._note(heard)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._heard:
            data = os.read(self._read, 1 << 20)
            if not data:
                raise AssertionError("the browser has gone")
            self._heard += data
        message, _, self._heard = self._heard.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def _note(self, event: dict[str, Any]) -> None:
        method, words = event.get("method", ""), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(words["exceptionDetails"]))
        elif method == "Log.entryAdded" and words["entry"]["level"] == "error":
            self.complaints.append(f"{words['entry']['source']}: {words['entry']['text']}")
        elif method == "Network.requestWillBeSent":
            self.requested.append(words["request"]["url"])
        elif method == "Network.responseReceived":
            self.answered.append((words["response"]["url"], words["response"]["status"]))


@contextmanager
def browser(folder: Path, *switches: str) -> Iterator[Browser]:
    """A browser with an empty profile in ``folder``, and more ``switches``; gone when the block ends."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    # the sandbox wants privileges that a container lacks; what it opens is our own page
    command = [str(CHROMIUM), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += ["--remote-debugging-pipe", f"--user-data-dir={folder}", "--no-first-run", "--disable-extensions"]
    command += ["--disable-background-networking", "--disable-component-update", "--hide-scrollbars"]
    command += switches
    command = [sys.executable, "-c", _MOVED, str(theirs_in), str(theirs_out), *command]
    running = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(theirs_in, theirs_out)
    )
    for end in (theirs_in, theirs_out):
        os.close(end)
    try:
        yield Browser(ours_out, ours_in)
    finally:
        running.kill()
        running.wait()
        for end in (ours_in, ours_out):
            os.close(end)
