"""The fixture ``mpsd_server``: the test's own double on a real port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest
import requests

import handlesfake
from handlesfake.double.double import Double
from handlesfake.server.run.fixture import Server
from tests import warm
from tests.patience import PATIENCE
from tests.server.rta import rta
from tests.server.servers import posted

PROGRAM = """
import json, os, urllib.request
body = json.dumps({"type": "activity", "version": 1, "sessionRef": json.loads(os.environ["LOBBY"])}).encode()
headers = {"Authorization": os.environ["TOKEN"], "X-Xbl-Contract-Version": "107", "Content-Type": "application/json"}
request = urllib.request.Request(os.environ["MPSD_URL"] + "/handles", body, headers)
print(urllib.request.urlopen(request, timeout=60).status)
"""


def test_another_program_is_met_on_the_port(mpsd: Double, mpsd_server: Server) -> None:
    """A program that knows the environment only trusts the server, and its activity is the test's to assert."""
    host = mpsd.user("host")
    lobby = mpsd.session("lobby-1", members=[host])
    told = {"LOBBY": json.dumps(lobby.ref), "TOKEN": host.authorization}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **mpsd_server.env, **told},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )

    assert "201\n" == done.stdout
    mpsd.assert_activity(host, session=lobby)


def test_seam_and_port_are_one_double(mpsd: Double, mpsd_server: Server) -> None:
    """Requests by the seam and requests by the port are in one journal, in order."""
    host = mpsd.user("host")
    lobby = mpsd.session("lobby-1", members=[host])
    body = {"type": "activity", "version": 1, "sessionRef": lobby.ref}
    for url in ("https://sessiondirectory.xboxlive.com", mpsd_server.url):
        requests.post(f"{url}/handles", json=body, headers=host.headers, verify=mpsd_server.ca_file, timeout=PATIENCE)

    assert [False, True] == [entry.client == "server" for entry in mpsd.journal]
    assert [201, 201] == [entry.status for entry in mpsd.journal]


def test_a_dropped_connection_ends_the_websocket(mpsd: Double, mpsd_server: Server) -> None:
    """Under TLS, too: without a close frame, or with the code that the test says."""
    host, ends = mpsd.user("host"), []
    for words in ({}, {"code": 1001}):
        with rta(mpsd_server.url, host.authorization, ca_file=mpsd_server.ca_file) as client:
            mpsd.drop_connection(client.subscribe(), **words)
            ends.append((client.hear(), int(client.code)))

    assert [(None, 1006), (None, 1001)] == ends


def test_it_serves_without_pytest() -> None:
    """``handlesfake.serve`` does the same for a given double, and leaves no thread behind."""
    before = set(threading.enumerate())
    with handlesfake.fake() as mpsd, handlesfake.serve(mpsd) as server:
        status = posted(server.url, server.ca_file).status

    assert 201 == status
    assert before == set(threading.enumerate())


SUITE = """
import pytest, requests, threading

@pytest.mark.parametrize("number", range(6))
def test_it_is_fresh(mpsd, mpsd_server, number):
    assert 0 == len(mpsd.journal)
    host = mpsd.user("host")
    body = {"type": "activity", "version": 1, "sessionRef": mpsd.session(members=[host]).ref}
    url, trust = mpsd_server.url + "/handles", mpsd_server.ca_file
    assert 201 == requests.post(url, json=body, headers=host.headers, verify=trust).status_code

def test_nothing_is_left():
    assert [] == [thread.name for thread in threading.enumerate() if "handlesfake" in thread.name]
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_each_test_has_its_own(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    """Every test starts with an empty double on its own port, also with several workers."""
    pytester.makepyfile(SUITE)
    result = warm.runpytest(pytester, "-q", "-W", "error", "-p", "no:asyncio", *workers)

    result.assert_outcomes(passed=7)


def test_there_is_no_server_for_the_real_service(pytester: pytest.Pytester) -> None:
    """A test that talks to the real service has no double to serve, and is told so."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.mpsd(mode="real")
        def test_it(mpsd_server):
            pass
        """
    )
    result = warm.runpytest(pytester, "-q", "-p", "no:asyncio")

    result.stdout.fnmatch_lines(["*SettingsError: mpsd_server: this test has no double to serve*"])


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the text is the command that installs it."""
    monkeypatch.setattr("handlesfake.server.run.requirements.NEEDED", ("uvicorn", "no_such_package"))
    with pytest.raises(handlesfake.SettingsError) as caught:
        handlesfake.serve(handlesfake.fake())

    assert (
        "the server needs no_such_package, which this Python does not have:\n"
        f"  {sys.executable} -m pip install 'handlesfake[server]'"
    ) == str(caught.value)
