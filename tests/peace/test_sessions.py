"""Sessions of pytest with the double and the other plugins: the suite of a user, run whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough  # sessions of pytest in separate processes

ROOT = Path(__file__).parents[2]

SUITE = """
import asyncio
import random
import socket
import time
from http.client import HTTPSConnection

import pytest
import requests

HANDLES = "https://sessiondirectory.xboxlive.com/handles"


def show(mpsd):
    host = mpsd.user("host")
    lobby = mpsd.session("lobby-1", members=[host])
    body = {"type": "activity", "version": 1, "sessionRef": lobby.ref}
    answer = requests.post(HANDLES, json=body, headers=host.headers)
    mpsd.assert_activity(host, session=lobby)
    return answer.json()["id"]
"""


def _release(package: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in version(package).split(".")[:2])
    except PackageNotFoundError:
        return ()


def run(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    plugins: Sequence[str],
    *arguments: str,
    ini: str = "",
) -> pytest.RunResult:
    """Run ``source`` in a separate process with only ``plugins`` and ours."""
    for plugin in plugins:
        if find_spec(plugin.partition(".")[0]) is None:
            pytest.skip(f"{plugin} is not installed: pip install -r tests/peace/requirements.txt")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
    pytester.makeini(f"[pytest]\nfilterwarnings = error\n{ini}")
    pytester.makepyfile(SUITE + source)
    loaded = [word for plugin in ("handlesfake.pytest_plugin", *plugins) for word in ("-p", plugin)]
    return pytester.runpytest_subprocess(*loaded, "-p", "no:cacheprovider", *arguments)


Sessions = tuple[pytest.Pytester, pytest.MonkeyPatch]


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """Where a suite is run."""
    return pytester, monkeypatch


LOOP = "asyncio_default_fixture_loop_scope = function" if _release("pytest-asyncio") >= (0, 24) else ""
"""A setting that every session has to make, since there is one."""

LENIENT = () if LOOP else ("-W", "ignore::pytest.PytestUnraisableExceptionWarning")
"""Before that, pytest-asyncio left loops unclosed."""


def test_asyncio_and_anyio_with_both_backends(session: Sessions) -> None:
    """Tests that are async reach their double on each loop, and wait for it."""
    source = """
import httpx

async def shown(mpsd):
    host = mpsd.user("host")
    body = {"type": "activity", "version": 1, "sessionRef": mpsd.session("lobby-1", members=[host]).ref}
    async with httpx.AsyncClient() as client:
        assert (await client.post(HANDLES, json=body, headers=host.headers)).status_code == 201
    await mpsd.soon.assert_activity(host, within=1.0)

@pytest.mark.asyncio
async def test_asyncio(mpsd):
    await shown(mpsd)

@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_anyio(mpsd, anyio_backend):
    await shown(mpsd)
"""
    result = run(*session, source, ["pytest_asyncio.plugin", "anyio.pytest_plugin"], *LENIENT, ini=LOOP)

    result.assert_outcomes(passed=3)


def test_anyio_between_the_turns_of_trio(session: Sessions) -> None:
    """While an async fixture of wider scope keeps a loop, tests and fixtures that are not async have their doubles."""
    source = """
