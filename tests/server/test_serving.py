"""The server, as another process and by real sockets on loopback."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
ACTIVITY = json.dumps({"type": "activity", "version": 1, "sessionRef": REF})
HEADERS = {"Authorization": "XBL3.0 x=uhs-9000000000000001;made-up", "x-xbl-contract-version": "107"}


@dataclass
class Running:
    """A server process that has said that it is ready."""

    process: subprocess.Popen[str]
    line: str

    @property
    def ready(self) -> dict[str, str]:
        """The ready line as JSON."""
        found: dict[str, str] = json.loads(self.line)
        return found

    def connect(self) -> http.client.HTTPConnection:
        """A client's connection to it."""
        url = urlsplit(self.ready["url"])
        if url.scheme == "https":
            context = ssl.create_default_context(cafile=self.ready["ca"])
            return http.client.HTTPSConnection(url.hostname or "", url.port, timeout=10, context=context)
        return http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)


@contextmanager
def serving(*arguments: str) -> Iterator[Running]:
    """Run ``handlesfake serve`` on a free port, and end it."""
    command = [sys.executable, "-m", "handlesfake", "serve", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Running(process, process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def post(connection: http.client.HTTPConnection, body: str = ACTIVITY) -> tuple[int, dict[str, str], bytes]:
    """POST /handles; status, headers and body of the answer."""
    connection.request("POST", "/handles", body, HEADERS)
    answer = connection.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_it_answers_as_the_service_would() -> None:
    """An activity posted to the port is created, with the headers of the contract."""
    with serving("--json") as server:
        status, headers, body = post(server.connect())

    assert 201 == status
    assert f"/handles/{json.loads(body)['id']}" == headers["location"]
    assert "no-cache, no-store" == headers["cache-control"]
    assert "server" not in headers


def test_a_connection_is_kept_alive() -> None:
    """Two requests go over one connection; the second activity replaces the first."""
    with serving("--json") as server:
        connection = server.connect()
        first, second = post(connection), post(connection)

    assert [201, 201] == [first[0], second[0]]
    assert json.loads(first[2])["id"] != json.loads(second[2])["id"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_asked(number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end it with status 0 and without a word of complaint."""
    with serving() as server:
        server.process.send_signal(number)
        output, complaint = server.process.communicate(timeout=10)

        assert [0, "", ""] == [server.process.returncode, output, complaint]


def test_one_line_says_that_it_is_ready() -> None:
    """For people: where it answers, and how to end it."""
    with serving() as server:
        line = server.line

    assert line.startswith("handlesfake answers as MPSD on http://127.0.0.1:")
    assert line.endswith(" (Ctrl-C ends it)\n")


def test_a_port_that_is_taken_is_named() -> None:
    """A port in use is exit status 2 and a sentence that says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "handlesfake", "serve", "--port", str(port)], capture_output=True, text=True, timeout=20
        )

    assert 2 == done.returncode
    assert (
        f"handlesfake: cannot listen on 127.0.0.1:{port}: Address already in use.\n"
        "  take another port, or --port 0 for any free one\n"
    ) == done.stderr


def test_it_serves_tls_under_a_ca_of_its_own(tmp_path: Path) -> None:
    """With --tls, a client that trusts DIR/ca.pem connects without more."""
    with serving("--json", "--tls", str(tmp_path / "tls")) as server:
        status, _, _ = post(server.connect())

        assert str(tmp_path / "tls" / "ca.pem") == server.ready["ca"]

    assert 201 == status
    assert 0o600 == (tmp_path / "tls" / "server.key").stat().st_mode & 0o777


@pytest.mark.parametrize(
    ("how", "error"),
    [("close", http.client.RemoteDisconnected), ("reset", ConnectionResetError)],
)
def test_a_lost_answer_is_lost_on_the_socket(how: str, error: type[Exception], tmp_path: Path) -> None:
    """A rule that loses the answer closes or resets the real connection."""
    rules = tmp_path / "lost.yaml"
    rules.write_text(
        f"rules:\n  - name: lost\n    when: {{operation: create_handle, nth: 1}}\n    then: {{lose_answer: {how}}}\n"
    )
    with serving("--json", "--rules", str(rules)) as server:
        with pytest.raises(error):
            post(server.connect())
        status, _, _ = post(server.connect())

    assert 201 == status


def test_an_answer_that_never_comes_leaves_the_others_served(tmp_path: Path) -> None:
    """A rule with a timeout says nothing on that connection; the next one is answered."""
    rules = tmp_path / "lost.yaml"
    rules.write_text("rules:\n  - when: {operation: create_handle, nth: 1}\n    then: {lose_answer: timeout}\n")
    with serving("--json", "--rules", str(rules)) as server:
        silent = server.connect()
        silent.timeout = 0.2
        with pytest.raises(TimeoutError):
            post(silent)
        status, _, _ = post(server.connect())

    assert 201 == status


def test_a_body_beyond_the_limit_is_refused_by_the_server_itself() -> None:
    """A body larger than the limit is 413, and the sentence says whose limit it is."""
    with serving("--json") as server:
        status, _, body = post(server.connect(), " " * (8 * 1024 * 1024 + 1))

    assert [413, b"The body is larger than 8388608 bytes, the limit of this fake.\r\n"] == [status, body]


def test_switches_reach_the_service() -> None:
    """--strict assumes nothing, and --dialect documented gives no body."""
    with serving("--json", "--strict") as server:
        refused, _, _ = post(server.connect())
    with serving("--json", "--dialect", "documented") as server:
        created, _, body = post(server.connect())

    assert [403, 201, b""] == [refused, created, body]
