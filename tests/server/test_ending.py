"""SIGTERM ends a server within seconds, whatever keeps it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from handlesfake.server.run import last_word
from handlesfake.server.run.last_word import LastWord
from handlesfake.server.run.listener import GRACE
from tests.patience import PATIENCE
from tests.server.rta import rta
from tests.server.servers import HEADERS, process, raw
from tests.systems.needed import system_has

STUCK = """
import sys, threading
from handlesfake import cli
from handlesfake.rules.stage import Rules
from handlesfake.server.run import last_word

last_word.PATIENCE = 0.5

def stuck(self, call, proceed):
    sys.stdout.write("stuck\\n")
    sys.stdout.flush()
    threading.Event().wait()

Rules.__call__ = stuck
sys.exit(cli.main(["serve", "--json"]))
"""
"""A server whose service never returns: its loop hears nothing any more."""


@system_has("signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stuck_ends_all_the_same(number: signal.Signals) -> None:
    """With status 2, and with the place where it was stuck."""
    server = subprocess.Popen(
        [sys.executable, "-c", STUCK], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().partition('"url": "')[2].partition('"')[0]
        with raw(url) as client:
            lines = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
            client.sendall(f"GET /handles/none HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
            assert "stuck\n" == server.stdout.readline()
            server.send_signal(number)
            _, complaint = server.communicate(timeout=PATIENCE)
    finally:
        server.kill()
        server.communicate()

    assert 2 == server.returncode
    assert complaint.startswith(
        "handlesfake: told to end, the server still has not after 0.5 s, and is ended: something keeps it, here:\n"
    )
    assert "in stuck\n" in complaint


def test_a_server_that_ends_by_itself_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread is gone, and nothing was ended."""
    ended: list[int] = []
    monkeypatch.setattr(last_word, "PATIENCE", 60.0)
    monkeypatch.setattr(last_word.os, "_exit", ended.append)
    before = threading.active_count()
    word = LastWord()
    word.come()
    word.spare()
    for thread in threading.enumerate():
        if thread.name == "handlesfake last word":
            thread.join(timeout=PATIENCE)

    assert ([], before) == (ended, threading.active_count())


def test_an_open_web_socket_keeps_no_server(tmp_path: Path) -> None:
    """Nor under TLS, where the client does not answer the server's goodbye: it ends with status 0, and silently."""
    with process("--json", "--tls", str(tmp_path), "--state", _state(tmp_path)) as server:
        token = HEADERS["Authorization"]
        with rta(server.ready["url"], token, ca_file=server.ready["ca"]) as client:
            assert client.subscribe()
            assert (0, "", "") == server.stop(signal.SIGTERM)


def _state(folder: Path) -> str:
    (folder / "state.yaml").write_text("users: [{role: host, user_hash: uhs-9000000000000001}]")
    return str(folder / "state.yaml")


def test_seconds_are_enough_for_requests_under_way() -> None:
    """They are cut off after half a second: what then still runs is stuck."""
    assert 2 * GRACE < last_word.PATIENCE <= 10
