"""A suite of pytest-recording with the hooks of ``handlesfake.vcr``: recorded, and replayed with the server gone."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from handlesfake.cassettes.format.loading import load_cassette
from tests.cassettes.accounts import CREDENTIALS, GUEST_XUID, HOST_XUID, TOKEN
from tests.cassettes.service import COOKIE, serving
from tests.peace.test_sessions import ROOT

pytestmark = [
    pytest.mark.thorough,  # sessions of pytest in separate processes
    pytest.mark.skipif(find_spec("pytest_recording") is None, reason="pip install -r tests/peace/requirements.txt"),
]

CONFTEST = """
import os
import handlesfake.vcr

ROLES = {"host": 1, "guest": 2}
HOOKS = handlesfake.vcr.Hooks(
    {
        role: {
            "xuid": os.environ.get(f"{role.upper()}_XUID", f"900000000000000{number}"),
            "authorization": os.environ.get(f"{role.upper()}_AUTHORIZATION", f"XBL3.0 x={role};made-up"),
        }
        for role, number in ROLES.items()
    }
)

def pytest_recording_configure(config, vcr):
    HOOKS.configure(vcr)
"""

CONFIG = """
import pytest

SEEN = []

def see(request):
    SEEN.append(request.uri)
    return request

@pytest.fixture(scope="module")
def vcr_config():
    return HOOKS.vcr_config(before_record_request=see)

@pytest.fixture(autouse=True)
def ours_is_asked():
    yield
    assert SEEN
"""

SUITE = """
import asyncio
import os

import aiohttp
import httpx
import pytest
import requests

URL = os.environ["MPSD_URL"] + "/handles"
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
HEADERS = {
    "Authorization": os.environ.get("HOST_AUTHORIZATION", "XBL3.0 x=host;made-up"),
    "x-xbl-contract-version": "107",
}
INVITE = {"type": "invite", "version": 1, "sessionRef": REF, "inviteAttributes": {"titleId": "1234567890"}}
INVITE["invitedXuid"] = os.environ.get("GUEST_XUID", "9000000000000002")
SESSION = f"/serviceconfigs/{REF['scid']}/sessionTemplates/{REF['templateName']}/sessions/{REF['name']}"
ME = {"members": {"me": {"constants": {"system": {"initialize": True}}, "properties": {"system": {"active": True}}}}}

@pytest.fixture(autouse=True)
def lobby(vcr):
    requests.put(os.environ["MPSD_URL"] + SESSION, json=ME, headers=HEADERS)

@pytest.mark.vcr
def test_requests():
    assert requests.post(URL, json=INVITE, headers=HEADERS).json()["invitedXuid"] == INVITE["invitedXuid"]

@pytest.mark.vcr
def test_httpx():
    with httpx.Client() as client:
        assert client.post(URL, json=INVITE, headers=HEADERS).json()["invitedXuid"] == INVITE["invitedXuid"]

@pytest.mark.vcr
def test_aiohttp():
    async def invite():
        async with aiohttp.ClientSession() as session:
            async with session.post(URL, json=INVITE, headers=HEADERS) as answer:
                return await answer.json()

    assert asyncio.run(invite())["invitedXuid"] == INVITE["invitedXuid"]
"""

REAL = {
    "HOST_XUID": HOST_XUID,
    "GUEST_XUID": GUEST_XUID,
    "HOST_AUTHORIZATION": CREDENTIALS["host"]["authorization"],
    "GUEST_AUTHORIZATION": CREDENTIALS["guest"]["authorization"],
}


def session(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """One run of the suite in a separate process, with pytest-recording and without ours."""
    words = ("-p", "pytest_recording.plugin", "-p", "no:cacheprovider", *arguments)
    return pytester.runpytest_subprocess(*words)


@pytest.mark.parametrize("config", ["", CONFIG], ids=["configured", "vcr_config"])
def test_it_is_recorded_and_replayed(config: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests, httpx and aiohttp replay without network and accounts; the cassettes are ours, and hold no secret."""
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    pytester.makeconftest(CONFTEST + config)
    pytester.makepyfile(test_invite=SUITE)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
    monkeypatch.setenv("MPSD_PSEUDONYM_KEY", "a key of the tests")
    with serving() as service, monkeypatch.context() as real:
        monkeypatch.setenv("MPSD_URL", f"http://{service.authority}")
        for name, value in REAL.items():
            real.setenv(name, value)
        session(pytester, "--record-mode=once").assert_outcomes(passed=3)

    monkeypatch.delenv("MPSD_PSEUDONYM_KEY")
    session(pytester, "--block-network").assert_outcomes(passed=3)
    cassettes = sorted(Path(pytester.path, "cassettes", "test_invite").iterdir())
    assert ["test_aiohttp.yaml", "test_httpx.yaml", "test_requests.yaml"] == [path.name for path in cassettes]
    for path in cassettes:
        text = path.read_text()
        assert [] == [secret for secret in (TOKEN, HOST_XUID, GUEST_XUID, COOKIE, "uhs-") if secret in text]
        assert {"host": "9000000000000001", "guest": "9000000000000002"} == dict(load_cassette(path).roles)
