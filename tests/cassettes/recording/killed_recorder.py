"""A recorder that is killed at each of its steps: python -m tests.cassettes.recording.killed_recorder FOLDER AUTHORITY.

Prints one line for each death: the file operation at which it came, and how many answers had been received. The line
also says how many of them the next run finds, and whether it finds one twice. It forks for each death: starting
Python so often would take a minute.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import handlesfake
from handlesfake.cassettes.cassette import Cassette
from handlesfake.cassettes.modes.load_for_replay import load_for_replay
from handlesfake.cassettes.replay.player import Playing
from handlesfake.errors import NoCassette
from tests.cassettes.accounts import CREDENTIALS, by_http_client

STEPS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.utime", "os.truncate", "os.link")
REQUESTS = 3


def record(path: Path, authority: str, policy: str, heard: int) -> None:
    """Ask for some handles; each answer that was heard is one byte to ``heard``."""
    with handlesfake.record(path, record=policy, credentials=CREDENTIALS, hosts=(authority,)) as mpsd:
        headers = list(mpsd.user("host").headers.items())
        for number in range(REQUESTS):
            by_http_client("GET", f"http://{authority}/handles/{policy}-{number}", headers, b"")
            os.write(heard, b".")


def die_at(step: int) -> None:
    """From now on, the file operation number ``step`` is the last."""
    left = step

    def count(event: str, _: Sequence[object]) -> None:
        nonlocal left
        if event in STEPS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def heard_by_one_that_dies(path: Path, authority: str, policy: str, step: int) -> tuple[int, bool]:
    """How many answers a process has heard that dies at ``step``, and whether it has died."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        die_at(step)
        record(path, authority, policy, writing)
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    answers = len(os.read(reading, REQUESTS))
    os.close(reading)
    return answers, os.WIFSIGNALED(status)


def found(path: Path) -> list[str]:
    """The handles that the next run finds."""
    try:
        cassette: Cassette = load_for_replay(path, "the next run", Playing())
    except NoCassette:
        return []
    return [one.request.path for one in cassette.interactions]


def main() -> None:
    """Die at every step, under a policy that begins a cassette and one that adds to it."""
    folder, authority = sys.argv[1:]
    record(Path(folder) / "once" / "lobby.yaml", authority, "once", os.open(os.devnull, os.O_WRONLY))  # imports
    for policy in ("once", "all"):
        step, has_died = 0, True
        while has_died:
            step += 1
            path = Path(folder) / f"{policy}-{step}" / "lobby.yaml"
            if policy == "all":
                record(path, authority, "once", os.open(os.devnull, os.O_WRONLY))
            answers, has_died = heard_by_one_that_dies(path, authority, policy, step)
            asked = [one for one in found(path) if f"/{policy}-" in one]
            print(policy, step, answers, len(set(asked)), len(asked), flush=True)


if __name__ == "__main__":
    main()
