"""The double without the plugin: unittest, plain scripts, threads that are left behind, forks and subprocesses."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import requests

import handlesfake
from handlesfake import Double
from tests.patience import PATIENCE
from tests.systems.needed import system_has

ROOT = Path(__file__).parents[2]
HANDLE = "https://sessiondirectory.xboxlive.com/handles/00000000-0000-4000-8000-000000000000"

UNITTEST = """
import unittest, handlesfake, requests

class TestParty(unittest.TestCase):
    def setUp(self):
        self.mpsd = handlesfake.fake()
        {start}
        from handlesfake.double.double import core_of
        core_of(self.mpsd).engine.stages = ()

    def test_swallowing(self):
        host = self.mpsd.user("host")
        try:
            requests.get("https://sessiondirectory.xboxlive.com/handles/1", headers=host.headers)
        except Exception:
            pass

unittest.main()
"""
STARTS = {
    "addCleanup": "self.mpsd.start(); self.addCleanup(self.mpsd.stop)",
    "with": "self.mpsd.__enter__(); self.addCleanup(self.mpsd.__exit__, None, None, None)",
}


def script(source: str, *, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``source`` in a fresh interpreter in which every warning is an error."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(source)]
    environment = {**os.environ, **environment}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment
    )

    assert code == done.returncode, done.stderr
    return done


@pytest.mark.parametrize("start", STARTS)
def test_a_swallowed_error_fails_a_unittest(start: str) -> None:
    """Whichever way a TestCase starts and stops its double, what nothing could answer is told."""
    done = script(UNITTEST.format(start=STARTS[start]), code=1)

    assert "FAILED (failures=1)" in done.stderr
    assert "The code under test swallowed this error. A test that wants it:" in done.stderr


def test_a_plain_script() -> None:
    """Without any test runner, ``with handlesfake.fake()`` is all there is to it."""
    done = script("""
        import handlesfake, requests
        with handlesfake.fake() as mpsd:
            host = mpsd.user("host")
            lobby = mpsd.session("lobby-1", members=[host])
            body = {"type": "activity", "version": 1, "sessionRef": lobby.ref}
            print(requests.post("https://sessiondirectory.xboxlive.com/handles", json=body, headers=host.headers).status_code)
            mpsd.assert_activity(host, session=lobby)
    """)

    assert "201\n" == done.stdout


def test_a_double_by_hand_in_the_very_first_test_is_judged(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs no fixture for the miss that its code swallowed to be told, as the test ends."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
    pytester.makepyfile("""
        import http.client

        def test_first():
            import handlesfake
            mpsd = handlesfake.fake().start()
            from handlesfake.double.double import core_of
            core_of(mpsd).engine.stages = ()
            try:
                http.client.HTTPSConnection("sessiondirectory.xboxlive.com").request("GET", "/handles/1")
            except Exception:
                pass
            connection = http.client.HTTPSConnection("sessiondirectory.xboxlive.com")
            connection.request("GET", "/handles/1", headers={"x-xbl-contract-version": "107"})
            try:
                connection.getresponse()
            except Exception:
                pass
            mpsd.stop()
    """)
    result = pytester.runpytest_subprocess("-p", "handlesfake.pytest_plugin", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*The code under test swallowed this error.*"])


def _ask() -> int:
    return requests.get(HANDLE, headers={"x-xbl-contract-version": "107"}, timeout=PATIENCE).status_code


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_asks_its_own_copy(mpsd: Double) -> None:
    """What a fork sends is answered by its copy of the double, never by the network; the parent hears of nothing."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        status = pool.apply(_ask)

    assert 404 == status
    assert 0 == len(mpsd.journal)
    assert 404 == _ask()
    assert 1 == len(mpsd.journal)


@system_has("fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_while_another_thread_asks(mpsd: Double) -> None:
    """A lock that a thread held at the moment of the fork stops no child: ten forks beside a busy thread."""
    source = """
        import multiprocessing, os, sys, threading, warnings
        import handlesfake
        from tests.peace.test_without_pytest import _ask
        warnings.simplefilter("ignore")
        with handlesfake.fake() as mpsd:
            _ask()  # or a thread holds the lock of a module that it imports, and that is no lock of ours
            over = threading.Event()
            def busy():
                while not over.is_set():
                    _ask()
            threads = [threading.Thread(target=busy) for _ in range(2)]
            for thread in threads:
                thread.start()
            found = []
            for _ in range(10):
                child = os.fork()
                if not child:
                    import signal
                    signal.alarm(10)
                    os._exit(0 if _ask() == 404 else 1)
                found.append(os.waitpid(child, 0)[1])
            over.set()
            for thread in threads:
                thread.join()
            print(found.count(0))
    """

    assert "10\n" == script(source).stdout


def test_a_subprocess_is_told_where_the_double_is(mpsd: Double, mpsd_server: object) -> None:
    """A child process has no double: it is given the address of the server, and its requests are in the journal."""
    source = """
        import os, urllib.request, urllib.error
        asked = urllib.request.Request(os.environ["MPSD_URL"] + "/handles/1", headers={"x-xbl-contract-version": "107"})
        try:
            urllib.request.urlopen(asked, timeout=120)
        except urllib.error.HTTPError as error:
            print(error.code)
            error.close()
    """
    done = script(source, **mpsd_server.env)  # type: ignore[attr-defined]

    assert "404\n" == done.stdout
    assert ["get_handle"] == [entry.operation for entry in mpsd.journal]


def test_a_double_decorates_what_a_runner_calls() -> None:
    """A function of any other runner has its double around it."""

    @handlesfake.fake()
    def evening() -> int:
        return _ask()

    assert [404, 404] == [evening(), evening()]
