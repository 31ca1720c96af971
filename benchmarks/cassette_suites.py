"""Suites of pytest that replay cassettes, one a test, the same with each library."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.mpsd.http.message import Headers, Request, Response

CASSETTES, EACH = 50, 6

_HEAD = """
import json

import pytest
import requests

REF = {ref}


def play(first):
    with requests.Session() as session:
        for number in range(first, first + {each}):
            body = {{"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": str(9 * 10**15 + number)}}
            answer = session.post("https://sessiondirectory.xboxlive.com/handles", json=body, timeout=5)
            assert f"h{{number}}" == answer.json()["id"]
"""
_TEST = """

{marker}
def test_{number}({fixture}):
    play({first})
"""
_REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
_LIBRARIES = {
    "handlesfake": ("handlesfake.pytest_plugin", "@pytest.mark.mpsd(cassette=True)", "mpsd"),
    "cassetter": ("cassetter.pytest_plugin", "@pytest.mark.vcr", ""),
    "vcrpy": ("pytest_recording.plugin", "@pytest.mark.vcr", ""),
}


def written(home: Path) -> Mapping[str, Path]:
    """Library to the folder of its suite."""
    return {name: _suite(home / name, marker, fixture) for name, (_, marker, fixture) in _LIBRARIES.items()}


def _suite(folder: Path, marker: str, fixture: str) -> Path:
    cassettes = folder / "cassettes" / "test_suite"
    cassettes.mkdir(parents=True)
    text = _HEAD.format(ref=_REF, each=EACH)
    for number in range(CASSETTES):
        first = 1 + number * EACH
        text += _TEST.format(marker=marker, number=number, fixture=fixture, first=first)
        (cassettes / f"test_{number}.yaml").write_text(_cassette(first), encoding="utf-8")
    (folder / "test_suite.py").write_text(text, encoding="utf-8")
    return folder


def _cassette(first: int) -> str:
    sent = Headers([("Content-Type", "application/json")])
    came = Headers([("Content-Type", "application/json"), ("Date", "Tue, 06 Jan 2026 10:00:00 GMT")])
    interactions = []
    for number in range(first, first + EACH):
        body = {"type": "invite", "version": 1, "sessionRef": _REF, "invitedXuid": str(9 * 10**15 + number)}
        request = Request("POST", "/handles", sent, json.dumps(body).encode())
        interactions.append(
            Interaction(number, request, Response(201, came, json.dumps({"id": f"h{number}"}).encode()))
        )
    return dump_cassette(interactions, {})


def seconds(suites: Mapping[str, Path], name: str, environment: Mapping[str, str]) -> float:
    """Milliseconds of CPU time of one session over the suite of ``name``, nothing compiled in it."""
    library, _, nothing_kept = name.partition(", ")
    folder = suites[library]
    command = [sys.executable, "-m", "pytest", "-q", "-p", _LIBRARIES[library][0], "--rootdir", str(folder)]
    command += ["-o", "mpsd_cassette_cache=false"] if nothing_kept else []
    before = _spent()
    run = subprocess.run([*command, str(folder)], cwd=folder, env=environment, capture_output=True, check=False)
    if run.returncode:
        raise RuntimeError(f"{name}: {run.stdout.decode()}{run.stderr.decode()}")
    return (_spent() - before) * 1000


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
