"""The recorded service: a second handlesfake in another process, behind HTTPS."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handlesfake.errors import HandlesfakeError
from handlesfake.values.values import frozen


@frozen
class Served:
    """Where the other process answers."""

    url: str
    ca: str

    @property
    def host(self) -> str:
        """``127.0.0.1:43117``."""
        return self.url.removeprefix("https://")


@contextmanager
def served(folder: Path, rules: Path) -> Iterator[Served]:
    """An MPSD in another process, with ``rules``; gone when the block ends.

    :raises HandlesfakeError: it did not start; its own words say why.
    """
    command = [sys.executable, "-m", "handlesfake", "serve", "--json", "--tls", str(folder), "--rules", str(rules)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise HandlesfakeError(f"the demo's server did not start:\n{process.communicate()[1].strip()}")
        ready = json.loads(line)
        yield Served(ready["url"], ready["ca"])
    finally:
        process.terminate()
        process.communicate(timeout=10)
