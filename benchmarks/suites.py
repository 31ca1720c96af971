"""Whole processes of pytest: what they cost with one double or another, and with none."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

TESTS = 200
MANY = 3000
"""Tests of a suite that has nothing to do with any double."""

_HEAD = """
import json

import pytest

from benchmarks.contenders import ANSWER, BODY, HEADERS, URL
"""
_EACH = f'@pytest.mark.parametrize("number", range({TESTS}))\n'
_CALL = "    assert 201 == {client}.post(URL, json=BODY, headers=HEADERS).status_code\n"


def _suite(client: str, fixture: str, *lines: str, head: str = "") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    test = f"{_EACH}def test_it(number, {fixture}):\n{body}{_CALL.format(client=client)}"
    return f"{_HEAD}import {client}\n{head}\n\n{test}"


_WITH_RESPONSES = """import responses


@pytest.fixture
def mock():
    with responses.RequestsMock() as mock:
        yield mock
"""
_WITH_CASSETTE = """import {library}


@pytest.fixture(scope="session")
def cassette(tmp_path_factory):
    path = tmp_path_factory.mktemp("cassettes") / "speed.yaml"
    asked = {{"method": "POST", "uri": URL, "body": json.dumps(BODY), "headers": {{}}}}
    body = {{"string": json.dumps(ANSWER)}}
    answered = {{"status": {{"code": 201, "message": "Created"}}, "headers": {{}}, "body": body}}
    path.write_text(json.dumps({{"version": 1, "interactions": [{{"request": asked, "response": answered}}]}}))
    return path


@pytest.fixture
def tape(cassette):
    with {library}.use_cassette(str(cassette), record_mode="none") as tape:
        yield tape
"""


def _replay(client: str, library: str) -> tuple[str, str]:
    return "", _suite(client, "tape", head=_WITH_CASSETTE.format(library=library))


SUITES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "requests": {
        "handlesfake": ("handlesfake.pytest_plugin", _suite("requests", "mpsd")),
        "responses": (
            "",
            _suite("requests", "mock", "mock.post(URL, json=ANSWER, status=201)", head=_WITH_RESPONSES),
        ),
        "requests-mock": (
            "requests_mock.contrib._pytest_plugin",
            _suite("requests", "requests_mock", "requests_mock.post(URL, json=ANSWER, status_code=201)"),
        ),
        "vcrpy": _replay("requests", "vcr"),
        "cassetter": _replay("requests", "cassetter"),
        "pytest-httpserver": (
            "pytest_httpserver.pytest_plugin",
            _suite(
                "requests",
                "httpserver",
                'httpserver.expect_request("/handles").respond_with_json(ANSWER, 201)',
                'URL = httpserver.url_for("/handles")',
            ),
        ),
    },
    "httpx": {
        "handlesfake": ("handlesfake.pytest_plugin", _suite("httpx", "mpsd")),
        "respx": ("respx.plugin", _suite("httpx", "respx_mock", "respx_mock.post(URL).respond(201, json=ANSWER)")),
        "pytest-httpx": (
            "pytest_httpx",
            _suite("httpx", "httpx_mock", "httpx_mock.add_response(status_code=201, json=ANSWER)"),
        ),
        "vcrpy": _replay("httpx", "vcr"),
        "cassetter": _replay("httpx", "cassetter"),
    },
}
"""Client, and who answers it, to the plugin that is loaded and the suite; each test has its own double."""

UNUSED = f"import pytest\n\n\n@pytest.mark.parametrize('number', range({MANY}))\ndef test_it(number):\n    pass\n"
EMPTY = "def test_it():\n    pass\n"


def seconds(folder: Path, text: str, plugin: str = "") -> float:
    """CPU time of one session of pytest over a suite, which loads no plugin but that one."""
    (folder / "test_suite.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    command += ["-p", plugin] if plugin else []
    root = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": root}
    before = _spent()
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"{plugin}: {run.stdout}{run.stderr}")
    return _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
