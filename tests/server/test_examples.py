"""The examples of the docs in other languages, as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from handlesfake.server.fixture import Server

DOCS = Path(__file__).parents[2] / "docs"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node here")


def run(server: Server, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program that knows the server's environment only."""
    environment = {**os.environ, **server.env}
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=60)


@needs_node
def test_the_suite_in_javascript_passes(mpsd_server: Server) -> None:
    """A suite of Node's own runner passes against the server of this test."""
    done = run(mpsd_server, "node", "--test", str(DOCS / "examples" / "lobby.test.mjs"))

    assert 0 == done.returncode, done.stdout
    assert "# pass 3" in done.stdout


@needs_node
def test_taps_reach_a_program_in_javascript(mpsd_server: Server) -> None:
    """Over TLS, by nonce and sub-protocol, as browsers and Node connect."""
    done = run(mpsd_server, "node", "--experimental-websocket", str(DOCS / "examples" / "taps.mjs"))

    assert "7e570100-1111-4222-8333-444455556666~fakelobby~lobby-1 true\n" == done.stdout, done.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_example_in_shell_runs(tmp_path: Path) -> None:
    """The page's shell block does what the page says, by curl alone."""
    block = re.search(r"^```sh\n(.*?)^```$", (DOCS / "server.md").read_text(), re.M | re.S)
    assert block is not None
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(DOCS.parent)}
    script = 'handlesfake() { exec python -m handlesfake "$@"; }\n' + block[1]
    running = subprocess.Popen(
        ["bash", "-eu", "-c", script],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        output, complaint = running.communicate(timeout=60)
    finally:
        with suppress(ProcessLookupError):  # as it should be: the block ends the server that it has started
            os.killpg(running.pid, signal.SIGKILL)

    assert (0, "") == (running.returncode, complaint)
    assert "was not invited" in output
