"""Suites go both ways between pytest-recording and handlesfake, without a word of them changed.

::

    pip install "handlesfake[server]" pytest-recording
    python -m benchmarks.exchange               # exit status 1 when one of the runs does not pass

Each run is a separate pytest session, which has the one plugin and not the other. What is recorded comes from
``handlesfake serve``, another process; it has ended before anything is replayed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import surroundings

BOT = """
import os

import requests

MPSD = os.environ.get("MPSD_URL", "https://sessiondirectory.xboxlive.com")
SESSION = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessiontemplates/FakeLobby/sessions/lobby-1"
REF = dict(zip(("scid", "templateName", "name"), SESSION.split("/")[2::2]))
HEADERS = {"Authorization": "XBL3.0 x=9000000000000071;made-up", "x-xbl-contract-version": "107"}
ME = {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}


def party(friend, headers=HEADERS):
    invite = {"type": "invite", "version": 1, "sessionRef": REF, "invitedXuid": friend}
    invite["inviteAttributes"] = {"titleId": "1234567890"}
    joined = requests.put(MPSD + SESSION, json={"members": {"me": ME}}, headers=headers)
    invited = requests.post(MPSD + "/handles", json=invite, headers=headers)
    left = requests.put(MPSD + SESSION, json={"members": {"me": None}}, headers=headers)
    return [joined.status_code, invited.status_code, left.status_code]
"""

THEIRS = """
import pytest
from bot import party


@pytest.fixture
def vcr_config():
    return {"filter_headers": ["authorization"]}


@pytest.mark.vcr
def test_plain():
    assert [201, 201, 204] == party("9000000000000072")


class TestNights:
    @pytest.mark.vcr
    @pytest.mark.parametrize("friend", ["9000000000000072", "9000000000000073"])
    def test_each(self, friend):
        assert [201, 201, 204] == party(friend)
"""

OURS = """
import pytest
from bot import party


@pytest.fixture(scope="session")
def mpsd_credentials():
    host = {"xuid": "9000000000000071", "authorization": "XBL3.0 x=9000000000000071;made-up"}
    return {"host": host, "guest": {"xuid": "9000000000000072"}}


@pytest.mark.mpsd(cassette=True)
def test_night(mpsd):
    host, guest = mpsd.user("host"), mpsd.user("guest")
    assert [201, 201, 204] == party(guest.xuid, host.headers)
    mpsd.assert_invited(guest)
"""

THEIRS_OF_OURS = """
import pytest
from bot import party


@pytest.mark.vcr
def test_night():
    assert [201, 201, 204] == party("9000000000000002")
"""

WITH_OURS = ("-p", "no:recording")
WITH_THEIRS = ("-p", "no:handlesfake.pytest_plugin")
INI = "[pytest]\npythonpath = .\nmpsd_hosts = sessiondirectory.xboxlive.com {authority}\n"


@contextmanager
def service() -> Iterator[str]:
    """The address of the server that replaces the real service; each time it is empty."""
    command = [sys.executable, "-m", "handlesfake", "serve", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def passed(folder: Path, what: str, *arguments: str, url: str = "") -> bool:
    """Whether every test of the suite in ``folder`` passes."""
    environment = {name: value for name, value in os.environ.items() if name != "MPSD_URL"}
    environment |= {"MPSD_URL": url} if url else {}
    environment["MPSD_PSEUDONYM_KEY"] = "a key for this script only"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", *arguments]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    lines = run.stdout.strip().splitlines() or run.stderr.strip().splitlines() or ["no word"]
    print(f"{what:<70} {lines[-1]}")
    if run.returncode:
        print(run.stdout, run.stderr)
    return run.returncode == 0


def suite(folder: Path, name: str, text: str) -> Path:
    """A new suite of one module."""
    root = folder / name
    (root / "tests").mkdir(parents=True)
    (root / "bot.py").write_text(BOT, encoding="utf-8")
    (root / "tests" / "test_night.py").write_text(text, encoding="utf-8")
    return root


def theirs_here(folder: Path) -> bool:
    """A suite of pytest-recording, recorded there, then run here with two lines of settings."""
    root = suite(folder, "theirs", THEIRS)
    with service() as url:
        (root / "pytest.ini").write_text("[pytest]\npythonpath = .\n", encoding="utf-8")
        recording = passed(root, "recorded by pytest-recording", *WITH_THEIRS, "--record-mode=once", url=url)
    authority = url.partition("://")[2]
    (root / "pytest.ini").write_text(INI.format(authority=authority) + "mpsd_vcr_marker = true\n", encoding="utf-8")
    return recording and passed(root, "the same suite, replayed by handlesfake", *WITH_OURS, url=url)


def ours_there(folder: Path) -> bool:
    """A suite of ours, recorded here into pytest-recording's folders, whose cassette plays there."""
    root = suite(folder, "ours", OURS)
    with service() as url:
        ini = INI.format(authority=url.partition("://")[2]) + "mpsd_cassette_dir = tests/cassettes\n"
        (root / "pytest.ini").write_text(ini, encoding="utf-8")
        recording = passed(root, "recorded by handlesfake", *WITH_OURS, "--mpsd-record=once", url=url)
    replaying = recording and passed(root, "replayed by handlesfake", *WITH_OURS)
    (root / "tests" / "test_night.py").write_text(THEIRS_OF_OURS, encoding="utf-8")
    (root / "pytest.ini").write_text("[pytest]\npythonpath = .\n", encoding="utf-8")
    return replaying and passed(root, "the same cassette, replayed by pytest-recording", *WITH_THEIRS)


def main() -> int:
    """Go both ways."""
    with tempfile.TemporaryDirectory() as folder:
        return 0 if all([theirs_here(Path(folder)), ours_there(Path(folder))]) else 1


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
