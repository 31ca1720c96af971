"""A server that stands where the services do, on a network that has only this machine."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from handlesfake.server.command.trust import ADDED_TO
from tests.patience import PATIENCE
from tests.server.servers import process

STATE = """
users:
  - {role: host, xuid: "9000000000000001"}
  - {role: guest, xuid: "9000000000000002"}
  - {role: third, xuid: "9000000000000003"}
friends: [[host, guest], [host, third], [guest, third]]
"""


@dataclass
class Stage:
    """That server, to the one who watches."""

    ca: str
    control: str

    @property
    def environment(self) -> dict[str, str]:
        """What a program gets that has only the authority to trust."""
        return {**os.environ, **dict.fromkeys(ADDED_TO, self.ca), "MPSD_CONTROL": self.control}

    def says(self, *command: str, complaints: str | None = "") -> Any:
        """What a program prints.

        :param complaints: what it may write beside that; None for anything, which is shown where it fails.
        """
        done = self._run(*command)

        assert 0 == done.returncode, done.stderr
        assert complaints in (None, done.stderr)
        return json.loads(done.stdout)

    def complains(self, *command: str) -> str:
        """What a program that fails writes of it."""
        done = self._run(*command)

        assert 0 != done.returncode, done.stdout
        return done.stderr

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=self.environment, check=False, capture_output=True, text=True, timeout=PATIENCE
        )

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The journal, in order."""
        with urlopen(f"{self.control}/journal") as answer:
            entries: list[dict[str, Any]] = json.load(answer)["entries"]
        return entries

    @property
    def journal(self) -> list[tuple[str, str, int]]:
        """Operation, type and status of all requests, in order."""
        return [(entry["operation"], entry["type"], entry["status"]) for entry in self.entries]


@contextmanager
def standing(folder: Path, *arguments: str) -> Iterator[Stage]:
    """Port 443 of the one machine that there is here; ``arguments`` of ``handlesfake serve`` beside the usual."""
    state = folder / "state.yaml"
    state.write_text(STATE)
    usual = ("--json", "--port", "443", "--tls", str(folder), "--strict", "--state", str(state))
    with process(*usual, *arguments) as server:
        yield Stage(server.ready["ca"], server.ready["control"])
