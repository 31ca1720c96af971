"""The seams are put under the clients that are here, and under those that come later."""

from __future__ import annotations

import importlib
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from handlesfake.intercept import patching
from handlesfake.intercept.install import SEAMS, install
from handlesfake.intercept.patching import is_trampoline
from tests.intercept.stub import URL, Stub
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]


def run(script: str) -> list[str]:
    """Run ``script`` in a fresh interpreter, in which every warning is an error; give the words it printed."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert "" == done.stderr
    return done.stdout.split()


def test_no_client_is_imported_for_a_double() -> None:
    """Installing and starting imports none of the clients."""
    printed = run("""
        import sys
        from handlesfake.intercept.install import SEAMS, install
        from tests.intercept.stub import Stub, active
        with active(Stub()):
            print(*sorted((set(SEAMS) | {"requests", "anyio", "trio", "vcr"}) & set(sys.modules)))
    """)

    assert [] == [name for name in printed if name not in ("socket", "http.client")]


@pytest.mark.parametrize("how", ["import httpx, httpx2, aiohttp, urllib3, http.client", "import aiohttp.web, httpx2"])
def test_a_client_that_is_imported_later_is_met(how: str) -> None:
    """A client that arrives while a double is active speaks with it, and its module shows no trace of us."""
    printed = run(f"""
        import asyncio, sys
        from tests.intercept.stub import URL, Stub, active, echo
        with active(Stub(echo)):
            {how}
            import aiohttp, httpx2
            print(httpx2.post(URL, content="httpx2", verify=False).text)
            async def main():
                async with aiohttp.ClientSession() as session, session.post(URL, data="aiohttp") as response:
                    print((await response.read()).decode())
            asyncio.run(main())
        print(type(httpx2.__spec__.loader).__name__, type(aiohttp.__loader__).__name__)
    """)

    assert ["httpx2", "aiohttp", "SourceFileLoader", "SourceFileLoader"] == printed


def test_installing_again_changes_nothing() -> None:
    """Sixteen threads install at once; each method has one trampoline."""
    threads = [threading.Thread(target=install) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    method = httpx.HTTPTransport.handle_request

    assert is_trampoline(method)
    assert not is_trampoline(method.__wrapped__)


def test_a_seam_that_another_tool_took_away_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that restores the client's own method is answered by the next start of a double."""
    install()
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", httpx.HTTPTransport.handle_request.__wrapped__)
    install()

    assert is_trampoline(httpx.HTTPTransport.handle_request)


CLIENTS = ("aiohttp", "http.client", "httpx", "httpx2", "socket", "ssl", "urllib3")


@pytest.mark.parametrize("client", CLIENTS)
def test_each_place_is_put_back_that_has_stood_for_long(client: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Doubles have started that had nothing to put anywhere; then a tool restores the client's own."""
    importlib.import_module(client)
    for _ in range(3):
        install()
    places = [(owner, name) for owner, name in patching._first if f"{_home(owner)}.".startswith(f"{client}.")]
    lost = []
    for owner, name in places:
        monkeypatch.setattr(owner, name, getattr(owner, name).__wrapped__)
        install()
        if not is_trampoline(getattr(owner, name)):
            lost.append(f"{owner.__name__}.{name}")
        install()

    assert places
    assert [] == lost


def _home(owner: Any) -> str:
    """The module that ``owner``, a class or a module, is or is part of."""
    return str(owner.__name__ if isinstance(owner, ModuleType) else owner.__module__)


def test_a_client_that_another_tool_replaced_is_met_on_top(monkeypatch: pytest.MonkeyPatch, double: Stub) -> None:
    """A tool that came before the double keeps its hosts, and MPSD goes to the double."""
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda transport, request: httpx.Response(299))
    install()
    with httpx.Client(verify=False) as session:
        statuses = [session.post(url).status_code for url in ("https://other.example/", URL)]

    assert [299, 200] == statuses
    assert 1 == len(double.requests)


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A client called ``newcomer`` that was not imported, and its seam, which notes each copy that it patched."""
    (tmp_path / "newcomer_seam.py").write_text(
        "import threading\n"
        "met, entered, may_go_on = [], threading.Event(), threading.Event()\n"
        "def install(client): met.append(client.whole)\n"
        "def halfway(): pass\n"
    )
    (tmp_path / "newcomer.py").write_text("import newcomer_seam\nnewcomer_seam.halfway()\nwhole = 'whole'\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(SEAMS, "newcomer", ("newcomer_seam", "install"))
    yield importlib.import_module("newcomer_seam")
    for name in ("newcomer", "newcomer_seam"):
        sys.modules.pop(name, None)


def test_a_client_is_met_once_it_is_whole(newcomer: ModuleType) -> None:
    """Its seam is put when its last line has run."""
    install()
    importlib.import_module("newcomer")

    assert ["whole"] == newcomer.met


def test_a_client_whose_own_import_starts_a_double_is_met_by_the_next(
    newcomer: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half imported, it is left alone; whole, it is patched."""
    monkeypatch.setattr(newcomer, "halfway", install)
    monkeypatch.setattr(sys, "meta_path", [f for f in sys.meta_path if type(f).__module__ != install.__module__])
    importlib.import_module("newcomer")

    assert [] == newcomer.met

    install()

    assert ["whole"] == newcomer.met


def test_a_client_that_another_thread_is_importing_is_waited_for(
    newcomer: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installing returns when the import is done and the seam is put, not before and not never."""

    def halfway() -> None:
        newcomer.entered.set()
        newcomer.may_go_on.wait(PATIENCE)

    monkeypatch.setattr(newcomer, "halfway", halfway)
    monkeypatch.setattr(sys, "meta_path", [f for f in sys.meta_path if type(f).__module__ != install.__module__])
    importing = threading.Thread(target=importlib.import_module, args=("newcomer",))
    importing.start()
    newcomer.entered.wait(PATIENCE)
    installing = threading.Thread(target=install)
    installing.start()
    newcomer.may_go_on.set()
    importing.join(PATIENCE)
    installing.join(PATIENCE)

    assert ["whole"] == newcomer.met


def test_a_client_that_fails_to_import_fails_as_ever(newcomer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is the client's own, and nothing is left half done."""

    def fail() -> None:
        raise ImportError("no such library")

    install()
    monkeypatch.setattr(newcomer, "halfway", fail)
    with pytest.raises(ImportError, match="no such library"):
        importlib.import_module("newcomer")
    install()

    assert [] == newcomer.met
    assert "newcomer" not in sys.modules


def test_a_client_that_has_moved_its_seam_is_told_once(newcomer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that is too new spoils no suite that does not use it, and is named."""

    def moved(client: ModuleType) -> None:
        client.no_longer_there  # noqa: B018 - what a seam does to a client of tomorrow

    monkeypatch.setattr(newcomer, "install", moved)
    monkeypatch.setattr("handlesfake.intercept.install._moved", set())
    install()
    with pytest.warns(RuntimeWarning) as told:
        importlib.import_module("newcomer")
    install()

    text = (
        "newcomer of an unknown version is newer than this handlesfake: it no longer has 'no_longer_there', which "
        "handlesfake patches.\n"
        "  requests of newcomer for MPSD do not reach the double; the look-up of the host is refused\n"
        "  update handlesfake, or pin newcomer to an earlier version"
    )

    assert [text] == [str(warning.message) for warning in told]
