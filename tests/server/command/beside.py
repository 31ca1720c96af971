"""``handlesfake serve ... -- COMMAND`` as another process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.patience import PATIENCE
from tests.server.servers import command

LOBBY = '{"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}'

CLIENT = f"""
import json, os, sys, urllib.request

def ask(url, body=None, **headers):
    raw = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, raw, headers, method="GET" if body is None else "POST")
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()

def show(control=os.environ["MPSD_CONTROL"], role="host"):
    user = json.loads(ask(control + "/users", {{"role": role}})[1])
    body = {{"type": "activity", "version": 1, "sessionRef": {LOBBY}}}
    return ask(os.environ["MPSD_URL"] + "/handles", body, **user["headers"])[0]
"""
"""A client in Python that knows its environment and nothing else; a command begins with it."""


def python(text: str) -> tuple[str, ...]:
    """The command that runs ``text`` behind :data:`CLIENT`."""
    return (sys.executable, "-c", CLIENT + text)


def beside(*arguments: str, given: str = "", **environment: str) -> tuple[int, str, str]:
    """Status, output and complaints of ``handlesfake serve`` with these arguments.

    :param given: the standard input.
    :param environment: variables beside those of this process.
    """
    done = subprocess.run(
        command(*arguments),
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        input=given,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stdout, done.stderr


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The same while it runs, with standard output to read from; what is left of it is ended."""
    process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):  # unread: what the command has started may hold them open
            assert pipe is not None
            pipe.close()
