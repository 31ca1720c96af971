"""mitmproxy and Playwright capture an evening; what is imported is what the server said, whichever made the file."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from handlesfake.captures import mitmproxy
from handlesfake.captures.reading import read_capture
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.cli import main
from tests.captures.evening import HOST, XUIDS, headers_of, requests, send
from tests.captures.real_tools.odd_origin import ALL, origin
from tests.patience import PATIENCE
from tests.server.servers import process

MITMDUMP = Path(sys.executable).parent / "mitmdump"
CHROMIUM = which("chromium") or which("google-chrome")
STATUSES = [201, 201, 201, 200, 204]


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder to be in, and a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPSD_PSEUDONYM_KEY", "a key that the tests have made up")


@contextmanager
def served() -> Iterator[str]:
    """The address of a server that replaces MPSD."""
    with process("--json", "--tls", "tls", "--name", HOST) as server:
        yield server.ready["url"]


@contextmanager
def proxied(url: str) -> Iterator[str]:
    """A proxy, mitmdump, before ``url``; its address. At the end ``night.mitm`` and ``night.har`` are there."""
    settings = {
        "keep_host_header": "true",
        "listen_host": "127.0.0.1",
        "hardump": "night.har",
        "ssl_verify_upstream_trusted_ca": "tls/ca.pem",
        "confdir": "mitm",
    }
    words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    command = [str(MITMDUMP), "--mode", f"reverse:{url}", "-p", "0", "-w", "night.mitm", *words]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    proxy = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    assert proxy.stdout is not None
    try:
        said = next(line for line in proxy.stdout if "listening at" in line)
        # it says a lot, and would wait for a reader
        reader = threading.Thread(target=proxy.stdout.read)
        reader.start()
        yield f"127.0.0.1:{said.rstrip().rstrip('.').rpartition(':')[2]}"
    finally:
        proxy.send_signal(signal.SIGINT)
        proxy.wait(timeout=PATIENCE)
        reader.join()
        proxy.stdout.close()


def imported(name: str, capsys: pytest.CaptureFixture[str]) -> bytes:
    """The cassette that the file becomes; the fake answers as the server did."""
    roles = [f"--role={role}={xuid}" for role, xuid in XUIDS.items()]

    assert 0 == main(["import", name, "--to", f"{name}.yaml", *roles])
    screen = capsys.readouterr().out
    assert "5 of 5 exchanges agree in status, headers and body\n" in screen
    assert "left out" not in screen
    return Path(f"{name}.yaml").read_bytes()


@pytest.mark.parametrize("packed", [False, True])
def test_mitmproxy(packed: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its flow file and its HAR make the same cassette; its own reader and ours read the same."""
    with served() as url, proxied(url) as authority:
        assert STATUSES == send(authority, "mitm/mitmproxy-ca-cert.pem", packed=packed)

    assert imported("night.mitm", capsys) == imported("night.har", capsys)
    by_its_own = read_capture(Path("night.mitm").read_bytes())
    monkeypatch.setattr(mitmproxy, "states_by_mitmproxy", lambda _: None)
    assert by_its_own == read_capture(Path("night.mitm").read_bytes())


def test_other_bytes_are_never_taken_in_silence() -> None:
    """Of odd traffic: what is taken is what crossed the wire, or the screen says what the file does not show."""
    with origin() as there, proxied(there.url) as authority:
        host, _, port = authority.rpartition(":")
        for number, odd in enumerate(ALL):
            with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
                connection.sendall(odd.request(number))
                while connection.recv(1 << 16):
                    pass

    # mitmproxy 11 writes no HAR at all of bytes that are not UTF-8
    for name in ("night.mitm", "night.har") if Path("night.har").exists() else ("night.mitm",):
        capture = read_capture(Path(name).read_bytes())
        assert len(ALL) == len(capture.exchanges) + len(capture.left_out)
        for one in capture.exchanges:
            odd = ALL[int(one.request.target[1:])]
            are_true = (odd.body, odd.body) == (one.request.body, one.response.body)
            assert odd.is_whole, f"{name}: {odd} was half"
            assert are_true or one.notes, f"{name}: {odd} became {one}"
            assert are_true or name.endswith(".har")


@pytest.mark.parametrize(("name", "content"), [("night.har", "embed"), ("night.har.zip", "attach")])
def test_playwright(name: str, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A page sends the evening."""
    with served() as url, sync_playwright() as playwright:
        there = f"MAP {HOST}:443 127.0.0.1:{urlsplit(url).port}"
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", f"--host-resolver-rules={there}"]
        )
        context = browser.new_context(
            ignore_https_errors=True, record_har_path=name, record_har_content=content, record_har_mode="full"
        )
        page = context.new_page()
        page.goto(f"https://{HOST}/")
        for role, method, target, document in requests():
            lines = {name: value for name, value in headers_of(role).items() if name != "User-Agent"}
            body = None if document is None else json.dumps(document, ensure_ascii=False)
            lines |= {"Content-Type": "application/json"} if body else {}
            page.evaluate(
                "async ([target, more]) => (await fetch(target, more)).text()",
                [target, {"method": method, "headers": lines, "body": body}],
            )
        context.close()
        browser.close()

    imported(name, capsys)
    answers = load_cassette(Path(f"{name}.yaml")).interactions[-len(STATUSES) :]
    assert STATUSES == [one.response.status for one in answers]


def test_playwright_plays_what_is_exported(capsys: pytest.CaptureFixture[str]) -> None:
    """A browser is answered from the HAR that a cassette was written as."""
    with served() as url, proxied(url) as authority:
        send(authority, "mitm/mitmproxy-ca-cert.pem")
    imported("night.mitm", capsys)
    main(["export", "night.mitm.yaml", "--to", "lobby.har"])
    _, _, target, _ = requests()[-1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.route_from_har("lobby.har", not_found="abort")
        page = context.new_page()
        page.route("https://made.up/", lambda route: route.fulfill(body="<title>made up</title>"))
        page.goto("https://made.up/")
        status = page.evaluate("async url => (await fetch(url, {mode: 'no-cors'})).type", f"https://{HOST}{target}")
        browser.close()

    assert "opaque" == status