@pytest.fixture(scope="module", params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param

@pytest.fixture(scope="module", autouse=True)
async def world(anyio_backend):
    yield

@pytest.mark.anyio
async def test_it_awaits(mpsd):
    show(mpsd)

def test_it_does_not(mpsd):
    show(mpsd)
    mpsd.assert_sent("create_handle", times=1, within=0.0)
"""
    run(*session, source, ["anyio.pytest_plugin"], *LENIENT).assert_outcomes(passed=4)


def test_run_parallel_with_a_double_for_each_thread(session: Sessions) -> None:
    """Tests that make an isolated double run in parallel; those that take the fixture are kept to one thread."""
    source = """
import threading
import handlesfake

@pytest.fixture
def lobby(mpsd):
    return mpsd.session("lobby-2")

def alone():
    return threading.current_thread() is threading.main_thread()

def test_fixture(mpsd):
    assert alone() and not mpsd.journal
    show(mpsd)

def test_fixture_of_a_fixture(lobby):
    assert alone()

def test_server(mpsd_server):
    assert alone()

@pytest.mark.mpsd
def test_marker():
    assert alone()

def test_isolated(num_parallel_threads):
    assert num_parallel_threads == 4 and not alone()
    with handlesfake.fake(isolated=True) as mpsd:
        for _ in range(3):
            GATE.wait()
            show(mpsd)
        GATE.wait()
        mpsd.assert_sent("create_handle", times=3)

GATE = threading.Barrier(4, timeout=120)
"""
    result = run(*session, source, ["pytest_run_parallel.plugin"], "--parallel-threads=4", "--strict-markers", "-v")

    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(
        [
            "*::test_fixture PASSED [[]thread-unsafe[]]: its fixture mpsd is one double for all threads; a test that "
            "makes its own runs in parallel: handlesfake.fake(isolated=True)*",
            "*::test_isolated PARALLEL PASSED*",
        ]
    )


def test_run_parallel_with_doubles_that_overlap(session: Sessions) -> None:
    """Doubles that are not isolated overlap in its threads, which is told once."""
    source = """
import threading
import handlesfake

def test_it():
    with handlesfake.fake():
        GATE.wait()

GATE = threading.Barrier(4, timeout=120)
"""
    lenient = ("-W", "default::handlesfake.errors.OverlappingDoublesWarning")
    result = run(*session, source, ["pytest_run_parallel.plugin"], "--parallel-threads=4", *lenient)

    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*OverlappingDoublesWarning: two doubles overlap, in separate threads or tasks:*"])


@pytest.mark.parametrize(
    "arguments",
    [(), ("-n", "2"), pytest.param(("-n", "2", "--dist", "loadfile"), marks=pytest.mark.thorough)],
    ids=" ".join,
)
def test_ids_are_the_same_in_any_order_and_any_process(session: Sessions, arguments: tuple[str, ...]) -> None:
    """Under xdist each test gets the handle that it gets alone."""
    source = """
@pytest.mark.parametrize("number", range(4))
def test_show(mpsd, number, tmp_path_factory):
    (EVIDENCE / f"{number}-{time.time_ns()}").write_text(show(mpsd))
"""
    folder = session[0].mkdir("shown")
    for words in ((), arguments):
        made = f"from pathlib import Path\nEVIDENCE = Path({str(folder)!r})\n"
        run(*session, made + source, ["xdist"], *words).assert_outcomes(passed=4)
    ids: dict[str, list[str]] = {}
    for path in folder.iterdir():
        ids.setdefault(path.name[0], []).append(path.read_text())

    assert [(2, 1)] * 4 == [(len(two), len(set(two))) for two in ids.values()]
    assert 4 == len({two[0] for two in ids.values()})


def test_randomly_takes_no_id_and_no_order(session: Sessions) -> None:
    """pytest-randomly seeds the world and turns the tests round: handles stay, and each test starts empty."""
    source = """
@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("again", [1, 2])
def test_show(mpsd, number, again):
    assert not mpsd.journal
    random.random()
    show(mpsd)
    assert len(mpsd.journal) == 1
"""
    for seed in ("1", "2"):
        run(*session, source, ["pytest_randomly"], f"--randomly-seed={seed}").assert_outcomes(passed=6)


def test_a_rerun_starts_anew(session: Sessions) -> None:
    """pytest-rerunfailures runs a test again with an empty service and the same ids."""
    source = """
SEEN = []

def test_show(mpsd):
    assert not mpsd.journal
    SEEN.append(show(mpsd))
    assert len(SEEN) == 2 and SEEN[0] == SEEN[1]
"""
    result = run(*session, source, ["pytest_rerunfailures"], "--reruns", "1")

    result.assert_outcomes(passed=1)
    assert 1 == result.parseoutcomes()["rerun"]


PROFILE = """\
interactions:
- request: {body: null, headers: {}, method: GET, uri: 'http://profile.example/me'}
  response:
    body: {string: mocked}
    headers: {Content-Type: [text/plain]}
    status: {code: 200, message: OK}
version: 1
"""


def test_pytest_recording_with_its_network_blocked(session: Sessions) -> None:
    """``@pytest.mark.vcr`` plays the profile service, the double is MPSD, and no cassette learns of it."""
    source = """
@pytest.fixture
def first(vcr):
    return vcr

@pytest.mark.vcr
def test_show(first, mpsd):
    assert requests.get("http://profile.example/me").text == "mocked"
    show(mpsd)
    with socket.socket() as one, pytest.raises(RuntimeError, match="Network is disabled"):
        one.connect(("127.0.0.1", 9))

@pytest.mark.vcr("profile.yaml")
def test_the_other_way_round(mpsd, vcr):
    show(mpsd)
    assert requests.get("http://profile.example/me").text == "mocked"
"""
    module = "test_pytest_recording_with_its_network_blocked"
    folder = session[0].mkdir("cassettes") / module
    folder.mkdir()
    for name in ("test_show", "profile", "test_the_other_way_round"):
        (folder / f"{name}.yaml").write_text(PROFILE)
    result = run(*session, source, ["pytest_recording.plugin"], "--block-network")

    result.assert_outcomes(passed=2)
    assert {PROFILE} == {path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("plugin", "arguments"),
    [
        ("pytest_recording.plugin", ("--block-network", "--allowed-hosts=127.0.0.1")),
        ("pytest_socket", ("--allow-hosts=127.0.0.1",)),
    ],
    ids=["pytest-recording", "pytest-socket"],
)
def test_a_server_beside_what_blocks_the_network(session: Sessions, plugin: str, arguments: tuple[str, ...]) -> None:
    """``mpsd_server`` is a real port: loopback has to be allowed for it, and nothing else."""
    source = """
def test_a_server(mpsd_server, mpsd):
    host = mpsd.user("host")
    answer = requests.get(mpsd_server.url + "/handles/1", headers=host.headers, verify=mpsd_server.ca_file)
    assert answer.status_code == 404
"""
    run(*session, source, [plugin], *arguments).assert_outcomes(passed=1)


def test_vcrpy_records_its_own_and_nothing_of_mpsd(session: Sessions) -> None:
    """While a cassette records another service, MPSD goes to the double and into no cassette."""
    source = """
vcr = pytest.importorskip("vcr")

def test_show(mpsd, tmp_path):
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        with vcr.use_cassette(str(tmp_path / "one.yaml"), record_mode="once"):
            show(mpsd)
            requests.get(f"http://127.0.0.1:{server.server_port}/me")
        thread.join()
    text = (tmp_path / "one.yaml").read_text()
    assert "127.0.0.1" in text and "xboxlive" not in text
"""
    run(*session, source, ["vcr"]).assert_outcomes(passed=1)


def test_a_cassette_of_vcrpy_still_plays_mpsd_without_a_double(session: Sessions) -> None:
    """A suite on its way from vcrpy: old tests play MPSD from their cassettes, before and after tests with the double."""
    source = """
import httpx
vcr = pytest.importorskip("vcr")
CASSETTE = '''\\
interactions:
- request: {body: null, headers: {}, method: GET, uri: 'https://sessiondirectory.xboxlive.com/handles/1'}
  response:
    body: {string: from the cassette}
    headers: {Content-Type: [text/plain]}
    status: {code: 200, message: OK}
version: 1
'''

@pytest.mark.parametrize("client", [requests, httpx])
@pytest.mark.parametrize("number", [1, 2])
def test_old(tmp_path, client, number):
    (tmp_path / "old.yaml").write_text(CASSETTE)
    with vcr.use_cassette(str(tmp_path / "old.yaml"), record_mode="none"):
        assert client.get(HANDLES + "/1").text == "from the cassette"

def test_new(mpsd):
    show(mpsd)

test_older = test_old
"""
    run(*session, source, ["vcr"]).assert_outcomes(passed=9)


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
def test_a_mock_of_respx_still_plays_mpsd_without_a_double(session: Sessions, using: str) -> None:
    """A suite on its way from respx: old tests mock MPSD themselves, before and after tests with the double."""
    source = f"""
import httpx
respx = pytest.importorskip("respx")

def test_old():
    with respx.mock(using={using!r}) as mock:
        mock.get(HANDLES + "/1").respond(text="mocked")
        assert httpx.get(HANDLES + "/1").text == "mocked"

def test_new(mpsd):
    show(mpsd)

test_older = test_old
"""
    run(*session, source, ["respx"]).assert_outcomes(passed=3)


def test_pytest_socket_is_let_go_as_it_came(session: Sessions) -> None:
    """A test under ``--disable-socket`` has its double; one that may use sockets has them, also look-ups, afterwards."""
    source = """
def test_show(mpsd):
    show(mpsd)
    with pytest.raises(Exception), pytest.warns():
        socket.socket()

@pytest.mark.enable_socket
def test_sockets_again(mpsd):
    show(mpsd)
    assert socket.getaddrinfo("127.0.0.1", 80)
    socket.socket().close()

@pytest.mark.enable_socket
def test_a_server(mpsd_server, mpsd):
    host = mpsd.user("host")
    answer = requests.get(mpsd_server.url + "/handles/1", headers=host.headers, verify=mpsd_server.ca_file)
    assert answer.status_code == 404

def test_a_lost_answer(mpsd):
    host = mpsd.user("host")
    mpsd.fault("dns_failure", times=1)
    with pytest.raises(requests.ConnectionError):
        requests.get(HANDLES + "/1", headers=host.headers)
"""
    run(*session, source, ["pytest_socket"], "--disable-socket").assert_outcomes(passed=4)


def test_a_session_keeps_no_double_after_its_test(session: Sessions) -> None:
    """However many tests a session has, there is the double of the present one, and no file more than before."""
    source = """
import gc
import os
from handlesfake import Double

FILES = []

@pytest.mark.parametrize("number", range(40))
def test_show(mpsd, number):
    show(mpsd)
    if number % 10 == 9:
        gc.collect()
        assert [mpsd] == [one for one in gc.get_objects() if isinstance(one, Double)]
        FILES.append(len(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else 0)
        assert 1 == len(set(FILES))
"""
    run(*session, source, []).assert_outcomes(passed=40)
